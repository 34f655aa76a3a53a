"""The SQLite file of names that a user imported: what it holds and how it is written.

Which entry a name links to is decided here, once: see `rawabit.graph.knowledge`.
"""

from __future__ import annotations

import hashlib
import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

from rawabit.graph.names import name_key, read_name
from rawabit.ner.model import Label

__all__ = ["FORMAT", "Record", "Written", "is_knowledge", "links", "write_knowledge"]

_LEAST = 10  # sitelinks from which an entry may be far more prominent than its namesakes
_FAR = 5  # how many times those of the next
_BATCH = 5000
_APPLICATION = 0x52774B6E  # "RwKn", in the head of the file
FORMAT = 1
"""Of the file, in its ``user_version``."""

_SCHEMA = """
    CREATE TABLE out.entries (
        id INTEGER PRIMARY KEY, key TEXT NOT NULL, label TEXT NOT NULL, name_ar TEXT NOT NULL, name_en TEXT NOT NULL,
        wikidata TEXT NOT NULL, country TEXT NOT NULL, kind TEXT NOT NULL, own INTEGER NOT NULL,
        weight INTEGER NOT NULL);
    CREATE UNIQUE INDEX out.entries_key ON entries (key, label);
    CREATE INDEX out.entries_wikidata ON entries (wikidata, label);
    CREATE TABLE out.forms (
        fold TEXT NOT NULL, label TEXT NOT NULL, entry INTEGER NOT NULL REFERENCES entries, own INTEGER NOT NULL,
        ambiguous INTEGER NOT NULL, PRIMARY KEY (fold, label, entry)) WITHOUT ROWID;
    CREATE TABLE out.meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE raw (
        key TEXT, label TEXT, own INTEGER, name_ar TEXT, name_en TEXT, wikidata TEXT, country TEXT, kind TEXT,
        weight INTEGER, PRIMARY KEY (key, label, own)) WITHOUT ROWID;
    CREATE TABLE said (fold TEXT, label TEXT, key TEXT, own INTEGER);
"""
_ADD = """
    INSERT INTO raw VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET
        name_ar = better(name_ar, excluded.name_ar), name_en = better(name_en, excluded.name_en),
        wikidata = better(wikidata, excluded.wikidata), country = better(country, excluded.country),
        kind = better(kind, excluded.kind), weight = max(weight, excluded.weight)
"""
_MERGE = """
    INSERT INTO out.entries (key, label, name_ar, name_en, wikidata, country, kind, own, weight)
    SELECT * FROM (
        SELECT key, label,
            coalesce(max(CASE WHEN own = 1 THEN nullif(name_ar, '') END), max(name_ar)) AS ar,
            coalesce(max(CASE WHEN own = 1 THEN nullif(name_en, '') END), max(name_en)) AS en,
            max(wikidata),
            coalesce(max(CASE WHEN own = 1 THEN nullif(country, '') END), max(country)),
            coalesce(max(CASE WHEN own = 1 THEN nullif(kind, '') END), max(kind)),
            max(own), max(weight)
        FROM raw GROUP BY key, label)
    WHERE ar <> '' OR en <> '' ORDER BY key, label
"""
_FORMS = """
    SELECT said.fold, said.label, entries.id, max(said.own), entries.weight
    FROM said JOIN out.entries AS entries ON entries.key = said.key AND entries.label = said.label
    GROUP BY said.fold, said.label, entries.id ORDER BY said.fold, said.label, entries.id
"""


@dataclass(frozen=True, slots=True)
class Record:
    """What a line of a source says of a thing. Records of one key and label are put together, in any order.

    Attributes:
        key: a Q-number, or the source's own id with a prefix.
        label: PERSON, ORGANIZATION, PLACE or PRODUCT.
        name_ar, name_en: its usual names, either may be empty.
        aliases: other names, in any language.
        wikidata: Q-number, or empty.
        country: ISO 3166-1 alpha-2, or empty.
        kind: as in the gazetteer, or empty.
        weight: number of sitelinks, where the source gives it.
        own: from a table of the user's.
    """

    key: str
    label: Label
    name_ar: str = ""
    name_en: str = ""
    aliases: tuple[str, ...] = ()
    wikidata: str = ""
    country: str = ""
    kind: str = ""
    weight: int = 0
    own: bool = False


@dataclass(frozen=True, slots=True)
class Written:
    """What a file holds: entries, their names, and how many of these (by label) link to nothing as ambiguous."""

    entries: int
    names: int
    ambiguous: int


def links(name: str, label: Label) -> str:
    """The key under which a name is kept and found, or "" where it links to nothing by itself.

    >>> links("الدكتورة هالة الخوري", Label.PERSON), links("هالة", Label.PERSON), links("X", Label.PRODUCT)
    ('هاله خوري', '', '')
    """
    key = name_key(name, label)
    if not any(map(str.isalnum, key)) or len(key) < 2:
        return ""
    return "" if label is Label.PERSON and len(read_name(name, label).units) < 2 else key


def _better(one: str, other: str) -> str:
    """Of two values that sources give for one thing the one of two words or more, the shorter, the first."""
    if not one or not other:
        return one or other
    return min(one, other, key=lambda text: (" " not in text, len(text), text))


def _winner(candidates: Sequence[tuple[int, int]]) -> int | None:
    """Of (entry, weight) the entry that their common name links to.

    >>> _winner([(1, 0)]), _winner([(1, 9), (2, 0)]), _winner([(1, 60), (2, 12)]), _winner([(1, 59), (2, 12)])
    (1, None, 1, None)
    """
    first, *rest = sorted(candidates, key=lambda pair: (-pair[1], pair[0]))
    return first[0] if not rest or first[1] >= max(_LEAST, _FAR * rest[0][1]) else None


def write_knowledge(records: Iterable[Record], target: Path, *, batch: Callable[[], None] = lambda: None) -> Written:
    """Writes a file for `open_knowledge`. The same records in any order make the same bytes.

    The file appears whole or not at all, and not where there are no entries; memory does not grow with the records,
    disk space is needed beside `target` for about twice its size.

    Args:
        records: read once.
        target: replaced, whatever it is.
        batch: called after each transaction.

    Raises:
        OSError: the folder is not there or cannot be written to.
        RuntimeError: SQLite cannot write (a full disk, say).
    """
    target = target.resolve()
    with tempfile.TemporaryDirectory(prefix=f".{target.name}.", dir=target.parent) as folder:
        made = Path(folder) / "made.sqlite"
        database = sqlite3.connect(Path(folder) / "stage.sqlite", isolation_level=None)
        try:
            written = _write(database, records, made, batch)
        except sqlite3.Error as error:
            raise RuntimeError(f"{target}: {error}") from error
        finally:
            database.close()
        if written.entries:
            made.replace(target)
    return written


def _write(database: sqlite3.Connection, records: Iterable[Record], made: Path, batch: Callable[[], None]) -> Written:
    database.create_function("better", 2, _better, deterministic=True)
    database.execute("ATTACH ? AS out", (str(made),))
    for name in ("main", "out"):  # both are thrown away when anything goes wrong: no journals
        database.execute(f"PRAGMA {name}.journal_mode = OFF")
        database.execute(f"PRAGMA {name}.synchronous = OFF")
        database.execute(f"PRAGMA {name}.cache_size = -4096")
    database.execute(f"PRAGMA out.application_id = {_APPLICATION}")
    database.execute(f"PRAGMA out.user_version = {FORMAT}")
    database.executescript(_SCHEMA)
    database.execute("BEGIN")
    for number, record in enumerate(records, start=1):
        _add(database, record)
        if number % _BATCH == 0:
            database.execute("COMMIT")
            read_name.cache_clear()  # names of a dump come once: kept, they are nothing but memory
            batch()
            database.execute("BEGIN")
    database.execute(_MERGE)
    total = Written(database.execute("SELECT count(*) FROM out.entries").fetchone()[0], 0, 0)
    counts = [0, 0]
    database.executemany("INSERT INTO out.forms VALUES (?, ?, ?, ?, ?)", _decided(database.execute(_FORMS), counts))
    digest = hashlib.sha256()
    for table, order in (("entries", "id"), ("forms", "fold, label, entry")):
        for row in database.execute(f"SELECT * FROM out.{table} ORDER BY {order}"):
            digest.update(repr(row).encode("utf-8", "backslashreplace"))
    database.execute("INSERT INTO out.meta VALUES ('digest', ?)", (digest.hexdigest(),))
    database.execute("COMMIT")
    return replace(total, names=counts[0], ambiguous=counts[1])


def _add(database: sqlite3.Connection, record: Record) -> None:
    label = str(record.label)
    database.execute(
        _ADD,
        (record.key, label, record.own, record.name_ar, record.name_en, record.wikidata, record.country, record.kind,
         record.weight),
    )  # fmt: skip
    keys = {links(name, record.label): None for name in (record.name_ar, record.name_en, *record.aliases) if name}
    database.executemany(
        "INSERT INTO said VALUES (?, ?, ?, ?)", [(key, label, record.key, record.own) for key in keys if key]
    )


def _decided(
    rows: Iterable[tuple[str, str, int, int, int]], counts: list[int]
) -> Iterator[tuple[str, str, int, int, int]]:
    """Rows of `forms` from sorted (fold, label, entry, own, weight); counts names and ambiguous ones."""
    for (fold, label), group in groupby(rows, key=lambda row: row[:2]):
        candidates = list(group)
        own = any(row[3] for row in candidates)
        winner = _winner([(row[2], row[4]) for row in candidates if row[3] or not own])
        counts[0] += 1
        counts[1] += winner is None
        for _, _, entry, mark, _ in candidates:
            yield fold, label, entry, mark, int(entry != winner)


def is_knowledge(path: Path) -> bool:
    """Whether a file is one that `write_knowledge` wrote, in this format or an older one."""
    with path.open("rb") as file:
        head = file.read(72)
    return head.startswith(b"SQLite format 3\0") and head[68:72] == _APPLICATION.to_bytes(4, "big")
