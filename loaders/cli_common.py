"""What commands share: options, checks of what they are given, and how they fail."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

from rawabit.loaders.session import Session

if TYPE_CHECKING:
    from rawabit.loaders.outputs import Output

__all__ = [
    "check_engine",
    "check_judgements",
    "corpus_option",
    "docs_argument",
    "dry_option",
    "engine_options",
    "fail",
    "find_password",
    "graph_options",
    "json_option",
    "judgements_option",
    "make_folders",
    "min_confidence_option",
    "parse_targets",
    "password_option",
    "quiet_option",
    "reading_options",
    "refuse_pipes",
    "resolution_option",
    "say_inputs",
    "say_plan",
    "talk_options",
]

_PASSWORD = "rawabit.password"
_F = TypeVar("_F", bound=Callable[..., Any])
_NER = "Tagger of names: model, fast, rules (word lists) or camel (camel-tools); model and camel take :MODEL_DIR."


def _options(*options: Callable[[_F], _F]) -> Callable[[_F], _F]:
    def add(command: _F) -> _F:
        for option in reversed(options):
            command = option(command)
        return command

    return add


def _scorer(context: click.Context, option: click.Parameter, path: Path | None) -> Path | None:
    """Refuse a wrong ``--scorer`` before anything is written."""
    from rawabit.graph.scorer import load_scorer

    if path is not None:
        try:
            load_scorer(path)
        except (OSError, ValueError) as error:
            raise click.BadParameter(str(error), param_hint="--scorer") from None
    return path


def _frames(context: click.Context, option: click.Parameter, path: Path | None) -> Path | None:
    """Refuse wrong ``--frames`` before anything is written."""
    from rawabit.graph.own_frames import load_frames

    if path is not None:
        try:
            load_frames(path)
        except OSError as error:
            raise click.BadParameter(f"{path}: {error.strerror or error}", param_hint="--frames") from None
        except ValueError as error:
            raise click.BadParameter(str(error), param_hint="--frames") from None
    return path


def _check_corpus(context: click.Context, option: click.Parameter, corpus: str) -> str:
    from rawabit.loaders.neo4j_spool import check_corpus

    try:
        check_corpus(corpus)
        if not corpus.strip() or "\ufffd" in corpus:
            raise ValueError
    except ValueError:
        raise click.BadParameter("a name of 1 to 200 bytes", param_hint="--corpus") from None
    return corpus


def _remember_password(context: click.Context, option: click.Parameter, path: Path | None) -> None:
    """Keep the first line for `find_password`, out of the options."""
    if path is not None:
        try:
            with path.open(encoding="utf-8-sig") as file:
                context.meta[_PASSWORD] = file.readline().rstrip("\r\n")
        except (OSError, UnicodeDecodeError):
            raise click.BadParameter(f"{path} can't be read as UTF-8", param_hint="--password-file") from None


def find_password(address: str) -> str | None:
    """The password for a server: of ``--password-file``, of ``NEO4J_PASSWORD``, or asked for on a terminal.

    None where there is none; the server says whether it needs one.
    """
    context = click.get_current_context(silent=True)
    if context is not None and _PASSWORD in context.meta:
        return str(context.meta[_PASSWORD])
    if "NEO4J_PASSWORD" in os.environ:
        return os.environ["NEO4J_PASSWORD"]
    if sys.stdin.isatty() and sys.stderr.isatty():
        return str(click.prompt(f"Password for {address}", hide_input=True, err=True, default="", show_default=False))
    return None


quiet_option = click.option(
    "-q", "--quiet", is_flag=True, help="No progress and no summary; problems are still reported."
)
json_option = click.option("--json", "as_json", is_flag=True, help="The summary as one JSON object on stdout.")
talk_options = _options(
    quiet_option,
    click.option("-v", "--verbose", is_flag=True, help="One line on stderr for each document."),
    json_option,
)
engine_options = _options(
    click.option("--ner", "engine", default="model", show_default=True, metavar="ENGINE", help=_NER),
    click.option("--fast", "engine", flag_value="fast", help="For archives: the small model, same as --ner fast."),
    click.option("--scorer", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE.npz",
                 callback=_scorer, help="Scorer of claims of your own, from rawabit train."),
    click.option("--frames", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE.toml",
                 callback=_frames, help="Verbs, nouns and titles of your own that state claims, on top of ours."),
)  # fmt: skip
reading_options = _options(
    click.option("--meta", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="TABLE.csv",
                 help="Table that gives title, date, source and url to files by name (column file)."),
    engine_options,
    click.option("--open", "open_claims", is_flag=True,
                 help="Keep clear verbs that link two names outside our types too, as RELATED, in the text's words."),
    click.option("--jobs", type=click.IntRange(1), default=1, show_default=True, metavar="N",
                 help="Processes that extract in parallel; results do not depend on it."),
    click.option("--max-chars", type=click.IntRange(1), default=500_000, show_default=True, metavar="N",
                 help="A longer text is refused as too large to be an article."),
)  # fmt: skip
password_option = click.option(
    "--password-file", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE",
    callback=_remember_password, expose_value=False,
    help="Its first line is the server's password; else NEO4J_PASSWORD is, or you are asked.",
)  # fmt: skip
corpus_option = click.option(
    "--corpus", default="rawabit", show_default=True, metavar="NAME", callback=_check_corpus,
    help="Name that every node and relationship carries.",
)  # fmt: skip
min_confidence_option = click.option(
    "--min-confidence", type=click.FloatRange(0, 1), default=0.5, show_default=True, metavar="P",
    help="Leave claims below it out of the graph; how many is in the summary.",
)  # fmt: skip
resolution_option = click.option(
    "--resolution", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
    help="Where to write which mention became which entity, and why.",
)  # fmt: skip
graph_options = _options(
    click.option("-o", "--output", "outputs", multiple=True, required=True, metavar="OUT",
                 help="Target, may be repeated: FILE.graphml, FILE.html, FILE.xlsx, FILE.jsonl, ftm:FILE, "
                 "jsonld:FILE, parquet:DIR, tables:DIR, csv:DIR, neo4j://… or bolt://…"),
    corpus_option,
    min_confidence_option,
    resolution_option,
    password_option,
)  # fmt: skip
dry_option = click.option("--dry-run", is_flag=True, help="Say what would be read and written, and do nothing.")

docs_argument = click.argument(
    "docs", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="DOCS.jsonl…"
)


def check_judgements(path: Path, hint: str) -> None:
    """Refuse a file that is none of ours before anything is written; bad lines are reported later."""
    from rawabit.graph.judgements import read_judgements

    try:
        read_judgements(path, lambda where, cause, lost: None)
    except OSError as error:
        raise click.BadParameter(f"{path}: {error.strerror or error}", param_hint=hint) from None
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint=hint) from None


def _checked(context: click.Context, option: click.Parameter, path: Path | None) -> Path | None:
    if path is not None:
        check_judgements(path, "--judgements")
    return path


judgements_option = click.option(
    "--judgements", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE.csv",
    callback=_checked,
    help="What people decided (same, different, reject, accept); it goes before what the machine thinks.",
)  # fmt: skip


def parse_targets(
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
    return [t if t.uri is None else replace(t, password=find_password(str(t))) for t in targets]


def make_folders(targets: Sequence[Output], resolution: Path | None = None) -> None:
    for path in [*(target.path for target in targets), resolution]:
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
    servers = [target for target in targets if target.uri is not None]
    if servers and all(target.uri is not None or target.kind == "jsonl" for target in targets):
        from rawabit.loaders.neo4j_server import connect

        for target in servers:  # now, not after hours of work that nothing would come of
            with connect(str(target.uri), target.password):
                pass


def refuse_pipes(docs: Sequence[Path]) -> None:
    """Refuse pipes: the files are read more than once."""
    for path in docs:
        if not path.is_file():
            raise click.UsageError(f"{path} is not a regular file")


def check_engine(engine: str) -> None:
    """Refuse a wrong ``--ner`` before anything is written."""
    from rawabit.loaders.extraction import make_tagger

    try:
        make_tagger(engine)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--ner") from None
    except (RuntimeError, OSError) as error:
        fail(str(error))


def say_inputs(inputs: Sequence[str], outputs: Sequence[object], meta: Path | None) -> None:
    from rawabit.loaders.read import plan

    session = Session(quiet=True, verbose=False, as_json=False)
    files = plan(inputs, meta=meta, report=session.report)
    say_plan(files, outputs, failed=session.summary.failed)


def say_plan(files: Sequence[str], outputs: Sequence[object], *, failed: int = 0) -> None:
    for file in files:
        click.echo(f"read   {file}")
    for output in outputs:
        click.echo(f"write  {output}")
    sys.exit(1 if failed else 0)


def fail(message: str) -> NoReturn:
    click.echo(f"rawabit: {message}", err=True)
    sys.exit(1)
