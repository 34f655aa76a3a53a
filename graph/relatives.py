"""Who is brought into a text as somebody's relative (``شقيقه سالم الحمداني``, ``سالم الحمداني، والد ليلى``), and what
as a part of another body (``مدار كارغو التابعة لمدار``)."""

from __future__ import annotations

import re

from rawabit.ner.model import Label, Tagged
from rawabit.ner.tables import load_table
from rawabit.ner.text import fold

__all__ = ["aside_of", "is_part"]

_BEFORE = 60  # characters in which the noun of kinship stands before the name
_WORDS = 7
_STOP = re.compile(r"[.!؟?؛;:\n]")
_WORD = re.compile(r"\w+")
_AFTER = re.compile(r"\s*[»\"”]?\s*[،,]?\s*(?:و?(?:هو|هي|كان|كانت)\s+)?(\w+)")
_SUFFIXES = ("ه", "ها", "هم", "هما", "ي", "نا")
_CLITICS = "وفبلك"
_NEAR = 3  # words before a name of which one may say that it is a part
_DATA = load_table("names", "rawabit.graph.data")
_PART_BEFORE = frozenset(map(fold, _DATA["parts_before"]))
_PART_AFTER = frozenset(map(fold, _DATA["parts_after"]))


def _nouns() -> frozenset[str]:
    nouns = [
        fold(words).split()[0] for row in load_table("kinship", "rawabit.graph.data")["kin"] for words in row["words"]
    ]
    plain = {noun for noun in nouns if len(noun) > 2 and not noun.startswith(("ال", "ابي", "ابو"))}
    stems = {noun[:-1] + "ت" if noun.endswith("ه") else noun for noun in plain | {"اب", "ام"}}
    return frozenset(plain | {stem + suffix for stem in stems for suffix in _SUFFIXES})


_KIN = _nouns()


def _is_kin(word: str) -> bool:
    return word in _KIN or (word[0] in _CLITICS and word[1:] in _KIN)


def aside_of(tagged: Tagged, i: int) -> int:
    """How much a mention of a person is an aside: 2 after a noun of kinship, 1 before one, else 0.

    Args:
        tagged: the document.
        i: index of the mention.
    """
    text, mention = tagged.document.text, tagged.mentions[i]
    start = max(0, mention.start - _BEFORE)
    others = [m.end for m in tagged.mentions[max(0, i - 8) : i] if m.label is Label.PERSON and m.end <= mention.start]
    run = _STOP.split(text[max([start, *others]) : mention.start])[-1]
    if any(map(_is_kin, _WORD.findall(fold(run))[-_WORDS:])):
        return 2
    after = _AFTER.match(text, mention.end)
    return int(after is not None and _is_kin(fold(after[1])))


def is_part(tagged: Tagged, i: int) -> bool:
    """Whether the text calls a body a part of another, by a word before it (``ذراعها``) or after it (``التابعة``)."""
    text, mention = tagged.document.text, tagged.mentions[i]
    run = _STOP.split(text[max(0, mention.start - _BEFORE) : mention.start])[-1]
    before = [word[1:] if word[:1] in "ول" and len(word) > 4 else word for word in _WORD.findall(fold(run))[-_NEAR:]]
    after = _AFTER.match(text, mention.end)
    return any(word in _PART_BEFORE for word in before) or (after is not None and fold(after[1]) in _PART_AFTER)
