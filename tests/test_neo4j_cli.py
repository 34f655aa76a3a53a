"""`rawabit load`, `forget`, `clear` and `run -o neo4j://…` against a real server."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import neo4j_server
import pytest
from neo4j_graphs import elements, query, there
from running import RAWABIT, call, lines

from rawabit.graph.model import Node
from rawabit.loaders.graphml import read_graphml

pytestmark = pytest.mark.neo4j


@pytest.fixture
def graph(extracted: Path, tmp_path: Path) -> Path:
    target = tmp_path / "g.graphml"
    assert (
        call("build", extracted, "-o", target, "--resolution", tmp_path / "r.jsonl", "--corpus", "test").exit_code == 0
    )
    return target


def loaded(*arguments: object) -> dict[str, Any]:
    result = call("load", *arguments, "--json")
    assert result.exit_code == 0, result.output
    return dict(json.loads(result.stdout))


def test_documents_twice_a_graph_and_documents_again(server: neo4j_server.Server, extracted: Path, graph: Path) -> None:
    wanted = elements(read_graphml(graph))
    done = loaded(extracted, "-o", server.uri, "--corpus", "test")
    assert done["new documents"] == len(lines(extracted))
    assert there() == wanted
    again = loaded(extracted, "-o", server.uri, "--corpus", "test")
    assert (again["new documents"], again["changed documents"]) == (0, 0)
    loaded(graph, "-o", server.uri)  # of the corpus that the file says
    assert there() == wanted
    named = query("MATCH ({corpus: 'test'})-[r:MENTIONED_IN]->() WHERE r.called IS NULL RETURN count(r) AS n")
    assert named == [{"n": 0}], "what documents call things is not lost by a file that does not say it"
    loaded(graph, "-o", server.uri, "--corpus", "other")
    assert len(there(corpus="other")[0]) == len(wanted[0])


def test_run_writes_the_same(server: neo4j_server.Server, examples: Path, graph: Path, tmp_path: Path) -> None:
    result = call("run", examples, "-o", server.uri, "-o", tmp_path / "x.graphml", "--corpus", "test", "-q")
    assert result.exit_code == 0, result.output
    assert there() == elements(read_graphml(tmp_path / "x.graphml"))


def test_forget(server: neo4j_server.Server, extracted: Path) -> None:
    loaded(extracted, "-o", server.uri, "--corpus", "test")
    gone = lines(extracted)[0]["id"]
    result = call("forget", gone, "nowhere", "-o", server.uri, "--corpus", "test", "--json")
    assert result.exit_code == 1
    assert "nowhere: no document of the corpus test" in result.stderr
    assert json.loads(result.stdout)["documents"] == 1
    after = there()
    assert not [edge for edge in after[1] if edge[4].get("document") == gone]
    counts = query(
        "MATCH (n:Entity {corpus: 'test'})-[m:MENTIONED_IN]->() WITH n, sum(m.count) AS c "
        "WHERE c <> n.mentionCount RETURN count(n) AS n"
    )
    assert counts == [{"n": 0}]


def test_clear_asks_and_takes_nothing_else(server: neo4j_server.Server, graph: Path) -> None:
    loaded(graph, "-o", server.uri)
    loaded(graph, "-o", server.uri, "--corpus", "other")
    refused = call("clear", "--corpus", "test", "-o", server.uri)
    assert refused.exit_code == 2
    assert "--yes" in refused.stderr
    other = there(corpus="other")
    result = call("clear", "--corpus", "test", "-o", server.uri, "--yes", "--json")
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["documents"] == sum("Document" in node[1] for node in other[0])
    assert there() == [[], []]
    assert there(corpus="other") == other
    assert call("clear", "-o", server.uri, "--yes").exit_code == 2, "a corpus must be named"


def test_the_password_of_a_file(
    server: neo4j_server.Server, graph: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEO4J_PASSWORD", "wrong one")
    file = tmp_path / "password"
    file.write_text(f"{server.password}\r\nsecond line\n", encoding="utf-8")
    loaded(graph, "-o", server.uri, "--password-file", file)
    result = call("load", graph, "-o", server.uri)
    assert result.exit_code == 1
    assert "refuses the user or the password" in result.stderr
    assert "wrong one" not in result.output


def test_nothing_is_asked_without_a_terminal(server: neo4j_server.Server, graph: Path) -> None:
    environment = {k: v for k, v in os.environ.items() if k != "NEO4J_PASSWORD"}
    done = subprocess.run(
        [*RAWABIT, "load", str(graph), "-o", server.uri], env=environment, stdin=subprocess.DEVNULL,
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "NEO4J_PASSWORD" in done.stderr


if sys.platform != "win32":  # which has no pseudo-terminals

    def test_a_terminal_is_asked_and_shows_nothing(server: neo4j_server.Server, graph: Path) -> None:
        import pty

        main, side = pty.openpty()
        environment = {k: v for k, v in os.environ.items() if k != "NEO4J_PASSWORD"}
        with subprocess.Popen(
            [*RAWABIT, "load", str(graph), "-o", server.uri, "-q"], env=environment, stdin=side, stdout=side,
            stderr=side,
            start_new_session=True,
        ) as process:  # fmt: skip
            os.close(side)
            shown = b""
            while b"Password for" not in shown:
                shown += os.read(main, 1000)
            os.write(main, f"{server.password}\n".encode())
            try:
                while chunk := os.read(main, 1000):
                    shown += chunk
            except OSError:
                pass  # the other side closed
            assert process.wait() == 0, shown
        os.close(main)
        assert server.password.encode() not in shown


@pytest.mark.parametrize(
    ("arguments", "cause"),
    [
        (["load", "G", "-o", "neo4j://me:hunter2@h"], "a password has no place"),
        (["load", "G", "-o", "x.graphml"], "write to neo4j://"),
        (["load", "G", "G", "-o", "bolt://h"], "loaded alone"),
        (["load", "G", "-o", "bolt://h", "--corpus", ""], "1 to 200 bytes"),
        (["load", "G", "-o", "bolt://h", "--password-file", "."], "is a directory"),
        (["forget", "-o", "bolt://h"], "Missing argument"),
    ],
)
def test_wrong_usage(graph: Path, arguments: list[str], cause: str) -> None:
    result = call(*(graph if word == "G" else word for word in arguments))
    assert result.exit_code == 2
    assert cause in " ".join(result.stderr.split())
    assert "hunter2" not in result.output


@pytest.mark.parametrize("command", [["load", "G"], ["forget", "x"], ["clear", "--corpus", "c", "--yes"]])
def test_no_server_is_one_line(graph: Path, command: list[str]) -> None:
    result = call(*(graph if word == "G" else word for word in command), "-o", "bolt://127.0.0.1:1", "-q")
    assert result.exit_code == 1
    assert result.stderr.count("\n") == 1
    assert "no server answers" in result.stderr


def test_a_file_that_is_no_graph(server: neo4j_server.Server, tmp_path: Path) -> None:
    bad = tmp_path / "bad.graphml"
    bad.write_text("<graphml", encoding="utf-8")
    result = call("load", bad, "-o", server.uri, "-q")
    assert result.exit_code == 1
    assert str(bad) in result.stderr
    assert query("MATCH (n:Entity) RETURN n") == []


def test_a_dry_run_talks_to_nobody(graph: Path) -> None:
    result = call("load", graph, "-o", "bolt://me@127.0.0.1:1", "--dry-run")
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [f"read   {graph}", "write  bolt://me@127.0.0.1:1"]


def test_elements_without_a_corpus_get_one(server: neo4j_server.Server, tmp_path: Path) -> None:
    from rawabit.loaders.graphml import write_graphml

    write_graphml([Node("d", ("Document",), {"title": "ع"})], tmp_path / "g.graphml")
    loaded(tmp_path / "g.graphml", "-o", server.uri)
    assert query("MATCH (d:Document) RETURN d.corpus AS c") == [{"c": "rawabit"}]
