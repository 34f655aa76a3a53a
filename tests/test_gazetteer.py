"""The tables of names: whole, unambiguous where they say so, and found again in every spelling."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from importlib.resources import files
from typing import Any

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from rawabit.ner.gazetteer import TABLES, Entry, Form, load
from rawabit.ner.lexicon import lexicon
from rawabit.ner.model import Label
from rawabit.ner.text import fold

GAZETTEER = load()
TERRITORIES = {code for code in Locale("en").territories if re.fullmatch("[A-Z]{2}", code)}
FORMS = [form for rows in GAZETTEER.starts.values() for form in rows]


def table(name: str) -> dict[str, Any]:
    return tomllib.loads(files("rawabit.ner.data").joinpath(f"{name}.toml").read_text(encoding="utf-8"))


def rows() -> list[tuple[str, str]]:
    return [(name, row) for name, _ in TABLES for part in table(name).values() for row in part.strip().splitlines()]


def of(form: Form) -> Entry:
    return GAZETTEER.entries[form.entry]


def test_rows_have_five_columns_and_no_empty_alias() -> None:
    for name, row in rows():
        columns = [column.strip() for column in row.split("|")]
        assert 4 <= len(columns) <= 5, (name, row)
        assert columns[0], (name, row)
        assert columns[1], (name, row)
        assert all(alias.strip() for alias in columns[2].split(";")) or not columns[2], (name, row)


def test_keys_are_unique_slugs() -> None:
    keys = Counter(entry.key for entry in GAZETTEER.entries)
    assert [key for key, count in keys.items() if count > 1] == []
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", key) for key in keys)


def test_labels_countries_and_wikidata_are_well_formed() -> None:
    numbers = Counter(entry.wikidata for entry in GAZETTEER.entries if entry.wikidata)
    assert [number for number, count in numbers.items() if count > 1] == []
    for entry in GAZETTEER.entries:
        assert entry.label in {Label.PERSON, Label.ORGANIZATION, Label.PLACE, Label.PRODUCT}
        assert entry.country is None or entry.country in TERRITORIES, entry
        assert entry.wikidata is None or re.fullmatch("Q[1-9][0-9]*", entry.wikidata), entry
        assert fold(entry.name_ar).strip(), entry
        assert all(fold(alias).strip() for alias in entry.aliases), entry
        assert entry.kind, entry


def test_every_country_is_there_once() -> None:
    countries = [entry for entry in GAZETTEER.entries if entry.kind == "country"]
    codes = Counter(entry.country for entry in countries)
    assert max(codes.values()) == 1
    assert None not in codes
    assert len(countries) >= 195
    every = {"AE", "BR", "CN", "DE", "EG", "GB", "IN", "JP", "MA", "NG", "RU", "SA", "TR", "UA", "US", "ZA"}
    assert every <= set(codes)


@pytest.mark.parametrize(("label", "least"), [("PLACE", 900), ("ORGANIZATION", 700), ("PERSON", 500), ("PRODUCT", 200)])
def test_tables_are_wide(label: str, least: int) -> None:
    assert sum(entry.label == label for entry in GAZETTEER.entries) >= least


def test_forms_of_two_entries_of_one_label_are_marked() -> None:
    holders: dict[tuple[tuple[str, ...], Label], dict[int, bool]] = {}
    for form in FORMS:
        marked = form.ambiguous or form.shared
        holders.setdefault((form.words, of(form).label), {})[form.entry] = marked
    bad = [key for key, found in holders.items() if len(found) > 1 and not all(found.values())]
    assert bad == []


def test_a_sure_form_has_one_label() -> None:
    labels: dict[tuple[str, ...], set[Label]] = {}
    for form in FORMS:
        if not form.ambiguous:
            labels.setdefault(form.words, set()).add(of(form).label)
    assert [words for words, found in labels.items() if len(found) > 1] == []


def test_no_sure_form_is_an_everyday_word() -> None:
    words = lexicon()
    bad = [
        form.words for form in FORMS if len(form.words) == 1 and not form.ambiguous and form.words[0] in words.common
    ]
    assert bad == []


def test_every_name_finds_its_entry() -> None:
    for entry in GAZETTEER.entries:
        for name in (entry.name_ar, *entry.aliases):
            assert entry in GAZETTEER.candidates(name), (entry.key, name)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("الصين", "china"),
        ("صين", "china"),
        ("امريكا", "united-states"),
        ("أميركا", "united-states"),
        ("USA", "united-states"),
        ("المسك", "elon-musk"),
        ("إيلون  ماسك", "elon-musk"),
        ("Musk", "elon-musk"),
        ("عبد الله الثاني", "abdullah-ii-of-jordan"),
        ("عبدالله الثاني", "abdullah-ii-of-jordan"),
        ("البنتاجون", "pentagon"),
        ("بنتاغون", "pentagon"),
        ("وول ستريت جورنال", "the-wall-street-journal"),
        ("BI", "business-insider"),
        ("سبيس اكس", "spacex"),
        ("ستارلينك", "starlink"),
        ("شبه جزيرة القرم", "crimea"),
        ("ابو ظبي", "abu-dhabi"),
        ("أوبك+", "opec-plus"),
        ("جُورْجِيا", "georgia"),
        ("لاشيء كهذا", None),
        ("", None),
    ],
)
def test_lookup(name: str, key: str | None) -> None:
    found = GAZETTEER.lookup(name)
    assert (found.key if found else None) == key


def test_lookup_by_label() -> None:
    club, city = GAZETTEER.lookup("ليفربول", Label.ORGANIZATION), GAZETTEER.lookup("ليفربول", Label.PLACE)
    assert club is not None
    assert city is not None
    assert (club.kind, city.kind) == ("club", "city")
    assert GAZETTEER.lookup("ليفربول", Label.PERSON) is None


@pytest.mark.parametrize(
    ("word", "key"),
    [
        ("الروسي", "russia"),
        ("روسية", "russia"),
        ("الروس", "russia"),
        ("روسيات", "russia"),
        ("الروسيين", "russia"),
        ("روسيون", "russia"),
        ("روسيتين", "russia"),
        ("أمريكية", "united-states"),
        ("الأميركي", "united-states"),
        ("الأمريكان", "united-states"),
        ("الصينية", "china"),
        ("صينيا", "china"),
        ("المصريون", "egypt"),
        ("المصرى", "egypt"),
        ("الأتراك", "turkey"),
        ("الألمان", "germany"),
        ("الإنجليز", "england"),
        ("أفارقة", "africa"),
        ("الأوروبية", "europe"),
        ("الآسيوي", "asia"),
        ("الكوري الجنوبي", "south-korea"),
        ("كورية شمالية", "north-korea"),
        ("الجنوب أفريقية", "south-africa"),
        ("جنوب أفريقي", "south-africa"),
        ("روسيا", None),  # the country, not an adverbial adjective
        ("ليبيا", None),
        ("سوريا", None),
        ("العربي", None),  # a group without a country
        ("جيبوتي", None),  # the country; only الجيبوتي is an adjective for certain
        ("الجيبوتي", "djibouti"),
        ("مالي", None),
        ("ب", None),
    ],
)
def test_demonym(word: str, key: str | None) -> None:
    found = GAZETTEER.demonym(word)
    assert (found.key if found else None) == key


def test_demonyms_name_entries_and_do_not_clash() -> None:
    data = table("demonyms")
    keys = {entry.key for entry in GAZETTEER.entries}
    assert set(data["nisba"]) | set(data["plural"]) <= keys
    stems = Counter(fold(stem) for row in data["nisba"].values() for stem in row.split())
    assert [stem for stem, count in stems.items() if count > 1] == []
    assert all(stem.endswith("ي") for stem in stems)
    missing = [e.key for e in GAZETTEER.entries if e.kind == "country" and e.key not in data["nisba"]]
    assert len(missing) <= 40  # small islands, and states whose adjective is a common word


def test_groups() -> None:
    assert GAZETTEER.group("الكردية") is True
    assert GAZETTEER.group("الجمهوري") is False
    assert GAZETTEER.group("الروسي") is None


def test_word_lists_are_whole() -> None:
    words = lexicon()
    names, heads = table("first_names"), table("heads")
    assert all(isinstance(rows, str) for rows in names.values())
    arabic = set(fold(names["arabic_men"] + " " + names["arabic_women"]).split())
    western = set(fold(names["western_men"] + " " + names["western_women"]).split())
    assert len(arabic) >= 700
    assert len(western) >= 500
    assert len(words.given) >= 1200
    assert words.homograph <= words.given
    assert not words.given & set(fold(table("common_words")["function"]).split()) - words.homograph
    assert all(len(word) > 1 or word == "د" for word in words.style)
    assert all(Label(label) for label in heads["outside"])
    assert all(head for head in words.tails)
    assert all(all(parts) for tails in words.tails.values() for parts in tails)
    assert len(words.common) >= 1000


def test_clitics_are_single_letters() -> None:
    data = table("clitics")
    assert all(len(letter) == 1 for letter in data["proclitic"])
    letters = set(data["proclitic"]) | {"ل"}
    combined = data["combination"]["before_name"].split() + data["combination"]["merged"].split()
    assert all(set(combination) <= letters for combination in combined)
    assert len(combined) == len(set(combined))


def test_load_is_cached() -> None:
    assert load() is load()


@given(st.text(max_size=30))
def test_lookup_takes_any_text(name: str) -> None:
    found = GAZETTEER.lookup(name)
    assert found is None or found in GAZETTEER.entries
    GAZETTEER.demonym(name)
    GAZETTEER.group(name)
