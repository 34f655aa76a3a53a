"""Where results go: ``.graphml``, ``.jsonl``, ``.html`` and ``.xlsx`` files, ``ftm:FILE``, ``jsonld:FILE``,
``parquet:DIR``, ``tables:DIR``, ``csv:DIR``, or a Neo4j server."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

from rawabit.loaders.frames import Frames
from rawabit.loaders.neo4j_server import parse_address
from rawabit.loaders.problems import missing_extra

__all__ = ["Output", "parse_output"]

_NEO4J = re.compile(r"(?:neo4j|bolt)(?:\+s|\+ssc)?://", re.IGNORECASE)
_SUFFIXES = {".graphml": "graphml", ".jsonl": "jsonl", ".html": "html", ".xlsx": "xlsx"}
_NAMED = re.compile(r"(csv|ftm|jsonld|parquet|tables):(.*)", re.IGNORECASE | re.DOTALL)
_TABLES = {"parquet": ".parquet", "tables": ".csv"}
"""Kinds that write a folder of the four tables, and the suffix of these."""
_FOLDERS = frozenset({"csv", *_TABLES})
_EXTRAS = {"parquet": ("pyarrow", "parquet"), "xlsx": ("xlsxwriter", "excel")}
"""What some kinds need installed: the module, and the extra that brings it."""


@dataclass(frozen=True, slots=True)
class Output:
    """A target.

    Attributes:
        kind: "graphml", "jsonl", "html", "xlsx", "ftm", "jsonld", "parquet", "tables", "csv" or "neo4j".
        path: of a file or a folder; None for a server.
        uri: of a server; None for a file.
        password: of a server; never shown.
    """

    kind: str
    path: Path | None = None
    uri: str | None = None
    password: str | None = field(default=None, repr=False)

    def __str__(self) -> str:
        if self.path is None:
            return str(self.uri)
        return str(self.path) if self.kind in _SUFFIXES.values() else f"{self.kind}:{self.path}"

    @property
    def files(self) -> tuple[Path, ...]:
        """The files that are written, or stand where they will (csv); none for a server."""
        if self.path is None:
            return ()
        if self.kind == "csv":
            return tuple(sorted(self.path.iterdir())) if self.path.is_dir() else ()
        if self.kind in _TABLES:
            return tuple(self.path / f"{name}{_TABLES[self.kind]}" for name in Frames._fields)
        return (self.path,)


def parse_output(text: str) -> Output:
    """What a value of ``-o`` means.

    Raises:
        ValueError: when the suffix or scheme is not one that can be written, the folder can't hold a file, a file
            stands where a folder should, or the package is missing that writes it.

    >>> parse_output("out/graph.graphml").kind
    'graphml'
    >>> parse_output("neo4j://localhost").kind
    'neo4j'
    """
    if _NEO4J.match(text):
        parse_address(text)
        return Output("neo4j", uri=text)
    named = _NAMED.fullmatch(text)
    if named:
        kind, path = named[1].lower(), Path(named[2])
        if not named[2].strip():
            raise ValueError(f"{text} names no {'folder' if kind in _FOLDERS else 'file'}")
    else:
        path = Path(text)
        kind = _SUFFIXES.get(path.suffix.lower(), "")
    if not kind:
        raise ValueError(
            f"{text}: write .graphml, .jsonl, .html or .xlsx files, ftm:FILE, jsonld:FILE, parquet:DIR, tables:DIR or "
            "csv:DIR, or to neo4j:// or bolt://"
        )
    if kind in _FOLDERS and path.exists() and not path.is_dir():
        raise ValueError(f"{text}: {path} is not a folder")
    if kind not in _FOLDERS and path.is_dir():
        raise ValueError(f"{path} is a folder")
    module, extra = _EXTRAS.get(kind, ("", ""))
    if module and find_spec(module) is None:
        raise ValueError(missing_extra(text, extra))
    return Output(kind, path=path)
