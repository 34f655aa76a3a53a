"""Loading into a real Neo4j server."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import neo4j
import neo4j_server
import pytest

from rawabit.graph.model import Edge, Node
from rawabit.loaders.neo4j import load_graph
from rawabit.loaders.outputs import parse_output

pytestmark = pytest.mark.neo4j


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with neo4j_server.server(tmp_path_factory.mktemp("neo4j")) as running:
        yield running


@pytest.fixture
def empty(server: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("NEO4J_PASSWORD", server.password)
    query(server, "MATCH (n {corpus: 'test'}) DETACH DELETE n")
    return server


def query(server: Any, text: str, **parameters: Any) -> list[dict[str, Any]]:
    with neo4j.GraphDatabase.driver(server.uri, auth=("neo4j", server.password)) as driver:
        return [dict(record) for record in driver.execute_query(text, **parameters).records]  # type: ignore[arg-type]


NASTY = "`) DETACH DELETE n // ' \" {x} \\u0060 \u202e$rows\n"
GRAPH: list[Node | Edge] = [
    Node(
        "a",
        ("Entity", "Person"),
        {"name": "إيلون ماسك", "aliases": ("المسك", "Musk"), "mentionCount": 2, "corpus": "test"},
    ),
    Node("b", ("Entity", "Organization"), {"name": NASTY, "corpus": "test"}),
    Node("d", ("Document",), {"title": "عنوان", "corpus": "test"}),
    Node("m", ("Entity", "Money"), {"name": "3.6 مليار دولار", "amount": 3.6e9, "currency": "USD", "corpus": "test"}),
    Edge("1", "a", "b", "HEAD_OF", {"sentence": "أول", "confidence": 0.9, "negated": False, "corpus": "test"}),
    Edge("2", "a", "b", "HEAD_OF", {"sentence": "ثان", "confidence": 0.8, "negated": True, "corpus": "test"}),
    Edge("3", "a", "d", "MENTIONED_IN", {"count": 2, "offsets": (0, 4, 10, 14), "corpus": "test"}),
    Edge("4", "b", "m", "HAS_AMOUNT", {"sentence": "ثالث", "confidence": 0.7, "corpus": "test"}),
]


def everything(server: Any) -> list[Any]:
    nodes = query(
        server, "MATCH (n {corpus: 'test'}) RETURN n.id AS id, labels(n) AS l, properties(n) AS p ORDER BY id"
    )
    edges = query(
        server,
        "MATCH (a)-[r {corpus: 'test'}]->(b) "
        "RETURN r.id AS id, type(r) AS t, properties(r) AS p, a.id AS a, b.id AS b ORDER BY id",
    )
    return [nodes, edges]


def test_what_is_loaded_is_there_and_twice_changes_nothing(empty: Any) -> None:
    load_graph(GRAPH, empty.uri)
    first = everything(empty)
    nodes, edges = first
    assert [(n["id"], sorted(n["l"])) for n in nodes] == [
        ("a", ["Entity", "Person"]), ("b", ["Entity", "Organization"]), ("d", ["Document"]), ("m", ["Entity", "Money"]),
    ]  # fmt: skip
    assert nodes[0]["p"]["aliases"] == ["المسك", "Musk"]
    assert nodes[1]["p"]["name"] == NASTY
    assert [(e["id"], e["t"], e["a"], e["b"]) for e in edges] == [
        ("1", "HEAD_OF", "a", "b"), ("2", "HEAD_OF", "a", "b"), ("3", "MENTIONED_IN", "a", "d"),
        ("4", "HAS_AMOUNT", "b", "m"),
    ]  # fmt: skip
    assert edges[1]["p"]["negated"] is True
    assert edges[2]["p"]["offsets"] == [0, 4, 10, 14]
    load_graph(GRAPH, empty.uri)
    assert everything(empty) == first


def test_a_property_that_went_away_goes_away(empty: Any) -> None:
    load_graph(GRAPH[:1], empty.uri)
    load_graph([Node("a", ("Entity", "Person"), {"name": "ماسك", "corpus": "test"})], empty.uri)
    assert query(empty, "MATCH (n:Person {id: 'a'}) RETURN properties(n) AS p") == [
        {"p": {"id": "a", "name": "ماسك", "corpus": "test"}}
    ]


def test_a_wrong_password_is_one_line_without_it(empty: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEO4J_PASSWORD", "not the secret")
    with pytest.raises(RuntimeError, match="Unauthorized") as caught:
        load_graph(GRAPH, empty.uri)
    assert "not the secret" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_no_server_is_one_line() -> None:
    with pytest.raises(RuntimeError, match=r"bolt://127\.0\.0\.1:1:") as caught:
        load_graph(GRAPH, "bolt://127.0.0.1:1")
    assert "\n" not in str(caught.value)


def test_a_wrong_database_is_one_line(empty: Any) -> None:
    with pytest.raises(RuntimeError, match="DatabaseNotFound"):
        load_graph(GRAPH, f"{empty.uri}/nowhere")


def test_unknown_labels_and_types_are_refused(empty: Any) -> None:
    with pytest.raises(RuntimeError, match="no such label"):
        load_graph([Node("x", ("Entity", "Person` SET n.x = 1 //"), {})], empty.uri)
    with pytest.raises(RuntimeError, match="no such type"):
        load_graph([Edge("x", "a", "b", "OWNS]->() //", {})], empty.uri)


def test_a_password_in_the_address_is_refused() -> None:
    with pytest.raises(ValueError, match="NEO4J_PASSWORD"):
        parse_output("neo4j://me:secret@localhost")


@pytest.mark.parametrize("scheme", ["neo4j", "bolt", "neo4j+s", "bolt+ssc"])
def test_schemes(scheme: str) -> None:
    assert parse_output(f"{scheme}://me@localhost:7687/db").kind == "neo4j"
