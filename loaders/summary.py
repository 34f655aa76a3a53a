"""What a run did, for the table or the JSON at its end."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rawabit.loaders.problems import Problem

if TYPE_CHECKING:
    from rawabit.graph.model import Extraction

__all__ = ["Summary"]


@dataclass(slots=True)
class Summary:
    """What a run did, for the table at its end.

    Attributes:
        documents: extracted in this run.
        resumed: skipped, since their lines were there already.
        problems: inputs that failed (fatal) and notes (not).
        mentions: by label.
        entities, claims: of documents, before resolution.
        superseded: documents that a later one of their id or address replaces.
        duplicates: documents that repeat another one's story.
        split_blocks: blocks of like names that were too large to be compared each with each, and split by context.
        nodes, edges: of the graph, by label and type.
        withheld: claims below the minimal confidence.
        rejected, accepted: claims by judgement.
        outputs: what was written.
    """

    documents: int = 0
    resumed: int = 0
    problems: list[Problem] = field(default_factory=list)
    mentions: Counter[str] = field(default_factory=Counter)
    entities: int = 0
    claims: int = 0
    superseded: int = 0
    duplicates: int = 0
    split_blocks: int = 0
    nodes: Counter[str] = field(default_factory=Counter)
    edges: Counter[str] = field(default_factory=Counter)
    withheld: int = 0
    rejected: int = 0
    accepted: int = 0
    outputs: list[str] = field(default_factory=list)

    @property
    def failed(self) -> int:
        """Inputs that failed."""
        return sum(problem.fatal for problem in self.problems)

    def count(self, extraction: Extraction) -> None:
        """Add one document."""
        self.documents += 1
        self.entities += len(extraction.entities)
        self.claims += len(extraction.claims)
        self.mentions.update(str(m.label) for e in extraction.entities for m in e.mentions)
