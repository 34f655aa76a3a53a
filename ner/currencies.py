"""Names and signs of currencies, what they can mean, and what a country's money is.

Words come from ``data/currencies.toml``, countries from CLDR (babel).
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

from babel.core import UnknownLocaleError
from babel.numbers import get_territory_currencies

from rawabit.ner.line import Line, Piece
from rawabit.ner.numerals import forms, reading
from rawabit.ner.tables import load_table
from rawabit.ner.text import fold

__all__ = [
    "Coin",
    "Tender",
    "anchors",
    "coin",
    "countries",
    "is_one",
    "named",
    "sign",
    "tender",
    "territory",
    "unlikely",
]

_WORD = re.compile(r"[^\W\d_a-z]+")


class Coin(NamedTuple):
    """A word for money.

    Attributes:
        name: identity of its entry, for comparing two words.
        number: one, many or two.
        codes: ISO 4217 codes that the bare word allows, the usual one first.
        certain: the bare word means the first of them.
        usual: it means the first of them where nothing else in the document speaks.
        parts: for a subunit, how many make one unit, by code and "all"; else empty.
        times: what one is worth in units of the code (a toman is ten rials).
        adjectives: folded, to codes.
        not_before: folded words before which it is no money.
        ordinary: an ordinary word too.
        cut: folded letters attached before it.
        joined: whether that is a bare و.
        definite: with article.
    """

    name: str
    number: str
    codes: tuple[str, ...]
    certain: bool
    usual: bool
    parts: Mapping[str, int]
    times: int
    adjectives: Mapping[str, tuple[str, ...]]
    not_before: frozenset[str]
    ordinary: bool
    cut: int = 0
    joined: bool = False
    definite: bool = False


class Tender(NamedTuple):
    """A currency as a line gives it: codes that its words leave open, and the first piece after it.

    `certain` says that the first code is meant, `usual` that it is meant unless something else speaks.
    """

    codes: tuple[str, ...]
    certain: bool
    usual: bool
    stop: int
    coin: Coin | None = None

    def worth(self, value: Decimal, code: str | None = None) -> Decimal:
        """`value` of these coins in units of the currency `code`."""
        if self.coin is None:
            return value
        parts = self.coin.parts
        if parts:
            some = {parts.get(c, parts["all"]) for c in ((code,) if code else self.codes)}
            return value / (some.pop() if len(some) == 1 else parts["all"])
        return value * self.coin.times


@cache
def _data() -> dict[str, Any]:
    return load_table("currencies")


def _adjectives(table: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    out: dict[str, tuple[str, ...]] = {}
    for word, codes in table.items():
        words = fold(word).split()
        for tail in ("", "ا", "ه", "ين", "يه"):
            for article in ("", "ال"):
                out[" ".join(article + w + tail for w in words)] = tuple(codes.split())
    return out


@cache
def _coins() -> dict[str, Coin]:
    data, out = _data(), dict[str, Coin]()
    ordinary = set(map(fold, data["ordinary"]["words"]))
    entries = [(entry, False) for entry in data["currency"]] + [(entry, True) for entry in data["subunit"]]
    entries += [({"one": [w], "codes": [c], "certain": True}, False) for w, c in data["single"].items()]
    for entry, _ in entries:
        adjectives = _adjectives(entry.get("adjectives", {}))
        barred = frozenset(map(fold, entry.get("not_before", [])))
        for number in ("two", "many", "one"):
            for word in entry.get(number, []):
                base = Coin(
                    fold(entry["one"][0]), number, tuple(entry["codes"]), entry.get("certain", False),
                    entry.get("usual", False), entry.get("parts", {}), entry.get("times", 1), adjectives, barred,
                    fold(word) in ordinary,
                )  # fmt: skip
                for form, cut, joined, definite in forms(word):
                    if form not in out or out[form].cut >= cut:
                        out[form] = base._replace(cut=cut, joined=joined, definite=definite)
    return out


@cache
def _signs() -> dict[str, tuple[str, ...]]:
    return {fold(key): tuple(codes.split()) for key, codes in _data()["signs"].items()}


@cache
def _abbreviations() -> dict[str, tuple[str, ...]]:
    """Codes by abbreviation as written and, where that says less, folded: د.إ and د.أ fold to one."""
    table = _data()["abbreviations"]
    out: dict[str, tuple[str, ...]] = {}
    for key, code in table.items():
        out[fold(key)] = (*out.get(fold(key), ()), code)
    return out | {key: (code,) for key, code in table.items()}


@cache
def _iso() -> dict[str, str]:
    iso = _data()["iso"]
    return {code: code for code in iso["codes"]} | dict(iso["spoken"])


@cache
def anchors() -> frozenset[str]:
    """Folded words and signs one of which every amount of money has near it."""
    latin = {code.lower() for code in _iso()} | {"us", "rmb"}
    abbreviations = {key[0] for key in _abbreviations()}
    return frozenset(_coins()) | {key[-1] for key in _signs()} | latin | abbreviations


def coin(piece: Piece) -> Coin | None:
    """The coin that a word is, with whatever is attached, or None."""
    return _coins().get(piece.text) if piece.kind == "w" else None


def sign(line: Line, at: int) -> Tender | None:
    """A sign or code that begins at piece `at`: ``$``, ``US$``, ``USD``, ``ر.س``; or None."""
    pieces = line.pieces
    piece = pieces[at]
    if piece.kind == "p":
        codes = _signs().get(piece.text)
        return Tender(codes, len(codes) == 1, True, at + 1) if codes else None
    if piece.kind == "l":
        if line.near(at):
            codes = _signs().get(piece.text + pieces[at + 1].text)
            if codes:
                return Tender(codes, True, True, at + 2)
        written = line.written(piece)
        code = _iso().get(piece.text.upper())
        if code and (written.isupper() or len(written) > 3):
            return Tender((code,), True, True, at + 1)
        return None
    if len(piece.text) == 1 and at + 2 < len(pieces) and line.near(at) and line.near(at + 1):
        exact = _abbreviations().get(line.written(piece) + "." + line.written(pieces[at + 2]))
        codes = exact or _abbreviations().get(piece.text + "." + pieces[at + 2].text)
        if codes and pieces[at + 1].text == ".":
            return Tender(codes, len(codes) == 1, False, at + 3)
    return None


def tender(line: Line, at: int, *, scaled: bool) -> Tender | None:
    """The currency after a number that ends before piece `at`, adjective included, or None.

    Args:
        line: with its pieces.
        at: index of the piece after the number.
        scaled: whether the number ends in a scale word (ordinary words are currencies only then).
    """
    pieces = line.pieces
    if at >= len(pieces):
        return None
    if pieces[at].text == "من" and at + 1 < len(pieces):
        word = coin(pieces[at + 1])
        if word and word.definite and not word.cut and word.number == "many":
            return named(line, at + 1, word)
        return None
    word = coin(pieces[at])
    if word is None:
        found = sign(line, at)
        before = pieces[found.stop] if found and found.stop < len(pieces) else None
        if found and pieces[at].kind == "p" and before and before.kind == "n" and line.near(found.stop - 1):
            return None  # 5 $10: the sign is the next number's
        return found
    if word.cut or (word.definite and word.name != "يورو") or (word.ordinary and not scaled):
        return None
    if at + 1 < len(pieces) and pieces[at + 1].text in word.not_before:
        return None
    return named(line, at, word)


def named(line: Line, at: int, word: Coin) -> Tender:
    """The coin at piece `at` with the adjective that follows it."""
    pieces = line.pieces
    for size in (2, 1):
        if word.adjectives and at + size < len(pieces):
            codes = word.adjectives.get(" ".join(piece.text for piece in pieces[at + 1 : at + 1 + size]))
            if codes:
                return Tender(codes, len(codes) == 1, False, at + 1 + size, word)
    return Tender(word.codes, word.certain, word.usual, at + 1, word)


def is_one(line: Line, at: int) -> bool:
    """Whether piece `at` is the word one."""
    word = reading(line.pieces[at]) if at < len(line.pieces) else None
    return bool(word and not word.cut and not word.definite and word.kinds.get("small") == 1)


@cache
def territory(country: str) -> Sequence[str]:
    """ISO 4217 codes of a country's legal tender between 2005 and 2024, by CLDR; empty for an unknown country.

    >>> territory("MA")
    ('MAD',)
    """
    try:
        found = get_territory_currencies(country.upper(), dt.date(2005, 1, 1), dt.date(2024, 1, 1))
    except (KeyError, UnknownLocaleError):
        return ()
    return tuple(found)


@cache
def _place_words() -> dict[str, Any]:
    return load_table("currency_places")


@cache
def _places() -> dict[str, str]:
    data = _place_words()
    out: dict[str, str] = {}
    for country, words in data.items():
        for word in words if country != "not" else ():
            for tail in ("", "ة") if fold(word).endswith("ي") else ("",):
                for form, *_ in forms(word + tail):
                    out.setdefault(form, country)
                if word.startswith("ال"):  # للكويت
                    out.setdefault("ل" + fold(word)[1:], country)
    return out


def countries(text: str) -> list[str]:
    """ISO 3166 codes of countries whose money has an ambiguous name and that words of `text` speak of.

    The most frequent comes first, then the one named first. Words inside names of companies and in datelines count:
    evidence for `rawabit.ner.money.settle`, weaker than the places that a tagger finds.

    >>> countries("دبي: أغلق سهم بنك أبوظبي التجاري، وفي سوق الكويت")
    ['AE', 'KW']
    """
    places = _places()
    counts = Counter(places[word] for word in _WORD.findall(fold(text)) if word in places)
    return [country for country, _ in counts.most_common()]


@cache
def _strange() -> dict[str, str]:
    return {
        form: country for country, words in _place_words()["not"].items() for word in words for form, *_ in forms(word)
    }


def unlikely(text: str) -> frozenset[str]:
    """ISO 3166 codes of countries in whose press `text` would use other words: evidence against their money.

    >>> sorted(unlikely("في سبتمبر الماضي")), sorted(unlikely("في شتنبر الماضي"))
    (['MA'], [])
    """
    strange = _strange()
    return frozenset(strange[word] for word in _WORD.findall(fold(text)) if word in strange)
