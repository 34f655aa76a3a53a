"""What a command says while it runs and at its end."""

from __future__ import annotations

import json
import shutil
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from rawabit.loaders.summary import Summary

if TYPE_CHECKING:
    from rawabit.graph.model import Extraction
    from rawabit.loaders.problems import Problem

__all__ = ["Session"]


class Session:
    """What a command says while it runs and at its end; turns failures into one line and an exit code."""

    def __init__(self, quiet: bool, verbose: bool, as_json: bool, *, table_to_stderr: bool = False) -> None:
        self.summary: Summary = Summary()
        self._quiet, self._verbose, self._as_json, self._err = quiet, verbose, as_json, table_to_stderr
        self._started = time.perf_counter()
        self._live = not quiet and not verbose and sys.stderr.isatty()
        self._shown = 0.0
        self._total = 0
        self.counts: dict[str, int] | None = None
        """What to say at the end instead of documents, mentions and nodes, by name."""

    def expect(self, inputs: Sequence[str], meta: Path | None) -> None:
        """Count the articles to come, for the bar; files that hold many are not opened for that."""
        if self._live:
            from rawabit.loaders.read import plan

            files = plan(inputs, meta=meta)
            many = any(Path(file).suffix.lower() in {".jsonl", ".ndjson", ".json", ".csv", ".tsv"} for file in files)
            self._total = 0 if many else len(files)

    def report(self, problem: Problem) -> None:
        self._clear()
        self.summary.problems.append(problem)
        click.echo(f"rawabit: {'' if problem.fatal else 'note: '}{problem}", err=True)

    def progress(self, extraction: Extraction) -> None:
        if self._verbose:
            click.echo(
                f"{extraction.document.id}: {len(extraction.entities)} entities, {len(extraction.claims)} claims",
                err=True,
            )
        done = self.summary.documents
        bar = ""
        if self._total:
            full = min(30, 30 * done // self._total)
            bar = f"[{'#' * full}{'-' * (30 - full)}] of {self._total}, "
        rate = done / max(time.perf_counter() - self._started, 1e-9)
        self.show(f"{bar}{done} documents, {rate:.1f}/s")

    def show(self, text: str) -> None:
        """How far the command has got, on a terminal; a few times a second at most."""
        now = time.perf_counter()
        if self._live and now - self._shown > 0.2:
            self._shown = now
            click.echo(f"\r\x1b[K{text}", nl=False, err=True)

    def _clear(self) -> None:
        if self._live and self._shown:
            click.echo("\r\x1b[K", nl=False, err=True)

    def __enter__(self) -> Session:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        self._clear()
        if isinstance(error, SystemExit | click.ClickException | KeyboardInterrupt | BrokenPipeError):
            return  # click's own; a reader that closed the pipe early (head) is none of our errors
        if error is not None:
            if not isinstance(error, OSError | RuntimeError | ValueError):
                return
            from rawabit.loaders.problems import Problem, Refused

            if isinstance(error, Refused):
                raise click.UsageError(str(error)) from None
            where = (
                str(error.filename) if isinstance(error, OSError) and error.filename else kind.__name__ if kind else ""
            )
            cause = (error.strerror or str(error)) if isinstance(error, OSError) else str(error)
            self.report(Problem(where, cause))
        if self._as_json:
            click.echo(json.dumps(self._json(), ensure_ascii=False))
        elif not self._quiet:
            self._table()
        sys.exit(1 if self.summary.failed else 0)

    def _json(self) -> dict[str, Any]:
        s = self.summary
        problems = [{"where": p.where, "cause": p.cause, "fatal": p.fatal} for p in s.problems]
        seconds = round(time.perf_counter() - self._started, 3)
        if self.counts is not None:
            return {**self.counts, "failed": s.failed, "problems": problems, "outputs": s.outputs, "seconds": seconds}
        return {
            "documents": s.documents, "resumed": s.resumed, "failed": s.failed,
            "problems": problems,
            "mentions": dict(sorted(s.mentions.items())), "entities": s.entities, "claims": s.claims,
            "superseded": s.superseded, "duplicates": s.duplicates, "splitBlocks": s.split_blocks,
            "nodes": dict(s.nodes), "edges": dict(s.edges),
            "withheld": s.withheld, "rejected": s.rejected, "accepted": s.accepted, "outputs": s.outputs,
            "seconds": seconds,
        }  # fmt: skip

    def _table(self) -> None:
        s = self.summary
        notes = len(s.problems) - s.failed
        rows: list[tuple[str, str]] = [("documents", f"{s.documents}")]
        if self.counts is not None:
            rows = [(name, f"{count}") for name, count in self.counts.items()]
        if s.resumed:
            rows.append(("already there", f"{s.resumed}"))
        if s.superseded:
            rows.append(("superseded", f"{s.superseded} documents by a later one of their id or address"))
        if s.duplicates:
            rows.append(("duplicates", f"{s.duplicates} documents repeat another one's story"))
        if s.split_blocks:
            rows.append(("identity", f"{s.split_blocks} large groups of like names were compared by context only"))
        rows.append(("failed", f"{s.failed}" + (f" (and {notes} notes)" if notes else "")))
        if s.mentions:
            rows.append(("mentions", ", ".join(f"{k} {v}" for k, v in sorted(s.mentions.items()))))
            rows.append(("in documents", f"{s.entities} entities, {s.claims} claims"))
        if s.nodes or s.edges:
            rows.append(("nodes", ", ".join(f"{k} {v}" for k, v in s.nodes.items())))
            rows.append(("relationships", ", ".join(f"{k} {v}" for k, v in s.edges.items())))
            rows.append(("withheld claims", f"{s.withheld} below the minimal confidence"))
            if s.rejected or s.accepted:
                rows.append(("judged claims", f"{s.rejected} rejected, {s.accepted} accepted"))
        rows.extend(("written", path) for path in s.outputs)
        rows.append(("seconds", f"{time.perf_counter() - self._started:.1f}"))
        formatter = click.HelpFormatter(width=min(shutil.get_terminal_size().columns, 100))
        formatter.write_dl(rows)
        click.echo(formatter.getvalue(), nl=False, err=self._err)
