"""What a benchmark prints, printed and, where asked for, written beside it."""

from __future__ import annotations

import sys
from pathlib import Path

__all__ = ["Report"]


class Report:
    """Prints lines as they come; `write` puts them into a Markdown file with the command that made them."""

    def __init__(self) -> None:
        self._lines: list[str] = []

    def say(self, line: str) -> None:
        print(line, flush=True)
        self._lines.append(line)

    def write(self, path: Path, title: str, *, code: bool) -> None:
        shown = [
            "DATA" if Path(one).is_dir() else "FILE" if Path(one).suffix == ".txt" else one for one in sys.argv[1:]
        ]
        shown.insert(0, Path(sys.argv[0]).name)
        command = "python benchmarks/" + " ".join(word for word in shown if word != "--write")
        body = "\n".join(["```", *self._lines, "```"] if code else self._lines)
        path.write_text(f"# {title}\n\nMade by `{command}`.\n\n{body}\n", encoding="utf-8")
