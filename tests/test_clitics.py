"""Where names begin after what is written onto them."""

from __future__ import annotations

import tomllib
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rawabit.ner.clitics import name_start, readings
from rawabit.ner.text import fold

ROWS = tomllib.loads((Path(__file__).parent / "cases" / "clitics.toml").read_text(encoding="utf-8"))["rows"]
ARABIC = st.text(alphabet="ابتثجحخدذرزسشصضطظعغفقكلمنهويةىأإآءؤئـًٌَُِّ ", max_size=14)


def test_table_is_large_enough() -> None:
    assert len(ROWS) >= 60
    assert len({(row[0], row[1]) for row in ROWS}) == len(ROWS)


@pytest.mark.parametrize(("span", "names", "left", "note"), ROWS)
def test_name_start(span: str, names: str, left: str, note: str) -> None:
    known = {fold(name) for name in names.split("|") if name}
    assert span[name_start(span, 0, len(span), known.__contains__) :] == left, note


@pytest.mark.parametrize(("span", "names", "left", "note"), ROWS[::3])
def test_name_start_inside_a_text(span: str, names: str, left: str, note: str) -> None:
    known = {fold(name) for name in names.split("|") if name}
    text = f"ثم {span} غدا"
    start = name_start(text, 3, 3 + len(span), known.__contains__)
    assert text[start : 3 + len(span)] == left, note


@given(ARABIC, st.booleans())
def test_name_start_stays_inside(text: str, known: bool) -> None:
    start = name_start(text, 0, len(text), lambda _: known)
    assert 0 <= start <= len(text)
    assert start < len(text) or not text.strip() or start == 0
    if known:
        assert start == 0 or not fold(text[:start]).strip() or " " in text or "ـ" in text


@given(st.text(max_size=20))
def test_name_start_takes_any_text(text: str) -> None:
    assert 0 <= name_start(text, 0, len(text), lambda name: len(name) == 3) <= len(text)


@given(ARABIC)
def test_readings_begin_with_the_whole_and_shrink(text: str) -> None:
    word = fold(text)
    found = list(readings(word))
    assert found[0] == (0, word)
    assert all(rest.endswith(word[cut:]) and cut < len(word) for cut, rest in found[1:])
    assert all(len(word) - cut >= 2 for cut, _ in found[1:])


@pytest.mark.timeout(60)
def test_a_long_word_is_not_remembered() -> None:
    """Bug: each prefix of a text whose blanks were lost stayed in memory with all its readings: 770 MB for this one."""
    tracemalloc.start()
    for end in range(1, 20_000, 50):
        readings("و" * end)
    held = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert held < 5_000_000
