"""Tokens and sentences with offsets, on real text: glued words, decimals, two scripts in one line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from rawabit.ner.model import Span
from rawabit.ner.tables import load_table
from rawabit.ner.text import INVISIBLE, fold

__all__ = ["Kind", "Token", "sentences", "tokens"]


class Kind(StrEnum):
    """Script of a token."""

    ARABIC = "arabic"
    LATIN = "latin"
    NUMBER = "number"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Token:
    """A run of one script. ``text[start:end]`` is the token; `fold` is its folded form (`rawabit.ner.text.fold`)."""

    start: int
    end: int
    fold: str
    kind: Kind


_AR = "\u0620-\u063f\u0641-\u064a\u066e\u066f\u0671-\u06d3\u06d5\u06ee\u06ef\u06fa-\u06ff\u0750-\u077f\u08a0-\u08c9"
_AR += "\ufb50-\ufd3d\ufd50-\ufdfb\ufe70-\ufefc"
_MARK = "\u0640\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed"
_MARK += "\u08ca-\u08e1\u08e3-\u08ff"
_LATIN = "A-Za-z\u00aa\u00b5\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff\uff21-\uff3a\uff41-\uff5a"
_DIGIT = "0-9\u0660-\u0669\u06f0-\u06f9\uff10-\uff19"
_TOKEN = re.compile(
    f"(?P<arabic>[{_AR}](?:[{_AR}{_MARK}]|[{INVISIBLE}]+(?=[{_AR}{_MARK}]))*)"
    f"|(?P<number>[{_DIGIT}]+(?:[.,\u066b\u066c\u060c][{_DIGIT}]+)*)"
    f"|(?P<latin>[{_LATIN}](?:[{_LATIN}{_DIGIT}\u0300-\u036f]|[&'’\\-.@](?=[{_LATIN}{_DIGIT}])|[{INVISIBLE}]+(?=[{_LATIN}]))*)"
    f"|(?P<other>[^\\s{INVISIBLE}])"
)
_LINE_ENDS = frozenset("\n\r\u2028\u2029\x0b\x0c\x85")
_KIND = {k.value: k for k in Kind}


def tokens(text: str, start: int = 0, end: int | None = None) -> Iterator[Token]:
    """Tokens of ``text[start:end]`` in order, offsets into `text`.

    A token is a run of Arabic letters (marks, tatweel and inner zero-width marks with it), a Latin word or name
    (``SpaceX``, ``F-16``, ``AT&T``), a number with its inner separators (``3.5``, ``٣٫٥``), or one other code
    point. Scripts never share a token: ``وSpaceX`` is two, ``10.21مليون`` is two.

    >>> text = "وSpaceX أنفقت 3.5مليون"
    >>> [text[t.start : t.end] for t in tokens(text)]
    ['و', 'SpaceX', 'أنفقت', '3.5', 'مليون']
    """
    for match in _TOKEN.finditer(text, start, len(text) if end is None else end):
        yield Token(match.start(), match.end(), fold(match.group()), _KIND[match.lastgroup or "other"])


_BREAK = re.compile(
    f"[\n\r\u2028\u2029\x0b\x0c\x85]+"
    f"|(?<![.!?\u061f\u2026\u06d4])[.!?\u061f\u2026\u06d4]++[\"'”’»)\\]}}\u200f\u200e]*+(?=\\s|$)"
    f'|(?<=[\\s{_AR}{_MARK}{_DIGIT}"”»)\\]%][.!?\u061f\u06d4])(?=[{_AR}«“"(])'
)
_WORDS = load_table("abbreviations")
_INITIAL = re.compile(f"(?:^|[\\s(«“\"'.])(?:[{_AR}{_LATIN}]|{'|'.join(_WORDS['initials'] + _WORDS['titles'])})\\.$")


def sentences(text: str, holes: Sequence[Span] = ()) -> tuple[Span, ...]:
    """Spans of sentences in order, without surrounding blanks.

    A line end always ends a sentence; so do ``. ! ? ؟ …`` before a blank, and before an Arabic letter that is glued
    to them (``2016.وقالت``); not inside a number, and not after an initial (``جي. كيه. رولينج``, ``ا.ف.ب``).
    Runs in `holes` (furniture) belong to no sentence.

    >>> text = "بلغت 3.5 مليون.وقال جي. كيه: نعم"
    >>> [text[a:b] for a, b in sentences(text)]
    ['بلغت 3.5 مليون.', 'وقال جي. كيه: نعم']
    """
    out: list[Span] = []
    cuts = sorted(holes)
    begin = 0
    for hole_start, hole_end in [*cuts, (len(text), len(text))]:
        if hole_start > begin:
            out.extend(_split(text, begin, hole_start))
        begin = max(begin, hole_end)
    return tuple(out)


def _split(text: str, begin: int, end: int) -> Iterator[Span]:
    start = begin
    for match in _BREAK.finditer(text, begin, end):
        stop = match.end()
        line = "\n\r\u2028\u2029\x0b\x0c\x85"
        if match.group()[:1] not in line or not match.group():
            head = (
                text[max(start, stop - 8) : match.start() + 1] if match.group() else text[max(start, stop - 8) : stop]
            )
            if _INITIAL.search(head):
                continue
        yield from _trim(text, start, stop)
        start = stop
    yield from _trim(text, start, end)


def _trim(text: str, start: int, end: int) -> Iterator[Span]:
    while start < end and (text[start].isspace() or fold(text[start]) == ""):
        start += 1
    while end > start and (text[end - 1].isspace() or fold(text[end - 1]) == ""):
        end -= 1
    if start < end:
        yield start, end
