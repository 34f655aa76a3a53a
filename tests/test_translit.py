"""Names in two scripts: tables, properties, the learnt file."""

from __future__ import annotations

import json
import math
import re
import time
import tomllib
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rawabit.graph import translit
from rawabit.graph.translit import (
    arabic_letters,
    keys,
    latin_letters,
    name_similarity,
    paired,
    score,
    similarity,
)
from rawabit.ner.text import fold, is_arabic

_CASES = tomllib.loads((Path(__file__).parent / "cases" / "translit.toml").read_text(encoding="utf-8"))


def _rows(table: str) -> list[object]:
    return [pytest.param(*row[:2], id=" ".join(row)) for row in _CASES[table]]


@pytest.mark.parametrize(("arabic", "latin"), _rows("same"))
def test_one_name(arabic: str, latin: str) -> None:
    assert similarity(arabic, latin) >= 0.5


@pytest.mark.parametrize(("arabic", "latin"), _rows("other"))
def test_two_names(arabic: str, latin: str) -> None:
    assert similarity(arabic, latin) < 0.5


@pytest.mark.parametrize(("one", "other"), _rows("names_same"))
def test_one_whole_name(one: str, other: str) -> None:
    assert name_similarity(one, other) >= 0.5
    assert name_similarity(other, one) == name_similarity(one, other)


@pytest.mark.parametrize(("one", "other"), _rows("names_other"))
def test_two_whole_names(one: str, other: str) -> None:
    assert name_similarity(one, other) < 0.5
    assert name_similarity(other, one) == name_similarity(one, other)


@pytest.mark.parametrize(("one", "other"), [*_rows("keyed"), *_rows("names_same")])
def test_share_a_key(one: str, other: str) -> None:
    assert set(keys(one)) & set(keys(other))


@pytest.mark.parametrize(("right", "wrong", "latin"), _CASES["nearer"])
def test_right_name_is_nearer(right: str, wrong: str, latin: str) -> None:
    assert similarity(right, latin) > similarity(wrong, latin)


def test_usual_spellings_decide_between_names() -> None:
    assert similarity("حسين", "Hussein") > 0.9 > 0.5 > similarity("حسن", "Hussein")
    assert similarity("عمر", "Omar") > 0.9 > 0.5 > similarity("عمار", "Omar")


def test_tables_are_large_and_without_doubles() -> None:
    for table, least in (("same", 40), ("other", 20), ("names_same", 20), ("names_other", 10), ("keyed", 15)):
        rows = _CASES[table]
        assert len(rows) >= least
        assert all(len(row) == 3 for row in rows)
        assert len({tuple(row[:2]) for row in rows}) == len(rows)


def test_the_learnt_file() -> None:
    raw = files("rawabit.graph.data").joinpath("translit.json").read_bytes()
    assert len(raw) < 300_000
    data = json.loads(raw)
    assert set(data) == {"slope", "offset", "chunks", "usual"}
    assert 0.2 < data["slope"] < 5
    assert len(data["chunks"]) > 200
    for arabic, row in data["chunks"].items():
        assert len(arabic) <= 2
        assert all(is_arabic(c) or c in "^$" for c in arabic)
        for latin, weight in row.items():
            assert len(latin) <= 3
            assert not any(map(is_arabic, latin))
            assert isinstance(weight, int)
            assert abs(weight) < 5000
            # Ends meet ends: a word is read whole.
            assert ("^" in arabic, "$" in arabic) == ("^" in latin, "$" in latin)
    assert len(data["usual"]) > 3000
    for latin, forms in data["usual"].items():
        assert latin_letters(latin) == latin
        assert all(arabic_letters(form) == form for form in forms.split(" "))


def test_the_hand_written_tables() -> None:
    data = tomllib.loads(files("rawabit.graph.data").joinpath("translit.toml").read_text(encoding="utf-8"))
    assert set("بتثجخدذرزسشصضطظغفقكلمن") <= set(data["signs"]["arabic"])
    assert set("bcdfgjklmnpqrstvwxz") <= set(data["signs"]["latin"])
    for table in data["signs"].values():
        assert all(re.fullmatch(r"[a-z]*(\|[a-z]*)*", reading) for reading in table.values())
    signs = [{c for reading in table.values() for c in reading} for table in data["signs"].values()]
    assert signs[0] - {"|"} == signs[1] - {"|"}
    for letter, reading in data["latin"].items():
        assert len(letter) == 1
        assert latin_letters(letter + "o") == reading + "o"


def _slow_score(arabic: str, latin: str) -> float:
    """By the definition: every way to cut both words."""
    chunks = translit._weights().chunks
    a, b = f"^{arabic}$", f"^{latin}$"

    def rest(i: int, j: int) -> float:
        if i == len(a) and j == len(b):
            return 1.0
        return sum(
            chunks.get(a[i : i + p], {}).get(b[j : j + q], 0.0) * rest(i + p, j + q)
            for p in range(3)
            for q in range(4)
            if (p or q) and (p < 2 or q) and i + p <= len(a) and j + q <= len(b)
        )

    total = rest(0, 0)
    return math.log(total) if total else -math.inf


_SHORT = [("علي", "ali"), ("جو", "joe"), ("تشاد", "chad"), ("شي", "xi"), ("ا", "x")]


@pytest.mark.parametrize(("arabic", "latin"), _SHORT)
def test_score_is_the_sum_over_all_cuts(arabic: str, latin: str) -> None:
    assert score(arabic, latin) == pytest.approx(_slow_score(arabic, latin))


_ARABIC = st.one_of(
    st.sampled_from([row[0] for row in _CASES["same"] + _CASES["other"]]),
    st.text("ابتثجحخدذرزسشصضطظعغفقكلمنهويأإآىةؤئءـَّ", max_size=12),
    st.text(max_size=8),
)
_LATIN = st.one_of(
    st.sampled_from([row[1] for row in _CASES["same"] + _CASES["other"]]),
    st.text("abcdefghijklmnopqrstuvwxyzşčéßæİ'-", max_size=14),
    st.text(max_size=8),
)
_NAMES = st.one_of(
    st.sampled_from([name for table in ("names_same", "names_other") for row in _CASES[table] for name in row[:2]]),
    st.lists(st.one_of(_ARABIC, _LATIN), max_size=5).map(" ".join),
)


@given(_ARABIC, _LATIN)
def test_similarity_is_a_probability_that_spelling_marks_do_not_change(arabic: str, latin: str) -> None:
    value = similarity(arabic, latin)
    assert 0.0 <= value <= 1.0
    assert similarity(arabic, latin.upper()) == similarity(arabic, latin.upper().lower())
    assert similarity(f"\u200f{arabic}", f"{latin}\u200e") == pytest.approx(value) or arabic[:1] in "أإآ"


@given(_ARABIC)
def test_folded_words_read_alike(arabic: str) -> None:
    assert arabic_letters(fold(arabic)) == arabic_letters(arabic)
    assert len(paired(arabic_letters(arabic), "x")[0]) <= 40


@given(_NAMES, _NAMES)
def test_names_either_way_round(one: str, other: str) -> None:
    value = name_similarity(one, other)
    assert 0.0 <= value <= 1.0
    assert name_similarity(other, one) == value
    assert keys(one) == keys(one)
    assert len(set(keys(one))) == len(keys(one))


@given(_NAMES)
def test_a_name_is_like_itself_and_shares_its_keys(name: str) -> None:
    found = keys(name)
    assert bool(found) == bool(translit._units(name))
    if found:
        assert name_similarity(name, name) == 1.0


def test_long_words_are_cheap() -> None:
    began = time.perf_counter()
    assert similarity("ا" * 20_000, "a" * 20_000) < 1.0
    assert name_similarity("محمد " * 2_000, "Mohammed " * 2_000) <= 1.0
    assert len(keys("c" * 5_000 + " " + "x" * 5_000)) < 1000
    assert time.perf_counter() - began < 5.0
