"""Pairs of mentions that a text may relate, and what stands around them, as numbers for `rawabit.graph.scorer`.

A pair is two mentions of two entities in one sentence or in two that follow each other. Its features are hashes: the
words before, between and behind, the labels, what other names stand near, which words of the grammar's tables occur
and where, and what the grammar read of the two. After the lexical models of relation extraction (Zhou et al. 2005,
"Exploring various knowledge in relation extraction"), without a parser.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rawabit.graph.clauses import Item
from rawabit.graph.features import Portrait, clues, inside, mix, name, portrait, stem
from rawabit.graph.frames import fits
from rawabit.graph.line import Hit
from rawabit.graph.model import Entity, Relation
from rawabit.ner.model import Label

__all__ = ["Pair", "find_pairs"]

_FARTHEST = 60  # items between two mentions
_BEFORE, _BEHIND = 6, 5  # words read on either side
_CLUES = 9  # words in which the tables are looked up on either side
_NO_ARGUMENT = frozenset({Label.DATE})
_JOINTS = frozenset({",", "و", "-", "/"})
_TYPES = tuple(relation for relation in Relation if relation is not Relation.RELATED)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two mentions, the left one first.

    Attributes:
        left, right: items with mentions.
        sentences: indices of their sentences among those given.
        features: hashes of 32 bits, each once.
        hits: what the grammar read of the two entities in the sentence.
    """

    left: Item
    right: Item
    sentences: tuple[int, int]
    features: tuple[int, ...]
    hits: tuple[Hit, ...]


def find_pairs(
    rows: Sequence[Sequence[Item]], entities: Sequence[Entity], hits: Mapping[int, Sequence[Hit]]
) -> Iterator[Pair]:
    """The pairs of a document, in order.

    In each sentence, two entities are paired at their closest mentions there; those that no sentence holds together,
    at the closest mentions in two sentences that follow each other.

    Args:
        rows: items of each sentence (`rawabit.graph.claims.read_sentences`).
        entities: of the document.
        hits: what the grammar read, by index of the sentence.
    """
    looks = {entity.id: portrait(entity) for entity in entities}
    scenes = [_Scene(row, hits.get(i, ())) for i, row in enumerate(rows)]
    together: set[tuple[str, str]] = set()
    found: list[tuple[int, int, int, int]] = []
    for i, scene in enumerate(scenes):
        for left, right in _closest(scene.names, scene.names, scene, scene, 0):
            found.append((i, i, left, right))
            together.add(_ends(rows[i][left], rows[i][right]))
    apart: dict[tuple[str, str], tuple[int, tuple[int, int, int, int]]] = {}
    for i in range(len(scenes) - 1):
        one, two = scenes[i], scenes[i + 1]
        for left, right in _closest(one.names, two.names, one, two, len(one.items)):
            ends = _ends(rows[i][left], rows[i + 1][right])
            far = len(one.items) - left + right
            if ends not in together and (ends not in apart or far < apart[ends][0]):
                apart[ends] = far, (i, i + 1, left, right)
    found.extend(place for _, place in apart.values())
    for i, j, left, right in sorted(found):
        yield _pair(scenes[i], scenes[j], i, j, left, right, looks)


def _ends(left: Item, right: Item) -> tuple[str, str]:
    return (left.who.id, right.who.id) if left.who.id < right.who.id else (right.who.id, left.who.id)


def _closest(
    lefts: Sequence[int], rights: Sequence[int], one: _Scene, two: _Scene, gap: int
) -> Iterator[tuple[int, int]]:
    best: dict[tuple[str, str], tuple[int, int, int]] = {}
    for left in lefts:
        begin = bisect_right(rights, left - gap)
        for right in rights[begin : bisect_right(rights, left - gap + _FARTHEST, begin)]:
            far = right + gap - left
            a, b = one.items[left], two.items[right]
            if a.who.id == b.who.id or not _may(a.who, b.who):
                continue
            ends = _ends(a, b)
            if ends not in best or far < best[ends][0]:
                best[ends] = far, left, right
    for _, left, right in best.values():
        yield left, right


@lru_cache(maxsize=64)
def _may_be(left: Label, right: Label) -> bool:
    a, b = Entity("a", left, "", ()), Entity("b", right, "", ())
    return any(fits(relation, a, b) or fits(relation, b, a) for relation in _TYPES)


def _may(left: Entity, right: Entity) -> bool:
    return left.label not in _NO_ARGUMENT and right.label not in _NO_ARGUMENT and _may_be(left.label, right.label)


class _Scene:
    """A sentence: items, what each looks like, and its clues from the tables."""

    def __init__(self, items: Sequence[Item], hits: Iterable[Hit]) -> None:
        self.items = items
        self.looks = [_look(item) for item in items]
        self.names = [i for i, item in enumerate(items) if item.mention and item.label not in _NO_ARGUMENT]
        self.clues = [(i, clue) for i, item in enumerate(items) if item.fold for clue in clues(item.fold)]
        self.row = _rows(items, self.names)
        self.hits: dict[tuple[str, str], list[Hit]] = {}
        self.roles: dict[str, list[int]] = {}
        for hit in hits:
            self.hits.setdefault(_ends(hit.subject, hit.object), []).append(hit)
            for end, role in ((hit.subject.who.id, "s"), (hit.object.who.id, "o")):
                self.roles.setdefault(end, []).append(name(f"{hit.relation} {role}"))
        place = {items[i].start: i for i in self.names}
        self.joined: dict[tuple[int, int], set[tuple[int, bool]]] = {}
        for two in self.hits.values():
            for hit in two:
                a, b = place.get(hit.subject.start), place.get(hit.object.start)
                if a is not None and b is not None:
                    key = (min(self.row[a], self.row[b]), max(self.row[a], self.row[b]))
                    self.joined.setdefault(key, set()).add((name(hit.relation), self.row[a] <= self.row[b]))


def _rows(items: Sequence[Item], names: Sequence[int]) -> dict[int, int]:
    """The first name of the row in which each name stands: ``A، B وC`` is one, where the labels are alike."""
    out: dict[int, int] = {}
    for before, at in zip([-1, *names], names, strict=False):
        near = before >= 0 and items[before].label is items[at].label and at - before <= 3
        between = [item.fold for item in items[before + 1 : at]]
        joined = near and all(word in _JOINTS for word in between) and (items[at].conj or bool(between))
        out[at] = out[before] if joined else at
    return out


def _look(item: Item) -> int:
    if item.mention:
        return name(f"<{item.mention.label}>")
    return stem(item.fold)


_KINDS = {
    kind: name(kind)
    for kind in (
        *("labels", "of", "gap", "names", "same", "full", "between", "pair", "first", "last", "only", "before"),
        *("behind", "around", "head", "clue", "hit", "other", "quote", "prep", "seam", "kind"),
        *("inside", "word", "row"),
    )
}


def _pair(one: _Scene, two: _Scene, i: int, j: int, left: int, right: int, portraits: Mapping[str, Portrait]) -> Pair:
    a, b = one.items[left], two.items[right]
    k = _KINDS
    if i == j:
        between, inner = one.looks[left + 1 : right], one.items[left + 1 : right]
    else:
        between = [*one.looks[left + 1 :], k["seam"], *two.looks[:right]]
        inner = (*one.items[left + 1 :], *two.items[:right])
    before = one.looks[max(0, left - _BEFORE) : left][::-1]
    behind = two.looks[right + 1 : right + 1 + _BEHIND]
    labels = mix(k["labels"], name(a.label or ""), name(b.label or ""), i != j)
    kinds = mix(k["of"], name(a.who.label), name(b.who.label), i != j)
    between_labels = [item.label for item in inner if item.mention]
    out = [
        labels,
        kinds,
        mix(labels, k["gap"], min(10, len(between))),
        mix(labels, k["names"], min(4, len(between_labels))),
        mix(
            labels,
            k["same"],
            min(2, between_labels.count(a.label)),
            min(2, between_labels.count(b.label)),
        ),
        mix(k["prep"], name(a.prep), a.conj, name(b.prep), b.conj),
        mix(labels, k["prep"], name(a.prep), a.conj, name(b.prep), b.conj),
        mix(labels, k["quote"], a.quoted, b.quoted),
    ]
    p, q = portraits[a.who.id], portraits[b.who.id]
    land = p.country and p.country == q.country
    known = mix(k["kind"], name(p.kind), name(q.kind), int(bool(land)))
    out += [
        known,
        mix(known, i != j, min(3, len(between))),
        mix(kinds, k["kind"], 0, name(p.kind)),
        mix(kinds, k["kind"], 1, name(q.kind)),
        mix(kinds, k["inside"], inside(p, q), inside(q, p)),
        mix(kinds, k["inside"], inside(p, q), inside(q, p), min(3, len(between))),
        mix(kinds, k["word"], 0, p.first),
        mix(kinds, k["word"], 1, q.first),
        mix(kinds, k["word"], 2, p.last),
        mix(kinds, k["word"], 3, q.last),
    ]
    if len(between) <= 6:
        out += [mix(k["full"], *between), mix(labels, k["full"], *between)]
    last = k["first"]
    for look in between:
        out += [mix(k["between"], look), mix(labels, k["between"], look), mix(k["pair"], last, look)]
        last = look
    if between:
        out += [
            mix(k["first"], between[0]),
            mix(k["last"], between[-1]),
            mix(labels, k["first"], between[0]),
            mix(labels, k["last"], between[-1]),
            mix(labels, k["only"], between[0], between[-1]),
        ]
    for n, look in enumerate(before):
        out += [mix(k["before"], n, look), mix(labels, k["before"], look)]
    for n, look in enumerate(behind):
        out += [mix(k["behind"], n, look), mix(labels, k["behind"], look)]
    for n in range(len(before) - 1):
        out.append(mix(k["before"], k["pair"], before[n + 1], before[n]))
    if before:
        out += [
            mix(labels, k["before"], k["last"], before[0]),
            mix(k["around"], before[0], between[0] if between else 0),
            mix(labels, k["around"], before[0], behind[0] if behind else 0),
        ]
    for look in one.looks[:2]:
        out.append(mix(labels, k["head"], look))
    for zone, clue in _zones(one, two, i == j, left, right):
        out += [mix(k["clue"], zone, clue), mix(kinds, k["clue"], zone, clue)]
    pair_hits = one.hits.get(_ends(a, b), []) if i == j else []
    for hit in pair_hits:
        forward = hit.subject.who.id == a.who.id
        exact = {hit.subject.start, hit.object.start} == {a.start, b.start}
        relation = name(hit.relation)
        out += [
            mix(k["hit"], relation, forward, hit.negated),
            mix(k["hit"], relation, forward, exact, k["pair"]),
            mix(k["hit"], name(hit.pattern), forward),
            mix(labels, k["hit"], relation, forward),
        ]
    if not pair_hits:
        if i == j:
            x, y = one.row[left], one.row[right]
            for relation, forward in sorted(one.joined.get((min(x, y), max(x, y)), ())):
                out += [mix(k["row"], relation, forward), mix(labels, k["row"], relation, forward)]
        for side, end, scene in ((0, a.who.id, one), (1, b.who.id, two)):
            for role in scene.roles.get(end, ()):
                out += [mix(k["other"], side, role), mix(kinds, k["other"], side, role)]
    return Pair(a, b, (i, j), tuple(dict.fromkeys(out)), tuple(pair_hits))


def _zones(one: _Scene, two: _Scene, same: bool, left: int, right: int) -> Iterator[tuple[int, int]]:
    """Clues with where they stand: 0 before, 1 between, 2 behind the pair."""
    first = bisect_left(one.clues, (left - _CLUES,))
    last = bisect_left(one.clues, (right + _CLUES + 1,)) if same else len(one.clues)
    for at, clue in one.clues[first:last]:
        if left - _CLUES <= at < left:
            yield 0, clue
        elif at > left and (at < right or not same):
            yield 1, clue
        elif same and right < at <= right + _CLUES:
            yield 2, clue
    if not same:
        for at, clue in two.clues[: bisect_left(two.clues, (right + _CLUES + 1,))]:
            if at < right:
                yield 1, clue
            elif right < at <= right + _CLUES:
                yield 2, clue
