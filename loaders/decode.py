"""Bytes to text: which encoding it is, and whether it is text at all.

Text is decoded as it stands: no newline is translated, so offsets count what was in the file; only a byte order
mark is taken off. Arabic has several one-byte encodings that use the same bytes for different letters, so a strict
decoder cannot tell them apart: every candidate is decoded and the one that reads most like Arabic wins.
"""

from __future__ import annotations

import codecs
import math
import re

from rawabit.ner.tables import load_table

__all__ = ["Undecodable", "arabic_share", "decode", "encoding_of", "looks_binary"]


class Undecodable(ValueError):
    """The bytes are no text that we can read; the message is the cause, for people."""


_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16 LE, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_MAGIC = (
    (0, b"%PDF", "PDF"),
    (0, b"\x89PNG", "PNG image"),
    (0, b"\xff\xd8\xff", "JPEG image"),
    (0, b"GIF8", "GIF image"),
    (0, b"BM\x00\x00", "BMP image"),
    (0, b"II*\x00", "TIFF image"),
    (0, b"MM\x00*", "TIFF image"),
    (0, b"\x1f\x8b", "gzip archive"),
    (0, b"BZh", "bzip2 archive"),
    (0, b"\xfd7zXZ\x00", "xz archive"),
    (0, b"7z\xbc\xaf\x27\x1c", "7z archive"),
    (0, b"\x28\xb5\x2f\xfd", "zstd archive"),
    (0, b"Rar!\x1a\x07", "RAR archive"),
    (257, b"ustar", "tar archive"),
    (0, b"SQLite format 3\x00", "SQLite database"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Word or Excel file"),
    (0, b"{\\rtf", "RTF document"),
    (0, b"\x7fELF", "program"),
    (0, b"MZ\x90\x00", "program"),
    (0, b"OggS", "Ogg audio"),
    (0, b"ID3", "MP3 audio"),
    (4, b"ftyp", "MP4 video"),
    (0, b"PAR1", "Parquet table"),
)
_ZIPPED = (
    (b"word/", "Word document"),
    (b"xl/", "Excel workbook"),
    (b"ppt/", "PowerPoint file"),
    (b"opendocument", "OpenDocument file"),
    (b"epub", "EPUB book"),
)
_ONE_BYTE = ("cp1256", "iso8859_6")
_HEAD = 65536
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_LETTER = re.compile(r"[^\W\d_]+")
_ARABIC = re.compile(
    "[\u0620-\u063f\u0641-\u064a\u066e\u066f\u0671-\u06d3\u06d5\u06fa-\u06ff\u0750-\u077f\ufb50-\ufdfb\ufe70-\ufefc]+"
)
_RUN = re.compile("[\u0621-\u065f\u00c0-\u024f\u0400-\u04ff\u0370-\u03ff\u2500-\u259f]+")

_TABLE = load_table("arabic", "rawabit.loaders.data")
_WEIGHT = {ord(letter): math.log(share / 1000) for letter, share in _TABLE["letters"].items()}
_WORDS = frozenset(row["word"] for row in _TABLE["words"])
_STRANGE, _MARK = -11.0, -6.5
"""Log weight of a code point that is no Arabic letter inside a run of letters, and of a vowel sign."""
_PLAUSIBLE = -4.1
"""Mean log weight above which a run of letters reads as Arabic. Real headlines lie about -3.1, the same bytes under
a wrong table below -4.6 (tests/test_decode.py holds both sides)."""

_TRUST = 0.25
"""What a declared encoding gains over its rivals: it decides where they read nearly alike."""


def arabic_share(text: str) -> tuple[int, float]:
    """How many Arabic letters `text` has, and which share of all its letters they are (0 where it has none).

    >>> arabic_share("قال NATO")
    (3, 0.42857142857142855)
    """
    letters = sum(map(len, _LETTER.findall(text)))
    arabic = sum(map(len, _ARABIC.findall(text)))
    return arabic, arabic / letters if letters and arabic else 0.0


def looks_binary(head: bytes) -> str | None:
    """What kind of file the first bytes are of, or None where they may be text.

    Args:
        head: the beginning of the file, some kilobytes.

    >>> looks_binary(b"%PDF-1.7 ...")
    'PDF'
    """
    for offset, magic, name in _MAGIC:
        if head.startswith(magic, offset):
            return name
    if head.startswith(b"PK\x03\x04"):
        return next((name for part, name in _ZIPPED if part in head[:4096]), "ZIP archive")
    if any(head.startswith(mark) for mark, _ in _BOMS) or _wide(head):
        return None
    head = head[:_HEAD]
    if b"\x00" in head:
        return "data with NUL bytes"
    return "data" if len(_CONTROLS.findall(head)) > len(head) / 10 else None


def _wide(data: bytes) -> str | None:
    """UTF-16 without a mark: in one of its two byte columns nearly all is 00 (Latin, blanks) or 06 (Arabic)."""
    head = data[: _HEAD - _HEAD % 2]
    if len(head) < 8:
        return None
    half = (len(head) + 1) // 2
    for name, column in (("utf-16-le", head[1::2]), ("utf-16-be", head[0::2])):
        arabic, zero = column.count(6), column.count(0)
        # The other kinds are quotation marks and dashes (20, 21, 22) and presentation forms (fb to fe).
        if arabic + zero > 0.7 * half and (arabic > 0.2 * half or zero > 0.9 * half):
            return name
    return None


def _score(text: str) -> tuple[float, int]:
    """Mean log weight of the letters in `text`, and how many there were.

    Words that everybody uses and words with the article raise the mean; a lone run of marks lowers it.
    """
    total, count = 0.0, 0
    for match in _RUN.finditer(text):
        run = match.group()
        here = sum(
            _WEIGHT.get(ord(c), _MARK if "\u064b" <= c <= "\u0652" else 0.0 if c == "\u0640" else _STRANGE) for c in run
        )
        if "\u064b" <= run[0] <= "\u0652":
            here += _STRANGE
        if run in _WORDS:
            here += 2.0 * len(run)
        elif len(run) > 4 and (run.startswith(("ال", "وال", "بال", "لل"))):
            here += 3.0
        total += here
        count += len(run)
    return (total / count if count else -math.inf), count


def encoding_of(data: bytes, declared: str | None = None) -> str:
    """Name of the codec that reads `data`; for UTF with a mark, the name without it (`decode` takes the mark off).

    The order: a byte order mark; UTF-8, where it is strictly valid (chance does not make it so); UTF-16 without a
    mark; windows-1256, ISO-8859-6 or what the file declares, whichever reads best (the declaration counts for
    something, not for all); what charset-normalizer finds, where that reads as Arabic.

    Args:
        data: the bytes; for a long file its beginning will do, cut at a line end.
        declared: encoding that an HTML page names.

    Raises:
        Undecodable: none of them.
    """
    for mark, name in _BOMS:
        if data.startswith(mark):
            return name
    wide = _wide(data)
    if wide:
        return wide
    try:
        data.decode("utf-8")
        return "utf-8"
    except UnicodeDecodeError as error:
        if _nearly_utf8(data):
            raise Undecodable(
                f"damaged UTF-8: byte {error.start + 1} (0x{data[error.start]:02x}) does not fit ({error.reason})"
            ) from None
    head = data[:_HEAD]
    ranked = sorted(
        (score + (_TRUST if name == declared else 0.0), name)
        for name in {*_ONE_BYTE, declared or "cp1256"}
        if (score := _plausible(head, name)) is not None
    )
    if ranked:
        return ranked[-1][1]
    guess = _guess(data[:8192])
    if guess and _plausible(head, guess) is not None:
        return guess
    raise Undecodable("cannot tell its encoding: not UTF-8, and under no other encoding does it read as Arabic")


def _nearly_utf8(data: bytes) -> bool:
    """Whether most of what is not ASCII is good UTF-8: then it is damaged UTF-8, not some other encoding."""
    text = data[:_HEAD].decode("utf-8", "replace")
    bad = text.count("\ufffd")
    good = sum(map(len, re.findall("[^\x00-\x7f\ufffd]+", text)))
    return good > 2 * bad


def _plausible(head: bytes, name: str) -> float | None:
    try:
        # An incremental decoder bears a character that the end of the head cuts in two.
        text = codecs.getincrementaldecoder(name)("strict").decode(head)
    except (UnicodeError, LookupError, ValueError):
        return None
    except Exception:  # a codec that is no text encoding (zlib, hex, idna) raises what it likes
        return None
    if not isinstance(text, str) or re.search("[\x80-\x9f]", text):
        return None
    mean, count = _score(text)
    # A few letters prove little: they must look the better.
    return mean if mean > _PLAUSIBLE + 1.5 / max(count, 1) else None


def _guess(head: bytes) -> str | None:
    from charset_normalizer import from_bytes

    best = from_bytes(head).best()
    return best.encoding if best else None


def decode(data: bytes, declared: str | None = None) -> str:
    """The text of `data`, without a byte order mark, newlines as they are.

    Args:
        data: all bytes of the file.
        declared: encoding that an HTML page names; never trusted against the bytes.

    Raises:
        Undecodable: binary, damaged, or in no encoding that we can tell.

    >>> decode("أعلنت الشركة".encode("cp1256"))
    'أعلنت الشركة'
    >>> decode("\\ufeffنص\\r\\n".encode("utf-16-le"))
    'نص\\r\\n'
    """
    kind = looks_binary(data[:_HEAD])
    if kind:
        raise Undecodable(f"binary file (looks like {kind})" if kind[:4] != "data" else f"binary file ({kind})")
    name = encoding_of(data, declared)
    try:
        return data.decode(name).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise Undecodable(f"damaged {name.upper()}: byte {error.start + 1} does not fit ({error.reason})") from None
