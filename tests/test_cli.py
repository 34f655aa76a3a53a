"""The command line as a user runs it."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import networkx
import pytest
from click.testing import CliRunner, Result

from rawabit._version import __version__
from rawabit.loaders.cli import cli

RAWABIT = [sys.executable, "-m", "rawabit"]


def call(*arguments: object, stdin: str | bytes | None = None) -> Result:
    return CliRunner().invoke(cli, [str(a) for a in arguments], input=stdin)


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def stable(path: Path) -> list[str]:
    return sorted(path.read_text(encoding="utf-8").split("\n"))


@pytest.fixture(scope="module")
def extracted(examples: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("extracted") / "docs.jsonl"
    assert call("extract", examples, "-o", target).exit_code == 0
    return target


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


def test_order_jobs_and_repetition_change_nothing(examples: Path, extracted: Path, tmp_path: Path) -> None:
    files = sorted(str(path) for path in examples.iterdir())
    random.Random(3).shuffle(files)
    graphs = []
    for name, arguments in {"shuffled": files, "two": [examples, "--jobs", 2], "again": [examples]}.items():
        docs = tmp_path / f"{name}.jsonl"
        graph = tmp_path / f"{name}.graphml"
        assert call("run", *arguments, "-o", docs, "-o", graph, "-q").exit_code == 0
        graphs.append(graph.read_bytes())
        found, wanted = ({r["id"]: r for r in lines(p)} for p in (docs, extracted))
        for rows in (found, wanted):
            for row in rows.values():
                row.get("extra", {}).pop("path", None)  # relative to what was named on the command line
        assert found == wanted
    assert len(set(graphs)) == 1


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


@pytest.mark.long
def test_a_killed_run_resumes_to_the_same_lines(tmp_path: Path) -> None:
    """SIGKILL at random moments, then --resume: the same lines as one clean run."""
    source = tmp_path / "in.jsonl"
    sentence = "قالت شركة سهيل للفضاء إنها وقعت عقدا مع بنك المرفأ بقيمة {} مليون دولار في دبي. "
    source.write_text(
        "\n".join(
            json.dumps({"id": f"d{i}", "text": "".join(sentence.format(i + j) for j in range(12))}) for i in range(60)
        ),
        encoding="utf-8",
    )
    clean = tmp_path / "clean.jsonl"
    started = time.monotonic()
    subprocess.run([*RAWABIT, "extract", "--ner", "rules", source, "-o", clean, "-q"], check=True)
    took = time.monotonic() - started
    chance = random.Random(5)
    trials = int(os.environ.get("RAWABIT_KILLS", "5"))
    cut_short = 0
    for trial in range(trials):
        target = tmp_path / f"{trial}.jsonl"
        process = subprocess.Popen([*RAWABIT, "extract", "--ner", "rules", source, "-o", target, "-q"])
        time.sleep(took * chance.uniform(0.2, 1.0))
        process.kill()
        process.wait()
        cut_short += target.exists() and stable(target) != stable(clean)
        subprocess.run(
            [*RAWABIT, "extract", "--ner", "rules", source, "-o", target, "-q", "--resume"],
            check=True,
            capture_output=True,
        )
        assert stable(target) == stable(clean)
        target.unlink()
    assert cut_short, "no kill came in the middle: the test showed nothing"


@pytest.mark.long
def test_a_corpus_in_any_order_and_any_number_of_processes(tmp_path: Path) -> None:
    """Shuffled, in two processes and again: equal lines, identical GraphML."""
    size = int(os.environ.get("RAWABIT_CORPUS", "120"))
    chance = random.Random(11)
    people = ["سالم الدهماني", "منى الجودري", "إيلون ماسك", "الرئيس الروسي فلاديمير بوتين", "نزار المكناسي", "Tim Cook"]
    bodies = ["بنك المرفأ", "شركة سبيس إكس", "وزارة المالية المصرية", "صحيفة الأفق", "SpaceX", "الاتحاد الأوروبي"]
    acts = [
        "قال {} إن {} وقعت عقدا بقيمة {} مليون دولار مع {}.",
        "التقى {} في دبي ممثلي {} بعد دفع {} ألف يورو إلى {}.",
    ]
    rows = []
    for number in range(size):
        told = [
            chance.choice(acts).format(
                chance.choice(people), chance.choice(bodies), chance.randint(2, 900), chance.choice(bodies)
            )
            for _ in range(chance.randint(2, 12))
        ]
        rows.append(json.dumps({"id": f"d{number}", "text": "\n".join(told), "date": "2024-05-06"}, ensure_ascii=False))
    results = []
    for name, jobs in {"one": 1, "two": 2, "again": 1}.items():
        source, docs, graph = (tmp_path / f"{name}{suffix}" for suffix in (".in.jsonl", ".jsonl", ".graphml"))
        source.write_text("\n".join(rows), encoding="utf-8")
        chance.shuffle(rows)
        assert call("run", source, "--ner", "rules", "-o", docs, "-o", graph, "--jobs", jobs, "-q").exit_code == 0
        results.append((stable(docs), graph.read_bytes()))
    assert results[0] == results[1] == results[2]


@pytest.mark.skipif(sys.platform != "linux", reason="finds the worker in /proc")
def test_a_killed_worker_loses_nothing(tmp_path: Path) -> None:
    source, target = tmp_path / "in.jsonl", tmp_path / "docs.jsonl"
    text = "أعلنت وزارة المالية المصرية أن القرض بلغ 300 مليون يورو. " * 20
    source.write_text(
        "\n".join(json.dumps({"id": f"d{i}", "text": f"{i} {text}"}) for i in range(120)), encoding="utf-8"
    )
    process = subprocess.Popen(
        [*RAWABIT, "extract", "--ner", "rules", source, "-o", target, "--jobs", "2", "-q"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    deadline = time.monotonic() + 60
    while not (target.exists() and target.stat().st_size) and time.monotonic() < deadline:
        time.sleep(0.02)
    workers = [
        int(p.parent.name)
        for p in Path("/proc").glob("[0-9]*/stat")
        if _parent(p) == process.pid and b"spawn_main" in (p.parent / "cmdline").read_bytes()
    ]
    assert workers, "no worker to kill"
    os.kill(workers[0], signal.SIGKILL)
    _, errors = process.communicate(timeout=120)
    assert process.returncode == 0, errors.decode()
    assert [row["id"] for row in lines(target)] == [f"d{i}" for i in range(120)]


def _parent(stat: Path) -> int:
    try:
        return int(stat.read_text().rsplit(")", 1)[1].split()[1])
    except (OSError, IndexError):
        return -1


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


def test_min_confidence_moves_the_line(extracted: Path, tmp_path: Path) -> None:
    counts = []
    for floor in (0.0, 0.5, 1.0):
        arguments = ["build", extracted, "-o", tmp_path / "g.graphml", "--resolution", tmp_path / "r.jsonl", "--json"]
        summary = json.loads(call(*arguments, "--min-confidence", floor).stdout)
        counts.append((sum(summary["edges"].values()) - summary["edges"]["MENTIONED_IN"], summary["withheld"]))
    assert len({kept + withheld for kept, withheld in counts}) == 1
    assert counts[0][1] == 0 < counts[2][1]


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


def test_an_internal_error_costs_one_document(examples: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from rawabit.loaders import extraction

    real: Callable[..., Any] = extraction.link_document

    def fail(tagged: Any, *rest: Any) -> Any:
        if "Suhail" in tagged.document.text:
            raise ZeroDivisionError("made by the test")
        return real(tagged, *rest)

    monkeypatch.setattr(extraction, "link_document", fail)
    result = call("extract", examples, "-o", tmp_path / "d.jsonl", "--json")
    summary = json.loads(result.stdout)
    assert result.exit_code == 1
    assert summary["failed"] > 0 < summary["documents"]
    assert "ZeroDivisionError: made by the test" in result.stderr
