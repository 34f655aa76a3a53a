"""Documents of a few words, as `cases/resolve.toml` writes them."""

from __future__ import annotations

import tomllib
from pathlib import Path

from fake_gazetteer import LABELS

from rawabit.graph.model import Claim, Entity, Extraction, Relation
from rawabit.ner.model import Document, Label, Mention
from rawabit.ner.text import is_arabic

__all__ = ["CASES", "corpus", "extraction", "told"]

CASES = tomllib.loads((Path(__file__).parent / "cases" / "resolve.toml").read_text(encoding="utf-8"))


def extraction(id: str, specs: list[str]) -> Extraction:
    """A document of what `cases/resolve.toml` says, with entities e1, e2, …; what stands around them is x1, x2, …"""
    text = ""
    entities: list[Entity] = []
    claims: list[Claim] = []

    def add(key: str, label: Label, name: str, latin: str = "", *, said: Label | None = None) -> Entity:
        nonlocal text
        mention = Mention(len(text), len(text) + len(name), name, said or label)
        text += f"{name} "
        arabic = any(map(is_arabic, name))
        english = latin or (None if arabic else name)
        entities.append(Entity(key, label, name, (mention,), name if arabic else None, english))
        return entities[-1]

    for n, spec in enumerate(specs, start=1):
        label = LABELS[spec[0]]
        name, _, around = spec[2:].removesuffix("}").partition("{")
        title, nation, employer = around.split(";") if around else ("", "", "")
        name, _, latin = name.partition("=")
        text += f"{title} " * bool(title)
        if nation and label is Label.PERSON:
            add(f"x{n}", Label.PLACE, nation, said=Label.NORP)
        entity = add(f"e{n}", label, name, latin)
        if nation and label is not Label.PERSON:
            add(f"x{n}", Label.PLACE, nation, said=Label.NORP)
        if employer:
            text += "من "
            body = add(f"y{n}", Label.ORGANIZATION, employer)
            spans = entity.mentions[0].span, body.mentions[0].span
            claims.append(Claim(f"{id}-{n}", entity.id, Relation.WORKS_FOR, body.id, 0, len(text), *spans))
        text += ".\n"
    return Extraction(Document(id, text), tuple(entities), tuple(claims))


def told(rows: list[list[str]]) -> list[Extraction]:
    """Documents d0, d1, … of what is told of each."""
    return [extraction(f"d{n}", specs) for n, specs in enumerate(rows)]


def corpus() -> list[Extraction]:
    """All documents of the table in one: names meet that the table keeps apart."""
    return told([specs for _, _, rows in CASES["rows"] for specs in rows])
