"""The folder for ``neo4j-admin database import full``: ``-o csv:DIR``, for graphs too large to load over the network.

A pair of files for each label and each relationship type: ``….header.csv`` says the names and types of the columns
(https://neo4j.com/docs/operations-manual/current/import/#import-tool-header-format), the other holds the rows. Every
text is in quotation marks, which are doubled inside; nothing between two commas is a property that is not there. The
options of the command stand in ``import.args``, and ``README.txt`` says what to type.

A column has one type. Where a property holds whole numbers here and texts there, the elements go into files of their
own (``nodes-Entity-Person-2.csv``), so that every value comes back as what it was. Only a list without items, or with
one empty text alone, is left out: the tool knows no form for it.
"""

from __future__ import annotations

import math
import re
import shutil
import tempfile
from collections.abc import Iterable
from contextlib import ExitStack
from importlib.resources import files
from pathlib import Path
from typing import Any, TextIO

from rawabit.graph.model import Edge, Node
from rawabit.loaders.halves import without_halves

__all__ = ["write_bulk"]

_SEPARATORS = "\x1f\x1e\x1d\x1c"
"""What may stand between the items of an array, which can't be quoted: the first that no item holds."""

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)
_OURS = re.compile(
    r"(?:nodes|relationships)-[A-Za-z0-9_-]+(?:\.header)?\.csv|import\.args|import\.sh|README\.txt", re.ASCII
)
_LONG = range(-(2**63), 2**63)
_ENDS: dict[str, tuple[str, ...]] = {"node": ("id:ID",), "edge": ("id:string", ":START_ID", ":END_ID")}


class _Clash(Exception):
    """An item of an array holds the separator."""


class _File:
    """Rows of one label or type, under columns that are known when all rows are."""

    def __init__(self, name: str, lead: tuple[str, ...], out: TextIO) -> None:
        self.name, self.lead, self._out = name, lead, out
        self._columns: dict[str, tuple[int, str]] = {}
        """Number and type of the column of a property; an array whose items nobody saw has the type "[]"."""

    def add(self, ids: tuple[str, ...], values: dict[str, tuple[str, str]]) -> bool:
        """Write a row; False, and nothing, where a property has another type here."""
        columns = self._columns
        for name, (kind, _) in values.items():
            if not _fits(columns.get(name, (0, kind))[1], kind):
                return False
        for name, (kind, _) in values.items():
            number, before = columns.setdefault(name, (len(columns), kind))
            if before == "[]" != kind:
                columns[name] = number, kind
        cells = [""] * len(columns)
        for name, (_, text) in values.items():
            cells[columns[name][0]] = text
        while cells and not cells[-1]:
            cells.pop()
        self._out.write(",".join([*map(_quoted, ids), *cells]) + "\n")
        return True

    def header(self) -> str:
        kinds = ((name, "string[]" if kind == "[]" else kind) for name, (_, kind) in self._columns.items())
        return ",".join([*self.lead, *(_quoted(f"{name}:{kind}") for name, kind in kinds)]) + "\n"


def _fits(column: str, kind: str) -> bool:
    return column == kind or (column.endswith("[]") and kind == "[]") or (column == "[]" and kind.endswith("[]"))


def _quoted(text: str) -> str:
    return '"' + without_halves(text).replace('"', '""') + '"'


def _cell(name: str, value: Any, separator: str) -> tuple[str, str]:
    """Type and text of a value."""
    if isinstance(value, bool):
        return "boolean", "true" if value else "false"
    if isinstance(value, int) and value in _LONG:
        return "long", str(int(value))
    if isinstance(value, int | float):
        number = float(value)
        return "double", repr(number) if math.isfinite(number) else {"inf": "Infinity", "-inf": "-Infinity"}.get(
            repr(number), "NaN"
        )
    if isinstance(value, str):
        return "string", _quoted(value)
    if isinstance(value, tuple | list) and all(isinstance(item, str) for item in value):
        if any(separator in item for item in value):
            raise _Clash
        # Empty quotation marks would be no list to the tool, and at the end of a line it would miss the line's end.
        return ("string[]" if value else "[]"), _quoted(joined) if (joined := separator.join(value)) else ""
    if isinstance(value, tuple | list) and all(type(item) is int and item in _LONG for item in value):
        return "long[]", _quoted(separator.join(map(str, value)))
    raise ValueError(f"property {name!r}: a database takes no {type(value).__name__} of this kind: {value!r}")


def _write(elements: Iterable[Node | Edge], folder: Path, separator: str) -> list[_File]:
    written: dict[str, list[_File]] = {}
    with ExitStack() as stack:
        for element in elements:
            ids: tuple[str, ...]
            if isinstance(element, Node):
                stem, lead, ids = f"nodes-{'-'.join(map(_checked, element.labels))}", _ENDS["node"], (element.id,)
            else:
                stem, lead = f"relationships-{_checked(element.type)}", _ENDS["edge"]
                ids = (element.id, element.source, element.target)
            values = {
                name: _cell(name, value, separator)
                for name, value in sorted(element.properties.items())
                if value is not None and name != "id"
            }
            variants = written.setdefault(stem, [])
            if not any(file.add(ids, values) for file in variants):
                name = stem if not variants else f"{stem}-{len(variants) + 1}"
                out = stack.enter_context((folder / f"{name}.csv").open("w", encoding="utf-8", newline=""))
                variants.append(_File(name, lead, out))
                variants[-1].add(ids, values)
    return [file for _, variants in sorted(written.items()) for file in variants]


def _checked(name: str) -> str:
    """A label or a type; they come from enums, and stand in names of files and options."""
    if not _NAME.fullmatch(name):
        raise ValueError(f"no such label or type: {name!r}")
    return name


def _arguments(written: Iterable[_File], separator: str) -> str:
    lines = []
    for file in written:
        kind, *names = re.sub(r"-\d+$", "", file.name).split("-")
        lines.append(f"--{kind}={':'.join(names)}={file.name}.header.csv,{file.name}.csv")
    # These come last: the options above take any number of files, and the database's name would be one more.
    lines += ["--multiline-fields=true", "--delimiter=,", f"--array-delimiter=U+{ord(separator):04X}"]
    return "\n".join(lines) + "\n"


def write_bulk(elements: Iterable[Node | Edge], folder: Path) -> None:
    """Write a folder that ``neo4j-admin database import full`` takes as it is.

    Rows go to the disk as the elements come. Files of an earlier export into `folder` are replaced when all is
    written, and ``import.args`` comes last: a folder without it is not whole.

    Args:
        elements: the nodes and edges, with ids that are unique in all of them; read again where an item of an array
            holds a control character (U+001F).
        folder: made where it is missing.

    Raises:
        ValueError: a label, a type or a value that a database can't hold, or `folder` holds other files.
        OSError: it can't be written to.
    """
    folder.mkdir(parents=True, exist_ok=True)
    strange = sorted(path.name for path in folder.iterdir() if not _OURS.fullmatch(path.name))
    strange = [name for name in strange if not name.startswith(".")]
    if strange:
        raise ValueError(f"{folder} holds other files ({strange[0]}): give a new folder")
    with tempfile.TemporaryDirectory(prefix=".rawabit-", dir=folder) as name:
        fresh = Path(name)
        for separator in _SEPARATORS:
            try:
                written = _write(elements, fresh, separator)
                break
            except _Clash:
                for path in fresh.iterdir():
                    path.unlink()
        else:
            raise ValueError("lists hold every separator that could stand between their items")
        for file in written:
            header = fresh / f"{file.name}.header.csv"
            header.write_text(file.header(), encoding="utf-8", newline="")
        for extra in ("import.sh", "README.txt"):
            with (files("rawabit.loaders.data.bulk") / extra).open("rb") as source, (fresh / extra).open("wb") as out:
                shutil.copyfileobj(source, out)
        (folder / "import.args").unlink(missing_ok=True)
        for path in folder.iterdir():
            if _OURS.fullmatch(path.name):
                path.unlink()
        for path in sorted(fresh.iterdir()):
            path.replace(folder / path.name)
        (folder / "import.args").write_text(_arguments(written, separator), encoding="utf-8", newline="\n")
