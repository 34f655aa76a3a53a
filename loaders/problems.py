"""What went wrong with an input, said in one line that names it."""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["Problem", "Refused", "missing_extra", "one_line"]

_LIMIT = 300
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]+")


def one_line(text: str, limit: int = _LIMIT) -> str:
    """`text` as one line of at most `limit` code points: control, bidirectional and unencodable ones become blanks.

    A file name may hold any of them, and what is printed to a terminal or a log must not be able to forge a line.

    >>> one_line("a\\nb\\x1b[31m" + "c" * 9, limit=10)
    'a b [31mc…'
    """
    # Only the beginning is looked at: the rest of a ten-megabyte "name" could not be shown anyway.
    text = " ".join(_UNPRINTABLE.sub(" ", text[: 4 * limit]).split(" ")).strip()
    return text if len(text) <= limit else text[: limit - 1] + "…"


def missing_extra(what: str, extra: str) -> str:
    """What to say where a package of an extra is not installed.

    >>> missing_extra("PDF", "documents")
    "PDF needs one more package: pip install 'rawabit[documents]'"
    """
    return f"{what} needs one more package: pip install 'rawabit[{extra}]'"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that could not be read, or was not read as it stands.

    Attributes:
        where: the file as the user would name it, with the line, row or item where that applies
            (``articles.jsonl:17``, ``table.csv:4``, ``list.json#3``, ``<stdin>:2``).
        cause: one line for people, without control characters, at most 300 code points.
        fatal: something of the input is missing from the output; False for a mere note.
    """

    where: str
    cause: str
    fatal: bool = True

    def __post_init__(self) -> None:
        object.__setattr__(self, "where", one_line(self.where, 1000))
        object.__setattr__(self, "cause", one_line(self.cause))

    def __str__(self) -> str:
        return f"{self.where}: {self.cause}"


class Refused(ValueError):
    """What was asked for would lose or overwrite something; nothing has been written."""
