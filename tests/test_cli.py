"""The command line as a user runs it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import networkx
import pytest
from running import RAWABIT, call, lines

from rawabit._version import __version__


def test_the_whole_road(examples: Path, tmp_path: Path) -> None:
    outputs = [tmp_path / name for name in ("g.graphml", "d.jsonl", "g.html", "r.jsonl")]
    result = call(
        "run", examples, "-o", outputs[0], "-o", outputs[1], "-o", outputs[2], "--resolution", outputs[3], "--json"
    )
    assert result.exit_code == 0, result.stderr
    summary = json.loads(result.stdout)
    assert summary["documents"] == len(lines(outputs[1])) >= 8
    assert summary["failed"] == 0
    assert set(summary["outputs"]) == {str(path) for path in outputs}
    graph = networkx.read_graphml(outputs[0], force_multigraph=True)
    assert graph.number_of_nodes() == sum(summary["nodes"].values())
    assert graph.number_of_edges() == sum(summary["edges"].values())
    assert {"Person", "Organization", "Place", "Money", "Document"} <= set(summary["nodes"])
    assert len(set(summary["edges"]) - {"MENTIONED_IN"}) >= 10, "claims of at least ten types"


def test_every_offset_is_what_it_says(extracted: Path) -> None:
    for row in lines(extracted):
        text = row["text"]
        spans = {(s, e) for entity in row["entities"] for s, e in entity["mentions"]}
        assert all(0 <= s < e <= len(text) and text[s:e].strip() == text[s:e] for s, e in spans)
        for relation in row["relations"]:
            start, end = relation["evidence"]
            for key in ("subject_mention", "object_mention"):
                assert tuple(relation[key]) in spans
                assert start <= relation[key][0] <= relation[key][1] <= end


def test_run_equals_extract_and_build(examples: Path, extracted: Path, tmp_path: Path) -> None:
    assert call("run", examples, "-o", tmp_path / "a.graphml", "-q").exit_code == 0
    assert (
        call("build", extracted, "-o", tmp_path / "b.graphml", "--resolution", tmp_path / "r.jsonl", "-q").exit_code
        == 0
    )
    assert (tmp_path / "a.graphml").read_bytes() == (tmp_path / "b.graphml").read_bytes()
    assert {row["member"].split("#")[0] for row in lines(tmp_path / "r.jsonl") if "member" in row} == {
        row["id"] for row in lines(extracted)
    }


def test_stdin_to_stdout() -> None:
    text = "قال إيلون ماسك إن SpaceX أنفقت 80 مليون دولار."
    result = call("extract", "-", "-o", "-", stdin=text.encode())
    assert result.exit_code == 0
    row = json.loads(result.stdout)
    assert row["text"] == text
    assert any(e["type"] == "MONEY" and e["amount"] == 80_000_000 for e in row["entities"])


def test_dry_run_reads_and_writes_nothing(examples: Path, tmp_path: Path) -> None:
    result = call("run", examples, "-o", tmp_path / "new" / "g.graphml", "--dry-run")
    assert result.exit_code == 0
    assert len([line for line in result.stdout.splitlines() if line.startswith("read ")]) == len(
        list(examples.iterdir())
    )
    assert f"write  {tmp_path / 'new' / 'g.graphml'}" in result.stdout
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("arguments", "cause"),
    [
        (["run", "x.txt"], "Missing option"),
        (["run", "x.txt", "-o", "g.doc"], ".graphml"),
        (["run", "-o", "g.graphml"], "Missing argument"),
        (["run", "x.txt", "-o", "g.graphml", "-o", "g.graphml"], "twice"),
        (["run", "x.txt", "-o", "g.graphml", "--ner", "magic"], "no such engine"),
        (["run", "x.txt", "-o", "g.graphml", "--min-confidence", "2"], "range"),
        (["run", "x.txt", "-o", "neo4j://me:secret@localhost"], "NEO4J_PASSWORD"),
        (["run", "x.txt", "-o", "bolt://localhost:abc"], "abc"),
        (["run", "x.txt", "-o", "g.graphml", "--ner", "magic", "--dry-run"], "no such engine"),
        (["extract", ".", "-o", "d.jsonl", "--given", "mentions"], "--given"),
        (["extract", "x.txt", "-o", "d.graphml"], ".jsonl"),
        (["extract", "x.txt", "-o", "-", "--resume"], "--resume"),
        (["build", "no.jsonl", "-o", "g.graphml"], "does not exist"),
        (["fly"], "No such command"),
    ],
)
def test_wrong_usage_is_two(arguments: list[str], cause: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = call(*arguments)
    assert result.exit_code == 2
    assert cause in result.stderr
    assert "secret" not in result.stderr
    assert not list(tmp_path.iterdir())


def test_show_prints_names_claims_and_sentences(extracted: Path) -> None:
    rows = lines(extracted)
    row, relation = next((r, c) for r in rows for c in r["relations"])
    name = next(e["name"] for e in row["entities"] if e["id"] == relation["subject"])
    result = call("show", name, extracted)
    assert result.exit_code == 0
    sentence = " ".join(row["text"][slice(*relation["evidence"])].split())
    assert name in result.stdout
    assert relation["type"] in result.stdout
    assert sentence[:40] in result.stdout
    assert result.stdout.count("\u2068") == result.stdout.count("\u2069") > 0
    shown = json.loads(call("show", name, extracted, "--json").stdout)
    by_id = call("show", shown[0]["id"], extracted)
    assert by_id.exit_code == 0
    member = call("show", f"{row['id']}#{relation['subject']}", extracted)
    assert member.exit_code == 0


def test_show_of_nobody_is_one_line(extracted: Path) -> None:
    result = call("show", "لا أحد بهذا الاسم", extracted)
    assert result.exit_code == 1
    assert len(result.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize("given", ["mentions", "entities"])
def test_given_spans_are_kept(given: str, examples: Path, tmp_path: Path) -> None:
    gold = examples.parent / "gold.jsonl"
    assert call("extract", gold, "-o", tmp_path / "d.jsonl", "--given", given).exit_code == 0
    want = {(r["id"], *m) for r in lines(gold) for e in r["entities"] for m in e["mentions"]}
    have = {(r["id"], *m) for r in lines(tmp_path / "d.jsonl") for e in r["entities"] for m in e["mentions"]}
    assert have <= want
    if given == "entities":
        assert have == want
    scores = json.loads(call("evaluate", gold, tmp_path / "d.jsonl", "--json").stdout)
    assert scores["mentions"]["f1"] > 0.97
    assert scores["relations"]["right"] > 0


def test_extraction_from_text_finds_what_the_gold_holds(extracted: Path, examples: Path, tmp_path: Path) -> None:
    gold = examples.parent / "gold.jsonl"
    call("extract", gold, "-o", tmp_path / "d.jsonl")
    scores = json.loads(call("evaluate", gold, tmp_path / "d.jsonl", "--json").stdout)
    assert scores["mentions"]["by_type"]["MONEY"]["f1"] >= 0.9
    assert scores["money"]["f1"] >= 0.85


def test_min_confidence_moves_the_line(extracted: Path, tmp_path: Path) -> None:
    counts = []
    for floor in (0.0, 0.5, 1.0):
        arguments = ["build", extracted, "-o", tmp_path / "g.graphml", "--resolution", tmp_path / "r.jsonl", "--json"]
        summary = json.loads(call(*arguments, "--min-confidence", floor).stdout)
        counts.append((sum(summary["edges"].values()) - summary["edges"]["MENTIONED_IN"], summary["withheld"]))
    assert len({kept + withheld for kept, withheld in counts}) == 1
    assert counts[0][1] == 0 < counts[2][1]


@pytest.mark.camel
def test_camel_without_a_model_says_how_to_get_one(examples: Path, tmp_path: Path) -> None:
    result = call("run", examples, "-o", tmp_path / "g.graphml", "--ner", f"camel:{tmp_path / 'none'}")
    assert result.exit_code == 1
    assert len(result.stderr.strip().splitlines()) == 1
    assert "none" in result.stderr


def test_verbose_and_quiet(examples: Path, tmp_path: Path) -> None:
    article = examples / "01-deal.txt"
    loud = call("extract", article, "-o", tmp_path / "d.jsonl", "-v")
    assert "entities" in loud.stderr
    quiet = call("extract", article, "-o", tmp_path / "d.jsonl", "-q")
    assert (quiet.stdout, quiet.stderr) == ("", "")


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals")
def test_a_terminal_sees_a_bar(examples: Path, tmp_path: Path) -> None:
    import pty

    for number in range(3):
        (tmp_path / f"{number}.txt").write_text(
            f"{number} {(examples / '05-denial.txt').read_text(encoding='utf-8')}", encoding="utf-8"
        )
    master, slave = pty.openpty()
    command = [*RAWABIT, "extract", "--ner", "rules", tmp_path, "-o", tmp_path / "out" / "d.jsonl"]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=slave)
    os.close(slave)
    seen = os.read(master, 10_000).decode()
    os.close(master)
    assert done.returncode == 0
    assert "[" in seen
    assert "of 3, " in seen
    assert seen.endswith("\r\x1b[K"), "the bar goes away at the end"


def test_the_summary_fits_80_columns(examples: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    result = call("run", examples, "-o", tmp_path / "g.graphml")
    assert "documents" in result.stdout
    assert all(len(line) <= 80 for line in result.stdout.splitlines())


def test_version_and_module() -> None:
    done = subprocess.run([*RAWABIT, "--version"], capture_output=True, text=True, check=True)
    assert __version__ in done.stdout


def loaded_by(*arguments: object) -> set[str]:
    """Modules in memory after a command."""
    code = (
        "import sys, json\n"
        "from rawabit.loaders.cli import cli\n"
        "try:\n    cli(json.loads(sys.argv[1]))\n"
        "finally:\n    print(json.dumps(list(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, json.dumps([str(a) for a in arguments])], capture_output=True, text=True
    )
    return set(json.loads(done.stderr))


def test_help_imports_nothing_heavy() -> None:
    heavy = {"torch", "pandas", "numpy", "trafilatura", "babel", "networkx", "neo4j", "rawabit.ner.gazetteer"}
    assert not heavy & loaded_by("--help")


def test_the_core_imports_no_torch(examples: Path, tmp_path: Path) -> None:
    modules = loaded_by("run", examples, "-o", tmp_path / "g.graphml", "-q")
    assert (tmp_path / "g.graphml").exists()
    assert not {"torch", "transformers", "camel_tools"} & modules
