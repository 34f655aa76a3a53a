"""Calendar expressions by rules: ``29 يونيو``, ``أكتوبر/تشرين الأول 2015``, ``أواخر العام الماضي``, ``1442 هـ``.

Durations, ages, clock times and ``قبل أيام`` are no dates. What is relative leans on the day of publication.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rawabit.ner import periods
from rawabit.ner.datewords import DateWords, Month, datewords
from rawabit.ner.line import Line, cut
from rawabit.ner.model import Date, Label, Mention, Span
from rawabit.ner.periods import Interval

__all__ = ["find_dates"]

_NUMERIC = re.compile(r"(\d{1,2})[.](\d{1,2})[.](\d{4})|(\d{4})[.](\d{1,2})[.](\d{1,2})")


class _Hit(NamedTuple):
    """The piece after an expression, its days, and whether it is Hijri."""

    stop: int
    days: Interval
    hijri: bool = False


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
    reader = _Reader(line, [piece.text for piece in line.pieces], published, words)
    at, last = 0, -9
    while at < len(line.pieces):
        piece, shed, texts = line.pieces[at], 0, reader.texts
        if piece.kind == "w":
            if piece.text not in words.starters:
                at += 1
                continue
            word, shed = words.starters[piece.text]
            texts[at], piece_text = word, texts[at]
            hit = reader.words_at(at)
            texts[at] = piece_text
        elif piece.kind == "n":
            hit = reader.number_at(at, last)
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


@dataclass(slots=True)
class _Reader:
    """Reads one line; every method takes an index of a piece and gives what begins there, or None."""

    line: Line
    texts: list[str]
    published: dt.date | None
    words: DateWords

    def text(self, at: int) -> str:
        return self.texts[at] if 0 <= at < len(self.texts) else ""

    def get(self, table: str, at: int) -> int | None:
        return self.words.tables[table].get(self.text(at))

    def name(self, table: str, at: int) -> str | None:
        return self.words.tables[table].get(self.text(at))

    def among(self, key: str, at: int) -> bool:
        return self.text(at) in self.words.lists[key]

    # -- what begins with a word

    def words_at(self, at: int) -> _Hit | None:
        for read in (self.deictic, self.week_day, self.part_of_day, self.edged, self.named_day, self.period, self.ordinal_day):
            hit = read(at)
            if hit is not None:
                return hit
        return None

    def deictic(self, at: int) -> _Hit | None:
        """اليوم, أمس الأول, أمس (الجمعة)."""
        stop = at
        shift: int | None = None
        for size in (3, 2):
            shift = self.words.tables["days"].get(" ".join(self.texts[at : at + size]))
            if shift is not None:
                stop = at + size
                break
        if shift is None:
            shift = self.get("day", at)
            stop = at + 1
            if shift is None or (shift == 1 and self.text(at) == "غد" and self.text(at - 1) == "بعد"):
                return None
        after, close = stop, 0
        if self.text(after) in {"(", '"'}:
            after, close = after + 1, 1
        if self.get("weekday", after) is not None and (not close or self.text(after + 1) in {")", '"'}):
            stop = after + 1 + close
        return _Hit(stop, periods.around(self.published, shift))

    def week_day(self, at: int) -> _Hit | None:
        """الخميس الماضي, الأحد 3 إبريل 2010, الخميس/الجمعة."""
        number = self.get("weekday", at)
        if number is None or self.among("weekdays_not.words", at - 1):
            return None
        stop = at + 1
        if self.text(stop) == "/" and self.get("weekday", stop + 1) is not None:
            return _Hit(stop + 2, periods.weekday(self.published, number, None))
        relative = self.get("relative", stop)
        if relative is not None:
            stop += 1
        for skip in (0, 1, 2):
            here = stop + skip
            if skip and not (self.among("joint.agree", stop) or self.text(stop) in {",", "("}):
                break
            if skip == 2 and not (self.text(here - 1) in self.words.lists["joint.agree"] or self.text(here - 1) == "يوم"):
                break
            dated = self.month_day(here) or self.ordinal_day(here) or self.numeric(here)
            if dated is not None:
                return dated
        return _Hit(stop, periods.weekday(self.published, number, relative))

    def part_of_day(self, at: int) -> _Hit | None:
        """صباح أمس, ليل الثلاثاء/الأربعاء."""
        if not self.among("part.words", at):
            return None
        after = at + 1 + (self.text(at + 1) == "يوم")
        return self.deictic(after) or self.week_day(after)

    def edged(self, at: int) -> _Hit | None:
        """نهاية عام 2016, أوائل الشهر الماضي."""
        which = self.get("edge", at)
        if which is None:
            return None
        skip = 1 + (self.text(at + 1) in {"شهر", "شهري"} and self.month(at + 2) is not None)
        core = self.period(at + skip) or self.period(at + 1)
        if core is None and self.line.pieces[at + 1 : at + 2] and self.line.pieces[at + 1].kind == "n":
            core = self.bare_year(at + 1)
        if core is None and self.name("unit", at + 1) and self.text(at) not in {"اول", "اخر"}:
            core = _Hit(at + 2, periods.unit(self.published, str(self.name("unit", at + 1)), 0))
        if core is None:
            return None
        return _Hit(core.stop, periods.third(core.days, which), core.hijri)

    def named_day(self, at: int) -> _Hit | None:
        """يوم الخميس, يوم أمس, يومي 27 و28 فبراير."""
        if self.name("head", at) != "day":
            return None
        after = at + 1
        hit = self.deictic(after) or self.week_day(after) or self.month_day(after) or self.ordinal_day(after)
        if hit is not None and hit.stop > after:
            joint = self.among("joint.words", hit.stop)
            second = self.get("weekday", hit.stop + 1) if joint else None
            return hit if second is None or self.text(at) == "يوم" else hit
        return self.numeric(after)

    def period(self, at: int) -> _Hit | None:
        """A year, month, week, quarter, season, decade or century."""
        reads: tuple[Callable[[int], _Hit | None], ...] = (
            self.whole_month, self.year_head, self.demonstrated, self.unit, self.fraction, self.nine_months, self.decade,
        )  # fmt: skip
        for read in reads:
            hit = read(at)
            if hit is not None:
                return hit
        return None

    def unit(self, at: int) -> _Hit | None:
        """العام الماضي [2009], الأسبوع المقبل, الصيف."""
        name = self.name("unit", at)
        relative = self.get("relative", at + 1) if name else None
        if name is None:
            return None
        if relative is None:
            lone = name in {"summer", "winter", "autumn"} and self.text(at - 1) == "في"
            return _Hit(at + 1, periods.unit(self.published, name, 0)) if lone else None
        if self.get("relative", at + 2) == 9:
            relative = 9
        stop = at + 2
        if name == "year":
            number = self.year_number(stop)
            if number:
                return _Hit(stop + 1, periods.year(number))
        return _Hit(stop, periods.unit(self.published, name, relative))

    def demonstrated(self, at: int) -> _Hit | None:
        """هذا العام, نفس السنة."""
        relative = self.get("demonstrative", at)
        name = self.name("unit", at + 1) if relative is not None else None
        if relative is None or name is None or name in {"century", "decade"}:
            return None
        return _Hit(at + 2, periods.unit(self.published, name, relative))

    def year_head(self, at: int) -> _Hit | None:
        """عام 2016, سنة 1442 هـ, موسم 2007-2008, صيف 2013, القرن العشرين."""
        name = self.name("head", at)
        if name in {None, "month", "day", "date"}:
            return None
        after = at + 1
        if name == "century":
            number = self.get("ordinal", after) or self.get("tens", after)
            if number and self.text(after + 1) == "عشر":
                return _Hit(after + 2, periods.century(number + 10))
            if number and self.joined("tens", after + 1) == 20:
                return _Hit(after + 2, periods.century(number + 20))
            return _Hit(after + 1, periods.century(number)) if number and number > 0 else None
        if self.text(after) in {"الماليه", "المالي", "الدراسي", "الدراسيه", "الهجري", "الميلادي"}:
            after += 1
        if self.text(after) == "," or (self.text(after) == "عام" and name != "year"):
            after += 1
        number = self.year_number(after, low=100)
        if number is None:
            return None
        stop = after + 1
        if self.counted(stop):
            return None
        second = self.year_number(stop + 1) if self.text(stop) in {"-", "/"} else None
        short = self.text(stop + 1) if self.text(stop) in {"-", "/"} else ""
        if second is None and name == "season" and len(short) == 2 and short.isdigit():
            second = number // 100 * 100 + int(short)
        if second is not None:
            stop += 2
            if name == "season":
                return _Hit(stop, periods.months(number, 7, 12))
            return _Hit(stop, periods.months(number, 1, 12 * (second - number + 1)) if second >= number else None)
        stop, hijri = self.era(stop)
        if hijri:
            return _Hit(stop, periods.hijri(number), True)
        if name == "season":
            return _Hit(stop, periods.season(number, "season"))
        return _Hit(stop, periods.year(number) if name == "year" else periods.season(number, str(name)))

    def fraction(self, at: int) -> _Hit | None:
        """الربع الأول من العام الحالي, النصف الثاني 2015."""
        of = self.get("fraction", at)
        number = self.get("ordinal", at + 1) if of else None
        if of is None or number is None:
            return None
        stop = at + 2
        found = self.year_after(stop)
        if found is None:
            if of != 4 or self.text(at) != "الربع":
                return None
            y = self.published.year if self.published else None
            return _Hit(stop, periods.part(y, number, of) if y else None)
        return _Hit(found.stop, periods.part(found.days[0].year, number, of) if found.days else None)

    def nine_months(self, at: int) -> _Hit | None:
        """الأشهر التسعة الأولى من العام."""
        pair = ((at, at + 1), (at + 1, at))
        for noun, counter in pair:
            count = self.get("count", counter)
            if count and self.among("months_of.words", noun) and self.get("ordinal", at + 2) in {1, -1}:
                found = self.year_after(at + 3)
                if found is None:
                    return _Hit(at + 3, None)
                if not found.days:
                    return found
                first = 1 if self.get("ordinal", at + 2) == 1 else 13 - count
                return _Hit(found.stop, periods.months(found.days[0].year, first, count))
        return None

    def decade(self, at: int) -> _Hit | None:
        """السبعينيات, ثمانينيات القرن التاسع عشر."""
        number = self.get("decade", at)
        if number is None:
            number = self.words.tables["decade"].get("ال" + self.text(at))
            if number is None:
                return None
        after = at + 1 + (self.text(at + 1) == "من")
        found = self.year_head(after)
        if found is None and self.name("unit", after) == "century":
            found = self.unit(after)
        if found is None or self.name("head", after) != "century":
            return _Hit(at + 1, periods.decade(1900 + number)) if self.text(at).startswith("ال") else None
        return _Hit(found.stop, periods.decade(found.days[0].year - 1 + number) if found.days else None)

    def year_after(self, at: int) -> _Hit | None:
        """[من] a year or [من] العام."""
        after = at + (self.among("joint.of", at))
        if self.text(after) == ",":
            after += 1
        number = self.year_number(after)
        if number:
            return _Hit(after + 1, periods.year(number))
        found = self.year_head(after) or self.unit(after) or self.demonstrated(after)
        if found is None and after > at and self.name("unit", after) in {"year", "season"}:
            found = _Hit(after + 1, periods.unit(self.published, str(self.name("unit", after)), 0))
        return found

    # -- months

    def month(self, at: int) -> tuple[Month, int] | None:
        """A month's name, with its twin of another set: مارس/آذار, تشرين الثاني - نوفمبر."""
        first = self.month_name(at)
        if first is None:
            return None
        month, stop = first
        for size, marks in ((1, {"/", "-"}), (0, set[str]()), (1, {"("})):
            if size and self.text(stop) not in marks:
                continue
            twin = self.month_name(stop + size)
            if twin is None or twin[0].hijri or self.texts[at] == self.text(stop + size):
                continue
            close = self.text(stop) == "("
            if twin[0].number != month.number and not (size and self.text(stop) == "/" and not close):
                continue
            if close and self.text(twin[1]) != ")":
                continue
            return Month(month.number, False, False), twin[1] + close
        return first

    def month_name(self, at: int) -> tuple[Month, int] | None:
        for size in (2, 1):
            if at + size <= len(self.texts):
                found = self.words.months.get(" ".join(self.texts[at : at + size]))
                if found is not None:
                    return found, at + size
        return None

    def whole_month(self, at: int, day: int | None = None) -> _Hit | None:
        """[شهر] month [من] [year] [الماضي]."""
        head = self.name("head", at) == "month"
        found = self.month(at + head)
        if found is None:
            return None
        month, stop = found
        certain = head or day is not None or not month.shy
        relative = self.get("relative", stop)
        if relative is not None:
            stop += 1
        year = self.month_year(stop)
        if year is not None:
            stop, number, hijri = year
            hijri = hijri or (month.hijri and number is not None and number < 1600)
            later = self.get("relative", stop)
            stop += later in {-1, 0, 1} and number is not None
            if number is None:
                return _Hit(stop, None, month.hijri)
            if hijri or month.hijri:
                return _Hit(stop, periods.hijri(number, month.number, day), True)
            return _Hit(stop, periods.day(number, month.number, day) if day else periods.month(number, month.number))
        if relative is None and not certain:
            return None
        if month.hijri:
            return _Hit(stop, None, True)
        return _Hit(stop, periods.nearest(self.published, month.number, day, relative))

    def month_year(self, at: int) -> tuple[int, int | None, bool] | None:
        """The year after a month: next piece, number (None where it is open), Hijri."""
        after = at
        comma = self.text(after) == ","
        after += comma
        number = self.year_number(after)
        if number is not None and not self.counted(after + 1):
            stop, hijri = self.era(after + 1)
            return stop, number, hijri
        if comma:
            return None
        found = None
        of = self.among("joint.of", after)
        if self.text(after) in {"للعام", "لعام"}:
            number = self.year_number(after + 1)
            if number is not None:
                return after + 2, number, False
            relative = self.get("relative", after + 1)
            if relative is not None:
                days = periods.unit(self.published, "year", relative)
                return after + 2, days[0].year if days else None, False
            return None
        after += of
        if of and self.year_number(after) is not None:
            return after + 1, self.year_number(after), False
        found = self.year_head(after) or ((self.unit(after) or self.demonstrated(after)) if of else None)
        if found is None or self.name("unit", after) in {"month", "week"} or self.name("unit", after + 1) in {"month", "week"}:
            return None
        if found.hijri:
            return found.stop, self.year_number(found.stop - 2), True
        return found.stop, found.days[0].year if found.days else None, False

    def month_day(self, at: int) -> _Hit | None:
        """29 يونيو, 10 وحتى 12 إبريل 2014, 22 الشهر الحالي, 30 الجاري."""
        text = self.text(at)
        if not (text.isdigit() and 1 <= len(text) <= 2 and 1 <= int(text) <= 31):
            return None
        first = day = int(text)
        stop = at + 1
        if self.among("joint.words", stop) or self.text(stop) == "و":
            after = stop + 1 + (self.text(stop + 1) in {"حتى", "الى"})
            second = self.text(after)
            if second.isdigit() and len(second) <= 2 and 1 <= int(second) <= 31 and self.month(after + 1):
                day, stop = int(second), after + 1
        found = self.day_of(stop, day)
        if found is None or first == day:
            return found
        return _Hit(found.stop, self.stretch(found.days, first), found.hijri)

    def stretch(self, days: Interval, first: int) -> Interval:
        if days is None or first > days[0].day:
            return None
        return days[0].replace(day=first), days[1]

    def day_of(self, at: int, day: int) -> _Hit | None:
        """[من] [شهر] month, or the month before, of or after publication."""
        after = at + (self.text(at) == "من")
        found = self.whole_month(after, day)
        if found is not None:
            return found
        relative = self.get("relative", at)
        stop = at + 1
        if self.name("unit", after) == "month" and self.get("relative", after + 1) is not None:
            relative, stop = self.get("relative", after + 1), after + 2
        elif self.name("unit", after + 1) == "month" and self.get("demonstrative", after) is not None:
            relative, stop = self.get("demonstrative", after), after + 2
        if relative is None:
            return None
        days = periods.unit(self.published, "month", relative)
        return _Hit(stop, periods.day(days[0].year, days[0].month, day) if days else None)

    def ordinal_day(self, at: int) -> _Hit | None:
        """الثامن عشر من مارس, الحادي والعشرين من الشهر الجاري."""
        number = self.get("ordinal", at)
        stop = at + 1
        if number is None:
            number = self.get("tens", at)
            if number is None or number < 20:
                return None
        elif self.text(stop) in {"عشر", "عشره"}:
            number, stop = number + 10, stop + 1
        elif self.joined("tens", stop):
            number, stop = number + (self.joined("tens", stop) or 0), stop + 1
        if not 1 <= number <= 31 or self.text(stop) != "من":
            return None
        return self.day_of(stop, number)

    def joined(self, table: str, at: int) -> int | None:
        text = self.text(at)
        return self.words.tables[table].get(text[1:]) if text.startswith("و") else None

    # -- numbers

    def year_number(self, at: int, low: int = 1000) -> int | None:
        text = self.text(at)
        return int(text) if text.isdigit() and 3 <= len(text) <= 4 and low <= int(text) < 2100 else None

    def era(self, at: int) -> tuple[int, bool]:
        """The piece after م or هـ, and whether it was هـ."""
        if self.among("era.hijri", at):
            return at + 1, True
        return at + self.among("era.gregorian", at), False

    def counted(self, at: int) -> bool:
        """Whether the number before piece `at` counts something."""
        text = self.text(at)
        return text == "%" or text.startswith(tuple(sorted(self.words.lists["bare.counted"])))

    def number_at(self, at: int, last: int) -> _Hit | None:
        if at and self.line.pieces[at - 1].end == self.line.pieces[at].start and self.line.pieces[at - 1].kind == "l":
            return None
        return self.month_day(at) or self.numeric(at) or self.bare_year(at, last)

    def numeric(self, at: int) -> _Hit | None:
        """24/12/2008, 1-1-2015, 2015-01-31, 30.06.2010."""
        whole = _NUMERIC.fullmatch(self.text(at))
        if whole:
            d, m, y, y2, m2, d2 = (int(x) if x else 0 for x in whole.groups())
            return self.of_numbers(at + 1, [d, m, y] if y else [y2, m2, d2])
        mark = self.text(at + 1)
        if mark not in {"/", "-"} or self.text(at + 3) != mark:
            return None
        parts = [self.text(at), self.text(at + 2), self.text(at + 4)]
        if not all(part.isdigit() and len(part) <= 4 for part in parts) or sorted(map(len, parts))[1] > 2:
            return None
        if not any(len(part) == 4 for part in parts) and not (mark == "/" and len(parts[2]) == 2):
            return None
        return self.of_numbers(at + 5, [int(part) for part in parts])

    def of_numbers(self, stop: int, numbers: list[int]) -> _Hit | None:
        if numbers[0] > 99:
            numbers.reverse()
        d, m, y = numbers
        if m > 12 >= d:  # 12/24/2008
            d, m = m, d
        if y < 100:
            y += 2000 if y < 50 else 1900
        stop, hijri = self.era(stop)
        if hijri or y < 1500:
            days = periods.hijri(y, m, d) if 1 <= m <= 12 and 1 <= d <= 30 else None
            return _Hit(stop, days, True) if 1 <= m <= 12 and 1 <= d <= 30 else None
        found = periods.day(y, m, d)
        return _Hit(stop, found) if found else None

    def bare_year(self, at: int, last: int = -9) -> _Hit | None:
        """Four digits that can only be a year."""
        number = self.year_number(at, 1300)
        if number is None or len(self.text(at)) != 4 or self.counted(at + 1):
            return None
        stop, hijri = self.era(at + 1)
        if hijri:
            return _Hit(stop, periods.hijri(number), True)
        follows = self.follows(at, last)
        before, after = self.text(at - 1), self.text(at + 1)
        if number < 1700 and stop == at + 1 and not follows:
            return None
        if self.among("bare.never_before", at - 1) or before in {"$", "€", "£", "#", "+"}:
            return None
        kind = self.line.pieces[at + 1].kind if at + 1 < len(self.line.pieces) else "p"
        told = self.among("bare.before", at - 1) or before == "(" or follows
        ends = kind == "p" or after.startswith("و") or self.among("bare.after", at + 1)
        if not (1800 <= number <= 2050 or told) or after in {"/", ":"} and not self.year_number(at + 2):
            return None
        if before in {"/", ":", "."} and not follows:
            return None
        if not told and not (ends and 1900 <= number <= 2040):
            return None
        second = self.year_number(at + 2, 1300) if after in {"-", "/"} and stop == at + 1 else None
        if second is not None and number < second <= number + 99 and not self.counted(at + 3):
            return _Hit(at + 3, periods.months(number, 1, 12 * (second - number + 1)))
        return _Hit(stop, periods.year(number))

    def follows(self, at: int, last: int) -> bool:
        """Whether a date stands right before it: عامي 2010 و2014."""
        return last == at - 1 and (self.among("joint.words", last))
