"""Whether two names are one thing, and why: what `rawabit why` says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rawabit.graph.judge import References, entity_names
from rawabit.graph.judgements import Judgements, reference_key
from rawabit.graph.model import Extraction, Link, Resolution, Resolved, member_key
from rawabit.loaders.show import isolate

__all__ = ["Answer", "Thing", "explain", "flow", "render_answer"]

_WIDTH = 80
_REASONS = 12  # groups of members that are printed of one thing
_MEMBERS = 3  # and of these
_MISSES = 5


@dataclass(slots=True)
class Thing:
    """A world entity that bears one of the names.

    Attributes:
        names: with the number of members that bear each.
        members: why each member belongs to it.
        called: the member's name in its document.
    """

    id: str
    label: str = ""
    former: tuple[str, ...] = ()
    names: Counter[str] = field(default_factory=Counter)
    members: list[Resolved] = field(default_factory=list)
    called: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Answer:
    """What is known of two names.

    Attributes:
        asked: the two names.
        ids: of each, the things that bear it, sorted.
        things: all of them, sorted by id.
        judgements: kind, one, other and place of those that speak of these things.
        joins: names of these things that were joined, and why.
        misses: names that nearly were, and why not.
    """

    asked: tuple[str, str]
    ids: tuple[tuple[str, ...], tuple[str, ...]]
    things: list[Thing]
    judgements: list[tuple[str, str, str, str]]
    joins: list[Link]
    misses: list[Link]

    @property
    def one(self) -> bool | None:
        """Whether the names are one thing; None where it depends on the document."""
        a, b = map(set, self.ids)
        return True if a == b and len(a) == 1 else None if a & b else False

    def json(self) -> dict[str, Any]:
        """For ``--json``."""
        return {
            "names": list(self.asked),
            "one": self.one,
            "ids": [list(ids) for ids in self.ids],
            "things": [
                {
                    "id": thing.id,
                    "label": thing.label or None,
                    "formerIds": list(thing.former),
                    "names": dict(sorted(thing.names.items(), key=lambda item: (-item[1], item[0]))),
                    "members": [
                        {"member": m.member, "name": thing.called.get(m.member), "reason": m.reason, "score": m.score}
                        for m in thing.members
                    ],
                }
                for thing in self.things
            ],
            "judgements": [
                {"judgement": kind, "one": one, "other": other, "where": where}
                for kind, one, other, where in self.judgements
            ],
            "joins": [{"names": list(j.names), "reason": j.reason, "score": j.score} for j in self.joins],
            "nearMisses": [
                {
                    "names": list(m.names),
                    "ids": [m.one, m.other],
                    "reason": m.reason,
                    "score": m.score,
                    "against": m.against,
                }
                for m in self.misses
            ],
        }


def explain(
    one: str,
    other: str,
    extractions: Callable[[], Iterable[Extraction]],
    resolution: Resolution,
    judgements: Judgements | None = None,
    references: References | None = None,
) -> Answer:
    """Why two names are one thing, or are not.

    Args:
        one, other: names in any spelling that folds alike, ids of world entities, or member keys.
        extractions: gives the documents, twice over; without any, a thing has the names that the resolution holds.
        resolution: of these documents.
        judgements, references: what people decided, after the references have watched these documents.
    """
    asked = (one, other)
    found = _find(asked, extractions, resolution)
    wanted = found[0] | found[1]
    things = {id: Thing(id, former=tuple(resolution.former.get(id, ()))) for id in sorted(wanted)}
    for resolved in resolution.members.values():
        if resolved.id in wanted:
            thing = things[resolved.id]
            thing.members.append(resolved)
            thing.called[resolved.member] = resolved.name
            thing.names.update([resolved.name] if resolved.name else [])
    _name(things, extractions, resolution)
    for thing in things.values():
        thing.members.sort(key=lambda m: (-m.score, m.reason, m.member))
    return Answer(
        asked,
        (tuple(sorted(found[0])), tuple(sorted(found[1]))),
        list(things.values()),
        _decided(wanted, resolution, judgements, references),
        [link for link in resolution.links if not link.against and link.one in wanted],
        [link for link in resolution.links if link.against and _between(link, found)],
    )


def _find(
    asked: tuple[str, str], extractions: Callable[[], Iterable[Extraction]], resolution: Resolution
) -> tuple[set[str], set[str]]:
    """The world entities that each of two references means."""
    keys = tuple(map(reference_key, asked))
    found: tuple[set[str], set[str]] = (set(), set())
    former = {old: id for id, ids in resolution.former.items() for old in ids}
    worlds = {resolved.id for resolved in resolution.members.values()}
    names: dict[str, set[str]] = {key: set() for key in keys}
    for resolved in resolution.members.values():
        if (key := reference_key(resolved.name)) in names:
            names[key].add(resolved.id)
    for link in resolution.links:
        for name, id in zip(link.names, (link.one, link.other), strict=True):
            if (key := reference_key(name)) in names and id in worlds:
                names[key].add(id)
    for extraction in extractions():
        for entity in extraction.entities:
            for key in entity_names(entity) & names.keys():
                names[key].add(resolution.members[member_key(extraction.document.id, entity.id)].id)
    for some, name, key in zip(found, asked, keys, strict=True):
        if name in resolution.members:
            some.add(resolution.members[name].id)
        elif name in worlds or former.get(name) in worlds:
            some.add(name if name in worlds else former[name])
        else:
            some.update(names[key])
    return found


def _name(things: Mapping[str, Thing], extractions: Callable[[], Iterable[Extraction]], resolution: Resolution) -> None:
    """What the documents call the things, where there are documents."""
    if not things:
        return
    for extraction in extractions():
        for entity in extraction.entities:
            resolved = resolution.members[member_key(extraction.document.id, entity.id)]
            thing = things.get(resolved.id)
            if thing is not None:
                thing.label = thing.label or str(entity.label)
                thing.called[resolved.member] = entity.name
                thing.names.update({entity.name, entity.name_ar or entity.name, entity.name_en or entity.name})


def _decided(
    wanted: set[str], resolution: Resolution, judgements: Judgements | None, references: References | None
) -> list[tuple[str, str, str, str]]:
    if judgements is None or references is None:
        return []
    things = references.things(resolution)
    return [
        (kind, one, other, judgements.where.get((kind, one, other), ""))
        for kind, pairs in (("same", judgements.same), ("different", judgements.different))
        for one, other in pairs
        if things(one) & wanted and things(other) & wanted
    ]


def _between(link: Link, found: tuple[set[str], set[str]]) -> bool:
    one, other = found
    if link.one == link.other:  # judged the same since
        return False
    return (link.one in one and link.other in other) or (link.one in other and link.other in one)


def render_answer(answer: Answer) -> Iterator[str]:
    """Lines for the terminal, at most 80 columns wide where no single name is wider; no name is broken."""
    one, other = map(isolate, answer.asked)
    verdict = {
        True: "are one thing.",
        False: "are not one thing.",
        None: "are one thing in some documents, and not in others.",
    }[answer.one]
    yield from flow("", [one, f"and {other}", verdict], "")
    for name, ids in zip((one, other), answer.ids, strict=True):
        if len(ids) > 1:
            yield from flow("", [name, f"is the name of {len(ids)} things."], "")
    for kind, a, b, where in answer.judgements:
        yield from flow("  judged ", [f"{kind}:", isolate(a), isolate(b), f"({isolate(where)})"], "    ", joint=" ")
    for thing in answer.things:
        yield ""
        yield from _thing(thing)
    if answer.misses:
        yield ""
        yield "What spoke for it, and what against:"
    for miss in answer.misses[:_MISSES]:
        yield from flow("  ", [isolate(miss.names[0]), isolate(miss.names[1])], "  ", joint=", ")
        yield f"  {miss.score:.2f}  {isolate(miss.reason)}"
        yield f"        but {isolate(miss.against)}"
    if answer.one is False and not answer.misses and not answer.judgements:
        yield ""
        yield "Nothing spoke for it."


def _thing(thing: Thing) -> Iterator[str]:
    names = sorted(thing.names, key=lambda name: (-thing.names[name], name))
    head = [isolate(names[0])] if names else []
    yield from flow("", [*head, *([thing.label] if thing.label else []), thing.id], "  ", joint="  ")
    if names[1:]:
        yield from flow("  also ", [isolate(name) for name in names[1:]], "       ", joint=", ")
    if thing.former:
        yield from flow("  formerly ", list(thing.former), "           ", joint=", ")
    groups: dict[tuple[float, str], list[str]] = {}
    for member in thing.members:
        groups.setdefault((member.score, member.reason), []).append(member.member)
    for (score, reason), members in list(groups.items())[:_REASONS]:
        yield f"  {score:.2f}  {isolate(reason)}"
        shown = [isolate(member) for member in members[:_MEMBERS]]
        rest = [f"and {len(members) - _MEMBERS} more"] if len(members) > _MEMBERS else []
        yield from flow("        ", shown + rest, "        ", joint=", ")
    if len(groups) > _REASONS:
        yield f"  and {len(groups) - _REASONS} more reasons: --json has them all"


def flow(first: str, pieces: Sequence[str], later: str, joint: str = " ") -> Iterator[str]:
    """Pieces in lines of at most 80 columns; broken between pieces only, so that no name is torn in two."""
    line, empty = first, True
    for i, piece in enumerate(pieces):
        text = piece + (joint.rstrip() if i < len(pieces) - 1 else "")
        gap = "" if empty else joint[len(joint.rstrip()) :]
        if not empty and _columns(line + gap + text) > _WIDTH:
            yield line
            line, gap = later, ""
        line, empty = line + gap + text, False
    yield line


def _columns(text: str) -> int:
    return sum(c not in "\u2068\u2069" for c in text)
