"""Names by the trained model: a label for each word, the place in the word where the name begins, one type a name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from rawabit.ner.clitics import readings
from rawabit.ner.encoder import Encoder, Floats
from rawabit.ner.model import Document, Label, Mention, Span
from rawabit.ner.text import fold_map
from rawabit.ner.tokens import Kind, Token

__all__ = ["NeuralTagger", "Word", "decode", "names"]

_LABELS = (Label.PERSON, Label.ORGANIZATION, Label.PLACE, Label.PRODUCT, Label.NORP)
_EDGES = frozenset("\"'.,:;!?()[]{}<>-/\\|*…،؛")
_NEVER = -1e9


class NeuralTagger:
    """Finds PERSON, ORGANIZATION, PLACE, PRODUCT and NORP mentions with the model that the package ships.

    Results depend on the document alone; time is linear in its length, memory does not grow with a window's content.

    Args:
        folder: of a model that `rawabit.ner.export` wrote; None for the package's own.
        threads: for onnxruntime; 0 for as many as there are cores.

    Attributes:
        version: changes with the model, its calibration and the code's revision.
        encoder: for whoever needs the states of the text too.

    Raises:
        FileNotFoundError: there is no model in `folder`.
    """

    name = "model"

    def __init__(self, folder: Path | None = None, threads: int = 0) -> None:
        self.encoder = Encoder(folder, threads)
        self.version: str = f"1-{self.encoder.digest}"

    def find(self, document: Document, sentences: Sequence[Span]) -> list[Mention]:
        """Mentions in order, not overlapping, each inside one of `sentences`."""
        return list(self.mentions(document.text, self.words(document.text, sentences)))

    def words(self, text: str, sentences: Sequence[Span]) -> list[Word]:
        """Words of the sentences with what the model says of each."""
        out: list[Word] = []
        for window in self.encoder.read(text, sorted(sentences)):
            scores = _log_softmax(window.outputs["tags"])
            rows = zip(window.words, window.sentence, scores, window.outputs["strip"], strict=True)
            out.extend(Word(*row) for row in rows)
        return out

    def mentions(self, text: str, words: Sequence[Word]) -> Iterator[Mention]:
        """Mentions from what the model says of the words."""
        calibration = self.encoder.card.get("calibration", {})
        found = names(text, words, self.encoder.labels)
        for name in found:
            yield Mention(
                name.start, name.end, text[name.start : name.end], name.label, None, _calibrated(name, calibration)
            )

    def tags(self, sentences: Sequence[Sequence[str]], head: str = "") -> list[list[str]]:
        """BIO tags of sentences that are cut into words already, for corpora.

        Args:
            sentences: words.
            head: another label set of the model ("anercorp"), "" for its own.
        """
        labels = self.encoder.card["heads"][head] if head else self.encoder.labels
        rows = self.encoder.label(sentences, f"tags.{head}" if head else "tags")
        return [[labels[i] for i in decode(_log_softmax(row), labels)] for row in rows]


@dataclass(frozen=True, slots=True)
class Word:
    """A word as the model sees it.

    Attributes:
        token: the word.
        sentence: index of its sentence.
        scores: log probability of each label, [labels].
        strip: logits of how many letters of clitics stand before the name that begins here, [4].
    """

    token: Token
    sentence: int
    scores: Floats
    strip: Floats


@dataclass(frozen=True, slots=True)
class _Name:
    start: int
    end: int
    label: Label
    probability: float
    first: int
    last: int


def _log_softmax(logits: Floats) -> Floats:
    shifted = logits - logits.max(-1, keepdims=True)
    out: Floats = shifted - np.log(np.exp(shifted).sum(-1, keepdims=True))
    return out


def decode(scores: Floats, labels: Sequence[str]) -> list[int]:
    """The likeliest row of labels in which no I- stands but after its B- or I-.

    Args:
        scores: log probabilities, [words, labels].
        labels: their names, in BIO.
    """
    if not len(scores):
        return []
    before = np.array(
        [[b[2:] == a[2:] and a != "O" if b.startswith("I-") else True for b in labels] for a in labels], bool
    )
    begins = np.array([not label.startswith("I-") for label in labels])
    best = scores.argmax(-1)
    if begins[best[0]] and before[best[:-1], best[1:]].all():
        return [int(i) for i in best]
    cost = np.where(before, 0.0, _NEVER)
    row = np.where(begins, scores[0], _NEVER)
    back: list[np.ndarray[tuple[int, ...], np.dtype[np.intp]]] = []
    for score in scores[1:]:
        ways = row[:, None] + cost
        back.append(ways.argmax(0))
        row = ways.max(0) + score
    path = [int(row.argmax())]
    for choice in reversed(back):
        path.append(int(choice[path[-1]]))
    return path[::-1]


def names(text: str, words: Sequence[Word], labels: Sequence[str]) -> list[_Name]:
    """Names in the words of a document."""
    found: list[_Name] = []
    begin = 0
    for end in range(1, len(words) + 1):
        if end == len(words) or words[end].sentence != words[begin].sentence:
            found.extend(_sentence(text, words, begin, end, labels))
            begin = end
    return found


def _sentence(text: str, words: Sequence[Word], begin: int, end: int, labels: Sequence[str]) -> Iterator[_Name]:
    scores = np.stack([word.scores for word in words[begin:end]])
    path = [labels[i] for i in decode(scores, labels)]
    at = 0
    while at < len(path):
        if path[at] == "O":
            at += 1
            continue
        stop = at + 1
        while stop < len(path) and path[stop].startswith("I-"):
            stop += 1
        label = path[at][2:]
        if label in _LABELS:
            name = _name(text, words, begin + at, begin + stop, Label(label), labels)
            if name is not None:
                yield name
        at = stop


def _name(text: str, words: Sequence[Word], first: int, last: int, label: Label, labels: Sequence[str]) -> _Name | None:
    while first < last and words[first].token.fold in _EDGES:
        first += 1
    while first < last and words[last - 1].token.fold in _EDGES:
        last -= 1
    if first == last:
        return None
    columns = [i for i, name in enumerate(labels) if name[2:] == label.value]
    probability = float(np.mean([np.exp(word.scores[columns]).sum() for word in words[first:last]]))
    start = _start(text, words[first])
    return _Name(start, words[last - 1].token.end, label, probability, first, last)


def _start(text: str, word: Word) -> int:
    """Where in its first word a name begins."""
    token = word.token
    if token.kind is not Kind.ARABIC:
        return token.start
    likely = [cut for cut, _ in readings(token.fold) if cut < len(word.strip)]
    cut = max(likely, key=lambda n: (word.strip[n], -n))
    if not cut:
        return token.start
    return token.start + fold_map(text[token.start : token.end]).origin[cut]


def _calibrated(name: _Name, calibration: Mapping[str, Sequence[float]]) -> float:
    slope, shift = calibration.get(name.label.value, (1.0, 0.0))
    p = min(max(name.probability, 1e-6), 1 - 1e-6)
    return round(float(1 / (1 + np.exp(-(slope * np.log(p / (1 - p)) + shift)))), 4)


def relabelled(name: _Name, label: Label) -> _Name:
    """The name with another label."""
    return replace(name, label=label)
