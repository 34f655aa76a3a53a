"""What the first room hands on: documents, mentions and their values.

All offsets are Unicode code points into the untouched ``Document.text``, half open:
``document.text[m.start:m.end] == m.text``, whatever normalisation a stage used inside.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

__all__ = ["Bound", "Date", "Document", "Label", "Mention", "Money", "Span", "Tagged"]

Span = tuple[int, int]
"""Start and end in code points, half open."""


class Label(StrEnum):
    """Labels of mentions; all but NORP are labels of entities too."""

    PERSON = "PERSON"
    ORGANIZATION = "ORGANIZATION"
    PLACE = "PLACE"
    PRODUCT = "PRODUCT"
    MONEY = "MONEY"
    DATE = "DATE"
    NORP = "NORP"


class Bound(StrEnum):
    """How an amount was hedged: ``حوالي`` about, ``لا يقل عن`` at least, ``لا يتجاوز`` at most."""

    EXACT = "exact"
    ABOUT = "about"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in units of its currency (not in thousands, not in cents).

    Attributes:
        amount: exact decimal value, ``Decimal("3600000000")`` for ``3.6 مليار دولار``.
        currency: ISO 4217 code, or None while it is ambiguous among `candidates`.
        candidates: ISO 4217 codes that the words allow, sorted; empty where `currency` is certain from the words.
        bound: whether the text says about, at least or at most.
    """

    amount: Decimal
    currency: str | None
    candidates: tuple[str, ...] = ()
    bound: Bound = Bound.EXACT


@dataclass(frozen=True, slots=True)
class Date:
    """A calendar interval of whole days in the proleptic Gregorian calendar, both ends included.

    `start` and `end` are None where the text alone does not fix them (``يوم الاثنين`` in an article without a
    date, ``29 يونيو`` without a year).

    Attributes:
        written: the words as they stand in the text.
        calendar: "gregorian" or "hijri", the calendar in which it was written.
    """

    start: dt.date | None
    end: dt.date | None
    written: str
    calendar: str = "gregorian"


@dataclass(frozen=True, slots=True)
class Document:
    """One article.

    Attributes:
        id: given by the input, or derived from the content.
        text: the text as it was read; never changed afterwards.
        title: headline, when the input has one apart from the text.
        source: publisher, as the input names it.
        url: where it came from.
        published: ISO 8601 date, or date and time.
        extra: whatever other columns or keys the input had, kept as they are.
    """

    id: str
    text: str
    title: str | None = None
    source: str | None = None
    url: str | None = None
    published: str | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def day(self) -> dt.date | None:
        """The day of publication, or None."""
        if not self.published:
            return None
        try:
            return dt.date.fromisoformat(self.published[:10])
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class Mention:
    """A run of text that names something.

    Attributes:
        start, end: code points, half open.
        text: ``document.text[start:end]``.
        label: what kind of thing.
        value: the amount of a MONEY mention, the interval of a DATE mention, else None.
        confidence: estimated probability that span and label are right, 0 to 1.
    """

    start: int
    end: int
    text: str
    label: Label
    value: Money | Date | None = None
    confidence: float = 1.0

    @property
    def span(self) -> Span:
        return self.start, self.end


@dataclass(frozen=True, slots=True)
class Tagged:
    """A document with what was found in it.

    Attributes:
        sentences: spans in order, not overlapping, without surrounding blanks, furniture left out.
        mentions: in order of start, not overlapping, none inside `ignored`.
        ignored: runs of web furniture (menus, tag lists, bylines).
        states: the encoder's states for the claims head; never stored.
    """

    document: Document
    sentences: tuple[Span, ...]
    mentions: tuple[Mention, ...]
    ignored: tuple[Span, ...] = ()
    states: Any = None
