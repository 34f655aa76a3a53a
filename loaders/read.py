"""Files, folders, patterns and standard input to documents, one after the other; what cannot be read is named."""

from __future__ import annotations

import datetime as dt
import re
import sys
import unicodedata
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

from rawabit.graph.model import content_id
from rawabit.loaders.decode import arabic_share
from rawabit.loaders.formats import Record, records
from rawabit.loaders.meta import metadata
from rawabit.loaders.problems import Problem, one_line
from rawabit.loaders.sources import Source, find_sources
from rawabit.ner.model import Document
from rawabit.ner.text import INVISIBLE

__all__ = ["plan", "read"]

_GOLD = frozenset({"entities", "relations", "ignore"})
_MAX_ID = 200
_BLANK = re.compile(f"[\\s{INVISIBLE}]*")
_ISO = re.compile(
    r"(\d{4})-?(\d\d)-?(\d\d)"
    r"(?:[T ](\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?) ?(Z|[+-]\d\d(?::?\d\d)?)?)?"
)


def read(
    inputs: Sequence[str | Path],
    *,
    meta: Path | None = None,
    report: Callable[[Problem], None],
    max_chars: int = 500_000,
    stdin: BinaryIO | None = None,
    leave_out: Collection[Path] = (),
) -> Iterator[Document]:
    """The articles of `inputs`, in order; nothing is dropped in silence.

    Text (``.txt .text .md``), web pages (``.html .htm .xhtml``), ``.pdf`` (with the extra ``documents``), ``.docx``,
    JSON lines (``.jsonl .ndjson``), ``.json`` and tables (``.csv .tsv``); folders are read through, patterns
    expanded. A text is refused when it is empty, binary,
    in no encoding that can be told, longer than `max_chars`, or not Arabic: fewer than 30% of its letters are, and
    fewer than 20 of them or 2%.

    The id is the one given (numbers become strings), or sixteen hex digits of the text's SHA-256, so that a file may
    be moved or renamed and stays the same document; ``extra["path"]`` says where it was. Dates are ISO 8601; any
    other is kept in ``extra`` as it is written.

    Args:
        inputs: files, folders, glob patterns, or ``-`` for standard input: one plain text, or JSON lines where the
            first character is ``{``.
        meta: a table with the columns file, title, date, source, url. What it says of a text, a web page or
            a document goes before what that says; rows of tables and JSON lines keep their own and take what they lack.
        report: called with every `Problem`, in order, as reading goes on.
        max_chars: code points that a text may have.
        stdin: what ``-`` reads; standard input unless given.
        leave_out: files of folders that are no articles (what the run writes).
    """
    sources = find_sources(inputs, report, leave_out=[*leave_out, *([meta] if meta else [])])
    about = metadata(meta, sources, report) if meta is not None else {}
    seen: dict[str, tuple[str, str]] = {}
    for source in sources:
        told = False
        for item in _records(source, max_chars, stdin):
            result = (
                item if isinstance(item, Problem) else _document(item, source, about.get(source.where, {}), max_chars)
            )
            if isinstance(result, Problem):
                report(result)
                continue
            assert isinstance(item, Record)
            document, note = result
            digest = content_id(document.text)
            first = seen.setdefault(document.id, (item.where, digest))
            if first[0] != item.where:
                same = first[1] == digest
                what = "the same id and text as {}: skipped" if same else "another text of the id of {}: replaces it"
                report(Problem(item.where, f"{what.format(first[0])} (id {document.id})", fatal=False))
                if same:
                    continue
                seen[document.id] = item.where, digest
            if note and not told:
                told = True  # a column of such dates has thousands of them
                report(Problem(item.where, note, fatal=False))
            yield document


def plan(
    inputs: Sequence[str | Path], *, meta: Path | None = None, report: Callable[[Problem], None] | None = None
) -> list[str]:
    """The files that `read` would read, in order, without opening them; ``<stdin>`` for ``-``.

    Args:
        inputs, meta: as for `read`.
        report: called with what is missing or no file that we read.
    """
    return [
        source.where for source in find_sources(inputs, report or (lambda _: None), leave_out=[meta] if meta else [])
    ]


def _records(source: Source, max_chars: int, stdin: BinaryIO | None) -> Iterator[Record | Problem]:
    try:
        stream = stdin or (sys.stdin.buffer if sys.stdin else None)
        if stream is None and source.path is None:
            yield Problem(source.where, "standard input is closed")
            return
        yield from records(source, max_chars, stream or BytesIO())
    except OSError as error:
        yield Problem(source.where, f"cannot be read: {error.strerror or error}")
    except (RecursionError, MemoryError):
        yield Problem(source.where, "nested too deeply, or too large for the memory")


def _document(
    record: Record, source: Source, about: Mapping[str, str], max_chars: int
) -> tuple[Document, str | None] | Problem:
    """The document of a record with a note about it, or why there is none."""
    fields = dict(record.fields)
    text = fields.pop("text", None)
    refused = _refusal(text, max_chars)
    if refused:
        return Problem(record.where, refused)
    if not _encodable(fields):
        return Problem(record.where, "half a surrogate pair (\\ud800 to \\udfff): no such character can be written")
    extra: dict[str, Any] = {}
    alone = source.kind in {"text", "html", "pdf", "docx", "unknown"}
    for key, value in about.items():
        if alone or (not _given(fields.get(key)) and not (key == "date" and _given(fields.get("published")))):
            fields[key] = value
            if key == "date" and alone:
                fields.pop("published", None)
    identity = _identity(fields, extra)
    named = {key: _string(fields, key, extra) for key in ("title", "source", "url")}
    published, note = _published(fields, extra)
    extra |= {str(key): value for key, value in fields.items() if key not in _GOLD}
    if source.path is not None and alone:
        extra["path"] = one_line(source.relative, 1000)
    document = Document(identity or content_id(text), text, published=published, extra=extra, **named)
    return document, note


def _refusal(text: Any, max_chars: int) -> str | None:
    if not isinstance(text, str):
        return "no text" if text is None else f"text is not a string but {type(text).__name__}"
    if len(text) > max_chars:
        return f"too large to be an article: {len(text)} characters, limit {max_chars}"
    if not _encodable(text):
        return "half a surrogate pair (\\ud800 to \\udfff) in the text: no such character can be written"
    if _BLANK.fullmatch(text):
        return "empty text" if not text else "nothing but blanks"
    arabic, share = arabic_share(text)
    if share < 0.3 and (arabic < 20 or share < 0.02):
        return f"not Arabic: {arabic} Arabic letters" + (f", {share:.0%} of all" if arabic else "")
    return None


def _encodable(value: Any) -> bool:
    if isinstance(value, str):
        try:
            value.encode("utf-8")
        except UnicodeEncodeError:
            return False
        return True
    if isinstance(value, dict):
        return all(_encodable(key) and _encodable(inner) for key, inner in value.items())
    if isinstance(value, list):
        return all(map(_encodable, value))
    return True


def _given(value: Any) -> bool:
    return value is not None and value != ""


def _identity(fields: dict[str, Any], extra: dict[str, Any]) -> str | None:
    """The id given; one that is no name (blank, control characters, a list) is kept in `extra`, if it says anything."""
    value = fields.pop("id", None)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, str):
        bare = value.strip()
        plain = all(unicodedata.category(c) not in {"Cc", "Cs", "Zl", "Zp"} for c in bare)
        if bare and plain and len(bare) <= _MAX_ID and not _BLANK.fullmatch(bare):
            return bare
    if _given(value) and not (isinstance(value, str) and _BLANK.fullmatch(value)):
        extra["id"] = value
    return None


def _string(fields: dict[str, Any], key: str, extra: dict[str, Any]) -> str | None:
    value = fields.pop(key, None)
    if isinstance(value, str):
        return value.strip() or None
    if value is not None:
        extra[key] = value
    return None


def _published(fields: dict[str, Any], extra: dict[str, Any]) -> tuple[str | None, str | None]:
    """The date in ISO 8601, and a note where one is given that is not."""
    note = None
    for key in ("published", "date"):
        value = fields.get(key)
        if isinstance(value, str) and value.strip():
            found = _iso(value.strip())
            if found:
                del fields[key]
                return found, None
        if _given(value) and not (isinstance(value, str) and not value.strip()):
            note = note or f"date not in ISO 8601 (2016-05-03), kept as written: {one_line(str(value), 60)}"
            extra[key] = value
        fields.pop(key, None)
    return None, note


def _iso(text: str) -> str | None:
    """`text` as an ISO 8601 date, or date and time, in the extended form; None where it is neither.

    >>> _iso("٢٠١٦-٠٥-٠٣"), _iso("2016-05-03 10:00:00 +0400"), _iso("03/05/2016")
    ('2016-05-03', '2016-05-03T10:00:00+04:00', None)
    """
    text = "".join(str(unicodedata.digit(c)) if c.isdecimal() else c for c in text[:60])
    match = _ISO.fullmatch(text)
    if not match:
        return None
    year, month, day, time, zone = match.groups()
    date = f"{year}-{month}-{day}"
    zone = zone or ""
    if len(zone) > 1 and ":" not in zone:
        zone = f"{zone[:3]}:{zone[3:] or '00'}"
    out = f"{date}T{time.replace(',', '.')}{zone}" if time else date
    try:
        dt.date.fromisoformat(date)
        if time:
            dt.datetime.fromisoformat(out)
    except ValueError:
        return None
    return out
