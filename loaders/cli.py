"""The command line. Heavy modules are imported by the commands that need them, so that ``--help`` is quick."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

from rawabit._version import __version__
from rawabit.loaders.session import Session

if TYPE_CHECKING:
    from rawabit.graph.evaluate import Score, Scores
    from rawabit.loaders.outputs import Output

__all__ = ["cli", "main"]

_F = TypeVar("_F", bound=Callable[..., Any])
_NER = "Tagger of names: model (ours), rules (word lists alone) or camel (camel-tools); :MODEL_DIR for your own model."


def _options(*options: Callable[[_F], _F]) -> Callable[[_F], _F]:
    def add(command: _F) -> _F:
        for option in reversed(options):
            command = option(command)
        return command

    return add


_talk = _options(
    click.option("-q", "--quiet", is_flag=True, help="No progress and no summary; problems are still reported."),
    click.option("-v", "--verbose", is_flag=True, help="One line on stderr for each document."),
    click.option("--json", "as_json", is_flag=True, help="The summary as one JSON object on stdout."),
)
_reading = _options(
    click.option("--meta", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="TABLE.csv",
                 help="Table that gives title, date, source and url to files by name (column file)."),
    click.option("--ner", "engine", default="model", show_default=True, metavar="ENGINE", help=_NER),
    click.option("--jobs", type=click.IntRange(1), default=1, show_default=True, metavar="N",
                 help="Processes that extract in parallel; results do not depend on it."),
    click.option("--max-chars", type=click.IntRange(1), default=500_000, show_default=True, metavar="N",
                 help="A longer text is refused as too large to be an article."),
)  # fmt: skip
_graph = _options(
    click.option("-o", "--output", "outputs", multiple=True, required=True, metavar="OUT",
                 help="Target, may be repeated: FILE.graphml, FILE.html, FILE.jsonl, neo4j://… or bolt://…"),
    click.option("--corpus", default="rawabit", show_default=True, metavar="NAME",
                 help="Name that every node and relationship carries."),
    click.option("--min-confidence", type=click.FloatRange(0, 1), default=0.5, show_default=True, metavar="P",
                 help="Leave claims below it out of the graph; how many is in the summary."),
    click.option("--resolution", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
                 help="Where to write which mention became which entity, and why."),
)  # fmt: skip
_dry = click.option("--dry-run", is_flag=True, help="Say what would be read and written, and do nothing.")


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
        _fail(error.strerror or str(error))


@cli.command()
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT…")
@_graph
@_reading
@_dry
@_talk
def run(
    inputs: tuple[str, ...], outputs: tuple[str, ...], corpus: str, min_confidence: float, resolution: Path | None,
    meta: Path | None, engine: str, jobs: int, max_chars: int, dry_run: bool, quiet: bool, verbose: bool, as_json: bool,
) -> None:  # fmt: skip
    """Read, tag, link, resolve, assemble and write: the whole road.

    INPUT is a file (.txt, .html, .jsonl, .csv), a folder, a glob pattern, or - for stdin.
    """
    targets = _targets(outputs, resolution, spare=[*inputs, meta])
    _engine(engine)
    if dry_run:
        _plan(inputs, [*targets, *([resolution] if resolution else [])], meta)
    with Session(quiet, verbose, as_json) as session:
        from rawabit.loaders import pipeline

        _make_folders(targets, resolution)
        session.expect(inputs, meta)
        pipeline.run(
            inputs, targets, summary=session.summary, report=session.report, progress=session.progress, engine=engine,
            jobs=jobs, meta=meta, max_chars=max_chars, corpus=corpus, min_confidence=min_confidence,
            resolution_path=resolution,
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
@_reading
@_dry
@_talk
def extract(
    inputs: tuple[str, ...], output: str, resume: bool, given: str | None, meta: Path | None, engine: str, jobs: int,
    max_chars: int, dry_run: bool, quiet: bool, verbose: bool, as_json: bool,
) -> None:  # fmt: skip
    """Write what each document says by itself, one line each."""
    targets = [] if output == "-" else _targets([output], spare=[*inputs, meta])
    if any(target.kind != "jsonl" for target in targets):
        raise click.BadParameter("write a .jsonl file, or - for stdout", param_hint="-o")
    if output == "-" and (resume or as_json):
        raise click.UsageError("-o - goes with neither --resume nor --json")
    if given and (resume or meta or jobs > 1 or not all(Path(i).is_file() for i in inputs)):
        raise click.UsageError("--given takes gold files as they are: no folders, --resume, --meta or --jobs")
    _engine(engine)
    if dry_run:
        _plan(inputs, [output], meta)
    with Session(quiet, verbose, as_json, table_to_stderr=output == "-") as session:
        from rawabit.loaders import pipeline

        _make_folders(targets)
        session.expect(inputs, meta)
        target = None if output == "-" else Path(output)
        pipeline.extract_files(
            inputs, target, summary=session.summary, report=session.report, progress=session.progress,
            engine=engine, jobs=jobs, meta=meta, max_chars=max_chars, resume=resume, given=given,
            leave_out=[target] if target else [],
        )  # fmt: skip
        if target is not None:
            session.summary.outputs.append(output)


@cli.command()
@click.argument(
    "docs", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="DOCS.jsonl…"
)
@_graph
@_dry
@_talk
def build(
    docs: tuple[Path, ...], outputs: tuple[str, ...], corpus: str, min_confidence: float, resolution: Path | None,
    dry_run: bool, quiet: bool, verbose: bool, as_json: bool,
) -> None:  # fmt: skip
    """Resolve across documents and assemble, without running the tagger again.

    Renews resolution.jsonl beside the first DOCS.jsonl, or where --resolution says.
    """
    _regular(docs)
    resolution = resolution or docs[0].with_name("resolution.jsonl")
    targets = _targets(outputs, resolution, spare=docs)
    if any(target.kind == "jsonl" for target in targets):
        raise click.BadParameter("build writes graphs; a .jsonl of documents comes from extract", param_hint="-o")
    if dry_run:
        _say_plan([str(path) for path in docs], [*targets, resolution])
    with Session(quiet, verbose, as_json) as session:
        from rawabit.loaders import pipeline

        _make_folders(targets, resolution)
        with pipeline.build_graph(
            docs, summary=session.summary, report=session.report, resolution_path=resolution, corpus=corpus,
            min_confidence=min_confidence,
        ) as graph:  # fmt: skip
            if graph.counts:
                pipeline.write_outputs(graph, targets, summary=session.summary, report=session.report, corpus=corpus)


@cli.command()
@click.argument("gold", type=click.Path(exists=True, path_type=Path), metavar="GOLD")
@click.argument("predicted", type=click.Path(exists=True, path_type=Path), metavar="PREDICTED")
@click.option("--errors", is_flag=True, help="List every error after the figures.")
@click.option("--by-type", is_flag=True, help="Figures of each label and relation type too.")
@click.option(
    "--min-confidence",
    type=click.FloatRange(0, 1),
    default=0.0,
    show_default=True,
    metavar="P",
    help="Relations below it do not count.",
)
@click.option("--json", "as_json", is_flag=True, help="The figures as one JSON object on stdout.")
def evaluate(gold: Path, predicted: Path, errors: bool, by_type: bool, min_confidence: float, as_json: bool) -> None:
    """Score PREDICTED against GOLD: JSONL files of documents, joined by id."""
    from rawabit.graph.evaluate import evaluate as score

    try:
        scores = score(_rows(gold), _rows(predicted), min_confidence=min_confidence)
    except (ValueError, KeyError, TypeError, AttributeError, OSError) as error:
        _fail(f"{error}" if isinstance(error, ValueError | OSError) else f"not a gold file: {error}")
    if scores.missing:
        click.echo(f"no prediction for: {', '.join(scores.missing)}", err=True)
    if as_json:
        found = {"errors": scores.errors} if errors else {}
        click.echo(json.dumps({**_figures(scores), **found}, ensure_ascii=False, indent=1))
    else:
        _print_scores(scores, by_type=by_type)
        for row in scores.errors if errors else []:
            click.echo("\t".join(row))
    sys.exit(1 if scores.missing else 0)


@cli.command()
@click.argument("who", metavar="ID|NAME")
@click.argument(
    "docs", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="DOCS.jsonl…"
)
@click.option("--json", "as_json", is_flag=True, help="As one JSON array on stdout.")
def show(who: str, docs: tuple[Path, ...], as_json: bool) -> None:
    """Show an entity: its names, its claims, and the sentences that say so.

    ID is the id of a node or DOCUMENT#ENTITY; NAME is a whole name in any spelling.
    """
    from rawabit.loaders import pipeline
    from rawabit.loaders.docs import read_extractions
    from rawabit.loaders.show import look_up, render

    _regular(docs)
    session = Session(quiet=True, verbose=False, as_json=False)
    resolution, kept = pipeline.resolve_files(docs, summary=session.summary, report=session.report)
    found = look_up(who, read_extractions(docs, lambda problem: None, only=kept), resolution)
    if as_json:
        click.echo(json.dumps([shown.json() for shown in found], ensure_ascii=False, indent=1))
    elif found:
        click.echo("\n".join(render(found)))
    if not found:
        _fail(f"nothing is named {who} in {', '.join(map(str, docs))}")
    sys.exit(1 if session.summary.failed else 0)


@cli.command()
@click.argument("config", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="CONFIG.toml")
@click.option(
    "--data",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="DIR",
    help="Folder that holds the encoder and the corpora; takes the place of the configuration's own.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    metavar="DIR",
    help="Folder for checkpoints and, in model/ below it, the model that --ner model:MODEL_DIR takes.",
)
def train(config: Path, data: Path | None, output: Path) -> None:
    """Train a tagger of names on CoNLL and gold JSONL files (needs rawabit[train])."""
    try:
        import onnx  # noqa: F401
        import torch  # noqa: F401
        import transformers  # noqa: F401
    except ImportError as error:
        _fail(f"{error}: training needs the extra, pip install 'rawabit[train]'")
    from rawabit.ner.export import make
    from rawabit.ner.train import load_config

    try:
        folder = make(load_config(config, data, output))
    except (OSError, ValueError) as error:
        _fail(str(error))
    click.echo(f"{folder}: try it with --ner model:{folder}")


def _targets(
    outputs: Sequence[str], resolution: Path | None = None, *, spare: Sequence[str | Path | None] = ()
) -> list[Output]:
    """The outputs, when none of them would be written over another or over an input (`spare`)."""
    from rawabit.loaders.outputs import parse_output

    try:
        targets = [parse_output(text) for text in outputs]
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="-o") from None
    paths = [os.path.realpath(t.path) if t.path is not None else str(t) for t in targets]
    if resolution is not None:
        paths.append(os.path.realpath(resolution))
    if len(set(paths)) < len(paths) or sum(t.kind == "jsonl" for t in targets) > 1:
        raise click.BadParameter("one target twice, or two .jsonl files", param_hint="-o")
    inputs = {os.path.realpath(given) for given in spare if given is not None and str(given) != "-"}
    for path in paths:
        if path in inputs:
            raise click.BadParameter(f"{path} is an input: it would be overwritten", param_hint="-o")
    return targets


def _make_folders(targets: Sequence[Output], resolution: Path | None = None) -> None:
    for path in [*(target.path for target in targets), resolution]:
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)


def _regular(docs: Sequence[Path]) -> None:
    """Refuse pipes: the files are read more than once."""
    for path in docs:
        if not path.is_file():
            raise click.UsageError(f"{path} is not a regular file")


def _engine(engine: str) -> None:
    """Refuse a wrong ``--ner`` before anything is written."""
    from rawabit.loaders.extraction import make_tagger

    try:
        make_tagger(engine)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--ner") from None
    except (RuntimeError, OSError) as error:
        _fail(str(error))


def _plan(inputs: Sequence[str], outputs: Sequence[object], meta: Path | None) -> None:
    from rawabit.loaders.read import plan

    session = Session(quiet=True, verbose=False, as_json=False)
    files = plan(inputs, meta=meta, report=session.report)
    _say_plan(files, outputs, failed=session.summary.failed)


def _say_plan(files: Sequence[str], outputs: Sequence[object], *, failed: int = 0) -> None:
    for file in files:
        click.echo(f"read   {file}")
    for output in outputs:
        click.echo(f"write  {output}")
    sys.exit(1 if failed else 0)


def _fail(message: str) -> NoReturn:
    click.echo(f"rawabit: {message}", err=True)
    sys.exit(1)


def _rows(path: Path) -> list[dict[str, Any]]:
    rows = []
    for file in sorted(path.rglob("*.jsonl")) if path.is_dir() else [path]:
        for number, line in enumerate(file.read_text(encoding="utf-8").split("\n"), 1):
            if line.strip():
                try:
                    rows.append(json.loads(line))
                except ValueError as error:
                    raise ValueError(f"{file}:{number}: {error}") from None
    return rows


def _figures(scores: Scores) -> dict[str, Any]:
    def figure(score: Score) -> dict[str, float]:
        return {"p": score.precision, "r": score.recall, "f1": score.f1, "right": score.right,
                "guessed": score.guessed, "owed": score.owed}  # fmt: skip

    out: dict[str, Any] = {}
    for measure, cells in scores.parts.items():
        out[measure] = figure(scores.total(measure))
        if len(cells) > 1:
            out[measure]["by_type"] = {key: figure(cells[key]) for key in sorted(cells)}
    return out


def _print_scores(scores: Scores, *, by_type: bool) -> None:
    for measure, cells in scores.parts.items():
        for key, score in [("", scores.total(measure)), *(sorted(cells.items()) if by_type and len(cells) > 1 else [])]:
            name = f"  {key}" if key else measure
            click.echo(
                f"{name:24} P {score.precision:.3f}  R {score.recall:.3f}  F1 {score.f1:.3f}"
                f"   {score.right:g}/{score.guessed}/{score.owed}"
            )
