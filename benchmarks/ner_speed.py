"""Words a second: the model, the rules, both, and camel-tools' ``NERecognizer`` with a BERT-base of random weights.

usage: ner_speed.py [FILE] [--words 20000] [--rounds 3] [--threads 0] [--stock 400]

FILE is plain text, a paragraph a line; without it a text is made of the tests' sentences. Text in, mentions out:
sentences, words, pieces, model and decoding count; loading does not. The taggers take turns, and the best round of
each counts. What the stock recogniser does with `--stock` words is measured in the same run where camel-tools and
torch are installed: it pads every sentence to 256 pieces, so its speed is one of sentences rather than of words. What
a sentence says does not matter to it, random weights are as slow as learnt ones.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from rawabit.ner.model import Document
from rawabit.ner.neural import NeuralTagger
from rawabit.ner.rules import RuleTagger
from rawabit.ner.tokens import sentences, tokens

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
    count = 0
    for i, line in enumerate(lines):
        if count >= words:
            break
        out.append(Document(str(i), line))
        count += sum(1 for _ in tokens(line))
    return out


def best(call: Callable[[], Any], rounds: int) -> float:
    seconds = []
    for _ in range(rounds):
        start = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path, nargs="?")
    parser.add_argument("--words", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--stock", type=int, default=400, help="words for the stock recogniser; 0 leaves it out")
    args = parser.parse_args()
    texts = documents(args.file, args.words)
    count = sum(sum(1 for _ in tokens(document.text)) for document in texts)
    start = time.perf_counter()
    model = NeuralTagger(threads=args.threads, rules=False)
    loading = time.perf_counter() - start
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores; model loaded in {loading:.2f} s")
    rows: list[tuple[str, float]] = []
    for name, tagger in (
        ("rules", RuleTagger()),
        ("model", model),
        ("both", NeuralTagger(threads=args.threads)),
    ):

        def run(tagger: Any = tagger) -> None:
            for document in texts:
                tagger.find(document, sentences(document.text))

        rows.append((name, count / best(run, args.rounds)))
    if args.stock and find_spec("camel_tools") and find_spec("torch"):
        rows.append(("NERecognizer, BERT-base", stock(texts, args.stock)))
    speed = dict(rows)
    for name, words in rows:
        print(f"{name:24} {words:9,.0f} words/s  {words / speed['model']:6.2f} of the model")


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
