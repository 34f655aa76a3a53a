"""Resolutions in a file: ``resolution.jsonl``, which people and other programs may read."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from rawabit.graph.model import Link, Resolution, Resolved

__all__ = ["read_resolution", "write_resolution"]


def write_resolution(resolution: Resolution, path: Path) -> None:
    """Writes a resolution as JSONL: a line for each member, sorted, one for each id with former ones, one for each pair
    of names that was joined or nearly was, one for each judgement that could not be followed, and the counts.

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
        row: dict[str, object] = {"member": member, "id": one.id, "reason": one.reason, "score": one.score}
        yield row | ({"name": one.name} if one.name else {})
    for id, former in sorted(resolution.former.items()):
        yield {"id": id, "former": list(former)}
    for link in resolution.links:
        yield {
            "link": [link.one, link.other], "names": list(link.names), "reason": link.reason, "score": link.score,
            "against": link.against,
        }  # fmt: skip
    for problem in resolution.problems:
        yield {"problem": problem}
    if resolution.split or resolution.passed_over:
        yield {"split": resolution.split, "passed_over": resolution.passed_over}


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
    links: list[Link] = []
    problems: list[str] = []
    counts = {"split": 0, "passed_over": 0}
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
                elif isinstance(row, dict) and "link" in row:
                    links.append(_link(row))
                elif isinstance(row, dict) and isinstance(row.get("problem"), str):
                    problems.append(row["problem"])
                elif isinstance(row, dict) and set(row) == set(counts):
                    counts = {name: int(row[name]) for name in counts}
                else:
                    id, ids = _former(row)
                    if id in former:
                        raise ValueError(f"former ids of {id!r} a second time")
                    former[id] = ids
            except (ValueError, TypeError, RecursionError) as error:
                raise ValueError(f"{path}:{number}: {error}") from error
    return Resolution(members, former, tuple(links), tuple(problems), counts["split"], counts["passed_over"])


def _member(row: Mapping[str, object]) -> Resolved:
    member, id, reason, score = (row.get(name) for name in ("member", "id", "reason", "score"))
    if not (isinstance(member, str) and isinstance(id, str) and isinstance(reason, str) and id):
        raise ValueError("member, id and reason must be texts")
    name = row.get("name", "")
    if not isinstance(name, str):
        raise ValueError("name must be a text")
    return Resolved(member, id, reason, _score(score), name)


def _score(score: object) -> float:
    if isinstance(score, bool) or not isinstance(score, int | float) or not 0 <= score <= 1:
        raise ValueError("score must be a number from 0 to 1")
    return float(score)


def _link(row: Mapping[str, object]) -> Link:
    ids, names, reason, against = (row.get(name) for name in ("link", "names", "reason", "against"))
    if not (isinstance(ids, list) and isinstance(names, list) and len(ids) == len(names) == 2):
        raise ValueError("a link has two ids and two names")
    if not all(isinstance(one, str) for one in (*ids, *names, reason, against)):
        raise ValueError("ids, names, reason and against of a link must be texts")
    return Link(ids[0], ids[1], (names[0], names[1]), str(reason), _score(row.get("score")), str(against))


def _former(row: object) -> tuple[str, tuple[str, ...]]:
    if isinstance(row, dict) and isinstance(id := row.get("id"), str) and isinstance(ids := row.get("former"), list):
        if all(isinstance(one, str) for one in ids):
            return id, tuple(ids)
        raise ValueError("former must be a list of ids")
    raise ValueError("neither a member nor an id with former ones")
