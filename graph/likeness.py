"""Names that are written differently and are likely one: in brackets, misspelt, in another script, cut short."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

from rapidfuzz.distance import OSA
from rapidfuzz.fuzz import ratio

from rawabit.graph.cluster import Clusters, Node
from rawabit.graph.names import deletions, initials, loose, names_a_body, skeleton
from rawabit.ner.model import Label, Tagged
from rawabit.ner.text import fold

__all__ = ["by_acronym", "by_brackets", "by_containment", "by_script", "by_spelling"]

_TWIN = re.compile(r"\s*[(\[]\s*[\"'«“”]?\s*|\s+[\"«“”]|(?P<glued>\s*[\"«“”]\s*)")
_CLOSE = re.compile(r"\s*[\"'»“”]?\s*[)\]]|[\"»“”]")
_BUCKET = 8  # a bucket with more names than this says nothing
_SPELLING = 6  # letters that both words must have before one may be a slip for the other
_KEY = 36  # names longer than this are not searched for slips
_SKELETON = 3  # consonants that a name must have to be matched across scripts
_FUZZY_SKELETON = 6
_RATIO = 85.0
_UNITS = 16  # names longer than this are looked for nowhere inside


def by_brackets(clusters: Clusters, tagged: Tagged) -> None:
    """Joins a name with the one in brackets or quotes right after it: ``سامسونغ (Samsung)``, ``وكالة الأنباء "وان"``.

    Not a place with a place in the same script: ``طرابلس (لبنان)`` says where it lies.
    """
    text = tagged.document.text
    of = {i: node for node in clusters.nodes for i in node.mentions}
    for i in range(len(tagged.mentions) - 1):
        one, other = of.get(i), of.get(i + 1)
        if one is None or other is None or one.label is not other.label:
            continue
        left, right = tagged.mentions[i], tagged.mentions[i + 1]
        gap = _TWIN.fullmatch(text, left.end, right.start)
        if gap is None or not _CLOSE.match(text, right.end):
            continue
        scripts = one.name.arabic != other.name.arabic
        full = len(one.name.units) > 1 and len(other.name.units) > 1
        if scripts or not (gap["glued"] or one.label is Label.PLACE or (one.label is Label.PERSON and full)):
            clusters.join(one, other)


def by_spelling(clusters: Clusters) -> None:
    """Joins names that differ by one slip in one long word (``كنجستون``, ``كنجتسون``)."""
    nodes = [n for n in clusters.nodes if not n.is_short_person]
    _pair_up(clusters, nodes, nodes, _spellings, _one_slip)


def _spellings(node: Node) -> Iterable[str]:
    key = node.name.key
    return deletions(key) if _SPELLING <= len(key) <= _KEY else ()


def _one_slip(one: Node, other: Node) -> bool:
    a, b = one.name, other.name
    if one.label is not other.label or a.generation != b.generation or len(a.units) != len(b.units):
        return False
    if a.head and b.head and a.head != b.head:
        return False
    different = [(x, y) for x, y in zip(a.units, b.units, strict=True) if x != y]
    if len(different) != 1:
        return False
    x, y = map(loose, different[0])
    least = _SPELLING + (len(a.units) == 1)
    return min(len(x), len(y)) >= least and not any(map(str.isdigit, x + y)) and OSA.distance(x, y) <= 1


def by_script(clusters: Clusters) -> None:
    """Joins a Latin name with the one Arabic name of the document that has its consonants."""
    latin = [n for n in clusters.nodes if not n.name.arabic and any(map(str.isalpha, n.name.core))]
    arabic = [n for n in clusters.nodes if n.name.arabic] if latin else []
    _pair_up(clusters, latin, arabic, lambda n: [_bones(n)] if len(_bones(n)) >= _SKELETON else [], _same_bones)
    _pair_up(
        clusters,
        latin,
        arabic,
        lambda n: deletions(_bones(n)) if len(_bones(n)) >= _FUZZY_SKELETON else [],
        _like_bones,
    )


def _bones(node: Node) -> str:
    return _joined_bones(node.name.units)


@lru_cache(maxsize=65536)
def _joined_bones(units: tuple[str, ...]) -> str:
    return "".join(map(skeleton, units))


def _digits(node: Node) -> list[str]:
    return [unit for unit in node.name.units if unit.isdigit()]


def _same_bones(one: Node, other: Node) -> bool:
    return one.label is other.label and _bones(one) == _bones(other) and _digits(one) == _digits(other)


def _like_bones(one: Node, other: Node) -> bool:
    return (
        one.label is other.label
        and len(one.name.units) == len(other.name.units)
        and _digits(one) == _digits(other)
        and ratio(_bones(one), _bones(other)) >= _RATIO
    )


def _pair_up(
    clusters: Clusters,
    some: list[Node],
    others: list[Node],
    signs: Callable[[Node], Iterable[str]],
    alike: Callable[[Node, Node], bool],
) -> None:
    """Joins pairs that are alike where each has one such partner set. Linear: large buckets are left out."""
    buckets: dict[tuple[Label, str], list[Node]] = {}
    for node in others:
        for sign in dict.fromkeys(signs(node)):
            buckets.setdefault((node.label, sign), []).append(node)
    partners: dict[int, dict[int, Node]] = {}
    for node in some:
        for sign in dict.fromkeys(signs(node)):
            bucket = buckets.get((node.label, sign), [])
            if len(bucket) > _BUCKET:
                continue
            for other in bucket:
                if clusters.find(node) != clusters.find(other) and alike(node, other):
                    partners.setdefault(clusters.find(node), {})[clusters.find(other)] = other
                    partners.setdefault(clusters.find(other), {})[clusters.find(node)] = node
    for root, found in sorted(partners.items(), key=lambda item: item[0]):
        partner, node = next(iter(found.items()))
        if len(found) == 1 and len(partners[partner]) == 1:
            clusters.join(clusters.nodes[root], node)


def by_containment(clusters: Clusters, is_region: Callable[[Sequence[str]], bool]) -> None:
    """Joins a short name of a body, place or product with the one longer name that begins or ends with it.

    Not a body with its branch in a country or region (``باناسونيك الخليج``), nor with what is named after it (``مجلس
    الاتحاد``), nor a product with its model (``ثينك باد إكس 1``), nor a place that the knowledge has with a longer one.
    """
    longer: dict[tuple[Label, bool, tuple[str, ...]], list[Node]] = {}
    for node in clusters.nodes:
        units = node.name.units
        if node.label is Label.PERSON or not 1 < len(units) <= _UNITS:
            continue
        for i in range(1, len(units)):
            longer.setdefault((node.label, True, units[:i]), []).append(node)
            if node.label is not Label.PLACE:
                longer.setdefault((node.label, False, units[i:]), []).append(node)

    def may_stand_for(long: Node, n: int, begins: bool) -> bool:
        units = long.name.units
        if not begins:
            return not any(map(names_a_body, units[:-n]))
        words = long.name.core.split(" ")
        rest = words[n:] if len(words) == len(units) else units[n:]
        return not any(map(str.isdigit, rest)) and not is_region(rest)

    shorts = [n for n in clusters.nodes if n.label is not Label.PERSON and not (n.label is Label.PLACE and n.entry)]
    for node in sorted(shorts, key=lambda n: (-len(n.name.units), n.index)):
        n = len(node.name.units)
        for begins in (True, False):
            found = longer.get((node.label, begins, node.name.units), [])
            found = [other for other in found if may_stand_for(other, n, begins)]
            if found and len({clusters.find(other) for other in found}) == 1:
                clusters.join(found[0], node)


def by_acronym(clusters: Clusters) -> None:
    """Joins a Latin acronym with the one Latin name that it abbreviates (``BI``, ``Business Insider``)."""
    names: dict[tuple[Label, str], list[Node]] = {}
    for node in clusters.nodes:
        if letters := initials(node.text):
            names.setdefault((node.label, letters), []).append(node)
    for node in clusters.nodes:
        if node.text.isascii() and node.text.isupper():
            found = names.get((node.label, fold(node.text).replace(".", "")), [])
            if found and len({clusters.find(n) for n in found}) == 1:
                clusters.join(found[0], node)
