"""Two things of one name: told apart by the contexts in which documents name them.

A name is split where its contexts contradict each other clearly: two countries and two fields of work (a minister of
one country, a goalkeeper of another), and no body or companion in common. What says too little goes with the largest
part that it does not contradict. Names of three words and more, and names of things that are not called by a kind of
body alone (``وزارة الداخلية``), are never split.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable
from dataclasses import dataclass, field

from rawabit.graph.names import bare, names_a_kind
from rawabit.graph.rows import Row
from rawabit.ner.model import Label

__all__ = ["Part", "against", "nation_stem", "parts", "shared"]

_CLEAR = 1.5  # points of contradiction from which two contexts are two things
_BODIES = 0.5  # what two disjoint sets of bodies add
_SHARE = 0.2  # share of a part's sightings of one kind of feature below which a feature of it is noise
_GROWN = 1.2  # a part's features are looked at again when it has so many times the sightings
_KINDS = {"c": "country", "f": "field", "o": "employer"}
_ENDINGS = ("يات", "يين", "يون", "ييه", "يه", "يا", "ي", "ا", "ه")
_STEM = 3
_COMPANY = 0.5  # how far one companion in common goes against a contradiction


@dataclass
class Part:
    """Some of the contexts of a name.

    Attributes:
        count: sightings.
        features: their number by feature.
        contexts: their number by context.
    """

    count: int = 0
    features: Counter[str] = field(default_factory=Counter)
    contexts: Counter[tuple[str, ...]] = field(default_factory=Counter)
    _known: dict[str, tuple[int, frozenset[str]]] = field(default_factory=dict)

    def add(self, context: tuple[str, ...], count: int) -> None:
        self.count += count
        self.contexts[context] += count
        for feature in context:
            self.features[feature] += count

    def of(self, kind: str) -> frozenset[str]:
        """The features of one kind that are no noise, brought up to date each time the part has grown by a fifth."""
        count, known = self._known.get(kind, (0, frozenset()))
        if self.count > _GROWN * count:
            found = {name: n for name, n in self.features.items() if name[0] == kind}
            least = _SHARE * max(found.values(), default=0) if kind != "n" else 0
            known = frozenset(name for name, n in found.items() if n >= least)
            self._known[kind] = self.count, known
        return known

    @property
    def signature(self) -> str:
        """Commonest country and field of work."""
        best = [
            min((name for name in self.of(kind)), key=lambda name: (-self.features[name], name), default="")
            for kind in "cf"
        ]
        return "|".join(best)


def shared(one: Part, other: Part) -> list[str]:
    """Bodies and companions in common, sorted; then field and country where both agree."""
    near = sorted((one.of("o") & other.of("o")) | (one.of("n") & other.of("n")))
    if not near and one.of("c") & other.of("c") and one.of("f") & other.of("f"):
        near = sorted(one.of("c") & other.of("c")) + sorted(one.of("f") & other.of("f"))
    return near


def against(one: Part, other: Part, label: Label) -> str:
    """What of two contexts says that they are two things (``country egypt or iraq, field state or sport``), or ""."""
    points = 0.0
    said = []
    for kind, weight in (("c", 1.0 if label is Label.PERSON else _CLEAR), ("f", 1.0), ("o", _BODIES)):
        a, b = one.of(kind), other.of(kind)
        if a and b and not a & b:
            points += weight
            said.append(f"{_KINDS[kind]} {_readable(min(a))} or {_readable(min(b))}")
        elif a & b and kind == "o":
            return ""
    if label is Label.PERSON and one.of("n") & other.of("n"):
        points -= _COMPANY
    return ", ".join(said) if points >= _CLEAR else ""


def _readable(feature: str) -> str:
    return feature.rpartition(":")[2]


def may_be_two(row: Row, nations: Container[str] = ()) -> bool:
    """Whether a name is one that several things may bear. A body that is called by its nation is one."""
    if row.rank not in (1, 2) or row.count < 2:
        return False
    if row.person:
        return len(row.units) == 2
    return row.label is Label.ORGANIZATION and (
        len(row.units) <= 2 and names_a_kind(row.units[0]) and nation_stem(row.units[-1]) not in nations
    )


def parts(row: Row, nations: Container[str] = ()) -> list[Part]:
    """The contexts of a name by the thing that they speak of, the largest part first.

    Args:
        row: the name.
        nations: stems of the names of places (`nation_stem`).

    Near-linear: each distinct context is compared with the parts found so far, not with every other.
    """
    if not may_be_two(row, nations):
        return [_whole(row.contexts.items())]
    clear: list[tuple[int, tuple[str, ...], int]] = []
    for context, count in row.contexts.items():
        kinds = {feature[0] for feature in context}
        clear.append((-len(kinds & {"c", "f"}), context, count))
    clear.sort(key=lambda item: (item[0], -item[2], item[1]))
    found: list[Part] = []
    for _, context, count in clear:
        single = _whole([(context, count)])
        fits = [part for part in found if not against(part, single, row.label)]
        if not fits:
            found.append(single)
            continue
        best = max(fits, key=lambda part: (_support(part, single), part.count))
        best.add(context, count)
    found = sorted(_merged(found, row.label), key=lambda part: (-part.count, part.signature))
    return found if row.person else _unplaced(found)


def _unplaced(found: list[Part]) -> list[Part]:
    """Of a body that several countries have, what is said of none in particular is a part by itself."""
    out = [Part()]
    for part in found:
        placed = Part()
        for context, count in part.contexts.items():
            (placed if any(feature[0] == "c" for feature in context) else out[0]).add(context, count)
        out.append(placed)
    return [part for part in out if part.count]  # that part first: it keeps the id that the name had before


def _support(part: Part, single: Part) -> float:
    same = shared(part, single)
    return len([one for one in same if one[0] in "on"]) + 0.5 * sum(
        bool(part.of(kind) & single.of(kind)) for kind in "cf"
    )


def _merged(found: list[Part], label: Label) -> list[Part]:
    """Parts that contradict each other no more once their noise is known."""
    out: list[Part] = []
    for part in sorted(found, key=lambda one: (-one.count, one.signature, min(one.contexts))):
        home = next((one for one in out if not against(one, part, label)), None)
        if home is None:
            out.append(part)
        else:
            for context, count in part.contexts.items():
                home.add(context, count)
            home._known.clear()
    return out


def _whole(contexts: Iterable[tuple[tuple[str, ...], int]]) -> Part:
    part = Part()
    for context, count in contexts:
        part.add(context, count)
    return part


def nation_stem(unit: str) -> str:
    """A word without the ending that makes an adjective of a country's name.

    >>> nation_stem("كويتيه") == nation_stem("كويت"), nation_stem("عمانيه") == nation_stem("عمان")
    (True, True)
    """
    word = bare(unit)
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _STEM:
            return word[: -len(ending)]
    return word
