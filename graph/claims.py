"""Claims by grammar: titles, appositions, frames of verbs and nouns, amounts, with denial and source.

The grammar is data (``graph/data``); what it reads it reads within one sentence. Precision counts more than
recall: what is planned, supposed or conditional gives no claim, and a pattern whose measured precision on the
training texts is low is switched off in ``confidence.toml``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from rawabit.graph.amounts import find_amounts, with_amounts
from rawabit.graph.attribution import find_speech
from rawabit.graph.bodies import find_bodies
from rawabit.graph.clauses import Named, clauses, index_mentions
from rawabit.graph.events import find_events
from rawabit.graph.frames import confidence, fits
from rawabit.graph.line import Hit, Line
from rawabit.graph.model import SYMMETRIC, Claim, Entity, Relation, content_id
from rawabit.graph.posts import find_posts
from rawabit.ner.model import Document, Span

__all__ = ["find_claims"]


def find_claims(document: Document, sentences: Sequence[Span], entities: Sequence[Entity]) -> tuple[Claim, ...]:
    """Claims that single sentences make about two entities of the document.

    Args:
        document: the article.
        sentences: spans in code points, half open, not overlapping (`rawabit.ner.tokens.sentences`).
        entities: of the document, with all their mentions; their order does not matter.

    Returns:
        Claims in order of start, subject span, object span and type; one for each sentence that says it, whose
        span is the evidence and holds both mentions. Ids are unique.
    """
    index = index_mentions(entities)
    found: dict[tuple[object, ...], Claim] = {}
    for start, end in sorted(sentences):
        for hit in _hits(document.text, (start, end), index):
            claim = _claim(document, (start, end), hit)
            if claim is None:
                continue
            ends = (claim.subject, claim.object)
            key = (start, end, claim.relation, *(sorted(ends) if claim.relation in SYMMETRIC else ends))
            known = found.get(key)
            if known is None or claim.confidence > known.confidence:
                found[key] = claim
    claims = _consistent(found.values())
    return tuple(sorted(claims, key=lambda c: (c.start, c.subject_span, c.object_span, c.relation)))


def _hits(text: str, sentence: Span, index: tuple[list[int], list[Named]]) -> Iterator[Hit]:
    for items in clauses(text, sentence, index):
        if sum(1 for item in items if item.mention) < 2:
            continue
        line = Line(items, text)
        yield from find_posts(line)
        yield from find_bodies(line)
        speeches = find_speech(line)
        told = list(with_amounts(line, list(find_events(line, speeches))))
        yield from told
        taken = {hit.object.start for hit in told if hit.relation is Relation.HAS_AMOUNT}
        yield from find_amounts(line, speeches, taken)


def _claim(document: Document, sentence: Span, hit: Hit) -> Claim | None:
    subject, object_ = hit.subject, hit.object
    probability = confidence(hit.pattern)
    if probability is None or not (
        subject.entity and object_.entity and fits(hit.relation, subject.entity, object_.entity)
    ):
        return None
    start, end = sentence
    spans = (subject.start, subject.end), (object_.start, object_.end)
    qualifiers = dict(sorted(hit.qualifiers.items()))
    return Claim(
        id=content_id("claim", document.id, start, end, hit.relation, *spans[0], *spans[1]),
        subject=subject.entity.id,
        relation=hit.relation,
        object=object_.entity.id,
        start=start,
        end=end,
        subject_span=spans[0],
        object_span=spans[1],
        confidence=probability,
        negated=hit.negated,
        attributed_to=hit.speaker,
        qualifiers=qualifiers,
    )


def _consistent(rows: Collection[Claim]) -> Iterator[Claim]:
    """Without the weaker reading of a pair: a head of a body is not said to work for it by the same sentence."""
    heads = {(c.start, c.subject, c.object) for c in rows if c.relation is Relation.HEAD_OF}
    for claim in rows:
        if claim.relation is Relation.WORKS_FOR and (claim.start, claim.subject, claim.object) in heads:
            continue
        yield claim
