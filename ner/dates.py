"""Calendar expressions by rules: ``29 يونيو``, ``أكتوبر/تشرين الأول 2015``, ``أواخر العام الماضي``, ``1442 هـ``.

Durations, ages, clock times and ``قبل أيام`` are no dates. What is relative leans on the day of publication.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence

from rawabit.ner import periods
from rawabit.ner.datedays import month_at, month_day, numeric, ordinal_day, whole_month
from rawabit.ner.datewords import DateWords, Hit, Look, datewords
from rawabit.ner.dateyears import bare_year, decade, demonstrated, fraction, nine_months, unit, year_head
from rawabit.ner.line import Line, cut
from rawabit.ner.model import Date, Label, Mention, Span

__all__ = ["find_dates"]


def find_dates(text: str, sentences: Sequence[Span], published: dt.date | None) -> list[Mention]:
    """DATE mentions in order, each inside one sentence, none overlapping another.

    Args:
        text: of the document, untouched.
        sentences: spans in order, not overlapping.
        published: day of publication; without it what is relative has no interval.

    >>> text = "قال أمس الأحد إن العمل يبدأ في 3 مايو/أيار المقبل"
    >>> for m in find_dates(text, [(0, len(text))], dt.date(2016, 2, 1)):
    ...     print(m.text, m.value.start, m.value.end)
    أمس الأحد 2016-01-31 2016-01-31
    3 مايو/أيار المقبل 2016-05-03 2016-05-03
    """
    words = datewords()
    out: list[Mention] = []
    for start, end in sentences:
        line = cut(text, start, end, words.anchors)
        if line.pieces:
            out.extend(_mentions(line, published, words))
    return out


def _mentions(line: Line, published: dt.date | None, words: DateWords) -> Iterator[Mention]:
    look = Look(line, [piece.text for piece in line.pieces], published, words)
    at, last = 0, -9
    while at < len(line.pieces):
        piece, shed, texts = line.pieces[at], 0, look.texts
        if piece.kind == "w":
            if piece.text not in words.starters:
                at += 1
                continue
            texts[at], shed = words.starters[piece.text]
            look.attached = shed > 0
            hit = _words_at(look, at)
            texts[at], look.attached = piece.text, False
        elif piece.kind == "n":
            hit = _number_at(look, at, last)
        else:
            hit = None
        if hit is None or hit.stop <= at:
            at += 1
            continue
        start, end = line.span(piece.start + shed, line.pieces[hit.stop - 1].end)
        written = line.source[start:end]
        first, final = hit.days or (None, None)
        value = Date(first, final, written, "hijri" if hit.hijri else "gregorian")
        yield Mention(start, end, written, Label.DATE, value)
        at = last = hit.stop


def _words_at(look: Look, at: int) -> Hit | None:
    for read in (
        _deictic,
        _week_day,
        _part_of_day,
        _edged,
        _named_day,
        _period,
        ordinal_day,
    ):
        hit = read(look, at)
        if hit is not None:
            return hit
    return None


def _deictic(look: Look, at: int) -> Hit | None:
    """اليوم, أمس الأول, أمس (الجمعة)."""
    stop = at
    shift: int | None = None
    for size in (3, 2):
        shift = look.words.tables["days"].get(" ".join(look.texts[at : at + size]))
        if shift is not None and at + size <= len(look.texts):
            stop = at + size
            break
    if shift is None:
        shift = look.get("day", at)
        stop = at + 1
        if shift is None or look.among("day_not.before", at - 1):
            return None
        if shift == 0 and look.among("day_not.next", stop):
            return Hit(stop + 1, None)
        if look.text(at) == "اليوم" and (look.get("ordinal", stop) or look.among("day_not.after", stop)):
            return None
        timed = look.attached or look.timed(at) or look.text(at - 1) == "يوم" or look.among("part.words", at - 1)
        if look.among("day_not.names", at) and not timed:
            return None
    after, close = stop, 0
    if look.text(after) in {"(", '"'}:
        after, close = after + 1, 1
    if look.get("weekday", after) is not None and (not close or look.text(after + 1) in {")", '"'}):
        stop = after + 1 + close
    return Hit(stop, periods.around(look.published, shift))


def _week_day(look: Look, at: int) -> Hit | None:
    """الخميس الماضي, الأحد 3 إبريل 2010, الخميس/الجمعة."""
    number = look.get("weekday", at)
    if number is None or look.among("weekdays_not.words", at - 1):
        return None
    stop = at + 1
    if look.text(stop) == "/" and look.get("weekday", stop + 1) is not None:
        return Hit(stop + 2, periods.weekday(look.published, number, None))
    relative = look.get("relative", stop)
    if relative is not None:
        stop += 1
    for skip in (0, 1, 2):
        here = stop + skip
        if skip and not (look.among("joint.agree", stop) or look.text(stop) in {",", "("}):
            break
        if skip == 2 and not (look.text(here - 1) in look.words.lists["joint.agree"] or look.text(here - 1) == "يوم"):
            break
        dated = month_day(look, here) or ordinal_day(look, here) or numeric(look, here)
        if dated is not None:
            return dated
    return Hit(stop, periods.weekday(look.published, number, relative))


def _part_of_day(look: Look, at: int) -> Hit | None:
    """صباح أمس, ليل الثلاثاء/الأربعاء."""
    if not look.among("part.words", at) or "\u0651" in look.line.written(look.line.pieces[at]):
        return None  # فجّر is a verb
    after = at + 1 + (look.text(at + 1) == "يوم")
    return _deictic(look, after) or _week_day(look, after)


def _edged(look: Look, at: int) -> Hit | None:
    """نهاية عام 2016, أوائل الشهر الماضي."""
    which = look.get("edge", at)
    if which is None:
        return None
    skip = 1 + (look.text(at + 1) in {"شهر", "شهري"} and month_at(look, at + 2) is not None)
    core = _period(look, at + skip) or _period(look, at + 1)
    if core is None and look.line.pieces[at + 1 : at + 2] and look.line.pieces[at + 1].kind == "n":
        core = bare_year(look, at + 1)
    if core is None and look.name("unit", at + 1) and look.text(at) not in {"اول", "اخر"}:
        core = Hit(at + 2, periods.unit(look.published, str(look.name("unit", at + 1)), 0))
    if core is None:
        return None
    return Hit(core.stop, periods.third(core.days, which), core.hijri)


def _named_day(look: Look, at: int) -> Hit | None:
    """يوم الخميس, يوم أمس, يومي 27 و28 فبراير."""
    if look.name("head", at) != "day":
        return None
    after = at + 1
    hit = _deictic(look, after) or _week_day(look, after) or month_day(look, after) or ordinal_day(look, after)
    if hit is not None:
        return hit
    return numeric(look, after)


def _period(look: Look, at: int) -> Hit | None:
    """A year, month, week, quarter, season, decade or century."""
    reads: tuple[Callable[[Look, int], Hit | None], ...] = (
        whole_month, year_head, demonstrated, unit, fraction, nine_months, decade,
    )  # fmt: skip
    for read in reads:
        hit = read(look, at)
        if hit is not None:
            return hit
    return None


def _number_at(look: Look, at: int, last: int) -> Hit | None:
    if at and look.line.pieces[at - 1].end == look.line.pieces[at].start and look.line.pieces[at - 1].kind == "l":
        return None
    return month_day(look, at) or numeric(look, at) or bare_year(look, at, last)
