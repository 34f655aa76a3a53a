"""Learns the weights of `rawabit.graph.translit` from pairs of names; `translit.py` calls it.

Two steps, both over all ways to cut two words into chunks, with a forward and a backward pass over pairs of equal
lengths at once: EM finds the chunks and their joint probabilities, then gradient descent (Adam) on the logistic loss
of right pairs against random and near wrong ones sets the weights. All randomness is seeded.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rawabit.graph.names import loose
from rawabit.graph.translit import keys, paired

Pair = tuple[str, str]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Codes = dict[int, NDArray[np.int32]]
SHAPES = ((1, 0), (0, 1), (1, 1), (1, 2), (1, 3), (2, 1), (2, 2), (2, 3))
"""Arabic and Latin letters of a chunk."""
PRIOR = (1e-3, 1e-2, 1e-2, 1e-4, 1e-7, 1e-4, 1e-6, 1e-8)
"""Where EM starts: the weight of every chunk of a shape."""
ALIKE = str.maketrans("غقكطصثظضذ", "جججتسسزدد")
OFTEN = 5  # times that a Latin name must have an Arabic spelling for it to be usual
SEEN = 5  # times that letters must stand in the training words to be part of a chunk of two or three
KEPT = 0.5  # times that EM must expect a chunk
NOISE = 5.0  # log likelihood ratio below which a "right" pair of the data is taken for an error
LONG = (14, 18)  # letters of the words that are trained on
TINY = 1e-280


class Chunks:
    """The chunks that words are cut into, as numbers: 0 unknown, 1 the empty one."""

    def __init__(self, arabic: Iterable[str], latin: Iterable[str]) -> None:
        self.arabic, self.latin = ["", *arabic], ["", *latin]
        self.of_arabic = {chunk: n for n, chunk in enumerate(self.arabic, start=1)}
        self.of_latin = {chunk: n for n, chunk in enumerate(self.latin, start=1)}
        self.shape = (len(self.arabic) + 1, len(self.latin) + 1)
        self.sizes = (
            np.array([0, *map(len, self.arabic)]),
            np.array([0, *map(len, self.latin)]),
        )

    @classmethod
    def seen(cls, pairs: Sequence[Pair]) -> Chunks:
        """Those that stand in the words of pairs often enough."""
        sides = []
        for side, longest in ((0, 2), (1, 3)):
            counts: Counter[str] = Counter()
            for pair in pairs:
                word = f"^{pair[side]}$"
                counts.update(word[i : i + n] for n in range(1, longest + 1) for i in range(len(word) - n + 1))
            sides.append(sorted(c for c, count in counts.items() if len(c) == 1 or count >= SEEN))
        return cls(*sides)

    def groups(self, pairs: Sequence[Pair], size: int = 3000) -> Iterator[tuple[Ints, Codes, Codes]]:
        """Indices of pairs of the same lengths, with the numbers of the chunks that end at each letter."""
        lengths: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
        for k, (a, b) in enumerate(pairs):
            lengths[len(a), len(b)].append(k)
        for key in sorted(lengths):
            for at in range(0, len(lengths[key]), size):
                ks = lengths[key][at : at + size]
                arabic = _codes([pairs[k][0] for k in ks], self.of_arabic, 2)
                yield np.array(ks), arabic, _codes([pairs[k][1] for k in ks], self.of_latin, 3)

    def dense(self, weights: dict[str, dict[str, float]]) -> Floats:
        """Weights by chunk as a matrix."""
        out = np.zeros(self.shape)
        for a, row in weights.items():
            for b, weight in row.items():
                out[self.of_arabic[a], self.of_latin[b]] = weight
        return out


def _codes(words: Sequence[str], table: dict[str, int], longest: int) -> Codes:
    length = len(words[0]) + 2
    out = {n: np.zeros((length + 1, len(words)), np.int32) for n in range(1, longest + 1)}
    for column, text in enumerate(words):
        word = f"^{text}$"
        for n, codes in out.items():
            for end in range(n, length + 1):
                codes[end, column] = table.get(word[end - n : end], 0)
    return out


Steps = dict[tuple[int, int, int, int], tuple[Ints, Floats]]


def _forward(weights: Floats, arabic: Codes, latin: Codes) -> tuple[Floats, Steps]:
    """Sums over all ways to reach each cell, cells by pairs, and each step's chunk and weight."""
    flat, width = weights.ravel(), weights.shape[1]
    rows, columns = len(arabic[1]), len(latin[1])
    sums = np.zeros((rows, columns, arabic[1].shape[1]))
    sums[0, 0] = 1.0
    steps: Steps = {}
    for i in range(1, rows):
        for j in range(1, columns):
            for p, q in SHAPES:
                if i - p < 0 or j - q < 0 or (p * q == 0 and (i == p or j == q)):
                    continue
                chunk: Ints = np.asarray((arabic[p][i] if p else 1) * np.int64(width) + (latin[q][j] if q else 1))
                weight = flat[chunk]
                sums[i, j] += sums[i - p, j - q] * weight
                steps[i, j, p, q] = chunk, weight
    return sums, steps


def _backward(sums: Floats, steps: Steps, factor: Floats, counts: list[tuple[Ints, Floats]]) -> None:
    """Adds the expected counts of chunks, times a factor for each pair."""
    after = np.zeros_like(sums)
    after[-1, -1] = factor / np.maximum(sums[-1, -1], TINY)
    for (i, j, p, q), (chunk, weight) in reversed(steps.items()):
        part = after[i, j] * weight
        after[i - p, j - q] += part
        counts.append((chunk, part * sums[i - p, j - q]))


def _total(counts: list[tuple[Ints, Floats]], size: int) -> Floats:
    chunks, values = zip(*counts, strict=True)
    return np.asarray(np.bincount(np.concatenate(chunks), np.concatenate(values), size), np.float64)


def scores(chunks: Chunks, weights: Floats, pairs: Sequence[Pair]) -> Floats:
    """As `rawabit.graph.translit.score`, many at once; -690 for none."""
    out = np.zeros(len(pairs))
    for ks, arabic, latin in chunks.groups(pairs):
        out[ks] = np.log(np.maximum(_forward(weights, arabic, latin)[0][-1, -1], 1e-300))
    return out


def expectation(chunks: Chunks, pairs: Sequence[Pair], importance: Floats, rounds: int = 4) -> Floats:
    """EM: how often each chunk is expected in the pairs."""
    long_a, long_b = chunks.sizes[0][:, None], chunks.sizes[1][None, :]
    weights = np.zeros(chunks.shape)
    for (p, q), value in zip(SHAPES, PRIOR, strict=True):
        weights[(long_a == p) & (long_b == q)] = value
    weights[0] = weights[:, 0] = 0.0
    for edge in "^$":
        one = np.array([False, *(edge in c for c in chunks.arabic)])[:, None]
        weights[one != np.array([False, *(edge in c for c in chunks.latin)])[None, :]] = 0.0
    penalty = 0.9 ** np.maximum(long_a + long_b - 2, 0)
    expected = weights
    for _ in range(rounds):
        total = np.zeros(weights.size)
        counts: list[tuple[Ints, Floats]] = []
        for ks, arabic, latin in chunks.groups(pairs):
            sums, steps = _forward(weights, arabic, latin)
            _backward(sums, steps, importance[ks] * (sums[-1, -1] > TINY), counts)
            if len(counts) > 3000:
                total += _total(counts, weights.size)
                counts = []
        total += _total(counts, weights.size) if counts else 0.0
        expected = total.reshape(chunks.shape)
        weights = expected * penalty / (expected * penalty).sum()
    return expected


def ratios(chunks: Chunks, expected: Floats, pairs: Sequence[Pair]) -> tuple[Ints, Floats]:
    """The chunks that are kept, and the log of how much likelier each is than its letters by chance."""
    logs: list[Floats] = []
    for side, names in ((0, chunks.arabic), (1, chunks.latin)):
        counts = Counter(c for pair in pairs for c in f"^{pair[side]}$")
        total = sum(counts.values()) - counts["$"]
        logs.append(np.array([0.0, *(sum(float(np.log(counts[c] / total)) for c in name) for name in names)]))
    kept = np.flatnonzero(expected.ravel() > KEPT)
    a, b = np.divmod(kept, chunks.shape[1])
    return kept, np.log(expected.ravel()[kept] / expected.sum()) - logs[0][a] - logs[1][b]


def logistic(features: Floats, right: Floats, importance: Floats) -> Floats:
    """Coefficients of a logistic regression, by Newton's method."""
    theta = np.zeros(features.shape[1])
    for _ in range(30):
        p = 1.0 / (1.0 + np.exp(-np.clip(features @ theta, -30, 30)))
        curve = (features * (importance * p * (1 - p))[:, None]).T @ features + 1e-3 * np.eye(len(theta))
        theta -= np.linalg.solve(curve, features.T @ (importance * (p - right)))
    return theta


def descend(
    chunks: Chunks, kept: Ints, start: Floats, pairs: Sequence[Pair], right: Floats, importance: Floats, epochs: int
) -> Floats:
    """Adam on the logistic loss of the scores, drawn back to where it starts."""
    rng = np.random.default_rng(0)
    groups = list(chunks.groups(pairs, 1000))
    size = int(np.prod(chunks.shape))
    weights, mean, square = start.copy(), np.zeros_like(start), np.zeros_like(start)
    steps, step = epochs * -(-len(groups) // 4), 0
    for epoch in range(epochs):
        order, loss, total = rng.permutation(len(groups)), 0.0, 0.0
        for at in range(0, len(order), 4):
            matrix = np.zeros(size)
            matrix[kept] = np.exp(weights)
            counts: list[tuple[Ints, Floats]] = []
            n = 0.0
            for g in order[at : at + 4]:
                ks, arabic, latin = groups[g]
                sums, taken = _forward(matrix.reshape(chunks.shape), arabic, latin)
                reached = np.maximum(sums[-1, -1], 1e-300)
                p = 1.0 / (1.0 + np.exp(-np.clip(np.log(reached), -30, 30)))
                loss -= float((importance[ks] * np.log(np.where(right[ks] > 0, p, 1 - p))).sum())
                n += float(importance[ks].sum())
                _backward(sums, taken, importance[ks] * (p - right[ks]) * (sums[-1, -1] > TINY), counts)
            gradient = _total(counts, size)[kept] / n + 2e-5 * (weights - start)
            step += 1
            total += n
            rate = 0.03 * min(1.0, step / 20) * (1 - 0.9 * step / (steps + 1))
            mean = 0.9 * mean + 0.1 * gradient
            square = 0.99 * square + 0.01 * gradient**2
            weights -= rate * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.99**step)) + 1e-6)
        print(f"epoch {epoch + 1}: loss {loss / total:.4f}", flush=True)
    return weights


class Data(NamedTuple):
    """`right`: Latin words by Arabic word with their counts; `latin`: Latin words to choose wrong ones from."""

    right: dict[str, dict[str, int]]
    latin: list[str]


def variants(one: str, other: str) -> bool:
    """Whether two Arabic words may well be spellings of one name, so that a Latin word of one may be right for both.

    They are equal but for letters that foreign sounds are written with by turns (غ for ج), or, where both have five
    letters or more, differ in one letter of a vowel that only one of them has. حسن and حسين are none.
    """
    a, b = loose(one.translate(ALIKE)), loose(other.translate(ALIKE))
    if a == b:
        return True
    short, long = sorted((a, b), key=len)
    if len(long) != len(short) + 1 or len(short) < 5:
        return False
    return any(long[i] in "اويه" and long[:i] + long[i + 1 :] == short for i in range(len(long)))


def wrong(
    data: Data,
    forms: Sequence[str],
    rank: Callable[[Sequence[Pair]], Floats],
    sample: int,
    top: int,
    seed: int,
    clear: bool = True,
) -> tuple[list[Pair], list[Pair]]:
    """Near wrong pairs (of `sample` Latin words that share a key with the form, the `top` of a ranking), random ones.

    With `clear`, none whose Latin word belongs to an Arabic one that is a variant of the form.
    """
    rng = np.random.default_rng(seed)
    own: defaultdict[str, list[str]] = defaultdict(list)
    for arabic, words in data.right.items():
        for word in words:
            own[word].append(arabic)

    def may(form: str, word: str) -> bool:
        return word not in data.right[form] and not (clear and any(variants(form, other) for other in own[word]))

    block: defaultdict[str, list[str]] = defaultdict(list)
    for word in data.latin:
        for key in keys(word):
            block[key].append(word)
    candidates: list[Pair] = []
    owners: list[int] = []
    for n, form in enumerate(forms):
        found = [w for w in dict.fromkeys(w for key in keys(form) for w in block.get(key, ())) if may(form, w)]
        if len(found) > sample:
            found = [found[i] for i in rng.choice(len(found), sample, replace=False)]
        candidates += [(form, w) for w in found]
        owners += [n] * len(found)
    ranks = rank(candidates)
    order = np.lexsort((-ranks, np.array(owners)))
    taken: Counter[int] = Counter()
    near = []
    for k in order:
        if taken[owners[k]] < top:
            taken[owners[k]] += 1
            near.append(candidates[k])
    other = [(f, data.latin[int(i)]) for f, i in zip(forms, rng.integers(0, len(data.latin), len(forms)), strict=True)]
    return near, [(f, w) for f, w in other if may(f, w)]


def usual(data: Data, extra: Iterable[Pair]) -> dict[str, str]:
    """The Arabic spellings of the Latin words that one of them has often, of all forms."""
    found: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
    for arabic, words in data.right.items():
        for word, n in words.items():
            found[word].append((-n, arabic))
    often = {word: [a for n, a in sorted(forms) if n <= -OFTEN] for word, forms in sorted(found.items())}
    for arabic, word in sorted(set(extra)):
        if often.get(word) and arabic not in often[word]:
            often[word].append(arabic)
    return {word: " ".join(forms) for word, forms in often.items() if forms}


def learn(data: Data, extra: Sequence[Pair], held: Callable[[int], bool]) -> dict[str, Any]:
    """The content of ``translit.json``, learnt from all Arabic forms but the held ones.

    Args:
        data: pairs with counts.
        extra: more pairs, their Arabic forms no test forms.
        held: whether the form of a number (in sorted order) is held for tests. Of the others one in forty sets the
            slope and offset of the probability and is not learnt from. Only the list of usual spellings is of all
            forms; `translit.py` measures without it.
    """
    every = sorted(data.right)
    forms = [f for n, f in enumerate(every) if not held(n) and n % 40 != 4]
    tuning = [f for n, f in enumerate(every) if not held(n) and n % 40 == 4]
    away = frozenset(every) - frozenset(forms)
    counts: Counter[Pair] = Counter()
    for form in forms:
        for word, n in data.right[form].items():
            counts[paired(form, word)] += n
    for form, word in extra:
        if form not in away:
            counts[paired(form, word)] += 1

    def short(pair: Pair) -> bool:
        return len(pair[0]) <= LONG[0] and len(pair[1]) <= LONG[1]

    pairs = [pair for pair in counts if short(pair)]
    importance = np.array([1.0 + np.log(counts[pair]) for pair in pairs])
    chunks = Chunks.seen(pairs)
    kept, start = ratios(chunks, expectation(chunks, pairs, importance), pairs)

    def matrix(values: Floats) -> Floats:
        out = np.zeros(int(np.prod(chunks.shape)))
        out[kept] = np.exp(values)
        return out.reshape(chunks.shape)

    def rank(some: Sequence[Pair]) -> Floats:
        return scores(chunks, matrix(start), [paired(*pair) for pair in some])

    ratio = scores(chunks, matrix(start), pairs)
    fits = [k for k, value in enumerate(ratio) if value > NOISE]
    learnt = Data(data.right, sorted({w for f in forms for w in data.right[f]}))
    near, other = ([paired(*p) for p in some] for some in wrong(learnt, forms, rank, 30, 3, 1))
    bad = [pair for pair in near + other if short(pair) and pair not in counts]
    trained = [pairs[k] for k in fits] + bad
    right = np.array([1.0] * len(fits) + [0.0] * len(bad))
    weight = np.concatenate([np.sqrt(importance[fits]), np.full(len(bad), 0.5)])
    print(f"{len(fits)} right pairs, {len(bad)} wrong ones, {len(kept)} chunks", flush=True)
    # The likelihood ratio becomes a logit: scaled, so much less for each letter; the constant goes to the first chunk.
    sizes = np.array([[len(a), len(b)] for a, b in trained], dtype=float)
    ones = np.ones((len(trained), 1))
    begun = np.clip(scores(chunks, matrix(start), trained), -40, 60)[:, None]
    theta = logistic(np.hstack([begun, sizes, ones]), right, weight)
    a, b = np.divmod(kept, chunks.shape[1])
    first = np.array([chunks.arabic[n - 1].startswith("^") for n in a])
    start = theta[0] * start + theta[1] * chunks.sizes[0][a] + theta[2] * chunks.sizes[1][b]
    start += first * (theta[3] - 2 * theta[1] - 2 * theta[2])
    final = np.round(100 * descend(chunks, kept, start, trained, right, weight, 6))

    good = [paired(f, w) for f in tuning for w in data.right[f]]
    last = matrix(final / 100)
    tuned = wrong(data, tuning, lambda p: scores(chunks, last, [paired(*pair) for pair in p]), 30, 1, 2)
    near, other = ([paired(*pair) for pair in some] for some in tuned)
    values = np.clip(scores(chunks, last, good + near + other), -30, 30)
    labels = np.array([1.0] * len(good) + [0.0] * (len(near) + len(other)))
    slope, offset = logistic(np.stack([values, np.ones(len(values))], axis=1), labels, np.ones(len(values)))
    table: dict[str, dict[str, int]] = {}
    for x, y, value in zip(a, b, final, strict=True):
        table.setdefault(chunks.arabic[x - 1], {})[chunks.latin[y - 1]] = int(value)
    return {
        "slope": round(float(slope), 3),
        "offset": round(float(offset), 3),
        "chunks": table,
        "usual": usual(data, extra),
    }
