"""Calendar expressions: a table of spans with their intervals, traps, and properties."""

from __future__ import annotations

import datetime as dt
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rawabit.ner import periods
from rawabit.ner.dates import find_dates
from rawabit.ner.datewords import datewords
from rawabit.ner.model import Date, Label, Mention
from rawabit.ner.tokens import sentences

TABLE = tomllib.loads((Path(__file__).parent / "cases" / "dates.toml").read_text(encoding="utf-8"))
SEASONS = {"winter", "spring", "summer", "autumn"}
PUBLISHED: dt.date = TABLE.pop("published")
ROWS = [(part, *row) for part, rows in TABLE.items() for row in rows]


def shown(mention: Mention) -> str:
    date = mention.value
    assert isinstance(date, Date)
    assert date.written == mention.text
    days = f"{date.start}..{date.end}" if date.start else "open"
    return f"{mention.text} = {days}" + (" (h)" if date.calendar == "hijri" else "")


@pytest.mark.parametrize("row", ROWS, ids=[f"{row[0]}-{i}" for i, row in enumerate(ROWS)])
def test_table(row: tuple[str, ...]) -> None:
    found = find_dates(row[1], [(0, len(row[1]))], PUBLISHED)
    assert " | ".join(map(shown, found)) == row[2]


def test_table_is_long_enough() -> None:
    assert sum(1 for row in ROWS if row[2]) >= 80
    assert len({row[1] for row in ROWS}) == len(ROWS)


@pytest.mark.parametrize(
    "text", ["أمس", "يوم الاثنين", "29 يونيو", "العام الماضي", "الربع الأول", "نهاية العام", "30 الجاري"]
)
def test_without_a_day_of_publication(text: str) -> None:
    (found,) = find_dates(text, [(0, len(text))], None)
    assert found.text == text
    assert found.value == Date(None, None, text)


def test_absolute_dates_need_no_day_of_publication() -> None:
    text = "نهاية عام 2016"
    (found,) = find_dates(text, [(0, len(text))], None)
    assert found.value == Date(dt.date(2016, 9, 1), dt.date(2016, 12, 31), text)


@pytest.mark.parametrize(
    ("published", "text", "start"),
    [
        (dt.date(2016, 1, 5), "في ديسمبر الماضي", dt.date(2015, 12, 1)),
        (dt.date(2016, 1, 5), "في 29 ديسمبر", dt.date(2015, 12, 29)),
        (dt.date(2015, 12, 28), "في 3 يناير", dt.date(2016, 1, 3)),
        (dt.date(2015, 12, 28), "الشهر المقبل", dt.date(2016, 1, 1)),
        (dt.date(2015, 6, 1), "في 29 فبراير", dt.date(2012, 2, 29)),
        (dt.date(2016, 1, 5), "الشتاء الماضي", dt.date(2014, 12, 1)),
        (dt.date(2016, 1, 1), "أمس", dt.date(2015, 12, 31)),
    ],
)
def test_over_the_turn_of_a_year(published: dt.date, text: str, start: dt.date) -> None:
    (found,) = find_dates(text, [(0, len(text))], published)
    assert isinstance(found.value, Date)
    assert found.value.start == start


def test_periods() -> None:
    assert periods.months(9999, 7, 12) is None
    assert periods.hijri(1442, 13) is None
    assert periods.around(dt.date.max, 1) is None
    assert periods.unit(dt.date(1, 1, 1), "year", -1) is None
    assert periods.unit(dt.date(1, 1, 1), "week", -1) is None
    assert periods.unit(dt.date(9999, 12, 1), "month", 1) is None
    assert periods.third((dt.date(2020, 1, 1), dt.date(2020, 1, 1)), 1) == (dt.date(2020, 1, 1), dt.date(2020, 1, 1))


BITS = [
    *"0123456789٣،,./-()« \n\u064bـوبل",
    "يوم",
    "الأحد",
    "أمس",
    "عام",
    "العام",
    "الماضي",
    "من",
    "مارس",
    "نهاية",
    "هـ",
    "م",
]
BITS += [
    "2016",
    "1442",
    "12",
    "رمضان",
    "تشرين",
    "الأول",
    "القرن",
    "العشرين",
    "الربع",
    "هذا",
    "شهر",
    "موسم",
    "إلى",
    "الشتاء",
]
BITS += [
    "الثامن",
    "عشر",
    "السبعينيات",
    "الأشهر",
    "الستة",
    "الأولى",
    "بعد",
    "غد",
    "الموافق",
    "المقبل",
    "30",
    "99",
    "9999",
]


@given(
    st.lists(st.sampled_from(BITS) | st.text(max_size=4), max_size=30).map("".join)
    | st.lists(st.sampled_from(BITS), max_size=30).map(" ".join),
    st.none() | st.dates(),
)
def test_any_text(text: str, published: dt.date | None) -> None:
    spans, last = sentences(text), 0
    for m in find_dates(text, spans, published):
        assert text[m.start : m.end] == m.text
        assert m.start >= last
        assert m.label is Label.DATE
        assert any(a <= m.start and m.end <= b for a, b in spans)
        assert isinstance(m.value, Date)
        assert (m.value.start is None) == (m.value.end is None)
        assert m.value.start is None or m.value.end is None or m.value.start <= m.value.end
        last = m.end


@given(st.dates(dt.date(1900, 1, 1), dt.date(2049, 12, 31)))
def test_numeric_dates_read_back(day: dt.date) -> None:
    for text in (f"{day.day}/{day.month}/{day.year}", day.isoformat(), f"{day:%d.%m.%Y}"):
        (found,) = find_dates(f"في {text} ", [(0, len(text) + 4)], None)
        assert found.value == Date(day, day, text)


@pytest.mark.parametrize(
    "unit",
    ["عام 2016 و", "29 يونيو ", "2016 ", "نهاية ", "يوم الأحد ", "عام ", "1/", "1 ", "الربع الأول من ", "، ", "أمس "],
)
@pytest.mark.timeout(60)
def test_a_long_line_does_not_hang(unit: str) -> None:
    text = unit * (200_000 // len(unit))
    assert all(m.text == text[m.start : m.end] for m in find_dates(text, [(0, len(text))], PUBLISHED))


def test_tables_are_whole() -> None:
    words = datewords()
    assert {month.number for month in words.months.values()} == set(range(1, 13))
    for table, allowed in (("weekday", range(7)), ("edge", range(3)), ("relative", (-1, 0, 1, 9))):
        assert set(words.tables[table].values()) == set(allowed)
    assert set(words.tables["unit"].values()) <= {"year", "month", "week", "season", "century", "decade"} | SEASONS
    for form, (word, shed) in words.starters.items():
        assert form.endswith(word) or word.startswith("ال")
        assert 0 <= shed <= 3
