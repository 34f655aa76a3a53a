"""Train the name tagger: one encoder, a head for each label set, a head that says where a name begins in a word."""

from __future__ import annotations

import json
import os
import time
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from random import Random
from typing import Any

from rawabit.ner.corpora import LONGEST_STRIP, Sentence, augment, read_conll, read_gold
from rawabit.ner.encoder import Pieces

__all__ = ["Config", "Task", "load_config", "train"]


@dataclass(frozen=True, slots=True)
class Task:
    """A corpus.

    Attributes:
        name: for the log.
        format: "gold" (JSONL), "conll", or "conll-split" (its clitics split off).
        file: relative to `Config.data`.
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
    """A training configuration; ``ner/data/train_default.toml`` explains the keys."""

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


def load_config(path: Path, data: Path | None = None, out: Path | None = None) -> Config:
    """Read a TOML configuration; `data` and `out` take the place of its own.

    Raises:
        ValueError: a key is unknown or missing, or it says neither `minutes` nor `steps`.
    """
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    known = {field.name for field in fields(Config)}
    unknown = sorted(set(raw) - known)
    if unknown:
        raise ValueError(f"{path}: unknown keys: {', '.join(unknown)}")
    try:
        tasks = tuple(Task(**row) for row in raw.pop("tasks", []))
        config = Config(
            **{**raw, "tasks": tasks, **({"data": str(data)} if data else {}), **({"out": str(out)} if out else {})}
        )
    except TypeError as error:
        raise ValueError(f"{path}: {error}") from None
    if not tasks or (config.minutes <= 0 and config.steps <= 0):
        raise ValueError(f"{path}: needs [[tasks]], and minutes or steps")
    return config


@dataclass(frozen=True, slots=True)
class Encoded:
    """A window ready for the encoder: piece ids, the first piece of each word, label and strip of each word."""

    head: str
    ids: list[int]
    first: list[int]
    labels: list[int]
    strips: list[int]


class Corpus:
    """Documents of one task, read round after round, windows cut anew each time."""

    def __init__(self, task: Task, documents: Sequence[Sequence[Sentence]]) -> None:
        self.task = task
        self.documents = documents
        tags = {word.tag for document in documents for row in document for word in row}
        self.kinds = sorted({tag[2:] for tag in tags if tag != "O"})

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
            out.append(labels[word.tag])
            strips.append(min(word.strip, LONGEST_STRIP) if word.tag.startswith("B-") else -1)
        ids.append(pieces.end)
    return Encoded(head, ids, first, out, strips)


def _read(task: Task, data: Path, hold_out: int) -> tuple[Corpus, list[str]]:
    path = data / task.file
    if task.format == "gold":
        rows = list(read_gold(path))
        kept = [name for i, (name, _) in enumerate(rows) if hold_out and i % hold_out == hold_out - 1]
        gone = set(kept)
        return Corpus(task, [document for name, document in rows if name not in gone]), kept
    if task.format not in {"conll", "conll-split"}:
        raise ValueError(f"{task.name}: no such format: {task.format}")
    sentences = read_conll(path, task.format == "conll-split")
    return Corpus(task, [sentences[i : i + 25] for i in range(0, len(sentences), 25)]), []


def build(encoder: str, heads: Mapping[str, Sequence[str]], dropout: float) -> Any:
    """The model as a torch module: ``encoder``, ``heads[name]`` and ``strip``."""
    import torch
    from transformers import AutoModel

    class Model(torch.nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.encoder = AutoModel.from_pretrained(encoder, dtype=torch.float32, attn_implementation="sdpa")
            self.encoder.pooler = None
            width = self.encoder.config.hidden_size
            self.drop = torch.nn.Dropout(dropout)
            self.heads = torch.nn.ModuleDict({name: torch.nn.Linear(width, len(row)) for name, row in heads.items()})
            self.strip = torch.nn.Linear(width, LONGEST_STRIP + 1)

        def forward(self, ids: Any, mask: Any) -> Any:
            return self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state

    return Model()


def _groups(model: Any, config: Config) -> list[dict[str, Any]]:
    """Parameters with their rates: each layer less than the one above it; no decay of biases and norms."""
    layers = list(model.encoder.encoder.layer)
    for parameter in model.encoder.embeddings.parameters():
        parameter.requires_grad = False
    for layer in layers[: config.frozen_layers]:
        for parameter in layer.parameters():
            parameter.requires_grad = False
    parts = [(layer, config.rate * config.layer_decay ** (len(layers) - 1 - i)) for i, layer in enumerate(layers)]
    parts += [(model.heads, config.head_rate), (model.strip, config.head_rate)]
    out: list[dict[str, Any]] = []
    for part, rate in parts:
        named = [(name, p) for name, p in part.named_parameters() if p.requires_grad]
        for decay in (True, False):
            chosen = [p for name, p in named if (p.ndim > 1) is decay]
            if chosen:
                out.append({"params": chosen, "lr": rate, "rate": rate, "weight_decay": config.weight_decay * decay})
    return out


def train(config: Config) -> Path:
    """Train and save; returns the folder, with ``model.pt``, ``training.json`` and checkpoints.

    Needs torch and transformers (the ``train`` extra).

    Raises:
        FileNotFoundError: the encoder or a corpus is missing.
        ValueError: a corpus has no text.
    """
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # threads that spin stand still on a machine that is shared
    import torch

    torch.manual_seed(config.seed)
    torch.set_num_threads(config.threads)
    random = Random(config.seed)
    data, out = Path(config.data), Path(config.out)
    folder = data / config.encoder
    encoder = str(folder) if folder.is_dir() else config.encoder
    tokenizer = _tokenizer(encoder, out)
    pieces = Pieces(tokenizer.read_text(encoding="utf-8"))
    read = [_read(task, data, config.hold_out if i == 0 else 0) for i, task in enumerate(config.tasks)]
    corpora = [corpus for corpus, _ in read]
    heads: dict[str, list[str]] = {}
    for corpus in corpora:
        if not corpus.documents:
            raise ValueError(f"{corpus.task.file}: no text")
        known = heads.setdefault(corpus.task.head, ["O"])
        known.extend(f"{p}-{kind}" for kind in corpus.kinds for p in "BI" if f"{p}-{kind}" not in known)
    model = build(encoder, heads, config.dropout)
    model.train()
    model.encoder.eval()  # dropout inside costs a CPU a third of its time; hidden words serve the same end
    optimizer = torch.optim.AdamW(_groups(model, config))
    loss_of = torch.nn.CrossEntropyLoss(ignore_index=-1, reduction="sum")
    stream = _stream(corpora, heads, pieces, random, config)
    facts: dict[str, Any] = {
        "heads": heads,
        "held_out": read[0][1],
        "strips": LONGEST_STRIP + 1,
        "encoder": config.encoder,
        "longest": config.longest,
    }
    began = saved = logged = time.monotonic()
    step = seen = 0
    total = count = 0.0
    while True:
        now = time.monotonic()
        done = step / config.steps if config.steps else (now - began) / 60 / config.minutes
        if done >= 1:
            break
        if (now - saved) / 60 >= config.checkpoint_minutes:
            saved = now
            _save(model, {**facts, "steps": step, "pieces": seen}, out / "checkpoint")
        factor = min(1.0, done / config.warmup if config.warmup else 1.0) * (1 - done) + 1e-3
        for group in optimizer.param_groups:
            group["lr"] = group["rate"] * factor
        batch = next(stream)
        ids, mask = padded(batch, pieces)
        if config.mask:
            hidden = _hidden(batch, random, config.mask)
            for row, at in hidden:
                ids[row, at] = pieces.mask
        states = model.drop(model(ids, mask))
        loss = torch.zeros(())
        words = 0
        for i, window in enumerate(batch):
            chosen = states[i, window.first]
            loss = loss + loss_of(model.heads[window.head](chosen), torch.tensor(window.labels))
            loss = loss + 0.5 * loss_of(model.strip(chosen), torch.tensor(window.strips))
            words += len(window.first)
        loss = loss / max(words, 1)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_([p for g in optimizer.param_groups for p in g["params"]], 1.0)
        optimizer.step()
        step += 1
        seen += sum(len(window.ids) for window in batch)
        total, count = total + float(loss.detach()), count + 1
        if step % 20 == 0:
            spent = time.monotonic()
            rate = seen / (spent - began)
            print(
                f"step {step} {done:.1%} loss {total / count:.4f} {rate:.0f} pieces/s {spent - began:.0f} s", flush=True
            )
            total = count = 0.0
            logged = spent
    _save(model, {**facts, "steps": step, "pieces": seen, "seconds": round(logged - began)}, out)
    return out


def _stream(
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
            window = encode(rows, corpora[i].task.head, index[corpora[i].task.head], pieces)
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


def _hidden(batch: Sequence[Encoded], random: Random, share: float) -> Iterator[tuple[int, int]]:
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


def _tokenizer(encoder: str, out: Path) -> Path:
    """The encoder's ``tokenizer.json``, put into the output folder."""
    from transformers import AutoTokenizer

    out.mkdir(parents=True, exist_ok=True)
    target = out / "tokenizer.json"
    local = Path(encoder) / "tokenizer.json"
    if local.is_file():
        target.write_bytes(local.read_bytes())
    else:
        AutoTokenizer.from_pretrained(encoder).backend_tokenizer.save(str(target))
    return target


def _save(model: Any, facts: Mapping[str, Any], folder: Path) -> None:
    import torch

    folder.mkdir(parents=True, exist_ok=True)
    part = folder / "model.pt.part"
    torch.save(model.state_dict(), part)
    part.replace(folder / "model.pt")
    shape = model.encoder.config
    facts = {
        **facts,
        "layers": shape.num_hidden_layers,
        "width": shape.hidden_size,
        "attention_heads": shape.num_attention_heads,
        "norm_eps": shape.layer_norm_eps,
    }
    (folder / "training.json").write_text(json.dumps(facts, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
