"""Words of calendar expressions, from ``data/dates.toml`` and ``data/months.toml``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from rawabit.ner.line import Line
from rawabit.ner.periods import Interval
from rawabit.ner.tables import load_table
from rawabit.ner.text import fold

__all__ = ["DateWords", "Hit", "Look", "Month", "datewords"]

_PREFIXES = ("", "و", "ف", "ب", "ل", "ك", "وب", "ول", "فب")
_STARTERS = ("weekday", "day", "unit", "head", "demonstrative", "edge", "fraction", "ordinal", "decade")


class Month(NamedTuple):
    """A month's number, whether its name is also another word, and its calendar."""

    number: int
    shy: bool
    hijri: bool


class DateWords(NamedTuple):
    """The tables, folded.

    Attributes:
        tables: by name of the TOML table, word to value.
        lists: by table and key, words.
        months: name (one or two words) to month.
        starters: surface form of a word that can begin an expression, to the word and the letters attached to it.
        anchors: words, and four digits, without one of which a sentence holds no date.
        counted: beginnings of nouns that four digits count.
    """

    tables: Mapping[str, Mapping[str, Any]]
    lists: Mapping[str, frozenset[str]]
    months: Mapping[str, Month]
    starters: Mapping[str, tuple[str, int]]
    anchors: frozenset[str]
    counted: tuple[str, ...]


@cache
def datewords() -> DateWords:
    """The tables, read once."""
    data, names = load_table("dates"), load_table("months")
    tables: dict[str, dict[str, Any]] = {}
    lists: dict[str, frozenset[str]] = {}
    for name, table in data.items():
        tables[name] = {fold(key): value for key, value in table.items() if not isinstance(value, list | dict)}
        for key, value in table.items():
            if isinstance(value, list):
                lists[f"{name}.{key}"] = frozenset(map(fold, value))
    tables["count"] = {fold(key): value for key, value in data["months_of"]["counts"].items()}
    months = {
        fold(word): Month(number, kind != "plain", kind == "hijri")
        for kind, table in names.items()
        for word, number in table.items()
    }
    words = {word for name in _STARTERS for word in tables[name]} | {word.split()[0] for word in tables["days"]}
    words |= {word.removeprefix("ال") for word in tables["decade"]}
    words |= (
        {word.split()[0] for word in months} | lists["part.words"] | lists["months_of.words"] | set(tables["count"])
    )
    starters: dict[str, tuple[str, int]] = {}
    for word in sorted(words):
        for prefix in _PREFIXES:
            form = prefix + word
            if form not in starters or starters[form][1] > len(prefix):
                starters[form] = (word, len(prefix))
        if word.startswith("ال"):
            for prefix in ("", "و"):
                starters.setdefault(prefix + "ل" + word[1:], (word, len(prefix) + 2))
    years = {str(number) for number in range(1000, 2100)}
    return DateWords(
        tables,
        lists,
        months,
        starters,
        frozenset(starters) | years | frozenset(tables["relative"]),
        tuple(sorted(lists["bare.counted"])),
    )


class Hit(NamedTuple):
    """The piece after an expression, its days, and whether it is Hijri."""

    stop: int
    days: Interval
    hijri: bool = False


@dataclass(slots=True)
class Look:
    """A line as the readers of dates see it; `texts` are its folded pieces.

    Attributes:
        attached: whether the word that is read has a preposition attached to it.
    """

    line: Line
    texts: list[str]
    published: dt.date | None
    words: DateWords
    attached: bool = False

    def text(self, at: int) -> str:
        return self.texts[at] if 0 <= at < len(self.texts) else ""

    def get(self, table: str, at: int) -> int | None:
        return self.words.tables[table].get(self.text(at))

    def name(self, table: str, at: int) -> str | None:
        return self.words.tables[table].get(self.text(at))

    def among(self, key: str, at: int) -> bool:
        return self.text(at) in self.words.lists[key]

    def timed(self, at: int) -> bool:
        """Whether a word of time stands before piece `at`."""
        return self.attached or self.among("shy.before", at - 1)

    def joined(self, table: str, at: int) -> int | None:
        text = self.text(at)
        return self.words.tables[table].get(text[1:]) if text.startswith("و") else None

    def year_number(self, at: int, low: int = 1000) -> int | None:
        text = self.text(at)
        return int(text) if text.isdigit() and 3 <= len(text) <= 4 and low <= int(text) < 2100 else None

    def counted(self, at: int) -> bool:
        """Whether the number before piece `at` counts something."""
        text = self.text(at)
        return text == "%" or text.startswith(self.words.counted)
