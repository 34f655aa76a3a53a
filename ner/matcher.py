"""Longest known names in a run of tokens, with what is written onto their first and last word."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rawabit.ner.clitics import readings
from rawabit.ner.gazetteer import Form
from rawabit.ner.text import fold, is_arabic
from rawabit.ner.tokens import Kind, Token

__all__ = ["Match", "letter_offset", "matches"]

_SHORT_LATIN = 4
_GLUED = 4
_GLUED_ALONE = 6


@dataclass(frozen=True, slots=True)
class Match:
    """A known name in a text.

    Attributes:
        start, end: code points of the name itself, clitics left out, half open.
        first, last: indices of its tokens, half open.
        forms: every form of the same length that it may be.
        cut: folded letters of its first token that are clitics.
    """

    start: int
    end: int
    first: int
    last: int
    forms: tuple[Form, ...]
    cut: int = 0


def letter_offset(text: str, token: Token, cut: int) -> int:
    """Offset in `text` of the folded letter number `cut` of a token."""
    at, seen = token.start, 0
    while at < token.end and seen < cut:
        seen += len(fold(text[at]))
        at += 1
    while at < token.end and not fold(text[at]):
        at += 1
    return at


def matches(text: str, found: Sequence[Token], starts: Mapping[str, Sequence[Form]]) -> Iterator[Match]:
    """The longest known names that begin at each token, in order; they may overlap.

    Work is linear in the tokens: a token has at most a dozen readings, and a first word a bounded list of forms.

    Args:
        text: the document's text.
        found: tokens of one sentence.
        starts: folded first token to forms, longest first.
    """
    for i, token in enumerate(found):
        if token.kind is Kind.OTHER:
            continue
        best: Match | None = None
        for cut, word in readings(token.fold) if token.kind is Kind.ARABIC else ((0, token.fold),):
            rows = starts.get(word)
            match = _longest(text, found, i, cut, rows) if rows else None
            if match and (best is None or match.last > best.last):
                best = match
        if best is None and token.kind is Kind.ARABIC and len(token.fold) >= _GLUED_ALONE + 3:
            best = _glued_alone(text, token, i, starts)
        if best:
            yield best


def _longest(text: str, found: Sequence[Token], i: int, cut: int, rows: Sequence[Form]) -> Match | None:
    kept: list[Form] = []
    end = size = 0
    for form in rows:
        words = len(form.words)
        if kept and words < size:
            break
        if i + words > len(found):
            continue
        stop = _stop(text, found, i, form.words)
        if stop is None or not _cased(text, found[i : i + words], form.written):
            continue
        kept.append(form)
        end, size = stop, words
    if not kept:
        return None
    return Match(letter_offset(text, found[i], cut), end, i, i + size, tuple(kept), cut)


def _stop(text: str, found: Sequence[Token], i: int, words: Sequence[str]) -> int | None:
    """End of the name, where its words stand at `i`."""
    last = len(words) - 1
    for k in range(1, last + 1):
        token = found[i + k]
        if token.fold == words[k]:
            continue
        # "نيويورك تايمزوقالت": the blank before a conjunction is missing.
        rest = token.fold[len(words[k]) :]
        if (
            k == last
            and len(words[k]) >= _GLUED
            and token.fold.startswith(words[k])
            and rest[0] == "و"
            and len(rest) > 3
        ):
            return _prefix_end(text, token, len(words[k]))
        return None
    return found[i + last].end


def _cased(text: str, found: Sequence[Token], written: str) -> bool:
    """Latin names begin with a capital as the table does; short ones are all as the table has them."""
    first = found[0]
    if first.kind is not Kind.LATIN:
        return True
    shown = text[first.start : found[-1].end]
    if len(written) <= _SHORT_LATIN:
        return shown == written
    return shown[0].isupper() or shown == written or not written[0].isupper()


def _glued_alone(text: str, token: Token, i: int, starts: Mapping[str, Sequence[Form]]) -> Match | None:
    """A long single name that runs into the next word: ``أوكرانياوقال``."""
    at = token.fold.find("و", _GLUED_ALONE)
    while 0 < at <= len(token.fold) - 4:
        for cut, word in readings(token.fold[:at]):
            kept = [
                f for f in starts.get(word, ()) if len(f.words) == 1 and not f.ambiguous and len(word) >= _GLUED_ALONE
            ]
            if kept:
                start = letter_offset(text, token, cut)
                return Match(start, _prefix_end(text, token, at), i, i + 1, tuple(kept), cut)
        at = token.fold.find("و", at + 1)
    return None


def _prefix_end(text: str, token: Token, size: int) -> int:
    """End of the first `size` folded letters of a token."""
    at, seen = token.start, 0
    while at < token.end and (seen < size or not (fold(text[at]) and is_arabic(text[at]))):
        seen += len(fold(text[at]))
        at += 1
    return at
