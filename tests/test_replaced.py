"""A document that comes again with its id or its address takes the place of the old one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rawabit.graph.model import Edge, Extraction, Node
from rawabit.loaders import pipeline
from rawabit.loaders.addresses import address_key
from rawabit.loaders.docs import dumps, latest_lines
from rawabit.loaders.graphml import read_graphml
from rawabit.loaders.outputs import Output
from rawabit.loaders.problems import Problem
from rawabit.loaders.summary import Summary
from rawabit.ner.model import Document

SAME = [
    ("http://example.com/a", "https://www.example.com/a/"),
    ("https://example.com/a?utm_source=x&utm_medium=y", "https://example.com/a"),
    ("https://example.com/a?id=7&utm_campaign=z", "https://EXAMPLE.com/a?id=7#comments"),
    ("https://example.com/%D8%AE%D8%A8%D8%B1", "https://example.com/خبر"),
    ("example.com/a", "//example.com:443/a"),
    ("https://example.com/?p=12", "http://www.example.com?p=12&fbclid=abc"),
    ("https://example.com/a?x=1&y=2", "https://example.com/a?y=2&x=1"),
]
OTHER = [
    ("https://example.com/a", "https://example.com/b"),
    ("https://example.com/a?id=7", "https://example.com/a?id=8"),
    ("https://example.com/a", "https://news.example.com/a"),
    ("https://example.com/#!/a", "https://example.com/#!/b"),
    ("https://example.com/A", "https://example.com/a"),
]
NONE = ["", "n/a", "غير متوفر", "https://example.com", "https://www.example.com/?utm_source=x", "ftp://example.com/a",
        "https://[bad/a", "https://example.com:x/a", None]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), SAME)
def test_one_address(one: str, other: str) -> None:
    assert address_key(one) == address_key(other) is not None


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_two_addresses(one: str, other: str) -> None:
    assert None is not address_key(one) != address_key(other) is not None


@pytest.mark.parametrize("url", NONE)
def test_no_address_of_an_article(url: str | None) -> None:
    assert address_key(url) is None


def write(path: Path, *rows: tuple[str, str | None, str]) -> Path:
    lines = [dumps(Extraction(Document(key, text, title="ع", url=url), (), ())) for key, url, text in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


A, B, HOME = "https://example.com/a", "http://www.example.com/a/?utm_source=x", "https://example.com/"


@pytest.mark.parametrize(
    ("rows", "kept", "note"),
    [
        ([("1", A, "قديم"), ("2", B, "جديد")], {1}, "address"),
        ([("1", A, "قديم"), ("2", None, "آخر"), ("1", None, "جديد")], {1, 2}, "id"),
        ([("1", A, "قديم"), ("1", B, "أوسط"), ("2", A, "جديد")], {2}, "both"),
        ([("1", A, "قديم"), ("1", None, "أوسط"), ("2", A, "جديد")], {1, 2}, "the address has moved on with its id"),
        ([("1", HOME, "أول"), ("2", HOME, "ثان")], {0, 1}, "a front page is no article's address"),
        ([("1", None, "أول"), ("2", None, "ثان"), ("3", "", "ثالث")], {0, 1, 2}, "none"),
    ],
)
def test_the_last_line_of_an_id_or_address_counts(
    tmp_path: Path, rows: list[tuple[str, str | None, str]], kept: set[int], note: str
) -> None:
    whole = [write(tmp_path / "all.jsonl", *rows)]
    parts = [write(tmp_path / f"{n}.jsonl", row) for n, row in enumerate(rows)]
    for paths in (whole, parts):
        assert latest_lines(paths) == (frozenset(kept), len(rows) - len(kept)), note


def test_lines_of_other_makers_are_parsed_whole(tmp_path: Path) -> None:
    path = tmp_path / "d.jsonl"
    rows = [{"url": A, "text": "x", "id": 1, "url2": 3}, {"id": "2", "text": "y", "note": "", "url": B}]
    odd = ['{"id": "3", "text": "}', "[]", "7", '{"text":"no id","url":"' + A + '"}']
    path.write_text("\n".join([*map(json.dumps, rows), *odd]), encoding="utf-8")
    assert latest_lines([path]) == (frozenset({1, 2, 3, 4, 5}), 1)


def test_what_was_replaced_by_its_address_is_said_once(tmp_path: Path) -> None:
    path = write(tmp_path / "d.jsonl", ("1", A, "قديم"), ("2", B, "أوسط"), ("3", A, "جديد"))
    problems: list[Problem] = []
    latest_lines([path], problems.append)
    assert [(p.where, p.fatal) for p in problems] == [(f"{path}:2", False)]
    assert "example.com/a; so do 1 more" in problems[0].cause


OLD = "التقى سالم الحمداني ليلى الكرمي في تونس."
NEW = "التقى مراد الصافي ليلى الكرمي في تونس."


def articles(path: Path, *rows: dict[str, str]) -> str:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return str(path)


def names(path: Path) -> tuple[set[str], set[str], int]:
    """Names of the graph, its documents, and how many of its claims stand in another document."""
    elements = list(read_graphml(path))
    nodes = [e for e in elements if isinstance(e, Node)]
    documents = {n.id for n in nodes if "Document" in n.labels}
    loose = sum(e.properties.get("document", e.target) not in documents for e in elements if isinstance(e, Edge))
    return {str(n.properties.get("name")) for n in nodes} - {"None"}, documents, loose


def test_a_second_file_of_one_run_replaces_by_address(tmp_path: Path) -> None:
    inputs = [
        articles(tmp_path / "1.jsonl", {"id": "a", "text": OLD, "url": A}),
        articles(tmp_path / "2.jsonl", {"id": "b", "text": NEW, "url": B}),
    ]
    summary, target, problems = Summary(), tmp_path / "g.graphml", []
    pipeline.run(inputs, [Output("graphml", target)], summary=summary, report=problems.append, engine="rules")
    found, documents, loose = names(target)
    assert documents == {"b"}
    assert loose == 0
    assert "سالم الحمداني" not in found, "what the old text said is gone"
    assert summary.superseded == 1
    assert [p.fatal for p in problems] == [False]


def test_a_second_file_of_one_run_replaces_by_id(tmp_path: Path) -> None:
    inputs = [
        articles(tmp_path / "1.jsonl", {"id": "a", "text": OLD}),
        articles(tmp_path / "2.jsonl", {"id": "a", "text": NEW}),
    ]
    summary, target, problems = Summary(), tmp_path / "g.graphml", []
    pipeline.run(inputs, [Output("graphml", target)], summary=summary, report=problems.append, engine="rules")
    found, documents, loose = names(target)
    assert (documents, loose, summary.superseded) == ({"a"}, 0, 1)
    assert "سالم الحمداني" not in found
    assert [p.fatal for p in problems] == [False]
    assert "replaces it" in problems[0].cause


def test_resume_and_two_files_of_lines(tmp_path: Path) -> None:
    docs, more, target = tmp_path / "docs.jsonl", tmp_path / "more.jsonl", tmp_path / "g.graphml"
    problems: list[Problem] = []

    def extract(lines: Path, name: str, text: str, key: str, url: str) -> None:
        given = articles(tmp_path / name, {"id": key, "text": text, "url": url})
        pipeline.extract_files(
            [given], lines, summary=Summary(), report=problems.append, engine="rules", resume=True
        )  # fmt: skip

    extract(docs, "1.jsonl", OLD, "a", A)
    extract(docs, "2.jsonl", NEW, "a", A)
    assert docs.read_text(encoding="utf-8").count("\n") == 1, "of one id the later text alone stays"
    extract(docs, "3.jsonl", OLD, "c", B)
    extract(more, "4.jsonl", NEW, "d", A)
    for paths, kept, superseded in (([docs], {"c"}, 1), ([docs, more], {"d"}, 2), ([more, docs], {"c"}, 2)):
        summary = Summary()
        with pipeline.build_graph(paths, summary=summary, report=problems.append) as graph:
            pipeline.write_outputs(graph, [Output("graphml", target)], summary=summary, report=problems.append)
        assert names(target)[1] == kept
        assert summary.superseded == superseded
    assert not any(p.fatal for p in problems)


def test_copies_are_marked_and_counted(tmp_path: Path) -> None:
    text = OLD + " " + " ".join(f"وقال شاهد رقم {n} إن اللقاء كان ودياً وطويلاً." for n in range(5))
    given = articles(tmp_path / "1.jsonl", {"id": "b", "text": text}, {"id": "a", "text": text + " انتهى."})
    summary, target = Summary(), tmp_path / "g.graphml"
    pipeline.run([given], [Output("graphml", target)], summary=summary, report=print, engine="rules")
    nodes = {n.id: n.properties for n in read_graphml(target) if isinstance(n, Node)}
    assert summary.duplicates == 1
    assert (nodes["b"].get("duplicateOf"), nodes["a"].get("duplicateOf")) == ("a", None)
