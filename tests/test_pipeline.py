"""The whole extraction on any text: offsets, independence of documents, schema, determinism."""

from __future__ import annotations

import json
from importlib.resources import files
from itertools import pairwise

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rawabit.graph.extract import link_document
from rawabit.graph.model import Extraction
from rawabit.loaders.docs import from_json, to_json
from rawabit.loaders.extraction import extract, make_tagger
from rawabit.loaders.problems import Problem
from rawabit.ner.gazetteer import load
from rawabit.ner.model import Document
from rawabit.ner.tag import tag_document

SCHEMA = json.loads(files("rawabit.graph.data").joinpath("docs.schema.json").read_text(encoding="utf-8"))
PIECES = [
    "إيلون ماسك", "ماسك", "Musk", "SpaceX", "سبيس إكس", "الرئيس الروسي فلاديمير بوتين", "وبوتين", "لأوكرانيا", "للصين",
    "وزارة الدفاع الأمريكية", "بنك المرفأ", "شركة", "قال", "وأعلنت", "نفى", "التقى", "مع", "في", "بقيمة", "حوالي",
    "3.6 مليار دولار", "٣٫٥ مليون ريال", "$5M", "15 ألفاً و500 درهم", "أكتوبر/تشرين الأول 2022", "أمس", "عام 2016",
    "نيويورك تايمزوقالت", "” ماسك “", "«الأفق»", "(Samsung)", ".", "،", "\n", "\u200f", "ـ", "ﷺ", "ﻻ", "🚀", "𐤀",
    "\u0651", "\x00", "<b>",
    "اترك تعليقاً", "(ر)", "ولد", "رئيس", "السابق", "لـ", "هـ", "1 .29 مليون درهم", "5 .4 مليار",
]  # fmt: skip
TEXT = st.lists(st.sampled_from(PIECES) | st.text(max_size=6), max_size=25).flatmap(
    lambda pieces: st.sampled_from([" ", ""]).map(lambda blank: blank.join(pieces))
)


def run(text: str, published: str | None = None) -> Extraction:
    document = Document("x", text, published=published)
    return link_document(tag_document(document, make_tagger("rules")), load(), "test")


@given(TEXT, st.sampled_from([None, "2024-05-06"]))
def test_everything_is_where_it_says(text: str, published: str | None) -> None:
    extraction = run(text, published)
    spans = []
    for entity in extraction.entities:
        assert entity.mentions
        for mention in entity.mentions:
            assert text[mention.start : mention.end] == mention.text
            assert mention.text.strip() == mention.text != ""
            assert any(a <= mention.start and mention.end <= b for a, b in extraction.sentences)
            spans.append(mention.span)
    ordered = sorted(spans)
    assert all(a[1] <= b[0] for a, b in pairwise(ordered)), "mentions overlap"
    for claim in extraction.claims:
        assert (claim.start, claim.end) in extraction.sentences
        for start, end in (claim.subject_span, claim.object_span):
            assert (start, end) in spans
            assert claim.start <= start < end <= claim.end
    assert len({claim.id for claim in extraction.claims}) == len(extraction.claims)


@given(TEXT)
def test_lines_fit_the_schema_and_come_back(text: str) -> None:
    extraction = run(text.encode("utf-8", "replace").decode("utf-8"))
    row = json.loads(json.dumps(to_json(extraction)))
    jsonschema.validate(row, SCHEMA)
    back = from_json(row)
    assert to_json(back) == to_json(extraction)


@given(st.lists(TEXT, min_size=2, max_size=4))
def test_a_document_depends_on_itself_alone(texts: list[str]) -> None:
    documents = [Document(str(i), text) for i, text in enumerate(texts)]
    problems: list[Problem] = []
    together = list(extract(documents, engine="rules", report=problems.append))
    backwards = list(extract(documents[::-1], engine="rules", report=problems.append))[::-1]
    alone = [one for document in documents for one in extract([document], engine="rules", report=problems.append)]
    assert together == backwards == alone
    assert not problems


def test_an_amount_goes_before_a_date_and_a_date_before_a_name() -> None:
    extraction = run("بلغ الدخل 5 ملايين دولار أمريكي في عام 2016 بحسب الاتحاد الأوروبي.")
    labels = {m.text: str(m.label) for e in extraction.entities for m in e.mentions}
    assert labels["5 ملايين دولار أمريكي"] == "MONEY"
    assert "أمريكي" not in labels


@pytest.mark.parametrize("engine", ["rules:x", "camels", "", "CAMEL"])
def test_engines_that_are_none(engine: str) -> None:
    with pytest.raises(ValueError, match="no such engine"):
        make_tagger(engine)
