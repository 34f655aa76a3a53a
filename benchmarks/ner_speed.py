"""Words a second of both tiers, beside camel-tools' ``NERecognizer`` and a BERT-base that is run as well as ours.

usage: ner_speed.py [FILE] [--words 20000] [--rounds 3] [--threads 0] [--stock 400] [--peer 3000] [--write]

FILE is plain text, a paragraph a line; without it a text is made of the tests' sentences. Text in, mentions out:
sentences, words, amounts, dates, pieces, model and decoding count; loading does not. The taggers take turns, and the
best round of each counts. The peers have random weights, which are as slow as learnt ones:

- "BERT-base, ONNX": 12 layers, 768 wide, exported and run by the code that runs our own model (windows without padding,
  one on each core), in 7-bit weights with row-wise activations and in 32-bit floats, on `--peer` words;
- "NERecognizer, BERT-base": stock camel-tools on `--stock` words. It pads every sentence to 256 pieces, so its speed is
  one of sentences rather than of words.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from report import Report

from rawabit.ner.model import Document
from rawabit.ner.neural import NeuralTagger
from rawabit.ner.parallel import cores
from rawabit.ner.rules import RuleTagger
from rawabit.ner.tag import NameTagger, tag
from rawabit.ner.tokens import sentences, tokens

HERE = Path(__file__).resolve().parent
PARAGRAPH = 8


def documents(file: Path | None, words: int) -> list[Document]:
    """Documents of some hundred words, `words` in all."""
    if file is not None:
        lines = [line for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    else:
        sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
        import tinybert

        made = [" ".join(word for word, _ in row) + "." for row in tinybert.sentences(words // 8, seed=5, clauses=3)]
        lines = [" ".join(made[i : i + PARAGRAPH]) for i in range(0, len(made), PARAGRAPH)]
    out: list[Document] = []
    for i, line in enumerate(lines):
        out.append(Document(str(i), line))
        if size(out) >= words:
            break
    return out


def size(texts: list[Document]) -> int:
    return sum(sum(1 for _ in tokens(document.text)) for document in texts)


def best(call: Callable[[], Any], rounds: int) -> float:
    seconds = []
    for _ in range(rounds):
        start = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def bert_base(folder: Path, *, quantize: bool) -> Path:
    """A BERT-base of random weights in the form that our own model has."""
    from rawabit.ner.export import graph

    own = files("rawabit.ner.data").joinpath("model")
    (folder / "tokenizer.json").write_bytes(own.joinpath("tokenizer.json").read_bytes())
    card = json.loads(own.joinpath("model.json").read_text(encoding="utf-8"))
    (folder / "model.json").write_text(json.dumps({**card, "heads": {}}), encoding="utf-8")
    rng = np.random.default_rng(1)
    width, layers, vocabulary = 768, 12, 30275

    def table(*shape: int) -> Any:
        return (rng.standard_normal(shape) * 0.02).astype(np.float32)

    base = "encoder.embeddings."
    weights = {
        base + "word_embeddings.weight": table(vocabulary, width),
        base + "position_embeddings.weight": table(512, width),
        base + "token_type_embeddings.weight": table(2, width),
    }
    norms = [base + "LayerNorm"]
    linear = {"heads.gold": (len(card["labels"]), width), "strip": (4, width)}
    for i in range(layers):
        layer = f"encoder.encoder.layer.{i}."
        for part in ("query", "key", "value"):
            linear[f"{layer}attention.self.{part}"] = (width, width)
        linear[layer + "attention.output.dense"] = (width, width)
        linear[layer + "intermediate.dense"] = (4 * width, width)
        linear[layer + "output.dense"] = (width, 4 * width)
        norms += [layer + "attention.output.LayerNorm", layer + "output.LayerNorm"]
    for name, shape in linear.items():
        weights[name + ".weight"], weights[name + ".bias"] = table(*shape), table(shape[0])
    for name in norms:
        weights[name + ".weight"], weights[name + ".bias"] = np.ones(width, np.float32), np.zeros(width, np.float32)
    facts = {"layers": layers, "width": width, "attention_heads": 12, "norm_eps": 1e-12}
    (folder / "model.onnx").write_bytes(graph(weights, facts, ["gold"], quantize).SerializeToString())
    return folder


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path, nargs="?")
    parser.add_argument("--words", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--stock", type=int, default=400, help="words for the stock recogniser; 0 leaves it out")
    parser.add_argument("--peer", type=int, default=3000, help="words for the BERT-base in ONNX; 0 leaves it out")
    parser.add_argument("--write", action="store_true", help="write benchmarks/ner_speed.md")
    args = parser.parse_args()
    report = Report()
    texts = documents(args.file, args.words)
    threads = args.threads or cores()
    start = time.perf_counter()
    default = NeuralTagger(threads=threads)
    loading = time.perf_counter() - start
    report.say(
        f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores; default model in {loading:.2f} s"
    )
    taggers: dict[str, tuple[NameTagger, int, list[Document]]] = {
        "rules": (RuleTagger(), 1, texts),
        "fast": (NeuralTagger(threads=threads, tier="fast"), threads, texts),
        "default": (default, threads, texts),
    }
    few = documents(args.file, args.peer) if args.peer and find_spec("onnx") else []
    with tempfile.TemporaryDirectory() as folder:
        for quantize in (True, False) if few else ():
            home = Path(folder, str(quantize))
            home.mkdir()
            made = NeuralTagger(bert_base(home, quantize=quantize), threads, rules=False)
            taggers["BERT-base, ONNX, " + ("7/8 bits" if quantize else "floats")] = (made, threads, few)
    seconds: dict[str, list[float]] = {name: [] for name in taggers}
    for _ in range(args.rounds):
        for name, (tagger, count, some) in taggers.items():
            seconds[name].append(best(lambda t=tagger, c=count, s=some: sum(1 for _ in tag(s, t, c)), 1))  # type: ignore[misc]
    speed = {name: size(taggers[name][2]) / min(row) for name, row in seconds.items()}
    if args.stock and find_spec("camel_tools") and find_spec("torch"):
        speed["NERecognizer, BERT-base"] = stock(texts, args.stock)
    peer = max((words for name, words in speed.items() if name.startswith("BERT-base")), default=0.0)
    slow = speed.get("NERecognizer, BERT-base", 0.0)
    for name, words in speed.items():
        ratios = "".join(
            f"  {words / one:7.1f} x {what}" for one, what in ((peer, "BERT-base ONNX"), (slow, "stock")) if one
        )
        report.say(f"{name:28} {words:9,.0f} words/s{ratios}")
    if args.write:
        report.write(HERE / "ner_speed.md", "Words a second, text in, mentions out", code=True)


def stock(texts: list[Document], words: int) -> float:
    """Words a second of the stock recogniser."""
    sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
    import tinybert

    with tempfile.TemporaryDirectory() as folder:
        from rawabit.ner.camel_data import load_recognizer

        recognizer = load_recognizer(tinybert.make(Path(folder, "model"), base=True)).stock
        rows: list[list[str]] = []
        count = 0
        for document in texts:
            for start, end in sentences(document.text):
                if count < words:
                    rows.append([document.text[t.start : t.end] for t in tokens(document.text, start, end)][:120])
                    count += len(rows[-1])
        return count / best(lambda: recognizer.predict(rows), 1)


if __name__ == "__main__":
    main()
