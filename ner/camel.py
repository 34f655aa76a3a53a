"""``--ner camel``: names by the NERecognizer of camel-tools (Obeid et al. 2020), guarded against its known faults.

camel-tools loads the model; its labels are its own. What differs from calling ``NERecognizer.predict``:

- words come from `rawabit.ner.tokens`, with offsets (``3.5`` is one word), without diacritics and tatweel, which
  the models never saw;
- segments are padded to the longest of their batch instead of to 256, and sorted by length, so it is faster; the
  attention mask makes padding inert, so the labels are the same;
- a word of more pieces than a segment holds is cut instead of ending the run; a word without pieces keeps its place
  instead of shifting the labels of all that follow;
- labels are those of the model's configuration; an I- that continues nothing begins a mention;
- MISC is left out (``camel_labels.toml`` says why); attached particles are left out of names.

Importing this module needs neither camel-tools nor torch; `CamelTagger` does.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from rawabit.ner import gazetteer
from rawabit.ner.camel_data import CamelUnavailable, label_of, load_recognizer
from rawabit.ner.clitics import name_start
from rawabit.ner.lexicon import lexicon
from rawabit.ner.model import Document, Label, Mention, Span
from rawabit.ner.text import fold
from rawabit.ner.tokens import Kind, Token, tokens

__all__ = ["CamelTagger", "CamelUnavailable"]

_SEGMENT = 256  # what NERecognizer.predict cuts sentences to, [CLS] and [SEP] included
_BATCH_PIECES = 512  # padded pieces a forward pass: bounds memory; on a CPU larger batches are no faster
_SURROGATES = re.compile("[\ud800-\udfff]")

Predicted = tuple[str, float]
"""A model's label and its probability."""

_Name = tuple[int, int, Label, float]  # start, end, label, confidence
_Piece = tuple[int, ...]
_Segment = tuple[int, list[int]]  # sentence, words of it that have pieces


class CamelTagger:
    """Finds persons, organisations and places with camel-tools.

    Args:
        model_dir: folder of a BERT model for token classification (config.json, vocab.txt and tokenizer_config.json
            or tokenizer.json, model.safetensors or pytorch_model.bin); None for the model that
            ``camel_data -i ner-arabert`` installs.

    Attributes:
        version: of camel-tools, and a hash of the model's files.

    Raises:
        CamelUnavailable: camel-tools, the model or a part of it is missing or unusable.
    """

    name = "camel"

    def __init__(self, model_dir: str | Path | None = None) -> None:
        loaded = load_recognizer(None if model_dir is None else Path(model_dir))
        self.version: str = loaded.version
        self._model: Any = loaded.stock.model.eval()
        self._tokenizer: Any = loaded.stock.tokenizer
        config = self._model.config
        self._labels = [str(config.id2label[i]) for i in range(len(config.id2label))]
        self._room = min(_SEGMENT, int(config.max_position_embeddings)) - 2

    def find(self, document: Document, sentences: Sequence[Span]) -> list[Mention]:
        """Mentions in order, not overlapping, each inside one of `sentences`.

        A mention's confidence is the smallest of the probabilities that the model gives its words' labels.
        """
        text = document.text
        split = [list(tokens(text, start, end)) for start, end in sorted(sentences)]
        labels = self.predict([[_word(text, token) for token in sentence] for sentence in split])
        return _mentions(
            text, [name for pair in zip(split, labels, strict=True) for name in _names(text, pair[0], pair[1])]
        )

    def predict(self, sentences: Sequence[Sequence[str]]) -> list[list[Predicted | None]]:
        """Label words as ``NERecognizer.predict`` does: a label for each word; None for one the model cannot see.

        The label of a word is that of its first piece. Where a sentence has more pieces than the model takes, it is
        cut between words, and the parts are labelled each by itself.
        """
        pieces = self._pieces({word: None for sentence in sentences for word in sentence})
        out: list[list[Predicted | None]] = [[None] * len(sentence) for sentence in sentences]
        segments: list[_Segment] = []
        for number, sentence in enumerate(sentences):
            segments.extend((number, part) for part in _cut([len(pieces[word]) for word in sentence], self._room))
        rows = [[pieces[sentences[number][word]] for word in words] for number, words in segments]
        for batch in _batches([sum(map(len, row)) + 2 for row in rows]):
            for i, predicted in zip(batch, self._run([rows[i] for i in batch]), strict=True):
                number, words = segments[i]
                for word, label in zip(words, predicted, strict=True):
                    out[number][word] = label
        return out

    def _pieces(self, words: Iterable[str]) -> dict[str, _Piece]:
        """Ids of the pieces of each word, as many as a segment holds at most."""
        known = list(words)
        if not known:
            return {}
        encoded = self._tokenizer(
            [_SURROGATES.sub("\ufffd", word) for word in known],
            add_special_tokens=False,
            return_attention_mask=False,
            return_token_type_ids=False,
            verbose=False,
        )["input_ids"]
        return {word: tuple(ids[: self._room]) for word, ids in zip(known, encoded, strict=True)}

    def _run(self, rows: Sequence[Sequence[_Piece]]) -> Iterator[list[Predicted]]:
        """Labels of the words of each row, in one forward pass."""
        import torch

        tokenizer = self._tokenizer
        flat = [[tokenizer.cls_token_id, *(i for word in row for i in word), tokenizer.sep_token_id] for row in rows]
        width = max(map(len, flat))
        ids = torch.tensor([row + [tokenizer.pad_token_id] * (width - len(row)) for row in flat])
        mask = torch.tensor([[1] * len(row) + [0] * (width - len(row)) for row in flat])
        with torch.inference_mode():
            logits = self._model(input_ids=ids, attention_mask=mask, token_type_ids=torch.zeros_like(ids))[0].float()
            best = logits.numpy().argmax(axis=2).tolist()  # the first of equals, as camel-tools takes it
            sure = logits.softmax(dim=2).amax(dim=2).tolist()
        for i, row in enumerate(rows):
            predicted, at = [], 1
            for word in row:
                predicted.append((self._labels[best[i][at]], float(sure[i][at])))
                at += len(word)
            yield predicted


def _word(text: str, token: Token) -> str:
    """A token as the models saw words in training: plain letters, no marks, tatweel or presentation forms."""
    written = text[token.start : token.end]
    if token.kind is not Kind.ARABIC:
        return written
    letters = unicodedata.normalize("NFKC", written)
    return "".join(c for c in letters if c != "ـ" and unicodedata.category(c) not in {"Mn", "Cf"}) or written


def _cut(sizes: Sequence[int], room: int) -> Iterator[list[int]]:
    """Runs of words whose pieces fit into `room`, greedily, as camel-tools cuts them; words of no piece left out.

    >>> list(_cut([2, 0, 2, 1, 4], 4))
    [[0, 2], [3], [4]]
    """
    run: list[int] = []
    used = 0
    for i, size in enumerate(sizes):
        if not size:
            continue
        if run and used + size > room:
            yield run
            run, used = [], 0
        run.append(i)
        used += size
    if run:
        yield run


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Indices of rows that go together: of like length, longest first, `_BATCH_PIECES` at most after padding.

    >>> list(_batches([3, 2000, 4]))
    [[1], [2, 0]]
    """
    batch: list[int] = []
    for i in sorted(range(len(lengths)), key=lambda i: (-lengths[i], i)):
        if batch and (len(batch) + 1) * lengths[batch[0]] > _BATCH_PIECES:
            yield batch
            batch = []
        batch.append(i)
    if batch:
        yield batch


def _runs(predicted: Sequence[Predicted | None]) -> Iterator[tuple[int, int, str, float]]:
    """First word, last word, tag and confidence of each run of one B- and its I-, or of stray I-.

    A word that the model could not see doesn't end a run.

    >>> list(_runs([("I-LOC", 0.9), None, ("I-LOC", 0.8), ("B-LOC", 0.7), ("I-ORG", 0.6), ("O", 1.0)]))
    [(0, 2, 'LOC', 0.8), (3, 3, 'LOC', 0.7), (4, 4, 'ORG', 0.6)]
    """
    run: tuple[int, int, str, float] | None = None
    for i, word in enumerate(predicted):
        if word is None:
            continue
        label, sure = word
        tag = label[2:] if label[:2] in {"B-", "I-"} else ""
        if run is not None and label[:2] == "I-" and tag == run[2]:
            run = (run[0], i, tag, min(run[3], sure))
            continue
        if run is not None:
            yield run
        run = (i, i, tag, sure) if tag else None
    if run is not None:
        yield run


def _names(text: str, words: Sequence[Token], predicted: Sequence[Predicted | None]) -> Iterator[_Name]:
    """The runs of a sentence whose tag is a label, without the brackets, quotes and full stops at their ends."""
    for first, last, tag, sure in _runs(predicted):
        label = label_of(tag)
        solid = [t for t in words[first : last + 1] if any(map(str.isalnum, text[t.start : t.end]))]
        if label is not None and solid:
            yield solid[0].start, solid[-1].end, label, round(min(sure, 1.0), 4)


def _mentions(text: str, names: Sequence[_Name]) -> list[Mention]:
    """Names without the particles that are written onto them (the models were taught to leave them on)."""
    written = frozenset(fold(text[start:end]) for start, end, _, _ in names)
    out = []
    for start, end, label, sure in names:
        begin = name_start(text, start, end, _known(fold(text[start:end]), label, written))
        out.append(Mention(begin, end, text[begin:end], label, confidence=sure))
    return out


def _known(name: str, label: Label, written: frozenset[str]) -> Callable[[str], bool]:
    """Which folded names are known beside `name`: those of the gazetteer, given names of people, heads of
    organisations, and what the document names without a particle elsewhere."""
    words = lexicon()
    begins: frozenset[str] = frozenset()
    if label is Label.PERSON:
        begins = words.given
    elif label is Label.ORGANIZATION:
        begins = words.state | words.of_place | words.site | words.open_heads
    first = name.split(" ", 1)[0]

    def known(other: str) -> bool:
        if other in begins or gazetteer.load().lookup(other) is not None:
            return True
        return other in written and other.split(" ", 1)[0] != first

    return known
