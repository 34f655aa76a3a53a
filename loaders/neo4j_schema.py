"""Labels, types, constraints and indexes of the graph on a server: all from enums, none from data.

The key of a node is ``(corpus, id)``: two corpora of one server may speak of one entity, each has its own node. The
key of a claim is ``(corpus, document, id)``, one constraint a type, whose index finds the claims of a document too.
"""

from __future__ import annotations

from rawabit.graph.assemble import LABELS
from rawabit.graph.model import Relation
from rawabit.loaders.neo4j_server import Server

__all__ = ["BOOKKEEPING", "CLAIMS", "DOCUMENT_KEYS", "ENTITY_KEYS", "KINDS", "MENTIONED", "STALE", "prepare"]

KINDS = tuple(LABELS.values())
CLAIMS = tuple(map(str, Relation))
MENTIONED = "MENTIONED_IN"
STALE = "Stale"
"""On entities whose occurrences have changed until their counts and names are made anew; none has it after a load."""

ENTITY_KEYS = (
    "name", "nameAr", "nameEn", "aliases", "mentionCount", "documentCount", "wikidata", "formerIds", "amount",
    "amountText", "currency", "candidates", "bound",
)  # fmt: skip
DOCUMENT_KEYS = ("title", "source", "url", "published", "sha256", "duplicateOf", "loadSum", "addressKey")
"""Our properties of nodes; others are the users' own and stay."""

BOOKKEEPING = frozenset({"loadSum", "addressKey", "names", "called"})
"""What only the loader needs: of documents, a sum over what was written for them and the key of their address; of
occurrences, what the document calls the entity (`rawabit.loaders.neo4j_names`)."""

_OLD = ("rawabit_entity_id", "rawabit_document_id")
"""Constraints of version 0.1, on the id alone."""


def _wanted() -> dict[str, str]:
    out = {
        "rawabit_entity": "CREATE CONSTRAINT rawabit_entity IF NOT EXISTS "
        "FOR (n:Entity) REQUIRE (n.corpus, n.id) IS UNIQUE",
        "rawabit_document": "CREATE CONSTRAINT rawabit_document IF NOT EXISTS "
        "FOR (n:Document) REQUIRE (n.corpus, n.id) IS UNIQUE",
        "rawabit_address": "CREATE INDEX rawabit_address IF NOT EXISTS FOR (n:Document) ON (n.corpus, n.addressKey)",
        "rawabit_names": "CREATE FULLTEXT INDEX rawabit_names IF NOT EXISTS FOR (n:Entity) "
        "ON EACH [n.name, n.nameAr, n.nameEn, n.aliases] OPTIONS {indexConfig: {`fulltext.analyzer`: 'arabic', "
        "`fulltext.eventually_consistent`: true}}",
    }
    for claim in CLAIMS:
        name = f"rawabit_{claim.lower()}"
        out[name] = (
            f"CREATE CONSTRAINT {name} IF NOT EXISTS FOR ()-[r:{claim}]-() "
            "REQUIRE (r.corpus, r.document, r.id) IS UNIQUE"
        )
    return out


def prepare(server: Server) -> None:
    """Make the constraints and indexes that are not there, and wait until they are online."""
    there = {row["name"] for row in server.run("SHOW CONSTRAINTS YIELD name RETURN name")}
    there |= {row["name"] for row in server.run("SHOW INDEXES YIELD name RETURN name")}
    for name in _OLD:
        if name in there:
            server.run(f"DROP CONSTRAINT {name} IF EXISTS")
    missing = [text for name, text in _wanted().items() if name not in there]
    for text in missing:
        server.run(text)
    if missing:
        server.run("CALL db.awaitIndexes(600)")
