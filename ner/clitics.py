"""Where a name begins in a word that conjunctions and prepositions are written onto (``وبوتين``, ``للصين``)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache

from rawabit.ner.model import Span
from rawabit.ner.tables import load_table
from rawabit.ner.text import fold, fold_map, is_arabic

__all__ = ["name_start", "readings"]

_DATA = load_table("clitics")
_LETTERS = frozenset(_DATA["proclitic"])
_BEFORE = tuple(sorted(_DATA["combination"]["before_name"].split(), key=len))
_MERGED = tuple(sorted(_DATA["combination"]["merged"].split(), key=len))
_ARTICLE = "ال"
_SHORTEST = 2
_REMEMBERED = 32  # letters of a word whose readings are kept; a text whose blanks are lost is one long word
_NEVER_BEFORE_NAMES = "س"


def readings(word: str) -> tuple[tuple[int, str], ...]:
    """Ways to read a folded word as clitics and a rest: how many letters go, and the rest with its article given
    back. The whole word comes first, then the fewest letters.

    >>> readings("للصين")
    ((0, 'للصين'), (1, 'لصين'), (2, 'الصين'))
    >>> readings("موسكو")
    ((0, 'موسكو'),)
    """
    return _short(word) if len(word) <= _REMEMBERED else tuple(_readings(word))


@lru_cache(maxsize=65536)
def _short(word: str) -> tuple[tuple[int, str], ...]:
    return tuple(_readings(word))


def _readings(word: str) -> Iterator[tuple[int, str]]:
    yield 0, word
    if not word or word[0] not in _LETTERS:
        return
    for clitic in _BEFORE:
        if word.startswith(clitic) and len(word) - len(clitic) >= _SHORTEST:
            yield len(clitic), word[len(clitic) :]
    for clitic in _MERGED:
        if word.startswith(clitic) and len(word) - len(clitic) >= _SHORTEST:
            yield len(clitic), _ARTICLE + word[len(clitic) :]


def name_start(text: str, start: int, end: int, known: Callable[[str], bool]) -> int:
    """Offset at which the name in ``text[start:end]`` begins.

    A clitic goes where `known` accepts what it leaves (the whole span, or its first word) and does not accept the
    span as it stands; where it stands apart from another script (``لـ Musk``, ``بSpaceX``), it always goes. Where
    nothing is known, nothing goes, except before a single tatweel (``بـزيد``), which writers put after a clitic.

    Args:
        text: the document's text.
        start, end: span of the name with whatever is written onto it, code points, half open.
        known: whether a folded name is known.

    >>> name = lambda text, *names: text[name_start(text, 0, len(text), set(names).__contains__) :]
    >>> name("وبوتين", "بوتين"), name("للصين", "الصين"), name("وليد", "وليد", "ليد"), name("لـ Musk")
    ('بوتين', 'صين', 'وليد', 'Musk')
    """
    folded = fold_map(text[start:end])
    letters = folded.text
    if not letters or letters[0] not in _LETTERS:
        return start
    apart = _apart(text, start, end)
    if apart is not None:
        return apart
    size = next((i for i, char in enumerate(letters) if not is_arabic(char)), len(letters))
    word, tail = letters[:size], letters[size:]
    for cut, rest in readings(word):
        if known(rest + tail) or (tail and known(rest)) or (cut and rest.startswith(_ARTICLE) and known(rest[2:])):
            return start + folded.origin[cut] if cut else start
    if word[0] in _NEVER_BEFORE_NAMES and len(word) > 4 and (known(word[1:] + tail) or known(word[1:])):
        return start + folded.origin[1]
    return _after_tatweel(text, (start, end))


def _apart(text: str, start: int, end: int) -> int | None:
    """Start of what follows clitics that are not joined to an Arabic letter, or None."""
    at, letters = start, ""
    while at < end and (
        not (char := fold(text[at])) or (is_arabic(text[at]) and char in _LETTERS and len(letters) < 3)
    ):
        letters += char
        at += 1
    blank = at
    while at < end and (text[at].isspace() or not fold(text[at])):
        at += 1
    if at >= end or letters not in (*_BEFORE, *_MERGED) or not text[at].isalnum():
        return None
    if is_arabic(text[at]):
        return at if blank < at and "\u0640" in text[start:blank] else None
    return at


def _after_tatweel(text: str, span: Span) -> int:
    start, end = span
    at, letters = start, ""
    while at < end and is_arabic(text[at]) and len(letters) < 3:
        letters += fold(text[at])
        at += 1
    joined = letters in _BEFORE and text[at : at + 1] == "\u0640" and text[at + 1 : at + 2] != "\u0640"
    return at + 1 if joined and at + 2 < end and is_arabic(text[at + 1]) else start
