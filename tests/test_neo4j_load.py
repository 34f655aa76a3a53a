"""Loading into a real server, again and again: what is there is what the documents say, whatever was there before."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import neo4j_server
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from neo4j_graphs import CORPUS, empty, load, query, there, told, wanted, world

from rawabit.graph.model import Extraction
from rawabit.loaders import neo4j_server as connection
from rawabit.loaders import neo4j_write
from rawabit.loaders.neo4j import load_graph
from rawabit.loaders.neo4j_forget import clear_corpus, count_corpus, forget
from rawabit.loaders.neo4j_server import ServerError, connect
from rawabit.ner.model import Label

pytestmark = pytest.mark.neo4j

SALMA, KARIM, OMAR, HUDA = "سلمى الحداد", "كريم العطار", "عمر البنا", "هدى القاسم"
A = told("a", (SALMA, "HEAD_OF", KARIM), (SALMA, "OWNS", OMAR), by=HUDA, times=2)
B = told("b", (SALMA, "HEAD_OF", KARIM), (KARIM, "ACQUIRED", OMAR), times=3)
C = told("c", (HUDA, "CRITICIZED", OMAR))


def ids() -> list[Any]:
    return query("MATCH (n {corpus: $c}) OPTIONAL MATCH (n)-[r]->() RETURN elementId(n) AS n, elementId(r) AS r "
                 "ORDER BY n, r", c=CORPUS)  # fmt: skip


def forgotten(*documents: str) -> Any:
    running = neo4j_server.shared()
    with connect(running.uri, running.password) as open_:
        return forget(open_, CORPUS, documents)


def test_twice_changes_nothing(server: neo4j_server.Server) -> None:
    done = load([A, B, C], server.uri)
    assert (done.new, done.changed, done.same) == (3, 0, 0)
    assert there() == wanted([A, B, C])
    before = there(all_of_it=True), ids()
    for anew in (False, True):
        done = load([A, B, C], server.uri, anew=anew)
        assert (done.new, done.changed, done.same) == ((0, 3, 0) if anew else (0, 0, 3))
        assert (there(all_of_it=True), ids()) == before


def test_no_mark_is_left(server: neo4j_server.Server) -> None:
    load([A, B, C], server.uri)
    assert query("MATCH (n:Stale) RETURN n") == []


def test_more_documents_and_the_rest_stays(server: neo4j_server.Server) -> None:
    load([A], server.uri)
    load([B, C], server.uri)
    assert there() == wanted([A, B, C])


def test_names_of_two_loads_are_weighed_together(server: neo4j_server.Server) -> None:
    same = {"أم كريم": SALMA}
    other = told("o", ("أم كريم", "OWNS", OMAR), times=5)
    load([A], server.uri, same)
    load([other], server.uri, same)
    assert there() == wanted([A, other], same)
    assert query("MATCH (n:Person {name: 'أم كريم'}) RETURN n.aliases AS a") == [{"a": [SALMA]}]


def test_the_label_of_two_loads_is_weighed_too(server: neo4j_server.Server) -> None:
    firm = told("f", (SALMA, "OWNS", "منصة"), label=Label.ORGANIZATION)
    product = told("p", (KARIM, "OWNS", "منصة"), times=3, label=Label.PRODUCT)
    load([firm], server.uri)
    load([product], server.uri)
    assert there() == wanted([firm, product])


def test_a_document_loaded_anew_replaces_its_claims(server: neo4j_server.Server) -> None:
    """They were only merged once: a claim that had been rejected stayed."""
    load([A, B], server.uri)
    other = told("a", (SALMA, "OWNS", OMAR))
    done = load([other], server.uri)
    assert (done.changed, done.removed) == (1, 1)  # the source was named nowhere else
    assert there() == wanted([other, B])


def test_a_corrected_page_takes_the_place_of_its_address(server: neo4j_server.Server) -> None:
    old = told("1", (SALMA, "OWNS", KARIM), url="https://example.org/news?id=4&utm_source=x")
    new = told("2", (SALMA, "OWNS", OMAR), url="http://www.example.org/news/?id=4")
    load([old, C], server.uri)
    assert load([new], server.uri).replaced == 1
    assert there() == wanted([new, C])


def test_what_was_damaged_is_mended(server: neo4j_server.Server) -> None:
    load([A, B, C], server.uri)
    for damage in ("MATCH ()-[r:ACQUIRED]->() DELETE r", "MATCH (:Document {id: 'a'})<-[r:MENTIONED_IN]-() DELETE r"):
        query(damage)
        load([A, B, C], server.uri)
        assert there() == wanted([A, B, C]), damage
    query("MATCH (n:Entity) SET n.name = 'x', n.mentionCount = 77 REMOVE n:Person SET n:Place")
    query("MATCH ()-[r:OWNS]->() SET r.sentence = 'x'")
    load([A, B, C], server.uri, anew=True)
    assert there() == wanted([A, B, C])


def test_forgetting_leaves_what_others_say(server: neo4j_server.Server) -> None:
    load([A, B, C], server.uri)
    done = forgotten("a", "nowhere")
    assert (done.documents, done.unknown, done.entities) == (1, ("nowhere",), 0)
    assert there() == wanted([B, C])
    assert forgotten("c").entities == 1  # only it named one of its two
    assert there() == wanted([B])
    forgotten("b")
    assert there() == [[], []]


def test_forgetting_by_address_and_aliases(server: neo4j_server.Server) -> None:
    same = {"أم كريم": SALMA}
    one = told("1", ("أم كريم", "OWNS", OMAR), url="https://example.org/1")
    load([one, B], server.uri, same)
    forgotten("http://example.org/1/")
    assert there() == wanted([B])


def test_merging_and_splitting_move_the_edges(server: neo4j_server.Server) -> None:
    """A relationship can't be moved, and a MERGE on a moved end breaks the constraint."""
    load([A, B, C], server.uri)
    same = {HUDA: SALMA, OMAR: KARIM}
    load([A, B, C], server.uri, same, former={SALMA: HUDA})
    assert there() == wanted([A, B, C], same, former={SALMA: HUDA})
    sources = query("MATCH ()-[r:HEAD_OF {document: 'a'}]->() MATCH (n:Entity {id: r.attributedTo}) RETURN n.name AS n")
    assert sources == [{"n": SALMA}]
    load([A, B, C], server.uri)
    assert there() == wanted([A, B, C])


def test_two_corpora_on_one_server(server: neo4j_server.Server) -> None:
    load([A, B], server.uri)
    with world([A, C]) as (graph, names):
        load_graph(graph, server.uri, corpus="other", names=names)
    other = there(corpus="other")
    assert len(other[0]) == 6
    assert there() == wanted([A, B])
    note = "CREATE (n)<-[:ABOUT {corpus: 'test'}]-(:Note {corpus: 'test'})"
    query(f"MATCH (n:Person {{name: $name, corpus: 'test'}}) {note}", name=SALMA)
    with connect(server.uri, server.password) as open_:
        assert count_corpus(open_, CORPUS) == (4, 2)
        held = clear_corpus(open_, CORPUS)
    assert held == 1
    assert there(corpus="other") == other
    left = query("MATCH (a {corpus: 'test'}) RETURN labels(a) AS l ORDER BY size(l)")
    assert [row["l"] for row in left] == [["Note"], ["Entity", "Person"]], "a note of the user's holds on to it"


def test_what_users_add_to_nodes_stays(server: neo4j_server.Server) -> None:
    load([A], server.uri)
    query("MATCH (n:Entity {name: $n}) SET n.note = 'مهم', n:Suspect", n=SALMA)
    load([A, B], server.uri)
    assert query("MATCH (n:Suspect) RETURN n.note AS note, n.documentCount AS d") == [{"note": "مهم", "d": 2}]


NAMES = [SALMA, KARIM, OMAR, HUDA, "يوسف", "مريم"]
CLAIMS = st.tuples(st.sampled_from(NAMES), st.sampled_from(["OWNS", "HEAD_OF", "VISITED"]), st.sampled_from(NAMES))
DOCUMENTS = st.builds(
    lambda key, claims, times: told(key, *dict.fromkeys(c for c in claims if c[0] != c[2]), times=times),
    st.sampled_from("abcd"), st.lists(CLAIMS, max_size=4), st.integers(1, 3),
)  # fmt: skip
STEPS = st.lists(
    st.one_of(st.lists(DOCUMENTS, min_size=1, max_size=3), st.sampled_from("abcd")), min_size=1, max_size=5
)


@settings(max_examples=15 if settings.get_profile("sample") is settings.default else 60)
@given(STEPS)
def test_any_loads_and_forgettings_come_to_what_the_documents_say(steps: list[Any]) -> None:
    server = empty()
    documents: dict[str, Extraction] = {}
    for step in steps:
        if isinstance(step, str):
            documents.pop(step, None)
            forgotten(step)
        else:
            some = {one.document.id: one for one in step}
            documents |= some
            load(some.values(), server.uri, password=server.password)
        assert there() == wanted(documents.values())


LOAD = """
import pickle, sys, time
from rawabit.loaders import neo4j, neo4j_write
neo4j.Pace = lambda: neo4j_write.Pace(30, 30)
elements = pickle.load(open(sys.argv[1], "rb"))
class Names:
    def get(self, key): return names.get(key, {})
names, elements = elements
def say(text):
    print(text, flush=True)
print("go", flush=True)
neo4j.load_graph(elements, sys.argv[2], corpus="test", names=Names(), say=say)
"""


def many(version: int) -> list[Extraction]:
    chance = random.Random(version)

    def claim(n: int) -> tuple[str, str, str]:
        return f"{chance.choice(NAMES)} {n % 7}", chance.choice(["OWNS", "HEAD_OF"]), chance.choice(NAMES)

    count = 30 + 10 * version
    return [told(f"d{n}", *dict.fromkeys(claim(n) for _ in range(4)), times=1 + version % 3) for n in range(count)]


def pickled(extractions: list[Extraction], path: Path) -> Path:
    import pickle

    with world(extractions) as (graph, names):
        elements = list(graph)
        path.write_bytes(pickle.dumps(({e.id: names.get(e.id) for e in elements}, elements)))
    return path


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_killed_at_any_moment_and_run_again(server: neo4j_server.Server, tmp_path: Path) -> None:
    """From an empty corpus or from an older one: the next load makes what one clean load makes."""
    new, old = many(1), many(0)
    file = pickled(new, tmp_path / "new")
    clean = wanted(new)
    chance = random.Random(5)
    cut = 0
    longest = _time_of(file, server)
    assert there() == clean
    for number in range(int(os.environ.get("RAWABIT_KILLS", "5"))):
        empty()
        if number % 2:
            load(old, server.uri)
        process = _start(file, server)
        time.sleep(chance.uniform(0, longest))
        cut += process.poll() is None
        process.kill()
        process.wait()
        load(new, server.uri)
        assert there() == clean, f"kill {number}"
        assert query("MATCH (n:Stale) RETURN count(n) AS n") == [{"n": 0}]
    assert cut


def _start(file: Path, server: neo4j_server.Server) -> subprocess.Popen[str]:
    process = subprocess.Popen([sys.executable, "-c", LOAD, str(file), server.uri], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "go\n"
    return process


def _time_of(file: Path, server: neo4j_server.Server) -> float:
    for _ in range(2):  # the first pays for the server's plans
        empty()
        process = _start(file, server)
        started = time.monotonic()
        assert process.wait() == 0
    return time.monotonic() - started


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[neo4j_server.Own]:
    monkeypatch.setenv("NEO4J_PASSWORD", neo4j_server.PASSWORD)
    running = neo4j_server.Own(tmp_path / "home")
    try:
        yield running
    finally:
        running.kill()


def of(own: neo4j_server.Own) -> neo4j_server.Server:
    return neo4j_server.Server(own.uri, neo4j_server.PASSWORD)


def test_a_server_killed_in_mid_load_and_started_again(own: neo4j_server.Own, monkeypatch: pytest.MonkeyPatch) -> None:
    own.start()
    monkeypatch.setattr("rawabit.loaders.neo4j.Pace", lambda: neo4j_write.Pace(30, 30))
    seen: list[str] = []
    again: list[threading.Thread] = []

    def say(text: str) -> None:
        seen.append(text)
        if len(seen) == 8:
            own.kill()
            again.append(threading.Thread(target=own.start))
            again[0].start()

    load(many(1), own.uri, say=say)
    again[0].join()
    assert there(of(own)) == wanted(many(1))
    monkeypatch.setattr(connection, "_RETRY", 1.0)
    own.kill()
    with pytest.raises(ServerError, match="no server answers") as caught:
        load(many(1), own.uri)
    assert "\n" not in str(caught.value)
    own.start()
    seen.clear()

    def stop(text: str) -> None:
        seen.append(text)
        if len(seen) == 8:
            own.kill()

    with pytest.raises(ServerError, match="again") as caught:
        load(many(2), own.uri, say=stop)
    assert "\n" not in str(caught.value)
    own.start()
    load(many(2), own.uri)
    assert there(of(own)) == wanted(many(2))


def test_little_memory_halves_the_batches(own: neo4j_server.Own, monkeypatch: pytest.MonkeyPatch) -> None:
    own.start("db.memory.transaction.max=2m")
    paces: list[neo4j_write.Pace] = []

    def pace() -> neo4j_write.Pace:
        paces.append(neo4j_write.Pace())
        return paces[-1]

    monkeypatch.setattr("rawabit.loaders.neo4j.Pace", pace)
    pairs = [(f"{SALMA} {n % 50}", "OWNS", f"{OMAR} {n}") for n in range(1500)]
    large = told("large", *pairs, times=2)
    small = [told(f"s{n}", *pairs[n * 20 : n * 20 + 20]) for n in range(60)]
    load([large, *small], own.uri)
    assert paces[0].size < 4000
    assert there(of(own)) == wanted([large, *small])
    load([large, *small], own.uri)
    assert there(of(own)) == wanted([large, *small])
