"""The rule tagger on a table of sentences, and on anything."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rawabit.ner.model import Document, Label, Mention
from rawabit.ner.rules import PRECISION, RuleTagger
from rawabit.ner.tokens import sentences

ROWS = tomllib.loads((Path(__file__).parent / "cases" / "names.toml").read_text(encoding="utf-8"))["rows"]
TAGGER = RuleTagger()
LETTERS = {"P": "PERSON", "O": "ORGANIZATION", "L": "PLACE", "T": "PRODUCT", "N": "NORP"}
MARK = re.compile(r"\[([^|\]]+)\|([A-Z])\]")
PIECES = [MARK.sub(r"\1", text) for text, _ in ROWS]


def find(text: str) -> list[Mention]:
    return TAGGER.find(Document("d", text), sentences(text))


def plain(marked: str) -> tuple[str, set[tuple[int, int, str]]]:
    """A marked text without its marks, and what they mark."""
    text, spans = "", set()
    at = 0
    for match in MARK.finditer(marked):
        text += marked[at : match.start()]
        spans.add((len(text), len(text) + len(match.group(1)), LETTERS[match.group(2)]))
        text += match.group(1)
        at = match.end()
    return text + marked[at:], spans


def test_table_is_large_enough() -> None:
    assert len(ROWS) >= 120
    assert len({row[0] for row in ROWS}) == len(ROWS)


@pytest.mark.parametrize(("marked", "note"), ROWS)
def test_names(marked: str, note: str) -> None:
    text, want = plain(marked)
    have = {(m.start, m.end, str(m.label)) for m in find(text)}
    shown = [(text[a:b], label) for a, b, label in sorted(have)]
    assert have == want, f"{note}: {shown}"


def check(text: str) -> None:
    spans = sentences(text)
    end = 0
    for mention in TAGGER.find(Document("d", text), spans):
        assert text[mention.start : mention.end] == mention.text
        assert mention.start < mention.end
        assert mention.start >= end
        assert mention.label in set(LETTERS.values())
        assert 0 < mention.confidence < 1
        assert any(a <= mention.start and mention.end <= b for a, b in spans)
        assert mention.text == mention.text.strip()
        end = mention.end


@given(st.text(max_size=120))
def test_takes_any_text(text: str) -> None:
    check(text)


@given(
    st.lists(
        st.sampled_from([*PIECES, "\n", "ـ", "«", "»", "(", ")", "،", "لل", "و", "بن", "آل", "\u200f", "َ"]), max_size=12
    )
)
@settings(max_examples=150)
def test_takes_any_mixture(pieces: list[str]) -> None:
    check(" ".join(pieces))
    check("".join(pieces))


def test_result_depends_on_the_document_alone() -> None:
    texts = PIECES[:20]
    once = [find(text) for text in texts]
    assert [find(text) for text in reversed(texts)] == once[::-1]
    assert [RuleTagger().find(Document("x", text), sentences(text)) for text in texts] == once


def test_one_name_has_one_label_in_a_document() -> None:
    text = "قالت شركة «زورفيكس» ذلك. تطبيق زورفيكس جديد. وربحت شركة «زورفيكس» كثيرا."
    assert {m.label for m in find(text) if m.text == "زورفيكس"} == {Label.ORGANIZATION}


def test_nothing_outside_the_sentences_is_read() -> None:
    text = "زار باريس. زار لندن."
    assert [m.text for m in TAGGER.find(Document("d", text), [(0, 10)])] == ["باريس"]
    assert TAGGER.find(Document("d", text), []) == []


def test_confidence_is_the_precision_of_a_rule() -> None:
    assert all(0 < value < 1 for value in PRECISION.values())
    sure, guess = find("قال فلاديمير بوتين ذلك"), find("دائرة المساحة قالت")
    assert sure[0].confidence > 0.9
    assert guess == []  # a head with a word that may be anything: too often wrong to be given


def test_protocol() -> None:
    assert TAGGER.name == "rules"
    assert isinstance(TAGGER.version, str)


@pytest.mark.timeout(60)
def test_a_long_text_does_not_hang() -> None:
    assert find(". ".join(PIECES * 12))


@pytest.mark.timeout(60)
def test_long_words_and_long_names_are_no_trap() -> None:
    check("محمد " * 5000)
    check("و" * 20000)
    check("شركة «" * 3000)
    check("الرئيس " * 5000)
    check("x" * 20000 + " «" + "أحمد بن " * 3000)
