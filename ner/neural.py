"""Names by the trained model, with what rules and the rest of the document say of them.

The model gives each word a probability for each label. What a list or a rule knows, and what the document names
elsewhere, is added to these as evidence before the likeliest row of labels is sought; so a list never decides
alone, and a name has one type in one article unless its sentences insist.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from rawabit.ner.clitics import readings
from rawabit.ner.decode import decode, log_softmax
from rawabit.ner.encoder import Encoder, Floats
from rawabit.ner.model import Document, Label, Mention, Span
from rawabit.ner.rules import RuleTagger
from rawabit.ner.tables import load_table
from rawabit.ner.text import fold, fold_map
from rawabit.ner.tokens import Kind, Token

__all__ = ["Evidence", "NeuralTagger", "Word"]

_REVISION = 3
_LABELS = {label.value: label for label in (Label.PERSON, Label.ORGANIZATION, Label.PLACE, Label.PRODUCT, Label.NORP)}
_EDGES = frozenset("\"'.,:;!?()[]{}<>-/\\|*…")
_SURE = 0.98


@dataclass(frozen=True, slots=True)
class Evidence:
    """How much each kind of evidence weighs; zero leaves it out.

    Attributes:
        rule: times the log odds of a rule's precision, for the labels of the words it names.
        again: times the log odds of a name that the document has elsewhere.
        start: for the place in the word where a rule lets the name begin.
        seen: for a place that leaves a word which the document has elsewhere.
        merged: for reading a double lam as a preposition and an article (``للصين``).
        least: mentions whose confidence is below this are left out.
    """

    rule: float = 2.0
    again: float = 1.0
    start: float = 3.0
    seen: float = 2.0
    merged: float = 2.0
    least: float = 0.3


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
    """A name found: offsets, label, mean probability of its words' labels, first and end word, folded words."""

    start: int
    end: int
    label: Label
    probability: float
    first: int
    last: int
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Hint:
    """Evidence that the words from `first` to before `last` are a name."""

    first: int
    last: int
    label: Label
    weight: float


class NeuralTagger:
    """Finds PERSON, ORGANIZATION, PLACE, PRODUCT and NORP mentions with the model that the package ships.

    Results depend on the document alone; time is linear in its length.

    Args:
        folder: of a model that `rawabit.ner.export.export` wrote; None for one of the package's own.
        threads: windows of text that are read at once; 0 for as many as there are cores. Several threads may call
            `find` at a time (`rawabit.ner.tag.tag` does so).
        tier: which of the package's models: "default" for quality, "fast" for archives.
        rules: whether the rules of `rawabit.ner.rules` give evidence too.
        evidence: the weights, None for the measured ones.

    Attributes:
        name: "model" or "fast".
        version: changes with the model, its calibration, the rules and the code's revision.
        encoder: for whoever needs the states of the text too.

    Raises:
        FileNotFoundError: there is no model in `folder`.
    """

    def __init__(
        self,
        folder: Path | None = None,
        threads: int = 0,
        *,
        tier: str = "default",
        rules: bool = True,
        evidence: Evidence | None = None,
    ) -> None:
        self.name = "fast" if tier == "fast" and folder is None else "model"
        self.encoder = Encoder(folder, threads, tier)
        self._rules = RuleTagger() if rules else None
        self._evidence = evidence or Evidence()
        ruled = self._rules.version if self._rules else "0"
        self.version: str = f"{_REVISION}.{ruled}-{self.encoder.digest}"
        self._calibration: Mapping[str, Any] = self.encoder.card.get(
            "calibration" if rules else "calibration_alone", {}
        )

    def find(self, document: Document, sentences: Sequence[Span]) -> list[Mention]:
        """Mentions in order, not overlapping, each inside one of `sentences`."""
        spans = sorted(sentences)
        known = self._rules.find(document, spans) if self._rules else []
        return self.mentions(document.text, self.words(document.text, spans), known)

    def words(self, text: str, sentences: Sequence[Span]) -> list[Word]:
        """Words of the sentences with what the model says of each."""
        out: list[Word] = []
        for window in self.encoder.read(text, sentences):
            scores = log_softmax(window.outputs["tags"])
            rows = zip(window.words, window.sentence, scores, window.outputs["strip"], strict=True)
            out.extend(Word(*row) for row in rows)
        return out

    def mentions(self, text: str, words: Sequence[Word], known: Sequence[Mention] = ()) -> list[Mention]:
        """Mentions from what the model says of the words of a document, and the rules' mentions in it."""
        out: list[Mention] = []
        for found in _names(text, words, self.encoder.labels, known, self._evidence):
            confidence = calibrated(found.probability, self._calibration.get(found.label.value))
            if confidence >= self._evidence.least:
                written = text[found.start : found.end]
                out.append(Mention(found.start, found.end, written, found.label, None, confidence))
        return out

    def tags(self, sentences: Sequence[Sequence[str]], head: str = "") -> list[list[str]]:
        """BIO tags of sentences that are cut into words already, for corpora.

        Args:
            sentences: words.
            head: another label set of the model ("anercorp"), "" for its own.
        """
        labels = self.encoder.card["heads"][head] if head else self.encoder.labels
        rows = self.encoder.label(sentences, f"tags.{head}" if head else "tags")
        return [[labels[i] for i in decode(log_softmax(row), labels)] for row in rows]


def calibrated(probability: float, line: Sequence[float] | None) -> float:
    """The share of right mentions among those of such a probability: a logistic line, slope and shift."""
    slope, shift = line or (1.0, 0.0)
    found = float(1 / (1 + np.exp(-(slope * _odds(probability) + shift))))
    return round(min(max(found, 1e-4), 1 - 1e-4), 4)


def _odds(p: float) -> float:
    p = min(max(p, 1e-4), 1 - 1e-4)
    return float(np.log(p / (1 - p)))


def _names(
    text: str, words: Sequence[Word], labels: Sequence[str], known: Sequence[Mention], weights: Evidence
) -> list[_Name]:
    """Names in the words of a document: once with the rules' evidence, once more with the document's own."""
    if not words:
        return []
    placed = list(_placed(known, words))
    ruled = [
        _Hint(first, last, mention.label, weights.rule * _odds(min(mention.confidence, _SURE)))
        for mention, first, last in placed
    ]
    clues = _Clues(
        frozenset(mention.start for mention in known),
        # What a list ends inside a word, the word's rest is glued to it: نيويورك تايمزوقالت.
        frozenset(m.end for m, _, last in placed if m.end < words[last - 1].token.end),
        frozenset(word.token.fold for word in words),
    )
    scores = np.stack([word.scores for word in words])
    found = _decoded(text, words, _with(scores, ruled, labels), labels, clues, weights)
    if weights.again and found:
        more = [*ruled, *_again(words, found, weights)]
        found = _decoded(text, words, _with(scores, more, labels), labels, clues, weights)
    return found


@lru_cache(maxsize=1)
def _common() -> frozenset[str]:
    """Folded particles and verbs: the everyday words that begin no name."""
    table = load_table("common_words")
    return frozenset(fold(word.replace("_", " ")) for kind in ("function", "verbs") for word in table[kind].split())


@dataclass(frozen=True, slots=True)
class _Clues:
    """Offsets at which rules let a name begin, and end inside a word; the document's folded words."""

    starts: frozenset[int]
    glued: frozenset[int]
    seen: frozenset[str]


def _placed(known: Iterable[Mention], words: Sequence[Word]) -> Iterator[tuple[Mention, int, int]]:
    """Mentions with their first and end words."""
    at = 0
    for mention in known:
        while at < len(words) and words[at].token.end <= mention.start:
            at += 1
        end = at
        while end < len(words) and words[end].token.start < mention.end:
            end += 1
        if end > at and mention.label.value in _LABELS:
            yield mention, at, end


def _with(scores: Floats, hints: Iterable[_Hint], labels: Sequence[str]) -> Floats:
    """Scores of the words with the hints added."""
    index = {label: i for i, label in enumerate(labels)}
    out = scores.copy()
    changed: set[int] = set()
    for hint in hints:
        for i in range(hint.first, hint.last):
            label = ("B-" if i == hint.first else "I-") + hint.label.value
            if label in index:
                out[i, index[label]] += hint.weight
                changed.add(i)
    rows = sorted(changed)
    out[rows] = log_softmax(out[rows])
    return out


def _again(words: Sequence[Word], found: Sequence[_Name], weights: Evidence) -> Iterator[_Hint]:
    """Where the names of the document stand, found or not."""
    votes: dict[tuple[str, ...], dict[Label, float]] = {}
    for name in found:
        row = votes.setdefault(name.words, {})
        row[name.label] = row.get(name.label, 0.0) + name.probability
    keys: dict[tuple[str, ...], tuple[Label, float]] = {}
    for key, row in votes.items():
        label = max(row, key=lambda one: row[one])
        share = row[label] / (sum(row.values()) + 0.3)
        if share > 0.5:
            keys[key] = (label, weights.again * _odds(share))
    sizes: dict[str, list[int]] = {}
    for first, size in sorted({(key[0], len(key)) for key in keys}, key=lambda one: (one[0], -one[1])):
        sizes.setdefault(first, []).append(size)
    at = 0
    while at < len(words):
        key = _match(words, at, sizes, keys)
        if key:
            label, weight = keys[key]
            yield _Hint(at, at + len(key), label, weight)
        at += max(len(key), 1)


def _match(
    words: Sequence[Word], at: int, sizes: Mapping[str, Sequence[int]], keys: Container[tuple[str, ...]]
) -> tuple[str, ...]:
    """The longest known name that begins in the word, clitics aside; empty where none does."""
    token = words[at].token
    firsts = [token.fold]
    if token.kind is Kind.ARABIC:
        firsts += [token.fold[cut:] for cut, _ in readings(token.fold) if cut]
    for first in firsts:
        for size in sizes.get(first, ()):
            run = words[at : at + size]
            key = (first, *(word.token.fold for word in run[1:]))
            if key in keys and run[-1].sentence == run[0].sentence:
                return key
    return ()


def _decoded(
    text: str, words: Sequence[Word], scores: Floats, labels: Sequence[str], clues: _Clues, weights: Evidence
) -> list[_Name]:
    starts = [0, *(i for i in range(1, len(words)) if words[i].sentence != words[i - 1].sentence)]
    path = [labels[i] for i in decode(scores, labels, starts)]
    breaks = frozenset(starts)
    found: list[_Name] = []
    for first, last, label in _runs(path, breaks):
        name = _name(words, scores, first, last, label, labels)
        if name is not None:
            start = _start(text, words[name.first], clues, weights)
            whole = name.words[0]
            if start != name.start:
                whole = fold(text[start : words[name.first].token.end])
            if name.last == name.first + 1 and whole in _common() and start not in clues.starts:
                continue  # a particle or a verb alone (لكل) is no name, unless a rule says so
            found.append(_unglued(text, words, replace(name, start=start, words=(whole, *name.words[1:])), clues.glued))
    return found


def _unglued(text: str, words: Sequence[Word], name: _Name, glued: frozenset[int]) -> _Name:
    """The name without what is glued to its last word."""
    if not glued:
        return name
    token = words[name.last - 1].token
    ends = [end for end in glued if max(token.start, name.start) < end < token.end]
    if not ends:
        return name
    tail = fold(text[max(token.start, name.start) : max(ends)])
    return replace(name, end=max(ends), words=(*name.words[:-1], tail))


def _runs(path: Sequence[str], breaks: frozenset[int]) -> Iterator[tuple[int, int, Label]]:
    at = 0
    while at < len(path):
        stop = at + 1
        if path[at] != "O":
            while stop < len(path) and path[stop].startswith("I-") and stop not in breaks:
                stop += 1
            if path[at][2:] in _LABELS:
                yield at, stop, _LABELS[path[at][2:]]
        at = stop


def _name(
    words: Sequence[Word], scores: Floats, first: int, last: int, label: Label, labels: Sequence[str]
) -> _Name | None:
    """A name without the marks around it; None where nothing but marks is left."""
    while first < last and words[first].token.fold in _EDGES:
        first += 1
    while first < last and words[last - 1].token.fold in _EDGES:
        last -= 1
    if first == last:
        return None
    columns = [i for i, name in enumerate(labels) if name[2:] == label.value]
    probability = float(np.exp(scores[first:last, columns]).sum() / (last - first))
    folds = tuple(word.token.fold for word in words[first:last])
    return _Name(words[first].token.start, words[last - 1].token.end, label, probability, first, last, folds)


def _start(text: str, word: Word, clues: _Clues, weights: Evidence) -> int:
    """Where in its first word a name begins."""
    token = word.token
    if token.kind is not Kind.ARABIC:
        return token.start
    ways = readings(token.fold)
    if len(ways) == 1:
        return token.start
    origin = fold_map(text[token.start : token.end]).origin
    best, best_score = token.start, -np.inf
    for cut, rest in ways:
        if cut >= len(word.strip):
            continue
        place = token.start + origin[cut] if cut else token.start
        score = float(word.strip[cut]) + weights.start * (place in clues.starts)
        score += weights.seen * bool(cut and (rest in clues.seen or token.fold[cut:] in clues.seen))
        score += weights.merged * (rest != token.fold[cut:])
        if score > best_score:
            best, best_score = place, score
    return best
