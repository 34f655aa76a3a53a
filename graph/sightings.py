"""What of an entity of a document matters when it is compared with those of other documents: one plain row each.

A row holds texts only, no objects of ours, so that any engine that groups and joins can carry it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from rawabit.graph.link import Knowledge, Known
from rawabit.graph.model import Entity, Extraction, Relation, member_key
from rawabit.graph.names import bare, name_key, names_a_kind, read_name
from rawabit.ner.model import Label, Mention
from rawabit.ner.tables import load_table
from rawabit.ner.text import fold, is_arabic

__all__ = ["ARABIC", "KNOWN", "LATIN", "OWN", "Remembered", "Sighting", "kind_of", "sightings"]

KNOWN, ARABIC, LATIN, OWN = range(4)
"""What a row's key comes from, in the order in which ids are kept: the knowledge, an Arabic name, a Latin name, the
document alone."""

_DATA = load_table("resolve", "rawabit.graph.data")
_FIELDS = {fold(word): field for field, words in _DATA["fields"].items() for word in words.split()}
_KINDS = {fold(word): kind for word, kind in _DATA["kinds"].items()}
_ENDS = {tuple(fold(words).split()): said for words, said in _DATA["ends"].items()}
_VALUES = (Label.MONEY, Label.DATE)
_BODY_OR_THING = frozenset({Label.ORGANIZATION, Label.PRODUCT})
_POSTS = frozenset({Relation.HEAD_OF, Relation.WORKS_FOR, Relation.MEMBER_OF, Relation.FOUNDED, Relation.OWNS})
_HOMES = frozenset({Relation.CITIZEN_OF, Relation.PART_OF, Relation.BORN_IN})
_WORD = re.compile(r"\w+")
_NEAR = 48  # characters before and behind a name in which its title and nationality stand
_BESIDE = 24  # features of one kind that are kept: the first ones by name
_MENTIONS = 20  # mentions of an entity whose surroundings are read


class Sighting(NamedTuple):
    """One entity of one document.

    Attributes:
        member: ``document#entity``.
        label: of the entity, or of the entry that the knowledge has.
        rank: `KNOWN`, `ARABIC`, `LATIN` or `OWN`.
        key: equal for sightings that are one thing unless their contexts conflict.
        name: as the document writes it, the fullest; of an entry, the Arabic one.
        title: of the entry (``Elon Musk (Q317521)``), or "".
        others: keys of other full names that the document has for it, same script.
        twins: keys of its Latin names beside an Arabic one.
        context: sorted features: ``c:`` countries, ``f:`` fields, ``o:`` bodies it belongs to, ``n:`` named beside it.
    """

    member: str
    label: str
    rank: int
    key: str
    name: str
    title: str
    others: tuple[str, ...]
    twins: tuple[str, ...]
    context: tuple[str, ...]


class Remembered:
    """Knowledge that remembers what it was asked: a corpus has few names, and each document asks for them."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.lookup = lru_cache(maxsize=65536)(knowledge.lookup)
        self.demonym = lru_cache(maxsize=65536)(knowledge.demonym)


def kind_of(unit: str) -> str:
    """The class of a word that says what kind of body a name is (``bank`` for ``مصرف``), or ""."""
    return _KINDS.get(unit) or (unit if names_a_kind(unit) else "")


def sightings(extraction: Extraction, knowledge: Knowledge) -> Iterator[Sighting]:
    """One row for each entity of a document, in order."""
    keyed = [(entity, _primary(entity, extraction.document.id, knowledge)) for entity in extraction.entities]
    around = _Around(extraction, keyed, knowledge)
    for entity, (label, rank, key, name, title) in keyed:
        member = member_key(extraction.document.id, entity.id)
        if rank == OWN and entity.label in _VALUES:
            yield Sighting(member, label, rank, key, name, "", (), (), ())
            continue
        others, twins = _names(entity, key)
        yield Sighting(member, label, rank, key, name, title, others, twins, around.context(entity, key))


class _Primary(NamedTuple):
    """The first fields of a `Sighting`."""

    label: str
    rank: int
    key: str
    name: str
    title: str = ""


def _primary(entity: Entity, document: str, knowledge: Knowledge) -> _Primary:
    own = f"member:{member_key(document, entity.id)}"
    if entity.label in _VALUES:
        return _Primary(entity.label, OWN, own, entity.name)
    entry = _known(entity, knowledge)
    if entry is not None:
        english = entry.name_en or entry.name_ar
        title = f"{english} ({entry.wikidata})" if entry.wikidata else english
        return _Primary(entry.label, KNOWN, f"known:{entry.key}", entry.name_ar or entry.name_en, title)
    name = entity.name
    if entity.name_ar and (entity.label is not Label.PERSON or _full(entity.name_ar, entity.label)):
        name = entity.name_ar  # where a document has both scripts, its Latin name is the twin that joins them
    if not _full(name, entity.label):
        return _Primary(entity.label, OWN, own, name)
    key = _key(name, entity.label)
    return _Primary(entity.label, ARABIC if any(map(is_arabic, key)) else LATIN, f"name:{key}", name)


def _key(name: str, label: Label) -> str:
    """As `name_key`, but a federation of a sport is not what it is without the sport (``الاتحاد الأوروبي``)."""
    key = name_key(name, label)
    if label is Label.ORGANIZATION and " " in key:
        words = fold(name).split()
        said = next((said for end, said in _ENDS.items() if tuple(words[-len(end) :]) == end), "")
        if said and names_a_kind(read_name(name, label).units[0]):
            return f"{key} {said}"
    return key


def _full(name: str, label: Label) -> bool:
    """Whether a name may stand for one thing beyond its document: two names of a person, any of another thing."""
    return label is not Label.PERSON or len(read_name(name, label).units) > 1


def _known(entity: Entity, knowledge: Knowledge) -> Known | None:
    names = [name for name in (entity.name, entity.name_ar, entity.name_en) if name]
    others = sorted(_BODY_OR_THING - {entity.label}) if entity.label in _BODY_OR_THING else []
    for label in (entity.label, *others):
        for name in names:
            if (entry := knowledge.lookup(name, label)) is not None:
                return entry
    return None


def _names(entity: Entity, primary: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    others, twins = set(), set()
    told = [entity.name, entity.name_ar, *(m.text for m in entity.mentions if m.label is entity.label)]
    for name in told:
        if name and _full(name, entity.label):
            others.add(f"name:{_key(name, entity.label)}")
    if entity.name_en and _full(entity.name_en, entity.label):
        twins.add(f"name:{_key(entity.name_en, entity.label)}")
    for key in sorted(others):
        if not any(map(is_arabic, key)):
            others.discard(key)
            twins.add(key)
    return tuple(sorted(others - {primary})), tuple(sorted(twins - {primary, "name:"}))


class _Around:
    """What surrounds the entities of one document."""

    def __init__(self, extraction: Extraction, keyed: list[tuple[Entity, _Primary]], knowledge: Knowledge) -> None:
        self._text = extraction.document.text
        self._knowledge = knowledge
        self._adjectives = sorted(
            (m.start, m.end, m.text) for e in extraction.entities for m in e.mentions if m.label is Label.NORP
        )
        keys = {entity.id: (label, rank, key) for entity, (label, rank, key, *_) in keyed}
        beside = {
            f"n:{key}"
            for label, rank, key in keys.values()
            if (label == Label.PERSON and rank != OWN) or label == Label.ORGANIZATION
        }
        self._beside = sorted(beside)
        self._claims: dict[str, set[str]] = {}
        for claim in extraction.claims:
            if claim.negated:
                continue
            for one, other in ((claim.subject, claim.object), (claim.object, claim.subject)):
                label, rank, key = keys.get(other, ("", OWN, ""))
                if rank == OWN:
                    continue
                if label == Label.PLACE and one == claim.subject and claim.relation in _HOMES | _POSTS:
                    self._claims.setdefault(one, set()).add(f"c:{key}")
                elif label == Label.ORGANIZATION and claim.relation in _POSTS:
                    self._claims.setdefault(one, set()).add(f"o:{key}")

    def context(self, entity: Entity, key: str) -> tuple[str, ...]:
        found = set(self._claims.get(entity.id, ()))
        if entity.label in (Label.PERSON, Label.ORGANIZATION):
            for mention in entity.mentions[:_MENTIONS]:
                found.update(self._beside_mention(mention, person=entity.label is Label.PERSON))
        if entity.label is Label.PERSON:
            found.update([one for one in self._beside if one != f"n:{key}"][:_BESIDE])
        return tuple(sorted(found))

    def _beside_mention(self, mention: Mention, *, person: bool) -> Iterator[str]:
        before = self._text[max(0, mention.start - _NEAR) : mention.start]
        cut = max(map(before.rfind, ".،؛:!؟\n,"), default=-1)
        left = mention.start - len(before) + cut + 1
        for start, end, text in self._adjectives:
            beside = 0 <= start - mention.end <= 1
            if beside or (person and left <= start and end <= mention.start):
                entry = self._knowledge.demonym(text)
                yield f"c:known:{entry.key}" if entry else f"c:{_nation(text)}"
        if person:
            behind = self._text[mention.end : mention.end + _NEAR]
            yield from _fields(before[cut + 1 :].rsplit(None, 6)[-6:])
            if behind[:1] in "،,":  # an apposition: سالم الحمداني، مدرب المنتخب
                yield from _fields(behind[1:].split(None, 2)[:1])


@lru_cache(maxsize=65536)
def _nation(adjective: str) -> str:
    """One form of an adjective of nationality that the knowledge lacks, whatever its gender and article."""
    return re.sub("(?<=...)(?:يه|ي|يين|يون)$", "", bare(fold(adjective).strip()))


def _fields(words: Iterable[str]) -> Iterator[str]:
    for word in words:
        for piece in _WORD.findall(word):
            if field := _field(piece):
                yield f"f:{field}"


@lru_cache(maxsize=65536)
def _field(word: str) -> str:
    folded = fold(word)
    return next((_FIELDS[w] for w in (folded, bare(folded), bare(folded[1:])) if w in _FIELDS), "")
