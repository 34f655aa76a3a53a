"""Which entities of the documents are one thing of the world.

The work is on distinct names, not on documents, in steps that are functions over plain rows: `sightings` (one row for
each entity of a document), `fold_rows` (distinct names with the contexts in which they stand), `parts` (one name, two
people), `candidates` (names that share a key, in bounded blocks), `told` and `compare` (evidence with a score), `group`
(things). What is not folded is the first step alone.

An amount or a date belongs to its document. So does a person's single name that the knowledge does not have, unless a
context in common ties it to the one full name that ends so.

The id of a thing comes from the label and key of one of its names alone, so that documents may come in any order. A
merge keeps the id of the name that ranks first (known, Arabic, Latin; the longest; then the smallest id) and lists the
others in `Resolution.former`. Where a name turns out to be two people's, the larger part keeps its id. Nothing else
renames a thing.

splink (probabilistic linkage, MIT) was weighed: it learns match weights for records with several columns that fill
most rows (birth date, address, post code), by EM over blocked pairs in DuckDB or Spark. Here a record is a name and a
bag of companions: one column that matters, in spellings that no comparison of its library knows (two scripts,
articles, patronymics), and sparse evidence whose absence says nothing. It clusters by connected components of pairs
above a threshold, which is the chaining that must not happen, and brings DuckDB, pandas and altair (over 200 MB). The
distances (rapidfuzz) and components (networkx) are what of it would be used; they are here without it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rawabit.graph.blocking import Counts, candidates
from rawabit.graph.contexts import Part, nation_stem, parts
from rawabit.graph.evidence import SCORES, compare, explain, told
from rawabit.graph.grouping import Groups, Join, Node, group, node_id
from rawabit.graph.judge import References
from rawabit.graph.judgements import Judgements
from rawabit.graph.link import Knowledge
from rawabit.graph.model import Extraction, Link, Resolution, Resolved
from rawabit.graph.resolution_file import read_resolution, write_resolution
from rawabit.graph.rows import Row, fold_rows
from rawabit.graph.sightings import KNOWN, OWN, Remembered, Sighting, sightings
from rawabit.graph.verdicts import Verdicts
from rawabit.ner.model import Label

__all__ = ["read_resolution", "resolve", "write_resolution"]

_MISSES = 1000  # near misses that are kept


def resolve(
    extractions: Iterable[Extraction], knowledge: Knowledge, judgements: Judgements | None = None
) -> Resolution:
    """Entities of the world for the entities of documents.

    Args:
        extractions: in any order, once each or more often; read once.
        knowledge: as for `rawabit.graph.link.link_entities`; the same one, if names are to keep their meaning.
        judgements: what people decided; it goes before all else. What could not be followed is in
            `Resolution.problems`.

    Returns:
        One `Resolved` for each entity, by ``document#entity``. Memory is proportional to their number.
    """
    references = References(judgements or Judgements())
    asked = Remembered(knowledge)
    seen: dict[str, Sighting] = {}
    for extraction in references.watch(extractions):
        for one in sightings(extraction, asked):
            # One document twice in two versions: the smaller row, so that order does not matter.
            seen[one.member] = min(seen.get(one.member, one), one)
    rows = fold_rows(seen.values())
    nodes, home = _nodes(rows)
    where = {member: home[(one.rank, one.label, one.key), one.context] for member, one in seen.items()}
    counts = Counts()
    split: list[list[Part]] = [[] for _ in rows]
    for node in nodes:
        split[node.row].append(node.part)
    found = [*told(rows), *filter(None, (compare(pair, rows) for pair in candidates(rows, split, counts)))]
    groups = group(rows, nodes, found)
    problems: list[str] = []
    if judgements is not None and (judgements.same or judgements.different):
        verdicts = Verdicts(rows, nodes, where, seen, references.members, groups)
        groups = verdicts.follow(judgements, found)
        problems = verdicts.problems
    things = _Things(rows, nodes, groups)
    resolved = {
        member: Resolved(member, things.ids[where[member]], *things.why(where[member], one), one.name)
        for member, one in sorted(seen.items())
    }
    return Resolution(resolved, things.former(), things.links(), tuple(problems), counts.split, counts.passed_over)


def _nodes(rows: Sequence[Row]) -> tuple[list[Node], dict[tuple[tuple[int, str, str], tuple[str, ...]], int]]:
    """The parts of all rows, and the part of each row's contexts."""
    nodes: list[Node] = []
    home: dict[tuple[tuple[int, str, str], tuple[str, ...]], int] = {}
    nations = {nation_stem(row.units[0]) for row in rows if row.label is Label.PLACE and len(row.units) == 1}
    for index, row in enumerate(rows):
        for place, part in enumerate(parts(row, nations)):
            for context in part.contexts:
                home[row.key, context] = len(nodes)
            nodes.append(Node(index, part, place))
    return nodes, home


@dataclass
class _Things:
    """Ids and reasons of what was grouped."""

    rows: Sequence[Row]
    nodes: Sequence[Node]
    groups: Groups

    def __post_init__(self) -> None:
        self.own = [node_id(node, self.rows[node.row]) for node in self.nodes]
        self.several = [False] * len(self.rows)
        for node in self.nodes:
            self.several[node.row] |= node.place > 0 and not node.own
        members: dict[int, list[int]] = {}
        for index, root in enumerate(self.groups.of):
            members.setdefault(root, []).append(index)
        self.kept: dict[int, int] = {}
        self._former: dict[str, tuple[str, ...]] = {}
        self.ids = [""] * len(self.nodes)
        for root, some in members.items():
            used = [index for index in some if self.nodes[index].part.count] or some
            best = self.kept[root] = min(used, key=self._order)
            for index in some:
                self.ids[index] = self.own[best]
            if others := {self.own[index] for index in used} - {self.own[best]}:
                self._former[self.own[best]] = tuple(sorted(others))
        self.reasons: dict[int, tuple[str, float]] = {}
        for join in self.groups.joins:
            for index, other in ((join.one, join.other), (join.other, join.one)):
                if index not in self.reasons and index != self.kept[self.groups.of[index]]:
                    self.reasons[index] = self._said(join, index, other), join.score

    def _order(self, node: int) -> tuple[int, bool, int, str]:
        row = self.rows[self.nodes[node].row]
        return row.rank, self.nodes[node].place > 0, -len(row.units), self.own[node]

    def _said(self, join: Join, node: int, other: int) -> str:
        return explain(join.kind, self.rows[self.nodes[node].row], self.rows[self.nodes[other].row], join.told)

    def why(self, node: int, one: Sighting) -> tuple[str, float]:
        """Reason and score of a member."""
        if node in self.reasons:
            return self.reasons[node]
        if one.rank == OWN:
            said = f"one name only: {one.name}" if one.label == "PERSON" else f"{one.label.lower()} of its document"
            return said, SCORES["own"]
        if self.nodes[node].own:
            return "judgement", SCORES["judgement"]
        if one.rank == KNOWN:
            return f"known: {one.title}", SCORES["known"]
        name = one.key.removeprefix("name:")
        said = f"same name: {name}"
        part = self.nodes[node].part
        if self.several[self.nodes[node].row] and part.signature != "|":
            said += f" ({', '.join(side.rpartition(':')[2] for side in part.signature.split('|') if side)})"
        return said, SCORES["same" if " " in name else "same_word"]

    def former(self) -> dict[str, tuple[str, ...]]:
        return dict(sorted(self._former.items()))

    def links(self) -> tuple[Link, ...]:
        """What was joined, then what nearly was."""
        return tuple(self._link(join) for join in (*self.groups.joins, *self.groups.misses[:_MISSES]))

    def _link(self, join: Join) -> Link:
        names = (self.rows[self.nodes[join.one].row].name, self.rows[self.nodes[join.other].row].name)
        said = self._said(join, join.one, join.other)
        return Link(self.ids[join.one], self.ids[join.other], names, said, join.score, join.against)
