"""A trained tagger as one ONNX file: embeddings at 4 bits, linear layers at 7 bits, the rest in floats.

Activations are quantised row by row, so what a piece gets never depends on what else is computed beside it. Weights
keep to ±63: on processors without VNNI two products then fit the 16 bits they are added in, and every processor
computes the same sums.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Container, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rawabit.ner.batches import Config
from rawabit.ner.furniture import find_furniture
from rawabit.ner.model import Document
from rawabit.ner.neural import Evidence, NeuralTagger
from rawabit.ner.tokens import sentences
from rawabit.ner.train import train

__all__ = ["calibrate", "export", "graph", "make"]

Floats = NDArray[np.float32]
_BLOCK = 32
_LIMIT = 63
_CLIPS = (1.0, 0.95, 0.9, 0.85, 0.8)


def export(trained: Path, out: Path, heads: Sequence[str] = ("gold", "anercorp"), quantize: bool = True) -> Path:
    """Write ``model.onnx``, ``model.json`` and ``tokenizer.json``; returns `out`. Needs torch and onnx.

    Args:
        trained: folder that `rawabit.ner.train.train` wrote.
        out: folder to write to.
        heads: label sets to keep; the first is the tagger's own.
        quantize: False keeps 32-bit floats, to compare with.

    Raises:
        FileNotFoundError: `trained` is no such folder.
        KeyError: a head was not trained.
    """
    import torch

    facts = json.loads((trained / "training.json").read_text(encoding="utf-8"))
    state = torch.load(trained / "model.pt", map_location="cpu", weights_only=True)
    weights = {name: value.float().numpy() for name, value in state.items()}
    out.mkdir(parents=True, exist_ok=True)
    data: bytes = graph(weights, facts, heads, quantize).SerializeToString()
    (out / "model.onnx").write_bytes(data)
    (out / "tokenizer.json").write_bytes((trained / "tokenizer.json").read_bytes())
    card = {
        "version": hashlib.sha256(data).hexdigest()[:12],
        "labels": facts["heads"][heads[0]],
        "heads": {name: facts["heads"][name] for name in heads[1:]},
        "longest": facts.get("longest", 256),
        "steps": facts["steps"],
        "pieces": facts["pieces"],
    }
    (out / "model.json").write_text(json.dumps(card, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return out


def make(config: Config) -> Path:
    """Train, export, calibrate: everything between a configuration and a folder that `NeuralTagger` takes.

    The first task's own head is the tagger's; the model goes to ``config.out/model``. Raises what its steps raise.
    """
    trained = train(config)
    heads = list(dict.fromkeys(task.head for task in config.tasks if task.head))
    folder = export(trained, trained / "model", heads)
    held = json.loads((trained / "training.json").read_text(encoding="utf-8"))["held_out"]
    if held:
        calibrate(folder, Path(config.data) / config.tasks[0].file, frozenset(held))
    return folder


def calibrate(folder: Path, gold: Path, documents: Container[str]) -> None:
    """Fit confidences to the share of right mentions, and write them into ``model.json``.

    Args:
        folder: of an exported model.
        gold: a gold file.
        documents: ids of those of its documents that the training did not see.

    Raises:
        ValueError: none of the documents is in the file.
    """
    card = json.loads((folder / "model.json").read_text(encoding="utf-8"))
    rows = [json.loads(line) for line in gold.read_text(encoding="utf-8").split("\n") if line.strip()]
    rows = [row for row in rows if row["id"] in documents]
    if not rows:
        raise ValueError(f"{gold}: none of the held-out documents is in it")
    for key, rules in (("calibration", True), ("calibration_alone", False)):
        card.pop(key, None)
        (folder / "model.json").write_text(json.dumps(card, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        tagger = NeuralTagger(folder, rules=rules, evidence=Evidence(least=0.0))
        seen: dict[str, list[tuple[float, bool]]] = {}
        for row in rows:
            right = {
                (start, end, entity.get("mention_types", {}).get(str(start), entity["type"]))
                for entity in row["entities"]
                for start, end in entity["mentions"]
            }
            spans = sentences(row["text"], find_furniture(row["text"]))
            for mention in tagger.find(Document(row["id"], row["text"]), spans):
                label = mention.label.value
                seen.setdefault(label, []).append((mention.confidence, (*mention.span, label) in right))
        every = _logistic([pair for pairs in seen.values() for pair in pairs], (1.0, 0.0))
        card[key] = {label: _logistic(pairs, every) for label, pairs in sorted(seen.items())}
    (folder / "model.json").write_text(json.dumps(card, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _logistic(pairs: Sequence[tuple[float, bool]], prior: tuple[float, float]) -> tuple[float, float]:
    """Slope and shift of a logistic line through the log odds of the confidences, drawn towards `prior`."""
    if not pairs:
        return prior
    p = np.clip(np.array([pair[0] for pair in pairs]), 1e-4, 1 - 1e-4)
    x = np.stack([np.log(p / (1 - p)), np.ones_like(p)], 1)
    y = np.array([pair[1] for pair in pairs], float)
    start = np.array(prior)
    line = start.copy()
    for _ in range(100):
        guess = 1 / (1 + np.exp(-(x @ line)))
        slope = x.T @ (guess - y) + 2.0 * (line - start)
        curve = (x * (guess * (1 - guess))[:, None]).T @ x + 2.0 * np.eye(2)
        line = line - np.clip(np.linalg.solve(curve, slope), -0.2, 0.2)
    return round(float(line[0]), 4), round(float(line[1]), 4)


def graph(weights: Mapping[str, Floats], facts: Mapping[str, Any], heads: Sequence[str], quantize: bool) -> Any:
    """The ONNX model of one window.

    Inputs: ``ids`` int64 [n], pieces of one window; ``first`` int64 [w], index of each word's first piece.
    Outputs: ``tags`` and ``tags.HEAD`` float [w, labels], ``strip`` float [w, 4], logits; ``states`` float
    [n, width], the last layer; ``attention`` float [heads, n, n] of the last layer.
    """
    return _Builder(weights, facts, quantize).model(heads)


class _Builder:
    def __init__(self, weights: Mapping[str, Floats], facts: Mapping[str, Any], quantize: bool) -> None:
        from onnx import helper, numpy_helper

        self._helper: Any = helper
        self._tensor: Any = numpy_helper.from_array
        self._weights, self._quantize = weights, quantize
        self._layers, self._width = int(facts["layers"]), int(facts["width"])
        self._heads, self._eps = int(facts["attention_heads"]), float(facts["norm_eps"])
        self._nodes: list[Any] = []
        self._constants: dict[str, Any] = {}
        self._count = 0

    def _constant(self, value: NDArray[Any], name: str = "") -> str:
        name = name or f"c.{value.dtype}.{value.shape}.{hashlib.sha256(value.tobytes()).hexdigest()[:12]}"
        self._constants.setdefault(name, self._tensor(value, name))
        return name

    def _op(self, kind: str, *inputs: str, outputs: int = 1, name: str = "", domain: str = "", **options: Any) -> Any:
        self._count += 1
        names = [name or f"{kind}.{self._count}.{i}" for i in range(outputs)]
        self._nodes.append(self._helper.make_node(kind, list(inputs), names, domain=domain, **options))
        return names[0] if outputs == 1 else names

    def _number(self, value: float) -> str:
        return self._constant(np.array(value, np.float32))

    def _shape(self, *sizes: int) -> str:
        return self._constant(np.array(sizes, np.int64))

    def _embedded(self) -> str:
        base = "encoder.embeddings."
        table = self._weights[base + "word_embeddings.weight"]
        if self._quantize:
            packed, scales = pack(table)
            rows = self._op("Gather", self._constant(packed, "words.packed"), "ids")
            mask = self._constant(np.array(16, np.uint8))
            parts = [self._op("Mod", rows, mask), self._op("Div", rows, mask)]
            floats = [self._op("Cast", part, to=1) for part in parts]
            centred = self._op("Sub", self._op("Concat", *floats, axis=1), self._number(8.0))
            blocks = self._op("Reshape", centred, self._shape(-1, self._width // _BLOCK, _BLOCK))
            scale = self._op("Gather", self._constant(scales, "words.scales"), "ids")
            scale = self._op("Unsqueeze", self._op("Cast", scale, to=1), self._shape(2))
            found = self._op("Reshape", self._op("Mul", blocks, scale), self._shape(-1, self._width))
        else:
            found = self._op("Gather", self._constant(table, "words"), "ids")
        places = (
            self._weights[base + "position_embeddings.weight"] + self._weights[base + "token_type_embeddings.weight"][0]
        )
        count = self._op("Shape", "ids")
        place = self._op("Slice", self._constant(places, "places"), self._shape(0), count, self._shape(0))
        return self._norm(self._op("Add", found, place), base + "LayerNorm")

    def _norm(self, x: str, name: str) -> str:
        scale = self._constant(self._weights[name + ".weight"], name + ".weight")
        bias = self._constant(self._weights[name + ".bias"], name + ".bias")
        return str(self._op("LayerNormalization", x, scale, bias, epsilon=self._eps, axis=-1))

    def _linear(self, x: str, weight: Floats, bias: Floats, name: str) -> str:
        """``x @ weight.T + bias``."""
        shift = self._constant(bias, name + ".bias")
        if not self._quantize:
            return str(
                self._op("Add", self._op("MatMul", x, self._constant(np.ascontiguousarray(weight.T), name)), shift)
            )
        whole, scales = shrink(weight)
        top = self._op("ReduceMax", self._op("Abs", x), axes=[-1], keepdims=1)
        top = self._op("Max", top, self._number(1e-9))
        middle = self._constant(np.array(128, np.uint8))
        scaled = self._op("Mul", x, self._op("Div", self._number(127.0), top))
        small = self._op("QuantizeLinear", scaled, self._number(1.0), middle)
        product = self._op(
            "MatMulIntegerToFloat",
            small,
            self._constant(np.ascontiguousarray(whole.T), name),
            self._number(1.0),
            self._constant(scales / np.float32(127), name + ".scales"),
            middle,
            domain="com.microsoft",
        )
        return str(self._op("Add", self._op("Mul", product, top), shift))

    def _layer(self, x: str, i: int) -> str:
        base = f"encoder.encoder.layer.{i}."
        parts = [base + f"attention.self.{part}" for part in ("query", "key", "value")]
        size = self._width // self._heads
        weight = np.concatenate([self._weights[part + ".weight"] for part in parts])
        bias = np.concatenate([self._weights[part + ".bias"] for part in parts])
        weight[: self._width] /= np.float32(size**0.5)
        bias[: self._width] /= np.float32(size**0.5)
        joined = self._linear(x, weight, bias, base + "qkv")
        split = self._op("Reshape", joined, self._shape(-1, 3, self._heads, size))
        rows = self._op("Transpose", split, perm=[1, 2, 0, 3])
        query, key, value = (
            self._op("Squeeze", part, self._shape(0))
            for part in self._op("Split", rows, self._shape(1, 1, 1), outputs=3, axis=0)
        )
        scores = self._op("MatMul", query, self._op("Transpose", key, perm=[0, 2, 1]))
        last = "attention" if i == self._layers - 1 else ""
        seen = self._op("MatMul", self._op("Softmax", scores, axis=-1, name=last), value)
        seen = self._op("Reshape", self._op("Transpose", seen, perm=[1, 0, 2]), self._shape(-1, self._width))
        seen = self._linear(seen, *self._pair(base + "attention.output.dense"), base + "attention.output")
        x = self._norm(self._op("Add", x, seen), base + "attention.output.LayerNorm")
        inner = self._linear(x, *self._pair(base + "intermediate.dense"), base + "intermediate")
        inner = self._op("Gelu", inner, domain="com.microsoft")
        outer = self._linear(inner, *self._pair(base + "output.dense"), base + "output")
        return self._norm(self._op("Add", x, outer), base + "output.LayerNorm")

    def _pair(self, name: str) -> tuple[Floats, Floats]:
        return self._weights[name + ".weight"], self._weights[name + ".bias"]

    def model(self, heads: Sequence[str]) -> Any:
        x = self._embedded()
        for i in range(self._layers):
            x = self._layer(x, i)
        self._op("Identity", x, name="states")
        words = self._op("Gather", x, "first")
        outputs: list[Any] = []
        info, number = self._helper.make_tensor_value_info, 1
        named = [("tags" if i == 0 else f"tags.{head}", f"heads.{head}") for i, head in enumerate(heads)]
        for name, source in [*named, ("strip", "strip")]:
            weight, bias = self._pair(source)
            self._op(
                "Gemm",
                words,
                self._constant(weight, source + ".weight"),
                self._constant(bias, source + ".bias"),
                name=name,
                transB=1,
            )
            outputs.append(info(name, number, ["w", len(bias)]))
        outputs.append(info("states", number, ["n", self._width]))
        outputs.append(info("attention", number, [self._heads, "n", "n"]))
        inputs = [info("ids", 7, ["n"]), info("first", 7, ["w"])]
        built = self._helper.make_graph(self._nodes, "tagger", inputs, outputs, list(self._constants.values()))
        sets = [self._helper.make_opsetid("", 17), self._helper.make_opsetid("com.microsoft", 1)]
        return self._helper.make_model(built, opset_imports=sets, ir_version=9, producer_name="rawabit")


def pack(table: Floats) -> tuple[NDArray[np.uint8], NDArray[np.float16]]:
    """A table [rows, width] in blocks of 32 values of 4 bits: packed uint8 [rows, width / 2], the first half of a row
    in the low bits; scales float16 [rows, width / 32]. A table that came from such blocks loses nothing."""
    rows, width = table.shape
    blocks = table.reshape(rows, width // _BLOCK, _BLOCK)
    top = np.take_along_axis(blocks, np.abs(blocks).argmax(-1)[..., None], -1)
    scales = (top[..., 0] / -8).astype(np.float16)
    safe = np.where(scales == 0, np.float16(1), scales).astype(np.float32)
    values = np.clip(np.rint(blocks / safe[..., None]) + 8, 0, 15).astype(np.uint8).reshape(rows, width)
    return values[:, : width // 2] | (values[:, width // 2 :] << 4), scales


def shrink(weight: Floats) -> tuple[NDArray[np.int8], Floats]:
    """A weight [out, in] as whole numbers of at most 63 with a scale for each row, clipped where that errs least."""
    top = np.maximum(np.abs(weight).max(1), 1e-9)
    best = np.full(len(weight), np.inf)
    scales = np.zeros(len(weight), np.float32)
    for clip in _CLIPS:
        scale = (top * clip / _LIMIT).astype(np.float32)
        whole = np.clip(np.rint(weight / scale[:, None]), -_LIMIT, _LIMIT)
        error = np.square(whole * scale[:, None] - weight).sum(1)
        better = error < best
        best = np.where(better, error, best)
        scales = np.where(better, scale, scales)
    return np.clip(np.rint(weight / scales[:, None]), -_LIMIT, _LIMIT).astype(np.int8), scales
