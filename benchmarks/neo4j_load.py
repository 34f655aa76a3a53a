"""Loading a graph into a local Neo4j server, beside `Neo4jWriter` of neo4j-graphrag on the same graph.

usage: neo4j_load.py [--claims N] [--entities N] [--documents N] [--peer PYTHON] [--write]

Starts the server of the tests, empty for each load. PYTHON is the interpreter of an environment of its own with the
peer in it (python -m venv DIR; DIR/bin/pip install neo4j-graphrag); the peer needs APOC, which goes on its server's
class path (apoc-core, classifier `core`, brought by `mvn`). Without --peer only ours runs. The graph has as many
repeated deals between one pair as news has: a claim stands for each sentence that says it.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import neo4j
from report import Report

from rawabit.graph.model import Edge, Node, Relation, content_id
from rawabit.loaders.neo4j import load_graph

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "tests"))

import neo4j_server  # noqa: E402

FIRST = ("أحمد", "سلمى", "خالد", "ليلى", "يوسف", "مريم", "عمر", "هدى", "كريم", "نادية")
LAST = ("المنصوري", "الحداد", "الشريف", "العطار", "النجار", "القاسم", "الزيات", "البنا", "الرفاعي", "الخطيب")
KINDS = ("Person", "Organization", "Place", "Product")
APOC = "org.neo4j.procedure:apoc-core:5.26.0:jar:core"


def graph(documents: int, entities: int, claims: int) -> Iterator[Node | Edge]:
    """Nodes, then edges; each document names about as many entities as its claims need, some far more often."""
    chance = random.Random(7)
    ids = [content_id("entity", n) for n in range(entities)]
    told: list[set[int]] = [set() for _ in range(documents)]
    edges: list[tuple[int, int, int]] = []
    for number in range(claims):
        document = number % documents
        if number >= documents and chance.random() < 0.1:  # said again, of the same two
            _, a, b = edges[number - documents]
        else:
            a, b = (int(entities * chance.random() ** 2.5) for _ in range(2))
            b = b if a != b else (a + 1) % entities
        told[document].update((a, b))
        edges.append((document, a, b))
    for number in range(entities):
        told[number % documents].add(number)
    counts = [0] * entities
    for some in told:
        for number in some:
            counts[number] += 1
    for number, key in enumerate(ids):
        name = f"{FIRST[number % 10]} {LAST[number // 10 % 10]} {number}"
        yield Node(key, ("Entity", KINDS[number % 4]), {
            "name": name, "nameAr": name, "nameEn": f"Name {number}", "aliases": (LAST[number // 10 % 10],),
            "mentionCount": counts[number], "documentCount": counts[number],
        })  # fmt: skip
    for number in range(documents):
        yield Node(f"d{number}", ("Document",), {
            "title": f"عنوان الخبر {number}", "source": "الوكالة", "url": f"https://example.org/{number}",
            "published": "2024-05-01", "sha256": content_id("text", number) * 4,
        })  # fmt: skip
    types = list(Relation)[:-1]
    for number, (document, a, b) in enumerate(edges):
        start = 120 * (number // documents)
        yield Edge(content_id("claim", number), ids[a], ids[b], str(types[(a + b) % len(types)]), {
            "document": f"d{document}", "story": f"d{document}", "start": start, "end": start + 110,
            "sentence": f"قال {FIRST[a % 10]} {LAST[a % 7]} إن الشركة وقعت مع {FIRST[b % 10]} {LAST[b % 7]} اتفاقا في العاصمة أمس، {number}.",  # noqa: E501
            "subjectStart": start + 4, "subjectEnd": start + 12, "objectStart": start + 40, "objectEnd": start + 52,
            "confidence": 0.8, "negated": False, "date": "2024-05-01",
        })  # fmt: skip
    for document, some in enumerate(told):
        for number in sorted(some):
            yield Edge(content_id("mentioned", ids[number], document), ids[number], f"d{document}", "MENTIONED_IN", {
                "count": 1, "offsets": (number % 400, number % 400 + 8),
            })  # fmt: skip


def totals(uri: str, password: str) -> tuple[int, int]:
    """Nodes with an id of ours, and claims, on a server."""
    claims = "|".join(map(str, Relation))
    with neo4j.GraphDatabase.driver(uri, auth=("neo4j", password)) as driver:
        nodes = driver.execute_query("MATCH (n) WHERE n:Entity OR n:Document RETURN count(n)").records[0][0]
        edges = driver.execute_query(f"MATCH ()-[r:{claims}]->() RETURN count(r)").records[0][0]
    return int(nodes), int(edges)


def ours(size: dict[str, int], report: Report) -> float:
    elements = list(graph(**size))
    with tempfile.TemporaryDirectory() as folder, neo4j_server.server(Path(folder) / "home") as server:
        times = []
        for name in ("first", "second"):
            started = time.perf_counter()
            done = load_graph(elements, server.uri, corpus="bench", password=server.password)
            times.append(time.perf_counter() - started)
            report.say(
                f"ours, {name} load: {times[-1]:.1f} s, {size['claims'] / times[-1]:.0f} claims/s, "
                f"{len(elements) / times[-1]:.0f} elements/s "
                f"(documents: {done.new} new, {done.changed} changed, {done.same} same)"
            )
        nodes, claims = totals(server.uri, server.password)
        report.say(f"ours: {nodes} nodes and {claims} claims are there; lost: {size['claims'] - claims}")
        report.say(f"second load in {times[1] / times[0]:.2f} of the first one's time")
    return times[0]


PEER = """import json, sys, time
import neo4j
from neo4j_graphrag.experimental.components.kg_writer import Neo4jWriter
from neo4j_graphrag.experimental.components.types import Neo4jGraph, Neo4jNode, Neo4jRelationship
import asyncio
file, uri, password = sys.argv[1:]
nodes, edges = [], []
for line in open(file, encoding="utf-8"):
    row = json.loads(line)
    if "source" in row:
        edges.append(Neo4jRelationship(start_node_id=row["source"], end_node_id=row["target"], type=row["type"],
                                       properties=row["properties"]))
    else:
        nodes.append(Neo4jNode(id=row["id"], label=row["labels"][-1], properties=row["properties"]))
graph = Neo4jGraph(nodes=nodes, relationships=edges)
driver = neo4j.GraphDatabase.driver(uri, auth=("neo4j", password))
started = time.perf_counter()
result = asyncio.run(Neo4jWriter(driver).run(graph))
print(time.perf_counter() - started, result.status)
"""


def peer(python: str, size: dict[str, int], report: Report) -> float:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        file = folder / "graph.jsonl"
        with file.open("w", encoding="utf-8") as out:
            for element in graph(**size):
                row: dict[str, Any] = {"id": element.id, "properties": {**element.properties, "key": element.id}}
                if isinstance(element, Edge):
                    row |= {"source": element.source, "target": element.target, "type": element.type}
                else:
                    row["labels"] = element.labels
                out.write(json.dumps(row, ensure_ascii=False) + "\n")
        with apoc_server(folder) as server:
            done = subprocess.run(
                [python, "-W", "ignore", "-c", PEER, str(file), server.uri, server.password], capture_output=True,
                text=True, check=False,
            )  # fmt: skip
            if done.returncode:
                sys.exit(f"the peer failed: {done.stderr[-2000:]}")
            seconds, status = done.stdout.split()[-2:]
            claims = "|".join(map(str, Relation))
            with neo4j.GraphDatabase.driver(server.uri, auth=("neo4j", server.password)) as driver:
                there = driver.execute_query(f"MATCH ()-[r:{claims}]->() RETURN count(r)").records[0][0]
        report.say(
            f"neo4j-graphrag's Neo4jWriter: {float(seconds):.1f} s, "
            f"{size['claims'] / float(seconds):.0f} claims/s, {status}"
        )
        report.say(f"neo4j-graphrag: {there} claims are there; lost: {size['claims'] - there}")
    return float(seconds)


def apoc_server(folder: Path) -> Any:
    """The tests' server with APOC beside its other libraries."""
    libraries, both = neo4j_server._libraries(), folder / "lib"
    both.mkdir()
    for jar in libraries.glob("*.jar"):
        (both / jar.name).symlink_to(jar)
    home = folder / "home"
    (home / "plugins").mkdir(parents=True)
    copy = ["mvn", "-q", "-B", "dependency:copy", f"-Dartifact={APOC}"]
    subprocess.run([*copy, f"-DoutputDirectory={home / 'plugins'}"], check=True)
    for jar in (home / "plugins").glob("*.jar"):
        shutil.copy(jar, both)
    neo4j_server._libraries = lambda: both
    return neo4j_server.server(home)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--claims", type=int, default=100_000)
    parser.add_argument("--entities", type=int, default=30_000)
    parser.add_argument("--documents", type=int, default=10_000)
    parser.add_argument("--peer", metavar="PYTHON")
    parser.add_argument("--write", action="store_true", help="write neo4j_load.md")
    args = parser.parse_args()
    size = {"documents": args.documents, "entities": args.entities, "claims": args.claims}
    report = Report()
    kinds = itertools.groupby(sorted(type(e).__name__ for e in graph(**size)))
    shape = ", ".join(f"{sum(1 for _ in group)} {name.lower()}s" for name, group in kinds)
    report.say(f"{size['claims']} claims, {size['entities']} entities, {size['documents']} documents: {shape}")
    report.say(f"{os.cpu_count()} cores, shared with other work; load average {os.getloadavg()[0]:.1f} at the start")
    report.say("server: Neo4j 5.26.0 Community on this machine, heap 512 MB; an empty store for each")
    mine = ours(size, report)
    if args.peer:
        report.say(f"rate, ours to the peer's: {peer(args.peer, size, report) / mine:.1f}")
    if args.write:
        report.write(HERE / "neo4j_load.md", "Loading into Neo4j", code=True)


if __name__ == "__main__":
    main()
