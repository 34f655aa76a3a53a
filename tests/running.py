"""Running the command line from tests."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from rawabit.loaders.cli import cli

RAWABIT = [sys.executable, "-m", "rawabit"]


def call(*arguments: object, stdin: str | bytes | None = None) -> Result:
    return CliRunner().invoke(cli, [str(a) for a in arguments], input=stdin)


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def stable(path: Path) -> list[str]:
    return sorted(path.read_text(encoding="utf-8").split("\n"))
