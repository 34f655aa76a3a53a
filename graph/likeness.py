"""Names that are written differently and are likely one: misspelt, cut short, as initials."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from rapidfuzz.distance import OSA

from rawabit.graph.cluster import Clusters, Node
from rawabit.graph.names import deletions, frame, initials, letters, loose, same_frame
from rawabit.ner.model import Label
from rawabit.ner.text import fold

__all__ = ["by_acronym", "by_containment", "by_spelling", "variants"]

_BUCKET = 8  # a bucket with more names than this says nothing
_SPELLING = 6  # letters that both words must have before one may be a slip for the other
_KEY = 36  # names longer than this are not searched for slips
_UNITS = 16  # names longer than this are looked for nowhere inside


def by_spelling(clusters: Clusters) -> None:
    """Joins names that differ by one slip in one long word (``كنجستون``, ``كنجتسون``) or in their long vowels."""
    nodes = [n for n in clusters.nodes if not n.is_short_person]
    _pair_up(clusters, nodes, _spellings, _one_slip)
    _pair_up(clusters, nodes, _frames, variants)


def _spellings(node: Node) -> Iterable[str]:
    key = node.name.key
    return deletions(key) if _SPELLING <= len(key) <= _KEY else ()


def _frames(node: Node) -> Iterable[str]:
    units = node.name.units
    return [" ".join(map(frame, units))] if node.name.arabic and len(units) <= _UNITS else ()


def _one_slip(one: Node, other: Node) -> bool:
    a, b = one.name, other.name
    if not _same_shape(one, other):
        return False
    different = [(x, y) for x, y in zip(a.units, b.units, strict=True) if x != y]
    if len(different) != 1:
        return False
    x, y = map(loose, different[0])
    least = _SPELLING + (len(a.units) == 1)
    return min(len(x), len(y)) >= least and not any(map(str.isdigit, x + y)) and OSA.distance(x, y) <= 1


def _same_shape(one: Node, other: Node) -> bool:
    a, b = one.name, other.name
    heads = {a.head, b.head} - {""}
    same = one.label is other.label and a.generation == b.generation and a.arabic == b.arabic
    return same and len(a.units) == len(b.units) and len(heads) < 2


def variants(one: Node, other: Node) -> bool:
    """Whether two names of one script differ only in long vowels of foreign words (``لومن``, ``لومين``)."""
    return _same_shape(one, other) and all(map(same_frame, one.name.units, other.name.units))


def _pair_up(
    clusters: Clusters,
    nodes: list[Node],
    signs: Callable[[Node], Iterable[str]],
    alike: Callable[[Node, Node], bool],
) -> None:
    """Joins each name with the one that it is like, where there is one such set, or with the commonest that all its
    likenesses share. Linear: large buckets are left out."""
    buckets: dict[tuple[Label, str], list[Node]] = {}
    for node in nodes:
        for sign in dict.fromkeys(signs(node)):
            buckets.setdefault((node.label, sign), []).append(node)
    partners: dict[int, dict[int, Node]] = {}
    for node in nodes:
        for sign in dict.fromkeys(signs(node)):
            bucket = buckets.get((node.label, sign), [])
            if len(bucket) > _BUCKET:
                continue
            for other in bucket:
                if clusters.find(node) != clusters.find(other) and alike(node, other):
                    partners.setdefault(clusters.find(node), {})[clusters.find(other)] = other
                    partners.setdefault(clusters.find(other), {})[clusters.find(node)] = node
    size = clusters.sizes()
    for root, found in sorted(partners.items(), key=lambda item: item[0]):
        partner, node = next(iter(found.items()))
        # Two slips for one name: the name is said more often than either.
        if len(found) == 1 and (len(partners[partner]) == 1 or size[partner] > 2 * size[root]):
            clusters.join(clusters.nodes[root], node)


def by_containment(
    clusters: Clusters, may_stand_for: Callable[[Node, Node, bool], bool], is_branch: Callable[[Node, Node], bool]
) -> None:
    """Joins a short name of a body, place or product with the one longer name that begins or ends with it, or that has
    more words in the middle.

    Not where `may_stand_for` denies it of the two names and of whether the short one begins the other, nor where the
    middle makes it a branch; nor a place that the knowledge has with a longer one.
    """
    longer: dict[tuple[Label, str, tuple[str, ...]], list[Node]] = {}
    for node in clusters.nodes:
        units = node.name.units
        if node.label is Label.PERSON or not 1 < len(units) <= _UNITS:
            continue
        for i in range(1, len(units)):
            longer.setdefault((node.label, "first", units[:i]), []).append(node)
            if node.label is not Label.PLACE:
                longer.setdefault((node.label, "last", units[i:]), []).append(node)
        if node.label is Label.ORGANIZATION:
            for i in range(1, len(units) - 1):
                for j in range(i + 1, len(units)):
                    longer.setdefault((node.label, "both", units[:i] + units[j:]), []).append(node)

    # مدار القابضة is no short name of مدار للتجارة, and with it مدار is none.
    formal = {
        clusters.find(node)
        for node in clusters.nodes
        if node.label is Label.ORGANIZATION and (node.name.head == "company" or node.name.tail)
    }
    shorts = [n for n in clusters.nodes if n.label is not Label.PERSON and not (n.label is Label.PLACE and n.entry)]
    for node in sorted(shorts, key=lambda n: (-len(n.name.units), n.index)):
        for part in ("first", "last", "both"):
            found = longer.get((node.label, part, node.name.units), [])
            if part == "both":
                found = [other for other in found if not is_branch(node, other)]
            else:
                found = [
                    o for o in found if may_stand_for(node, o, part == "first") and clusters.find(node) not in formal
                ]
            if found and len({clusters.find(other) for other in found}) == 1:
                clusters.join(found[0], node)


def by_acronym(clusters: Clusters) -> None:
    """Joins a Latin acronym with the one name that it abbreviates (``BI``, ``Business Insider``), or that spells it by
    the names of its letters (``إم بي سي``)."""
    names: dict[tuple[Label, str], list[Node]] = {}
    spelt: dict[tuple[Label, int], list[Node]] = {}
    for node in clusters.nodes:
        if first := initials(node.text):
            names.setdefault((node.label, first), []).append(node)
        if node.name.arabic and len(node.name.units) > 1 and all(map(letters, node.name.units)):
            spelt.setdefault((node.label, len(node.name.units)), []).append(node)
    for node in clusters.nodes:
        if node.text.isascii() and node.text.isupper():
            acronym = fold(node.text).replace(".", "")
            found = names.get((node.label, acronym), []) + [
                other
                for other in spelt.get((node.label, len(acronym)), [])
                if all(c in letters(unit) for c, unit in zip(acronym, other.name.units, strict=True))
            ]
            if found and len({clusters.find(n) for n in found}) == 1:
                clusters.join(found[0], node)
