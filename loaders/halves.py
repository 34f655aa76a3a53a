"""Halves of surrogate pairs: Python's texts may hold them, no UTF-8 can."""

from __future__ import annotations

import re

__all__ = ["has_half", "without_halves"]

_HALF = re.compile("[\ud800-\udfff]")


def has_half(text: str) -> bool:
    """Whether `text` holds one.

    >>> has_half("قال\\ud83d"), has_half("قال")
    (True, False)
    """
    return _HALF.search(text) is not None


def without_halves(text: str) -> str:
    """`text` with U+FFFD for each.

    >>> without_halves("قال\\ud83d") == "قال\\ufffd"
    True
    """
    return _HALF.sub("\ufffd", text)
