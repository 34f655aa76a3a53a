"""Small graphs for the tests of a server, and what a server has, as plain values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import neo4j
import neo4j_server

from rawabit.graph.assemble import Graph, assemble
from rawabit.graph.model import (
    Claim,
    Edge,
    Entity,
    Extraction,
    Node,
    Relation,
    Resolution,
    Resolved,
    content_id,
    member_key,
)
from rawabit.loaders.neo4j import Loaded, load_graph
from rawabit.loaders.neo4j_names import Names
from rawabit.loaders.neo4j_schema import BOOKKEEPING
from rawabit.ner.model import Document, Label, Mention

CORPUS = "test"
Said = tuple[str, str, str]


def told(
    key: str, *claims: Said, by: str | None = None, times: int = 1, url: str | None = None, label: Label = Label.PERSON
) -> Extraction:
    """What a document says: claims between things by name; `by` is named as the source of all."""
    names = list(dict.fromkeys([*(n for a, _, b in claims for n in (a, b)), *([by] if by else [])]))
    text = f"{key}: " + " ".join(names * times)
    at = len(key) + 2
    mentions: dict[str, list[Mention]] = {name: [] for name in names}
    for name in names * times:
        mentions[name].append(Mention(at, at + len(name), name, label))
        at += len(name) + 1
    ids = {name: f"e{number}" for number, name in enumerate(names)}
    entities = tuple(Entity(ids[name], label, name, tuple(found), name_ar=name) for name, found in mentions.items())
    rows = tuple(
        Claim(
            content_id("claim", key, a, relation, b), ids[a], Relation(relation), ids[b], 0, len(text),
            mentions[a][0].span, mentions[b][0].span, 0.9, False, ids[by] if by else None, {"title": "مدير"},
        )
        for a, relation, b in claims
    )  # fmt: skip
    return Extraction(Document(key, text, f"عنوان {key}", url=url), entities, rows)


@contextmanager
def world(
    extractions: Iterable[Extraction], same: Mapping[str, str] | None = None, former: Mapping[str, str] | None = None
) -> Iterator[tuple[Graph, Names]]:
    """The graph of some documents, where the names of `same` are another one's, and `former` ids of things."""
    rows = list(extractions)
    members = {}
    for one in rows:
        for entity in one.entities:
            member = member_key(one.document.id, entity.id)
            name = (same or {}).get(entity.name, entity.name)
            members[member] = Resolved(member, content_id("entity", name), "test", 1.0)
    ids = {content_id("entity", name): (content_id("entity", old),) for name, old in (former or {}).items()}
    resolution = Resolution(members, ids)
    with Names() as names, assemble(names.watch(rows, resolution), resolution, corpus=CORPUS) as graph:
        yield graph, names


def load(extractions: Iterable[Extraction], uri: str, same: Mapping[str, str] | None = None, **more: Any) -> Loaded:
    with world(extractions, same, more.pop("former", None)) as (graph, names):
        return load_graph(graph, uri, corpus=CORPUS, names=names, **more)


def wanted(extractions: Iterable[Extraction], same: Mapping[str, str] | None = None, **more: Any) -> list[list[Any]]:
    """What a server should have of these documents alone."""
    with world(extractions, same, **more) as (graph, _):
        return elements(graph)


def elements(graph: Iterable[Node | Edge]) -> list[list[Any]]:
    nodes, edges = [], []
    for one in graph:
        properties = {k: list(v) if isinstance(v, tuple) else v for k, v in one.properties.items()}
        properties |= {"id": one.id, "corpus": CORPUS}
        if isinstance(one, Node):
            nodes.append([one.id, sorted(one.labels), properties])
        else:
            edges.append([one.id, one.type, one.source, one.target, properties])
    return [sorted(nodes, key=repr), sorted(edges, key=repr)]


def query(text: str, server: neo4j_server.Server | None = None, **parameters: Any) -> list[dict[str, Any]]:
    server = server or neo4j_server.shared()
    with neo4j.GraphDatabase.driver(server.uri, auth=("neo4j", server.password)) as driver:
        return [record.data() for record in driver.execute_query(text, parameters).records]  # type: ignore[arg-type]


def there(
    server: neo4j_server.Server | None = None, corpus: str = CORPUS, *, all_of_it: bool = False
) -> list[list[Any]]:
    """What a server has of a corpus, without what only the loader needs unless `all_of_it`."""

    def bare(properties: dict[str, Any]) -> dict[str, Any]:
        return {k: v for k, v in properties.items() if all_of_it or k not in BOOKKEEPING}

    nodes = query("MATCH (n {corpus: $c}) RETURN n.id AS i, labels(n) AS l, properties(n) AS p", server, c=corpus)
    edges = query(
        "MATCH (a)-[r {corpus: $c}]->(b) RETURN r.id AS i, type(r) AS t, a.id AS a, b.id AS b, properties(r) AS p",
        server, c=corpus,
    )  # fmt: skip
    return [
        sorted(([n["i"], sorted(n["l"]), bare(n["p"])] for n in nodes), key=repr),
        sorted(([e["i"], e["t"], e["a"], e["b"], bare(e["p"])] for e in edges), key=repr),
    ]


def empty() -> neo4j_server.Server:
    """The shared server, without what tests have left."""
    server = neo4j_server.shared()
    query("MATCH (n) WHERE n:Entity OR n:Document OR n:Note DETACH DELETE n", server)
    return server
