"""Folding and its way back."""

from __future__ import annotations

import tomllib
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rawabit.ner.text import fold, fold_map, is_arabic

CASES = tomllib.loads((Path(__file__).parent / "cases" / "fold.toml").read_text(encoding="utf-8"))
ANY = st.text(alphabet=st.characters(codec=None) | st.sampled_from("ابتثجحخدأإآةىؤئلاﷺﻻًٌَّـ٣۳\u200f\u200b\ufeff“«,.،"))


@pytest.mark.parametrize("group", CASES["groups"], ids=lambda g: g[0])
def test_spellings_fold_to_one(group: list[str]) -> None:
    assert {fold(word) for word in group} == {fold(group[0])}


@pytest.mark.parametrize(("one", "other"), CASES["different"])
def test_words_that_stay_apart(one: str, other: str) -> None:
    assert fold(one) != fold(other)


def test_no_two_groups_meet() -> None:
    for a, b in combinations(CASES["groups"], 2):
        assert fold(a[0]) != fold(b[0])


@given(ANY, ANY)
def test_fold_is_additive(a: str, b: str) -> None:
    assert fold(a + b) == fold(a) + fold(b)


@given(ANY)
def test_fold_is_idempotent(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(ANY)
def test_the_way_back_is_exact(text: str) -> None:
    folded = fold_map(text)
    assert folded.text == fold(text)
    assert len(folded.origin) == len(folded.text)
    assert list(folded.origin) == sorted(folded.origin)
    for i in range(len(folded.text)):
        start, end = folded.span(i, i + 1)
        assert folded.text[i] in fold(text[start:end])
    for original in range(len(text)):
        index = folded.index(original)
        assert all(o < original for o in folded.origin[:index])
        assert all(o >= original for o in folded.origin[index:])


def test_an_empty_run_has_no_span() -> None:
    with pytest.raises(ValueError, match="no such run"):
        fold_map("نص").span(1, 1)


def test_lengths_change_and_offsets_hold() -> None:
    text = "قالﷺ ﻻ"
    folded = fold_map(text)
    at = folded.text.index("محمد") if "محمد" in folded.text else folded.text.index("الله")
    assert text[slice(*folded.span(at, at + 4))] == "ﷺ"


@pytest.mark.parametrize(
    ("char", "expected"), [("ا", True), ("ﻻ", True), ("ـ", False), ("٣", False), ("a", False), ("،", False)]
)
def test_is_arabic(char: str, expected: bool) -> None:
    assert is_arabic(char) is expected
