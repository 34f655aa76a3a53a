"""The text of a Word document (``.docx``): an archive of XML, read without a library.

python-docx passes over what was inserted under revision, content controls, text boxes and notes; here they are read.
Headers, footers, comments and what was deleted under revision are not the article's text and are left out.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from typing import BinaryIO
from xml.etree import ElementTree

__all__ = ["read_docx"]

_TITLE = "{http://purl.org/dc/elements/1.1/}title"
_SKIPPED = frozenset({"del", "moveFrom", "Fallback", "delText", "instrText", "pPr", "rPr"})
"""What was deleted or moved away, and the copy of a text box for old programs."""
_NOTES = ("word/footnotes.xml", "word/endnotes.xml")
_HEAD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def read_docx(stream: BinaryIO, max_chars: int) -> tuple[str, str | None]:
    """The text, a line for each paragraph (the cells of a table's row parted by tabs), and the title if it has one.

    Args:
        stream: the file, which can be sought in.
        max_chars: the XML may have forty times as many bytes; more are refused unread (an archive may hide gigabytes).

    Raises:
        ValueError: not a Word document, a broken or encrypted or empty one, or a longer one. The message is the cause,
            for people.
    """
    head = stream.read(8)
    stream.seek(0)
    if not head:
        raise ValueError("empty")
    if head == _HEAD:
        raise ValueError("encrypted, or an old Word file (.doc) under another name")
    try:
        with zipfile.ZipFile(stream) as archive:
            names = set(archive.namelist())
            if "word/document.xml" not in names:
                raise ValueError("not a Word document: it lacks word/document.xml")
            parts = [_part(archive, name, 40 * max_chars) for name in ("word/document.xml", *_NOTES) if name in names]
            core = _part(archive, "docProps/core.xml", 1 << 20) if "docProps/core.xml" in names else None
    except ElementTree.ParseError as error:
        raise ValueError(f"a broken Word document (XML: {error})") from None
    except (OSError, ValueError, MemoryError, RecursionError):
        raise
    except Exception as error:  # what an archive of odd bytes raises is no closed list
        encrypted = "encrypted" in str(error) or "password" in str(error)
        raise ValueError("encrypted" if encrypted else f"a broken Word document ({type(error).__name__})") from None
    lines = [line for part in parts for line in _lines(part)]
    text = "\n".join(lines).strip("\n")
    if not text.strip():
        raise ValueError("no text in it (pictures of pages?)")
    title = core.findtext(_TITLE) if core is not None else None
    return text, " ".join(title.split()) or None if title else None


def _part(archive: zipfile.ZipFile, name: str, limit: int) -> ElementTree.Element:
    with archive.open(name) as part:
        data = part.read(limit + 1)
    if len(data) > limit:
        raise ValueError(f"too large to be an article: {name} has more than {limit} bytes")
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise ValueError("a broken Word document (XML with entities)")
    return ElementTree.fromstring(data)


def _name(element: ElementTree.Element) -> str:
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _lines(root: ElementTree.Element) -> Iterator[str]:
    """The paragraphs of a part; the rows of tables as lines of cells."""
    for child in root:
        kind = _name(child)
        if kind == "p":
            yield from _paragraph(child)
        elif kind == "tr":
            cells = [" ".join(line for line in _lines(cell) if line.strip()) for cell in _cells(child)]
            if any(cells):
                yield "\t".join(cells)
        elif kind not in _SKIPPED:
            yield from _lines(child)


def _cells(row: ElementTree.Element) -> Iterator[ElementTree.Element]:
    for child in row:
        if _name(child) == "tc":
            yield child
        elif _name(child) not in _SKIPPED:
            yield from _cells(child)


def _paragraph(paragraph: ElementTree.Element) -> Iterator[str]:
    """Its lines, then those of the text boxes in it."""
    boxes: list[ElementTree.Element] = []
    text = "".join(_runs(paragraph, boxes))
    yield from (line.rstrip() for line in text.split("\n"))
    for box in boxes:
        yield from _lines(box)


def _runs(element: ElementTree.Element, boxes: list[ElementTree.Element]) -> Iterator[str]:
    for child in element:
        kind = _name(child)
        if kind == "t":
            yield child.text or ""
        elif kind in {"tab", "ptab"}:
            yield "\t"
        elif kind in {"br", "cr"}:
            yield "\n"
        elif kind == "noBreakHyphen":
            yield "-"
        elif kind == "txbxContent":
            boxes.append(child)
        elif kind not in _SKIPPED:
            yield from _runs(child, boxes)
