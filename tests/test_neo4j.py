"""One graph into a real server: what is stored, what is refused, and how errors are said."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import neo4j_server
import pytest
from neo4j_graphs import CORPUS, elements, query, there

from rawabit.graph.model import Edge, Node
from rawabit.loaders.neo4j import load_graph
from rawabit.loaders.neo4j_schema import CLAIMS, prepare
from rawabit.loaders.neo4j_server import ServerError, connect, parse_address
from rawabit.loaders.outputs import parse_output
from rawabit.loaders.problems import Problem

pytestmark = pytest.mark.neo4j


def claim(key: str, a: str, b: str, kind: str = "HEAD_OF", **more: Any) -> Edge:
    return Edge(key, a, b, kind, {"document": "d", "sentence": "س", "confidence": 0.9, "negated": False, **more})


def mentioned(key: str, a: str, d: str = "d") -> Edge:
    return Edge(key, a, d, "MENTIONED_IN", {"count": 2, "offsets": (0, 4, 10, 14)})


GRAPH: list[Node | Edge] = [
    Node("a", ("Entity", "Person"), {"name": "إيلون ماسك", "aliases": ("المسك", "Musk"), "mentionCount": 2}),
    Node("b", ("Entity", "Organization"), {"name": "سبيس إكس"}),
    Node("m", ("Entity", "Money"), {"name": "3.6 مليار دولار", "amount": 3.6e9, "currency": "USD"}),
    Node("d", ("Document",), {"title": "عنوان"}),
    claim("1", "a", "b"),
    claim("2", "a", "b", negated=True, amount=2**63 - 1, title="مدير"),
    claim("4", "b", "m", "HAS_AMOUNT"),
    *(mentioned(f"m{key}", key) for key in "abm"),
]


def load(graph: list[Node | Edge], server: neo4j_server.Server) -> list[Problem]:
    problems: list[Problem] = []
    load_graph(graph, server.uri, corpus=CORPUS, report=problems.append)
    return problems


def test_what_is_loaded_is_there(server: neo4j_server.Server) -> None:
    assert load(GRAPH, server) == []
    assert there() == elements(GRAPH)


def test_a_property_that_went_away_goes_away(server: neo4j_server.Server) -> None:
    load(GRAPH, server)
    changed = [
        Node("a", ("Entity", "Person"), {"name": "ماسك"}) if e is GRAPH[0] else claim("2", "a", "b") if e is GRAPH[5]
        else Node("d", ("Document",), {}) if e is GRAPH[3] else e for e in GRAPH
    ]  # fmt: skip
    load(changed, server)
    assert there() == elements(changed)


NASTY = [
    "`) DETACH DELETE n // ' \" {x} $rows",
    "\\u0060 \\u0027}) SET n.x = 1 //",
    "'; MATCH (n) DETACH DELETE n; //",
    "a\x00b\x1b[2J\r\n\t",
    "\u202eعكس\u202c \u2066x\u2069 \u200f",
    "{name: 'x'}",
    "😀 \ufffe \uffff \U0010ffff",
    " ",
    "../../x`y.txt",
]


@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
def test_nasty_texts_are_stored_as_they_are(server: neo4j_server.Server, text: str) -> None:
    key = text.replace("\0", "")  # which a name of a property can't hold
    nasty = [
        Node(f"n{text}", ("Entity", "Person"), {"name": text, "aliases": (text, "x")}),
        Node("b", ("Entity", "Organization"), {"name": text, key: text}),
        Node(f"d{text}", ("Document",), {"title": text, "source": text, "url": text}),
        claim(f"c{text}", f"n{text}", "b", document=f"d{text}", sentence=text, title=text, **{key: text}),
        mentioned(f"m{text}", f"n{text}", f"d{text}"),
        mentioned(f"o{text}", "b", f"d{text}"),
    ]
    for _ in range(2):
        assert load(nasty, server) == []
        assert there() == elements(nasty)


REFUSED = [
    (Node("x", ("Entity", "Person"), {"name": "\ud800"}), "node x: name: a lone surrogate"),
    (Node("x\udfff", ("Entity", "Person"), {}), "a lone surrogate, which is no character, in an id"),
    (Node("x", ("Entity", "Person"), {"aliases": ("a", "\ud800")}), "aliases"),
    (Node("x", ("Entity", "Person"), {"\ud800": 1}), "lone surrogate"),
    (Node("x", ("Entity", "Person"), {"": 1}), "property without a name"),
    (Node("x", ("Entity", "Person"), {"a\0": 1}), "a null character"),
    (Node("x", ("Entity", "Person` SET n.x = 1 //"), {}), "no such label"),
    (Node("x", ("Person",), {}), "no such label"),
    (Node("x", ("Entity", "Document"), {}), "no such label"),
    (Node("", ("Entity", "Person"), {}), "not empty"),
    (Node("ا" * 1001, ("Entity", "Person"), {}), "more than 2000 bytes"),
    (Node("a", ("Entity", "Person"), {}), "two nodes"),
    (Node("x", ("Entity", "Person"), {"mentionCount": 2**63}), "63 bits"),
    (Node("x", ("Entity", "Person"), {"more": {"a": 1}}), "dict"),
    (Node("x", ("Entity", "Person"), {"more": ("a", 1)}), "one type"),
    (claim("x", "a", "b", amount=Decimal("1.5")), "relationship x: amount: a server has no property of type Decimal"),
    (claim("x", "a", "b", amount=-(2**63) - 1), "63 bits"),
    (claim("x", "a", "nobody"), "one of its ends"),
    (claim("x", "a", "b", document="nowhere"), "lacks its document"),
    (claim("x", "a", "b", document=None), "names no document"),
    (claim("1", "a", "b"), "two of type HEAD_OF have this id"),
    (claim("x", "a", "b", "OWNS]->() //"), "no such type"),
    (mentioned("x", "nobody"), "one of its ends"),
]


@pytest.mark.parametrize(("element", "cause"), REFUSED, ids=range(len(REFUSED)))
def test_what_a_server_cannot_hold_is_one_line_and_the_rest_is_loaded(
    server: neo4j_server.Server, element: Node | Edge, cause: str
) -> None:
    (problem,) = load([*GRAPH, element], server)
    assert cause in str(problem)
    assert "\n" not in str(problem)
    assert there() == elements(GRAPH)
    with pytest.raises(ValueError, match=r"^(?:node|relationship) "):
        load_graph([*GRAPH, element], server.uri, corpus=CORPUS)


def test_the_constraints_are_there_and_online(server: neo4j_server.Server) -> None:
    with connect(server.uri, server.password) as open_:
        prepare(open_)
        prepare(open_)
        states = open_.run("SHOW INDEXES YIELD name, state WHERE name STARTS WITH 'rawabit_' RETURN name, state")
        kinds = open_.run("SHOW CONSTRAINTS YIELD name, type WHERE name STARTS WITH 'rawabit_' RETURN name, type")
    assert len(states) == len(CLAIMS) + 4
    assert {row["state"] for row in states} == {"ONLINE"}
    assert len(kinds) == len(CLAIMS) + 2


@pytest.mark.parametrize("words", ["الحداد", "حداد", "علي", "musk", "المسك"])
def test_names_and_aliases_are_found(server: neo4j_server.Server, words: str) -> None:
    people = [Node("s", ("Entity", "Person"), {"name": "علي الحداد"}), replace(GRAPH[0], id="a")]
    load([*people, *GRAPH[3:4], *(mentioned(f"m{p.id}", p.id) for p in people)], server)
    query("CALL db.index.fulltext.awaitEventuallyConsistentIndexRefresh()")
    found = query("CALL db.index.fulltext.queryNodes('rawabit_names', $w) YIELD node RETURN node.id AS id", w=words)
    assert [row["id"] for row in found] == ["a" if words in ("musk", "المسك") else "s"]


def test_a_wrong_password_is_one_line_without_it(server: neo4j_server.Server) -> None:
    with pytest.raises(ServerError, match="refuses the user or the password") as caught:
        load_graph(GRAPH, server.uri, password="not the secret")
    assert "not the secret" not in str(caught.value)
    assert "\n" not in str(caught.value)
    assert caught.value.__suppress_context__


def test_no_password_is_one_line(server: neo4j_server.Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NEO4J_PASSWORD")
    with pytest.raises(ServerError, match="NEO4J_PASSWORD"):
        load_graph(GRAPH, server.uri)


@pytest.mark.parametrize("address", ["bolt://127.0.0.1:1", "neo4j://127.0.0.1:1", "bolt+ssc://127.0.0.1:1"])
def test_no_server_is_one_line(address: str) -> None:
    with pytest.raises(ServerError, match=r"127\.0\.0\.1:1: no server answers") as caught:
        load_graph(GRAPH, address, password="secret")
    assert "\n" not in str(caught.value)
    assert "secret" not in str(caught.value)


def test_a_wrong_database_is_one_line(server: neo4j_server.Server) -> None:
    with pytest.raises(ServerError, match=r"no such database there \(nowhere\)"):
        load_graph(GRAPH, f"{server.uri}/nowhere")


@pytest.mark.parametrize(
    "address",
    ["neo4j://me:hunter2@localhost", "bolt://me:hun/ter2@localhost", "neo4j+s://:hunter2@h", "bolt://a:hunter2@b@c",
     "bolt://h:1/db?password=hunter2", "neo4j://h/x#hunter2"],
)  # fmt: skip
def test_a_password_in_the_address_is_refused_and_not_repeated(address: str) -> None:
    with pytest.raises(ValueError, match=r"password|nothing after it") as caught:
        parse_output(address)
    assert "ter2" not in str(caught.value)


def test_a_password_is_not_in_the_repr() -> None:
    assert "hunter2" not in repr(replace(parse_output("neo4j://h"), password="hunter2"))


@pytest.mark.parametrize("scheme", ["neo4j", "bolt", "neo4j+s", "bolt+s", "neo4j+ssc", "bolt+ssc", "BOLT"])
def test_schemes(scheme: str) -> None:
    assert parse_output(f"{scheme}://me@localhost:7687/db").kind == "neo4j"
    assert parse_address(f"{scheme}://me@h/db").url == f"{scheme.lower()}://h:7687"


@pytest.mark.parametrize("address", ["http://h", "neo4j://h:port", "neo4j://h/a/b", "neo4j+x://h", "bolt://h:99999"])
def test_what_is_no_address(address: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_address(address)
