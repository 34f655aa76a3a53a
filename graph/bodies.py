"""Where a body belongs and where a thing is: ``وزارة العدل الأمريكية``, ``مدينة X في Y``, ``X، عاصمة Y``."""

from __future__ import annotations

from collections.abc import Iterator

from rawabit.graph.frames import tables
from rawabit.graph.line import Hit, Line, in_class
from rawabit.graph.model import Relation
from rawabit.graph.morph import readings
from rawabit.ner.model import Label
from rawabit.ner.text import fold

__all__ = ["find_bodies"]

_IN = "في"
_CAPITAL = fold("عاصمة")


def find_bodies(line: Line) -> Iterator[Hit]:
    """Nationality, place and parent of names, read from the words directly around them."""
    for k in line.names():
        label = line.label(k)
        if label is Label.NORP:
            yield from _demonym(line, k)
        elif label in {Label.PLACE, Label.ORGANIZATION}:
            yield from _place(line, k)
            yield from _inside(line, k)
            yield from _standing(line, k)
        elif label is Label.PRODUCT:
            yield from _work(line, k)
        elif label is Label.PERSON:
            yield from _party(line, k)


def _demonym(line: Line, k: int) -> Iterator[Hit]:
    item = line.items[k]
    if k in line.used:
        return
    behind, before = line.label(k + 1), line.label(k - 1)
    person = behind is Label.PERSON and before is not Label.ORGANIZATION
    if person and not line.items[k + 1].conj and not line.items[k + 1].prep:
        line.head.setdefault(k, k + 1)
        clear = k == 0 or item.prep or item.conj or line.items[k - 1].punct or line.word(k - 1) in {"في", "من", "على"}
        pattern = "demonym.person" if clear else "demonym.person.noun"
        yield Hit(pattern, Relation.CITIZEN_OF, line.items[k + 1], item, k, True)
        return
    if before is Label.ORGANIZATION and not item.conj and not item.prep:
        body = line.items[k - 1]
        state = _state(line, k - 1)
        relation = Relation.PART_OF if state else Relation.LOCATED_IN
        yield Hit(f"demonym.body.{relation.lower()}", relation, body, item, k, True)
    elif before is Label.PLACE and behind is None and not item.conj and not item.prep:
        relation = Relation.PART_OF if _region(line, k - 1) else Relation.LOCATED_IN
        yield Hit(f"demonym.place.{relation.lower()}", relation, line.items[k - 1], item, k, True)
    elif behind is Label.PLACE and any(
        r.core in tables().words["towns"] or r.core == _CAPITAL for r in line.readings(k - 1)
    ):
        line.head.setdefault(k, k + 1)
        yield Hit("demonym.town", Relation.LOCATED_IN, line.items[k + 1], item, k, True)
    elif behind is Label.ORGANIZATION and _company(line, k - 1):
        line.head.setdefault(k, k + 1)
        yield Hit("demonym.company", Relation.LOCATED_IN, line.items[k + 1], item, k, True)


def _company(line: Line, k: int) -> bool:
    return any(r.core in tables().words["heads"] for r in line.readings(k)) or _company_far(line, k)


def _company_far(line: Line, k: int) -> bool:
    return any(r.core in tables().words["heads"] for r in line.readings(k - 1)) and line.label(k) is None


def _state(line: Line, k: int) -> bool:
    """Whether the name at `k` begins with, or follows, the name of a body of the state."""
    mention = line.items[k].mention
    words = fold(mention.text).split() if mention else []
    bodies = tables().words["state_bodies"]
    names = [w[2:] if w.startswith("ال") else w for w in words[:2]]
    return any(n in bodies for n in names) or any(r.core in {"منتخب", "جيش", "مجلس"} for r in line.readings(k - 1))


def _place(line: Line, k: int) -> Iterator[Hit]:
    """A name, then another place or body that holds it: ``في`` or attached ``ب`` between, a comma, ``عاصمة``."""
    item = line.items[k]
    if item.label is Label.PLACE and line.head.get(k, k) > k:
        # The place belongs to a title: an ambassador of X in Y.
        return
    j = k + 1
    if line.label(j) is Label.NORP:
        j += 1
    at = j
    towards = ""
    while j < min(len(line), at + 4) and line.label(j) is None:
        word = line.word(j)
        if (word == _IN and not towards) or any(
            r.prep == "ب" and r.core in (tables().words["regions"] | tables().words["towns"] | {"دوله"})
            for r in line.readings(j)
        ):
            towards = "in"
        elif in_class(word, "belonging") and not towards:
            towards = "of"
        elif word in tables().words["owned"] and not towards:
            towards = "owned"
        elif towards == "owned" and word in {"بالكامل", "من"}:
            pass
        elif in_class(word, "seats") and not towards:
            towards = "seat"
        elif in_class(word, "sides") and towards != "of":
            towards = towards or "side"
        elif word == "," and not towards and line.word(j + 1) == _CAPITAL:
            pass
        elif word == _CAPITAL:
            towards = "capital"
        elif (
            word == "," and not towards and any(in_class(line.word(j + 1), c) for c in ("seats", "belonging", "owned"))
        ):
            pass
        elif word == "," and j == at and item.label is Label.PLACE and not towards:
            towards = "comma"
        elif towards and _generic(line, j):
            pass
        else:
            return
        j += 1
    if j >= len(line) or not line.items[j].mention or line.items[j].conj:
        return
    other = line.items[j]
    if other.prep == "ب" and not towards and j == at:
        towards = "in"
    elif other.prep == "ل" and towards in {"of", "owned"}:
        pass
    elif other.prep:
        return
    if not towards:
        return
    yield from _relate(line, k, j, towards)


def _generic(line: Line, j: int) -> bool:
    lexicon = tables().words
    return any(
        r.core in lexicon["heads"] or r.core in lexicon["towns"] or r.core in lexicon["regions"]
        for r in line.readings(j)
    )


def _relate(line: Line, k: int, j: int, towards: str) -> Iterator[Hit]:
    item, other = line.items[k], line.items[j]
    thing, holder = item.label, other.label
    if towards == "owned" or (towards == "of" and holder is Label.PERSON):
        yield Hit("body.owned", Relation.OWNS, other, item, k, True)
    elif towards == "of":
        if thing is Label.ORGANIZATION and holder in {Label.ORGANIZATION, Label.PLACE}:
            yield Hit("place.of", Relation.PART_OF, item, other, k, True)
    elif holder is Label.ORGANIZATION and thing is Label.ORGANIZATION and towards == "in":
        yield Hit("body.in.body", Relation.PART_OF, item, other, k, True)
    elif holder is not Label.PLACE:
        return
    elif thing is Label.ORGANIZATION:
        if towards in {"in", "seat"}:
            near = "b" if other.prep else "near" if j - k <= 2 else "far"
            near = "post" if k in line.head else near
            yield Hit(f"body.{towards}.place.{near}", Relation.LOCATED_IN, item, other, k, True)
    elif towards == "capital":
        yield Hit("place.capital", Relation.LOCATED_IN, item, other, k, True)
    else:
        region = _region(line, k)
        relation = Relation.PART_OF if region else Relation.LOCATED_IN
        yield Hit(f"place.{towards}.{relation.lower()}", relation, item, other, k, True)


def _region(line: Line, k: int) -> bool:
    """Whether the place at `k` is a province: by the head before it, or by the first word of its name."""
    mention = line.items[k].mention
    first = fold(mention.text).split()[:1] if mention else []
    regions = tables().words["regions"]
    return any(r.core in regions for r in line.readings(k - 1)) or any(w in regions for w in first)


def _inside(line: Line, k: int) -> Iterator[Hit]:
    """A demonym or place inside a body's own name, where the same line names that country too."""
    mention = line.items[k].mention
    if line.label(k) is not Label.ORGANIZATION or mention is None:
        return
    words = fold(mention.text).split()
    if len(words) < 2:
        return
    stem = _stem(words[-1])
    if len(stem) < 3:
        return
    heads = tables().words
    state = any(r.core in heads["state_bodies"] for r in readings(words[0]))
    league = in_class(words[0], "leagues")
    if not (state or league):
        return
    best: int | None = None
    for j in line.names():
        other = line.items[j]
        place = other.entity is not None and other.entity.label is Label.PLACE
        if (
            place
            and other.mention
            and _stem(fold(other.mention.text)) == stem
            and (best is None or abs(j - k) < abs(best - k))
        ):
            best = j
    if best is not None:
        relation = Relation.PART_OF if state else Relation.LOCATED_IN
        yield Hit(f"inside.{relation.lower()}", relation, line.items[k], line.items[best], k, True)


def _stem(word: str) -> str:
    """What a demonym and its country share: ``الأوكرانية`` and ``أوكرانيا``."""
    if " " in word:
        return word
    if word.startswith("ال") and len(word) > 4:
        word = word[2:]
    for ending in ("يه", "يا", "ي", "ا", "ه"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word


def _work(line: Line, k: int) -> Iterator[Hit]:
    """A product with its maker beside it: ``روايته «X»``, ``هاتف آبل آيفون``, ``معالج A4 من آبل``."""
    item = line.items[k]
    maker = line.items[k - 1] if k else None
    if maker and maker.label is Label.ORGANIZATION and not item.prep and not item.conj:
        if any(r.core in tables().words["heads"] for r in line.readings(k - 2)):
            yield Hit("work.of", Relation.PRODUCES, maker, item, k, True)
    elif line.word(k + 1) == "من" and line.label(k + 2) is Label.ORGANIZATION and not line.items[k + 2].prep:
        yield Hit("work.from", Relation.PRODUCES, line.items[k + 2], item, k, True)
    else:
        for j in range(k - 1, max(-1, k - 4), -1):
            if line.items[j].mention or line.items[j].punct:
                break
            if any(r.pronoun in {"ه", "ها"} and r.core in tables().words["works"] for r in line.readings(j)):
                for owner in range(j - 1, max(-1, j - 16), -1):
                    if line.label(owner) in {Label.PERSON, Label.ORGANIZATION}:
                        yield Hit("work.his", Relation.PRODUCES, line.items[owner], item, k, True)
                        break
                break


def _standing(line: Line, k: int) -> Iterator[Hit]:
    """A club and its league, a member and its alliance: ``برشلونة متصدر الدوري الإسباني``, ``تشاد عضو في …``."""
    j = k + 1 + (line.label(k + 1) is Label.NORP)
    j += line.word(j) == ","
    if line.label(j) is not None:
        return
    member = any(r.core == "عضو" for r in line.readings(j)) and line.word(j + 1) == _IN
    if member and line.label(j + 2) is Label.ORGANIZATION:
        yield Hit("standing.member", Relation.MEMBER_OF, line.items[k], line.items[j + 2], k, True)
    if line.label(k) is not Label.ORGANIZATION:
        return
    if any(r.core in tables().words["standings"] for r in line.readings(j)):
        for n in range(j + 1, min(len(line), j + 4)):
            if line.label(n) is Label.ORGANIZATION:
                yield Hit("standing", Relation.MEMBER_OF, line.items[k], line.items[n], k, True)
            if line.items[n].mention or line.items[n].punct:
                return


def _party(line: Line, k: int) -> Iterator[Hit]:
    """``X من حزب Y``."""
    party = any(r.core in tables().words["memberships"] for r in line.readings(k + 2))
    if party and line.word(k + 1) == "من" and line.label(k + 3) is Label.ORGANIZATION:
        yield Hit("party", Relation.MEMBER_OF, line.items[k], line.items[k + 3], k, True)
