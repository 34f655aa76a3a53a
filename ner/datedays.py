"""Months and days of months: 29 يونيو, أكتوبر/تشرين الأول 2015, الثامن عشر من مارس, 24/12/2008.

Every function takes an index of a piece and gives what begins there, or None.
"""

from __future__ import annotations

import re

from rawabit.ner import periods
from rawabit.ner.datewords import Hit, Look, Month
from rawabit.ner.dateyears import demonstrated, era, unit, year_head
from rawabit.ner.periods import Interval

__all__ = ["month_at", "month_day", "numeric", "ordinal_day", "whole_month"]

_NUMERIC = re.compile(r"(\d{1,2})[.](\d{1,2})[.](\d{4})|(\d{4})[.](\d{1,2})[.](\d{1,2})")


def month_at(look: Look, at: int) -> tuple[Month, int] | None:
    """A month's name, with its twin of another set: مارس/آذار, تشرين الثاني - نوفمبر."""
    first = _month_name(look, at)
    if first is None:
        return None
    month, stop = first
    for size, marks in ((1, {"/", "-"}), (0, set[str]()), (1, {"("})):
        if size and look.text(stop) not in marks:
            continue
        twin = _month_name(look, stop + size)
        if twin is None or twin[0].hijri or look.texts[at] == look.text(stop + size):
            continue
        close = look.text(stop) == "("
        if twin[0].number != month.number and not (size and look.text(stop) == "/" and not close):
            continue
        if close and look.text(twin[1]) != ")":
            continue
        return Month(month.number, False, False), twin[1] + close
    return first


def _month_name(look: Look, at: int) -> tuple[Month, int] | None:
    for size in (2, 1):
        if at + size <= len(look.texts):
            found = look.words.months.get(" ".join(look.texts[at : at + size]))
            if found is not None:
                return found, at + size
    return None


def whole_month(look: Look, at: int, day: int | None = None) -> Hit | None:
    """[شهر] month [من] [year] [الماضي]."""
    head = look.name("head", at) == "month"
    found = month_at(look, at + head)
    if found is None:
        return None
    month, stop = found
    certain = head or day is not None or not month.shy or look.among("shy.before", at - 1)
    certain = certain or look.get("edge", at - 1) is not None
    relative = look.get("relative", stop)
    if relative is not None:
        stop += 1
    year = _month_year(look, stop)
    if year is not None:
        stop, number, hijri = year
        hijri = hijri or (month.hijri and number is not None and number < 1600)
        later = look.get("relative", stop)
        stop += later in {-1, 0, 1} and number is not None
        if number is None:
            return Hit(stop, None, month.hijri)
        if hijri or month.hijri:
            return Hit(stop, periods.hijri(number, month.number, day), True)
        return Hit(stop, periods.day(number, month.number, day) if day else periods.month(number, month.number))
    if relative is None and not certain:
        return None
    if month.hijri:
        return Hit(stop, None, True)
    return Hit(stop, periods.nearest(look.published, month.number, day, relative))


def _month_year(look: Look, at: int) -> tuple[int, int | None, bool] | None:
    """The year after a month: next piece, number (None where it is open), Hijri."""
    after = at
    comma = look.text(after) == ","
    after += comma
    number = look.year_number(after)
    if number is not None and not look.counted(after + 1):
        stop, hijri = era(look, after + 1)
        return stop, number, hijri
    if comma:
        return None
    found = None
    of = look.among("joint.of", after)
    if look.text(after) in {"للعام", "لعام"}:
        number = look.year_number(after + 1)
        if number is not None:
            return after + 2, number, False
        relative = look.get("relative", after + 1)
        if relative is not None:
            days = periods.unit(look.published, "year", relative)
            return after + 2, days[0].year if days else None, False
        return None
    after += of
    if of and look.year_number(after) is not None:
        return after + 1, look.year_number(after), False
    found = year_head(look, after) or ((unit(look, after) or demonstrated(look, after)) if of else None)
    if (
        found is None
        or look.name("unit", after) in {"month", "week"}
        or look.name("unit", after + 1) in {"month", "week"}
    ):
        return None
    if found.hijri:
        return found.stop, look.year_number(found.stop - 2), True
    return found.stop, found.days[0].year if found.days else None, False


def month_day(look: Look, at: int) -> Hit | None:
    """29 يونيو, 10 وحتى 12 إبريل 2014, 22 الشهر الحالي, 30 الجاري."""
    text = look.text(at)
    if not (text.isdigit() and 1 <= len(text) <= 2 and 1 <= int(text) <= 31):
        return None
    first = day = int(text)
    stop = at + 1
    if look.among("joint.words", stop) or look.text(stop) == "و":
        after = stop + 1 + (look.text(stop + 1) in {"حتى", "الى"})
        second = look.text(after)
        if second.isdigit() and len(second) <= 2 and 1 <= int(second) <= 31 and month_at(look, after + 1):
            day, stop = int(second), after + 1
    found = _day_of(look, stop, day)
    if found is None or first == day:
        return found
    return Hit(found.stop, _stretch(found.days, first), found.hijri)


def _stretch(days: Interval, first: int) -> Interval:
    if days is None or first > days[0].day:
        return None
    return days[0].replace(day=first), days[1]


def _day_of(look: Look, at: int, day: int) -> Hit | None:
    """[من] [شهر] month, or the month before, of or after publication."""
    after = at + (look.text(at) == "من")
    found = whole_month(look, after, day)
    if found is not None:
        return found
    relative = None if look.text(at).endswith("ه") else look.get("relative", at)
    stop = at + 1
    if look.name("unit", after) == "month" and look.get("relative", after + 1) is not None:
        relative, stop = look.get("relative", after + 1), after + 2
    elif look.name("unit", after + 1) == "month" and look.get("demonstrative", after) is not None:
        relative, stop = look.get("demonstrative", after), after + 2
    if relative is None:
        return None
    days = periods.unit(look.published, "month", relative)
    return Hit(stop, periods.day(days[0].year, days[0].month, day) if days else None)


def ordinal_day(look: Look, at: int) -> Hit | None:
    """الثامن عشر من مارس, الحادي والعشرين من الشهر الجاري."""
    number = look.get("ordinal", at)
    stop = at + 1
    if number is None:
        number = look.get("tens", at)
        if number is None or number < 20:
            return None
    elif look.text(stop) in {"عشر", "عشره"}:
        number, stop = number + 10, stop + 1
    elif look.joined("tens", stop):
        number, stop = number + (look.joined("tens", stop) or 0), stop + 1
    if not 1 <= number <= 31 or look.text(stop) != "من":
        return None
    return _day_of(look, stop, number)


def numeric(look: Look, at: int) -> Hit | None:
    """24/12/2008, 1-1-2015, 2015-01-31, 30.06.2010."""
    whole = _NUMERIC.fullmatch(look.text(at))
    if whole:
        d, m, y, y2, m2, d2 = (int(x) if x else 0 for x in whole.groups())
        return _of_numbers(look, at + 1, [d, m, y] if y else [y2, m2, d2])
    mark = look.text(at + 1)
    if mark not in {"/", "-"} or look.text(at + 3) != mark:
        return None
    parts = [look.text(at), look.text(at + 2), look.text(at + 4)]
    if not all(part.isdigit() and len(part) <= 4 for part in parts) or sorted(map(len, parts))[1] > 2:
        return None
    if not any(len(part) == 4 for part in parts) and not (mark == "/" and len(parts[2]) == 2):
        return None
    return _of_numbers(look, at + 5, [int(part) for part in parts])


def _of_numbers(look: Look, stop: int, numbers: list[int]) -> Hit | None:
    if numbers[0] > 99:
        numbers.reverse()
    d, m, y = numbers
    if m > 12 >= d:  # 12/24/2008
        d, m = m, d
    if y < 100:
        y += 2000 if y < 50 else 1900
    stop, hijri = era(look, stop)
    if hijri or y < 1500:
        days = periods.hijri(y, m, d) if 1 <= m <= 12 and 1 <= d <= 30 else None
        return Hit(stop, days, True) if 1 <= m <= 12 and 1 <= d <= 30 else None
    found = periods.day(y, m, d)
    return Hit(stop, found) if found else None
