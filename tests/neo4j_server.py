"""A real Neo4j Community server for the tests, brought from Maven Central by `mvn` and kept in a cache folder."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import neo4j

HERE = Path(__file__).resolve().parent / "neo4j"
PASSWORD = "a test's own secret"


@dataclass(frozen=True, slots=True)
class Server:
    """Address as the command line takes it, without the password."""

    uri: str
    password: str


def _libraries() -> Path:
    home = os.environ.get("XDG_CACHE_HOME")
    cache = (Path(home) if home else Path.home() / ".cache") / "rawabit-tests" / "neo4j-5.26.0"
    done = cache / "complete"
    if not done.exists():
        shutil.rmtree(cache, ignore_errors=True)
        cache.mkdir(parents=True)
        command = [
            "mvn",
            "-q",
            "-B",
            "-f",
            str(HERE / "pom.xml"),
            "dependency:copy-dependencies",
            f"-DoutputDirectory={cache}",
        ]
        result = subprocess.run(command, capture_output=True, text=True)
        assert result.returncode == 0, f"mvn failed:\n{result.stdout[-2000:]}{result.stderr[-2000:]}"
        done.touch()
    return cache


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def server(folder: Path) -> Iterator[Server]:
    """Start a server on an empty store under `folder`; NEO4J_URI and NEO4J_PASSWORD name one that runs already."""
    if os.environ.get("NEO4J_URI"):
        yield Server(os.environ["NEO4J_URI"], os.environ.get("NEO4J_PASSWORD", ""))
        return
    libraries, port = _libraries(), free_port()
    (folder / "conf").mkdir(parents=True)
    (folder / "conf" / "neo4j.conf").write_text(
        f"server.bolt.enabled=true\ndbms.security.auth_enabled=true\nserver.bolt.listen_address=127.0.0.1:{port}\nserver.bolt.advertised_address=127.0.0.1:{port}\n"
        "server.memory.heap.max_size=512m\nserver.memory.pagecache.size=64m\ndbms.usage_report.enabled=false\n",
        encoding="utf-8",
    )
    command = ["java", "-Xmx512m", "-cp", f"{libraries}/*", "--add-opens=java.base/java.nio=ALL-UNNAMED"]
    command += ["--add-opens=java.base/java.lang=ALL-UNNAMED", str(HERE / "Server.java"), str(folder)]
    log = (folder / "log.txt").open("wb")
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=log, stderr=subprocess.STDOUT)
    try:
        _set_password(f"bolt://127.0.0.1:{port}", process, folder / "log.txt")
        yield Server(f"bolt://127.0.0.1:{port}", PASSWORD)
    finally:
        process.kill()
        process.wait()
        log.close()


def _set_password(uri: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 180
    while True:
        try:
            with neo4j.GraphDatabase.driver(uri, auth=("neo4j", "neo4j")) as driver:
                driver.execute_query(
                    "ALTER CURRENT USER SET PASSWORD FROM 'neo4j' TO $new", new=PASSWORD, database_="system"
                )
            with neo4j.GraphDatabase.driver(uri, auth=("neo4j", PASSWORD)) as driver:
                driver.execute_query("RETURN 1", database_="neo4j")
            return
        except (neo4j.exceptions.DriverError, neo4j.exceptions.Neo4jError):
            assert process.poll() is None, log.read_text(encoding="utf-8", errors="replace")[-3000:]
            assert time.monotonic() < deadline, log.read_text(encoding="utf-8", errors="replace")[-3000:]
            time.sleep(1)
