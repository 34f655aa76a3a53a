"""What each document says by itself: mentions to entities, entities to claims."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rawabit.graph.claims import find_claims
from rawabit.graph.frames import Tables, using
from rawabit.graph.link import Knowledge, link_entities
from rawabit.graph.model import Claim, Entity, Extraction
from rawabit.graph.open import find_open
from rawabit.graph.scorer import Scorer
from rawabit.ner.model import Document, Span, Tagged

__all__ = ["claim", "link", "link_document"]


def link(
    tagged: Iterable[Tagged], knowledge: Knowledge, version: str = "", scorer: Scorer | None = None
) -> Iterator[Extraction]:
    """Entities and claims of each document by itself, in order; `version` names the extractor."""
    for one in tagged:
        yield link_document(one, knowledge, version, scorer)


def claim(
    document: Document,
    sentences: Sequence[Span],
    entities: Sequence[Entity],
    scorer: Scorer | None = None,
    *,
    open_claims: bool = False,
) -> tuple[Claim, ...]:
    """The claims of a document (`rawabit.graph.claims`), then the open ones (`rawabit.graph.open`) if wanted."""
    claims = find_claims(document, sentences, entities, scorer)
    return claims + find_open(document, sentences, entities, claims) if open_claims else claims


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
        claims = claim(tagged.document, tagged.sentences, entities, scorer, open_claims=open_claims)
    return Extraction(tagged.document, entities, claims, tagged.sentences, tagged.ignored, version)
