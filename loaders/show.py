"""One entity in the terminal: its names, its claims and the sentences that say so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rawabit.graph.model import Claim, Entity, Extraction, Resolution, member_key
from rawabit.ner.model import Label, Money
from rawabit.ner.text import fold

__all__ = ["Shown", "ShownClaim", "isolate", "look_up", "render", "render_claim", "show_claim"]

_FSI, _PDI = "\u2068", "\u2069"


def isolate(text: str) -> str:
    """`text` in a first-strong isolate (Unicode UAX #9), on one line, without marks that could reorder its neighbours.

    Logical order, no reshaping: the terminal does that, or nobody.

    >>> isolate("ماسك") == "\\u2068ماسك\\u2069"
    True
    """
    plain = "".join(c for c in " ".join(text.split()) if c.isprintable() and c not in "\u2066\u2067\u2068\u2069")
    return f"{_FSI}{plain}{_PDI}"


@dataclass(frozen=True, slots=True)
class ShownClaim:
    """A claim with the names of its ends and its sentence."""

    subject: str
    claim: Claim
    object: str
    document: str
    title: str
    sentence: str
    source: str | None


@dataclass(slots=True)
class Shown:
    """An entity of the world as `rawabit show` prints it."""

    id: str
    label: Label
    names: dict[str, int] = field(default_factory=dict)
    wikidata: str | None = None
    documents: list[str] = field(default_factory=list)
    claims: list[ShownClaim] = field(default_factory=list)

    def json(self) -> dict[str, Any]:
        """For ``--json``."""
        return {
            "id": self.id,
            "label": str(self.label),
            "names": self.names,
            "wikidata": self.wikidata,
            "documents": self.documents,
            "claims": [
                {
                    "id": c.claim.id,
                    "subject": c.subject,
                    "type": str(c.claim.relation),
                    "object": c.object,
                    "negated": c.claim.negated,
                    "confidence": c.claim.confidence,
                    "attributedTo": c.source,
                    "document": c.document,
                    "sentence": c.sentence,
                    "qualifiers": {
                        k: v if isinstance(v, bool | int) else str(v) for k, v in c.claim.qualifiers.items()
                    },
                }
                for c in self.claims
            ],
        }


def look_up(wanted: str, extractions: Iterable[Extraction], resolution: Resolution) -> list[Shown]:
    """World entities with that id, member key or name (folded, whole), sorted by id.

    Args:
        wanted: a world id, a ``document#entity`` key, or a name in any spelling that folds alike.
        extractions: read once.
        resolution: made from the same extractions.
    """
    key = fold(wanted).strip()
    found: dict[str, Shown] = {}
    rows: list[tuple[str, ShownClaim]] = []
    matched: set[str] = set()
    for extraction in extractions:
        ids: dict[str, str] = {}
        entities = {e.id: e for e in extraction.entities}
        for entity in extraction.entities:
            if entity.label is Label.DATE:
                continue
            member = member_key(extraction.document.id, entity.id)
            ids[entity.id] = world = resolution.members[member].id
            if wanted in {world, member} or key in _names(entity):
                matched.add(world)
            _gather(found.setdefault(world, Shown(world, entity.label)), entity, extraction.document.id)
        for claim in extraction.claims:
            shown = show_claim(claim, entities, extraction)
            rows.extend((end, shown) for end in sorted({ids[claim.subject], ids[claim.object]}))
    for world, shown in rows:
        if world in matched:
            found[world].claims.append(shown)
    return [found[world] for world in sorted(matched)]


def _names(entity: Entity) -> set[str]:
    names = [
        entity.name,
        entity.name_ar,
        entity.name_en,
        *(m.text for m in entity.mentions if m.label is not Label.NORP),
    ]
    return {fold(name).strip() for name in names if name}


def _gather(shown: Shown, entity: Entity, document: str) -> None:
    own = [m.text for m in entity.mentions if m.label is not Label.NORP] or [entity.name]
    for name in own:
        shown.names[name] = shown.names.get(name, 0) + 1
    shown.wikidata = shown.wikidata or entity.wikidata
    if document not in shown.documents:
        shown.documents.append(document)


def show_claim(claim: Claim, entities: Mapping[str, Entity], extraction: Extraction) -> ShownClaim:
    """A claim with what a reader needs to judge it. `entities` are the document's, by id."""
    text = extraction.document.text
    return ShownClaim(
        entities[claim.subject].name,
        claim,
        entities[claim.object].name,
        extraction.document.id,
        _title(extraction),
        text[claim.start : claim.end],
        entities[claim.attributed_to].name if claim.attributed_to else None,
    )


def _title(extraction: Extraction) -> str:
    """What a reader knows the document by: its title, its file, or its first words."""
    document = extraction.document
    if document.title or document.extra.get("path"):
        return str(document.title or document.extra["path"])
    start, end = extraction.sentences[0] if extraction.sentences else (0, len(document.text))
    return document.text[start : min(end, start + 60)]


def render(found: Sequence[Shown]) -> Iterator[str]:
    """Lines for the terminal."""
    for number, shown in enumerate(found):
        if number:
            yield ""
        names = sorted(shown.names, key=lambda n: (-shown.names[n], n))
        yield f"{isolate(names[0])}  {shown.label}  {shown.id}" + (f"  {shown.wikidata}" if shown.wikidata else "")
        if names[1:]:
            yield f"  names: {', '.join(isolate(n) for n in names[1:])}"
        yield f"  in {len(shown.documents)} documents"
        for claim in shown.claims:
            yield from render_claim(claim)
        if not shown.claims:
            yield "  no claims"


def render_claim(shown: ShownClaim) -> Iterator[str]:
    """Lines for the terminal."""
    claim = shown.claim
    relation = f"NOT {claim.relation}" if claim.negated else str(claim.relation)
    ends = f"{isolate(shown.subject)} {relation} {isolate(shown.object)}"
    yield f"  {ends}  ({claim.confidence:.2f})  {isolate(claim.id)}"
    details = [f"{key}: {isolate(_plain(value))}" for key, value in sorted(claim.qualifiers.items())]
    if shown.source:
        details.insert(0, f"says {isolate(shown.source)}")
    if details:
        yield f"      {'; '.join(details)}"
    yield f"      {isolate(shown.sentence)}"
    yield f"      {isolate(shown.title)} ({isolate(shown.document)}, {claim.start} to {claim.end})"


def _plain(value: object) -> str:
    if isinstance(value, Money):
        return f"{value.amount} {value.currency}"
    return "yes" if value is True else str(value)
