"""The commands `rawabit pull` and `rawabit browser`."""

from __future__ import annotations

from pathlib import Path

import click

from rawabit.loaders.cli_common import (
    corpus_option,
    fail,
    find_password,
    json_option,
    make_folders,
    parse_targets,
    password_option,
    quiet_option,
)
from rawabit.loaders.session import Session

__all__ = ["browser", "pull"]


@click.command()
@click.argument("server", metavar="SERVER")
@click.option("-o", "--output", "outputs", multiple=True, required=True, metavar="OUT",
              help="Target, may be repeated: FILE.graphml, parquet:DIR and all others of rawabit build.")  # fmt: skip
@corpus_option
@password_option
@quiet_option
@json_option
def pull(server: str, outputs: tuple[str, ...], corpus: str, quiet: bool, as_json: bool) -> None:
    """Read a corpus back from a Neo4j server, and write it as build would.

    SERVER is neo4j://USER@HOST:PORT/DATABASE or bolt://…, also with +s or +ssc; never with the password.
    """
    targets = parse_targets(outputs)
    if any(target.path is None or target.kind == "jsonl" for target in targets):
        raise click.BadParameter("pull writes graphs into files; docs.jsonl comes from extract", param_hint="-o")
    from rawabit.loaders.neo4j_server import connect, parse_address

    try:
        parse_address(server)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="SERVER") from None
    with Session(quiet, False, as_json) as session:
        from rawabit.loaders import pipeline
        from rawabit.loaders.neo4j_pull import pull_graph

        with connect(server, find_password(server)) as opened:
            graph = pull_graph(opened, corpus, session.show)
        with graph:
            make_folders(targets)
            session.summary.documents = graph.counts["Document"]
            for key, count in sorted(graph.counts.items()):
                (session.summary.nodes if key[1:2].islower() else session.summary.edges)[key] = count
            pipeline.write_outputs(graph, targets, summary=session.summary, report=session.report, corpus=corpus)


@click.command()
@click.argument("what", type=click.Choice(["style", "queries"]), required=False)
@click.option("-o", "--output", type=click.Path(file_okay=False, path_type=Path), metavar="DIR",
              help="Folder for rawabit.grass, queries.cypher and queries.zip.")  # fmt: skip
def browser(what: str | None, output: Path | None) -> None:
    """Print, or write, a style and saved queries for Neo4j Browser.

    Without -o: the style, the queries, or both. With it, drag rawabit.grass into Browser's window for colours, sizes
    and captions, and queries.zip for a folder of queries among the favourites, named in English and Arabic.
    """
    from rawabit.loaders.browser import queries, queries_text, style, write_browser

    if output is not None:
        if what:
            raise click.UsageError("-o writes both")
        try:
            for path in write_browser(output):
                click.echo(path)
        except OSError as error:
            fail(f"{output}: {error.strerror or error}")
        return
    if what != "queries":
        click.echo(style(), nl=False)
    if what != "style":
        click.echo(queries_text(queries()), nl=False)
