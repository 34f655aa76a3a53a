"""Finding and loading a camel-tools model without its surprises: no download, no noise, one clear line on failure.

camel-tools 1.6 downloads a catalogue of its models when it is imported and none is there, takes a folder that does
not exist for a name on a model hub, gives a folder without a vocabulary a tokenizer that knows no word, and a model
of another architecture random weights. Each is looked for here, before the model is loaded.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import os
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from rawabit.ner.model import Label
from rawabit.ner.tables import load_table

__all__ = ["CamelUnavailable", "Recognizer", "label_of", "load_recognizer"]

_COMPONENT = "NamedEntityRecognition"
_INSTALL = "pip install 'rawabit[camel]'"
_INSTALL_MODEL = "camel_data -i ner-arabert"
_WEIGHTS = ("model.safetensors", "pytorch_model.bin", "model.safetensors.index.json", "pytorch_model.bin.index.json")
_VARIABLE = "CAMELTOOLS_DATA"


class CamelUnavailable(RuntimeError):
    """camel-tools or its model is not there, or not usable; the message is one line that says what to do."""


@dataclass(frozen=True, slots=True)
class Recognizer:
    """A loaded ``camel_tools.ner.NERecognizer``.

    Attributes:
        stock: the NERecognizer itself, on the CPU.
        folder: where its model lies.
        version: camel-tools' version and twelve hex digits of the model's content.
    """

    stock: Any
    folder: Path
    version: str


@lru_cache(maxsize=1)
def _labels() -> Mapping[str, Label | None]:
    data = load_table("camel_labels")
    return {entry["name"]: Label(entry["label"]) if "label" in entry else None for entry in data["tag"]}


def label_of(tag: str) -> Label | None:
    """What a model's tag without B- or I- becomes; None where it is left out.

    >>> label_of("PERS"), label_of("MISC")
    (<Label.PERSON: 'PERSON'>, None)
    """
    return _labels().get(tag.upper())


def load_recognizer(model_dir: Path | None) -> Recognizer:
    """Load a NERecognizer from a folder, or the official one, as ``NERecognizer.pretrained()`` would.

    Nothing is downloaded. The environment is left as it was.

    Args:
        model_dir: a folder with a BERT model for token classification; None for the model that
            ``camel_data -i ner-arabert`` installs.

    Raises:
        CamelUnavailable: camel-tools, the model or a part of it is missing or unusable.
    """
    try:
        camel = importlib.import_module("camel_tools")
    except ImportError as error:
        raise CamelUnavailable(f"camel-tools is not installed: {_INSTALL} ({_one_line(error)})") from error
    folder = _official() if model_dir is None else model_dir.expanduser().absolute()
    _check(folder)
    with _catalogue():
        recognizer_type = _recognizer_type()
    try:
        with _quiet_and_offline():
            stock = recognizer_type(str(folder), use_gpu=False)
    except Exception as error:  # torch, safetensors and transformers each raise their own kinds on a damaged file
        raise CamelUnavailable(f"the model in {folder} cannot be loaded: {_one_line(error)}") from error
    return Recognizer(stock, folder, f"{camel.__version__}-{_fingerprint(folder)}")


def _recognizer_type() -> Any:
    try:
        return importlib.import_module("camel_tools.ner").NERecognizer
    except ImportError as error:
        raise CamelUnavailable(f"camel-tools is not whole: {_INSTALL} ({_one_line(error)})") from error
    except Exception as error:  # a damaged catalogue.json, a home folder that cannot be written
        raise CamelUnavailable(f"camel-tools cannot start: {_one_line(error)}") from error


def _one_line(error: BaseException) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())[:300]


def _data_folder() -> Path:
    """Where camel-tools keeps its data; the rule is camel_tools.data.catalogue's, which cannot be imported for it."""
    named = os.environ.get(_VARIABLE)
    if named is not None:
        return Path(named).expanduser().absolute()
    return Path.home() / ("AppData/Roaming/camel_tools" if sys.platform == "win32" else ".camel_tools")


def _official() -> Path:
    """Folder of the default model of the user's catalogue, read anew each time: it may just have been installed."""
    data = _data_folder()
    catalogue = data / "catalogue.json"
    missing = f"camel-tools' own model is not installed: {_INSTALL_MODEL}"
    if not catalogue.is_file():
        raise CamelUnavailable(missing)
    try:
        component = json.loads(catalogue.read_text(encoding="utf-8"))["components"][_COMPONENT]
        folder = data / "data" / str(component["datasets"][component["default"]]["path"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CamelUnavailable(f"{catalogue} cannot be read ({_one_line(error)}): {_INSTALL_MODEL}") from error
    if not folder.is_dir():
        raise CamelUnavailable(missing)
    return folder


def _check(folder: Path) -> None:
    """Raise unless `folder` holds all of a BERT model that names persons, organisations or places."""
    if not folder.is_dir():
        raise CamelUnavailable(f"no such model folder: {folder}")
    lacks = []
    if not (folder / "config.json").is_file():
        lacks.append("config.json")
    if not any((folder / name).is_file() for name in _WEIGHTS):
        lacks.append("weights (model.safetensors or pytorch_model.bin)")
    if not (folder / "tokenizer.json").is_file():
        # Without its configuration a vocabulary would be read as uncased, which changes every أ to ا.
        lacks.extend(name for name in ("vocab.txt", "tokenizer_config.json") if not (folder / name).is_file())
    if lacks:
        raise CamelUnavailable(f"the model folder {folder} lacks {', '.join(lacks)}")
    try:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        kind = config.get("model_type", "bert")
        tags = [str(tag) for tag in config.get("id2label", {}).values()]
    except (OSError, ValueError, AttributeError) as error:
        raise CamelUnavailable(f"{folder / 'config.json'} cannot be read: {_one_line(error)}") from error
    if kind != "bert":
        raise CamelUnavailable(f"camel-tools runs BERT models only; the one in {folder} is {kind}")
    if not any(label_of(tag[2:]) for tag in tags if tag[:2] in {"B-", "I-"}):
        shown = ", ".join(tags[:6]) or "none"
        raise CamelUnavailable(f"the model in {folder} tags no persons, organisations or places (its labels: {shown})")


def _fingerprint(folder: Path) -> str:
    """Hex digits of what decides the results: names and contents of configuration, vocabulary and weights."""
    weights = sorted(folder.glob("model*.safetensors")) or sorted(folder.glob("pytorch_model*.bin"))
    small = [folder / name for name in ("config.json", "tokenizer.json", "tokenizer_config.json", "vocab.txt")]
    digest = hashlib.sha256()
    for path in [*small, *weights]:
        if path.is_file():
            with path.open("rb") as file:
                digest.update(f"{path.name} {hashlib.file_digest(file, 'sha256').hexdigest()}\n".encode())
    return digest.hexdigest()[:12]


@contextmanager
def _catalogue() -> Iterator[None]:
    """While camel-tools is imported, show it a catalogue, an empty one if the user has none: it would download one."""
    if "camel_tools.data" in sys.modules or (_data_folder() / "catalogue.json").is_file():
        yield
        return
    before = os.environ.get(_VARIABLE)
    with tempfile.TemporaryDirectory(prefix="rawabit-camel-") as folder:
        empty = {"version": "0", "packages": {}, "components": {}}
        Path(folder, "catalogue.json").write_text(json.dumps(empty), encoding="utf-8")
        os.environ[_VARIABLE] = folder
        try:
            yield
        finally:
            if before is None:
                del os.environ[_VARIABLE]
            else:
                os.environ[_VARIABLE] = before


@contextmanager
def _quiet_and_offline() -> Iterator[None]:
    """No progress bars and no network while transformers loads; both as before afterwards."""
    hub = importlib.import_module("huggingface_hub.constants")
    logging = importlib.import_module("transformers.utils.logging")
    offline, bars = hub.HF_HUB_OFFLINE, logging.is_progress_bar_enabled()
    hub.HF_HUB_OFFLINE = True  # type: ignore[attr-defined]
    logging.disable_progress_bar()
    try:
        yield
    finally:
        hub.HF_HUB_OFFLINE = offline  # type: ignore[attr-defined]
        if bars:
            logging.enable_progress_bar()
