"""Light morphology: the forms of a verb, and the readings of a written word.

Everything works on folded text (`rawabit.ner.text.fold`), without diacritics: an active and a passive past look
alike (``عين``), and a final alef maqsura is a ya.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from rawabit.ner.text import fold

__all__ = ["Reading", "conjugate", "readings", "verb_readings"]

_PRONOUNS = ("هما", "كما", "هم", "هن", "ها", "نا", "كم", "ه")
_WEAK = frozenset("اي")


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a written word.

    Attributes:
        core: without clitics and article.
        conj: whether و or ف is attached.
        prep: attached preposition: ب, ل, ك or "".
        article: whether it has ال.
        pronoun: attached pronoun or "".
    """

    core: str
    conj: bool = False
    prep: str = ""
    article: bool = False
    pronoun: str = ""


def conjugate(past: str, present: str) -> dict[str, bool]:
    """Third-person forms of a verb, folded; the value says whether the form is a present one.

    Args:
        past: third person masculine singular, ``انتقد``, ``دعا``, ``نفى``.
        present: the same, ``ينتقد``, ``يدعو``, ``ينفي``.

    >>> sorted(f for f, now in conjugate("زار", "يزور").items() if now)
    ['تزر', 'تزور', 'تزوران', 'تزورون', 'يزر', 'يزور', 'يزوران', 'يزورون']
    >>> sorted(f for f, now in conjugate("نفى", "ينفي").items() if not now)
    ['نفت', 'نفتا', 'نفوا', 'نفي', 'نفيا']
    """
    past, present = fold(past), fold(present)
    out: dict[str, bool] = {}
    for body in (present, "ت" + present[1:]):
        stem = body[:-1] if body[-1] in "يوا" else body
        short = body[:-2] + body[-1] if len(body) > 3 and body[-2] in "اوي" and body[-1] not in "يوا" else stem
        for form in (body, short, stem + "ون", (body if body[-1] != "ا" else stem + "ي") + "ان"):
            out[form] = True
    if past[-1] in _WEAK:
        stem = past[:-1]
        dual = "يا" if past[-1] == "ي" else "وا"
        forms = [past, stem + "ت", stem + "تا", stem + "وا", stem + dual]
    else:
        forms = [past + ending for ending in ("", "ت", "ا", "تا", "وا")]
    out.update((form, False) for form in forms)
    return out


@lru_cache(maxsize=65536)
def readings(word: str) -> tuple[Reading, ...]:
    """Readings of a folded noun, the fewest clitics first.

    >>> [(r.core, r.prep, r.article) for r in readings("للرئيس")][:2]
    [('للرئيس', '', False), ('رئيس', 'ل', True)]
    >>> Reading("زوجه", conj=True, pronoun="ه") in readings("وزوجته")
    True
    """
    out = [Reading(word)]
    stems = [(word, False)]
    if len(word) > 3 and word[0] in "وف":
        stems.append((word[1:], True))
    for stem, conj in stems:
        heads = [(stem, "")]
        if stem.startswith("لل") and len(stem) > 4:
            heads.append(("ال" + stem[2:], "ل"))
        elif len(stem) > 3 and stem[0] in "بلك":
            heads.append((stem[1:], stem[0]))
        for head, prep in heads:
            article = head.startswith("ال") and len(head) > 4
            for core, has in ((head[2:], True), (head, False)) if article else ((head, False),):
                out.append(Reading(core, conj, prep, has))
                if core.endswith("ا") and len(core) > 3:
                    out.append(Reading(core[:-1], conj, prep, has))
                if not has:
                    out.extend(_pronouns(core, conj, prep))
    return tuple(dict.fromkeys(out))


def _pronouns(core: str, conj: bool, prep: str) -> list[Reading]:
    out = []
    for pronoun in _PRONOUNS:
        if core.endswith(pronoun) and len(core) - len(pronoun) >= 2:
            bare = core[: -len(pronoun)]
            out.append(Reading(bare, conj, prep, False, pronoun))
            if bare.endswith("ت"):
                out.append(Reading(bare[:-1] + "ه", conj, prep, False, pronoun))
            if bare.endswith("ي"):
                out.append(Reading(bare[:-1] + "ء", conj, prep, False, pronoun))
    return out


@lru_cache(maxsize=65536)
def verb_readings(word: str) -> tuple[Reading, ...]:
    """Readings of a folded word as a verb form: with و or ف, future س (kept apart as ``prep``), object pronoun.

    >>> [r.core for r in verb_readings("وسيلتقيه") if r.pronoun]
    ['وسيلتقي', 'سيلتقي', 'يلتقي']
    """
    stems = [(word, False)]
    if len(word) > 3 and word[0] in "وف":
        stems.append((word[1:], True))
    out: list[Reading] = []
    for stem, conj in stems:
        heads = [(stem, "")]
        if len(stem) > 4 and stem[0] == "س" and stem[1] in "يت":
            heads.append((stem[1:], "س"))
        for head, future in heads:
            out.append(Reading(head, conj, future))
            for pronoun in _PRONOUNS:
                if head.endswith(pronoun) and len(head) - len(pronoun) >= 3:
                    bare = head[: -len(pronoun)]
                    out.append(Reading(bare, conj, future, False, pronoun))
                    if bare.endswith("ا"):
                        out.append(Reading(bare[:-1] + "ي", conj, future, False, pronoun))
    return tuple(dict.fromkeys(out))
