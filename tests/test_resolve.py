"""Entities across documents: table, stability of ids, properties, the file."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from fake_gazetteer import KNOWN, LABELS, NOTHING
from hypothesis import given
from hypothesis import strategies as st

from rawabit.graph.model import Entity, Extraction, Resolution, Resolved, content_id
from rawabit.graph.resolve import read_resolution, resolve, write_resolution
from rawabit.ner.model import Document, Label, Mention
from rawabit.ner.text import is_arabic

_CASES = tomllib.loads((Path(__file__).parent / "cases" / "resolve.toml").read_text(encoding="utf-8"))
_ROWS = _CASES["rows"]


def _entity(number: int, spec: str) -> Entity:
    label = LABELS[spec[0]]
    name, _, latin = spec[2:].partition("=")
    arabic = any(map(is_arabic, name))
    mention = Mention(0, len(name), name, label)
    return Entity(f"e{number}", label, name, (mention,), name if arabic else None, latin or (None if arabic else name))


def _extraction(id: str, specs: list[str]) -> Extraction:
    return Extraction(Document(id, ""), tuple(_entity(n, spec) for n, spec in enumerate(specs, start=1)), ())


def _documents(rows: list[list[str]]) -> list[Extraction]:
    return [_extraction(f"d{n}", specs) for n, specs in enumerate(rows)]


def _id(resolution: Resolution, member: str) -> str:
    return resolution.members[member].id


@pytest.mark.parametrize("row", _ROWS, ids=[row[0] for row in _ROWS])
def test_table(row: tuple[str, str, list[list[str]]]) -> None:
    _, expected, documents = row
    resolution = resolve(_documents(documents), KNOWN)
    letters: dict[str, str] = {}
    ids = [_id(resolution, f"d{d}#e{e}") for d, specs in enumerate(documents) for e in range(1, len(specs) + 1)]
    assert "".join(letters.setdefault(id, chr(ord("A") + len(letters))) for id in ids) == expected


def test_table_is_large_and_without_doubles() -> None:
    assert len(_ROWS) >= 15
    assert len({row[0] for row in _ROWS}) == len(_ROWS)


def test_id_comes_from_label_and_key_alone() -> None:
    resolution = resolve(_documents([["P:إيلون ماسك", "O:مدار الخليج"]]), KNOWN)
    assert _id(resolution, "d0#e1") == content_id("entity", "PERSON", "known:elon-musk")
    assert _id(resolution, "d0#e2") == content_id("entity", "ORGANIZATION", "name:مدار خليج")


def test_reasons_and_scores() -> None:
    documents = _documents([["P:إيلون ماسك", "P:سالم الحمداني", "P:سالم", "M:3 دولارات", "O:مدار=Madar"], ["O:Madar"]])
    members = resolve(documents, KNOWN).members
    assert (members["d0#e1"].reason, members["d0#e1"].score) == ("known: Elon Musk", 0.99)
    assert (members["d0#e2"].reason, members["d0#e2"].score) == ("same name: سالم حمداني", 0.9)
    assert (members["d0#e3"].reason, members["d0#e3"].score) == ("one name only: سالم", 1.0)
    assert (members["d0#e4"].reason, members["d0#e4"].score) == ("money of its document", 1.0)
    assert (members["d1#e1"].reason, members["d1#e1"].score) == ("same Latin name: madar", 0.95)


def test_twin_keeps_the_arabic_id_and_lists_the_latin_one() -> None:
    before = resolve(_documents([["O:مدار"], ["O:Madar"]]), NOTHING)
    after = resolve(_documents([["O:مدار"], ["O:Madar"], ["O:مدار=Madar"]]), NOTHING)
    assert before.former == {}
    assert _id(after, "d0#e1") == _id(after, "d1#e1") == _id(before, "d0#e1")
    assert after.former == {_id(before, "d0#e1"): (_id(before, "d1#e1"),)}


def test_of_several_spellings_the_smallest_id_stays() -> None:
    alone = resolve(_documents([["O:إنفيديا"], ["O:نفيديا"]]), NOTHING)
    joined = resolve(_documents([["O:إنفيديا=Nvidia"], ["O:نفيديا=Nvidia"]]), NOTHING)
    ids = sorted({_id(alone, "d0#e1"), _id(alone, "d1#e1")})
    assert {one.id for one in joined.members.values()} == {ids[0]}
    assert joined.former == {ids[0]: (ids[1],)}


def test_two_versions_of_one_document_in_any_order() -> None:
    one, other = _extraction("d", ["O:مدار"]), _extraction("d", ["O:هلال"])
    assert resolve([one, other], NOTHING) == resolve([other, one], NOTHING)


_WORDS = st.sampled_from(_CASES["words"])
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


@given(st.lists(_ENTITIES, max_size=5), _ENTITIES)
def test_documents_without_twins_rename_nothing(
    rows: list[list[tuple[Label, str, str | None]]], more: list[tuple[Label, str, str | None]]
) -> None:
    rows = [[(label, name, None) for label, name, _ in row] for row in rows]
    before = resolve(_made(rows), KNOWN)
    after = resolve(_made([*rows, [(label, name, None) for label, name, _ in more]]), KNOWN)
    assert {member: one.id for member, one in before.members.items()}.items() <= {
        (member, one.id) for member, one in after.members.items()
    }


@given(st.dictionaries(st.text(max_size=8), st.tuples(st.text(min_size=1, max_size=8), st.text(), st.floats(0, 1))))
def test_file_round_trip(tmp_path_factory: pytest.TempPathFactory, rows: dict[str, tuple[str, str, float]]) -> None:
    path = tmp_path_factory.mktemp("resolution") / "resolution.jsonl"
    members = {member: Resolved(member, id, reason, score) for member, (id, reason, score) in rows.items()}
    resolution = Resolution(members, {"b": ("c", "a"), "a": ()})
    write_resolution(resolution, path)
    assert read_resolution(path) == resolution


def test_file_is_sorted_and_byte_identical(tmp_path: Path) -> None:
    documents = _documents([["O:مدار=Madar", "P:سالم"], ["O:Madar"], ["P:إيلون ماسك"]])
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
    write_resolution(resolve(_documents([["P:سالم"]]), NOTHING), path)
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
