"""Sentences with why they say what they say: what `rawabit explain` prints."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rawabit.graph.explain import Candidate, Explained, Seen
from rawabit.graph.model import Entity
from rawabit.graph.signs import Sign
from rawabit.loaders.show import isolate
from rawabit.loaders.why import flow
from rawabit.ner.model import Document

__all__ = ["explained_json", "render_document", "render_explained"]

_SIGNS = 4  # for and against, on the terminal
_MISSES = 3  # pairs of a sentence that came nearest, on the terminal
_NEAR = 0.05  # probability from which a miss is worth a line


def render_document(document: Document) -> Iterator[str]:
    """Lines that say which article it is, for the terminal."""
    name = str(document.title or document.extra.get("path") or document.id)
    pieces = [isolate(name)]
    pieces += [f"published {document.published}"] if document.published else []
    pieces += [f"in {isolate(document.source)}"] if document.source else []
    yield from flow("", pieces, "  ", joint=", ")


def render_explained(
    explained: Explained, document: Document, entities: Mapping[str, Entity], *, everything: bool = False
) -> Iterator[str]:
    """Lines for the terminal: at most 80 columns but for the sentence and names, which are never broken.

    Args:
        explained: the sentence.
        document: that holds it.
        entities: of the document, by id.
        everything: every pair and candidate; otherwise what was kept and what came nearest to it.
    """
    yield f"Sentence {explained.number}, characters {explained.start} to {explained.end}"
    yield f"  {isolate(document.text[explained.start : explained.end])}"
    for mention, key in explained.mentions:
        name = entities[key].name
        more = [f"of {isolate(name)}"] if name != mention.text else []
        yield from flow("  ", [isolate(mention.text), str(mention.label), f"{mention.confidence:.2f}", *more], "    ")
    misses = 0
    for seen in explained.pairs:
        shown = [c for c in seen.candidates if c.claim is not None]
        if everything:
            shown = list(seen.candidates)
        elif not shown and misses < _MISSES and seen.candidates and _near(seen):
            shown = [seen.candidates[0]]
            misses += 1
        for number, candidate in enumerate(shown):
            yield from _candidate(seen, candidate, entities, patterns=number == 0)
    if not explained.pairs:
        yield "  no two names that a claim may join"
    elif not everything and not misses and not any(c.claim for s in explained.pairs for c in s.candidates):
        yield f"  no claim, nor near one; --all shows its {len(explained.pairs)} pairs of names"


def _near(seen: Seen) -> bool:
    return seen.candidates[0].probability >= _NEAR or bool(seen.patterns)


def _candidate(seen: Seen, candidate: Candidate, entities: Mapping[str, Entity], *, patterns: bool) -> Iterator[str]:
    claim = candidate.claim
    denied = "NOT " if claim is not None and claim.negated else ""
    mark = "+" if claim is not None else "-"
    ends = [isolate(entities[end].name) for end in (candidate.subject, candidate.object)]
    head = [ends[0], f"{denied}{candidate.relation}", ends[1], f"{candidate.probability:.2f}"]
    yield from flow(f"  {mark} ", head, "    ")
    yield from flow("      ", candidate.why.split(" "), "      ")
    if seen.apart:
        yield "      the two names stand in two sentences"
    if claim is not None:
        details = [f"says {isolate(entities[claim.attributed_to].name)}"] if claim.attributed_to else []
        details += [f"{key}: {isolate(str(value))}" for key, value in sorted(claim.qualifiers.items())]
        if details:
            yield from flow("      ", details, "      ", joint="; ")
    for fired in seen.patterns if patterns else ():
        word = [f"at {isolate(fired.trigger)}"] if fired.trigger else []
        if fired.precision is None:
            right = "switched off"
        elif fired.own:
            right = f"your own, confidence {fired.precision:.2f}"
        else:
            right = f"right {fired.precision:.0%} of the time"
        no = ["denied"] if fired.negated else []
        yield from flow(
            "      grammar  ",
            [f"{fired.pattern} reads {fired.relation}", *word, *no, right],
            "               ",
            joint=", ",
        )
    for title, signs in (
        ("for      ", [s for s in candidate.signs if s.weight > 0]),
        ("against  ", [s for s in candidate.signs if s.weight < 0]),
    ):
        if signs:
            yield from flow(f"      {title}", [_sign(s) for s in signs[:_SIGNS]], "               ", joint="; ")


def _sign(sign: Sign) -> str:
    return f"{sign.weight:+.1f} {isolate(sign.text)}"


def explained_json(explained: Explained, document: Document, entities: Mapping[str, Entity]) -> dict[str, Any]:
    """For ``--json``: the sentence with everything, also what the terminal leaves out.

    ``document`` (id), ``sentence`` (number), ``start``, ``end``, ``text``, ``published``, ``least`` (probability below
    which nothing is kept); ``mentions``: start, end, text, label, confidence, entity (name); ``pairs``: left and right
    (spans), apart, ``patterns`` (pattern, type, subject, object, trigger, precision, own, negated) and ``candidates``
    (type, subject, object, probability, kept, why, negated, attributedTo, qualifiers, ``signs`` in log odds, ``rest``).
    """

    def name(key: str | None) -> str | None:
        return entities[key].name if key else None

    return {
        "document": document.id,
        "sentence": explained.number,
        "start": explained.start,
        "end": explained.end,
        "text": document.text[explained.start : explained.end],
        "published": str(document.published) if document.published else None,
        "least": round(explained.least, 4),
        "mentions": [
            {"start": m.start, "end": m.end, "text": m.text, "label": str(m.label),
             "confidence": round(m.confidence, 4), "entity": name(key)}
            for m, key in explained.mentions
        ],
        "pairs": [
            {
                "left": list(seen.left),
                "right": list(seen.right),
                "apart": seen.apart,
                "patterns": [
                    {"pattern": f.pattern, "type": str(f.relation), "subject": name(f.subject),
                     "object": name(f.object), "trigger": f.trigger or None, "precision": f.precision, "own": f.own,
                     "negated": f.negated}
                    for f in seen.patterns
                ],
                "candidates": [
                    {
                        "type": str(c.relation),
                        "subject": name(c.subject),
                        "object": name(c.object),
                        "probability": c.probability,
                        "kept": c.claim is not None,
                        "why": c.why,
                        "negated": c.claim.negated if c.claim else None,
                        "attributedTo": name(c.claim.attributed_to) if c.claim else None,
                        "qualifiers": {
                            key: value if isinstance(value, bool | int) else str(value)
                            for key, value in (c.claim.qualifiers if c.claim else {}).items()
                        },
                        "signs": [{"text": s.text, "weight": s.weight} for s in c.signs],
                        "rest": c.rest,
                    }
                    for c in seen.candidates
                ],
            }
            for seen in explained.pairs
        ],
    }  # fmt: skip
