"""Plain tables that Excel and LibreOffice open with a double click, Arabic right: ``-o tables:DIR``.

``entities.csv``, ``claims.csv``, ``mentions.csv`` and ``documents.csv``: UTF-8 with a byte order mark, which is how
Excel knows it for UTF-8, lines that end in CR LF (RFC 4180). A text that a spreadsheet would take for a formula gets an
apostrophe in front, as OWASP advises (https://owasp.org/www-community/attacks/CSV_Injection); numbers stay numbers.

    rawabit run articles -o tables:out/tables
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path

from rawabit.graph.model import Edge, Node
from rawabit.loaders.atomic import replacing
from rawabit.loaders.sheets import Cell, sheets

__all__ = ["harmless", "write_tables"]

_FORMULA = frozenset("=+-@\t\r\n＝＋－＠")


def harmless(text: str) -> str:
    """`text` as no spreadsheet takes it for a formula: an apostrophe goes before ``= + - @``, a tab or a line's end.

    >>> harmless("=1+1"), harmless("- قال"), harmless("-5.2"), harmless("قال =")
    ("'=1+1", "'- قال", '-5.2', 'قال =')
    """
    if text[:1] not in _FORMULA and text.lstrip()[:1] not in _FORMULA:
        return text
    try:
        number = float(text) if text.isascii() and text == text.strip() and "_" not in text else math.nan
    except ValueError:
        number = math.nan
    return text if math.isfinite(number) else f"'{text}"


def write_tables(elements: Iterable[Node | Edge], folder: Path) -> None:
    """Write the four tables into `folder`, which is made where it is missing; all of them or none.

    Args:
        elements: the graph.
        folder: other files in it are left alone.

    Raises:
        OSError: it cannot be written to.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        for sheet in sheets(elements):
            out = stack.enter_context(replacing(folder / f"{sheet.name}.csv"))
            text = stack.enter_context(_Text(out))
            rows = csv.writer(text, lineterminator="\r\n")
            rows.writerow(sheet.columns)
            rows.writerows([_value(cell) for cell in row] for row in sheet.rows)


class _Text(io.TextIOWrapper):
    """A text over a binary stream that stays open after it."""

    def __init__(self, out: io.BufferedIOBase | object) -> None:
        super().__init__(out, encoding="utf-8-sig", newline="")  # type: ignore[arg-type]

    def __exit__(self, *_: object) -> None:
        self.flush()
        self.detach()


def _value(cell: Cell) -> str | int | float | None:
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    return harmless(cell.replace("\x00", "\ufffd")) if isinstance(cell, str) else cell
