"""Writing ``docs.jsonl``: line by line, so that a killed run can be resumed where it stopped."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from rawabit.graph.model import Extraction, text_hash
from rawabit.loaders.atomic import replacing
from rawabit.loaders.docs import dumps
from rawabit.loaders.problems import Problem, Refused
from rawabit.ner.model import Document

__all__ = ["DocsWriter"]

_Print = tuple[str | None, ...]


def _fingerprint(document: Document) -> _Print:
    """What the result for a document depends on."""
    return text_hash(document.text), document.title, document.source, document.url, document.published


class DocsWriter:
    """A ``docs.jsonl`` that is being written; use it in a ``with`` statement.

    Args:
        path: target.
        resume: keep the lines that are there; `has` then tells which documents need no new extraction.
        version: of the extractor; lines of another one are extracted anew.
        report: gets a note where the torn last line of a killed run was dropped.

    The file is opened with the first line that is written: a run that reads nothing leaves an older file alone.

    Raises:
        rawabit.loaders.problems.Refused: the file to resume holds lines that are not ours; it is left as it is.
    """

    def __init__(self, path: Path, *, resume: bool, version: str, report: Callable[[Problem], None]) -> None:
        self.path = path
        self._version = version
        self._known: dict[str, _Print] = {}
        self._stale: set[str] = set()
        self._rewrite = False
        self.superseded = 0
        """Lines of documents that came again with another text."""
        if resume and path.exists():
            self._scan(report)
        self._resume = resume
        self._file: BinaryIO | None = None

    def _scan(self, report: Callable[[Problem], None]) -> None:
        with self.path.open("rb") as file:
            for number, line in enumerate(file, 1):
                try:
                    row = json.loads(line)
                    key, print_ = str(row["id"]), (
                        row["sha256"], row.get("title"), row.get("source"), row.get("url"), row.get("published")
                    )  # fmt: skip
                except (ValueError, KeyError, TypeError, RecursionError):
                    if not line.strip():
                        continue
                    where = f"{self.path}:{number}"
                    if line.endswith(b"\n") or not line.startswith(b'{"id":"'):
                        raise Refused(f"{where}: not a line of docs.jsonl: --resume leaves this file alone") from None
                    report(Problem(where, "the torn last line of an earlier run, dropped", fatal=False))
                    self._rewrite = True
                    continue
                self._rewrite |= not line.endswith(b"\n")
                self._rewrite |= key in self._known or key in self._stale
                if row.get("version") == self._version:
                    self._known[key] = print_
                    self._stale.discard(key)
                else:
                    self._known.pop(key, None)
                    self._stale.add(key)
        if self._rewrite:
            self._compact()

    def has(self, document: Document) -> bool:
        """Whether a line of this content and extractor version is there already."""
        known = self._known.get(document.id)
        return known is not None and known == _fingerprint(document)

    def write(self, extraction: Extraction) -> None:
        """Add a line and hand it to the operating system."""
        key = extraction.document.id
        if key in self._known or key in self._stale:
            self._rewrite = True
            self.superseded += key in self._known and self._known[key][0] != text_hash(extraction.document.text)
        self._known[key] = _fingerprint(extraction.document)
        if self._file is None:
            self._file = self.path.open("ab" if self._resume else "wb")
        self._file.write(dumps(extraction).encode("utf-8") + b"\n")
        self._file.flush()

    def close(self) -> None:
        """Close the file; where lines were superseded, only the last one of each document stays."""
        if self._file is not None:
            self._file.close()
        if self._rewrite:
            self._compact()
        if not self.path.exists():
            self.path.touch()

    def _compact(self) -> None:
        last: dict[str, int] = {}
        with self.path.open("rb") as file:
            for number, line in enumerate(file):
                with contextlib.suppress(ValueError, KeyError, TypeError, RecursionError):
                    last[str(json.loads(line)["id"])] = number
        keep = set(last.values())
        with replacing(self.path) as target, self.path.open("rb") as file:
            target.writelines(line.rstrip(b"\n") + b"\n" for number, line in enumerate(file) if number in keep)
        self._rewrite = False

    def __enter__(self) -> DocsWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
