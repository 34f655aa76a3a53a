"""A style and saved queries for Neo4j Browser.

Browser takes a ``.grass`` file that is dragged into its window as its style, and of a ``.zip`` each ``.cypher`` file
as a favourite, in a folder named as the one it lies in; the first line, a comment, is the favourite's name.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from rawabit.loaders.atomic import replacing

__all__ = ["FOLDER", "Query", "queries", "queries_text", "style", "write_browser"]

_DATA = "rawabit.loaders.data.browser"
FOLDER = "روابط Rawabit"
"""Where the queries stand among the favourites."""


@dataclass(frozen=True, slots=True)
class Query:
    """A saved query.

    Attributes:
        file: its file's name.
        english, arabic: its name.
        text: Cypher, with the comment that holds the name.
    """

    file: str
    english: str
    arabic: str
    text: str


def style() -> str:
    """The style (GraSS): colours, sizes and captions by label.

    >>> 'caption: "{name}"' in style()
    True
    """
    return (files(_DATA) / "rawabit.grass").read_text(encoding="utf-8")


def queries() -> list[Query]:
    """The saved queries, in their order.

    >>> queries()[0].english
    'Who talks to whom'
    """
    out = []
    for entry in sorted(files(_DATA).iterdir(), key=lambda entry: entry.name):
        if entry.name.endswith(".cypher"):
            text = entry.read_text(encoding="utf-8")
            english, _, arabic = text.partition("\n")[0].removeprefix("// ").partition(" · ")
            out.append(Query(entry.name, english, arabic, text))
    return out


def queries_text(some: Iterable[Query]) -> str:
    """Queries as one text that ``cypher-shell --file`` and Browser's editor take."""
    return "".join(f"\n{query.text.rstrip()};\n" for query in some)


def write_browser(folder: Path) -> list[Path]:
    """Write ``rawabit.grass``, ``queries.cypher`` and ``queries.zip`` into `folder`, which is made where it is missing.

    Returns:
        What was written.

    Raises:
        OSError: it can't be written to.
    """
    folder.mkdir(parents=True, exist_ok=True)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for query in queries():
            # A fixed date, so that equal queries make equal files.
            entry = zipfile.ZipInfo(f"{FOLDER}/{query.file}", (1980, 1, 1, 0, 0, 0))
            archive.writestr(entry, query.text.encode("utf-8"))
    contents = {
        "rawabit.grass": style().encode("utf-8"),
        "queries.cypher": queries_text(queries()).lstrip("\n").encode("utf-8"),
        "queries.zip": packed.getvalue(),
    }
    for name, content in contents.items():
        with replacing(folder / name) as out:
            out.write(content)
    return [folder / name for name in contents]
