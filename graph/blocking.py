"""Which names are worth comparing: those that share a key, in blocks of bounded size.

A block that holds more than `LARGEST` names is split by context: names that documents place in one country, or one
field of work, or that have neither. A part that is still too large is passed over. Both are counted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import NamedTuple

from rawabit.graph.contexts import Part, nation_stem
from rawabit.graph.names import deletions, frame, short_forms, whole_key
from rawabit.graph.rows import Row
from rawabit.graph.sightings import OWN
from rawabit.graph.translit import keys as sound_keys

__all__ = ["LARGEST", "Counts", "Pair", "candidates"]

LARGEST = 40
_SLIP = (6, 36)  # letters of a name in which one slip is looked for
_SOUND = 6  # letters that a name of one word must have to be compared across scripts
_UNITS = 8  # names of more words are compared as they stand


class Pair(NamedTuple):
    """Two rows that share a key, by index, and what kind of key."""

    kind: str
    one: int
    other: int


@dataclass
class Counts:
    """Blocks that were split by context, and parts of them that were passed over."""

    split: int = 0
    passed_over: int = 0


def candidates(rows: Sequence[Row], parts: Sequence[Sequence[Part]], counts: Counts) -> list[Pair]:
    """Pairs of rows that may be one thing, each once for each kind of key, sorted.

    Args:
        rows: distinct names.
        parts: the contexts of each.
        counts: counts what was too large.
    """
    blocks: dict[tuple[str, str, str], list[int]] = {}
    for index, row in enumerate(rows):
        for kind, key in dict.fromkeys(_keys(row)):
            blocks.setdefault((row.key[1], kind, key), []).append(index)
    found: set[Pair] = set()
    for (_, kind, _), block in blocks.items():
        if len(block) < 2:
            continue
        for some in _bounded(block, parts, counts):
            found.update(Pair(kind, a, b) for a, b in combinations(some, 2) if _fits(kind, rows[a], rows[b]))
    return sorted(found)


def _bounded(block: list[int], parts: Sequence[Sequence[Part]], counts: Counts) -> Iterator[list[int]]:
    if len(block) <= LARGEST:
        yield block
        return
    counts.split += 1
    by_context: dict[str, list[int]] = {}
    for index in block:
        features = {part.signature for part in parts[index]}
        sides = {side for signature in features for side in signature.split("|") if side} or {""}
        for side in sorted(sides):
            by_context.setdefault(side, []).append(index)
    for _, some in sorted(by_context.items()):
        if len(some) <= LARGEST:
            yield some
        else:
            counts.passed_over += 1


def _fits(kind: str, one: Row, other: Row) -> bool:
    if kind == "sound":
        return one.arabic is not other.arabic
    if kind == "short":
        return len(one.units) != len(other.units)
    return one.arabic is other.arabic


def _keys(row: Row) -> Iterator[tuple[str, str]]:
    units = row.units
    if row.rank == OWN:
        if row.person and len(units) == 1 and len(units[0]) > 2:
            yield "short", units[0]
        return
    whole = "".join(units)
    yield "written", "".join(row.bare).replace(" ", "")
    yield "written", whole_key(row.name)
    if row.arabic and len(units) <= _UNITS:
        yield "written", "".join(map(frame, row.bare))
    if _SLIP[0] <= len(whole) <= _SLIP[1]:
        for key in deletions(whole):
            yield "slip", key
    if not row.person and len(units) > 1:
        if row.arabic:
            yield "nation", " ".join(map(nation_stem, units))
        yield "headless", " ".join(row.bare)
    if row.person:
        yield "short", " ".join(units)
        for form in short_forms(units):
            if form.tier == 0:
                yield "short", " ".join(form.units)
    if (len(units) > 1 or len(whole) >= _SOUND) and len(units) <= _UNITS and not any(map(str.isdigit, whole)):
        for key in sound_keys("".join(u.replace(" ", "") for u in units)):
            if len(key) > 2:
                yield "sound", key
