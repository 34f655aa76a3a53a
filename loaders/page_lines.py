"""From glyphs with their places on a page to the pieces of its lines, each in reading order."""

from __future__ import annotations

import statistics
import unicodedata
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rawabit.loaders.visual import letters, logical, pairs, side

__all__ = ["BASELINE", "GUTTER", "Glyph", "Line", "is_mark", "page_lines"]

BASELINE = 0.3
"""Parts of the type's size that glyphs of one line may stand higher or lower."""
GUTTER = 0.8
"""Gap, in parts of the type's size, that may part columns."""
_BLANK = 0.18  # gap that parts words where no blank is written
_NEAR = 0.15  # how far a sign may stand beside the letter that it was drawn with


@dataclass(frozen=True, slots=True)
class Glyph:
    """A glyph: its text, its left and right edge and its baseline in points (up is more), and the type's size."""

    text: str
    x0: float
    x1: float
    y: float
    size: float


@dataclass(slots=True)
class Line:
    """A piece of a line that no gutter parts."""

    text: str
    x0: float
    x1: float
    y: float
    size: float


@dataclass(frozen=True, slots=True)
class _Page:
    """The pieces of a page's lines, from the top and from the left, and whether the page runs from right to left."""

    pieces: list[list[Glyph]]
    rtl: bool


def page_lines(pages: Iterable[Sequence[Glyph]]) -> list[tuple[list[Line], bool]]:
    """For each page the pieces of its lines, and whether it runs from right to left.

    Args:
        pages: the glyphs of each, in any order; for glyphs at one place, and for vowel signs, the order given counts.
    """
    read = [_page(glyphs) for glyphs in pages]
    # How brackets are called is a habit of the program that made the file: all lines have a say.
    said = sum(pairs([g.text for g in piece]) for page in read for piece in page.pieces if page.rtl)
    return [([_line(piece, page.rtl, looks=said >= 0) for piece in page.pieces], page.rtl) for page in read]


def _page(glyphs: Sequence[Glyph]) -> _Page:
    read = [Glyph(text, g.x0, g.x1, g.y, g.size) for g in glyphs if (text := letters(g.text).replace("\x00", ""))]
    kinds = Counter(side(g.text) for g in read)
    return _Page([piece for row in _rows(read) for piece in _pieces(row)], kinds["R"] >= kinds["L"])


def is_mark(text: str) -> bool:
    """Whether a glyph is a vowel sign, or several."""
    return all(unicodedata.category(c) == "Mn" for c in text)


def _rows(glyphs: Sequence[Glyph]) -> list[list[Glyph]]:
    """Glyphs of one baseline each, from the top; vowel signs join the letter that they stand on."""
    rows: list[list[Glyph]] = []
    glyphs, loose = _with_marks(glyphs)
    for glyph in sorted(glyphs, key=lambda g: -g.y):
        if rows and rows[-1][0].y - glyph.y < BASELINE * max(glyph.size, rows[-1][0].size):
            rows[-1].append(glyph)
        else:
            rows.append([glyph])
    place = {id(glyph): i for i, glyph in enumerate(glyphs)}
    for row in rows:
        row.sort(key=lambda g: (round(g.x0, 2), place[id(g)]))
        doubled = [
            i for i in range(1, len(row))
            if row[i].text == row[i - 1].text
            and row[i].x1 > row[i].x0
            and row[i].x0 - row[i - 1].x0 < 0.1 * row[i].size
        ]  # fmt: skip
        for i in reversed(doubled):  # bold type by printing twice
            del row[i]
    for mark in loose:
        _place_mark(mark, rows)
    return rows


def _with_marks(glyphs: Sequence[Glyph]) -> tuple[list[Glyph], list[Glyph]]:
    """The glyphs with the signs that were drawn just before or after them, and the signs that were not.

    What is drawn from left to right has a sign before its letter, what is drawn in the order of reading behind it.
    """
    out: list[Glyph] = []
    loose: list[Glyph] = []
    waiting: list[Glyph] = []
    for glyph in glyphs:
        if is_mark(glyph.text):
            waiting.append(glyph)
            continue
        onward = not out or glyph.x0 >= out[-1].x0
        out.append(glyph)
        at = -1 if onward or len(out) < 2 else -2
        for mark in reversed(waiting) if onward else waiting:
            bearer = out[at]
            near = _apart(bearer, mark.x0) < _NEAR * mark.size and abs(bearer.y - mark.y) < mark.size
            if near and side(bearer.text) == "R":
                out[at] = _marked(bearer, mark)
            else:
                loose.append(mark)
        waiting.clear()
    return out, [*loose, *waiting]


def _marked(glyph: Glyph, mark: Glyph) -> Glyph:
    text = unicodedata.normalize("NFC", glyph.text + mark.text)
    return Glyph(text, glyph.x0, glyph.x1, glyph.y, glyph.size)


def _place_mark(mark: Glyph, rows: list[list[Glyph]]) -> None:
    middle = (mark.x0 + mark.x1) / 2
    above = bisect_left(rows, -mark.y - mark.size, key=lambda row: -row[0].y)
    below = bisect_right(rows, -mark.y + mark.size, key=lambda row: -row[0].y)
    near = rows[above:below]
    if not near:
        return
    row = min(near, key=lambda r: abs(r[0].y - mark.y))
    at = min(range(len(row)), key=lambda i: (side(row[i].text) != "R", _apart(row[i], middle)))
    row[at] = _marked(row[at], mark)


def _apart(glyph: Glyph, x: float) -> float:
    return max(glyph.x0 - x, x - glyph.x1, 0.0)


def _pieces(row: Sequence[Glyph]) -> list[list[Glyph]]:
    """The pieces of a row between wide gaps, with blanks where the gaps are those between words."""
    pieces: list[list[Glyph]] = []
    right = -1e9
    for glyph in row:
        if glyph.text.isspace():
            if pieces and not pieces[-1][-1].text.isspace():
                pieces[-1].append(Glyph(" ", glyph.x0, glyph.x1, glyph.y, glyph.size))
            continue
        if not pieces or glyph.x0 - right > GUTTER * glyph.size:
            pieces.append([glyph])
        else:
            if glyph.x0 - right > _BLANK * glyph.size and not pieces[-1][-1].text.isspace():
                pieces[-1].append(Glyph(" ", right, glyph.x0, glyph.y, glyph.size))
            pieces[-1].append(glyph)
        right = max(right, glyph.x1)
    return pieces


def _line(piece: Sequence[Glyph], rtl: bool, *, looks: bool) -> Line:
    kinds = Counter(side(g.text) for g in piece)
    runs = kinds["R"] > 0 or not kinds["L"] if rtl else kinds["R"] > kinds["L"]
    text = " ".join(logical([g.text for g in piece], rtl=runs, looks=looks).split())
    solid = [g for g in piece if not g.text.isspace()]
    size = statistics.median(g.size for g in solid)
    return Line(text, solid[0].x0, max(g.x1 for g in solid), solid[0].y, size)
