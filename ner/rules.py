"""The first tagger: names by gazetteers, word lists and grammar; no model, no network."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from rawabit.ner.bodies import bodies
from rawabit.ner.gazetteer import Form, load
from rawabit.ner.lexicon import Lexicon, lexicon
from rawabit.ner.matcher import Match, matches
from rawabit.ner.model import Document, Label, Mention, Span
from rawabit.ner.persons import people
from rawabit.ner.scene import QUOTES, Candidate, Scene, scene, starts_of
from rawabit.ner.tokens import Kind

__all__ = ["PRECISION", "RuleTagger"]

PRECISION: Mapping[str, float] = {
    "again_body": 0.62,
    "again_person": 0.63,
    "again_quoted": 0.9,
    "demonym": 0.85,
    "family": 0.8,
    "foreign_far": 0.5,
    "foreign_headed": 0.43,
    "foreign_post": 0.44,
    "foreign_speech": 0.9,
    "foreign_style": 0.7,
    "given": 0.78,
    "given_alone": 0.45,
    "given_alone_titled": 0.33,
    "given_alone_titled_weak": 0.67,
    "given_half": 0.63,
    "given_half_titled": 0.86,
    "given_half_titled_weak": 0.85,
    "given_titled": 0.96,
    "given_titled_weak": 0.65,
    "given_weak": 0.66,
    "gloss": 0.5,
    "group": 0.1,
    "latin_headed": 0.75,
    "listed_club_organization": 0.79,
    "listed_headed_organization": 0.72,
    "listed_headed_person": 0.5,
    "listed_headed_place": 0.55,
    "listed_headed_product": 0.7,
    "listed_latin_organization": 0.7,
    "listed_latin_product": 0.6,
    "listed_long_organization": 0.86,
    "listed_long_person": 0.95,
    "listed_long_place": 0.86,
    "listed_long_product": 0.87,
    "listed_organization": 0.78,
    "listed_person": 0.67,
    "listed_place": 0.77,
    "listed_present_organization": 0.6,
    "listed_present_person": 0.8,
    "listed_present_place": 0.8,
    "listed_present_product": 0.6,
    "listed_product": 0.84,
    "listed_quoted_organization": 0.95,
    "listed_titled_person": 0.6,
    "of_place": 0.8,
    "open_1": 0.32,
    "open_2": 0.7,
    "open_place": 0.66,
    "open_purpose": 0.7,
    "quoted": 0.95,
    "site": 0.65,
    "state": 0.94,
    "tail": 0.9,
}
"""Share of right spans and labels that a rule had on 609 annotated news texts (few cases are drawn to the middle):
the confidence of its mentions. What lies below `_LEAST` is not given."""

_UNMEASURED = 0.5
_LEAST = 0.4
_SPORT_WORDS = 3
_CLUB = "club"
_SHORT_LATIN = 3


class RuleTagger:
    """Finds PERSON, ORGANIZATION, PLACE, PRODUCT and NORP mentions.

    Results depend on the document alone. Time is linear in its length.
    """

    name = "rules"
    version = "1"

    def __init__(self) -> None:
        self._gazetteer = load()
        self._lexicon = lexicon()

    def find(self, document: Document, sentences: Sequence[Span]) -> list[Mention]:
        """Mentions in order of start, not overlapping, each inside one sentence.

        Args:
            document: its text may be anything.
            sentences: spans to look at, in order; what is outside them is not read.
        """
        return [
            Mention(
                start=found.start,
                end=found.end,
                text=document.text[found.start : found.end],
                label=found.label,
                confidence=PRECISION.get(found.rule, _UNMEASURED),
            )
            for found in self.candidates(document.text, sentences)
        ]

    def candidates(self, text: str, sentences: Sequence[Span]) -> list[Candidate]:
        """What `find` gives, with the rule that found it."""
        scenes = [scene(text, span, self._lexicon, self._gazetteer) for span in sentences]
        found = [list(_first(one)) for one in scenes]
        known = _known(found, self._lexicon)
        present = frozenset(
            form.entry for one in scenes for m in one.names.values() for form in m.forms if not form.ambiguous
        )
        sport = sum(token.fold in self._lexicon.sport for one in scenes for token in one.tokens) >= _SPORT_WORDS
        out: list[Candidate] = []
        starts = starts_of(known)
        labels = list(known.values())
        for one, first in zip(scenes, found, strict=True):
            again = (
                Candidate(m.start, m.end, labels[m.forms[0].entry][0], labels[m.forms[0].entry][1], m.forms[0].words)
                for m in matches(text, one.tokens, starts)
            )
            taken = _resolve([*first, *_listed(one, sport, present), *again, *_adjectives(one)])
            out.extend(_glossed(one, taken))
        return _consistent(out)


def _consistent(found: Sequence[Candidate]) -> list[Candidate]:
    """One name, one label: the label that speaks for itself most in the document."""
    weight: dict[tuple[str, ...], dict[Label, float]] = {}
    for candidate in found:
        votes = weight.setdefault(candidate.words, {})
        votes[candidate.label] = votes.get(candidate.label, 0.0) + PRECISION.get(candidate.rule, _UNMEASURED)
    best = {words: max(sorted(votes), key=lambda label: votes[label]) for words, votes in weight.items()}
    return [replace(candidate, label=best[candidate.words]) for candidate in found]


def _first(one: Scene) -> Iterator[Candidate]:
    """Names that a sentence by itself makes certain."""
    yield from people(one)
    yield from bodies(one)
    for match in one.names.values():
        form = next((form for form in match.forms if not form.ambiguous), None)
        if form and len(form.words) > 1:
            yield _of(one, match, form, "listed_long")


def _of(one: Scene, match: Match, form: Form, rule: str) -> Candidate:
    entry = one.gazetteer.entries[form.entry]
    label, end, at = entry.label, match.end, match.last
    while entry.kind in one.lexicon.product_kinds and at < len(one.tokens) and end == one.tokens[at - 1].end:
        token, gap = one.tokens[at], one.text[one.tokens[at - 1].end : one.tokens[at].start]
        short = token.kind is Kind.LATIN and len(token.fold) <= _SHORT_LATIN
        if gap.strip() or not (token.kind is Kind.NUMBER or short or token.fold in one.lexicon.product_suffix):
            break
        end, at = token.end, at + 1
    return Candidate(match.start, end, label, f"{rule}_{label.value.lower()}", form.words, form.entry)


def _listed(one: Scene, sport: bool, present: frozenset[int]) -> Iterator[Candidate]:
    """Names of the gazetteer that are one word, or that need a reason: a head, a title, quotes, or a sure name of the
    same thing elsewhere in the document (`present`)."""
    for match in one.names.values():
        sure = [form for form in match.forms if not form.ambiguous]
        if sport:
            clubs = [form for form in match.forms if one.gazetteer.entries[form.entry].kind == _CLUB]
            if clubs and match.cut <= 1 and not _place_head(one, match.first):
                yield _of(one, match, clubs[0], "listed_club" if not sure else "listed")
                continue
        if sure:
            if len(sure[0].words) == 1:
                yield _of(one, match, sure[0], "listed")
            continue
        for form in match.forms:
            reason = _reason(one, match, one.gazetteer.entries[form.entry].label)
            reason = reason or ("present" if form.entry in present else "")
            if reason:
                yield _of(one, match, form, f"listed_{reason}")
                break


def _place_head(one: Scene, i: int) -> bool:
    return one.lexicon.outside.get(_bare_head(one, i - 1)) is Label.PLACE


def _bare_head(one: Scene, i: int) -> str:
    word = one.word(i)
    for head in (word, word[1:], word[2:]):
        if head in one.lexicon.outside or head in one.lexicon.style or head in one.lexicon.post:
            return head
    return word


def _reason(one: Scene, match: Match, label: Label) -> str:
    """Why an ambiguous form may be read as a name of this label here; "" where nothing says so."""
    head = _bare_head(one, match.first - 1)
    quoted = one.word(match.first - 1) in QUOTES
    if quoted and match.last < len(one.tokens) and one.word(match.last) in QUOTES and label is Label.ORGANIZATION:
        return "quoted"
    if quoted:
        head = _bare_head(one, match.first - 2)
    if label is Label.PERSON:
        titled = head in one.lexicon.style or head in one.lexicon.post
        return "titled" if titled and match.cut == 0 else ""
    if one.lexicon.outside.get(head) is label and match.cut == 0:
        return "headed"
    if one.tokens[match.first].kind is Kind.LATIN and label is Label.PRODUCT and head in one.lexicon.on_platform:
        return "headed"
    if one.tokens[match.first].kind is Kind.LATIN and len(match.forms[0].written) > 1:
        return "latin"
    return ""


def _adjectives(one: Scene) -> Iterator[Candidate]:
    for i, found in one.demonyms.items():
        rule = "demonym" if found.country else "group"
        yield Candidate(one.start(i, found.cut), one.tokens[found.last - 1].end, Label.NORP, rule, found.words)


def _known(found: Sequence[Sequence[Candidate]], lexicon: Lexicon) -> dict[tuple[str, ...], tuple[Label, str]]:
    """Names that the document makes known: to be found wherever they stand in it, and families of full names."""
    out: dict[tuple[str, ...], tuple[Label, str]] = {}
    for candidate in (c for row in found for c in row):
        strong = PRECISION.get(candidate.rule, _UNMEASURED) >= 0.6
        words = candidate.words
        if not strong or not words:
            continue
        if candidate.label is Label.PERSON and len(words) > 1:
            out.setdefault(words, (Label.PERSON, "again_person"))
            for part in _families(words, lexicon):
                out.setdefault(part, (Label.PERSON, "family"))
        elif candidate.rule in {"quoted", "latin_headed"}:
            out.setdefault(words, (candidate.label, "again_quoted"))
        elif candidate.label is Label.ORGANIZATION and len(words) > 1:
            out.setdefault(words, (candidate.label, "again_body"))
    return out


def _families(words: tuple[str, ...], lexicon: Lexicon) -> Iterator[tuple[str, ...]]:
    last = words[-1]
    if len(last) < 3 or last in lexicon.suffix or last in lexicon.common:
        return
    if words[-2] in lexicon.particle and words[-2] != "عبد":
        yield words[-2:]
        if words[-2] in {"بن", "ابن", "بنت", "ال", "ابو", "ابي"}:
            return
    if words[-2] == "عبد":
        yield words[-2:]
        return
    yield (last,)
    if words[0] in lexicon.foreign and words[0] not in lexicon.weak and len(words[0]) > 3:
        yield (words[0],)


def _glossed(one: Scene, taken: Sequence[Candidate]) -> Iterator[Candidate]:
    """The names, and Latin words in brackets right behind one: ``ستارلينك (Starlink X)``."""
    ends = {candidate.end: candidate for candidate in taken}
    spans = [candidate.span for candidate in taken]
    out = list(taken)
    for i, token in enumerate(one.tokens[:-2]):
        named = ends.get(token.end)
        if named is None or one.word(i + 1) != "(" or one.tokens[i + 2].kind is not Kind.LATIN:
            continue
        at = i + 3
        while at < len(one.tokens) and one.tokens[at].kind in {Kind.LATIN, Kind.NUMBER}:
            at += 1
        start, end = one.tokens[i + 2].start, one.tokens[at - 1].end
        free = not any(a < end and start < b for a, b in spans)
        if free and one.word(at) == ")" and named.label is not Label.NORP:
            out.append(Candidate(start, end, named.label, "gloss", one.words(i + 2, at)))
    yield from sorted(out, key=lambda candidate: candidate.start)


def _resolve(found: Sequence[Candidate]) -> list[Candidate]:
    """The best candidates that do not overlap: likelier rules and longer spans first."""

    def rank(candidate: Candidate) -> tuple[float, int, int, str]:
        likely = PRECISION.get(candidate.rule, _UNMEASURED)
        tier = 0 if likely >= 0.6 else 1
        norp = candidate.label is Label.NORP
        return tier + 2 * norp, candidate.start - candidate.end, candidate.start, f"{1 - likely:.3f}{candidate.rule}"

    taken: list[Candidate] = []
    spans: set[int] = set()
    for candidate in sorted(found, key=rank):
        if PRECISION.get(candidate.rule, _UNMEASURED) < _LEAST:
            continue
        inside = range(candidate.start, candidate.end)
        if candidate.start < candidate.end and spans.isdisjoint(inside):
            spans.update(inside)
            taken.append(candidate)
    return sorted(taken, key=lambda candidate: candidate.start)
