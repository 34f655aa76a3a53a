"""What speaks for and against two distinct names being one thing, with a score and a reason that people understand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rapidfuzz.distance import OSA

from rawabit.graph.blocking import Pair
from rawabit.graph.contexts import nation_stem
from rawabit.graph.names import frame, loose, same_frame, short_forms, skeleton, whole_key
from rawabit.graph.rows import Row
from rawabit.graph.sightings import LATIN, OWN
from rawabit.graph.translit import name_similarity
from rawabit.ner.lexicon import lexicon
from rawabit.ner.model import Label
from rawabit.ner.tables import load_table
from rawabit.ner.text import fold

__all__ = ["SCORES", "Evidence", "agree", "compare", "explain", "told"]

_DATA = load_table("resolve", "rawabit.graph.data")
SCORES: dict[str, float] = _DATA["scores"]
_BARE: dict[str, str] = _DATA["bare"]
_FRAME = 3  # consonants at most of a word that by itself says too little
_SLIP = 6  # letters of a word that may hold a slip
_ALIKE = 0.75  # how alike two words of a name are that may be one word misspelt
_SOUND = 0.75
_WHOLE_SOUND = 0.95  # for a name of one word
_NEAR = 0.5
_DOUBT = 0.7  # what is left of a score that something speaks against
_EXPLAINED = {
    "judgement": "judgement: the same as {}",
    "written": "other spelling of {}",
    "slip": "one letter from {}",
    "nationality": "the same body as {}",
    "headless": "short for {}",
    "short": "short for {}, in the same context",
    "family": "short for {}, in the same context",
}
_PATRONYMICS = frozenset(map(fold, load_table("names", "rawabit.graph.data")["patronymics"]))
_FIRMS = {"bank", "company"}
_WEAK = frozenset({"alias", "headless", "slip", "sound", "short", "family"})


class Evidence(NamedTuple):
    """Why two rows, by index, may be one thing; `against` says why not, `told` how many documents say it."""

    one: int
    other: int
    kind: str
    score: float
    against: str = ""
    told: int = 0

    @property
    def weak(self) -> bool:
        """Whether it counts only where it points to one thing."""
        return self.kind in _WEAK


def told(rows: Sequence[Row]) -> Iterator[Evidence]:
    """What documents say by giving two names to one thing. Whether they agree on it, `group` sees."""
    index = {row.key[1:]: i for i, row in enumerate(rows)}
    index |= {row.key[1:]: i for i, row in enumerate(rows) if row.rank == LATIN}
    bearers: dict[tuple[str, str], set[int]] = defaultdict(set)
    for i, row in enumerate(rows):
        if row.rank != OWN and not row.person:
            for unit in row.units:
                bearers[row.key[1], unit].add(i)
    for i, row in enumerate(rows):
        for kind, found in (("twin", row.twins), ("alias", row.others)):
            for key, count in sorted(found.items()):
                j = index.get((row.key[1], key))
                if j is not None and j != i:
                    against = "" if kind == "twin" else _hearsay(rows, i, j, count, bearers)
                    yield Evidence(i, j, kind, SCORES[kind], against, count)


def _hearsay(rows: Sequence[Row], i: int, j: int, count: int, bearers: dict[tuple[str, str], set[int]]) -> str:
    """Why it says little that documents call thing `i` by the name `j` too, or ""."""
    one, other = rows[i], rows[j]
    if one.person or len(other.units) > 1:
        return ""
    if other.label is Label.PLACE:
        if one.bare == other.units and one.head not in ("", "state"):
            return "a part is not the whole"  # قطاع غزة, غزة
        plain = one.head in ("", "state") and nation_stem(other.units[0]) in map(nation_stem, one.units)
        return "" if count > 1 or plain else "one document only calls it so"
    if count < 2:
        return "one document only calls it so"
    units = set(one.units)
    others = [k for k in bearers[other.key[1], other.units[0]] - {i, j} if len(units & set(rows[k].units)) < 2]
    return "other things have the word in their names" if others else ""


def explain(kind: str, row: Row, other: Row, told: int = 0) -> str:
    """Why `row` may be `other`, in one line.

    Args:
        kind: of the evidence.
        row, other: what is explained, and its partner.
        told: how many documents say so.
    """
    name = other.title or other.name
    if kind == "twin":
        return f"same Latin name: {row.name if not row.arabic else other.name}"
    if kind == "alias":
        return f"called {name} too in {told} document{'s' * (told > 1)}"
    if kind in ("headless", "short", "family") and len(row.units) > len(other.units):
        return f"long form of {name}"
    if kind == "sound":
        return f"{'Arabic' if row.arabic else 'Latin'} spelling of {name}"
    return _EXPLAINED[kind].format(name)


def compare(pair: Pair, rows: Sequence[Row]) -> Evidence | None:
    """What a pair of candidates has in common, or None where it says nothing."""
    one, other = rows[pair.one], rows[pair.other]
    if one.generation != other.generation or _digits(one) != _digits(other):
        return None
    if not _same_head(one, other):
        return None
    found = _COMPARERS[pair.kind](one, other)
    if found is None:
        return None
    kind, against = found
    return Evidence(pair.one, pair.other, kind, SCORES[kind] * (_DOUBT if against else 1.0), against)


def _same_head(one: Row, other: Row) -> bool:
    return not (one.head and other.head) or one.head == other.head or {one.head, other.head} == _FIRMS


def _digits(row: Row) -> str:
    return "".join(c for unit in row.units for c in unit if c.isdigit())


Found = tuple[str, str] | None


def _written(one: Row, other: Row) -> Found:
    if whole_key(one.name) == whole_key(other.name):
        return "written", ""
    if one.head != other.head:
        return _headless(one, other)
    if _key(one) == _key(other):
        return "written", ""
    if len(one.units) == len(other.units) and all(map(_vowels, one.units, other.units)):
        x, y = one.units[0], other.units[0]
        if len(one.units) > 1 or (len(frame(x).rstrip("ه")) > _FRAME and OSA.distance(loose(x), loose(y)) <= 1):
            return "written", ""
    if one.bare == other.bare and len(one.bare) > 1:
        return "written", ""  # بنك الخليج الأول, مصرف الخليج الأول
    return None


def _vowels(one: str, other: str) -> bool:
    """Whether two words differ in long vowels inside them at most (not ``بغداد``, ``بغدادي``)."""
    return same_frame(one, other) and one[-1] == other[-1]


def _key(row: Row) -> str:
    return loose("".join(row.units).replace(" ", ""))


def _slip(one: Row, other: Row) -> Found:
    a, b = one.units, other.units
    if len(a) != len(b):
        return None
    different = [(x, y) for x, y in zip(a, b, strict=True) if not same_frame(x, y)]
    if len(different) != 1:
        return None
    x, y = map(loose, different[0])
    if min(len(x), len(y)) < _SLIP - (len(a) > 1) or OSA.distance(x, y) > 1:
        return None
    if _two_given(x, y):
        return None
    against = "" if len(a) > 1 or min(len(x), len(y)) > _SLIP else "the names are too short"
    return "slip", against


def _nation(one: Row, other: Row) -> Found:
    if one.units == other.units or len(one.units) != len(other.units):
        return None
    different = [(x, y) for x, y in zip(one.units, other.units, strict=True) if x != y]
    if len(different) != 1 or different[0][0] == one.units[0]:
        return None
    x, y = sorted(different[0], key=len)
    if nation_stem(x) != nation_stem(y) or not y.endswith(("ي", "يه", "يين")):
        return None
    return "nationality", ""


def _headless(one: Row, other: Row) -> Found:
    if one.bare != other.bare:
        return None
    if one.head and other.head:
        return ("headless", "") if len(one.bare) > 1 else None  # مجموعة … and بنك …
    kinds = _BARE["place"] if one.label is Label.PLACE else _BARE["two" if len(one.bare) > 1 else "one"]
    return ("headless", "") if (one.head or other.head) in kinds.split() else None


def _short(one: Row, other: Row) -> Found:
    short, long = sorted((one, other), key=lambda row: len(row.units))
    if not any(form.tier == 0 and form.units == short.units for form in short_forms(long.units)):
        return None
    begins = short.units == long.units[: len(short.units)] and len(short.units) > 1
    if begins and not _PATRONYMICS.intersection(short.units):
        return None  # علي عبد الله is another man than علي عبد الله صالح as often as not
    if len(short.units) == 1 and (short.rank != OWN or short.units[0] in lexicon().given):
        return None
    kind = "short" if len(short.units) > 1 else "family"
    return kind, ""


def _sound(one: Row, other: Row) -> Found:
    a, b = (list(map(skeleton, row.units)) for row in (one, other))
    if OSA.distance("".join(a), "".join(b)) > 1 or (a[0] != b[0] and a[-1] != b[-1]):
        return None  # most of a block, without the dear comparison
    score = name_similarity(one.name, other.name)
    if score < _NEAR:
        return None
    least = _SOUND if len(one.units) > 1 and len(other.units) > 1 else _WHOLE_SOUND
    return "sound", "" if score >= least else "they sound alike, not the same"


_COMPARERS = {
    "written": _written, "slip": _slip, "nation": _nation, "headless": _headless, "short": _short, "sound": _sound,
}  # fmt: skip


def agree(one: Row, other: Row) -> bool:
    """Whether nothing in two names forbids that one thing bears both, as far as names can tell.

    For persons it is strict: word for word alike, or one a shorter way to say the other; ``محمد حسن`` and ``سالم علي``
    never become one by what stands between them.
    """
    if one.generation != other.generation or (one.known and other.known and one.known != other.known):
        return False
    if not one.person or not other.person:
        return _same_head(one, other)
    if one.arabic is not other.arabic:
        if one.known or other.known:
            return True
        a, b = len(one.units), len(other.units)
        return a != b or name_similarity(*(" ".join(map(loose, row.units)) for row in (one, other))) >= _NEAR / 2
    if one.known and other.known:
        return True
    short, long = sorted((one.units, other.units), key=len)
    if len(short) == len(long):
        return all(map(_alike, short, long))
    if len(short) == 1:
        return any(_alike(short[0], unit) for unit in long)
    at = 0
    for unit in short:
        while at < len(long) and not _alike(unit, long[at]):
            at += 1
        if at == len(long):
            return False
        at += 1
    return True


def _alike(one: str, other: str) -> bool:
    if one == other or same_frame(one, other):
        return True
    if _two_given(one, other):
        return False
    return float(OSA.normalized_similarity(frame(one), frame(other))) >= _ALIKE


def _two_given(one: str, other: str) -> bool:
    """Whether two words are two given names (``حسن``, ``حسين``), not spellings of one (``أنطونيو``, ``أنتونيو``)."""
    if not (one in lexicon().given and other in lexicon().given):
        return False
    pairs = zip(one, other, strict=False)
    return len(one) != len(other) or any(a != b and (not skeleton(a) or skeleton(a) != skeleton(b)) for a, b in pairs)
