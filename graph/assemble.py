"""The graph: nodes and edges from extractions under a resolution."""

from __future__ import annotations

import pickle
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from rawabit.graph.model import (
    Claim,
    Edge,
    Entity,
    Extraction,
    Node,
    Resolution,
    member_key,
    occurrence_id,
    text_hash,
)
from rawabit.graph.scratch import Scratch
from rawabit.ner.model import Label, Money

if TYPE_CHECKING:
    import networkx

__all__ = ["LABELS", "Graph", "assemble", "best_name", "commonest_label", "to_networkx"]

LABELS = {
    Label.PERSON: "Person",
    Label.ORGANIZATION: "Organization",
    Label.PLACE: "Place",
    Label.PRODUCT: "Product",
    Label.MONEY: "Money",
}
"""The node's label for each label that becomes a node; DATE does not: an interval is a property, no node."""


class Graph(Scratch):
    """Nodes, then edges, each sorted by id; may be read more than once.

    Edges and document nodes wait in a temporary SQLite file, so memory grows with the distinct entities only.
    Close it (or use it in a ``with`` statement) to remove the file.

    Attributes:
        counts: nodes by label ("Person", "Document", …) and edges by type.
        withheld: claims that fell below the minimal confidence.
    """

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.withheld = 0
        super().__init__(
            "CREATE TABLE node (id TEXT PRIMARY KEY, body BLOB) WITHOUT ROWID",
            "CREATE TABLE edge (id TEXT PRIMARY KEY, body BLOB) WITHOUT ROWID",
        )

    def add(self, element: Node | Edge) -> None:
        """Take an element in.

        Raises:
            ValueError: there is one of its id.
        """
        table = "node" if isinstance(element, Node) else "edge"
        try:
            self._db.execute(f"INSERT INTO {table} VALUES (?, ?)", (_sortable(element.id), pickle.dumps(element, 5)))
        except sqlite3.IntegrityError:
            raise ValueError(
                f"two {table}s have the id {element.id!r}: ids of documents and claims must differ"
            ) from None
        self.counts[element.labels[-1] if isinstance(element, Node) else element.type] += 1

    def _has_node(self, key: str) -> bool:
        return self._db.execute("SELECT 1 FROM node WHERE id = ?", (_sortable(key),)).fetchone() is not None

    def __iter__(self) -> Iterator[Node | Edge]:
        yield from self.nodes()
        yield from self.edges()

    def nodes(self) -> Iterator[Node]:
        """Nodes, sorted by id."""
        yield from self._read("node")

    def edges(self) -> Iterator[Edge]:
        """Edges, sorted by id."""
        yield from self._read("edge")

    def _read(self, table: str) -> Iterator[Any]:
        for (body,) in self._db.execute(f"SELECT body FROM {table} ORDER BY id"):
            yield pickle.loads(body)


def _sortable(text: str) -> str:
    """SQLite takes no lone surrogates; ids come from content or from users."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


@dataclass(slots=True)
class _World:
    """What the documents together say of one entity."""

    labels: Counter[Label] = field(default_factory=Counter)
    names: Counter[str] = field(default_factory=Counter)
    arabic: Counter[str] = field(default_factory=Counter)
    english: Counter[str] = field(default_factory=Counter)
    aliases: set[str] = field(default_factory=set)
    wikidata: set[str] = field(default_factory=set)
    mentions: int = 0
    documents: int = 0
    stories: set[str] = field(default_factory=set)
    """Those that more than one document tells; the others are in `documents` alone."""
    value: Money | None = None


def assemble(
    extractions: Iterable[Extraction],
    resolution: Resolution,
    *,
    corpus: str = "rawabit",
    min_confidence: float = 0.0,
    duplicates: Mapping[str, str] | None = None,
) -> Graph:
    """Put extractions together under a resolution.

    Args:
        extractions: read once; one for each document.
        resolution: a world id for every ``document#entity``; a missing one raises KeyError.
        corpus: stands on every element, so that a shared database can be cleared of ours.
        min_confidence: claims below it are counted in ``Graph.withheld`` and left out.
        duplicates: the original's id by the id of each document that repeats it (`rawabit.graph.duplicates`). Nothing
            is left out for it: the document says ``duplicateOf``, every claim says whose ``story`` it tells (the
            original's id, else its document's), so that ``count(DISTINCT r.story)`` counts independent sources, and
            ``documentCount`` counts a story once.

    Returns:
        The graph, sorted and independent of the order of `extractions`.

    Raises:
        KeyError: the resolution lacks an entity.
        ValueError: a document comes twice, or two claims have one id.
    """
    graph = Graph()
    worlds: dict[str, _World] = {}
    originals = duplicates or {}
    told = frozenset(originals.values())
    for extraction in extractions:
        _add_document(graph, worlds, extraction, resolution, corpus, min_confidence, originals, told)
    for key in sorted(worlds):
        if graph._has_node(key):
            raise ValueError(f"document id {key!r} is an entity's id too: give the document another one")
        graph.add(_entity_node(key, worlds[key], resolution, corpus))
    graph._db.commit()
    return graph


def _add_document(
    graph: Graph,
    worlds: dict[str, _World],
    extraction: Extraction,
    resolution: Resolution,
    corpus: str,
    min_confidence: float,
    originals: Mapping[str, str],
    told: frozenset[str],
) -> None:
    document = extraction.document
    key = document.id
    story = originals.get(key, key)
    shared = story if story in told else None
    graph.add(
        Node(
            key,
            ("Document",),
            _present(
                title=document.title or _headline(extraction),
                source=document.source,
                url=document.url,
                published=document.published,
                sha256=text_hash(document.text),
                duplicateOf=originals.get(key),
                corpus=corpus,
            ),
        )
    )
    ids: dict[str, str] = {}
    spans: dict[str, list[tuple[int, int]]] = {}
    names: dict[str, str] = {}
    for entity in extraction.entities:
        if entity.label not in LABELS:
            continue  # it stays in docs.jsonl
        world = ids[entity.id] = resolution.members[member_key(document.id, entity.id)].id
        names[entity.id] = entity.name
        _gather(worlds.setdefault(world, _World()), entity, first=world not in spans, story=shared)
        spans.setdefault(world, []).extend(m.span for m in entity.mentions)
    for world in sorted(spans):
        offsets = sorted(spans[world])
        graph.add(
            Edge(
                occurrence_id(world, document.id),
                world,
                key,
                "MENTIONED_IN",
                {"count": len(offsets), "offsets": tuple(i for span in offsets for i in span), "corpus": corpus},
            )
        )
    for claim in extraction.claims:
        if claim.confidence < min_confidence:
            graph.withheld += 1
            continue
        graph.add(_claim_edge(claim, extraction, ids, names, story, corpus))


def _gather(world: _World, entity: Entity, *, first: bool, story: str | None) -> None:
    own = [m for m in entity.mentions if m.label is not Label.NORP]
    weight = max(1, len(own))
    world.labels[entity.label] += weight
    world.names[entity.name] += weight
    if entity.name_ar:
        world.arabic[entity.name_ar] += weight
    if entity.name_en:
        world.english[entity.name_en] += weight
    if entity.wikidata:
        world.wikidata.add(entity.wikidata)
    world.aliases.update(m.text for m in own)
    world.mentions += len(entity.mentions)
    if story is not None:
        first = story not in world.stories
        world.stories.add(story)
    world.documents += first
    if isinstance(entity.value, Money):
        world.value = entity.value


def best_name(names: Counter[str]) -> str | None:
    """The commonest name; ties go to the longest, then to the first in code point order."""
    return min(names, key=lambda name: (-names[name], -len(name), name)) if names else None


def commonest_label(labels: Counter[Label]) -> Label:
    """A platform and its company may be one: the commoner label, whatever came first; ties go by `LABELS`."""
    order = list(LABELS)
    return min(labels, key=lambda one: (-labels[one], order.index(one)))


def _entity_node(key: str, world: _World, resolution: Resolution, corpus: str) -> Node:
    name = best_name(world.names) or key
    properties = _present(
        name=name,
        nameAr=best_name(world.arabic),
        nameEn=best_name(world.english),
        aliases=tuple(sorted(world.aliases - {name})) or None,
        mentionCount=world.mentions,
        documentCount=world.documents,
        wikidata=min(world.wikidata) if world.wikidata else None,
        formerIds=resolution.former.get(key) or None,
        corpus=corpus,
    )
    if world.value is not None:
        properties |= _present(
            amount=float(world.value.amount),
            amountText=format(world.value.amount, "f"),
            currency=world.value.currency,
            candidates=world.value.candidates or None,
            bound=str(world.value.bound),
        )
    return Node(key, ("Entity", LABELS[commonest_label(world.labels)]), properties)


def _claim_edge(
    claim: Claim, extraction: Extraction, ids: Mapping[str, str], names: Mapping[str, str], story: str, corpus: str
) -> Edge:
    qualifiers = {
        _camel(key): float(value) if isinstance(value, Decimal) else value for key, value in claim.qualifiers.items()
    }
    source = claim.attributed_to
    properties = _present(
        document=extraction.document.id,
        story=story,
        sentence=extraction.document.text[claim.start : claim.end],
        start=claim.start,
        end=claim.end,
        subjectStart=claim.subject_span[0],
        subjectEnd=claim.subject_span[1],
        objectStart=claim.object_span[0],
        objectEnd=claim.object_span[1],
        confidence=round(claim.confidence, 4),
        negated=claim.negated,
        attributedTo=ids.get(source) if source else None,
        attributedToName=names.get(source) if source else None,
        corpus=corpus,
    )
    return Edge(claim.id, ids[claim.subject], ids[claim.object], str(claim.relation), {**qualifiers, **properties})


def _headline(extraction: Extraction) -> str | None:
    """The first sentence, when the input gave no title."""
    if not extraction.sentences:
        return None
    start, end = extraction.sentences[0]
    text = " ".join(extraction.document.text[start:end].split())
    return text if len(text) <= 120 else text[:117].rsplit(" ", 1)[0] + " …"


def _present(**properties: Any) -> dict[str, Any]:
    return {key: value for key, value in properties.items() if value is not None}


def _camel(key: str) -> str:
    head, *rest = key.split("_")
    return head + "".join(part.capitalize() for part in rest)


def to_networkx(graph: Iterable[Node | Edge]) -> networkx.MultiDiGraph[str]:
    """The graph as a ``networkx.MultiDiGraph``: node key = id, edge key = id, ``labels`` and ``type`` as attributes."""
    import networkx

    out: networkx.MultiDiGraph[str] = networkx.MultiDiGraph()
    for element in graph:
        if isinstance(element, Node):
            out.add_node(element.id, labels=element.labels, **element.properties)
        else:
            out.add_edge(element.source, element.target, key=element.id, type=element.type, **element.properties)
    return out
