"""The elements of a graph, checked and put by document, in a temporary file: memory stays flat."""

from __future__ import annotations

import pickle
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from rawabit.graph.model import Edge, Node
from rawabit.graph.scratch import Scratch
from rawabit.loaders.addresses import address_key
from rawabit.loaders.halves import has_half
from rawabit.loaders.neo4j_names import Names
from rawabit.loaders.neo4j_schema import CLAIMS, KINDS, MENTIONED
from rawabit.loaders.problems import Problem, one_line

__all__ = ["Page", "Row", "Spool", "check_corpus"]

Report = Callable[[Problem], None]
Row = dict[str, Any]

_TYPES = frozenset({MENTIONED, *CLAIMS})
_ID_LIMIT = 2000  # bytes; an index of Neo4j holds keys of some 8,000
_LONG = range(-(2**63), 2**63)
_FORM = "1"
"""Changes when the same graph is to be written otherwise than before."""


@dataclass(frozen=True, slots=True)
class Page:
    """A document with all that stands under it.

    Attributes:
        document: its properties, with ``id``, ``corpus``, ``loadSum`` and, where it has an address, ``addressKey``.
        edges: rows by type, each with ``a``, ``b`` (ids of its ends) and ``p`` (properties).
        size: number of rows.
    """

    document: Row
    edges: dict[str, list[Row]]
    size: int

    @property
    def id(self) -> str:
        return str(self.document["id"])


def check_corpus(corpus: str) -> str:
    """`corpus`, when a server can hold it.

    Raises:
        ValueError: it can't.
    """
    if not corpus or len(corpus.encode("utf-8", "replace")) > 200 or has_half(corpus):
        raise ValueError("a corpus has a name of 1 to 200 bytes, without lone surrogates")
    return corpus


class Spool(Scratch):
    """Nodes and edges of one corpus; close it, or use it in a ``with`` statement."""

    def __init__(self) -> None:
        super().__init__(
            "CREATE TABLE entity (id TEXT PRIMARY KEY, kind TEXT, body BLOB, degree INTEGER DEFAULT 0, again INTEGER "
            "DEFAULT 0)",
            "CREATE TABLE document (id TEXT PRIMARY KEY, body BLOB)",
            "CREATE TABLE edge (document TEXT, type TEXT, id TEXT, a TEXT, b TEXT, body BLOB)",
        )
        self.entities = self.documents = self.edges = 0

    def fill(self, elements: Iterable[Node | Edge], corpus: str, report: Report, names: Names | None = None) -> None:
        """Take all elements in; each that a server can't hold, or that hangs on nothing, is reported and left out."""
        for element in elements:
            kind = "relationship" if isinstance(element, Edge) else "node"
            where = f"{kind} {one_line(str(element.id), 80) or repr(element.id)}"
            try:
                if isinstance(element, Edge):
                    self._add_edge(element, corpus, names)
                else:
                    self._add_node(element, corpus)
            except sqlite3.IntegrityError:
                report(Problem(where, "two nodes have this id"))
            except ValueError as error:
                report(Problem(where, str(error)))
        self._db.execute("CREATE INDEX edge_document ON edge (document)")
        self._drop_loose(report)
        self._db.execute(
            "UPDATE entity SET degree = d.n FROM (SELECT a, count(*) AS n FROM edge WHERE type = ? GROUP BY a) AS d "
            "WHERE d.a = entity.id",
            (MENTIONED,),
        )
        for table, name in (("entity", "entities"), ("document", "documents"), ("edge", "edges")):
            setattr(self, name, self._db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])

    def _add_node(self, node: Node, corpus: str) -> None:
        properties = _properties(node, corpus)
        if node.labels == ("Document",):
            address = properties.get("url")
            key = address_key(address) if isinstance(address, str) else None
            if key and len(key.encode()) <= _ID_LIMIT:
                properties["addressKey"] = key
            self._db.execute("INSERT INTO document VALUES (?, ?)", (node.id, pickle.dumps(properties, 5)))
            return
        kinds = [label for label in node.labels if label != "Entity"]
        if "Entity" not in node.labels or len(kinds) != 1 or kinds[0] not in KINDS:
            raise ValueError(f"no such label: {':'.join(node.labels)}")
        self._db.execute(
            "INSERT INTO entity (id, kind, body) VALUES (?, ?, ?)", (node.id, kinds[0], pickle.dumps(properties, 5))
        )

    def _add_edge(self, edge: Edge, corpus: str, names: Names | None) -> None:
        if edge.type not in _TYPES:
            raise ValueError(f"no such type: {edge.type}")
        properties = _properties(edge, corpus)
        document: object = edge.target
        if edge.type != MENTIONED:
            document = properties.get("document")
        elif names is not None:
            properties |= names.get(edge.id)
        if not isinstance(document, str):
            raise ValueError("the claim names no document")
        for end in (edge.source, edge.target):
            _check_text(end)
        row = (document, edge.type, edge.id, edge.source, edge.target, pickle.dumps(properties, 5))
        self._db.execute("INSERT INTO edge VALUES (?, ?, ?, ?, ?, ?)", row)

    def _drop_loose(self, report: Report) -> None:
        loose = (
            "(document NOT IN (SELECT id FROM document) OR a NOT IN (SELECT id FROM entity) "
            f"OR (type <> '{MENTIONED}' AND b NOT IN (SELECT id FROM entity)))"
        )
        for edge, kind in self._db.execute(f"SELECT id, type FROM edge WHERE {loose} ORDER BY id").fetchall():
            report(Problem(f"relationship {one_line(edge, 80)}", f"{kind} lacks its document or one of its ends"))
        self._db.execute(f"DELETE FROM edge WHERE {loose}")
        double = "SELECT document, type, id FROM edge GROUP BY document, type, id HAVING count(*) > 1"
        for _, kind, edge in self._db.execute(double).fetchall():
            report(Problem(f"relationship {one_line(edge, 80)}", f"two of type {kind} have this id"))
        self._db.execute(
            "DELETE FROM edge WHERE rowid NOT IN (SELECT min(rowid) FROM edge GROUP BY document, type, id)"
        )

    def entity_rows(self, kind: str) -> Iterator[Row]:
        """Properties of the entities of a kind."""
        query = "SELECT body FROM entity WHERE kind = ? ORDER BY id"
        for (body,) in self._db.execute(query, (kind,)):
            yield pickle.loads(body)

    def write_again(self, ids: Iterable[str]) -> None:
        """Remember entities that the server has otherwise."""
        self._db.executemany("UPDATE entity SET again = 1 WHERE id = ?", ((one,) for one in ids))

    def entity(self, key: str) -> tuple[str, Row, int, bool] | None:
        """Kind, properties, number of occurrences, and whether the server has it otherwise."""
        row = self._db.execute("SELECT kind, body, degree, again FROM entity WHERE id = ?", (key,)).fetchone()
        return None if row is None else (row[0], pickle.loads(row[1]), row[2], bool(row[3]))

    def has_document(self, key: str) -> bool:
        return self._db.execute("SELECT 1 FROM document WHERE id = ?", (key,)).fetchone() is not None

    def pages(self) -> Iterator[Page]:
        """The documents."""
        edges = "SELECT type, a, b, body FROM edge WHERE document = ? ORDER BY type, id"
        for key, body in self._db.execute("SELECT id, body FROM document ORDER BY rowid"):
            document = pickle.loads(body)
            found: dict[str, list[Row]] = {}
            total = blake2b(f"{_FORM}{sorted(document.items())!r}".encode(), digest_size=16)
            size = 1
            for kind, a, b, packed in self._db.execute(edges, (key,)):
                properties = pickle.loads(packed)
                found.setdefault(kind, []).append({"a": a, "b": b, "p": properties})
                total.update(f"{kind}\x1f{a}\x1f{b}\x1f{sorted(properties.items())!r}\x1e".encode())
                size += 1
            document["loadSum"] = total.hexdigest()
            yield Page(document, found, size)


def _check_text(text: object) -> None:
    if not isinstance(text, str) or not text:
        raise ValueError("an id must be a text that is not empty")
    try:
        size = len(text.encode())
    except UnicodeEncodeError:
        raise ValueError("a lone surrogate, which is no character, in an id") from None
    if size > _ID_LIMIT:
        raise ValueError(f"an id of more than {_ID_LIMIT} bytes")


def _properties(element: Node | Edge, corpus: str) -> Row:
    """What a server can hold of an element.

    Raises:
        ValueError: it can't hold a value as it is.
    """
    _check_text(element.id)
    out: Row = {}
    for key, value in element.properties.items():
        if value is None:
            continue
        if not isinstance(key, str) or not key:
            raise ValueError("a property without a name")
        if "\0" in key:
            raise ValueError(f"{one_line(key)}: a name of a property can't hold a null character")
        kind = type(value)
        if kind is str or kind is float or kind is bool:
            out[key] = value
        elif kind is int:
            if value not in _LONG:
                raise ValueError(f"{key}: a whole number of more than 63 bits")
            out[key] = value
        elif isinstance(value, tuple | list):
            out[key] = _list(key, value)
        elif isinstance(value, str):
            out[key] = str(value)
        else:
            raise ValueError(f"{key}: a server has no property of type {kind.__name__}")
    out["id"], out["corpus"] = element.id, corpus
    try:
        "".join(_texts(out)).encode()
    except UnicodeEncodeError:
        bad = next(key for key, value in out.items() if _surrogate(key) or _surrogate(value))
        raise ValueError(f"{one_line(bad)}: a lone surrogate, which is no character") from None
    return out


def _list(key: str, value: tuple[Any, ...] | list[Any]) -> list[Any]:
    items = [str(item) if isinstance(item, str) else item for item in value]
    kinds = {type(item) for item in items}
    if len(kinds) > 1 or not kinds <= {str, int, float, bool}:
        raise ValueError(f"{key}: a list of a server holds texts, numbers or booleans, all of one type")
    if kinds == {int} and any(item not in _LONG for item in items):
        raise ValueError(f"{key}: a whole number of more than 63 bits")
    return items


def _texts(row: Row) -> Iterator[str]:
    for key, value in row.items():
        yield key
        if isinstance(value, str):
            yield value
        elif isinstance(value, list) and value and isinstance(value[0], str):
            yield from value


def _surrogate(value: object) -> bool:
    texts = value if isinstance(value, list) else [value]
    return any(has_half(text) for text in texts if isinstance(text, str))
