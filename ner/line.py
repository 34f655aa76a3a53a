"""One sentence cut into pieces: what the readers of numbers, money and dates look at.

A piece is a folded number, Arabic word, Latin word or single mark; blanks lie between pieces and are never one.
"""

from __future__ import annotations

import re
from collections.abc import Set
from dataclasses import dataclass
from typing import NamedTuple

from rawabit.ner.model import Span
from rawabit.ner.text import Folded, fold, fold_map

__all__ = ["Line", "Piece", "cut"]

# Each of these characters folds to exactly one, so the folded sentence has the offsets of the original.
_PLAIN = re.compile(
    "[ -~\u00ab\u00bb\u060c\u061b\u061f\u0621-\u063a\u0641-\u064a\u0660-\u066c\u2013\u2014\u2018-\u201e]*"
)

_PIECE = re.compile(
    r"(?P<n>\d+(?: \.\d+)+|\d+ر\d+(?![^\W\d])|\d+(?:[.,]\d+)*)"  # 43 .1 has its groups reversed, as 8ر1 has
    r"|(?P<l>[a-zß-ɏ]+)"
    r"|(?P<w>[^\W\d_a-zß-ɏ]+)"
    r"|(?P<p>\S)"
)
_WORD = re.compile(r"\d{4}|[^\W\d_a-zß-ɏ]+|[a-zß-ɏ]+|[^\w\s]")


class Piece(NamedTuple):
    """A piece of a line. Offsets are into the folded line; `kind` is n(umber), w(ord), l(atin) or p(unctuation)."""

    text: str
    kind: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Line:
    """A folded sentence and its pieces.

    Attributes:
        source: the whole text, untouched.
        folded: the folded sentence with the way back.
        offset: where the sentence begins in `source`.
        pieces: in order.
    """

    source: str
    folded: Folded
    offset: int
    pieces: list[Piece]

    def span(self, start: int, end: int) -> Span:
        """Span in `source` of the folded run ``[start, end)``, marks and tatweel after its last letter included."""
        first, last = self.folded.span(start, end)
        limit = self.folded.origin[end] if end < len(self.folded.text) else self.folded.length
        first, last, limit = first + self.offset, last + self.offset, limit + self.offset
        while last < limit and ("\u064b" <= self.source[last] <= "\u0652" or self.source[last] == "\u0640"):
            last += 1
        return first, last

    def written(self, piece: Piece) -> str:
        """The piece as it stands in `source`, marks included."""
        start, end = self.span(piece.start, piece.end)
        return self.source[start:end]

    def near(self, at: int) -> bool:
        """Whether nothing lies between piece `at` and the next one."""
        return at + 1 < len(self.pieces) and self.pieces[at].end == self.pieces[at + 1].start


def cut(source: str, start: int, end: int, anchors: Set[str] | None = None) -> Line:
    """The line ``source[start:end]``; without pieces where none of the folded words and signs in `anchors` occurs.

    >>> [piece.text for piece in cut("بلغ 43 .1 مليار، 5USD", 0, 21).pieces]
    ['بلغ', '43 .1', 'مليار', ',', '5', 'usd']
    """
    text = source[start:end]
    plain = _PLAIN.fullmatch(text)
    folded = Folded(fold(text), tuple(range(len(text))), len(text)) if plain else fold_map(text)
    if anchors is not None and anchors.isdisjoint(_WORD.findall(folded.text)):
        return Line(source, folded, start, [])
    pieces = [Piece(m.group(), m.lastgroup or "p", m.start(), m.end()) for m in _PIECE.finditer(folded.text)]
    return Line(source, folded, start, pieces)
