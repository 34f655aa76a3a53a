"""Intervals of whole days: years, months, quarters, decades, the Hijri calendar, and what lies beside a day.

An interval is a pair of days, both included; None where the words do not fix one.
"""

from __future__ import annotations

import calendar
import datetime as dt

from hijridate import Hijri

__all__ = [
    "Interval",
    "around",
    "century",
    "day",
    "decade",
    "hijri",
    "month",
    "months",
    "nearest",
    "part",
    "season",
    "third",
    "unit",
    "weekday",
    "year",
]

Interval = tuple[dt.date, dt.date] | None
_AHEAD = dt.timedelta(days=122)  # a date without a year lies at most so far ahead, else in the year before
_SEASON = {"winter": 12, "spring": 3, "summer": 6, "autumn": 9}  # first month, by meteorologists


def day(y: int, m: int, d: int) -> Interval:
    """One day, or None where there is none (30 February).

    >>> day(2016, 2, 30) is None
    True
    """
    try:
        date = dt.date(y, m, d)
    except ValueError:
        return None
    return date, date


def months(y: int, first: int, count: int) -> Interval:
    """`count` months from month `first` (1 to 12) of year `y`, perhaps into the next year."""
    last = first + count - 1
    to_year, to_month = y + (last - 1) // 12, (last - 1) % 12 + 1
    if not (y >= 1 and to_year <= 9999 and 1 <= first <= 12):
        return None
    return dt.date(y, first, 1), dt.date(to_year, to_month, calendar.monthrange(to_year, to_month)[1])


def month(y: int, m: int) -> Interval:
    """A month of a year."""
    return months(y, m, 1)


def year(y: int) -> Interval:
    """A whole year."""
    return months(y, 1, 12)


def part(y: int, number: int, of: int) -> Interval:
    """The `number`-th of `of` equal parts of a year: the third quarter is ``part(y, 3, 4)``; -1 is the last one."""
    number = of if number == -1 else number
    return months(y, (number - 1) * (12 // of) + 1, 12 // of) if 1 <= number <= of else None


def season(y: int, name: str) -> Interval:
    """A season of a year; winter begins in December of the year before, ``season`` in July."""
    if name == "season":
        return months(y, 7, 12)
    first = _SEASON[name]
    return months(y - (first == 12), first, 3)


def decade(first: int) -> Interval:
    """Ten years from `first`."""
    return months(first, 1, 120)


def century(number: int) -> Interval:
    """The `number`-th century, from 1901 for the twentieth."""
    return months(number * 100 - 99, 1, 1200)


def third(interval: Interval, which: int) -> Interval:
    """Beginning (0), middle (1) or end (2) of an interval: a third of its days.

    >>> third((dt.date(2021, 6, 1), dt.date(2021, 6, 30)), 2)
    (datetime.date(2021, 6, 21), datetime.date(2021, 6, 30))
    """
    if interval is None:
        return None
    start, end = interval
    days = (end - start).days + 1
    low, high = days * which // 3, days * (which + 1) // 3
    return start + dt.timedelta(days=low), start + dt.timedelta(days=max(low, high - 1))


def around(published: dt.date | None, days: int) -> Interval:
    """The day that lies `days` after publication."""
    if published is None:
        return None
    try:
        date = published + dt.timedelta(days=days)
    except OverflowError:
        return None
    return date, date


def weekday(published: dt.date | None, number: int, relative: int | None) -> Interval:
    """The weekday (Monday 0) on or before publication; before it for -1, after it for 1."""
    if published is None or relative == 9:
        return None
    back = (published.weekday() - number) % 7
    if relative == 1:
        return around(published, 7 - back if back else 7)
    return around(published, -(back or (7 if relative == -1 else 0)))


def unit(published: dt.date | None, name: str, relative: int) -> Interval:
    """The year, month, week, season … before (-1), of (0) or after (1) publication; None for an open one (9).

    A week begins on Monday. A season before or after is the nearest that is over or has not begun.
    """
    if published is None or relative == 9:
        return None
    y = published.year
    if name == "year":
        return year(y + relative)
    if name == "month":
        index = y * 12 + published.month - 1 + relative
        return month(index // 12, index % 12 + 1)
    if name == "week":
        monday = around(published, 7 * relative - published.weekday())
        sunday = around(published, 7 * relative - published.weekday() + 6)
        return (monday[0], sunday[0]) if monday and sunday else None
    if name == "decade":
        return decade(y // 10 * 10 + 10 * relative)
    if name == "century":
        return century((y + 99) // 100 + relative)
    found = [season(y + shift, name) for shift in (-2, -1, 0, 1, 2)]
    spans = [span for span in found if span]
    if relative == -1:
        return max((span for span in spans if span[1] < published), default=None)
    if relative == 1:
        return min((span for span in spans if span[0] > published), default=None)
    return max((span for span in spans if span[0] <= published + _AHEAD), default=None)


def nearest(published: dt.date | None, m: int, d: int | None, relative: int | None) -> Interval:
    """A month, or a day of it, without a year: the last that is not far ahead of publication.

    `relative` is -1 for the last that is over, 1 for the next, 0 for the one in the year of publication.
    """
    if published is None or relative == 9:
        return None
    spans = []
    for y in range(max(1, published.year - 8), published.year + 9):  # eight: 29 February
        span = day(y, m, d) if d else month(y, m)
        if span:
            spans.append(span)
    if relative == -1:
        return max((span for span in spans if span[1] < published), default=None)
    if relative == 1:
        return min((span for span in spans if span[0] > published), default=None)
    if relative == 0:
        return next((span for span in spans if span[0].year == published.year), None)
    return max((span for span in spans if span[0] <= published + _AHEAD), default=None)


def hijri(y: int, m: int | None = None, d: int | None = None) -> Interval:
    """A Hijri year, month or day (Umm al-Qura calendar); None outside 1343 to 1500.

    >>> hijri(1442, 9)
    (datetime.date(2021, 4, 13), datetime.date(2021, 5, 12))
    """
    try:
        if m is None:
            last = Hijri(y, 12, 1)
            first, end = Hijri(y, 1, 1), Hijri(y, 12, last.month_length())
        elif d is None:
            first = Hijri(y, m, 1)
            end = Hijri(y, m, first.month_length())
        else:
            first = end = Hijri(y, m, d)
        begin, stop = first.to_gregorian(), end.to_gregorian()
    except (ValueError, OverflowError):
        return None
    return dt.date(begin.year, begin.month, begin.day), dt.date(stop.year, stop.month, stop.day)
