"""`rawabit review` and `rawabit why`."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from judged import DOCS, PERSON, article
from running import RAWABIT, call

from rawabit.graph.judgements import read_judgements

MORE = [
    article("d7", "وصل منذر الورغمي إلى العاصمة.", ("p", PERSON, "منذر الورغمي")),
    article("d8", "غادر منذر الورغمي العاصمة.", ("p", PERSON, "منذر الورغمي")),
    article("d9", "تحدث منذر أورغمي عن الميزانية.", ("p", PERSON, "منذر أورغمي")),
    article("e1", "عاد خليل من السفر.", ("p", PERSON, "خليل")),
    article("e2", "سافر خليل أمس.", ("p", PERSON, "خليل")),
    article("e3", "فازت إيلين هاريك بالجائزة.", ("p", PERSON, "إيلين هاريك")),
    article("e4", "عادت Eileen Harwick إلى بيتها.", ("p", PERSON, "Eileen Harwick")),
]


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    path = tmp_path / "docs.jsonl"
    path.write_text("\n".join([*DOCS, *MORE]) + "\n", encoding="utf-8")
    return path


def review(docs: Path, answers: str, *more: object) -> str:
    result = call("review", docs, "-o", docs.with_name("j.csv"), *more, stdin=answers)
    assert result.exit_code == 0, result.stderr
    return result.stdout


def why(docs: Path, one: str, other: str, *more: object) -> dict[str, Any]:
    result = call("why", one, other, docs, "--json", *more)
    assert result.exit_code == 0, result.stderr
    answer: dict[str, Any] = json.loads(result.stdout)
    return answer


def test_each_thing_is_asked_once_and_the_answers_hold(docs: Path) -> None:
    path = docs.with_name("j.csv")
    assert "0 yes, 0 no" in review(docs, "")
    assert not path.exists(), "who answers nothing leaves nothing"
    first = review(docs, "n\n" * 50, "--limit", 50)
    asked = first.count("[y]es")
    found = read_judgements(path)
    assert asked == len(found.different) + len(found.rejected) > 5
    assert found.rejected == {"c1", "c2", "c3"}
    assert {"منذر الورغمي", "منذر أورغمي"} in map(set, found.different), "names, where they are one side's alone"
    assert ("d7#p", "d8#p") in found.different, "members, where a name is both sides'"
    assert why(docs, "منذر الورغمي", "منذر أورغمي")["one"] is True
    judged = why(docs, "d9#p", "d7#p", "--judgements", path)
    assert judged["one"] is False
    assert [j["judgement"] for j in judged["judgements"]].count("different") >= 1
    for _ in range(5):  # what has been parted may be asked in other pairs, but that ends
        again = review(docs, "n\n" * 50, "--limit", 50)
        if "[y]es" not in again:
            break
    assert "[y]es" not in again
    result = call("build", docs, "-o", docs.with_name("g.graphml"), "--judgements", path, "-q")
    assert result.exit_code == 0, result.stderr
    assert 'id="c1"' not in docs.with_name("g.graphml").read_text(encoding="utf-8")


def test_yes_keeps_and_skip_asks_again(docs: Path) -> None:
    path = docs.with_name("j.csv")
    said = review(docs, "s\ny\n", "--only", "claims")
    assert "1 yes, 0 no, 2 open" in said
    accepted = read_judgements(path).accepted
    assert len(accepted) == 1
    assert said.index("(0.30)") < said.index("(0.80)") < said.index("(0.90)")
    assert "Does the sentence say so?" in said
    assert "زار سالم الحمداني شركة مدار" in said
    assert accepted == {"c3"}, "the first was skipped"
    assert review(docs, "s\ns\n", "--only", "claims").count("[y]es") == 2


def test_answers_that_are_none_are_asked_for_again(docs: Path) -> None:
    said = review(docs, "what\n\n YES \nquit\n", "--only", "claims")
    assert said.count("[y]es") == 4
    assert "1 yes, 0 no, 2 open" in said


@pytest.mark.parametrize(("only", "kinds"), [("merges", {"same"}), ("claims", {"accept"})])
def test_only_and_limit(only: str, kinds: set[str], docs: Path) -> None:
    assert review(docs, "y\n" * 9, "--only", only, "--limit", 2).count("[y]es") == 2
    lines = docs.with_name("j.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert {line.split(",")[0] for line in lines} == kinds


def test_both_kinds_come_within_the_limit(docs: Path) -> None:
    said = review(docs, "s\n" * 9, "--limit", 4)
    assert 0 < said.count("Does the sentence say so?") < 4
    assert 0 < said.count("Are these one thing?") < 4


def test_a_kill_loses_no_answer(docs: Path) -> None:
    path = docs.with_name("j.csv")
    command = [*RAWABIT, "review", str(docs), "-o", str(path), "--only", "claims"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin
    assert process.stdout
    process.stdin.write(b"n\n")
    process.stdin.flush()
    seen = b""
    while b"2 of 3" not in seen:
        byte = process.stdout.read(1)
        assert byte, seen.decode()
        seen += byte
    process.kill()
    process.communicate()
    assert len(read_judgements(path).rejected) == 1


def test_review_keeps_what_was_there_and_names_bad_lines(docs: Path) -> None:
    path = docs.with_name("j.csv")
    path.write_text("# ours\nreject,c1\n?\n", encoding="utf-8")
    result = call("review", docs, "-o", path, "--only", "claims", stdin="n\n")
    assert result.exit_code == 1
    assert result.stderr.count("\n") == 1
    assert "j.csv:3: '?'" in result.stderr
    assert path.read_text(encoding="utf-8").startswith("# ours\nreject,c1\n?\nreject,c")
    assert result.stdout.count("[y]es") == 2, "one answer, then the end of the answers"


def test_review_writes_over_no_input(docs: Path) -> None:
    before = docs.read_bytes()
    assert call("review", docs, "-o", docs, stdin="n\n").exit_code == 2
    docs.with_name("j.csv").write_bytes("same,a,b\n".encode("utf-16"))
    assert call("review", docs, "-o", docs.with_name("j.csv"), stdin="n\n").exit_code == 2
    assert docs.read_bytes() == before


def test_why_they_are_one(docs: Path) -> None:
    answer = why(docs, "منذر الورغمي", "منذر أورغمي")
    assert answer["one"] is True
    (thing,) = answer["things"]
    assert thing["label"] == "PERSON"
    members = {row["member"]: row for row in thing["members"]}
    assert set(members) == {"d7#p", "d8#p", "d9#p"}
    assert all(row["reason"] and 0 < row["score"] <= 1 for row in members.values())
    assert members["d9#p"]["name"] == "منذر أورغمي"
    assert len(thing["formerIds"]) == 1
    for name in (thing["id"], *thing["formerIds"], "d7#p", "مُنذر  الوُرغمي"):
        assert why(docs, name, "منذر أورغمي")["ids"] == answer["ids"], name


def test_why_they_are_not(docs: Path) -> None:
    answer = why(docs, "إيلين هاريك", "Eileen Harwick")
    assert answer["one"] is False
    assert answer["nearMisses"][0]["against"]
    assert "but " in call("why", "إيلين هاريك", "Eileen Harwick", docs).stdout
    assert "Nothing spoke for it." in call("why", "منذر الورغمي", "Eileen Harwick", docs).stdout


def test_why_lists_all_that_bear_a_name(docs: Path) -> None:
    answer = why(docs, "خليل", "خليل")
    assert (answer["one"], len(answer["things"])) == (None, 2)
    said = call("why", "خليل", "سالم الحمداني", docs)
    assert "is the name of 2 things" in said.stdout
    assert "e1#p" in said.stdout
    assert "e2#p" in said.stdout


def test_why_names_the_judgement(docs: Path) -> None:
    path = docs.with_name("j.csv")
    path.write_text("same,إيلين هاريك,Eileen Harwick\n", encoding="utf-8")
    answer = why(docs, "إيلين هاريك", "Eileen Harwick", "--judgements", path)
    assert answer["one"] is True
    assert answer["judgements"] == [
        {"judgement": "same", "one": "إيلين هاريك", "other": "Eileen Harwick", "where": f"{path}:1"}
    ]
    assert answer["nearMisses"] == []
    assert "judged same" in call("why", "إيلين هاريك", "Eileen Harwick", docs, "--judgements", path).stdout


def test_why_reads_what_build_decided(docs: Path) -> None:
    path = docs.with_name("j.csv")
    path.write_text("different,منذر الورغمي,منذر أورغمي\n", encoding="utf-8")
    call("build", docs, "-o", docs.with_name("g.graphml"), "--judgements", path, "-q")
    decided = docs.with_name("resolution.jsonl")
    assert why(docs, "منذر الورغمي", "منذر أورغمي", "--resolution", decided)["one"] is False
    result = call("why", "منذر الورغمي", "منذر أورغمي", "--resolution", decided, "--json")
    answer = json.loads(result.stdout)
    assert (answer["one"], {m["member"] for t in answer["things"] for m in t["members"]}) == (
        False,
        {"d7#p", "d8#p", "d9#p"},
    )
    decided.write_text("".join(decided.read_text(encoding="utf-8").splitlines(keepends=True)[1:]), encoding="utf-8")
    old = call("why", "خليل", "خليل", docs, "--resolution", decided)
    assert (old.exit_code, old.stderr.count("\n")) == (1, 1)
    assert "build it anew" in old.stderr


@pytest.mark.parametrize(
    ("arguments", "exit_code", "cause"),
    [
        (["خليل", "خليل"], 2, "--resolution"),
        (["لا أحد", "خليل", "docs.jsonl"], 1, "nothing is named لا أحد"),
        (["خليل", "d1#x", "docs.jsonl"], 1, "nothing is named d1#x"),
        (["خليل", "خليل", "--resolution", "docs.jsonl"], 1, "docs.jsonl:1"),
    ],
)
def test_why_of_nothing(
    arguments: list[str], exit_code: int, cause: str, docs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(docs.parent)
    result = call("why", *arguments)
    assert result.exit_code == exit_code
    assert cause in result.stderr
    assert exit_code == 2 or result.stderr.count("\n") == 1


def test_names_are_whole_and_lines_short(docs: Path) -> None:
    with docs.open("a", encoding="utf-8") as file:
        for n in range(40):
            name = "عبد الرحمن بن عبد العزيز الشهراني" if n % 2 else "عبدالرحمن بن عبدالعزيز الشهراني"
            file.write(article(f"document-with-a-long-id-{n}", f"قال {name}.", ("p", PERSON, name)) + "\n")
    pairs = [
        ("منذر الورغمي", "منذر أورغمي"),
        ("عبد الرحمن بن عبد العزيز الشهراني", "عبدالرحمن بن عبدالعزيز الشهراني"),
        ("إيلين هاريك", "عبد الرحمن بن عبد العزيز الشهراني"),
        ("خليل", "سالم الحمداني"),
    ]
    for one, other in pairs:
        lines = call("why", one, other, docs).stdout.splitlines()
        assert lines
        for line in lines:
            assert line.count("\u2068") == line.count("\u2069"), line
            assert len(line.replace("\u2068", "").replace("\u2069", "")) <= 80, line
            assert not set(line) & set("\u202a\u202b\u202d\u202e\u200e\u200f")
    for line in review(docs, "s\n" * 9).splitlines():
        assert line.count("\u2068") == line.count("\u2069"), line
