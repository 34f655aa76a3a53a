"""What each document calls an entity, kept on its ``MENTIONED_IN`` so that names can be made anew when documents go.

``names`` are the texts of its mentions; ``called`` has a JSON array for each entity of the document that it stands
for: label, weight, name, Arabic name, English name, Wikidata id. It is what `rawabit.graph.assemble` gathers.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from rawabit.graph.assemble import LABELS, best_name, commonest_label
from rawabit.graph.model import Extraction, Resolution, member_key, occurrence_id
from rawabit.graph.scratch import Scratch
from rawabit.ner.model import Label

__all__ = ["Names", "renamed"]


class Names(Scratch):
    """Names by id of the occurrence, in a temporary file; close it, or use it in a ``with`` statement."""

    def __init__(self) -> None:
        super().__init__("CREATE TABLE name (id TEXT PRIMARY KEY, body TEXT) WITHOUT ROWID")

    def watch(self, extractions: Iterable[Extraction], resolution: Resolution) -> Iterator[Extraction]:
        """Yield `extractions` and take their names in."""
        for extraction in extractions:
            found: dict[str, tuple[set[str], list[str]]] = {}
            for entity in extraction.entities:
                if entity.label not in LABELS:
                    continue
                world = resolution.members[member_key(extraction.document.id, entity.id)].id
                texts, called = found.setdefault(world, (set(), []))
                own = [m.text for m in entity.mentions if m.label is not Label.NORP]
                texts.update(own)
                row = [str(entity.label), max(1, len(own)), entity.name, entity.name_ar, entity.name_en]
                called.append(json.dumps([*row, entity.wikidata], ensure_ascii=False))
            self._db.executemany(
                "INSERT OR REPLACE INTO name VALUES (?, ?)",
                (
                    (occurrence_id(world, extraction.document.id), json.dumps([sorted(texts), sorted(called)]))
                    for world, (texts, called) in found.items()
                ),
            )
            yield extraction

    def get(self, occurrence: str) -> dict[str, list[str]]:
        """Properties for a ``MENTIONED_IN`` by its id; none where nothing is known."""
        row = self._db.execute("SELECT body FROM name WHERE id = ?", (occurrence,)).fetchone()
        if row is None:
            return {}
        texts, called = json.loads(row[0])
        return {"names": texts, "called": called} if texts else {"called": called}


def renamed(occurrences: Iterable[Mapping[str, Any]], before: Mapping[str, Any]) -> tuple[str | None, dict[str, Any]]:
    """Label and properties of an entity by all its occurrences, as `rawabit.graph.assemble` would make them.

    Args:
        occurrences: ``called``, ``names``, ``count`` and ``story`` of each.
        before: the properties it has; they stay where some occurrence says nothing of names (one that came from a
            file without them), and the aliases only grow.

    Returns:
        The label, None to keep it; the properties that are to be set, None to remove one.
    """
    labels, names, arabic, english = Counter[Label](), Counter[str](), Counter[str](), Counter[str]()
    wikidata: set[str] = set()
    aliases: set[str] = set()
    stories: set[str] = set()
    mentions, whole = 0, True
    for one in occurrences:
        mentions += one["count"] or 0
        stories.add(one["story"])
        aliases.update(one["names"] or ())
        whole = whole and bool(one["called"])
        for text in one["called"] or ():
            label, weight, name, name_ar, name_en, known = json.loads(text)
            labels[Label(label)] += weight
            names[name] += weight
            if name_ar:
                arabic[name_ar] += weight
            if name_en:
                english[name_en] += weight
            if known:
                wikidata.add(known)
    out: dict[str, Any] = {"mentionCount": mentions, "documentCount": len(stories)}
    if not whole or not names:
        name = before.get("name")
        out["aliases"] = sorted((aliases | set(before.get("aliases") or ())) - {name}) or None
        return None, out
    name = best_name(names)
    out |= {"name": name, "nameAr": best_name(arabic), "nameEn": best_name(english)}
    out |= {"aliases": sorted(aliases - {name}) or None, "wikidata": min(wikidata) if wikidata else None}
    return LABELS[commonest_label(labels)], out
