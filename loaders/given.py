"""Evaluation on given spans: take a gold file's mentions or entities as they are and compute the rest."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from rawabit.graph.extract import claim
from rawabit.graph.frames import using
from rawabit.graph.link import link_entities
from rawabit.graph.model import Entity, Extraction
from rawabit.graph.own_frames import load_frames
from rawabit.graph.scorer import load_scorer
from rawabit.loaders.docs import from_json
from rawabit.loaders.problems import Problem
from rawabit.ner.gazetteer import load
from rawabit.ner.model import Label, Mention, Tagged
from rawabit.ner.tokens import sentences

__all__ = ["extract_given"]


def extract_given(
    paths: Iterable[Path],
    what: str,
    *,
    version: str,
    report: Callable[[Problem], None],
    scorer: Path | None = None,
    frames: Path | None = None,
    open_claims: bool = False,
) -> Iterator[Extraction]:
    """Extractions of gold files with their mentions or entities taken as given.

    Args:
        paths: JSONL files in the gold schema.
        what: "mentions" (linking and claims are computed) or "entities" (claims are computed).
        version: recorded in each line.
        report: gets a Problem for each bad line.
        scorer: of claims, None for the one in the package.
        frames: a user's own frames, read on top of ours.
        open_claims: whether to add claims of type RELATED.
    """
    own = load_frames(frames)
    for path in paths:
        try:
            with path.open("rb") as file:
                for number, line in enumerate(file, 1):
                    if not line.strip():
                        continue
                    try:
                        with using(own):
                            one = _one(json.loads(line), what, version, scorer, open_claims)
                        yield one
                    except (ValueError, KeyError, TypeError, RecursionError) as error:
                        report(Problem(f"{path}:{number}", f"not a gold line: {error}"))
        except OSError as error:
            report(Problem(str(path), error.strerror or str(error)))


def _one(row: Mapping[str, Any], what: str, version: str, scorer: Path | None, open_claims: bool) -> Extraction:
    date = row.get("published") or row.get("date")
    gold = from_json({**row, "relations": [], "published": date if isinstance(date, str) else None})
    document, ignored = gold.document, gold.ignored
    spans = sentences(document.text, ignored)
    entities: tuple[Entity, ...]
    if what == "mentions":
        mentions = _without_overlaps(m for e in gold.entities for m in e.mentions)
        entities = link_entities(Tagged(document, spans, mentions, ignored), load())
    else:
        entities = gold.entities
    claims = claim(document, spans, entities, load_scorer(scorer), open_claims=open_claims)
    return Extraction(document, entities, claims, spans, ignored, version)


def _without_overlaps(mentions: Iterable[Mention]) -> tuple[Mention, ...]:
    """In order; of two that overlap the longer one, as taggers yield them."""
    out: list[Mention] = []
    for mention in sorted(mentions, key=lambda m: (m.start, -m.end, m.label is Label.NORP)):
        if not out or mention.start >= out[-1].end:
            out.append(mention)
    return tuple(out)
