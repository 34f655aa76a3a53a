"""The tables of the grammar, read once from ``graph/data`` and checked: events, posts, kinship, word classes.

A user's own frames (`rawabit.graph.own_frames`) make other tables, which hold while they are in use (`using`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache
from typing import Any, TypeVar

from rawabit.graph.model import Entity, Relation
from rawabit.graph.morph import conjugate
from rawabit.ner.model import Label
from rawabit.ner.tables import load_table
from rawabit.ner.text import fold

__all__ = [
    "LETTERS",
    "Frame",
    "Kin",
    "Post",
    "Tables",
    "compiled",
    "confidence",
    "fits",
    "load",
    "our_tables",
    "own_confidence",
    "tables",
    "using",
]

_T = TypeVar("_T")
LETTERS = {
    "P": Label.PERSON,
    "O": Label.ORGANIZATION,
    "L": Label.PLACE,
    "D": Label.PRODUCT,
    "M": Label.MONEY,
}
"""Letters that stand for labels in the tables."""


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
        frames: in the order in which they are tried, a user's own first.
        own: of a user's frames and posts, the least confidence of a claim that they read, by the beginning of the
            pattern's name; empty for ours.
        version: identifies a user's file, "" for ours.
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
    own: Mapping[str, float] = field(default_factory=dict)
    version: str = ""


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
        subjects=frozenset(LETTERS[c] for c in row.get("subjects", "POLD")),
    )


_in_use: ContextVar[Tables | None] = ContextVar("tables", default=None)


def tables() -> Tables:
    """The tables in use, compiled: ours unless `using` says otherwise."""
    return _in_use.get() or our_tables()


@contextmanager
def using(other: Tables | None) -> Iterator[None]:
    """Reads with other tables in this thread, ours where `other` is None.

    >>> with using(None):
    ...     tables() is our_tables()
    True
    """
    token = _in_use.set(other)
    try:
        yield
    finally:
        _in_use.reset(token)


@cache
def our_tables() -> Tables:
    """The tables of the package. Read once a process."""
    return compiled({})


def compiled(own: Mapping[str, Any]) -> Tables:
    """Our tables with the rows of a user's file, checked before, in front of them.

    Args:
        own: rows by the names of the tables, ``frame``, ``post`` and ``kin``, and ``speech`` as in ``speech.toml``.
    """
    data = load("frames.toml")
    frames = [(_frame(row), row) for row in (*own.get("frame", ()), *data["frame"])]
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
            Relation(row["relation"]) if row.get("relation") else None,
            Relation(row["demonym"]) if row.get("demonym") else None,
            row.get("strict", False),
            row.get("seat", False),
        )
        for row in (*own.get("post", ()), *load("posts.toml")["post"])
    ]
    kin = [Kin(row["kinship"], tuple(row["words"])) for row in (*own.get("kin", ()), *load("kinship.toml")["kin"])]
    negation, speech, lexicon, amounts = (load(f"{n}.toml") for n in ("negation", "speech", "lexicon", "amounts"))
    speech = {name: [*entries, *own.get("speech", {}).get(name, ())] for name, entries in speech.items()}
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
        own={
            **{row["id"]: row.get("confidence", _OWN) for row in own.get("frame", ())},
            **{f"post.{row['id']}": row.get("confidence", _OWN) for row in own.get("post", ())},
        },
        version=own.get("version", ""),
    )


_OWN = 0.8  # confidence of a user's frame that states none


@cache
def _arguments() -> dict[Relation, tuple[frozenset[Label], frozenset[Label]]]:
    return {
        Relation(name): (
            frozenset(LETTERS[c] for c in row["subject"]),
            frozenset(LETTERS[c] for c in row["object"]),
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


def confidence(pattern: str) -> float | None:
    """Precision of a pattern, measured or, for a user's own, stated; None where it is switched off."""
    if (stated := own_confidence(pattern)) is not None:
        return stated
    known = _confidences()
    return known.get(pattern, known["default"]) or None


def own_confidence(pattern: str) -> float | None:
    """What a user's frame or post states for the claims that it reads; None for patterns of ours."""
    own = tables().own
    if not own:
        return None
    first, _, rest = pattern.partition(".")
    return own.get(f"{first}.{rest.partition('.')[0]}" if first == "post" else first)
