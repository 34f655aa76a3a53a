"""The encoder's side of the neural tagger: words to pieces, pieces to windows, windows through onnxruntime."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from rawabit.ner.text import fold

__all__ = ["END", "START", "Pieces", "clean", "windows"]

START, END = "<s>", "</s>"
_LONGEST_WORD = 12
_BLANK = "▁"
_LIKE = str.maketrans({"ک": "ك", "ی": "ي", "ې": "ي", "ے": "ي", "ہ": "ه", "ھ": "ه", "ۀ": "ه", "ە": "ه", "ٱ": "ا"})


@lru_cache(maxsize=4096)
def _kept(char: str) -> str:
    if char == "\u0640" or not fold(char):
        return ""
    return "" if unicodedata.category(char) == "Mn" else char.translate(_LIKE)


def clean(word: str) -> str:
    """A word as the vocabulary expects it: no tatweel, zero-width or vowel marks; Persian letters as Arabic ones.

    >>> clean("أُكْتوبــر")
    'أكتوبر'
    """
    return "".join(map(_kept, word))


class Pieces:
    """Word pieces of words, one word at a time, so that offsets need no bookkeeping.

    Attributes:
        start, end: ids that open a window and close a sentence.
        mask, pad: ids that hide a piece and fill a row.
    """

    def __init__(self, tokenizer: Path) -> None:
        """Args: tokenizer: a ``tokenizer.json``."""
        from tokenizers import Tokenizer

        self._tokenizer: Any = Tokenizer.from_file(str(tokenizer))
        self._blank = self._id(_BLANK)
        self.start, self.end = self._id(START), self._id(END)
        self._unknown, self.mask, self.pad = self._id("<unk>"), self._id("<mask>"), self._id("<pad>")
        self.ids: Callable[[str], tuple[int, ...]] = lru_cache(maxsize=65536)(self._ids)

    def _id(self, piece: str) -> int:
        found = self._tokenizer.token_to_id(piece)
        return -1 if found is None else int(found)

    def _ids(self, word: str) -> tuple[int, ...]:
        ids = self._tokenizer.encode(clean(word[:256]), add_special_tokens=False).ids[: _LONGEST_WORD + 1]
        if len(ids) > 1 and ids[0] == self._blank:
            ids = ids[1:]
        return tuple(ids[:_LONGEST_WORD]) or (self._unknown,)


def windows(sizes: Sequence[int], longest: int) -> list[tuple[int, int]]:
    """Cut a row of items into runs of at most `longest` pieces, about equally full.

    Args:
        sizes: pieces of each item (a sentence, or a word of a monstrous one), each at most `longest`.
        longest: pieces a window holds.

    >>> windows([100, 100, 100, 100], 300)
    [(0, 2), (2, 4)]
    """
    total = sum(sizes)
    if not total:
        return [(0, len(sizes))] if sizes else []
    even = total / -(-total // longest)
    out: list[tuple[int, int]] = []
    begin = filled = 0
    for i, size in enumerate(sizes):
        full = filled + size > longest or filled + size / 2 > even
        if i > begin and full:
            out.append((begin, i))
            begin, filled = i, 0
        filled += size
    out.append((begin, len(sizes)))
    return out
