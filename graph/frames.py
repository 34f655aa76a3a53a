"""The tables of the grammar, read once from ``graph/data`` and checked: events, posts, kinship, word classes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

from rawabit.graph.model import Entity, Relation
from rawabit.graph.morph import conjugate
from rawabit.ner.model import Label
from rawabit.ner.tables import load_table
from rawabit.ner.text import fold

__all__ = ["Frame", "Kin", "Post", "Tables", "confidence", "fits", "load", "tables"]

_T = TypeVar("_T")
_LABELS = {
    "P": Label.PERSON,
    "O": Label.ORGANIZATION,
    "L": Label.PLACE,
    "D": Label.PRODUCT,
    "M": Label.MONEY,
}


@dataclass(frozen=True, slots=True)
class Frame:
    """How a verb, or a noun of action, joins two names. See the head of ``frames.toml`` for the fields."""

    id: str
    relation: Relation
    marks: tuple[str, ...]
    noun_marks: tuple[str, ...]
    genitive: str
    mutual: bool
    swap: bool
    irrealis: bool
    product: str
    money: bool
    kinship: str
    need: frozenset[str]
    loose: int
    subjects: frozenset[Label]


@dataclass(frozen=True, slots=True)
class Post:
    """What a title says: see ``posts.toml``. `words` are folded, without article."""

    id: str
    words: tuple[str, ...]
    relation: Relation | None
    demonym: Relation | None
    strict: bool
    seat: bool


@dataclass(frozen=True, slots=True)
class Kin:
    """A kinship noun. `words` are folded, without article."""

    kinship: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tables:
    """Everything the grammar knows.

    Attributes:
        verbs: written form to (frame, whether present, whether passive).
        nouns: first word of a noun of action to (words, frame), longest first.
        posts: first word of a title to (words, post), longest first.
        kin: first word to (words, kinship), longest first.
        control: verb forms that lend their subject; `receive`: those that lend it as the object.
        speech, deny, hedge: verb forms to whether present.
        words: named classes of folded words.
        roles: first word to (words, role), longest first.
    """

    verbs: Mapping[str, tuple[tuple[Frame, bool, bool], ...]]
    nouns: Mapping[str, tuple[tuple[tuple[str, ...], Frame], ...]]
    posts: Mapping[str, tuple[tuple[tuple[str, ...], Post], ...]]
    kin: Mapping[str, tuple[tuple[tuple[str, ...], Kin], ...]]
    control: Mapping[str, bool]
    receive: Mapping[str, bool]
    speech: Mapping[str, bool]
    deny: Mapping[str, bool]
    hedge: Mapping[str, bool]
    auxiliary: Mapping[str, bool]
    words: Mapping[str, frozenset[str]]
    phrases: Mapping[str, tuple[tuple[str, ...], ...]]
    roles: Mapping[str, tuple[tuple[tuple[str, ...], str], ...]]
    frames: tuple[Frame, ...]


def load(name: str) -> dict[str, Any]:
    """A table of ``graph/data`` as it stands.

    Raises:
        FileNotFoundError: there is none of that name.
        tomllib.TOMLDecodeError: it is broken.
    """
    return load_table(name.removesuffix(".toml"), "rawabit.graph.data")


def _split(phrase: str) -> tuple[str, ...]:
    return tuple(fold(word) for word in phrase.split())


def _bare(phrase: str) -> tuple[str, ...]:
    """Folded words of a phrase without their articles."""
    return tuple(w[2:] if w.startswith("ال") and len(w) > 4 else w for w in _split(phrase))


def _by_first(rows: Iterator[tuple[tuple[str, ...], _T]]) -> dict[str, tuple[tuple[tuple[str, ...], _T], ...]]:
    out: dict[str, list[tuple[tuple[str, ...], _T]]] = {}
    for words, value in rows:
        out.setdefault(words[0], []).append((words, value))
    return {first: tuple(sorted(rest, key=lambda r: -len(r[0]))) for first, rest in out.items()}


def _forms(pairs: Sequence[str]) -> dict[str, bool]:
    out: dict[str, bool] = {}
    for pair in pairs:
        past, present = pair.split()
        out.update(conjugate(past, present))
    return out


def _frame(row: Mapping[str, Any]) -> Frame:
    marks = tuple(fold(m) for m in row.get("marks", ()))
    noun_marks = row.get("noun_marks")
    return Frame(
        id=row["id"],
        relation=Relation(row["relation"]),
        marks=marks,
        noun_marks=tuple(m for m in marks if m) if noun_marks is None else tuple(fold(m) for m in noun_marks),
        genitive=row.get("genitive", "object" if "" in marks else "subject"),
        mutual=row.get("mutual", False),
        swap=row.get("swap", False),
        irrealis=row.get("irrealis", False),
        product=row.get("product", ""),
        money=row.get("money", False),
        kinship=row.get("kinship", ""),
        need=frozenset(fold(w) for w in row.get("need", ())),
        loose=row.get("loose", 0),
        subjects=frozenset(_LABELS[c] for c in row.get("subjects", "POLD")),
    )


@cache
def tables() -> Tables:
    """The tables, compiled. Read once a process."""
    data = load("frames.toml")
    frames = [(_frame(row), row) for row in data["frame"]]
    verbs: dict[str, list[tuple[Frame, bool, bool]]] = {}
    for frame, row in frames:
        for form, present in _forms(row.get("verbs", ())).items():
            verbs.setdefault(form, []).append((frame, present, False))
        for form in row.get("passive", ()):
            verbs.setdefault(fold(form), []).append((frame, False, True))
    posts = [
        Post(
            row["id"],
            tuple(row["words"]),
            Relation(row["relation"]) if row["relation"] else None,
            Relation(row["demonym"]) if row["demonym"] else None,
            row.get("strict", False),
            row.get("seat", False),
        )
        for row in load("posts.toml")["post"]
    ]
    kin = [Kin(row["kinship"], tuple(row["words"])) for row in load("kinship.toml")["kin"]]
    negation, speech, lexicon, amounts = (load(f"{n}.toml") for n in ("negation", "speech", "lexicon", "amounts"))
    words = {
        name: frozenset(fold(w) for w in entries if " " not in w)
        for table in (lexicon, negation, speech)
        for name, entries in table.items()
    }
    phrases = {
        name: tuple(_split(w) for w in entries)
        for table in (lexicon, negation)
        for name, entries in table.items()
        if name in {"agents", "deny_phrases"}
    }
    control = data["control"][0]
    return Tables(
        verbs={form: tuple(rows) for form, rows in verbs.items()},
        nouns=_by_first((_split(n), frame) for frame, row in frames for n in row.get("nouns", ())),
        posts=_by_first((_bare(w), post) for post in posts for w in post.words),
        kin=_by_first((_bare(w), k) for k in kin for w in k.words),
        control=_forms(control["verbs"]),
        receive=_forms(control["receive"]),
        speech=_forms(speech["verbs"]),
        deny=_forms(negation["deny"]),
        hedge=_forms(negation["hedge_verbs"]),
        auxiliary=_forms(lexicon["passive_auxiliaries"]),
        words=words,
        phrases=phrases,
        roles=_by_first((_split(w), row["role"]) for row in amounts["role"] for w in row["words"]),
        frames=tuple(frame for frame, _ in frames),
    )


@cache
def _arguments() -> dict[Relation, tuple[frozenset[Label], frozenset[Label]]]:
    return {
        Relation(name): (
            frozenset(_LABELS[c] for c in row["subject"]),
            frozenset(_LABELS[c] for c in row["object"]),
        )
        for name, row in load("arguments.toml").items()
    }


def fits(relation: Relation, subject: Entity, object_: Entity) -> bool:
    """Whether the labels of the two entities fit the relation, and the two differ."""
    left, right = _arguments()[relation]
    return subject.id != object_.id and subject.label in left and object_.label in right


@cache
def _confidences() -> dict[str, float]:
    return {key: float(value) for key, value in load("confidence.toml")["confidence"].items()}


def confidence(frame: str) -> float | None:
    """Measured precision of a pattern, or None where it is switched off."""
    known = _confidences()
    return known.get(frame, known["default"]) or None
