"""The command `rawabit explain`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from rawabit.loaders.cli_common import check_engine, engine_options
from rawabit.loaders.cli_knowledge import knowledge_option
from rawabit.loaders.session import Session

__all__ = ["explain"]


@click.command()
@click.argument("file", metavar="FILE")
@click.option("--sentence", type=click.IntRange(1), metavar="N", help="Only the sentence of that number.")
@click.option("--all", "everything", is_flag=True, help="Every pair of names, not only what was kept or came near.")
@click.option("--min-confidence", type=click.FloatRange(0, 1), default=0.5, show_default=True, metavar="P",
              help="Say of which claims a graph of that minimal confidence leaves them out.")  # fmt: skip
@engine_options
@knowledge_option
@click.option("--json", "as_json", is_flag=True, help="One JSON object a sentence on stdout, with everything.")
def explain(
    file: str, sentence: int | None, everything: bool, min_confidence: float, engine: str, scorer: Path | None,
    frames: Path | None, knowledge: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """Say for each sentence which claims were read, which nearly were, and why.

    FILE is an article (.txt, .html), a .jsonl file of articles, or - for stdin. A + stands before what was kept, a -
    before what was not; the numbers behind the signs are log odds, what speaks for a claim above zero.
    """
    from rawabit.graph.explain import explain as explained
    from rawabit.graph.frames import using
    from rawabit.graph.knowledge import open_knowledge
    from rawabit.graph.link import link_entities
    from rawabit.graph.own_frames import load_frames
    from rawabit.graph.scorer import load_scorer
    from rawabit.loaders.explain import explained_json, render_document, render_explained
    from rawabit.loaders.extraction import make_tagger
    from rawabit.loaders.problems import Problem
    from rawabit.loaders.read import read
    from rawabit.ner.tag import tag_document

    check_engine(engine)
    session = Session(quiet=True, verbose=False, as_json=False)
    own, known, judge, tagger = load_frames(frames), open_knowledge(knowledge), load_scorer(scorer), make_tagger(engine)
    articles = found = 0
    for document in read([file], report=session.report):
        articles += 1
        tagged = tag_document(document, tagger)
        with using(own):
            entities = link_entities(tagged, known)
        by_id = {entity.id: entity for entity in entities}
        rows = explained(
            document, tagged.sentences, entities, judge, frames=own, min_confidence=min_confidence, only=sentence
        )
        found += len(rows)
        if as_json:
            for row in rows:
                click.echo(json.dumps(explained_json(row, document, by_id), ensure_ascii=False))
            continue
        if rows:
            click.echo(("\n" if articles > 1 else "") + "\n".join(render_document(document)))
        for row in rows:
            click.echo("\n" + "\n".join(render_explained(row, document, by_id, everything=everything)))
    if not articles and not session.summary.failed:
        session.report(Problem(file, "no articles in it"))
    elif articles and not found:
        session.report(Problem(file, f"has no sentence {sentence}" if sentence else "no sentences in it"))
    sys.exit(1 if session.summary.failed else 0)
