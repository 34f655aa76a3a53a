"""Readers of what names are imported from: a user's own tables, a dump of Wikidata, the entities of JRC-Names.

A table (.csv, .tsv, .jsonl) has the columns

    label        PERSON, ORGANIZATION, PLACE or PRODUCT; a kind ("city", "company"), or a class of Wikidata ("Q515").
                 Called type or instance it means the same.
    name_ar, ar  Arabic name; one of these two
    name_en, en  English name; or one of these two is needed
    id           a Q-number or its address, or an id of the user's own        (may be missing)
    wikidata     Q-number, where id is one of the user's own                  (may be missing)
    aliases_ar, aliases_en, aliases   other names, parted by | or ;           (may be missing)
    country      ISO 3166-1 alpha-2, a Q-number or a name of a country        (may be missing)
    kind         what the gazetteer calls kind                                (may be missing)

The dump of Wikidata is the JSON one, an item a line, packed (.gz, .bz2, .xz) or not, also as simplified by common
filters. Items of the classes in ``graph/data/wikidata.toml`` are taken where they have a name in Arabic; English is
taken with it, where an item has none its name in all languages (``mul``).

JRC-Names is read as lines of ``id``, ``type`` (P person, O organisation; all others are left out), ``language`` and
``name`` with ``+`` for blanks, parted by tabs. This is from memory of the published files, not
from their specification.
"""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from rawabit.graph.knowledge_file import Record, links
from rawabit.loaders.packed import BROKEN, PACKED, cause_of, inner_suffix, lines, open_packed
from rawabit.loaders.problems import Problem
from rawabit.loaders.tables import table
from rawabit.ner.gazetteer import load as load_gazetteer
from rawabit.ner.model import Label
from rawabit.ner.tables import load_table
from rawabit.ner.text import is_arabic

__all__ = ["FORMATS", "format_of", "read_records"]

FORMATS = ("table", "wikidata", "jrc")
_THINGS = (Label.PLACE, Label.ORGANIZATION, Label.PERSON, Label.PRODUCT)
_NAME = 300  # code points of a name
_LABELS = ("label", "type", "instance")
_NAMES = {"name_ar": ("name_ar", "ar"), "name_en": ("name_en", "en")}
_NEEDED = ("name_ar", "ar", "name_en", "en")
_NUMBER = re.compile(r"(?:.*[/:])?(Q[1-9]\d*)", re.DOTALL)
_JRC = re.compile(r"(\d+)\t([A-Za-z?])\t([A-Za-z-]+)\t(\S.*)")
_JRC_LABELS = {"P": Label.PERSON, "O": Label.ORGANIZATION}

Report = Callable[[Problem], None]


class _Skip(Exception):
    """A good line that is none of our business."""


def read_records(path: Path, format: str, report: Report) -> Iterator[Record | None]:
    """What each line or row says, None for one that is skipped or bad.

    Args:
        path: a file, packed or not; it is read as a stream.
        format: one of `FORMATS`.
        report: gets a Problem for each bad line, and for what of a damaged file cannot be read.
    """
    read = {"table": _table, "wikidata": _wikidata, "jrc": _jrc}[format]
    return read(path, report)


def format_of(path: Path) -> str:
    """Which of `FORMATS` a file has, by its suffix and its first line.

    Raises:
        OSError, EOFError, zlib.error, lzma.LZMAError: it cannot be read.
    """
    if inner_suffix(path) == ".csv":
        return "table"
    with open_packed(path) as stream:
        head = stream.read(65536).decode("utf-8", "replace").removeprefix("\ufeff").lstrip()
    if head.startswith("[") or re.match(r'\{[^\n]*"(?:labels|claims)"\s*:\s*[{\[]', head):
        return "wikidata"
    first = next((line for line in head.splitlines() if line.strip() and not line.startswith("#")), "")
    return "jrc" if _JRC.fullmatch(first) else "table"


def _each(rows: Iterable[tuple[str, Any]], make: Callable[[Any], Record], report: Report) -> Iterator[Record | None]:
    """Records of rows; None for one that is skipped or bad."""
    for at, row in rows:
        try:
            yield make(row)
        except _Skip:
            yield None
        except (ValueError, RecursionError) as error:
            report(Problem(at, "not JSON" if isinstance(error, json.JSONDecodeError) else str(error)))
            yield None
        except (KeyError, TypeError, AttributeError):
            report(Problem(at, "not an item of Wikidata as its dumps have it"))
            yield None


# Tables


def _table(path: Path, report: Report) -> Iterator[Record | None]:
    suffix = inner_suffix(path)
    if suffix in {".jsonl", ".ndjson", ".json"}:
        yield from _own(((at, _object(text)) for at, text in _objects(path, report)), report)
        return
    with tempfile.TemporaryDirectory(prefix="rawabit-") as folder:
        plain = path
        if path.suffix.lower() in PACKED:  # the reader of tables goes through a file twice
            plain = Path(folder) / f"table{suffix}"
            try:
                with open_packed(path) as stream, plain.open("wb") as out:
                    shutil.copyfileobj(stream, out)
            except BROKEN as error:
                report(Problem(str(path), cause_of(error)))
                return
        yield from _own(_rows(plain, path, report), report, heading=path)


def _objects(path: Path, report: Report) -> Iterator[tuple[str, str]]:
    return ((at, text) for at, text in lines(path, report) if text not in {"[", "]"})


def _object(text: str) -> Mapping[str, Any] | ValueError:
    try:
        row = json.loads(text.removesuffix(","))
    except (ValueError, RecursionError):
        return ValueError("not JSON")
    if not isinstance(row, dict):
        return ValueError("not a JSON object")
    return {str(name).strip().lower(): value for name, value in row.items()}


def _rows(plain: Path, path: Path, report: Report) -> Iterator[tuple[str, Mapping[str, Any] | ValueError]]:
    tab = "\t" if inner_suffix(path) in {".tsv", ".tab"} else None
    try:
        for row in table(plain, str(path), (*_LABELS, *_NEEDED), max_record=1_000_000, delimiter=tab):
            if isinstance(row, Problem):
                report(row)
            else:
                yield f"{path}:{row[0]}", {name.lower(): value for name, value in row[1].items()}
    except OSError as error:
        report(Problem(str(path), cause_of(error)))


def _own(
    rows: Iterable[tuple[str, Mapping[str, Any] | ValueError]], report: Report, *, heading: Path | None = None
) -> Iterator[Record | None]:
    for at, row in rows:
        if isinstance(row, ValueError):
            report(Problem(at, str(row)))
            yield None
            continue
        missing = [" or ".join(names) for names in (_LABELS, _NEEDED) if not any(name in row for name in names)]
        if missing and heading:
            report(
                Problem(f"{heading}:1", f"no column {', and no column '.join(missing)} (there are: {', '.join(row)})")
            )
            return
        try:
            record = _record(row)
        except ValueError as error:
            report(Problem(at, str(error)))
            yield None
            continue
        if record.label is Label.PERSON and not any(
            name and links(name, record.label) for name in (record.name_ar, record.name_en, *record.aliases)
        ):
            report(Problem(at, "a person's single name links to nobody: give the full name", fatal=False))
        yield record


def _record(row: Mapping[str, Any]) -> Record:
    label, kind = _label(_cell(row, *_LABELS))
    name_ar, name_en = (_cell(row, *names) for names in _NAMES.values())
    if not name_ar and not name_en:
        raise ValueError("no name, neither Arabic nor English")
    id, number = _cell(row, "id"), _cell(row, "wikidata")
    if number and not _NUMBER.fullmatch(number):
        raise ValueError(f"wikidata is no Q-number: {number}")
    found = _NUMBER.fullmatch(number or id)
    wikidata = found[1] if found else ""
    aliases = [alias for column in ("aliases_ar", "aliases_en", "aliases") for alias in _list(row.get(column))]
    country = _cell(row, "country")
    return Record(
        wikidata or f"own:{id or links(name_ar or name_en, label) or name_ar or name_en}",
        label, name_ar, name_en, tuple(aliases), wikidata, _country(country) if country else "",
        _cell(row, "kind") or kind, own=True,
    )  # fmt: skip


def _cell(row: Mapping[str, Any], *columns: str) -> str:
    for column in columns:
        value = row.get(column)
        if isinstance(value, dict | list):
            raise ValueError(f"{column} is no text")
        if value is not None and (text := _clean(str(value))):
            return text
    return ""


def _list(value: object) -> list[str]:
    parts = value if isinstance(value, list) else re.split("[|;؛]", value) if isinstance(value, str) else []
    return [text for part in parts if isinstance(part, str) and (text := _clean(part))]


def _clean(text: str) -> str:
    """One line without invisible characters; what no name can be is refused."""
    if text.isascii() and text.isprintable():
        text = " ".join(text.split())
    else:
        text = " ".join("".join(c if c.isprintable() else " " if c.isspace() else "" for c in text).split())
    if len(text) > _NAME:
        raise ValueError(f"a name of {len(text)} characters")
    return text


@cache
def _words() -> Mapping[str, tuple[Label, str]]:
    data = load_table("wikidata", "rawabit.graph.data")
    words: dict[str, tuple[Label, str]] = {}
    for label in _THINGS:
        for number, kind in data[label].items():
            words.setdefault(number, (label, kind))
            words.setdefault(kind.upper(), (label, kind))
    for entry in load_gazetteer().entries:
        words.setdefault(entry.kind.upper(), (entry.label, entry.kind))
    for word, label in data["words"].items():
        words[word] = (Label(label), "")
    return words | {str(label): (label, "") for label in _THINGS}


def _label(text: str) -> tuple[Label, str]:
    if not text:
        raise ValueError(f"no label: give {', '.join(_THINGS)}")
    number = _NUMBER.fullmatch(text)
    found = _words().get(number[1] if number else text.upper().replace(" ", "_"))
    if found is None:
        raise ValueError(f"no such label: {text} ({', '.join(_THINGS)})")
    return found


@cache
def _countries() -> Mapping[str, str]:
    return {
        entry.wikidata: entry.country
        for entry in load_gazetteer().entries
        if entry.kind == "country" and entry.wikidata and entry.country
    }


def _country(text: str) -> str:
    number = _NUMBER.fullmatch(text)
    if number:
        return _countries().get(number[1], "")
    if re.fullmatch("[A-Za-z]{2}", text):
        return text.upper()
    entry = load_gazetteer().lookup(text, Label.PLACE)
    return (entry.country or "") if entry and entry.kind == "country" else ""


# Wikidata


def _wikidata(path: Path, report: Report) -> Iterator[Record | None]:
    return _each(_objects(path, report), _item, report)


@cache
def _classes() -> Mapping[str, tuple[int, Label, str]]:
    """Place in the table, label and kind of each class."""
    data = load_table("wikidata", "rawabit.graph.data")
    rows = [(number, Label(label), kind) for label in data if label in _THINGS for number, kind in data[label].items()]
    return {number: (place, label, kind) for place, (number, label, kind) in enumerate(rows)}


def _item(text: str) -> Record:
    if '"ar":' not in text and text.startswith("{") and text.endswith(("}", "},")):
        raise _Skip  # most lines of the whole dump: not worth parsing
    item = json.loads(text.removesuffix(","))
    id = item["id"]
    if item.get("type", "item") != "item":
        raise _Skip
    if not isinstance(id, str) or not re.fullmatch(r"Q[1-9]\d*", id):
        raise ValueError(f"no Q-number: {id}")
    labels, others, claims = (item.get(name) or {} for name in ("labels", "aliases", "claims"))
    classes = [_classes()[value] for value in _values(claims, "P31") if value in _classes()]
    arabic = [*_texts(labels, "ar"), *_texts(others, "ar")]
    if not classes or not arabic:
        raise _Skip
    _, label, kind = min(classes)
    english = [*_texts(labels, "en"), *_texts(labels, "mul")]
    aliases = [*arabic[1:], *english[1:], *_texts(others, "en"), *_texts(others, "mul")]
    of = {
        country for value in (*_values(claims, "P27"), *_values(claims, "P17")) if (country := _countries().get(value))
    }
    codes = _values(claims, "P297") if kind == "country" else sorted(of) if len(of) == 1 else []
    links_ = item.get("sitelinks")
    weight = len(labels) if links_ is None else len(links_)
    return Record(
        id, label, arabic[0], english[0] if english else "", tuple(aliases), id, codes[0] if codes else "", kind, weight
    )


def _texts(names: Any, language: str) -> list[str]:
    """Names of one language: a dump has ``{"value": …}``, or a list of them, a simplified one plain strings."""
    found = names.get(language) if names else None
    rows = found if isinstance(found, list) else [] if found is None else [found]
    texts = [_clean(row if isinstance(row, str) else row["value"]) for row in rows]
    return [text for text in texts if text]


def _values(claims: Any, name: str) -> list[str]:
    """Values of a property, deprecated statements left out."""
    out = []
    for row in (claims.get(name) if claims else None) or []:
        value = row
        if isinstance(row, dict):
            snak = row.get("mainsnak", {})
            if row.get("rank") == "deprecated" or snak.get("snaktype", "value") != "value":
                continue
            value = snak["datavalue"]["value"]
            if isinstance(value, dict):
                value = value.get("id") or f"Q{value['numeric-id']}"
        if isinstance(value, str):
            out.append(value)
    return out


# JRC-Names


def _jrc(path: Path, report: Report) -> Iterator[Record | None]:
    return _each(((at, text) for at, text in lines(path, report) if text[0] != "#"), _name, report)


def _name(text: str) -> Record:
    row = _JRC.fullmatch(text)
    if row is None:
        raise ValueError("not id, type, language and name, parted by tabs")
    number, type, language, name = row.groups()
    label = _JRC_LABELS.get(type.upper())
    if label is None:
        raise _Skip
    name = _clean(name.replace("+", " "))
    arabic = any(map(is_arabic, name))
    usual = language.lower() in ("u", "ar") if arabic else language.lower() in ("u", "en") and name.isascii()
    return Record(
        f"jrc:{number}", label, name if usual and arabic else "", name if usual and not arabic else "", (name,)
    )
