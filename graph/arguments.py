"""Where the arguments of a verb or a noun of action stand: subject, object, agent, joined names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rawabit.graph.attribution import Speech, name_right, source_of, subject_left
from rawabit.graph.frames import tables
from rawabit.graph.line import Line, has_form, in_class, phrase, prep_at
from rawabit.graph.morph import Reading, verb_readings
from rawabit.ner.model import Label

__all__ = ["Subject", "agent", "find_subject", "is_verb", "marked", "plain"]

_REACH = 14
_NAMES = frozenset({Label.PERSON, Label.ORGANIZATION, Label.PLACE, Label.PRODUCT})


@dataclass(frozen=True, slots=True)
class Subject:
    """The subject of a verb.

    Attributes:
        at: index of the name.
        order: "vso", "svo", "relative", "object" (relative whose antecedent is the object), "pronoun", "shared".
        rest: index where the search for objects begins.
    """

    at: int
    order: str
    rest: int


def is_verb(word: str) -> bool:
    """Whether a folded word can be a verb that the tables know."""
    t = tables()
    return bool(word) and any(
        r.core in t.verbs or r.core in t.control or r.core in t.speech or r.core in t.auxiliary
        for r in verb_readings(word)
    )


def find_subject(line: Line, i: int, reading: Reading, memory: int, speeches: tuple[Speech, ...]) -> Subject | None:
    """The subject of the verb at `i`; `memory` is the subject of the verb before it in the line, or -1."""
    k = i - 1
    while k >= 0 and (
        in_class(line.word(k), "adverbs")
        or in_class(line.word(k), "may")
        or in_class(line.word(k), "negators")
        or in_class(line.word(k), "auxiliaries")
    ):
        k -= 1
    if in_class(line.word(k), "relatives") and not line.word(k).startswith(("وكل",)):
        antecedent = line.before(k)
        if antecedent >= 0:
            if reading.pronoun:
                right = name_right(line, i + 1)
                if right >= 0 and not prep_at(line, i + 1):
                    return Subject(right, "object", antecedent)
                return None
            return Subject(antecedent, "relative", i + 1)
    if line.word(k) in tables().words["pronouns"]:
        speaker = source_of(speeches, i)
        return Subject(speaker, "pronoun", i + 1) if speaker >= 0 else None
    right = name_right(line, i + 1)
    if right >= 0 and prep_at(line, i + 1):
        right = -1
    if reading.conj:
        if right >= 0:
            return Subject(right, "vso", line.after(line.together(right)[-1]))
        return Subject(memory, "shared", i + 1) if memory >= 0 else None
    left = subject_left(line, i)
    if left >= 0 and (left != memory or right < 0):
        return Subject(left, "svo", i + 1)
    if right >= 0:
        return Subject(right, "vso", line.after(line.together(right)[-1]))
    return None


def plain(line: Line, i: int, loose: int = 1, start: int = 0) -> int:
    """A direct object, or a genitive, that begins at `i`; or -1.

    Nouns that stand for their owner are passed over, `loose` other words behind them, `start` others in any case.
    """
    if i >= len(line) or prep_at(line, i):
        return -1
    k = _share(line, i)
    for _ in range(4):
        if any(r.core in tables().words["transparent"] and not r.prep and not r.pronoun for r in line.readings(k)):
            k += 1
        else:
            break
    name = name_right(line, k, start if k == i else max(loose, start), _NAMES)
    if name < 0 or line.items[name].prep or (line.items[name].conj and name == i):
        return -1
    return name


def marked(line: Line, i: int, marks: Sequence[str], reach: int = _REACH, loose: int = 0) -> int:
    """The first name behind `i` that one of the prepositions marks, or -1."""
    k = i
    while k < min(len(line), i + reach):
        item = line.items[k]
        word = item.fold
        if item.mention:
            if item.prep and item.prep in marks and item.label in _NAMES:
                return k
            k += 1
            continue
        if item.punct and not (word == "," and k == i):
            return -1
        if word in marks:
            name = _noun_phrase(line, k + 1, loose)
            if name >= 0:
                return name
        else:
            attached = prep_at(line, k)
            if attached and attached in marks:
                name = _noun_phrase(line, k, loose)
                if name >= 0:
                    return name
        if k > i and (
            in_class(word, "relatives") or in_class(word, "openers") or word in {"حيث", "فيما", "بينما", "لكن"}
        ):
            return -1
        if k > i and has_form(word, tables().speech) and not line.title_like(k):
            return -1
        k += 1
    return -1


def _share(line: Line, i: int) -> int:
    """Index behind a share of something: ``٦٧٪ من``, ``حصة الأغلبية في``; `i` itself where none stands."""
    shares = tables().words["shares"]
    k = i
    while (
        k < i + 7
        and line.word(k)
        and (line.word(k)[0].isdigit() or in_class(line.word(k), "shares") or line.word(k) == "%")
    ):
        k += 1
        if line.word(k) in {"من", "في"} and line.word(k + 1) not in shares:
            return k + 1
        if line.word(k) in {"في", "ب"}:
            k += 1
    return i


def _noun_phrase(line: Line, k: int, loose: int) -> int:
    k = _share(line, k)
    for _ in range(4):
        if any(r.core in tables().words["transparent"] and not r.pronoun for r in line.readings(k)):
            k += 1
        else:
            break
    return name_right(line, k, loose, _NAMES)


def agent(line: Line, i: int) -> int:
    """The agent of a passive behind `i` (``من قبل X``), or -1."""
    for k in range(i, min(len(line), i + 18)):
        for words in tables().phrases["agents"]:
            if phrase(line, k, words) and line.word(k) == words[0]:
                return name_right(line, k + len(words), 1)
        if line.word(k) in {".", ";", "!", "?"}:
            return -1
    return -1
