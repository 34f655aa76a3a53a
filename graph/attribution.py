"""Who says it: speech verbs with their scope, ``بحسب X``, headlines with a colon, ``نقلت X عن Y``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rawabit.graph.frames import tables
from rawabit.graph.line import Line, has_form, in_class
from rawabit.ner.model import Label

__all__ = ["Speech", "find_speech", "name_right", "source_of", "subject_left"]

_AGENTS = frozenset({Label.PERSON, Label.ORGANIZATION, Label.PLACE})


@dataclass(frozen=True, slots=True)
class Speech:
    """A stretch of a line and the name that says it.

    Attributes:
        verb: index of the verb or the particle.
        speaker: index of the name.
        start, end: indices of the items that are said.
    """

    verb: int
    speaker: int
    start: int
    end: int


def name_right(line: Line, i: int, loose: int = 0, labels: frozenset[Label] = _AGENTS) -> int:
    """The name that begins at `i`: over titles, ranks, generic heads and adverbs; -1 where something else stands.

    Args:
        line: the clause.
        i: index where it may begin.
        loose: how many other words may stand before it.
        labels: what it may be.
    """
    k = i
    while k < min(len(line), i + 14):
        if k in line.head and line.head[k] > k:
            k = line.head[k]
            return k if line.label(k) in labels else -1
        item = line.items[k]
        if item.label is Label.NORP:
            following = line.label(k + 1)
            if following in labels and not line.items[k + 1].prep and not line.items[k + 1].conj:
                k += 1
                continue
            return k if k == i and Label.PLACE in labels and following is None and item.prep else -1
        if item.mention:
            return k if item.label in labels else -1
        if item.punct or in_class(item.fold, "barriers") or in_class(item.fold, "relatives"):
            return -1
        if not (line.title_like(k) or in_class(item.fold, "adverbs")):
            if item.fold in tables().words["prepositions"] or loose <= 0:
                return -1
            loose -= 1
        k += 1
    return -1


def subject_left(line: Line, i: int) -> int:
    """The name before a verb at `i` that opens its clause, or -1: ``إن X، رئيس Y، [قد] ينتقد``."""
    k = i
    while k > 0 and (
        in_class(line.word(k - 1), "adverbs")
        or in_class(line.word(k - 1), "may")
        or in_class(line.word(k - 1), "negators")
        or in_class(line.word(k - 1), "auxiliaries")
    ):
        k -= 1
    name = line.before(k)
    if name < 0 or line.items[name].prep:
        return -1
    j = name
    while True:
        opened = line.items[j].conj
        if opened and j > 0 and line.label(j - 1) not in {None, Label.NORP}:
            j -= 1
            continue
        p = j - 1
        while p >= 0 and (
            line.head.get(p, -1) >= j
            or (
                line.items[p].mention is None
                and not line.items[p].punct
                and not in_class(line.word(p), "starters")
                and line.title_like(p)
            )
        ):
            p -= 1
        if p < 0 or line.items[p].punct or in_class(line.word(p), "starters") or opened:
            return name
        return -1


def find_speech(line: Line) -> tuple[Speech, ...]:
    """Who says which stretch of the line, in order; a later one that lies inside an earlier one wins there."""
    return tuple(sorted([*_verbs(line), *_according(line), *_headline(line)], key=lambda s: (s.start, -s.end)))


def source_of(speeches: tuple[Speech, ...], i: int) -> int:
    """The speaker of the item at `i`, or -1; the innermost speech wins."""
    best = -1
    for speech in speeches:
        if speech.start <= i < speech.end and i != speech.verb:
            best = speech.speaker
    return best


def _verbs(line: Line) -> Iterator[Speech]:
    t = tables()
    last = -1
    for i in range(len(line)):
        word = line.word(i)
        if not word or not has_form(word, t.speech):
            continue
        if line.head.get(i, i) != i:
            continue
        speaker = name_right(line, i + 1)
        if speaker < 0:
            speaker = subject_left(line, i)
        relayed = any(word in (f, "و" + f) for f in ("نقل", "نقلت", "ينقل", "تنقل"))
        begin = i + 1
        if relayed and speaker >= 0:
            k = line.after(speaker)
            for j in range(k, min(len(line), k + 3)):
                if line.word(j) == "عن":
                    other = name_right(line, j + 1)
                    speaker = other if other >= 0 else speaker
                    begin = j
                    break
        opener = _opener(line, max(begin, speaker + 1), i)
        if opener < 0:
            continue
        if speaker < 0 and _bare(line, i, opener):
            speaker = last
        if speaker < 0:
            continue
        last = speaker
        yield Speech(i, speaker, opener + 1, _sentence_end(line, opener + 1))


def _sentence_end(line: Line, i: int) -> int:
    """Index of the next full stop behind `i`; glued sentences are not always split."""
    return next((k for k in range(i, len(line)) if line.word(k) in {".", "?", "!"}), len(line))


def _bare(line: Line, i: int, opener: int) -> bool:
    """Whether a verb stands without a subject of its own: ``وأضاف أن``."""
    return opener == i + 1


def _opener(line: Line, i: int, verb: int) -> int:
    for k in range(max(i, verb + 1), min(len(line), max(i, verb + 1) + 16)):
        word = line.word(k)
        if word and (in_class(word, "openers") or word == ":"):
            return k
        if k > verb + 1 and has_form(word, tables().speech) and not line.title_like(k):
            return -1
    return -1


def _according(line: Line) -> Iterator[Speech]:
    t = tables()
    for i in range(len(line)):
        word = line.word(i)
        if not in_class(word, "according"):
            continue
        k = i + 1
        if word in {"كما", "مثلما", "حسبما", "بحسبما", "وفقما"}:
            if not has_form(line.word(k), t.speech):
                continue
            k += 1
        elif line.word(k) in {"ما", "لما"} and has_form(line.word(k + 1), t.speech):
            k += 2
        elif line.word(k) in {"عن", "الي", "ل", "لما"}:
            k += 1
        speaker = name_right(line, k, 2)
        if speaker < 0:
            continue
        end = line.after(speaker)
        if i <= 1:
            yield Speech(i, speaker, end, len(line))
        else:
            yield Speech(i, speaker, 0, i)


def _headline(line: Line) -> Iterator[Speech]:
    for k in range(1, min(len(line), 12)):
        if line.word(k) == ":":
            name = line.before(k)
            if (
                name >= 0
                and line.label(name) is Label.PERSON
                and all(
                    line.head.get(j) == name
                    or j == name
                    or line.word(j) in {"-", ","}
                    or line.label(j) is Label.NORP
                    or line.title_like(j)
                    for j in range(k)
                )
            ):
                yield Speech(k, name, k + 1, len(line))
            return
