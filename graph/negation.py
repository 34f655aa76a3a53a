"""What a clause denies, and what it only wishes, expects or supposes."""

from __future__ import annotations

from rawabit.graph.frames import tables
from rawabit.graph.line import Line, has_form, in_class, phrase
from rawabit.graph.morph import verb_readings

__all__ = ["denied", "hedged"]

_REACH = 9
_ASIDE = 3


def denied(line: Line, i: int) -> bool:
    """Whether the verb or noun at `i` is negated: by a particle before it, or inside the scope of a denial.

    The scope of a denial (``نفى أن``) runs to the next semicolon or full stop, or to ``بل`` and ``لكن``.
    """
    negative = False
    for k in range(i - 1, max(-1, i - 1 - _ASIDE), -1):
        word = line.word(k)
        if not word or line.items[k].punct:
            break
        if in_class(word, "negators"):
            if word in {"ما", "غير"} and k != i - 1:
                break
            negative = True
            break
        light = in_class(word, "adverbs") or in_class(word, "barriers") or in_class(word, "may")
        if not light and k != i - 1:
            break
    for k in range(i - 1, -1, -1):
        word = line.word(k)
        if (
            word == ","
            and line.word(k + 1)[:1] == "و"
            and has_form(line.word(k + 1), {**tables().speech, **dict.fromkeys(tables().verbs, True)})
        ):
            break
        if word in {";", ".", "?", "!"} or (in_class(word, "starters") and word.lstrip("و") in {"بل", "لكن"}):
            break
        if (
            has_form(word, tables().deny)
            or in_class(word, "deny_nouns")
            or any(phrase(line, k, p) for p in tables().phrases["deny_phrases"])
        ):
            return not negative
    return negative


def hedged(line: Line, i: int) -> bool:
    """Whether the clause before `i` makes it a wish, a plan, an expectation or a condition."""
    now = any(present for r in verb_readings(line.word(i)) for _, present, _ in tables().verbs.get(r.core, ()))
    if in_class(line.word(i - 1), "may") and now and not line.word(i).startswith("س"):
        return True
    for k in range(i - 1, max(-1, i - 1 - _REACH), -1):
        word = line.word(k)
        if not word:
            continue
        if line.items[k].punct and word != '"':
            return False
        if in_class(word, "hedges") or has_form(word, tables().hedge):
            return True
        if in_class(word, "relatives"):
            return False
        if any(r.core in tables().words["hedges"] and r.prep != "ك" for r in line.readings(k)):
            return True
    return False
