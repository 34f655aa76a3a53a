"""From letters as they stand on a page, left to right, to the order in which they are read.

A page description says where each glyph stands, not what follows what, and every program that makes one has its own
habits. So the place alone counts here, and the Unicode Bidirectional Algorithm (https://www.unicode.org/reports/tr9/)
is run backwards over each line: runs of Latin and numbers keep their order, all else turns. Where two texts would
look the same (a number between an Arabic and a Latin word) the commoner one is taken: ``iPhone 15``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

__all__ = ["letters", "logical", "pairs", "side"]

_PRESENTED = re.compile("[\ufb00-\ufb06\ufb50-\ufdff\ufe70-\ufefc]")
_MIRRORED = str.maketrans("()[]{}<>«»‹›", ")(][}{><»«›‹")
_PAIRS = {"(": ")", "[": "]", "{": "}", "«": "»"}
_CLOSING = frozenset(_PAIRS.values())
_ALEFS = frozenset("اأإآٱ")
_KEPT = re.compile(r"(?:N[^RL]*)?L(?:[^R]*[LN])?|N(?:C?N)*")
"""What keeps its order: a run that holds a Latin letter, with the numbers at its ends; else each number."""
_NUMBER = frozenset({"EN", "AN"})
_RIGHT = frozenset({"R", "AL"})


@lru_cache(maxsize=4096)
def letters(text: str) -> str:
    """`text` with the forms that letters take in writing put back to letters; nothing else of it changes.

    Isolated forms of vowel signs lose the blank that carries them, and a ligature of lam and alef is lam, then alef,
    whichever its font calls the first.

    >>> letters("\ufefb"), letters("\ufee3"), letters("ال"), letters("\\ufc62") == "\\u0650\\u0651", letters("½")
    ('لا', 'م', 'لا', True, '½')
    """
    if _PRESENTED.search(text):
        text = "".join(
            unicodedata.normalize("NFKC", c).strip() if _PRESENTED.match(c) else c for c in text
        )  # the strip is for U+FC5E to U+FC63 and U+FE70 to U+FE7F, which are a blank and a sign
    if len(text) == 2 and text[0] in _ALEFS and text[1] == "ل":
        text = text[::-1]
    return text


@lru_cache(maxsize=4096)
def side(text: str) -> str:
    """What a glyph's text is to the algorithm: ``R`` or ``L`` by its first letter, ``N`` a number, ``C`` a sign that
    joins two numbers, ``.`` anything else."""
    kinds = [unicodedata.bidirectional(c) for c in text]
    for kind in kinds:
        if kind in _RIGHT:
            return "R"
        if kind == "L":
            return "L"
    if any(kind in _NUMBER for kind in kinds):
        return "N"
    return "C" if kinds == ["CS"] and text != "\u00a0" else "."


def logical(glyphs: Sequence[str], *, rtl: bool, looks: bool = True) -> str:
    """The text of a line in reading order.

    Args:
        glyphs: the text of each glyph, from left to right as they stand; blanks between words are glyphs too.
        rtl: whether the line as a whole runs from right to left.
        looks: whether turned brackets are called as they look; what the line's own pairs say goes before it.

    >>> logical(list("see ةرهاقلا now"), rtl=False)
    'see القاهرة now'
    >>> logical(list("%15 وحن ،(NATO v2) فلح"), rtl=True)
    'حلف (NATO v2)، نحو 15%'
    """
    if rtl:
        return _turned(glyphs, looks)
    out: list[str] = []
    kinds = "".join(map(side, glyphs))
    at = 0
    for run in re.finditer(r"R(?:[^L]*R)?", kinds):
        out.extend(glyphs[at : run.start()])
        out.append(_turned(glyphs[run.start() : run.end()], looks))
        at = run.end()
    out.extend(glyphs[at:])
    return "".join(out)


def pairs(glyphs: Sequence[str]) -> int:
    """What a line from right to left says of its brackets: above 0 that they are called as they look, below 0 that
    they are called what they mean.

    >>> pairs(list("(ب) ا")), pairs(list(")ب( ا")), pairs(list("ب) ا"))
    (2, -2, 0)
    """
    one, other = _both(glyphs)
    return _misnested(other) - _misnested(one)


def _turned(glyphs: Sequence[str], looks: bool) -> str:
    """Right to left, but for runs of Latin (with the numbers in and beside them) and for numbers."""
    one, other = _both(glyphs)
    said = _misnested(other) - _misnested(one)
    return one if said > 0 or (said == 0 and looks) else other


def _both(glyphs: Sequence[str]) -> tuple[str, str]:
    """The text, if brackets are called as they look, and if they are called what they mean."""
    kinds = "".join(map(side, glyphs))
    one: list[str] = []
    other: list[str] = []
    at = 0
    while run := _KEPT.search(kinds, at):
        start, end = run.span()
        # A bracket that opens inside a run closes inside it (rule N0).
        while end < len(glyphs) and glyphs[end] in _CLOSING and not _misnested("".join(glyphs[start : end + 1])):
            end += 1
        other.extend([*glyphs[at:start], "".join(glyphs[start:end])])
        one.extend([*(glyph.translate(_MIRRORED) for glyph in glyphs[at:start]), other[-1]])
        at = end
    other.extend(glyphs[at:])
    one.extend(glyph.translate(_MIRRORED) for glyph in glyphs[at:])
    return "".join(reversed(one)), "".join(reversed(other))


def _misnested(text: str) -> int:
    """How many brackets open or close nothing.

    >>> _misnested("a) b (c"), _misnested("(a) b")
    (2, 0)
    """
    waiting: list[str] = []
    wrong = 0
    for c in text:
        if c in _PAIRS:
            waiting.append(_PAIRS[c])
        elif c in _CLOSING:
            if waiting and waiting[-1] == c:
                waiting.pop()
            else:
                wrong += 1
    return wrong + len(waiting)
