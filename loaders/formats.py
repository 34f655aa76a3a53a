"""From a file to records: text, web page, PDF, Word document, JSON lines, JSON, table.

One record an article, or one problem.
"""

from __future__ import annotations

import io
import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO

from rawabit.loaders.decode import Undecodable, decode, encoding_of, looks_binary
from rawabit.loaders.html_text import page
from rawabit.loaders.problems import Problem
from rawabit.loaders.sources import Source
from rawabit.loaders.tables import table

__all__ = ["Record", "records"]

_HEAD = 65536
_JSON_BYTES = 256 << 20
"""A ``.json`` file is held in memory as a whole; beyond this JSON lines are the format to use."""
_DEPTH = 40


@dataclass(frozen=True, slots=True)
class Record:
    """One article as its file gives it: `fields` by name, unchecked."""

    where: str
    fields: dict[str, Any]


def records(source: Source, max_chars: int, stdin: BinaryIO) -> Iterator[Record | Problem]:
    """The articles of one source, in order.

    Args:
        source: what to read.
        max_chars: code points that a text may have; what is surely longer is not even decoded.
        stdin: read where the source is standard input.

    Raises:
        OSError: it cannot be opened or read.
    """
    if source.path is None:
        yield from _unknown(stdin, source.where, max_chars)
        return
    if source.kind == "table":
        cut = "\t" if source.path.suffix.lower() == ".tsv" else None
        yield from _table(source.path, source.where, max_chars, cut)
        return
    size = source.path.stat().st_size
    with source.path.open("rb") as stream:
        if source.kind == "unknown":
            yield from _unknown(stream, source.where, max_chars)
        elif source.kind == "lines":
            yield from _lines(stream, source.where, max_chars)
        elif source.kind == "json":
            yield from _json(stream, source.where, max_chars)
        elif source.kind == "html":
            limit = 20 * max_chars  # markup included
            data = stream.read(limit + 1)
            if len(data) > limit:
                yield Problem(
                    source.where, f"too large to be an article's page: {max(size, len(data))} bytes, limit {limit}"
                )
            else:
                yield _html(data, source.where)
        elif source.kind in {"pdf", "docx"}:
            yield _document(stream, source.where, source.kind, max_chars)
        else:
            yield _text(stream, b"", source.where, max_chars, size)


def _text(stream: BinaryIO, head: bytes, where: str, max_chars: int, size: int) -> Record | Problem:
    limit = 4 * max_chars + 4  # no encoding needs more bytes a character
    data = head + stream.read(max(0, limit + 1 - len(head)))
    if len(data) > limit:
        kind = looks_binary(data[:_HEAD])
        if kind is None:
            cause = f"more than {limit // 4} characters, limit {max_chars}"
            return Problem(where, f"too large to be an article: {max(size, len(data))} bytes, that is {cause}")
    if not data.strip():
        return Problem(where, "empty" if not data else "nothing but blanks")
    try:
        return Record(where, {"text": decode(data)})
    except Undecodable as error:
        return Problem(where, str(error))


def _html(data: bytes, where: str) -> Record | Problem:
    if not data.strip():
        return Problem(where, "empty" if not data else "nothing but blanks")
    try:
        found = page(data)
    except ValueError as error:
        return Problem(where, str(error))
    fields = {
        "text": found.text,
        "title": found.title,
        "source": found.source,
        "url": found.url,
        "published": found.published,
    }
    return Record(where, fields)


def _document(stream: BinaryIO, where: str, kind: str, max_chars: int) -> Record | Problem:
    from rawabit.loaders.docx_text import read_docx
    from rawabit.loaders.pdf_text import read_pdf

    try:
        text, title = (read_pdf if kind == "pdf" else read_docx)(stream, max_chars)
    except ValueError as error:
        return Problem(where, str(error))
    return Record(where, {"text": text, "title": title})


def _unknown(stream: BinaryIO, where: str, max_chars: int) -> Iterator[Record | Problem]:
    """JSON lines where the first character that is not blank opens an object, else one plain text."""
    head = b""
    # A pipe may give little at a time, so one read is not enough to see the first characters.
    while len(head) < _HEAD and (chunk := stream.read(_HEAD - len(head))):
        head += chunk
    first = head.lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n")[:1]
    if first == b"{" and not head.startswith(b"{\\rtf"):
        yield from _lines(stream, where, max_chars, head)
    else:
        yield _text(stream, head, where, max_chars, len(head))


def _lines(stream: BinaryIO, where: str, max_chars: int, head: bytes = b"") -> Iterator[Record | Problem]:
    head = head or stream.read(_HEAD)
    if not head.strip():
        rest = stream.read(1)
        if not rest:
            yield Problem(where, "empty" if not head else "nothing but blanks")
            return
        head += rest
    kind = looks_binary(head)
    if kind:
        yield Problem(where, f"binary file (looks like {kind})" if kind[:4] != "data" else f"binary file ({kind})")
        return
    limit = 12 * max_chars + _HEAD  # a character outside the basic plane is twelve bytes as \uXXXX\uXXXX
    if _is_wide(head):
        data = head + stream.read(_JSON_BYTES)
        if len(data) > _JSON_BYTES:
            yield Problem(where, f"too large for UTF-16 ({len(data)} bytes and more): use UTF-8")
            return
        try:
            numbered: Iterator[tuple[int, bytes | int]] = (
                (i, line.encode("utf-8", "surrogatepass")) for i, line in enumerate(decode(data).split("\n"), 1)
            )
        except Undecodable as error:
            yield Problem(where, str(error))
            return
    else:
        numbered = _split(stream, head, limit)
    count = 0
    for number, line in numbered:
        at = f"{where}:{number}"
        if isinstance(line, int):
            count += 1
            yield Problem(at, f"too large to be an article: a line of {line} bytes, limit {limit}")
            continue
        bare = line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
        if bare.strip():
            count += 1
            yield _object(bare, at)
    if not count:
        yield Problem(where, "nothing but blanks")


def _is_wide(head: bytes) -> bool:
    try:
        return encoding_of(head[: len(head) - len(head) % 4]).startswith(("utf-16", "utf-32"))
    except Undecodable:
        return False


def _split(stream: BinaryIO, head: bytes, limit: int) -> Iterator[tuple[int, bytes | int]]:
    """Numbered lines; of one longer than `limit` its length in bytes, without ever holding it."""
    number, kept, size = 1, [b""], 0
    for chunk in chain([head], iter(lambda: stream.read(1 << 20), b"")):
        parts = chunk.split(b"\n")
        for i, part in enumerate(parts):
            size += len(part)
            if size <= limit:
                kept.append(part)
            else:
                kept.clear()
            if i < len(parts) - 1:
                yield number, (b"".join(kept) if size <= limit else size)
                number, kept, size = number + 1, [], 0
    yield number, (b"".join(kept) if size <= limit else size)


def _object(line: bytes, at: str) -> Record | Problem:
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError:
        try:
            text = decode(line)
        except Undecodable as error:
            return Problem(at, str(error))
    try:
        value = _loads(text)
    except ValueError as error:
        return Problem(at, str(error))
    return _record(value, at)


def _record(value: Any, at: str) -> Record | Problem:
    if not isinstance(value, dict):
        return Problem(at, f"not a JSON object but {_type(value)}")
    if _too_deep(value):
        return Problem(at, f"JSON nested more than {_DEPTH} deep")
    return Record(at, value)


def _loads(text: str) -> Any:
    try:
        return json.loads(text, parse_constant=lambda _: None, parse_float=_float)
    except json.JSONDecodeError as error:
        raise ValueError(f"invalid JSON: {error.msg} (column {error.colno})") from None
    except RecursionError:
        raise ValueError("JSON nested too deeply") from None
    except MemoryError:
        raise ValueError("JSON too large for the memory") from None
    except ValueError:  # an integer of more digits than Python converts
        raise ValueError("invalid JSON: a number of too many digits") from None


def _float(text: str) -> float | str:
    """A number; as text where no float holds it (1e999), for infinity is no JSON."""
    value = float(text)
    return value if math.isfinite(value) else text


def _too_deep(value: Any) -> bool:
    """Whether something is nested so deeply that it could be read but not written again."""
    level = [value]
    for _ in range(_DEPTH):
        level = [
            inner
            for outer in level
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, dict | list)
        ]
        if not level:
            return False
    return True


def _json(stream: BinaryIO, where: str, max_chars: int) -> Iterator[Record | Problem]:
    """One object, a list of them, or JSON lines under the wrong suffix."""
    data = stream.read(_JSON_BYTES + 1)
    if len(data) > _JSON_BYTES:
        yield Problem(where, f"too large for .json (more than {_JSON_BYTES} bytes): use .jsonl, one article a line")
        return
    if not data.strip():
        yield Problem(where, "empty" if not data else "nothing but blanks")
        return
    lines = [line.strip() for line in data.split(b"\n") if line.strip()]
    if len(lines) > 1 and 2 * sum(line[:1] == b"{" and line[-1:] == b"}" for line in lines) >= len(lines):
        yield from _lines(io.BytesIO(data), where, max_chars)
        return
    try:
        value = _loads(decode(data))
    except ValueError as error:
        yield Problem(where, str(error))
        return
    if isinstance(value, list):
        if not value:
            yield Problem(where, "an empty list")
        for i, item in enumerate(value, 1):
            yield _record(item, f"{where}#{i}")
    else:
        yield _record(value, where)


def _table(path: Path, where: str, max_chars: int, delimiter: str | None) -> Iterator[Record | Problem]:
    count = 0
    for item in table(path, where, ("text",), max_record=2 * max_chars + _HEAD, delimiter=delimiter):
        count += 1
        yield item if isinstance(item, Problem) else Record(f"{where}:{item[0]}", dict(item[1]))
    if not count:
        yield Problem(where, "a heading and no rows")


def _type(value: Any) -> str:
    names = {list: "a list", str: "a string", bool: "true or false", int: "a number", float: "a number"}
    return "null" if value is None else names.get(type(value), "something else")
