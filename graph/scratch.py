"""A temporary SQLite file, for what must wait on the disk while a graph is made or sent."""

from __future__ import annotations

import sqlite3
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self

__all__ = ["Scratch"]


class Scratch:
    """A database that nobody else sees, gone when it is closed; it may be used in a ``with`` statement.

    Args:
        tables: ``CREATE TABLE`` statements.
    """

    def __init__(self, *tables: str) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="rawabit-")
        self._db = sqlite3.connect(Path(self._folder.name) / "scratch.sqlite")
        self._db.execute("PRAGMA journal_mode=OFF")  # what a crash leaves is of no use to anybody
        self._db.execute("PRAGMA synchronous=OFF")
        for table in tables:
            self._db.execute(table)

    def close(self) -> None:
        """Remove the temporary file; what it holds can't be read any more."""
        self._db.close()
        self._folder.cleanup()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
