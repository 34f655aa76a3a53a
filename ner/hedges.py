"""What stands around an amount: about, at least, at most, ranges, and what an elided currency may lean on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from rawabit.ner.line import Line
from rawabit.ner.model import Bound
from rawabit.ner.tables import load_table
from rawabit.ner.text import fold

__all__ = ["Hedges", "bound", "hedges"]

_LONGEST = 4  # words of a hedge
_ATTACHED = frozenset({"ب", "ال", "ل", "و", '"', "("})


@dataclass(frozen=True, slots=True)
class Hedges:
    """``data/bounds.toml``, folded.

    Attributes:
        ahead, behind: phrases before and after an amount, to what they say.
        after: words that may follow an amount whose currency is elided.
        counted: beginnings of words that say that something else than money is counted.
        price, denied: words before the price of one, and before one coin that is none.
        links, opening, shut: see ``[range]`` there.
    """

    ahead: Mapping[str, Bound]
    behind: Mapping[str, Bound]
    after: frozenset[str]
    counted: tuple[str, ...]
    price: frozenset[str]
    denied: frozenset[str]
    links: frozenset[str]
    opening: frozenset[str]
    shut: tuple[str, ...]

    def counts(self, word: str) -> bool:
        """Whether a folded word names something that news count in thousands, other than money."""
        if word.startswith(self.counted):
            return True
        bare = word[1:] if len(word) > 4 and word[0] in "وفبلك" else word
        bare = bare[2:] if bare.startswith("ال") else bare[1:] if bare.startswith("ل") else bare
        return bare.startswith(self.counted)


@cache
def hedges() -> Hedges:
    """The table, read once."""
    data = load_table("bounds")

    def phrases(table: Mapping[str, list[str]]) -> dict[str, Bound]:
        return {fold(phrase): Bound(key) for key, words in table.items() for phrase in words}

    def words(part: str, key: str) -> frozenset[str]:
        return frozenset(map(fold, data[part][key]))

    return Hedges(
        phrases(data["before"]),
        phrases(data["after"]),
        words("elided", "after"),
        tuple(sorted(words("elided", "counted"))),
        words("rate", "price"),
        words("rate", "denied"),
        words("range", "links"),
        words("range", "open"),
        tuple(sorted(words("range", "not_after"))),
    )


def bound(line: Line, first: int, stop: int) -> Bound:
    """How the amount in pieces ``[first, stop)`` is hedged."""
    table = hedges()
    after = [piece.text for piece in line.pieces[stop : stop + _LONGEST]]
    for size in range(len(after), 0, -1):
        found = table.behind.get(" ".join(after[:size]))
        if found:
            return found
    before = [piece.text for piece in line.pieces[max(0, first - _LONGEST - 1) : first]]
    if before and before[-1] in _ATTACHED:
        before.pop()
    for size in range(min(_LONGEST, len(before)), 0, -1):
        phrase = " ".join(before[-size:])
        found = table.ahead.get(phrase) or (table.ahead.get(phrase[1:]) if phrase[0] in "وفب" else None)
        if found:
            return found
    return Bound.EXACT
