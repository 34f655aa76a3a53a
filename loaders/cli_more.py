"""The commands `rawabit evaluate`, `show` and `train`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from rawabit.loaders.cli_common import docs_argument, fail, judgements_option, refuse_pipes
from rawabit.loaders.cli_knowledge import knowledge_option
from rawabit.loaders.session import Session

if TYPE_CHECKING:
    from rawabit.graph.evaluate import Score, Scores

__all__ = ["evaluate", "show", "train"]


@click.command()
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
        fail(f"{error}" if isinstance(error, ValueError | OSError) else f"not a gold file: {error}")
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


@click.command()
@click.argument("who", metavar="ID|NAME")
@docs_argument
@knowledge_option
@judgements_option
@click.option("--json", "as_json", is_flag=True, help="As one JSON array on stdout.")
def show(who: str, docs: tuple[Path, ...], knowledge: Path | None, judgements: Path | None, as_json: bool) -> None:
    """Show an entity: its names, its claims, and the sentences that say so.

    ID is the id of a node or DOCUMENT#ENTITY; NAME is a whole name in any spelling.
    """
    from rawabit.loaders import pipeline
    from rawabit.loaders.show import look_up, render

    refuse_pipes(docs)
    session = Session(quiet=True, verbose=False, as_json=False)
    view = pipeline.resolve_files(
        docs, summary=session.summary, report=session.report, knowledge=knowledge, judgements_path=judgements
    )
    found = look_up(who, view.extractions(), view.resolution)
    if as_json:
        click.echo(json.dumps([shown.json() for shown in found], ensure_ascii=False, indent=1))
    elif found:
        click.echo("\n".join(render(found)))
    if not found:
        fail(f"nothing is named {who} in {', '.join(map(str, docs))}")
    sys.exit(1 if session.summary.failed else 0)


@click.command()
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
    help="Folder for checkpoints and, in model/ below it, what --ner model:MODEL_DIR takes; or for scorer.npz.",
)
def train(config: Path, data: Path | None, output: Path) -> None:
    """Train a tagger of names, or a scorer of claims, on CoNLL and gold JSONL files (needs rawabit[train])."""
    try:
        import onnx  # noqa: F401
        import torch  # noqa: F401
        import transformers  # noqa: F401
    except ImportError as error:
        fail(f"{error}: training needs the extra, pip install 'rawabit[train]'")
    from rawabit.loaders.learning import learn_claims, load_learning
    from rawabit.ner.batches import load_config
    from rawabit.ner.export import make

    try:
        learning = load_learning(config, data, output)
        made = make(load_config(config, data, output)) if learning is None else learn_claims(learning)
    except (OSError, ValueError) as error:
        fail(str(error))
    click.echo(f"{made}: try it with " + (f"--ner model:{made}" if learning is None else f"--scorer {made}"))


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
