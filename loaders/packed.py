"""Lines of large files, packed (.gz, .bz2, .xz) or not, read as a stream."""

from __future__ import annotations

import bz2
import gzip
import lzma
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

from rawabit.loaders.problems import Problem

__all__ = ["BROKEN", "PACKED", "cause_of", "inner_suffix", "lines", "open_packed"]

BROKEN = (OSError, EOFError, zlib.error, lzma.LZMAError)
"""What reading a file that is damaged, cut off or not there may raise."""

PACKED = {".gz": gzip.open, ".gzip": gzip.open, ".bz2": bz2.open, ".xz": lzma.open}
_LIMIT = 32 << 20  # bytes of a line; the largest items have a few MiB


def open_packed(path: Path) -> IO[bytes]:
    """What a file holds, unpacked as it is read."""
    opener: Any = PACKED.get(path.suffix.lower(), open)
    stream: IO[bytes] = opener(path, "rb")
    return stream


def inner_suffix(path: Path) -> str:
    """The suffix under that of the packing, in lower case.

    >>> inner_suffix(Path("names.CSV.gz"))
    '.csv'
    """
    return Path(path.stem).suffix.lower() if path.suffix.lower() in PACKED else path.suffix.lower()


def cause_of(error: BaseException) -> str:
    """One line on an error of `BROKEN`."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return f"damaged or cut off: {error}"


def lines(path: Path, report: Callable[[Problem], None]) -> Iterator[tuple[str, str]]:
    """Lines that are not empty, without the blanks around them, and where each stands (``file:number``).

    Reported is each line that is too long or no UTF-8, and the place from which a damaged file cannot be read.
    """
    number = 0
    try:
        with open_packed(path) as stream:
            while line := stream.readline(_LIMIT + 1):
                number += 1
                at = f"{path}:{number}"
                if len(line) > _LIMIT:
                    while line and not line.endswith(b"\n"):
                        line = stream.readline(_LIMIT)
                    report(Problem(at, f"a line of more than {_LIMIT >> 20} MiB"))
                    continue
                try:
                    text = line.decode("utf-8").removeprefix("\ufeff" if number == 1 else "").strip()
                except UnicodeDecodeError:
                    report(Problem(at, "bytes that are not UTF-8"))
                    continue
                if text:
                    yield at, text
    except BROKEN as error:
        report(Problem(f"{path}:{number + 1}" if number else str(path), cause_of(error)))
