"""A user's own frames: a TOML file that works on top of ours, checked with one clear line for what is wrong in it.

The file holds the tables of ``graph/data/frames.toml`` (``[[frame]]``), ``posts.toml`` (``[[post]]``) and
``kinship.toml`` (``[[kin]]``), and more words of speech (``[speech]``); ``docs/frames.md`` explains them. A frame or a
post may state a `confidence`: a claim that it reads is kept with at least that, whatever the learnt scorer thinks.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rawabit.graph.frames import LETTERS, Tables, compiled, fits, load, own_confidence, tables
from rawabit.graph.model import SYMMETRIC, Entity, Relation, text_hash
from rawabit.graph.pairs import Pair
from rawabit.graph.scorer import CLASSES, Floats
from rawabit.ner.model import Label
from rawabit.ner.text import fold

__all__ = ["load_frames", "stated"]

_ID = re.compile(r"[A-Za-z0-9_-]+")
_MOST_LOOSE = 6
_HOLDS = "it may hold [[frame]], [[post]], [[kin]], [speech]"
_COLUMN = {kind: column for column, kind in enumerate(CLASSES)}


def load_frames(path: Path | None) -> Tables | None:
    """The grammar's tables with a user's file on top of them; None for None.

    Raises:
        OSError: the file cannot be read.
        ValueError: something in it is wrong: one line that names the file, the entry and the cause.
    """
    if path is None:
        return None
    about = path.stat()
    return _load(path, about.st_mtime_ns, about.st_size)


@lru_cache(maxsize=4)
def _load(path: Path, changed: int, size: int) -> Tables:
    try:
        text = path.read_bytes().decode("utf-8-sig")
        raw = tomllib.loads(text.replace("\r\n", "\n"))
    except UnicodeDecodeError:
        raise ValueError(f"{path}: not UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{path}: not TOML: {error}") from None
    try:
        _check(raw)
    except _Wrong as error:
        raise ValueError(f"{path}: {error}") from None
    return compiled({**raw, "version": text_hash(text)[:8]})


def stated(pairs: Sequence[Pair], scores: Floats) -> NDArray[np.bool_]:
    """Raises the probabilities of what a user's frames read to what the frames state, in place.

    Args:
        pairs: with what the grammar read of them.
        scores: probabilities, [pairs, classes].

    Returns:
        Which were read by the user's frames, [pairs, classes]: these are kept whatever the scorer's threshold.
    """
    read = np.zeros(scores.shape, np.bool_)
    if not tables().own:
        return read
    for n, pair in enumerate(pairs):
        for hit in pair.hits:
            sure = own_confidence(hit.pattern)
            if sure is not None:
                forward = hit.relation in SYMMETRIC or hit.subject.who.id == pair.left.who.id
                c = _COLUMN[hit.relation, forward]
                scores[n, c] = max(scores[n, c], sure)
                read[n, c] = True
    return read


class _Wrong(Exception):
    """What is wrong with an entry."""


def _check(raw: Mapping[str, Any]) -> None:
    known = ("frame", "post", "kin", "speech")
    for name in raw:
        if name not in known:
            raise _Wrong(f"unknown table {name!r}{_like(name, known)}: {_HOLDS}")
    if not raw:
        raise _Wrong(f"holds no frames: {_HOLDS}")
    for name, checks in (("frame", _FRAME), ("post", _POST), ("kin", _KIN)):
        rows = raw.get(name, [])
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise _Wrong(f"{name}: write [[{name}]], in two brackets")
        seen: set[str] = set()
        for number, row in enumerate(rows, 1):
            where = f"[[{name}]] {number}" + (f" {row['id']!r}" if isinstance(row.get("id"), str) else "")
            _keys(where, row, checks)
            if name == "kin":
                _required(where, row, "kinship", "words")
                continue
            _required(where, row, "id")
            if row["id"] in seen or row["id"] in _taken(name):
                whose = "this file" if row["id"] in seen else "Rawabit"
                raise _Wrong(f"{where}: id: {whose} has one of that name already")
            seen.add(row["id"])
            (_check_frame if name == "frame" else _check_post)(where, row)
    speech = raw.get("speech", {})
    if not isinstance(speech, dict):
        raise _Wrong("speech: write [speech], in one bracket")
    _keys("[speech]", speech, _SPEECH)


def _taken(name: str) -> set[str]:
    rows = load(f"{name}s.toml")[name]
    return {row["id"] for row in rows} | ({"seat"} if name == "post" else _MODULES)


# What the patterns of modules without frames begin with (``confidence.toml``).
_MODULES = {"amount", "body", "demonym", "inside", "kin", "party", "place", "post", "standing", "work"}


def _keys(where: str, row: Mapping[str, Any], checks: Mapping[str, Callable[[Any], str]]) -> None:
    for key, value in row.items():
        if key not in checks:
            raise _Wrong(f"{where}: unknown key {key!r}{_like(key, checks)}")
        if cause := checks[key](value):
            raise _Wrong(f"{where}: {key}: {cause}")


def _required(where: str, row: Mapping[str, Any], *keys: str) -> None:
    for key in keys:
        if key not in row:
            raise _Wrong(f"{where}: lacks {key!r}")


def _check_frame(where: str, row: Mapping[str, Any]) -> None:
    _required(where, row, "relation")
    if not any(row.get(key) for key in ("verbs", "nouns", "passive")):
        raise _Wrong(f"{where}: needs verbs, nouns or passive")
    if (row.get("verbs") or row.get("passive")) and not row.get("marks"):
        raise _Wrong(f'{where}: verbs need marks: the prepositions of their object, or "" for a direct one')
    if row.get("nouns") and not row.get("marks") and "noun_marks" not in row:
        raise _Wrong(f"{where}: nouns need noun_marks: the prepositions of their object")
    relation = Relation(row["relation"])
    allowed = "".join(letter for letter in LETTERS if _may_stand(relation, LETTERS[letter], None))
    for letter in row.get("subjects", ""):
        if letter not in allowed:
            raise _Wrong(f"{where}: subjects: no {LETTERS[letter]} is subject of {relation}, only {_named(allowed)}")
    if row.get("kinship") and relation is not Relation.FAMILY_OF:
        raise _Wrong(f"{where}: kinship: only FAMILY_OF has one")


def _check_post(where: str, row: Mapping[str, Any]) -> None:
    _required(where, row, "words")
    if not row.get("relation") and not row.get("demonym"):
        raise _Wrong(f"{where}: needs a relation, from the person to the body; or a demonym, to the country")
    for key, object_ in (("relation", None), ("demonym", Label.PLACE)):
        if row.get(key) and not _may_stand(Relation(row[key]), Label.PERSON, object_):
            what = "a PERSON and a PLACE" if object_ else "a PERSON and a body"
            raise _Wrong(f"{where}: {key}: {row[key]} does not join {what}")


def _may_stand(relation: Relation, subject: Label, object_: Label | None) -> bool:
    others = [object_] if object_ else list(LETTERS.values())
    return any(fits(relation, Entity("a", subject, "", ()), Entity("b", other, "", ())) for other in others)


def _named(letters: str) -> str:
    return ", ".join(f"{letter} ({LETTERS[letter]})" for letter in letters)


def _like(word: str, known: Collection[str]) -> str:
    near = difflib.get_close_matches(word, list(known), 1)
    return f" (do you mean {near[0]!r}?)" if near else ""


def _text(value: Any) -> str:
    return "" if isinstance(value, str) and value.strip() else "must be a text"


def _id(value: Any) -> str:
    return "" if isinstance(value, str) and _ID.fullmatch(value) else "must be of letters a to z, digits, _ and -"


def _flag(value: Any) -> str:
    return "" if isinstance(value, bool) else "must be true or false"


def _loose(value: Any) -> str:
    good = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _MOST_LOOSE
    return "" if good else f"must be a whole number from 0 to {_MOST_LOOSE}"


def _share(value: Any) -> str:
    good = isinstance(value, int | float) and not isinstance(value, bool) and 0 < value <= 1
    return "" if good else "must be a number above 0 and at most 1"


def _relation(value: Any) -> str:
    known = [str(relation) for relation in Relation if relation is not Relation.RELATED]
    return "" if value in known else f"no relation {value!r}{_like(str(value), known)}"


def _relation_or_none(value: Any) -> str:
    return "" if value == "" else _relation(value)


def _letters(value: Any) -> str:
    if isinstance(value, str) and value and set(value) <= set(LETTERS):
        return ""
    return f'must be letters out of {_named("".join(LETTERS))}, as in "PO"'


def _one_of(*values: str) -> Callable[[Any], str]:
    return lambda value: "" if value in values else "must be " + " or ".join(f'"{v}"' for v in values)


def _texts(value: Any, cause: Callable[[str], str] = lambda text: "") -> str:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        return 'must be a list of texts, as in ["…", "…"]'
    return next((f"{one!r}: {said}" for one in value if (said := cause(one))), "")


def _words(value: Any) -> str:
    if isinstance(value, list) and not value:
        return "is empty"
    return _phrases(value)


def _phrases(value: Any) -> str:
    return _texts(value, lambda text: "" if fold(text).strip() else "no word in it")


def _single(value: Any) -> str:
    return _texts(value, lambda text: "must be one word" if len(text.split()) != 1 else "")


def _marks(value: Any) -> str:
    return _texts(value, lambda text: 'must be one preposition, or ""' if len(text.split()) > 1 else "")


def _verbs(value: Any) -> str:
    return _texts(value, _verb)


def _verb(text: str) -> str:
    forms = [fold(word) for word in text.split()]
    if len(forms) != 2 or not forms[1].startswith("ي") or min(map(len, forms)) < 2:
        return 'must be the past and the present of a verb, he did and he does, as in "زار يزور"'
    return ""


_FRAME: dict[str, Callable[[Any], str]] = {
    "id": _id, "relation": _relation, "verbs": _verbs, "marks": _marks, "nouns": _phrases, "noun_marks": _marks,
    "genitive": _one_of("object", "subject", "none"), "mutual": _flag, "swap": _flag, "passive": _single,
    "irrealis": _flag, "product": _one_of("", "between", "after"), "money": _flag, "kinship": _text, "need": _single,
    "loose": _loose, "subjects": _letters, "confidence": _share, "reading": _text,
}  # fmt: skip
_POST: dict[str, Callable[[Any], str]] = {
    "id": _id, "reading": _text, "relation": _relation_or_none, "demonym": _relation_or_none, "strict": _flag,
    "seat": _flag, "words": _words, "confidence": _share,
}  # fmt: skip
_KIN: dict[str, Callable[[Any], str]] = {"kinship": _text, "words": _words, "reading": _text}
_SPEECH: dict[str, Callable[[Any], str]] = {"verbs": _verbs, "openers": _single, "according": _single}
