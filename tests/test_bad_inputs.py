"""Bad inputs by the hundred: never an exception, and every file gives a document or a problem that names it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import badinputs
import pytest
from click.testing import CliRunner

from rawabit.loaders.cli import cli
from rawabit.loaders.graphml import read_graphml
from rawabit.loaders.problems import Problem
from rawabit.loaders.read import read
from rawabit.ner.furniture import find_furniture
from rawabit.ner.model import Document

TRIALS = int(os.environ.get("RAWABIT_TRIALS", "500"))
BATCH = 100


def batches(folder: Path) -> Iterator[dict[str, bool | None]]:
    """Folders of files, written under `folder` and taken away again: ten thousand at once would fill a small disk."""
    files: dict[str, bool | None] = {}
    for name, data, good in badinputs.bad_inputs(TRIALS):
        (folder / name).write_bytes(data)
        files[name] = good
        if len(files) == BATCH:
            yield files
            for old in files:
                (folder / old).unlink()
            files = {}
    if files:
        yield files


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_every_file_is_accounted_for(tmp_path: Path) -> None:
    for files in batches(tmp_path):
        problems: list[Problem] = []
        documents: dict[str, list[Document]] = {name: [] for name in files}
        for name in files:  # one by one, so that a document is known to be of its file
            only: list[Problem] = []
            documents[name] = list(read([tmp_path / name], report=only.append, max_chars=200_000))
            assert documents[name] or only, name
            assert all(p.where.startswith(str(tmp_path / name)) for p in only), only
            if files[name] is True:
                assert documents[name], (name, only)
                assert not any(p.fatal for p in only), only
            elif files[name] is False and not name.endswith(("noext", ".docx", ".png", ".xml", ".xz")):
                assert not documents[name], (name, documents[name])
            for document in documents[name]:
                check(document)
            problems += only
        for problem in problems:
            line = str(problem)
            line.encode("utf-8")
            assert line.isprintable(), repr(line)
            assert len(problem.cause) <= 300
        # The whole folder at once: the same documents, but for those of one id.
        together: list[Problem] = []
        found = {document.id for document in read([tmp_path], report=together.append, max_chars=200_000)}
        accounted = {p.where.removeprefix(str(tmp_path)).lstrip("/\\") for p in together}
        for name, own in documents.items():
            named = any(where == name or where.startswith((f"{name}:", f"{name}#")) for where in accounted)
            assert named or any(document.id in found for document in own), name


def check(document: Document) -> None:
    document.text.encode("utf-8")
    assert document.text.strip()
    assert document.id.strip()
    assert document.id.isprintable()
    assert len(document.text) <= 200_000
    assert document.published is None or document.day is not None
    find_furniture(document.text)


def test_the_generator_is_deterministic() -> None:
    assert list(badinputs.bad_inputs(60)) == list(badinputs.bad_inputs(120))[:60]
    assert len({name for name, _, _ in badinputs.bad_inputs(60)}) == 60


def test_ten_megabytes_in_one_line_are_refused_whole(tmp_path: Path) -> None:
    for name, head in (
        ("a.txt", b""),
        ("a.jsonl", b'{"text": "'),
        ("a.csv", b"id,text\n1,"),
        ("a.html", b"<html><body><p>"),
    ):
        path = tmp_path / name
        path.write_bytes(head + "ا".encode() * 5_500_000)
        problems: list[Problem] = []
        assert list(read([path], report=problems.append)) == []
        assert [("too large" in p.cause or "more than" in p.cause) and p.fatal for p in problems] == [True], problems


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_the_command_names_every_skip_and_never_breaks(tmp_path: Path) -> None:
    """The whole road over folders of bad inputs: one line a problem, and what is read comes out whole."""
    folder = tmp_path / "in"
    folder.mkdir()
    docs, graph, page = (tmp_path / name for name in ("d.jsonl", "g.graphml", "g.html"))
    for files in batches(folder):
        arguments = ["run", folder, "-o", docs, "-o", graph, "-o", page, "--json", "--max-chars", "200000"]
        result = CliRunner().invoke(cli, [str(a) for a in arguments])
        assert isinstance(result.exception, SystemExit), result.exception
        summary = json.loads(result.stdout)
        complaints = result.stderr.splitlines()
        assert len(complaints) == len(summary["problems"])
        assert all(line.startswith("rawabit: ") and "internal error" not in line for line in complaints)
        assert result.exit_code == (1 if summary["failed"] else 0)
        rows = [json.loads(line) for line in docs.read_text(encoding="utf-8").split("\n") if line]
        assert len(rows) == summary["documents"] - summary["superseded"]  # ids that come again replace
        whole = {row.get("extra", {}).get("path") for row in rows}
        for name in files:
            reported = any(name in problem["where"] for problem in summary["problems"])
            assert reported or name in whole or name.endswith((".jsonl", ".json", ".csv", ".tsv")), name
        for row in rows:
            for entity in row["entities"]:
                assert all(row["text"][a:b].strip() for a, b in entity["mentions"])
        assert sum(1 for _ in read_graphml(graph)) == sum(summary["nodes"].values()) + sum(summary["edges"].values())
