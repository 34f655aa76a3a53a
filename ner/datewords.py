"""Words of calendar expressions, from ``data/dates.toml`` and ``data/months.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from rawabit.ner.text import fold

__all__ = ["Month", "DateWords", "datewords"]

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
    """

    tables: Mapping[str, Mapping[str, Any]]
    lists: Mapping[str, frozenset[str]]
    months: Mapping[str, Month]
    starters: Mapping[str, tuple[str, int]]
    anchors: frozenset[str]


@cache
def datewords() -> DateWords:
    """The tables, read once."""
    data, names = (
        tomllib.loads(files("rawabit.ner.data").joinpath(name).read_text(encoding="utf-8"))
        for name in ("dates.toml", "months.toml")
    )
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
    words |= {word.split()[0] for word in months} | lists["part.words"] | lists["months_of.words"] | set(tables["count"])
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
    return DateWords(tables, lists, months, starters, frozenset(starters) | years)
