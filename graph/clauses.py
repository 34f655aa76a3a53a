"""A sentence as the grammar sees it: words and mentions in a row, glued clitics read off, brackets set aside."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rawabit.graph.frames import tables
from rawabit.graph.model import Entity
from rawabit.ner.model import Label, Mention, Span
from rawabit.ner.tokens import tokens

__all__ = ["Item", "Named", "clauses", "index_mentions", "items_of"]

Named = tuple[Mention, Entity]

_GLUED = re.compile("([وف]?)([بلك]?)(?:ال|ل)?")
_QUOTES = frozenset("\"'«»[]{}*#")
_OPEN, _CLOSE = "(", ")"


@dataclass(frozen=True, slots=True)
class Item:
    """A word, a punctuation mark or a mention.

    Attributes:
        start, end: in the document.
        fold: folded text of a word or a mark; "" for a mention.
        mention, entity: of a mention, else None.
        conj: whether و or ف is attached to the mention.
        prep: preposition attached to the mention: ب, ل, ك or "".
        quoted: stands in guillemets or double quotes.
    """

    start: int
    end: int
    fold: str = ""
    mention: Mention | None = None
    entity: Entity | None = None
    conj: bool = False
    prep: str = ""
    quoted: bool = False

    @property
    def label(self) -> Label | None:
        """Label of the mention, None for a word."""
        return self.mention.label if self.mention else None

    @property
    def who(self) -> Entity:
        """The entity of the mention."""
        if self.entity is None:
            raise ValueError("a word has no entity")
        return self.entity

    @property
    def punct(self) -> bool:
        """Whether it is a mark that separates."""
        return self.mention is None and not self.fold[:1].isalnum()


def index_mentions(entities: Sequence[Entity]) -> tuple[list[int], list[Named]]:
    """Mentions of all entities in order of start, longest first, without overlaps; and their starts.

    The order does not depend on the order of `entities`.
    """
    rows = [(m, e) for e in entities for m in e.mentions]
    rows.sort(key=lambda r: (r[0].start, -r[0].end, r[1].id, r[0].label))
    kept: list[Named] = []
    for row in rows:
        if row[0].end > row[0].start and (not kept or row[0].start >= kept[-1][0].end):
            kept.append(row)
    return [m.start for m, _ in kept], kept


def clauses(items: Sequence[Item]) -> Iterator[tuple[Item, ...]]:
    """The items of a sentence as clauses: every bracket behind the name that it explains, the main line last."""
    main: list[Item] = []
    inner: list[Item] = []
    depth = 0
    for item in items:
        if item.fold == _OPEN:
            depth += 1
            if depth == 1:
                inner = []
        elif item.fold == _CLOSE and depth:
            depth -= 1
            if depth == 0 and inner:
                if main and main[-1].mention is None and not main[-1].punct and len(inner) == 1:
                    main.extend(inner)
                else:
                    before = [i for i in main[-1:] if i.mention]
                    if before and any(i.mention for i in inner):
                        yield tuple(before + inner)
        elif depth:
            inner.append(item)
        else:
            main.append(item)
    if depth:
        main.extend(inner)
    yield tuple(_without_dates(main))


def items_of(text: str, sentence: Span, index: tuple[list[int], list[Named]]) -> Iterator[Item]:
    """Words, marks and mentions of a sentence in order, quotation marks aside; `index` is from `index_mentions`."""
    starts, named = index
    begin, end = sentence
    at = bisect_left(starts, begin)
    position = begin
    quoted = False
    pending: list[Item] = []
    while True:
        inside = at < len(named) and named[at][0].end <= end
        stop = named[at][0].start if inside else end
        for token in tokens(text, position, stop):
            word = token.fold
            if word and (word in _QUOTES or set(word) <= _QUOTES):
                quoted = word == '"' and not quoted if text[token.start] not in "«»" else text[token.start] == "«"
                continue
            if word:
                pending.append(Item(token.start, token.end, word, quoted=quoted))
        if not inside:
            yield from pending
            return
        mention, entity = named[at]
        glued = _glued(text, pending, mention.start)
        if glued:
            pending.pop()
        yield from pending
        conj, prep = (bool(glued[1]), glued[2]) if glued else (False, "")
        yield Item(mention.start, mention.end, "", mention, entity, conj, prep, quoted)
        pending = []
        position = mention.end
        at += 1


def _glued(text: str, before: Sequence[Item], start: int) -> re.Match[str] | None:
    """The clitics before a mention: attached to it, to its opening quotation mark, or one letter apart."""
    if not before or not before[-1].fold:
        return None
    gap = text[before[-1].end : start]
    if gap.strip("«\"“'ـ" if len(before[-1].fold) > 1 else " «\"“'ـ"):
        return None
    return _GLUED.fullmatch(before[-1].fold)


def _without_dates(items: Sequence[Item]) -> Iterator[Item]:
    """Dates are no arguments and stand anywhere: they go, with the commas around them and the words before them."""
    out: list[Item] = []
    skip_comma = False
    for item in items:
        if item.label is Label.DATE:
            while out and out[-1].mention is None and out[-1].fold in tables().words["date_heads"]:
                out.pop()
            skip_comma = bool(out) and out[-1].fold in {",", "-"}
            if skip_comma:
                out.pop()
                skip_comma = True
            continue
        if skip_comma and item.fold in {",", "-"}:
            skip_comma = False
            continue
        skip_comma = False
        out.append(item)
    yield from out
