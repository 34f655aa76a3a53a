"""The import tool, and a server with Neo4j Browser and APOC, beside the plain one of `neo4j_server`."""

from __future__ import annotations

import contextlib
import os
import shlex
import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import neo4j
from neo4j_server import HERE, free_port, java, libraries

__all__ = ["Full", "admin", "full", "rows"]


@dataclass(frozen=True, slots=True)
class Full:
    """A server with Neo4j Browser and APOC, without a password.

    Attributes:
        uri: for Bolt.
        browser: for a web browser.
    """

    uri: str
    browser: str


def admin(home: Path) -> Path:
    """A ``neo4j-admin`` for the store under `home`, as a command without arguments of its own."""
    (home / "conf").mkdir(parents=True, exist_ok=True)
    (home / "conf" / "neo4j.conf").touch()
    command = [java(), "-Xmx512m", "-cp", f"{libraries('tools.xml')}/*", "org.neo4j.cli.AdminTool"]
    script = home / "neo4j-admin"
    script.write_text(
        f"#!/bin/sh\nNEO4J_HOME={shlex.quote(str(home))} NEO4J_CONF={shlex.quote(str(home / 'conf'))} "
        f'exec {shlex.join(command)} "$@"\n',
        encoding="utf-8",
    )
    script.chmod(0o755)
    return script


@contextlib.contextmanager
def full(folder: Path) -> Iterator[Full]:
    """Start one under `folder`; APOC reads files."""
    jars = libraries("tools.xml")
    plugins = folder / "plugins"
    plugins.mkdir(parents=True)
    for jar in jars.glob("apoc-core-*-core.jar"):
        shutil.copy(jar, plugins)
    bolt, http = free_port(), free_port()
    command = [java(), "-Xmx512m", "-Dapoc.import.file.enabled=true", "-cp", f"{jars}/*"]
    command += [f"--add-opens=java.base/java.{name}=ALL-UNNAMED" for name in ("nio", "lang")]
    command += [str(HERE / "Full.java"), str(folder), str(plugins), str(bolt), str(http)]
    log = folder / "log.txt"
    with log.open("wb") as out:
        # APOC takes settings of its own from the environment alone where the harness starts the server.
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=out, stderr=subprocess.STDOUT,
            env={**os.environ, "apoc.import.file.enabled": "true", "apoc.import.file.use_neo4j_config": "false"},
        )  # fmt: skip
    try:
        deadline = time.monotonic() + 180
        while b"ready" not in log.read_bytes():
            said = log.read_text("utf-8", "replace")[-3000:]
            assert process.poll() is None, said
            assert time.monotonic() < deadline, said
            time.sleep(0.3)
        yield Full(f"bolt://127.0.0.1:{bolt}", f"http://127.0.0.1:{http}/browser/")
    finally:
        process.kill()
        process.wait()


def rows(uri: str, query: str, password: str | None = None, **parameters: Any) -> list[dict[str, Any]]:
    """Rows of a query."""
    auth = ("neo4j", password) if password else None
    with neo4j.GraphDatabase.driver(uri, auth=auth, notifications_min_severity="OFF") as driver, driver.session() as s:
        return [record.data() for record in s.run(query, parameters)]
