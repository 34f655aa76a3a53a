"""Names that the text itself calls one, by a bracket, a word or their place; and nicknames."""

from __future__ import annotations

import re
from collections.abc import Callable

from rawabit.graph.cluster import Clusters, Known, Node
from rawabit.ner.model import Label, Tagged
from rawabit.ner.tables import load_table
from rawabit.ner.text import fold

__all__ = ["by_nickname", "by_twins"]

_TWIN = re.compile(
    r"\s*[\"»”]?\s*[(\[]\s*[\"'«“”]?\s*|(?P<quoted>\s+[\"«“”])|(?P<glued>\s*[\"«“”]\s*)|(?P<beside>[ \u00a0]+|\s+أو\s+)"
)
_CLOSE = re.compile(r"\s*[\"'»“”]?\s*[)\]]|[\"»“”]")
_GAP = 60  # characters at most between a name and its alias
_ALIAS_GAP = re.compile(r"[\w\s,()\[\]\"':]*")
_WORD = re.compile(r"\w+")
_DATA = load_table("names", "rawabit.graph.data")
_ALIAS = frozenset(map(fold, _DATA["alias_words"]))
_FILLERS = frozenset(map(fold, _DATA["alias_fillers"]))
_CALLERS = frozenset(map(fold, _DATA["nickname_heads"]))
_NICKNAMES = {
    (Label(label.upper()), fold(name)): meant
    for label, names in _DATA["nicknames"].items()
    for name, meant in names.items()
}


def by_twins(clusters: Clusters, tagged: Tagged) -> None:
    """Joins a name with its twin right after it: ``سامسونغ (Samsung)``, ``شركة ساب SAP``, ``وكالة الأنباء "وان"``,
    ``سالم الحمداني الملقب بالصقر``.

    Not a place with a place in the same script: ``طرابلس (لبنان)`` says where it lies. A name in quotes is a twin only
    where the document says it first; later it is what the name before it acts on (``حذرت الهيئة «مراكب»``). Without a
    mark between them, an Arabic name and the Latin one after it are twins; a Latin one and the Arabic one after it are
    not (a body, and what it does something to).
    """
    text = tagged.document.text
    of = {i: node for node in clusters.nodes for i in node.mentions}
    for i in range(len(tagged.mentions) - 1):
        one, other = of.get(i), of.get(i + 1)
        if one is None or other is None or one.label is not other.label:
            continue
        left, right = tagged.mentions[i], tagged.mentions[i + 1]
        if right.start - left.end > _GAP:
            continue
        gap = _TWIN.fullmatch(text, left.end, right.start)
        scripts = one.name.arabic != other.name.arabic
        if gap is None:
            if _says_alias(text[left.end : right.start]):
                clusters.join(one, other)
            continue
        if gap["beside"]:
            if scripts and (one.name.arabic or gap["beside"].strip()):
                clusters.join(one, other)
            continue
        if not _CLOSE.match(text, right.end):
            continue
        full = len(one.name.units) > 1 and len(other.name.units) > 1
        said = gap["quoted"] and other.mentions[0] < i + 1
        plain = not (gap["glued"] or said or one.label is Label.PLACE or (one.label is Label.PERSON and full))
        if scripts or plain:
            clusters.join(one, other)


def _says_alias(gap: str) -> bool:
    """Whether the words between two names say that they are one: ``، المعروف أيضا باسم "``, ``، وشهرته``."""
    folded = fold(gap)
    words = _WORD.findall(folded)
    known = all(word in _ALIAS or word in _FILLERS for word in words)
    return known and any(word in _ALIAS for word in words) and _ALIAS_GAP.fullmatch(folded) is not None


def by_nickname(clusters: Clusters, lookup: Callable[[str, Label | None], Known | None]) -> None:
    """Joins what a thing is called by (``النادي الملكي``) with the thing, where the document names it too."""
    entries = {entry.key: node for node in reversed(clusters.nodes) if (entry := clusters.entry(node))}
    for node in clusters.nodes:
        words = fold(node.text).split()
        while len(words) > 1 and words[0] in _CALLERS:
            del words[0]
        meant = _NICKNAMES.get((node.label, " ".join(words)))
        entry = lookup(meant, node.label) if meant else None
        if entry and entry.key in entries:
            _call(clusters, node, entries[entry.key])


def _call(clusters: Clusters, node: Node, thing: Node) -> None:
    if clusters.join(thing, node):
        return
    node.entry = None  # the same word is another thing's name elsewhere
    clusters.join(thing, node)
