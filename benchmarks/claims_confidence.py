"""Measure the precision of each claim pattern on gold entities, and write graph/data/confidence.toml.

usage: claims_confidence.py DATA [--write]

DATA/gold/train.jsonl counts whole, DATA/gold/synthetic.jsonl half. A pattern's precision is smoothed with four firings
at the precision of its kind; below 0.40 (or below 0.45 with eight firings) it is switched off. Prints what confidences
from one half of train say of the other half, so that the figures are honest; run it after each change of the grammar.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from rawabit.graph.claims import read_claims
from rawabit.graph.frames import tables
from rawabit.graph.model import SYMMETRIC
from rawabit.loaders.docs import from_json
from rawabit.ner.tokens import sentences

TARGET = Path(__file__).resolve().parent.parent / "graph" / "data" / "confidence.toml"
HEAD = """\
# Measured precision of every pattern (and 0.0 where it is switched off), with gold entities: right and all firings on
# the training articles, the synthetic ones at half weight, smoothed with four firings at the precision of the
# pattern's kind. A pattern that has never fired there has the default. Frames: "<id>.<order>"; the rest by module.
# Written by benchmarks/claims_confidence.py.

[confidence]
default = 0.6
"""


class Firing(NamedTuple):
    """One claim of one pattern."""

    document: int
    key: tuple[int, str, str, str]
    pattern: str
    right: bool
    weight: float


def firings(path: Path, weight: float) -> Iterator[Firing]:
    """Every claim that any pattern would make of the gold entities, switched off or not."""
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n")):
        if not line:
            continue
        row: dict[str, Any] = json.loads(line)
        gold = {(r["subject"], r["type"], r["object"], bool(r.get("negated"))) for r in row["relations"]}
        gold |= {(o, t, s, n) for s, t, o, n in gold if t in SYMMETRIC}
        given = from_json({**row, "relations": []})
        seen = set()
        spans = sentences(given.document.text, given.ignored)
        for hit, claim in read_claims(given.document, spans, given.entities):
            triple = claim.subject, str(claim.relation), claim.object, claim.negated
            if (hit.pattern, triple) not in seen:
                seen.add((hit.pattern, triple))
                yield Firing(number, (number, *triple[:3]), hit.pattern, triple in gold, weight)


def measured(rows: Iterable[Firing]) -> tuple[dict[str, float], Mapping[str, float]]:
    """Confidence by pattern, and the precision of each kind of pattern."""
    frames = {frame.id for frame in tables().frames}

    def kind(pattern: str) -> str:
        first, *rest = pattern.split(".")
        return f"event.{rest[0]}" if first in frames and rest else first

    fired: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for row in rows:
        for key in (row.pattern, f"kind {kind(row.pattern)}"):
            fired[key] += row.weight  # type: ignore[assignment]
            right[key] += row.weight * row.right  # type: ignore[assignment]
    kinds = {key: (right[key] + 1) / (fired[key] + 2) for key in fired if key.startswith("kind ")}
    out = {}
    for pattern in fired:
        if not pattern.startswith("kind "):
            value = (right[pattern] + 4 * kinds[f"kind {kind(pattern)}"]) / (fired[pattern] + 4)
            out[pattern] = 0.0 if value < 0.4 or (fired[pattern] >= 8 and value < 0.45) else round(value, 2)
    return out, kinds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--write", action="store_true", help="renew graph/data/confidence.toml")
    args = parser.parse_args()
    train = list(firings(args.data / "gold" / "train.jsonl", 1.0))
    synthetic = list(firings(args.data / "gold" / "synthetic.jsonl", 0.5))
    for half in (0, 1):
        table, _ = measured([*(row for row in train if row.document % 2 == half), *synthetic])
        best: dict[tuple[int, str, str, str], tuple[float, bool]] = {}
        for row in train:
            value = table.get(row.pattern, 0.6)
            if row.document % 2 != half and value and best.get(row.key, (0.0, False))[0] < value:
                best[row.key] = value, row.right
        right = sum(ok for _, ok in best.values())
        brier = sum((value - ok) ** 2 for value, ok in best.values()) / len(best)
        print(f"other half: {right}/{len(best)} right, precision {right / len(best):.3f}, Brier {brier:.3f}")
    table, _ = measured([*train, *synthetic])
    print("switched off:", ", ".join(sorted(key for key, value in table.items() if not value)) or "none")
    if args.write:
        body = "".join(f'"{key}" = {table[key]}\n' for key in sorted(table))
        TARGET.write_text(HEAD + body, encoding="utf-8")


if __name__ == "__main__":
    main()
