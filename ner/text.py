"""Folding: one spelling for many, with the way back to the original offsets.

`fold` works on each code point by itself, so ``fold(a + b) == fold(a) + fold(b)``: a table and a text that are
folded by the same function meet, and a span of the folded text has exact ends in the original.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache

from rawabit.ner.model import Span

__all__ = ["INVISIBLE", "Folded", "fold", "fold_map", "is_arabic"]

INVISIBLE = "\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
"""Body of a regex class: soft hyphen, zero-width and bidirectional marks. They carry no letter."""

_WORD = 24  # code points of a text that is worth remembering
_INVISIBLE = frozenset(map(ord, re.findall(f"[{INVISIBLE}]", "".join(map(chr, range(0x10000))))))
_LETTERS = {
    "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه", "ؤ": "و", "ئ": "ي",
    "ی": "ي", "ې": "ي", "ے": "ي", "ک": "ك", "گ": "ك", "ہ": "ه", "ھ": "ه", "ۀ": "ه", "ە": "ه",
    "ڤ": "ف", "پ": "ب", "چ": "ج", "ژ": "ز", "ڨ": "ق",
    "٫": ".", "٬": ",", "٪": "%", "،": ",", "؛": ";", "؟": "?", "۔": ".",
    "“": '"', "”": '"', "„": '"', "‟": '"', "«": '"', "»": '"', "″": '"', "＂": '"',
    "‘": "'", "’": "'", "‚": "'", "‛": "'", "`": "'", "´": "'", "ʼ": "'", "ʻ": "'", "ʿ": "'", "ʾ": "'",
    "–": "-", "—": "-", "‒": "-", "―": "-", "−": "-", "‐": "-", "‑": "-",
}  # fmt: skip


@lru_cache(maxsize=8192)
def _fold_char(char: str) -> str:
    code = ord(char)
    if 0x61 <= code <= 0x7A or 0x30 <= code <= 0x39 or code == 0x20:
        return char
    if code in _INVISIBLE or code == 0x0640:
        return ""
    if 0xD800 <= code <= 0xDFFF:
        return char
    if char in _LETTERS:
        return _LETTERS[char]
    if char.isspace():
        return " "
    out = []
    for c in unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", char).casefold()):
        category = unicodedata.category(c)
        if category in {"Mn", "Me"} or c == "\u0640":
            continue
        if category == "Nd":
            out.append(str(unicodedata.digit(c)))
        elif c.isspace():
            out.append(" ")
        else:
            out.append(_LETTERS.get(c, c))
    return "".join(out)


def fold(text: str) -> str:
    """One spelling for many: NFKC, no diacritics, tatweel, zero-width or bidi marks, one form of alef, ya, ta
    marbuta and hamza seats, ASCII digits and punctuation, Latin in lower case without accents.

    >>> fold("أُكْتوبــر ٢٠٢٢، Zürich")
    'اكتوبر 2022, zurich'
    """
    return _fold_word(text) if len(text) <= _WORD else _fold(text)


def _fold(text: str) -> str:
    return "".join(map(_fold_char, text))


_fold_word = lru_cache(maxsize=65536)(_fold)  # a language has few words, and each stage folds each of them


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text with the way back.

    Attributes:
        text: the folded text.
        origin: for each folded code point the index of the original one it came from, ascending.
        length: of the original.
    """

    text: str
    origin: tuple[int, ...]
    length: int

    def span(self, start: int, end: int) -> Span:
        """Original span of the folded run ``[start, end)``, which must not be empty."""
        if not 0 <= start < end <= len(self.text):
            raise ValueError(f"no such run: {start}, {end}")
        return self.origin[start], self.origin[end - 1] + 1

    def index(self, original: int) -> int:
        """First folded index that came from the original offset `original` or a later one."""
        return bisect_right(self.origin, original - 1)


def fold_map(text: str) -> Folded:
    """`fold` with the way back.

    >>> folded = fold_map("قالﷺ ﻻ")
    >>> i = folded.text.index("لا")
    >>> folded.span(folded.text.rindex("لا"), folded.text.rindex("لا") + 2)
    (5, 6)
    """
    out: list[str] = []
    origin: list[int] = []
    for i, char in enumerate(text):
        folded = _fold_char(char)
        out.append(folded)
        origin.extend([i] * len(folded))
    return Folded("".join(out), tuple(origin), len(text))


def is_arabic(char: str) -> bool:
    """Whether a code point is an Arabic letter (digits and marks are not)."""
    code = ord(char)
    return (
        (0x0620 <= code <= 0x064A and code != 0x0640)
        or 0x066E <= code <= 0x06D3
        or code == 0x06D5
        or 0x06FA <= code <= 0x06FF
        or 0x0750 <= code <= 0x077F
        or 0x08A0 <= code <= 0x08C9
        or 0xFB50 <= code <= 0xFD3D
        or 0xFD50 <= code <= 0xFDFB
        or 0xFE70 <= code <= 0xFEFC
    ) and not unicodedata.category(char).startswith("M")
