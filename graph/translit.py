"""Whether an Arabic and a Latin name write one name: learnt from pairs of names, letter chunk by letter chunk.

The score of two words is the sum over all ways to cut both into chunks (up to two Arabic letters, up to three Latin
ones, in order) of the product of the chunks' weights: a stochastic letter transducer (Ristad & Yianilos 1998) with
many-to-many chunks (Jiampojamarn et al. 2007), started by EM and trained to tell right pairs from wrong ones
(McCallum, Bellare & Pereira 2005). ``benchmarks/translit.py`` trains and measures; the weights are in
``graph/data/translit.json``, the hand-written tables in ``graph/data/translit.toml``.

Nothing here decides that two names are one thing.
"""

from __future__ import annotations

import json
import math
import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache
from importlib.resources import files
from itertools import groupby
from typing import Any, NamedTuple

from rapidfuzz.distance import OSA

from rawabit.graph.names import loose
from rawabit.ner.tables import load_table
from rawabit.ner.text import fold, is_arabic

__all__ = ["arabic_letters", "keys", "latin_letters", "name_similarity", "paired", "score", "similarity"]

_DATA = load_table("translit", "rawabit.graph.data")
_NAMES = load_table("names", "rawabit.graph.data")
_LATIN: dict[str, str] = _DATA["latin"]
_ALONE = frozenset(_DATA["articles"]["alone"])
_BOUND = frozenset(_DATA["articles"]["bound"])
_BOUND_START = re.compile(f"(?:{'|'.join(sorted(_BOUND))})['’-]+(?=...)")
_SERVANT = {True: re.compile(_DATA["servant"]["arabic"]), False: re.compile(_DATA["servant"]["latin"])}
_SERVANT_UNIT = {True: _DATA["servant"]["arabic_unit"], False: _DATA["servant"]["latin_unit"]}
_PARTICLES = frozenset(map(fold, (*_NAMES["patronymics"], *_NAMES["surname_particles"])))
_VOWELS = str.maketrans(_DATA["vowels"])
_HAMZA = ("أ", "إ", "آ")
_WORD = re.compile(r"[^\W\d_]+(?:['’ʿʾʻ`´‘][^\W\d_]+)*|\d+|-")
_DIGITS = re.compile(r"\d+")
_VOWEL_L = re.compile("[aei]l")
_REPEAT = re.compile(r"(.)\1+")
_TRUST = 0.7  # share of the doubt that a frequent name's usual spelling takes away
_RARE = 0.1  # what is less probable is no spelling, whatever is usual: the data have errors
_LONGEST = 40  # letters of a word that are looked at
_MOST = 12  # units of a name that are looked at
_READINGS = 8  # skeletons of a word at most
_DELETE = 4  # signs that a skeleton must have to be found with one of them lost
_MIDDLE, _EDGE, _PARTICLE, _GLUED, _INITIAL = 0.85, 0.2, 0.97, 0.98, 0.9
"""What is left of a name's similarity where a middle unit, its first or last unit or a particle has no partner, where
two units are one on the other side, and where a unit is only an initial."""

Rows = tuple[tuple[dict[str, float], dict[str, float]], ...]
Columns = tuple[tuple[str, str, str, float], ...]


class _Weights(NamedTuple):
    """`chunks`: Arabic chunk, Latin chunk, weight of the pair; the probability is sigmoid(slope · score + offset).

    `usual` has the Arabic spellings of frequent Latin names, `known` all these.
    """

    chunks: dict[str, dict[str, float]]
    slope: float
    offset: float
    usual: dict[str, tuple[str, ...]]
    known: frozenset[str]


@lru_cache(maxsize=1)
def _weights() -> _Weights:
    data: dict[str, Any] = json.loads(files("rawabit.graph.data").joinpath("translit.json").read_text("utf-8"))
    chunks = {a: {b: math.exp(w / 100) for b, w in row.items()} for a, row in data["chunks"].items()}
    usual = {latin: tuple(forms.split(" ")) for latin, forms in data["usual"].items()}
    known = frozenset(form for forms in usual.values() for form in forms)
    return _Weights(chunks, data["slope"], data["offset"], usual, known)


@lru_cache(maxsize=65536)
def arabic_letters(text: str) -> str:
    """The folded Arabic letters of a word, hamza left out.

    >>> arabic_letters("آلاء")
    'الا'
    """
    return "".join(c for c in fold(text) if c != "ء" and is_arabic(c))[:_LONGEST]


@lru_cache(maxsize=65536)
def latin_letters(text: str) -> str:
    """The Latin letters of a word in lower case, without a bound article and without the accents that say little.

    >>> latin_letters("Al-Ṭūsī"), latin_letters("Jiří"), latin_letters("Šošić")
    ('tusi', 'jiri', 'šošić')
    """
    composed = unicodedata.normalize("NFC", text.casefold())
    folded = "".join(_LATIN[c] if c in _LATIN else "".join(_LATIN.get(f, f) for f in fold(c)) for c in composed)
    if found := _BOUND_START.match(folded):
        folded = folded[found.end() :]
    return "".join(c for c in folded if c.isalpha())[:_LONGEST]


def paired(arabic: str, latin: str) -> tuple[str, str]:
    """The letters of two words that are compared: the Arabic article comes off where the Latin word has none.

    >>> paired("القذافي", "gaddafi"), paired("الياس", "elias")
    (('قذافي', 'gaddafi'), ('الياس', 'elias'))
    """
    if len(arabic) > 4 and arabic.startswith("ال") and not _VOWEL_L.match(latin):
        return arabic[2:], latin
    return arabic, latin


@lru_cache(maxsize=65536)
def _rows(arabic: str) -> Rows:
    chunks = _weights().chunks
    word = f"^{arabic}$"
    none: dict[str, float] = {}
    return tuple(
        (chunks.get(word[i], none), chunks.get(word[i - 1 : i + 1], none) if i else none) for i in range(len(word))
    )


@lru_cache(maxsize=65536)
def _columns(latin: str) -> Columns:
    added = _weights().chunks[""]
    word = f"^{latin}$"
    return tuple(
        (c, word[max(j - 1, 0) : j + 1] if j > 0 else "", word[j - 2 : j + 1] if j > 1 else "", added.get(c, 0.0))
        for j, c in enumerate(word)
    )


def score(arabic: str, latin: str) -> float:
    """The log weight of two words' letters (see `paired`): above 0, likely one name; -inf where nothing fits."""
    columns = _columns(latin)
    width = len(columns)
    before = [0.0] * (width + 1)
    last = [1.0] + [0.0] * width
    for one, two in _rows(arabic):
        now = [0.0]
        value = first = second = third = 0.0  # now[j - 1], last[j - 1], last[j - 2], last[j - 3]
        over_first = over_second = over_third = 0.0  # the same of the row before the last
        lost = one.get("", 0.0)
        first, over_first = last[0], before[0]
        at = 1
        for c1, c2, c3, added in columns:
            same = last[at]
            value = value * added + same * lost
            if first and c1 in one:
                value += first * one[c1]
            if second and c2 in one:
                value += second * one[c2]
            if third and c3 in one:
                value += third * one[c3]
            if over_first and c1 in two:
                value += over_first * two[c1]
            if over_second and c2 in two:
                value += over_second * two[c2]
            if over_third and c3 in two:
                value += over_third * two[c3]
            now.append(value)
            third, second, first = second, first, same
            over_third, over_second, over_first = over_second, over_first, before[at]
            at += 1
        before, last = last, now
    return math.log(last[width]) if last[width] > 0.0 else -math.inf


def similarity(arabic: str, latin: str) -> float:
    """How probable it is that an Arabic and a Latin word write one name, 0 to 1.

    Calibrated for as many right pairs as random and as near wrong ones; 0.5 is the working threshold. A frequent Latin
    name is likelier an Arabic word that usually writes it (``Hussein``, حسين), and less likely one that usually writes
    another and fits worse (حسن). An empty name, or one with other digits, is like nothing.

    >>> similarity("خالد", "Khaled") > 0.9, similarity("حسين", "Hasan") < 0.5
    (True, True)
    """
    a, b = arabic_letters(arabic), latin_letters(latin)
    if not a or not b or _DIGITS.findall(fold(arabic)) != _DIGITS.findall(fold(latin)):
        return 0.0
    pair = (a, b) if arabic.startswith(_HAMZA) else paired(a, b)
    weights = _weights()
    reached = score(*pair)
    value = weights.slope * reached + weights.offset
    probable = 1.0 / (1.0 + math.exp(-value)) if value > -700.0 else 0.0
    usual = weights.usual.get(b, ())
    if not usual or probable < _RARE:
        return probable
    if a in usual or pair[0] in usual:
        return 1.0 - (1.0 - probable) * (1.0 - _TRUST)
    other_name = a in weights.known and all(loose(a) != loose(form) for form in usual)
    if other_name and any(score(*paired(form, b)) > reached for form in usual):
        return probable * (1.0 - _TRUST)
    return probable


class _Unit(NamedTuple):
    """A word of a name. `whole`: with its article; `bare`: folded, without."""

    whole: str
    bare: str
    arabic: bool

    @property
    def particle(self) -> bool:
        return self.bare in _PARTICLES

    @property
    def initial(self) -> bool:
        return len(self.bare) == 1


@lru_cache(maxsize=65536)
def _units(name: str) -> tuple[_Unit, ...]:
    return tuple(_read(name))[:_MOST]


def _read(name: str) -> Iterator[_Unit]:
    pieces = _WORD.findall(unicodedata.normalize("NFC", name))
    article = ""
    servant = False
    for i, word in enumerate(pieces):
        if word == "-":
            continue
        arabic = any(map(is_arabic, word))
        bare = arabic_letters(word) if arabic else fold(word).replace("'", "")
        following = pieces[i + 1 :]
        if not arabic and following and (bare in _ALONE or (bare in _BOUND and following[0] == "-")):
            article = word
            continue
        whole, article = article + word, ""
        if arabic and len(bare) > 4 and bare.startswith("ال") and not word.startswith(_HAMZA):
            bare = bare[2:]
        found = _SERVANT[arabic].match(bare)
        rest = bare[found.end() :] if found else ""
        if found and not servant and ((not rest and following) or len(rest) > 3):
            # عبد الرحمن, عبدالرحمن, Abdul Rahman, Abdelrahman: two units; عبدالله and Abdullah stay one.
            yield _Unit(_SERVANT_UNIT[arabic], _SERVANT_UNIT[arabic], arabic)
            whole, bare, servant = rest, rest, not rest
            if not rest:
                continue
        servant = False
        if bare:
            yield _Unit(whole, bare, arabic)


@lru_cache(maxsize=65536)
def _unit_similarity(one: tuple[str, bool], other: tuple[str, bool]) -> float:
    (a, arabic), (b, too) = one, other
    if arabic is not too:
        return similarity(a, b) if arabic else similarity(b, a)
    a, b = fold(a), fold(b)
    if _DIGITS.findall(a) != _DIGITS.findall(b):
        return 0.0
    # Cubed, one letter of four is another name (حسن, حسين), one of six a slip; Latin vowels vary more than that.
    return float(OSA.normalized_similarity(loose(a.translate(_VOWELS)), loose(b.translate(_VOWELS)))) ** 3


def _alike(one: _Unit, other: _Unit) -> float:
    if one.initial or other.initial:
        short, long = (one, other) if one.initial else (other, one)
        if long.initial and one.arabic is other.arabic:
            return float(one.bare == other.bare)
        if one.arabic is other.arabic:
            return _INITIAL * long.bare.startswith(short.bare)
        # The letter stands for any name that begins as the other one's first letter may be written.
        begins = {_signs(unit.bare[:2], unit.arabic)[0][:1] or "-" for unit in (one, other)}
        return _INITIAL * (len(begins) == 1)
    best = _unit_similarity((one.bare, one.arabic), (other.bare, other.arabic))
    if best < 0.9 and (one.whole, other.whole) != (one.bare, other.bare):
        best = max(best, _unit_similarity((one.whole, one.arabic), (other.whole, other.arabic)))
    return best


def _glue(units: tuple[_Unit, ...]) -> _Unit:
    if len(units) == 1:
        return units[0]
    whole = "".join(unit.whole for unit in units)
    return _Unit(whole, whole, units[0].arabic)


def name_similarity(one: str, other: str) -> float:
    """How alike two whole names are, 0 to 1, either script on either side, word for word in order.

    It is that of the two words that are least alike. A middle name or a particle (``bin``, ``van``) may be missing at
    little cost, a first or last word at a great one (``Trump`` is a short way to say ``Donald Trump``, not the name);
    an initial stands for a word, and two words may be one on the other side (``Abu Dhabi``, ``أبوظبي``).

    >>> name_similarity("عبدالرحمن بن سالم", "Abdul-Rahman Salem") > 0.8
    True
    >>> name_similarity("محمد حسين", "Mohamed Hasan") < 0.5
    True
    """
    return _aligned(_units(one), _units(other))


@lru_cache(maxsize=65536)
def _aligned(one: tuple[_Unit, ...], other: tuple[_Unit, ...]) -> float:
    n, m = len(one), len(other)
    if not n or not m:
        return 0.0

    only_particles = {units: all(unit.particle for unit in units) for units in (one, other)}

    def without(units: tuple[_Unit, ...], i: int) -> float:
        if units[i].particle and not only_particles[units]:
            return _PARTICLE
        return _MIDDLE if 0 < i < len(units) - 1 else _EDGE

    best = [[0.0] * (m + 1) for _ in range(n + 1)]
    best[0][0] = 1.0
    for i in range(n + 1):
        for j in range(m + 1):
            value = best[i][j]
            if i:
                value = max(value, best[i - 1][j] * without(one, i - 1))
            if j:
                value = max(value, best[i][j - 1] * without(other, j - 1))
            # The nearest steps first: one that cannot add anything is not looked at.
            for p, q in ((1, 1), (2, 1), (1, 2)):
                if i >= p and j >= q and best[i - p][j - q] > value:
                    some, factor = (_glue(one[i - p : i]), _glue(other[j - q : j])), 1.0 if p == q else _GLUED
                    value = max(value, min(best[i - p][j - q], _alike(*some) * factor))
            best[i][j] = value
    # Where nothing is matched, nothing is alike.
    return best[n][m] if best[n][m] > _EDGE**2 else 0.0


def _reader(table: dict[str, str]) -> Callable[[str], list[list[str]]]:
    pattern = re.compile("|".join(sorted(map(re.escape, table), key=lambda s: (-len(s), s))))
    return lambda word: [table[piece].split("|") for piece in pattern.findall(word)]


_READERS = {True: _reader(_DATA["signs"]["arabic"]), False: _reader(_DATA["signs"]["latin"])}


@lru_cache(maxsize=65536)
def _signs(letters: str, arabic: bool) -> tuple[str, ...]:
    """The consonant skeletons that a word may have, repeats once."""
    found = [""]
    for readings in _READERS[arabic](f"{letters}$"):
        some = readings if len(found) * len(readings) <= _READINGS else readings[:1]
        found = [done + sign for done in found for sign in some]
    return tuple(dict.fromkeys(_REPEAT.sub(r"\1", signs) for signs in found))


def _word_keys(letters: str, arabic: bool) -> Iterator[str]:
    for signs in _signs(letters, arabic):
        yield signs or "-"
        if len(signs) >= _DELETE:
            for i, _ in enumerate(signs):
                yield _REPEAT.sub(r"\1", signs[:i] + signs[i + 1 :])


def keys(name: str) -> tuple[str, ...]:
    """Blocking keys, the same for both scripts: two spellings of one name nearly always share one.

    They are the consonant classes of the words (an Arabic word with and without its article) and of all words in one,
    also with one consonant left out where there are four or more. Initials and particles have none.

    >>> sorted(set(keys("خالد")) & set(keys("Khaled")))
    ['kld']
    """
    units = _units(name)
    words = [unit for unit in units if not unit.initial and not unit.particle] or list(units)
    found: dict[str, None] = {}
    for unit in words:
        if unit.bare.isdigit():
            found[unit.bare] = None
            continue
        for text in dict.fromkeys((unit.bare, unit.whole)):
            found.update(dict.fromkeys(_word_keys(_letters(text, unit.arabic), unit.arabic)))
    for some in (words, list(units)):
        for arabic, group in groupby(some, key=lambda unit: unit.arabic):
            several = list(group)
            if len(several) > 1:
                whole = _letters("".join(unit.bare for unit in several), arabic)
                found.update(dict.fromkeys(_word_keys(whole, arabic)))
    return tuple(found)


def _letters(text: str, arabic: bool) -> str:
    return arabic_letters(text) if arabic else latin_letters(text)
