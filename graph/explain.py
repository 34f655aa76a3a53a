"""Why a sentence says what it says: what the grammar read, what the scorer weighed, what was kept and what was not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np

from rawabit.graph.claims import POSTS, find_claims, read_clauses, read_sentences
from rawabit.graph.clauses import Item
from rawabit.graph.frames import Tables, confidence, own_confidence, using
from rawabit.graph.model import SYMMETRIC, Claim, Entity, Relation
from rawabit.graph.pairs import Pair
from rawabit.graph.scorer import CLASSES, Floats, Scorer, allowed
from rawabit.graph.signs import Namer, Noted, Sign, looks
from rawabit.ner.model import Document, Mention, Span

__all__ = ["Candidate", "Explained", "Fired", "Seen", "explain"]

_AT_ONCE = 256  # pairs whose features are kept by name at once
_CANDIDATES = 3  # of each pair that are under the threshold


@dataclass(frozen=True, slots=True)
class Fired:
    """A pattern of the grammar that read a relation of two names.

    Attributes:
        pattern: its name in ``confidence.toml``, or the user's.
        relation, subject, object: what it read; the two are entity ids.
        trigger: the word that says it, as written, or "".
        precision: measured, or what the user states; None where the pattern is switched off.
        own: whether it is the user's.
        negated: whether the sentence denies it.
    """

    pattern: str
    relation: Relation
    subject: str
    object: str
    trigger: str
    precision: float | None
    own: bool
    negated: bool


@dataclass(frozen=True, slots=True)
class Candidate:
    """A relation that a pair may have.

    Attributes:
        relation, subject, object: the claim; the two are entity ids.
        probability: the scorer's, raised to what a user's frame states.
        claim: the claim as it was kept, None where it was not.
        why: why it was kept, or why not.
        signs: the strongest, those for it first.
        rest: log odds of everything else: weaker signs, the bias and what is no feature of words.
    """

    relation: Relation
    subject: str
    object: str
    probability: float
    claim: Claim | None
    why: str
    signs: tuple[Sign, ...]
    rest: float


@dataclass(frozen=True, slots=True)
class Seen:
    """Two names that were looked at together.

    Attributes:
        left, right: spans of the two mentions.
        ends: their entities' ids.
        apart: whether they stand in two sentences that follow each other.
        patterns: what the grammar read of the two.
        candidates: the kept ones and the likeliest others, the likeliest first.
    """

    left: Span
    right: Span
    ends: tuple[str, str]
    apart: bool
    patterns: tuple[Fired, ...]
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class Explained:
    """A sentence.

    Attributes:
        number: from 1.
        start, end: in the document.
        mentions: in it, with the id of their entity.
        pairs: that end in it, the likeliest first.
        least: probability below which the scorer keeps nothing.
    """

    number: int
    start: int
    end: int
    mentions: tuple[tuple[Mention, str], ...]
    pairs: tuple[Seen, ...]
    least: float


def explain(
    document: Document,
    sentences: Sequence[Span],
    entities: Sequence[Entity],
    scorer: Scorer,
    *,
    frames: Tables | None = None,
    min_confidence: float = 0.0,
    only: int | None = None,
) -> tuple[Explained, ...]:
    """What was read in each sentence, and why.

    Args:
        document: the article.
        sentences: spans in code points, half open, not overlapping.
        entities: of the document, with all their mentions.
        scorer: what decides.
        frames: the grammar with a user's own frames, None for the package's alone.
        min_confidence: claims below it are said to be left out of the graph.
        only: number of the one sentence to explain, from 1; None for all.
    """
    spans = sorted(sentences)
    with using(frames):
        claims = find_claims(document, spans, entities, scorer)
        read = read_sentences(document.text, spans, entities)
        fired = [tuple(_fired(document.text, row)) for row in read.rows]
        noted = Noted()
        seen: dict[int, list[Seen]] = {}
        stream = noted.pairs(read.rows, entities, read.hits)
        while part := list(islice(stream, _AT_ONCE)):
            wanted = [row for row in part if only is None or row[0].sentences[1] == only - 1]
            scores, _ = scorer.regardless([pair for pair, _ in wanted])
            for (pair, record), found in zip(wanted, scores, strict=True):
                i, j = pair.sentences
                namer = Namer(record, noted.names, looks(read.rows[i], read.rows[j], pair, document.text))
                judge = _Judge(claims, (spans[i][0], spans[j][1]), scorer, min_confidence)
                ends = {pair.left.who.id, pair.right.who.id}
                patterns = tuple(f for f in fired[i] if i == j and {f.subject, f.object} == ends)
                seen.setdefault(j, []).append(
                    Seen(
                        (pair.left.start, pair.left.end),
                        (pair.right.start, pair.right.end),
                        (pair.left.who.id, pair.right.who.id),
                        i != j,
                        patterns,
                        tuple(_candidates(pair, found, scorer, namer, judge)),
                    )
                )
    return tuple(
        Explained(
            n + 1, start, end, tuple(_mentions(entities, start, end)),
            tuple(sorted(seen.get(n, ()), key=lambda s: (-_best(s), s.left, s.right))), scorer.least,
        )
        for n, (start, end) in enumerate(spans)
        if only is None or n == only - 1
    )  # fmt: skip


def _best(seen: Seen) -> float:
    return max((c.probability for c in seen.candidates), default=0.0)


def _mentions(entities: Sequence[Entity], start: int, end: int) -> Iterator[tuple[Mention, str]]:
    rows = ((m, e.id) for e in entities for m in e.mentions if start <= m.start and m.end <= end)
    yield from sorted(rows, key=lambda row: (row[0].start, row[0].end, row[1]))


def _fired(text: str, row: Sequence[Item]) -> Iterator[Fired]:
    for clause in read_clauses(text, row):
        for hit in clause.hits:
            items = clause.line.items
            trigger = items[hit.trigger] if 0 <= hit.trigger < len(items) else None
            yield Fired(
                hit.pattern, hit.relation, hit.subject.who.id, hit.object.who.id,
                text[trigger.start : trigger.end] if trigger else "", confidence(hit.pattern),
                own_confidence(hit.pattern) is not None, hit.negated,
            )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Judge:
    """Says what became of a candidate of the sentence, or the two sentences, at `place`."""

    claims: Sequence[Claim]
    place: Span
    scorer: Scorer
    floor: float

    def claim(self, relation: Relation, subject: str, object_: str) -> Claim | None:
        for claim in self.claims:
            ends = (claim.subject, claim.object)
            same = ends == (subject, object_) or (relation in SYMMETRIC and ends == (object_, subject))
            if same and claim.relation is relation and (claim.start, claim.end) == self.place:
                return claim
        return None

    def why(self, relation: Relation, subject: str, object_: str, probability: float, claim: Claim | None) -> str:
        if claim is not None:
            if claim.confidence < self.floor:
                return f"kept in docs.jsonl, left out of the graph: below --min-confidence {self.floor:g}"
            return "kept"
        if probability < self.scorer.least:
            return f"below {self.scorer.least:g}, the least that is kept"
        if relation in POSTS:
            for other in POSTS - {relation}:
                stronger = self.claim(other, subject, object_)
                if stronger is not None:
                    return f"weaker reading of the same two names: {other} {stronger.confidence:.2f} is kept"
        return "the same claim is kept from another reading"


def _candidates(pair: Pair, scores: Floats, scorer: Scorer, namer: Namer, judge: _Judge) -> Iterator[Candidate]:
    """Of the probabilities of each class whatever the labels, [classes]."""
    fit = allowed(pair.left.who.label, pair.right.who.label)
    order = sorted(range(len(CLASSES)), key=lambda c: (-float(scores[c] * fit[c]), c))
    under = 0
    for c in order:
        relation, forward = CLASSES[c]
        ends = (pair.left.who.id, pair.right.who.id) if forward else (pair.right.who.id, pair.left.who.id)
        claim = judge.claim(relation, *ends)
        if not fit[c]:
            continue
        probability = max(float(scores[c]), claim.confidence if claim else 0.0)
        if claim is None and probability < scorer.least:
            under += 1
            if under > _CANDIDATES:
                continue
        signs, rest = namer.signs(pair, scorer, c, float(scores[c]))
        yield Candidate(
            relation, *ends, round(probability, 4), claim, judge.why(relation, *ends, probability, claim), signs, rest
        )
    best = int(np.argmax(scores * (1 - fit)))
    if scores[best] >= scorer.least and not fit[best]:
        relation, forward = CLASSES[best]
        ends = (pair.left.who.id, pair.right.who.id) if forward else (pair.right.who.id, pair.left.who.id)
        labels = (pair.left.who.label, pair.right.who.label) if forward else (pair.right.who.label, pair.left.who.label)
        why = f"labels do not fit: {relation} does not join {labels[0]} to {labels[1]}"
        probability = float(scores[best])
        signs, rest = namer.signs(pair, scorer, best, probability)
        yield Candidate(relation, *ends, round(probability, 4), None, why, signs, rest)
