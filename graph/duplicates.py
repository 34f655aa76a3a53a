"""Which documents tell one story again: syndicated copies, cut, re-headlined and corrected versions.

The graph drops nothing for it: a duplicate keeps its node, its occurrences and its claims. It says ``duplicateOf``
(the original's id), each claim says ``story`` (the original's id, or its own document's), and ``documentCount`` of an
entity counts stories, a group once, so that ten copies are not ten sources.

What is compared is the set of shingles (runs of three words) of the folded text without furniture: byline, dateline,
menus and punctuation make no difference. Two texts are one story where they share `SAME` of all their shingles, or
`CUT` of them while the shorter one has `INSIDE` of its own in the other; a text of fewer than `SHORT` shingles must
have the same ones. Templates are not stories: weather, market and exchange reports come again with other figures,
so half of the figures of the one that has fewer of them (each with its two words before) must stand in the other as
well. A text of one to three figures may be a correction instead: those are let through within `SOON`, or, where a
date is not known, from a similarity of `SURE`. A new translation, or another pen on the same event, shares next to no
shingles and is a source of its own.

Groups are what pairs connect; the original is the earliest by ``published`` (a date without a time is its midnight,
none comes last), then by id. Chains do not drift: who shares less than `DRIFT` with the original of a group (and does
not lie inside it), or too few of its figures, is no duplicate of it; those that are left form groups of their own. So
a pair is always marked from the later to the earlier, whatever is added, in whatever order.

MinHash (Broder, *On the resemblance and containment of documents*, 1997) with banding proposes pairs; they are then
compared exactly. The signatures are rensa's: MIT, Rust, last release September 2026, wheels for Linux, macOS and
Windows and each Python from 3.8 to 3.15, 1.2 MB, nothing that it pulls in. datasketch (MIT, pure Python) is as good
and better known, but needs scipy: 143 MB where the whole core is to stay under 400. SimHash compares whole texts only:
a copy cut to its first half is as far from it as another story. The bands are sorted here with numpy: rensa's own index
holds 3.5 kB a document of them in memory, signatures alone half a kilobyte. Shingles wait in a temporary file.
`benchmarks/duplicates.py` measures thresholds, time and memory.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import tempfile
from array import array
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from types import TracebackType

import numpy as np
import numpy.typing as npt

from rawabit.graph.model import Extraction
from rawabit.ner.model import Document, Span
from rawabit.ner.text import fold

__all__ = ["CUT", "DRIFT", "INSIDE", "SAME", "SHORT", "SOON", "SURE", "Sketches", "find_duplicates"]

SAME = 0.5
"""Jaccard similarity from which two texts are one story."""
CUT = 0.35
"""The same where one text lies inside the other."""
INSIDE = 0.85
"""Share of the shorter text's shingles that must stand in the longer one, for a cut copy."""
SHORT = 12
"""Shingles that a text needs to be like another one; below, it is the same or it is not."""
DRIFT = 0.3
"""Jaccard similarity to the original below which a member of its group is no duplicate of it."""

SOON = 18 * 3600.0
"""Seconds within which a text is corrected; daily reports are farther apart."""
SURE = 0.85
"""Jaccard similarity of a corrected text, where dates do not tell it from the next report of a kind."""

_WORDS = 3
_PERMUTATIONS, _ROWS, _SEED = 126, 3, 20260
_MARGIN = 0.17  # four standard deviations of an estimate from 126 permutations
_NEAR = 24  # of a band in which more than that meet, each is compared with so many that follow it in time
_CHUNK = 8192
_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+")
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_FACTORS = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9], dtype=np.uint64)

_Hashes = npt.NDArray[np.uint64]


@lru_cache(maxsize=65536)
def _word_hash(word: str) -> int:
    digest = hashlib.blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "little")


def _mixed(parts: Sequence[_Hashes]) -> _Hashes:
    """One hash for each row of words, dependent on their order; modulo 2**64 throughout (splitmix64's finisher)."""
    out = parts[0] * _FACTORS[0]
    for part, factor in zip(parts[1:], _FACTORS[1:], strict=False):
        out = (out ^ (out >> np.uint64(29))) * factor + part
    out = (out ^ (out >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    out = (out ^ (out >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(out ^ (out >> np.uint64(31)), dtype=np.uint64)


def _sets(text: str, ignored: Iterable[Span]) -> tuple[_Hashes, _Hashes]:
    """Shingles and figures of a text, as sorted hashes without repetition."""
    pieces, at = [], 0
    for start, end in sorted(ignored):
        pieces.append(text[at:start])
        at = max(at, end)
    pieces.append(text[at:])
    words = _TOKEN.findall(fold("\n".join(pieces)))
    hashes = np.fromiter(map(_word_hash, words), dtype=np.uint64, count=len(words))
    width = min(_WORDS, len(words))
    if not width:
        return hashes, hashes
    count = len(words) - width + 1
    shingles = _mixed([hashes[i : i + count] for i in range(width)])
    padded = np.concatenate([np.zeros(2, np.uint64), hashes])
    places = np.array([i for i, word in enumerate(words) if word[0].isdigit()], dtype=np.int64)
    figures = _mixed([padded[places], padded[places + 1], padded[places + 2]])
    return np.unique(shingles), np.unique(figures)


def _shared(one: _Hashes, other: _Hashes) -> int:
    """How many hashes two sorted sets have in common."""
    if len(one) > len(other):
        one, other = other, one
    if not len(one):
        return 0
    places = np.searchsorted(other, one)
    places[places == len(other)] = 0
    return int(np.count_nonzero(other[places] == one))


def _instant(published: str | None) -> float:
    """Seconds since 1970 in UTC; infinite where there is no ISO 8601 date."""
    try:
        moment = dt.datetime.fromisoformat(published or "")
    except ValueError:
        return float("inf")
    return (moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)).__sub__(_EPOCH).total_seconds()


class Sketches:
    """What is kept of documents to find duplicates among them: half a kilobyte each, no texts.

    Use it in a ``with`` statement, or close it: the shingles wait in a temporary file.

    >>> with Sketches() as sketches:
    ...     for key, text in (("b", "قال الوزير إن الميناء يفتح غدا"), ("a", "قال الوزير: إنّ الميناء يفتح غداً.")):
    ...         sketches.add(Document(key, text))
    ...     sketches.originals()
    {'b': 'a'}
    """

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile(prefix="rawabit-")  # noqa: SIM115 - closed by close()
        self._ids: list[str] = []
        self._times = array("d")
        self._of = array("q")  # document -> set
        self._known: dict[bytes, int] = {}
        self._places = array("q")  # of a set: offset in the file, shingles, figures
        self._signatures = array("I")

    def add(self, document: Document, ignored: Iterable[Span] = ()) -> None:
        """Take a document in; `ignored` are its runs of furniture."""
        shingles, figures = _sets(document.text, ignored)
        if not len(shingles):
            return
        body = shingles.tobytes() + figures.tobytes()
        number = self._known.setdefault(hashlib.blake2b(body, digest_size=16).digest(), len(self._known))
        if 3 * number == len(self._places):
            import rensa

            self._places.extend((self._file.seek(0, 2), len(shingles), len(figures)))
            self._file.write(body)
            matrix = rensa.RMinHash.digest_matrix_from_token_hash_sets([shingles], _PERMUTATIONS, _SEED)
            self._signatures.extend(matrix.to_rows()[0])
        self._ids.append(document.id)
        self._times.append(_instant(document.published))
        self._of.append(number)

    def watch(self, extractions: Iterable[Extraction]) -> Iterator[Extraction]:
        """Pass extractions on, and take each one's document in."""
        for extraction in extractions:
            self.add(extraction.document, extraction.ignored)
            yield extraction

    def originals(self) -> dict[str, str]:
        """The original's id by each duplicate's, sorted; originals and lone documents are not in it."""
        order = sorted(range(len(self._ids)), key=lambda i: (self._times[i], self._ids[i]))
        first: dict[int, int] = {}  # set -> its earliest document
        moments: dict[int, set[float]] = {}
        for document in order:
            first.setdefault(self._of[document], document)
            moments.setdefault(self._of[document], set()).add(self._times[document])
        found = self._groups(list(first), moments)
        out: dict[str, str] = {}
        for document in order:
            number = self._of[document]
            original = first[found.get(number, number)]
            if original != document:
                out[self._ids[document]] = self._ids[original]
        return dict(sorted(out.items()))

    def _groups(self, sets: list[int], moments: dict[int, set[float]]) -> dict[int, int]:
        """The original by each set of shingles that repeats another; `sets` are in order of time."""
        links: dict[int, list[int]] = {}
        for a, b in self._candidates(sets):
            if self._one_story(sets[a], sets[b], moments, SAME):
                links.setdefault(a, []).append(b)
                links.setdefault(b, []).append(a)
        out: dict[int, int] = {}
        left = set(links)
        for place in sorted(links):  # the earliest that is left is the original of what it is connected to
            if place not in left:
                continue
            left.discard(place)
            stack, reached = [place], {place}
            while stack:
                for other in links[stack.pop()]:
                    if other in left and other not in reached:
                        reached.add(other)
                        if self._one_story(sets[place], sets[other], moments, DRIFT):
                            out[sets[other]] = sets[place]
                            left.discard(other)
                            stack.append(other)
        return out

    def _candidates(self, sets: list[int]) -> Iterator[tuple[int, int]]:
        """Pairs of places in `sets` that share a band of their signatures and look alike by all of them."""
        if not sets:
            return
        rows = np.frombuffer(self._signatures, dtype=np.uint32).reshape(-1, _PERMUTATIONS)[np.array(sets)]
        found: list[npt.NDArray[np.int64]] = []
        for band in range(0, _PERMUTATIONS, _ROWS):
            columns = rows[:, band : band + _ROWS]
            keys = _mixed([columns[:, i].astype(np.uint64) for i in range(_ROWS)])
            by_key = np.argsort(keys, kind="stable")  # stable: within a key in order of time
            keys = keys[by_key]
            for step in range(1, _NEAR + 1):
                meet = np.flatnonzero(keys[step:] == keys[:-step])
                if not len(meet):
                    break
                found.append(by_key[meet].astype(np.int64) * len(sets) + by_key[meet + step])
            if len(found) > 64:
                found = [np.unique(np.concatenate(found))]
        pairs = np.unique(np.concatenate(found)) if found else np.zeros(0, np.int64)
        for start in range(0, len(pairs), _CHUNK):
            a, b = np.divmod(pairs[start : start + _CHUNK], len(sets))
            alike = (rows[a] == rows[b]).mean(axis=1) >= CUT - _MARGIN
            yield from zip(a[alike].tolist(), b[alike].tolist(), strict=True)

    def _read(self, number: int) -> tuple[_Hashes, _Hashes]:
        offset, shingles, figures = self._places[3 * number : 3 * number + 3]
        self._file.seek(offset)
        both = np.frombuffer(self._file.read(8 * (shingles + figures)), dtype=np.uint64)
        return both[:shingles], both[shingles:]

    def _one_story(self, a: int, b: int, moments: dict[int, set[float]], same: float) -> bool:
        (one, figures), (other, others) = self._read(a), self._read(b)
        if min(len(one), len(other)) < SHORT:
            return False
        shared = _shared(one, other)
        jaccard = shared / (len(one) + len(other) - shared)
        if jaccard < same and (jaccard < min(CUT, same) or shared < INSIDE * min(len(one), len(other))):
            return False
        fewer = min(len(figures), len(others))
        if 2 * _shared(figures, others) >= fewer:
            return True
        return fewer <= 3 and _soon(moments[a], moments[b], known=jaccard < SURE)

    def close(self) -> None:
        """Remove the temporary file; no more can be added or found."""
        self._file.close()

    def __enter__(self) -> Sketches:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _soon(one: Iterable[float], other: Iterable[float], *, known: bool) -> bool:
    """Whether two moments, one of each, are at most `SOON` apart; an unknown one is near, unless it must be `known`."""
    times = sorted([(t, 0) for t in one] + [(t, 1) for t in other])
    if times[-1][0] == float("inf"):
        return not known
    return any(x[1] != y[1] and y[0] - x[0] <= SOON for x, y in pairwise(times))


def find_duplicates(extractions: Iterable[Extraction]) -> dict[str, str]:
    """The original's id by the id of each document that repeats one; see the module for what repeats what."""
    with Sketches() as sketches:
        for _ in sketches.watch(extractions):
            pass
        return sketches.originals()
