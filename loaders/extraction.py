"""Extraction over many documents: one process or several, the same lines in the same order."""

from __future__ import annotations

import hashlib
import multiprocessing
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import cache, lru_cache
from importlib.resources import files
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from rawabit._version import __version__
from rawabit.graph.extract import link_document
from rawabit.graph.knowledge import Layered, open_knowledge
from rawabit.graph.model import Extraction
from rawabit.graph.own_frames import load_frames
from rawabit.graph.scorer import load_scorer
from rawabit.loaders.problems import Problem
from rawabit.ner.model import Document
from rawabit.ner.parallel import ahead
from rawabit.ner.tag import NameTagger, tag_document

__all__ = ["extract", "extractor_version", "make_tagger"]

_CHUNK = 8
_threads = 0  # for the model's runtime: 0 takes all cores, 1 in each of several processes


def _start_worker() -> None:
    global _threads  # noqa: PLW0603 (set once, when a worker process starts)
    _threads = 1
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to every process: the first one ends the others


@lru_cache(maxsize=4)
def make_tagger(engine: str) -> NameTagger:
    """The tagger of a ``--ner`` value: ``model[:MODEL_DIR]``, ``fast``, ``rules`` or ``camel[:MODEL_DIR]``.

    Raises:
        ValueError: for another value.
        FileNotFoundError: when MODEL_DIR holds no model.
        rawabit.ner.camel.CamelUnavailable: when camel-tools or its model is not there; says how to get it.
    """
    name, _, argument = engine.partition(":")
    if name == "model" or (name == "fast" and not argument):
        from rawabit.ner.neural import NeuralTagger

        tier = "fast" if name == "fast" else "default"
        return NeuralTagger(Path(argument) if argument else None, threads=_threads, tier=tier)
    if name == "rules" and not argument:
        from rawabit.ner.rules import RuleTagger

        return RuleTagger()
    if name == "camel":
        from rawabit.ner.camel import CamelTagger

        return CamelTagger(argument or None)
    raise ValueError(f"no such engine: {engine!r} (model, fast, rules or camel; model and camel take :MODEL_DIR)")


def extractor_version(
    engine: str,
    knowledge: Path | None = None,
    scorer: Path | None = None,
    frames: Path | None = None,
    open_claims: bool = False,
) -> str:
    """What ``docs.jsonl`` records, so that ``--resume`` knows lines of another extractor.

    Our version, the tagger's, and a digest of the rules: a word added to a table makes another extractor. So does
    another content of the `knowledge` file, another scorer, other `frames` of the user's, and open claims.
    """
    tagger = make_tagger(engine)
    known = open_knowledge(knowledge)
    more = f".{known.version}" if isinstance(known, Layered) else ""
    more += f".frames-{own.version}" if (own := load_frames(frames)) else ""
    more += ".open" if open_claims else ""
    return f"{__version__}+{tagger.name}-{tagger.version}.{load_scorer(scorer).version}.{_digest()}{more}"


@cache
def _digest() -> str:
    """Eight hex digits of the code and tables of both rooms."""
    total = hashlib.sha256()
    for room in ("rawabit.ner", "rawabit.graph"):
        home = files(room)
        found = [*home.iterdir(), *home.joinpath("data").iterdir()]
        for file in sorted(found, key=lambda file: file.name):
            if file.name.endswith((".py", ".toml")):
                total.update(file.name.encode() + b"\0" + file.read_bytes())
    return total.hexdigest()[:8]


class _Aids(NamedTuple):
    """Files that a worker opens for itself, and what else it must know."""

    knowledge: Path | None
    scorer: Path | None
    frames: Path | None
    open_claims: bool


def _extract_one(document: Document, engine: str, aids: _Aids) -> Extraction | Problem:
    try:
        tagged = tag_document(document, make_tagger(engine))
        version = extractor_version(engine, *aids)
        return link_document(
            tagged, open_knowledge(aids.knowledge), version, load_scorer(aids.scorer),
            frames=load_frames(aids.frames), open_claims=aids.open_claims,
        )  # fmt: skip
    except Exception as error:  # one document must not end a run over a million
        return Problem(document.id, f"internal error, please report it: {type(error).__name__}: {error}")


def _extract_chunk(documents: list[Document], engine: str, aids: _Aids) -> list[Extraction | Problem]:
    return [_extract_one(document, engine, aids) for document in documents]


def extract(
    documents: Iterable[Document],
    *,
    engine: str = "model",
    jobs: int = 1,
    knowledge: Path | None = None,
    scorer: Path | None = None,
    frames: Path | None = None,
    open_claims: bool = False,
    report: Callable[[Problem], None],
) -> Iterator[Extraction]:
    """Tag and link each document by itself.

    Args:
        documents: read as they are needed, at most a few chunks ahead.
        engine: as for `make_tagger`.
        jobs: processes; 1 works in this one. Results don't depend on it. A script that asks for more than one must
            guard its main part with ``if __name__ == "__main__":``, since workers import it.
        knowledge: a file that `rawabit knowledge import` wrote, for linking.
        scorer: of claims, a file that `rawabit train` wrote; None for the one in the package.
        frames: a TOML file of the user's own frames, on top of ours (``docs/frames.md``).
        open_claims: whether to add claims of type RELATED, with the verb in the text's words.
        report: gets a Problem for each document that the extractor fails on.

    Yields:
        Extractions in the order of `documents`.

    Raises:
        rawabit.ner.camel.CamelUnavailable, ValueError, OSError: as `make_tagger`, `load_scorer` and `load_frames`,
            before the first document is read.
    """
    tagger = make_tagger(engine)
    aids = _Aids(knowledge, scorer, frames, open_claims)
    load_scorer(scorer)
    load_frames(frames)
    if jobs <= 1:
        results: Iterable[Extraction | Problem] = _in_threads(documents, engine, aids, _threads_for(tagger))
    else:
        results = _in_processes(documents, engine, aids, jobs)
    for result in results:
        if isinstance(result, Problem):
            report(result)
        else:
            yield result


def _threads_for(tagger: NameTagger) -> int:
    """Documents that one process works on at once: our models leave the interpreter free while they compute."""
    from rawabit.ner.neural import NeuralTagger

    return tagger.encoder.threads if isinstance(tagger, NeuralTagger) else 1


def _in_threads(
    documents: Iterable[Document], engine: str, aids: _Aids, threads: int
) -> Iterator[Extraction | Problem]:
    if threads == 1:
        yield from (_extract_one(document, engine, aids) for document in documents)
        return
    with ThreadPoolExecutor(threads, "extract") as pool:
        yield from ahead(lambda document: _extract_one(document, engine, aids), documents, pool, threads)


def _pool(jobs: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("spawn"), initializer=_start_worker)


def _in_processes(documents: Iterable[Document], engine: str, aids: _Aids, jobs: int) -> Iterator[Extraction | Problem]:
    source = iter(documents)
    waiting: deque[tuple[list[Document], Future[list[Extraction | Problem]]]] = deque()
    pool = _pool(jobs)
    try:
        pool.submit(int).result()
    except BrokenProcessPool:
        raise RuntimeError(
            "no worker process starts; a script that calls extract(jobs=…) must do so under if __name__ == '__main__':"
        ) from None
    try:
        while True:
            while len(waiting) < 4 * jobs and (chunk := list(islice(source, _CHUNK))):
                try:
                    waiting.append((chunk, pool.submit(_extract_chunk, chunk, engine, aids)))
                except BrokenProcessPool:
                    pool = _pool(jobs)
                    waiting.append((chunk, pool.submit(_extract_chunk, chunk, engine, aids)))
            if not waiting:
                return
            chunk, future = waiting.popleft()
            try:
                yield from future.result()
            except BrokenProcessPool:
                # A worker died (killed, out of memory). Its chunk is tried once more, one document at a time and
                # each in a process of its own, so that only the document that kills its worker is lost.
                pool.shutdown(wait=False, cancel_futures=True)
                for document in chunk:
                    yield _alone(document, engine, aids)
                pool = _pool(jobs)
                waiting = deque((c, pool.submit(_extract_chunk, c, engine, aids)) for c, _ in waiting)
    except BaseException:  # Ctrl-C, or the reader of the results has had enough
        for process in multiprocessing.active_children():
            process.terminate()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _alone(document: Document, engine: str, aids: _Aids) -> Extraction | Problem:
    with _pool(1) as pool:
        try:
            return pool.submit(_extract_one, document, engine, aids).result()
        except BrokenProcessPool:
            return Problem(document.id, "the process that extracted it died (out of memory?)")
