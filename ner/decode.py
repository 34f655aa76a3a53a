"""The likeliest row of BIO labels."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from rawabit.ner.encoder import Floats

__all__ = ["decode", "log_softmax"]

_NEVER = -1e9


def log_softmax(logits: Floats) -> Floats:
    """Log probabilities of the last axis."""
    shifted = logits - logits.max(-1, keepdims=True)
    out: Floats = shifted - np.log(np.exp(shifted).sum(-1, keepdims=True))
    return out


def decode(scores: Floats, labels: Sequence[str], starts: Sequence[int] = (0,)) -> list[int]:
    """The likeliest row of labels in which no I- stands but after its B- or I-, sentence by sentence.

    Args:
        scores: log probabilities, [words, labels].
        labels: their names, in BIO.
        starts: first words of the sentences.
    """
    if not len(scores):
        return []
    before, begins = _order(tuple(labels))
    best = scores.argmax(-1)
    first = np.zeros(len(best), bool)
    first[list(starts)] = True
    wrong = ~np.where(first, begins[best], before[best[np.arange(len(best)) - 1], best])
    if not wrong.any():
        return [int(i) for i in best]
    out: list[int] = []
    for begin, end in pairwise((*starts, len(best))):
        part = best[begin:end]
        out.extend(_viterbi(scores[begin:end], before, begins) if wrong[begin:end].any() else [int(i) for i in part])
    return out


@lru_cache(maxsize=16)
def _order(labels: tuple[str, ...]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which label may follow which, [before, after], and which may stand first."""
    before = np.array([[not b.startswith("I-") or (a != "O" and a[2:] == b[2:]) for b in labels] for a in labels])
    return before, np.array([not label.startswith("I-") for label in labels])


def _viterbi(scores: Floats, before: NDArray[np.bool_], begins: NDArray[np.bool_]) -> list[int]:
    cost = np.where(before, 0.0, _NEVER)
    row = np.where(begins, scores[0], _NEVER)
    back: list[list[int]] = []
    for score in scores[1:]:
        ways = row[:, None] + cost
        back.append([int(i) for i in ways.argmax(0)])
        row = ways.max(0) + score
    path = [int(row.argmax())]
    for choice in reversed(back):
        path.append(choice[path[-1]])
    return path[::-1]
