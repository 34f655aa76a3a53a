"""Years, and what is counted by them: العام الماضي, الربع الأول من 2016, ثمانينيات القرن العشرين.

Every function takes an index of a piece and gives what begins there, or None.
"""

from __future__ import annotations

from rawabit.ner import periods
from rawabit.ner.datewords import Hit, Look

__all__ = ["bare_year", "decade", "demonstrated", "era", "fraction", "nine_months", "unit", "year_after", "year_head"]


def era(look: Look, at: int) -> tuple[int, bool]:
    """The piece after م or هـ, and whether it was هـ."""
    if look.among("era.hijri", at):
        return at + 1, True
    return at + look.among("era.gregorian", at), False


def bare_year(look: Look, at: int, last: int = -9) -> Hit | None:
    """Four digits that can only be a year."""
    number = look.year_number(at, 1300)
    if number is None or len(look.text(at)) != 4 or look.counted(at + 1):
        return None
    stop, hijri = era(look, at + 1)
    if hijri:
        return Hit(stop, periods.hijri(number), True)
    follows = _follows(look, at, last)
    before, after = look.text(at - 1), look.text(at + 1)
    if number < 1700 and stop == at + 1 and not follows:
        return None
    if look.among("bare.never_before", at - 1) or before in {"$", "€", "£", "#", "+"}:
        return None
    kind = look.line.pieces[at + 1].kind if at + 1 < len(look.line.pieces) else "p"
    told = look.among("bare.before", at - 1) or before == "(" or follows
    told = told or (before == "," and look.among("bare.before", at - 2))
    ends = kind == "p" or after.startswith("و") or look.among("bare.after", at + 1)
    if not (1800 <= number <= 2050 or told) or (after in {"/", ":"} and at and not look.year_number(at + 2)):
        return None
    if before in {"/", ":", "."} and not follows:
        return None
    if not told and not (ends and 1900 <= number <= 2040):
        return None
    second = look.year_number(at + 2, 1300) if after in {"-", "/"} and stop == at + 1 else None
    if second is not None and number < second <= number + 99 and not look.counted(at + 3):
        return Hit(at + 3, periods.months(number, 1, 12 * (second - number + 1)))
    return Hit(stop, periods.year(number))


def _follows(look: Look, at: int, last: int) -> bool:
    """Whether a date stands right before it: عامي 2010 و2014."""
    return last == at - 1 and (look.among("joint.words", last))


def unit(look: Look, at: int) -> Hit | None:
    """العام الماضي [2009], الأسبوع المقبل, الصيف."""
    name = look.name("unit", at)
    relative = look.get("relative", at + 1) if name else None
    if name is None:
        return None
    if relative is None:
        lone = name in {"summer", "winter", "autumn", "spring"} and look.timed(at)
        lone = lone and not look.among("season_not.after", at + 1)
        if name == "year" and look.among("kind.fiscal", at + 1):
            relative = look.get("relative", at + 2)
            return Hit(at + 3, periods.unit(look.published, name, relative)) if relative is not None else None
        return Hit(at + 1, periods.unit(look.published, name, 0)) if lone else None
    if look.text(at + 1) == "السابق" and name == "year" and not look.timed(at) and not look.among("joint.of", at - 1):
        return None  # المدعي العام السابق
    if look.get("relative", at + 2) == 9:
        relative = 9
    stop = at + 2
    if name == "year":
        number = look.year_number(stop)
        if number:
            return Hit(stop + 1, periods.year(number))
    return Hit(stop, periods.unit(look.published, name, relative))


def demonstrated(look: Look, at: int) -> Hit | None:
    """هذا العام, نفس السنة."""
    relative = look.get("demonstrative", at)
    name = look.name("unit", at + 1) if relative is not None else None
    if relative is None or name is None or name in {"century", "decade"}:
        return None
    number = look.year_number(at + 2) if name == "year" and relative == 0 else None
    if number:
        return Hit(at + 3, periods.year(number))
    return Hit(at + 2, periods.unit(look.published, name, relative))


def year_head(look: Look, at: int) -> Hit | None:
    """عام 2016, سنة 1442 هـ, موسم 2007-2008, صيف 2013, القرن العشرين."""
    name = look.name("head", at)
    if name in {None, "month", "day", "date"}:
        return None
    after = at + 1
    if name == "century":
        number = look.get("ordinal", after) or look.get("tens", after)
        if number and look.text(after + 1) == "عشر":
            return Hit(after + 2, periods.century(number + 10))
        if number and look.joined("tens", after + 1) == 20:
            return Hit(after + 2, periods.century(number + 20))
        return Hit(after + 1, periods.century(number)) if number and number > 0 else None
    if look.among("kind.any", after):
        after += 1
    if look.text(after) == "," or (look.text(after) == "عام" and name != "year"):
        after += 1
    number = look.year_number(after, low=100)
    if number is None:
        return None
    stop = after + 1
    if look.counted(stop):
        return None
    second = look.year_number(stop + 1) if look.text(stop) in {"-", "/"} else None
    short = look.text(stop + 1) if look.text(stop) in {"-", "/"} else ""
    if second is None and name == "season" and len(short) == 2 and short.isdigit():
        second = number // 100 * 100 + int(short)
    if second is not None:
        stop += 2
        if name == "season":
            return Hit(stop, periods.months(number, 7, 12))
        return Hit(stop, periods.months(number, 1, 12 * (second - number + 1)) if second >= number else None)
    stop, hijri = era(look, stop)
    if hijri:
        return Hit(stop, periods.hijri(number), True)
    if name == "season":
        return Hit(stop, periods.season(number, "season"))
    return Hit(stop, periods.year(number) if name == "year" else periods.season(number, str(name)))


def fraction(look: Look, at: int) -> Hit | None:
    """الربع الأول من العام الحالي, النصف الثاني 2015."""
    of = look.get("fraction", at)
    number = look.get("ordinal", at + 1) if of else None
    if of is None or number is None:
        return None
    stop = at + 2
    found = year_after(look, stop)
    if found is None:
        if of != 4 or look.text(at) != "الربع":
            return None
        y = look.published.year if look.published else None
        return Hit(stop, periods.part(y, number, of) if y else None)
    return Hit(found.stop, periods.part(found.days[0].year, number, of) if found.days else None)


def nine_months(look: Look, at: int) -> Hit | None:
    """الأشهر التسعة الأولى من العام."""
    pair = ((at, at + 1), (at + 1, at))
    for noun, counter in pair:
        count = look.get("count", counter)
        if count and look.among("months_of.words", noun) and look.get("ordinal", at + 2) in {1, -1}:
            found = year_after(look, at + 3)
            if found is None:
                return Hit(at + 3, None)
            if not found.days:
                return found
            first = 1 if look.get("ordinal", at + 2) == 1 else 13 - count
            return Hit(found.stop, periods.months(found.days[0].year, first, count))
    return None


def decade(look: Look, at: int) -> Hit | None:
    """السبعينيات, ثمانينيات القرن التاسع عشر."""
    number = look.get("decade", at)
    if number is None:
        number = look.words.tables["decade"].get("ال" + look.text(at))
        if number is None:
            return None
    after = at + 1 + (look.text(at + 1) == "من")
    found = year_head(look, after)
    if found is None and look.name("unit", after) == "century":
        found = unit(look, after)
    if found is None or look.name("head", after) != "century":
        return Hit(at + 1, periods.decade(1900 + number)) if look.text(at).startswith("ال") else None
    return Hit(found.stop, periods.decade(found.days[0].year - 1 + number) if found.days else None)


def year_after(look: Look, at: int) -> Hit | None:
    """[من] a year or [من] العام."""
    after = at + (look.among("joint.of", at))
    if look.text(after) == ",":
        after += 1
    number = look.year_number(after)
    if number:
        return Hit(after + 1, periods.year(number))
    found = year_head(look, after) or unit(look, after) or demonstrated(look, after)
    if found is None and after > at and look.name("unit", after) in {"year", "season"}:
        found = Hit(after + 1, periods.unit(look.published, str(look.name("unit", after)), 0))
    return found
