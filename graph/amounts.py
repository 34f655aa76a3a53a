"""Whose amount it is, and what it is to its holder; the amounts of deals."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from rawabit.graph.attribution import Speech, source_of
from rawabit.graph.frames import tables
from rawabit.graph.line import Hit, Line, phrase
from rawabit.graph.model import Relation
from rawabit.graph.negation import hedged
from rawabit.ner.model import Label

__all__ = ["find_amounts", "with_amounts"]

_DEALS = frozenset({Relation.AGREED_WITH, Relation.TRADES_WITH, Relation.FUNDED, Relation.SUPPLIED, Relation.ACQUIRED})
_REACH = 26
_HOLDERS = frozenset({Label.ORGANIZATION, Label.PLACE, Label.PRODUCT})


def with_amounts(line: Line, hits: Sequence[Hit]) -> Iterator[Hit]:
    """The hits; those of deals carry the amount that follows their trigger, and give HAS_AMOUNT to their giver."""
    for hit in hits:
        k = _amount_behind(line, hit) if hit.relation in _DEALS and not hit.nominal else -1
        value = line.items[k].entity.value if k >= 0 and line.items[k].entity else None  # type: ignore[union-attr]
        amount = getattr(value, "amount", None)
        currency = getattr(value, "currency", None)
        if k < 0:
            yield hit
            continue
        qualifiers = dict(hit.qualifiers)
        if amount is not None:
            qualifiers["amount"] = amount
            if currency:
                qualifiers["currency"] = currency
        yield Hit(
            hit.pattern, hit.relation, hit.subject, hit.object, hit.trigger, hit.nominal, hit.frame,
            hit.negated, hit.speaker, qualifiers,
        )  # fmt: skip
        if not hit.negated:
            role, _ = _role(line, k, hit.trigger - 1)
            giver = hit.object if hit.relation is Relation.SUPPLIED else hit.subject
            parties = [hit.subject, hit.object] if hit.relation is Relation.AGREED_WITH else [giver]
            for party in parties:
                yield Hit(
                    f"amount.{hit.relation.lower()}", Relation.HAS_AMOUNT, party, line.items[k], hit.trigger, False,
                    hit.frame, False, hit.speaker, {"role": role} if role else {},
                )  # fmt: skip


def _amount_behind(line: Line, hit: Hit) -> int:
    for k in range(hit.trigger + 1, min(len(line), hit.trigger + _REACH)):
        if line.label(k) is Label.MONEY:
            return k
        if line.word(k) in {";", ".", "?"}:
            return -1
    return -1


def find_amounts(line: Line, speeches: tuple[Speech, ...], taken: Collection[int]) -> Iterator[Hit]:
    """Amounts with the nearest body before them.

    Args:
        line: the clause.
        speeches: who says what in it.
        taken: offsets of amounts that a deal has claimed.
    """
    holder = -1
    between = 0
    for k in line.names():
        label = line.label(k)
        if label is not Label.MONEY:
            if label in _HOLDERS or label is Label.PERSON:
                holder, between = k, 0
            continue
        if holder < 0 or k - holder > 40:
            continue
        if line.items[k].start in taken:
            between += 1
            continue
        role, _ = _role(line, k, max(-1, holder - 8))
        source = source_of(speeches, k)
        speaker = line.items[source].entity if source >= 0 else None
        if speaker is line.items[holder].entity:
            speaker = None
        cue = "cue" if role else "bare"
        kind = str(line.label(holder)).lower()
        pattern = f"amount.nearest.{kind}.{cue}.{'first' if between == 0 else 'later'}"
        if not hedged(line, k):
            yield Hit(
                pattern, Relation.HAS_AMOUNT, line.items[holder], line.items[k], k, False, "",
                False,
                speaker.id if speaker else None, {"role": role} if role else {},
            )  # fmt: skip
        between += 1


def _role(line: Line, k: int, stop: int) -> tuple[str, int]:
    """The role that the nearest word of value before the amount at `k` gives, and its index; ("", -1) without one."""
    weak = ("", -1)
    for i in range(k - 1, max(-1, stop), -1):
        word = line.word(i)
        if not word:
            continue
        for reading in line.readings(i):
            for words, role in tables().roles.get(reading.core, ()) or tables().roles.get("ال" + reading.core, ()):
                if len(words) == 1 or phrase(line, i + 1, words[1:]):
                    if role != "value":
                        return role, i
                    weak = weak if weak[1] >= 0 else (role, i)
    return weak
