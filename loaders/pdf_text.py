"""The text of a PDF, Arabic in the order in which it is read. Needs ``pip install 'rawabit[documents]'``.

pdfminer.six (MIT) says which glyph stands where; `rawabit.loaders.page_lines` and `rawabit.loaders.page_text` make
lines and paragraphs of them. No library orders Arabic by itself: of the text of twelve files made by Chromium,
WeasyPrint, fpdf2 and ReportLab in five fonts, pypdf gives 38% to 62% of the characters wrongly, pdfminer's own lines
78% to 83%, pdfium 3% to 40%, and this module none but where a font lacked letters (5%) or the file's maker turned the
lines himself (0.5%). pdfium's glyphs in place of pdfminer's leave up to 10%, since it breaks ligatures up.
"""

from __future__ import annotations

import logging
import math
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from rawabit.loaders.decode import arabic_share
from rawabit.loaders.page_lines import Glyph, is_mark
from rawabit.loaders.page_text import pages_text
from rawabit.loaders.problems import missing_extra

__all__ = ["read_pdf"]

_UNMAPPED = re.compile(r"\(cid:\d+\)")
_UNKNOWN = "\ufffd"
_MOST_UNKNOWN = 0.3
"""Share of letters without a meaning above which a file is not text but a picture of it."""

_MOST_HIDDEN = 0.2
_RUN = 8  # glyphs of which a file may say that they write something else than their font says


def read_pdf(stream: BinaryIO, max_chars: int) -> tuple[str, str | None]:
    """The text, a line for each paragraph, and the title where the file gives an Arabic one.

    What stands at the head or foot of most pages is given once, page numbers not at all; turned text comes after the
    upright text of its page. A letter that the file's fonts do not name is U+FFFD.

    Args:
        stream: the file, which can be sought in.
        max_chars: glyphs that it may hold.

    Raises:
        ValueError: not a PDF, a broken or an encrypted one, one without text, or a longer one; or pdfminer.six is
            not installed. The message is the cause, for people.
    """
    if not stream.read(1):
        raise ValueError("empty")
    stream.seek(0)
    try:
        from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect
    except ImportError:
        raise ValueError(missing_extra("PDF", "documents")) from None
    logger = logging.getLogger("pdfminer")
    if not logger.handlers:  # what it thinks of a file it would say on standard error, many times
        logger.addHandler(logging.NullHandler())
        logger.propagate = False
    try:
        pages, title = _pages(stream, max_chars)
    except _TooLong:
        raise ValueError(f"too large to be an article: more than {max_chars} characters") from None
    except (PDFPasswordIncorrect, PDFEncryptionError):
        raise ValueError("encrypted: it opens with a password only") from None
    except (RecursionError, MemoryError):
        raise ValueError("a PDF nested too deeply, or too large for the memory") from None
    except OSError:
        raise
    except Exception as error:  # a parser on hostile input raises what it likes; one file must not end the run
        raise ValueError(f"a broken PDF ({type(error).__name__})") from None
    if not pages:
        raise ValueError("a broken PDF (no page can be read)")
    letters = [glyph.text for glyphs in pages for glyph in glyphs if not glyph.text.isspace()]
    if not letters:
        raise ValueError("no text in it (a scan?)")
    if letters.count(_UNKNOWN) > _MOST_UNKNOWN * len(letters):
        raise ValueError("its fonts do not say which letters they draw: to be read, it needs OCR as a scan does")
    return pages_text(pages), title if title and arabic_share(title)[0] else None


class _TooLong(Exception):
    pass


def _pages(stream: BinaryIO, max_chars: int) -> tuple[list[list[Glyph]], str | None]:
    from pdfminer.pdfdocument import PDFDocument
    from pdfminer.pdfinterp import PDFResourceManager
    from pdfminer.pdfpage import PDFPage
    from pdfminer.pdfparser import PDFParser

    from rawabit.loaders.pdf_glyphs import GlyphDevice, GlyphInterpreter

    document = PDFDocument(PDFParser(stream))
    resources = PDFResourceManager()
    device = GlyphDevice(resources)
    interpreter = GlyphInterpreter(resources, device)
    pages: list[list[Glyph]] = []
    count = 0
    for page in PDFPage.create_pages(document):
        interpreter.process_page(page)
        drawn = device.get_result()
        chars = list(_chars(drawn))
        # A file that hides most of its text under clips means something else by them: then all of it is taken.
        hidden = device.hidden if len(device.hidden) < _MOST_HIDDEN * len(chars) else frozenset()
        placed = {id(c): found for c in chars if id(c) not in hidden and (found := _glyph(c, drawn.bbox)) is not None}
        for text, run in device.said:
            _say(text, [id(char) for char in run if id(char) in placed], placed)
        turned: dict[int, list[Glyph]] = {0: []}
        for glyph, angle in placed.values():
            turned.setdefault(angle, []).append(glyph)
        pages.extend(turned.values())
        count += len(placed)
        if count > max_chars:
            raise _TooLong
    return pages, _title(document.info)


def _chars(item: Any) -> Iterator[Any]:
    """The characters of a page, figures included, in the order in which they are drawn."""
    from pdfminer.layout import LTChar, LTContainer

    stack = [item]
    while stack:
        item = stack.pop()
        if isinstance(item, LTChar):
            yield item
        elif isinstance(item, LTContainer):
            stack.extend(reversed(list(item)))


def _say(text: str, run: list[int], placed: dict[int, tuple[Glyph, int]]) -> None:
    """Make one glyph of a short run in one line that is said to write `text`; a longer one keeps its own letters."""
    found = [placed[key] for key in run]
    if not found or len(found) > _RUN or not text.strip() or (len(text) > 2 * _RUN or any(map(str.isspace, text))):
        return
    base, angle = max(found, key=lambda one: (not is_mark(one[0].text), one[0].x1 - one[0].x0))
    if any(other != angle or abs(glyph.y - base.y) > base.size for glyph, other in found):
        return
    for key in run[1:]:
        del placed[key]
    left, right = min(glyph.x0 for glyph, _ in found), max(glyph.x1 for glyph, _ in found)
    placed[run[0]] = Glyph(text, left, right, base.y, base.size), angle


def _glyph(char: Any, page: tuple[float, float, float, float]) -> tuple[Glyph, int] | None:
    """A character by its place along its line of writing, and that line's angle in degrees; None off the page, where
    browsers leave pieces of what goes on overleaf."""
    a, b, _, _, e, f = char.matrix
    scale = math.hypot(a, b)
    if not scale or not all(map(math.isfinite, (a, b, e, f, char.adv, char.size))) or char.size <= 0:
        return None
    if not (page[0] <= e <= page[2] and page[1] <= f <= page[3]):
        return None
    text = _UNMAPPED.sub(_UNKNOWN, char.get_text())
    if char.adv and not text.strip("\x00"):
        text = _UNKNOWN
    cos, sin = a / scale, b / scale
    x = e * cos + f * sin
    angle = round(math.degrees(math.atan2(b, a))) % 360
    return Glyph(text.replace("\x00", ""), x, x + char.adv * scale, f * cos - e * sin, char.size), angle


def _title(info: list[dict[str, Any]]) -> str | None:
    from pdfminer.pdftypes import resolve1
    from pdfminer.utils import decode_text

    value = resolve1(info[0].get("Title")) if info else None
    text = decode_text(value) if isinstance(value, bytes) else value
    return " ".join(text.replace("\x00", "").split()) or None if isinstance(text, str) else None
