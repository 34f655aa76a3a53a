"""Loading a graph into a Neo4j server (5.26 or later): twice changes nothing, and a killed load is mended by the next.

Values travel as query parameters; labels and relationship types come from enums, never from data. First the elements
are checked and put by document (`neo4j_spool`), then entities are made, then documents in batches, each whole in one
transaction (`neo4j_write`), then counts and names of entities whose occurrences changed (`neo4j_settle`).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from rawabit.graph.model import Edge, Node
from rawabit.loaders.neo4j_names import Names
from rawabit.loaders.neo4j_schema import prepare
from rawabit.loaders.neo4j_server import Server, connect
from rawabit.loaders.neo4j_settle import settle
from rawabit.loaders.neo4j_spool import Spool, check_corpus
from rawabit.loaders.neo4j_write import Pace, write_documents, write_entities
from rawabit.loaders.problems import Problem

__all__ = ["Loaded", "load_graph", "load_into"]


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load did.

    Attributes:
        new, changed, same: documents by what the server had of them.
        replaced: documents that one of the same address took the place of.
        removed: entities that nothing supports any more.
        entities, relationships: of the graph that was loaded.
    """

    new: int
    changed: int
    same: int
    replaced: int
    removed: int
    entities: int
    relationships: int


def load_graph(
    elements: Iterable[Node | Edge],
    uri: str,
    *,
    corpus: str = "rawabit",
    password: str | None = None,
    names: Names | None = None,
    report: Callable[[Problem], None] | None = None,
    say: Callable[[str], None] = lambda text: None,
    anew: bool = False,
) -> Loaded:
    """Write a graph to a server.

    The documents of the graph replace what the server has of them; other documents of the corpus stay.

    Args:
        elements: nodes and edges; every claim has the property ``document``.
        uri: ``neo4j://user@host:port/database`` or ``bolt://…``, also ``+s`` and ``+ssc``; the user is "neo4j" and
            the database the server's default where they are left out.
        corpus: stands on everything; entities of two corpora are two nodes.
        password: else it comes from ``NEO4J_PASSWORD``.
        names: what documents call entities, so that names can be made anew when documents go.
        report: gets a Problem for each element that a server can't hold as it is; the others are written.
        say: gets how far it is.
        anew: write the documents too that the server seems to have as they are.

    Raises:
        ServerError: the server can't be reached or refuses; one line, without the password.
        ValueError: an element that can't be written, when there is no `report`; nothing was written.
    """
    check_corpus(corpus)

    def refuse(problem: Problem) -> None:
        raise ValueError(str(problem))

    secret = os.environ.get("NEO4J_PASSWORD") if password is None else password
    with connect(uri, secret) as server, Spool() as spool:
        spool.fill(elements, corpus, report or refuse, names)
        return load_into(server, spool, corpus, say=say, anew=anew)


def load_into(
    server: Server, spool: Spool, corpus: str, *, say: Callable[[str], None] = lambda text: None, anew: bool = False
) -> Loaded:
    """Write what is in `spool`; as `load_graph`."""
    prepare(server)
    pace = Pace()
    write_entities(server, spool, corpus, pace, say)
    done = write_documents(server, spool, corpus, pace, say, anew=anew)
    removed = settle(server, corpus, spool, say)
    return Loaded(done.new, done.changed, done.same, done.replaced, removed, spool.entities, spool.edges)
