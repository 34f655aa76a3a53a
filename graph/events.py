"""What verbs and nouns of action say: ``انتقد A سياسة B``, ``وقعت A اتفاقا مع B``, ``لقاء بين A وB``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rawabit.graph.arguments import agent, find_subject, is_verb, marked, plain
from rawabit.graph.attribution import Speech, source_of
from rawabit.graph.frames import Frame, fits, tables
from rawabit.graph.line import Hit, Line, Qualifiers, has_form, in_class, phrase, prep_at
from rawabit.graph.model import Relation
from rawabit.graph.morph import Reading, verb_readings
from rawabit.graph.negation import denied, hedged
from rawabit.ner.model import Label

__all__ = ["find_events"]

_CONTROL_REACH = 4


@dataclass(slots=True)
class _State:
    """What is remembered along the line: the last subject, and the verb that may lend it to a noun."""

    memory: int = -1
    control: int = -1
    owner: int = -1
    end: int = -1
    receive: bool = False
    irrealis: int = -1


def find_events(line: Line, speeches: tuple[Speech, ...]) -> Iterator[Hit]:
    """Relations that verbs and nouns of action state in a clause; hedged ones are left out."""
    state = _State()
    for i in range(len(line)):
        word = line.word(i)
        if not word or line.items[i].punct or line.head.get(i, i) != i:
            if word in {".", ";"}:
                state = _State()
            continue
        seen = False
        for n, frame, reading in _nouns(line, i):
            for hit in _noun(line, i, n, frame, reading, state, speeches):
                seen = True
                yield from _told(line, hit, i, speeches, state)
            if seen:
                break
        if seen or not is_verb(word):
            continue
        yield from _verb(line, i, state, speeches)


def _told(line: Line, hit: Hit, i: int, speeches: tuple[Speech, ...], state: _State) -> Iterator[Hit]:
    """The hit with its denial and its source, unless it is only wished or supposed."""
    if hedged(line, i) or (0 <= state.irrealis < i and not any(line.items[k].punct for k in range(state.irrealis, i))):
        return
    source = source_of(speeches, i)
    speaker = line.items[source].entity if source >= 0 else None
    if speaker is hit.subject.entity:
        speaker = None
    yield Hit(
        hit.pattern, hit.relation, hit.subject, hit.object, i, False, hit.frame,
        denied(line, i), speaker.id if speaker else None, hit.qualifiers,
    )  # fmt: skip


def _verb(line: Line, i: int, state: _State, speeches: tuple[Speech, ...]) -> Iterator[Hit]:
    t = tables()
    found = [(r, row) for r in verb_readings(line.word(i)) for row in t.verbs.get(r.core, ())]
    readings = [
        r
        for r in verb_readings(line.word(i))
        if r.core in t.control or r.core in t.speech or r.core in t.verbs or r.core in t.auxiliary
    ]
    if not readings:
        return
    reading = found[0][0] if found else readings[0]
    subject = find_subject(line, i, reading, state.memory, speeches)
    before = state.memory
    hits: list[Hit] = []
    if subject:
        for r, (frame, _, passive) in found:
            hits = list(_active(line, i, frame, r, subject.at, subject.order, subject.rest, passive, before))
            if hits:
                for hit in hits:
                    yield from _told(line, hit, i, speeches, state)
                if frame.irrealis:
                    state.irrealis = i
                break
        state.memory = subject.at if subject.order != "object" else before
    if any(r.core in t.control for r in readings):
        state.control, state.receive = i, any(r.core in t.receive for r in readings)
        state.owner = subject.at if subject and subject.order != "object" else -1
        state.end = subject.rest if subject else i + 1
    elif any(r.core in t.auxiliary for r in readings):
        state.control, state.owner, state.end, state.receive = i, -1, i + 1, False
    else:
        state.control = -1


def _active(
    line: Line, i: int, frame: Frame, reading: Reading, subject: int, order: str, rest: int, passive: bool, memory: int
) -> Iterator[Hit]:
    if frame.need and not any(line.word(k) in frame.need for k in range(i, min(len(line), i + 16))):
        return
    if frame.money and not any(line.label(k) is Label.MONEY for k in range(i, min(len(line), i + 14))):
        return
    doer = agent(line, i + 1)
    if passive:
        if doer >= 0 and order in {"vso", "svo", "relative"}:
            yield from _pair(line, frame, f"{frame.id}.passive", doer, subject, i)
        return
    if doer >= 0:
        return
    if order == "object" and frame.product == "between":
        return
    if order == "object":
        yield from _pair(line, frame, f"{frame.id}.relative_object", subject, rest, i)
        return
    if reading.pronoun and "" in frame.marks and len(frame.marks) == 1:
        return
    target = -1
    for mark in frame.marks:
        if mark:
            target = marked(line, rest, (mark,), loose=frame.loose)
            if (
                target >= 0
                and mark == "ب"
                and frame.relation is Relation.COMMUNICATED_WITH
                and line.label(target) is Label.PLACE
            ):
                target = -1
        elif not reading.pronoun:
            comma = order == "vso" and line.word(rest) == "," and not line.items[min(rest + 1, len(line) - 1)].conj
            target = plain(line, rest + comma, start=frame.loose)
        if target >= 0:
            break
    if target < 0 and order == "vso" and reading.conj and memory >= 0 and memory != subject and "" in frame.marks:
        target, subject, order = subject, memory, "shared"
    if target < 0 and frame.mutual and order in {"vso", "svo"}:
        group = line.together(subject)
        if len(group) > 1:
            yield from _pair(line, frame, f"{frame.id}.joined", group[0], group[1], i, single=True)
        return
    if target >= 0 and target != subject:
        yield from _pair(line, frame, f"{frame.id}.{order}", subject, target, i)


def _pair(
    line: Line, frame: Frame, pattern: str, subject: int, target: int, i: int, *, single: bool = False
) -> Iterator[Hit]:
    """Every joined subject with every joined object."""
    if frame.swap:
        subject, target = target, subject
    lefts = [subject] if single else line.together(subject)
    rights = [target] if single else line.together(target)
    if set(lefts) & set(rights):
        lefts = [subject]
        rights = [r for r in rights if r != subject]
    if frame.product == "between" and any(
        line.label(k) in {Label.PERSON, Label.ORGANIZATION} and k not in line.head and k not in {*lefts, *rights}
        for k in range(min(subject, target), max(subject, target))
    ):
        # A body or a person changes hands: no goods.
        return
    for left in lefts:
        for right in rights:
            a, b = line.items[left], line.items[right]
            if not (a.entity and b.entity and a.entity.label in frame.subjects):
                continue
            if not fits(frame.relation, a.entity, b.entity):
                continue
            qualifiers: Qualifiers = {}
            if frame.kinship:
                qualifiers["kinship"] = frame.kinship
            if frame.product:
                product = _product(line, i, left, right, frame.product)
                if product:
                    qualifiers["product"] = product
            if frame.relation in {Relation.APPOINTED, Relation.DISMISSED}:
                title = _as_title(line, right)
                if title:
                    qualifiers["title"] = title
            yield Hit(pattern, frame.relation, a, b, i, frame=frame.id, qualifiers=qualifiers)


def _product(line: Line, i: int, left: int, right: int, where: str) -> str:
    """The words that name the goods: between verb (or subject) and object, or behind ب after the object."""
    if where == "between":
        k = max((j for j in (i, left, right) if j < max(left, right, i)), default=i) + 1
        stop = max(left, right)
    else:
        k = line.after(max(left, right))
        if prep_at(line, k) != "ب" and not line.word(k).startswith("ب"):
            return ""
        stop = min(len(line), k + 4)
    while k < stop and ((line.word(k) == "" and line.label(k) is Label.NORP) or in_class(line.word(k), "adverbs")):
        k += 1
    words: list[int] = []
    while k < stop:
        item = line.items[k]
        if (
            item.punct
            or item.label in {Label.MONEY, Label.PERSON, Label.ORGANIZATION, Label.PLACE}
            or item.fold in tables().words["prepositions"]
            or in_class(item.fold, "barriers")
        ):
            break
        if where == "between" and item.mention is None and prep_at(line, k) in {"ل", "ب"}:
            break
        words.append(k)
        k += 1
    if not words or len(words) > 5:
        return ""
    out = line.text[line.items[words[0]].start : line.items[words[-1]].end]
    return out[1:] if where == "after" and out.startswith("ب") else out


def _as_title(line: Line, person: int) -> str:
    """``تعيين X مديراً عاماً``, ``في منصب …``: the title given, as written."""
    k = line.after(person)
    if line.word(k) == "في" and line.word(k + 1).startswith("منصب"):
        k += 2
    elif not any(r.core in tables().posts for r in line.readings(k)):
        return ""
    first = k
    while k < min(len(line), first + 5) and not line.items[k].punct and line.items[k].mention is None:
        if k > first and (
            line.word(k) in tables().words["prepositions"]
            or in_class(line.word(k), "barriers")
            or (line.word(k).startswith("ل") and not line.word(k).startswith("لا"))
        ):
            break
        k += 1
    return line.text[line.items[first].start : line.items[k - 1].end] if k > first else ""


def _nouns(line: Line, i: int) -> Iterator[tuple[int, Frame, Reading]]:
    for reading in line.readings(i):
        for words, frame in tables().nouns.get(reading.core, ()):
            if phrase(line, i + 1, words[1:]):
                yield len(words), frame, reading


def _noun(
    line: Line, i: int, n: int, frame: Frame, reading: Reading, state: _State, speeches: tuple[Speech, ...]
) -> Iterator[Hit]:
    if frame.money and not any(line.label(k) is Label.MONEY for k in range(i, min(len(line), i + 14))):
        return
    k = i + n
    # Adjectives of the noun: they have its article or stand bare behind an indefinite one.
    while k < len(line) and k < i + n + 2 and line.word(k).startswith("ال") == reading.article and _adjective(line, k):
        k += 1
    if line.word(k) == "بين":
        first = plain(line, k + 1)
        if first >= 0:
            group = line.together(first)
            if len(group) > 1 and frame.mutual:
                for other in group[1:]:
                    yield from _pair(line, frame, f"{frame.id}.between", first, other, i, single=True)
        return
    between = range(max(state.end, state.control + 1), i)
    near = 0 <= state.control < i and len(between) <= _CONTROL_REACH and reading.prep != "ل"
    near = near and not any(line.items[j].mention or line.items[j].punct for j in between)
    owner = state.owner if near and state.owner >= 0 and state.owner != i else -1
    if near and state.owner < 0 and has_form(line.word(state.control), tables().auxiliary) and i - state.control <= 2:
        doer = agent(line, k)
        target = plain(line, k) if "" in frame.marks else marked(line, k, frame.noun_marks)
        if target < 0 and reading.pronoun:
            target = line.before(state.control)
        if doer >= 0 and target >= 0 and doer != target:
            yield from _pair(line, frame, f"{frame.id}.passive", doer, target, i)
        return
    demonym = k if line.label(k) is Label.NORP and k not in line.used and not line.items[k].prep else -1
    if demonym >= 0 and not reading.pronoun and line.label(k + 1) is not Label.PERSON:
        target = marked(line, k + 1, frame.noun_marks, 6) if frame.noun_marks else -1
        if target >= 0:
            yield from _pair(line, frame, f"{frame.id}.demonym", demonym, target, i)
        return
    if frame.genitive == "none":
        return
    genitive = -1 if reading.pronoun else plain(line, k, start=frame.loose)
    rest = line.after(genitive) if genitive >= 0 else k
    if genitive >= 0:
        doer = agent(line, rest)
        target = marked(line, rest, frame.noun_marks, 6) if frame.noun_marks else -1
        if target >= 0 and target != genitive:
            yield from _pair(line, frame, f"{frame.id}.genitive", genitive, target, i)
        elif doer >= 0 and frame.genitive == "object":
            yield from _pair(line, frame, f"{frame.id}.passive", doer, genitive, i)
        elif owner >= 0 and frame.genitive == "object" and owner != genitive:
            yield from _pair(line, frame, f"{frame.id}.control_genitive", owner, genitive, i)
        return
    if reading.pronoun == "نا":
        return
    if reading.pronoun and owner < 0:
        owner = state.memory
        if owner < 0:
            owner = source_of(speeches, i)
        kind = "his"
        if owner < 0 and in_class(line.word(i - 1), "during"):
            owner = line.before(i - 1)
    elif owner < 0 and in_class(line.word(i - 1), "during"):
        owner, kind = state.memory if state.memory >= 0 else line.before(i - 1), "aside"
    else:
        kind = "control"
    if owner < 0:
        return
    marks = ("من",) if state.receive and near else frame.noun_marks
    target = -1
    for mark in marks:
        target = marked(line, k, (mark,), 8) if mark else plain(line, k)
        if target >= 0:
            break
    if target >= 0 and target != owner:
        left, right = (target, owner) if state.receive and near else (owner, target)
        yield from _pair(line, frame, f"{frame.id}.{kind}", left, right, i)
    elif frame.mutual and kind == "control":
        group = line.together(owner)
        if len(group) == 2:
            yield from _pair(line, frame, f"{frame.id}.joined", group[0], group[1], i, single=True)


def _adjective(line: Line, k: int) -> bool:
    word = line.word(k)
    if not word or line.items[k].punct or word in tables().words["prepositions"] or in_class(word, "barriers"):
        return False
    return not line.title_like(k) and not prep_at(line, k)
