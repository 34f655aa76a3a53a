"""Distinct names of a corpus with what the documents say of them: sightings folded, so that cost goes with names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from rawabit.graph.model import content_id
from rawabit.graph.names import name_key, read_name
from rawabit.graph.sightings import ARABIC, KNOWN, LATIN, Sighting, kind_of
from rawabit.ner.model import Label
from rawabit.ner.text import is_arabic

__all__ = ["Row", "fold_rows"]

Key = tuple[int, str, str]


@dataclass
class Row:
    """A distinct name of one kind of thing.

    Attributes:
        key: rank, label and key, which sort rows in the order in which ids are kept.
        name: the smallest spelling in code point order, so that the order of documents does not matter.
        title: of the entry of the knowledge, or "".
        contexts: how many documents name it in each context.
        others, twins: how many documents call it by another name too, by that name's key.
    """

    key: Key
    name: str
    title: str = ""
    contexts: Counter[tuple[str, ...]] = field(default_factory=Counter)
    others: Counter[str] = field(default_factory=Counter)
    twins: Counter[str] = field(default_factory=Counter)

    @cached_property
    def count(self) -> int:
        """Number of sightings; 0 for a Latin name that stands beside an Arabic one only."""
        return self.contexts.total()

    @property
    def label(self) -> Label:
        return Label(self.key[1])

    @property
    def rank(self) -> int:
        return self.key[0]

    @property
    def known(self) -> str:
        """Key of the entry of the knowledge, or ""."""
        return self.key[2] if self.rank == KNOWN else ""

    @property
    def id(self) -> str:
        """The id of the thing, when it is joined with nothing."""
        return content_id("entity", *self.key[1:])

    @cached_property
    def units(self) -> tuple[str, ...]:
        return read_name(self.name, self.label).units

    @cached_property
    def head(self) -> str:
        """The class of the generic word before the name (``paper``), or ""."""
        if self.person:
            return ""
        inner = kind_of(self.units[0]) if len(self.units) > 1 else ""
        head = read_name(self.name, self.label).head
        return inner if inner and head in ("", "company") else head  # مجموعة بنك الخليج is a bank

    @cached_property
    def bare(self) -> tuple[str, ...]:
        """The units without that word, where it is one of them."""
        inner = self.head and len(self.units) > 1 and kind_of(self.units[0]) == self.head
        return self.units[1:] if inner else self.units

    @cached_property
    def generation(self) -> str:
        read = read_name(self.name, self.label)
        return read.generation or self.key[2].removeprefix(f"name:{name_key(self.name, self.label)}").strip() * (
            self.rank in (ARABIC, LATIN)
        )

    @cached_property
    def arabic(self) -> bool:
        return any(map(is_arabic, self.name))

    @property
    def person(self) -> bool:
        return self.label is Label.PERSON


def fold_rows(sightings: Iterable[Sighting]) -> list[Row]:
    """The distinct rows of `sightings`, sorted by key; a row for each Latin twin too, though nothing is called so."""
    rows: dict[Key, Row] = {}
    twins: dict[Key, str] = {}
    for one in sightings:
        key = (one.rank, one.label, one.key)
        row = rows.get(key)
        if row is None:
            row = rows[key] = Row(key, one.name, one.title)
        row.name = min(row.name, one.name)
        row.contexts[one.context] += 1
        row.others.update(one.others)
        row.twins.update(one.twins)
        for twin in one.twins:
            twins.setdefault((LATIN, one.label, twin), twin.removeprefix("name:"))
    for key, name in twins.items():
        if key not in rows:
            rows[key] = Row(key, name)
    return [rows[key] for key in sorted(rows)]
