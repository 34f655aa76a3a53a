"""What the command line does when things go wrong: nothing lost, nothing overwritten, every problem named."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import networkx
import pytest
from running import RAWABIT, call, lines, stable


def test_resume_skips_what_is_there(examples: Path, extracted: Path, tmp_path: Path) -> None:
    target = tmp_path / "docs.jsonl"
    whole = extracted.read_text(encoding="utf-8").splitlines(keepends=True)
    target.write_text("".join(whole[:3]) + whole[3][: len(whole[3]) // 2], encoding="utf-8")
    result = call("extract", examples, "-o", target, "--resume", "--json")
    assert result.exit_code == 0
    summary = json.loads(result.stdout)
    assert summary["resumed"] == 3
    assert summary["documents"] == len(whole) - 3
    assert stable(target) == stable(extracted)
    assert "torn last line" in result.stderr
    again = json.loads(call("extract", examples, "-o", target, "--resume", "--json").stdout)
    assert (again["resumed"], again["documents"]) == (len(whole), 0)


def test_resume_replaces_changed_texts_and_other_versions(tmp_path: Path) -> None:
    source, target = tmp_path / "in.jsonl", tmp_path / "docs.jsonl"
    rows = [{"id": str(i), "text": f"قال الوزير إن الميزانية رقم {i} بلغت 5 ملايين دولار."} for i in range(4)]
    source.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    assert call("extract", source, "-o", target, "-q").exit_code == 0
    old = lines(target)
    old[1]["version"] = "0.0.0+other"
    target.write_text("\n".join(map(json.dumps, old)) + "\n", encoding="utf-8")
    rows[2]["text"] = "نص جديد تماما عن اجتماع في القاهرة بلغت كلفته 7 ملايين دولار."
    source.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    summary = json.loads(call("extract", source, "-o", target, "--resume", "--json").stdout)
    assert (summary["resumed"], summary["documents"]) == (2, 2)
    new = lines(target)
    assert sorted(row["id"] for row in new) == ["0", "1", "2", "3"]
    assert {row["text"] for row in new} == {row["text"] for row in rows}
    assert len({row["version"] for row in new}) == 1


def test_bad_inputs_are_named_and_the_good_ones_processed(examples: Path, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "good.txt").write_bytes((examples / "01-deal.txt").read_bytes())
    (folder / "empty.txt").write_bytes(b"")
    (folder / "image.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    (folder / "english.txt").write_text("Nothing here is in the right language at all. " * 5, encoding="utf-8")
    (folder / "lines.jsonl").write_text(
        '{"id": "x", "text": "خبر قصير عن اجتماع في القاهرة اليوم"}\n{"id": \n', encoding="utf-8"
    )
    result = call("run", folder, tmp_path / "absent.txt", "-o", tmp_path / "g.graphml", "--json")
    assert result.exit_code == 1, result.stderr
    summary = json.loads(result.stdout)
    assert summary["documents"] == 2
    complaints = result.stderr.strip().splitlines()
    assert len(complaints) == summary["failed"] == 5
    for name in ("empty.txt", "image.txt", "english.txt", "lines.jsonl:2", "absent.txt"):
        assert sum(name in line for line in complaints) == 1, name
    assert networkx.read_graphml(tmp_path / "g.graphml").number_of_nodes() > 0


def test_build_takes_the_last_line_of_a_document(extracted: Path, tmp_path: Path) -> None:
    docs = tmp_path / "docs.jsonl"
    whole = extracted.read_text(encoding="utf-8")
    docs.write_text(whole + whole.splitlines()[0] + "\n", encoding="utf-8")
    results = []
    for path in (extracted, docs):
        target = tmp_path / f"{len(results)}.graphml"
        summary = json.loads(call("build", path, "-o", target, "--resolution", tmp_path / "r.jsonl", "--json").stdout)
        results.append((target.read_bytes(), summary["superseded"]))
    assert results[0][0] == results[1][0]
    assert [superseded for _, superseded in results] == [0, 1]


def test_build_reports_bad_lines(extracted: Path, tmp_path: Path) -> None:
    docs = tmp_path / "docs.jsonl"
    docs.write_text(extracted.read_text(encoding="utf-8") + '{"id": "x"}\n', encoding="utf-8")
    result = call("build", docs, "-o", tmp_path / "g.graphml", "-q")
    assert result.exit_code == 1
    assert result.stderr.count("\n") == 1
    assert f"docs.jsonl:{len(lines(extracted)) + 1}: no 'text'" in result.stderr
    assert (tmp_path / "g.graphml").exists()


def test_an_output_that_cannot_be_written_is_one_line(extracted: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    result = call("build", extracted, "-o", tmp_path / "file" / "g.graphml", "--resolution", tmp_path / "r.jsonl", "-q")
    assert result.exit_code == 1
    assert result.stderr.count("\n") == 1
    assert str(tmp_path / "file") in result.stderr


def test_one_output_that_fails_stops_no_other(extracted: Path, tmp_path: Path) -> None:
    outputs = ["-o", "bolt://127.0.0.1:1", "-o", tmp_path / "z.html"]
    result = call("build", extracted, *outputs, "--resolution", tmp_path / "r.jsonl", "-q")
    assert result.exit_code == 1
    assert result.stderr.startswith("rawabit: bolt://127.0.0.1:1: ")
    assert result.stderr.count("\n") == 1
    assert (tmp_path / "z.html").exists()


LINE = '{"id": "x", "text": "خبر قصير عن اجتماع في القاهرة بلغت كلفته 5 ملايين دولار"}\n'


@pytest.mark.parametrize(
    "arguments",
    [
        ["extract", "in.jsonl", "-o", "in.jsonl"],
        ["run", "in.jsonl", "-o", "./in.jsonl"],
        ["run", "in.jsonl", "-o", "g.graphml", "--resolution", "g.graphml"],
        ["run", "in.jsonl", "-o", "g.graphml", "--resolution", "in.jsonl"],
        ["build", "in.jsonl", "-o", "g.graphml", "--resolution", "../here/in.jsonl"],
    ],
)
def test_nothing_is_written_over_an_input_or_another_output(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    Path("in.jsonl").write_text(LINE, encoding="utf-8")
    assert call(*arguments).exit_code == 2
    assert {path.name for path in here.iterdir()} == {"in.jsonl"}
    assert Path("in.jsonl").read_text(encoding="utf-8") == LINE


@pytest.mark.parametrize(
    "foreign", ["مقال كامل عن اجتماع في القاهرة", '{"id": "a", "text": "قديم"}\n', '{"x": 1}\n{"id": "b"']
)
def test_resume_leaves_foreign_files_alone(foreign: str, examples: Path, tmp_path: Path) -> None:
    target = tmp_path / "t.jsonl"
    target.write_text(foreign, encoding="utf-8")
    result = call("extract", examples / "01-deal.txt", "-o", target, "--resume")
    assert result.exit_code == 2
    assert "t.jsonl:1" in result.stderr
    assert target.read_text(encoding="utf-8") == foreign


def test_a_run_that_reads_nothing_leaves_old_results_alone(tmp_path: Path) -> None:
    for name in ("d.jsonl", "g.graphml"):
        (tmp_path / name).write_text("old", encoding="utf-8")
    result = call("run", tmp_path / "absent.txt", "-o", tmp_path / "d.jsonl", "-o", tmp_path / "g.graphml")
    assert result.exit_code == 1
    assert {(tmp_path / name).read_text(encoding="utf-8") for name in ("d.jsonl", "g.graphml")} == {"old"}


def test_an_empty_folder_is_said(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    result = call("run", tmp_path / "in", "-o", tmp_path / "g.graphml", "-q")
    assert result.exit_code == 1
    assert "no articles" in result.stderr


def test_outputs_inside_the_input_folder_are_no_articles(
    examples: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.txt").write_bytes((examples / "01-deal.txt").read_bytes())
    for _ in range(2):
        result = call("run", ".", "-o", "g.graphml", "-o", "g.html", "-o", "d.jsonl", "--json")
        assert (result.exit_code, result.stderr) == (0, "")
        assert json.loads(result.stdout)["documents"] == 1


def test_a_pipe_is_refused_where_a_file_is_read_twice(extracted: Path) -> None:
    command = f"{' '.join(RAWABIT)} show x <(cat {extracted})"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True)
    assert done.returncode == 2
    assert "not a regular file" in done.stderr


def test_a_reader_that_leaves_early_is_no_error(examples: Path) -> None:
    done = subprocess.run(
        ["bash", "-c", f"{' '.join(RAWABIT)} extract {examples} -o - | head -c 10"], capture_output=True, text=True
    )
    assert len(done.stdout) == 10
    assert done.stderr == ""


def test_gold_without_ids_keeps_every_claim(examples: Path, tmp_path: Path) -> None:
    gold = examples.parent / "gold.jsonl"
    arguments = ["-o", tmp_path / "g.graphml", "--resolution", tmp_path / "r.jsonl", "--min-confidence", 0, "--json"]
    summary = json.loads(call("build", gold, *arguments).stdout)
    claims = sum(len(row["relations"]) for row in lines(gold))
    assert sum(summary["edges"].values()) - summary["edges"]["MENTIONED_IN"] == claims
    assert networkx.read_graphml(tmp_path / "g.graphml").number_of_edges() == sum(summary["edges"].values())


def test_an_internal_error_costs_one_document(examples: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from rawabit.loaders import extraction

    real: Callable[..., Any] = extraction.link_document

    def fail(tagged: Any, *rest: Any, **more: Any) -> Any:
        if "Suhail" in tagged.document.text:
            raise ZeroDivisionError("made by the test")
        return real(tagged, *rest, **more)

    monkeypatch.setattr(extraction, "link_document", fail)
    result = call("extract", examples, "-o", tmp_path / "d.jsonl", "--json")
    summary = json.loads(result.stdout)
    assert result.exit_code == 1
    assert summary["failed"] > 0 < summary["documents"]
    assert "ZeroDivisionError: made by the test" in result.stderr
