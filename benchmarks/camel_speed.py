"""Words a second of `CamelTagger` and of camel-tools' own ``NERecognizer.predict`` on one model, in one run.

    python benchmarks/camel_speed.py                            # the small model of the tests, trained on the spot
    python benchmarks/camel_speed.py --base --sentences 64      # one as large as BERT-base, with random weights
    python benchmarks/camel_speed.py --model DIR                # yours

The sentences are made by tests/tinybert.py, of 1 to `--clauses` clauses each. What a sentence says does not matter
for speed, how long it is does: camel-tools pads every one to 256 pieces. Both label the same words; tokenisation
into pieces counts, loading and a first warming pass do not. The two take turns, `--rounds` times, and the best round
of each counts.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

import tinybert

from rawabit.ner.camel import CamelTagger


def timed(call: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds and result of one call."""
    start = time.perf_counter()
    result = call()
    return time.perf_counter() - start, result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--base", action="store_true", help="a random model as large as BERT-base")
    which.add_argument("--model", type=Path, help="folder of a model")
    parser.add_argument("--sentences", type=int, default=512)
    parser.add_argument("--clauses", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()

    words = [
        [word for word, _ in sentence]
        for sentence in tinybert.sentences(options.sentences, seed=11, clauses=options.clauses)
    ]
    count = sum(map(len, words))
    with tempfile.TemporaryDirectory() as folder:
        model = options.model or tinybert.make(Path(folder, "model"), base=options.base)
        tagger = CamelTagger(model)
        from camel_tools.ner import NERecognizer
        from transformers.utils import logging

        logging.disable_progress_bar()
        stock = NERecognizer(str(model), use_gpu=False)
        import torch

        print(
            f"{platform.machine()}, {os.cpu_count()} CPUs, {torch.get_num_threads()} threads, torch {torch.__version__}"
        )
        print(f"{len(words)} sentences, {count} words, {max(map(len, words))} in the longest, model {tagger.version}")
        stock.predict(words[:4])
        tagger.predict(words[:4])
        times: dict[str, list[float]] = {"stock": [], "rawabit": []}
        labels: dict[str, list[list[str | None]]] = {}
        for _ in range(options.rounds):
            seconds, labels["stock"] = timed(lambda: stock.predict(words))
            times["stock"].append(seconds)
            seconds, predicted = timed(lambda: tagger.predict(words))
            times["rawabit"].append(seconds)
            labels["rawabit"] = [[word and word[0] for word in sentence] for sentence in predicted]
    for name, seconds_of in times.items():
        rounds = ", ".join(f"{seconds:.2f} s" for seconds in seconds_of)
        print(f"{name:8} {count / min(seconds_of):10.0f} words/s   (rounds: {rounds})")
    print(f"ratio    {min(times['stock']) / min(times['rawabit']):10.1f}")
    equal = labels["stock"] == labels["rawabit"]
    kinds = len({label for sentence in labels["stock"] for label in sentence})
    print(f"labels   {'equal' if equal else 'NOT EQUAL'} ({kinds} different ones)")
    if not equal:
        sys.exit(1)


if __name__ == "__main__":
    main()
