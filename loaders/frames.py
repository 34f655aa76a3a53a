"""The graph as pandas tables, for analysis in a notebook."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

from rawabit.graph.model import Edge, Node

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Frames", "to_frames"]

_ENTITY = (
    "label",
    "name",
    "nameAr",
    "nameEn",
    "aliases",
    "mentionCount",
    "documentCount",
    "wikidata",
    "amount",
    "currency",
    "bound",
)
_CLAIM = (
    "subject",
    "type",
    "object",
    "sentence",
    "document",
    "story",
    "start",
    "end",
    "confidence",
    "negated",
    "attributedTo",
    "attributedToName",
    "title",
    "former",
    "amount",
    "currency",
    "kinship",
    "role",
    "product",
    "date",
)
_MENTION = ("entity", "document", "start", "end")
_DOCUMENT = ("title", "source", "url", "published", "sha256", "duplicateOf")


class Frames(NamedTuple):
    """Four tables; what a thing does not have is None (NaN in columns of numbers).

    Attributes:
        entities: by id: label, name, nameAr, nameEn, aliases (tuple), mentionCount, documentCount, wikidata, and for
            amounts amount (units of the currency), currency (ISO 4217), bound.
        claims: by id: subject and object (entity ids), type, sentence, document (id), story (id of the original
            that it repeats, else of its own document), start and end (code points),
            confidence (0 to 1), negated, attributedTo (entity id), attributedToName, and the qualifiers.
        mentions: a row each: entity, document, start, end.
        documents: by id: title, source, url, published (ISO 8601), sha256, duplicateOf (id).
    """

    entities: pd.DataFrame
    claims: pd.DataFrame
    mentions: pd.DataFrame
    documents: pd.DataFrame


def to_frames(elements: Iterable[Node | Edge]) -> Frames:
    """The tables of a graph (`rawabit.assemble`), rows in the order of its elements."""
    import pandas as pd

    entities: dict[str, dict[str, Any]] = {}
    documents: dict[str, dict[str, Any]] = {}
    claims: dict[str, dict[str, Any]] = {}
    mentions: list[tuple[str, str, int, int]] = []
    for element in elements:
        if isinstance(element, Node):
            table = documents if element.labels[0] == "Document" else entities
            table[element.id] = {"label": element.labels[-1], **element.properties}
        elif element.type == "MENTIONED_IN":
            offsets = element.properties["offsets"]
            pairs = zip(offsets[::2], offsets[1::2], strict=True)
            mentions.extend((element.source, element.target, start, end) for start, end in pairs)
        else:
            ends = {"subject": element.source, "type": element.type, "object": element.target}
            claims[element.id] = {**ends, **element.properties}

    def frame(rows: dict[str, dict[str, Any]], columns: tuple[str, ...]) -> pd.DataFrame:
        made = pd.DataFrame(list(rows.values()), index=pd.Index(list(rows), name="id", dtype=object))
        return made.reindex(columns=list(columns))

    return Frames(
        frame(entities, _ENTITY),
        frame(claims, _CLAIM),
        pd.DataFrame(mentions, columns=list(_MENTION)),
        frame(documents, _DOCUMENT),
    )
