"""GraphML that Gephi, yEd, Cytoscape, NetworkX, igraph and ``apoc.import.graphml`` all read.

What each of them needs, beyond http://graphml.graphdrawing.org/specification.html:

- APOC takes a node's labels from the attribute ``labels`` or the data whose key *id* is ``labels``, a
  relationship's type from the attribute ``label``, and makes real lists of JSON where the key says ``attr.list``
  (``apoc.import.graphml(file, {readLabels: true, storeNodeIds: true})``). It knows no key ``for="all"``.
- Gephi shows what stands under the attribute name ``label``, refuses types that it does not know, and skips
  elements without an id.
- An edge's id stands among its data too: APOC makes a property of it (for nodes there is ``storeNodeIds``), and
  igraph 1.0 gives edges the ids of nodes otherwise.
- NetworkX and igraph keep one table of key ids for nodes and edges together, so these must differ.
- Java parses ``Infinity`` and ``NaN``, not the ``INF`` of XML Schema; Python and C parse both.
"""

from __future__ import annotations

import json
import math
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Literal
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from rawabit.graph.model import Edge, Node, content_id
from rawabit.loaders.atomic import replacing

__all__ = ["read_graphml", "write_graphml"]

_Domain = Literal["node", "edge"]
_Kind = Literal["string", "number", "boolean", "list"]

_NAMESPACE = "http://graphml.graphdrawing.org/xmlns"
_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    f'<graphml xmlns="{_NAMESPACE}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    f' xsi:schemaLocation="{_NAMESPACE} {_NAMESPACE}/1.0/graphml.xsd">\n'
)
_GRAPH = '<graph id="G" edgedefault="directed">\n'
_TAIL = "</graph>\n</graphml>\n"

_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML 1.0 document may hold, not even as a reference."""

_NOT_NMTOKEN = re.compile(r"[^\w.:-]")
_RESERVED: dict[_Domain, frozenset[str]] = {"node": frozenset({"labels", "label"}), "edge": frozenset({"label", "id"})}
"""Names of data that the writer adds."""
_DOMAINS: dict[str, _Domain] = {"node": "node", "edge": "edge"}
_CHUNK = 1 << 20
_LONG = range(-(2**63), 2**63)


@dataclass(slots=True)
class _Key:
    """A column: which elements, which name, which kind of value; the exact type is known when all was seen."""

    id: str
    domain: _Domain
    name: str
    kind: _Kind
    long: bool = True
    """Whether all its numbers (or all items of its lists, of which there are some) fit a long."""
    filled: bool = False

    def xml(self) -> str:
        types = {
            "string": "string",
            "boolean": "boolean",
            "list": "string",
            "number": "long" if self.long else "double",
        }
        items = f' attr.list="{"long" if self.long and self.filled else "string"}"' if self.kind == "list" else ""
        return (
            f'<key id="{_attribute(self.id)}" for="{self.domain}" attr.name="{_attribute(self.name)}"'
            f' attr.type="{types[self.kind]}"{items}/>\n'
        )


class _Keys:
    """The columns met so far. Ids are given at first sight, since the body is written before its head."""

    def __init__(self) -> None:
        self._by: dict[tuple[_Domain, str, _Kind], _Key] = {}
        self._taken: set[str] = set()
        # The ids that APOC looks for; the node's label, for which it does not, must leave "label" to the edges.
        self._add("labels", "node", "labels", "string")
        self._add("label-node", "node", "label", "string")
        self._add("label", "edge", "label", "string")
        self._add("id", "edge", "id", "string")

    def _add(self, key_id: str, domain: _Domain, name: str, kind: _Kind) -> _Key:
        self._taken.add(key_id)
        key = self._by[domain, name, kind] = _Key(key_id, domain, name, kind)
        return key

    def get(self, domain: _Domain, name: str, kind: _Kind) -> _Key:
        key = self._by.get((domain, name, kind))
        if key is not None:
            return key
        token = _NOT_NMTOKEN.sub("_", name)
        choices = [token, f"{token}-{domain}", f"{token}-{domain}-{kind}"]
        number = 2
        while choices[0] in self._taken:
            choices.pop(0)
            if not choices:
                choices.append(f"{token}-{domain}-{kind}-{number}")
                number += 1
        return self._add(choices[0], domain, name, kind)

    def xml(self) -> str:
        order = sorted(self._by.values(), key=lambda k: (k.domain != "node", k.name, k.kind))
        return "".join(key.xml() for key in order)


def _clean(text: str) -> str:
    return _FORBIDDEN.sub("\ufffd", text)


def _text(text: str) -> str:
    # A parser turns a bare carriage return into a line feed.
    return escape(_clean(text), {"\r": "&#13;"})


def _attribute(text: str) -> str:
    return escape(_clean(text), {'"': "&quot;", "\n": "&#10;", "\t": "&#9;", "\r": "&#13;"})


def _id(text: str) -> str:
    """An id as it may stand in XML; two that differ only in forbidden characters stay two."""
    if not text:
        raise ValueError("an element of the graph has an empty id")
    clean = _clean(text)
    return clean if clean == text else f"{clean}-{content_id(text)[:8]}"


def _number(value: float) -> str:
    if math.isfinite(value):
        return repr(value)
    return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"


def _data(keys: _Keys, domain: _Domain, name: str, value: object) -> str:
    if isinstance(value, bool):
        key, text = keys.get(domain, name, "boolean"), "true" if value else "false"
    elif isinstance(value, int | float):
        key = keys.get(domain, name, "number")
        # A column of both becomes double; its whole numbers keep their form, by which the reader knows them.
        text = _number(float(value)) if isinstance(value, float) else str(int(value))
        key.long = key.long and not isinstance(value, float) and value in _LONG
    elif isinstance(value, str):
        key, text = keys.get(domain, name, "string"), _text(str(value))
    elif isinstance(value, tuple | list):
        key = keys.get(domain, name, "list")
        items = [_clean(str(item)) if isinstance(item, str) else item for item in value]
        if not all(isinstance(item, str | int) for item in items):
            raise TypeError(f"property {name!r}: a list may hold texts or whole numbers, not {value!r}")
        key.filled = key.filled or bool(items)
        key.long = key.long and all(type(item) is int and item in _LONG for item in items)
        text = _text(json.dumps(items, ensure_ascii=False))
    else:
        raise TypeError(f"property {name!r}: GraphML has no type for {type(value).__name__}")
    return f'<data key="{_attribute(key.id)}">{text}</data>'


def _properties(keys: _Keys, domain: _Domain, properties: Mapping[str, Any]) -> str:
    out = []
    names = set()
    for name, value in sorted(properties.items()):
        clean = _clean(name)
        if not clean or clean in _RESERVED[domain] or clean in names:
            raise ValueError(f"property {name!r} of a {domain}: the name is empty, reserved or not unique in XML")
        names.add(clean)
        if value is not None:
            out.append(_data(keys, domain, clean, value))
    return "".join(out)


def _node(keys: _Keys, node: Node) -> str:
    labels = "".join(f":{label}" for label in node.labels)
    names = (node.properties.get(key) for key in ("name", "amountText", "title"))
    name = next((n for n in names if isinstance(n, str) and _clean(n).strip()), node.id)
    return (
        f'<node id="{_attribute(_id(node.id))}" labels="{_attribute(labels)}"><data key="labels">{_text(labels)}</data>'
        f'<data key="label-node">{_text(name)}</data>{_properties(keys, "node", node.properties)}</node>\n'
    )


def _edge(keys: _Keys, edge: Edge) -> str:
    ids = {"id": edge.id, "source": edge.source, "target": edge.target}
    attributes = " ".join(f'{name}="{_attribute(_id(value))}"' for name, value in ids.items())
    return (
        f'<edge {attributes} label="{_attribute(edge.type)}"><data key="label">{_text(edge.type)}</data>'
        f'<data key="id">{_text(_id(edge.id))}</data>'
        f"{_properties(keys, 'edge', edge.properties)}</edge>\n"
    )


def _write(elements: Iterable[Node | Edge], out: BinaryIO, folder: Path | None) -> None:
    keys = _Keys()
    with tempfile.TemporaryFile(dir=folder) as body:
        for element in elements:
            xml = _node(keys, element) if isinstance(element, Node) else _edge(keys, element)
            body.write(xml.encode("utf-8"))
        body.seek(0)
        out.write((_HEAD + keys.xml() + _GRAPH).encode("utf-8"))
        while chunk := body.read(_CHUNK):
            out.write(chunk)
    out.write(_TAIL.encode("utf-8"))


def write_graphml(elements: Iterable[Node | Edge], target: Path | BinaryIO) -> None:
    """Write the graph; equal elements in equal order give equal bytes.

    The elements are not held in memory: the body goes to a temporary file (in the folder of `target`) while the
    columns are collected, then head and body to `target`. A path is replaced only when all is written.

    Every node has the data ``labels`` (``:Entity:Person``) and ``label`` (its name, amount or title, else its id),
    every edge ``label`` (its type) and ``id``. Tuples are JSON texts. A name that holds whole and other numbers is
    a double; one that holds values of several kinds has a key for each kind, with one ``attr.name``. Characters
    that XML forbids (controls, lone surrogates) become U+FFFD.

    Args:
        elements: the nodes, then the edges; property values str, int, float, bool, or tuples of str or int.
        target: path, or binary stream (which need not be seekable).

    Raises:
        ValueError: an empty id, or or a property with the name of such data.
        TypeError: a property value of another type.
        OSError: the file cannot be written.

    >>> import io
    >>> out = io.BytesIO()
    >>> write_graphml([Node("n1", ("Entity", "Person"), {"name": "سلمى"})], out)
    >>> print(out.getvalue().decode().splitlines()[-3])
    <node id="n1" labels=":Entity:Person"><data key="labels">:Entity:Person</data><data key="label-node">سلمى</data>\
<data key="name">سلمى</data></node>
    """
    if isinstance(target, Path):
        with replacing(target) as out:
            _write(elements, out, target.parent if target.is_file() or not target.exists() else None)
    else:
        _write(elements, target, None)


def _value(kind: str, text: str) -> Any:
    if kind == "list":
        return tuple(json.loads(text))
    if kind == "boolean":
        return text == "true"
    if kind == "number":
        return int(text) if re.fullmatch(r"-?\d+", text) else float(text)
    return text


def read_graphml(path: Path) -> Iterator[Node | Edge]:
    """Yield the elements of a file that `write_graphml` wrote, in its order, without holding them all.

    Whole numbers, lists and booleans come back as what they were; of the rest only characters that XML forbids
    are lost.

    Args:
        path: the file.

    Raises:
        ValueError: not GraphML, or not ours (an element without id or type, an undeclared key).
        OSError: the file cannot be read.
    """
    keys: dict[str, tuple[str, str]] = {}
    graph: ElementTree.Element | None = None
    try:
        with path.open("rb") as file:
            for event, element in ElementTree.iterparse(file, ("start", "end")):
                tag = element.tag.rpartition("}")[2]
                domain = _DOMAINS.get(tag)
                if event == "start":
                    graph = element if tag == "graph" else graph
                elif tag == "key":
                    kind = "list" if "attr.list" in element.attrib else element.attrib["attr.type"]
                    kind = "number" if kind in {"long", "double"} else kind
                    keys[element.attrib["id"]] = element.attrib["attr.name"], kind
                elif domain is not None:
                    yield _element(domain, element, keys)
                    if graph is not None:
                        graph.clear()
    except (ElementTree.ParseError, KeyError) as error:
        raise ValueError(f"{path}: not a GraphML file that rawabit wrote: {error}") from error


def _element(domain: _Domain, element: ElementTree.Element, keys: Mapping[str, tuple[str, str]]) -> Node | Edge:
    properties = {}
    for data in element:
        name, kind = keys[data.attrib["key"]]
        if name not in _RESERVED[domain]:
            properties[name] = _value(kind, data.text or "")
    attributes = element.attrib
    if domain == "node":
        labels = tuple(label for label in attributes["labels"].split(":") if label)
        return Node(attributes["id"], labels, properties)
    return Edge(attributes["id"], attributes["source"], attributes["target"], attributes["label"], properties)
