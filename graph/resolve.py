"""Which entities of the documents are one thing of the world: a first, cautious answer.

Two entities are one where the knowledge has their name, where they have one full name under one label, or where one
document gives the Latin twin of a name that another writes in Latin only. A person of one name whom the knowledge does
not have belongs to his document: two articles' محمد are two people. So do amounts and dates.

The id of a thing of the world comes from its label and key alone, so that documents may come in any order and new ones
rename nothing, with one exception: a document that gives a twin joins two groups, and one id must go. The Arabic
group's stays, since most texts are Arabic and say the name without its twin; of several Arabic spellings with one twin
the smallest id stays. The others are listed in `Resolution.former`. A thing that enters the knowledge gets the id of
its entry. Where a twin would join two things that the knowledge tells apart, it joins nothing.
"""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from rawabit.graph.link import Knowledge, Known
from rawabit.graph.model import Entity, Extraction, Resolution, Resolved, content_id, member_key
from rawabit.graph.names import name_key, read_name
from rawabit.ner.model import Label
from rawabit.ner.text import is_arabic

__all__ = ["read_resolution", "resolve", "write_resolution"]

_BODY_OR_THING = frozenset({Label.ORGANIZATION, Label.PRODUCT})


class _Key(NamedTuple):
    """What a group of entities shares. The fields order keys: known ones, then Arabic, then Latin."""

    rank: int
    label: str
    key: str

    @property
    def id(self) -> str:
        return content_id("entity", self.label, self.key)


_KNOWN, _ARABIC, _LATIN, _OWN = range(4)
_SCORE = {_KNOWN: 0.99, _OWN: 1.0}


def resolve(extractions: Iterable[Extraction], knowledge: Knowledge) -> Resolution:
    """Entities of the world for the entities of documents.

    Args:
        extractions: in any order, once each or more often; read once.
        knowledge: as for `rawabit.graph.link.link_entities`; the same one, if names are to keep their meaning.

    Returns:
        One `Resolved` for each entity, by ``document#entity``. Memory is proportional to their number.
    """
    keys: dict[str, _Key] = {}
    reasons: dict[_Key, str] = {}
    parent: dict[_Key, _Key] = {}
    twins: dict[_Key, str] = {}

    def find(key: _Key) -> _Key:
        parent.setdefault(key, key)
        while parent[key] != key:
            parent[key] = parent[parent[key]]
            key = parent[key]
        return key

    for extraction in extractions:
        for entity in extraction.entities:
            member = member_key(extraction.document.id, entity.id)
            key, reason = _primary(entity, member, knowledge)
            # One document twice in two versions: the smaller key, so that order does not matter.
            keys[member] = min(keys.get(member, key), key)
            if key not in reasons or reason < reasons[key]:
                reasons[key] = reason
            find(key)
            twin = _twin(entity, key)
            if twin is not None:
                twins[twin] = twin.key.removeprefix("name:")
                a, b = find(key), find(twin)
                parent[max(a, b)] = min(a, b)

    used = set(keys.values())
    groups: dict[_Key, list[_Key]] = {}
    for key in sorted(used):
        groups.setdefault(find(key), []).append(key)
    ids: dict[_Key, str] = {}
    shared: dict[_Key, str] = {}
    former: dict[str, tuple[str, ...]] = {}
    latin: dict[_Key, list[str]] = {}
    for twin, name in twins.items():
        latin.setdefault(find(twin), []).append(name)
    for root, members in groups.items():
        if len(members) == 1 or sum(key.rank == _KNOWN for key in members) > 1:
            ids.update((key, key.id) for key in members)
            continue
        kept = min(members, key=lambda key: (key.rank, key.id))
        ids.update((key, kept.id) for key in members)
        former[kept.id] = tuple(sorted({key.id for key in members} - {kept.id}))
        shared.update((key, f"same Latin name: {min(latin[root])}") for key in members if key.rank != _KNOWN)
    resolved = {
        member: Resolved(member, ids[key], shared.get(key, reasons[key]), _score(key, key in shared))
        for member, key in sorted(keys.items())
    }
    return Resolution(resolved, dict(sorted(former.items())))


def _primary(entity: Entity, member: str, knowledge: Knowledge) -> tuple[_Key, str]:
    if entity.label in (Label.MONEY, Label.DATE):
        return _Key(_OWN, entity.label, f"member:{member}"), f"{entity.label.lower()} of its document"
    entry = _known(entity, knowledge)
    if entry is not None:
        return _Key(_KNOWN, entry.label, f"known:{entry.key}"), f"known: {entry.name_en or entry.name_ar}"
    name = entity.name
    if entity.name_ar and (entity.label is not Label.PERSON or len(read_name(entity.name_ar, entity.label).units) > 1):
        name = entity.name_ar  # where a document has both scripts, its Latin name is the twin that joins them
    key = name_key(name, entity.label)
    if entity.label is Label.PERSON and len(read_name(name, entity.label).units) < 2:
        return _Key(_OWN, entity.label, f"member:{member}"), f"one name only: {key}"
    rank = _ARABIC if any(map(is_arabic, key)) else _LATIN
    return _Key(rank, entity.label, f"name:{key}"), f"same name: {key}"


def _known(entity: Entity, knowledge: Knowledge) -> Known | None:
    names = [name for name in (entity.name, entity.name_ar, entity.name_en) if name]
    labels = (
        [entity.label, *sorted(_BODY_OR_THING - {entity.label})] if entity.label in _BODY_OR_THING else [entity.label]
    )
    for label in labels:
        for name in names:
            entry = knowledge.lookup(name, label)
            if entry is not None:
                return entry
    return None


def _twin(entity: Entity, key: _Key) -> _Key | None:
    if key.rank == _OWN or not entity.name_en:
        return None
    name = name_key(entity.name_en, entity.label)
    if not name or (entity.label is Label.PERSON and " " not in name):
        return None
    return _Key(_LATIN, key.label, f"name:{name}")


def _score(key: _Key, shared: bool) -> float:
    if shared:
        return 0.95
    if key.rank in _SCORE:
        return _SCORE[key.rank]
    return 0.9 if " " in key.key else 0.8


def write_resolution(resolution: Resolution, path: Path) -> None:
    """Writes a resolution as JSONL: a line for each member, sorted, then one for each id with former ones.

    The file is replaced as a whole or not at all.
    """
    path = Path(path)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            for row in _rows(resolution):
                file.write(_line(row))
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise


def _rows(resolution: Resolution) -> Iterator[Mapping[str, object]]:
    for member, one in sorted(resolution.members.items()):
        yield {"member": member, "id": one.id, "reason": one.reason, "score": one.score}
    for id, former in sorted(resolution.former.items()):
        yield {"id": id, "former": list(former)}


def _line(row: Mapping[str, object]) -> bytes:
    try:
        return (json.dumps(row, ensure_ascii=False) + "\n").encode("utf-8")
    except UnicodeEncodeError:  # half a surrogate pair in an id: JSON can say it in escapes, UTF-8 cannot
        return (json.dumps(row) + "\n").encode("ascii")


def read_resolution(path: Path) -> Resolution:
    """Reads what `write_resolution` wrote.

    Raises:
        ValueError: a line is not one of its two kinds or a member or id comes twice; names file and line.
    """
    members: dict[str, Resolved] = {}
    former: dict[str, tuple[str, ...]] = {}
    with Path(path).open("rb") as file:
        for number, line in enumerate(file, start=1):
            if not line.strip():
                continue
            try:
                row = json.loads(line.decode("utf-8"))
                if isinstance(row, dict) and "member" in row:
                    one = _member(row)
                    if one.member in members:
                        raise ValueError(f"member {one.member!r} a second time")
                    members[one.member] = one
                else:
                    id, ids = _former(row)
                    if id in former:
                        raise ValueError(f"former ids of {id!r} a second time")
                    former[id] = ids
            except (ValueError, RecursionError) as error:
                raise ValueError(f"{path}:{number}: {error}") from error
    return Resolution(members, former)


def _member(row: Mapping[str, object]) -> Resolved:
    member, id, reason, score = (row.get(name) for name in ("member", "id", "reason", "score"))
    if not (isinstance(member, str) and isinstance(id, str) and isinstance(reason, str) and id):
        raise ValueError("member, id and reason must be texts")
    if isinstance(score, bool) or not isinstance(score, int | float) or not 0 <= score <= 1:
        raise ValueError("score must be a number from 0 to 1")
    return Resolved(member, id, reason, float(score))


def _former(row: object) -> tuple[str, tuple[str, ...]]:
    if isinstance(row, dict) and isinstance(id := row.get("id"), str) and isinstance(ids := row.get("former"), list):
        if all(isinstance(one, str) for one in ids):
            return id, tuple(ids)
        raise ValueError("former must be a list of ids")
    raise ValueError("neither a member nor an id with former ones")
