"""References within a document, against gold relations: how many are found, and how many of them are right.

usage: references.py DATA [--files train,dev] [--time]

DATA/gold/NAME.jsonl are gold files; mentions and entities are the gold's. For the arguments of relations that the
evidence does not name:

- named near: the sentence that holds the evidence names it, so that no reference is needed;
- found: a reference to it stands in the evidence; "one": exactly one does.

Then, for each rule, the references in evidence that lacks an argument of their label: the share that stand for one of
the relation's two arguments. A reference may rightly stand for a third thing there, so the share is a lower bound.

--time sets the time that references take beside that of the claims of the same documents.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from pathlib import Path

from rawabit.graph.claims import find_claims
from rawabit.graph.frames import load
from rawabit.graph.learn import Article
from rawabit.graph.references import find_references
from rawabit.loaders.learning import read_articles
from rawabit.ner.model import Document, Span
from rawabit.ner.tokens import sentences

RULES = {value: rule for rule, value in load("references")["confidence"].items()}


def named(article: Article, entity: str, span: Span) -> bool:
    """Whether a mention of an entity meets a run of text."""
    return any(m.start < span[1] and span[0] < m.end for e in article.entities if e.id == entity for m in e.mentions)


def measure(articles: list[Article]) -> None:
    """Print both tables."""
    missing: Counter[tuple[str, str]] = Counter()
    proxy: Counter[tuple[str, bool]] = Counter()
    found: Counter[str] = Counter()
    for article in articles:
        spans = sentences(article.text, article.ignored)
        references = find_references(Document(article.id, article.text), spans, article.entities)
        found.update(RULES[one.confidence] for one in references)
        labels = {entity.id: str(entity.label) for entity in article.entities}
        for told in article.relations:
            ends = (told.subject, told.object)
            absent = [end for end in ends if not named(article, end, told.evidence)]
            around = [span for span in spans if span[0] < told.evidence[1] and told.evidence[0] < span[1]]
            inside = [r for r in references if told.evidence[0] <= r.start and r.end <= told.evidence[1]]
            for end in absent:
                mine = sum(one.entity_id == end for one in inside)
                near = any(named(article, end, span) for span in around)
                for kind in (labels[end], "all"):
                    missing[kind, "missing"] += 1
                    missing[kind, "named near"] += near
                    missing[kind, "found"] += mine > 0
                    missing[kind, "one"] += mine == 1
            for one in inside:
                if labels[one.entity_id] in {labels[end] for end in absent}:
                    proxy[RULES[one.confidence], one.entity_id in ends] += 1
    columns = ("missing", "named near", "found", "one")
    print(f"{'label':14}" + "".join(f"{column:>12}" for column in columns))
    for kind in sorted({kind for kind, _ in missing}, key=lambda kind: (kind == "all", kind)):
        print(f"{kind:14}" + "".join(f"{missing[kind, column]:12}" for column in columns))
    print(f"\n{'rule':14}{'references':>12}{'in evidence':>12}{'right':>12}")
    for rule in RULES.values():
        print(f"{rule:14}{found[rule]:12}{proxy[rule, True] + proxy[rule, False]:12}{proxy[rule, True]:12}")
    every = sum(proxy.values())
    right = sum(count for (_, good), count in proxy.items() if good)
    print(f"{'all':14}{sum(found.values()):12}{every:12}{right:12}   {right / max(every, 1):.3f}")


def clock(articles: list[Article]) -> None:
    """Print processor seconds of references and of claims."""
    find_references(Document("", ""), (), ())
    spent = [0.0, 0.0]
    for article in articles:
        spans = sentences(article.text, article.ignored)
        document = Document(article.id, article.text)
        for which, step in enumerate((find_references, find_claims)):
            begun = time.process_time()
            step(document, spans, article.entities)
            spent[which] += time.process_time() - begun
    words = sum(len(article.text.split()) for article in articles)
    print(f"{words} words: references {spent[0]:.2f} s, claims {spent[1]:.2f} s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--files", default="train,dev")
    parser.add_argument("--time", action="store_true")
    args = parser.parse_args()
    for file in args.files.split(","):
        articles = read_articles(args.data / "gold" / f"{file}.jsonl")
        print(f"\n{file}: {len(articles)} documents")
        clock(articles) if args.time else measure(articles)


if __name__ == "__main__":
    main()
