"""Files that appear whole or not at all."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

__all__ = ["replacing"]


@contextlib.contextmanager
def replacing(target: Path) -> Iterator[BinaryIO]:
    """Open a new file beside `target`, which takes its place when the block ends without an error.

    A reader sees the old file or the whole new one; after an error the old one stands as it was. What is not a
    regular file (``/dev/stdout``, a named pipe) is written to directly. A link stays a link.

    Raises:
        OSError: when the folder does not exist or cannot be written to.
    """
    if target.exists() and not target.is_file():
        with target.open("wb") as out:
            yield out
        return
    target = target.resolve()
    # The process id keeps two runs apart that write the same file at once; "x" never follows a link laid there.
    temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("xb") as out:
            yield out
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)
