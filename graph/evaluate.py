"""Scores of predicted documents against gold ones, in the measures of the field.

| measure | what counts as right |
| --- | --- |
| mentions | exact span and label; NORP mentions are neither owed nor held against |
| entities | CEAF-e (Luo 2005): clusters of mentions aligned one to one by their Dice similarity; labels agree |
| relations | subject, type, object and negation; symmetric types in either direction; each triple once a document |
| pairs | the same without type, direction and negation |
| money | MONEY entities with span, amount and currency |
| sources, amounts | over right relations: who says it; amount and currency of the claim |
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rawabit.graph.model import SYMMETRIC, Relation

__all__ = ["MEASURES", "Score", "Scores", "evaluate"]

MEASURES = ("mentions", "entities", "relations", "pairs", "money", "sources", "amounts")
"""Names of the measures, in the order of the report."""

Row = Mapping[str, Any]
_Span = tuple[int, int]


@dataclass(slots=True)
class Score:
    """Counts behind a precision, a recall and their harmonic mean."""

    right: float = 0
    guessed: int = 0
    owed: int = 0

    @property
    def precision(self) -> float:
        return self.right / self.guessed if self.guessed else 0.0

    @property
    def recall(self) -> float:
        return self.right / self.owed if self.owed else 0.0

    @property
    def f1(self) -> float:
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0

    def add(self, right: float, guessed: int, owed: int) -> None:
        self.right += right
        self.guessed += guessed
        self.owed += owed


@dataclass(slots=True)
class Scores:
    """Result of `evaluate`.

    Attributes:
        parts: for each of `MEASURES` the counts by label or type (one key, "all", where there is none).
        errors: document id, measure, "missed" or "extra", label or type, what.
        missing: ids of gold documents without a prediction.
    """

    parts: dict[str, dict[str, Score]] = field(default_factory=lambda: {m: {} for m in MEASURES})
    errors: list[tuple[str, str, str, str, str]] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    def total(self, measure: str) -> Score:
        """Counts of a measure over all labels or types."""
        total = Score()
        for score in self.parts[measure].values():
            total.add(score.right, score.guessed, score.owed)
        return total

    def add(self, measure: str, key: str, right: float, guessed: int, owed: int) -> None:
        self.parts[measure].setdefault(key, Score()).add(right, guessed, owed)


def evaluate(gold: Iterable[Row], predicted: Iterable[Row], *, min_confidence: float = 0.0) -> Scores:
    """Score predictions against gold; both are rows of ``docs.jsonl``, joined by id.

    Args:
        gold: documents of the gold file.
        predicted: documents to score; a gold document without one counts as empty and is listed in ``missing``.
        min_confidence: relations below it don't count; one without a confidence always does.

    Raises:
        ValueError: when the text of a prediction differs from the gold text.
    """
    guesses = {row["id"]: row for row in predicted}
    scores = Scores()
    for row in gold:
        guess = guesses.get(row["id"])
        if guess is None:
            scores.missing.append(row["id"])
            guess = {"id": row["id"], "text": row["text"], "entities": [], "relations": []}
        elif guess["text"] != row["text"]:
            raise ValueError(f"{row['id']}: the text differs from the gold text")
        _Pair(row, guess, min_confidence).score(scores)
    return scores


def _spans(row: Row) -> dict[_Span, tuple[str, str]]:
    """Label and entity of each mention; of two on one span the later one."""
    return {
        (start, end): (entity.get("mention_types", {}).get(str(start), entity["type"]), entity["id"])
        for entity in row["entities"]
        for start, end in entity["mentions"]
    }


def _overlap(a: Sequence[int], b: Sequence[int]) -> int:
    return max(0, min(a[1], b[1]) - max(a[0], b[0]))


def _close(a: Any, b: Any) -> bool:
    try:
        return abs(float(a) - float(b)) <= 1e-6 * max(1.0, abs(float(b)))
    except (TypeError, ValueError):
        return False


def _clusters(spans: Mapping[_Span, tuple[str, str]], kept: Iterable[_Span]) -> dict[str, set[_Span]]:
    out: dict[str, set[_Span]] = defaultdict(set)
    for span in kept:
        out[spans[span][1]].add(span)
    return out


class _Pair:
    """One gold document beside its prediction."""

    def __init__(self, gold: Row, guess: Row, floor: float) -> None:
        self.gold, self.guess, self.floor = gold, guess, floor
        self.holes: Sequence[Sequence[int]] = gold.get("ignore", [])
        self.want = _spans(gold)
        self.have = {s: v for s, v in _spans(guess).items() if not self._in_hole(s)}
        optional = [s for s, (label, _) in self.want.items() if label == "NORP"]
        self.owed = {s for s, (label, _) in self.want.items() if label != "NORP"}
        self.held = {
            s for s, (label, _) in self.have.items() if label != "NORP" and not any(_overlap(s, n) for n in optional)
        }
        self.gold_clusters = _clusters(self.want, self.owed)
        self.guess_clusters = _clusters(self.have, self.held)
        self.stands_for = self._align()

    def _in_hole(self, span: Sequence[int]) -> bool:
        return any(_overlap(span, hole) for hole in self.holes)

    def _align(self) -> dict[str, str]:
        """The gold entity with which the mentions of each predicted one overlap most."""
        out: dict[str, str] = {}
        for entity, spans in _clusters(self.have, self.have).items():
            weight: Counter[str] = Counter()
            for span in spans:
                for other, (_, gold_entity) in self.want.items():
                    weight[gold_entity] += _overlap(span, other)
            if weight and max(weight.values()) > 0:
                out[entity] = max(sorted(weight), key=lambda key: weight[key])
        return out

    def score(self, scores: Scores) -> None:
        self._mentions(scores)
        self._entities(scores)
        self._money(scores)
        self._relations(scores)

    def _mentions(self, scores: Scores) -> None:
        owed = {(s, self.want[s][0]) for s in self.owed}
        held = {(s, self.have[s][0]) for s in self.held}
        for item in sorted(owed | held):
            span, label = item
            scores.add("mentions", label, item in owed and item in held, item in held, item in owed)
            if (item in owed) != (item in held):
                verdict = "missed" if item in owed else "extra"
                scores.errors.append((self.gold["id"], "mention", verdict, label, self.gold["text"][slice(*span)]))

    def _entities(self, scores: Scores) -> None:
        gold_label = {e["id"]: e["type"] for e in self.gold["entities"]}
        guess_label = {e["id"]: e["type"] for e in self.guess["entities"]}
        similar = sorted(
            (
                (2 * len(a & b) / (len(a) + len(b)), i, j)
                for i, a in self.gold_clusters.items()
                for j, b in self.guess_clusters.items()
                if a & b and gold_label[i] == guess_label[j]
            ),
            reverse=True,
        )
        taken: set[tuple[str, str]] = set()
        total = 0.0
        for similarity, i, j in similar:
            if ("gold", i) not in taken and ("guess", j) not in taken:
                taken |= {("gold", i), ("guess", j)}
                total += similarity
        scores.add("entities", "all", total, len(self.guess_clusters), len(self.gold_clusters))

    def _money(self, scores: Scores) -> None:
        money = {e["id"]: e for e in self.gold["entities"] if e["type"] == "MONEY"}
        for entity in self.guess["entities"]:
            spans = self.guess_clusters.get(entity["id"])
            if entity["type"] != "MONEY" or not spans:
                continue
            want = money.get(self.stands_for.get(entity["id"], ""))
            right = (
                want is not None
                and bool(spans & self.gold_clusters.get(want["id"], set()))
                and entity.get("currency") == want.get("currency")
                and _close(entity.get("amount"), want.get("amount"))
            )
            scores.add("money", "all", right, 1, 0)
            if not right:
                found = f"{entity.get('amount')} {entity.get('currency')}"
                wanted = f"{want.get('amount')} {want.get('currency')}" if want else "none"
                scores.errors.append((self.gold["id"], "money", "extra", found, f"want {wanted}"))
        scores.add("money", "all", 0, 0, len(money))

    @staticmethod
    def _triple(relation: Row, ends: Mapping[str, str]) -> tuple[str, str, str, bool]:
        subject, object_ = (ends.get(relation[key], f"?{relation[key]}") for key in ("subject", "object"))
        if relation["type"] in SYMMETRIC:
            subject, object_ = sorted((subject, object_))
        return subject, relation["type"], object_, bool(relation.get("negated"))

    def _kept(self) -> Iterator[Row]:
        for relation in self.guess["relations"]:
            evidence = relation.get("evidence")
            if relation["type"] == Relation.RELATED:
                continue  # of --open: outside the types that the gold has
            if not (evidence and self._in_hole(evidence)) and relation.get("confidence", 1.0) >= self.floor:
                yield relation

    def _relations(self, scores: Scores) -> None:
        itself = {e["id"]: e["id"] for e in self.gold["entities"]}
        names = {e["id"]: e["name"] for e in self.gold["entities"]}
        owed = {self._triple(r, itself) for r in self.gold["relations"]}
        held: dict[tuple[str, str, str, bool], list[Row]] = defaultdict(list)
        for relation in self._kept():
            held[self._triple(relation, self.stands_for)].append(relation)
        for relation in self.gold["relations"]:
            found = held.get(self._triple(relation, itself))
            if found:
                self._details(scores, relation, found)
        for triple in sorted(owed | set(held)):
            subject, kind, object_, negated = triple
            scores.add("relations", kind, triple in owed and triple in held, triple in held, triple in owed)
            if (triple in owed) != (triple in held):
                verdict = "missed" if triple in owed else "extra"
                what = (
                    f"{names.get(subject, subject)} -> {names.get(object_, object_)}{' (negated)' if negated else ''}"
                )
                scores.errors.append((self.gold["id"], "relation", verdict, kind, what))
        want_pairs, have_pairs = ({tuple(sorted((t[0], t[2]))) for t in triples} for triples in (owed, held))
        scores.add("pairs", "all", len(want_pairs & have_pairs), len(have_pairs), len(want_pairs))

    def _details(self, scores: Scores, want: Row, found: Sequence[Row]) -> None:
        source = want.get("attributed_to")
        sources = {self.stands_for.get(r["attributed_to"], "?") for r in found if r.get("attributed_to")}
        scores.add("sources", "all", bool(source) and source in sources, bool(sources), bool(source))
        qualifiers = want.get("qualifiers", {})
        amount = qualifiers.get("amount")
        amounts = [q for r in found if (q := r.get("qualifiers", {})).get("amount") is not None]
        right = amount is not None and any(
            _close(q["amount"], amount) and q.get("currency") == qualifiers.get("currency") for q in amounts
        )
        scores.add("amounts", "all", right, bool(amounts), amount is not None)
