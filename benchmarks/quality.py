"""Scores of the default extraction on gold files, in one table.

usage: quality.py DATA [--files seeds,dev] [--ner ENGINE]

DATA/gold/NAME.jsonl are gold files. Writes benchmarks/quality.md and the table in the README.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import tempfile
from pathlib import Path
from typing import Any

from rawabit._version import __version__
from rawabit.graph.evaluate import MEASURES, Scores, evaluate
from rawabit.loaders.pipeline import Summary, extract_files

HERE = Path(__file__).resolve().parent
README = HERE.parent / "README.md"


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line.strip()]


def check_offsets(rows: list[dict[str, Any]]) -> None:
    """Every mention and claim stands where it says, in every text."""
    mentions = claims = 0
    for row in rows:
        spans = {(start, end) for entity in row["entities"] for start, end in entity["mentions"]}
        mentions += len(spans)
        claims += len(row["relations"])
        assert all(row["text"][start:end].strip() == row["text"][start:end] != "" for start, end in spans)
        for relation in row["relations"]:
            start, end = relation["evidence"]
            ends = (tuple(relation["subject_mention"]), tuple(relation["object_mention"]))
            assert set(ends) <= spans
            assert all(start <= a < b <= end for a, b in ends)
    print(f"offsets exact: {mentions} mentions, {claims} claims")


def interval(gold: list[dict[str, Any]], guess: list[dict[str, Any]], measure: str) -> tuple[float, float]:
    """95 % bootstrap interval of F1 over documents (1,000 resamples, fixed seed)."""
    cells = []
    guesses = {row["id"]: row for row in guess}
    for row in gold:
        score = evaluate([row], [guesses[row["id"]]]).total(measure)
        cells.append((score.right, score.guessed, score.owed))
    drawer = random.Random(1)
    values = []
    for _ in range(1000):
        right, guessed, owed = map(sum, zip(*drawer.choices(cells, k=len(cells)), strict=True))
        values.append(2 * right / (guessed + owed) if guessed + owed else 0.0)
    values.sort()
    return values[25], values[974]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--files", default="seeds,dev")
    parser.add_argument("--ner", default="model")
    args = parser.parse_args()
    lines = [
        "| file | documents | measure | precision | recall | F1 | 95 % interval of F1 |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for name in args.files.split(","):
        path = args.data / "gold" / f"{name}.jsonl"
        gold = rows(path)
        with tempfile.TemporaryDirectory() as folder:
            target = Path(folder) / "docs.jsonl"
            extract_files([str(path)], target, summary=Summary(), report=print, engine=args.ner)
            guess = rows(target)
        scores: Scores = evaluate(gold, guess)
        check_offsets(guess)
        for measure in MEASURES:
            total = scores.total(measure)
            low, high = interval(gold, guess, measure) if len(gold) > 10 else (0.0, 0.0)
            span = f"{low:.3f} to {high:.3f}" if len(gold) > 10 else "too few documents"
            lines.append(
                f"| {name} | {len(gold)} | {measure} | {total.precision:.3f} | {total.recall:.3f} "
                f"| {total.f1:.3f} | {span} |"
            )
            if measure == "mentions":
                money = scores.parts["mentions"]["MONEY"]
                lines.append(
                    f"| {name} | {len(gold)} | mentions of MONEY | {money.precision:.3f} | {money.recall:.3f} "
                    f"| {money.f1:.3f} | |"
                )
    table = "\n".join(lines)
    print(table)
    (HERE / "quality.md").write_text(
        f"# Quality\n\nVersion {__version__}, engine {args.ner}. Made by `make quality DATA=…`.\n\n{table}\n",
        encoding="utf-8",
    )
    text = README.read_text(encoding="utf-8")
    block = re.compile(r"(<!-- quality -->\n).*?(<!-- /quality -->)", re.DOTALL)
    README.write_text(block.sub(lambda m: f"{m[1]}{table}\n{m[2]}", text), encoding="utf-8")


if __name__ == "__main__":
    main()
