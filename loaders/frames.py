"""The graph as pandas tables, for analysis in a notebook, and back.

frames = rawabit.to_frames(graph)
frames.claims[frames.claims["type"] == "FUNDED"].groupby("currency")["amount"].sum()
rawabit.write_html(list(rawabit.from_frames(frames)), Path("graph.html"), title="…")
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from rawabit.graph.model import Edge, Node, occurrence_id
from rawabit.loaders.halves import without_halves

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["COLUMNS", "Frames", "from_frames", "has_value", "to_frames"]

_TEXT, _WHOLE, _NUMBER, _TRUTH, _LIST = "string", "Int64", "Float64", "boolean", "object"

_FITS: Mapping[str, tuple[type, ...]] = {_TEXT: (str,), _WHOLE: (int,), _NUMBER: (float, int), _TRUTH: (bool,)}

COLUMNS: Mapping[str, Mapping[str, str]] = {
    "entities": {
        "label": _TEXT, "name": _TEXT, "nameAr": _TEXT, "nameEn": _TEXT, "aliases": _LIST, "mentionCount": _WHOLE,
        "documentCount": _WHOLE, "wikidata": _TEXT, "amount": _NUMBER, "amountText": _TEXT, "currency": _TEXT,
        "candidates": _LIST, "bound": _TEXT, "formerIds": _LIST, "corpus": _TEXT,
    },
    "claims": {
        "subject": _TEXT, "type": _TEXT, "object": _TEXT, "sentence": _TEXT, "document": _TEXT, "story": _TEXT,
        "start": _WHOLE, "end": _WHOLE, "confidence": _NUMBER, "negated": _TRUTH, "attributedTo": _TEXT,
        "attributedToName": _TEXT, "title": _TEXT, "former": _TRUTH, "amount": _NUMBER, "currency": _TEXT,
        "kinship": _TEXT, "role": _TEXT, "product": _TEXT, "date": _TEXT, "predicate": _TEXT, "judged": _TRUTH,
        "subjectStart": _WHOLE, "subjectEnd": _WHOLE, "objectStart": _WHOLE, "objectEnd": _WHOLE, "corpus": _TEXT,
    },
    "mentions": {"entity": _TEXT, "document": _TEXT, "start": _WHOLE, "end": _WHOLE, "corpus": _TEXT},
    "documents": {
        "title": _TEXT, "source": _TEXT, "url": _TEXT, "published": _TEXT, "sha256": _TEXT, "duplicateOf": _TEXT,
        "corpus": _TEXT,
    },
}  # fmt: skip
"""The pandas type of each column of each table, in order."""


class Frames(NamedTuple):
    """Four tables. What a thing does not have is ``pd.NA``, in columns of lists None.

    Types: texts are ``string``, whole numbers ``Int64``, other numbers ``Float64``, truths ``boolean``, lists tuples
    of texts in ``object``. A property that is not listed here has a column of ``object`` at the end.
    Halves of surrogate pairs are U+FFFD.

    Attributes:
        entities: by id: label (Person, Organization, Place, Product, Money), name, nameAr, nameEn, aliases (list),
            mentionCount, documentCount, wikidata (Q-number), corpus, formerIds (list), and for amounts amount (units
            of the currency), amountText (exact), currency (ISO 4217), candidates (list), bound.
        claims: by id: subject and object (ids of entities), type, sentence, document (id), story (id of the original
            that it repeats, else of its own document), start and end of the sentence and of the two names in the
            document's text (code points, half open), confidence (0 to 1), negated (truth), attributedTo (id of an
            entity), attributedToName, corpus, and the qualifiers: title, former (truth), amount, currency, kinship,
            role, product, date, predicate, judged (truth).
        mentions: a row each: entity and document (ids), start, end (code points, half open), corpus.
        documents: by id: title, source, url, published (ISO 8601), sha256, duplicateOf (id), corpus.
    """

    entities: pd.DataFrame
    claims: pd.DataFrame
    mentions: pd.DataFrame
    documents: pd.DataFrame


def to_frames(elements: Iterable[Node | Edge]) -> Frames:
    """The tables of a graph (`rawabit.assemble`), rows in the order of its elements."""
    import pandas as pd

    entities: dict[str, Mapping[str, Any]] = {}
    documents: dict[str, Mapping[str, Any]] = {}
    claims: dict[str, Mapping[str, Any]] = {}
    mentions: list[Mapping[str, Any]] = []
    for element in elements:
        if isinstance(element, Node):
            if element.labels[0] == "Document":
                documents[element.id] = element.properties
            else:
                entities[element.id] = {**element.properties, "label": element.labels[-1]}
        elif element.type == "MENTIONED_IN":
            offsets = element.properties["offsets"]
            ends = {"entity": element.source, "document": element.target, "corpus": element.properties.get("corpus")}
            pairs = zip(offsets[::2], offsets[1::2], strict=True)
            mentions.extend({**ends, "start": start, "end": end} for start, end in pairs)
        else:
            claims[element.id] = {
                **element.properties,
                "subject": element.source,
                "type": element.type,
                "object": element.target,
            }

    def frame(name: str, rows: Iterable[Mapping[str, Any]], ids: Iterable[str] | None) -> pd.DataFrame:
        rows = list(rows)
        listed = COLUMNS[name]
        more = dict.fromkeys(key for row in rows for key in row if key not in listed)
        index = None if ids is None else pd.Index(list(map(_sound, ids)), name="id", dtype="string")
        columns = {
            key: _column([_sound(row.get(key)) for row in rows], kind)
            for key, kind in {**listed, **dict.fromkeys(more, _LIST)}.items()
        }
        made = pd.DataFrame(columns)
        return made if index is None else made.set_index(index)

    return Frames(
        frame("entities", entities.values(), entities),
        frame("claims", claims.values(), claims),
        frame("mentions", mentions, None),
        frame("documents", documents.values(), documents),
    )


def _sound(value: Any) -> Any:
    """A text without halves of surrogate pairs, which no file and no column of Arrow's can hold."""
    if isinstance(value, str):
        return without_halves(value)
    return tuple(map(_sound, value)) if isinstance(value, tuple | list) else value


def _column(values: list[Any], kind: str) -> pd.Series[Any]:
    """A column of a kind; of ``object`` where a value is of another, as what people write into docs.jsonl may be."""
    import pandas as pd

    if kind != _LIST and all(value is None or isinstance(value, _FITS[kind]) for value in values):
        return pd.Series(values, dtype=kind)
    return pd.Series(values, dtype=object)


def from_frames(frames: Frames) -> Iterator[Node | Edge]:
    """The graph of tables, nodes and then edges, each sorted by id; what `to_frames` made comes back as it was.

    Rows may be left out (with the claims and mentions that speak of them), changed or added between the two.

    Raises:
        ValueError: a claim or a mention speaks of an entity or a document that has no row, or an id comes twice.
    """
    nodes: dict[str, Node] = {}
    for table, frame in (("entities", frames.entities), ("documents", frames.documents)):
        for key, row in _rows(frame):
            labels = ("Document",) if table == "documents" else ("Entity", str(row.pop("label")))
            if key in nodes:
                raise ValueError(f"the id {key} comes twice")
            nodes[key] = Node(key, labels, row)
    yield from (nodes[key] for key in sorted(nodes))
    edges: dict[str, Edge] = {}
    for key, row in _rows(frames.claims):
        source, type_, target = (str(row.pop(name)) for name in ("subject", "type", "object"))
        edges[key] = Edge(key, source, target, type_, row)
    if len(edges) < len(frames.claims):
        raise ValueError("the id of a claim comes twice")
    spans: dict[tuple[str, str], list[tuple[int, int]]] = {}
    corpora: dict[tuple[str, str], dict[str, Any]] = {}
    for _, row in _rows(frames.mentions):
        pair = str(row["entity"]), str(row["document"])
        spans.setdefault(pair, []).append((int(row["start"]), int(row["end"])))
        corpora[pair] = {"corpus": row["corpus"]} if "corpus" in row else {}
    for (entity, document), found in spans.items():
        key = occurrence_id(entity, document)
        offsets = tuple(at for span in sorted(found) for at in span)
        properties = {"count": len(found), "offsets": offsets, **corpora[entity, document]}
        edges[key] = Edge(key, entity, document, "MENTIONED_IN", properties)
    for key in sorted(edges):
        edge = edges[key]
        for end in (edge.source, edge.target):
            if end not in nodes:
                raise ValueError(f"{edge.type} {key} speaks of {end}, which has no row")
        yield edge


def _rows(frame: pd.DataFrame) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each row's id, and what it has, as Python's own types."""
    columns = {name: frame[name].astype(object).tolist() for name in frame.columns}
    for i, key in enumerate(frame.index):
        yield str(key), {str(name): _plain(values[i]) for name, values in columns.items() if has_value(values[i])}


def has_value(value: Any) -> bool:
    """Whether a cell of the tables is filled."""
    import pandas as pd

    return isinstance(value, tuple | list) or not pd.isna(value)


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(value)
    return value.item() if hasattr(value, "item") else value
