"""Organisations, sites and products: generic heads with what makes them names, quoted names, Latin names."""

from __future__ import annotations

from collections.abc import Iterator

from rawabit.ner.clitics import readings
from rawabit.ner.model import Label
from rawabit.ner.scene import QUOTES, Candidate, Scene
from rawabit.ner.tokens import Kind

__all__ = ["bodies"]

_LONGEST_QUOTE = 6
_LONGEST_RUN = 5
_MINISTRY = "وزاره"
_OF_FOOTBALL = ("لكره", "القدم")
_NEEDS_PLACE = frozenset(
    {"مجلس", "لجنه", "مركز", "مجموعه", "مكتب", "اداره", "سلطه", "صندوق", "دار", "غرفه", "جهاز", "مجمع"}
)


def bodies(scene: Scene) -> Iterator[Candidate]:
    """Names in a sentence that a head announces; candidates may overlap."""
    for i, token in enumerate(scene.tokens):
        if token.kind is Kind.ARABIC:
            for cut, word in readings(token.fold):
                found = list(_headed(scene, i, cut, word))
                if found:
                    yield from found
                    break


def _headed(scene: Scene, i: int, cut: int, word: str) -> Iterator[Candidate]:
    lexicon = scene.lexicon
    if word in lexicon.state:
        yield from _state(scene, i, cut)
    tailed = list(_tail(scene, i, cut, word)) if word in lexicon.tails else []
    yield from tailed
    if word in lexicon.of_place or word in lexicon.site:
        yield from _of_place(scene, i, cut, word)
    if word in lexicon.open_heads and not tailed:
        yield from _open(scene, i, cut, word)
    if word in lexicon.outside:
        yield from _outside(scene, i, lexicon.outside[word])
    elif word in lexicon.open_heads:
        yield from _outside(scene, i, Label.ORGANIZATION)


def _make(scene: Scene, i: int, last: int, label: Label, rule: str, cut: int = 0, end: int | None = None) -> Candidate:
    stop = scene.tokens[last - 1].end if end is None else end
    return Candidate(scene.start(i, cut), stop, label, rule, scene.words(i, last, cut))


def _blank(scene: Scene, i: int) -> bool:
    """Whether only blanks part a token from the one before."""
    return 0 < i < len(scene.tokens) and not scene.text[scene.tokens[i - 1].end : scene.tokens[i].start].strip()


def _state(scene: Scene, i: int, cut: int) -> Iterator[Candidate]:
    """``الحكومة المصرية``, ``القوات الجوية الأمريكية``, ``الاتحاد المصري لكرة القدم``."""
    lexicon, at = scene.lexicon, i + 1
    before = {word for _, word in readings(scene.word(i - 1))}
    if before & (lexicon.tails.keys() | lexicon.open_heads | lexicon.of_place) and _blank(scene, i):
        return  # "وزارة الخارجية الأمريكية": the body is the ministry, and the demonym stays outside
    if (scene.word(i),) in lexicon.tails[_MINISTRY] and before & lexicon.post:
        return  # "وزير الخارجية الأمريكي" is a post
    if scene.word(at) in lexicon.adjective and _blank(scene, at):
        at += 1
    reading = scene.demonyms.get(at)
    if reading and reading.cut == 0 and reading.country and _blank(scene, at) and scene.word(at).startswith("ال"):
        at = reading.last
        if (scene.word(at), scene.word(at + 1)) == _OF_FOOTBALL and not scene.word(i).endswith("دوري"):
            at += 2
        yield _make(scene, i, at, Label.ORGANIZATION, "state", cut)


def _tail(scene: Scene, i: int, cut: int, head: str) -> Iterator[Candidate]:
    """A head with one of its fixed second parts: ``وزارة الدفاع``, ``مجلس النواب``."""
    for words in scene.lexicon.tails[head]:
        if all(scene.word(i + 1 + k) == word for k, word in enumerate(words)):
            yield _make(scene, i, i + 1 + len(words), Label.ORGANIZATION, "tail", cut)
            return


def _of_place(scene: Scene, i: int, cut: int, word: str) -> Iterator[Candidate]:
    """``شرطة دبي``, ``مطار القاهرة الدولي``."""
    match = scene.place(i + 1)
    site = word in scene.lexicon.site
    label = Label.PLACE if site else Label.ORGANIZATION
    if match and match.cut == 0:
        at, end = match.last, match.end
        if scene.word(at) in scene.lexicon.adjective and _blank(scene, at):
            at, end = at + 1, scene.tokens[at].end
        if scene.word(at).startswith("لل") and len(scene.word(at)) > 4 and _blank(scene, at) and not site:
            at, end = at + 1, scene.tokens[at].end
            while scene.word(at).startswith("وال") and not scene.lexicon.everyday(scene.word(at)):
                at, end = at + 1, scene.tokens[at].end
        yield _make(scene, i, at, label, "site" if site else "of_place", cut, end)
    elif site and scene.word(i + 2) in {"الدولي", "الدوليه"} and scene.arabic(i + 1):
        yield _make(scene, i, i + 3, label, "site", cut)


def _open(scene: Scene, i: int, cut: int, head: str) -> Iterator[Candidate]:
    """Official names that run on: ``هيئة الأوراق المالية والسلع``, ``مركز دبي التجاري العالمي``."""
    at, places, purpose, definite = i + 1, 0, 0, 0
    while at < len(scene.tokens) and at - i <= _LONGEST_RUN and _blank(scene, at) and scene.arabic(at):
        word = scene.word(at)
        match = scene.place(at)
        if at in scene.demonyms and (definite or places):
            break
        if match and match.cut == 0 and not places and not definite:
            at, places = match.last, places + 1
        elif word.startswith("ال") and len(word) > 4 and (definite < 2 or purpose):
            if at > i + 1 and word in scene.lexicon.common and not purpose and word not in scene.lexicon.adjective:
                break
            at, definite = at + 1, definite + 1
        elif word.startswith("لل") and len(word) > 4 and (places or definite) and not purpose:
            at, purpose = at + 1, purpose + 1
        elif word.startswith("وال") and len(word) > 5 and definite + purpose and scene.word(at - 1)[:1] in "ال":
            if scene.lexicon.everyday(word) or at + 1 - i > _LONGEST_RUN:
                break
            at, definite = at + 1, definite + 1
        else:
            break
    if at == i + 1 or (head in _NEEDS_PLACE and not (places or purpose)):
        return
    if not (places or purpose) and definite == 1 and scene.word(i + 1) in scene.lexicon.common:
        return
    rule = "open_place" if places else "open_purpose" if purpose else f"open_{min(definite, 2)}"
    yield _make(scene, i, at, Label.ORGANIZATION, rule, cut)


def _outside(scene: Scene, i: int, label: Label) -> Iterator[Candidate]:
    """What a generic head announces: ``شركة «سبيس إكس»``, ``صحيفة The Journal``, ``حزب الوفد``."""
    at = i + 1
    if at in scene.demonyms and scene.demonyms[at].cut == 0:
        at = scene.demonyms[at].last
    if scene.word(at) in QUOTES:
        end = next((k for k in range(at + 1, at + 2 + _LONGEST_QUOTE) if scene.word(k) in QUOTES), None)
        if end and end > at + 1 and scene.tokens[at + 1].kind is not Kind.OTHER:
            yield _make(scene, at + 1, end, label, "quoted")
        return
    if at < len(scene.tokens) and scene.tokens[at].kind is Kind.LATIN:
        yield _make(scene, at, _latin_end(scene, at), label, "latin_headed")
        return
        return
    stop = at
    while at == i + 1 and stop < len(scene.tokens) and stop - at < 3 and scene.arabic(stop) and _blank(scene, stop):
        word = scene.word(stop)
        if scene.lexicon.everyday(word) or stop in scene.demonyms or scene.names.get(stop):
            break
        if not scene.lexicon.outlandish(word):
            break
        stop += 1
    if stop > at:
        yield _make(scene, at, stop, label, "foreign_headed")


def _latin_end(scene: Scene, i: int) -> int:
    """End of a run of Latin words and the numbers between or behind them."""
    at = i + 1
    while at < len(scene.tokens) and scene.tokens[at].kind in {Kind.LATIN, Kind.NUMBER} and _blank(scene, at):
        at += 1
    return at
