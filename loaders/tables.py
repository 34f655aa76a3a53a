"""Rows of a CSV or TSV file, one by one, each good or named as bad."""

from __future__ import annotations

import codecs
import csv
import io
from collections import deque
from collections.abc import Iterator
from pathlib import Path

from rawabit.loaders.decode import Undecodable, encoding_of, looks_binary
from rawabit.loaders.problems import Problem

__all__ = ["table"]

_HEAD = 65536
_RETRIES = 1000
_KNOWN = ("id", "text", "title", "date", "published", "source", "url", "file")


def table(
    path: Path, where: str, needs: tuple[str, ...], *, max_record: int, delimiter: str | None = None
) -> Iterator[tuple[int, dict[str, str]] | Problem]:
    """Rows of a table as dictionaries, with the number of the line on which each begins (the heading is line 1).

    Names of columns that we know come in lower case, others as they stand. Reported is each row that is broken:
    quotation marks, more cells than columns, bytes that are not the file's encoding.

    Args:
        path: the file.
        where: its name for people.
        needs: columns of which the table must have one (lower case).
        max_record: code points that a row may have.
        delimiter: what parts the cells; None to find out from the heading.

    Raises:
        OSError: the file cannot be opened or read.
    """
    try:
        encoding = _encoding(path)
    except Undecodable as error:
        yield Problem(where, str(error))
        return
    # A byte that is not UTF-8 becomes a lone surrogate, so that its row alone is lost and not the rest of the file.
    errors = "surrogateescape" if encoding == "utf-8" else "strict"
    with path.open("r", encoding=encoding, errors=errors, newline="") as stream:
        lines = _lines(stream, max_record)
        try:
            first = next(lines, "")
        except (csv.Error, UnicodeError) as error:
            yield Problem(f"{where}:1", f"no heading can be read: {error}")
            return
        if isinstance(first, int) or not first.strip("\ufeff \t\r\n"):
            yield Problem(
                where, f"no heading line but {first} characters" if first else "empty: a table has a heading line"
            )
            return
        heading = first.removeprefix("\ufeff")
        cut = delimiter or _delimiter(heading, needs)
        rows = _rows(heading, lines, cut, max_record)
        columns: list[str] | None = None
        for number, row in rows:
            at = f"{where}:{number}"
            if isinstance(row, str):
                yield Problem(at, row)
                if columns is None:
                    return
            elif columns is None:
                columns = _columns(row)
                shown = ", ".join(name for name in row[:12] if name)
                double = [name for name in _KNOWN if columns.count(name) > 1]
                if double:
                    yield Problem(at, f"more than one column named {double[0]} (the columns are: {shown})")
                    return
                if not any(name in columns for name in needs):
                    yield Problem(at, f"no column named {' or '.join(needs)} (the columns are: {shown})")
                    return
            elif any("\ud800" <= c <= "\udfff" for cell in row for c in _suspects(cell)):
                yield Problem(at, "bytes that are not UTF-8")
            elif any(row):
                if len(row) > len(columns) and any(row[len(columns) :]):
                    yield Problem(
                        at, f"{len(row)} cells, but the heading has {len(columns)} (a missing quotation mark?)"
                    )
                    continue
                if len(row) < len(columns):
                    cause = f"{len(row)} cells, but the heading has {len(columns)}: the others are taken as empty"
                    yield Problem(at, cause, fatal=False)
                yield number, dict(zip(columns, row, strict=False))


def _suspects(cell: str) -> str:
    """The cell where it holds lone surrogates, else nothing: encoding is a quick way to know."""
    try:
        cell.encode("utf-8")
        return ""
    except UnicodeEncodeError:
        return cell


def _columns(row: list[str]) -> list[str]:
    out: list[str] = []
    for i, cell in enumerate(row):
        name = cell.strip()
        if name.lower() in (*_KNOWN, "name", "path"):
            name = name.lower()
        name = name or f"column {i + 1}"
        if name in out and name not in _KNOWN:
            name = f"{name} ({i + 1})"
        out.append(name)
    return out


def _delimiter(heading: str, needs: tuple[str, ...]) -> str:
    """The one under which the heading has the column that is needed, and the most columns."""

    def worth(mark: str) -> tuple[bool, int]:
        cells = [cell.strip().strip('"').lower() for cell in heading.split(mark)]
        return any(name in cells for name in needs), len(cells)

    return max((",", ";", "\t", "|"), key=worth)


def _encoding(path: Path) -> str:
    """Which encoding the whole file is in. UTF-8 is checked to its end: the first Arabic may come late."""
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
        kind = looks_binary(head)
        if kind:
            raise Undecodable(f"binary file (looks like {kind})" if kind[:4] != "data" else f"binary file ({kind})")
        if head[:4].startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return encoding_of(head[:4])
        decoder = codecs.getincrementaldecoder("utf-8")("strict")
        chunk, offset = head, 0
        try:
            while chunk:
                decoder.decode(chunk)
                offset += len(chunk)
                chunk = stream.read(1 << 20)
            decoder.decode(b"", final=True)
            # Whole and valid; but NULs in two columns of bytes are valid UTF-8 too, so the head has its say.
            return encoding_of(head[: head.rfind(b"\n") + 1] or head) if b"\x00" in head or b"\x06" in head else "utf-8"
        except UnicodeDecodeError as error:
            stream.seek(max(0, offset + error.start - _HEAD // 2))
            window = stream.read(_HEAD)
            first, last = window.find(b"\n"), window.rfind(b"\n")
            if last - first > len(window) // 2:
                window = window[first + 1 : last + 1]
    try:
        return encoding_of(window)
    except Undecodable as error:
        if "damaged UTF-8" in str(error):
            return "utf-8"
        raise


def _lines(stream: io.TextIOBase, limit: int) -> Iterator[str | int]:
    """Lines with their ends; of one longer than `limit` its length alone, without ever holding it."""
    while line := stream.readline(limit + 1):
        if len(line) > limit:
            size = len(line)
            while line and not line.endswith(("\n", "\r")):
                line = stream.readline(limit + 1)
                size += len(line)
            yield size
        else:
            yield line


def _rows(
    heading: str, lines: Iterator[str | int], delimiter: str, limit: int
) -> Iterator[tuple[int, list[str] | str]]:
    """Rows, or what is wrong with one, with their line numbers.

    The reader is strict. After an error it starts afresh on the line after the bad row's first: a quotation mark
    that is never closed would else swallow every row to the end of the file.
    """
    csv.field_size_limit(max(csv.field_size_limit(), limit + 1))
    pending: deque[str | int] = deque([heading])
    used: list[str | int] = []

    def feed() -> Iterator[str]:
        size = 0
        while True:
            line = pending.popleft() if pending else next(lines, None)
            if line is None:
                return
            used.append(line)
            if isinstance(line, int):
                raise csv.Error(f"too large to be an article: a line of {line} characters, limit {limit}")
            size += len(line)
            if size > limit:
                raise csv.Error(f"a row of more than {limit} characters (a quotation mark that is never closed?)")
            yield line

    number, retries = 1, 0
    while True:
        used.clear()
        try:
            row = next(csv.reader(feed(), delimiter=delimiter, strict=True), None)
        except csv.Error as error:
            cause = str(error)
            if "unexpected end of data" in cause:
                cause = "a quotation mark that is never closed"
            elif "expected after" in cause:
                cause = "a quotation mark inside a quoted cell (it should be doubled)"
            yield number, cause
            retries += 1
            back = used[1:] if retries <= _RETRIES else []
            pending.extendleft(reversed(back))
            number += len(used) - len(back)
            continue
        except UnicodeError as error:
            yield number, f"cannot be decoded from here on: {getattr(error, 'reason', error)}"
            return
        if row is None:
            return
        yield number, row
        number += len(used)
