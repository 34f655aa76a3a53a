"""The command line. Heavy modules are imported by the commands that need them, so that ``--help`` is quick."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from rawabit._version import __version__
from rawabit.loaders.cli_common import (
    check_engine,
    docs_argument,
    dry_option,
    fail,
    graph_options,
    judgements_option,
    make_folders,
    parse_targets,
    reading_options,
    refuse_pipes,
    say_inputs,
    say_plan,
    talk_options,
)
from rawabit.loaders.cli_explain import explain
from rawabit.loaders.cli_graph_tools import browser, pull
from rawabit.loaders.cli_knowledge import knowledge_group, knowledge_option
from rawabit.loaders.cli_more import evaluate, show, train
from rawabit.loaders.cli_neo4j import clear, forget, load
from rawabit.loaders.cli_review import review, why
from rawabit.loaders.session import Session

__all__ = ["cli", "main"]


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="rawabit")
def cli() -> None:
    """Rawabit (روابط): Arabic news in, a knowledge graph out.

    Exit codes: 0 good, 1 some inputs failed (each is named on stderr), 2 wrong usage.
    """


def main(arguments: Sequence[str] | None = None) -> None:
    """Entry point of the ``rawabit`` command."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        cli.main(args=list(arguments) if arguments is not None else None, prog_name="rawabit")
    except OSError as error:  # a full disk behind standard output, say; click itself sees to closed pipes
        fail(error.strerror or str(error))


@cli.command()
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT…")
@graph_options
@reading_options
@knowledge_option
@judgements_option
@dry_option
@talk_options
def run(
    inputs: tuple[str, ...], outputs: tuple[str, ...], corpus: str, min_confidence: float, resolution: Path | None,
    meta: Path | None, engine: str, scorer: Path | None, frames: Path | None, open_claims: bool, jobs: int,
    max_chars: int, knowledge: Path | None, judgements: Path | None, dry_run: bool, quiet: bool, verbose: bool,
    as_json: bool,
) -> None:  # fmt: skip
    """Read, tag, link, resolve, assemble and write: the whole road.

    INPUT is a file (.txt, .html, .pdf, .docx, .jsonl, .csv), a folder, a glob pattern, or - for stdin.
    """
    targets = parse_targets(outputs, resolution, spare=[*inputs, meta, knowledge, judgements, frames])
    check_engine(engine)
    if dry_run:
        say_inputs(inputs, [*targets, *([resolution] if resolution else [])], meta)
    with Session(quiet, verbose, as_json) as session:
        from rawabit.loaders import pipeline

        make_folders(targets, resolution)
        session.expect(inputs, meta)
        pipeline.run(
            inputs, targets, summary=session.summary, report=session.report, progress=session.progress, engine=engine,
            jobs=jobs, meta=meta, max_chars=max_chars, corpus=corpus, min_confidence=min_confidence,
            resolution_path=resolution, knowledge=knowledge, scorer=scorer, frames=frames, open_claims=open_claims,
            judgements_path=judgements,
        )  # fmt: skip


@cli.command()
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT…")
@click.option("-o", "--output", required=True, metavar="DOCS.jsonl", help="Target, one line a document; - for stdout.")
@click.option("--resume", is_flag=True, help="Keep the target's lines; skip documents of the same content and version.")
@click.option(
    "--given",
    type=click.Choice(["mentions", "entities"]),
    help="Take these from gold INPUTs as they are and compute the rest, for evaluation.",
)
@reading_options
@knowledge_option
@dry_option
@talk_options
def extract(
    inputs: tuple[str, ...], output: str, resume: bool, given: str | None, meta: Path | None, engine: str, jobs: int,
    scorer: Path | None, frames: Path | None, open_claims: bool, max_chars: int, knowledge: Path | None,
    dry_run: bool, quiet: bool, verbose: bool, as_json: bool,
) -> None:  # fmt: skip
    """Write what each document says by itself, one line each."""
    targets = [] if output == "-" else parse_targets([output], spare=[*inputs, meta, knowledge, frames])
    if any(target.kind != "jsonl" for target in targets):
        raise click.BadParameter("write a .jsonl file, or - for stdout", param_hint="-o")
    if output == "-" and (resume or as_json):
        raise click.UsageError("-o - goes with neither --resume nor --json")
    if given and (resume or meta or knowledge or jobs > 1 or not all(Path(i).is_file() for i in inputs)):
        raise click.UsageError(
            "--given takes gold files as they are: no folders, --resume, --meta, --knowledge or --jobs"
        )
    check_engine(engine)
    if dry_run:
        say_inputs(inputs, [output], meta)
    with Session(quiet, verbose, as_json, table_to_stderr=output == "-") as session:
        from rawabit.loaders import pipeline

        make_folders(targets)
        session.expect(inputs, meta)
        target = None if output == "-" else Path(output)
        pipeline.extract_files(
            inputs, target, summary=session.summary, report=session.report, progress=session.progress,
            engine=engine, jobs=jobs, meta=meta, max_chars=max_chars, resume=resume, given=given, knowledge=knowledge,
            scorer=scorer, frames=frames, open_claims=open_claims, leave_out=[target] if target else [],
        )  # fmt: skip
        if target is not None:
            session.summary.outputs.append(output)


@cli.command()
@docs_argument
@graph_options
@knowledge_option
@judgements_option
@dry_option
@talk_options
def build(
    docs: tuple[Path, ...], outputs: tuple[str, ...], corpus: str, min_confidence: float, resolution: Path | None,
    knowledge: Path | None, judgements: Path | None, dry_run: bool, quiet: bool, verbose: bool, as_json: bool,
) -> None:  # fmt: skip
    """Resolve across documents and assemble, without running the tagger again.

    Renews resolution.jsonl beside the first DOCS.jsonl, or where --resolution says.
    """
    refuse_pipes(docs)
    resolution = resolution or docs[0].with_name("resolution.jsonl")
    targets = parse_targets(outputs, resolution, spare=[*docs, knowledge, judgements])
    if any(target.kind == "jsonl" for target in targets):
        raise click.BadParameter("build writes graphs; a .jsonl of documents comes from extract", param_hint="-o")
    if dry_run:
        say_plan([str(path) for path in docs], [*targets, resolution])
    with Session(quiet, verbose, as_json) as session:
        from rawabit.loaders import pipeline

        make_folders(targets, resolution)
        with pipeline.Names() as names, pipeline.build_graph(
            docs, summary=session.summary, report=session.report, resolution_path=resolution, corpus=corpus,
            min_confidence=min_confidence, knowledge=knowledge, judgements_path=judgements,
            names=names if any(target.uri for target in targets) else None,
        ) as graph:  # fmt: skip
            if graph.counts:
                pipeline.write_outputs(
                    graph, targets, summary=session.summary, report=session.report, corpus=corpus, names=names
                )


for _command in (evaluate, show, why, explain, review, train, load, forget, clear, pull, browser, knowledge_group):
    cli.add_command(_command)
