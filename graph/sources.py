"""Who says a claim: the names near it that may be its source, as features for the scorer of sources.

The grammar's speeches (`rawabit.graph.attribution`) are the strongest feature: whose words the claim stands in. What
else is looked at: verbs of speech and ``بحسب`` beside the name, which place it has, the relation, who spoke before.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from heapq import nsmallest

from rawabit.graph.attribution import Speech
from rawabit.graph.clauses import Item
from rawabit.graph.features import clues, mix, name, stem
from rawabit.graph.line import Line
from rawabit.graph.model import Relation
from rawabit.graph.pairs import Pair
from rawabit.ner.model import Label

__all__ = ["Told", "candidates", "told"]

_AGENTS = frozenset({Label.PERSON, Label.ORGANIZATION, Label.PLACE})
_BACK = 2  # sentences before the claim's in which its source is looked for
_MOST = 40  # candidates of a claim, the nearest ones
_NEAR = 3  # words beside a name that are read
_SAY, _BY = name("say"), name("according")


@dataclass(frozen=True, slots=True)
class Told:
    """A stretch of text and the start of the name that says it, in code points."""

    speaker: int
    start: int
    end: int


def told(line: Line, speeches: Sequence[Speech]) -> Iterator[Told]:
    """The speeches of a clause as stretches of text."""
    for speech in speeches:
        if speech.start < speech.end:
            last = line.items[speech.end - 1]
            yield Told(line.items[speech.speaker].start, line.items[speech.start].start, last.end)


def candidates(
    pair: Pair, relation: Relation, rows: Sequence[Sequence[Item]], speeches: Sequence[Sequence[Told]]
) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Entities that may be the source of a claim, each once at its nearest mention, with features.

    Args:
        pair: of the claim.
        relation: its type.
        rows: items of every sentence.
        speeches: of every sentence.
    """
    at = pair.sentences[1]
    best: dict[str, tuple[tuple[int, int], int, int]] = {}
    for i in range(max(0, at - _BACK), at + 1):
        speakers = {one.speaker for one in speeches[i]}
        for n, item in enumerate(rows[i]):
            if item.mention and item.label in _AGENTS:
                speaks = item.start in speakers
                rank = (-(i == at) - 2 * speaks, abs(item.start - pair.left.start))
                if item.who.id not in best or rank < best[item.who.id][0]:
                    best[item.who.id] = rank, i, n
    spoken = {one.speaker for one in speeches[at]}
    near = nsmallest(_MOST, best.items(), key=lambda row: (row[1][0], row[0]))
    for entity, (_, i, n) in sorted(near):
        yield entity, _features(pair, relation, rows[i], n, at - i, speeches[i], speeches[at], bool(spoken))


def _features(
    pair: Pair,
    relation: Relation,
    row: Sequence[Item],
    n: int,
    back: int,
    here: Sequence[Told],
    there: Sequence[Told],
    anybody: bool,
) -> tuple[int, ...]:
    item = row[n]
    label = name(item.label or "")
    inside = [one for one in there if one.start <= pair.right.start < one.end]
    inner = inside[-1].speaker if inside else -1
    role = 1 if item.who.id == pair.left.who.id else 2 if item.who.id == pair.right.who.id else 0
    place = 0 if item.end <= pair.left.start else 1 if item.start < pair.right.start else 2
    says = sum(1 << k for k, one in enumerate((inner == item.start, any(t.speaker == item.start for t in here))) if one)
    kind = mix(name("source"), back, role, place, says, anybody)
    out = [kind, mix(kind, label), mix(kind, name(relation)), mix(name("says"), says, back), mix(name("role"), role)]
    out.append(mix(name("says role"), says, role, back, bool(inside)))
    out.append(mix(name("relation"), name(relation), role, says))
    words = [(1, other) for other in row[n + 1 : n + 1 + _NEAR]] + [(0, other) for other in row[max(0, n - _NEAR) : n]]
    for side, other in words:
        if other.fold:
            out += [mix(name("word"), side, stem(other.fold)), mix(kind, side, stem(other.fold))]
            for clue in clues(other.fold):
                if clue in (_SAY, _BY):
                    out += [mix(name("clue"), side, clue, back), mix(kind, name("clue"), side, clue)]
    for side, offset in ((0, -1), (1, 1), (2, -2)):
        if 0 <= n + offset < len(row):
            other = row[n + offset]
            out.append(mix(name("next"), side, stem(other.fold) if other.fold else name("<name>"), back))
    return tuple(dict.fromkeys(out))
