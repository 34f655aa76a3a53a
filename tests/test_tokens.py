"""Tokens and sentences with offsets."""

from __future__ import annotations

import tomllib
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rawabit.ner.text import fold
from rawabit.ner.tokens import sentences, tokens

CASES = Path(__file__).parent / "cases"
TOKENS = tomllib.loads((CASES / "tokens.toml").read_text(encoding="utf-8"))["rows"]
SENTENCES = tomllib.loads((CASES / "sentences.toml").read_text(encoding="utf-8"))["rows"]
TEXT = st.text(alphabet=st.characters(codec=None) | st.sampled_from("ابلوسكم تىةﷺًـ٣5.,،؟!\n\r\u200f\u200b“»)SpaceX"))


@pytest.mark.parametrize(("text", "expected", "why"), TOKENS, ids=lambda v: v if isinstance(v, str) else "")
def test_tokens(text: str, expected: list[str], why: str) -> None:
    assert [text[t.start : t.end] for t in tokens(text)] == expected, why


@pytest.mark.parametrize(("text", "expected", "why"), SENTENCES, ids=lambda v: v if isinstance(v, str) else "")
def test_sentences(text: str, expected: list[str], why: str) -> None:
    assert [text[a:b] for a, b in sentences(text)] == expected, why


@given(TEXT)
def test_tokens_cover_everything_visible(text: str) -> None:
    found = list(tokens(text))
    assert all(a.end <= b.start for a, b in pairwise(found))
    assert all(t.start < t.end and t.fold == fold(text[t.start : t.end]) for t in found)
    covered = {i for t in found for i in range(t.start, t.end)}
    assert all(i in covered or not fold(c).strip() for i, c in enumerate(text))


@given(TEXT, st.integers(0, 30), st.integers(0, 30))
def test_sentences_cover_everything_but_holes(text: str, a: int, b: int) -> None:
    start, end = sorted((min(a, len(text)), min(b, len(text))))
    holes = ((start, end),) if start < end else ()
    found = sentences(text, holes)
    assert all(x[1] <= y[0] for x, y in pairwise(found))
    covered = {i for x, y in found for i in range(x, y)}
    for i, char in enumerate(text):
        if holes and start <= i < end:
            assert i not in covered
        elif fold(char).strip():
            assert i in covered


def test_a_long_line_takes_linear_time() -> None:
    text = "و. " * 100_000 + "3.5" * 100_000 + "\u200f" * 100_000
    assert sum(1 for _ in tokens(text)) > 100_000
    assert len(sentences(text)) >= 1


@pytest.mark.timeout(60)
@pytest.mark.parametrize("unit", [".", "؟", ".)", "؟\u200f", "…”", " ."])
def test_runs_of_stops_do_not_hang(unit: str) -> None:
    text = unit * 100_000 + "نص"
    assert sentences(text)[-1][1] == len(text)
