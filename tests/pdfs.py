"""PDFs for tests, written by hand: glyphs where the test wants them, and what each of them is said to mean.

No font is embedded: what a reader of text looks at is the place of each glyph and the font's table of meanings
(ToUnicode), and programs differ in just these.
"""

from __future__ import annotations

import unicodedata
import zlib
from collections.abc import Sequence

__all__ = ["WIDTH", "pdf", "shaped", "turned"]

WIDTH = 0.5
"""Of each glyph, in parts of the type's size."""

Placed = tuple[float, float, float, Sequence[str]]
"""x and y of the first glyph, size, and the meaning of each glyph from left to right ("" for none)."""


def _forms() -> dict[str, dict[str, str]]:
    """By letter: its presentation forms, and those of lam with an alef by these two letters."""
    out: dict[str, dict[str, str]] = {}
    for code in range(0xFE80, 0xFEFD):
        kind, *letters = unicodedata.decomposition(chr(code)).split()
        key = "".join(chr(int(letter, 16)) for letter in letters)
        out.setdefault(key, {})[kind.strip("<>")] = chr(code)
    return out


FORMS = _forms()


def shaped(word: str) -> list[str]:
    """A word of Arabic letters as presentation forms, in the order in which it is read."""
    units: list[str] = []
    for letter in word:
        if units and units[-1] == "ل" and "ل" + letter in FORMS:
            units[-1] += letter
        else:
            units.append(letter)
    out = []
    for i, unit in enumerate(units):
        forms = FORMS.get(unit, {})
        before = i > 0 and "initial" in FORMS.get(units[i - 1], {}) and "final" in forms
        after = i + 1 < len(units) and "initial" in forms and "final" in FORMS.get(units[i + 1], {})
        kind = ("medial" if after else "final") if before else ("initial" if after else "isolated")
        out.append(forms.get(kind, unit))
    return out


def turned(line: str, *, forms: bool = True) -> list[str]:
    """A line of Arabic words and numbers as its glyphs stand from left to right."""
    out: list[str] = []
    for word in reversed(line.split(" ")):
        if out:
            out.append(" ")
        if any(c.isdigit() for c in word):
            out.extend(word)
        else:
            out.extend(reversed(shaped(word) if forms else list(word)))
    return out


def pdf(pages: Sequence[Sequence[Placed]], *, title: str = "", turn: Sequence[float] = (1, 0, 0, 1)) -> bytes:
    """A PDF of the pages; `turn` is the matrix of all text without its place."""
    codes: dict[str, int] = {}
    contents = []
    for page in pages:
        lines = ["BT"]
        for x, y, size, glyphs in page:
            text = "".join(f"{codes.setdefault(glyph, len(codes) + 1):04x}" for glyph in glyphs)
            lines.append(f"/F {size} Tf {' '.join(map(str, turn))} {x} {y} Tm <{text}> Tj")
        contents.append("\n".join([*lines, "ET"]).encode())
    table = "".join(f"<{code:04x}> <{glyph.encode('utf-16-be').hex()}>\n" for glyph, code in codes.items() if glyph)
    cmap = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /T def /CMapType 2 def\n"
        "1 begincodespacerange <0000> <ffff> endcodespacerange\n"
        f"{table.count(chr(10))} beginbfchar\n{table}endbfchar endcmap end end"
    ).encode()
    kids = " ".join(f"{7 + 2 * i} 0 R" for i in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {len(pages)} /Kids [{kids}] >>".encode(),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding /Identity-H /DescendantFonts [4 0 R]"
        b" /ToUnicode 5 0 R >>",
        b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /X /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity)"
        b" /Supplement 0 >> /DW 500 /FontDescriptor << /Type /FontDescriptor /FontName /X /Flags 4 /Ascent 800"
        b" /Descent -200 /FontBBox [0 -200 1000 800] /ItalicAngle 0 /CapHeight 700 /StemV 80 >> >>",
        _stream(cmap),
        f"<< /Title <{(chr(0xFEFF) + title).encode('utf-16-be').hex()}> >>".encode() if title else b"<< >>",
    ]
    for i, content in enumerate(contents):
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {8 + 2 * i} 0 R"
            " /Resources << /Font << /F 3 0 R >> >> >>".encode()
        )
        objects.append(_stream(content))
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010} 00000 n \n".encode() for place in places)
    out += f"trailer << /Size {len(objects) + 1} /Root 1 0 R /Info 6 0 R >>\nstartxref\n{start}\n%%EOF".encode()
    return bytes(out)


def _stream(data: bytes) -> bytes:
    packed = zlib.compress(data)
    return f"<< /Length {len(packed)} /Filter /FlateDecode >>\nstream\n".encode() + packed + b"\nendstream"
