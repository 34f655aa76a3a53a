"""What the second room hands on: entities, claims, extractions, and the elements of the graph."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

from rawabit.ner.model import Date, Document, Label, Mention, Money, Span

__all__ = [
    "SYMMETRIC",
    "Claim",
    "Edge",
    "Entity",
    "Extraction",
    "Link",
    "Node",
    "Relation",
    "Resolution",
    "Resolved",
    "content_id",
    "member_key",
    "text_hash",
]

Qualifier = str | int | bool | Decimal


class Relation(StrEnum):
    """Types of claims. ``RELATED`` is the open fallback and never comes from the default run."""

    HEAD_OF = "HEAD_OF"
    WORKS_FOR = "WORKS_FOR"
    MEMBER_OF = "MEMBER_OF"
    FOUNDED = "FOUNDED"
    OWNS = "OWNS"
    PART_OF = "PART_OF"
    LOCATED_IN = "LOCATED_IN"
    CITIZEN_OF = "CITIZEN_OF"
    FAMILY_OF = "FAMILY_OF"
    BORN_IN = "BORN_IN"
    STUDIED_AT = "STUDIED_AT"
    COMMUNICATED_WITH = "COMMUNICATED_WITH"
    REQUESTED = "REQUESTED"
    SUPPORTS = "SUPPORTS"
    CRITICIZED = "CRITICIZED"
    THREATENED = "THREATENED"
    ATTACKED = "ATTACKED"
    LEGAL_ACTION_AGAINST = "LEGAL_ACTION_AGAINST"
    AGREED_WITH = "AGREED_WITH"
    TRADES_WITH = "TRADES_WITH"
    FUNDED = "FUNDED"
    SUPPLIED = "SUPPLIED"
    ACQUIRED = "ACQUIRED"
    PRODUCES = "PRODUCES"
    VISITED = "VISITED"
    COMPETED_WITH = "COMPETED_WITH"
    APPOINTED = "APPOINTED"
    DISMISSED = "DISMISSED"
    HAS_AMOUNT = "HAS_AMOUNT"
    RELATED = "RELATED"


SYMMETRIC = frozenset(
    {
        Relation.FAMILY_OF,
        Relation.COMMUNICATED_WITH,
        Relation.AGREED_WITH,
        Relation.TRADES_WITH,
        Relation.COMPETED_WITH,
    }
)
"""Types that hold in both directions; stated once, in either."""


def content_id(*parts: object) -> str:
    """Sixteen hex digits that depend on `parts` alone (SHA-256 over their texts, unit separators between).

    >>> content_id("doc", 1, 2)
    'a776d293da37fd81'
    """
    joined = "\x1f".join(str(part) for part in parts)
    return hashlib.sha256(joined.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def text_hash(text: str) -> str:
    """SHA-256 of a text in UTF-8, 64 hex digits."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def occurrence_id(entity: str, document: str) -> str:
    """The id of a ``MENTIONED_IN``, by the ids of its two nodes."""
    return content_id("mentioned", entity, document)


def member_key(document: str, entity: str) -> str:
    """The key of a document's entity everywhere outside the document: ``document#entity``."""
    return f"{document}#{entity}"


@dataclass(frozen=True, slots=True)
class Entity:
    """One thing that a document speaks of, with all its mentions there.

    Attributes:
        id: unique in the document.
        label: never NORP; a NORP mention keeps that label on the mention.
        name: the fullest name the document gives (or the knowledge entry's, for a thing named by its demonym only).
        name_ar, name_en: Arabic and Latin name where known.
        mentions: in order of start; at least one.
        wikidata: Q-number, where the knowledge file is certain of it.
        value: amount of a MONEY entity, interval of a DATE entity.
    """

    id: str
    label: Label
    name: str
    mentions: tuple[Mention, ...]
    name_ar: str | None = None
    name_en: str | None = None
    wikidata: str | None = None
    value: Money | Date | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement of the text: who, what, whom, where it says so and who says it.

    Attributes:
        id: from document, evidence span, type and the spans of the two mentions; never from a world entity.
        subject, object: ids of entities of the same document.
        start, end: the evidence, a sentence or the smallest run of sentences, code points, half open.
        subject_span, object_span: the two mentions that the claim was read from.
        confidence: estimated probability that the claim is right, 0 to 1.
        negated: the text denies it.
        attributed_to: id of the entity that is named as its source.
        qualifiers: title, former, amount, currency, date, product, kinship, role, …
    """

    id: str
    subject: str
    relation: Relation
    object: str
    start: int
    end: int
    subject_span: Span
    object_span: Span
    confidence: float = 1.0
    negated: bool = False
    attributed_to: str | None = None
    qualifiers: Mapping[str, Qualifier] = field(default_factory=dict)


def make_claim(
    document: str,
    place: Span,
    relation: Relation,
    ends: tuple[tuple[Entity, Span], tuple[Entity, Span]],
    confidence: float,
    *,
    negated: bool = False,
    attributed_to: str | None = None,
    qualifiers: Mapping[str, Qualifier] | None = None,
) -> Claim:
    """A claim with the id that its place gives it.

    Args:
        document: its id.
        place: the evidence.
        relation: the type.
        ends: subject and object, each with the span of the mention.
        confidence: 0 to 1.
        negated, attributed_to, qualifiers: as of `Claim`.
    """
    (subject, one), (object_, other) = ends
    return Claim(
        id=content_id("claim", document, *place, relation, *one, *other),
        subject=subject.id,
        relation=relation,
        object=object_.id,
        start=place[0],
        end=place[1],
        subject_span=one,
        object_span=other,
        confidence=confidence,
        negated=negated,
        attributed_to=attributed_to,
        qualifiers=qualifiers or {},
    )


@dataclass(frozen=True, slots=True)
class Extraction:
    """What one document says by itself: one line of ``docs.jsonl``."""

    document: Document
    entities: tuple[Entity, ...]
    claims: tuple[Claim, ...]
    sentences: tuple[Span, ...] = ()
    ignored: tuple[Span, ...] = ()
    version: str = ""


@dataclass(frozen=True, slots=True)
class Resolved:
    """Which entity of the world a document's entity is, and why.

    Attributes:
        member: ``document#entity``.
        id: of the world entity.
        reason: one line for people.
        score: 0 to 1.
        name: what the document calls it, or the knowledge.
    """

    member: str
    id: str
    reason: str
    score: float
    name: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """Two names that were joined, or were nearly.

    Attributes:
        one, other: ids of the world entities that bear them; equal where they were joined.
        names: the two names.
        reason: why they may be one thing.
        score: 0 to 1, how sure that reason is.
        against: why they are two all the same, or "".
    """

    one: str
    other: str
    names: tuple[str, str]
    reason: str
    score: float
    against: str = ""


@dataclass(frozen=True, slots=True)
class Resolution:
    """A view over extractions, never a rewrite of them.

    Attributes:
        members: by ``document#entity``.
        former: ids that a world entity had before merges, by its id.
        links: distinct names that were joined, then those that nearly were, each with the surest first; of the latter
            only so many.
        problems: judgements that could not be followed, and why.
        split: blocks of like names that were split by context, being too large to compare each with each.
        passed_over: parts of such blocks that were still too large, so that they were compared by no such key.
    """

    members: Mapping[str, Resolved]
    former: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    links: tuple[Link, ...] = ()
    problems: tuple[str, ...] = ()
    split: int = 0
    passed_over: int = 0


@dataclass(frozen=True, slots=True)
class Node:
    """A node of the graph. Property values are str, int, float, bool or a tuple of str; None is left out."""

    id: str
    labels: tuple[str, ...]
    properties: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Edge:
    """A relationship of the graph, from node `source` to node `target`; `id` is unique among edges."""

    id: str
    source: str
    target: str
    type: str
    properties: Mapping[str, Any]
