"""From glyphs with their places on pages to paragraphs of text.

Lines are glyphs of one baseline; columns are told by the white between them and read from the right where the page is
Arabic; lines become paragraphs where the type, the spacing and the ends of lines say that the text goes on. What
stands at the head or foot of most pages is given once, page numbers not at all.
"""

from __future__ import annotations

import re
import statistics
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

from rawabit.loaders.page_lines import BASELINE, GUTTER, Glyph, Line, page_lines
from rawabit.loaders.visual import side

__all__ = ["pages_text"]

_NARROW = 3  # rows that must stand on both sides of a narrow gutter
_CELL = 2.5  # gap that parts the cells of a row where there are no columns; a narrower one is stretched type
_END = re.compile(r"[.!?؟:؛…»\")\]]\W*$")
_SENTENCE = re.compile(r"[.!?؟…][»\")\]]*\s*$")
_DEEP = 60  # rows that may stand above or below columns
_MOST = 2000  # pieces of lines that a page of text may have: one of more is a drawing, and is read row by row
_DIGITS = re.compile(r"\d+")
_EDGE = 2  # lines at the head and at the foot of a page that may be furniture


def pages_text(pages: Iterable[Sequence[Glyph]]) -> str:
    """The text of the pages, a line for each paragraph.

    Args:
        pages: the glyphs of each, in any order; for glyphs at one place the order given counts.
    """
    laid = [((_in_order if len(lines) <= _MOST else _whole_rows)(lines, rtl), rtl) for lines, rtl in page_lines(pages)]
    _drop_furniture([lines for lines, _ in laid])
    paragraphs: list[str] = []
    goes_on = False
    for lines, rtl in laid:
        for i, (text, open_end) in enumerate(_paragraphs(lines, rtl)):
            if goes_on and i == 0:
                paragraphs[-1] = _joined([paragraphs[-1], text])
            else:
                paragraphs.append(text)
            last = open_end
        if lines:
            goes_on = last
    return "\n".join(paragraphs)


def _in_order(lines: list[Line], rtl: bool) -> list[Line]:
    """Reading order: columns where white parts the lines from top to bottom, else from the top down."""
    out: list[Line] = []
    stack = [lines]
    while stack:
        part = stack.pop()
        split = _columns(part) or _above_columns(part)
        if split is None:
            out.extend(_whole_rows(part, rtl))
        elif split[0] == "columns":
            left, right = split[1], split[2]
            stack.extend([left, right] if rtl else [right, left])
        else:
            stack.extend([split[2], split[1]])
    return out


def _whole_rows(part: Sequence[Line], rtl: bool) -> list[Line]:
    """Lines from the top down, with the pieces of a row that only stretched blanks part put together again."""
    out: list[Line] = []
    for line in sorted(part, key=lambda line: (-round(line.y, 1), -line.x1 if rtl else line.x0)):
        before = out[-1] if out else None
        if before is not None and abs(before.y - line.y) < BASELINE * line.size:
            gap = before.x0 - line.x1 if rtl else line.x0 - before.x1
            if gap < _CELL * line.size:
                left, right = min(before.x0, line.x0), max(before.x1, line.x1)
                out[-1] = Line(f"{before.text} {line.text}", left, right, before.y, before.size)
                continue
        out.append(line)
    return out


_Split = tuple[str, list[Line], list[Line]]


def _columns(lines: Sequence[Line]) -> _Split | None:
    """The widest white between lines left and right of it, where both have two rows at least."""
    if len(lines) < 4:
        return None
    size = statistics.median(line.size for line in lines)
    best: tuple[float, float] | None = None
    right = -1e9
    for line in sorted(lines, key=lambda line: line.x0):
        gap = line.x0 - right
        if right > -1e9 and gap > GUTTER * size and (best is None or gap > best[0]):
            best = gap, right
        right = max(right, line.x1)
    if best is None:
        return None
    left_part = [line for line in lines if line.x1 <= best[1]]
    right_part = [line for line in lines if line.x1 > best[1]]
    rows = min(len({round(line.y) for line in part}) for part in (left_part, right_part))
    if rows < 2 or (rows < _NARROW and best[0] < _CELL * size):
        return None
    # Both must stand beside each other, not one above the other.
    low, high = max(_bottom(left_part), _bottom(right_part)), min(_top(left_part), _top(right_part))
    return ("columns", left_part, right_part) if high > low else None


def _bottom(lines: Sequence[Line]) -> float:
    return min(line.y for line in lines)


def _top(lines: Sequence[Line]) -> float:
    return max(line.y for line in lines)


def _above_columns(lines: Sequence[Line]) -> _Split | None:
    """A cut from side to side, so that what is below it (or above it) has columns."""
    rows = sorted({round(line.y, 1) for line in lines}, reverse=True)
    down = sorted(lines, key=lambda line: -line.y)
    if sum(one.y - next_.y < 0.8 * one.size for one, next_ in pairwise(down)) < 2:
        return None  # hardly anything stands beside anything
    for y in rows[1:_DEEP]:
        above, below = [line for line in lines if line.y > y + 0.05], [line for line in lines if line.y <= y + 0.05]
        if above and below and _columns(below):
            return "rows", above, below
    for y in reversed(rows[-_DEEP:]):
        above, below = [line for line in lines if line.y > y + 0.05], [line for line in lines if line.y <= y + 0.05]
        if above and below and _columns(above):
            return "rows", above, below
    return None


def _paragraphs(lines: Sequence[Line], rtl: bool) -> list[tuple[str, bool]]:
    """The paragraphs of a page, each with whether its last line looks as if the text went on."""
    out: list[tuple[str, bool]] = []
    block: list[Line] = []
    for line in lines:
        if block and (len(lines) > _MOST or _breaks(block, line, lines, rtl)):
            out.append((_joined([part.text for part in block]), False))
            block = []
        block.append(line)
    if block:
        start, end = _edges(block, lines, rtl)
        out.append(
            (
                _joined([part.text for part in block]),
                not _SENTENCE.search(block[-1].text) and not _short(block[-1], start, end, rtl),
            )
        )
    return out


def _joined(lines: Iterable[str]) -> str:
    """Lines of a paragraph; a line may be broken behind a slash without a blank there."""
    return re.sub(r"(?<=\w/)\n", "", "\n".join(lines)).replace("\n", " ")


def _edges(block: Sequence[Line], lines: Sequence[Line], rtl: bool) -> tuple[float, float]:
    """Where lines of the block's column begin and end."""
    left, right = min(line.x0 for line in block), max(line.x1 for line in block)
    size = block[0].size
    column = [
        line for line in lines
        if abs(line.size - size) < 0.1 * size and line.x0 < right and line.x1 > left
    ] or list(block)  # fmt: skip
    left, right = min(line.x0 for line in column), max(line.x1 for line in column)
    return (right, left) if rtl else (left, right)


def _short(line: Line, start: float, end: float, rtl: bool) -> bool:
    """Whether a line leaves so much white at its end that a paragraph must end there, in ragged type too."""
    rest = line.x0 - end if rtl else end - line.x1
    least = 2 if _SENTENCE.search(line.text) else 4
    return rest > least * line.size and rest > (0.1 if least == 2 else 0.25) * abs(start - end)


def _breaks(block: Sequence[Line], line: Line, lines: Sequence[Line], rtl: bool) -> bool:
    before = block[-1]
    if abs(before.size - line.size) > 0.15 * before.size:
        return True
    down = before.y - line.y
    start, end = _edges(block, lines, rtl)
    if down < -line.size:  # the next column
        return _short(before, start, end, rtl) or bool(_SENTENCE.search(before.text))
    if down < BASELINE * line.size:
        return True  # another cell of one row
    if down > _leading(lines, line.size) * (1.2 if _END.search(before.text) else 1.3):
        return True
    if _short(before, start, end, rtl):
        return True
    indent = start - line.x1 if rtl else line.x0 - start
    return indent > 0.8 * line.size and bool(_END.search(before.text))


def _leading(lines: Sequence[Line], size: float) -> float:
    """From line to line in type of `size`: the usual step, or a wide one where there are too few to tell."""
    steps = [
        a.y - b.y for a, b in pairwise(lines)
        if abs(a.size - size) < 0.1 * size and abs(b.size - size) < 0.1 * size and 0.5 * size < a.y - b.y < 3 * size
    ]  # fmt: skip
    # Short paragraphs have as many steps between them as lines: the smallest that is no exception is the one.
    counts = Counter(round(2 * step) / 2 for step in steps)
    usual = [step for step, count in counts.items() if count > 1 and count > 0.1 * len(steps)]
    return min(usual) if usual else 1.8 * size


def _drop_furniture(pages: Sequence[list[Line]]) -> None:
    """Take page numbers away, and what stands at the same edge of most pages after its first time."""
    for top in (True, False):
        for _ in range(_EDGE):
            groups: dict[str, list[tuple[int, Line]]] = {}
            for i, lines in enumerate(pages):
                if len(lines) > 1:
                    line = (max if top else min)(lines, key=lambda line: line.y)
                    groups.setdefault(_DIGITS.sub("#", line.text), []).append((i, line))
            dropped = False
            for key, group in groups.items():
                if len(group) >= 3 and len(group) > 0.5 * len(pages) and _repeats(group):
                    said = any(side(c) in "RL" for c in key)
                    for i, line in group[said:]:
                        pages[i].remove(line)
                        dropped = True
            if not dropped:
                break


def _repeats(group: Sequence[tuple[int, Line]]) -> bool:
    """Whether lines of several pages are one, at one height, but for a number that counts the pages."""
    numbers = [[int(n) for n in _DIGITS.findall(line.text)] for _, line in group]
    level = all(abs(line.y - group[0][1].y) < 0.5 * line.size for _, line in group)
    return level and all(
        len(set(column)) == 1 or len({n - i for n, (i, _) in zip(column, group, strict=True)}) == 1
        for column in zip(*numbers, strict=True)
    )
