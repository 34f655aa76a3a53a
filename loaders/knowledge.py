"""Import of names for linking, from tables and dumps into a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rawabit.graph.knowledge_file import Record, Written, is_knowledge, write_knowledge
from rawabit.loaders.knowledge_sources import format_of, read_records
from rawabit.loaders.packed import BROKEN, cause_of
from rawabit.loaders.problems import Problem, Refused

__all__ = ["Imported", "import_knowledge"]


@dataclass(slots=True)
class Imported:
    """What an import did.

    Attributes:
        read: lines and rows.
        skipped: those of no class or language of ours.
        written: what the file holds.
    """

    read: int = 0
    skipped: int = 0
    written: Written = field(default_factory=lambda: Written(0, 0, 0))


def import_knowledge(
    sources: Sequence[Path],
    target: Path,
    *,
    report: Callable[[Problem], None],
    progress: Callable[[int], None] = lambda read: None,
    format: str | None = None,
) -> Imported:
    """Reads tables and dumps as streams into one file for `rawabit.graph.knowledge.open_knowledge`.

    Args:
        sources: one dump at most, and any number of tables.
        target: the file; replaced where it is one of ours, not where nothing was read.
        report: gets a Problem for each bad line; the others are read.
        progress: called every thousand lines with their number.
        format: of all sources, "table", "wikidata" or "jrc"; None to find out of each.

    Raises:
        Refused: `target` is a file of another kind; or `sources` hold two kinds of dumps, whose ids of one thing
            differ.
        OSError, RuntimeError: the target cannot be written.
    """
    if target.exists() and not (target.is_file() and (target.stat().st_size == 0 or is_knowledge(target))):
        raise Refused(f"{target} is there, and no file of rawabit knowledge import: it would be overwritten")
    formats: dict[Path, str] = {}
    for source in sources:
        try:
            formats[source] = format or format_of(source)
        except BROKEN as error:
            report(Problem(str(source), cause_of(error)))
    if {"wikidata", "jrc"} <= set(formats.values()):
        raise Refused("Wikidata and JRC-Names have different ids for one thing: import one of them")
    done = Imported()

    def records() -> Iterator[Record]:
        for source, kind in formats.items():
            for record in read_records(source, kind, report):
                done.read += 1
                if done.read % 1000 == 0:
                    progress(done.read)
                if record is None:
                    done.skipped += 1
                else:
                    yield record

    done.written = write_knowledge(records(), target)
    if not done.written.entries:
        report(Problem(", ".join(map(str, sources)), f"no names in it: {target} is not written"))
    return done
