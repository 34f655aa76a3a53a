"""Which distinct names are one thing: evidence weighed against what forbids it, without chains.

A thing is a set of nodes; a node is a row, or that part of a row's sightings which one context holds together. Two sets
are joined by the best evidence first, and only where no node of the one contradicts a node of the other: two entries of
the knowledge, two kinds of body, a father and a junior, two persons' names that do not fit word by word, two contexts
that contradict each other, two things that people judged different. So a name between two others never makes one
person of both. What is weak counts only where it points to one thing, once the rest has been joined.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import networkx

from rawabit.graph.contexts import Part, against, shared
from rawabit.graph.evidence import Evidence, agree
from rawabit.graph.model import content_id
from rawabit.graph.rows import Row
from rawabit.graph.sightings import OWN
from rawabit.ner.lexicon import lexicon

__all__ = ["Groups", "Join", "Node", "group", "node_id"]

_MANY = 24  # nodes of a set that are compared with those of another; the rest follow them
_CONTEXT = frozenset({"short", "family"})
_SHARE = {"alias": 0.8, "twin": 0.3}  # share of the documents that give a name to a thing, of all that give it
_RARE = (3, 4)  # sightings of a full name, and letters of its family name, from which that stands for it by itself


@dataclass
class Node:
    """Some of the sightings of a row that are one thing.

    Attributes:
        row: index.
        place: 0 for the largest part of a row.
        own: the one member that people judged apart from its name, or "".
    """

    row: int
    part: Part
    place: int = 0
    own: str = ""


def node_id(node: Node, row: Row) -> str:
    """The id of the thing, when the node is joined with nothing."""
    if node.own:
        return content_id("entity", row.key[1], f"member:{node.own}")
    return row.id if not node.place else content_id("entity", *row.key[1:], node.part.signature)


@dataclass(frozen=True, slots=True)
class Join:
    """Two nodes, by index, that were joined, or were nearly: then `against` says why not."""

    one: int
    other: int
    kind: str
    score: float
    against: str = ""
    told: int = 0


@dataclass
class Groups:
    """The things found.

    Attributes:
        of: of each node, the smallest node of its thing.
        joins: why, best first.
        misses: what was compared and kept apart, best first.
    """

    of: list[int]
    joins: list[Join] = field(default_factory=list)
    misses: list[Join] = field(default_factory=list)


class _Sets:
    def __init__(self, rows: Sequence[Row], nodes: Sequence[Node], apart: Iterable[tuple[int, int]]) -> None:
        self.rows, self.nodes = rows, nodes
        self.parent = list(range(len(nodes)))
        self.members: dict[int, list[int]] = {}
        self.bearers: dict[str, set[int]] = defaultdict(set)
        for i, row in enumerate(rows):
            for unit in row.units if row.person and row.rank != OWN else ():
                self.bearers[unit].add(i)
        self.apart: dict[int, set[int]] = defaultdict(set)
        for a, b in apart:
            self.apart[a].add(b)
            self.apart[b].add(a)

    def find(self, node: int) -> int:
        while self.parent[node] != node:
            self.parent[node] = self.parent[self.parent[node]]
            node = self.parent[node]
        return node

    def of(self, root: int) -> list[int]:
        return self.members.get(root, [root])

    def join(self, a: int, b: int) -> None:
        a, b = sorted((self.find(a), self.find(b)))
        self.members[a] = sorted(self.of(a) + self.of(b))
        self.members.pop(b, None)
        self.parent[b] = a

    def forbidden(self, a: int, b: int, *, sure: bool) -> str:
        """Why two sets are not joined, or "". What is `sure` (said by two documents) needs no likeness of bodies."""
        some, others = self.of(self.find(a)), self.of(self.find(b))
        for one in some:
            if self.apart.get(one, set()).intersection(others):
                return "judged different"
        for one in some[:_MANY]:
            for other in others[:_MANY]:
                row, too = self.rows[self.nodes[one].row], self.rows[self.nodes[other].row]
                if row.key == too.key:
                    return f"in other contexts: {against(self.nodes[one].part, self.nodes[other].part, row.label)}"
                if row.known and too.known:
                    return f"known as two: {row.title}, {too.title}"
                if (row.person or not sure) and not agree(row, too):
                    return f"{row.name} is not {too.name}"
                said = against(self.nodes[one].part, self.nodes[other].part, row.label)
                if said and row.person and not row.known and not too.known:
                    return f"in other contexts: {said}"
        return ""


def group(
    rows: Sequence[Row], nodes: Sequence[Node], evidence: Iterable[Evidence], apart: Iterable[tuple[int, int]] = ()
) -> Groups:
    """Joins nodes.

    Args:
        rows: distinct names.
        nodes: parts of them, sorted by row and place.
        evidence: between rows.
        apart: pairs of nodes that people judged different.

    The result depends on the sets of rows and evidence alone, not on their order.
    """
    sets = _Sets(rows, nodes, apart)
    by_row: dict[int, list[int]] = defaultdict(list)
    for i, node in enumerate(nodes):
        by_row[node.row].append(i)
    groups = Groups(sets.parent)
    lifted = [found for one in evidence for found in _lift(one, by_row, nodes, rows)]
    graph: networkx.Graph[int] = networkx.Graph()
    graph.add_edges_from((one.one, one.other) for one in lifted)
    of = {node: min(some) for some in networkx.connected_components(graph) for node in some}
    work: dict[int, list[Evidence]] = defaultdict(list)
    for one in lifted:
        work[of[one.one]].append(one)
    for _, some in sorted(work.items()):
        _settle(sets, some, groups)
    groups.of = [sets.find(i) for i in range(len(nodes))]
    groups.joins.sort(key=lambda join: (-join.score, join.one, join.other))
    groups.misses = sorted(
        (m for m in groups.misses if groups.of[m.one] != groups.of[m.other]),
        key=lambda join: (-join.score, join.one, join.other, join.against),
    )
    return groups


def _lift(one: Evidence, by_row: dict[int, list[int]], nodes: Sequence[Node], rows: Sequence[Row]) -> list[Evidence]:
    """Evidence between rows as evidence between their nodes: each part with the part of the other that fits it best."""
    some, others = by_row[one.one], by_row[one.other]
    if len(some) == len(others) == 1:
        return [one._replace(one=some[0], other=others[0])]
    found: dict[tuple[int, int], Evidence] = {}
    for mine, theirs in ((some, others), (others, some)):
        for a in mine:
            fits = [b for b in theirs if not against(nodes[a].part, nodes[b].part, rows[one.one].label)]
            if fits:
                best = max(fits, key=lambda b: (len(shared(nodes[a].part, nodes[b].part)), nodes[b].part.count, -b))
                pair = (a, best) if mine is some else (best, a)
                found[pair] = one._replace(one=pair[0], other=pair[1])
    return [found[pair] for pair in sorted(found)]


def _settle(sets: _Sets, some: list[Evidence], groups: Groups) -> None:
    """Joins by one component's evidence: the strong, then what documents say, then the weak."""
    some.sort(key=lambda one: (-one.score, -one.told, one.one, one.other, one.kind))
    strong = [one for one in some if not one.weak and one.kind != "twin"]
    for stage in (strong, *([e for e in some if e.kind == kind] for kind in ("twin", "alias"))):
        votes: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
        for one in stage if stage is not strong else ():
            votes[one.other][sets.find(one.one)] += one.told
        doubts = [one.against or _disputed(votes.get(one.other, {}), sets.find(one.one), one.kind) for one in stage]
        for one, doubt in zip(stage, doubts, strict=True):
            _try(sets, one._replace(against=doubt), groups)
    weak = [one for one in some if one.weak and one.kind != "alias"]
    pointed: dict[tuple[str, int], set[int]] = defaultdict(set)
    for one in weak:
        if not one.against and (one.kind not in _CONTEXT or _near(sets, one)):
            for mine, theirs in ((one.one, one.other), (one.other, one.one)):
                pointed[one.kind, sets.find(mine)].add(sets.find(theirs))
    decided = [(one, _doubt(sets, one, pointed)) for one in weak]
    for one, doubt in decided:
        _try(sets, one._replace(against=one.against or doubt), groups)


def _disputed(votes: dict[int, int], thing: int, kind: str) -> str:
    """Whether documents give a name to other things too, or ""."""
    share = votes[thing] / sum(votes.values()) if votes else 1.0
    return "documents call several things so" if share < _SHARE.get(kind, 0.0) else ""


def _doubt(sets: _Sets, one: Evidence, pointed: dict[tuple[str, int], set[int]]) -> str:
    """Why weak evidence does not count, or "": it points to several things, or nothing but the name speaks for it."""
    a, b = sets.find(one.one), sets.find(one.other)
    if one.kind in _CONTEXT or one.kind == "headless":
        size = [len(sets.rows[sets.nodes[node].row].units) for node in (one.one, one.other)]
        short = a if size[0] <= size[1] else b
        if len(pointed[one.kind, short] - {short}) > 1:
            return "it may be short for several"
    else:
        for mine, theirs in ((a, b), (b, a)):
            if len(pointed[one.kind, mine] - {mine}) > 1 and not _larger(sets, mine, theirs):
                return "it may be any of several"
    if one.kind in _CONTEXT and not _near(sets, one):
        return "nothing but the name in common"
    return ""


def _near(sets: _Sets, one: Evidence) -> bool:
    """Whether a short name and a full one have something in common besides the words, or are a rare name."""
    mine, theirs = sets.nodes[one.one].part, sets.nodes[one.other].part
    if shared(mine, theirs):
        return True
    if one.kind != "family":
        return False
    if mine.of("c") & theirs.of("c") or mine.of("f") & theirs.of("f"):
        return True  # one place or field of work will do: no other full name ends so
    full, name = sorted((one.one, one.other), key=lambda node: -len(sets.rows[sets.nodes[node].row].units))
    (unit,) = sets.rows[sets.nodes[name].row].units
    known, letters = _RARE
    often = sum(sets.nodes[node].part.count for node in sets.of(sets.find(full))) >= known
    rest = {sets.nodes[node].row for node in sets.of(sets.find(full))}
    words = lexicon()
    plain = unit in words.given or unit in words.common
    return often and len(unit) >= letters and not plain and sets.bearers[unit] <= rest


def _larger(sets: _Sets, one: int, other: int) -> bool:
    """Whether a set is named more than twice as often: several misspellings of one name are no doubt about it."""

    def count(root: int) -> int:
        return sum(sets.nodes[node].part.count for node in sets.of(root))

    return count(one) > 2 * count(other)


def _try(sets: _Sets, one: Evidence, groups: Groups) -> None:
    a, b = sets.find(one.one), sets.find(one.other)
    if a == b:
        return
    why = one.against or sets.forbidden(a, b, sure=one.told > 1)
    if why:
        groups.misses.append(Join(one.one, one.other, one.kind, one.score, why, one.told))
    else:
        sets.join(a, b)
        groups.joins.append(Join(one.one, one.other, one.kind, one.score, "", one.told))
