"""Web furniture: a table of cases, properties, and the integrity of the words."""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rawabit.ner.furniture import find_furniture
from rawabit.ner.text import fold

CASES = tomllib.loads((Path(__file__).parent / "cases" / "furniture.toml").read_text(encoding="utf-8"))["case"]
TABLE = tomllib.loads(files("rawabit.ner.data").joinpath("furniture.toml").read_text(encoding="utf-8"))
PHRASES = [row["phrase"] for rows in TABLE.values() if isinstance(rows, list) for row in rows]


@pytest.mark.parametrize("case", CASES, ids=[case["note"] for case in CASES])
def test_table(case: dict[str, str]) -> None:
    text, expected = "", []
    for piece in re.split("([⟦⟧])", case["text"]):
        if piece == "⟦":
            expected.append((len(text), -1))
        elif piece == "⟧":
            expected[-1] = (expected[-1][0], len(text))
        else:
            text += piece
    assert [text[a:b] for a, b in find_furniture(text)] == [text[a:b] for a, b in expected]
    assert list(find_furniture(text)) == expected


def check(text: str) -> None:
    spans = find_furniture(text)
    end = 0
    for start, stop in spans:
        assert end <= start < stop <= len(text)
        assert text[start:stop].strip()
        end = stop


@given(st.text())
def test_any_text(text: str) -> None:
    check(text)


MARKS = [
    "\n",
    "\r\n",
    "\u2028",
    " - ",
    ": ",
    "«",
    "»",
    "(",
    ")",
    ". ",
    "، ",
    "قال الوزير",
    "\u200f",
    "ﷺ",
    "ـ",
    "\ud800",
]
PIECES = st.sampled_from([*PHRASES, *TABLE["cities"]["names"], *TABLE["bylines"]["names"], *MARKS])


@given(st.lists(PIECES, max_size=40).map("".join))
def test_phrases_in_any_order(text: str) -> None:
    check(text)


@given(st.lists(st.sampled_from(["قال", "الوزير", "إن", "المشروع", "بدأ", "في", "المدينة", "أمس"]), min_size=4))
def test_a_plain_sentence_is_never_cut(words: list[str]) -> None:
    assert find_furniture(" ".join(words) + ".") == ()


@pytest.mark.parametrize("phrase", [row["phrase"] for row in TABLE["line"]])
def test_every_lone_line(phrase: str) -> None:
    text = f"وصل الوفد أمس.\n{phrase}\nثم غادر اليوم."
    assert [text[a:b] for a, b in find_furniture(text)] == [phrase]


@pytest.mark.parametrize("phrase", [row["phrase"] for row in TABLE["opening"] if row["limit"] > 30])
def test_every_opening(phrase: str) -> None:
    line = f"{phrase} كلام"
    text = f"وصل الوفد أمس.\n{line}\nثم غادر اليوم."
    assert [text[a:b] for a, b in find_furniture(text)] == [line]


@pytest.mark.parametrize("row", TABLE["opening"], ids=lambda row: str(row["phrase"]))
def test_a_long_line_is_a_sentence(row: dict[str, str | int]) -> None:
    assert find_furniture(f"وصل الوفد أمس.\n{row['phrase']} {'كلام كثير ' * 40}.\nثم غادر.") == ()


@pytest.mark.parametrize("phrase", [row["phrase"] for row in TABLE["anywhere"]])
def test_every_fixed_phrase(phrase: str) -> None:
    text = f"{phrase}وصل الوفد"
    assert [text[a:b] for a, b in find_furniture(text)] == [phrase]


@pytest.mark.parametrize("agency", [row["phrase"] for row in TABLE["agency"]])
def test_every_agency(agency: str) -> None:
    text = f"القاهرة - {agency}: وصل الوفد أمس. ({agency})"
    assert [text[a:b] for a, b in find_furniture(text)] == [f"القاهرة - {agency}:", f"({agency})"]


def test_words_are_sound() -> None:
    for section, rows in TABLE.items():
        entries = rows if isinstance(rows, list) else [rows]
        for row in entries:
            assert row["reading"].strip(), section
            assert row.keys() <= {"phrase", "limit", "reading", "names"}, section
        words = [row["phrase"] for row in rows] if isinstance(rows, list) else rows["names"]
        assert all(fold(word).strip() and word == word.strip() for word in words), section
        folded = [fold(word) for word in words]
        twice = {word for word in folded if folded.count(word) > 1}
        assert not twice, (section, twice)
    assert not {fold(w) for w in TABLE["titles"]["names"]} & {fold("علي"), fold("محمد"), fold("عبد")}


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "unit", ["(أ .ف .ب", "دبي - ", "(ر) ", "قال ", "* ", "الرئيسية | ", "\n", "اقرأ أيضا ", "«الخليج» "]
)
def test_a_long_line_does_not_hang(unit: str) -> None:
    text = unit * 20_000
    assert all(0 <= start < end <= len(text) for start, end in find_furniture(text))
