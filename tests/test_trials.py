"""Order, processes, kills: the same results whatever happens on the way."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from fake_gazetteer import KNOWN
from resolving import corpus
from running import RAWABIT, call, lines, stable

from rawabit.graph.judgements import Judgements
from rawabit.graph.resolve import resolve, write_resolution
from rawabit.loaders.docs import read_extractions


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


@pytest.mark.long
def test_things_are_the_same_in_any_order_and_partition(extracted: Path, tmp_path: Path) -> None:
    """Shuffled, some documents twice, in parts that come one after the other: the same resolution, byte for byte."""
    all_documents = [*corpus(), *read_extractions([extracted])]
    judgements = Judgements(same=(("d0#e1", "d3#e1"),), different=(("d0#e1", "d1#e1"), ("d12#e1", "d13#e1")))
    chance = random.Random(13)
    written = set()
    for _ in range(int(os.environ.get("RAWABIT_ORDERS", "6"))):
        chance.shuffle(all_documents)
        again = chance.sample(all_documents, 5)
        cut = chance.randrange(len(all_documents))
        parts = [all_documents[cut:], again, all_documents[:cut]]
        target = tmp_path / "resolution.jsonl"
        write_resolution(resolve((one for part in parts for one in part), KNOWN, judgements), target)
        written.add(target.read_bytes())
    assert len(written) == 1


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
