"""The stages in a row: what the command line does, one call each."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

from rawabit.graph.assemble import Graph, assemble
from rawabit.graph.model import Extraction, Resolution
from rawabit.graph.resolve import resolve, write_resolution
from rawabit.loaders.docs import latest_lines, read_extractions
from rawabit.loaders.extraction import extract, extractor_version
from rawabit.loaders.given import extract_given
from rawabit.loaders.outputs import Output
from rawabit.loaders.problems import Problem
from rawabit.loaders.read import read
from rawabit.loaders.store import DocsWriter
from rawabit.loaders.summary import Summary
from rawabit.ner.gazetteer import load
from rawabit.ner.model import Document

__all__ = ["Summary", "build_graph", "extract_files", "resolve_files", "run", "write_outputs"]

Report = Callable[[Problem], None]
Progress = Callable[[Extraction], None]


def extract_files(
    inputs: Sequence[str],
    target: Path,
    *,
    summary: Summary,
    report: Report,
    progress: Progress = lambda extraction: None,
    engine: str = "rules",
    jobs: int = 1,
    meta: Path | None = None,
    max_chars: int = 500_000,
    resume: bool = False,
    given: str | None = None,
) -> None:
    """Read, tag and link; write a line a document to `target`."""
    version = f"given-{given}" if given else extractor_version(engine)
    with DocsWriter(target, resume=resume, version=version, report=report) as writer:

        def fresh() -> Iterator[Document]:
            for document in read(inputs, meta=meta, report=report, max_chars=max_chars):
                if resume and writer.has(document):
                    summary.resumed += 1
                else:
                    yield document

        if given:
            results = extract_given([Path(i) for i in inputs], given, version=version, report=report)
        else:
            results = extract(fresh(), engine=engine, jobs=jobs, report=report)
        for extraction in results:
            writer.write(extraction)
            summary.count(extraction)
            progress(extraction)


def resolve_files(docs: Sequence[Path], *, summary: Summary, report: Report) -> tuple[Resolution, frozenset[int]]:
    """Resolve the entities of ``docs.jsonl`` files; bad lines are reported once, here.

    Returns:
        The resolution, and the numbers of the lines it covers (as `read_extractions` counts them).
    """
    kept, summary.superseded = latest_lines(docs)
    return resolve(read_extractions(docs, report, only=kept), load()), kept


def build_graph(
    docs: Sequence[Path],
    *,
    summary: Summary,
    report: Report,
    resolution_path: Path | None = None,
    corpus: str = "rawabit",
    min_confidence: float = 0.0,
) -> Graph:
    """Resolve and assemble; the caller closes the graph."""
    resolution, kept = resolve_files(docs, summary=summary, report=report)
    if resolution_path is not None:
        write_resolution(resolution, resolution_path)
        summary.outputs.append(str(resolution_path))
    quiet: Report = lambda problem: None  # noqa: E731 (reported by the first reading)
    graph = assemble(read_extractions(docs, quiet, only=kept), resolution, corpus=corpus, min_confidence=min_confidence)
    for key, count in sorted(graph.counts.items()):
        (summary.nodes if key[1:2].islower() else summary.edges)[key] = count
    summary.withheld = graph.withheld
    return graph


def write_outputs(graph: Graph, outputs: Sequence[Output], *, summary: Summary, corpus: str = "rawabit") -> None:
    """Write the graph to each output that is not a ``.jsonl`` file."""
    for output in outputs:
        if output.kind == "graphml" and output.path is not None:
            from rawabit.loaders.graphml import write_graphml

            write_graphml(graph, output.path)
        elif output.kind == "html" and output.path is not None:
            from rawabit.loaders.html_page import write_html

            write_html(graph, output.path, title=f"روابط: {corpus}")
        elif output.kind == "neo4j" and output.uri is not None:
            from rawabit.loaders.neo4j import load_graph

            load_graph(graph, output.uri)
        else:
            continue
        summary.outputs.append(str(output))


def run(
    inputs: Sequence[str],
    outputs: Sequence[Output],
    *,
    summary: Summary,
    report: Report,
    progress: Progress = lambda extraction: None,
    engine: str = "rules",
    jobs: int = 1,
    meta: Path | None = None,
    max_chars: int = 500_000,
    corpus: str = "rawabit",
    min_confidence: float = 0.0,
    resolution_path: Path | None = None,
) -> None:
    """Files in, graph out. Extractions go through the ``.jsonl`` output, or a temporary file where there is none."""
    with ExitStack() as stack:
        lines = [o.path for o in outputs if o.kind == "jsonl" and o.path is not None]
        if lines:
            docs = lines[0]
        else:
            docs = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="rawabit-"))) / "docs.jsonl"
        extract_files(
            inputs, docs, summary=summary, report=report, progress=progress, engine=engine, jobs=jobs, meta=meta,
            max_chars=max_chars,
        )  # fmt: skip
        summary.outputs.extend(map(str, lines))
        graph = stack.enter_context(
            build_graph(
                [docs], summary=summary, report=report, resolution_path=resolution_path, corpus=corpus,
                min_confidence=min_confidence,
            )
        )  # fmt: skip
        write_outputs(graph, outputs, summary=summary, corpus=corpus)
