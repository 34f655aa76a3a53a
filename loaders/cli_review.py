"""The commands `rawabit why` and `rawabit review`."""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rawabit.loaders.cli_common import check_judgements, docs_argument, fail, judgements_option, refuse_pipes
from rawabit.loaders.cli_knowledge import knowledge_option
from rawabit.loaders.session import Session

if TYPE_CHECKING:
    from rawabit.loaders.review import Question

__all__ = ["review", "why"]


@click.command()
@click.argument("one", metavar="NAME")
@click.argument("other", metavar="NAME")
@click.argument("docs", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="[DOCS.jsonl]…")
@click.option("--resolution", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE",
              help="What build decided, instead of deciding anew; it does without DOCS.jsonl.")  # fmt: skip
@knowledge_option
@judgements_option
@click.option("--json", "as_json", is_flag=True, help="As one JSON object on stdout.")
def why(
    one: str, other: str, docs: tuple[Path, ...], resolution: Path | None, knowledge: Path | None,
    judgements: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """Say whether two names are one thing, and why.

    NAME is a whole name in any spelling, the id of a node, or DOCUMENT#ENTITY.
    """
    from rawabit.graph.resolve import read_resolution
    from rawabit.loaders import pipeline
    from rawabit.loaders.why import explain, render_answer

    if not docs and resolution is None:
        raise click.UsageError("give DOCS.jsonl, or --resolution FILE, or both")
    if judgements and not docs:
        raise click.UsageError("--judgements needs DOCS.jsonl: a resolution holds the judgements it was made with")
    refuse_pipes(docs)
    session = Session(quiet=True, verbose=False, as_json=False)
    try:
        if docs:
            view = pipeline.resolve_files(
                docs, summary=session.summary, report=session.report, knowledge=knowledge,
                judgements_path=judgements, given=resolution,
            )  # fmt: skip
            answer = explain(one, other, view.extractions, view.resolution, view.judgements, view.references)
        else:
            assert resolution is not None
            answer = explain(one, other, lambda: (), read_resolution(resolution))
    except (OSError, ValueError) as error:
        fail(str(error))
    if as_json:
        click.echo(json.dumps(answer.json(), ensure_ascii=False, indent=1))
    elif all(answer.ids):
        click.echo("\n".join(render_answer(answer)))
    for name, ids in zip(answer.asked, answer.ids, strict=True):
        if not ids:
            fail(f"nothing is named {name} in {', '.join(map(str, docs or [resolution]))}")
    sys.exit(1 if session.summary.failed else 0)


@click.command()
@docs_argument
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    metavar="FILE.csv",
    help="File of judgements: what it holds counts and is not asked again; each answer is added at once.",
)
@click.option(
    "--limit",
    type=click.IntRange(1),
    default=20,
    show_default=True,
    metavar="N",
    help="Ask N questions at most, the least certain first.",
)
@click.option(
    "--only",
    type=click.Choice(["merges", "claims"]),
    help="Ask only which things are one, or only whether claims are right.",
)
@knowledge_option
@click.option("-q", "--quiet", is_flag=True, help="No count of the answers at the end.")
def review(
    docs: tuple[Path, ...], output: Path, limit: int, only: str | None, knowledge: Path | None, quiet: bool
) -> None:  # fmt: skip
    """Ask about the least certain merges and claims, and keep the answers as judgements.

    Answers are y (yes), n (no), s (skip) and q (quit), from the terminal or a pipe. Pass the file to run, build, show
    and why with --judgements.
    """
    from rawabit.loaders import pipeline
    from rawabit.loaders.review import questions

    refuse_pipes(docs)
    if os.path.realpath(output) in map(os.path.realpath, docs):
        raise click.BadParameter(f"{output} is an input: it would be overwritten", param_hint="-o")
    there = output.exists()
    if there:
        check_judgements(output, "-o")
    session = Session(quiet=True, verbose=False, as_json=False)
    try:
        view = pipeline.resolve_files(
            docs, summary=session.summary, report=session.report, knowledge=knowledge,
            judgements_path=output if there else None,
        )  # fmt: skip
        asked = questions(view, only=only, limit=limit)
        output.parent.mkdir(parents=True, exist_ok=True)
        answers = _ask(asked, output)
    except (OSError, ValueError) as error:
        fail(str(error))
    if not quiet:
        left = len(asked) - answers.total()
        click.echo(f"{answers['y']} yes, {answers['n']} no, {left} open: {output}")
    sys.exit(1 if session.summary.failed else 0)


def _ask(asked: Sequence[Question], output: Path) -> Counter[str]:
    """Puts the questions and writes each answer before the next question; ends where the answers end."""
    from rawabit.graph.judgements import append_judgement
    from rawabit.loaders.review import render_question

    answers: Counter[str] = Counter()
    stdin = sys.stdin
    for number, question in enumerate(asked, 1):
        lines = render_question(question)
        click.echo(f"{number} of {len(asked)}: {next(lines)}")
        for line in lines:
            click.echo(line)
        answer = ""
        while answer not in ("y", "n", "s", "q"):
            click.echo("[y]es, [n]o, [s]kip, [q]uit: ", nl=False)
            typed = stdin.readline()
            answer = typed.strip().lower()[:1] if typed else "q"
            if not typed or not stdin.isatty():
                click.echo("")
        click.echo("")
        if answer == "q":
            break
        if answer != "s":
            append_judgement(output, question.judgement(answer == "y"), question.one, question.other, question.text)
            answers[answer] += 1
    return answers
