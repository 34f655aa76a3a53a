"""Numbers in digits, in words and in both: ``3.6``, ``8ر1``, ``ملياران ونصف المليار``, ``15 ألفاً و500``.

Decimal arithmetic throughout. Reading is greedy and left to right, so its cost is linear in what it consumes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from rawabit.ner.line import Line, Piece, cut
from rawabit.ner.tables import load_table
from rawabit.ner.text import fold

__all__ = ["Numeral", "Reading", "digits", "exact", "forms", "number", "numeral", "reading"]

_ONE = Decimal(1)
_THOUSAND = Decimal(1000)
_MILLION = Decimal(1_000_000)
_ELEVEN = "واحد"  # what وأحد folds to: as in مئة وأحد عشر
_GROUPING = "\u066c"
_LONGEST = 18  # digits; no amount of money has more, and Decimal rounds past 28
_PREFIXES = ("", "و", "ف", "ب", "ل", "ك", "وب", "ول", "فب", "وك")
_ARTICLES = (("ال", 0), ("وال", 1), ("بال", 1), ("كال", 1), ("فال", 1), ("لل", 2), ("ولل", 3), ("وبال", 2))


class Reading(NamedTuple):
    """How a word reads as part of a number.

    Attributes:
        kind: small, teen, ten, hundreds, hundred, fraction, or a scale: single, plural, dual, open, latin.
        cut: how many folded letters before the word are no part of it (attached و ب ل …).
        joined: whether what is attached is a bare و.
        definite: whether the word has the article.
    """

    kinds: Mapping[str, Decimal]
    cut: int
    joined: bool
    definite: bool


class Numeral(NamedTuple):
    """A number in a line.

    Attributes:
        value: exact.
        start: folded offset of its first letter or digit.
        stop: index of the first piece after it.
        leading: its first scale (10**6 in ``4 ملايين و200 ألف``), 1 where it has none.
        trailing: its last scale.
        bare: whether it consists of digits alone.
    """

    value: Decimal
    start: int
    stop: int
    leading: Decimal
    trailing: Decimal
    bare: bool


def forms(word: str) -> list[tuple[str, int, bool, bool]]:
    """Folded surface forms of `word` with what may be attached: form, letters to cut, joined by و, definite.

    >>> [form for form, *_ in forms("ألف")][:3]
    ['الف', 'والف', 'فالف']
    """
    base = fold(word)
    out = [(prefix + base, len(prefix), prefix == "و", False) for prefix in _PREFIXES]
    out += [(article + base, shed, article == "وال", True) for article, shed in _ARTICLES]
    return out


@cache
def _lexicon() -> dict[str, Reading]:
    data = load_table("numbers")
    tables = [("small", data["small"]), ("teen", data["teens"]), ("ten", data["ten"])]
    tables += [("hundreds", data["hundreds"]), ("hundred", data["hundred"]), ("fraction", data["fractions"])]
    tables += [(kind, table) for kind, table in data["scales"].items() if kind != "latin"]
    base: dict[str, dict[str, Decimal]] = {}
    for kind, table in tables:
        for word, value in table.items():
            base.setdefault(fold(word), {})[kind] = Decimal(value)
    out: dict[str, Reading] = {}
    for word, kinds in base.items():
        for form, shed, joined, definite in forms(word):
            if form not in out or out[form].cut > shed:
                out[form] = Reading(kinds, shed, joined, definite)
    for word, value in data["scales"]["latin"].items():
        out[word] = Reading({"latin": Decimal(value)}, 0, False, False)
    return out


def reading(piece: Piece) -> Reading | None:
    """How a piece reads as a number word, or None."""
    return _lexicon().get(piece.text) if piece.kind in "wl" else None


def digits(text: str, scale: Decimal = _ONE, comma: str = ",") -> tuple[Decimal, bool] | None:
    """Value of a number in digits, given the scale word that follows it, and whether that word says nothing new.

    A comma or a point is decimal or groups thousands by what can be meant: ``2,4 مليار`` and ``13,000 دولار``;
    ``871 .500 .111 مليون`` has its groups reversed and is 111,500,871, not millions of millions.

    Args:
        text: folded.
        scale: 10**6 where ``مليون`` follows, 1 where nothing does.
        comma: how a comma was written: U+066C only ever groups, an Arabic comma seldom does.

    >>> digits("43 .1"), digits("8ر1")
    ((Decimal('1.43'), False), (Decimal('1.8'), False))
    >>> digits("13,000"), digits("13,000", Decimal(10**6))
    ((Decimal('13000'), False), (Decimal('13000'), False))
    >>> digits("1,557", Decimal(10**9)), digits("3,054", Decimal(10**6), "،")
    ((Decimal('1.557'), False), (Decimal('3.054'), False))
    """
    if len(text) > 2 * _LONGEST or sum(map(str.isdigit, text)) > _LONGEST:
        return None
    if "ر" in text:
        low, high = text.split("ر")
        return Decimal(f"{high}.{low}"), False
    if " ." in text:
        text = ".".join(reversed(text.split(" .")))
    commas, points = text.count(","), text.count(".")
    if not commas and not points:
        return Decimal(text), False
    if commas and points:
        last = "," if text.rindex(",") > text.rindex(".") else "."
        if text.count(last) > 1:
            return None
        whole, part = text.rsplit(last, 1)
        return Decimal(re.sub("[.,]", "", whole) + "." + part), False
    mark = "," if commas else "."
    groups = text.split(mark)
    if len(groups) == 2:
        return (
            Decimal("".join(groups)) if _thousands(groups, mark, scale, comma) else Decimal(".".join(groups))
        ), False
    whole_groups = len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:])
    if mark == "." and (not whole_groups or (len(groups) > 3 and groups[-1].endswith("0") and groups[-1] != "000")):
        if scale >= _MILLION * _THOUSAND:
            return Decimal(groups[0] + "." + "".join(groups[1:])), False
        return Decimal("".join(groups[:-1]) + "." + groups[-1]), False
    if not whole_groups:
        return None
    value = Decimal("".join(groups))
    if scale >= _MILLION:
        if scale <= value < scale * 1000:
            return value, True
        if mark == ".":
            return Decimal(groups[0] + "." + "".join(groups[1:])), False
    return value, False


def _thousands(groups: list[str], mark: str, scale: Decimal, comma: str) -> bool:
    whole, part = groups
    if comma == _GROUPING and mark == ",":
        return len(part) == 3
    if len(part) != 3 or len(whole) > 3 or whole.startswith("0") or scale > _MILLION:
        return False
    if scale == _MILLION:
        return mark == comma
    if mark == ",":
        return True
    # 1.170 is a price with three decimals; 15.000 and 120.500 are thousands.
    return scale == 1 and (part == "000" or (len(whole) > 1 and part.endswith("00")))


def exact(value: Decimal) -> Decimal:
    """The same value without trailing zeros and without an exponent.

    >>> exact(Decimal("3600000000.00")), exact(Decimal("1.50"))
    (Decimal('3600000000'), Decimal('1.5'))
    """
    value = value.normalize()
    return value.quantize(_ONE) if value == value.to_integral_value() and value.adjusted() < 27 else value


def numeral(line: Line, at: int) -> Numeral | None:
    """The longest number that begins at piece `at`, or None.

    Vague plurals (``ملايين`` with nothing before it) are no number; a fraction needs its scale (``نصف مليون``), or
    stands alone only for the caller to refuse it (`Numeral.trailing` is then 1 and the value below 1).
    """
    pieces = line.pieces
    if at >= len(pieces):
        return None
    group = _group(line, at, first=True)
    if group is None:
        return None
    total, scale, stop, start = group
    leading = scale
    bare = stop == at + 1 and pieces[at].kind == "n"
    while stop < len(pieces):
        after = _joined(pieces, stop)
        if after is None or scale == 1:
            break
        half = _fraction(pieces, after)
        if half is not None:
            size, stop = _measure(pieces, after + 1, scale)
            total += half * size
            break
        more = _group(line, after, first=False)
        if more is None or more[1] >= scale or (more[1] == 1 and more[0] >= scale):
            break
        total, scale, stop = total + more[0], more[1], more[2]
    return Numeral(total, start, stop, leading, scale, bare)


def number(text: str) -> Decimal | None:
    """The number that `text` is, as a whole, or None.

    >>> number("ثلاثة ملايين ومئتان وخمسون ألفاً")
    Decimal('3250000')
    """
    line = cut(text, 0, len(text))
    found = numeral(line, 0)
    return found.value if found and found.stop == len(line.pieces) else None


def _joined(pieces: list[Piece], at: int) -> int | None:
    """Index of the piece that و joins to what is before `at`, or None."""
    if pieces[at].text == "و" and at + 1 < len(pieces):
        return at + 1
    word = reading(pieces[at])
    if word is None or word.definite:
        return None
    if word.joined:
        return at
    after = reading(pieces[at + 1]) if at + 1 < len(pieces) else None
    return at if _ELEVEN in pieces[at].text and not word.cut and after and "ten" in after.kinds else None


def _fraction(pieces: list[Piece], at: int) -> Decimal | None:
    word = reading(pieces[at])
    return word.kinds.get("fraction") if word and not word.definite else None


def _scale(piece: Piece, *, first: bool = False) -> Decimal | None:
    """The scale that the word is, when a number stands before it."""
    word = reading(piece)
    if word is None or (word.cut and not first):
        return None
    for kind in ("single", "plural", "open"):
        if kind in word.kinds:
            return word.kinds[kind]
    return None


def _measure(pieces: list[Piece], at: int, scale: Decimal) -> tuple[Decimal, int]:
    """What a fraction after a scale is of: ``مليار ونصف [المليار]``, ``مليار ونصف مليون``."""
    size = _scale(pieces[at]) if at < len(pieces) else None
    return (size, at + 1) if size is not None and size <= scale else (scale, at)


def _group(line: Line, at: int, *, first: bool) -> tuple[Decimal, Decimal, int, int] | None:
    """One multiplier with its scale: value, scale, next piece, folded start."""
    pieces = line.pieces
    piece = pieces[at]
    if piece.kind == "n":
        return _digit_group(line, at)
    word = reading(piece)
    if word is None or "latin" in word.kinds or (not first and word.cut and not word.joined):
        return None
    kinds, start = word.kinds, piece.start + (word.cut or (line.written(piece).startswith("وأ") and 1))
    if "fraction" in kinds and first and not word.definite:
        size = _scale(pieces[at + 1]) if at + 1 < len(pieces) else None
        return (kinds["fraction"] * (size or _ONE), size or _ONE, at + 1 + (size is not None), start)
    small = _small(pieces, at)
    if small is not None:
        value, stop = small
        return *_scaled(pieces, value, stop), start
    for kind, times in (("dual", 2), ("single", 1), ("open", 0)):
        if kind in kinds:
            scale, count = kinds[kind], times
            if not times:  # ملياراً is one, مليارا دولار are two
                tanween = "\u064b" in line.written(piece)
                alone = at + 1 >= len(pieces) or pieces[at + 1].kind == "p" or _joined(pieces, at + 1) is not None
                count = 1 if tanween or alone else 2
            value, scale, stop = _scaled(pieces, scale * count, at + 1, scale)
            return value, scale, stop, start
    return None


def _scaled(pieces: list[Piece], value: Decimal, at: int, scale: Decimal = _ONE) -> tuple[Decimal, Decimal, int]:
    """`value` times the scales that follow (``خمسة آلاف مليون`` has two)."""
    if scale == 1 and at < len(pieces):
        after = _joined(pieces, at)  # ثلاثة ونصف مليون
        half = _fraction(pieces, after) if after is not None else None
        if after is not None and half is not None and after + 1 < len(pieces):
            size = _scale(pieces[after + 1])
            if size is not None:
                return (value + half) * size, size, after + 2
    for _ in range(2):
        size = _scale(pieces[at]) if at < len(pieces) else None
        if size is None:
            break
        value, scale, at = value * size, scale * size, at + 1
    return value, scale, at


def _digit_group(line: Line, at: int) -> tuple[Decimal, Decimal, int, int] | None:
    pieces = line.pieces
    piece, stop, text = pieces[at], at + 1, pieces[at].text
    while (  # 1 500 000
        len(text) <= _LONGEST
        and stop < len(pieces)
        and len(piece.text) <= 3
        and pieces[stop].kind == "n"
        and len(pieces[stop].text) == 3
        and pieces[stop].text.isdigit()
        and piece.text.isdigit()
        and piece.text[0] != "0"
        and pieces[stop].start == pieces[stop - 1].end + 1
    ):
        text, stop = text + pieces[stop].text, stop + 1
    scale = _ONE
    if stop < len(pieces):
        size = _scale(pieces[stop])
        word = reading(pieces[stop])
        if size is not None:
            scale = size
        elif (
            word
            and "latin" in word.kinds
            and (len(pieces[stop].text) > 1 or pieces[stop].start == pieces[stop - 1].end)
        ):
            scale = word.kinds["latin"]
    written = line.written(piece)
    comma = next((mark for mark in (_GROUPING, "\u060c") if mark in written), ",")
    read = digits(text, scale, comma)
    if read is None:
        return None
    value, told = read
    if scale == 1:
        value, scale, stop = _scaled(pieces, value, stop)
        return value, scale, stop, piece.start
    if told:
        return value, scale, stop + 1, piece.start
    value, scale, stop = _scaled(pieces, value * scale, stop + 1, scale)
    return value, scale, stop, piece.start


def _small(pieces: list[Piece], at: int) -> tuple[Decimal, int] | None:
    """A number below one thousand in words: [hundreds] [و unit] [و tens]."""
    value, stop = Decimal(0), at
    for rank in ("hundred", "rest"):
        here = stop
        if stop > at:
            after = _joined(pieces, stop) if stop < len(pieces) else None
            if after is None:
                break
            here = after
        read = _hundred(pieces, here) if rank == "hundred" else _below_hundred(pieces, here)
        if read is not None:
            value, stop = value + read[0], read[1]
    return (value, stop) if stop > at else None


def _hundred(pieces: list[Piece], at: int) -> tuple[Decimal, int] | None:
    word = reading(pieces[at])
    if word is None or word.definite:
        return None
    if "hundreds" in word.kinds:
        return word.kinds["hundreds"], at + 1
    unit = word.kinds.get("small")
    if unit is not None and 3 <= unit <= 9 and at + 1 < len(pieces):
        after = reading(pieces[at + 1])
        if after and not after.cut and not after.definite and "hundred" in after.kinds:
            return unit * 100, at + 2
    return None


def _below_hundred(pieces: list[Piece], at: int) -> tuple[Decimal, int] | None:
    word = reading(pieces[at])
    if word is None or word.definite:
        return None
    after = reading(pieces[at + 1]) if at + 1 < len(pieces) else None
    if "teen" in word.kinds and after and not after.cut and not after.definite and "ten" in after.kinds:
        return word.kinds["teen"] + 10, at + 2
    unit = word.kinds.get("small")
    if unit is None:
        return None
    if unit < 10 and at + 1 < len(pieces):
        joined = _joined(pieces, at + 1)
        tens = reading(pieces[joined]) if joined is not None else None
        if joined is not None and tens is not None and tens.kinds.get("small", _ONE) >= 20:
            return unit + tens.kinds["small"], joined + 1
    return unit, at + 1
