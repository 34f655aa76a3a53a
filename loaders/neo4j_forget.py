"""Taking documents, or a whole corpus, off a server again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rawabit.loaders.addresses import address_key
from rawabit.loaders.neo4j_schema import CLAIMS, MENTIONED, prepare
from rawabit.loaders.neo4j_server import Server, TooLarge
from rawabit.loaders.neo4j_settle import settle
from rawabit.loaders.neo4j_write import Pace, forget_documents

__all__ = ["Forgotten", "clear_corpus", "count_corpus", "forget"]

_FIND = (
    "UNWIND $rows AS row OPTIONAL MATCH (a:Document {corpus: $corpus, id: row.text}) "
    "OPTIONAL MATCH (b:Document {corpus: $corpus, addressKey: row.key}) "
    "RETURN row.text AS text, coalesce(a.id, b.id) AS id"
)
_STEP = 200  # documents a transaction
_LOT = 10_000  # elements of a corpus a transaction


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What went away.

    Attributes:
        documents: how many.
        entities: those that nothing else supports.
        unknown: what was asked for and is not there.
        held: nodes that stay, bare, since relationships that are none of ours hold on to them.
    """

    documents: int
    entities: int
    unknown: tuple[str, ...] = ()
    held: int = 0


def forget(
    server: Server, corpus: str, documents: Sequence[str], say: Callable[[str], None] = lambda text: None
) -> Forgotten:
    """Remove documents (by id or address), their claims and occurrences, and what only they supported."""
    prepare(server)
    rows = [{"text": text, "key": address_key(text) or ""} for text in documents]
    found = server.read(_FIND, rows=rows, corpus=corpus)
    unknown = tuple(dict.fromkeys(row["text"] for row in found if row["id"] is None))
    ids = list(dict.fromkeys(row["id"] for row in found if row["id"] is not None))
    held = at = 0
    pace = Pace(_STEP)
    while at < len(ids):
        some = ids[at : at + pace.size]
        try:
            held += server.write(lambda tx, some=some: forget_documents(tx, corpus, some))  # type: ignore[misc]
        except TooLarge:
            pace.halve()
            continue
        at += len(some)
        say(f"{at} of {len(ids)} documents forgotten")
    return Forgotten(len(ids), settle(server, corpus, None, say), unknown, held)


def count_corpus(server: Server, corpus: str) -> tuple[int, int]:
    """Number of entities and of documents that a corpus has."""
    row = server.read(
        "RETURN COUNT { MATCH (n:Entity) WHERE n.corpus = $corpus AND n.id IS NOT NULL } AS e, "
        "COUNT { MATCH (n:Document) WHERE n.corpus = $corpus AND n.id IS NOT NULL } AS d",
        corpus=corpus,
    )[0]
    return row["e"], row["d"]


def clear_corpus(server: Server, corpus: str, say: Callable[[str], None] = lambda text: None) -> int:
    """Remove a corpus: its claims, occurrences, entities and documents, and nothing else.

    Returns:
        How many nodes stay, since relationships that are none of ours hold on to them.
    """
    prepare(server)
    for claim in CLAIMS:
        _lots(
            server, corpus, say, f"MATCH ()-[x:{claim} {{corpus: $corpus}}]->() WHERE x.document IS NOT NULL "
            "AND x.id IS NOT NULL",
        )  # fmt: skip
    for label in ("Document", "Entity"):
        node = f"MATCH (n:{label} {{corpus: $corpus}}) WHERE n.id IS NOT NULL"
        if label == "Document":
            _lots(server, corpus, say, f"{node} MATCH (n)<-[x:{MENTIONED} {{corpus: $corpus}}]-()")
        _lots(server, corpus, say, f"{node} AND NOT (n)--() WITH n AS x")
    entities, documents = count_corpus(server, corpus)
    return entities + documents


def _lots(server: Server, corpus: str, say: Callable[[str], None], match: str) -> None:
    query = f"{match} WITH x LIMIT $limit DELETE x RETURN count(x) AS n"
    pace = Pace(_LOT)
    while True:
        limit = pace.size
        try:
            (row,) = server.write(
                lambda tx, limit=limit: tx.run(query, corpus=corpus, limit=limit).data()  # type: ignore[misc]
            )
        except TooLarge:
            pace.halve()
            continue
        if row["n"] < limit:
            return
        say(f"{row['n']} removed")
