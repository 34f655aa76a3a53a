"""Train the name tagger: one encoder, a head for each label set, a head that says where a name begins in a word."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from random import Random
from typing import Any

from rawabit.ner.batches import Config, Corpus, Encoded, hidden, padded, read_tasks, stream
from rawabit.ner.corpora import LONGEST_STRIP
from rawabit.ner.distill import Teacher, slim, taught_loss
from rawabit.ner.encoder import Pieces

__all__ = ["train"]


def build(encoder: str, heads: Mapping[str, Sequence[str]], config: Config) -> Any:
    """The model as a torch module: ``encoder``, ``heads[name]`` and ``strip``; smaller or begun where `config` says."""
    import torch
    from transformers import AutoModel

    class Model(torch.nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.encoder = AutoModel.from_pretrained(encoder, dtype=torch.float32, attn_implementation="sdpa")
            self.encoder.pooler = None
            slim(self.encoder, config.layers, config.inner)
            width = self.encoder.config.hidden_size
            self.drop = torch.nn.Dropout(config.dropout)
            self.heads = torch.nn.ModuleDict({name: torch.nn.Linear(width, len(row)) for name, row in heads.items()})
            self.strip = torch.nn.Linear(width, LONGEST_STRIP + 1)

        def forward(self, ids: Any, mask: Any) -> Any:
            return self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state

    model = Model()
    if config.start:
        file = Path(config.start) / "model.pt"
        if not file.is_file():
            raise FileNotFoundError(f"{file}: nothing to start from")
        state, own = torch.load(file, map_location="cpu", weights_only=True), model.state_dict()
        model.load_state_dict({k: v for k, v in state.items() if k in own and v.shape == own[k].shape}, strict=False)
    return model


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

    Needs torch and transformers (the ``train`` extra). With `Config.teacher`, the model learns what the teacher says.

    Raises:
        FileNotFoundError: the encoder, a corpus, the teacher or what to start from is missing.
        ValueError: a corpus has no text, or a task an unknown format.
    """
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # threads that spin stand still on a machine that is shared
    import torch

    torch.manual_seed(config.seed)
    torch.set_num_threads(config.threads)
    random = Random(config.seed)
    out = Path(config.out)
    folder = Path(config.data) / config.encoder
    encoder = str(folder) if folder.is_dir() else config.encoder
    tokenizer = _tokenizer(encoder, out)
    pieces = Pieces(tokenizer.read_text(encoding="utf-8"))
    corpora, held = read_tasks(config)
    teacher = Teacher(config) if config.teacher else None
    heads = teacher.heads if teacher else _heads(corpora)
    model = build(encoder, heads, config)
    batches = stream(corpora, heads, pieces, random, config)
    if teacher:
        batches = teacher.teach(batches, random, config)
    model.train()
    model.encoder.eval()  # dropout inside costs a CPU a third of its time; hidden words serve the same end
    optimizer = torch.optim.AdamW(_groups(model, config))
    facts: dict[str, Any] = {
        "heads": heads,
        "held_out": held,
        "strips": LONGEST_STRIP + 1,
        "encoder": config.encoder,
        "longest": config.window or config.longest,
    }
    batch = next(batches)  # where there is a teacher, it reads now; the clock starts when it is done
    began = saved = time.monotonic()
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
        ids, mask = padded(batch, pieces)
        if config.mask:
            for row, at in hidden(batch, random, config.mask):
                ids[row, at] = pieces.mask
        states = model.drop(model(ids, mask))
        loss = _loss(model, states, batch)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_([p for g in optimizer.param_groups for p in g["params"]], 1.0)
        optimizer.step()
        step += 1
        seen += sum(len(window.ids) for window in batch)
        total, count = total + float(loss.detach()), count + 1
        batch = next(batches)
        if step % 20 == 0:
            spent = time.monotonic() - began
            print(
                f"step {step} {done:.1%} loss {total / count:.4f} {seen / spent:.0f} pieces/s {spent:.0f} s", flush=True
            )
            total = count = 0.0
    _save(model, {**facts, "steps": step, "pieces": seen, "seconds": round(time.monotonic() - began)}, out)
    return out


def _heads(corpora: Sequence[Corpus]) -> dict[str, list[str]]:
    heads: dict[str, list[str]] = {}
    for corpus in corpora:
        known = heads.setdefault(corpus.task.head, ["O"])
        known.extend(f"{p}-{kind}" for kind in corpus.kinds for p in "BI" if f"{p}-{kind}" not in known)
    return heads


def _loss(model: Any, states: Any, batch: Sequence[Encoded]) -> Any:
    """Mean over words of what the labels ask for and, where there is a teacher, of what the teacher says."""
    import torch
    from torch.nn.functional import cross_entropy

    loss = torch.zeros(())
    words = 0
    for i, window in enumerate(batch):
        chosen = states[i, window.first]
        words += len(window.first)
        strips = model.strip(chosen)
        if window.head in model.heads:
            logits = model.heads[window.head](chosen)
            loss = loss + cross_entropy(logits, torch.tensor(window.labels), ignore_index=-1, reduction="sum")
            loss = loss + 0.5 * cross_entropy(strips, torch.tensor(window.strips), ignore_index=-1, reduction="sum")
        if window.taught is not None:
            loss = loss + taught_loss(model, chosen, strips, window.taught)
    return loss / max(words, 1)


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
        "layers": len(model.encoder.encoder.layer),
        "width": shape.hidden_size,
        "attention_heads": shape.num_attention_heads,
        "norm_eps": shape.layer_norm_eps,
    }
    (folder / "training.json").write_text(json.dumps(facts, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
