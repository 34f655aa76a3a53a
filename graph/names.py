"""What of a name matters when two are compared: titles, heads, articles, spaces and spellings taken off.

Nothing here decides that two names are one thing; `rawabit.graph.link` and `rawabit.graph.resolve` do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

from rawabit.ner.lexicon import lexicon
from rawabit.ner.model import Label
from rawabit.ner.tables import load_table
from rawabit.ner.text import fold, is_arabic

__all__ = [
    "Form",
    "Name",
    "bare",
    "deletions",
    "frame",
    "initials",
    "is_given",
    "join_units",
    "letters",
    "loose",
    "name_key",
    "names_a_body",
    "names_a_kind",
    "read_name",
    "same_frame",
    "short_forms",
    "singular",
    "skeleton",
    "whole_key",
]

_PIECE = re.compile(r"[^\W\d_]+|\d+")
_DATA = load_table("names", "rawabit.graph.data")
_ARTICLE = re.compile("^ال(?=...)")


def bare(word: str) -> str:
    """A folded word without its article."""
    return _ARTICLE.sub("", word)


def _pieces(text: str) -> tuple[str, ...]:
    return tuple(_PIECE.findall(fold(text)))


def _phrases(table: str) -> dict[tuple[str, ...], str]:
    return {_pieces(word): reading for word, reading in _DATA[table].items()}


_TITLES = _phrases("titles")
_TAILS = _phrases("tails")
_HEADS = {_pieces(word): kind for kind, words in _DATA["heads"].items() for word in words}
_GENERATIONS = {fold(word): reading for word, reading in _DATA["generations"].items()}
_PATRONYMICS = frozenset(map(fold, _DATA["patronymics"]))
_PARTICLES = frozenset(map(fold, _DATA["surname_particles"]))
_FIRST = frozenset(map(fold, _DATA["compound_first"]))
_SECOND = frozenset(map(fold, _DATA["compound_second"]))
_BODIES = frozenset(map(fold, _DATA["bodies"]))
_ARTICLES = frozenset(map(fold, _DATA["articles"]))
_GENERIC = _BODIES | frozenset(map(fold, _DATA["generic"]))
_SILENT = frozenset(map(fold, _DATA["silent_first"]))
_LETTER_NAMES: dict[str, str] = {fold(word): letter for word, letter in _DATA["letter_names"].items()}
_SKELETON = {fold(letters): sign for letters, sign in _DATA["skeleton"].items()}
_SKELETON_PIECE = re.compile("|".join(sorted(map(re.escape, _SKELETON), key=lambda s: (-len(s), s))))
_FATHER = {"ابي": "ابو", "ابا": "ابو", "ابن": "بن", "ابنه": "بنت"}
_REPEAT = re.compile(r"(\D)\1+")
_VOWEL = re.compile("[اويء]")
_FRAMED = 4  # letters, and
_FRAME = 3  # those of them that are no long vowels, of words that may differ in these
_PLURAL = re.compile("(?<=...ي)(?:ين|ون|ا|ه)$")
_LONGEST = 8  # units of a name that is shortened at all
_MIDDLES = 5  # units of a name of which any middle part may be left out; of a longer one, all of them


@dataclass(frozen=True, slots=True)
class Name:
    """A name, read.

    Attributes:
        units: folded words without article, titles, heads and legal forms; compounds (``عبد الله``) are one unit.
        head: kind of the generic head that stood before it (``paper`` for ``صحيفة الوطن``), or "".
        generation: what tells bearers of one name apart (``جونيور``), read as in the table, or "".
        core: the text without title, head and tail, folded.
        arabic: whether it has an Arabic letter.
        tail: whether a legal form and the like stood after it.
    """

    units: tuple[str, ...]
    head: str
    generation: str
    core: str
    arabic: bool
    tail: bool = False

    @property
    def key(self) -> str:
        """The units without spaces and doubled letters; equal keys are spellings of one name.

        >>> read_name("سمارت وورلد", Label.ORGANIZATION).key == read_name("سمارتورلد", Label.ORGANIZATION).key
        True
        """
        return self.keyed(self.units)

    def keyed(self, units: tuple[str, ...]) -> str:
        """The key that the name would have with other units."""
        return loose(_join(units)) + (f" {self.generation}" if self.generation else "")


@dataclass(frozen=True, slots=True)
class Form:
    """A shorter way to say a person's name. `tier`: 0 family name or fuller, 1 first name, 2 a middle name."""

    units: tuple[str, ...]
    tier: int


def _join(units: tuple[str, ...]) -> str:
    return re.sub(r"(?<=\d) (?!\d)|(?<!\d) ", "", " ".join(units))


@lru_cache(maxsize=65536)
def loose(word: str) -> str:
    """A folded word or key without what spellings of one name in one text differ in: doubled letters, غ for ج."""
    return _REPEAT.sub(r"\1", word).replace("غ", "ج")


@lru_cache(maxsize=65536)
def frame(word: str) -> str:
    """A folded Arabic word as `loose` leaves it, without the long vowels inside it.

    >>> frame("غروينباوم") == frame("غرونباوم"), frame("مينديز")
    (True, 'مندز')
    """
    word = loose(word)
    return word[:1] + _VOWEL.sub("", word[1:])


@lru_cache(maxsize=65536)
def same_frame(one: str, other: str) -> bool:
    """Whether two folded words are equal, or long enough and different in long vowels only, and not two given names.

    >>> same_frame("منديز", "مينديز"), same_frame("حسن", "حسين"), same_frame("سلمان", "سليمان")
    (True, False, False)
    """
    if loose(one) == loose(other):
        return True
    long = min(len(one), len(other)) >= _FRAMED and len(frame(one)) >= _FRAME
    return long and frame(one) == frame(other) and not (is_given(one) and is_given(other))


def names_a_body(unit: str) -> bool:
    """Whether a unit is a kind of body that is named after another one (``مفوضية``)."""
    return unit in _BODIES


def names_a_kind(unit: str) -> bool:
    """Whether a unit says what kind of body the others name (``دوري``), so that a country among them is no branch's."""
    return unit in _GENERIC


@lru_cache(maxsize=65536)
def read_name(text: str, label: Label) -> Name:
    """Reads a name as a thing of kind `label` bears it.

    >>> read_name("الدكتور عبد الله بن سالم", Label.PERSON).units
    ('عبدالله', 'بن', 'سالم')
    >>> read_name("صحيفة الوطن", Label.ORGANIZATION)
    Name(units=('وطن',), head='paper', generation='', core='الوطن', arabic=True, tail=False)
    """
    words = list(_pieces(text))
    head = generation = ""
    tail = False
    if not words:
        stripped = " ".join(fold(text).split())
        return Name((stripped,), "", "", stripped, False)
    if label is Label.PERSON:
        while (n := _starts(words, _TITLES)) and n < len(words):
            del words[:n]
        if len(words) > 1 and words[-1] in _GENERATIONS:
            generation = _GENERATIONS[words.pop()]
    else:
        if (n := _starts(words, _HEADS)) and n < len(words):
            head = _HEADS[tuple(words[:n])]
            del words[:n]
        if words[0] in _ARTICLES and len(words) > 1:
            del words[0]
        full = len(words)
        while (n := _ends(words, _TAILS)) and n < len(words):
            del words[-n:]
        tail = len(words) < full
    arabic = any(map(is_arabic, "".join(words)))
    return Name(join_units(words), head, generation, " ".join(words), arabic, tail)


def _starts(words: list[str], table: dict[tuple[str, ...], str]) -> int:
    return next((n for n in (3, 2, 1) if tuple(words[:n]) in table and len(words) >= n), 0)


def _ends(words: list[str], table: dict[tuple[str, ...], str]) -> int:
    return next((n for n in (3, 2, 1) if len(words) >= n and tuple(words[-n:]) in table), 0)


def join_units(words: Sequence[str]) -> tuple[str, ...]:
    """Folded words as units: articles off, compounds of two words (``عبد الله``, ``نور الدين``, ``آل سعود``) joined."""
    return tuple(_units(words))


def _units(words: Sequence[str]) -> Iterator[str]:
    waiting = ""
    for i, word in enumerate(words):
        following = words[i + 1] if i + 1 < len(words) else ""
        if waiting:
            waiting += word
        elif word in _FIRST and following:
            waiting = _FATHER.get(word, word)
            continue
        elif word == "ال" and following:
            # "House of": kept apart from the article, which is taken off.
            waiting = "ال "
            continue
        else:
            waiting = _FATHER.get(word, bare(word))
        if following in _SECOND and word not in _PATRONYMICS and word not in _SECOND:
            continue
        yield waiting
        waiting = ""


def whole_key(text: str) -> str:
    """The loose key of a name with its head: ``للجمهورية الثانية`` leaves ``جمهورية الثانية``, where it is no head."""
    return loose(_join(join_units(_pieces(text)))) or " ".join(fold(text).split())


def name_key(text: str, label: Label) -> str:
    """The name without titles and articles, one space between units: equal in two documents, likely one thing.

    Heads stay on (``حزب الوطن`` and ``صحيفة الوطن`` are two); so do doubled letters.

    >>> name_key("الرئيس عبدالله  السالم", Label.PERSON), name_key("AT&T", Label.ORGANIZATION)
    ('عبدالله سالم', 'at t')
    """
    name = read_name(text, label)
    return " ".join((*([name.head] if name.head else []), *name.units, *([name.generation] if name.generation else [])))


def short_forms(units: tuple[str, ...]) -> Iterator[Form]:
    """How a text may shorten a person's full name, each form once.

    A father's name is no form of the son's: ``محمد بن سالم`` yields neither ``سالم`` nor, for ``محمد بن سالم بن علي``,
    ``سالم بن علي``; and ``جمال حسن علي`` does not yield ``حسن علي``, who may be his father.

    >>> sorted(" ".join(f.units) for f in short_forms(("محمد", "حسن", "علي")))
    ['حسن', 'حسن علي', 'علي', 'محمد', 'محمد حسن', 'محمد علي']
    """
    n = len(units)
    if not 2 <= n <= _LONGEST:
        return
    seen: set[tuple[str, ...]] = {units}
    forms: list[Form] = []

    def add(form: tuple[str, ...], tier: int) -> None:
        if form and form not in seen and form[-1] not in _PATRONYMICS:
            seen.add(form)
            forms.append(Form(form, tier))

    for i in range(1, n):
        tail = units[i:]
        begins = tail[0] in _PATRONYMICS or tail[0] in _PARTICLES
        # Two words that follow a name and begin with no given one are no father's name (ديني ساسو نغيسو).
        double = i == 1 and n == 3 and units[0] not in _PATRONYMICS and not is_given(tail[0])
        if (
            begins
            or double
            or (len(tail) == 1 and units[i - 1] not in _PATRONYMICS)
            or (i == 1 and units[0] in _SILENT)
        ):
            add(tail, 0)
    for i in range(2, n):
        add(units[:i], 0)
    inner = range(1, n - 1)
    for size in range(n - 2 if n <= _MIDDLES else 1):
        for kept in combinations(inner, size):
            middle = [units[i] for i in kept]
            if not _PATRONYMICS.intersection(middle):
                # Of cousins one is often ``سالم بن علي``, the other ``سالم بن علي بن سالم``.
                add((units[0], *middle, units[-1]), 0)
    add(units[:1], 1)
    for i in inner:
        if units[i - 1] not in _PATRONYMICS and units[i] not in _PARTICLES and len(units[i]) > 2:
            add(units[i : i + 1], 2)
    yield from forms


def is_given(unit: str) -> bool:
    """Whether a unit is a usual given name, Arabic or Western."""
    return unit in lexicon().given or f"ال{unit}" in lexicon().given


@lru_cache(maxsize=65536)
def skeleton(word: str) -> str:
    """Consonant classes of a folded word, the same for both scripts, repeats once.

    >>> skeleton("غوغل"), skeleton("google"), skeleton(fold("زاخاروفا")), skeleton("zakharova")
    ('gl', 'gl', 'skrf', 'skrf')
    """
    signs = "".join(_SKELETON[piece] for piece in _SKELETON_PIECE.findall(word))
    return _REPEAT.sub(r"\1", signs)


@lru_cache(maxsize=65536)
def letters(unit: str) -> str:
    """The Latin letters of which a folded Arabic word may be the name; none, "".

    >>> [letters(fold(word)) for word in ("إم", "بي", "سي", "سالم")]
    ['m', 'bp', 'c', '']
    """
    return _LETTER_NAMES.get(unit, "")


def initials(text: str) -> str:
    """First letters of the words of a Latin name of two words or more that are written large, folded; else "".

    >>> initials("Business Insider"), initials("Bank of America"), initials("Apple")
    ('bi', 'ba', '')
    """
    words = re.findall(r"[A-Za-z][A-Za-z'’]*", text)
    letters = "".join(fold(word[0]) for word in words if word[0].isupper())
    return letters if len(letters) > 1 and not any(map(is_arabic, text)) else ""


def deletions(word: str) -> Iterator[str]:
    """The word and the words with one letter left out: two words that share one are at most two edits apart.

    >>> sorted(deletions("abc"))
    ['ab', 'abc', 'ac', 'bc']
    """
    yield word
    for i in range(len(word)):
        if i == 0 or word[i] != word[i - 1]:
            yield word[:i] + word[i + 1 :]


def singular(unit: str) -> str:
    """A relative adjective without its plural or adverbial ending (``حوثيين`` → ``حوثي``)."""
    return _PLURAL.sub("", unit)
