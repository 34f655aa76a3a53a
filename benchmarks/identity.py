"""How well mentions of one thing are found to be one, in tables.

usage: identity.py within DATA [--files train,synthetic,dev,seeds] [--half 0|1] [--own] [--errors]
       identity.py across DATA [--files train,dev] [--errors]
       identity.py grow [--sizes 1000,10000] [--misses N]

DATA/gold/NAME.jsonl are gold files. "within" links the gold mentions of each document, as ``rawabit extract
--given mentions`` does, and prints two measures with 95 % bootstrap intervals over documents:

- pairs: precision, recall and F1 of links between two mentions of a document whose strings differ after folding
  (equal strings are no feat). "names" leaves out pairs with an adjective (NORP), which have a row of their own;
  then come the names by label and by what tells the two strings apart (`kind`).
- CEAF-e, by the definition of the project's scorer, from the gold mentions and, with --own, from the model's.

"across" and "grow" are told of in ``identity_across.py`` and ``identity_grow.py``.

--half takes every other document (0: the even ones), --errors lists the pairs that are missed and wrong.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any, NamedTuple

import identity_across
import identity_grow
from rapidfuzz.distance import OSA

from rawabit.graph.evaluate import evaluate
from rawabit.graph.link import link_entities
from rawabit.graph.model import Entity, Extraction
from rawabit.graph.names import read_name
from rawabit.loaders import given
from rawabit.loaders.docs import from_json, to_json
from rawabit.loaders.pipeline import Summary, extract_files
from rawabit.ner.gazetteer import load
from rawabit.ner.model import Label, Mention, Tagged
from rawabit.ner.text import fold, is_arabic
from rawabit.ner.tokens import sentences

KINDS = ("demonym", "script", "acronym", "spelling", "head", "short", "other")
Cell = tuple[float, float, float]
"""Right, guessed, owed."""


class Pair(NamedTuple):
    """Two mentions of a document that gold or prediction or both call one."""

    label: str
    kind: str
    one: str
    other: str
    right: bool
    """Whether gold says so."""
    found: bool


class Judged(NamedTuple):
    """One document."""

    id: str
    pairs: list[Pair]
    ceaf: Cell
    own: Cell


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line.strip()]


def normal(text: str) -> str:
    return " ".join(fold(text).split())


def kind(one: Mention, other: Mention) -> str:
    """What tells two names apart.

    One of `KINDS`: "demonym" (one is an adjective), "script" (Arabic and Latin), "acronym" (one word that may be the
    initials of the other's), "spelling" (the same words but for a slip in each, or spaces), "head" (a generic head,
    a title or a legal form more), "short" (one's words are among the other's), "other".
    """
    if Label.NORP in (one.label, other.label):
        return "demonym"
    if any(map(is_arabic, one.text)) != any(map(is_arabic, other.text)):
        return "script"
    short, long = sorted((normal(one.text).split(" "), normal(other.text).split(" ")), key=len)
    if len(short) == 1 and len(long) > 1 and _initials(short[0].replace(".", ""), long):
        return "acronym"
    a, b = read_name(one.text, one.label), read_name(other.text, other.label)
    if _alike("".join(short), "".join(long)):
        return "spelling"
    if a.key == b.key or _alike("".join(a.units), "".join(b.units)):
        return "head" if len(short) < len(long) else "spelling"
    few, many = sorted((a.units, b.units), key=len)
    return "short" if all(any(_alike(x, y) for y in many) for x in few) else "other"


def _alike(one: str, other: str) -> bool:
    return OSA.distance(one, other) <= max(len(one), len(other)) // 4


def _initials(word: str, words: Sequence[str]) -> bool:
    return 2 <= len(word) <= 6 and word == "".join(w.removeprefix("ال")[:1] for w in words)[: len(word)]


def linked(row: dict[str, Any]) -> tuple[Extraction, tuple[Mention, ...], dict[int, str]]:
    """The gold mentions of a row clustered by the program, in order, and the gold entity of each by its start."""
    gold = from_json({**row, "relations": []})
    document, ignored = gold.document, gold.ignored
    spans = sentences(document.text, ignored)
    mentions = given._without_overlaps(m for e in gold.entities for m in e.mentions)
    entities: tuple[Entity, ...] = link_entities(Tagged(document, spans, mentions, ignored), load())
    entity_of = {m.start: e.id for e in gold.entities for m in e.mentions if m in mentions}
    return Extraction(document, entities, (), spans, ignored, ""), mentions, entity_of


def judge(row: dict[str, Any], own: dict[str, Any] | None) -> Judged:
    extraction, mentions, gold = linked(row)
    found = {m.start: e.id for e in extraction.entities for m in e.mentions}
    pairs = []
    for one, other in combinations(mentions, 2):
        right = gold[one.start] == gold[other.start]
        guessed = found.get(one.start) is not None and found.get(one.start) == found.get(other.start)
        if (right or guessed) and normal(one.text) != normal(other.text):
            label = one.label if one.label is not Label.NORP else other.label
            pairs.append(Pair(str(label), kind(one, other), one.text, other.text, right, guessed))
    score = evaluate([row], [to_json(extraction)]).total("entities")
    mine = evaluate([row], [own]).total("entities") if own else None
    return Judged(
        row["id"],
        pairs,
        (score.right, score.guessed, score.owed),
        (mine.right, mine.guessed, mine.owed) if mine else (0, 0, 0),
    )


def own_rows(path: Path) -> dict[str, dict[str, Any]]:
    """What the program makes of the texts of a file by itself."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "docs.jsonl"
        extract_files([str(path)], target, summary=Summary(), report=print, engine="model")
        return {row["id"]: row for row in rows(target)}


def cell(pairs: Iterable[Pair]) -> Cell:
    counts = Counter((p.right, p.found) for p in pairs)
    right = counts[True, True]
    return right, right + counts[False, True], right + counts[True, False]


def f1(cells: Iterable[Cell]) -> float:
    right, guessed, owed = map(sum, zip(*cells, strict=True))
    return 2 * right / (guessed + owed) if guessed + owed else 0.0


def interval(cells: Sequence[Cell]) -> str:
    """95 % bootstrap interval of F1 over documents (1,000 resamples, fixed seed)."""
    if len(cells) <= 10:
        return "too few documents"
    drawer = random.Random(1)
    values = sorted(f1(drawer.choices(cells, k=len(cells))) for _ in range(1000))
    return f"{values[25]:.3f} to {values[974]:.3f}"


def line(name: str, what: str, cells: Sequence[Cell], *, with_interval: bool = True) -> str:
    right, guessed, owed = map(sum, zip(*cells, strict=True))
    precision, recall = right / guessed if guessed else 0.0, right / owed if owed else 0.0
    span = interval(cells) if with_interval else ""
    return f"| {name} | {what} | {owed} | {precision:.3f} | {recall:.3f} | {f1(cells):.3f} | {span} |"


def table(name: str, judged: Sequence[Judged], *, own: bool) -> Iterator[str]:
    def cells(keep: Any) -> list[Cell]:
        return [cell(p for p in document.pairs if keep(p)) for document in judged]

    yield line(name, "pairs: names", cells(lambda p: p.kind != "demonym"))
    yield line(name, "pairs: adjectives", cells(lambda p: p.kind == "demonym"))
    for label in Label:
        some = cells(lambda p, label=label: p.label == label and p.kind != "demonym")
        if any(map(any, some)):
            yield line(name, f"{label}", some, with_interval=False)
    for one in KINDS[1:]:
        some = cells(lambda p, one=one: p.kind == one)
        if any(map(any, some)):
            yield line(name, one, some, with_interval=False)
    yield line(name, "CEAF-e, gold mentions", [document.ceaf for document in judged])
    if own:
        yield line(name, "CEAF-e, own mentions", [document.own for document in judged])


def errors(judged: Sequence[Judged]) -> Iterator[str]:
    """Each pair of strings that is missed or wrong in a document, once, with the number of its mentions' pairs."""
    for document in judged:
        seen: dict[tuple[str, str, str, tuple[str, ...]], int] = defaultdict(int)
        for p in document.pairs:
            if p.right != p.found:
                names = tuple(sorted((normal(p.one), normal(p.other)), key=lambda s: (len(s), s)))
                seen["missed" if p.right else "wrong", p.kind, p.label, names] += 1
        for (verdict, why, label, names), count in sorted(seen.items(), key=lambda item: -item[1]):
            yield "\t".join((verdict, why, label, str(count), document.id, " = ".join(names)))


def within(args: argparse.Namespace) -> None:
    print("| file | what | links owed | precision | recall | F1 | 95 % interval of F1 |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for name in args.files.split(","):
        path = args.data / "gold" / f"{name}.jsonl"
        mine = own_rows(path) if args.own else {}
        some = rows(path) if args.half is None else rows(path)[args.half :: 2]
        judged = [judge(row, mine.get(row["id"])) for row in some]
        for text in table(name, judged, own=args.own):
            print(text)
        if args.errors:
            for text in errors(judged):
                print(text, file=sys.stderr)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parts = parser.add_subparsers(dest="part", required=True)
    inside = parts.add_parser("within")
    inside.add_argument("data", type=Path)
    inside.add_argument("--files", default="train,synthetic,dev,seeds")
    inside.add_argument("--half", type=int, choices=(0, 1))
    inside.add_argument("--own", action="store_true", help="CEAF-e from the model's own mentions too (minutes)")
    inside.add_argument("--errors", action="store_true", help="list the wrong and missed links on standard error")
    inside.set_defaults(run=within)
    for name, module in (("across", identity_across), ("grow", identity_grow)):
        part = parts.add_parser(name, description=module.__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
        module.add_arguments(part)
        part.set_defaults(run=module.run)
    args = parser.parse_args()
    args.run(args)


if __name__ == "__main__":
    main()
