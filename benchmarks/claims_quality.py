"""Claims with gold entities, by folds of train: grammar alone, scorer alone, both, with and without our own articles.

usage: claims_quality.py DATA [--folds 4] [--variants both,...] [--epochs 8] [--drop 0.5] [--write]

Every article of DATA/gold/train.jsonl is read by a scorer that was learnt without it (and, in each fold, calibrated on
other articles that it was not fitted on). Printed for each variant: precision, recall and F1 of relations at the
confidence where F1 is best, with a bootstrap interval over documents; recall at the lowest confidence where precision
is 0.80 or more; sources, amounts and denials with their counts; then the scorer of the first fold on dev and
seeds. Variants:

both        grammar's features and the words, learnt from train and from our own synthetic.jsonl and news*.jsonl
train       the same, learnt from train alone
synthetic   the same, learnt from train and synthetic.jsonl
words       without what the grammar reads
grammar     what the grammar reads, each pattern at its measured precision (`claims_confidence.py`)
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
from report import Report

from rawabit.graph import claims
from rawabit.graph.claims import find_claims, read_claims
from rawabit.graph.evaluate import evaluate
from rawabit.graph.learn import Examples, calibrated, examples, fit, joined
from rawabit.graph.model import Claim, Extraction
from rawabit.graph.scorer import Scorer
from rawabit.loaders.docs import from_json, to_json
from rawabit.loaders.learning import read_articles
from rawabit.ner.tokens import sentences

HERE = Path(__file__).resolve().parent
REPORT = Report()
OURS = Path(__file__).resolve().parent.parent / "ner" / "data" / "training"
STEPS = [n / 50 for n in range(4, 46)]
Row = dict[str, Any]


def rows_of(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line.strip()]


def predict(gold: Iterable[Row], find: Callable[..., Sequence[Claim]]) -> list[Row]:
    out = []
    for row in gold:
        given = from_json({**row, "relations": []})
        spans = sentences(given.document.text, given.ignored)
        found = tuple(find(given.document, spans, given.entities))
        out.append(to_json(Extraction(given.document, given.entities, found, spans, given.ignored, "")))
    return out


def by_grammar(*given: Any) -> list[Claim]:
    return [claim for _, claim in read_claims(*given) if claim.confidence]


def report(name: str, gold: list[Row], guess: list[Row]) -> None:
    scores = {step: evaluate(gold, guess, min_confidence=step).total("relations") for step in STEPS}
    best = max(scores, key=lambda step: scores[step].f1)
    sure = next((step for step in STEPS if scores[step].precision >= 0.8), None)
    cells = []
    for one, other in zip(gold, guess, strict=True):
        score = evaluate([one], [other], min_confidence=best).total("relations")
        cells.append((score.right, score.guessed, score.owed))
    drawer = random.Random(1)
    drawn = sorted(
        2 * r / max(1, g + o)
        for r, g, o in (map(sum, zip(*drawer.choices(cells, k=len(cells)), strict=True)) for _ in range(1000))
    )
    top = scores[best]
    line = f"{name:18} F1 {top.f1:.3f} ({drawn[25]:.3f} to {drawn[974]:.3f}) P {top.precision:.3f} R {top.recall:.3f}"
    line += f" from {best:.2f}"
    if sure is not None:
        line += f"; P {scores[sure].precision:.3f} R {scores[sure].recall:.3f} from {sure:.2f}"
    every = evaluate(gold, guess, min_confidence=best)
    for measure in ("pairs", "sources", "amounts"):
        one = every.total(measure)
        line += f"; {measure} F1 {one.f1:.3f} ({one.right:.0f}/{one.guessed}/{one.owed})"
    denied, said, owed = denials(gold, guess, best)
    REPORT.say(f"{line}; denied {denied}/{said}/{owed}")


def denials(gold: list[Row], guess: list[Row], least: float) -> tuple[int, int, int]:
    """Right, said and owed denials among the gold's relations that were found, whatever was said of their denial."""
    right = said = owed = 0
    for one, other in zip(gold, guess, strict=True):
        want = {(r["subject"], r["type"], r["object"]): bool(r.get("negated")) for r in one["relations"]}
        have = {
            (r["subject"], r["type"], r["object"]): bool(r.get("negated"))
            for r in other["relations"]
            if r["confidence"] >= least
        }
        for key in want.keys() & have.keys():
            right += want[key] and have[key]
            said += have[key]
            owed += want[key]
    return right, said, owed


def learn(parts: Sequence[tuple[Examples, Examples]], args: argparse.Namespace, lines: Any) -> Scorer:
    options = ({"epochs": args.epochs, "drop": args.drop, "rate": args.rate}, {"epochs": 20, "drop": 0.2})
    models = [fit(joined([(part[kind], 1.0) for part in parts]), **options[kind]) for kind in (0, 1)]
    return Scorer(models[0], models[1], lines, 0.05, "")


def folds(args: argparse.Namespace, variant: str) -> None:
    nothing = {"words": patch.object(claims, "_clauses", lambda *_: iter(()))}.get(variant)
    if nothing:
        nothing.start()
    gold = rows_of(args.data / "gold" / "train.jsonl")
    train = examples(read_articles(args.data / "gold" / "train.jsonl"))
    names = {"train": [], "synthetic": ["synthetic.jsonl"]}.get(
        variant, sorted(path.name for path in OURS.glob("*.jsonl"))
    )
    ours = [examples(read_articles(OURS / name)) for name in names]
    fold = np.arange(len(gold)) % args.folds
    models: list[Scorer] = []
    logits = []
    plain = np.zeros((0, 2), np.float32)
    for k in range(args.folds):
        kept = (train[0].where(fold != k), train[1].where(fold != k))
        models.append(learn([kept, *ours], args, plain))
        held = train[0].where(fold == k)
        logits.append((models[-1].relations.logits(held.features)[:, :-1], held.right[:, :-1], held.asked[:, :-1]))
    guess: dict[str, Row] = {}
    tested: list[Scorer] = []
    for k, model in enumerate(models):
        others = [logits[n] for n in range(args.folds) if n != k] or logits
        lines = calibrated(*(np.concatenate(part) for part in zip(*others, strict=True)))
        tested.append(Scorer(model.relations, model.sources, lines, 0.05, ""))
        mine = [row for row, n in zip(gold, fold, strict=True) if n == k]
        for row in predict(mine, lambda *a, s=tested[-1]: find_claims(*a, s)):  # type: ignore[misc]
            guess[row["id"]] = row
    report(f"train, {variant}", gold, [guess[row["id"]] for row in gold])
    for name in ("dev", "seeds"):
        some = rows_of(args.data / "gold" / f"{name}.jsonl")
        report(f"{name}, {variant}", some, predict(some, lambda *a: find_claims(*a, tested[0])))
    if nothing:
        nothing.stop()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--folds", type=int, default=4)
    parser.add_argument("--variants", default="grammar,words,train,synthetic,both")
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--drop", type=float, default=0.5)
    parser.add_argument("--rate", type=float, default=0.05)
    parser.add_argument("--write", action="store_true", help="write benchmarks/claims_quality.md")
    args = parser.parse_args()
    for variant in args.variants.split(","):
        if variant == "grammar":
            for name in ("train", "dev", "seeds"):
                gold = rows_of(args.data / "gold" / f"{name}.jsonl")
                report(f"{name}, grammar", gold, predict(gold, by_grammar))
        else:
            folds(args, variant)
    if args.write:
        REPORT.write(HERE / "claims_quality.md", "Claims with gold entities", code=True)


if __name__ == "__main__":
    main()
