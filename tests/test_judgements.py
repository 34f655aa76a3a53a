"""Judgements: the file, and what they do in every output."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import networkx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from judged import DOCS, PERSON, article
from running import call

from rawabit.graph.judgements import Judgements, append_judgement, read_judgements

CASES = tomllib.loads((Path(__file__).parent / "cases" / "judgements.toml").read_text(encoding="utf-8"))


def listed(judgements: Judgements) -> list[list[str]]:
    rows = [["same", *pair] for pair in judgements.same] + [["different", *pair] for pair in judgements.different]
    rows += [["reject", claim, ""] for claim in judgements.rejected]
    return sorted(rows + [["accept", claim, ""] for claim in judgements.accepted])


@pytest.mark.parametrize("ending", ["\n", ""])
@pytest.mark.parametrize(("note", "lines", "expected", "complaints"), CASES["rows"], ids=[r[0] for r in CASES["rows"]])
def test_table(
    note: str, lines: list[str], expected: list[list[str]], complaints: list[list[Any]], ending: str, tmp_path: Path
) -> None:
    path = tmp_path / "j.csv"
    path.write_bytes(("\n".join(lines) + (ending if lines else "")).encode())
    said: list[tuple[str, str, bool]] = []
    found = read_judgements(path, lambda *problem: said.append(problem))
    assert listed(found) == sorted(expected), note
    assert [(where, lost) for where, _, lost in said] == [(f"{path}:{line}", lost) for line, lost, _ in complaints]
    for (_, cause, _), (_, _, words) in zip(said, complaints, strict=True):
        assert words in cause
    assert set(found.where) == {tuple(row) for row in expected}
    if any(lost for _, lost, _ in complaints):
        with pytest.raises(ValueError, match=f"j.csv:{next(line for line, lost, _ in complaints if lost)}: "):
            read_judgements(path)


@pytest.mark.parametrize(
    "head", ["", "judgement,one,other,comment\n", "other\tjudgement\tcomment\tone\n", "# note\n", "same,x#1,y#1"]
)
def test_what_is_written_comes_back(head: str, tmp_path: Path) -> None:
    path = tmp_path / "j.csv"
    if head:
        path.write_text(head, encoding="utf-8")
    before = listed(read_judgements(path)) if head else []
    for kind, one, other in CASES["written"]:
        append_judgement(path, kind, one, other, "a, b\n“c”")
    assert listed(read_judgements(path)) == sorted([*before, *CASES["written"]])
    assert path.read_bytes().startswith(head.encode())


NAME = st.text(min_size=1, max_size=12).map(str.strip).filter(bool)


@given(NAME, NAME, st.text(max_size=12))
def test_any_reference_comes_back_or_is_refused(tmp_path_factory: Any, one: str, other: str, comment: str) -> None:
    path = tmp_path_factory.mktemp("j") / "j.csv"
    append_judgement(path, "same", "a#1", "b#1")
    try:
        append_judgement(path, "different", one, other, comment)
    except ValueError:
        assert listed(read_judgements(path)) == [["same", "a#1", "b#1"]]
    else:
        assert read_judgements(path).different == ((one, other),)


def test_a_torn_last_line_is_not_joined_with_the_next(tmp_path: Path) -> None:
    path = tmp_path / "j.csv"
    path.write_text("same,a#1,b#1\ndiffe", encoding="utf-8")
    append_judgement(path, "reject", "c")
    said: list[str] = []
    found = read_judgements(path, lambda where, cause, lost: said.append(where))
    assert (listed(found), said) == ([["reject", "c", ""], ["same", "a#1", "b#1"]], [f"{path}:2"])


@pytest.mark.parametrize("data", ["same,ماسك,Musk\n".encode("utf-16"), b"a\0b"])
def test_what_is_no_text_is_refused_whole(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "j.csv"
    path.write_bytes(data)
    with pytest.raises(ValueError, match="UTF-8"):
        read_judgements(path, lambda *problem: None)
    assert path.read_bytes() == data


def test_a_line_in_another_encoding_spoils_itself_alone(tmp_path: Path) -> None:
    path = tmp_path / "j.csv"
    path.write_bytes("same,ماسك,Musk\n".encode("windows-1256") + b"reject,c\n")
    said: list[str] = []
    assert read_judgements(path, lambda where, cause, lost: said.append(cause)).rejected == {"c"}
    assert said == ["not UTF-8; save the file as text in UTF-8"]
    with pytest.raises(ValueError, match="UTF-8"):
        append_judgement(path, "reject", "d")


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    path = tmp_path / "docs.jsonl"
    path.write_text("\n".join(DOCS) + "\n", encoding="utf-8")
    return path


def build(docs: Path, judgements: str, *more: object, exit_code: int = 0) -> tuple[Any, dict[str, Any], str]:
    """Graph, summary and complaints under judgements."""
    path = docs.with_name("j.csv")
    path.write_text(judgements, encoding="utf-8")
    target = docs.with_name("g.graphml")
    result = call("build", docs, "-o", target, "--judgements", path, "--json", *more)
    assert result.exit_code == exit_code, result.stderr
    return networkx.read_graphml(target, force_multigraph=True), json.loads(result.stdout), result.stderr


def worlds(docs: Path) -> dict[str, str]:
    rows = map(json.loads, docs.with_name("resolution.jsonl").read_text(encoding="utf-8").splitlines())
    return {row["member"]: row["id"] for row in rows if "member" in row}


def test_same_joins_and_different_parts(docs: Path) -> None:
    build(docs, "")
    plain = worlds(docs)
    assert plain["d1#p"] == plain["d2#p"] == plain["d4#p"] != plain["d3#p"]
    graph, _, said = build(docs, "same,سليم البدراني,سالم الحمداني\ndifferent,شركة مدار,شركة النجم\n")
    joined = worlds(docs)
    assert said == ""
    assert joined["d1#p"] == joined["d3#p"] in plain.values()
    assert graph.nodes[joined["d1#p"]]["documentCount"] == 4
    _, _, said = build(docs, "different,d1#p,d4#p\n")
    parted = worlds(docs)
    assert said == ""
    assert parted["d1#p"] == parted["d2#p"] == plain["d1#p"] != parted["d4#p"]
    build(docs, "")
    assert worlds(docs) == plain, "a judgement can be taken back"


def test_three_of_one_name(docs: Path) -> None:
    _, _, said = build(docs, "different,d1#p,d2#p\ndifferent,d1#p,d4#p\ndifferent,d2#p,d4#p\n")
    assert said == ""
    assert len({worlds(docs)[f"d{n}#p"] for n in (1, 2, 4)}) == 3


def test_a_judgement_by_the_id_of_a_node(docs: Path) -> None:
    build(docs, "")
    plain = worlds(docs)
    _, _, said = build(docs, f"same,{plain['d3#p']},{plain['d1#p']}\n")
    first = worlds(docs)
    assert (said, first["d1#p"]) == ("", first["d3#p"])
    _, _, said = build(docs, f"same,{plain['d3#p']},{plain['d1#p']}\n")
    assert (said, worlds(docs)) == ("", first), "it survives that one of the ids is a former one now"


def test_rejected_claims_are_nowhere_and_accepted_ones_certain(docs: Path) -> None:
    judgements = "reject,c1\naccept,c2\n"
    graph, summary, said = build(docs, judgements, "--min-confidence", "0.85", "-o", docs.with_name("g.html"))
    assert (said, summary["rejected"], summary["accepted"], summary["withheld"]) == ("", 1, 1, 1)
    edges = {key: data for _, _, key, data in graph.edges(keys=True, data=True) if data["label"] != "MENTIONED_IN"}
    assert set(edges) == {"c2"}
    assert (edges["c2"]["confidence"], edges["c2"]["judged"]) == (1.0, True)
    page = docs.with_name("g.html").read_text(encoding="utf-8")
    assert ('"c1"' in page, '"c2"' in page) == (False, True)
    shown = json.loads(call("show", "شركة مدار", docs, "--judgements", docs.with_name("j.csv"), "--json").stdout)
    assert [(claim["id"], claim["confidence"]) for claim in shown[0]["claims"]] == [("c2", 1.0), ("c3", 0.8)]
    table = call("build", docs, "-o", docs.with_name("g.graphml"), "--judgements", docs.with_name("j.csv")).stdout
    assert "1 rejected, 1 accepted" in table
    assert "judged" not in call("build", docs, "-o", docs.with_name("g.graphml")).stdout


@pytest.mark.parametrize(
    ("line", "cause", "exit_code"),
    [
        ("reject,c9", "no claim has the id c9", 0),
        ("accept,c9", "no claim has the id c9", 0),
        ("same,سالم الحمداني,لا أحد", "nothing is called لا أحد", 0),
        ("different,d1#p,d9#p", "nothing is called d9#p", 0),
        ("equal,a,b", "none of same", 1),
        ("same,شركة مدار", "two things", 1),
    ],
)
def test_what_cannot_be_followed_is_said(line: str, cause: str, exit_code: int, docs: Path) -> None:
    graph, summary, said = build(docs, f"reject,c1\n{line}\n", exit_code=exit_code)
    assert said.count("\n") == 1
    assert "j.csv:2: " in said
    assert cause in said
    assert (summary["failed"], summary["rejected"]) == (exit_code, 1), "the good line counts all the same"
    assert not any(key == "c1" for _, _, key in graph.edges(keys=True))


def test_judgements_that_exclude_each_other_are_an_error(docs: Path) -> None:
    lines = "same,d1#p,d3#p\nsame,d2#o,d3#o\ndifferent,d1#o,d3#o\n"
    _, summary, said = build(docs, lines, exit_code=1)
    assert summary["failed"] == 1
    assert "j.csv:" in said


def test_a_name_of_two_things_is_no_reference(docs: Path) -> None:
    (docs.with_name("j.csv")).write_text("", encoding="utf-8")
    with docs.open("a", encoding="utf-8") as file:
        file.write(
            article("d5", "وصل خليل.", ("p", PERSON, "خليل"))
            + "\n"
            + article("d6", "عاد خليل.", ("p", PERSON, "خليل"))
            + "\n"
        )
    _, _, said = build(docs, "same,خليل,سالم الحمداني\n", exit_code=1)
    assert "خليل is the name of 2 things" in said
    _, _, said = build(docs, "same,d5#p,d6#p\n")
    assert said == ""
    assert worlds(docs)["d5#p"] == worlds(docs)["d6#p"]


def test_run_takes_judgements_and_reads_them_as_no_article(
    examples: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.txt").write_bytes((examples / "01-deal.txt").read_bytes())
    Path("j.csv").write_text("judgement,one,other\n", encoding="utf-8")
    words = ["run", ".", "--ner", "rules", "--judgements", "j.csv", "-o", "g.graphml", "-o", "d.jsonl", "--json"]
    first = call(*words)
    assert (first.exit_code, first.stderr, json.loads(first.stdout)["documents"]) == (0, "", 1)
    claims = [row["id"] for row in json.loads(Path("d.jsonl").read_text(encoding="utf-8"))["relations"]]
    append_judgement(Path("j.csv"), "reject", claims[0])
    again = json.loads(call(*words).stdout)
    assert again["rejected"] == 1
    assert claims[0] not in Path("g.graphml").read_text(encoding="utf-8")
    assert claims[0] in Path("d.jsonl").read_text(encoding="utf-8"), "what the machine read stays, to take it back"


@pytest.mark.parametrize("data", ["same,ماسك,Musk".encode("utf-16"), None])
def test_a_file_that_is_none_is_wrong_usage(data: bytes | None, docs: Path) -> None:
    path = docs.with_name("j.csv")
    if data is not None:
        path.write_bytes(data)
    result = call("build", docs, "-o", docs.with_name("g.graphml"), "--judgements", path)
    assert (result.exit_code, "--judgements" in result.stderr) == (2, True)
    assert not docs.with_name("g.graphml").exists()


def test_no_output_is_written_over_the_judgements(docs: Path) -> None:
    path = docs.with_name("resolution.jsonl")
    path.write_text("same,ماسك,Musk\n", encoding="utf-8")
    assert call("build", docs, "-o", docs.with_name("g.graphml"), "--judgements", path).exit_code == 2
    assert path.read_text(encoding="utf-8") == "same,ماسك,Musk\n"
