"""One HTML file that shows the graph, works from ``file://`` and asks no server for anything.

The page draws with Cytoscape.js (MIT, in ``data/vendor``). What articles say is data there: JSON in a block that
no parser reads as markup, shown as text only; a content security policy allows the page's own scripts by hash.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import math
import re
import tomllib
from collections.abc import Iterable, Mapping
from importlib import resources
from pathlib import Path
from typing import Any

from rawabit.graph.model import SYMMETRIC, Edge, Node
from rawabit.loaders.atomic import replacing
from rawabit.loaders.halves import without_halves
from rawabit.ner.text import fold

__all__ = ["write_html"]

_CYTOSCAPE = "vendor/cytoscape-3.34.4.min.js"
_CYTOSCAPE_CSS = ".__________cytoscape_container { position: relative; }"
"""What Cytoscape would add to the page itself, which the policy forbids."""

_FOLDING = (
    *(range(0x20, 0x250), range(0x600, 0x700), range(0x750, 0x780), range(0x8A0, 0x900), range(0x1E00, 0x1F00)),
    *(range(0x2000, 0x2070), range(0xFB50, 0xFE00), range(0xFE70, 0xFF60)),
)
"""Latin, Arabic, punctuation and their presentation forms: what names are searched in."""

_ENTITY = (
    "nameAr",
    "nameEn",
    "aliases",
    "wikidata",
    "formerIds",
    "amount",
    "amountText",
    "currency",
    "candidates",
    "bound",
)
_DOCUMENT = ("title", "source", "url", "published", "duplicateOf")
_SHOWN_APART = frozenset(
    {"document", "story", "sentence", "start", "end", "subjectStart", "subjectEnd", "objectStart", "objectEnd"}
    | {"confidence", "negated", "attributedTo", "attributedToName", "corpus"}
)
"""Properties of a claim that have a place of their own on the page; all others are listed as qualifiers."""

_SAFE_INTEGER = 2**53 - 1


def _value(value: Any) -> Any:
    """A property as JavaScript can hold it: no lone surrogates, no NaN, no integer that a double would change."""
    if isinstance(value, str):
        return without_halves(str(value))
    if isinstance(value, tuple | list):
        return [_value(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, int) and abs(value) > _SAFE_INTEGER:
        return str(value)
    return value


def _pick(properties: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    return {name: _value(properties[name]) for name in names if properties.get(name) not in (None, "", ())}


def _count(value: object) -> int:
    return value if isinstance(value, int) else 0


def _entity(node: Node) -> dict[str, Any]:
    p = node.properties
    label = next((label for label in node.labels if label != "Entity"), "Entity")
    name = next((p[key] for key in ("name", "amountText") if isinstance(p.get(key), str) and p[key].strip()), node.id)
    return {
        "id": _value(node.id),
        "label": label,
        "name": _value(name),
        "mentions": _count(p.get("mentionCount")),
        "documents": _count(p.get("documentCount")),
        "in": [],
        **_pick(p, _ENTITY),
    }


def _utf16(text: str, index: int) -> int:
    """The index that JavaScript counts where Python counts `index`.

    >>> _utf16("😀ب", 1)
    2
    """
    return index + sum(char > "\uffff" for char in text[:index])


def _span(properties: Mapping[str, Any], sentence: str, side: str) -> list[int] | None:
    """A mention's place in the sentence in UTF-16 units; None where it does not lie in it."""
    start, end = properties.get(f"{side}Start"), properties.get(f"{side}End")
    base, limit = properties.get("start"), properties.get("end")
    if not (isinstance(start, int) and isinstance(end, int) and isinstance(base, int)):
        return None
    # A sentence of another length than its span has been altered, and marks could fall on the wrong words.
    if isinstance(limit, int) and limit - base != len(sentence):
        return None
    if not base <= start < end <= base + len(sentence):
        return None
    return [_utf16(sentence, start - base), _utf16(sentence, end - base)]


class _Table:
    """Numbers for things in the order they come, each once."""

    def __init__(self) -> None:
        self.items: list[Any] = []
        self._at: dict[str, int] = {}

    def add(self, key: str, item: Any) -> int:
        if key not in self._at:
            self._at[key] = len(self.items)
            self.items.append(item)
        return self._at[key]

    def get(self, key: object) -> int | None:
        return self._at.get(key) if isinstance(key, str) else None


def _claim(edge: Edge, entities: _Table, documents: _Table, texts: _Table) -> dict[str, Any]:
    p = edge.properties
    ends = {"s": entities.get(edge.source), "o": entities.get(edge.target)}
    if None in ends.values():
        raise ValueError(f"edge {edge.id!r} joins {edge.source!r} and {edge.target!r}, which are not both entities")
    claim: dict[str, Any] = {
        "id": _value(edge.id),
        "type": _value(edge.type),
        **ends,
        "negated": p.get("negated") is True,
    }
    confidence = p.get("confidence")
    if isinstance(confidence, int | float) and math.isfinite(confidence):
        claim["confidence"] = confidence
    if isinstance(document := p.get("document"), str):
        claim["document"] = documents.add(document, {"id": _value(document)})
    if isinstance(sentence := p.get("sentence"), str):
        claim["text"] = texts.add(sentence, _value(sentence))
        claim["subject"] = _span(p, sentence, "subject")
        claim["object"] = _span(p, sentence, "object")
    if (by := entities.get(p.get("attributedTo"))) is not None:
        claim["by"] = by
    elif name := (p.get("attributedToName") or p.get("attributedTo")):
        claim["byName"] = _value(str(name))
    claim["q"] = _pick(p, sorted(p.keys() - _SHOWN_APART))
    return claim


def _data(elements: Iterable[Node | Edge]) -> dict[str, Any]:
    entities, documents, texts = _Table(), _Table(), _Table()
    edges: list[Edge] = []
    for element in elements:
        if isinstance(element, Edge):
            edges.append(element)
        elif "Document" in element.labels:
            documents.add(element.id, {"id": _value(element.id), **_pick(element.properties, _DOCUMENT)})
        else:
            entities.add(element.id, _entity(element))
    claims = []
    for edge in edges:
        if edge.type != "MENTIONED_IN":
            claims.append(_claim(edge, entities, documents, texts))
        elif (at := entities.get(edge.source)) is not None and (document := documents.get(edge.target)) is not None:
            entities.items[at]["in"].append([document, _count(edge.properties.get("count"))])
        else:
            raise ValueError(
                f"edge {edge.id!r} joins {edge.source!r} and {edge.target!r}, not an entity and a document"
            )
    characters = [chr(code) for block in _FOLDING for code in block]
    return {
        "entities": entities.items,
        "documents": documents.items,
        "claims": claims,
        "texts": texts.items,
        "symmetric": sorted(SYMMETRIC),
        "folding": {char: folded for char in characters if (folded := fold(char)) != char},
    }


def _json(value: Any) -> str:
    """JSON that ends no script block, opens no comment and breaks no line."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for char in "<>&\u2028\u2029":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return text


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode('utf-8')).digest()).decode('ascii')}'"


def write_html(elements: Iterable[Node | Edge], target: Path, *, title: str = "Rawabit") -> None:
    """Write the page; equal elements in equal order give equal bytes. `target` is replaced when all is written.

    Entities are drawn as nodes, claims as arrows; amounts at a wish. At most 300 entities are drawn at first; the
    page says how many it hides and why, and lists everything in tables. Documents appear beside the claims.

    Args:
        elements: the nodes, then the edges, as `rawabit.graph.assemble` yields them; all are held in memory.
        target: the file, in an existing folder.
        title: the heading.

    Raises:
        ValueError: an edge without its nodes.
        OSError: the file cannot be written.
    """
    home = resources.files("rawabit.loaders.data")

    def read(name: str) -> str:
        # The hashes are of what the browser sees, which turns every line end into a line feed.
        return home.joinpath(name).read_text(encoding="utf-8").replace("\r\n", "\n")

    words = tomllib.loads(read("page.toml"))
    scripts = {
        "cytoscape": read(_CYTOSCAPE),
        "js": "\n".join(map(read, ("page_layout.js", "page_parts.js", "page.js"))),
    }
    styles = {"css": read("page.css"), "cytoscape-css": _CYTOSCAPE_CSS}
    parts = {
        **scripts,
        **styles,
        "script-hashes": " ".join(map(_hash, scripts.values())),
        "style-hashes": " ".join(map(_hash, styles.values())),
        "title": html.escape(_value(title)),
        "no-script": html.escape(" ".join(words["word"]["noScript"].values())),
        "data": _json(_data(elements)),
        "words": _json(words),
    }
    # One pass: what is put in is never looked at again.
    page = re.sub(r"\{\{([a-z-]+)\}\}", lambda m: parts[m[1]], read("page.html"))
    with replacing(target) as out:
        out.write(page.encode("utf-8"))
