"""Threads for what leaves the interpreter's lock."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

__all__ = ["ahead", "cores"]

_A = TypeVar("_A")
_B = TypeVar("_B")


def cores() -> int:
    """Processor cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def ahead(call: Callable[[_A], _B], items: Iterable[_A], pool: ThreadPoolExecutor | None, threads: int) -> Iterator[_B]:
    """``map(call, items)`` in a pool of threads, in order, a few items ahead of who reads."""
    if pool is None:
        yield from map(call, items)
        return
    waiting: deque[Future[_B]] = deque()
    try:
        for item in items:
            waiting.append(pool.submit(call, item))
            if len(waiting) > 2 * threads:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        for future in waiting:
            future.cancel()
