"""Entities within a document: table, properties, names of entities."""

from __future__ import annotations

import datetime as dt
import tomllib
from decimal import Decimal
from importlib.resources import files
from pathlib import Path

import pytest
from fake_gazetteer import KNOWN, LABELS, NOTHING
from hypothesis import given
from hypothesis import strategies as st

from rawabit.graph.link import Knowledge, link_entities
from rawabit.ner.gazetteer import load
from rawabit.ner.model import Date, Document, Label, Mention, Money, Tagged
from rawabit.ner.text import fold

_CASES = tomllib.loads((Path(__file__).parent / "cases" / "link.toml").read_text(encoding="utf-8"))


def _mention(spec: str, start: int) -> Mention:
    code, rest = spec[0], spec[2:]
    text, _, value = rest.partition("=")
    read: Money | Date | None = None
    if value and code == "M":
        amount, currency = value.split()
        read = Money(Decimal(amount), currency)
    elif value:
        first, last = map(dt.date.fromisoformat, value.split("/"))
        read = Date(first, last, text)
    return Mention(start, start + len(text), text, LABELS[code], read)


def tagged(specs: list[str], text: str | None = None) -> Tagged:
    """A document that holds the mentions in order."""
    text = text if text is not None else " ثم ".join(spec[2:].partition("=")[0] for spec in specs)
    mentions: list[Mention] = []
    at = 0
    for spec in specs:
        at = text.index(spec[2:].partition("=")[0], at)
        mentions.append(_mention(spec, at))
        at = mentions[-1].end
    return Tagged(Document("d", text), (), tuple(mentions))


def _letters(document: Tagged, knowledge: Knowledge) -> str:
    of: dict[int, str] = {}
    for number, entity in enumerate(link_entities(document, knowledge)):
        for mention in entity.mentions:
            assert mention.start not in of
            of[mention.start] = chr(ord("A") + number)
    return "".join(of.get(mention.start, ".") for mention in document.mentions)


@pytest.mark.parametrize("row", _CASES["rows"], ids=[row[0] for row in _CASES["rows"]])
def test_table(row: list[object]) -> None:
    _, expected, specs, *text = row
    assert _letters(tagged(specs, *text), KNOWN) == expected  # type: ignore[arg-type]


def test_table_is_large_and_without_doubles() -> None:
    rows = _CASES["rows"]
    assert len(rows) >= 140
    assert len({row[0] for row in rows}) == len(rows)


def test_names_of_a_known_person() -> None:
    (entity,) = link_entities(tagged(["P:المسك", "P:إيلون ماسك", "P:Musk"]), KNOWN)
    assert (entity.id, entity.label) == ("e1", Label.PERSON)
    assert (entity.name, entity.name_ar, entity.name_en) == ("إيلون ماسك", "إيلون ماسك", "Elon Musk")
    assert entity.wikidata is not None


def test_names_of_an_unknown_body_come_from_its_mentions() -> None:
    text = "قالت بريدج ووتر (BWTR) أمس"
    (entity,) = link_entities(tagged(["O:بريدج ووتر", "O:BWTR"], text), NOTHING)
    assert (entity.name, entity.name_ar, entity.name_en) == ("بريدج ووتر", "بريدج ووتر", "BWTR")
    assert entity.wikidata is None


def test_fullest_name_of_a_person_has_most_words_not_letters() -> None:
    (entity,) = link_entities(tagged(["P:إبراهيموفيتش", "P:لي إبراهيموفيتش"]), NOTHING)
    assert entity.name == "لي إبراهيموفيتش"


def test_country_by_its_adjective_is_named_by_the_knowledge() -> None:
    (entity,) = link_entities(tagged(["N:الروسية"]), KNOWN)
    assert (entity.label, entity.name, entity.name_en) == (Label.PLACE, "روسيا", "Russia")
    assert [mention.label for mention in entity.mentions] == [Label.NORP]


def test_commonest_label_wins_and_mentions_keep_theirs() -> None:
    (entity,) = link_entities(tagged(["R:تويتر", "O:تويتر", "O:تويتر"]), NOTHING)
    assert entity.label is Label.ORGANIZATION
    assert [mention.label for mention in entity.mentions] == [Label.PRODUCT, Label.ORGANIZATION, Label.ORGANIZATION]


def test_tie_of_labels_goes_to_the_first_mention() -> None:
    (entity,) = link_entities(tagged(["R:تويتر", "O:تويتر"]), NOTHING)
    assert entity.label is Label.PRODUCT


def test_values() -> None:
    money, date = link_entities(
        tagged(["M:3 ملايين دولار=3000000 USD", "D:أكتوبر 2022=2022-10-01/2022-10-31"]), NOTHING
    )
    assert money.value == Money(Decimal("3000000"), "USD")
    assert isinstance(date.value, Date)
    assert date.value.start == dt.date(2022, 10, 1)


def test_line_breaks_inside_a_name_are_blanks_in_the_entity() -> None:
    (entity,) = link_entities(tagged(["P:سالم\nالحمداني"]), NOTHING)
    assert entity.name == "سالم الحمداني"


_WORDS = st.sampled_from(_CASES["words"])
_TEXTS = st.one_of(st.lists(_WORDS, min_size=1, max_size=5).map(" ".join), st.text(min_size=1, max_size=12))
_SPECS = st.lists(st.tuples(st.sampled_from(list(Label)), _TEXTS), max_size=25)


def _document(specs: list[tuple[Label, str]]) -> Tagged:
    text = ""
    mentions = []
    for label, name in specs:
        mentions.append(Mention(len(text), len(text) + len(name), name, label))
        text += name + " ("
    return Tagged(Document("d", text), (), tuple(mentions))


@given(_SPECS)
def test_every_mention_is_in_one_entity(specs: list[tuple[Label, str]]) -> None:
    document = _document(specs)
    entities = link_entities(document, KNOWN)
    assert [entity.id for entity in entities] == [f"e{n}" for n in range(1, len(entities) + 1)]
    found = [mention for entity in entities for mention in entity.mentions]
    assert len(found) == len(set(found))
    kept = [mention for mention in document.mentions if mention.label is not Label.NORP]
    assert set(kept) <= set(found) <= set(document.mentions)
    for entity in entities:
        assert entity.label is not Label.NORP
        assert entity.name
        assert list(entity.mentions) == sorted(entity.mentions, key=lambda m: m.start)
    firsts = [entity.mentions[0].start for entity in entities]
    assert firsts == sorted(firsts)
    assert link_entities(document, KNOWN) == entities


@given(_SPECS)
def test_amounts_and_dates_never_share_an_entity_with_names(specs: list[tuple[Label, str]]) -> None:
    for entity in link_entities(_document(specs), KNOWN):
        labels = {mention.label for mention in entity.mentions}
        assert labels in ({Label.MONEY}, {Label.DATE}) or not labels & {Label.MONEY, Label.DATE}


def _tables(table: dict[str, object]) -> list[tuple[str, str]]:
    return [
        pair
        for word, reading in table.items()
        for pair in (_tables(reading) if isinstance(reading, dict) else [(word, str(reading))])
    ]


def test_word_lists_have_readings_and_no_doubles() -> None:
    data = tomllib.loads(files("rawabit.graph.data").joinpath("names.toml").read_text(encoding="utf-8"))
    for name, table in data.items():
        pairs = _tables(table)
        assert all(word.strip() == word and word and reading for word, reading in pairs), name
        folded = [fold(word) for word, _ in pairs]
        assert len(folded) == len(set(folded)), name


REAL: Knowledge = load()


def test_nicknames_mean_what_the_gazetteer_has() -> None:
    data = tomllib.loads(files("rawabit.graph.data").joinpath("names.toml").read_text(encoding="utf-8"))
    for label, names in data["nicknames"].items():
        for meant in names.values():
            entry = REAL.lookup(meant, Label(label.upper()))
            assert entry is not None, meant
            assert fold(entry.name_ar) == fold(meant)


def test_letter_names_are_latin_letters() -> None:
    data = tomllib.loads(files("rawabit.graph.data").joinpath("names.toml").read_text(encoding="utf-8"))
    assert set("".join(data["letter_names"].values())) <= set("abcdefghijklmnopqrstuvwxyz")


@pytest.mark.parametrize(
    ("expected", "specs"),
    [
        ("AAA", ["P:إيلون ماسك", "P:المسك", "P:Musk"]),
        ("AA", ["O:وكالة ناسا", "O:NASA"]),
        ("AAA", ["N:الروسية", "L:روسيا", "N:الروس"]),
        ("AA", ["L:الولايات المتحدة", "N:الأمريكي"]),
        ("AA", ["O:الحكومة الفرنسية", "O:حكومة فرنسا"]),
        ("AAB", ["P:دونالد ترامب", "P:ترامب", "P:دونالد ترامب جونيور"]),
        ("AB", ["L:كوريا الشمالية", "L:كوريا الجنوبية"]),
        (".", ["N:الشيعي"]),
        ("AAA", ["O:ليفربول", "O:الحمر", "O:الريدز"]),
        ("AA", ["L:العراق", "L:بلاد الرافدين"]),
        ("AB", ["L:العراق", "L:أرض الكنانة"]),
        ("AA", ["O:دوري أبطال أوروبا", "O:دوري الأبطال"]),
        ("AB", ["O:سامسونج", "O:سامسونج الخليج للإلكترونيات"]),
        ("AAB", ["R:آي فون 4", "R:iPhone 4", "R:iPhone 5"]),
    ],
)
def test_with_the_gazetteer(expected: str, specs: list[str]) -> None:
    assert _letters(tagged(specs), REAL) == expected


def test_dates_that_no_year_fixes_are_not_one() -> None:
    """Bug: every date that the text alone does not fix became one entity with every other."""
    text = "يوم الاثنين ثم الثلاثاء ثم يوم الاثنين"
    spans = [(0, 11), (15, 23), (27, 38)]
    mentions = tuple(
        Mention(start, end, text[start:end], Label.DATE, Date(None, None, text[start:end])) for start, end in spans
    )
    entities = link_entities(Tagged(Document("d", text), ((0, len(text)),), mentions), load())
    assert [[m.start for m in entity.mentions] for entity in entities] == [[0, 27], [15]]
