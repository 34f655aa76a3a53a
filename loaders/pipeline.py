"""The stages in a row: what the command line does, one call each."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

from rawabit.graph.assemble import Graph, assemble
from rawabit.graph.model import Extraction, Resolution
from rawabit.graph.resolve import resolve, write_resolution
from rawabit.loaders.docs import dumps, latest_lines, read_extractions
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
    target: Path | None,
    *,
    summary: Summary,
    report: Report,
    progress: Progress = lambda extraction: None,
    engine: str = "model",
    jobs: int = 1,
    meta: Path | None = None,
    max_chars: int = 500_000,
    resume: bool = False,
    given: str | None = None,
    leave_out: Collection[Path] = (),
) -> None:
    """Read, tag and link; write a line a document to `target`, None for standard output.

    Files in `leave_out` (what the run writes) are no articles, where a folder holds them.
    """
    version = f"given-{given}" if given else extractor_version(engine)
    store = _Stdout() if target is None else DocsWriter(target, resume=resume, version=version, report=report)
    with store as writer:

        def fresh() -> Iterator[Document]:
            for document in read(inputs, meta=meta, report=report, max_chars=max_chars, leave_out=leave_out):
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
    if not (summary.documents or summary.resumed or summary.failed):
        report(Problem(", ".join(map(str, inputs)), "no articles in it"))


class _Stdout:
    """Writes lines to standard output as they come."""

    def has(self, document: Document) -> bool:
        return False

    def write(self, extraction: Extraction) -> None:
        sys.stdout.write(dumps(extraction) + "\n")
        sys.stdout.flush()

    def __enter__(self) -> _Stdout:
        return self

    def __exit__(self, *_: object) -> None:
        return None


def resolve_files(docs: Sequence[Path], *, summary: Summary, report: Report) -> tuple[Resolution, frozenset[int]]:
    """Resolve the entities of ``docs.jsonl`` files; bad lines are reported once, here.

    Returns:
        The resolution, and the numbers of the lines it covers (as `read_extractions` counts them).
    """
    kept, summary.superseded = latest_lines(docs)
    good: set[int] = set()
    resolution = resolve(read_extractions(docs, report, only=kept, good=good), load())
    return resolution, frozenset(good)


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
    summary.documents = summary.documents or len(kept)
    if not kept and not summary.failed:
        report(Problem(", ".join(map(str, docs)), "no documents in it"))
    graph = assemble(read_extractions(docs, only=kept), resolution, corpus=corpus, min_confidence=min_confidence)
    for key, count in sorted(graph.counts.items()):
        (summary.nodes if key[1:2].islower() else summary.edges)[key] = count
    summary.withheld = graph.withheld
    return graph


def write_outputs(
    graph: Graph, outputs: Sequence[Output], *, summary: Summary, report: Report, corpus: str = "rawabit"
) -> None:
    """Write the graph to each output that is not a ``.jsonl`` file, files first; one that fails stops no other."""
    for output in sorted(outputs, key=lambda output: output.path is None):
        if output.kind == "jsonl":
            continue
        try:
            _write(graph, output, corpus)
        except (OSError, RuntimeError, ValueError) as error:
            cause = (error.strerror or str(error)) if isinstance(error, OSError) else str(error)
            report(Problem(str(output), cause.removeprefix(f"{output}: ")))
        else:
            summary.outputs.append(str(output))


def _write(graph: Graph, output: Output, corpus: str) -> None:
    if output.path is not None:
        if output.kind == "graphml":
            from rawabit.loaders.graphml import write_graphml

            write_graphml(graph, output.path)
        else:
            from rawabit.loaders.html_page import write_html

            write_html(graph, output.path, title=f"روابط: {corpus}")
    elif output.uri is not None:
        from rawabit.loaders.neo4j import load_graph

        load_graph(graph, output.uri)


def run(
    inputs: Sequence[str],
    outputs: Sequence[Output],
    *,
    summary: Summary,
    report: Report,
    progress: Progress = lambda extraction: None,
    engine: str = "model",
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
            leave_out=[path for path in (*(o.path for o in outputs), resolution_path) if path is not None],
        )  # fmt: skip
        if not summary.documents:
            return  # an older graph is worth more than an empty one
        summary.outputs.extend(map(str, lines))
        graph = stack.enter_context(
            build_graph(
                [docs], summary=summary, report=report, resolution_path=resolution_path, corpus=corpus,
                min_confidence=min_confidence,
            )
        )  # fmt: skip
        write_outputs(graph, outputs, summary=summary, report=report, corpus=corpus)
