"""Names of one document and which of them have been joined."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

from rawabit.graph.names import Name
from rawabit.ner.model import Label

__all__ = ["Clusters", "Known", "Node"]


class Known(Protocol):
    """An entry of the knowledge: a thing in the world with its names."""

    @property
    def key(self) -> str: ...
    @property
    def label(self) -> Label: ...
    @property
    def name_ar(self) -> str: ...
    @property
    def name_en(self) -> str: ...
    @property
    def wikidata(self) -> str | None: ...
    @property
    def kind(self) -> str: ...


@dataclass(slots=True)
class Node:
    """A name as the document spells it, under one label.

    Attributes:
        index: in `Clusters.nodes`.
        mentions: indexes of the mentions that say it.
        entry: what the knowledge says of the name by itself.
    """

    index: int
    label: Label
    text: str
    name: Name
    entry: Known | None = None
    mentions: list[int] = field(default_factory=list)

    @property
    def is_short_person(self) -> bool:
        """Whether it names a person by one name only (``ماسك``), so that the document must say whom it means."""
        return self.label is Label.PERSON and len(self.name.units) == 1 and not self.name.generation


class Clusters:
    """Disjoint sets of nodes. Two nodes that the knowledge tells apart never share a set."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self._parent: list[int] = []
        self._entry: dict[int, Known] = {}

    def add(self, label: Label, text: str, name: Name) -> Node:
        """A new node, in a set of its own."""
        node = Node(len(self.nodes), label, text, name)
        self.nodes.append(node)
        self._parent.append(node.index)
        return node

    def find(self, node: Node | int) -> int:
        """Index of the first node of the set."""
        i = node if isinstance(node, int) else node.index
        while self._parent[i] != i:
            self._parent[i] = self._parent[self._parent[i]]
            i = self._parent[i]
        return i

    def entry(self, node: Node | int) -> Known | None:
        """What the knowledge says of the set. A person's single name counts while nothing else is known."""
        root = self.find(node)
        return self._entry.get(root) or self._own(root)

    def _own(self, root: int) -> Known | None:
        return self.nodes[root].entry

    def join(self, one: Node, other: Node) -> bool:
        """Joins two sets; False where the knowledge tells them apart."""
        a, b = sorted((self.find(one), self.find(other)))
        if a == b:
            return True
        known, also = self.entry(a), self.entry(b)
        if known and also and known.key != also.key:
            return False
        self._parent[b] = a
        if known or also:
            self._entry[a] = known or also  # type: ignore[assignment]
        return True

    def sizes(self) -> dict[int, int]:
        """Number of mentions by set."""
        out: dict[int, int] = {}
        for node in self.nodes:
            root = self.find(node)
            out[root] = out.get(root, 0) + len(node.mentions)
        return out

    def groups(self) -> Iterator[tuple[list[int], Known | None]]:
        """Indexes of the mentions of each set that has any, and what is known of it."""
        out: dict[int, list[int]] = {}
        for node in self.nodes:
            if node.mentions:
                out.setdefault(self.find(node), []).extend(node.mentions)
        for root, mentions in out.items():
            yield mentions, self.entry(root)
