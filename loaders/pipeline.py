"""The stages in a row: what the command line does, one call each."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from rawabit.graph.assemble import Graph, assemble
from rawabit.graph.duplicates import Sketches
from rawabit.graph.judge import References, judge
from rawabit.graph.judgements import Judgements, read_judgements
from rawabit.graph.knowledge import enrich, open_knowledge
from rawabit.graph.model import Extraction, Resolution, member_key
from rawabit.graph.resolve import read_resolution, resolve, write_resolution
from rawabit.loaders.docs import dumps, latest_lines, read_extractions
from rawabit.loaders.extraction import extract, extractor_version
from rawabit.loaders.given import extract_given
from rawabit.loaders.neo4j_names import Names
from rawabit.loaders.outputs import Output
from rawabit.loaders.problems import Problem
from rawabit.loaders.read import read
from rawabit.loaders.store import DocsWriter
from rawabit.loaders.summary import Summary
from rawabit.ner.model import Document

__all__ = ["Names", "Summary", "View", "build_graph", "extract_files", "resolve_files", "run", "write_outputs"]

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
    knowledge: Path | None = None,
    scorer: Path | None = None,
    frames: Path | None = None,
    open_claims: bool = False,
    leave_out: Collection[Path] = (),
) -> None:
    """Read, tag and link; write a line a document to `target`, None for standard output.

    Files in `leave_out` (what the run writes, and judgements) are no articles, where a folder holds them.
    """
    version = f"given-{given}" if given else extractor_version(engine, knowledge, scorer, frames, open_claims)
    store = _Stdout() if target is None else DocsWriter(target, resume=resume, version=version, report=report)
    with store as writer:

        def fresh() -> Iterator[Document]:
            for document in read(inputs, meta=meta, report=report, max_chars=max_chars, leave_out=leave_out):
                if resume and writer.has(document):
                    summary.resumed += 1
                else:
                    yield document

        if given:
            results = extract_given(
                [Path(i) for i in inputs], given, version=version, report=report, scorer=scorer, frames=frames,
                open_claims=open_claims,
            )  # fmt: skip
        else:
            results = extract(
                fresh(), engine=engine, jobs=jobs, knowledge=knowledge, scorer=scorer, frames=frames,
                open_claims=open_claims, report=report,
            )  # fmt: skip
        for extraction in results:
            writer.write(extraction)
            summary.count(extraction)
            progress(extraction)
        summary.superseded += writer.superseded
    if not (summary.documents or summary.resumed or summary.failed):
        report(Problem(", ".join(map(str, inputs)), "no articles in it"))


class _Stdout:
    """Writes lines to standard output as they come."""

    superseded = 0

    def has(self, document: Document) -> bool:
        return False

    def write(self, extraction: Extraction) -> None:
        sys.stdout.write(dumps(extraction) + "\n")
        sys.stdout.flush()

    def __enter__(self) -> _Stdout:
        return self

    def __exit__(self, *_: object) -> None:
        return None


@dataclass(frozen=True, slots=True)
class View:
    """Documents under a resolution.

    Attributes:
        kept: numbers of the lines it covers (as `read_extractions` counts them).
        references: what the judgements mean in these documents.
    """

    docs: tuple[Path, ...]
    kept: frozenset[int]
    knowledge: Path | None
    judgements: Judgements | None
    references: References
    resolution: Resolution

    def extractions(self, *, judged: bool = True) -> Iterator[Extraction]:
        """The extractions, with what knowledge and judgements say of them; without the latter unless `judged`."""
        rows = enrich(read_extractions(self.docs, lambda problem: None, only=self.kept), open_knowledge(self.knowledge))
        return judge(rows, self.judgements if judged else None)


def resolve_files(
    docs: Sequence[Path],
    *,
    summary: Summary,
    report: Report,
    knowledge: Path | None = None,
    judgements_path: Path | None = None,
    given: Path | None = None,
    sketches: Sketches | None = None,
) -> View:
    """Resolve the entities of ``docs.jsonl`` files; bad lines and judgements that could not be followed are reported
    once, here.

    Args:
        given: a resolution that was made before, which is read instead.
        sketches: takes the documents in on the way.

    Raises:
        ValueError: the resolution lacks an entity of the documents.
    """
    kept, superseded = latest_lines(docs, report)
    summary.superseded += superseded
    good: set[int] = set()
    known = open_knowledge(knowledge)

    def say(where: str, cause: str, lost: bool) -> None:
        report(Problem(where, cause, lost))

    judgements = None if judgements_path is None else read_judgements(judgements_path, say)
    references = References(judgements or Judgements())
    extractions = references.watch(enrich(read_extractions(docs, report, only=kept, good=good), known))
    if sketches is not None:
        extractions = sketches.watch(extractions)
    if given is not None:
        resolution = read_resolution(given)
        for extraction in extractions:
            for entity in extraction.entities:
                if member_key(extraction.document.id, entity.id) not in resolution.members:
                    raise ValueError(f"{given}: lacks {extraction.document.id}#{entity.id}: build it anew")
    else:
        resolution = resolve(extractions, known, judgements)
        summary.split_blocks = resolution.split
    for problem in references.unmet(resolution):
        say(*problem)
    summary.rejected, summary.accepted = references.rejected, references.accepted
    return View(tuple(docs), frozenset(good), knowledge, judgements, references, resolution)


def build_graph(
    docs: Sequence[Path],
    *,
    summary: Summary,
    report: Report,
    resolution_path: Path | None = None,
    corpus: str = "rawabit",
    min_confidence: float = 0.0,
    knowledge: Path | None = None,
    judgements_path: Path | None = None,
    names: Names | None = None,
) -> Graph:
    """Resolve and assemble; the caller closes the graph. What documents call entities goes to `names`."""
    with Sketches() as sketches:
        view = resolve_files(
            docs, summary=summary, report=report, knowledge=knowledge, judgements_path=judgements_path,
            sketches=sketches,
        )  # fmt: skip
        duplicates = sketches.originals()
    summary.duplicates = len(duplicates)
    if resolution_path is not None:
        write_resolution(view.resolution, resolution_path)
        summary.outputs.append(str(resolution_path))
    summary.documents = summary.documents or len(view.kept)
    if not view.kept and not summary.failed:
        report(Problem(", ".join(map(str, docs)), "no documents in it"))
    extractions = view.extractions() if names is None else names.watch(view.extractions(), view.resolution)
    graph = assemble(extractions, view.resolution, corpus=corpus, min_confidence=min_confidence, duplicates=duplicates)
    for key, count in sorted(graph.counts.items()):
        (summary.nodes if key[1:2].islower() else summary.edges)[key] = count
    summary.withheld = graph.withheld
    return graph


def write_outputs(
    graph: Graph,
    outputs: Sequence[Output],
    *,
    summary: Summary,
    report: Report,
    corpus: str = "rawabit",
    names: Names | None = None,
) -> None:
    """Write the graph to each output that is not a ``.jsonl`` file, files first; one that fails stops no other."""
    for output in sorted(outputs, key=lambda output: output.path is None):
        if output.kind == "jsonl":
            continue
        try:
            notes = _write(graph, output, corpus, report, names)
        except (OSError, RuntimeError, ValueError) as error:
            cause = (error.strerror or str(error)) if isinstance(error, OSError) else str(error)
            report(Problem(str(output), cause.removeprefix(f"{output}: ")))
        else:
            summary.outputs.append(str(output))
            for note in notes:
                report(Problem(str(output), note, fatal=False))


def _write(graph: Graph, output: Output, corpus: str, report: Report, names: Names | None) -> list[str]:
    """Write one output; what it could not hold, a line each."""
    if output.path is None:
        from rawabit.loaders.neo4j import load_graph

        load_graph(
            graph, str(output.uri), corpus=corpus, password=output.password, names=names,
            report=lambda problem: report(Problem(f"{output}: {problem.where}", problem.cause)),
        )  # fmt: skip
    elif output.kind == "graphml":
        from rawabit.loaders.graphml import write_graphml

        write_graphml(graph, output.path)
    elif output.kind == "html":
        from rawabit.loaders.html_page import write_html

        write_html(graph, output.path, title=f"روابط: {corpus}")
    elif output.kind == "xlsx":
        from rawabit.loaders.xlsx import write_xlsx

        return write_xlsx(graph, output.path)
    elif output.kind == "tables":
        from rawabit.loaders.tables_out import write_tables

        write_tables(graph, output.path)
    elif output.kind == "csv":
        from rawabit.loaders.bulk import write_bulk

        write_bulk(graph, output.path)
    elif output.kind == "parquet":
        from rawabit.loaders.parquet import write_parquet

        write_parquet(graph, output.path)
    elif output.kind == "ftm":
        from rawabit.loaders.ftm import write_ftm

        write_ftm(graph, output.path)
    elif output.kind == "jsonld":
        from rawabit.loaders.jsonld import write_jsonld

        write_jsonld(graph, output.path)
    return []


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
    knowledge: Path | None = None,
    scorer: Path | None = None,
    frames: Path | None = None,
    open_claims: bool = False,
    judgements_path: Path | None = None,
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
            max_chars=max_chars, knowledge=knowledge, scorer=scorer, frames=frames, open_claims=open_claims,
            leave_out=[
                p for p in (*(f for o in outputs for f in o.files), resolution_path, judgements_path) if p is not None
            ],
        )  # fmt: skip
        if not summary.documents:
            return  # an older graph is worth more than an empty one
        summary.outputs.extend(map(str, lines))
        names = stack.enter_context(Names()) if any(output.uri for output in outputs) else None
        graph = stack.enter_context(
            build_graph(
                [docs], summary=summary, report=report, resolution_path=resolution_path, corpus=corpus,
                min_confidence=min_confidence, knowledge=knowledge, judgements_path=judgements_path, names=names,
            )
        )  # fmt: skip
        write_outputs(graph, outputs, summary=summary, report=report, corpus=corpus, names=names)
