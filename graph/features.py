"""What a word, a name or a row of words looks like, as hashes of 32 bits: the features of `rawabit.graph.pairs`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from zlib import crc32

from rawabit.graph.frames import our_tables
from rawabit.graph.model import Entity
from rawabit.graph.morph import readings, verb_readings
from rawabit.ner.gazetteer import load
from rawabit.ner.model import Label
from rawabit.ner.tokens import tokens

__all__ = ["Portrait", "clues", "inside", "mix", "name", "portrait", "stem"]

_PREFIXES = ("وال", "فال", "بال", "كال", "لل", "ال", "و", "ف", "ب", "ل", "س")
_SUFFIXES = ("هما", "ها", "هم", "ات", "ون", "ين", "ان", "يه", "ه", "ي", "ت")
_LANDS = frozenset({"country", "region", "continent"})
_NUMBER = re.compile(r"\d")
_MIX = 0x9E3779B1
_WORD = 0xFFFFFFFF


@lru_cache(maxsize=65536)
def stem(word: str) -> int:
    """Hash of a folded word without the commonest clitics and endings; numbers are alike."""
    if _NUMBER.match(word):
        return name("#")
    for prefix in _PREFIXES:
        if word.startswith(prefix) and len(word) - len(prefix) >= 3:
            word = word[len(prefix) :]
            break
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= 3:
            word = word[: -len(suffix)]
            break
    return name(word)


@lru_cache(maxsize=65536)
def name(text: str) -> int:
    return crc32(text.encode("utf-8", "surrogatepass"))


@lru_cache(maxsize=65536)
def clues(word: str) -> tuple[int, ...]:
    """What the grammar's tables say of a folded word: the relation of a verb, a noun of action, a post, kinship."""
    t = our_tables()  # a user's own frames change no other feature: what a word is, is cached
    found: dict[str, None] = {}
    for reading in verb_readings(word):
        for frame, _, passive in t.verbs.get(reading.core, ()):
            found[f"verb {frame.relation} {passive}"] = None
        for kind, table in (("say", t.speech), ("deny", t.deny), ("hedge", t.hedge)):
            if reading.core in table:
                found[kind] = None
    for reading in readings(word):
        for words, frame in t.nouns.get(reading.core, ()):
            if len(words) == 1:
                found[f"noun {frame.relation}"] = None
        for words, post in t.posts.get(reading.core, ()):
            if len(words) == 1 and post.relation:
                found[f"post {post.relation}"] = None
        for words, kin in t.kin.get(reading.core, ()):
            if len(words) == 1:
                found[f"kin {kin.kinship}"] = None
                found["kin"] = None
        for words, role in t.roles.get(reading.core, ()):
            if len(words) == 1:
                found[f"role {role}"] = None
    for kind in ("negators", "according", "relatives", "former", "hedges"):
        if word in t.words[kind]:
            found[kind] = None
    return tuple(map(name, found))


def mix(*parts: int) -> int:
    value = 0
    for part in parts:
        value = ((value ^ part) * _MIX) & _WORD
        value ^= value >> 15
    return value


@dataclass(frozen=True, slots=True)
class Portrait:
    """What the name of an entity tells: hashes of its first and last word, folded words, stems, and what it is where
    the gazetteer knows it: its kind and country."""

    first: int
    last: int
    words: tuple[str, ...]
    stems: frozenset[str]
    kind: str
    country: str


def portrait(entity: Entity) -> Portrait:
    gazetteer = load()
    names = [mention.text for mention in entity.mentions if mention.label is not Label.NORP] or [entity.name]
    longest = max(names, key=lambda name: (len(name), name))
    words = tuple(token.fold for token in tokens(longest) if token.fold)
    entry = gazetteer.lookup(entity.name, entity.label) or gazetteer.lookup(longest, entity.label)
    known = {e.country for word in words if (e := gazetteer.demonym(word)) and e.country}
    stems = {_nisba(word) for word in words}
    return Portrait(
        stem(words[0]) if words else 0,
        stem(words[-1]) if words else 0,
        words,
        frozenset(stems | {f"={code}" for code in known}),
        entry.kind if entry else "",
        (entry.country or "") if entry else "",
    )


def _nisba(word: str) -> str:
    """A word without article and the endings of adjectives of origin."""
    word = word.removeprefix("ال")
    for ending in ("يه", "يا", "يين", "يون", "ي", "ا", "ه"):
        if word.endswith(ending) and len(word) - len(ending) > 2:
            return word[: -len(ending)]
    return word


def inside(one: Portrait, other: Portrait) -> int:
    """Whether the first name holds the second: 2 all its words, 1 an adjective made from it, else 0."""
    if len(one.words) <= len(other.words) or not other.words:
        return 0
    if set(other.words) <= set(one.words):
        return 2
    named = other.kind in _LANDS and f"={other.country}" in one.stems
    return int(named or (len(other.words) == 1 and _nisba(other.words[0]) in one.stems))
