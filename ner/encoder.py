"""The encoder's side of the neural tagger: words to pieces, pieces to windows, windows through onnxruntime."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rawabit.ner.model import Span
from rawabit.ner.parallel import ahead, cores
from rawabit.ner.text import fold
from rawabit.ner.tokens import Token, tokens

__all__ = ["Encoder", "Floats", "Pieces", "States", "clean", "windows"]

Floats = NDArray[np.float32]

_START, _END, _UNKNOWN, _MASK, _PAD, _BLANK = "<s>", "</s>", "<unk>", "<mask>", "<pad>", "▁"
_LONGEST_WORD = 12
_READ_OF_A_WORD = 256
_LIKE = str.maketrans({"ک": "ك", "ی": "ي", "ې": "ي", "ے": "ي", "ہ": "ه", "ھ": "ه", "ۀ": "ه", "ە": "ه", "ٱ": "ا"})
_FILES = ("model.onnx", "model.json", "tokenizer.json")


@lru_cache(maxsize=4096)
def _kept(char: str) -> str:
    if char == "\u0640" or not fold(char) or unicodedata.category(char) in {"Mn", "Cs"}:
        return ""
    return char.translate(_LIKE)


def clean(word: str) -> str:
    """A word as the vocabulary expects it: no tatweel, zero-width or vowel marks; Persian letters as Arabic ones.

    >>> clean("أُكْتوبــر")
    'أكتوبر'
    """
    return "".join(map(_kept, word))


class Pieces:
    """Word pieces, one word at a time, so that offsets need no bookkeeping.

    Args:
        tokenizer: text of a ``tokenizer.json``.

    Attributes:
        ids: pieces of a word: at least one, at most 12.
        start, end: ids that open a window and close a sentence.
        mask, pad: ids that hide a piece and fill a row.
    """

    def __init__(self, tokenizer: str) -> None:
        from tokenizers import Tokenizer

        self._tokenizer: Any = Tokenizer.from_str(tokenizer)
        self._blank, self._unknown = self._id(_BLANK), self._id(_UNKNOWN)
        self.start, self.end, self.mask, self.pad = map(self._id, (_START, _END, _MASK, _PAD))
        self.ids: Callable[[str], tuple[int, ...]] = lru_cache(maxsize=65536)(self._ids)

    def _id(self, piece: str) -> int:
        found = self._tokenizer.token_to_id(piece)
        if found is None:
            raise ValueError(f"the tokenizer has no piece {piece}")
        return int(found)

    def _ids(self, word: str) -> tuple[int, ...]:
        ids = self._tokenizer.encode(clean(word[:_READ_OF_A_WORD]), add_special_tokens=False).ids
        if len(ids) > 1 and ids[0] == self._blank:
            ids = ids[1:]
        return tuple(ids[:_LONGEST_WORD]) or (self._unknown,)


def windows(sizes: Sequence[int], longest: int) -> list[Span]:
    """Cut a row of items into runs of at most `longest` pieces, about equally full.

    Args:
        sizes: pieces of each item, each at most `longest`.
        longest: pieces a window holds.

    >>> windows([100, 100, 100, 100], 300)
    [(0, 2), (2, 4)]
    """
    total = sum(sizes)
    if not total:
        return []
    even = total / -(-total // longest)
    out: list[Span] = []
    begin = filled = 0
    for i, size in enumerate(sizes):
        if i > begin and (filled + size > longest or filled + size / 2 > even):
            out.append((begin, i))
            begin, filled = i, 0
        filled += size
    out.append((begin, len(sizes)))
    return out


@dataclass(frozen=True, slots=True)
class States:
    """What the encoder made of one window.

    Attributes:
        words: the window's words, [w].
        sentence: index of each word's sentence among those given, [w].
        first: index of each word's first piece, int64 [w].
        outputs: arrays by name, those that were asked for: "tags" [w, labels], "strip" [w, 4] (logits), "states"
            [pieces, width], "attention" [heads, pieces, pieces], "tags.HEAD".
    """

    words: tuple[Token, ...]
    sentence: tuple[int, ...]
    first: NDArray[np.int64]
    outputs: dict[str, Floats]


class Encoder:
    """Runs a tagger's ONNX file, a window at a time: what else is read never changes a result.

    Args:
        folder: with model.onnx, model.json and tokenizer.json; None for one in the package.
        threads: windows that run at once; 0 for as many as there are cores. Two windows side by side on a core each
            are a third faster than one on two cores, which wait for each other in every layer.
        tier: which of the package's: "default", or "fast".

    Attributes:
        card: what model.json says: labels, version, calibration.
        labels: of the output "tags".
        digest: identifies model and settings.
        threads: as given, or the number of cores.

    Raises:
        FileNotFoundError: a file of the model is missing.
    """

    def __init__(self, folder: Path | None = None, threads: int = 0, tier: str = "default") -> None:
        import hashlib

        import onnxruntime

        if tier not in {"default", "fast"}:
            raise ValueError(f"no such tier: {tier!r} (default or fast)")
        package = files("rawabit.ner.data")
        place: Traversable = package.joinpath("fast" if tier == "fast" else "model") if folder is None else folder
        words = package.joinpath("model") if folder is None else place  # the package's tiers have one tokenizer
        found = {name: (words if name == "tokenizer.json" else place).joinpath(name) for name in _FILES}
        missing = [name for name, file in found.items() if not file.is_file()]
        if missing:
            raise FileNotFoundError(f"no tagger model in {place}: {', '.join(missing)} missing")
        self.card: dict[str, Any] = json.loads(found["model.json"].read_text(encoding="utf-8"))
        self.labels: tuple[str, ...] = tuple(self.card["labels"])
        self.digest = hashlib.sha256(json.dumps(self.card, sort_keys=True).encode()).hexdigest()[:12]
        self._longest = int(self.card["longest"])
        self.pieces = Pieces(found["tokenizer.json"].read_text(encoding="utf-8"))
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        data = found["model.onnx"].read_bytes()
        self._session: Any = onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])
        self.threads = threads or cores()
        self._pool = ThreadPoolExecutor(self.threads, "encoder") if self.threads > 1 else None

    def read(
        self, text: str, sentences: Sequence[Span], outputs: Sequence[str] = ("tags", "strip")
    ) -> Iterator[States]:
        """Read the sentences in windows that break between them; one too long for a window is cut between words.

        Args:
            text: the document.
            sentences: in order; what is outside them is not read.
            outputs: which to compute.
        """
        rows = [list(tokens(text, start, end)) for start, end in sentences]
        ids = [[self.pieces.ids(text[word.start : word.end]) for word in row] for row in rows]

        def window(run: Sequence[tuple[int, int, int]]) -> States:
            words = tuple(rows[i][j] for i, begin, stop in run for j in range(begin, stop))
            places = tuple(i for i, begin, stop in run for _ in range(begin, stop))
            return States(words, places, *self._run([ids[i][begin:stop] for i, begin, stop in run], outputs))

        yield from ahead(window, self._runs(ids), self._pool, self.threads)

    def label(self, sentences: Sequence[Sequence[str]], output: str = "tags") -> list[Floats]:
        """Logits for the words of sentences that are cut into words already, [words, labels] each."""
        ids = [[self.pieces.ids(word) for word in row] for row in sentences]
        out: list[list[Floats]] = [[] for _ in ids]
        for run in self._runs(ids):
            _, found = self._run([ids[i][begin:stop] for i, begin, stop in run], [output])
            at = 0
            for i, begin, stop in run:
                out[i].append(found[output][at : at + stop - begin])
                at += stop - begin
        width = len(self.labels) if output == "tags" else len(self.card["heads"][output.removeprefix("tags.")])
        return [np.concatenate(rows) if rows else np.zeros((0, width), np.float32) for rows in out]

    def _runs(self, ids: Sequence[Sequence[tuple[int, ...]]]) -> Iterator[list[tuple[int, int, int]]]:
        """Windows, as (sentence, first word, end word)."""
        room = self._longest - 1
        parts: list[tuple[int, int, int]] = []
        sizes: list[int] = []
        for i, row in enumerate(ids):
            lengths = [len(word) for word in row]
            for begin, stop in windows(lengths, room - 1):
                parts.append((i, begin, stop))
                sizes.append(sum(lengths[begin:stop]) + 1)
        for begin, stop in windows(sizes, room):
            yield parts[begin:stop]

    def _run(
        self, rows: Sequence[Sequence[tuple[int, ...]]], outputs: Sequence[str]
    ) -> tuple[NDArray[np.int64], dict[str, Floats]]:
        ids = [self.pieces.start]
        first: list[int] = []
        for row in rows:
            for word in row:
                first.append(len(ids))
                ids.extend(word)
            ids.append(self.pieces.end)
        return np.array(first, np.int64), self.run(ids, first, outputs)

    def run(self, ids: Sequence[int], first: Sequence[int], outputs: Sequence[str]) -> dict[str, Floats]:
        """Arrays by name for a window of pieces, `first` of which begin words."""
        inputs = {"ids": np.array(ids, np.int64), "first": np.array(first, np.int64)}
        return dict(zip(outputs, self._session.run(list(outputs), inputs), strict=True))
