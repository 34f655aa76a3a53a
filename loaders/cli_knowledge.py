"""The command `rawabit knowledge`, and the option ``--knowledge`` of others."""

from __future__ import annotations

import os
from pathlib import Path

import click

from rawabit.loaders.session import Session

__all__ = ["knowledge_group", "knowledge_option"]


def _check(context: click.Context, option: click.Parameter, path: Path | None) -> Path | None:
    """Refuse a wrong file before anything is written."""
    if path is not None:
        from rawabit.graph.knowledge import open_knowledge

        try:
            open_knowledge(path)
        except (OSError, RuntimeError, ValueError) as error:
            raise click.BadParameter(str(error)) from None
    return path


knowledge_option = click.option(
    "--knowledge", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE", callback=_check,
    help="Names that rawabit knowledge import wrote: for linking alone, the tagger does not see them.",
)  # fmt: skip


@click.group("knowledge")
def knowledge_group() -> None:
    """Names of your own, or of Wikidata, to link to."""


@knowledge_group.command("import")
@click.argument(
    "sources", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="SOURCE…"
)
@click.option("-o", "--output", required=True, type=click.Path(dir_okay=False, path_type=Path), metavar="FILE.sqlite",
              help="Target, for --knowledge of the other commands.")  # fmt: skip
@click.option("--format", type=click.Choice(["table", "wikidata", "jrc"]),
              help="What the SOURCEs are, where their looks mislead.")  # fmt: skip
@click.option("-q", "--quiet", is_flag=True, help="No progress and no summary; problems are still reported.")
@click.option("--json", "as_json", is_flag=True, help="The summary as one JSON object on stdout.")
def import_(sources: tuple[Path, ...], output: Path, format: str | None, quiet: bool, as_json: bool) -> None:
    """Make a FILE.sqlite of tables and dumps.

    SOURCE is a table of yours (.csv, .tsv, .jsonl: label, name_ar, name_en, and if you like id, wikidata, aliases_ar,
    aliases_en, country, kind), the JSON dump of Wikidata, or the entities of JRC-Names; .gz, .bz2 and .xz as they are.

    Your tables go before the gazetteer, the gazetteer before a dump. A name that several things share links to the one
    that is far more prominent (ten sitelinks, and five times the next), or to none.
    """
    if os.path.realpath(output) in map(os.path.realpath, sources):
        raise click.BadParameter(f"{output} is an input: it would be overwritten", param_hint="-o")
    with Session(quiet, False, as_json) as session:
        from rawabit.loaders.knowledge import import_knowledge

        output.parent.mkdir(parents=True, exist_ok=True)
        done = import_knowledge(
            sources, output, report=session.report, progress=lambda read: session.show(f"{read} lines"), format=format
        )
        written = done.written
        session.counts = {
            "lines": done.read, "skipped": done.skipped, "entries": written.entries, "names": written.names,
            "ambiguous": written.ambiguous,
        }  # fmt: skip
        if written.entries:
            session.summary.outputs.append(str(output))
