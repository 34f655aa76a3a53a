"""Relationships as rows that are quick to send and to make.

While a corpus grows, a server plans its queries anew, thirty at a time; the hints say all there is to plan. The driver
spends some microseconds on each value that it packs, and as many on each key of a map. So a row is a list, in an order
that the query knows; only what is rare travels as a map. Entities are looked up once a batch, and occurrences say
their number in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from rawabit.loaders.neo4j_schema import CLAIMS, MENTIONED, STALE
from rawabit.loaders.neo4j_spool import Row

__all__ = ["CREATE_CLAIMS", "CREATE_MENTIONS", "claim_rows", "mention_rows"]

_CLAIM = (
    "id", "document", "sentence", "start", "end", "subjectStart", "subjectEnd", "objectStart", "objectEnd",
    "confidence", "negated",
)  # fmt: skip
_CLAIM_SET = frozenset({*_CLAIM, "corpus"})
_MENTION = ("id", "count", "offsets", "names", "called")
_MENTION_SET = frozenset({*_MENTION, "corpus"})


def _map(keys: Sequence[str], start: int, row: str) -> str:
    return ", ".join(["corpus: $corpus", *(f"{key}: {row}[{number}]" for number, key in enumerate(keys, start))])


def _create_claims(claim: str) -> str:
    return (
        "CYPHER replan=skip UNWIND $rows AS row "
        "MATCH (a:Entity {corpus: $corpus, id: row[0]}) USING INDEX a:Entity(corpus, id) "
        "MATCH (b:Entity {corpus: $corpus, id: row[1]}) USING INDEX b:Entity(corpus, id) "
        f"CREATE (a)-[r:{claim} {{{_map(_CLAIM, 3, 'row')}}}]->(b) SET r += row[2]"
    )


CREATE_CLAIMS = {claim: _create_claims(claim) for claim in CLAIMS}
CREATE_MENTIONS = (
    "CYPHER replan=skip UNWIND $ids AS id MATCH (n:Entity {corpus: $corpus, id: id}) USING INDEX n:Entity(corpus, id) "
    f"SET n:{STALE} WITH collect(n) AS found WHERE [n IN found | n.id] = $ids "
    "UNWIND $rows AS row MATCH (d:Document {corpus: $corpus, id: row[0]}) USING INDEX d:Document(corpus, id) "
    "UNWIND row[1] AS one WITH d, one, found[one[0]] AS a "
    f"CREATE (a)-[r:{MENTIONED} {{{_map(_MENTION, 2, 'one')}}}]->(d) SET r += one[1]"
)


def claim_rows(rows: Iterable[Row]) -> list[list[Any]]:
    """Rows for `CREATE_CLAIMS`: the two ends, a map of what is rare, then the common properties."""
    out = []
    for row in rows:
        p = row["p"]
        rest = {key: value for key, value in p.items() if key not in _CLAIM_SET}
        out.append([row["a"], row["b"], rest, *map(p.get, _CLAIM)])
    return out


def mention_rows(rows: Iterable[Row]) -> tuple[list[str], list[list[Any]]]:
    """Ids of entities and rows for `CREATE_MENTIONS`: a document's id and its occurrences, each with the number of
    its entity in the ids, a map of what is rare, then the common properties."""
    numbers: dict[str, int] = {}
    documents: dict[str, list[Any]] = {}
    for row in rows:
        p = row["p"]
        rest = {key: value for key, value in p.items() if key not in _MENTION_SET}
        number = numbers.setdefault(row["a"], len(numbers))
        documents.setdefault(row["b"], []).append([number, rest, *map(p.get, _MENTION)])
    return list(numbers), [[document, found] for document, found in documents.items()]
