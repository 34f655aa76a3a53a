"""Amounts of money by rules: a number in digits or words, its currency, and how it was hedged.

`find_money` reads each sentence by itself; `settle` then decides what ``ريال`` or ``جنيه`` means in the document.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise

from rawabit.ner.currencies import Tender, anchors, coin, is_one, named, sign, tender, territory
from rawabit.ner.hedges import bound, hedges
from rawabit.ner.line import Line, Piece, cut
from rawabit.ner.model import Label, Mention, Money, Span
from rawabit.ner.numerals import Numeral, exact, numeral, reading

__all__ = ["find_money", "settle"]


_FRACTION = "\u2044"  # what ¼ folds to has it in the middle
_NOT_AFTER = frozenset({"%", _FRACTION})


@dataclass(slots=True)
class _Found:
    """A number in a line, with its currency where it has one. `first` and `stop` count pieces."""

    first: int
    stop: int
    start: int
    value: Decimal
    leading: Decimal
    trailing: Decimal
    tender: Tender | None
    more: Decimal = Decimal(0)  # of the same currency, in units: the piastres of 5 جنيهات و20 قرشا

    @property
    def times(self) -> Decimal:
        return self.value / self.leading


def find_money(text: str, sentences: Sequence[Span]) -> list[Mention]:
    """MONEY mentions in order, each inside one sentence, none overlapping another.

    Hedges and attached prepositions stay outside the span. A currency that the words leave open is None, with
    its candidates (see `settle`).

    Args:
        text: of the document, untouched.
        sentences: spans in order, not overlapping.

    >>> text = "بعقد قيمته حوالي 3.6 مليار دولار وبمليون ونصف المليون ريال"
    >>> for m in find_money(text, [(0, len(text))]):
    ...     print(m.text, m.value.amount, m.value.currency, m.value.bound.value)
    3.6 مليار دولار 3600000000 USD about
    مليون ونصف المليون ريال 1500000 None exact
    """
    out: list[Mention] = []
    for start, end in sentences:
        line = cut(text, start, end, anchors())
        if line.pieces:
            out.extend(_mentions(line))
    return out


def settle(
    mentions: Sequence[Mention], countries: Sequence[str], unlikely: Collection[str] = frozenset()
) -> list[Mention]:
    """Decides currencies that the words left open; other mentions pass unchanged.

    The first of `countries` that has one of the candidates as its money decides; else the one candidate that is
    certain elsewhere in the document; else what the word usually means (``سنت``: of a dollar); else the one candidate
    that is not the money of an `unlikely` country. Where nothing speaks, or two currencies that are certain in the
    document contradict each other, the currency stays open.

    Args:
        mentions: of one document; those without a Money value pass through.
        countries: ISO 3166 alpha-2 codes of the document, the most important first.
        unlikely: ISO 3166 alpha-2 codes of countries that the document is hardly about.
    """
    barred = {code for country in unlikely for code in territory(country)}
    sure = _sure(mentions)
    out = list(mentions)
    words = _tenders(mentions)
    for last in (False, True):
        out = [_settled(mention, word, countries, sure, barred, last) for mention, word in zip(out, words, strict=True)]
        sure = _sure(out)
    return out


def _sure(mentions: Sequence[Mention]) -> dict[str, int]:
    """How often each currency is certain."""
    out: dict[str, int] = {}
    for mention in mentions:
        if isinstance(mention.value, Money) and mention.value.currency:
            out[mention.value.currency] = out.get(mention.value.currency, 0) + 1
    return out


def _settled(
    mention: Mention,
    found: Tender | None,
    countries: Sequence[str],
    sure: Mapping[str, int],
    barred: Collection[str],
    last: bool,
) -> Mention:
    money = mention.value
    if not isinstance(money, Money) or money.currency is not None or not money.candidates:
        return mention
    code = None
    subunit = bool(found and found.coin and found.coin.parts)
    told = [c for c in money.candidates if c in sure]
    if subunit and not last:  # a part of the money beside it, which must be settled first
        return mention
    home = [c for country in countries for c in territory(country) if c in money.candidates]
    usual = found.codes[0] if found and found.usual else None
    if len(told) == 1 and (subunit or not home):
        code = told[0]
    elif subunit and usual:
        code = usual if usual in told or not told else None
    else:
        code = next((c for c in home if not subunit or not told or c in told), None if told else usual)
        left = [c for c in money.candidates if c not in barred]
        if code is None and not told and len(left) == 1:
            code = left[0]
    if code is None:
        return mention
    amount = money.amount
    if found is not None and subunit:
        amount = exact(amount * found.worth(Decimal(1), code) / found.worth(Decimal(1)))
    return replace(mention, value=replace(money, amount=amount, currency=code))


def _tenders(mentions: Sequence[Mention]) -> list[Tender | None]:
    """The first currency word of each mention; where it has none, of the next with the same candidates."""
    out: list[Tender | None] = []
    seen: dict[tuple[str, ...], Tender | None] = {}
    for mention in reversed(mentions):
        found = None
        if isinstance(mention.value, Money) and mention.value.currency is None:
            line = cut(mention.text, 0, len(mention.text))
            words = ((at, coin(piece)) for at, piece in enumerate(line.pieces))
            found = next((named(line, at, word) for at, word in words if word), None)
            found = found or next((s for at in range(len(line.pieces)) if (s := sign(line, at))), None)
            found = found or seen.get(mention.value.candidates)
            seen[mention.value.candidates] = found
        out.append(found)
    out.reverse()
    return [
        found or (seen.get(mention.value.candidates) if isinstance(mention.value, Money) else None)
        for found, mention in zip(out, mentions, strict=True)
    ]


def _mentions(line: Line) -> Iterator[Mention]:
    items = list(_scan(line))
    for low, high in pairwise(items):
        if low.tender is not None and low.tender.coin is None and high.tender is None:
            _sign_range(line, low, high)
    for at, item in enumerate(items):
        if item.tender is None:
            before = next((items[b].tender for b in range(at - 1, max(-1, at - 4), -1) if items[b].tender), None)
            if before is not None and not (before.coin and before.coin.parts) and _elided(line, item):
                item.tender = before._replace(stop=item.stop)
    for at in range(len(items) - 2, -1, -1):
        if items[at].tender is None and items[at + 1].tender is not None:
            _range(line, items[at], items[at + 1])
    for item in items:
        if item.tender is not None:
            yield _mention(line, item, item.tender)


def _mention(line: Line, item: _Found, money: Tender) -> Mention:
    start, end = line.span(item.start, line.pieces[item.stop - 1].end)
    amount = exact(money.worth(item.value) + item.more)
    certain = money.certain
    value = Money(
        amount,
        money.codes[0] if certain else None,
        () if certain else tuple(sorted(money.codes)),
        bound(line, item.first, item.stop),
    )
    return Mention(start, end, line.source[start:end], Label.MONEY, value)


def _scan(line: Line) -> Iterator[_Found]:
    """Numbers and amounts in order; numbers that are certainly no amounts are left out."""
    pieces, at = line.pieces, 0
    while at < len(pieces):
        item = _signed(line, at) or _counted(line, at) or _single(line, at)
        if isinstance(item, int):
            at = item
            continue
        if item is None:
            at += 1
            continue
        if item.tender is not None:
            _add(line, item)
        yield item
        at = item.stop


def _signed(line: Line, at: int) -> _Found | None:
    """$3.6B, USD 5m, €2 مليار."""
    piece = line.pieces[at]
    if piece.kind == "n":
        return None
    mark = sign(line, at)
    if mark is None or mark.stop >= len(line.pieces) or line.pieces[mark.stop].kind != "n":
        return None
    found = numeral(line, mark.stop)
    if found is None:
        return None
    return _Found(at, found.stop, piece.start, found.value, found.leading, found.trailing, mark)


def _counted(line: Line, at: int) -> _Found | int | None:
    """A number with or without its currency; an index where it is a number of something else."""
    pieces = line.pieces
    piece = pieces[at]
    if piece.kind != "n" and reading(piece) is None:
        return None
    found = numeral(line, at)
    if found is None:
        return None
    before = pieces[at - 1] if at else None
    glued = before is not None and before.end == piece.start and (before.kind == "l" or before.text == _FRACTION)
    if (piece.kind == "n" and glued) or (found.stop < len(pieces) and pieces[found.stop].text in _NOT_AFTER):
        return found.stop
    scaled = found.trailing > 1
    money = tender(line, found.stop, scaled=scaled)
    lone_fraction = found.value < 1 and not found.bare and not scaled
    if lone_fraction and (money is None or piece.text.startswith("ال")):
        return at + 1
    if money and money.coin and money.coin.number == "two":
        money = None
    stop = money.stop if money else found.stop
    return _Found(at, stop, found.start, found.value, found.leading, found.trailing, money)


def _single(line: Line, at: int) -> _Found | None:
    """دولارين, ليرة واحدة, بسعر درهم للكيلو."""
    pieces = line.pieces
    word = coin(pieces[at])
    if word is None or word.definite or word.ordinary:
        return None
    money, value, start = named(line, at, word), Decimal(1), pieces[at].start + word.cut
    if at + 1 < len(pieces) and pieces[at + 1].text in word.not_before:
        return None
    if word.number == "two":
        value = Decimal(2)
    elif word.number != "one":
        return None
    elif is_one(line, money.stop):
        if any(piece.text in hedges().denied for piece in pieces[max(0, at - 4) : at]):
            return None
        money = money._replace(stop=money.stop + 1)
    elif not (_priced(line, at) and money.stop < len(pieces) and pieces[money.stop].text.startswith("لل")):
        return None
    return _Found(at, money.stop, start, value, value, Decimal(1), money)


def _priced(line: Line, at: int) -> bool:
    if not at or line.pieces[at - 1].kind != "w":
        return False
    word = line.pieces[at - 1].text
    return word in hedges().price or (word.startswith("ب") and len(word) > 3)


def _add(line: Line, item: _Found) -> None:
    """What و adds to an amount: subunits, one more, or a half."""
    pieces, money = line.pieces, item.tender
    if money is None or item.stop >= len(pieces):
        return
    at = item.stop
    apart = pieces[at].text == "و"
    first = at + apart
    if first >= len(pieces):
        return
    word, read = coin(pieces[first]), reading(pieces[first])
    if not apart and not (word and word.joined) and not (read and read.joined):
        return
    if word and word.number == "one" and word.cut <= 1 and is_one(line, first + 1):
        extra = named(line, first, word)
        if set(extra.codes) & set(money.codes) and (extra.coin and not extra.coin.parts):
            item.more, item.stop = Decimal(1), first + 2
        return
    if read and "fraction" in read.kinds and not read.definite and money.coin and not money.coin.parts:
        after = first + 1
        of = coin(pieces[after]) if after < len(pieces) else None
        size = reading(pieces[after]) if after < len(pieces) else None
        ends = after >= len(pieces) or pieces[after].kind == "p"
        if of and of.definite and not of.cut and of.name == money.coin.name and item.trailing == 1:
            item.more, item.stop = read.kinds["fraction"], after + 1
        elif size and size.definite and size.kinds.get("single") == item.trailing:
            item.more, item.stop = read.kinds["fraction"] * item.trailing, after + 1
        elif ends or (after < len(pieces) and pieces[after].text.startswith("لل")):
            item.more, item.stop = read.kinds["fraction"] * item.trailing, after
        return
    small: Numeral | None = numeral(line, first)
    part = tender(line, small.stop, scaled=False) if small else None
    if small and part and part.coin and part.coin.parts and money.coin and not money.coin.parts:
        shared = tuple(code for code in money.codes if code in part.codes)
        if shared and small.value < part.coin.parts.get(shared[0], part.coin.parts["all"]):
            item.more, item.stop = part._replace(codes=shared).worth(small.value), part.stop


def _elided(line: Line, item: _Found) -> bool:
    """Whether a number of thousands or more may be money although its currency is not said."""
    pieces, words = line.pieces, hedges()
    lone = reading(pieces[item.first])
    if item.trailing < 1000 or (lone and item.stop == item.first + 1 and "dual" not in lone.kinds):
        return False
    after = pieces[item.stop] if item.stop < len(pieces) else None
    if after is not None and after.kind != "p":
        tanween = pieces[item.stop - 1].text.endswith("ا")
        if not (tanween or after.text in words.after or after.text.startswith("و")):
            return False
    around = pieces[max(0, item.first - 3) : item.first] + pieces[item.stop : item.stop + 2]
    return not any(words.counts(piece.text) for piece in around if piece.kind == "w")


def _range(line: Line, low: _Found, high: _Found) -> None:
    """Gives the first number of a range the scale and the currency of the second: بين 30 - 150 دولارا."""
    pieces, words = line.pieces, hedges()
    between = [piece.text for piece in pieces[low.stop : high.first]]
    if between == [] and pieces[high.first].text.startswith("و"):
        between = ["و"]
    if len(between) != 1 or between[0] not in words.links or high.tender is None:
        return
    link, before = between[0], _word_before(pieces, low.first)
    if link == "و" and before not in words.opening and low.trailing == 1:
        return
    year = low.trailing == 1 and low.value == low.value.to_integral_value() and 1900 <= low.value <= 2100
    if year and before not in words.opening and before != "من":
        return
    if link != "و" and (before.endswith(words.shut) or low.trailing > high.leading > 1):
        return
    if low.trailing == 1 and high.leading > 1 and low.value <= high.times:
        low.value, low.leading, low.trailing = low.value * high.leading, high.leading, high.leading
    low.tender = high.tender._replace(stop=low.stop)


def _sign_range(line: Line, low: _Found, high: _Found) -> None:
    """$50-60 million: the sign serves both numbers, the scale too."""
    between = [piece.text for piece in line.pieces[low.stop : high.first]]
    if len(between) != 1 or between[0] not in hedges().links or between[0] == "و" or low.stop - low.first > 3:
        return
    if line.pieces[low.stop - 1].kind != "n":  # the sign came last, or a scale: 5$ - 60
        return
    high.tender = low.tender
    if low.value <= high.times:
        low.value, low.leading, low.trailing = low.value * high.leading, high.leading, high.leading


def _word_before(pieces: Sequence[Piece], at: int) -> str:
    return pieces[at - 1].text if at else ""
