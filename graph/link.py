"""Which mentions of one document are one thing.

Every mention becomes part of exactly one entity, except for adjectives (NORP) that stand for no country, body or place
that the knowledge or the document names: ``الشيعي``, ``الجمهوري``. The ontology has no entity for them (an entity is
never a NORP) and no claim may use them, so they stay in `Tagged.mentions` and end there.

The rules prefer two entities to a wrong one: a short name joins a longer one only where the document leaves one choice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from itertools import pairwise
from typing import Protocol

from rawabit.graph.cluster import Clusters, Known, Node
from rawabit.graph.entities import make_entity
from rawabit.graph.likeness import by_acronym, by_containment, by_spelling, variants
from rawabit.graph.model import Entity
from rawabit.graph.names import bare, join_units, names_a_body, names_a_kind, read_name, singular, whole_key
from rawabit.graph.people import link_full_names, link_short_names, name_forms
from rawabit.graph.relatives import is_part
from rawabit.graph.scripts import by_script
from rawabit.graph.twins import by_nickname, by_twins
from rawabit.graph.values import group_values
from rawabit.ner.model import Label, Mention, Tagged
from rawabit.ner.text import fold

__all__ = ["Knowledge", "Known", "link_entities"]

_CLITICS = "وفبلك"
_ENDINGS = ("يات", "يين", "يون", "ييه", "يه", "يا", "ي")
_NO_COMPANY = frozenset({"agency", "channel", "paper", "party", "team"})  # heads of what is no company
_REGIONS = frozenset({"country", "region", "continent"})
_NOISE = 3  # a label is taken for a slip of the tagger where another has this many times its mentions


class Knowledge(Protocol):
    """What is known of names beforehand; `rawabit.ner.gazetteer` has one."""

    def lookup(self, name: str, label: Label | None = None, /) -> Known | None:
        """The entry that bears the name, or None."""

    def demonym(self, word: str, /) -> Known | None:
        """The country that an adjective of nationality means, or None."""


def link_entities(tagged: Tagged, knowledge: Knowledge) -> tuple[Entity, ...]:
    """Clusters the mentions of a document.

    Args:
        tagged: a document with its mentions.
        knowledge: names known beforehand.

    Returns:
        Entities with ids ``e1``, ``e2``, … in order of first mention. Labels are those of most mentions (the first
        mention's at a tie); a mention whose own label differs keeps it. NORP mentions join the place or body that
        they mean, which is named by the knowledge where the document names it by the adjective only; those that mean
        none are left out (see above).
    """
    mentions = tagged.mentions
    clusters = Clusters()
    _add_names(clusters, mentions, knowledge)
    _read_demonyms(clusters, mentions, knowledge)
    _give_way(clusters)
    by_twins(clusters, tagged)
    _join_known(clusters, knowledge)
    by_nickname(clusters, knowledge.lookup)
    _join_same_key(clusters, knowledge)
    forms = name_forms(clusters)
    link_full_names(clusters, forms, tagged)
    by_spelling(clusters)
    parts = frozenset(
        node.index
        for node in clusters.nodes
        if node.label is Label.ORGANIZATION and len(node.name.units) > 1
        if any(is_part(tagged, i) for i in node.mentions)
    )
    may_stand = partial(_may_stand_for, knowledge=knowledge, parts=parts)
    by_script(clusters, may_stand, variants)
    by_containment(clusters, may_stand, partial(_is_branch, knowledge=knowledge))
    by_acronym(clusters)
    link_short_names(clusters, forms, tagged)
    _join_labels(clusters, knowledge)
    _join_adjectives(clusters, mentions, knowledge)
    groups = [(sorted(g, key=lambda i: (mentions[i].start, mentions[i].end, i)), e) for g, e in clusters.groups()]
    groups += [(g, None) for g in group_values(mentions)]
    groups.sort(key=lambda pair: (mentions[pair[0][0]].start, mentions[pair[0][0]].end, pair[0][0]))
    return tuple(
        make_entity(f"e{n}", [mentions[i] for i in group], entry) for n, (group, entry) in enumerate(groups, start=1)
    )


def _add_names(clusters: Clusters, mentions: Sequence[Mention], knowledge: Knowledge) -> None:
    """One node for each label and folded text, clitics taken off where the rest is a name of the document."""
    seen: dict[tuple[Label, str], Node] = {}
    nations = _nations(mentions, knowledge)
    for i, mention in enumerate(mentions):
        if mention.label in (Label.NORP, Label.MONEY, Label.DATE):
            continue
        text = f"{mention.text} {nations[i]}" if i in nations else mention.text
        key = (mention.label, " ".join(fold(text).split()))
        if key not in seen:
            seen[key] = clusters.add(mention.label, text, read_name(text, mention.label))
        seen[key].mentions.append(i)
    words = Counter((node.label, unit) for node in clusters.nodes for unit in set(node.name.units))
    for node in clusters.nodes:
        core, first = node.name.core, node.name.units[0]
        rest = core[1:].replace("ل", "ال", 1) if core.startswith("لل") else core[1:]
        if core[:1] in _CLITICS and words[node.label, first] == 1 and len(bare(rest.split(" ")[0])) > 3:
            name = read_name(rest, node.label)
            if words[node.label, name.units[0]] > 0:
                node.name = name
        node.entry = knowledge.lookup(node.text, node.label)
        if node.entry is None and node.name.core and not node.name.generation:
            found = knowledge.lookup(node.name.core, node.label)
            head, units = node.name.head, node.name.units
            city = head == "city" and found is not None and found.kind == "country"
            if city or (head in _NO_COMPANY and found is not None and found.kind == "company"):
                # The city that a country is called after, the party called as a company: not the one that is known.
                node.name = replace(
                    node.name, units=(f"{head}:{units[0]}", *units[1:]), head="", core=f"{head} {node.name.core}"
                )
            else:
                node.entry = found
    # In a text that says قطاع غزة, غزة is the strip, not the city.
    regions = {n.name.key: n.entry for n in clusters.nodes if n.label is Label.PLACE and n.name.head == "region"}
    for node in clusters.nodes:
        if node.label is Label.PLACE and node.name.key in regions:
            node.entry = regions[node.name.key] or node.entry


def _give_way(clusters: Clusters) -> None:
    """A name that the knowledge knows gives way to the one longer name of the document that only adds a generation
    or a nationality, and stands before it (``جورج بوش الأب … جورج بوش``, ``الأهلي السعودي … الأهلي``)."""
    longer: dict[tuple[Label, tuple[str, ...]], list[Node]] = {}
    for node in clusters.nodes:
        if node.entry and node.label is Label.PERSON and node.name.generation:
            longer.setdefault((node.label, node.name.units), []).append(node)
        elif node.entry and node.label is Label.ORGANIZATION and len(node.name.units) == 2:
            longer.setdefault((node.label, node.name.units[:1]), []).append(node)
    for node in clusters.nodes:
        found = [] if node.name.generation else longer.get((node.label, node.name.units), [])
        if node.entry and len({o.entry.key for o in found if o.entry}) == 1 and found[0].mentions[0] < node.mentions[0]:
            node.entry = found[0].entry


def _nations(mentions: Sequence[Mention], knowledge: Knowledge) -> dict[int, str]:
    """The adjective behind each mention of a body, of those names that have adjectives of two nations behind them."""
    found: dict[str, dict[int, tuple[str, str]]] = {}
    for i, (one, behind) in enumerate(pairwise(mentions)):
        close = one.label is Label.ORGANIZATION and behind.label is Label.NORP and behind.start - one.end == 1
        if close and (entry := knowledge.demonym(behind.text)):
            name = " ".join(fold(one.text).split())
            found.setdefault(name, {})[i] = entry.key, behind.text
    several = [some for some in found.values() if len({key for key, _ in some.values()}) > 1]
    return {i: adjective for some in several for i, (_, adjective) in some.items()}


def _read_demonyms(clusters: Clusters, mentions: Sequence[Mention], knowledge: Knowledge) -> None:
    """Bodies that are known with the adjective that stands behind them (``وزارة الدفاع الأمريكية``), which is no part
    of the name; where one name has two of them, it is neither's."""
    for node in clusters.nodes:
        if node.label is not Label.ORGANIZATION or node.entry is not None:
            continue
        behind = [mentions[i + 1] for i in node.mentions if i + 1 < len(mentions)]
        close = [
            adjective.text
            for i, adjective in zip(node.mentions, behind, strict=False)
            if adjective.label is Label.NORP and adjective.start - mentions[i].end == 1
        ]
        known = [knowledge.lookup(f"{node.text} {adjective}", Label.ORGANIZATION) for adjective in close]
        if known and known[0] is not None and all(one is not None and one.key == known[0].key for one in known):
            node.entry = known[0]


def _join_known(clusters: Clusters, knowledge: Knowledge) -> None:
    first: dict[str, Node] = {}
    for node in clusters.nodes:
        key = node.entry.key if node.entry else _model_key(node, knowledge)
        if key and not node.is_short_person:
            clusters.join(first.setdefault(key, node), node)


def _model_key(node: Node, knowledge: Knowledge) -> str:
    """The key of a numbered model of a product that the knowledge has without the number (``آي فون 4``), or ""."""
    words = node.name.core.split(" ")
    if node.label is not Label.PRODUCT or len(words) < 2 or not words[-1].isdigit():
        return ""
    entry = knowledge.lookup(" ".join(words[:-1]), Label.PRODUCT)
    return f"{entry.key} {words[-1]}" if entry else ""


def _may_stand_for(short: Node, long: Node, begins: bool, *, knowledge: Knowledge, parts: frozenset[int]) -> bool:
    """Whether a name that a longer one begins with, or else ends with, may stand for it.

    Not a body for its branch in a country or region (``باناسونيك الخليج``), unless the words are the kind of body
    (``دوري الأبطال``); nor for what is named after it (``مجلس الاتحاد``); nor a product for its model (``ثينك باد إكس
    1``); nor a body for one of `parts`, which the text calls a part of another.
    """
    units, n = long.name.units, len(short.name.units)
    if not begins:
        if len(units) == 2 and short.entry is None and not short.name.head:
            return True  # جامعة سهلون, where the text calls nothing else سهلون
        return not any(map(names_a_body, units[:-n]))
    words = long.name.core.split(" ")
    rest = words[n:] if len(words) == len(units) else units[n:]
    if any(map(str.isdigit, rest)):
        return False
    if long.index in parts:
        return False
    if n > 1 and names_a_kind(units[0]):
        return True
    return not _has_region(rest, knowledge)


def _is_branch(short: Node, long: Node, *, knowledge: Knowledge) -> bool:
    """Whether a body's name with a country or region in its middle is its branch there (``مدار الخليج للتجارة``)."""
    units, few = long.name.units, len(short.name.units)
    first = next(i for i in range(few, -1, -1) if units[:i] == short.name.units[:i])
    words = long.name.core.split(" ")
    words = words if len(words) == len(units) else list(units)
    return not names_a_kind(units[0]) and _has_region(words[first : len(units) - few + first], knowledge)


def _has_region(words: Sequence[str], knowledge: Knowledge) -> bool:
    return any(_is_region(words[i:], knowledge) for i in range(len(words)))


def _is_region(words: Sequence[str], knowledge: Knowledge) -> bool:
    """Whether words begin with a country or a part of the world (``الشرق الأوسط وإفريقيا``)."""
    entries = [knowledge.lookup(" ".join(words[:n]), Label.PLACE) for n in range(1, min(len(words), 3) + 1)]
    return any(entry is not None and entry.kind in _REGIONS for entry in entries)


def _join_same_key(clusters: Clusters, knowledge: Knowledge) -> None:
    """Joins names that differ in spelling, article, spaces or head only; not where the heads name two kinds."""
    whole: dict[tuple[Label, str], Node] = {}
    groups: dict[tuple[Label, str], list[Node]] = {}
    countries: dict[str, str] = {}
    for node in clusters.nodes:
        if not node.is_short_person:
            clusters.join(whole.setdefault((node.label, whole_key(node.text)), node), node)
            key = _body_key(node, knowledge, countries) if node.label is Label.ORGANIZATION else node.name.key
            groups.setdefault((node.label, key), []).append(node)
    for nodes in groups.values():
        heads = sorted({node.name.head for node in nodes if node.name.head})
        first: dict[str, Node] = {}
        for node in nodes:
            head = heads[0] if len(heads) == 1 else node.name.head
            clusters.join(first.setdefault(head, node), node)


def _body_key(node: Node, knowledge: Knowledge, countries: dict[str, str]) -> str:
    """The key of a body: ``حكومة قطر`` and ``الحكومة القطرية`` have one."""
    words = node.name.core.split(" ")
    out: list[str] = []
    i = 0
    while i < len(words):
        for n in (3, 2, 1):
            phrase = " ".join(words[i : i + n])
            fits = n == 1 or i + n == len(words)  # longer names of countries stand last
            if len(words) > 1 and fits and (country := _country(phrase, knowledge, countries)):
                out.append(f"@{country}@")
                i += n
                break
        else:
            out.append(words[i])
            i += 1
    units = join_units(out)
    return node.name.keyed(tuple(map(singular, units)))


def _country(phrase: str, knowledge: Knowledge, countries: dict[str, str]) -> str:
    if phrase not in countries:
        entry = None if " " in phrase else knowledge.demonym(phrase)
        if entry is None:
            entry = knowledge.lookup(phrase, Label.PLACE)
            entry = entry if entry and entry.kind == "country" else None
        countries[phrase] = entry.key if entry else ""
    return countries[phrase]


def _join_labels(clusters: Clusters, knowledge: Knowledge) -> None:
    """Joins same names under two labels: platform and company, and what looks like a slip of the tagger."""
    groups: dict[str, list[Node]] = {}
    for node in clusters.nodes:
        groups.setdefault(f"{node.name.head} {node.name.key}", []).append(node)
    size = clusters.sizes()
    for nodes in groups.values():
        for i, one in enumerate(nodes):
            for other in nodes[i + 1 : i + 9]:
                if one.label is other.label:
                    continue
                pair = {one.label, other.label}
                few, many = sorted((size[clusters.find(one)], size[clusters.find(other)]))
                if pair == {Label.ORGANIZATION, Label.PRODUCT} or many >= _NOISE * few:
                    clusters.join(one, other)
    bearers: dict[str, Node] = {}
    for node in clusters.nodes:
        if (entry := clusters.entry(node)) is not None:
            bearers.setdefault(entry.key, node)
    for node in clusters.nodes:
        found = knowledge.lookup(node.text) if clusters.entry(node) is None else None
        bearer = bearers.get(found.key) if found else None
        if bearer and bearer.label is not node.label:
            few, many = size[clusters.find(node)], size[clusters.find(bearer)]
            if many >= _NOISE * few:
                clusters.join(node, bearer)


def _join_adjectives(clusters: Clusters, mentions: Sequence[Mention], knowledge: Knowledge) -> None:
    by_entry: dict[str, Node] = {}
    by_stem: dict[str, set[int]] = {}
    halves: dict[str, set[int]] = {}
    for node in clusters.nodes:
        entry = clusters.entry(node)
        if entry:
            by_entry.setdefault(entry.key, node)
            if entry.kind == "country" and len(node.name.units) == 2:
                halves.setdefault(_stem(node.name.units[0]), set()).add(clusters.find(node))
        if node.label in (Label.PLACE, Label.ORGANIZATION) and len(node.name.units) == 1:
            by_stem.setdefault(_stem(node.name.units[0]), set()).add(clusters.find(node))
    words: dict[str, Node | None] = {}
    for i, mention in enumerate(mentions):
        if mention.label is not Label.NORP:
            continue
        word = " ".join(fold(mention.text).split())
        if word not in words:
            name = read_name(mention.text, Label.PLACE)
            entry = knowledge.demonym(mention.text) or knowledge.demonym(name.core)
            stems = by_stem.get(_stem(name.units[0]), set()) if len(name.units) == 1 else set()
            if entry is None and len(stems) != 1:
                found = knowledge.lookup(mention.text)
                entry = found if found and found.label in (Label.PLACE, Label.ORGANIZATION) else None
            if entry is None and not stems:
                stems = halves.get(_stem(name.units[0]), set())  # الكورية where the text has one of the two Koreas
            target = by_entry.get(entry.key) if entry else None
            if entry and target is None:
                target = clusters.add(entry.label, entry.name_ar, read_name(entry.name_ar, entry.label))
                target.entry = entry
                by_entry[entry.key] = target
            elif entry is None and len(stems) == 1:
                target = clusters.nodes[min(stems)]
            words[word] = target
        meant = words[word]
        if meant is not None:
            meant.mentions.append(i)


def _stem(unit: str) -> str:
    word = bare(unit)
    for ending in (*_ENDINGS, "ا", "ه"):
        if word.endswith(ending) and len(word) - len(ending) > 2:
            return word[: -len(ending)]
    return word
