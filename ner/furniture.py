"""Web furniture: what surrounds an article on its page, found so that nothing is read out of it.

Precision goes first: a run is cut where its words leave no doubt, and a sentence of the article never. The words are
in ``data/furniture.toml``; here is the grammar: where on a line, and where in a text, they count.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from rawabit.ner.model import Span
from rawabit.ner.tables import load_table
from rawabit.ner.text import Folded, fold, fold_map

__all__ = ["find_furniture"]

_TABLE: dict[str, Any] = load_table("furniture")


def _phrases(section: str) -> list[str]:
    """Folded, longest first, so that an alternation takes the whole phrase."""
    rows = _TABLE[section]
    words = rows["names"] if isinstance(rows, dict) else [row["phrase"] for row in rows]
    return sorted({" ".join(fold(word).split()) for word in words}, key=lambda w: (-len(w), w))


def _any(words: list[str], letters: bool = False) -> str:
    """Alternation of phrases; with `letters`, single letters may have full stops and blanks between them."""
    parts = []
    for word in words:
        if letters:
            pieces = word.split(" ")
            short = all(len(piece) <= 2 for piece in pieces)
            parts.append((r"\s{0,2}\.?\s{0,2}" if short else r"\s{1,2}").join(map(re.escape, pieces)))
        else:
            parts.append(r"\s{1,3}".join(map(re.escape, word.split(" "))))
    return "(?:" + "|".join(parts) + ")"


_EDGE = " \t\xa0*:;,.|-_•·/\\<>[]{}()\"'+=!?…›»«‹→←↑#&"
"""What may stand around the words of a lone line."""

_LONE = frozenset(_phrases("line"))
_FORM = frozenset(_phrases("form"))
_RELATED = frozenset(_phrases("related"))
_MENU = frozenset(_phrases("menu"))
_DATES = frozenset(_phrases("dates"))
_TITLES = frozenset(_phrases("titles"))
_LONGEST = max(map(len, _LONE | _FORM | _RELATED | _MENU)) + 20
_REPLY = frozenset(
    " ".join(fold(row["phrase"]).split())
    for row in _TABLE["line"]
    if any(word in row["reading"] for word in ("comment", "reply"))
)

_ANYWHERE = re.compile(rf"{_any(_phrases('anywhere'))}(?:[ .]{{0,2}}\*)?[ .]?")
_OPENING = re.compile(rf"[ *•·|>\[(-]{{0,6}}({_any(_phrases('opening'))})")
_LIMITS = {" ".join(fold(row["phrase"]).split()): int(row["limit"]) for row in _TABLE["opening"]}
_TAGS = re.compile(_any(_phrases("tag_list")))
_ITEM = re.compile(_any(_phrases("tag_item")))

_END = r"(?![^\W\d_])"
_CITY = _any(_phrases("cities"))
_AGENCY = _any(_phrases("agency"), letters=True)
_PAPER = rf"""["'(]{{1,2}} ?{_any(_phrases("paper"))} ?["')]{{1,2}}"""
_SOURCES = rf"(?:{_PAPER}|\( ?{_AGENCY}(?:\s?[,./\s-]\s?و?{_AGENCY}){{0,3}}[ .]{{0,3}}\)?|{_AGENCY}{_END})"
_CITIES = rf"{_CITY}(?: ?[,/-] ?{_CITY}| و{_CITY}){{0,3}}{_END}"
_WORD = r"[^\W\d_]{2,14}"
_NAME = rf"{_WORD}(?: {_WORD}){{1,3}}"

_DATELINE = re.compile(
    rf"\s*(?:{_CITIES} ?[-:,/]?\s?(?:{_NAME} ?[-,/] ?)?{_SOURCES}(?: ?[-,/و]{{1,2}} ?{_SOURCES}){{0,2}}"
    rf"|(?:{_SOURCES}|{_any(_phrases('paper'))}) ?[-/] ?{_CITIES}(?=\s*[-:]|\s*$)"
    rf")(?:\s?[-:/.]{{1,2}})?"
)
"""City and source: ``دبي - رويترز``, ``القاهرة (أ ف ب) -``, ``عواصم: «الخليج»، وكالات:``."""
_REPORTER = re.compile(rf"\s*{_CITIES} ?(?P<mark>[-:/]) ?(?P<name>{_NAME})(?P<end> ?: ?|\s*$)")
"""City and reporter, up to a colon or the end of the line: ``أبوظبي - فلان الفلاني:``."""
_BYLINE = re.compile(
    rf"\s*(?:{_any(_phrases('bylines'))}) ?(?P<mark>[:/-]?) ?(?P<name>{_NAME}(?:, ?{_NAME})?)(?P<end> ?[:-] ?|\s*$)"
)
_CREDIT = re.compile(
    rf"\( ?{_AGENCY}(?:\s?[,./\s-]{{1,2}}\s?و?{_AGENCY}){{0,3}}[ .]{{0,3}}(?:\)|$)(?:\s?\.(?=\s*$))?"
    rf"(?P<next>\s?{_CITIES}(?: ?- ?{_SOURCES})? ?:)?"
)
"""Agencies in brackets, and the dateline of the next item of a round-up: ``(د ب أ) بغداد:``."""
_ALONE = re.compile(rf"[\W_]*{_AGENCY}(?:[\W_]{{0,3}}{_AGENCY}){{0,3}}[\W_]*")


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    folded: Folded
    bare: str

    @property
    def text(self) -> str:
        return self.folded.text

    def span(self, start: int, end: int) -> Span:
        a, b = self.folded.span(start, end)
        # Vowel signs, tatweel and invisible marks fold to nothing; those after the last letter belong to it.
        origin = self.folded.origin
        b = max(b, origin[end] if end < len(origin) else self.folded.length)
        return self.start + (a if start else 0), self.start + b

    @property
    def whole(self) -> Span:
        """Without the blanks around it."""
        text = self.text
        left = len(text) - len(text.lstrip())
        return self.span(left, len(text.rstrip()))


def find_furniture(text: str) -> tuple[Span, ...]:
    """Runs of web furniture, in order, disjoint, code points into `text`.

    Menus and lone names of sections above the article; datelines and bylines at its beginning; tag lists; credits of
    agencies and photographers; share, subscribe and read-also lines; copyright; comment forms; links to other
    articles. Time is linear in the length of `text`.

    >>> text = "دبي - رويترز: أعلنت الشركة أرباحها.\\nاقرأ أيضاً: أرباح الشركات"
    >>> [text[a:b] for a, b in find_furniture(text)]
    ['دبي - رويترز:', 'اقرأ أيضاً: أرباح الشركات']
    """
    lines = list(_lines(text))
    found: list[Span] = []
    found.extend(_head(lines))
    found.extend(_body(lines))
    return _merged(text, found)


def _lines(text: str) -> Iterator[_Line]:
    """Lines that hold anything."""
    for match in re.finditer("[^\n\r\u2028\u2029\x0b\x0c\x85]+", text):
        folded = fold_map(match.group())
        if folded.text.strip():
            bare = folded.text[: _LONGEST + 1].strip(_EDGE) if len(folded.text) <= _LONGEST else ""
            yield _Line(match.start(), folded, " ".join(bare.split()))


def _head(lines: list[_Line]) -> Iterator[Span]:
    """What stands above the article: sections, dateline, byline, date; at most a headline between them."""
    dated, top = False, True
    for i, line in enumerate(lines[:8]):
        if top and (line.bare in _MENU or _is_menu(line.text)) and len(lines) > 1:
            yield line.whole
            continue
        top = False
        if dated and _is_date(line.bare):
            yield line.whole
            continue
        if _is_bracketed(line.text) and i + 1 < len(lines):
            yield line.whole
            dated = True
            continue
        end = _dateline(line.text, first=i == 0, last=i + 1 == len(lines))
        if end:
            start = len(line.text) - len(line.text.lstrip())
            yield line.span(start, end)
            dated = True
            if end < len(line.text.rstrip()):
                return
            continue
        if _ALONE.fullmatch(line.text[:60]) and len(line.text) <= 60 and i + 1 < len(lines):
            yield line.whole
            dated = True
            continue
        if len(line.text) > 160:  # the article has begun
            return


def _is_bracketed(text: str) -> bool:
    """A line that is a dateline in brackets: ``(القاهرة - فلان الفلاني)``."""
    inner = text.strip()
    if len(inner) > 60 or inner[:1] not in "([" or inner[-1:] not in ")]":
        return False
    return _dateline(inner[1:-1], first=False, last=False) == len(inner) - 2


def _dateline(text: str, first: bool, last: bool) -> int:
    """Where the dateline or byline that `text` begins with ends; 0 where it begins with none."""
    match = _DATELINE.match(text)
    if match:
        # City and agency without any mark between them and the sentence could be its subject: رويترز قالت …
        sure = not match.group()[-1].isalpha() or match.end() >= len(text.rstrip())
        return match.end() if sure else 0
    short = len(text) < 60 and not last
    for pattern in (_REPORTER, _BYLINE):
        match = pattern.match(text)
        if match and not _TITLES & set(match["name"].split()):
            closed = ":" in match["end"] or "-" in match["end"]
            rest = len(text) - match.end()
            # A colon with a short rest is a headline that quotes somebody; two names on the first line may be one
            # about a match (برشلونة - ريال مدريد).
            if closed and (rest > 120 or (not rest and short)):
                return match.end() - (len(match["end"]) - len(match["end"].rstrip()))
            by = pattern is _BYLINE and match["mark"]
            if not closed and short and len(match["name"].split()) <= 3 and (by or not first):
                return match.end() - (len(match["end"]) - len(match["end"].rstrip()))
    return 0


def _is_date(bare: str) -> bool:
    pieces = re.findall(r"[^\W\d_]+|\d+", bare)
    return any(p.isdigit() for p in pieces) and all(p in _DATES or (p.isdigit() and len(p) <= 4) for p in pieces)


def _body(lines: list[_Line]) -> Iterator[Span]:
    form = False
    menu: list[Span] = []
    quiet = _quiet_tail(lines)
    for i, line in enumerate(lines):
        if line.bare in _MENU:
            menu.append(line.whole)
            if len(menu) >= 3:
                yield from menu[-3:]
        else:
            menu = []
        whole, form = _whole_line(line, form)
        dateline = _DATELINE.fullmatch(line.text.strip()) if len(line.text) <= 60 else None
        if whole or (dateline and i + 1 < len(lines)):
            yield line.whole
        elif line.bare in _RELATED:
            yield line.whole
            if i + 1 >= quiet:
                for other in lines[i + 1 :]:
                    yield other.whole
                return
        else:
            yield from _inside(line)


def _quiet_tail(lines: list[_Line]) -> int:
    """First of the last lines that are all headlines: short, and without the full stop of a sentence."""
    first = len(lines)
    while first and len(lines[first - 1].text) <= 130 and lines[first - 1].text.rstrip()[-1:] not in '.!?"':
        first -= 1
    return first


def _whole_line(line: _Line, form: bool) -> tuple[bool, bool]:
    """Whether the whole line goes, and whether the next one is inside a comment form."""
    if line.bare in _LONE:
        return True, line.bare in _REPLY
    if form and line.bare in _FORM:
        return True, True
    match = _OPENING.match(line.text)
    if match and len(line.text.strip()) <= _LIMITS[" ".join(match.group(1).split())]:
        rest = line.text[match.end() : match.end() + 1]
        if not rest.isalpha():
            return True, False
    if _is_menu(line.text):
        return True, False
    ends = [match.end() for match in _ANYWHERE.finditer(line.text)]
    return False, bool(ends) and not line.text[ends[-1] :].strip(_EDGE)


def _is_menu(text: str) -> bool:
    """Names of sections in one line, with marks between them."""
    if len(text) > 300:
        return False
    parts = [" ".join(part.split()) for part in re.split(r"[|/>•·\t\"›]| {3,}| - ", text)]
    parts = [part for part in parts if part]
    known = sum(part in _MENU for part in parts)
    return known >= 3 and 2 * known >= len(parts)


def _inside(line: _Line) -> Iterator[Span]:
    """Furniture within a line: fixed phrases, tag lists, credits."""
    text = line.text
    for match in _ANYWHERE.finditer(text):
        yield line.span(match.start(), match.start() + len(match.group().rstrip()))
    tags = _TAGS.search(text)
    if tags:
        yield line.span(tags.start(), len(text.rstrip()))
    else:
        items = [match.start() for match in _ITEM.finditer(text)]
        close = items and items[0] <= 40 and len(text) - items[-1] <= 40
        if close and len(items) >= 4 and all(b - a <= 40 for a, b in pairwise(items)):
            yield line.whole
    for match in _CREDIT.finditer(text):
        before = text[: match.start()].rstrip()[-1:]
        after = text[match.end() :].strip(" ._-")[:1]
        # After the end of a sentence it is a credit; after a word it explains the word: الوكالة الألمانية (د ب أ).
        if (not before or before in ".!?\"')…") and (not after or match["next"] or before in ".!?"):
            yield line.span(match.start(), match.end())


def _merged(text: str, spans: list[Span]) -> tuple[Span, ...]:
    """Sorted and disjoint; those with nothing but blanks between them are one."""
    out: list[Span] = []
    for start, end in sorted(spans):
        if out and (start <= out[-1][1] or not text[out[-1][1] : start].strip()):
            out[-1] = out[-1][0], max(out[-1][1], end)
        else:
            out.append((start, end))
    return tuple(out)
