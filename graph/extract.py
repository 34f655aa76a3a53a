"""What each document says by itself: mentions to entities, entities to claims."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rawabit.graph.claims import find_claims
from rawabit.graph.link import Knowledge, link_entities
from rawabit.graph.model import Extraction
from rawabit.graph.scorer import Scorer
from rawabit.ner.model import Tagged

__all__ = ["link", "link_document"]


def link(
    tagged: Iterable[Tagged], knowledge: Knowledge, version: str = "", scorer: Scorer | None = None
) -> Iterator[Extraction]:
    """Entities and claims of each document by itself, in order; `version` names the extractor."""
    for one in tagged:
        yield link_document(one, knowledge, version, scorer)


def link_document(tagged: Tagged, knowledge: Knowledge, version: str = "", scorer: Scorer | None = None) -> Extraction:
    """Entities and claims of one document; `scorer` decides on claims, None for the package's own."""
    entities = link_entities(tagged, knowledge)
    claims = find_claims(tagged.document, tagged.sentences, entities, scorer)
    return Extraction(tagged.document, entities, claims, tagged.sentences, tagged.ignored, version)
