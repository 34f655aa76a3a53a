"""A table that gives files their titles, dates, publishers and addresses."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from rawabit.loaders.problems import Problem
from rawabit.loaders.sources import Source
from rawabit.loaders.tables import table

__all__ = ["metadata"]

_MAX_ROW = 100_000
_GIVES = ("title", "date", "published", "source", "url")


def metadata(
    path: Path, sources: Sequence[Source], report: Callable[[Problem], None]
) -> Mapping[str, Mapping[str, str]]:
    """What a table says of files: `Source.where` to title, date, source and url, empty cells left out.

    A row names its file in a column ``file`` (or ``name`` or ``path``): the path below the folder that is read, or
    the bare name where only one file has it.

    Args:
        path: CSV or TSV.
        sources: the files that will be read.
        report: called with rows that are broken (fatal), and rows that fit no file, or several (not fatal).
    """
    by_path: dict[str, list[Source]] = {}
    by_name: dict[str, list[Source]] = {}
    for source in sources:
        if source.path is not None:
            for name in {source.relative, source.where.replace("\\", "/")}:
                by_path.setdefault(name, []).append(source)
            by_name.setdefault(source.path.name, []).append(source)
    out: dict[str, dict[str, str]] = {}
    where = str(path)
    try:
        for item in table(path, where, ("file", "name", "path"), max_record=_MAX_ROW):
            if isinstance(item, Problem):
                report(item)
                continue
            number, row = item
            given = next((row[key].strip() for key in ("file", "name", "path") if row.get(key, "").strip()), "")
            name = given.replace("\\", "/").removeprefix("./")
            fits = by_path.get(name) or (by_name.get(name, []) if "/" not in name else [])
            if len(fits) == 1:
                cells = {key: row[key].strip() for key in _GIVES if row.get(key, "").strip()}
                if "published" in cells:
                    cells["date"] = cells.pop("published")
                before = out.setdefault(fits[0].where, {})
                if before and before != cells:
                    report(Problem(f"{where}:{number}", f"a second row for {given}: the first is used", fatal=False))
                before.update({key: value for key, value in cells.items() if key not in before})
            else:
                cause = f"fits {len(fits)} files" if fits else "fits no file that is read"
                report(Problem(f"{where}:{number}", f"{given or '(no name)'}: {cause}", fatal=False))
    except OSError as error:
        report(Problem(where, f"cannot be read: {error.strerror or error}"))
    return out
