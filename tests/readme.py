"""The help texts in the README, as the commands print them in 80 columns.

`python tests/readme.py` renews them; tests/test_docs.py says when they differ.
"""

from __future__ import annotations

import re
from pathlib import Path

from click.testing import CliRunner

from rawabit.loaders.cli import cli

README = Path(__file__).resolve().parent.parent / "README.md"
_BLOCK = re.compile(r"(<!-- help (?P<command>\w+(?: \w+)*) -->\n```text\n).*?(```\n<!-- /help -->)", re.DOTALL)


def help_text(command: str) -> str:
    """What `rawabit COMMAND --help` prints in 80 columns."""
    result = CliRunner().invoke(cli, [*command.split(), "--help"], terminal_width=80, prog_name="rawabit")
    assert result.exit_code == 0, result.output
    return "\n".join(line.rstrip() for line in result.output.strip().splitlines())


def renewed(text: str) -> str:
    """`text` with each help block as the commands print it now."""
    return _BLOCK.sub(lambda m: f"{m[1]}{help_text(m['command'])}\n{m[3]}", text)


if __name__ == "__main__":
    README.write_text(renewed(README.read_text(encoding="utf-8")), encoding="utf-8")
