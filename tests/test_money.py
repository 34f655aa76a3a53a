"""Amounts of money: a table of spans with their readings, traps that must give nothing, and properties."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from importlib.resources import files
from pathlib import Path

import pytest
from babel.numbers import list_currencies
from hypothesis import given
from hypothesis import strategies as st

from rawabit.ner.currencies import countries, territory, unlikely
from rawabit.ner.model import Label, Mention, Money
from rawabit.ner.money import find_money, settle
from rawabit.ner.text import fold
from rawabit.ner.tokens import sentences

TABLE = tomllib.loads((Path(__file__).parent / "cases" / "money.toml").read_text(encoding="utf-8"))
ROWS = [(part, *row) for part, rows in TABLE.items() for row in rows]


def whole(text: str) -> list[Mention]:
    return find_money(text, [(0, len(text))])


def shown(mention: Mention) -> str:
    money = mention.value
    assert isinstance(money, Money)
    codes = money.currency or "/".join(money.candidates)
    bound = "" if money.bound == "exact" else f" {money.bound}"
    return f"{mention.text} = {money.amount} {codes}{bound}"


@pytest.mark.parametrize("row", ROWS, ids=[f"{row[0]}-{i}" for i, row in enumerate(ROWS)])
def test_table(row: tuple[str, ...]) -> None:
    text, want = row[1], row[2] if len(row) > 2 else ""
    assert " | ".join(map(shown, whole(text))) == want


def test_table_is_long_enough() -> None:
    assert len(ROWS) >= 150
    assert len({row[1] for row in ROWS}) == len(ROWS)


def codes(text: str, *home: str) -> list[tuple[str, str | None]]:
    found = settle(whole(text), home)
    return [(str(m.value.amount), m.value.currency) for m in found if isinstance(m.value, Money)]


@pytest.mark.parametrize(
    ("text", "home", "want"),
    [
        ("5 ملايين ريال", ["QA"], [("5000000", "QAR")]),
        ("5 ملايين ريال", ["FR", "YE", "SA"], [("5000000", "YER")]),
        ("5 ملايين ريال", [], [("5000000", None)]),
        ("5 ملايين ريال", ["FR", "XX", ""], [("5000000", None)]),
        ("5 ملايين ريال و3 ملايين ريال قطري", [], [("5000000", "QAR"), ("3000000", "QAR")]),
        ("5 ملايين ريال و3 ملايين ريال قطري", ["SA"], [("5000000", "SAR"), ("3000000", "QAR")]),
        (
            "ريال قطري واحد و5 ملايين ريال و3 ملايين ريال يمني",
            [],
            [("1", "QAR"), ("5000000", None), ("3000000", "YER")],
        ),
        ("5 ملايين جنيه", ["GB"], [("5000000", "GBP")]),
        ("5 ملايين جنيه", ["EG", "GB"], [("5000000", "EGP")]),
        ("5 ملايين دينار", ["LY"], [("5000000", "LYD")]),
        ("5 ملايين درهم", ["MA"], [("5000000", "MAD")]),
        ("5 ملايين درهم", [], [("5000000", None)]),  # Moroccan or Emirati: nothing says
        ("5 دولارات", ["CA"], [("5", "USD")]),  # certain from the words
        ("25 فلساً", ["AE"], [("0.25", "AED")]),
        ("25 فلساً", ["KW"], [("0.025", "KWD")]),
        ("25 فلساً", [], [("0.025", None)]),
        ("ربح 25 فلساً من 3 دنانير", ["JO"], [("0.025", "JOD"), ("3", "JOD")]),
        ("ربح 25 فلساً من 3 دراهم", ["AE"], [("0.25", "AED"), ("3", "AED")]),
        ("10 أو 25 فلساً", ["AE"], [("0.1", "AED"), ("0.25", "AED")]),  # the first number has no word of its own
        ("5 دراهم و50 فلساً", ["AE"], [("5.5", "AED")]),  # read as dirhams already: not scaled again
        ("25 سنتاً", [], [("0.25", "USD")]),
        ("25 سنتاً من 3 يورو", [], [("0.25", "EUR"), ("3", "EUR")]),
        ("25 سنتاً من 3 يورو أو 4 دولارات", [], [("0.25", "USD"), ("3", "EUR"), ("4", "USD")]),
        ("3 يورو، و25 سنتاً كندياً", [], [("3", "EUR"), ("0.25", "CAD")]),
        ("¥500", ["CN"], [("500", "CNY")]),
        ("¥500", [], [("500", "JPY")]),
        ("800 مليون فرنك أفريقي", ["SN"], [("800000000", "XOF")]),
        ("800 مليون فرنك أفريقي", ["CM"], [("800000000", "XAF")]),
    ],
)
def test_settle(text: str, home: list[str], want: list[tuple[str, str | None]]) -> None:
    assert codes(text, *home) == want


def test_settle_keeps_what_it_cannot_decide() -> None:
    found = whole("5 ملايين ليرة")
    assert settle(found, []) == found
    other = Mention(0, 3, "ريم", Label.PERSON)
    assert settle([other], ["LB"]) == [other]


def test_countries_by_words() -> None:
    assert countries("دبي: أغلق سهم «الكويتية» في سوق الكويت") == ["KW", "AE"]
    assert countries("استقر المؤشر") == []
    assert countries("انطلق في غشت") == ["MA"]  # a month's name that only Morocco has
    assert territory("SN") == ("XOF",)
    assert territory("no such") == ()


def test_stays_in_its_sentence() -> None:
    text = "بلغ 5\nدولارات. دفع 7 يورو"
    spans = sentences(text)
    found = find_money(text, spans)
    assert [m.text for m in found] == ["7 يورو"]
    assert all(any(a <= m.start and m.end <= b for a, b in spans) for m in found)


BITS = [
    *"0123456789٣٫٬،.,-%$€£ \n\u200f\u064bـوب",
    "ال",
    "مليون",
    "دولار",
    "ألف",
    "ريال",
    "ين",
    "سنتا",
    "USD",
    "m",
    "نصف",
]
BITS += ["مليونا", "بين", "إلى", "خمسة", "عشر", "دراهم", "فلوس", "د.إ", "﷼", "من الدولارات", "واحد", " .5", "5ر1"]
TEXTS = st.lists(st.sampled_from(BITS) | st.text(max_size=4), max_size=30).map("".join) | st.text()
SPACED = st.lists(st.sampled_from(BITS) | st.text(max_size=4), max_size=30).map(" ".join)


@given(TEXTS | SPACED)
def test_any_text(text: str) -> None:
    spans = sentences(text)
    found = find_money(text, spans)
    last = 0
    for m in found:
        assert text[m.start : m.end] == m.text
        assert m.start >= last
        assert m.label is Label.MONEY
        assert any(a <= m.start and m.end <= b for a, b in spans)
        last = m.end
    assert [m.span for m in settle(found, ["EG", "GB"])] == [m.span for m in found]


@given(st.integers(1, 10**15), st.sampled_from(["دولار", "يورو", "ين ياباني"]))
def test_digits_are_exact(number: int, currency: str) -> None:
    (found,) = whole(f"بلغ {number} {currency}")
    assert isinstance(found.value, Money)
    assert found.value.amount == Decimal(number)
    (found,) = whole(f"بلغ {number:,} {currency}")
    assert isinstance(found.value, Money)
    assert found.value.amount == Decimal(number)


@pytest.mark.parametrize(
    "unit",
    ["1", ",", " ", "1,", "1 .", "مليون ", "و5 ", "5 دولار ", "دولار ", "5ر", "1 234 ", "بين 5 و", "$", "و", "ونصف "],
)
@pytest.mark.timeout(60)
def test_a_long_line_does_not_hang(unit: str) -> None:
    text = unit * (200_000 // len(unit)) + " دولار"
    assert all(m.text == text[m.start : m.end] for m in find_money(text, [(0, len(text))]))


def test_tables_hold_currencies_that_exist() -> None:
    """Every code of the table is one that CLDR knows, and every country's words serve an ambiguous currency."""
    data = tomllib.loads(files("rawabit.ner.data").joinpath("currencies.toml").read_text(encoding="utf-8"))
    known = set(list_currencies())
    entries = data["currency"] + data["subunit"]
    used = {code for entry in entries for code in entry["codes"]}
    used |= {code for entry in entries for value in entry.get("adjectives", {}).values() for code in value.split()}
    used |= set(data["single"].values()) | set(data["iso"]["codes"]) | set(data["iso"]["spoken"].values())
    used |= {code for value in data["signs"].values() for code in value.split()} | set(data["abbreviations"].values())
    assert used <= known
    for entry in data["subunit"]:
        assert "all" in entry["parts"]
        assert set(entry["parts"]) <= {"all"} | known
    places = tomllib.loads(files("rawabit.ner.data").joinpath("currency_places.toml").read_text(encoding="utf-8"))
    vague = {code for entry in entries for code in entry["codes"] if len(entry["codes"]) > 1}
    for country in {*places, *places["not"]} - {"not"}:
        assert vague & set(territory(country)), country


def test_one_spelling_belongs_to_one_entry() -> None:
    data = tomllib.loads(files("rawabit.ner.data").joinpath("currencies.toml").read_text(encoding="utf-8"))
    owners: dict[str, set[int]] = {}
    for at, entry in enumerate(data["currency"] + data["subunit"]):
        for word in entry["one"] + entry["many"] + entry["two"]:
            owners.setdefault(fold(word), set()).add(at)
    for word in data["single"]:
        owners.setdefault(fold(word), set()).add(-1)
    assert {word: at for word, at in owners.items() if len(at) > 1} == {}


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("ارتفع في سبتمبر إلى 5 ملايين درهم", "AED"),  # a Moroccan paper would write شتنبر
        ("ارتفع في شتنبر إلى 5 ملايين درهم", "MAD"),
        ("ربح 25 فلساً من 3 دراهم", "AED"),  # the Moroccan dirham has centimes
        ("ارتفع إلى 5 ملايين درهم", None),
        ("ارتفع في سبتمبر إلى 5 ملايين ريال", None),  # too many are left
    ],
)
def test_words_of_a_press_speak_against_a_currency(text: str, want: str | None) -> None:
    found = settle(find_money(text, sentences(text)), countries(text), unlikely(text))
    assert isinstance(found[-1].value, Money)
    assert found[-1].value.currency == want
