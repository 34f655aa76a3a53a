"""Judgements at work: claims that people rejected or accepted, and what could not be followed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from rawabit.graph.judgements import Judgements, reference_key
from rawabit.graph.model import Claim, Entity, Extraction, Resolution, member_key
from rawabit.ner.model import Label

__all__ = ["References", "entity_names", "judge"]


def judge(extractions: Iterable[Extraction], judgements: Judgements | None) -> Iterator[Extraction]:
    """Extractions without the rejected claims; accepted ones are certain and have the qualifier ``judged``.

    A view for whatever shows claims; ``docs.jsonl`` itself holds what the machine read, so that a judgement can be
    taken back.
    """
    for extraction in extractions:
        if judgements is None or not (judgements.rejected or judgements.accepted):
            yield extraction
            continue
        claims = tuple(_judged(c, judgements) for c in extraction.claims if c.id not in judgements.rejected)
        yield extraction if claims == extraction.claims else replace(extraction, claims=claims)


def _judged(claim: Claim, judgements: Judgements) -> Claim:
    if claim.id not in judgements.accepted:
        return claim
    return replace(claim, confidence=1.0, qualifiers={**claim.qualifiers, "judged": True})


def entity_names(entity: Entity) -> set[str]:
    """Keys of the names by which judgements may call an entity: its own and its mentions', adjectives left out."""
    if entity.label is Label.DATE:
        return set()
    own = (mention.text for mention in entity.mentions if mention.label is not Label.NORP)
    names = [entity.name, entity.name_ar, entity.name_en, *own]
    return {reference_key(name) for name in names if name}


class References:
    """What the references of judgements mean in the documents at hand.

    Attributes:
        members: of each reference that is a member key or a name, the members that it means.
        rejected, accepted: how many claims of the documents are.
    """

    def __init__(self, judgements: Judgements) -> None:
        self._judgements = judgements
        ends = [end for pair in (*judgements.same, *judgements.different) for end in pair]
        self._wanted = {reference_key(end) for end in ends} | set(ends)
        self.members: dict[str, set[str]] = {}
        self._claims: set[str] = set()

    @property
    def rejected(self) -> int:
        return len(self._claims & self._judgements.rejected)

    @property
    def accepted(self) -> int:
        return len(self._claims & self._judgements.accepted)

    def watch(self, extractions: Iterable[Extraction]) -> Iterator[Extraction]:
        """Passes extractions on and notes what of them is meant. Memory grows with what is meant alone."""
        claims = self._judgements.rejected | self._judgements.accepted
        for extraction in extractions:
            for entity in extraction.entities if self._wanted else ():
                member = member_key(extraction.document.id, entity.id)
                for name in entity_names(entity) | {member}:
                    if name in self._wanted:
                        self.members.setdefault(name, set()).add(member)
            self._claims.update(claim.id for claim in extraction.claims if claim.id in claims)
            yield extraction

    def meant(self, reference: str) -> set[str]:
        """The members that a member key or a name means."""
        return self.members.get(reference) or self.members.get(reference_key(reference), set())

    def things(self, resolution: Resolution) -> Callable[[str], set[str]]:
        """What gives the ids of the world entities that a reference means, for a resolution of the same documents."""
        worlds = {one.id: one.id for one in resolution.members.values()} if self._wanted else {}
        worlds |= {old: id for id, former in resolution.former.items() for old in former if old not in worlds}

        def find(reference: str) -> set[str]:
            if reference in worlds:
                return {worlds[reference]}
            return {resolution.members[one].id for one in self.meant(reference) if one in resolution.members}

        return find

    def unmet(self, resolution: Resolution) -> Iterator[tuple[str, str, bool]]:
        """Judgements that the resolution does not follow, after all extractions have been watched.

        Yields:
            Where the judgement stands, why it is not followed, and whether that is an error: what the documents at
            hand do not speak of is none.
        """
        things = self.things(resolution)
        where = self._judgements.where
        for kind, pairs in (("same", self._judgements.same), ("different", self._judgements.different)):
            for one, other in pairs:
                place = where.get((kind, one, other), "judgements")
                a, b = things(one), things(other)
                said = f"{one} / {other}: "
                told = next((p.removeprefix(said) for p in resolution.problems if p.startswith(said)), "")
                if not a or not b:
                    yield place, f"nothing is called {one if not a else other}", False
                elif kind == "same" and len(a | b) > 1:
                    name, ids = max(((one, a), (other, b)), key=lambda end: len(end[1]))
                    if len(ids) > 1:
                        told = f"{name} is the name of {len(ids)} things: call one by document#entity"
                    yield place, f"not followed: {told or 'another judgement speaks against it'}", True
                elif kind == "different" and (told or a & b):
                    yield place, f"not followed: {told or 'another judgement makes them one'}", True
        for kind, claims in (("reject", self._judgements.rejected), ("accept", self._judgements.accepted)):
            for claim in sorted(claims - self._claims):
                yield where.get((kind, claim, ""), "judgements"), f"no claim has the id {claim}", False
