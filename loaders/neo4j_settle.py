"""Entities whose occurrences have changed: counts and names made anew, and what nothing supports removed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from rawabit.loaders.neo4j_names import renamed
from rawabit.loaders.neo4j_schema import ENTITY_KEYS, KINDS, MENTIONED, STALE
from rawabit.loaders.neo4j_server import Server, TooLarge
from rawabit.loaders.neo4j_spool import Row, Spool
from rawabit.loaders.neo4j_write import Pace

if TYPE_CHECKING:
    from neo4j import ManagedTransaction

__all__ = ["settle"]

_FIND = (
    f"MATCH (n:{STALE}) USING SCAN n:{STALE} WHERE n.corpus = $corpus AND n:Entity WITH n LIMIT $limit "
    # The mark goes first: that locks the node, so that no other load changes it meanwhile.
    f"REMOVE n:{STALE} "
    f"RETURN n.id AS id, COUNT {{ (n)-[:{MENTIONED}]->() }} AS degree, COUNT {{ (n)--() }} AS held"
)
_PROPERTIES = "UNWIND $rows AS row MATCH (n:Entity {corpus: $corpus, id: row}) RETURN n.id AS id, properties(n) AS p"
_OCCURRENCES = (
    f"UNWIND $rows AS row MATCH (:Entity {{corpus: $corpus, id: row}})-[m:{MENTIONED}]->(d:Document) "
    "RETURN row AS id, m.called AS called, m.names AS names, m.count AS count, "
    "coalesce(d.duplicateOf, d.id) AS story"
)
_SET = "UNWIND $rows AS row MATCH (n:Entity {corpus: $corpus, id: row.id}) SET n += row"
_DELETE = "UNWIND $rows AS row MATCH (n:Entity {corpus: $corpus, id: row}) DELETE n"


def settle(server: Server, corpus: str, spool: Spool | None, say: Callable[[str], None]) -> int:
    """Settle all marked entities of a corpus.

    An entity that has as many occurrences as the graph in `spool` gives it is as that graph says; else its names and
    counts are made of what its occurrences say.

    Returns:
        Number of entities that were removed.
    """
    pace, seen, removed = Pace(), 0, 0
    while True:
        limit = pace.size
        try:
            found, gone = server.write(lambda tx, limit=limit: _page(tx, corpus, spool, limit))  # type: ignore[misc]
        except TooLarge:
            pace.halve()
            continue
        seen, removed = seen + found, removed + gone
        if found < limit:
            return removed
        say(f"{seen} entities settled")


def _page(tx: ManagedTransaction, corpus: str, spool: Spool | None, limit: int) -> tuple[int, int]:
    found = [record.data() for record in tx.run(_FIND, {"corpus": corpus, "limit": limit})]
    whole: list[tuple[str | None, Row]] = []
    rest: dict[str, tuple[str, Row] | None] = {}
    gone: list[str] = []
    for one in found:
        given = spool.entity(one["id"]) if spool is not None else None
        if given is not None and given[2] == one["degree"]:
            if given[3]:
                whole.append((given[0], {**dict.fromkeys(ENTITY_KEYS), **given[1]}))
        elif one["degree"] == 0 and one["held"] == 0:
            gone.append(one["id"])
        else:
            rest[one["id"]] = given[:2] if given is not None else None
    if rest:
        whole += _renamed(tx, corpus, rest)
    _set(tx, corpus, whole)
    if gone:
        tx.run(_DELETE, {"rows": gone, "corpus": corpus}).consume()
    return len(found), len(gone)


def _renamed(
    tx: ManagedTransaction, corpus: str, rest: dict[str, tuple[str, Row] | None]
) -> list[tuple[str | None, Row]]:
    occurrences: dict[str, list[dict[str, Any]]] = {key: [] for key in rest}
    for record in tx.run(_OCCURRENCES, {"rows": list(rest), "corpus": corpus}):
        occurrences[record["id"]].append(record.data())
    there = {record["id"]: record["p"] for record in tx.run(_PROPERTIES, {"rows": list(rest), "corpus": corpus})}
    out: list[tuple[str | None, Row]] = []
    for key, given in rest.items():
        before = there[key]
        if given is not None:
            # The names that were loaded last count where the occurrences say nothing; neither loses an alias.
            both = set(before.get("aliases") or ()) | set(given[1].get("aliases") or ())
            before = {**before, **given[1], "aliases": sorted(both)}
            former = {*(there[key].get("formerIds") or ()), *(given[1].get("formerIds") or ())}
            before["formerIds"] = sorted(former) or None
        label, properties = renamed(occurrences[key], before)
        row = {name: before.get(name) for name in ENTITY_KEYS}
        out.append((label or (given[0] if given else None), {**row, **properties, "id": key}))
    return out


def _set(tx: ManagedTransaction, corpus: str, rows: list[tuple[str | None, Row]]) -> None:
    for kind in (None, *KINDS):
        some = [row for one, row in rows if one == kind]
        labels = ""
        if kind is not None:
            labels = f" SET n:{kind} REMOVE n:{':'.join(other for other in KINDS if other != kind)}"
        if some:
            tx.run(_SET + labels, {"rows": some, "corpus": corpus}).consume()
