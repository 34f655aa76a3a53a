"""A gazetteer of a few rows for tests of linking and resolution: `cases/link.toml`, "known"."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from rawabit.ner.model import Label
from rawabit.ner.text import fold

LABELS = {
    "P": Label.PERSON,
    "O": Label.ORGANIZATION,
    "L": Label.PLACE,
    "R": Label.PRODUCT,
    "M": Label.MONEY,
    "D": Label.DATE,
    "N": Label.NORP,
}


@dataclass(frozen=True, slots=True)
class Entry:
    key: str
    label: Label
    name_ar: str
    name_en: str
    wikidata: str | None
    kind: str


def _bare(word: str) -> str:
    return fold(word).removeprefix("ال")


class Fake:
    """A gazetteer of a few rows."""

    def __init__(self, rows: list[list[object]]) -> None:
        self.names: dict[tuple[str, Label], Entry] = {}
        self.words: dict[str, Entry] = {}
        for key, label, kind, name_ar, name_en, aliases, words in rows:
            entry = Entry(str(key), LABELS[str(label)], str(name_ar), str(name_en), f"Q{len(self.names)}", str(kind))
            for name in (name_ar, name_en, *aliases):  # type: ignore[misc]
                self.names[_bare(name), entry.label] = entry
            for word in words:  # type: ignore[attr-defined]
                self.words[_bare(word)] = entry

    def lookup(self, name: str, label: Label | None = None, /) -> Entry | None:
        labels = Label if label is None else [label]
        return next((e for one in labels if (e := self.names.get((_bare(name), one)))), None)

    def demonym(self, word: str, /) -> Entry | None:
        return self.words.get(_bare(word))


_CASES = Path(__file__).parent / "cases" / "link.toml"
KNOWN = Fake(tomllib.loads(_CASES.read_text(encoding="utf-8"))["known"])
NOTHING = Fake([])
