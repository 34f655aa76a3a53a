"""Which files the inputs name: files, folders, patterns and standard input, in a fixed order."""

from __future__ import annotations

import glob
import os
import stat
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rawabit.loaders.problems import Problem

__all__ = ["KINDS", "Source", "find_sources"]

KINDS = {
    ".txt": "text", ".text": "text", ".md": "text",
    ".html": "html", ".htm": "html", ".xhtml": "html",
    ".jsonl": "lines", ".ndjson": "lines", ".json": "json",
    ".csv": "table", ".tsv": "table",
    ".pdf": "pdf", ".docx": "docx",
}  # fmt: skip
"""What a file's suffix says it holds."""

_TRAPPINGS = frozenset(
    {
        *(".png", ".jpg", ".jpeg", ".gif", ".svg", ".ico", ".webp", ".avif", ".bmp", ".tif", ".tiff"),
        *(".css", ".js", ".mjs", ".map", ".py", ".pyc", ".woff", ".woff2", ".ttf", ".otf", ".eot"),
        *(".mp3", ".mp4", ".webm", ".ogg", ".wav", ".log", ".lock", ".bak", ".tmp"),
    }
)
"""Suffixes of what lies beside articles (a saved page's pictures and scripts): not reading them loses no article."""
_DEBRIS = frozenset({"thumbs.db", "desktop.ini", "__macosx"})


@dataclass(frozen=True, slots=True)
class Source:
    """One thing to read.

    Attributes:
        path: the file; None for standard input.
        where: its name as the user would write it.
        relative: its path below the folder that was given, with ``/``; for a file given by itself, its name.
        kind: ``text``, ``html``, ``lines``, ``json``, ``table``, ``pdf``, ``docx``, or ``unknown`` (to be told
            from its first bytes).
    """

    path: Path | None
    where: str
    relative: str
    kind: str


def find_sources(
    inputs: Sequence[str | Path], report: Callable[[Problem], None], *, leave_out: Collection[Path] = ()
) -> list[Source]:
    """The files that `inputs` name, each once, in the order given, folders sorted by name.

    Hidden files and what operating systems leave behind are passed over; every other file of a folder that cannot be
    read is reported. Links to folders are followed, each folder once.

    Args:
        inputs: files, folders, glob patterns (``**`` too), ``-`` for standard input.
        report: called with what is missing or not a file.
        leave_out: files that are no articles (the table of metadata, what the run writes).
    """
    seen: set[str] = set()
    told: set[Problem] = set()

    def once(problem: Problem) -> None:  # a folder and a pattern may both come upon one bad file
        if problem not in told:
            told.add(problem)
            report(problem)

    seen.update(map(os.path.realpath, leave_out))
    out: list[Source] = []
    for given in inputs:
        if str(given) == "-":
            if "-" not in seen:
                seen.add("-")
                out.append(Source(None, "<stdin>", "<stdin>", "unknown"))
            continue
        for source in _one(str(given), once, seen):
            assert source.path is not None
            real = os.path.realpath(source.path)
            if real not in seen:
                seen.add(real)
                out.append(source)
    return out


def _one(given: str, report: Callable[[Problem], None], seen: set[str]) -> Iterator[Source]:
    try:
        exists = os.path.lexists(given)
    except ValueError:  # a NUL in the name
        exists = False
    paths = [given]
    if not exists:
        if not given.strip() or "\x00" in given or not glob.has_magic(given):
            report(Problem(given if given.strip() else "(empty name)", "no such file or folder"))
            return
        paths = sorted(glob.glob(given, recursive=True))  # noqa: PTH207 - patterns may be absolute
        if not paths:
            report(Problem(given, "no file matches this pattern"))
            return
    for path in paths:
        mode = _mode(path, report)
        if mode is None:
            continue
        if stat.S_ISDIR(mode):
            # A pattern such as ** names folders beside the files in them; the folder is meant only when named itself.
            if exists or "**" not in given:
                yield from _folder(path, report, seen)
        elif not stat.S_ISREG(mode):
            report(Problem(path, f"not a regular file ({_what(mode)}): not opened"))
        else:
            suffix = Path(path).suffix.lower()
            name = path if exists and not Path(path).is_absolute() else Path(path).name
            yield Source(Path(path), path, _slashes(name), KINDS.get(suffix, "unknown"))


def _folder(top: str, report: Callable[[Problem], None], seen: set[str]) -> Iterator[Source]:
    found: list[tuple[list[str], str]] = []
    stack: list[tuple[str, list[str]]] = [(top, [])]
    while stack:  # not recursive: folders nest deeper than Python calls do
        folder, parts = stack.pop()
        real = _identity(folder)
        if real in seen:
            if parts:
                report(Problem(folder, "link to a folder that is read already: not followed", fatal=False))
            continue
        seen.add(real)
        try:
            names = sorted(os.listdir(folder))  # noqa: PTH208 - names as they are
        except OSError as error:
            report(Problem(folder, f"cannot be opened: {error.strerror or error}"))
            continue
        inner = []
        for name in names:
            if name.startswith(".") or name.lower() in _DEBRIS:
                continue
            path = os.path.join(folder, name)  # noqa: PTH118 - a name need not be valid text, and this is quicker
            mode = _mode(path, report)
            if mode is None:
                continue
            if stat.S_ISDIR(mode):
                inner.append((path, [*parts, name]))
            elif not stat.S_ISREG(mode):
                report(Problem(path, f"not a regular file ({_what(mode)}): not opened"))
            elif os.path.realpath(path) not in seen:
                found.append(([*parts, name], path))
        stack.extend(reversed(inner))
    for parts, path in sorted(found):
        suffix = Path(path).suffix.lower()
        if suffix in KINDS:
            yield Source(Path(path), path, "/".join(parts), KINDS[suffix])
        else:
            known = ", ".join(sorted(KINDS))
            report(Problem(path, f"not a format that is read ({known})", fatal=suffix not in _TRAPPINGS))


def _identity(folder: str) -> str:
    """The same for one folder by whatever links it is reached."""
    try:
        status = os.stat(folder)  # noqa: PTH116
    except OSError:
        return os.path.realpath(folder)
    return f"{status.st_dev}:{status.st_ino}" if status.st_ino else os.path.realpath(folder)


def _mode(path: str, report: Callable[[Problem], None]) -> int | None:
    try:
        return os.stat(path).st_mode  # noqa: PTH116 - follows links, names each error
    except OSError as error:
        dangling = os.path.islink(path) and not os.path.exists(path)  # noqa: PTH110, PTH114
        cause = "a link to nothing, or to itself" if dangling else f"cannot be opened: {error.strerror or error}"
        report(Problem(path, cause))
        return None


def _what(mode: int) -> str:
    if stat.S_ISFIFO(mode):
        return "named pipe"
    if stat.S_ISSOCK(mode):
        return "socket"
    return "device"


def _slashes(name: str) -> str:
    return name.replace(os.sep, "/").removeprefix("./")
