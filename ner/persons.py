"""People: given names with what follows them, and what follows titles."""

from __future__ import annotations

from collections.abc import Iterator

from rawabit.ner.clitics import readings
from rawabit.ner.model import Label
from rawabit.ner.scene import Candidate, Scene
from rawabit.ner.tokens import Kind

__all__ = ["people"]

_MOST_PARTS = 5
_FEWEST_LETTERS = 2
_TITLE_REACH = 7
_SURE = 2
_DOUBTFUL = frozenset({"بين", "ام", "لا", "لو", "دو"})


def people(scene: Scene) -> Iterator[Candidate]:
    """Names of people in a sentence; candidates may overlap."""
    lexicon = scene.lexicon
    titled = _titled(scene)
    for i, token in enumerate(scene.tokens):
        if token.kind is not Kind.ARABIC:
            continue
        title = titled.get(i)
        found = _from_given(scene, i, title)
        if found is None and title:
            found = _foreign(scene, i, title)
        if found is None and any(word in lexicon.speech for _, word in readings(scene.word(i - 1))):
            found = _foreign(scene, i, "speech")
        if found:
            yield found


def _titled(scene: Scene) -> dict[int, str]:
    """Tokens at which a title lets one expect a name, with the kind of title."""
    lexicon, out = scene.lexicon, {}
    for i, token in enumerate(scene.tokens):
        kind = _title(scene, token.fold)
        if not kind:
            continue
        at, crossed = i + 1, False
        while at < len(scene.tokens) and at - i <= _TITLE_REACH:
            word = scene.word(at)
            match = scene.names.get(at)
            if (
                word in lexicon.between
                or word in lexicon.portfolio
                or _title(scene, word) == "style"
                or at in scene.demonyms
            ):
                at += 1
            elif match and Label.PERSON not in scene.labels(match) and match.cut == 0 and kind != "style":
                at, crossed = match.last, True
            elif word in {",", "(", "-", '"'} and at > i + 1:
                at, crossed = at + 1, True
            else:
                break
        if at < len(scene.tokens) and at not in out:
            out[at] = "far" if crossed else kind
    return out


def _title(scene: Scene, word: str) -> str:
    for cut, rest in readings(word):
        if rest in scene.lexicon.style and cut < 3:
            return "style"
        if rest in scene.lexicon.post:
            return "post"
    return ""


def _from_given(scene: Scene, i: int, title: str | None) -> Candidate | None:
    """A given name and its family."""
    lexicon = scene.lexicon
    for cut, word in readings(scene.word(i)):
        glued = word.startswith("عبدال") and len(word) > 6
        spaced = word == "عبد" and scene.word(i + 1).startswith("ال")
        kunya = word in {"ابو", "ام"} and cut == 0 and scene.arabic(i + 1) and len(scene.word(i + 1)) > 2
        if not (word in lexicon.given or glued or spaced or (kunya and title)):
            if cut == 0 and (word in lexicon.common or scene.place(i)):
                return None
            continue
        if _preposition(scene, i, word):
            continue
        weak = word in lexicon.weak
        at = i + 2 if spaced or kunya else i + 1
        at, sureness = _family(scene, at, weak, word in lexicon.foreign)
        if at == i + 1 and word in lexicon.common:
            return None
        parts = at - i
        if weak and sureness < _SURE and not title:
            return None
        if parts == 1 and not (title or (scene.word(i - 1) in lexicon.speech and not weak)):
            return None
        if parts == 1 and title == "far":
            return None
        half = "" if sureness == _SURE else "_half"
        rule = f"given{half if parts > 1 else '_alone'}{'_titled' if title else ''}{'_weak' if weak else ''}"
        return _candidate(scene, i, at, cut, rule)
    return None


def _family(scene: Scene, at: int, weak: bool, foreign: bool) -> tuple[int, int]:
    """End of a name after its given part, and how sure its second part is: 0 none, 1 a guess, 2 a name for certain."""
    lexicon = scene.lexicon
    unknown, sure, parts = 0, 0, 1
    while at < len(scene.tokens) and parts < _MOST_PARTS and _joined(scene, at):
        word = scene.word(at)
        if word in lexicon.suffix:
            return at + 1, _SURE
        if word in lexicon.particle and scene.arabic(at + 1) and _joined(scene, at + 1):
            step = 2 if scene.word(at + 1) in lexicon.particle and scene.arabic(at + 2) else 1
            follower = scene.word(at + step)
            doubtful = word in _DOUBTFUL and (weak or follower not in lexicon.given)
            known = follower in lexicon.given or not lexicon.everyday(follower) or word in {"ابو", "ال"}
            if known and not doubtful:
                at, parts, sure = at + step + 1, parts + 1, _SURE
                continue
        if word in lexicon.given and not _preposition(scene, at, word) and (sure or word not in lexicon.nouns):
            certain = not (weak and word in lexicon.weak) or scene.word(at + 1)[:2] == "ال"
            at, parts, sure = at + 1, parts + 1, max(sure, _SURE if certain else 1)
            continue
        if unknown >= 2 or _stops(scene, at):
            break
        definite, outlandish = word.startswith("ال"), lexicon.outlandish(word)
        if unknown == 1 and not (definite and not scene.word(at - 1).startswith("ال")):
            break
        if sure and not definite and not outlandish and not foreign:
            break
        unknown += 1
        sure = max(sure, _SURE if outlandish or _person(scene, at) else 1)
        at, parts = at + 1, parts + 1
    return at, sure


def _person(scene: Scene, at: int) -> bool:
    """Whether a token is the known name of a person."""
    match = scene.names.get(at)
    return match is not None and match.cut == 0 and scene.labels(match) == {Label.PERSON}


def _preposition(scene: Scene, at: int, word: str) -> bool:
    """Whether a name's homograph is spelt as the everyday word: ``على``, not ``علي``."""
    return (
        word in scene.lexicon.homograph
        and scene.text[scene.tokens[at].start : scene.tokens[at].end].rstrip()[-1] != "ي"
    )


def _joined(scene: Scene, at: int) -> bool:
    """Whether a token is an Arabic word that only blanks part from the one before."""
    return scene.arabic(at) and not scene.text[scene.tokens[at - 1].end : scene.tokens[at].start].strip()


def _stops(scene: Scene, at: int) -> bool:
    """Whether a word cannot be part of a name."""
    word = scene.word(at)
    if len(word) < _FEWEST_LETTERS or scene.lexicon.everyday(word):
        return True
    kind = _title(scene, word)
    if kind == "post" or (kind and not (word in scene.lexicon.style and word.startswith("ال"))):
        return True
    if kind and scene.word(at + 1) in scene.lexicon.given:
        return True  # a title of the next name, else a family: محمود السيد
    if at in scene.demonyms and not (scene.word(at - 1) in scene.lexicon.given and word.startswith("ال")):
        return True
    match = scene.names.get(at)
    if match and Label.PERSON not in scene.labels(match) and not any(form.ambiguous for form in match.forms):
        return match.last > at + 1 or match.cut > 0 or not word.startswith("ال")
    if word.startswith(("لل", "وال", "بال", "فال", "كال")) and len(word) > 4:
        return True
    if word[0] == "و" and any(rest in scene.lexicon.given for _, rest in readings(word[1:])):
        return True
    return _verbal(word)


def _verbal(word: str) -> bool:
    """Whether the shape of a word is that of a verb, an adverb or a word with a pronoun."""
    if len(word) >= 5 and not word.endswith("سون") and word.endswith(("ها", "هم", "هما", "تها", "ون", "اته")):
        return True
    if len(word) >= 4 and word.startswith(("سي", "ست")) and len(word) >= 6 and word.endswith(("م", "ل", "ن", "ر", "د")):
        return True
    if len(word) >= 4 and word.startswith(("ا", "ت", "است")) and word.endswith("ت"):
        return True
    return len(word) >= 4 and word.endswith(("يا", "ا")) and word.startswith(("رسم", "حال", "ساب", "مؤ", "نها"))


def _foreign(scene: Scene, i: int, rule: str) -> Candidate | None:
    """Words after a title or a verb of saying that no list holds and that Arabic grammar does not build."""
    at, outlandish = i, 0
    while at < len(scene.tokens) and at - i < 3 and (at == i or _joined(scene, at)):
        word = scene.word(at)
        joins = word in scene.lexicon.particle and scene.arabic(at + 1) and _joined(scene, at + 1)
        if joins and (at > i or scene.lexicon.outlandish(scene.word(at + 1))) and not _stops(scene, at + 1):
            outlandish += scene.lexicon.outlandish(scene.word(at + 1))
            at += 2
            continue
        if not scene.arabic(at) or _stops(scene, at) or at in scene.demonyms or scene.names.get(at):
            break
        if word.startswith("ال") or len(word) < 3:
            break
        if not scene.lexicon.outlandish(word):
            if outlandish or not scene.lexicon.outlandish(scene.word(at + 1)):
                break
        else:
            outlandish += 1
        at += 1
    if not outlandish:
        return None
    return _candidate(scene, i, at, 0, f"foreign_{rule}")


def _candidate(scene: Scene, i: int, at: int, cut: int, rule: str) -> Candidate | None:
    at = min(at, len(scene.tokens))
    if not all(scene.arabic(k) for k in range(i, at)):
        return None
    return Candidate(scene.start(i, cut), scene.tokens[at - 1].end, Label.PERSON, rule, scene.words(i, at, cut))
