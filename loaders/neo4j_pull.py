"""A corpus back from a Neo4j server, as the graph that was loaded.

What the loader keeps for itself stays there (`rawabit.loaders.neo4j_schema.BOOKKEEPING`); labels and properties that
users added come along, their relationships do not. In one transaction, so a load meanwhile is seen whole or not at all
for each element that was read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from rawabit.graph.assemble import Graph
from rawabit.graph.model import Edge, Node
from rawabit.loaders.neo4j_schema import BOOKKEEPING, CLAIMS, KINDS, MENTIONED, STALE
from rawabit.loaders.neo4j_server import Server, ServerError
from rawabit.loaders.problems import one_line

if TYPE_CHECKING:
    from neo4j import ManagedTransaction

__all__ = ["pull_graph"]

_NODES = "MATCH (n:Entity|Document {corpus: $corpus}) WHERE n.id IS NOT NULL RETURN labels(n), properties(n)"
_EDGES = (
    f"MATCH (a:Entity {{corpus: $corpus}})-[r:{'|'.join((MENTIONED, *CLAIMS))} {{corpus: $corpus}}]->"
    "(b:Entity|Document {corpus: $corpus}) RETURN type(r), a.id, b.id, properties(r)"
)
_CORPORA = (
    "MATCH (n:Entity|Document) WHERE n.corpus IS NOT NULL RETURN DISTINCT n.corpus AS name ORDER BY name LIMIT 20"
)
_EVERY = 1000
_RENAMED = {"label": "label_", "labels": "labels_"}
"""Properties that a user may have given to nodes, and that GraphML needs for itself."""


def pull_graph(server: Server, corpus: str, say: Callable[[str], None] = lambda text: None) -> Graph:
    """Read a corpus into a graph, sorted as `rawabit.graph.assemble` sorts; the caller closes it.

    Elements go to the graph's temporary file as they come: memory does not grow with them.

    Args:
        server: an open connection.
        corpus: which elements.
        say: gets how far it is.

    Raises:
        ServerError: nothing of that corpus is there.
        ValueError: two elements have one id.
    """

    def work(transaction: ManagedTransaction) -> Graph:  # from the start again, where the connection broke
        graph = Graph()
        try:
            for number, (labels, properties) in enumerate(transaction.run(_NODES, corpus=corpus)):
                graph.add(Node(str(properties["id"]), _labels(labels), _plain(properties, node=True)))
                if not number % _EVERY:
                    say(f"{number} nodes")
            for number, (kind, source, target, properties) in enumerate(transaction.run(_EDGES, corpus=corpus)):
                graph.add(Edge(str(properties["id"]), source, target, kind, _plain(properties, node=False)))
                if not number % _EVERY:
                    say(f"{number} relationships")
        except BaseException:
            graph.close()
            raise
        return graph

    graph = server.reading(work)  # streams, which Server.read does not
    if not graph.counts:
        graph.close()
        there = ", ".join(one_line(str(row["name"]), 40) for row in server.read(_CORPORA))
        others = f"; there are: {there}" if there else ", nor any other"
        raise ServerError(f"{server.url}: no corpus {one_line(corpus, 40)} there{others}")
    return graph


def _labels(labels: Iterable[str]) -> tuple[str, ...]:
    """``Entity`` first and the kind last, as they were; what users added stands between."""
    there = set(labels) - {STALE}
    first = [label for label in ("Entity", "Document") if label in there]
    last = [label for label in KINDS if label in there]
    return (*first, *sorted(there.difference(first, last)), *last)


def _plain(properties: Mapping[str, Any], *, node: bool) -> dict[str, Any]:
    out = {}
    for key, value in properties.items():
        if key != "id" and key not in BOOKKEEPING:
            name = _RENAMED.get(key, key) if node or key == "label" else key
            out[name] = _value(value)
    return out


def _value(value: Any) -> str | int | float | bool | tuple[str | int, ...]:
    """A property as elements of the graph have them; of a user's dates, points and the like, the text."""
    if isinstance(value, str | int | float):  # and bool
        return value
    if isinstance(value, list | tuple) and not hasattr(value, "srid"):
        if all(type(item) is int for item in value) or all(isinstance(item, str) for item in value):
            return tuple(value)
        return tuple(map(str, value))
    if isinstance(value, bytes | bytearray):
        return value.hex()
    return str(value)
