"""Claims without a type, for ``--open``: a clear verb that joins two names of one clause, in the text's own words.

Conservative on purpose: a finite verb out of a table (``open.toml``, and the verbs of the frames) or an unmistakable
present form; its subject by the grammar's rules of position, in agreement with the verb; its object directly behind,
after a preposition, or after a noun or two. What the typed claims say already, what is hedged, wished or only said to
be said is left out. After the open extractors (Fader et al. 2011, "Identifying relations for open information
extraction"), with the grammar's tables in place of a part-of-speech tagger.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from rawabit.graph.arguments import agent, find_subject
from rawabit.graph.attribution import Speech, find_speech, name_right, source_of
from rawabit.graph.bodies import find_bodies
from rawabit.graph.clauses import clauses, index_mentions, items_of
from rawabit.graph.frames import load, our_tables, tables
from rawabit.graph.line import Line, has_form, in_class, prep_at
from rawabit.graph.model import Claim, Entity, Relation, make_claim
from rawabit.graph.morph import Reading, conjugate, verb_readings
from rawabit.graph.negation import denied, hedged
from rawabit.graph.posts import find_posts
from rawabit.ner.model import Document, Label, Span
from rawabit.ner.text import fold

__all__ = ["CONFIDENCE", "find_open"]

CONFIDENCE = 0.7
"""Of every such claim: the share that is right. Judged by eye on 40 findings in articles that nothing was tuned on,
with names by ``--fast``, 29 were (0.72); about half of what was wrong began with a wrong name."""

_SUBJECTS = frozenset({Label.PERSON, Label.ORGANIZATION, Label.PLACE})
_OBJECTS = _SUBJECTS | {Label.PRODUCT}
_ORDERS = frozenset({"vso", "svo", "relative"})
_WORDS = 3  # between the verb and the object, apart from the subject
_LEAST_OPEN = 4  # letters of a present form that no table holds


@dataclass(frozen=True, slots=True)
class _Words:
    verbs: frozenset[str]
    plural: frozenset[str]
    nouns: frozenset[str]
    empty: frozenset[str]
    ambiguous: frozenset[str]
    particles: frozenset[str]
    joints: frozenset[str]
    stops: frozenset[str]
    endings: tuple[str, ...]
    wishes: frozenset[str]


@cache
def _words() -> _Words:
    data = load("open.toml")
    t = our_tables()

    def forms(name: str) -> dict[str, bool]:
        return {f: now for pair in data[name] for f, now in conjugate(*pair.split()[-2:]).items()}

    def folded(name: str) -> frozenset[str]:
        return frozenset(fold(word) for word in data[name])

    none = {*forms("empty"), *t.speech, *t.deny, *t.hedge, *t.auxiliary}
    verbs = frozenset({*forms("verbs"), *t.verbs} - none)
    plural = frozenset(form for form in verbs if form.endswith(("وا", "ون", "ان", "تا")))
    return _Words(
        verbs, plural, folded("nouns"), frozenset(none), folded("ambiguous"), folded("particles"), folded("joints"),
        folded("stops"), tuple(sorted(folded("endings"))), folded("wishes"),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Object:
    """The object of a verb: index of the name, and the predicate's words between, as they are written."""

    at: int
    words: tuple[str, ...]


def find_open(
    document: Document, sentences: Sequence[Span], entities: Sequence[Entity], typed: Sequence[Claim]
) -> tuple[Claim, ...]:
    """Claims of type RELATED that the sentences make beside the typed ones.

    Args:
        document: the article.
        sentences: spans in code points, half open, not overlapping.
        entities: of the document.
        typed: what `rawabit.graph.claims.find_claims` found: pairs that it joins in a sentence are left to it.

    Returns:
        At most one a sentence and pair, in order, each with the `predicate` as the text has it among its qualifiers.
    """
    index = index_mentions(entities)
    out: list[Claim] = []
    for span in sorted(sentences):
        joined = {
            frozenset((claim.subject, claim.object))
            for claim in typed
            if claim.start <= span[0] and span[1] <= claim.end
        }
        for items in clauses(tuple(items_of(document.text, span, index))):
            line = Line(items, document.text)
            if sum(1 for _ in line.names()) < 2:
                continue
            for claim in _read(line, document.id, span):
                ends = frozenset((claim.subject, claim.object))
                if ends not in joined:
                    joined.add(ends)
                    out.append(claim)
    return tuple(sorted(out, key=lambda c: (c.start, c.subject_span, c.object_span)))


def _read(line: Line, document: str, span: Span) -> Iterator[Claim]:
    for _ in (*find_posts(line), *find_bodies(line)):
        pass  # they mark in the line which words only modify a name
    speeches = find_speech(line)
    for i in range(len(line)):
        reading = _verb(line, i)
        if reading is None or reading.prep or hedged(line, i) or agent(line, i + 1) >= 0:
            continue
        subject = find_subject(line, i, reading, -1, speeches)
        if reading.conj and i > 1:
            continue  # the name behind it may be its object as well: its subject was named before
        if subject is None or subject.order not in _ORDERS or not _agrees(line, i, reading, subject.at, subject.order):
            continue
        if _in_apposition(line, subject.at, subject.rest) or _doubtful(line, i, reading, subject.at, subject.order):
            continue
        found = _object(line, subject.rest, subject.order)
        if found is None or found.at == subject.at or line.items[found.at].quoted != line.items[i].quoted:
            continue
        if _of_title(line, found.at) or (
            subject.order == "vso" and not found.words and _one_name(line, subject.at, found.at)
        ):
            continue
        yield from _claims(line, i, reading, subject.at, found, speeches, document, span)


def _claims(
    line: Line,
    i: int,
    reading: Reading,
    subject: int,
    found: _Object,
    speeches: tuple[Speech, ...],
    document: str,
    span: Span,
) -> Iterator[Claim]:
    verb = line.text[line.items[i].start + reading.conj : line.items[i].end]
    source = source_of(speeches, i)
    speaker = line.items[source].entity if source >= 0 else None
    lefts = next((row for k in range(subject) if subject in (row := _row(line, k))), line.together(subject))
    rights = line.together(found.at)
    if set(lefts) & set(rights):
        return
    for a in (line.items[k] for k in lefts):
        for b in (line.items[k] for k in rights):
            if a.entity is None or b.entity is None or a.entity.id == b.entity.id:
                continue
            if a.entity.label not in _SUBJECTS or b.entity.label not in _OBJECTS:
                continue
            yield make_claim(
                document,
                span,
                Relation.RELATED,
                ((a.entity, (a.start, a.end)), (b.entity, (b.start, b.end))),
                CONFIDENCE,
                negated=denied(line, i),
                attributed_to=speaker.id if speaker and speaker.id not in {a.entity.id, b.entity.id} else None,
                qualifiers={"predicate": " ".join((verb, *found.words))},
            )


def _verb(line: Line, i: int) -> Reading | None:
    """The reading of the word at `i` as a finite verb that says something of its own; None where it has none."""
    word = line.word(i)
    if not word or line.items[i].punct or line.head.get(i, i) != i or line.title_like(i):
        return None
    words = _words()
    readings = [r for r in verb_readings(word) if not r.pronoun]
    if any(r.core in words.empty for r in readings) or in_class(word, "adverbs"):
        return None
    before = line.word(i - 1)
    if (
        word in tables().words["prepositions"]
        or before in words.wishes
        or before in tables().words["prepositions"]
        or before.startswith("لي")
    ):
        return None
    if before in tables().words["may"] and any(_present(r.core) for r in readings):
        return None
    for reading in readings:
        if reading.core in words.nouns:
            return None
        if reading.core in words.verbs:
            sure = before in words.particles or (reading.core[0] != "ت" and _after_name(line, i))
            if reading.core in words.ambiguous and not sure:
                return None
            return reading
    for reading in readings:
        core = reading.core
        if core[:1] == "ي" and len(core) >= _LEAST_OPEN and core not in words.nouns:
            return None if core.endswith(words.endings) else reading
    return None


def _in_apposition(line: Line, subject: int, rest: int) -> bool:
    """Whether an apposition of the subject may go on at `rest`: no comma has closed it."""
    return line.head.get(rest - 1) == subject and line.word(rest - 1) != "," and line.label(rest - 1) is not Label.NORP


def _doubtful(line: Line, i: int, reading: Reading, subject: int, order: str) -> bool:
    """Whether the subject may be another one: of a title, of an apposition, or the writer in front of the article."""
    if _of_title(line, subject):
        return True
    if order == "relative":
        at = next((k for k in range(i - 1, subject, -1) if in_class(line.word(k), "relatives")), subject)
        last = at - 2 if line.word(at - 1) == "," else at - 1
        masculine = line.word(at).endswith("الذي")
        feminine = reading.core.startswith("ت") if _present(reading.core) else reading.core.endswith("ت")
        clash = masculine and (feminine or _feminine(line, subject))
        return line.label(subject) is Label.PLACE or clash or not (last == subject or line.label(last) is Label.NORP)
    return order == "svo" and any(line.word(k) == ":" for k in range(max(0, subject - 6), subject))


def _of_title(line: Line, name: int) -> bool:
    """Whether a place only says what somebody is head or envoy of: ``حاكم البحرين``."""
    readings = line.readings(name - 1)
    alone = {
        r.core for r in readings if not r.pronoun for words, _ in tables().posts.get(r.core, ()) if len(words) == 1
    }
    return line.label(name) is Label.PLACE and bool(alone)


def _one_name(line: Line, one: int, other: int) -> bool:
    """Whether a subject and a bare object behind it may be one name, or two of one body, that was cut in two."""
    return line.label(one) is line.label(other) and (other == one + 1 or line.label(one) is Label.ORGANIZATION)


def _feminine(line: Line, name: int) -> bool:
    mention = line.items[name].mention
    first = fold(mention.text.split()[0]) if mention and line.label(name) is Label.ORGANIZATION else ""
    return first.endswith("ه")


def _after_name(line: Line, i: int) -> bool:
    """Whether a clause opens with a name right before the word at `i`: ``وزيد قدم …``."""
    name = line.before(i)
    return name == i - 1 and line.label(name) in _SUBJECTS and not line.items[name].prep


def _agrees(line: Line, i: int, reading: Reading, subject: int, order: str) -> bool:
    """Whether verb and subject agree: no plural before its subject, and the gender of the noun that heads it."""
    core = reading.core
    many = len(line.together(subject)) > 1
    if core in _words().plural or (core[:1] == "ي" and core.endswith(("ون", "وا"))):
        return order != "vso" and many
    if order != "vso":
        return True
    head = line.word(i + 1) if subject > i + 1 else ""
    if not head or in_class(head, "adverbs") or in_class(head, "honorifics"):
        return True
    feminine = core[:1] == "ت" if _present(core) else core.endswith("ت")
    return feminine == head.endswith("ه") or not (feminine or head.endswith("ه"))


def _present(core: str) -> bool:
    return core[:1] in "يت" and core not in _words().ambiguous and not core.endswith("ت")


def _object(line: Line, rest: int, order: str) -> _Object | None:
    """The first name behind a verb and its subject, with nothing but a few words of the predicate between."""
    words = _words()
    out: list[str] = []
    noun = joint = False
    k = rest
    while k < len(line) and len(out) <= _WORDS:
        item = line.items[k]
        if item.punct or in_class(item.fold, "barriers") or in_class(item.fold, "relatives"):
            return None
        if item.fold in words.stops:
            return None
        name = -1 if item.fold in tables().words["prepositions"] else name_right(line, k, 0, _OBJECTS)
        if name >= 0:
            return _ended(line, k, name, out, noun, joint)
        if item.mention or has_form(item.fold, tables().speech) or _verb(line, k) is not None:
            return None
        if item.fold in tables().words["prepositions"]:
            if item.fold not in words.joints or joint:
                return None
            joint, noun = True, False
        elif in_class(item.fold, "adverbs"):
            k += 1
            continue
        else:
            if noun and joint:
                return None
            if k == rest and order == "vso" and item.fold.startswith(("لل", "ال")):
                return None  # it hangs on the subject, no less than on the verb
            if item.fold.startswith(("وال", "لي", "لت")) or (item.fold.startswith("و") and out):
                return None  # a row of things, or what it was done for
            noun = True
        out.append(line.text[item.start : item.end])
        k += 1
    return None


def _row(line: Line, k: int) -> list[int]:
    return line.together(k) if line.label(k) in _SUBJECTS else []


def _ended(line: Line, k: int, name: int, out: list[str], noun: bool, joint: bool) -> _Object | None:
    """The object that begins at `k`, unless it only continues a row of words or hangs on the noun before it."""
    item = line.items[name]
    prep = prep_at(line, k) or (item.prep if k == name else "")
    if line.label(name) is Label.NORP or (item.conj and k == name) or prep == "ك":
        return None
    if prep and joint and not noun:
        return None
    if prep == "ل" and k != name and not out:
        return None  # it hangs on the subject, no less than on the verb
    if noun and not prep and (out[-1].startswith("ال") or out[-1].endswith(("اً", "ًا", "ا"))):
        return None  # a definite or an indefinite noun has no genitive behind it
    if noun and not prep and not joint and len(out) > 1:
        return None
    return _Object(name, (*out, prep) if prep else tuple(out))
