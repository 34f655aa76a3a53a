"""A corpus back from a real server: what was loaded, byte for byte where the format says it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import neo4j_server
import pytest
from neo4j_made import NASTY, nasty
from neo4j_tools import rows
from running import call

from rawabit.graph.model import Edge, Node
from rawabit.loaders.graphml import read_graphml, write_graphml
from rawabit.loaders.neo4j import load_graph
from rawabit.loaders.neo4j_pull import pull_graph
from rawabit.loaders.neo4j_server import connect

pytestmark = pytest.mark.neo4j
CORPUS = "pulled"


@pytest.fixture
def uri(monkeypatch: pytest.MonkeyPatch) -> str:
    server = neo4j_server.shared()
    monkeypatch.setenv("NEO4J_PASSWORD", server.password)
    run(server.uri, f"MATCH (n {{corpus: '{CORPUS}'}}) DETACH DELETE n")
    return server.uri


def run(uri: str, query: str, **parameters: Any) -> list[dict[str, Any]]:
    return rows(uri, query, neo4j_server.shared().password, **parameters)


def pulled(uri: str) -> list[Node | Edge]:
    password = neo4j_server.shared().password
    with connect(uri, password) as server, pull_graph(server, CORPUS) as graph:
        return list(graph)


def test_examples_come_back_byte_for_byte(uri: str, extracted: Path, tmp_path: Path) -> None:
    built, back = tmp_path / "built", tmp_path / "back"
    outputs = ("graph.graphml", "graph.html")
    folders = ("parquet", "tables", "csv")

    def targets(folder: Path) -> list[str]:
        out = [str(folder / name) for name in outputs] + [f"{kind}:{folder / kind}" for kind in folders]
        return [text for target in out for text in ("-o", target)]

    assert call("build", extracted, *targets(built), "--corpus", CORPUS).exit_code == 0
    assert call("load", extracted, "-o", uri, "--corpus", CORPUS).exit_code == 0
    done = call("pull", uri, *targets(back), "--corpus", CORPUS, "--json")
    assert done.exit_code == 0, done.output
    for path in sorted(path for path in built.rglob("*") if path.is_file()):
        assert (back / path.relative_to(built)).read_bytes() == path.read_bytes(), path
    summary = json.loads(done.stdout)
    assert summary["documents"] == summary["nodes"]["Document"] == len(extracted.read_text().splitlines())
    assert len(summary["outputs"]) == 5


def test_values_keep_their_types_and_texts(uri: str) -> None:
    graph = nasty(CORPUS)
    load_graph(graph, uri, corpus=CORPUS)
    back = pulled(uri)
    assert back == graph
    kinds = [{key: type(value) for key, value in element.properties.items()} for element in back]
    assert kinds == [{key: type(value) for key, value in element.properties.items()} for element in graph]
    assert back[1].properties["name"] == NASTY[0]


def test_what_the_loader_keeps_for_itself_stays_there(uri: str, extracted: Path) -> None:
    assert call("load", extracted, "-o", uri, "--corpus", CORPUS).exit_code == 0
    keys = run(uri, f"MATCH (n {{corpus: '{CORPUS}'}}) UNWIND keys(n) AS key RETURN DISTINCT key")
    assert "loadSum" in {row["key"] for row in keys}
    kept = {key for element in pulled(uri) for key in element.properties}
    assert not kept & {"loadSum", "addressKey", "names", "called", "id"}


def test_other_corpora_stay_where_they_are(uri: str) -> None:
    load_graph(nasty(CORPUS), uri, corpus=CORPUS)
    load_graph(nasty(f"{CORPUS}-other"), uri, corpus=f"{CORPUS}-other")
    try:
        assert pulled(uri) == nasty(CORPUS)
    finally:
        run(uri, f"MATCH (n {{corpus: '{CORPUS}-other'}}) DETACH DELETE n")


def test_what_users_added_comes_along(uri: str, tmp_path: Path) -> None:
    load_graph(nasty(CORPUS), uri, corpus=CORPUS)
    run(
        uri,
        f"MATCH (n:Person {{corpus: '{CORPUS}', id: 'n03'}}) SET n:Watched, n.seen = date('2024-05-06'), n.label = 'x', "  # noqa: E501
        "n.at = point({x: 1, y: 2}), n.marks = [1.5, 2.5], n.flags = [true] CREATE (n)-[:KNOWS]->(:Note {text: 'y'})",
    )
    node = next(element for element in pulled(uri) if element.id == "n03")
    assert isinstance(node, Node)
    assert node.labels == ("Entity", "Watched", "Person")
    added = {"seen": "2024-05-06", "label_": "x", "marks": ("1.5", "2.5"), "flags": ("True",)}
    assert added.items() <= node.properties.items()
    assert "(1.0, 2.0)" in str(node.properties["at"])
    path = tmp_path / "g.graphml"
    write_graphml(pulled(uri), path)
    assert next(iter(read_graphml(path))).id == "d"


def test_an_unknown_corpus_names_the_others(uri: str, tmp_path: Path) -> None:
    load_graph(nasty(CORPUS), uri, corpus=CORPUS)
    done = call("pull", uri, "-o", tmp_path / "g.graphml", "--corpus", "nowhere")
    assert done.exit_code == 1
    (line,) = [line for line in done.stderr.splitlines() if "nowhere" in line]
    assert CORPUS in line
    assert list(tmp_path.iterdir()) == []


def test_refusals_are_one_line(uri: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "g.graphml"
    monkeypatch.setenv("NEO4J_PASSWORD", "not the secret")
    for address, cause in ((uri, "refuses the user or the password"), ("bolt://127.0.0.1:1", "no server answers")):
        done = call("pull", address, "-o", target, "-q")
        assert done.exit_code == 1
        (line,) = done.stderr.splitlines()
        assert cause in line
        assert "not the secret" not in line
    assert not target.exists()


@pytest.mark.parametrize(
    ("server", "output", "cause"),
    [
        ("bolt://me:secret@localhost", "g.graphml", "password"),
        ("graph.graphml", "g.graphml", "neo4j://"),
        ("bolt://localhost", "docs.jsonl", "graphs"),
        ("bolt://localhost", "bolt://localhost", "graphs"),
        ("bolt://localhost", "g.txt", "graphml"),
    ],
)
def test_wrong_usage(server: str, output: str, cause: str) -> None:
    done = call("pull", server, "-o", output)
    assert done.exit_code == 2
    assert cause in done.stderr
    assert "secret" not in done.stderr
