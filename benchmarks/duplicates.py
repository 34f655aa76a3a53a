"""Near-duplicates: verdicts on generated pairs by threshold, then time and memory.

    python benchmarks/duplicates.py [DOCUMENTS ...]

Texts are made of a vocabulary with the frequencies of a language and of stock phrases that unrelated texts share.
Copies have other furniture, a headline, an end cut off, changed words, sentences or figures; what is no copy repeats
a background, a template, or nothing. Everything is drawn from fixed seeds.

Result (processor time, on a machine busy with other work; the lines of speed with SAME = 0.6, all else with what the
column says; the limit that came of it is 0.5):

    Jaccard from                      0.35     0.4     0.5     0.6     0.7     0.8
    headline and furniture           1.000   1.000   1.000   1.000   1.000   1.000
    first 3/4                        1.000   1.000   1.000   1.000   1.000   1.000
    first half, headline             0.983   0.983   0.983   0.983   0.983   0.983
    5 % of words edited              1.000   1.000   1.000   1.000   1.000   1.000
    10 % of words edited             1.000   1.000   1.000   1.000   0.183   0.000
    15 % of words edited             0.967   0.967   0.967   0.200   0.000   0.000
    a third of figures               0.850   0.850   0.850   0.850   0.850   0.850
    two sentences out, two in        1.000   1.000   1.000   1.000   1.000   1.000
    not: another article             0.000   0.000   0.000   0.000   0.000   0.000
    not: background, 1/3 of it       0.000   0.000   0.000   0.000   0.000   0.000
    not: background, 1/2 of it       0.150   0.017   0.000   0.000   0.000   0.000
    not: template, all figures       0.050   0.050   0.050   0.050   0.050   0.050
    not: template, figures and 10 %   0.000   0.000   0.000   0.000   0.000   0.000
    0.35: precision 0.975, recall 0.975
    0.4: precision 0.992, recall 0.975
    0.5: precision 0.994, recall 0.975
    0.6: precision 0.993, recall 0.879
    0.7: precision 0.992, recall 0.752
    0.8: precision 0.992, recall 0.729
       1000 documents: 1.60 ms each to take in, 0.03 ms each to compare, memory +0 MB, 159 duplicates
       3000 documents: 0.90 ms each to take in, 0.05 ms each to compare, memory +6 MB, 478 duplicates
      10000 documents: 1.00 ms each to take in, 0.05 ms each to compare, memory +22 MB, 1564 duplicates
"""

from __future__ import annotations

import random
import resource
import sys
import time
from collections.abc import Callable, Iterator
from itertools import accumulate

from rawabit.graph import duplicates
from rawabit.graph.duplicates import Sketches
from rawabit.ner.model import Document

_LETTERS = "ابتثجحخدذرزسشصضطظعغفقكلمنهوي"
_SIZES = (1_000, 3_000, 10_000)
_PAIRS = 60


class _Press:
    """Writes articles."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        letters = random.Random(0)
        self.words = ["".join(letters.choices(_LETTERS, k=letters.randint(2, 7))) for _ in range(20_000)]
        self.weights = list(accumulate(1 / (rank + 3) for rank in range(len(self.words))))
        self.stock = [[letters.choice(self.words[:2000]) for _ in range(letters.randint(3, 8))] for _ in range(300)]

    def draw(self, count: int) -> list[str]:
        return self.random.choices(self.words, cum_weights=self.weights, k=count)

    def sentence(self) -> list[str]:
        out = self.draw(self.random.randint(8, 22))
        if self.random.random() < 0.4:
            out[0:0] = self.random.choice(self.stock)
        if self.random.random() < 0.4:
            out.insert(self.random.randrange(len(out)), self.figure())
        return out

    def figure(self) -> str:
        return str(self.random.randint(2, 9999))

    def article(self, length: int = 300) -> list[list[str]]:
        out: list[list[str]] = []
        while sum(map(len, out)) < length:
            out.append(self.sentence())
        return out

    def changed(self, article: list[list[str]], share: float) -> list[list[str]]:
        """With so many words replaced, in runs of one to three, as editors do."""
        words = [(i, j) for i, sentence in enumerate(article) for j in range(len(sentence))]
        out = [list(sentence) for sentence in article]
        left = round(share * len(words))
        while left > 0:
            i, j = self.random.choice(words)
            for at in range(j, min(j + self.random.randint(1, 3), len(out[i]))):
                out[i][at] = self.draw(1)[0]
                left -= 1
        return out

    def figures(self, article: list[list[str]], share: float) -> list[list[str]]:
        return [[self.figure() if w.isdigit() and self.random.random() < share else w for w in s] for s in article]


def _text(article: list[list[str]]) -> str:
    return " ".join(" ".join(sentence) + "." for sentence in article)


def _first(article: list[list[str]], share: float) -> list[list[str]]:
    return article[: max(1, round(share * len(article)))]


_COPIES: dict[str, Callable[[_Press, list[list[str]]], list[list[str]]]] = {
    "headline and furniture": lambda p, a: [p.sentence(), *a, p.sentence(), p.sentence()],
    "first 3/4": lambda p, a: _first(a, 0.75),
    "first half, headline": lambda p, a: [p.sentence()[:9], *_first(a, 0.55)],
    "5 % of words edited": lambda p, a: p.changed(a, 0.05),
    "10 % of words edited": lambda p, a: p.changed(a, 0.10),
    "15 % of words edited": lambda p, a: p.changed(a, 0.15),
    "a third of figures": lambda p, a: p.figures(a, 0.33),
    "two sentences out, two in": lambda p, a: [*a[:3], p.sentence(), *a[5:], p.sentence()],
}
_OTHERS: dict[str, Callable[[_Press, list[list[str]]], list[list[str]]]] = {
    "another article": lambda p, a: p.article(),
    "background, 1/3 of it": lambda p, a: [*p.article(200), *_first(a, 0.33)],
    "background, 1/2 of it": lambda p, a: [*p.article(150), *_first(a, 0.5)],
    "template, all figures": lambda p, a: p.figures(a, 1.0),
    "template, figures and 10 %": lambda p, a: p.changed(p.figures(a, 1.0), 0.1),
}


def _marked(pairs: list[tuple[str, str]]) -> int:
    marked = 0
    for one, other in pairs:
        with Sketches() as sketches:
            sketches.add(Document("1", one))
            sketches.add(Document("2", other))
            marked += bool(sketches.originals())
    return marked


def quality() -> None:
    """Share of generated pairs that are marked, by kind and threshold."""
    press = _Press(1)
    kinds = {
        (same, name): [(_text(a), _text(make(press, a))) for a in (press.article() for _ in range(_PAIRS))]
        for same, table in ((True, _COPIES), (False, _OTHERS))
        for name, make in table.items()
    }
    steps = (0.35, 0.4, 0.5, 0.6, 0.7, 0.8)
    kept = duplicates.SAME
    rows: dict[tuple[bool, str], list[int]] = {kind: [] for kind in kinds}
    for step in steps:
        duplicates.SAME = step
        for kind, pairs in kinds.items():
            rows[kind].append(_marked(pairs))
    duplicates.SAME = kept
    print(f"{'Jaccard from':30}" + "".join(f"{step:8}" for step in steps))
    for (same, name), row in rows.items():
        print(f"{('' if same else 'not: ') + name:30}" + "".join(f"{count / _PAIRS:8.3f}" for count in row))
    for at, step in enumerate(steps):
        good, bad = (sum(row[at] for (same, _), row in rows.items() if same is want) for want in (True, False))
        print(f"{step}: precision {good / max(1, good + bad):.3f}, recall {good / (_PAIRS * len(_COPIES)):.3f}")


def _corpus(count: int) -> Iterator[Document]:
    """One in five is a copy of an earlier one; one in fifty is a report of one template."""
    press = _Press(2)
    recent: list[list[list[str]]] = []
    template = press.article()
    for number in range(count):
        if number % 50 == 49:
            article = press.figures(template, 1.0)
        elif number % 5 == 4:
            article = press.random.choice(list(_COPIES.values()))(press, press.random.choice(recent))
        else:
            article = press.article()
            recent = [*recent[-99:], article]
        yield Document(f"{number:07}", _text(article), published=f"2024-{number % 12 + 1:02}-{number % 28 + 1:02}")


def speed(count: int) -> None:
    """Processor time and memory for so many documents of 300 words."""
    documents = list(_corpus(count))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.process_time()
    with Sketches() as sketches:
        for document in documents:
            sketches.add(document)
        added = time.process_time()
        found = sketches.originals()
        done = time.process_time()
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(
        f"{count:7} documents: {1000 * (added - start) / count:.2f} ms each to take in, "
        f"{1000 * (done - added) / count:.2f} ms each to compare, memory +{grown:.0f} MB, {len(found)} duplicates"
    )


if __name__ == "__main__":
    if len(sys.argv) == 1:
        quality()
    for size in map(int, sys.argv[1:] or _SIZES):
        speed(size)
