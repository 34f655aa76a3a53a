"""Entities across documents: table, stability of ids, properties, the file."""

from __future__ import annotations

from pathlib import Path

import pytest
from fake_gazetteer import KNOWN, NOTHING
from hypothesis import given
from hypothesis import strategies as st
from resolving import CASES, extraction, told

from rawabit.graph.judgements import Judgements
from rawabit.graph.model import Entity, Extraction, Link, Resolution, Resolved, content_id
from rawabit.graph.resolve import read_resolution, resolve, write_resolution
from rawabit.ner.model import Document, Label, Mention
from rawabit.ner.tables import load_table
from rawabit.ner.text import fold

_ROWS = CASES["rows"]


def _id(resolution: Resolution, member: str) -> str:
    return resolution.members[member].id


@pytest.mark.parametrize("row", _ROWS, ids=[row[0] for row in _ROWS])
def test_table(row: tuple[str, str, list[list[str]]]) -> None:
    _, expected, documents = row
    resolution = resolve(told(documents), KNOWN)
    letters: dict[str, str] = {}
    ids = [_id(resolution, f"d{d}#e{e}") for d, specs in enumerate(documents) for e in range(1, len(specs) + 1)]
    assert "".join(letters.setdefault(id, chr(ord("A") + len(letters))) for id in ids) == expected


def test_table_is_large_and_without_doubles() -> None:
    assert len(_ROWS) >= 15
    assert len({row[0] for row in _ROWS}) == len(_ROWS)


def test_words_and_scores_are_whole() -> None:
    data = load_table("resolve", "rawabit.graph.data")
    words = [fold(word) for some in data["fields"].values() for word in some.split()]
    assert len(words) == len(set(words)), "a title in two fields says nothing"
    assert len({fold(word) for word in data["kinds"]}) == len(data["kinds"])
    assert {kind for some in data["bare"].values() for kind in some.split()} <= set(data["kinds"].values())
    assert all(0.5 < score <= 1 for score in data["scores"].values())


def test_id_comes_from_label_and_key_alone() -> None:
    resolution = resolve(told([["P:إيلون ماسك", "O:مدار الخليج"]]), KNOWN)
    assert _id(resolution, "d0#e1") == content_id("entity", "PERSON", "known:elon-musk")
    assert _id(resolution, "d0#e2") == content_id("entity", "ORGANIZATION", "name:مدار خليج")


def test_reasons_and_scores() -> None:
    documents = told([["P:إيلون ماسك", "P:سالم الحمداني", "P:سالم", "M:3 دولارات", "O:مدار=Madar"], ["O:Madar"]])
    members = resolve(documents, KNOWN).members
    musk = KNOWN.lookup("إيلون ماسك").wikidata  # type: ignore[union-attr]
    assert (members["d0#e1"].reason, members["d0#e1"].score) == (f"known: Elon Musk ({musk})", 0.99)
    assert (members["d0#e2"].reason, members["d0#e2"].score) == ("same name: سالم حمداني", 0.95)
    assert (members["d0#e3"].reason, members["d0#e3"].score) == ("one name only: سالم", 1.0)
    assert (members["d0#e4"].reason, members["d0#e4"].score) == ("money of its document", 1.0)
    assert (members["d1#e1"].reason, members["d1#e1"].score) == ("same Latin name: Madar", 0.95)
    assert (members["d0#e5"].reason, members["d0#e5"].score) == ("same name: مدار", 0.85)
    assert [members[f"d0#e{n}"].name for n in (1, 2)] == ["إيلون ماسك", "سالم الحمداني"]


def test_twin_keeps_the_arabic_id_and_lists_the_latin_one() -> None:
    before = resolve(told([["O:مدار"], ["O:Madar"]]), NOTHING)
    after = resolve(told([["O:مدار"], ["O:Madar"], ["O:مدار=Madar"]]), NOTHING)
    assert before.former == {}
    assert _id(after, "d0#e1") == _id(after, "d1#e1") == _id(before, "d0#e1")
    assert after.former == {_id(before, "d0#e1"): (_id(before, "d1#e1"),)}


def test_of_several_spellings_the_smallest_id_stays() -> None:
    alone = resolve(told([["O:إنفيديا"], ["O:نفيديا"]]), NOTHING)
    joined = resolve(told([["O:إنفيديا=Nvidia"], ["O:نفيديا=Nvidia"]]), NOTHING)
    ids = sorted({_id(alone, "d0#e1"), _id(alone, "d1#e1")})
    assert {one.id for one in joined.members.values()} == {ids[0]}
    assert joined.former == {ids[0]: (ids[1],)}


def test_two_versions_of_one_document_in_any_order() -> None:
    one, other = extraction("d", ["O:مدار"]), extraction("d", ["O:هلال"])
    assert resolve([one, other], NOTHING) == resolve([other, one], NOTHING)


_WORDS = st.sampled_from(CASES["words"])
_NAMES = st.one_of(st.lists(_WORDS, min_size=1, max_size=3).map(" ".join), st.text(min_size=1, max_size=6))
_TWINS = st.sampled_from([None, "Madar", "Elon Musk", "Jane Holloway", "Russia"])
_LABELS = st.sampled_from([label for label in Label if label is not Label.NORP])
_ENTITIES = st.lists(st.tuples(_LABELS, _NAMES, _TWINS), max_size=5)


def _made(rows: list[list[tuple[Label, str, str | None]]]) -> list[Extraction]:
    return [
        Extraction(
            Document(f"d{d}", ""),
            tuple(
                Entity(f"e{n}", label, name, (Mention(0, 1, name, label),), name, twin)
                for n, (label, name, twin) in enumerate(row, start=1)
            ),
            (),
        )
        for d, row in enumerate(rows)
    ]


@given(st.lists(_ENTITIES, max_size=6), st.randoms(use_true_random=False))
def test_order_and_repetition_change_nothing(rows: list[list[tuple[Label, str, str | None]]], random: object) -> None:
    documents = _made(rows)
    resolution = resolve(documents, KNOWN)
    assert set(resolution.members) == {f"{e.document.id}#{x.id}" for e in documents for x in e.entities}
    shuffled = documents + documents[:2]
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert resolve(shuffled, KNOWN) == resolution
    assert resolve(iter(documents), KNOWN) == resolution
    current = {one.id for one in resolution.members.values()}
    assert set(resolution.former) <= current
    assert not current & {id for ids in resolution.former.values() for id in ids}


@given(st.lists(_ENTITIES, max_size=5), st.lists(_ENTITIES, min_size=1, max_size=3))
def test_more_documents_rename_nothing(
    rows: list[list[tuple[Label, str, str | None]]], more: list[list[tuple[Label, str, str | None]]]
) -> None:
    """An id stays, or is listed with the one that replaced it in a merge, or its thing fell into two."""
    before, after = resolve(_made(rows), KNOWN), resolve(_made([*rows, *more]), KNOWN)
    new: dict[str, set[str]] = {}
    for member, one in before.members.items():
        new.setdefault(one.id, set()).add(after.members[member].id)
    for old, ids in new.items():
        assert len(ids) > 1 or ids == {old} or old in after.former[min(ids)]


def test_a_new_namesake_renames_nobody() -> None:
    minister, player = ["P:محمد علي{الوزير;الكويتي;}"], ["P:محمد علي{اللاعب;القطري;}"]
    before = resolve(told([minister, minister]), KNOWN)
    after = resolve(told([minister, minister, player]), KNOWN)
    assert _id(before, "d0#e1") == _id(after, "d0#e1") == _id(after, "d1#e1") != _id(after, "d2#e1")
    assert "qatar" in after.members["d2#e1"].reason


def test_what_is_joined_and_what_nearly_is_can_be_explained() -> None:
    resolution = resolve(
        told([["P:خالد المنصوري"], ["P:Khaled Mansouri"], ["P:سالم حسن الفارس"], ["P:سالم الفارس"]]), NOTHING
    )
    joined, missed = resolution.links
    assert joined.one == joined.other == _id(resolution, "d0#e1")
    assert (joined.names, joined.reason, joined.against) == (
        ("خالد المنصوري", "Khaled Mansouri"), "Arabic spelling of Khaled Mansouri", "",
    )  # fmt: skip
    assert resolution.members["d1#e1"].reason == "Latin spelling of خالد المنصوري"
    assert {missed.one, missed.other} == {_id(resolution, "d2#e1"), _id(resolution, "d3#e1")}
    assert missed.against == "nothing but the name in common"


def _judged(rows: list[list[str]], **pairs: tuple[tuple[str, str], ...]) -> Resolution:
    return resolve(told(rows), KNOWN, Judgements(**pairs))  # type: ignore[arg-type]


def test_judged_the_same_by_name_member_or_id() -> None:
    rows = [["O:سهيل"], ["O:مدار"], ["O:سهيل"]]
    free = _judged(rows)
    assert _id(free, "d0#e1") != _id(free, "d1#e1")
    ends = {"سهيل": "مدار", "d0#e1": "d1#e1", _id(free, "d0#e1"): _id(free, "d1#e1")}
    for pair in ends.items():
        resolution = _judged(rows, same=(pair,))
        assert len({one.id for one in resolution.members.values()}) == 1
        assert not resolution.problems
        (kept,) = resolution.former
        assert {kept, *resolution.former[kept]} == {_id(free, "d0#e1"), _id(free, "d1#e1")}
        assert (resolution.links[0].score, resolution.links[0].against) == (1.0, "")


def test_judged_different_members_of_one_name() -> None:
    rows = [["P:سالم الحمداني"], ["P:سالم الحمداني"], ["P:سالم الحمداني"]]
    resolution = _judged(rows, different=(("d2#e1", "d0#e1"),))
    assert _id(resolution, "d0#e1") == _id(resolution, "d1#e1") == _id(_judged(rows), "d0#e1")
    assert _id(resolution, "d2#e1") == content_id("entity", "PERSON", "member:d2#e1")
    assert resolution.members["d2#e1"].reason == "judgement"


def test_three_members_of_one_name_judged_three() -> None:
    """Bug: a member that one judgement had moved was asked for by the next one."""
    pairs = (("d0#e1", "d1#e1"), ("d0#e1", "d2#e1"), ("d1#e1", "d2#e1"))
    resolution = _judged([["P:سالم الحمداني"]] * 3, different=pairs)
    assert not resolution.problems
    assert len({one.id for one in resolution.members.values()}) == 3


def test_judged_different_holds_against_what_is_between() -> None:
    """Names that two others join are kept apart, and what is between goes with one of them."""
    rows = [["O:إنفيديا=Nvidia"], ["O:نفيديا=Nvidia"], ["O:Nvidia"]]
    assert len({one.id for one in _judged(rows).members.values()}) == 1
    resolution = _judged(rows, different=(("إنفيديا", "نفيديا"),))
    ids = [_id(resolution, f"d{n}#e1") for n in range(3)]
    assert ids[0] != ids[1]
    assert ids[2] in ids[:2]
    assert not resolution.problems
    assert any(link.against == "judged different" for link in resolution.links)


def test_judgements_survive_moredocuments() -> None:
    rows = [["O:سهيل"], ["O:مدار"]]
    pair = (("سهيل", "مدار"),)
    before, after = _judged(rows, same=pair), _judged([*rows, ["O:سهيل", "O:هلال"]], same=pair)
    assert _id(before, "d0#e1") == _id(after, "d0#e1") == _id(after, "d2#e1") == _id(after, "d1#e1")


@pytest.mark.parametrize(
    ("rows", "same", "different", "problem"),
    [
        ([["O:سهيل"]], (("سهيل", "قمر"),), (), "nothing is called قمر"),
        ([["P:محمد"], ["P:محمد"], ["O:سهيل"]], (("محمد", "سهيل"),), (), "محمد is the name of 2 things"),
        ([["O:سهيل"], ["O:مدار"]], (("سهيل", "مدار"),), (("d0#e1", "d1#e1"),), "another judgement forbids it"),
        ([["O:مدار=Madar"]], (), (("مدار", "Madar"),), "documents call one thing by both names"),
    ],
)
def test_judgements_that_cannot_be_followed_are_told(
    rows: list[list[str]], same: tuple[tuple[str, str], ...], different: tuple[tuple[str, str], ...], problem: str
) -> None:
    (said,) = _judged(rows, same=same, different=different).problems
    assert said.endswith(f": {problem}")


def test_a_name_between_two_people_joins_neither_to_the_other() -> None:
    """Whatever stands between them: no two full names of one thing contradict each other."""
    resolution = resolve(
        told(
            [
                ["P:سالم حسن الحمداني=Salem Hamdani"],
                ["P:سالم الحمداني=Salem Hamdani"],
                ["P:سالم علي الحمداني=Salem Hamdani"],
            ]
        ),
        NOTHING,
    )
    assert _id(resolution, "d0#e1") != _id(resolution, "d2#e1")


def test_large_blocks_are_split_by_context_and_counted() -> None:
    rows = [
        [f"P:سالم {chr(0x0628 + n % 7)}{chr(0x0641 + n % 5)}ور{chr(0x0628 + n // 7)} الدهماني{{;;مدار{n % 3}}}"]
        for n in range(60)
    ]
    resolution = resolve(told([*rows, ["P:سالم الدهماني{;;مدار1}"]]), NOTHING)
    assert resolution.split > 0


@given(st.dictionaries(st.text(max_size=8), st.tuples(st.text(min_size=1, max_size=8), st.text(), st.floats(0, 1))))
def test_file_round_trip(tmp_path_factory: pytest.TempPathFactory, rows: dict[str, tuple[str, str, float]]) -> None:
    path = tmp_path_factory.mktemp("resolution") / "resolution.jsonl"
    members = {member: Resolved(member, id, reason, score) for member, (id, reason, score) in rows.items()}
    links = (
        Link("a", "a", ("سهيل", "Suhail"), "Latin spelling", 0.5),
        Link("a", "b", ("سهيل", "سهل"), "x", 0.0, "short"),
    )
    resolution = Resolution(members, {"b": ("c", "a"), "a": ()}, links, ("a / b: nothing is called b",), 2, 1)
    write_resolution(resolution, path)
    assert read_resolution(path) == resolution


def test_file_is_sorted_and_byte_identical(tmp_path: Path) -> None:
    documents = told([["O:مدار=Madar", "P:سالم"], ["O:Madar"], ["P:إيلون ماسك"]])
    for name, order in (("a", documents), ("b", documents[::-1])):
        write_resolution(resolve(order, KNOWN), tmp_path / name)
    text = (tmp_path / "a").read_bytes()
    assert text == (tmp_path / "b").read_bytes()
    lines = text.decode("utf-8").splitlines()
    assert [line.split('"')[3] for line in lines[:4]] == ["d0#e1", "d0#e2", "d1#e1", "d2#e1"]
    assert lines[4].startswith('{"id"')
    assert "\r" not in text.decode("utf-8")


def test_failed_write_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "resolution.jsonl"
    write_resolution(resolve(told([["P:سالم"]]), NOTHING), path)
    old = path.read_bytes()
    broken = Resolution({"d#e1": Resolved("d#e1", "x", "y", object())})  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        write_resolution(broken, path)
    assert path.read_bytes() == old
    assert [one.name for one in tmp_path.iterdir()] == ["resolution.jsonl"]


_GOOD = '{"member": "d#e1", "id": "x", "reason": "r", "score": 1}'


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "Expecting"),
        ("[]", "neither"),
        ("null", "neither"),
        ('{"id": "x"}', "neither"),
        ('{"id": "x", "former": [1]}', "list of ids"),
        ('{"member": "d#e2", "id": "x", "reason": "r"}', "score"),
        ('{"member": "d#e2", "id": "x", "reason": "r", "score": 2}', "score"),
        ('{"member": "d#e2", "id": "x", "reason": "r", "score": NaN}', "score"),
        ('{"member": "d#e2", "id": "x", "reason": "r", "score": true}', "score"),
        ('{"member": "d#e2", "id": 1, "reason": "r", "score": 1}', "texts"),
        ('{"member": "d#e2", "id": "", "reason": "r", "score": 1}', "texts"),
        (_GOOD, "second time"),
        ('{"link": ["a"], "names": ["x", "y"], "reason": "", "score": 1, "against": ""}', "two ids and two names"),
        ('{"link": ["a", 1], "names": ["x", "y"], "reason": "", "score": 1, "against": ""}', "must be texts"),
        ('{"link": ["a", "b"], "names": ["x", "y"], "reason": "", "score": 7, "against": ""}', "score"),
        ('{"member": "d#e2", "id": "x", "reason": "r", "score": 1, "name": 1}', "name must be a text"),
    ],
)
def test_bad_line_is_named(tmp_path: Path, line: str, message: str) -> None:
    path = tmp_path / "resolution.jsonl"
    path.write_text(f"{_GOOD}\n\n{line}\n", encoding="utf-8")
    with pytest.raises(ValueError, match=message) as caught:
        read_resolution(path)
    assert str(caught.value).startswith(f"{path}:3: ")


def test_bad_encoding_is_named(tmp_path: Path) -> None:
    path = tmp_path / "resolution.jsonl"
    path.write_bytes(_GOOD.encode() + b"\n\xff\n")
    with pytest.raises(ValueError, match=r"resolution\.jsonl:2: "):
        read_resolution(path)


def test_a_document_that_shows_the_latin_name_joins_both_scripts() -> None:
    """Bug: a document with both scripts, called by its longer Latin name, joined neither Arabic group nor twin."""

    def one(key: str, name: str, name_ar: str | None, name_en: str | None) -> Extraction:
        mention = Mention(0, len(name), name, Label.ORGANIZATION)
        entity = Entity("e1", Label.ORGANIZATION, name, (mention,), name_ar, name_en)
        return Extraction(Document(key, name), (entity,), ())

    rows = [
        one("a", "Suhail Space", "سهيل للفضاء", "Suhail Space"),
        one("b", "سهيل للفضاء", "سهيل للفضاء", None),
        one("c", "Suhail Space", None, "Suhail Space"),
    ]
    assert len({one.id for one in resolve(rows, NOTHING).members.values()}) == 1
