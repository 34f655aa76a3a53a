"""Word lists of the rule tagger: given names, titles, generic heads, everyday words; folded, read once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from rawabit.ner.clitics import readings
from rawabit.ner.model import Label
from rawabit.ner.tables import load_table
from rawabit.ner.text import fold

__all__ = ["Lexicon", "lexicon"]

_ADDED = frozenset("ساءلتمونيه")
_RADICALS = 4
_SHORT = 3
_SHORTEST_FOREIGN = 5
_GIVEN = ("arabic_men", "arabic_women", "western_men", "western_women")


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Folded word lists.

    Attributes:
        given: given names; weak: those of them that are words too; foreign: those that no Arab family uses;
            homograph: those that only a last letter keeps apart from an everyday word.
        style, post: what announces a person: forms of address, posts.
        between, portfolio: what may stand between a post and its holder.
        particle, suffix: parts that hold a name together (بن, فان), and that end it (الثاني).
        speech: verbs of saying.
        common: everyday words, which no name holds; nouns: those of them that are nouns.
        state, of_place, site, open_heads, adjective: heads inside a name (`ner/data/heads.toml`).
        tails: head to its fixed second parts, folded words, longest first.
        outside: generic head that stays outside, to the label of what it announces.
        sport: words of sport reports.
        foreign_endings: of transliterated family names.
        product_suffix: what follows a product's name and belongs to it; product_kinds: kinds that have such;
            on_platform: words before a platform's bare letter (على X).
    """

    given: frozenset[str]
    weak: frozenset[str]
    homograph: frozenset[str]
    foreign: frozenset[str]
    style: frozenset[str]
    post: frozenset[str]
    between: frozenset[str]
    portfolio: frozenset[str]
    particle: frozenset[str]
    suffix: frozenset[str]
    speech: frozenset[str]
    common: frozenset[str]
    nouns: frozenset[str]
    state: frozenset[str]
    of_place: frozenset[str]
    site: frozenset[str]
    open_heads: frozenset[str]
    adjective: frozenset[str]
    tails: dict[str, tuple[tuple[str, ...], ...]]
    outside: dict[str, Label]
    sport: frozenset[str]
    foreign_endings: tuple[str, ...]
    product_suffix: frozenset[str]
    product_kinds: frozenset[str]
    on_platform: frozenset[str]

    def everyday(self, word: str) -> bool:
        """Whether a folded word is an everyday one, a conjunction or preposition written onto it or not.

        >>> lexicon().everyday("والحكومه"), lexicon().everyday("ميدفيديف")
        (True, False)
        """
        return any(
            rest in self.common and (not cut or len(rest) > _SHORT or word[:cut] in {"و", "ف"})
            for cut, rest in readings(word)
        )

    def outlandish(self, word: str) -> bool:
        """Whether a folded word cannot be built by Arabic grammar: four radicals or more beside the letters that
        derivation and inflection add, or the ending of a transliterated family name.

        >>> lexicon().outlandish("بارتكوفسكي"), lexicon().outlandish("استراتيجي"), lexicon().outlandish("مكاتب")
        (True, False, False)
        """
        if len(word) < _SHORTEST_FOREIGN or word.startswith("ال"):
            return False
        if word.endswith(self.foreign_endings):
            return True
        return sum(letter not in _ADDED for letter in word.lstrip("وفبكل")) >= _RADICALS


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """The lists of ``ner/data``."""
    names, titles, heads, common = map(load_table, ("first_names", "titles", "heads", "common_words"))
    inside, outside = heads["inside"], heads["outside"]
    tails = {fold(head): _phrases(rows) for head, rows in heads["tail"].items()}
    tails[fold("وزارة")] = _phrases(heads["ministry"]["portfolios"])
    homograph = _set(names["homograph"])
    grammar = _set(common["function"]) | _set(common["verbs"])
    western = _set(names["western_men"]) | _set(names["western_women"])
    eastern = _set(names["arabic_men"]) | _set(names["arabic_women"])
    return Lexicon(
        given=frozenset().union(*(_set(names[part]) for part in _GIVEN)) - (grammar - homograph),
        weak=_set(names["weak"]),
        homograph=homograph,
        foreign=western - eastern,
        style=_set(titles["style"]),
        post=_set(titles["post"]),
        between=_set(titles["between"]),
        portfolio=_set(titles["portfolio"]),
        particle=_set(titles["particle"]),
        suffix=_set(titles["suffix"]),
        speech=_set(titles["speech"]),
        common=frozenset().union(
            *(_set(rows) for rows in common.values()), _set(titles["post"]), _set(titles["speech"])
        ),
        nouns=_set(common["nouns"]) | _set(titles["post"]),
        state=_set(inside["state"]),
        of_place=_set(inside["of_place"]),
        site=_set(inside["site"]),
        open_heads=_set(inside["open"]),
        adjective=_set(inside["adjective"]),
        tails=tails,
        outside={word: Label(label) for label, rows in outside.items() for word in sorted(_set(rows))},
        sport=_set(heads["sport"]["words"]),
        foreign_endings=tuple(sorted(_set(titles["foreign"]))),
        product_suffix=_set(heads["product"]["suffix"]),
        product_kinds=frozenset(heads["product"]["kinds"].split()),
        on_platform=_set(heads["product"]["on_platform"]),
    )


def _set(words: str) -> frozenset[str]:
    return frozenset(fold(words).split())


def _phrases(rows: str) -> tuple[tuple[str, ...], ...]:
    found = {tuple(row.split()) for row in fold(rows).replace("\n", " ").split(";") if row.strip()}
    return tuple(sorted(found, key=lambda words: (-len(words), words)))
