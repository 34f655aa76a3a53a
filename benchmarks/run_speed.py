"""Time and peak memory of whole `rawabit run` processes, beside a process that only reads the same files.

usage: run_speed.py INPUT... [--repeat N] [--ner ENGINE] [--jobs N]

The ratio to reading alone (Python start-up, imports and decoding) says what extraction, resolution and writing cost.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

READ = """import sys
from rawabit import read
print(sum(len(d.text.split()) for d in read(sys.argv[1:], report=print)))
"""


def measure(command: list[str]) -> tuple[float, float, str]:
    """Seconds, peak MiB of the largest process, and what was printed."""
    started = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=True, env={**os.environ, "PYTHONUTF8": "1"})
    seconds = time.perf_counter() - started
    return seconds, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024, done.stdout


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("inputs", nargs="+")
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--ner", default="model")
    parser.add_argument("--jobs", default="1")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        run = [sys.executable, "-m", "rawabit", "run", *args.inputs, "--ner", args.ner, "--jobs", args.jobs, "-q"]
        for name in ("g.graphml", "d.jsonl", "g.html"):
            run += ["-o", str(Path(folder) / name)]
        reads, runs, words, peak = [], [], 0, 0.0
        for _ in range(args.repeat):
            seconds, _, printed = measure([sys.executable, "-c", READ, *args.inputs])
            reads.append(seconds)
            words = int(printed.split()[-1])
            seconds, peak, _ = measure(run)
            runs.append(seconds)
    slow, quick = statistics.median(runs), statistics.median(reads)
    print(f"words {words}")
    print(f"run   {slow:.2f} s (min {min(runs):.2f}, max {max(runs):.2f}), {words / slow:.0f} words/s")
    print(f"peak  {peak:.0f} MiB")
    print(f"read  {quick:.2f} s (min {min(reads):.2f}, max {max(reads):.2f})")
    print(f"ratio {slow / quick:.2f}")


if __name__ == "__main__":
    main()
