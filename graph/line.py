"""A clause with what is known of its noun phrases: which items only modify a name, and where the name stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from rawabit.graph.clauses import Item
from rawabit.graph.frames import tables
from rawabit.graph.model import Relation
from rawabit.graph.morph import Reading, readings, verb_readings
from rawabit.ner.model import Label

__all__ = ["Hit", "Line", "Qualifiers", "has_form", "in_class", "phrase", "prep_at"]

Value = str | int | bool | Decimal
Qualifiers = dict[str, Value]


@dataclass(frozen=True, slots=True)
class Hit:
    """A relation that the grammar read.

    Attributes:
        pattern: the rule, a key of ``confidence.toml``.
        relation: its type.
        subject, object: items with mentions.
        trigger: index in the line of the word that says it, or -1.
        nominal: said by a title or an apposition: neither denied by a verb nor put into anybody's mouth.
        frame: id of the event frame, "" for nominal patterns.
        negated: denied by a word before the trigger.
        speaker: entity id of the source, where it is named.
        qualifiers: as ``GUIDELINES`` name them.
    """

    pattern: str
    relation: Relation
    subject: Item
    object: Item
    trigger: int = -1
    nominal: bool = False
    frame: str = ""
    negated: bool = False
    speaker: str | None = None
    qualifiers: Mapping[str, Value] = field(default_factory=dict)


@dataclass(slots=True)
class Line:
    """The items of a clause and the noun phrases found in them so far.

    Attributes:
        items: as `clauses` gives them.
        text: of the document.
        head: index of a modifying item to the index of the name that it modifies.
        used: indices of demonyms that a title has taken as its country.
    """

    items: Sequence[Item]
    text: str
    head: dict[int, int] = field(default_factory=dict)
    used: set[int] = field(default_factory=set)

    def __len__(self) -> int:
        return len(self.items)

    def word(self, i: int) -> str:
        """Folded word at `i`, "" for a mention or beyond the ends."""
        return self.items[i].fold if 0 <= i < len(self.items) else ""

    def label(self, i: int) -> Label | None:
        """Label of the mention at `i`, None for a word or beyond the ends."""
        return self.items[i].label if 0 <= i < len(self.items) else None

    def before(self, i: int) -> int:
        """Index of the name that ends before `i`: over a comma, a demonym behind it and its appositions; or -1."""
        k = i - 1
        for _ in range(24):
            if k < 0:
                return -1
            if k in self.head:
                k = self.head[k] if self.head[k] < k else k
                if self.label(k) not in {None, Label.NORP, Label.MONEY}:
                    return k
                k -= 1
            elif self.label(k) is Label.NORP and self.label(k - 1) not in {None, Label.NORP, Label.MONEY}:
                return k - 1
            elif self.label(k) not in {None, Label.NORP, Label.MONEY}:
                return k
            elif self.word(k) == "," or in_class(self.word(k), "former"):
                k -= 1
            else:
                return -1
        return -1

    def after(self, i: int) -> int:
        """First index behind the name at `i`, its demonym, its appositions and the comma that closes them."""
        k = i + 1
        comma = False
        while k < len(self.items):
            if self.head.get(k) == i:
                comma = comma or self.word(k) == ","
                k += 1
            elif (
                self.label(k) is Label.NORP and not self.items[k].prep and not self.items[k].conj and k not in self.head
            ):
                if self.label(k + 1) is Label.PERSON:
                    break
                k += 1
            elif in_class(self.word(k), "former"):
                k += 1
            else:
                break
        return k + 1 if comma and self.word(k) == "," else k

    def together(self, i: int) -> list[int]:
        """The names joined with the one at `i`: ``A``, ``A وB``, ``A، B وC``; labels alike."""
        out = [i]
        pending: list[int] = []
        k = self.after(i)
        for _ in range(12):
            comma = self.word(k) == ","
            j = k + 1 if comma else k
            start = j
            while j < len(self.items) and j < start + 6 and self.label(j) is None:
                if j in self.head and self.head[j] > j:
                    j = self.head[j]
                    break
                if not self.title_like(j):
                    break
                j += 1
            if j >= len(self.items) or self.label(j) in {None, Label.NORP, Label.MONEY}:
                break
            first = self.items[start]
            conj = first.conj or bool(first.fold[:1] == "و")
            if self.items[j].prep or not (conj or comma) or self.label(j) is not self.label(i):
                break
            pending.append(j)
            if conj:
                out.extend(pending)
                pending = []
            k = self.after(j)
        return out

    def title_like(self, k: int) -> bool:
        """Whether the word at `k` may stand before a name as its title, rank or generic head."""
        word = self.word(k)
        if not word or self.items[k].punct:
            return False
        if in_class(word, "honorifics") or in_class(word, "former"):
            return True
        return any(r.core in tables().words["heads"] or r.core in tables().posts for r in readings(word))

    def readings(self, k: int) -> tuple[Reading, ...]:
        """Readings of the word at `k`; none for a mention."""
        word = self.word(k)
        return readings(word) if word else ()

    def names(self) -> Iterator[int]:
        """Indices of mentions other than dates."""
        return (k for k, item in enumerate(self.items) if item.mention and item.label is not Label.DATE)


def in_class(word: str, name: str) -> bool:
    """Whether a folded word, or what is left without و or ف, is in a class of the lexicon."""
    words = tables().words[name]
    return bool(word) and (word in words or (len(word) > 2 and word[0] in "وف" and word[1:] in words))


def has_form(word: str, forms: Mapping[str, bool]) -> bool:
    """Whether a folded word is one of the verb forms, clitics apart."""
    return bool(word) and any(r.core in forms for r in verb_readings(word))


def phrase(line: Line, i: int, words: Sequence[str]) -> bool:
    """Whether the folded words stand at `i`, articles apart."""
    return all(
        w in (found := line.word(i + n), found[2:] if found.startswith("ال") else found) for n, w in enumerate(words)
    )


def prep_at(line: Line, i: int) -> str:
    """Preposition attached to the noun phrase that begins at `i`, or ""."""
    if not 0 <= i < len(line):
        return ""
    if line.items[i].mention:
        return line.items[i].prep
    if in_class(line.word(i), "honorifics") or in_class(line.word(i), "adverbs"):
        return ""
    lexicon = tables()
    found = ""
    for reading in line.readings(i):
        known = (
            reading.core in lexicon.words["heads"]
            or reading.core in lexicon.posts
            or "ال" + reading.core in lexicon.words["honorifics"]
            or reading.core in lexicon.words["transparent"]
            or reading.core in lexicon.words["honorifics"]
        )
        if known and not reading.prep:
            return ""
        if known:
            found = found or reading.prep
    return found
