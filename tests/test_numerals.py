"""Numbers in words: a renderer of our own writes a number, the reader must give it back."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rawabit.ner.line import cut
from rawabit.ner.numerals import digits, exact, number, numeral, reading
from rawabit.ner.text import fold

UNITS = ["", "واحد", "اثنان", "ثلاثة", "أربعة", "خمسة", "ستة", "سبعة", "ثمانية", "تسعة", "عشرة"]
TENS = ["", "", "عشرون", "ثلاثون", "أربعون", "خمسون", "ستون", "سبعون", "ثمانون", "تسعون"]
HUNDREDS = ["", "مئة", "مئتان", "ثلاثمئة", "أربعمائة", "خمسمائة", "ستمئة", "سبعمئة", "ثمانمئة", "تسعمائة"]
SCALES = [
    (10**12, "تريليون", "تريليونان", "تريليونات"),
    (10**9, "مليار", "ملياران", "مليارات"),
    (10**6, "مليون", "مليونان", "ملايين"),
    (10**3, "ألف", "ألفان", "آلاف"),
]


def below_thousand(n: int) -> list[str]:
    out = [HUNDREDS[n // 100]] if n >= 100 else []
    n %= 100
    if 11 <= n <= 19:
        out.append(("أحد" if n == 11 else "اثنا" if n == 12 else UNITS[n - 10]) + " عشر")
    elif n <= 10:
        out += [UNITS[n]] if n else []
    else:
        out += ([UNITS[n % 10]] if n % 10 else []) + [TENS[n // 10]]
    return out


def rendered(n: int) -> str:
    out: list[str] = []
    for size, one, two, many in SCALES:
        count, n = divmod(n, size)
        if count == 1:
            out.append(one)
        elif count == 2:
            out.append(two)
        elif count:
            words = " و".join(below_thousand(count))
            out.append(f"{words} {many if 3 <= count % 100 <= 10 else one}")
    return " و".join(out + below_thousand(n))


@given(st.integers(1, 10**15 - 1))
def test_words_read_back(n: int) -> None:
    assert number(rendered(n)) == n


@given(st.integers(1, 10**15 - 1))
def test_words_with_blank_before_and(n: int) -> None:
    assert number(rendered(n).replace(" و", " و ").replace("و احد", "واحد")) is not None


@given(st.integers(0, 10**13), st.integers(0, 999))
def test_digits_read_back(whole: int, part: int) -> None:
    assert digits(f"{whole}.{part:02d}")[0] in {Decimal(f"{whole}.{part:02d}"), Decimal(f"{whole}{part:02d}")}
    assert digits(str(whole)) == (whole, False)
    assert digits(f"{whole * 1000:,}") == (whole * 1000, False)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3.6", "3.6"),
        ("٣٫٥", "3.5"),
        ("۱۲", "12"),
        ("8ر1", "1.8"),
        ("61ر1", "1.61"),
        ("43 .1", "1.43"),
        ("871 .500 .111", "111500871"),
        ("1,234,567", "1234567"),
        ("1.234.567", "1234567"),
        ("1.234.567,89", "1234567.89"),
        ("1,234,567.89", "1234567.89"),
        ("1 234 567", "1234567"),
        ("13,000", "13000"),
        ("0,348", "0.348"),
        ("2,4", "2.4"),
        ("25,068 مليار", "25068000000"),
        ("25،068 مليار", "25068000000"),
        ("1,390 مليون", "1390000000"),
        ("3،054 مليون", "3054000"),
        ("١٬٣٩٠ مليون", "1390000000"),
        ("1.5bn", "1500000000"),
        ("5 million", "5000000"),
        ("5m", "5000000"),
        ("نصف مليون", "500000"),
        ("ربع مليار", "250000000"),
        ("مليون ونصف", "1500000"),
        ("مليار وربع المليار", "1250000000"),
        ("ثلاثة ملايين ونصف المليون", "3500000"),
        ("ملياراً ونصف مليون", "1000500000"),
        ("مليونان", "2000000"),
        ("مليونا", "1000000"),
        ("ألفين وثلاثمئة", "2300"),
        ("ألف مليار", "1000000000000"),
        ("مئة ألف", "100000"),
        ("أحد عشر", "11"),
        ("إحدى عشرة", "11"),
        ("ثلاث مئة وعشرين ألف", "320000"),
        ("سبع وثلاثون", "37"),
        ("ثماني عشرة", "18"),
        ("مئة وأحد عشر", "111"),
    ],
)
def test_numbers(text: str, value: str) -> None:
    found = number(text)
    assert found is not None
    assert exact(found) == Decimal(value)


@pytest.mark.parametrize(
    "text",
    ["", "ملايين", "آلاف", "الربع", "خمسة أرقام", "1,2,3", "5 m ", "عشرون وخمسة", "مليون ومليار", "كلمة", "9" * 60],
)
def test_no_number(text: str) -> None:
    found = number(text)
    assert found is None or found == 5_000_000


@pytest.mark.parametrize(
    ("text", "stop", "value"),
    [
        ("3 ملايين و5 مليارات", 2, 3_000_000),  # ascending: two numbers
        ("بين", None, None),
        ("59 و60", 1, 59),
        ("خمسة وستة", 1, 5),
        ("5 m دولار", 1, 5),  # a lone letter is a scale only when glued
        ("مليون وخمسة وعشرون", 4 - 1, 1_000_025),
    ],
)
def test_where_a_number_ends(text: str, stop: int | None, value: int | None) -> None:
    found = numeral(cut(text, 0, len(text)), 0)
    assert (found.stop if found else None, found.value if found else None) == (stop, value)


def test_attached_letters_are_no_part() -> None:
    line = cut("بمليوني", 0, 7)
    found = numeral(line, 0)
    assert found is not None
    assert line.folded.text[found.start :] == "مليوني"
    word = reading(line.pieces[0])
    assert word is not None
    assert word.cut == 1


@given(st.text(max_size=60))
def test_lines_keep_offsets(text: str) -> None:
    line = cut(text, 0, len(text))
    last = 0
    for piece in line.pieces:
        start, end = line.span(piece.start, piece.end)
        assert last <= start < end <= len(text)
        assert piece.text in fold(text[start:end])  # ¼ is three pieces
        last = start
