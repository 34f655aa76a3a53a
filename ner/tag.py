"""Documents in, mentions out: sentences, furniture, amounts and dates by rule, names by a tagger."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol, runtime_checkable

from rawabit.ner.model import Document, Label, Mention, Span, Tagged

__all__ = ["NameTagger", "tag", "tag_document"]


@runtime_checkable
class NameTagger(Protocol):
    """What finds names: PERSON, ORGANIZATION, PLACE, PRODUCT and NORP mentions.

    Attributes:
        name: as on the command line ("rules", "camel").
        version: changes whenever the results may.
    """

    @property
    def name(self) -> str: ...

    @property
    def version(self) -> str: ...

    def find(self, document: Document, sentences: Sequence[Span]) -> list[Mention]:
        """Mentions in order, not overlapping, each inside one of `sentences`, from this document alone."""
        ...


def tag(documents: Iterable[Document], tagger: NameTagger, threads: int = 1) -> Iterator[Tagged]:
    """Tag each document by itself, in order.

    Args:
        documents: read as they are needed, a few ahead.
        tagger: what finds the names.
        threads: documents that are read at once. The models work outside the interpreter's lock, so with `NeuralTagger`
            as many as there are cores serve best; the rules don't gain.
    """
    from concurrent.futures import ThreadPoolExecutor

    from rawabit.ner.parallel import ahead

    if threads <= 1:
        yield from (tag_document(document, tagger) for document in documents)
        return
    with ThreadPoolExecutor(threads, "tag") as pool:
        yield from ahead(lambda document: tag_document(document, tagger), documents, pool, threads)


def tag_document(document: Document, tagger: NameTagger) -> Tagged:
    """Find everything in one document.

    Where two finds overlap, an amount goes before a date and a date before a name.
    """
    from rawabit.ner.currencies import countries, unlikely
    from rawabit.ner.dates import find_dates
    from rawabit.ner.furniture import find_furniture
    from rawabit.ner.money import find_money, settle
    from rawabit.ner.tokens import sentences

    text = document.text
    ignored = find_furniture(text)
    spans = sentences(text, ignored)
    money = find_money(text, spans)
    dates = find_dates(text, spans, document.day)
    names = tagger.find(document, spans)
    money = settle(money, [*_countries(names), *countries(text)], unlikely(text))
    mentions: list[Mention] = []
    for found in (money, dates, names):
        mentions = _merge(mentions, found)
    return Tagged(document, spans, tuple(mentions), ignored)


def _merge(kept: list[Mention], more: Iterable[Mention]) -> list[Mention]:
    """Add what overlaps nothing kept; both lists are in order and free of overlaps."""
    out: list[Mention] = []
    i = 0
    for mention in more:
        while i < len(kept) and kept[i].end <= mention.start:
            out.append(kept[i])
            i += 1
        if i == len(kept) or kept[i].start >= mention.end:
            out.append(mention)
    out.extend(kept[i:])
    return out


def _countries(names: Sequence[Mention]) -> list[str]:
    """ISO 3166-1 codes of the countries a document speaks of, the most frequent first, ties by first mention."""
    from rawabit.ner.gazetteer import load

    gazetteer = load()
    counts: Counter[str] = Counter()
    for mention in names:
        if mention.label is Label.NORP:
            entry = gazetteer.demonym(mention.text)
        elif mention.label in {Label.PLACE, Label.ORGANIZATION}:
            entry = gazetteer.lookup(mention.text, mention.label)
        else:
            continue
        if entry is not None and entry.country:
            counts[entry.country] += 1
    return [code for code, _ in counts.most_common()]
