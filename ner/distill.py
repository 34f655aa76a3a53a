"""A small tagger from a large one: the student sees what the teacher makes of each word, on any text.

After Hinton et al. 2015 (soft labels) and Jiao et al. 2020 (TinyBERT: states as well). The teacher is an exported
model, so that the student learns what is shipped, quantised as it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

from rawabit.ner.batches import Config, Encoded
from rawabit.ner.encoder import Encoder

__all__ = ["Teacher", "slim", "taught_loss"]

_STATES = 2.0  # weight of the distance between states, beside the labels' cross-entropy
_OTHER = 0.5  # of other label sets and of the clitics, beside the tagger's own labels


class Teacher:
    """An exported model that labels training texts.

    Args:
        config: `Config.teacher` is its folder, or "package" for the model in the package; the first task's head is the
            head it has for the tagger's own labels.

    Attributes:
        heads: its label sets by head.
    """

    def __init__(self, config: Config) -> None:
        self._encoder = Encoder(None if config.teacher == "package" else Path(config.teacher), threads=1)
        card = self._encoder.card
        self._own = config.tasks[0].head
        self.heads: dict[str, list[str]] = {self._own: list(self._encoder.labels), **card["heads"]}
        self._threads = config.threads

    def teach(self, batches: Iterator[list[Encoded]], random: Random, config: Config) -> Iterator[list[Encoded]]:
        """Batches with the teacher's view: some `Config.read_pieces` pieces, read once, that come round and round."""
        held: list[list[Encoded]] = []
        seen = 0
        with ThreadPoolExecutor(self._threads) as pool:
            while seen < config.read_pieces:
                batch = next(batches)
                held.append(list(pool.map(self._taught, batch)))
                seen += sum(len(window.ids) for window in batch)
                if len(held) % 100 == 0:
                    print(f"teacher: {seen} pieces of {config.read_pieces}", flush=True)
        while True:
            random.shuffle(held)
            yield from held

    def _taught(self, window: Encoded) -> Encoded:
        names = {head: "tags" if head == self._own else f"tags.{head}" for head in self.heads}
        outputs = [*names.values(), "strip", "states"]
        found = self._encoder.run(window.ids, window.first, outputs)
        rows = {head: found[output].astype(np.float16) for head, output in names.items()}
        return replace(
            window,
            taught={**rows, ".strip": found["strip"], ".states": found["states"][window.first].astype(np.float16)},
        )


def slim(encoder: Any, layers: Sequence[int], inner: int) -> None:
    """Keep only these layers of a transformers encoder, and of their inner width the units that weigh most."""
    import torch

    if layers:
        encoder.encoder.layer = torch.nn.ModuleList([encoder.encoder.layer[i] for i in layers])
        encoder.config.num_hidden_layers = len(layers)
    for layer in encoder.encoder.layer if inner else ():
        wide, back = layer.intermediate.dense, layer.output.dense
        weight = wide.weight.detach().norm(dim=1) * back.weight.detach().norm(dim=0)
        best = weight.topk(inner).indices.sort().values
        wide.weight = torch.nn.Parameter(wide.weight.detach()[best].clone())
        wide.bias = torch.nn.Parameter(wide.bias.detach()[best].clone())
        back.weight = torch.nn.Parameter(back.weight.detach()[:, best].clone())
        wide.out_features = back.in_features = inner


def taught_loss(model: Any, states: Any, strips: Any, taught: dict[str, Any]) -> Any:
    """How far a window's words are from what the teacher made of them, summed over words.

    Args:
        model: the student.
        states: its states of the words, [w, width].
        strips: its logits of letters before a name, [w, 4].
        taught: the teacher's: logits by head, ".strip" and ".states".
    """
    import torch
    from torch.nn.functional import cosine_similarity, log_softmax, softmax

    def rows(name: str) -> Any:
        return torch.from_numpy(taught[name]).float()

    loss = torch.zeros(())
    begins = None
    for i, name in enumerate(key for key in taught if not key.startswith(".")):
        goal = softmax(rows(name), -1)
        if begins is None:
            begins = 1 - goal[:, 0]  # the clitics before a name matter where there is one
        loss = loss - (1.0 if i == 0 else _OTHER) * (goal * log_softmax(model.heads[name](states), -1)).sum()
    goal = softmax(rows(".strip"), -1)
    loss = loss - _OTHER * ((goal * log_softmax(strips, -1)).sum(-1) * begins).sum()
    if states.shape[-1] == taught[".states"].shape[-1]:
        loss = loss + _STATES * (1 - cosine_similarity(states, rows(".states"), dim=-1)).sum()
    return loss
