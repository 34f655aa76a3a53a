"""Loading a graph into a Neo4j server (5.26 or later), plainly: twice the same changes nothing.

Values travel as query parameters; labels and relationship types come from enums, never from data.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from rawabit.graph.model import Edge, Node, Relation

if TYPE_CHECKING:
    from neo4j import ManagedTransaction

__all__ = ["load_graph"]

_LABELS = frozenset({"Entity", "Person", "Organization", "Place", "Product", "Money", "Document"})
_TYPES = frozenset({"MENTIONED_IN", *map(str, Relation)})
_BATCH = 1000
_CONSTRAINTS = (
    "CREATE CONSTRAINT rawabit_entity_id IF NOT EXISTS FOR (n:Entity) REQUIRE n.id IS UNIQUE",
    "CREATE CONSTRAINT rawabit_document_id IF NOT EXISTS FOR (n:Document) REQUIRE n.id IS UNIQUE",
)


def load_graph(elements: Iterable[Node | Edge], uri: str) -> None:
    """Write nodes, then edges, to a server.

    Args:
        elements: all nodes before all edges.
        uri: ``neo4j://user@host:port/database`` or ``bolt://…``, also ``+s`` and ``+ssc``; the user is "neo4j" and
            the database the server's default where they are left out. The password comes from ``NEO4J_PASSWORD``.

    Raises:
        RuntimeError: when the server can't be reached or refuses; one line, without the password.
    """
    import neo4j
    from neo4j.exceptions import DriverError, Neo4jError

    parts = urlsplit(uri)
    host = parts.hostname or "localhost"
    address = f"{parts.scheme}://{f'[{host}]' if ':' in host else host}:{parts.port or 7687}"
    user = unquote(parts.username or os.environ.get("NEO4J_USERNAME") or "neo4j")
    password = os.environ.get("NEO4J_PASSWORD")
    auth = neo4j.basic_auth(user, password) if password else None
    database = unquote(parts.path.strip("/")) or None
    try:
        with neo4j.GraphDatabase.driver(address, auth=auth) as driver, driver.session(database=database) as session:
            driver.verify_connectivity()
            for constraint in _CONSTRAINTS:
                session.run(constraint).consume()
            for query, rows in _batches(elements):
                session.execute_write(_write, query, rows)
    except Neo4jError as error:
        hint = "" if password else " (no NEO4J_PASSWORD is set)"
        raise RuntimeError(f"{address}: {error.code}: {_line(error.message)}{hint}") from None
    except (DriverError, OSError) as error:
        raise RuntimeError(f"{address}: {_line(str(error))}") from None


def _write(transaction: ManagedTransaction, query: str, rows: list[dict[str, Any]]) -> None:
    transaction.run(query, rows=rows).consume()


def _line(text: str | None) -> str:
    return " ".join((text or "").split())[:300]


def _batches(elements: Iterable[Node | Edge]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Queries with their rows; a query is one of a fixed set, a label or type each."""
    waiting: dict[str, list[dict[str, Any]]] = {}
    for is_edge, group in groupby(elements, key=lambda element: isinstance(element, Edge)):
        for element in group:
            query = _edge_query(element) if isinstance(element, Edge) else _node_query(element)
            rows = waiting.setdefault(query, [])
            rows.append(_row(element))
            if len(rows) == _BATCH:
                yield query, waiting.pop(query)
        if not is_edge or waiting:
            for query in sorted(waiting):
                yield query, waiting[query]
            waiting.clear()


def _node_query(node: Node) -> str:
    if not set(node.labels) <= _LABELS:
        raise RuntimeError(f"node {node.id}: no such label: {node.labels}")
    key, *more = node.labels
    labels = "".join(f" SET n:{label}" for label in more)
    return f"UNWIND $rows AS row MERGE (n:{key} {{id: row.id}}) SET n = row.properties{labels}"


def _edge_query(edge: Edge) -> str:
    if edge.type not in _TYPES:
        raise RuntimeError(f"relationship {edge.id}: no such type: {edge.type}")
    target = "Document" if edge.type == "MENTIONED_IN" else "Entity"
    return (
        f"UNWIND $rows AS row MATCH (a:Entity {{id: row.source}}) MATCH (b:{target} {{id: row.target}}) "
        f"MERGE (a)-[r:{edge.type} {{id: row.id}}]->(b) SET r = row.properties"
    )


def _row(element: Node | Edge) -> dict[str, Any]:
    properties = {key: list(v) if isinstance(v, tuple) else v for key, v in element.properties.items()}
    row: dict[str, Any] = {"id": element.id, "properties": {**properties, "id": element.id}}
    if isinstance(element, Edge):
        row |= {"source": element.source, "target": element.target}
    return row
