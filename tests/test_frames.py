"""The tables of the grammar: every entry is usable, and none contradicts another."""

from __future__ import annotations

import pytest

from rawabit.graph.frames import confidence, fits, load, tables
from rawabit.graph.model import Entity, Relation
from rawabit.graph.morph import conjugate, readings, verb_readings
from rawabit.ner.model import Label, Mention
from rawabit.ner.text import fold

_FRAMES = load("frames.toml")["frame"]
_POSTS = load("posts.toml")["post"]
_LISTS = {
    name: entries
    for file in ("lexicon.toml", "negation.toml", "speech.toml")
    for name, entries in load(file).items()
    if isinstance(entries, list)
}


@pytest.mark.parametrize("row", _FRAMES, ids=[row["id"] for row in _FRAMES])
def test_frame(row: dict[str, object]) -> None:
    known = {
        "id", "relation", "verbs", "marks", "nouns", "noun_marks", "genitive", "mutual", "swap", "passive", "irrealis",
        "product", "money", "kinship", "need", "loose", "subjects",
    }  # fmt: skip
    assert set(row) <= known
    Relation(str(row["relation"]))
    assert row.get("verbs") or row.get("nouns")
    if row.get("verbs"):
        assert row["marks"]
    assert row.get("genitive", "object") in {"object", "subject", "none"}
    assert row.get("product", "between") in {"between", "after"}
    for pair in row.get("verbs", ()):  # type: ignore[attr-defined]
        past, present = pair.split()
        assert present.startswith("ي"), pair
        assert len(past) >= 2, pair


def test_ids_are_unique() -> None:
    for rows in (_FRAMES, _POSTS):
        ids = [row["id"] for row in rows]
        assert len(ids) == len(set(ids))


def test_every_relation_has_an_argument_row_and_a_source() -> None:
    relations = {str(r) for r in Relation} - {"RELATED"}
    assert set(load("arguments.toml")) == relations
    said = (
        {row["relation"] for row in _FRAMES} | {row["relation"] for row in _POSTS} | {row["demonym"] for row in _POSTS}
    )
    assert relations - said == {"PART_OF", "HAS_AMOUNT"}  # those two have modules of their own


@pytest.mark.parametrize("post", _POSTS, ids=[post["id"] for post in _POSTS])
def test_post(post: dict[str, object]) -> None:
    assert set(post) <= {"id", "reading", "relation", "demonym", "strict", "seat", "words"}
    assert post["reading"]
    for relation in (post["relation"], post["demonym"]):
        assert relation == "" or Relation(str(relation))
    words = post["words"]
    assert isinstance(words, list)
    assert len(words) == len({fold(w) for w in words})


def test_a_title_belongs_to_one_post() -> None:
    seen: dict[str, str] = {}
    for post in _POSTS:
        for word in post["words"]:
            assert seen.setdefault(fold(word), post["id"]) == post["id"], word


def test_a_kinship_word_belongs_to_one_kinship() -> None:
    words = [fold(w) for row in load("kinship.toml")["kin"] for w in row["words"]]
    assert len(words) == len(set(words))


def test_confidences() -> None:
    known = load("confidence.toml")["confidence"]
    assert all(0 <= value <= 1 for value in known.values())
    assert confidence("no.such.pattern") == known["default"] > 0
    off = [key for key, value in known.items() if value == 0]
    assert off
    assert all(confidence(key) is None for key in off)
    # Every pattern of an event names a frame that there is.
    ids = {row["id"] for row in _FRAMES}
    modules = {"post", "kin", "demonym", "place", "body", "inside", "work", "standing", "party", "amount", "default"}
    assert {key.split(".")[0] for key in known} <= ids | modules


@pytest.mark.parametrize("name", sorted(_LISTS))
def test_word_lists_have_no_empty_entry(name: str) -> None:
    for word in _LISTS[name]:
        assert word == word.strip()
        assert fold(word)


def test_tables_compile() -> None:
    t = tables()
    assert {row["id"] for row in _FRAMES} == {frame.id for frame in t.frames}
    assert all(form == fold(form) for form in t.verbs)
    assert all(words[0] == first for first, rows in t.nouns.items() for words, _ in rows)


@pytest.mark.parametrize(
    ("past", "present", "form"),
    [
        ("انتقد", "ينتقد", "انتقدت"),
        ("انتقد", "ينتقد", "تنتقد"),
        ("دعا", "يدعو", "دعت"),
        ("دعا", "يدعو", "يدع"),
        ("التقى", "يلتقي", "التقت"),
        ("التقى", "يلتقي", "يلتقون"),
        ("زار", "يزور", "يزر"),
        ("اجتمع", "يجتمع", "اجتمعا"),
        ("نفى", "ينفي", "تنفي"),
    ],
)
def test_conjugate(past: str, present: str, form: str) -> None:
    assert fold(form) in conjugate(past, present)


@pytest.mark.parametrize(
    ("word", "core", "attribute", "value"),
    [
        ("وسيزور", "يزور", "conj", True),
        ("سيزور", "يزور", "prep", "س"),
        ("التقاه", "التقي", "pronoun", "ه"),
        ("أسسها", "اسس", "pronoun", "ها"),
    ],
)
def test_verb_readings(word: str, core: str, attribute: str, value: object) -> None:
    assert any(r.core == core and getattr(r, attribute) == value for r in verb_readings(fold(word)))


@pytest.mark.parametrize(
    ("word", "core", "prep", "article", "pronoun"),
    [
        ("للرئيس", "رئيس", "ل", True, ""),
        ("وبالوزير", "وزير", "ب", True, ""),
        ("زوجته", "زوجه", "", False, "ه"),
        ("رئيساً", "رئيس", "", False, ""),
        ("لشركة", "شركه", "ل", False, ""),
    ],
)
def test_readings(word: str, core: str, prep: str, article: bool, pronoun: str) -> None:
    found = readings(fold(word))
    assert any((r.core, r.prep, r.article, r.pronoun) == (fold(core), prep, article, pronoun) for r in found)


def test_fits() -> None:
    def entity(key: str, label: Label) -> Entity:
        return Entity(key, label, key, (Mention(0, 1, "x", label),))

    person, body, money = entity("p", Label.PERSON), entity("o", Label.ORGANIZATION), entity("m", Label.MONEY)
    assert fits(Relation.HEAD_OF, person, body)
    assert not fits(Relation.HEAD_OF, body, person)
    assert not fits(Relation.FAMILY_OF, person, person)
    assert fits(Relation.HAS_AMOUNT, body, money)
    assert not fits(Relation.SUPPORTS, body, money)
