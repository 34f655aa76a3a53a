"""A real Neo4j Community server for the tests, brought from Maven Central by `mvn` and kept in a cache folder."""

from __future__ import annotations

import atexit
import contextlib
import functools
import os
import shutil
import socket
import subprocess
import tempfile
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


VERSION = os.environ.get("NEO4J_VERSION", "5.26.0")
"""Another one for a try: ``NEO4J_VERSION=2026.08.1 JAVA_HOME=/usr/lib/jvm/… pytest -m neo4j``."""


def java() -> str:
    """The command that starts Java."""
    home = os.environ.get("JAVA_HOME")
    return str(Path(home) / "bin" / "java") if home else "java"


@functools.cache
def libraries(pom: str = "pom.xml") -> Path:
    """The folder of the jars that a pom of `HERE` names, fetched once."""
    home = os.environ.get("XDG_CACHE_HOME")
    name = f"neo4j-{VERSION}" if pom == "pom.xml" else f"neo4j-{Path(pom).stem}-{VERSION}"
    cache = (Path(home) if home else Path.home() / ".cache") / "rawabit-tests" / name
    done = cache / "complete"
    if not done.exists():
        shutil.rmtree(cache, ignore_errors=True)
        cache.mkdir(parents=True)
        command = ["mvn", "-q", "-B", "-f", str(HERE / pom), f"-Dneo4j.version={VERSION}"]
        if "NEO4J_APOC_VERSION" in os.environ:  # it has fewer versions than the server
            command.append(f"-Dapoc.version={os.environ['NEO4J_APOC_VERSION']}")
        result = subprocess.run(
            [*command, "dependency:copy-dependencies", f"-DoutputDirectory={cache}"], capture_output=True, text=True
        )
        assert result.returncode == 0, f"mvn failed:\n{result.stdout[-2000:]}{result.stderr[-2000:]}"
        done.touch()
    return cache


def _libraries() -> Path:
    return libraries()


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
    own = Own(folder)
    own.start()
    try:
        yield Server(own.uri, PASSWORD)
    finally:
        own.kill()


@functools.cache
def shared() -> Server:
    """One server for all tests of a run, stopped when the run ends."""
    stack = contextlib.ExitStack()
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="rawabit-neo4j-", ignore_cleanup_errors=True)))
    atexit.register(stack.close)
    return stack.enter_context(server(folder / "home"))


class Own:
    """A server that a test may kill and start again on the same store, with settings of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.uri = f"bolt://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, *settings: str) -> None:
        (self.folder / "conf").mkdir(parents=True, exist_ok=True)
        lines = ["server.bolt.enabled=true", "dbms.security.auth_enabled=true", "dbms.usage_report.enabled=false"]
        lines += [f"server.bolt.{kind}_address=127.0.0.1:{self.port}" for kind in ("listen", "advertised")]
        lines += ["server.memory.pagecache.size=64m", "db.tx_log.preallocate=false", *settings]
        (self.folder / "conf" / "neo4j.conf").write_text("\n".join(lines) + "\n", encoding="utf-8")
        command = [java(), "-Xmx512m", "-cp", f"{_libraries()}/*"]
        command += [f"--add-opens=java.base/java.{name}=ALL-UNNAMED" for name in ("nio", "lang")]
        log = self.folder / "log.txt"
        with log.open("wb") as out:
            self._process = subprocess.Popen(
                [*command, str(HERE / "Server.java"), str(self.folder)],
                stdin=subprocess.PIPE, stdout=out, stderr=subprocess.STDOUT,
            )  # fmt: skip
        _set_password(self.uri, self._process, log)

    def limit(self, size: int) -> None:
        """No file may grow beyond `size` bytes from now on."""
        import resource  # not on Windows

        assert self._process is not None
        resource.prlimit(self._process.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))  # type: ignore[attr-defined]

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


def _set_password(uri: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 180
    while True:
        try:
            with contextlib.suppress(neo4j.exceptions.AuthError), _open(uri, "neo4j") as driver:
                driver.session(database="system").run(
                    "ALTER CURRENT USER SET PASSWORD FROM 'neo4j' TO $new", new=PASSWORD
                ).consume()
            with _open(uri, PASSWORD) as driver:
                driver.session(database="neo4j").run("RETURN 1").consume()
            return
        except (neo4j.exceptions.DriverError, neo4j.exceptions.Neo4jError):
            assert process.poll() is None, log.read_text(encoding="utf-8", errors="replace")[-3000:]
            assert time.monotonic() < deadline, log.read_text(encoding="utf-8", errors="replace")[-3000:]
            time.sleep(0.5)


def _open(uri: str, password: str) -> neo4j.Driver:
    return neo4j.GraphDatabase.driver(uri, auth=("neo4j", password))
