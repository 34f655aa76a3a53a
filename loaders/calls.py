"""What the command line does, one call each, for notebooks and scripts.

    graph = rawabit.make_graph("articles")                      # rawabit run
    rawabit.save(graph, "out/graph.html", "tables:out/tables")  # its -o
    frames = rawabit.to_frames(graph)

Problems go to ``report``; unless given, each is a line on standard error, and the good documents go on.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path

from rawabit.graph.assemble import Graph
from rawabit.loaders.outputs import parse_output
from rawabit.loaders.pipeline import build_graph, extract_files, write_outputs
from rawabit.loaders.problems import Problem
from rawabit.loaders.summary import Summary

__all__ = ["make_graph", "save"]


def _say(problem: Problem) -> None:
    print(f"rawabit: {problem}", file=sys.stderr)


def make_graph(
    inputs: str | Path | Sequence[str | Path],
    *,
    docs: Path | None = None,
    report: Callable[[Problem], None] = _say,
    engine: str = "model",
    jobs: int = 1,
    meta: Path | None = None,
    max_chars: int = 500_000,
    knowledge: Path | None = None,
    scorer: Path | None = None,
    frames: Path | None = None,
    open_claims: bool = False,
    judgements: Path | None = None,
    resolution: Path | None = None,
    corpus: str = "rawabit",
    min_confidence: float = 0.5,
) -> Graph:
    """Articles to a graph, as ``rawabit run`` does it: read, tag, link, resolve, find copies, assemble.

    Args:
        inputs: files, folders or patterns, one or several.
        docs: where to keep what each document says by itself (``docs.jsonl``); renewed, and thrown away unless given.
        report: called with every `Problem`.
        engine: "model", "fast", "rules" or "camel", as of ``--ner``.
        resolution: where to write which mention became which entity, and why.

    The others are the options of the same name of ``rawabit run``.

    Returns:
        The graph, empty where nothing could be read. Close it, or use it in a ``with`` statement.

    Raises:
        ValueError, OSError: a wrong option, or a file of an option that is missing.
    """
    given = [inputs] if isinstance(inputs, str | Path) else list(inputs)
    summary = Summary()
    with ExitStack() as stack:
        if docs is None:
            docs = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="rawabit-"))) / "docs.jsonl"
        docs.parent.mkdir(parents=True, exist_ok=True)
        extract_files(
            [str(one) for one in given], docs, summary=summary, report=report, engine=engine, jobs=jobs, meta=meta,
            max_chars=max_chars, knowledge=knowledge, scorer=scorer, frames=frames, open_claims=open_claims,
            leave_out=[path for path in (docs, judgements, resolution) if path is not None],
        )  # fmt: skip
        return build_graph(
            [docs], summary=summary, report=report, resolution_path=resolution, corpus=corpus,
            min_confidence=min_confidence, knowledge=knowledge, judgements_path=judgements,
        )  # fmt: skip


def save(
    graph: Graph, *targets: str | Path, corpus: str = "rawabit", report: Callable[[Problem], None] = _say
) -> list[str]:
    """Write a graph to targets as of ``-o``: ``FILE.html``, ``FILE.xlsx``, ``tables:DIR``, ``ftm:FILE``, ``neo4j://…``.

    Returns:
        Those that were written; one that fails stops no other and is reported.

    Raises:
        ValueError: a target that is none, or ``.jsonl`` (which holds documents, not a graph).
    """
    outputs = [parse_output(str(target)) for target in targets]
    if any(output.kind == "jsonl" for output in outputs):
        raise ValueError(".jsonl holds what documents say, not a graph: give make_graph(docs=…)")
    for output in outputs:
        if output.path is not None:
            output.path.parent.mkdir(parents=True, exist_ok=True)
    summary = Summary()
    write_outputs(graph, outputs, summary=summary, report=report, corpus=corpus)
    return summary.outputs
