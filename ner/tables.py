"""Word lists and other language data: TOML files inside the package."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import Any

__all__ = ["load_table"]


def load_table(name: str, package: str = "rawabit.ner.data") -> dict[str, Any]:
    """The content of ``name.toml`` in `package`.

    >>> sorted(load_table("abbreviations"))
    ['initials', 'titles']
    """
    return tomllib.loads(files(package).joinpath(f"{name}.toml").read_text(encoding="utf-8"))
