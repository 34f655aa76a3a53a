"""One name in two scripts: Latin names and the Arabic ones that write their sounds, in one document."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from rawabit.graph.cluster import Clusters, Node
from rawabit.graph.names import short_forms, skeleton
from rawabit.graph.translit import keys, name_similarity, similarity
from rawabit.ner.model import Label

__all__ = ["by_script", "other_script", "sounds_like"]

_ALIKE = 0.5  # similarity that two words or names must have
_BEST = 0.15  # how much less than the best one another may be and still be meant as well
_BONES = 3  # consonants that two names cut into other words must share, all of them
_CELLS = 6  # words of one name times words of the other, of names that may be cut into other words
_BUCKET = 16  # names with one key that are looked at
_BODIES = frozenset({Label.ORGANIZATION, Label.PRODUCT})


def _sound(one: str, other: str, *, arabic_first: bool) -> float:
    """How alike two folded words in two scripts are, 0 to 1.

    >>> _sound("هاتشينز", "hutchins", arabic_first=True) > 0.5, _sound("9", "9", arabic_first=True)
    (True, 1.0)
    """
    if one.isdigit() or other.isdigit():
        return float(one == other)
    return similarity(one, other) if arabic_first else similarity(other, one)


def sounds_like(one: Sequence[str], other: Sequence[str], *, arabic_first: bool) -> bool:
    """Whether two names of one length are one, word by word."""
    return len(one) == len(other) and all(
        _sound(x, y, arabic_first=arabic_first) >= _ALIKE for x, y in zip(one, other, strict=True)
    )


def _bones(node: Node) -> str:
    return "".join(map(skeleton, node.name.units))


def _digits(node: Node) -> list[str]:
    return [unit for unit in node.name.units if unit.isdigit()]


def _whole(latin: Node, arabic: Node) -> float:
    if _digits(latin) != _digits(arabic) or latin.name.generation != arabic.name.generation:
        return 0.0
    words = [unit for unit in latin.name.units if unit.isalpha()]
    if latin.label is not Label.PERSON and all(len(word) == 1 for word in words):
        return 0.0  # a letter is an initial of persons only
    bones = _bones(latin)
    same = _ALIKE * (len(bones) >= _BONES and bones == _bones(arabic))
    n, m = len(arabic.name.units), len(latin.name.units)
    if n == m:
        least = 1.0
        for one, other in zip(arabic.name.units, latin.name.units, strict=True):
            least = min(least, _sound(one, other, arabic_first=True))
            if least < _ALIKE:
                return same
        return max(same, least)
    if abs(n - m) == 1 and n * m <= _CELLS:
        return max(same, name_similarity(" ".join(arabic.name.units), " ".join(latin.name.units)))
    return same


class _Index:
    """Nodes by the keys of a part of their names."""

    def __init__(self, nodes: Iterable[Node], part: Callable[[Node], str]) -> None:
        self._rows: dict[str, list[Node]] = {}
        for node in nodes:
            for key in keys(part(node)):
                self._rows.setdefault(key, []).append(node)

    def find(self, name: str) -> Iterator[Node]:
        """Those that may be written like a name, in the order of the document."""
        found = {n.index: n for key in keys(name) for n in self._rows.get(key, [])[:_BUCKET]}
        for index in sorted(found):
            yield found[index]


def _unit(at: int) -> Callable[[Node], str]:
    return lambda node: node.name.units[at]


def _best(scored: Sequence[tuple[float, Node]]) -> list[Node]:
    least = max([_ALIKE, *(score - _BEST for score, _ in scored)])
    return [node for score, node in scored if score >= least]


def by_script(
    clusters: Clusters,
    may_stand_for: Callable[[Node, Node, bool], bool],
    variants: Callable[[Node, Node], bool],
) -> None:
    """Joins a Latin name with the one Arabic name of the document that sounds like it, whole or cut short.

    Args:
        clusters: of the document.
        may_stand_for: whether the first of two names, with which the second begins (True), may stand for it.
        variants: whether two names of one script are spellings of one: both may have one partner then.
    """
    latin = [n for n in clusters.nodes if not n.name.arabic and any(map(str.isalpha, n.name.core))]
    arabic = [n for n in clusters.nodes if n.name.arabic] if latin else []
    index = _Index(arabic, lambda node: " ".join(node.name.units))
    scored: dict[int, list[tuple[float, Node]]] = {}
    for one in latin:
        for other in index.find(" ".join(one.name.units)):
            if one.label is other.label and (score := _whole(one, other)) >= _ALIKE:
                scored.setdefault(one.index, []).append((score, other))
                scored.setdefault(other.index, []).append((score, one))
    partners = {i: _best(found) for i, found in scored.items()}

    def one_thing(nodes: Sequence[Node]) -> bool:
        first, *rest = nodes
        return all(clusters.find(first) == clusters.find(node) or variants(first, node) for node in rest)

    for node in (*latin, *arabic):
        found = partners.get(node.index, [])
        if found and one_thing(found):
            for other in found:
                if node in partners[other.index] and one_thing(partners[other.index]):
                    clusters.join(node, other)
    for some, others in ((latin, arabic), (arabic, latin)):
        persons = [n for n in others if n.label is Label.PERSON and len(n.name.units) > 2]
        last = _Index(persons, _unit(-1))
        for node in some if persons else ():
            if node.label is Label.PERSON and len(node.name.units) > 1:
                _family(clusters, node, last.find(node.name.units[-1]))
        bodies = [n for n in others if n.label in _BODIES and len(n.name.units) > 1]
        first = _Index(bodies, _unit(0))
        for node in some if bodies else ():
            if node.label in _BODIES:
                _cut_short(clusters, node, first.find(node.name.units[0]), may_stand_for)


def _family(clusters: Clusters, node: Node, others: Iterable[Node]) -> None:
    """Joins a family name of several words (``فان روسوم``) with the one full name in the other script that ends so."""
    n = len(node.name.units)
    full = [
        other
        for other in others
        if len(other.name.units) > n
        and any(form.tier == 0 and form.units == other.name.units[-n:] for form in short_forms(other.name.units))
        and sounds_like(node.name.units, other.name.units[-n:], arabic_first=node.name.arabic)
    ]
    if full and len({clusters.find(other) for other in full}) == 1:
        clusters.join(full[0], node)


def _cut_short(
    clusters: Clusters, node: Node, others: Iterable[Node], may_stand_for: Callable[[Node, Node, bool], bool]
) -> None:
    n = len(node.name.units)
    longer = [
        other
        for other in others
        if other.label is node.label
        and len(other.name.units) > n
        and sounds_like(node.name.units, other.name.units[:n], arabic_first=node.name.arabic)
        and may_stand_for(node, other, True)
    ]
    if longer and len({clusters.find(other) for other in longer}) == 1:
        clusters.join(longer[0], node)


def other_script(clusters: Clusters) -> Callable[[Node], list[tuple[Node, int]]]:
    """What finds the persons named in full whose name, in the other script, has the sound of a single name.

    With each comes the tier of `rawabit.graph.names.Form`: 0 by the family name, 1 by the first name.
    """
    full = [n for n in clusters.nodes if n.label is Label.PERSON and len(n.name.units) > 1]
    several = any(n.name.arabic for n in clusters.nodes) and any(not n.name.arabic for n in clusters.nodes)
    index = {
        (arabic, at): _Index((n for n in full if n.name.arabic is arabic and several), _unit(at))
        for arabic in (True, False)
        for at in (-1, 0)
    }

    def find(node: Node) -> list[tuple[Node, int]]:
        (unit,) = node.name.units
        arabic = node.name.arabic
        out: list[tuple[Node, int]] = []
        for tier, at in ((0, -1), (1, 0)):
            others = index[not arabic, at].find(unit)
            scored = [(_sound(unit, other.name.units[at], arabic_first=arabic), other) for other in others]
            out += [(other, tier) for other in _best(scored)]
        return out

    return find
