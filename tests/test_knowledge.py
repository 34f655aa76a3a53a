"""Names that a user imports: readers, which name links to what, memory, the command line."""

from __future__ import annotations

import bz2
import gzip
import json
import lzma
import shutil
import sys
import threading
import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any

import networkx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from running import call, lines

from rawabit.graph.knowledge import Layered, enrich, open_knowledge
from rawabit.graph.knowledge_file import Record, Written, write_knowledge
from rawabit.graph.model import Entity, Extraction
from rawabit.loaders.extraction import extract, extractor_version
from rawabit.loaders.knowledge import import_knowledge
from rawabit.loaders.knowledge_sources import format_of, read_records
from rawabit.loaders.problems import Problem
from rawabit.ner.gazetteer import load
from rawabit.ner.model import Document, Label, Mention

_CASES = tomllib.loads((Path(__file__).parent / "cases" / "knowledge.toml").read_text(encoding="utf-8"))
_LABELS = [Label.PERSON, Label.PLACE, Label.ORGANIZATION, Label.PRODUCT]
_ARTICLE = "قالت الدكتورة هالة الخوري رئيسة سبيس إكس إن الشركة ستستثمر 3 ملايين دولار."
_OWN = """id,label,name_ar,name_en,aliases_ar
Q9000001,PERSON,هالة الخوري,Hala Khoury,هالة نجيب الخوري
17,ORGANIZATION,بنك المرفأ,Harbour Bank,مصرف المرفأ
18,ORGANIZATION,سبيس إكس,Space Works,
"""


def _cases(table: str) -> Any:
    return pytest.mark.parametrize("row", _CASES[table], ids=[row[0] for row in _CASES[table]])


def _read(path: Path, text: str, format: str) -> tuple[list[Record | None], list[Problem]]:
    path.write_text(text, encoding="utf-8")
    problems: list[Problem] = []
    return list(read_records(path, format, problems.append)), problems


def _check(row: Any, read: tuple[list[Record | None], list[Problem]], got: Any) -> None:
    """A row's expectation: a record, nothing, or a message."""
    records, problems = read
    expected = row[2]
    if isinstance(expected, list):
        (record,) = records
        assert record is not None, problems
        assert got(record) == expected
        assert not [problem for problem in problems if problem.fatal]
    else:
        assert records == [None]
        assert [expected in problem.cause for problem in problems] == ([True] if expected else [])
        assert all(problem.where.endswith(":1") for problem in problems)


@_cases("table")
def test_rows_of_a_table(row: Any, tmp_path: Path) -> None:
    def got(r: Record) -> list[Any]:
        assert r.own
        assert r.wikidata == (r.key if r.key[0] == "Q" else "")
        return [r.key, r.label, r.name_ar, r.name_en, list(r.aliases), r.country, r.kind]

    _check(row, _read(tmp_path / "t.jsonl", json.dumps(row[1]), "table"), got)


@_cases("wikidata")
def test_items_of_wikidata(row: Any, tmp_path: Path) -> None:
    def got(r: Record) -> list[Any]:
        assert r.key == r.wikidata == "Q9000010"
        assert not r.own
        return [r.label, r.kind, r.name_ar, r.name_en, list(r.aliases), r.country, r.weight]

    _check(row, _read(tmp_path / "w.json", row[1], "wikidata"), got)


@_cases("jrc")
def test_lines_of_jrc_names(row: Any, tmp_path: Path) -> None:
    def got(r: Record) -> list[Any]:
        return [r.key, r.label, r.name_ar, r.name_en, list(r.aliases)]

    _check(row, _read(tmp_path / "j.txt", row[1], "jrc"), got)


def _knowledge(path: Path, records: list[Record]) -> Layered:
    assert write_knowledge(records, path).entries
    knowledge = open_knowledge(path)
    assert isinstance(knowledge, Layered)
    return knowledge


def _records(rows: list[Any]) -> list[Record]:
    return [
        Record(key, Label(label), names[0], "", tuple(names), key if key[0] == "Q" else "", weight=weight, own=own)
        for key, label, names, weight, own in rows
    ]


@_cases("links")
def test_what_a_name_links_to(row: Any, tmp_path: Path) -> None:
    _, rows, name, label, expected = row
    for turned in (rows, rows[::-1]):
        found = _knowledge(tmp_path / "k.sqlite", _records(turned)).lookup(name, Label(label) if label else None)
        assert (found.key if found else "") == expected


def test_tables_are_large_and_without_doubles() -> None:
    for table, least in (("table", 15), ("wikidata", 15), ("jrc", 5), ("links", 20)):
        assert len({row[0] for row in _CASES[table]}) == len(_CASES[table]) >= least


def test_classes_are_q_numbers_of_one_label() -> None:
    data = tomllib.loads(files("rawabit.graph.data").joinpath("wikidata.toml").read_text(encoding="utf-8"))
    words = data.pop("words")
    assert set(data) == set(_LABELS) >= set(words.values())
    numbers = [number for table in data.values() for number in table]
    assert all(number[0] == "Q" and number[1:].isdigit() for number in numbers)
    assert len(set(numbers)) == len(numbers) > 60
    kinds = [set(table.values()) for table in data.values()]
    assert sum(map(len, kinds)) == len(set().union(*kinds)), "a kind has one label"


def test_the_users_names_take_the_gazetteers_place(tmp_path: Path) -> None:
    own = Record("Q148", Label.PLACE, "بلاد التنين الأكبر", "Dragonland", wikidata="Q148", own=True)
    knowledge = _knowledge(tmp_path / "k.sqlite", [own])
    for found in (knowledge.lookup("الصين", Label.PLACE), knowledge.demonym("الصينية"), knowledge.lookup("الصين")):
        assert found is not None
        assert (found.key, found.name_en, found.wikidata, found.kind) == ("china", "Dragonland", "Q148", "country")


def test_a_dump_changes_no_name_of_the_gazetteer(tmp_path: Path) -> None:
    dump = Record("Q148", Label.PLACE, "بلاد التنين الأكبر", "Dragonland", wikidata="Q148", weight=300)
    knowledge = _knowledge(tmp_path / "k.sqlite", [dump])
    assert knowledge.lookup("الصين", Label.PLACE) is load().lookup("الصين", Label.PLACE)
    assert knowledge.demonym("صيني") is load().demonym("صيني")
    assert knowledge.demonym("كلام") is None


_names = st.sampled_from(["هالة الخوري", "هالة", "بنك المرفأ", "Harbour Bank", "صفا", "الصفا", "باريس", "a", ""])
_some = st.builds(
    Record,
    key=st.sampled_from(["Q9000001", "Q9000002", "own:1", "own:2", "Q90"]),
    label=st.sampled_from(_LABELS),
    name_ar=_names,
    name_en=_names,
    aliases=st.lists(_names, max_size=2).map(tuple),
    wikidata=st.sampled_from(["", "Q9000001"]),
    country=st.sampled_from(["", "LB", "EG"]),
    kind=st.sampled_from(["", "city"]),
    weight=st.integers(0, 60),
    own=st.booleans(),
)


@given(st.lists(_some, min_size=1, max_size=12), st.randoms(use_true_random=False))
def test_order_and_repetition_do_not_matter(tmp_path_factory: pytest.TempPathFactory, rows: Any, random: Any) -> None:
    folder = tmp_path_factory.mktemp("order")
    turned = [*rows, random.choice(rows)]
    random.shuffle(turned)
    written = [write_knowledge(r, folder / name) for r, name in ((rows, "a"), (turned, "b"))]
    assert written[0] == written[1]
    if written[0].entries:
        assert (folder / "a").read_bytes() == (folder / "b").read_bytes()
        knowledge = open_knowledge(folder / "a")
        for row in rows:
            assert knowledge.lookup("هالة", Label.PERSON) is None
            found = knowledge.lookup(row.name_ar, row.label)
            assert found is None or found.label is row.label
    shutil.rmtree(folder)


def test_the_version_is_that_of_the_content(tmp_path: Path) -> None:
    one = _records([["Q1", "PLACE", ["صفا"], 0, False]])
    versions = []
    for number, records in enumerate((one, one, _records([["Q1", "PLACE", ["صفوان"], 0, False]]))):
        path = tmp_path / f"{number}.sqlite"
        _knowledge(path, records)
        versions.append(extractor_version("rules", path))
    assert versions[0] == versions[1] != versions[2]
    assert versions[0].startswith(extractor_version("rules") + ".")


def test_a_file_that_is_replaced_is_read_anew(tmp_path: Path) -> None:
    path = tmp_path / "k.sqlite"
    before = _knowledge(path, _records([["Q1", "PLACE", ["صفا"], 0, False]]))
    after = _knowledge(path, _records([["Q2", "PLACE", ["صفوان"], 0, False]]))
    assert after.lookup("صفوان", Label.PLACE)
    assert after.lookup("صفا", Label.PLACE) is None
    assert before.version != after.version
    assert open_knowledge(path) is after


def test_threads_have_connections_of_their_own(tmp_path: Path) -> None:
    knowledge = _knowledge(
        tmp_path / "k.sqlite", _records([[f"own:{n}", "PLACE", [f"صفا {n}"], 0, False] for n in range(50)])
    )
    found: list[str] = []

    def look() -> None:
        for n in range(50):
            entry = knowledge.lookup(f"صفا {n}", Label.PLACE)
            found.append(entry.key if entry else "")

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == sorted(4 * [f"own:{n}" for n in range(50)])


@pytest.mark.parametrize("content", [b"", b"no database", b"SQLite format 3\0" + bytes(200)])
def test_other_files_are_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "k.sqlite"
    path.write_bytes(content)
    with pytest.raises(ValueError, match="not a file that rawabit"):
        open_knowledge(path)


def test_a_damaged_file_is_said_to_be_damaged(tmp_path: Path) -> None:
    path = tmp_path / "k.sqlite"
    _knowledge(path, _records([[f"own:{n}", "PLACE", [f"صفا {n}"], 0, False] for n in range(500)]))
    content = path.read_bytes()
    cut = tmp_path / "cut.sqlite"
    cut.write_bytes(content[: len(content) // 8192 * 4096])
    with pytest.raises((RuntimeError, ValueError), match=r"cut\.sqlite"):
        open_knowledge(cut)


# Sources


_ITEM = '{"type":"item","id":"Q%d","labels":{"ar":{"value":"مرفأ %d"}},"claims":{"P31":["Q515"]},"sitelinks":{}}'
_DUMP = "[\n" + ",\n".join(_ITEM % (9000100 + n, n) for n in range(30)) + "\n]\n"


def _import(source: Path, target: Path, **options: Any) -> tuple[Written, list[Problem]]:
    problems: list[Problem] = []
    return import_knowledge([source], target, report=problems.append, **options).written, problems


@pytest.mark.parametrize("pack", [bytes, gzip.compress, bz2.compress, lzma.compress])
def test_packed_dumps(pack: Any, tmp_path: Path) -> None:
    suffix = {bytes: "", gzip.compress: ".gz", bz2.compress: ".bz2", lzma.compress: ".xz"}[pack]
    source = tmp_path / f"latest-all.json{suffix}"
    source.write_bytes(pack(_DUMP.encode()))
    written, problems = _import(source, tmp_path / "k.sqlite")
    assert (written, problems) == (Written(30, 30, 0), [])
    if suffix:  # what can be read of a download that broke off is kept, and the rest is named
        whole = pack("".join(_ITEM % (n, n) + "\n" for n in range(9000100, 9009000)).encode())
        source.write_bytes(whole[: len(whole) // 2])
        written, problems = _import(source, tmp_path / "k.sqlite")
        assert problems[0].cause.startswith("damaged or cut off")
        assert problems[0].where == str(source) + (f":{written.entries + 1}" if written.entries else "")
        assert len(problems) == 1 + (not written.entries), "bzip2 gives blocks of 900 kB, whole ones"


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".csv.gz", ".jsonl", ".jsonl.xz"])
def test_tables_of_all_kinds_say_the_same(suffix: str, tmp_path: Path) -> None:
    text = _OWN
    if ".tsv" in suffix:
        text = text.replace(",", "\t")
    elif ".jsonl" in suffix:
        head, *rows = [line.split(",") for line in text.splitlines()]
        text = "".join(json.dumps(dict(zip(head, row, strict=True))) + "\n" for row in rows)
    source = tmp_path / f"names{suffix}"
    data = text.encode()
    source.write_bytes(gzip.compress(data) if ".gz" in suffix else lzma.compress(data) if ".xz" in suffix else data)
    written, problems = _import(source, tmp_path / "k.sqlite")
    assert (written, problems) == (Written(3, 8, 0), [])
    found = open_knowledge(tmp_path / "k.sqlite").lookup("مصرف المرفأ", Label.ORGANIZATION)
    assert found is not None
    assert (found.key, found.name_en, found.wikidata) == ("own:17", "Harbour Bank", None)


@pytest.mark.parametrize(
    ("text", "format"),
    [
        (_DUMP, "wikidata"),
        (_ITEM % (1, 1), "wikidata"),
        ("# comment\n81\tP\tar\tهالة+الخوري\n", "jrc"),
        ('{"label": "PLACE", "ar": "صفا"}', "table"),
        (_OWN, "table"),
        ("", "table"),
    ],
)
def test_format_by_the_looks(text: str, format: str, tmp_path: Path) -> None:
    path = tmp_path / "source.txt"
    path.write_text(text, encoding="utf-8")
    assert format_of(path) == format


def test_bad_lines_are_named_and_the_rest_is_read(tmp_path: Path) -> None:
    source, target = tmp_path / "names.csv", tmp_path / "k.sqlite"
    rows = ["3,NORP,صفا,,\n".encode(), b"4,PLACE,\xff\xfe,,\n", "5,PLACE,صفوان,,\n6,PERSON,سالم,,\n".encode()]
    source.write_bytes(_OWN.encode() + b"".join(rows))
    result = call("knowledge", "import", source, "-o", target, "--json")
    assert result.exit_code == 1
    said = [line for line in result.stderr.splitlines() if line]
    assert [line.partition(": ")[2].partition(": ")[0] for line in said[:2]] == [f"{source}:5", f"{source}:6"]
    assert said[2].startswith(f"rawabit: note: {source}:8: a person's single name")
    assert len(said) == 3
    summary = json.loads(result.stdout)
    assert (summary["entries"], summary["failed"], summary["outputs"]) == (5, 2, [str(target)])
    assert open_knowledge(target).lookup("صفوان", Label.PLACE)


@pytest.mark.parametrize(
    ("heading", "cause"),
    [
        ("id,label,name", "no column name_ar or ar or name_en or en"),
        ("id,ar,name", "no column label or type or instance"),
        ("id,who,name", "no column named label or type or instance or name_ar or ar or name_en or en"),
    ],
)
def test_columns_that_are_missing_are_named(heading: str, cause: str, tmp_path: Path) -> None:
    source = tmp_path / "names.csv"
    source.write_text(f"{heading}\n1,PLACE,صفا\n2,PLACE,مروة\n", encoding="utf-8")
    result = call("knowledge", "import", source, "-o", tmp_path / "k.sqlite")
    assert result.exit_code == 1
    assert f"{source}:1: {cause}" in result.stderr
    assert "id" in result.stderr.partition(cause)[2], "the columns that are there"
    assert not (tmp_path / "k.sqlite").exists()


def test_nothing_read_leaves_the_older_file(tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_text(_OWN, encoding="utf-8")
    (tmp_path / "empty.csv").write_text("label,ar\n", encoding="utf-8")
    target = tmp_path / "new" / "k.sqlite"
    assert call("knowledge", "import", tmp_path / "own.csv", "-o", target, "-q").output == ""
    before = target.read_bytes()
    result = call("knowledge", "import", tmp_path / "empty.csv", "-o", target)
    assert result.exit_code == 1
    assert "no names in it" in result.stderr
    assert target.read_bytes() == before
    assert list(target.parent.iterdir()) == [target], "nothing is left lying about"


def test_what_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, text in (("own.csv", _OWN), ("w.json", _DUMP), ("j.txt", "81\tP\tar\tهالة+الخوري\n"), ("x.sqlite", "x")):
        Path(name).write_text(text, encoding="utf-8")
    for arguments, cause in [
        (["knowledge", "import", "own.csv", "-o", "own.csv"], "is an input"),
        (["knowledge", "import", "own.csv", "-o", "x.sqlite"], "would be overwritten"),
        (["knowledge", "import", "w.json", "j.txt", "-o", "k.sqlite"], "different ids"),
        (["knowledge", "import", "no.csv", "-o", "k.sqlite"], "does not exist"),
        (["run", "own.csv", "-o", "g.graphml", "--knowledge", "own.csv"], "not a file that rawabit"),
        (["extract", "w.json", "-o", "d.jsonl", "--given", "mentions", "--knowledge", "k.sqlite"], "does not exist"),
    ]:
        result = call(*arguments)
        assert result.exit_code == 2, arguments
        assert cause in result.stderr
    assert Path("x.sqlite").read_text(encoding="utf-8") == "x"
    assert {path.name for path in tmp_path.iterdir()} == {"own.csv", "w.json", "j.txt", "x.sqlite"}


def test_memory_does_not_grow_with_the_dump(tmp_path: Path) -> None:
    """Five times the lines, and at no time more objects. The names come again, for words are kept, 65,536 at most."""
    peaks = []
    for count in (10_000, 50_000):
        source = tmp_path / "dump.json"
        with source.open("w", encoding="utf-8") as out:
            out.writelines(_ITEM % (n, n % 4000) + ",\n" for n in range(1, count + 1))
        seen = [0]
        done = threading.Event()

        def watch(seen: list[int] = seen, done: threading.Event = done) -> None:
            while not done.wait(0.01):
                seen[0] = max(seen[0], sys.getallocatedblocks())

        before = sys.getallocatedblocks()
        watcher = threading.Thread(target=watch)
        watcher.start()
        try:
            written, _ = _import(source, tmp_path / "k.sqlite")
        finally:
            done.set()
            watcher.join()
        assert written == Written(count, 4000, 4000)
        peaks.append(seen[0] - before)
    assert peaks[1] - peaks[0] < 40_000, "a list of the records would make it 200,000 or more"


# The whole road


@pytest.fixture
def known(tmp_path: Path) -> Path:
    (tmp_path / "own.csv").write_text(_OWN, encoding="utf-8")
    (tmp_path / "article.txt").write_text(_ARTICLE, encoding="utf-8")
    target = tmp_path / "k.sqlite"
    assert call("knowledge", "import", tmp_path / "own.csv", "-o", target, "-q").exit_code == 0
    return target


def _nodes(path: Path) -> dict[str, Any]:
    return {data.get("name"): data for _, data in networkx.read_graphml(path, force_multigraph=True).nodes(data=True)}


def test_entities_get_wikidata_and_english_names(known: Path, tmp_path: Path) -> None:
    article, docs, graph = tmp_path / "article.txt", tmp_path / "d.jsonl", tmp_path / "g.graphml"
    arguments = ["--ner", "rules", "-q"]
    assert call("run", article, "-o", docs, "-o", graph, "--knowledge", known, *arguments).exit_code == 0
    entities = {entity["name"]: entity for entity in lines(docs)[0]["entities"]}
    assert entities["هالة الخوري"]["wikidata"] == "Q9000001"
    assert entities["هالة الخوري"]["name_en"] == "Hala Khoury"
    assert entities["سبيس إكس"]["name_en"] == "Space Works", "the user's table goes before the gazetteer"
    assert "wikidata" not in entities["سبيس إكس"], "18 is the user's own id"
    node = _nodes(graph)["هالة الخوري"]
    assert (node["wikidata"], node["nameEn"]) == ("Q9000001", "Hala Khoury")

    # Without it in extraction, and with it in build: the same graph; and show names the same node.
    plain, later = tmp_path / "plain.jsonl", tmp_path / "later.graphml"
    assert call("extract", article, "-o", plain, *arguments).exit_code == 0
    assert "Q9000001" not in plain.read_text(encoding="utf-8")
    assert call("build", plain, "-o", later, "--knowledge", known, "-q").exit_code == 0
    assert later.read_bytes() == graph.read_bytes()
    shown = json.loads(call("show", "هالة الخوري", plain, "--knowledge", known, "--json").stdout)
    assert [one["wikidata"] for one in shown] == ["Q9000001"]
    assert call("show", shown[0]["id"], plain).exit_code == 1, "another id without it"


def test_resume_extracts_anew_with_other_knowledge(known: Path, tmp_path: Path) -> None:
    article, docs = tmp_path / "article.txt", tmp_path / "d.jsonl"
    command = ["extract", article, "-o", docs, "--ner", "rules", "--resume", "--json"]
    resumed = []
    for extra in ([], ["--knowledge", known], ["--knowledge", known]):
        resumed.append(json.loads(call(*command, *extra).stdout)["resumed"])
    (tmp_path / "own.csv").write_text(_OWN + "Q9000005,PLACE,صفوان,,\n", encoding="utf-8")
    assert call("knowledge", "import", tmp_path / "own.csv", "-o", known, "-q").exit_code == 0
    resumed.append(json.loads(call(*command, "--knowledge", known).stdout)["resumed"])
    assert resumed == [0, 0, 1, 0]


def test_processes_link_alike(known: Path) -> None:
    documents = [Document(str(n), f"{_ARTICLE} {n}") for n in range(3)]
    alone, two = (
        list(extract(documents, engine="rules", jobs=jobs, knowledge=known, report=pytest.fail)) for jobs in (1, 2)
    )
    assert [(one.entities, one.claims) for one in alone] == [(one.entities, one.claims) for one in two]
    assert all(any(entity.wikidata == "Q9000001" for entity in one.entities) for one in two)


def test_enrich_leaves_the_gazetteers_alone(known: Path) -> None:
    def entity(id: str, name: str, label: Label, wikidata: str | None = None) -> Entity:
        return Entity(id, label, name, (Mention(0, len(name), name, label),), name, None, wikidata)

    before = Extraction(
        Document("d", ""),
        (
            entity("e1", "باريس", Label.PLACE),
            entity("e2", "هالة الخوري", Label.PERSON, "Q9000009"),
            entity("e3", "هالة", Label.PERSON),
            entity("e4", "هالة الخوري", Label.PLACE),
        ),
        (),
    )
    (after,) = enrich([before], open_knowledge(known))
    assert [one.wikidata for one in after.entities] == [None, "Q9000001", None, None]
    assert after.entities[::2] == before.entities[::2]
    assert list(enrich([before], load())) == [before]
