"""F1 of names by label, by rules, by each model alone and with the rules, with bootstrap intervals, in one table.

usage: ner_quality.py DATA [--files dev,seeds] [--taggers rules,default,fast] [--model DIR] [--write]
                      [--conll FILE [--head anercorp]]

DATA/gold/NAME.jsonl are gold files. Exact span and label; a NORP mention is neither owed nor held against a name that
overlaps it, as in the project's scorer; names in furniture do not count. "held" is the part of train.jsonl that the
training kept aside (every tenth document). With --conll: entity F1 of a head of the model on a CoNLL file, for which
every label but PERS, LOC and ORG counts as O.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from report import Report

from rawabit.ner.model import Document, Label, Span
from rawabit.ner.neural import NeuralTagger
from rawabit.ner.rules import RuleTagger
from rawabit.ner.tag import NameTagger, tag_document

HERE = Path(__file__).resolve().parent
REPORT = Report()
NAMES = ("PERSON", "ORGANIZATION", "PLACE", "PRODUCT")
Cell = tuple[int, int, int]
"""Right, guessed, owed."""


def gold(data: Path, name: str) -> list[dict[str, Any]]:
    file = data / "gold" / ("train.jsonl" if name == "held" else f"{name}.jsonl")
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").split("\n") if line.strip()]
    return rows[9::10] if name == "held" else rows


def owed(row: dict[str, Any]) -> dict[Span, str]:
    return {
        (start, end): entity.get("mention_types", {}).get(str(start), entity["type"])
        for entity in row["entities"]
        for start, end in entity["mentions"]
    }


def compare(row: dict[str, Any], tagger: NameTagger) -> dict[str, Cell]:
    want = owed(row)
    kinds = {*NAMES, Label.NORP.value}
    guessed = {
        (*mention.span, mention.label.value)
        for mention in tag_document(Document(row["id"], row["text"]), tagger).mentions
        if mention.label.value in kinds and not _touches(mention.span, row.get("ignore", []))
    }
    adjectives = [span for span, kind in want.items() if kind == Label.NORP]
    gold_names = {(*span, kind) for span, kind in want.items() if kind in kinds}
    guessed = {g for g in guessed if g in gold_names or g[2] == Label.NORP or not _touches((g[0], g[1]), adjectives)}
    return {
        kind: (
            sum(g[2] == kind for g in guessed & gold_names),
            sum(g[2] == kind for g in guessed),
            sum(g[2] == kind for g in gold_names),
        )
        for kind in sorted(kinds)
    }


def _touches(span: Span, others: Iterable[Sequence[int]]) -> bool:
    return any(span[0] < end and start < span[1] for start, end in others)


def f1(cells: Sequence[Cell]) -> float:
    right, guessed, wanted = (sum(column) for column in zip(*cells, strict=True))
    return 200 * right / (guessed + wanted) if guessed + wanted else 0.0


def interval(cells: Sequence[Cell]) -> tuple[float, float]:
    """95 % bootstrap interval over documents: 1,000 resamples, fixed seed."""
    drawer = random.Random(1)
    values = sorted(f1(drawer.choices(cells, k=len(cells))) for _ in range(1000))
    return values[25], values[974]


def total(row: dict[str, Cell], kinds: Sequence[str]) -> Cell:
    right, guessed, wanted = (sum(row[kind][i] for kind in kinds) for i in range(3))
    return right, guessed, wanted


def table(data: Path, files: Sequence[str], names: Sequence[str], model: Path | None) -> None:
    REPORT.say("| file | tagger | the four | 95 % | " + " | ".join((*NAMES, "NORP")) + " |")
    REPORT.say("| --- " * (4 + len(NAMES) + 1) + "|")
    taggers: list[tuple[str, NameTagger]] = [("rules", RuleTagger())] if "rules" in names else []
    for tier in (name for name in names if name != "rules"):
        folder = model if tier == "default" else None
        taggers.append((f"{tier} alone", NeuralTagger(folder, tier=tier, rules=False)))
        taggers.append((tier, NeuralTagger(folder, tier=tier)))
    for name in files:
        rows = gold(data, name)
        for title, tagger in taggers:
            cells = [compare(row, tagger) for row in rows]
            joined = [total(cell, NAMES) for cell in cells]
            low, high = interval(joined)
            single = " | ".join(f"{f1([cell[kind] for cell in cells]):.1f}" for kind in (*NAMES, "NORP"))
            REPORT.say(f"| {name} | {title} | {f1(joined):.1f} | {low:.1f}–{high:.1f} | {single} |")


def conll(path: Path, head: str, tiers: Sequence[str], model: Path | None) -> None:
    for tier in (name for name in tiers if name != "rules"):
        tagger = NeuralTagger(model if tier == "default" else None, tier=tier)
        conll_by(path, head, tagger)


def conll_by(path: Path, head: str, tagger: NeuralTagger) -> None:
    rows: list[list[tuple[str, str]]] = [[]]
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip():
            word, tag = line.rsplit("\t", 1)
            rows[-1].append((word, tag))
        elif rows[-1]:
            rows.append([])
    guesses = tagger.tags([[word for word, _ in row] for row in rows], head)
    for kinds in (("PERS", "LOC", "ORG"), ("PERS",), ("LOC",), ("ORG",)):
        cells = []
        for row, guess in zip(rows, guesses, strict=True):
            want, have = _spans([tag for _, tag in row], kinds), _spans(guess, kinds)
            cells.append((len(want & have), len(have), len(want)))
        low, high = interval(cells)
        REPORT.say(f"{path.name} {tagger.name} {head} {'+'.join(kinds)}: F1 {f1(cells):.1f} ({low:.1f}–{high:.1f})")


def _spans(tags: Sequence[str], kinds: Sequence[str]) -> set[tuple[int, int, str]]:
    out = set()
    begin = 0
    for i, tag in enumerate([*tags, "O"]):
        if begin < i and tags[begin] != "O" and tag != f"I-{tags[begin][2:]}":
            out.add((begin, i, tags[begin][2:]))
            begin = i
        elif tags[begin : begin + 1] == ["O"]:
            begin = i
    return {span for span in out if span[2] in kinds}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--files", default="held,dev,seeds")
    parser.add_argument("--taggers", default="rules,default,fast")
    parser.add_argument("--model", type=Path, help="a model to measure in place of the package's default one")
    parser.add_argument("--write", action="store_true", help="write benchmarks/ner_quality.md")
    parser.add_argument("--conll", type=Path)
    parser.add_argument("--head", default="anercorp")
    args = parser.parse_args()
    if args.conll:
        conll(args.conll, args.head, args.taggers.split(","), args.model)
    else:
        table(args.data, args.files.split(","), args.taggers.split(","), args.model)
        if args.write:
            REPORT.write(HERE / "ner_quality.md", "Names, exact span and label, F1", code=False)


if __name__ == "__main__":
    main()
