"""How likely each relation is for each pair of mentions: a linear model on the features of `rawabit.graph.pairs`.

One logistic model a relation and direction, learnt together (`rawabit.graph.learn`), its probabilities calibrated on
folds of the training articles. The same features say whether a claim is denied; another model picks its source.
"""

from __future__ import annotations

import io
import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from rawabit.graph.frames import fits
from rawabit.graph.model import SYMMETRIC, Entity, Relation, text_hash
from rawabit.graph.pairs import Pair
from rawabit.ner.model import Label

__all__ = ["CLASSES", "Linear", "Scorer", "allowed", "load_scorer"]

CLASSES: tuple[tuple[Relation, bool], ...] = (
    *((relation, True) for relation in Relation if relation is not Relation.RELATED),
    *((relation, False) for relation in Relation if relation not in SYMMETRIC and relation is not Relation.RELATED),
)
"""Relations, and whether the left mention is the subject; symmetric ones once."""

Floats = NDArray[np.float32]
_SAID = -1.0  # log odds from which a name is taken for the source: best F1 on a fold of train (0.50; P 0.66, R 0.41)


@dataclass(frozen=True, slots=True)
class Linear:
    """Logistic models over hashed features; features that were never learnt weigh nothing.

    Attributes:
        keys: hashes, uint32 [features], ascending.
        weights: int8 [features, columns], to be multiplied by `scales` float32 [columns].
        bias: float32 [columns].
    """

    keys: NDArray[np.uint32]
    weights: NDArray[np.int8]
    scales: Floats
    bias: Floats

    def find(self, features: NDArray[np.uint32]) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
        """Row of `weights` of each feature, and whether it was learnt: only then is the row its own."""
        at = np.minimum(np.searchsorted(self.keys, features), len(self.keys) - 1)
        return at, self.keys[at] == features

    def logits(self, rows: Sequence[Sequence[int]]) -> Floats:
        """Log odds, [rows, columns]."""
        out = np.zeros((len(rows), len(self.bias)), np.int32)
        sizes = [len(row) for row in rows]
        at, known = self.find(np.fromiter((feature for row in rows for feature in row), np.uint32, sum(sizes)))
        owner = np.repeat(np.arange(len(rows)), sizes)[known]
        if len(owner):
            first = np.flatnonzero(np.diff(owner, prepend=-1))
            out[owner[first]] = np.add.reduceat(self.weights[at[known]].astype(np.int32), first, axis=0)
        found: Floats = (out * self.scales + self.bias).astype(np.float32)
        return found


@dataclass(frozen=True, slots=True)
class Scorer:
    """A learnt scorer.

    Attributes:
        relations: log odds of each of `CLASSES` and, in the last column, that what holds is denied.
        sources: log odds that a name is the source of a claim.
        lines: slope and shift of the calibration of each class's log odds, float32 [classes, 2].
        least: calibrated probability below which a claim is not kept at all.
        version: identifies the file.
    """

    relations: Linear
    sources: Linear
    lines: Floats
    least: float
    version: str

    def probabilities(self, pairs: Sequence[Pair]) -> tuple[Floats, Floats]:
        """Calibrated probability of each class, [pairs, classes], zero where the labels do not fit; and the probability
        that a claim of the pair is denied, [pairs]."""
        out, denied = self.regardless(pairs)
        for i, pair in enumerate(pairs):
            out[i] *= allowed(pair.left.who.label, pair.right.who.label)
        return out, denied

    def regardless(self, pairs: Sequence[Pair]) -> tuple[Floats, Floats]:
        """As `probabilities`, whatever the labels."""
        logits = self.relations.logits([pair.features for pair in pairs])
        return _sigmoid(logits[:, :-1] * self.lines[:, 0] + self.lines[:, 1]), _sigmoid(logits[:, -1])

    def source(self, named: Sequence[tuple[str, tuple[int, ...]]]) -> str | None:
        """The likeliest source among candidates (`rawabit.graph.sources`), None where none is likely enough."""
        if not named:
            return None
        scores = self.sources.logits([features for _, features in named])[:, 0]
        best = int(scores.argmax())
        return named[best][0] if scores[best] > _SAID else None


def _sigmoid(x: Floats) -> Floats:
    out: Floats = (1 / (1 + np.exp(-np.clip(x, -30, 30)))).astype(np.float32)
    return out


@cache
def allowed(left: str, right: str) -> Floats:
    """Which classes two labels may stand in, 1 or 0, [classes]."""
    a, b = Entity("a", Label(left), "", ()), Entity("b", Label(right), "", ())
    row = [
        (fits(relation, a, b) if forward else fits(relation, b, a)) or (relation in SYMMETRIC and fits(relation, b, a))
        for relation, forward in CLASSES
    ]
    return np.array(row, np.float32)


def load_scorer(path: Path | None = None) -> Scorer:
    """The scorer in a file that `rawabit.graph.learn` wrote; None for the one in the package.

    Raises:
        OSError: the file cannot be read.
        ValueError: it is no such file, or was written for other relations.
    """
    if path is None:
        return _load(None, 0, 0)
    about = path.stat()
    return _load(path, about.st_mtime_ns, about.st_size)


@lru_cache(maxsize=4)
def _load(path: Path | None, changed: int, size: int) -> Scorer:
    """The scorer in a file; it is read anew when the file has changed."""
    data = files("rawabit.graph.data").joinpath("scorer.npz").read_bytes() if path is None else path.read_bytes()
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as table:
            about = json.loads(str(table["about"]))
            if about["classes"] != [f"{relation} {forward:d}" for relation, forward in CLASSES]:
                raise ValueError("written for other relations")
            relations, sources = (
                Linear(*(table[f"{part}.{name}"] for name in ("keys", "weights", "scales", "bias")))
                for part in ("relations", "sources")
            )
            if table["lines"].shape != (len(CLASSES), 2) or relations.weights.shape[1:] != (len(CLASSES) + 1,):
                raise ValueError("wrong shapes")
            return Scorer(relations, sources, table["lines"], float(about["least"]), text_hash(data.hex())[:8])
    except (KeyError, ValueError, TypeError, AttributeError, EOFError, BadZipFile, zlib.error) as error:
        raise ValueError(f"{path or 'the package'}: no scorer of claims: {error}") from None
