"""The graph as four tables for people: the columns of `rawabit.loaders.frames`, and beside each id the name it has."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from rawabit.graph.model import Edge, Node
from rawabit.loaders.frames import has_value, to_frames

__all__ = ["Cell", "Sheet", "sheets"]

Cell = str | int | float | bool | None

_NAMED = {
    "entities": {},
    "claims": {"subject": "subjectName", "object": "objectName", "document": "documentTitle"},
    "mentions": {"entity": "entityName", "document": "documentTitle"},
    "documents": {},
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: its name, the names of its columns, and its rows."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def sheets(elements: Iterable[Node | Edge]) -> Iterator[Sheet]:
    """Entities, claims, mentions and documents; lists are joined by `` | ``, columns without a value left out."""
    frames = to_frames(elements)
    names: dict[str, Cell] = dict(zip(frames.entities.index, map(_cell, frames.entities["name"]), strict=True))
    names |= dict(zip(frames.documents.index, map(_cell, frames.documents["title"]), strict=True))
    for name, frame in frames._asdict().items():
        columns: dict[str, list[Cell]] = {}
        if frame.index.name == "id":
            columns["id"] = [str(key) for key in frame.index]
        for column in frame.columns:
            cells = [_cell(value) for value in frame[column].astype(object)]
            if any(cell is not None for cell in cells) or column in ("name", "title", "subject", "entity"):
                columns[str(column)] = cells
            if column in _NAMED[name]:
                columns[_NAMED[name][column]] = [names.get(str(cell)) for cell in cells]
        yield Sheet(name, tuple(columns), tuple(zip(*columns.values(), strict=True)))


def _cell(value: Any) -> Cell:
    if isinstance(value, tuple | list):
        return " | ".join(map(str, value)) or None
    if not has_value(value):
        return None
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)  # no spreadsheet has such a number
    if isinstance(value, bool | int | float):
        return value
    return str(value)
