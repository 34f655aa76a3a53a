"""What each document says by itself: mentions to entities, entities to claims."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rawabit.graph.claims import find_claims
from rawabit.graph.frames import Tables, using
from rawabit.graph.link import Knowledge, link_entities
from rawabit.graph.model import Extraction
from rawabit.graph.open import find_open
from rawabit.graph.scorer import Scorer
from rawabit.ner.model import Tagged

__all__ = ["link", "link_document"]


def link(
    tagged: Iterable[Tagged], knowledge: Knowledge, version: str = "", scorer: Scorer | None = None
) -> Iterator[Extraction]:
    """Entities and claims of each document by itself, in order; `version` names the extractor."""
    for one in tagged:
        yield link_document(one, knowledge, version, scorer)


def link_document(
    tagged: Tagged,
    knowledge: Knowledge,
    version: str = "",
    scorer: Scorer | None = None,
    *,
    frames: Tables | None = None,
    open_claims: bool = False,
) -> Extraction:
    """Entities and claims of one document.

    Args:
        tagged: the document with its mentions.
        knowledge: names known beforehand.
        version: names the extractor.
        scorer: decides on claims, None for the package's own.
        frames: the grammar with a user's own frames (`rawabit.graph.own_frames`), None for the package's alone.
        open_claims: whether to add claims of type RELATED (`rawabit.graph.open`).
    """
    with using(frames):
        entities = link_entities(tagged, knowledge)
        claims = find_claims(tagged.document, tagged.sentences, entities, scorer)
        if open_claims:
            claims += find_open(tagged.document, tagged.sentences, entities, claims)
    return Extraction(tagged.document, entities, claims, tagged.sentences, tagged.ignored, version)
