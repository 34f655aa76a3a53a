"""How well one thing is found to be one across documents, in a table.

usage: identity.py across DATA [--files train,dev] [--errors]

Entities of DATA/gold/NAME.jsonl with one type and one ``name_en`` are one thing. Each is given to `resolve` as its
document's mentions name it (not by gold's ``name`` or ``name_en``, of which it must know nothing); entities that only
adjectives mention have no name of their own and are left out, as are amounts and dates.

Pairs of entities of two documents are counted. "as written" takes gold's English names as they are; "by eye" takes for
one name what differs in case, accents, articles or punctuation, and the pairs of ``identity_same.toml``, which gold
spells in two ways. "other names" are the pairs of two names that differ after folding: equal strings are no feat.
"""

from __future__ import annotations

import argparse
import re
import sys
import tomllib
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

from rawabit.graph.link import Knowledge, Known
from rawabit.graph.model import Entity, Extraction, Resolution, member_key
from rawabit.graph.names import read_name
from rawabit.graph.resolve import resolve
from rawabit.loaders.given import extract_given
from rawabit.ner.gazetteer import load
from rawabit.ner.model import Label
from rawabit.ner.text import fold, is_arabic

HERE = Path(__file__).resolve().parent
Thing = tuple[str, str]


class Nothing:
    """Knowledge of nothing."""

    def lookup(self, name: str, label: Label | None = None, /) -> Known | None:
        return None

    def demonym(self, word: str, /) -> Known | None:
        return None


class Gold(NamedTuple):
    """Extractions, the thing that each member is, and what the documents call it."""

    extractions: list[Extraction]
    things: dict[str, Thing]
    names: dict[str, str]


def named(entity: Entity) -> Entity | None:
    """A gold entity with the names that its mentions give it."""
    own = [m.text for m in entity.mentions if m.label is not Label.NORP]
    arabic = [text for text in own if any(map(is_arabic, text))]
    latin = [text for text in own if text not in arabic]

    def fullest(texts: Sequence[str]) -> str | None:
        def size(text: str) -> tuple[int, int]:
            return (len(read_name(text, entity.label).units) if entity.label is Label.PERSON else 0, len(text))

        return " ".join(max(texts, key=size).split()) if texts else None

    name = fullest(own)
    return replace(entity, name=name, name_ar=fullest(arabic), name_en=fullest(latin), wikidata=None) if name else None


def read(paths: Iterable[Path]) -> Gold:
    gold = Gold([], {}, {})
    for extraction in extract_given(paths, "entities", version="", report=print):
        entities = []
        for entity in extraction.entities:
            if entity.label in (Label.MONEY, Label.DATE) or (known := named(entity)) is None:
                continue
            member = member_key(extraction.document.id, entity.id)
            entities.append(known)
            gold.names[member] = known.name
            if entity.name_en:
                gold.things[member] = (str(entity.label), entity.name_en)
        ids = {entity.id for entity in entities}
        claims = tuple(c for c in extraction.claims if {c.subject, c.object} <= ids)
        gold.extractions.append(replace(extraction, entities=tuple(entities), claims=claims))
    return gold


def plain(name: str) -> str:
    """An English name without what two annotators may write differently."""
    base = "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))
    words = re.findall(r"[\w+]+", base.replace("'", "").replace("’", "").replace("-", " "))
    return " ".join(word for word in words if word not in {"the", "al", "el", "fc"}) or base


def by_eye() -> Callable[[Thing], Thing]:
    table = tomllib.loads((HERE / "identity_same.toml").read_text(encoding="utf-8"))["same"]
    first = {(row[0], plain(name)): (row[0], plain(row[1])) for row in table for name in row[1:]}
    return lambda thing: first.get((thing[0], plain(thing[1])), (thing[0], plain(thing[1])))


def across(groups: Iterable[Sequence[str]], names: Mapping[str, str] | None = None) -> int:
    """Pairs of members of two documents in one group; with names, only those whose names differ after folding."""

    def pairs(counts: Counter[str]) -> int:
        return sum(n * (n - 1) // 2 for n in counts.values())

    total = 0
    for members in groups:
        documents = [member.rpartition("#")[0] for member in members]
        total += len(members) * (len(members) - 1) // 2 - pairs(Counter(documents))
        if names is not None:
            folded = [" ".join(fold(names[member]).split()) for member in members]
            both = Counter(f"{d}\0{n}" for d, n in zip(documents, folded, strict=True))
            total -= pairs(Counter(folded)) - pairs(both)
    return total


def grouped(of: Mapping[str, object]) -> list[list[str]]:
    groups: dict[object, list[str]] = defaultdict(list)
    for member, key in of.items():
        groups[key].append(member)
    return list(groups.values())


def rows(name: str, gold: Gold, resolution: Resolution) -> Iterator[str]:
    found = {member: resolution.members[member].id for member in gold.things}
    for how, same in (("as written", lambda thing: thing), ("by eye", by_eye())):
        things = {member: same(thing) for member, thing in gold.things.items()}
        for what, names in (("all pairs", None), ("other names", gold.names)):
            right = across(grouped({m: (found[m], things[m]) for m in things}), names)
            guessed, owed = across(grouped(found), names), across(grouped(things), names)
            precision, recall = right / guessed, right / owed
            score = 2 * right / (guessed + owed)
            yield f"| {name} | {how} | {what} | {owed} | {precision:.3f} | {recall:.3f} | {score:.3f} |"


def errors(gold: Gold, resolution: Resolution) -> Iterator[str]:
    """Pairs of things that are wrongly one, and things that are wrongly several, with the number of pairs, by eye."""
    same = by_eye()
    things = {member: same(thing) for member, thing in gold.things.items()}
    seen: Counter[tuple[str, str, str]] = Counter()
    groups = [(True, grouped({m: resolution.members[m].id for m in things})), (False, grouped(things))]
    for wrong, some in groups:
        for members in some:
            for a, b in combinations(members, 2):
                one = resolution.members[a].id == resolution.members[b].id
                if (things[a] != things[b]) if wrong else not one:
                    texts = sorted(f"{gold.names[m]} [{things[m][1]}]" for m in (a, b))
                    seen["wrong" if wrong else "missed", things[a][0], " = ".join(texts)] += 1
    for (verdict, label, names), count in sorted(seen.items(), key=lambda item: (item[0][0], -item[1], item[0])):
        yield f"{verdict}\t{label}\t{count}\t{names}"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("data", type=Path)
    parser.add_argument("--files", default="train,dev")
    parser.add_argument("--errors", action="store_true", help="list wrong and missed pairs on standard error")


def run(args: argparse.Namespace) -> None:
    gold = read(args.data / "gold" / f"{name}.jsonl" for name in args.files.split(","))
    print("| knowledge | gold's names | pairs | owed | precision | recall | F1 |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    sources: dict[str, Knowledge] = {"with": load(), "without": Nothing()}
    for name, knowledge in sources.items():
        resolution = resolve(gold.extractions, knowledge)
        for text in rows(name, gold, resolution):
            print(text)
        if args.errors:
            for text in errors(gold, resolution):
                print(f"{name}\t{text}", file=sys.stderr)
