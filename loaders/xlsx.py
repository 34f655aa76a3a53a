"""An Excel workbook with four sheets from right to left: ``-o FILE.xlsx``. Needs ``pip install 'rawabit[excel]'``.

XlsxWriter (BSD) writes it: texts are always texts, never formulas or links. What Excel cannot hold is cut and said: a
cell has 32,767 characters at most, and more rows than 1,048,576 go on in a second sheet (``mentions 2``).

    rawabit run articles -o out/graph.xlsx
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from rawabit.graph.model import Edge, Node
from rawabit.loaders.atomic import replacing
from rawabit.loaders.problems import missing_extra
from rawabit.loaders.sheets import Cell, Sheet, sheets

__all__ = ["write_xlsx"]

_CELL, _ROWS = 32_767, 1_048_576
_WIDTHS = {"sentence": 70, "aliases": 40, "name": 28, "title": 50, "documentTitle": 40, "url": 30}
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def write_xlsx(elements: Iterable[Node | Edge], path: Path) -> list[str]:
    """Write the workbook, whole or not at all; equal elements give equal bytes.

    Args:
        elements: the graph.
        path: of the file.

    Returns:
        What Excel could not hold, a line each, for people.

    Raises:
        RuntimeError: XlsxWriter is not installed.
        OSError: the file cannot be written.
    """
    try:
        import xlsxwriter
    except ImportError:
        raise RuntimeError(missing_extra(".xlsx", "excel")) from None
    cut = 0
    notes = []
    with replacing(path) as out:
        book = xlsxwriter.Workbook(
            out,
            {
                "constant_memory": True,  # a row at a time
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
            },
        )
        book.set_properties({"title": "روابط", "created": dt.datetime(2000, 1, 1)})  # no clock: equal bytes
        head, plain = (
            book.add_format({"bold": True, "reading_order": 2, "bottom": 1}),
            book.add_format({"reading_order": 2, "valign": "top"}),
        )
        for sheet in sheets(elements):
            parts = list(_parts(sheet))
            if len(parts) > 1:
                notes.append(
                    f"{sheet.name}: {len(sheet.rows)} rows are more than a sheet holds: in {len(parts)} sheets"
                )
            for name, rows in parts:
                page = book.add_worksheet(name)
                page.right_to_left()
                page.freeze_panes(1, 0)
                for column, title in enumerate(sheet.columns):
                    page.set_column(column, column, _WIDTHS.get(title, 18), plain)
                for column, title in enumerate(sheet.columns):
                    page.write_string(0, column, title, head)
                for number, row in enumerate(rows, 1):
                    for column, cell in enumerate(row):
                        cut += _write(page, number, column, cell, plain)
                page.autofilter(0, 0, len(rows), len(sheet.columns) - 1)
        book.close()
    if cut:
        notes.append(f"{cut} texts are longer than the {_CELL} characters of an Excel cell: cut, with … at their end")
    return notes


def _parts(sheet: Sheet) -> Iterator[tuple[str, tuple[tuple[Cell, ...], ...]]]:
    most = _ROWS - 1
    for i, start in enumerate(range(0, max(len(sheet.rows), 1), most), 1):
        yield sheet.name if i == 1 else f"{sheet.name} {i}", sheet.rows[start : start + most]


def _write(page: Any, row: int, column: int, cell: Cell, style: Any) -> bool:
    """Write a cell; whether it had to be cut."""
    if cell is None:
        return False
    if isinstance(cell, bool):
        page.write_boolean(row, column, cell, style)
    elif isinstance(cell, int | float):
        page.write_number(row, column, cell, style)
    else:
        text, cut = _fitting(_FORBIDDEN.sub("\ufffd", cell.replace("\r\n", "\n").replace("\r", "\n")))
        page.write_string(row, column, text, style)
        return cut
    return False


def _fitting(text: str) -> tuple[str, bool]:
    """`text` as a cell holds it (Excel counts in UTF-16), and whether something of it is gone."""
    units = text.encode("utf-16-le")
    if len(units) <= 2 * _CELL:
        return text, False
    return units[: 2 * (_CELL - 1)].decode("utf-16-le", "ignore") + "…", True
