"""Which shorter name of a person stands for which fuller one."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence

from rapidfuzz.distance import OSA

from rawabit.graph.cluster import Clusters, Node
from rawabit.graph.names import deletions, frame, is_given, loose, same_frame, short_forms
from rawabit.graph.relatives import aside_of
from rawabit.graph.scripts import other_script
from rawabit.ner.model import Label, Mention, Tagged

__all__ = ["Forms", "link_full_names", "link_short_names", "name_forms"]

_SLIP = 5  # letters that a family name must have before another may be a slip for it
_BUCKET = 8
Forms = dict[tuple[str, tuple[str, ...]], list[tuple[Node, int]]]


def name_forms(clusters: Clusters) -> Forms:
    """The persons that are named in full, by generation and by every shorter way to say their names."""
    forms: Forms = {}
    for node in clusters.nodes:
        if node.label is Label.PERSON and len(node.name.units) > 1:
            for form in short_forms(node.name.units):
                forms.setdefault((node.name.generation, _loose(form.units)), []).append((node, form.tier))
        elif node.label is Label.PERSON and node.name.generation:
            forms.setdefault(("", _loose(node.name.units)), []).append((node, 1))
    return forms


def _loose(units: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(map(loose, units))


def link_full_names(clusters: Clusters, forms: Forms, tagged: Tagged) -> None:
    """Joins a name of two words or more with the longer one that it shortens, where there is one such person."""
    full = [n for n in clusters.nodes if n.label is Label.PERSON and not n.is_short_person]
    for node in sorted(full, key=lambda n: (-len(n.name.units), n.index)):
        longer = [other for other, _ in forms.get((node.name.generation, _loose(node.name.units)), ())]
        if len({clusters.find(other) for other in longer}) > 1:
            longer = _not_aside(clusters, longer, tagged, {})
        if longer and len({clusters.find(other) for other in longer}) == 1:
            clusters.join(longer[0], node)


def _not_aside(
    clusters: Clusters, bearers: Sequence[Node], tagged: Tagged, namesakes: Mapping[int, Sequence[Node]]
) -> list[Node]:
    """Those of the bearers of a name whom the text brings in least as somebody's relatives."""
    aside: dict[int, int] = {}
    for node in bearers:
        root = clusters.find(node)
        for other in namesakes.get(node.index, (node,)):
            for i in other.mentions:
                aside[root] = min(aside_of(tagged, i), aside.get(root, 9))
    least = min(aside.values(), default=0)
    return [node for node in bearers if aside.get(clusters.find(node), 0) == least]


def link_short_names(clusters: Clusters, forms: Forms, tagged: Tagged) -> None:
    """Joins each single name with the one person of the document who bears it, in either script.

    A family name goes before a first name, a first name before a middle one. Of two persons with the family name, the
    one whom the text brings in as a relative (``شقيقه سالم الحمداني``) gives way to the other; among equals,
    each mention means the one who was named in full last; before any was, it stays by itself. A person whom the
    knowledge knows by the single name gives way to one of that family whom the document names in full (an article on
    another Clinton says Clinton of her), unless it names him in full too.
    """
    mentions = tagged.mentions
    shorts = [node for node in clusters.nodes if node.is_short_person]
    known: dict[str, Node] = {}
    same: dict[int, list[Node]] = {}
    for node in clusters.nodes:
        if node.label is Label.PERSON and not node.is_short_person:
            same.setdefault(clusters.find(node), []).append(node)
            if entry := clusters.entry(node):
                known.setdefault(entry.key, node)
    namesakes = {node.index: group for group in same.values() for node in group}
    alone: list[Node] = []
    slips = _surnames(clusters)
    across = other_script(clusters)
    for node in shorts:
        bearers = [(o, tier) for o, tier in forms.get(("", _loose(node.name.units)), ())]
        bearers += across(node)
        if node.entry:
            if node.entry.key in known:
                clusters.join(known[node.entry.key], node)
                continue
            first = node.mentions[0] if node.mentions else -1
            bearers = [
                (o, tier)
                for o, tier in bearers
                if (tier == 0 and not all(aside_of(tagged, i) for full in namesakes[o.index] for i in full.mentions))
                or (tier == 1 and o.mentions[0] < first)
            ]
        least = min((tier for _, tier in bearers), default=0)
        found = [o for o, tier in bearers if tier == least]
        roots = {clusters.find(o) for o in found}
        if len(roots) > 1 and least == 0:
            found = _not_aside(clusters, found, tagged, namesakes)
            roots = {clusters.find(o) for o in found}
        if len(roots) == 1:
            node.entry = None
            clusters.join(found[0], node)
        elif len(roots) > 1 and least == 0:
            _split(clusters, node, [full for o in found for full in namesakes[o.index]], mentions)
        if len(roots) != 1:
            alone.append(node)
        if not bearers and not node.entry:
            _by_slip(clusters, node, slips)
    first_of: dict[str, Node] = {}
    for node in alone:
        clusters.join(first_of.setdefault(node.entry.key if node.entry else f" {node.name.key}", node), node)
    like: dict[str, Node] = {}
    for node in first_of.values():
        if not node.entry and node.name.arabic:
            other = like.setdefault(frame(node.name.units[0]), node)
            if same_frame(node.name.units[0], other.name.units[0]):
                clusters.join(other, node)


def _surnames(clusters: Clusters) -> dict[str, list[Node]]:
    slips: dict[str, list[Node]] = {}
    for node in clusters.nodes:
        units = node.name.units
        if node.label is Label.PERSON and any(form.units == units[-1:] for form in short_forms(units)):
            surname = loose(units[-1])
            if len(surname) >= _SLIP:
                for sign in deletions(surname):
                    slips.setdefault(sign, []).append(node)
            slips.setdefault(f" {frame(surname)}", []).append(node)
    return slips


def _by_slip(clusters: Clusters, node: Node, slips: dict[str, list[Node]]) -> None:
    """Joins a misspelt family name with the one person whose it may be."""
    word = loose(node.name.units[0])
    found: dict[int, Node] = {}
    for other in slips.get(f" {frame(word)}", [])[:_BUCKET]:
        if same_frame(node.name.units[0], other.name.units[-1]):
            found[clusters.find(other)] = other
    for sign in deletions(word) if len(word) >= _SLIP else ():
        for other in slips.get(sign, [])[:_BUCKET]:
            surname = other.name.units[-1]
            both_given = is_given(node.name.units[0]) and is_given(surname)
            if not both_given and OSA.distance(word, loose(surname)) <= 1:
                found[clusters.find(other)] = other
    if len(found) == 1:
        clusters.join(next(iter(found.values())), node)


def _split(clusters: Clusters, node: Node, bearers: Sequence[Node], mentions: Sequence[Mention]) -> None:
    """Gives each mention of an ambiguous family name to the bearer named in full last before it."""
    named = sorted({(mentions[i].start, full.index) for full in bearers for i in full.mentions})
    starts = [start for start, _ in named]
    left: list[int] = []
    parts: dict[int, Node] = {}
    for i in node.mentions:
        at = bisect_left(starts, mentions[i].start)
        if at == 0:
            left.append(i)
            continue
        owner = clusters.nodes[named[at - 1][1]]
        root = clusters.find(owner)
        if root not in parts:
            parts[root] = clusters.add(node.label, node.text, node.name)
            clusters.join(owner, parts[root])
        parts[root].mentions.append(i)
    node.mentions[:] = left
