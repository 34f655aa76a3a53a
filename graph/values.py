"""Which amounts and dates of a document are one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from rawabit.graph.names import bare
from rawabit.ner.model import Date, Label, Mention, Money
from rawabit.ner.tables import load_table
from rawabit.ner.text import fold

__all__ = ["date_key", "group_values"]

_PIECE = re.compile(r"[^\W\d_]+|\d+")
_DATA = load_table("names", "rawabit.graph.data")
_MONTHS = {
    " ".join(map(bare, fold(word).split())): n
    for table in load_table("months").values()
    if isinstance(table, dict)
    for word, n in table.items()
    if isinstance(n, int)
}
_MONTH_WORDS = frozenset(part for word in _MONTHS for part in word.split(" "))
_PARTS_OF_DAY = frozenset(bare(fold(word)) for word in _DATA["parts_of_day"])
_UNITS_OF_TIME = frozenset(bare(fold(word)) for word in _DATA["units_of_time"])
_NOW = frozenset(bare(fold(word)) for word in _DATA["now"])
_NEAR = frozenset(bare(fold(word)) for word in _DATA["near"])
_DEICTIC = frozenset(bare(fold(word)) for word in _DATA["deictic_days"])
_WEEKDAYS = frozenset(bare(fold(word)) for word in _DATA["weekdays"])


def group_values(mentions: Sequence[Mention]) -> Iterable[list[int]]:
    """Indexes of the amounts and dates that are one: equal ones, and dates not worked out that say the same."""
    groups: dict[tuple[object, ...], list[int]] = {}
    days: dict[str, list[str]] = {}
    for i, mention in enumerate(mentions):
        value = mention.value
        text = " ".join(fold(mention.text).split())
        key: tuple[object, ...]
        if mention.label is Label.MONEY:
            key = ("money", text)
            if isinstance(value, Money):
                key = ("amount", value.amount, value.currency, () if value.currency else value.candidates)
            groups.setdefault(key, []).append(i)
        elif mention.label is Label.DATE:
            said, day = date_key(text)
            key = ("date", said)
            if isinstance(value, Date) and value.start is not None:
                key = ("days", value.start, value.end)
            elif day and key not in groups:
                days.setdefault(day, []).append(said)
            groups.setdefault(key, []).append(i)
    for day, names in days.items():
        if len(names) == 1 and (alone := groups.pop(("date", day), None)):
            groups["date", names[0]] = sorted(groups["date", names[0]] + alone)
    return groups.values()


def date_key(text: str) -> tuple[str, str]:
    """What a date says, without the words that say nothing more: ``عام``, the second name of a month, ``صباح``.

    Beside it stands the day that it names twice, by the day of writing and by its name (``أمس الأحد``), or "".

    >>> date_key("عام 2013"), date_key("30 سبتمبر/أيلول 2015"), date_key("صباح أمس الأحد")
    (('2013', ''), ('30 2015 m9', ''), ('امس احد', 'امس'))
    """
    words = list(dict.fromkeys(map(bare, _PIECE.findall(fold(text)))))
    months = {f"m{_MONTHS[word]}" for word in (*words, *map(" ".join, pairwise(words))) if word in _MONTHS}
    year = any(len(word) == 4 and word.isdigit() for word in words)
    idle = _PARTS_OF_DAY | (_NOW | _UNITS_OF_TIME if year or months else frozenset()) | (_NEAR if year else frozenset())
    plain = [word for word in words if word not in idle and not (months and word in _MONTH_WORDS)]
    day = next((word for word in plain if word in _DEICTIC), "")
    twice = len(plain) == 2 and any(word in _WEEKDAYS for word in plain)
    if not (year or months) and any(word in _NOW for word in plain):
        plain = [word for word in plain if word not in _NOW]
    return " ".join((*plain, *sorted(months))) or " ".join(fold(text).split()), day if twice else ""
