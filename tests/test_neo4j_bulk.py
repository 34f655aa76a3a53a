"""The folder for `neo4j-admin database import full`, imported for real."""

from __future__ import annotations

import os
import re
import subprocess
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import neo4j_server
import pytest
from neo4j_made import nasty
from neo4j_tools import admin, rows
from running import call

from rawabit.graph.model import Edge, Node
from rawabit.loaders.bulk import write_bulk
from rawabit.loaders.graphml import read_graphml
from rawabit.loaders.neo4j_pull import pull_graph
from rawabit.loaders.neo4j_server import connect

MIXED: tuple[Node | Edge, ...] = (
    Node("whole", ("Entity", "Product"), {"name": 7, "big": 2**62, "yes": True, "list": (1, -2), "corpus": "mixed"}),
    Node("broken", ("Entity", "Product"), {"name": 7.5, "far": float("inf"), "yes": False, "corpus": "mixed"}),
    Node("text", ("Entity", "Product"), {"name": "سبعة", "yes": "نعم", "list": ("١",), "corpus": "mixed"}),
    Node("empty", ("Entity", "Product"), {"name": "", "list": (), "corpus": "mixed"}),
    Node("one", ("Entity", "Product"), {"list": ("",), "corpus": "mixed"}),
    Node("two", ("Entity", "Product"), {"list": ("", ""), "corpus": "mixed"}),
    Edge("r", "whole", "text", "PRODUCES", {"confidence": 1, "corpus": "mixed"}),
    Edge("s", "whole", "text", "PRODUCES", {"confidence": 0.5, "corpus": "mixed"}),
)
QUERIES = (
    "MATCH (n {corpus: $corpus}) RETURN labels(n)[-1] AS label, count(*) AS n, min(n.id) AS first ORDER BY label",
    "MATCH ({corpus: $corpus})-[r]->() RETURN type(r) AS type, count(*) AS n, max(r.id) AS last ORDER BY type",
    "MATCH (n:Entity {corpus: $corpus}) RETURN n.name AS name, n.aliases AS aliases ORDER BY n.mentionCount DESC, n.id",
    "MATCH (n:Money {corpus: $corpus}) RETURN n.currency AS currency, sum(n.amount) AS sum ORDER BY currency",
    "MATCH (a {corpus: $corpus})-[r]->(b) WHERE r.confidence > 0.9 RETURN a.name AS a, r.sentence AS said, b.name AS b "
    "ORDER BY r.id",
    "MATCH (a {corpus: $corpus})-[r]->(d:Document) RETURN d.title AS title, sum(r.count) AS n, min(r.offsets[0]) AS "
    "first ORDER BY title",
    "MATCH (a:Person {corpus: $corpus}), (b:Person {corpus: $corpus}) WHERE a.id < b.id "
    "MATCH path = shortestPath((a)-[*..4]-(b)) RETURN a.id AS a, b.id AS b, length(path) AS n ORDER BY a, b LIMIT 50",
)


def imported(home: Path, folder: Path, *options: str) -> str:
    """Import as `README.txt` says; what the tool says."""
    environment = {**os.environ, "NEO4J_ADMIN": str(admin(home))}
    done = subprocess.run(
        ["sh", str(folder / "import.sh"), *options, "neo4j"], env=environment, capture_output=True, text=True
    )
    said = done.stdout + done.stderr
    assert done.returncode == 0, said[-3000:]
    return said


@pytest.fixture(scope="module")
def example(extracted: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The examples' folder and, beside it, their GraphML."""
    folder = tmp_path_factory.mktemp("bulk")
    targets = ["-o", f"csv:{folder / 'csv'}", "-o", folder / "g.graphml", "--corpus", "bulk"]
    assert call("build", extracted, *targets).exit_code == 0
    return folder


@pytest.fixture(scope="module")
def server(example: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server on the store that the import tool made of the examples and of what breaks formats."""
    home = tmp_path_factory.mktemp("home")
    write_bulk([*read_graphml(example / "g.graphml"), *nasty("nasty"), *MIXED], home / "csv")
    imported(home, home / "csv")
    own = neo4j_server.Own(home)
    own.start()
    yield own.uri
    own.kill()


@pytest.mark.neo4j
def test_import_and_load_answer_alike(server: str, example: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEO4J_PASSWORD", neo4j_server.PASSWORD)
    loaded = neo4j_server.shared()
    assert call("load", example / "g.graphml", "-o", loaded.uri).exit_code == 0
    for query in QUERIES:
        expected = rows(loaded.uri, query, loaded.password, corpus="bulk")
        assert rows(server, query, neo4j_server.PASSWORD, corpus="bulk") == expected, query
        assert expected


@pytest.mark.neo4j
def test_what_was_imported_is_pulled_and_can_be_loaded_into(
    server: str, example: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEO4J_PASSWORD", neo4j_server.PASSWORD)
    back = tmp_path / "back.graphml"
    for command in ("pull", "load", "pull"):  # constraints and the loader's own properties are made by load
        target = ["-o", back, "--corpus", "bulk"] if command == "pull" else ["-o", server]
        assert call(command, server if command == "pull" else example / "g.graphml", *target).exit_code == 0
        assert back.read_bytes() == (example / "g.graphml").read_bytes()


@pytest.mark.neo4j
def test_texts_and_types_come_through(server: str) -> None:
    with connect(server, neo4j_server.PASSWORD) as opened:
        with pull_graph(opened, "nasty") as back:
            assert list(back) == nasty("nasty")
        with pull_graph(opened, "mixed") as back:
            found = {element.id: dict(element.properties) for element in back}
    for element in MIXED:
        # The tool knows no list without items, or with an empty text alone.
        expected = {key: value for key, value in element.properties.items() if value not in ((), ("",))}
        assert found[element.id] == expected
        kinds = {key: type(value) for key, value in found[element.id].items()}
        assert kinds == {key: type(value) for key, value in expected.items()}


def test_the_folder(tmp_path: Path) -> None:
    folder = tmp_path / "a b" / "csv"
    write_bulk(MIXED, folder)
    names = {path.name for path in folder.iterdir()}
    rows_of = {name for name in names if name.endswith(".csv") and ".header" not in name}
    assert rows_of == {
        "nodes-Entity-Product.csv", "nodes-Entity-Product-2.csv", "nodes-Entity-Product-3.csv",
        "relationships-PRODUCES.csv", "relationships-PRODUCES-2.csv",
    }  # fmt: skip
    named = set(re.findall(r"[\w-]+(?:\.header)?\.csv", (folder / "import.args").read_text("utf-8")))
    assert named == {name for name in names if name.endswith(".csv")}
    head = (folder / "nodes-Entity-Product.header.csv").read_text("utf-8")
    assert head == 'id:ID,"big:long","corpus:string","list:long[]","name:long","yes:boolean"\n'
    first = (folder / "nodes-Entity-Product.csv").read_text("utf-8").splitlines()[0]
    assert first == '"whole",4611686018427387904,"mixed","1\x1f-2",7,true'


def test_an_earlier_export_goes_and_other_files_are_not_touched(tmp_path: Path) -> None:
    write_bulk(MIXED, tmp_path)
    write_bulk([Node("d", ("Document",), {"title": "عنوان\ud800"})], tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "README.txt", "import.args", "import.sh", "nodes-Document.csv", "nodes-Document.header.csv",
    ]  # fmt: skip
    assert (tmp_path / "nodes-Document.csv").read_text("utf-8") == '"d","عنوان\ufffd"\n'
    (tmp_path / "mine.txt").write_text("x", encoding="utf-8")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(ValueError, match=r"mine\.txt"):
        write_bulk(MIXED, tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


@pytest.mark.parametrize(
    "element",
    [
        Node("a", ("Entity", "Person` {x} //"), {}),
        Node("a", ("Entity", "../up"), {}),
        Edge("a", "b", "c", "KNOWS;", {}),
        Node("a", ("Document",), {"title": {"a": 1}}),
        Node("a", ("Document",), {"title": (1.5,)}),
    ],
)
def test_what_a_database_cannot_hold_leaves_the_folder_as_it_was(element: Node | Edge, tmp_path: Path) -> None:
    write_bulk(MIXED, tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(ValueError, match=r"label or type|takes no"):
        write_bulk([*MIXED, element], tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_lists_are_parted_by_what_no_item_holds(tmp_path: Path) -> None:
    def graph(*items: str) -> list[Node | Edge]:
        return [Node("d", ("Document",), {"title": items})]

    for items, mark in (((",", ";"), "001F"), (("a\x1fb", ";"), "001E"), (("\x1f", "\x1e", "\x1d"), "001C")):
        write_bulk(graph(*items), tmp_path)
        assert f"--array-delimiter=U+{mark}" in (tmp_path / "import.args").read_text("utf-8")
    with pytest.raises(ValueError, match="every separator"):
        write_bulk(graph("\x1f\x1e\x1d\x1c"), tmp_path)


def test_memory_does_not_grow_with_the_graph(tmp_path: Path) -> None:
    def peak(count: int) -> int:
        def graph() -> Iterator[Node | Edge]:
            for number in range(count):
                properties: dict[str, Any] = {"sentence": "جملة " * 20, "start": number, "negated": False}
                yield Edge(f"e{number}", "a", "b", "HEAD_OF", properties)

        tracemalloc.start()
        try:
            write_bulk(graph(), tmp_path)
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    assert peak(5_000) < peak(500) + 200_000


def test_the_command_line_writes_it(example: Path) -> None:
    assert (example / "csv" / "import.args").is_file()
    done = call("build", example / "g.graphml", "-o", "csv:")
    assert done.exit_code == 2
    assert "folder" in done.stderr
