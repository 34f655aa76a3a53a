"""Learn the scorer of claims from gold files: what ``rawabit train`` does with a configuration of kind "claims"."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rawabit.graph.model import Relation
from rawabit.loaders.docs import from_json

if TYPE_CHECKING:
    from rawabit.graph.learn import Article, Examples

__all__ = ["Gold", "LearningConfig", "learn_claims", "load_learning", "read_articles"]


@dataclass(frozen=True, slots=True)
class Gold:
    """A gold file.

    Attributes:
        file: relative to `LearningConfig.data`, or to the configuration where it starts with ``./``.
        weight: of each of its pairs.
        folds: whether it is the kind of text that users have: confidences are measured on it, by folds.
    """

    file: str
    weight: float = 1.0
    folds: bool = False


@dataclass(frozen=True, slots=True)
class LearningConfig:
    """How to learn; ``ner/data/training/claims.toml`` explains the keys."""

    gold: tuple[Gold, ...]
    data: str = "."
    out: str = "claims"
    start: str = ""
    seed: int = 1
    epochs: int = 8
    rate: float = 0.05
    drop: float = 0.5
    source_epochs: int = 20
    source_drop: float = 0.2
    folds: int = 4
    least: float = 0.25
    frames: str = ""
    threads: int = 1


def load_learning(path: Path, data: Path | None = None, out: Path | None = None) -> LearningConfig | None:
    """Read a TOML configuration; None where it is not of kind "claims".

    Raises:
        ValueError: a key is unknown or missing, or it names no gold.
    """
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    if raw.pop("kind", "tagger") != "claims":
        return None
    try:
        gold = tuple(Gold(**row) for row in raw.pop("gold", []))
        gold = tuple(
            Gold(str((path.parent / one.file).absolute()), one.weight, one.folds) if one.file.startswith("./") else one
            for one in gold
        )
        raw.update(_beside(path, raw))
        config = LearningConfig(
            **{**raw, "gold": gold, **({"data": str(data)} if data else {}), **({"out": str(out)} if out else {})}
        )
    except (TypeError, AttributeError) as error:
        raise ValueError(f"{path}: {error}") from None
    if not gold:
        raise ValueError(f"{path}: needs [[gold]]")
    if config.folds == 1 or (config.folds and not any(one.folds for one in gold)):
        raise ValueError(f"{path}: confidences need two folds or more of a [[gold]] with folds = true; else folds = 0")
    return config


def _beside(path: Path, raw: Mapping[str, Any]) -> dict[str, str]:
    """The user's frames as a path from here: in a configuration they stand beside it."""
    return {"frames": str((path.parent / raw["frames"]).absolute())} if raw.get("frames") else {}


def read_articles(path: Path) -> list[Article]:
    """Gold documents of a JSONL file.

    Raises:
        ValueError: a line is none; says which.
    """
    from rawabit.graph.learn import Article, Told

    out = []
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except UnicodeDecodeError as error:
        raise ValueError(f"{path}: not UTF-8: {error}") from None
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row: dict[str, Any] = json.loads(line)
            extraction = from_json({**row, "relations": []})
            relations = tuple(
                Told(
                    told["subject"],
                    Relation(told["type"]),
                    told["object"],
                    (told["evidence"][0], told["evidence"][1]),
                    bool(told.get("negated")),
                    told.get("attributed_to"),
                )
                for told in row["relations"]
            )
        except (ValueError, KeyError, TypeError, IndexError) as error:
            raise ValueError(f"{path}:{number}: not a gold line: {error}") from None
        document = extraction.document
        out.append(Article(document.id, document.text, extraction.entities, extraction.ignored, relations))
    return out


def learn_claims(config: LearningConfig) -> Path:
    """Learn, calibrate on folds and write ``scorer.npz``; returns its path.

    Raises:
        OSError, ValueError: a gold file cannot be read or holds no pair.
    """
    import numpy as np

    from rawabit.graph.frames import using
    from rawabit.graph.learn import calibrated, examples, fit, joined, save
    from rawabit.graph.own_frames import load_frames
    from rawabit.graph.scorer import CLASSES, Scorer, load_scorer

    own = load_frames(Path(config.frames)) if config.frames else None
    parts: list[tuple[tuple[Examples, Examples], Gold]] = []
    for gold in config.gold:
        with using(own):
            parts.append((examples(read_articles(Path(config.data) / gold.file)), gold))
        print(f"{Path(gold.file).name}: {len(parts[-1][0][0].features)} pairs", flush=True)
    if not any(len(rows[0].features) for rows, _ in parts):
        raise ValueError("the gold holds no two names in one sentence")
    start = load_scorer(Path(config.start)) if config.start and config.start != "package" else None
    start = load_scorer() if config.start == "package" else start

    def fitted(kind: int, rows: Sequence[tuple[Examples, float]]) -> Any:
        begin = (start.relations if kind == 0 else start.sources) if start else None
        rounds, drop = (config.epochs, config.drop) if kind == 0 else (config.source_epochs, config.source_drop)
        return fit(
            joined(rows), start=begin, epochs=rounds, rate=config.rate, drop=drop, seed=config.seed,
            threads=config.threads,
        )  # fmt: skip

    lines = start.lines if start else np.tile(np.array([1, 0], np.float32), (len(CLASSES), 1))
    if config.folds:
        logits, right, asked = [], [], []
        for fold in range(config.folds):
            held, kept = _fold([(rows[0], gold) for rows, gold in parts], fold, config.folds)
            model = fitted(0, kept)
            for rows in held:
                logits.append(model.logits(rows.features)[:, :-1])
                right.append(rows.right[:, :-1])
                asked.append(rows.asked[:, :-1])
            print(f"fold {fold + 1} of {config.folds}", flush=True)
        lines = calibrated(np.concatenate(logits), np.concatenate(right), np.concatenate(asked))
    models = [fitted(kind, [(rows[kind], gold.weight) for rows, gold in parts]) for kind in (0, 1)]
    scorer = Scorer(models[0], models[1], lines, config.least, "")
    path = Path(config.out) / "scorer.npz"
    save(scorer, path, {"gold": [Path(gold.file).name for gold in config.gold], "seed": config.seed})
    return path


def _fold(
    parts: Sequence[tuple[Examples, Gold]], fold: int, folds: int
) -> tuple[list[Examples], list[tuple[Examples, float]]]:
    """What is held out of the files that are folded, and the rest with its weights."""
    import numpy as np

    held, kept = [], []
    for rows, gold in parts:
        if gold.folds:
            mine = np.arange(int(rows.documents.max(initial=-1)) + 1) % folds == fold
            held.append(rows.where(mine))
            kept.append((rows.where(~mine), gold.weight))
        else:
            kept.append((rows, gold.weight))
    return held, kept
