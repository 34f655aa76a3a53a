"""An entity of a document from its mentions: which of its names stands for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from rawabit.graph.cluster import Known
from rawabit.graph.model import Entity
from rawabit.graph.names import read_name
from rawabit.ner.model import Label, Mention
from rawabit.ner.text import is_arabic

__all__ = ["make_entity"]


def make_entity(id: str, mentions: Sequence[Mention], entry: Known | None) -> Entity:
    """The entity of some mentions, in order, and of the knowledge's entry, where it has one.

    Its label is that of most mentions; its name the fullest one, the entry's where the document has an adjective only.
    """
    named = [m for m in mentions if m.label is not Label.NORP]
    if not named:
        assert entry is not None
        return Entity(
            id, entry.label, entry.name_ar, tuple(mentions), entry.name_ar, entry.name_en or None, entry.wikidata
        )
    counts = Counter(m.label for m in named)
    label = max(counts, key=lambda one: counts[one])  # insertion order: ties go to the first mention
    if label in (Label.MONEY, Label.DATE):
        fullest = max(named, key=lambda m: len(m.text))
        value = next((m.value for m in named if m.value is not None), None)
        return Entity(id, label, _tidy(fullest.text), tuple(mentions), value=value)

    def fullest_of(some: Sequence[Mention]) -> str | None:
        if not some:
            return None
        best = max(
            some,
            key=lambda m: (
                m.label is label,
                label is Label.PERSON and len(read_name(m.text, label).units),
                len(m.text),
            ),
        )
        return _tidy(best.text)

    arabic = [m for m in named if any(map(is_arabic, m.text))]
    latin = [m for m in named if not any(map(is_arabic, m.text)) and any(c.isascii() and c.isalpha() for c in m.text)]
    return Entity(
        id,
        label,
        fullest_of(named) or mentions[0].text,
        tuple(mentions),
        entry.name_ar if entry and entry.name_ar else fullest_of(arabic),
        entry.name_en if entry and entry.name_en else fullest_of(latin),
        entry.wikidata if entry else None,
    )


def _tidy(text: str) -> str:
    return " ".join(text.split()) or text
