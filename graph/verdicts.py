"""People's judgements on which things are one, applied to what the machine found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from rawabit.graph.contexts import Part
from rawabit.graph.evidence import SCORES, Evidence
from rawabit.graph.grouping import Groups, Join, Node, group, node_id
from rawabit.graph.judgements import Judgements, reference_key
from rawabit.graph.rows import Row
from rawabit.graph.sightings import Sighting

__all__ = ["Verdicts"]


class Verdicts:
    """Judgements on one corpus.

    Attributes:
        problems: judgements that could not be followed, and why.
    """

    def __init__(
        self,
        rows: Sequence[Row],
        nodes: list[Node],
        where: dict[str, int],
        seen: Mapping[str, Sighting],
        named: Mapping[str, set[str]],
        groups: Groups,
    ) -> None:
        """Takes what was found without judgements.

        Args:
            rows: distinct names.
            nodes: parts of them; a member that is judged apart from its name gets a node of its own, at the end.
            where: the node of each member; kept true.
            seen: the sighting of each member.
            named: the members that each reference by name or member key means.
            groups: the things found.
        """
        self._rows, self._nodes, self._where, self._seen, self._named = rows, nodes, where, seen, named
        self._groups = groups
        self._members: dict[int, list[int]] = {}
        for index, root in enumerate(groups.of):
            self._members.setdefault(root, []).append(index)
        self._ids: dict[str, int] = {}
        for index, node in enumerate(nodes):
            self._ids.setdefault(node_id(node, rows[node.row]), index)
        self.problems: list[str] = []

    def follow(self, judgements: Judgements, evidence: Iterable[Evidence]) -> Groups:
        """The things under judgements: what is judged different is kept apart, what is judged the same joined last."""
        evidence = list(evidence)
        same = [(pair, self._ends(pair)) for pair in sorted(judgements.same)]
        apart: list[tuple[int, int]] = []
        for pair in sorted(judgements.different):
            ends = self._ends(pair)
            if ends is not None:
                apart += self._part(pair, *ends)
        groups = group(self._rows, self._nodes, evidence, apart) if apart else self._groups
        for pair, ends in same:
            if ends is not None:
                self._join(pair, self._again(pair[0], ends[0]), self._again(pair[1], ends[1]), groups, apart)
        return groups

    def _say(self, pair: tuple[str, str], cause: str) -> None:
        self.problems.append(f"{pair[0]} / {pair[1]}: {cause}")

    def _again(self, reference: str, nodes: list[int]) -> list[int]:
        """The node of a member, which may have got one of its own since."""
        return [self._where[reference]] if reference in self._where else nodes

    def _ends(self, pair: tuple[str, str]) -> tuple[list[int], list[int]] | None:
        ends = []
        for reference in pair:
            if (nodes := self._ids.get(reference)) is not None:
                node = self._nodes[nodes]
                if not node.own and any(n.row == node.row and n.place and not n.own for n in self._nodes):
                    self._say(pair, f"{reference}: several things bear the name, call one by document#entity")
                    return None
                ends.append(self._members[self._groups.of[nodes]])
                continue
            members = self._named.get(reference) or self._named.get(reference_key(reference)) or set()
            found = sorted({self._where[member] for member in members if member in self._where})
            if not found:
                self._say(pair, f"nothing is called {reference}")
                return None
            things = {self._groups.of[node] for node in found}
            if len(things) > 1:
                self._say(pair, f"{reference} is the name of {len(things)} things")
                return None
            ends.append(found)
        own = [self._ids.get(reference) for reference in pair]
        if set(ends[0]) & set(ends[1]) and own[0] is not None and own[1] is not None and own[0] != own[1]:
            return [own[0]], [own[1]]  # an id and one that it had before: what was joined is to come apart
        return ends[0], ends[1]

    def _part(self, pair: tuple[str, str], some: list[int], others: list[int]) -> list[tuple[int, int]]:
        both = set(some) & set(others)
        if both:
            members = [reference for reference in pair if reference in self._where]
            if not members:
                self._say(pair, "documents call one thing by both names")
                return []
            # The later of two members goes, so that the order of documents and of judgements does not matter.
            moved = max(members)
            if moved == pair[0]:
                some = [self._move(moved)]
                others = [self._where[pair[1]]] if pair[1] in self._where else others
            else:
                others = [self._move(moved)]
                some = [self._where[pair[0]]] if pair[0] in self._where else some
        return [(a, b) for a in some for b in others if a != b]

    def _move(self, member: str) -> int:
        """A node of its own for a member."""
        node = self._nodes[self._where[member]]
        if node.own:
            return self._where[member]
        context = self._seen[member].context
        part = Part()
        part.add(context, 1)
        node.part = _without(node.part, context)
        root = self._groups.of[self._where[member]]
        self._groups.of.append(root)
        self._members[root].append(len(self._nodes))
        self._where[member] = len(self._nodes)
        self._nodes.append(Node(node.row, part, 1, member))
        return self._where[member]

    def _join(
        self, pair: tuple[str, str], some: list[int], others: list[int], groups: Groups, apart: list[tuple[int, int]]
    ) -> None:
        a, b = groups.of[some[0]], groups.of[others[0]]
        if a == b:
            return
        if any({groups.of[x], groups.of[y]} == {a, b} for x, y in apart):
            self._say(pair, "another judgement forbids it")
            return
        kept = min(a, b)
        groups.of = [kept if root in (a, b) else root for root in groups.of]
        groups.joins.insert(0, Join(some[0], others[0], "judgement", SCORES["judgement"]))


def _without(part: Part, context: tuple[str, ...]) -> Part:
    out = Part()
    out.count = part.count - 1
    out.contexts = part.contexts
    out.features = part.features.copy()
    out.features.subtract(context)
    return out
