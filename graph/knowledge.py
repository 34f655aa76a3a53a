"""Names from a file of the user's: a table or a dump of Wikidata or JRC-Names, imported into SQLite.

Which entry a name links to is decided when the file is written:

- Of the entries of one label that share a name, none is linked, unless one is far more prominent than every other:
  ten sitelinks or more, and five times those of the next.
- Where a table of the user's has the name, its entries alone compete, and what they say goes before the gazetteer:
  its entry is linked, or nothing where two of its entries share the name. Else the gazetteer goes first.
- A person's single name (``سالم``, titles aside) links to nobody.

A thing of which both the file and the gazetteer have the Q-number is one thing, whatever names it is found by.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from rawabit.graph.knowledge_file import FORMAT, is_knowledge, links
from rawabit.graph.link import Knowledge, Known
from rawabit.graph.model import Extraction
from rawabit.ner.gazetteer import Gazetteer
from rawabit.ner.gazetteer import load as load_gazetteer
from rawabit.ner.model import Label

__all__ = ["Entry", "Layered", "enrich", "open_knowledge"]

_LABELS = (Label.PLACE, Label.ORGANIZATION, Label.PERSON, Label.PRODUCT)
_ENTRY = "key, entries.label, name_ar, name_en, wikidata, country, kind"


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the file, for linking. Attributes as of `rawabit.ner.gazetteer.Entry`; `own` as of
    `rawabit.graph.knowledge_file.Record`."""

    key: str
    label: Label
    name_ar: str
    name_en: str
    wikidata: str | None
    country: str | None
    kind: str
    own: bool


def open_knowledge(path: Path | None) -> Knowledge:
    """The gazetteer with what a file knows besides; the gazetteer alone for None.

    Opened for reading only, once in each process for as long as the file is the same.

    Raises:
        OSError: there is no such file.
        ValueError: it is not one that `write_knowledge` wrote.
    """
    if path is None:
        return load_gazetteer()
    path = Path(path).resolve()
    stat = path.stat()
    return _open(path, stat.st_mtime_ns, stat.st_size, stat.st_ino)


@lru_cache(maxsize=2)
def _open(path: Path, *_: int) -> Layered:
    return Layered(path, load_gazetteer())


class Layered:
    """A gazetteer with a file of knowledge over it; safe to share between threads.

    Attributes:
        version: eight hex digits of what the file holds, the same for the same entries.
    """

    def __init__(self, path: Path, base: Gazetteer) -> None:
        if not is_knowledge(path):
            raise ValueError(f"{path}: not a file that rawabit knowledge import wrote")
        self._path = path
        self._base = base
        self._by_number = {(entry.wikidata, entry.label): entry for entry in base.entries if entry.wikidata}
        self._local = threading.local()
        self._found = lru_cache(maxsize=65536)(self._find)
        if self._rows("PRAGMA user_version") != [(FORMAT,)]:
            raise ValueError(f"{path}: written by another version of rawabit, import it anew")
        rows = self._rows("SELECT value FROM meta WHERE name = 'digest'")
        if not rows:
            raise ValueError(f"{path}: not a whole file, import it anew")
        self.version = str(rows[0][0])[:8]

    def lookup(self, name: str, label: Label | None = None, /) -> Known | None:
        """The entry that bears the name, or None.

        Without a label (an adjective is asked for) only the user's own entries and the gazetteer's count: somewhere
        in a dump a newspaper is called ``العربي``.
        """
        return self._found(name, label)

    def beyond(self, name: str, label: Label) -> Known | None:
        """As `lookup`, but None where the gazetteer alone says the same."""
        found = self.lookup(name, label)
        return None if found is self._base.lookup(name, label) else found

    def demonym(self, word: str, /) -> Known | None:
        """The country that an adjective of nationality means, or None: the gazetteer's."""
        entry = self._base.demonym(word)
        return self._renamed(entry) if entry else None

    def _find(self, name: str, label: Label | None) -> Known | None:
        if label is None:
            for one in _LABELS:
                found, own = self._linked(name, one)
                if own and found and found.name_ar:
                    return found
            base = self._base.lookup(name)
            return self._renamed(base) if base else None
        found, own = self._linked(name, label)
        if own:
            return found
        base = self._base.lookup(name, label)
        return self._renamed(base) if base else found

    def _linked(self, name: str, label: Label) -> tuple[Known | None, bool]:
        """What the file links a name to, and whether a table of the user's has the name."""
        key = links(name, label)
        rows = key and self._rows(
            f"SELECT {_ENTRY}, forms.own, ambiguous FROM forms JOIN entries ON entries.id = forms.entry"
            " WHERE fold = ? AND forms.label = ? AND (ambiguous = 0 OR forms.own = 1) ORDER BY ambiguous LIMIT 1",
            key, str(label),
        )  # fmt: skip
        if not rows:
            return None, False
        *values, own, ambiguous = rows[0]
        return (None if ambiguous else self._entry(values, own=bool(own))), bool(own)

    def _renamed(self, base: Known) -> Known:
        """An entry of the gazetteer with the names that a table of the user's has for its Q-number."""
        rows = base.wikidata and self._rows(
            f"SELECT {_ENTRY} FROM entries WHERE wikidata = ? AND label = ? AND own = 1", base.wikidata, str(base.label)
        )
        return self._entry(rows[0], own=True) if rows else base

    def _entry(self, row: Sequence[object], *, own: bool) -> Known:
        key, label, name_ar, name_en, wikidata, country, kind = map(str, row)
        base = self._by_number.get((wikidata, Label(label)))
        if base is None:
            return Entry(key, Label(label), name_ar, name_en, wikidata or None, country or None, kind, own)
        if not own:
            return base
        return Entry(
            base.key, base.label, name_ar or base.name_ar, name_en or base.name_en, base.wikidata,
            country or base.country, base.kind, own,
        )  # fmt: skip

    def _rows(self, query: str, *values: str) -> list[tuple[object, ...]]:
        try:
            database = getattr(self._local, "database", None)
            if database is None:
                uri = f"{self._path.as_uri()}?mode=ro&immutable=1"
                database = self._local.database = sqlite3.connect(uri, uri=True)
            rows: list[tuple[object, ...]] = database.execute(query, values).fetchall()
            return rows
        except sqlite3.Error as error:
            raise RuntimeError(f"{self._path}: {error}") from error


def enrich(extractions: Iterable[Extraction], knowledge: Knowledge) -> Iterator[Extraction]:
    """Extractions with names and Q-numbers of what a file knows besides, for those that were made without it.

    What the gazetteer says by itself changes nothing: the extractor has it always, and has seen the whole document.
    """
    if not isinstance(knowledge, Layered):
        yield from extractions
        return
    for extraction in extractions:
        entities = []
        for entity in extraction.entities:
            names = (entity.name, entity.name_ar, entity.name_en) if entity.label in _LABELS else ()
            found = next((hit for name in names if name and (hit := knowledge.beyond(name, entity.label))), None)
            if found and (entity.wikidata is None or (isinstance(found, Entry) and found.own)):
                entity = replace(  # noqa: PLW2901
                    entity,
                    name_ar=found.name_ar or entity.name_ar,
                    name_en=found.name_en or entity.name_en,
                    wikidata=found.wikidata,
                )
            entities.append(entity)
        yield replace(extraction, entities=tuple(entities))
