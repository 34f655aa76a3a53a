"""Claims: a table of sentences for the grammar, and properties on random mixtures of words and names."""

from __future__ import annotations

import random
import re
import tomllib
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rawabit.graph.claims import find_claims, read_claims
from rawabit.graph.frames import fits
from rawabit.graph.model import SYMMETRIC, Claim, Entity, Relation
from rawabit.ner.model import Document, Label, Mention, Money, Span
from rawabit.ner.tokens import sentences

_MARK = re.compile(r"\[([A-Z]+):([^\]=]+)(?:=([^\]]+))?\]")
_GROUPS = tomllib.loads((Path(__file__).parent / "cases" / "claims.toml").read_text(encoding="utf-8"))["group"]
_ROWS = [(group["note"], row) for group in _GROUPS for row in group["rows"]]


def parse(marked: str) -> tuple[Document, list[Entity]]:
    """A document and its entities from text with inline marks; NORP gives a PLACE of the name behind ``=``."""
    text = ""
    position = 0
    mentions: dict[str, list[Mention]] = {}
    labels: dict[str, Label] = {}
    values: dict[str, Money] = {}
    for match in _MARK.finditer(marked):
        text += marked[position : match.start()]
        label, name, extra = Label(match[1]), match[2], match[3]
        key = extra if extra and label is not Label.MONEY else name
        start = len(text)
        text += name
        mentions.setdefault(key, []).append(Mention(start, len(text), name, label))
        labels.setdefault(key, Label.PLACE if label is Label.NORP else label)
        if label is Label.MONEY:
            amount, currency = extra.split()
            values[key] = Money(Decimal(amount), currency)
        position = match.end()
    text += marked[position:]
    entities = [Entity(key, labels[key], key, tuple(found), value=values.get(key)) for key, found in mentions.items()]
    return Document("case", text), entities


def matches(claim: Claim, wanted: str) -> bool:
    """Whether a claim is the one that a cell of the table describes."""
    subject, relation, object_, *rest = wanted.split("|")
    ends = {(claim.subject, claim.object)}
    if claim.relation in SYMMETRIC and not claim.qualifiers.get("kinship"):
        ends.add((claim.object, claim.subject))
    if claim.relation != relation or (subject, object_) not in ends:
        return False
    if claim.negated != ("neg" in rest):
        return False
    source = next((r[3:] for r in rest if r.startswith("by=")), None)
    if claim.attributed_to != source:
        return False
    if ("former" in rest) != bool(claim.qualifiers.get("former")):
        return False
    pairs = [r.split("=", 1) for r in rest if "=" in r and not r.startswith("by=")]
    return all(str(claim.qualifiers.get(key)) == value for key, value in pairs)


def by_grammar(document: Document, entities: list[Entity]) -> list[Claim]:
    """What the grammar alone reads, each claim once at its surest reading, and no worker where a head is."""
    best: dict[tuple[object, ...], Claim] = {}
    for _, claim in read_claims(document, sentences(document.text), entities):
        ends = (claim.subject, claim.object)
        key = (claim.start, claim.relation, *(sorted(ends) if claim.relation in SYMMETRIC else ends))
        if claim.confidence > (best[key].confidence if key in best else 0.0):
            best[key] = claim
    heads = {(c.start, c.subject, c.object) for c in best.values() if c.relation is Relation.HEAD_OF}
    return [
        c for c in best.values() if c.relation is not Relation.WORKS_FOR or (c.start, c.subject, c.object) not in heads
    ]


@pytest.mark.parametrize(("note", "row"), _ROWS, ids=[row["text"][:60] for _, row in _ROWS])
def test_table(note: str, row: dict[str, object]) -> None:
    document, entities = parse(str(row["text"]))
    claims = by_grammar(document, entities)
    shown = [(c.subject, str(c.relation), c.object, c.negated, c.attributed_to, dict(c.qualifiers)) for c in claims]
    wanted = row["claims"]
    assert isinstance(wanted, list)
    assert len(claims) == len(wanted), (note, shown)
    for cell in wanted:
        assert any(matches(claim, cell) for claim in claims), (note, cell, shown)


def test_table_is_large_enough() -> None:
    assert len(_ROWS) >= 150
    assert sum(not row["claims"] for _, row in _ROWS) >= 40
    types = {cell.split("|")[1] for _, row in _ROWS for cell in row["claims"]}
    assert types == {str(r) for r in Relation} - {"RELATED"}


def test_claim_carries_its_evidence_and_its_mentions() -> None:
    document, entities = parse("مقدمة.\nزار [PERSON:أندريه روسو] [PLACE:بيروت].")
    (claim,) = find_claims(document, sentences(document.text), entities)
    assert document.text[claim.start : claim.end] == "زار أندريه روسو بيروت."
    assert document.text[slice(*claim.subject_span)] == "أندريه روسو"
    assert document.text[slice(*claim.object_span)] == "بيروت"
    assert 0 < claim.confidence <= 1


def test_the_same_claim_in_two_sentences_is_two_claims() -> None:
    document, entities = parse(
        "زار [PERSON:أندريه روسو] [PLACE:بيروت].\nوزار [PERSON:أندريه روسو] [PLACE:بيروت] ثانية."
    )
    claims = find_claims(document, sentences(document.text), entities)
    assert len(claims) == len({c.id for c in claims}) == 2


def test_no_entities_no_sentences() -> None:
    document, entities = parse("زار [PERSON:أندريه روسو] [PLACE:بيروت].")
    assert find_claims(document, (), entities) == ()
    assert find_claims(document, sentences(document.text), ()) == ()


_WORDS = [
    "قال",
    "إن",
    "أن",
    "انتقد",
    "زار",
    "التقى",
    "رئيس",
    "الرئيس",
    "وزير",
    "شركة",
    "في",
    "من",
    "على",
    "إلى",
    "مع",
    "بين",
    "و",
    "،",
    ":",
    ".",
    "(",
    ")",
    "«",
    "»",
    "لم",
    "لن",
    "نفى",
    "قد",
    "الذي",
    "التي",
    "بقيمة",
    "بلغت",
    "نجل",
    "زوجته",
    "مؤسس",
    "عضو",
    "اتفاقية",
    "وقعت",
    "أعلنت",
    "تعيين",
    "تم",
    "قبل",
    "بحسب",
    "عاصمة",
    "حصة",
    "20",
    "%",
    "المدير",
    "العام",
    "السابق",
    "ل",
    "ب",
    "واستحوذت",
    "يتوقع",
]
_LABELS = [label for label in Label if label is not Label.NORP]


@st.composite
def mixtures(draw: st.DrawFn) -> tuple[Document, tuple[Span, ...], list[Entity]]:
    """A text of grammar words and names, its sentences and its entities; some demonyms, some glued clitics."""
    parts = draw(st.lists(st.one_of(st.sampled_from(_WORDS), st.integers(0, 7)), max_size=40))
    labels = draw(st.lists(st.sampled_from(_LABELS), min_size=8, max_size=8))
    text = ""
    found: dict[int, list[Mention]] = {}
    for part in parts:
        if isinstance(part, int):
            text += draw(st.sampled_from(["", "و", "ل", "ب", "لل"]))
            name = f"علم{'ابتثجحخد'[part]}"
            demonym = labels[part] is Label.PLACE and draw(st.booleans())
            label = Label.NORP if demonym else labels[part]
            found.setdefault(part, []).append(Mention(len(text), len(text) + len(name), name, label))
            text += name + draw(st.sampled_from([" ", "", "\n"]))
        else:
            text += part + " "
    entities = [
        Entity(
            f"e{k}",
            labels[k],
            f"e{k}",
            tuple(ms),
            value=Money(Decimal(5), "USD") if labels[k] is Label.MONEY else None,
        )
        for k, ms in sorted(found.items())
    ]
    return Document("random", text), sentences(text), entities


@settings(max_examples=300, deadline=None)
@given(mixtures(), st.randoms(use_true_random=False))
def test_properties(case: tuple[Document, tuple[Span, ...], list[Entity]], shuffler: random.Random) -> None:
    document, spans, entities = case
    claims = find_claims(document, spans, entities)
    by_id = {e.id: e for e in entities}
    assert len({c.id for c in claims}) == len(claims)
    assert list(claims) == sorted(claims, key=lambda c: (c.start, c.subject_span, c.object_span, c.relation))
    for claim in claims:
        subject, object_ = by_id[claim.subject], by_id[claim.object]
        held = [n for n, span in enumerate(spans) if claim.start <= span[0] and span[1] <= claim.end]
        assert (claim.start, claim.end) == (spans[held[0]][0], spans[held[-1]][1])
        assert len(held) <= 2
        for entity, span in ((subject, claim.subject_span), (object_, claim.object_span)):
            assert claim.start <= span[0] < span[1] <= claim.end
            assert span in {m.span for m in entity.mentions}
        assert fits(claim.relation, subject, object_)
        assert Label.DATE not in {subject.label, object_.label}
        assert (object_.label is Label.MONEY) == (claim.relation is Relation.HAS_AMOUNT)
        assert claim.attributed_to is None or claim.attributed_to in by_id
    shuffled = list(entities)
    shuffler.shuffle(shuffled)
    assert find_claims(document, tuple(reversed(spans)), shuffled) == claims


@given(st.text(max_size=200))
def test_any_text_without_entities(text: str) -> None:
    assert find_claims(Document("x", text), sentences(text), ()) == ()


@pytest.mark.parametrize("filler", ["كلمة", "قال", "انتقد", "و", "،", "رئيس", "مع", "اتفاقية"])
@pytest.mark.timeout(60)
def test_a_long_sentence_does_not_hang(filler: str) -> None:
    """Three thousand tokens with five hundred names in one sentence; quadratic scans took minutes, and hang here."""
    text = ""
    mentions: dict[str, list[Mention]] = {}
    kinds = [Label.PERSON, Label.ORGANIZATION, Label.PLACE, Label.MONEY]
    for n in range(500):
        text += f"{filler} " * 5
        name = f"اسم{n % 50}"
        mentions.setdefault(name, []).append(Mention(len(text), len(text) + len(name), name, kinds[n % 50 % 4]))
        text += name + " "
    entities = [Entity(k, ms[0].label, k, tuple(ms)) for k, ms in mentions.items()]
    claims = find_claims(Document("long", text), ((0, len(text)),), entities)
    assert all((c.start, c.end) == (0, len(text)) for c in claims)
