"""Titles, posts and kinship: ``وزير الخارجية المصري سامح شكري``, ``Y، المتحدث باسم X``, ``زوجته ليلى``.

Two orders are read: the title before the name, and the title behind it as an apposition. What the title says
about the body or the country that follows it stands in ``posts.toml``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rawabit.graph.frames import Post, tables
from rawabit.graph.line import Hit, Line, Qualifiers, in_class, phrase, prep_at
from rawabit.graph.model import Relation
from rawabit.graph.morph import Reading
from rawabit.ner.model import Label
from rawabit.ner.text import fold

__all__ = ["find_posts"]

_REACH = 14
_NEAR = 9


@dataclass(frozen=True, slots=True)
class _Title:
    """A title as it stands; `end` is behind its words."""

    start: int
    end: int
    post: Post
    reading: Reading


def find_posts(line: Line) -> Iterator[Hit]:
    """What titles say. Marks the titles and appositions of `line` as modifiers of their names."""
    yield from _kin(line)
    last = -1
    chain: tuple[int, int] | None = None
    shared = -1
    for i in range(len(line)):
        if i <= last or line.head.get(i, i) > i:
            continue
        title = _title(line, i)
        if not title:
            continue
        before = line.items[i - 1] if i else None
        targets, holder, end, comma = _scan(line, title)
        follower = _follower(line, title, targets[0] if targets else end)
        owner = -1
        gap = False
        if not title.reading.prep and before is not None:
            k = i - 1
            while k >= 0 and (line.word(k) == "," or in_class(line.word(k), "relatives")) and i - k < 4:
                gap = True
                k -= 1
            if line.label(k) is Label.NORP and line.label(k - 1) is Label.PERSON:
                k -= 1
            if line.label(k) is Label.PERSON and not title.reading.conj:
                owner = k
            elif chain and i - chain[1] <= 2 and (title.reading.conj or i == chain[1] + 1):
                owner, gap = chain[0], True
        if follower >= 0:
            # Another title stands before the body: the body is that one's, the name is shared.
            chain = (owner, follower - 1) if owner >= 0 and not prep_at(line, follower) else None
            continue
        if owner >= 0 and targets and (gap or holder < 0 or comma):
            stop = targets[0]
            while line.label(stop + 1) is Label.NORP and stop + 1 < len(line):
                stop += 1
            yield from _say(line, title, targets[:1], owner, stop + 1)
            yield from _seat(line, title, targets, owner)
            for k in range(owner + 1, stop + 1):
                line.head.setdefault(k, owner)
            chain = owner, stop
            last = stop
        elif holder >= 0 and (targets or not comma):
            yield from _say(line, title, targets, holder, holder)
            yield from _seat(line, title, targets, holder)
            if targets:
                for k in range(i, holder):
                    line.head[k] = holder
            elif shared >= 0 and title.reading.conj:
                yield from _say(line, title, [shared], holder, holder)
            last = holder if targets else title.end - 1
            chain = None
            shared = targets[0] if targets and line.label(targets[0]) is Label.NORP else -1


def _title(line: Line, i: int) -> _Title | None:
    for reading in line.readings(i):
        if reading.pronoun:
            continue
        for words, post in tables().posts.get(reading.core, ()):
            if phrase(line, i + 1, words[1:]):
                return _Title(i, i + len(words), post, reading)
    return None


def _follower(line: Line, title: _Title, stop: int) -> int:
    """Index of a second title before `stop`: joined by و, or behind a definite word, which closes the first; or -1."""
    for k in range(title.end, stop):
        other = _title(line, k)
        if (
            other
            and other.post.relation
            and (other.reading.conj or other.reading.prep or line.word(k - 1).startswith("ال"))
        ):
            return k
    return -1


def _scan(line: Line, title: _Title) -> tuple[list[int], int, int, bool]:
    """Bodies behind a title, the person behind them (or -1), where the scan ended, whether a comma was passed."""
    targets: list[int] = []
    comma = False
    loose = 0
    k = title.end
    while k < min(len(line), title.end + (_REACH if targets else _NEAR)):
        item = line.items[k]
        if item.label is Label.PERSON:
            if item.prep or item.conj:
                break
            return targets, k, k, comma
        if item.label is Label.MONEY:
            break
        if item.mention:
            if item.conj and targets:
                break
            targets.append(k)
            loose = 0
        elif item.fold == ",":
            follows = line.label(k + 1) is Label.PERSON or (
                in_class(line.word(k + 1), "honorifics") and Label.PERSON in (line.label(k + 2), line.label(k + 3))
            )
            if comma or not targets or not follows:
                break
            comma = True
        elif item.punct or in_class(item.fold, "barriers") or in_class(item.fold, "relatives"):
            break
        elif targets:
            if prep_at(line, k) in {"ل", "ب"} and _title(line, k):
                break
            if (
                in_class(item.fold, "honorifics")
                or in_class(item.fold, "former")
                or line.title_like(k)
                or in_class(item.fold, "title_links")
            ):
                pass
            elif item.fold.startswith("ال") and loose == 0:
                loose += 1
            else:
                break
        elif (not in_class(item.fold, "title_links") and item.fold in tables().words["prepositions"]) or (
            item.fold in tables().speech and not in_class(item.fold, "heads")
        ):
            break
        k += 1
    return targets, -1, k, comma


def _say(line: Line, title: _Title, targets: list[int], person: int, end: int) -> Iterator[Hit]:
    post = title.post
    if not targets:
        return
    first = targets[0]
    stop = _stop(line, title, first)
    extra = [
        k for k in range(title.end, first)
        if line.items[k].mention is None and not _light(line, k)
    ]  # fmt: skip
    qualifiers: Qualifiers = {}
    words = _words(line, title, stop)
    if words:
        qualifiers["title"] = words
    around = {line.word(k) for k in (*range(title.start, end), end, end + 1) if k < len(line)}
    if any(in_class(w, "former") for w in around):
        qualifiers["former"] = True
    holder = line.items[person]
    where = "before" if person > title.start else "behind"
    if first < title.start:
        where = "shared"
    if line.label(first) is Label.NORP:
        if post.demonym and not (post.id == "chief" and extra):
            line.used.add(first)
            plain = post.demonym is Relation.CITIZEN_OF
            yield Hit(
                f"post.{post.id}.demonym.{where}", post.demonym, holder, line.items[first],
                title.start, True, "", False, None, {} if plain else qualifiers,
            )  # fmt: skip
        if post.demonym is not Relation.CITIZEN_OF or len(targets) < 2 or line.label(targets[1]) is Label.NORP:
            return
        first = targets[1]
    if post.relation is None:
        return
    relation = post.relation
    place = line.label(first) is Label.PLACE
    reached = line.items[first].prep == "ب" or line.word(first - 1) in {"في", "لدي"} or _in_head(line, first)
    local = relation in {Relation.BORN_IN, Relation.LOCATED_IN}
    if place and reached and not local:
        return
    if post.strict and extra:
        if place:
            return
        relation = Relation.WORKS_FOR
    kind = "place" if place else "body"
    if relation not in {Relation.HEAD_OF, Relation.WORKS_FOR}:
        qualifiers.pop("title", None)
        if relation not in {Relation.MEMBER_OF, Relation.OWNS}:
            qualifiers.pop("former", None)
    yield Hit(
        f"post.{post.id}.{kind}.{where}{'.far' if extra else ''}", relation, holder, line.items[first],
        title.start, True, "", False, None, qualifiers,
    )  # fmt: skip


def _seat(line: Line, title: _Title, targets: list[int], person: int) -> Iterator[Hit]:
    """Where an envoy is posted: ``سفير X في Y``."""
    for k in targets:
        reached = line.items[k].prep == "ب" or line.word(k - 1) in {"في", "لدي"}
        if title.post.seat and reached and line.label(k) is Label.PLACE:
            yield Hit("post.seat", Relation.LOCATED_IN, line.items[person], line.items[k], title.start, True)


def _light(line: Line, k: int) -> bool:
    word = line.word(k)
    if in_class(word, "title_links") or in_class(word, "former") or line.items[k].punct:
        return True
    return any(r.core in tables().words["heads"] for r in line.readings(k))


def _in_head(line: Line, k: int) -> bool:
    """Whether the generic head before `k` has ب: ``بمدينة عدن``."""
    return any(r.prep == "ب" and r.core in tables().words["heads"] for r in line.readings(k - 1))


def _stop(line: Line, title: _Title, first: int) -> int:
    """Index behind the last word of the title proper: generic heads and prepositions before the body are left out."""
    k = first
    while k > title.end and (line.items[k - 1].mention is not None or _light(line, k - 1)):
        k -= 1
    return k


def _words(line: Line, title: _Title, stop: int) -> str:
    start = line.items[title.start].start
    cut = int(title.reading.conj) + len(title.reading.prep)
    out = line.text[start : line.items[stop - 1].end]
    if title.reading.prep and fold(out[cut - 1 :]).startswith("لل"):
        return "ال" + out[cut + 1 :]
    return " ".join(out[cut:].split())


def _kin(line: Line) -> Iterator[Hit]:
    for i in range(len(line)):
        for reading, kinship, n in _kin_at(line, i):
            k = i + n
            while k < min(len(line), i + n + 7) and line.label(k) is not Label.PERSON:
                if line.label(k) not in {Label.NORP, None} or not _may_skip(line, k):
                    k = len(line)
                k += 1
            if k >= len(line) or line.label(k) is not Label.PERSON or line.items[k].conj or line.items[k].prep:
                break
            qualifiers: Qualifiers = {"kinship": kinship}
            if reading.pronoun:
                owner = next((j for j in range(i - 1, max(-1, i - 14), -1) if line.label(j) is Label.PERSON), -1)
                if owner >= 0:
                    yield Hit(
                        "kin.his", Relation.FAMILY_OF, line.items[k], line.items[owner], i, True, qualifiers=qualifiers
                    )
                break
            j = i - 1
            while j >= 0 and (
                line.word(j) == "," or in_class(line.word(j), "relatives") or line.word(j) in {"هو", "هي"}
            ):
                j -= 1
            if line.label(j) is Label.PERSON and not reading.conj and not reading.prep:
                yield Hit(
                    "kin.behind", Relation.FAMILY_OF, line.items[j], line.items[k], i, True, qualifiers=qualifiers
                )
                for x in range(j + 1, k + 1):
                    line.head.setdefault(x, j)
            else:
                m = k + 1 + (line.word(k + 1) == ",")
                if line.label(m) is Label.PERSON and not line.items[m].conj and not line.items[m].prep:
                    yield Hit(
                        "kin.before", Relation.FAMILY_OF, line.items[m], line.items[k], i, True, qualifiers=qualifiers
                    )
                    for x in range(i, m):
                        line.head.setdefault(x, m)
            break


def _may_skip(line: Line, k: int) -> bool:
    return line.items[k].mention is not None or line.title_like(k) or line.word(k) in {","}


def _kin_at(line: Line, i: int) -> Iterator[tuple[Reading, str, int]]:
    for reading in line.readings(i):
        # The pronoun of a compound stands on its second noun: ابن عمه.
        for words, kin in tables().kin.get(reading.core, ()):
            if len(words) == 2 and any(r.core == words[1] and r.pronoun for r in line.readings(i + 1)):
                yield Reading(reading.core, reading.conj, reading.prep, False, "ه"), kin.kinship, 2
                return
        for words, kin in tables().kin.get(reading.core, ()):
            if len(words) > 1 and reading.pronoun:
                continue
            if phrase(line, i + 1, words[1:]):
                yield reading, kin.kinship, len(words)
                return
