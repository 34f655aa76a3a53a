"""How well `rawabit.graph.translit` finds the Latin spelling of an Arabic name, in tables.

usage: translit.py DATA [--write] [--sample 400] [--errors]

DATA/names holds wikidata_names.ar_en_count.tsv (Arabic word, Latin word, count) and ar2en-train.txt (pairs). Every
tenth of the sorted Arabic forms (as compared: folded letters) is held for the tests. "--write" learns from the others,
in some minutes, and writes graph/data/translit.json; what is measured is always what that file says, but for the usual
spellings of frequent names, which are of all forms: the figures are of the learnt score alone.

- retrieval: the right Latin words of all sampled test forms, filled up with others to 10,000, are ranked for each
  form; any of the form's Latin words counts as right. "exhaustive" ranks all, "blocked" those that share a key.
- blocking: right pairs that share a key, and mean size of a form's block among 10,000 and among all words.
- verification at 0.5: all right pairs of the test forms, as the data have them, errors and all, or those that both
  files have ("confirmed"), against one near and one random wrong pair for each form. Near: of 10,000 Latin words those
  that share a key, the nearest by the plain baseline, which is no variant (`translit_train.variants`), or, with
  variants, any; or the nearest by the learnt score, its own worst case.
- baseline: rapidfuzz's ratio of a letter-for-letter romanisation, plus that of the skeletons of `rawabit.graph.names`;
  its threshold is the best on the test pairs themselves, in its favour.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from rapidfuzz.distance import Indel

sys.path.insert(0, str(Path(__file__).resolve().parent))
from translit_train import Chunks, Data, Floats, Pair, learn, scores, wrong

from rawabit.graph import translit
from rawabit.graph.names import skeleton
from rawabit.graph.translit import arabic_letters, keys, latin_letters, paired, score, similarity
from rawabit.ner.text import fold

FILE = Path(__file__).resolve().parents[1] / "graph" / "data" / "translit.json"
CANDIDATES = 10_000
PLAIN = dict(zip("ابتثجحخدذرزسشصضطظعغفقكلمنهوي", "abtsjhkddrzssdtzaagfqklmnhoi", strict=True)) | {
    "ث": "th", "خ": "kh", "ش": "sh", "غ": "gh", "ذ": "dh",
}  # fmt: skip


def held(n: int) -> bool:
    return n % 10 == 9


def read(folder: Path) -> tuple[Data, list[Pair]]:
    right: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for line in (folder / "wikidata_names.ar_en_count.tsv").read_text(encoding="utf-8").splitlines():
        arabic, latin, count = line.split("\t")
        a, b = arabic_letters(arabic), latin_letters(latin)
        if a and len(b) > 1:
            right[a][b] = right[a].get(b, 0) + int(count)
    extra = []
    for line in (folder / "ar2en-train.txt").read_text(encoding="utf-8").splitlines():
        arabic, latin = line.split("\t")
        a, b = arabic_letters(arabic), latin_letters(latin)
        if a and len(b) > 1:
            extra.append((a, b))
    return Data(dict(right), sorted({b for words in right.values() for b in words})), extra


def baseline(pairs: Sequence[Pair]) -> Floats:
    out = np.zeros(len(pairs))
    for k, (arabic, latin) in enumerate(pairs):
        a, b = paired(arabic, latin)
        roman = "".join(PLAIN.get(c, "") for c in a)
        b = fold(b)
        out[k] = Indel.normalized_similarity(roman, b) + Indel.normalized_similarity(skeleton(a), skeleton(b))
    return out


def learnt(pairs: Sequence[Pair]) -> Floats:
    weights = translit._weights()
    latin = dict.fromkeys(b for row in weights.chunks.values() for b in row if b)
    chunks = Chunks([a for a in weights.chunks if a], latin)
    return scores(chunks, chunks.dense(weights.chunks), [paired(*pair) for pair in pairs])


def pool(data: Data, forms: Sequence[str]) -> list[str]:
    """The Latin words of forms, filled up with others from all over the alphabet."""
    words = dict.fromkeys(b for form in forms for b in data.right[form])
    rest = [b for b in data.latin if b not in words]
    need = CANDIDATES - len(words)
    words.update(dict.fromkeys(rest[k * len(rest) // need] for k in range(need)))
    return list(words)


def retrieval(data: Data, tests: Sequence[str], sample: int, errors: bool) -> None:
    forms = tests[:: max(1, len(tests) // sample)][:sample]
    words = pool(data, forms)
    block: defaultdict[str, list[int]] = defaultdict(list)
    for k, word in enumerate(words):
        for key in keys(word):
            block[key].append(k)
    print(f"\nretrieval: {len(forms)} forms, {len(words)} candidates       recall@1 recall@10")
    for name, rank in (("learnt", learnt), ("baseline", baseline)):
        hits = np.zeros((2, 2))
        for form in forms:
            values = rank([(form, word) for word in words])
            near = np.full(len(words), -np.inf)
            shared = sorted({k for key in keys(form) for k in block.get(key, ())})
            near[shared] = values[shared]
            for row, ranked in enumerate((values, near)):
                best = [words[k] for k in np.argsort(-ranked, kind="stable")[:10] if ranked[k] > -np.inf]
                hits[row, 0] += bool(best) and best[0] in data.right[form]
                hits[row, 1] += any(word in data.right[form] for word in best)
                if errors and name == "learnt" and row == 0 and best[0] not in data.right[form]:
                    print("  missed", form, sorted(data.right[form])[:4], best[:4])
        for row, way in enumerate(("exhaustive", "blocked")):
            print(f"{name:10}{way:34}{hits[row, 0] / len(forms):12.3f}{hits[row, 1] / len(forms):10.3f}")


def blocking(data: Data, tests: Sequence[str], extra: Sequence[Pair]) -> None:
    pairs = [(form, word) for form in tests for word in data.right[form]]
    old = sum(skeleton(a) == skeleton(fold(b)) for a, b in (paired(*pair) for pair in pairs))
    shared = sum(not set(keys(a)).isdisjoint(keys(b)) for a, b in pairs)
    print(f"\nblocking: of {len(pairs)} pairs {shared / len(pairs):.3f} share a key, {old / len(pairs):.3f} a skeleton")
    known = frozenset(extra)
    sure = [pair for pair in pairs if pair in known]
    shared = sum(not set(keys(a)).isdisjoint(keys(b)) for a, b in sure)
    print(f"  of {len(sure)} confirmed ones {shared / len(sure):.3f} share a key")
    for words in (data.latin[:: len(data.latin) // CANDIDATES][:CANDIDATES], data.latin):
        block: defaultdict[str, list[str]] = defaultdict(list)
        for word in words:
            for key in keys(word):
                block[key].append(word)
        sizes = [len({w for key in keys(form) for w in block.get(key, ())}) for form in tests[::10]]
        print(f"  block among {len(words)}: mean {np.mean(sizes):.0f}, median {np.median(sizes):.0f}")


def f1(positive: Floats, negative: Floats, threshold: float) -> tuple[float, float, float]:
    true, false = int((positive >= threshold).sum()), int((negative >= threshold).sum())
    precision, recall = true / max(1, true + false), true / len(positive)
    return 2 * precision * recall / max(1e-9, precision + recall), precision, recall


def verification(data: Data, tests: Sequence[str], extra: Sequence[Pair], errors: bool) -> None:
    right = [(form, word) for form in tests for word in data.right[form]]
    known = frozenset(extra)
    confirmed = [pair for pair in right if pair in known]
    some = Data(data.right, sorted(pool(data, tests)))
    plain, random = wrong(some, tests, baseline, 10**6, 1, 3)
    strict, _ = wrong(some, tests, baseline, 10**6, 1, 3, clear=False)
    hard, _ = wrong(some, tests, learnt, 10**6, 1, 4)
    few = [_few(some, len(confirmed)) for some in (plain, random)]
    print(f"\nverification: {len(right)} right pairs, {len(confirmed)} confirmed          F1  precision recall")
    ways: list[tuple[str, Callable[[Sequence[Pair]], Floats]]] = [("learnt", probability), ("baseline", baseline)]
    for name, rank in ways:
        for title, good, bad in (
            ("all; near, random", right, plain + random),
            ("confirmed; as many near, random", confirmed, few[0] + few[1]),
            ("all; near with variants, random", right, strict + random),
            ("all; nearest by the learnt score, random", right, hard + random),
        ):
            positive, negative = rank(good), rank(bad)
            cut = 0.5
            if name == "baseline":
                cut = max((f1(positive, negative, t / 100)[0], t / 100) for t in range(40, 200))[1]
            figures = "  ".join(f"{v:.3f}" for v in f1(positive, negative, cut))
            print(f"{name:10}{title:42}{len(good):5} : {len(bad):5}  {figures}")
    values = probability(right + plain + random)
    truth = np.array([1.0] * len(right) + [0.0] * (len(plain) + len(random)))
    print("calibration (said: true, pairs):", end=" ")
    for low in np.arange(0, 1, 0.1):
        inside = (values >= low) & (values < low + 0.1 + 1e-9)
        print(f"{values[inside].mean():.2f}: {truth[inside].mean():.2f}, {inside.sum()};", end=" ")
    print()
    if errors:
        for title, shown, above in (("right", right, True), ("wrong", plain + hard, False)):
            values = probability(shown)
            failed = [k for k, value in enumerate(values) if bool(value >= 0.5) is not above]
            print(title, [(*shown[k], round(float(values[k]), 2)) for k in failed[:: max(1, len(failed) // 80)]])


def _few(pairs: Sequence[Pair], n: int) -> list[Pair]:
    return [pairs[k * len(pairs) // n] for k in range(n)]


def probability(pairs: Sequence[Pair]) -> Floats:
    weights = translit._weights()
    return np.asarray(1.0 / (1.0 + np.exp(-(weights.slope * learnt(pairs) + weights.offset))))


def speed(pairs: Sequence[Pair]) -> None:
    """The program's own functions, and that they say what the measured ones do."""
    some = list(pairs[:20_000])
    fast = learnt(some)
    assert all(abs(max(score(*paired(*p)), -690.0) - v) < 1e-6 or v < -600 for p, v in zip(some, fast, strict=True))
    translit._rows.cache_clear()
    began = time.perf_counter()
    for pair in some:
        similarity(*pair)
    print(f"\nspeed: {len(some) / (time.perf_counter() - began):,.0f} calls of similarity a second, words seen once")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--write", action="store_true", help="learn and write graph/data/translit.json first")
    parser.add_argument("--sample", type=int, default=400, help="test forms to find among all candidates")
    parser.add_argument("--errors", action="store_true", help="show what goes wrong")
    args = parser.parse_args()
    data, extra = read(args.data / "names")
    if args.write:
        text = json.dumps(learn(data, extra, held), ensure_ascii=False, separators=(",", ":")).replace("},", "},\n")
        FILE.write_text(text + "\n", encoding="utf-8", newline="\n")
        translit._weights.cache_clear()
        print(f"{FILE.name}: {len(text.encode()) / 1000:.0f} kB")
    tests = [form for n, form in enumerate(sorted(data.right)) if held(n)]
    print(f"{len(data.right)} Arabic forms, {len(tests)} for tests; {len(data.latin)} Latin words")
    blocking(data, tests, extra)
    verification(data, tests, extra, args.errors)
    retrieval(data, tests, args.sample, args.errors)
    speed([(form, word) for form in tests for word in data.right[form]])


if __name__ == "__main__":
    main()
