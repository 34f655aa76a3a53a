"""What people have decided: which things are one and which are not, which claims are wrong and which are right.

The file is a table, a judgement a line, in UTF-8::

    judgement,one,other,comment,who,when
    same,إيلون ماسك,Elon Musk
    different,a1.txt#3,b7.txt#1,"the boxer, the pasha",نور,2024-05-06
    reject,9f86d081884c7d65,,the text asks it
    accept,60303ae22b998861

It is a table since every text editor and every spreadsheet writes one, Arabic and Latin need no escapes in it, and two
names that a right-to-left editor shows in the other order still say the same. A quoted field ends with its line, so
that a forgotten quotation mark spoils one judgement and not all that follow, and one more line is one write at the end
of the file: what was decided before is never touched.

A thing is called by the id of a node, by ``document#entity``, or by a name that one thing alone bears. The heading may
be missing or in another order; ``;`` and tab part fields as well as ``,`` does; what begins with ``#`` is a note.
"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from rawabit.ner.text import fold

__all__ = ["Judgements", "append_judgement", "read_judgements", "reference_key"]

COLUMNS = ("judgement", "one", "other", "comment", "who", "when")
PAIRS = ("same", "different")
CLAIMS = ("reject", "accept")
_OPPOSITE = {"same": "different", "different": "same", "reject": "accept", "accept": "reject"}
_MARKS = "\u061c\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
"""Invisible marks that come along when a name is copied from a terminal or a page."""

Report = Callable[[str, str, bool], None]
"""Gets where, the cause, and whether a judgement was lost for it."""


@dataclass(frozen=True, slots=True)
class Judgements:
    """What people have decided; it goes before what the machine thinks.

    Attributes:
        same, different: pairs of references: an id of a world entity, a member key ``document#entity``, or a name,
            which counts where one thing alone bears it.
        rejected, accepted: ids of claims.
        where: file and line of each, by kind and references, to say which could not be followed.
    """

    same: tuple[tuple[str, str], ...] = ()
    different: tuple[tuple[str, str], ...] = ()
    rejected: frozenset[str] = frozenset()
    accepted: frozenset[str] = frozenset()
    where: Mapping[tuple[str, str, str], str] = field(default_factory=dict, compare=False)


class _Row(NamedTuple):
    kind: str
    one: str
    other: str
    where: str


def reference_key(reference: str) -> str:
    """The same for two ways of writing one reference: a name is folded, a member key stays as it is.

    >>> reference_key("إيلون ماسك") == reference_key("ايلون  ماسك")
    True
    >>> reference_key("A.txt#1") == reference_key("a.txt#1")
    False
    """
    return reference if "#" in reference else " ".join(fold(reference).split())


def read_judgements(path: Path, report: Report | None = None) -> Judgements:
    """Reads a file of judgements.

    Of two judgements that contradict each other, the later line counts.

    Args:
        path: the file.
        report: gets each bad line and each contradiction; the good lines count all the same.

    Raises:
        OSError: there is no such file, or it can't be read.
        ValueError: it is no text in UTF-8; or, without a `report`, there is a bad line: names file and line.
    """

    def say(where: str, cause: str, lost: bool) -> None:
        if report is not None:
            report(where, cause, lost)
        elif lost:
            raise ValueError(f"{where}: {cause}")

    found: dict[tuple[str, ...], _Row] = {}
    for row in _rows(Path(path), say):
        ends = tuple(sorted({reference_key(row.one), reference_key(row.other)})) if row.other else (row.one,)
        before = found.pop((_OPPOSITE[row.kind], *ends), None)
        if before is not None:
            say(row.where, f"{row.kind} contradicts {before.kind} at {before.where}; this later line counts", False)
        found.setdefault((row.kind, *ends), row)
    rows = list(found.values())
    return Judgements(
        tuple((row.one, row.other) for row in rows if row.kind == "same"),
        tuple((row.one, row.other) for row in rows if row.kind == "different"),
        frozenset(row.one for row in rows if row.kind == "reject"),
        frozenset(row.one for row in rows if row.kind == "accept"),
        {(row.kind, row.one, row.other): row.where for row in rows},
    )


def _rows(path: Path, say: Report) -> Iterator[_Row]:
    data = path.read_bytes()
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in data:
        raise ValueError(f"{path}: not UTF-8; save it as text in UTF-8")
    columns: tuple[str, ...] = ()
    delimiter = ","
    for number, raw in enumerate(data.removeprefix(b"\xef\xbb\xbf").split(b"\n"), start=1):
        where = f"{path}:{number}"
        try:
            line = raw.decode("utf-8").strip("\r")
        except UnicodeDecodeError:
            say(where, "not UTF-8; save the file as text in UTF-8", True)
            continue
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if not columns:
            delimiter = _delimiter(line)
            columns = _heading(line, delimiter)
            if columns:
                continue
            columns = COLUMNS
        try:
            yield _row(line, columns, delimiter, where)
        except (ValueError, csv.Error) as error:
            say(where, str(error), True)


def _delimiter(line: str) -> str:
    """What parts the fields of the file's first line; within one file it stays."""
    outside = "".join(line.split('"')[::2])
    return max(",;\t", key=outside.count)


def _heading(line: str, delimiter: str) -> tuple[str, ...]:
    """The names of the columns where the line is a heading, else nothing."""
    names = tuple(part.strip(_MARKS + " \t\"'").lower() for part in line.split(delimiter))
    return names if {"judgement", "one"} <= set(names) else ()


def _row(line: str, columns: Iterable[str], delimiter: str, where: str) -> _Row:
    try:
        fields = next(csv.reader([line], delimiter=delimiter, skipinitialspace=True, strict=True))
    except csv.Error:
        raise ValueError("a quotation mark that nothing closes, or text after a closing one") from None
    names = list(columns)
    cells = [cell.strip(_MARKS + " \t\u00a0") for cell in fields]
    row = dict(zip(names, cells, strict=False))
    if any(cells[len(names) :]):
        raise ValueError(f"more fields than columns: put what holds {delimiter!r} in quotation marks")
    kind, one, other = row["judgement"].lower(), row.get("one", ""), row.get("other", "")
    if kind not in _OPPOSITE:
        hint = "; an Arabic comma parts no fields" if "،" in row["judgement"] else ""
        raise ValueError(f"{row['judgement']!r} is none of {', '.join((*PAIRS, *CLAIMS))}{hint}")
    if kind in CLAIMS:
        if not one or other:
            raise ValueError(f"{kind} takes the id of one claim; a comment stands in the column of that name")
    elif not one or not other:
        raise ValueError(f"{kind} takes two things: ids, document#entity, or names")
    elif reference_key(one) == reference_key(other):
        raise ValueError(f"{kind} of a name and itself; where two things bear a name, call them by document#entity")
    return _Row(kind, one, other, where)


def append_judgement(path: Path, kind: str, one: str, other: str = "", comment: str = "") -> None:
    """Adds one line to a file of judgements, which is made where there is none; it is on the disk when this returns.

    Raises:
        OSError: the file can't be written.
        ValueError: the file is no text in UTF-8, or a reference can't stand in a line of it.
    """
    path = Path(path)
    data = path.read_bytes() if path.exists() else b""
    columns, delimiter, head = _shape(path, data)
    comment = "".join(c for c in " ".join(comment.split()) if c.isprintable())
    values = {"judgement": kind, "one": one, "other": other, "comment": comment}
    line = _line([values.get(name, "") for name in columns], delimiter)
    try:
        back = _row(line, columns, delimiter, "")
        encoded = line.encode("utf-8")
    except ValueError as error:
        raise ValueError(f"{kind} {one!r} {other!r}: {error}") from None
    if "\n" in line or "\0" in line or (back.kind, back.one, back.other) != (kind, one, other):
        raise ValueError(f"{kind} {one!r} {other!r}: can't stand in a line of text")
    torn = b"\n" if data and not data.endswith(b"\n") else b""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0), 0o666)
    with os.fdopen(handle, "ab") as file:
        file.write(torn + head + encoded + b"\n")
        file.flush()
        os.fsync(file.fileno())


def _shape(path: Path, data: bytes) -> tuple[tuple[str, ...], str, bytes]:
    """Columns and delimiter of a file, and the heading that it still needs."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError(f"{path}: not UTF-8; save it as text in UTF-8") from None
    for line in text.split("\n"):
        if line.strip() and not line.lstrip().startswith("#"):
            delimiter = _delimiter(line)
            columns = _heading(line, delimiter) or COLUMNS
            missing = [name for name in ("judgement", "one", "other") if name not in columns]
            if missing:
                raise ValueError(f"{path}: no column {missing[0]!r}")
            return columns, delimiter, b""
    return COLUMNS, ",", ",".join(COLUMNS).encode() + b"\n"


def _line(values: list[str], delimiter: str) -> str:
    out = io.StringIO()
    while len(values) > 1 and not values[-1]:
        values = values[:-1]
    if values[0].startswith("#"):
        csv.writer(out, delimiter=delimiter, lineterminator="", quoting=csv.QUOTE_ALL).writerow(values)
    else:
        csv.writer(out, delimiter=delimiter, lineterminator="").writerow(values)
    return out.getvalue()
