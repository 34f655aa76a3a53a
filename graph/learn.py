"""Learn the scorer of claims from annotated articles (needs torch: the ``train`` extra).

The examples are the pairs of `rawabit.graph.pairs` in gold documents, with gold entities. A pair is right for a class
where the gold has the relation and its evidence meets the pair's sentences (or, where no pair of the two does, at the
closest pair); other pairs of the same two entities are left out for that class, since they may say it too.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rawabit.graph.claims import read_sentences
from rawabit.graph.model import SYMMETRIC, Entity, Relation
from rawabit.graph.pairs import Pair, find_pairs
from rawabit.graph.scorer import CLASSES, Floats, Linear, Scorer, allowed
from rawabit.graph.sources import candidates
from rawabit.ner.model import Span
from rawabit.ner.tokens import sentences

__all__ = ["Article", "Examples", "Told", "calibrated", "examples", "fit", "joined", "save"]

_INDEX = {one: i for i, one in enumerate(CLASSES)}
_DENIED = len(CLASSES)  # the column behind the classes
_FOUND_TWICE = 2
_MOST = 60_000  # features of the shipped model


@dataclass(frozen=True, slots=True)
class Told:
    """A gold relation."""

    subject: str
    relation: Relation
    object: str
    evidence: Span
    denied: bool = False
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """A gold document."""

    id: str
    text: str
    entities: tuple[Entity, ...]
    ignored: tuple[Span, ...]
    relations: tuple[Told, ...]


@dataclass(slots=True)
class Examples:
    """Rows to learn from.

    Attributes:
        features: hashes of each row.
        right: what holds, bool [rows, columns].
        asked: how much each row teaches about each column, float32 [rows, columns].
        documents: index of each row's document.
    """

    features: list[tuple[int, ...]]
    right: NDArray[np.bool_]
    asked: Floats
    documents: NDArray[np.int64]

    def where(self, chosen: NDArray[np.bool_]) -> Examples:
        """The rows of some documents, `chosen` by index."""
        rows = np.flatnonzero(chosen[self.documents])
        return Examples([self.features[i] for i in rows], self.right[rows], self.asked[rows], self.documents[rows])


def examples(articles: Iterable[Article]) -> tuple[Examples, Examples]:
    """Pairs with the classes that hold, and whether they are denied (the last column); and names with whether they are
    the source of a claim."""
    pairs: list[tuple[tuple[int, ...], frozenset[int], Floats, int]] = []
    named: list[tuple[tuple[int, ...], bool, int]] = []
    for number, article in enumerate(articles):
        spans = sentences(article.text, article.ignored)
        read = read_sentences(article.text, spans, article.entities)
        found = list(find_pairs(read.rows, article.entities, read.hits))
        for pair, holds, asked in _labelled(article, spans, found):
            columns = {_INDEX[told.relation, forward] for told, forward in holds}
            if any(told.denied for told, _ in holds):
                columns.add(_DENIED)
            pairs.append((pair.features, frozenset(columns), asked, number))
            for told, _ in holds:
                for entity, features in candidates(pair, told.relation, read.rows, read.speeches):
                    named.append((features, entity == told.source, number))
    right = np.zeros((len(pairs), len(CLASSES) + 1), bool)
    for i, row in enumerate(pairs):
        right[i, list(row[1])] = True
    width = (0, len(CLASSES) + 1)
    return (
        Examples(
            [row[0] for row in pairs],
            right,
            np.stack([row[2] for row in pairs]) if pairs else np.zeros(width, np.float32),
            np.array([row[3] for row in pairs], np.int64),
        ),
        Examples(
            [row[0] for row in named],
            np.array([[row[1]] for row in named], bool).reshape(-1, 1),
            np.ones((len(named), 1), np.float32),
            np.array([row[2] for row in named], np.int64),
        ),
    )


def _labelled(
    article: Article, spans: Sequence[Span], pairs: Sequence[Pair]
) -> Iterator[tuple[Pair, list[tuple[Told, bool]], Floats]]:
    told: dict[tuple[str, str], list[Told]] = {}
    for one in article.relations:
        if (one.relation, True) not in _INDEX:
            continue  # RELATED is no type to learn
        told.setdefault((one.subject, one.object), []).append(one)
    same: dict[frozenset[str], list[int]] = {}
    ends = [(pair.left.who.id, pair.right.who.id) for pair in pairs]
    for n, two in enumerate(ends):
        same.setdefault(frozenset(two), []).append(n)
    for n, pair in enumerate(pairs):
        left, right = ends[n]
        holds: list[tuple[Told, bool]] = []
        open_: list[int] = []
        for forward, key in ((True, (left, right)), (False, (right, left))):
            for one in told.get(key, ()):
                others = same[frozenset(key)]
                meets = [m for m in others if _meets(pairs[m], spans, one.evidence)]
                chosen = meets or [min(others, key=lambda m: (pairs[m].right.start - pairs[m].left.end, m))]
                kind = forward or one.relation in SYMMETRIC
                if n in chosen:
                    holds.append((one, kind))
                else:
                    open_.append(_INDEX[one.relation, kind])
        asked = np.append(allowed(pair.left.who.label, pair.right.who.label), np.float32(bool(holds)))
        asked[open_] = 0
        asked[[_INDEX[one.relation, kind] for one, kind in holds]] = 1
        yield pair, holds, asked


def _meets(pair: Pair, spans: Sequence[Span], evidence: Span) -> bool:
    return spans[pair.sentences[0]][0] < evidence[1] and evidence[0] < spans[pair.sentences[1]][1]


def fit(
    rows: Examples,
    *,
    start: Linear | None = None,
    epochs: int = 5,
    rate: float = 0.05,
    drop: float = 0.2,
    batch: int = 512,
    seed: int = 1,
    threads: int = 1,
    most: int = _MOST,
) -> Linear:
    """Logistic models of all columns at once, by AdaGrad (Duchi et al. 2011) over shuffled batches.

    Args:
        rows: examples.
        start: a model to begin from, None for nothing.
        epochs: rounds over the examples.
        rate: of learning.
        drop: part of the features left out at random, so that no one feature decides.
        batch: examples a step.
        seed: of shuffling and dropping.
        threads: of torch.
        most: features to keep, those that weigh most.
    """
    import torch
    from torch.nn.functional import binary_cross_entropy_with_logits, embedding_bag

    torch.set_num_threads(threads)
    torch.manual_seed(seed)
    random = np.random.default_rng(seed)
    sizes = [len(row) for row in rows.features]
    every = np.fromiter((feature for row in rows.features for feature in row), np.uint32, sum(sizes))
    keys, counts = np.unique(every, return_counts=True)
    keys = keys[counts >= _FOUND_TWICE]
    columns = rows.right.shape[1]
    if start is not None:
        keys = np.union1d(keys, start.keys)
    if not len(keys):
        raise ValueError("too little gold: nothing in it occurs twice")
    at = np.minimum(np.searchsorted(keys, every), len(keys) - 1)
    known = keys[at] == every
    owner = np.repeat(np.arange(len(sizes)), sizes)[known]
    at = at[known]
    bounds = np.searchsorted(owner, np.arange(len(sizes) + 1))
    table, first = np.zeros((len(keys), columns), np.float32), np.full(columns, -4.0, np.float32)
    if start is not None:
        table[np.searchsorted(keys, start.keys)] = start.weights * start.scales
        first = start.bias.copy()
    weight = torch.nn.Parameter(torch.from_numpy(table))
    bias = torch.nn.Parameter(torch.from_numpy(first))
    optimizer = torch.optim.Adagrad([weight, bias], lr=rate, initial_accumulator_value=1e-3, eps=1e-8)
    with torch.sparse.check_sparse_tensor_invariants(False):
        for _ in range(epochs):
            order = random.permutation(len(sizes))
            for begin in range(0, len(sizes), batch):
                chosen = order[begin : begin + batch]
                parts = [at[bounds[i] : bounds[i + 1]] for i in chosen]
                parts = [part[random.random(len(part)) >= drop] for part in parts]
                offsets = np.cumsum([0, *(len(part) for part in parts[:-1])])
                logits = embedding_bag(
                    torch.from_numpy(np.concatenate(parts)), weight, torch.from_numpy(offsets), mode="sum", sparse=True
                )
                goal = torch.from_numpy(rows.right[chosen].astype(np.float32))
                loss = binary_cross_entropy_with_logits(logits / (1 - drop) + bias, goal, reduction="none")
                optimizer.zero_grad()
                ((loss * torch.from_numpy(rows.asked[chosen])).sum() / len(chosen)).backward()
                optimizer.step()
    weights = weight.detach().numpy()
    best = np.sort(np.argsort(-np.abs(weights).max(1), kind="stable")[:most])
    scales = np.maximum(np.abs(weights[best]).max(0), 1e-6).astype(np.float32) / 127
    whole = np.clip(np.rint(weights[best] / scales), -127, 127).astype(np.int8)
    return Linear(keys[best], whole, scales, bias.detach().numpy())


def calibrated(logits: Floats, right: NDArray[np.bool_], asked: Floats) -> Floats:
    """Slope and shift that turn a class's log odds into the share of right claims, float32 [classes, 2].

    Each class leans on the line of all classes together, as far as it has few right examples.

    Args:
        logits: of examples that the model was not fitted on, [examples, classes].
        right: what holds, [examples, classes].
        asked: more than 0 for what is known, [examples, classes].
    """
    told = asked > 0
    every = _line(logits[told], right[told], (1.0, 0.0), 1.0)
    rows = [
        _line(logits[told[:, c], c], right[told[:, c], c], every, 5.0) if told[:, c].any() else every
        for c in range(len(CLASSES))
    ]
    return np.array(rows, np.float32)


def _line(x: Floats, y: NDArray[np.bool_], prior: tuple[float, float], weight: float) -> tuple[float, float]:
    inputs = np.stack([x.astype(float), np.ones(len(x))], 1)
    start = np.array(prior)
    line = start.copy()
    for _ in range(60):
        guess = 1 / (1 + np.exp(-np.clip(inputs @ line, -30, 30)))
        slope = inputs.T @ (guess - y) + weight * (line - start)
        curve = (inputs * (guess * (1 - guess))[:, None]).T @ inputs + weight * np.eye(2)
        line = line - np.clip(np.linalg.solve(curve, slope), -0.3, 0.3)
    return float(line[0]), float(line[1])


def joined(parts: Sequence[tuple[Examples, float]]) -> Examples:
    """Examples of several files, with a weight each; the documents are numbered on."""
    base = np.cumsum([0, *(int(rows.documents.max(initial=-1)) + 1 for rows, _ in parts)])
    return Examples(
        [row for rows, _ in parts for row in rows.features],
        np.concatenate([rows.right for rows, _ in parts]),
        np.concatenate([rows.asked * np.float32(weight) for rows, weight in parts]),
        np.concatenate([rows.documents + base[i] for i, (rows, _) in enumerate(parts)]),
    )


def save(scorer: Scorer, path: Path, about: dict[str, Any]) -> None:
    """Write a scorer so that equal scorers give equal bytes."""
    told = {"classes": [f"{relation} {forward:d}" for relation, forward in CLASSES], "least": scorer.least, **about}
    path.parent.mkdir(parents=True, exist_ok=True)
    arrays = {
        f"{part}.{name}": getattr(model, name)
        for part, model in (("relations", scorer.relations), ("sources", scorer.sources))
        for name in ("keys", "weights", "scales", "bias")
    }
    with path.open("wb") as file:
        about_ = np.array(json.dumps(told, ensure_ascii=False, sort_keys=True))
        np.savez_compressed(file, about=about_, lines=scorer.lines, **arrays)
