"""What to ask people: the least certain merges, near misses and claims, with the sentences that speak for them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import nsmallest

from rawabit.graph.judge import References, entity_names
from rawabit.graph.judgements import Judgements, reference_key
from rawabit.graph.model import Entity, Extraction, Resolution, member_key
from rawabit.loaders.pipeline import View
from rawabit.loaders.show import ShownClaim, isolate, render_claim, show_claim
from rawabit.ner.model import Label

__all__ = ["Question", "questions", "render_question"]

_VALUES = (Label.MONEY, Label.DATE)
_CERTAIN = 1.0
_NAMESAKES = "one name in two documents"


@dataclass(frozen=True, slots=True)
class Side:
    """One of two things that may be one: its name and where a document speaks of it."""

    member: str
    name: str
    label: str
    sentence: str
    documents: int


@dataclass(frozen=True, slots=True)
class Question:
    """Something to ask, and what the answers mean.

    Attributes:
        kind: "merge" (the machine thinks it is one thing), "miss" (nearly) or "claim".
        score: of the machine, 0 to 1.
        reason, against: what speaks for it, and what does not.
        one, other: the references to write; `other` is empty for a claim.
        sides: of a merge or miss.
        claim: of a claim.
    """

    kind: str
    score: float
    one: str
    other: str = ""
    reason: str = ""
    against: str = ""
    sides: tuple[Side, ...] = ()
    claim: ShownClaim | None = None

    @property
    def text(self) -> str:
        """In one line, for the comment of the judgement."""
        if self.claim is not None:
            denied = "NOT " if self.claim.claim.negated else ""
            return f"{self.claim.subject} {denied}{self.claim.claim.relation} {self.claim.object}"
        return ", ".join(f"{side.name} ({side.member})" for side in self.sides)

    def judgement(self, yes: bool) -> str:
        """The kind of judgement that an answer is."""
        if self.kind == "claim":
            return "accept" if yes else "reject"
        return "same" if yes else "different"


@dataclass(slots=True)
class _Group:
    """The members of one world entity that their documents call by one name."""

    world: str
    name: str
    first: str
    last: str
    score: float
    reason: str
    label: Label
    count: int = 1


@dataclass(slots=True)
class _Index:
    """Who bears which name, and the groups of names in each world entity."""

    groups: dict[str, dict[str, _Group]] = field(default_factory=dict)
    group_of: dict[str, tuple[str, str]] = field(default_factory=dict)
    bearers: dict[str, set[tuple[str, str]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Pair:
    kind: str
    score: float
    a: _Group
    b: _Group
    members: tuple[str, str]
    reason: str
    against: str = ""

    @property
    def order(self) -> tuple[float, tuple[str, str]]:
        """Sorts the least certain first: what was joined for little, and what was kept apart against much."""
        return (self.score if self.kind == "merge" else -self.score, self.members)


def questions(view: View, *, only: str | None = None, limit: int) -> list[Question]:
    """Merges, near misses and claims in equal parts as far as there are so many, the least certain of each first.

    What is judged already is left out.

    Args:
        view: documents under a resolution.
        only: "merges" (with near misses) or "claims"; None for both.
        limit: the most that are wanted.
    """
    judgements = view.judgements or Judgements()
    pairs: dict[str, list[_Pair]] = {"merge": [], "miss": []}
    index = _Index()
    if only != "claims":
        index = _read(view.extractions(judged=False), view.resolution)
        decided = _decided(judgements, view.references, view.resolution, index)
        open_ = {p.members: p for p in _pairs(index, view.resolution) if not decided(p)}.values()
        for kind, some in pairs.items():
            some.extend(nsmallest(limit, (p for p in open_ if p.kind == kind), key=lambda pair: pair.order))
    claims: list[Question] = []
    if only != "merges":
        claims = nsmallest(limit, _claims(view, judgements), key=lambda q: (abs(q.score - 0.5), q.one))
    taken = _shares([len(pairs["merge"]), len(pairs["miss"]), len(claims)], limit)
    things = [*pairs["merge"][: taken[0]], *pairs["miss"][: taken[1]]]
    return [*_sided(things, index, view), *claims[: taken[2]]]


def _shares(there: Sequence[int], limit: int) -> list[int]:
    """How many to take of each, one of each in turn."""
    taken = [0] * len(there)
    while limit and any(map(int.__lt__, taken, there)):
        for i, count in enumerate(there):
            if limit and taken[i] < count:
                taken[i] += 1
                limit -= 1
    return taken


def _claims(view: View, judgements: Judgements) -> Iterator[Question]:
    for extraction in view.extractions(judged=False):
        entities = {entity.id: entity for entity in extraction.entities}
        for claim in extraction.claims:
            if claim.id not in judgements.rejected | judgements.accepted:
                yield Question("claim", claim.confidence, claim.id, claim=show_claim(claim, entities, extraction))


def _read(extractions: Iterable[Extraction], resolution: Resolution) -> _Index:
    index = _Index()
    for extraction in extractions:
        for entity in extraction.entities:
            if entity.label in _VALUES:
                continue
            member = member_key(extraction.document.id, entity.id)
            resolved = resolution.members[member]
            name = reference_key(entity.name)
            groups = index.groups.setdefault(resolved.id, {})
            group = groups.get(name)
            if group is None:
                groups[name] = _Group(
                    resolved.id, entity.name, member, member, resolved.score, resolved.reason, entity.label
                )
            else:
                group.count += 1
                group.first, group.last = min(group.first, member), max(group.last, member)
                group.score, group.reason = min((group.score, group.reason), (resolved.score, resolved.reason))
            index.group_of[member] = (resolved.id, name)
            for key in entity_names(entity):
                index.bearers.setdefault(key, set()).add((resolved.id, name))
    return index


def _pairs(index: _Index, resolution: Resolution) -> Iterator[_Pair]:
    for link in resolution.links:
        a, b = (_group(index, *end) for end in ((link.one, link.names[0]), (link.other, link.names[1])))
        if a and b and a is not b:
            kind = "miss" if link.against else "merge"
            if kind == "miss" or link.score < _CERTAIN:
                yield _Pair(kind, link.score, a, b, (a.first, b.first), link.reason, link.against)
    for _, groups in sorted(index.groups.items()):
        for _, group in sorted(groups.items()):
            # One name in several documents may be two people's.
            if group.label is Label.PERSON and group.first != group.last and group.score < _CERTAIN:
                yield _Pair("merge", group.score, group, group, (group.first, group.last), _NAMESAKES)


def _group(index: _Index, world: str, name: str) -> _Group | None:
    """The members of a thing that bear a name."""
    key = reference_key(name)
    groups = index.groups.get(world, {})
    if key in groups:
        return groups[key]
    return next((groups[own] for at, own in sorted(index.bearers.get(key, ())) if at == world), None)


def _decided(
    judgements: Judgements, references: References, resolution: Resolution, index: _Index
) -> Callable[[_Pair], bool]:
    """Whether one of the judgements is about the two groups of a pair."""
    things = references.things(resolution)
    told: list[tuple[set[object], set[object]]] = []
    for one, other in (*judgements.same, *judgements.different):
        ends: list[set[object]] = []
        for end in (one, other):
            members = references.meant(end)
            groups: set[object] = {index.group_of[member] for member in members if member in index.group_of}
            ends.append(groups | members if members else set(things(end)))
        told.append((ends[0], ends[1]))
    by_end: dict[object, list[tuple[set[object], set[object]]]] = {}
    for a, b in told:
        for key in a:
            by_end.setdefault(key, []).append((a, b))
        for key in b:
            by_end.setdefault(key, []).append((b, a))

    def decided(pair: _Pair) -> bool:
        mine, theirs = (_marks(g, member, pair) for g, member in zip((pair.a, pair.b), pair.members, strict=True))
        return any(b & theirs for key in mine for _, b in by_end.get(key, ()))

    return decided


def _marks(group: _Group, member: str, pair: _Pair) -> set[object]:
    """By what a judgement may have called a side: two of one name are told apart by their members alone."""
    if pair.a is pair.b:
        return {member}
    return {member, (group.world, reference_key(group.name)), *([group.world] if pair.kind == "miss" else [])}


def _references(pair: _Pair, index: _Index) -> tuple[str, str]:
    """Names, where each is one side's alone; else members."""
    names = [pair.a.name, pair.b.name]
    sides = [(g.world, reference_key(g.name)) for g in (pair.a, pair.b)]
    alone = sides[0] != sides[1] and all(
        index.bearers.get(reference_key(name)) == {side} and "#" not in name
        for name, side in zip(names, sides, strict=True)
    )
    return (names[0], names[1]) if alone else pair.members


def _sided(pairs: Sequence[_Pair], index: _Index, view: View) -> Iterator[Question]:
    wanted = {member for pair in pairs for member in pair.members}
    seen: dict[str, tuple[Entity, str]] = {}
    for extraction in view.extractions(judged=False) if wanted else ():
        for entity in extraction.entities:
            member = member_key(extraction.document.id, entity.id)
            if member in wanted:
                seen[member] = entity, _sentence(extraction, entity)
    for pair in pairs:
        one, other = _references(pair, index)
        counts = (1, 1) if pair.a is pair.b else (pair.a.count, pair.b.count)
        sides = tuple(_side(member, count, seen) for member, count in zip(pair.members, counts, strict=True))
        yield Question(pair.kind, pair.score, one, other, pair.reason, pair.against, sides)


def _side(member: str, count: int, seen: Mapping[str, tuple[Entity, str]]) -> Side:
    entity, sentence = seen[member]
    return Side(member, entity.name, str(entity.label), sentence, count)


def _sentence(extraction: Extraction, entity: Entity) -> str:
    at = entity.mentions[0].start
    text = extraction.document.text
    for start, end in extraction.sentences:
        if start <= at < end:
            return text[start:end]
    return text[max(0, at - 80) : at + 80]


def render_question(question: Question) -> Iterator[str]:
    """Lines for the terminal."""
    if question.claim is not None:
        yield "Does the sentence say so?"
        yield from render_claim(question.claim)
        return
    yield f"Are these one thing?  ({question.score:.2f})"
    for side in question.sides:
        more = f"  in {side.documents} documents" if side.documents > 1 else ""
        yield f"  {isolate(side.name)}  {side.label}{more}"
        yield f"      {isolate(side.sentence)}"
        yield f"      {isolate(side.member)}"
    yield f"  for it: {isolate(question.reason)}"
    if question.against:
        yield f"  against it: {isolate(question.against)}"
