"""The commands that write to a Neo4j server: `rawabit load`, `rawabit forget` and `rawabit clear`."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from rawabit.loaders.cli_common import (
    corpus_option,
    dry_option,
    json_option,
    judgements_option,
    make_folders,
    min_confidence_option,
    parse_targets,
    password_option,
    quiet_option,
    refuse_pipes,
    resolution_option,
    say_plan,
    talk_options,
)
from rawabit.loaders.cli_knowledge import knowledge_option
from rawabit.loaders.session import Session

if TYPE_CHECKING:
    from rawabit.graph.model import Edge, Node
    from rawabit.loaders.neo4j_names import Names
    from rawabit.loaders.outputs import Output

__all__ = ["clear", "forget", "load"]

server_option = click.option(
    "-o", "--output", required=True, metavar="SERVER",
    help="neo4j://USER@HOST:PORT/DATABASE or bolt://…, also with +s or +ssc; never with the password.",
)  # fmt: skip


def _server(output: str, spare: tuple[Path | None, ...] = ()) -> Output:
    (target,) = parse_targets([output], spare=spare)
    if target.uri is None:
        raise click.BadParameter("write to neo4j:// or bolt://; rawabit build writes files", param_hint="-o")
    return target


@click.command()
@click.argument(
    "inputs", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="DOCS.jsonl…|GRAPH.graphml",
)  # fmt: skip
@server_option
@corpus_option
@min_confidence_option
@resolution_option
@click.option("--anew", is_flag=True, help="Write documents too that the server has as they are, as far as it says.")
@password_option
@knowledge_option
@judgements_option
@dry_option
@talk_options
def load(
    inputs: tuple[Path, ...], output: str, corpus: str, min_confidence: float, resolution: Path | None, anew: bool,
    knowledge: Path | None, judgements: Path | None, dry_run: bool, quiet: bool, verbose: bool, as_json: bool,
) -> None:  # fmt: skip
    """Load documents, or a GraphML file that rawabit wrote, into a Neo4j server.

    They replace what the server has of them; other documents of the corpus stay. Twice changes nothing. Entities are
    compared among the INPUTs: give all documents whose people should be one.
    """
    refuse_pipes(inputs)
    graphs = [path for path in inputs if path.suffix.lower() == ".graphml"]
    if graphs and (len(inputs) > 1 or resolution or knowledge or judgements):
        raise click.UsageError("a .graphml file is loaded alone, as it is: without knowledge, judgements or resolution")
    target = _server(output, (*inputs, knowledge, judgements))
    if dry_run:
        say_plan([str(path) for path in inputs], [target, *([resolution] if resolution else [])])
    with Session(quiet, verbose, as_json) as session, ExitStack() as stack:
        make_folders([target], resolution)
        names: Names | None = None
        elements: Iterable[Node | Edge]
        if graphs:
            from rawabit.loaders.graphml import read_graphml

            elements = read_graphml(graphs[0])
            if click.get_current_context().get_parameter_source("corpus") is ParameterSource.DEFAULT:
                corpus = next((str(e.properties["corpus"]) for e in elements if "corpus" in e.properties), corpus)
                elements = read_graphml(graphs[0])
        else:
            from rawabit.loaders import pipeline

            names = stack.enter_context(pipeline.Names())
            graph = stack.enter_context(
                pipeline.build_graph(
                    inputs, summary=session.summary, report=session.report, resolution_path=resolution,
                    corpus=corpus, min_confidence=min_confidence, knowledge=knowledge, judgements_path=judgements,
                    names=names,
                )
            )  # fmt: skip
            if not graph.counts:
                return
            elements = graph
        _load(session, elements, target, corpus, names, anew)


def _load(
    session: Session, elements: Iterable[Node | Edge], target: Output, corpus: str, names: Names | None, anew: bool
) -> None:
    from rawabit.loaders.neo4j import load_graph

    done = load_graph(
        elements, str(target.uri), corpus=corpus, password=target.password or "", names=names, report=session.report,
        say=session.show, anew=anew,
    )  # fmt: skip
    session.counts = {
        "new documents": done.new, "changed documents": done.changed, "documents as before": done.same,
        "replaced documents": done.replaced, "entities": done.entities, "relationships": done.relationships,
        "removed entities": done.removed, "withheld claims": session.summary.withheld,
    }  # fmt: skip
    session.summary.outputs.append(str(target))


@click.command()
@click.argument("documents", nargs=-1, required=True, metavar="DOC…")
@server_option
@corpus_option
@password_option
@quiet_option
@json_option
def forget(documents: tuple[str, ...], output: str, corpus: str, quiet: bool, as_json: bool) -> None:
    """Remove documents from a Neo4j server, with all that only they say.

    DOC is the id or the address of a document. Its claims and occurrences go, and entities that no other document
    names; names and counts of the others are made anew.
    """
    target = _server(output)
    with Session(quiet, False, as_json) as session:
        from rawabit.loaders.neo4j_forget import forget as remove
        from rawabit.loaders.neo4j_server import connect
        from rawabit.loaders.problems import Problem

        with connect(str(target.uri), target.password) as server:
            done = remove(server, corpus, documents, session.show)
        for one in done.unknown:
            session.report(Problem(one, f"no document of the corpus {corpus} there"))
        if done.held:
            session.report(Problem(str(target), _held(done.held), fatal=False))
        session.counts = {"documents": done.documents, "entities": done.entities}


@click.command()
@click.option("--corpus", required=True, metavar="NAME", help="Name that the nodes and relationships carry.")
@server_option
@click.option("--yes", is_flag=True, help="Don't ask first; needed where there is no terminal to ask on.")
@password_option
@quiet_option
@json_option
def clear(corpus: str, output: str, yes: bool, quiet: bool, as_json: bool) -> None:
    """Remove a corpus from a Neo4j server, and nothing else."""
    target = _server(output)
    if not yes and not sys.stdin.isatty():
        raise click.UsageError("nobody to ask: give --yes")
    with Session(quiet, False, as_json) as session:
        from rawabit.loaders.neo4j_forget import clear_corpus, count_corpus
        from rawabit.loaders.neo4j_server import connect
        from rawabit.loaders.problems import Problem

        with connect(str(target.uri), target.password) as server:
            entities, documents = count_corpus(server, corpus)
            if not yes:
                question = f"Remove {documents} documents and {entities} entities of {corpus} from {target}?"
                click.confirm(question, abort=True, err=True)
            held = clear_corpus(server, corpus, session.show)
        if held:
            session.report(Problem(str(target), _held(held), fatal=False))
        session.counts = {"documents": documents, "entities": entities}


def _held(count: int) -> str:
    return f"{count} nodes stay, since relationships that are not rawabit's hold on to them"
