"""Claims: what the grammar reads in a sentence, and how likely the scorer holds each relation of each pair of names.

The grammar (``graph/data``) says what must be exact and explainable: titles, appositions, frames of verbs and nouns,
amounts, with denial and source; it reads within one sentence. What it reads is one feature among others for
`rawabit.graph.scorer`, which decides. Qualifiers, denial and source are the grammar's where it read the claim; the
scorer adds denials and sources of its own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np

from rawabit.graph.amounts import find_amounts, with_amounts
from rawabit.graph.attribution import Speech, find_speech
from rawabit.graph.bodies import find_bodies
from rawabit.graph.clauses import Item, clauses, index_mentions, items_of
from rawabit.graph.events import find_events
from rawabit.graph.frames import confidence, fits
from rawabit.graph.line import Hit, Line
from rawabit.graph.model import SYMMETRIC, Claim, Entity, Relation, make_claim
from rawabit.graph.own_frames import stated
from rawabit.graph.pairs import Pair, find_pairs
from rawabit.graph.posts import find_posts
from rawabit.graph.scorer import CLASSES, Scorer, load_scorer
from rawabit.graph.sources import Told, candidates, told
from rawabit.ner.model import Document, Span

__all__ = ["POSTS", "Clause", "Reading", "find_claims", "read_claims", "read_clauses", "read_sentences"]


_AT_ONCE = 1024  # pairs that are scored at once: what a pair weighs in memory must not grow with the text


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause as the grammar reads it: what is said by whom, and what it says of names."""

    line: Line
    speeches: tuple[Speech, ...]
    hits: tuple[Hit, ...]


def find_claims(
    document: Document, sentences: Sequence[Span], entities: Sequence[Entity], scorer: Scorer | None = None
) -> tuple[Claim, ...]:
    """Claims that a sentence, or two that follow each other, make about two entities of the document.

    Args:
        document: the article.
        sentences: spans in code points, half open, not overlapping (`rawabit.ner.tokens.sentences`).
        entities: of the document, with all their mentions; their order does not matter.
        scorer: what decides; None for the one in the package.

    Returns:
        Claims whose probability is at least the scorer's `least`, in order of start, subject span, object span and
        type; one for each sentence that says it, whose span is the evidence and holds both mentions. Ids are unique.
    """
    scorer = scorer or load_scorer()
    spans = sorted(sentences)
    read = read_sentences(document.text, spans, entities)
    stream = find_pairs(read.rows, entities, read.hits)
    found: dict[tuple[object, ...], Claim] = {}
    while pairs := list(islice(stream, _AT_ONCE)):
        scores, denials = scorer.probabilities(pairs)
        own = stated(pairs, scores)
        for n, c in np.argwhere((scores >= scorer.least) | own):
            pair, relation = pairs[n], CLASSES[c][0]
            source = scorer.source(list(candidates(pair, relation, read.rows, read.speeches)))
            place = spans[pair.sentences[0]][0], spans[pair.sentences[1]][1]
            claim = _claim(document.id, place, pair, CLASSES[c], float(scores[n, c]), bool(denials[n] > 0.5), source)
            ends = (claim.subject, claim.object)
            key = (claim.start, claim.end, relation, *(sorted(ends) if relation in SYMMETRIC else ends))
            if key not in found or claim.confidence > found[key].confidence:
                found[key] = claim
    claims = _consistent(found.values())
    return tuple(sorted(claims, key=lambda c: (c.start, c.subject_span, c.object_span, c.relation)))


def read_claims(
    document: Document, sentences: Sequence[Span], entities: Sequence[Entity]
) -> Iterator[tuple[Hit, Claim]]:
    """What the grammar alone reads: each reading with the claim it makes, at the measured precision of its pattern.

    Readings of patterns that are switched off have confidence 0; one claim may be read more than once.
    """
    spans = sorted(sentences)
    for i, hits in read_sentences(document.text, spans, entities).hits.items():
        for hit in hits:
            if fits(hit.relation, hit.subject.who, hit.object.who):
                sure = confidence(hit.pattern) or 0.0
                yield hit, _made(document.id, spans[i], hit.relation, (hit.subject, hit.object), hit, sure)


@dataclass(frozen=True, slots=True)
class Reading:
    """A document's sentences as the grammar reads them.

    Attributes:
        rows: items of each sentence.
        hits: what the grammar reads in each, by index.
        speeches: who says which stretch of each.
    """

    rows: tuple[tuple[Item, ...], ...]
    hits: dict[int, tuple[Hit, ...]]
    speeches: tuple[tuple[Told, ...], ...]


def read_sentences(text: str, sentences: Sequence[Span], entities: Sequence[Entity]) -> Reading:
    """Read the sentences of a document, given in order."""
    index = index_mentions(entities)
    rows = tuple(tuple(items_of(text, span, index)) for span in sentences)
    read = [tuple(read_clauses(text, row)) for row in rows]
    return Reading(
        rows,
        {i: tuple(hit for clause in row for hit in clause.hits) for i, row in enumerate(read)},
        tuple(tuple(one for clause in row for one in told(clause.line, clause.speeches)) for row in read),
    )


def read_clauses(text: str, row: Sequence[Item]) -> Iterator[Clause]:
    """Read the clauses of a sentence that hold two mentions or more."""
    for items in clauses(row):
        if sum(1 for item in items if item.mention) < 2:
            continue
        line = Line(items, text)
        nominal = [*find_posts(line), *find_bodies(line)]
        speeches = find_speech(line)
        told = list(with_amounts(line, list(find_events(line, speeches))))
        taken = {hit.object.start for hit in told if hit.relation is Relation.HAS_AMOUNT}
        yield Clause(line, speeches, (*nominal, *told, *find_amounts(line, speeches, taken)))


def _claim(
    document: str,
    place: Span,
    pair: Pair,
    kind: tuple[Relation, bool],
    probability: float,
    negated: bool,
    source: str | None,
) -> Claim:
    relation, forward = kind
    ends = (pair.left, pair.right) if forward else (pair.right, pair.left)
    hit = _best(pair.hits, relation, ends[0].who.id)
    if hit is not None:
        ends = hit.subject, hit.object
    claim = _made(document, place, relation, ends, hit, round(probability, 4))
    return replace(claim, negated=claim.negated or negated, attributed_to=claim.attributed_to or source)


def _made(
    document: str, place: Span, relation: Relation, ends: tuple[Item, Item], hit: Hit | None, confidence: float
) -> Claim:
    subject, object_ = ends
    return make_claim(
        document,
        place,
        relation,
        ((subject.who, (subject.start, subject.end)), (object_.who, (object_.start, object_.end))),
        confidence,
        negated=bool(hit and hit.negated),
        attributed_to=hit.speaker if hit else None,
        qualifiers=dict(sorted(hit.qualifiers.items())) if hit else None,
    )


def _best(hits: Sequence[Hit], relation: Relation, subject: str) -> Hit | None:
    """The grammar's own reading of a claim, the one whose pattern is right most often."""
    fitting = [
        hit
        for hit in hits
        if hit.relation is relation and hit.subject.entity and (relation in SYMMETRIC or hit.subject.who.id == subject)
    ]
    return max(fitting, key=lambda hit: confidence(hit.pattern) or 0.0, default=None)


def _consistent(rows: Collection[Claim]) -> Iterator[Claim]:
    """Without the weaker reading of a pair: who heads a body is not said to work for it by the same sentence."""
    posts: dict[tuple[object, ...], float] = {}
    for claim in rows:
        if claim.relation in POSTS:
            key = (claim.start, claim.subject, claim.object)
            posts[key] = max(posts.get(key, 0.0), claim.confidence)
    for claim in rows:
        if claim.relation not in POSTS or claim.confidence >= posts[claim.start, claim.subject, claim.object]:
            yield claim


POSTS = frozenset({Relation.HEAD_OF, Relation.WORKS_FOR})
"""Of a pair, one sentence says one of these: the likelier."""
