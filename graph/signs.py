"""What the scorer weighs for and against a claim, in words.

Its features are hashes. To name them, the functions of `rawabit.graph.pairs` run once more as copies whose ``mix`` and
``name`` note what goes in beside what comes out; what is noted of one pair is forgotten with the next.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import FunctionType

import numpy as np

from rawabit.graph import pairs as pairs_module
from rawabit.graph.clauses import Item
from rawabit.graph.features import mix, name, stem
from rawabit.graph.frames import our_tables
from rawabit.graph.model import Relation
from rawabit.graph.pairs import Pair
from rawabit.graph.scorer import Scorer
from rawabit.ner.model import Label
from rawabit.ner.tokens import tokens

__all__ = ["Namer", "Noted", "Sign", "looks"]

_SIGNS = 8  # for and against, of each candidate


@dataclass(frozen=True, slots=True)
class Sign:
    """What the scorer weighs for or against a claim.

    Attributes:
        text: what was seen, for people.
        weight: log odds; above zero it speaks for the claim.
    """

    text: str
    weight: float


class Noted:
    """The pairs of a document, each with what its features were mixed from."""

    def __init__(self) -> None:
        self.names: dict[int, str] = {}
        self._record: dict[int, tuple[int, ...]] = {}
        scope = {**vars(pairs_module), "mix": self._mix, "name": self._name}
        for key, value in vars(pairs_module).items():
            if isinstance(value, FunctionType) and value.__module__ == pairs_module.__name__:
                copy = FunctionType(value.__code__, scope, value.__name__, value.__defaults__, value.__closure__)
                copy.__kwdefaults__ = value.__kwdefaults__
                scope[key] = copy
        self._find: Callable[..., Iterator[Pair]] = scope["find_pairs"]

    def pairs(self, *arguments: object) -> Iterator[tuple[Pair, Mapping[int, tuple[int, ...]]]]:
        """What `find_pairs` gives, with the parts of every feature."""
        for pair in self._find(*arguments):
            yield pair, self._record.copy()
            self._record.clear()

    def _mix(self, *parts: int) -> int:
        value = mix(*parts)
        self._record[value] = parts
        return value

    def _name(self, text: str) -> int:
        value = name(text)
        self.names[value] = text
        return value


def looks(one: Sequence[Item], two: Sequence[Item], pair: Pair, text: str) -> dict[int, str]:
    """Words behind the hashes of what stands in the sentences and in the two names."""
    out = {stem(item.fold): text[item.start : item.end] for item in (*one, *two) if item.fold}
    for end in (pair.left.who, pair.right.who):
        for mention in end.mentions:
            out.update((stem(t.fold), mention.text[t.start : t.end]) for t in tokens(mention.text) if t.fold)
    return out


@cache
def _fixed() -> dict[int, str]:
    """What is behind hashes of labels, of the tables' clues and of roles."""
    t = our_tables()
    kinds = {kin.kinship for rows in t.kin.values() for _, kin in rows}
    texts = [f"<{label}>" for label in Label]
    for relation in Relation:
        texts += [f"verb {relation} False", f"verb {relation} True", f"noun {relation}", f"post {relation}"]
        texts += [f"{relation} s", f"{relation} o", str(relation)]
    texts += [f"kin {kind}" for kind in sorted(kinds)] + ["kin", "say", "deny", "hedge", "#"]
    texts += [f"role {role}" for rows in t.roles.values() for _, role in rows]
    texts += ["negators", "according", "relatives", "former", "hedges", "", *map(str, Label)]
    return {name(text): text for text in texts}


class Namer:
    """Says what the features of a pair are."""

    def __init__(
        self, record: Mapping[int, tuple[int, ...]], names: Mapping[int, str], looks: Mapping[int, str]
    ) -> None:
        self._record, self._names, self._looks = record, names, looks

    def signs(self, pair: Pair, scorer: Scorer, column: int, probability: float) -> tuple[tuple[Sign, ...], float]:
        """The strongest signs for and against a class, and the log odds of all the rest."""
        model = scorer.relations
        slope = float(scorer.lines[column, 0])
        features = np.array(pair.features, np.uint32)
        at, known = model.find(features)
        totals: dict[str, float] = {}
        for feature, place in zip(features[known], at[known], strict=True):
            weight = float(model.weights[place, column]) * float(model.scales[column]) * slope
            text = self.text(int(feature))
            totals[text] = totals.get(text, 0.0) + weight
        rows = sorted(totals.items(), key=lambda row: (-row[1], row[0]))
        pro = [Sign(text, round(weight, 2)) for text, weight in rows[:_SIGNS] if weight >= 0.005]
        con = [Sign(text, round(weight, 2)) for text, weight in rows[::-1][:_SIGNS] if weight <= -0.005]
        clipped = min(max(probability, 1e-9), 1 - 1e-9)
        whole = float(np.log(clipped / (1 - clipped)))
        return (*pro, *con), round(whole - sum(sign.weight for sign in (*pro, *con)), 2)

    def text(self, feature: int) -> str:
        """A feature in words."""
        parts = self._record.get(feature, ())
        kinds = [n for n, part in enumerate(parts) if part in _KINDS and not isinstance(part, bool)]
        if not kinds:
            nested = next((part for part in parts if part in self._record), None)
            return self.text(nested) if nested is not None else "something else"
        kind = _KINDS[parts[kinds[0]]]
        rest = [part for n, part in enumerate(parts) if n not in kinds and part not in self._record]
        say = _SAID.get(kind)
        return say(self, rest) if say else f"{kind}: {self.words(rest)}"

    def word(self, value: int) -> str:
        """What a hash stands for."""
        found = self._looks.get(value) or self._names.get(value) or _fixed().get(value, "")
        return {"": "nothing", "#": "a number"}.get(found, f"a name ({found[1:-1]})" if found[:1] == "<" else found)

    def words(self, values: Sequence[int]) -> str:
        """Several of them in a row, small numbers left out."""
        return " ".join(self.word(value) for value in values if value > _SMALL)


_SMALL = 255  # greater numbers are hashes
_KINDS = {value: kind for kind, value in pairs_module._KINDS.items()}
_PLACES = ("before them", "between them", "behind them")
_TOLD = {
    "say": "a verb of speech", "deny": "a verb of denial", "hedge": "a verb of wish or doubt", "kin": "kinship",
    "negators": "a negation", "according": "according to", "relatives": "a relative pronoun", "former": "former",
    "hedges": "a word of doubt",
}  # fmt: skip


def _clue(text: str) -> str:
    kind, _, rest = text.partition(" ")
    if kind in {"verb", "noun", "post"} and rest:
        relation, _, passive = rest.partition(" ")
        return f"a {'passive ' if passive == 'True' else ''}{kind} of {relation}"
    return _TOLD.get(text, text)


def _role(text: str) -> str:
    relation, _, role = text.partition(" ")
    return f"is {'subject' if role == 's' else 'object'} of {relation} with another name"


def _labels(namer: Namer, rest: Sequence[int]) -> str:
    labels = namer.words(rest).split()
    return f"{' before '.join(labels)}{' in the sentence before' if rest and rest[-1] is True else ''}"


def _prefixes(namer: Namer, rest: Sequence[int]) -> str:
    out = []
    for side, prep, conj in (("left", rest[0], rest[1]), ("right", rest[2], rest[3])):
        found = _fixed().get(prep) is None and namer.word(prep)
        parts = [part for part in ("و" if conj else "", found or "") if part]
        if parts:
            out.append(f"{' '.join(parts)} on the {side} name")
    return ", ".join(out) or "no clitic on either name"


_SAID: dict[str, Callable[[Namer, Sequence[int]], str]] = {
    "labels": _labels,
    "of": _labels,
    "gap": lambda n, r: f"{r[-1]}{' or more' if r[-1] == 10 else ''} words between them",
    "names": lambda n, r: f"{r[-1]}{' or more' if r[-1] == 4 else ''} names between them",
    "same": lambda n, r: f"names of their labels between them: {r[0]} and {r[1]}",
    "prep": _prefixes,
    "quote": lambda n, r: "in quotation marks" if any(r) else "not in quotation marks",
    "kind": lambda n, r: f"the gazetteer has them as: {n.words(r) or 'nothing'}",
    "inside": lambda n, r: "one name holds the other" if any(r[:2]) else "neither name holds the other",
    "word": lambda n, r: (
        f"{'first' if r[0] < 2 else 'last'} word of the {('left', 'right')[r[0] % 2]} name: {n.words(r)}"
    ),
    "full": lambda n, r: f"all that stands between: {n.words(r) or 'nothing'}",
    "between": lambda n, r: f"between them: {n.words(r)}",
    "pair": lambda n, r: f"between them: {n.words(r)}",
    "first": lambda n, r: f"right behind the left name: {n.words(r)}",
    "last": lambda n, r: f"right before the right name: {n.words(r)}",
    "only": lambda n, r: f"first and last between them: {n.words(r)}",
    "before": lambda n, r: f"before them: {n.words(r)}",
    "behind": lambda n, r: f"behind them: {n.words(r)}",
    "around": lambda n, r: f"around them: {n.words(r)}",
    "head": lambda n, r: f"the sentence begins with: {n.words(r)}",
    "clue": lambda n, r: f"{_PLACES[r[0]]}: {_clue(n.word(r[1]))}",
    "hit": lambda n, r: f"the grammar reads {n.words(r)}",
    "row": lambda n, r: f"the grammar reads {n.words(r)} of a name in the same row",
    "other": lambda n, r: f"the {('left', 'right')[r[0]]} name {_role(n.word(r[1]))}",
}
