"""Writing entities and documents to a server in batches, each document whole in one transaction.

A document carries ``loadSum``, a sum over all that was written for it, set in the transaction that writes it: one that
the server has already is not written again, and a load that was killed is mended by the next. Every entity whose
occurrences a transaction changes is marked ``Stale`` by it (`rawabit.loaders.neo4j_settle`).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

from rawabit.loaders.neo4j_rows import CREATE_CLAIMS, CREATE_MENTIONS, claim_rows, mention_rows
from rawabit.loaders.neo4j_schema import CLAIMS, DOCUMENT_KEYS, KINDS, MENTIONED, STALE
from rawabit.loaders.neo4j_server import Server, ServerError, TooLarge
from rawabit.loaders.neo4j_spool import Page, Row, Spool
from rawabit.loaders.problems import one_line

if TYPE_CHECKING:
    from neo4j import ManagedTransaction

__all__ = ["Done", "Pace", "forget_documents", "write_documents", "write_entities"]

_T = TypeVar("_T")
Say = Callable[[str], None]


@dataclass(slots=True)
class Done:
    """Documents by what became of them, and what was written or removed."""

    new: int = 0
    changed: int = 0
    same: int = 0
    replaced: int = 0

    def add(self, other: Done) -> None:
        self.new += other.new
        self.changed += other.changed
        self.same += other.same
        self.replaced += other.replaced


@dataclass(slots=True)
class Pace:
    """Rows a transaction: more while it is quick, half where the server's memory does not do."""

    size: int = 4000
    _most: int = 16000

    def took(self, seconds: float) -> None:
        if seconds < 2.0:
            self.size = min(self._most, self.size * 3 // 2)
        elif seconds > 8.0:
            self.size = max(100, self.size // 2)

    def halve(self) -> None:
        """After `TooLarge`.

        Raises:
            TooLarge: it is small already.
        """
        if self.size <= 1:
            raise TooLarge
        self.size = self._most = max(1, self.size // 2)


def _chunks(rows: Iterable[Row], pace: Pace) -> Iterator[list[Row]]:
    iterator = iter(rows)
    while chunk := list(islice(iterator, pace.size)):
        yield chunk


def _run(tx: ManagedTransaction, query: str, corpus: str, rows: Sequence[Any]) -> list[dict[str, Any]]:
    return [record.data() for record in tx.run(query, {"rows": rows, "corpus": corpus})]


def write_entities(server: Server, spool: Spool, corpus: str, pace: Pace, say: Say) -> None:
    """Make the entities that are not there; those that are there otherwise are marked, and settled at the end."""
    done = 0
    for kind in KINDS:
        others = " OR ".join(f"n:{other}" for other in KINDS if other != kind)
        query = (
            f"UNWIND $rows AS row MERGE (n:Entity {{corpus: $corpus, id: row.id}}) "
            f"ON CREATE SET n:{kind}:{STALE}, n = row "
            f"WITH n, row WHERE properties(n) <> row OR NOT n:{kind} OR {others} SET n:{STALE} RETURN n.id AS id"
        )
        for chunk in _chunks(spool.entity_rows(kind), pace):
            for rows in _halving(server, partial(_run, query=query, corpus=corpus), chunk, pace):
                spool.write_again(row["id"] for row in rows)
            done += len(chunk)
            say(f"{done} of {spool.entities} entities")


def _halving(server: Server, work: Callable[..., _T], rows: list[Row], pace: Pace) -> list[_T]:
    """Do `work` (a transaction, ``rows``) over parts of `rows`, smaller ones where the server's memory does not do."""
    at, out = 0, []
    while at < len(rows):
        part = rows[at : at + pace.size]
        started = time.monotonic()
        try:
            out.append(server.write(lambda tx, part=part: work(tx, rows=part)))  # type: ignore[misc]
        except TooLarge:
            pace.halve()
            continue
        pace.took(time.monotonic() - started)
        at += len(part)
    return out


def write_documents(server: Server, spool: Spool, corpus: str, pace: Pace, say: Say, *, anew: bool = False) -> Done:
    """Write documents with their occurrences and claims; what is there of them otherwise goes away.

    Args:
        anew: also those that the server has with the same sum.
    """
    done, count = Done(), 0
    waiting: list[Page] = []
    size = 0
    for page in spool.pages():
        waiting.append(page)
        size += page.size
        if size >= pace.size:
            done.add(_write_batch(server, spool, corpus, waiting, pace, anew))
            count += len(waiting)
            say(f"{count} of {spool.documents} documents")
            waiting, size = [], 0
    if waiting:
        done.add(_write_batch(server, spool, corpus, waiting, pace, anew))
    return done


def _write_batch(server: Server, spool: Spool, corpus: str, pages: list[Page], pace: Pace, anew: bool) -> Done:
    from neo4j.exceptions import ConstraintError

    for attempt in range(5):
        started = time.monotonic()
        try:
            done = server.write(lambda tx: _write_pages(tx, spool, corpus, pages, anew))
        except TooLarge:
            pace.halve()
            if len(pages) == 1:
                return _write_in_parts(server, spool, corpus, pages[0], pace)
            half = len(pages) // 2
            done = _write_batch(server, spool, corpus, pages[:half], pace, anew)
            done.add(_write_batch(server, spool, corpus, pages[half:], pace, anew))
        except ConstraintError:  # another load of the same documents was quicker: what it wrote is seen now
            if attempt == 4:
                raise
            continue
        else:
            pace.took(time.monotonic() - started)
        return done
    raise AssertionError


_STATE = (
    "UNWIND $rows AS row MATCH (d:Document {corpus: $corpus, id: row}) "
    f"RETURN d.id AS id, d.loadSum AS sum, COUNT {{ (d)<-[:{MENTIONED}]-() }} AS mentions"
)
_CLAIM_COUNTS = "CYPHER replan=skip " + " UNION ALL ".join(
    f"UNWIND $rows AS row MATCH ()-[r:{claim} {{corpus: $corpus, document: row}}]->() WHERE r.id IS NOT NULL "
    "RETURN row AS id, count(r) AS n"
    for claim in CLAIMS
)
_CLAIMS_OF = "CYPHER replan=skip " + " UNION ALL ".join(
    f"UNWIND $rows AS row MATCH (a)-[r:{claim} {{corpus: $corpus, document: row}}]->(b) WHERE r.id IS NOT NULL "
    f"RETURN row AS d, '{claim}' AS t, a.id AS a, b.id AS b, elementId(r) AS r, properties(r) AS p"
    for claim in CLAIMS
)
_MENTIONS_OF = (
    f"UNWIND $rows AS row MATCH (d:Document {{corpus: $corpus, id: row}})<-[r:{MENTIONED}]-(a) "
    f"WHERE r.corpus = $corpus RETURN row AS d, '{MENTIONED}' AS t, a.id AS a, row AS b, elementId(r) AS r, "
    "properties(r) AS p"
)
_SAME_ADDRESS = (
    "UNWIND $rows AS row MATCH (d:Document {corpus: $corpus, addressKey: row.key}) WHERE d.id <> row.id "
    "RETURN DISTINCT d.id AS id"
)
_CREATE_DOCUMENT = "UNWIND $rows AS row CREATE (d:Document) SET d = row"
_SET_DOCUMENT = "UNWIND $rows AS row MATCH (d:Document {corpus: $corpus, id: row.id}) SET d += row"
_LOCK = "UNWIND $rows AS row MATCH (d:Document {corpus: $corpus, id: row}) REMOVE d.loadSum"
_MARK = f"UNWIND $rows AS row MATCH (n:Entity {{corpus: $corpus, id: row}}) SET n:{STALE}"
_DELETE = "UNWIND $rows AS row MATCH ()-[r]->() WHERE elementId(r) = row DELETE r"
_ALTER = "UNWIND $rows AS row MATCH ()-[r]->() WHERE elementId(r) = row.r SET r = row.p"


def _write_pages(tx: ManagedTransaction, spool: Spool, corpus: str, pages: Sequence[Page], anew: bool) -> Done:
    """All of some documents, in one transaction that may be called again."""
    replaced = _drop_same_address(tx, spool, corpus, pages)
    states = {row["id"]: row for row in _run(tx, _STATE, corpus, [page.id for page in pages])}
    fresh = [page for page in pages if page.id not in states]
    old = _otherwise(tx, corpus, [page for page in pages if page.id in states], states, anew)
    if fresh:
        _run(tx, _CREATE_DOCUMENT, corpus, [page.document for page in fresh])
    new: dict[str, list[Row]] = {}
    touched: set[str] = set()
    for page in fresh:
        for kind, rows in page.edges.items():
            new.setdefault(kind, []).extend(rows)
    if old:
        _run(tx, _LOCK, corpus, [page.id for page in old])
        gone, altered = _difference(tx, corpus, old, new, touched)
        _run(tx, _DELETE, corpus, gone)
        _run(tx, _ALTER, corpus, altered)
        _run(tx, _SET_DOCUMENT, corpus, [_cleared(page.document) for page in old])
    if touched:
        _run(tx, _MARK, corpus, sorted(touched))
    for kind, rows in sorted(new.items()):
        _make(tx, corpus, kind, rows)
    return Done(len(fresh), len(old), len(pages) - len(fresh) - len(old), replaced)


def _make(tx: ManagedTransaction, corpus: str, kind: str, rows: Sequence[Row]) -> None:
    """Make relationships of one type; entities that are mentioned are marked on the way."""
    if kind == MENTIONED:
        ids, lists = mention_rows(rows)
        result = tx.run(CREATE_MENTIONS, {"ids": ids, "rows": lists, "corpus": corpus})
    else:
        result = tx.run(CREATE_CLAIMS[kind], {"rows": claim_rows(rows), "corpus": corpus})
    made = result.consume().counters.relationships_created
    if made != len(rows):
        first = one_line(str(rows[0]["p"]["id"]), 80)
        raise ServerError(
            f"{len(rows) - made} of {len(rows)} relationships {kind} ({first}, …) have lost their ends: something else "
            "changes this corpus; load again to mend"
        )


def _cleared(document: Row) -> Row:
    return {**dict.fromkeys(DOCUMENT_KEYS), **document}


def _drop_same_address(tx: ManagedTransaction, spool: Spool, corpus: str, pages: Sequence[Page]) -> int:
    """A page that was corrected takes the place of the earlier one of its address, whatever their ids."""
    keys = [{"id": page.id, "key": page.document["addressKey"]} for page in pages if "addressKey" in page.document]
    if not keys:
        return 0
    ids = [row["id"] for row in _run(tx, _SAME_ADDRESS, corpus, keys) if not spool.has_document(row["id"])]
    if ids:
        forget_documents(tx, corpus, ids)
    return len(ids)


def _otherwise(
    tx: ManagedTransaction, corpus: str, pages: list[Page], states: Mapping[str, Row], anew: bool
) -> list[Page]:
    """Those of which the server has something else, or not all."""
    if anew:
        return pages
    same = [
        page
        for page in pages
        if states[page.id]["sum"] == page.document["loadSum"]
        and states[page.id]["mentions"] == len(page.edges.get(MENTIONED, ()))
    ]
    counts = dict.fromkeys((page.id for page in same), 0)
    if same:
        for row in _run(tx, _CLAIM_COUNTS, corpus, list(counts)):
            counts[row["id"]] += row["n"]
    for page in same:
        counts[page.id] -= sum(len(rows) for kind, rows in page.edges.items() if kind != MENTIONED)
    return [page for page in pages if counts.get(page.id) != 0]


def _difference(
    tx: ManagedTransaction, corpus: str, pages: Sequence[Page], new: dict[str, list[Row]], touched: set[str]
) -> tuple[list[str], list[Row]]:
    """What to delete and what to alter; what to make goes to `new`, entities whose occurrences change to `touched`.

    A relationship can't be moved: where an entity was merged or split it is deleted and made.
    """
    wanted = {
        (page.id, kind, row["p"]["id"]): row for page in pages for kind, rows in page.edges.items() for row in rows
    }
    ids = [page.id for page in pages]
    gone: list[str] = []
    altered: list[Row] = []
    for one in (*_run(tx, _MENTIONS_OF, corpus, ids), *_run(tx, _CLAIMS_OF, corpus, ids)):
        row = wanted.get((one["d"], one["t"], one["p"].get("id")))
        if row is None or (row["a"], row["b"]) != (one["a"], one["b"]):
            gone.append(one["r"])
        else:
            del wanted[one["d"], one["t"], one["p"]["id"]]
            row = _with_names(row, one["p"])
            if one["p"] == row["p"]:
                continue
            altered.append({"r": one["r"], "p": row["p"]})
        if one["t"] == MENTIONED:
            touched.add(one["a"])
    for (_, kind, _), row in wanted.items():
        new.setdefault(kind, []).append(row)
    return gone, altered


def _write_in_parts(server: Server, spool: Spool, corpus: str, page: Page, pace: Pace) -> Done:
    """A document that is too large for one transaction: its sum comes last, so that a load cut short is mended."""
    bare = Page({key: v for key, v in page.document.items() if key != "loadSum"}, {}, 1)
    done = server.write(lambda tx: _write_pages(tx, spool, corpus, [bare], True))
    for kind, rows in sorted(page.edges.items()):
        _halving(server, partial(_make, corpus=corpus, kind=kind), rows, pace)
    server.write(lambda tx: _run(tx, _SET_DOCUMENT, corpus, [page.document]))
    return done


def _with_names(row: Row, before: Row) -> Row:
    """A file of a graph does not say what documents call things: what is known of the same mentions stays."""
    if "called" in row["p"] or "called" not in before or row["p"].get("offsets") != before.get("offsets"):
        return row
    return {**row, "p": {**{key: before[key] for key in ("names", "called") if key in before}, **row["p"]}}


_FORGET = "UNWIND $rows AS row MATCH (d:Document {corpus: $corpus, id: row}) "
_MARK_OF = f"{_FORGET} MATCH (d)<-[:{MENTIONED}]-(n:Entity {{corpus: $corpus}}) SET n:{STALE}"
_FORGET_MENTIONS = f"{_FORGET} MATCH (d)<-[r:{MENTIONED}]-() WHERE r.corpus = $corpus DELETE r"
_FORGET_NODE = (
    f"{_FORGET} WITH d, COUNT {{ (d)--() }} AS held FOREACH (_ IN CASE held WHEN 0 THEN [1] ELSE [] END | DELETE d) "
    "FOREACH (_ IN CASE held WHEN 0 THEN [] ELSE [1] END | SET d = {id: d.id, corpus: $corpus}) "
    "RETURN sum(CASE held WHEN 0 THEN 0 ELSE 1 END) AS held"
)


def forget_documents(tx: ManagedTransaction, corpus: str, ids: Sequence[str]) -> int:
    """Remove documents with their claims and occurrences.

    Returns:
        How many nodes stay, bare, since relationships that are none of ours hold on to them.
    """
    _run(tx, _MARK_OF, corpus, ids)
    _run(tx, _DELETE, corpus, [row["r"] for row in _run(tx, _CLAIMS_OF, corpus, ids)])
    _run(tx, _FORGET_MENTIONS, corpus, ids)
    return int(_run(tx, _FORGET_NODE, corpus, ids)[0]["held"])
