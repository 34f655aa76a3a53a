"""Where results go: ``.graphml``, ``.jsonl``, ``.html`` files, or a Neo4j server."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

__all__ = ["Output", "parse_output"]

_NEO4J = re.compile(r"(?:neo4j|bolt)(?:\+s|\+ssc)?://", re.IGNORECASE)
_SUFFIXES = {".graphml": "graphml", ".jsonl": "jsonl", ".html": "html"}


@dataclass(frozen=True, slots=True)
class Output:
    """A target.

    Attributes:
        kind: "graphml", "jsonl", "html" or "neo4j".
        path: of a file; None for a server.
        uri: of a server; None for a file.
    """

    kind: str
    path: Path | None = None
    uri: str | None = None

    def __str__(self) -> str:
        return str(self.path) if self.path is not None else str(self.uri)


def parse_output(text: str) -> Output:
    """What a value of ``-o`` means.

    Raises:
        ValueError: when the suffix or scheme is not one that can be written, or the folder can't hold a file.

    >>> parse_output("out/graph.graphml").kind
    'graphml'
    >>> parse_output("neo4j://localhost").kind
    'neo4j'
    """
    if _NEO4J.match(text):
        if re.match(r"[^/]+//[^/@]*:[^/@]*@", text):
            raise ValueError("a password has no place on the command line: set NEO4J_PASSWORD")
        try:
            _ = urlsplit(text).port
        except ValueError as error:
            raise ValueError(f"{text}: {error}") from None
        return Output("neo4j", uri=text)
    path = Path(text)
    kind = _SUFFIXES.get(path.suffix.lower())
    if kind is None:
        raise ValueError(f"{text}: write .graphml, .jsonl or .html files, or to neo4j:// or bolt://")
    if path.is_dir():
        raise ValueError(f"{text} is a folder")
    return Output(kind, path=path)
