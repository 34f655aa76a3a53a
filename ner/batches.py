"""What a tagger is trained on: the tasks of a configuration as batches of pieces and labels."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from random import Random
from typing import Any

from rawabit.ner.corpora import LONGEST_STRIP, Sentence, augment, read_conll, read_gold, read_raw
from rawabit.ner.encoder import Pieces

__all__ = ["Config", "Corpus", "Encoded", "Task", "hidden", "load_config", "padded", "read_tasks", "stream"]


@dataclass(frozen=True, slots=True)
class Task:
    """A corpus.

    Attributes:
        name: for the log.
        format: "gold" (JSONL), "conll", "conll-split" (its clitics split off), or "raw" (text, a paragraph a line, .xz
            or not: for a teacher to label).
        file: relative to `Config.data`, or to the configuration file where it starts with ``./``.
        share: part of all pieces read; the shares are scaled to one.
        head: label set it trains; tasks may share one.
    """

    name: str
    format: str
    file: str
    share: float
    head: str


@dataclass(frozen=True, slots=True)
class Config:
    """A training configuration; ``ner/data/training`` holds the shipped ones and explains the keys."""

    encoder: str
    tasks: tuple[Task, ...]
    seed: int = 1
    data: str = "."
    out: str = "model"
    threads: int = 2
    minutes: float = 0.0
    steps: int = 0
    pieces_a_step: int = 1024
    longest: int = 256
    window: int = 0
    frozen_layers: int = 0
    rate: float = 3e-4
    layer_decay: float = 0.9
    head_rate: float = 1e-3
    warmup: float = 0.08
    weight_decay: float = 0.01
    dropout: float = 0.1
    mask: float = 0.04
    checkpoint_minutes: float = 10.0
    hold_out: int = 0
    start: str = ""
    teacher: str = ""
    layers: tuple[int, ...] = ()
    inner: int = 0
    read_pieces: int = 0
    raw_words: int = 0


def load_config(path: Path, data: Path | None = None, out: Path | None = None) -> Config:
    """Read a TOML configuration; `data` and `out` take the place of its own.

    Raises:
        ValueError: a key is unknown or missing, or it says neither `minutes` nor `steps`.
    """
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    if (kind := raw.pop("kind", "tagger")) != "tagger":
        raise ValueError(f"{path}: no such kind: {kind!r} (tagger or claims)")
    known = {field.name for field in fields(Config)}
    unknown = sorted(set(raw) - known)
    if unknown:
        raise ValueError(f"{path}: unknown keys: {', '.join(unknown)}")
    try:
        tasks = tuple(
            Task(**row | {"file": _beside(path, row["file"])} if "file" in row else row) for row in raw.pop("tasks", [])
        )
        raw["layers"] = tuple(raw.get("layers", ()))
        config = Config(
            **{**raw, "tasks": tasks, **({"data": str(data)} if data else {}), **({"out": str(out)} if out else {})}
        )
    except (TypeError, AttributeError) as error:
        raise ValueError(f"{path}: {error}") from None
    if not tasks or (config.minutes <= 0 and config.steps <= 0):
        raise ValueError(f"{path}: needs [[tasks]], and minutes or steps")
    if config.teacher and config.read_pieces <= 0:
        raise ValueError(f"{path}: a teacher needs read_pieces")
    if not config.teacher and any(task.format == "raw" or not task.head for task in tasks):
        raise ValueError(f"{path}: raw text and tasks without a head need a teacher")
    return config


def _beside(path: Path, file: str) -> str:
    return str((path.parent / file).absolute()) if file.startswith("./") else file


@dataclass(frozen=True, slots=True)
class Encoded:
    """A window ready for the encoder: piece ids, the first piece of each word, label and strip of each word (-1 where
    nobody says), and what a teacher says of each word."""

    head: str
    ids: list[int]
    first: list[int]
    labels: list[int]
    strips: list[int]
    taught: dict[str, Any] | None = None


class Corpus:
    """Documents of one task, read round after round, windows cut anew each time."""

    def __init__(self, task: Task, documents: Sequence[Sequence[Sentence]]) -> None:
        self.task = task
        self.documents = documents
        tags = {word.tag for document in documents for row in document for word in row}
        self.kinds = sorted({tag[2:] for tag in tags if tag not in {"O", ""}})

    def windows(self, random: Random, longest: int, pieces: Pieces) -> Iterator[list[Sentence]]:
        while True:
            for i in random.sample(range(len(self.documents)), len(self.documents)):
                yield from _packed(self.documents[i], random.choice((longest // 2, longest, longest)), pieces)


def _packed(rows: Sequence[Sentence], longest: int, pieces: Pieces) -> Iterator[list[Sentence]]:
    room = longest - 1
    held: list[Sentence] = []
    size = 0
    for row in rows:
        for part in _cut(row, room, pieces):
            more = sum(len(pieces.ids(word.text)) for word in part) + 1
            if held and size + more > room:
                yield held
                held, size = [], 0
            held.append(part)
            size += more
    if held:
        yield held


def _cut(row: Sentence, room: int, pieces: Pieces) -> Iterator[Sentence]:
    begin = size = 0
    for i, word in enumerate(row):
        more = len(pieces.ids(word.text))
        if size + more + 1 > room:
            yield row[begin:i]
            begin, size = i, 0
        size += more
    yield row[begin:]


def encode(rows: Sequence[Sentence], head: str, labels: Mapping[str, int], pieces: Pieces) -> Encoded:
    """Pieces and targets of a window: ``<s>``, then each sentence closed by ``</s>``."""
    ids, first, out, strips = [pieces.start], [], [], []
    for row in rows:
        for word in row:
            first.append(len(ids))
            ids.extend(pieces.ids(word.text))
            out.append(labels.get(word.tag, -1))
            strips.append(min(word.strip, LONGEST_STRIP) if word.tag.startswith("B-") else -1)
        ids.append(pieces.end)
    return Encoded(head, ids, first, out, strips)


def read_tasks(config: Config) -> tuple[list[Corpus], list[str]]:
    """The texts of a configuration, and the ids of the documents of the first task that are kept aside.

    Raises:
        FileNotFoundError: a corpus is missing.
        ValueError: a corpus has no text, or a task an unknown format.
    """
    held: list[str] = []
    out = []
    for i, task in enumerate(config.tasks):
        path = Path(config.data) / task.file
        if task.format == "gold":
            rows = list(read_gold(path))
            every = config.hold_out if i == 0 else 0
            kept = [name for n, (name, _) in enumerate(rows) if every and n % every == every - 1]
            held += kept
            gone = set(kept)
            documents = [document for name, document in rows if name not in gone]
        elif task.format in {"conll", "conll-split"}:
            sentences = read_conll(path, task.format == "conll-split")
            documents = [sentences[n : n + 25] for n in range(0, len(sentences), 25)]
        elif task.format == "raw":
            documents = read_raw(path, config.raw_words)
        else:
            raise ValueError(f"{task.name}: no such format: {task.format}")
        documents = [document for document in documents if any(document)]
        if not documents:
            raise ValueError(f"{task.file}: no text")
        out.append(Corpus(task, documents))
    return out, held


def stream(
    corpora: Sequence[Corpus], heads: Mapping[str, Sequence[str]], pieces: Pieces, random: Random, config: Config
) -> Iterator[list[Encoded]]:
    """Batches of about `pieces_a_step`; the task that is furthest behind its share comes next."""
    index = {name: {label: i for i, label in enumerate(row)} for name, row in heads.items()}
    sources = [corpus.windows(random, config.longest, pieces) for corpus in corpora]
    given = [1.0] * len(corpora)
    pool: list[Encoded] = []
    while True:
        while sum(len(window.ids) for window in pool) < 8 * config.pieces_a_step:
            i = min(range(len(corpora)), key=lambda n: given[n] / corpora[n].task.share)
            rows = augment(next(sources[i]), random)
            head = corpora[i].task.head
            window = encode(rows, head, index.get(head, {}), pieces)
            given[i] += len(window.ids)
            if len(window.ids) <= 2 * config.longest:
                pool.append(window)
        pool.sort(key=lambda window: len(window.ids))
        batches: list[list[Encoded]] = [[]]
        for window in pool:
            if batches[-1] and len(window.ids) * (len(batches[-1]) + 1) > config.pieces_a_step * 1.1:
                batches.append([])
            batches[-1].append(window)
        pool = []
        random.shuffle(batches)
        yield from batches


def padded(batch: Sequence[Encoded], pieces: Pieces) -> tuple[Any, Any]:
    """Ids and attention mask, both int64 [windows, longest]."""
    import torch

    longest = max(len(window.ids) for window in batch)
    ids = torch.full((len(batch), longest), pieces.pad)
    mask = torch.zeros((len(batch), longest), dtype=torch.long)
    for i, window in enumerate(batch):
        ids[i, : len(window.ids)] = torch.tensor(window.ids)
        mask[i, : len(window.ids)] = 1
    return ids, mask


def hidden(batch: Sequence[Encoded], random: Random, share: float) -> Iterator[tuple[int, int]]:
    for row, window in enumerate(batch):
        stops = set(window.first) | {len(window.ids)}
        for start in window.first:
            if random.random() < share:
                at = start
                while True:
                    yield row, at
                    at += 1
                    if at in stops or at >= len(window.ids) - 1:
                        break
