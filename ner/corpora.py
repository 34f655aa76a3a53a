"""Training texts: gold JSONL and CoNLL files as words with labels, made to look like the news that comes in."""

from __future__ import annotations

import json
import lzma
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from rawabit.ner.model import Span
from rawabit.ner.text import fold, is_arabic
from rawabit.ner.tokens import sentences, tokens

__all__ = ["Word", "augment", "read_conll", "read_gold", "read_raw", "rejoin"]

LONGEST_STRIP = 3
_PREFIXES = frozenset("وفبلكس")
_SUFFIXES = frozenset(("ه", "ها", "هم", "هما", "هن", "نا", "كم", "ي"))
_PLAIN_ALEF = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي"})


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a training text.

    Attributes:
        text: as it is written.
        tag: "O", "B-…" or "I-…"; "" where nobody says.
        strip: letters of clitics before the name that begins in this word; -1 where nobody says.
        latin: on the first word of a name: the name in Latin letters, "" where it has none.
        id: of the entity, "" outside names.
    """

    text: str
    tag: str = "O"
    strip: int = -1
    latin: str = ""
    id: str = ""


Sentence = tuple[Word, ...]


def read_gold(path: Path) -> Iterator[tuple[str, list[Sentence]]]:
    """Ids and sentences of a gold JSONL file; what `ignore` lists is left out."""
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.strip():
            continue
        row = json.loads(line)
        text: str = row["text"]
        names: list[tuple[int, int, str, str, str]] = []
        for entity in row["entities"]:
            kinds = entity.get("mention_types", {})
            english = str(entity.get("name_en") or "")
            for start, end in entity["mentions"]:
                label = str(kinds.get(str(start), entity["type"]))
                whole = text[start:end] == entity["name"] and label not in {"NORP", "MONEY", "DATE"}
                names.append((start, end, label, english if whole and _plain(english) else "", entity["id"]))
        names.sort()
        holes = [(start, end) for start, end in row.get("ignore", [])]
        yield row["id"], [_words(text, span, names) for span in sentences(text, holes)]


def _plain(name: str) -> bool:
    return bool(name) and name.isascii() and all(part.isalpha() and part[0].isupper() for part in name.split())


def _words(text: str, span: Span, names: Sequence[tuple[int, int, str, str, str]]) -> Sentence:
    out: list[Word] = []
    inside = [name for name in names if span[0] <= name[0] < span[1]]
    at = 0
    for token in tokens(text, *span):
        while at < len(inside) and inside[at][1] <= token.start:
            at += 1
        surface = text[token.start : token.end]
        if at == len(inside) or inside[at][0] >= token.end:
            out.append(Word(surface))
            continue
        start, _, label, latin, ident = inside[at]
        if start >= token.start:
            strip = len(fold(text[token.start : start]))
            out.append(Word(surface, f"B-{label}", min(strip, LONGEST_STRIP), latin, ident))
        else:
            out.append(Word(surface, f"I-{label}", id=ident))
    return tuple(out)


def read_conll(path: Path, split_clitics: bool = False) -> list[Sentence]:
    """Sentences of a CoNLL file (word, tab, BIO tag; a blank line between sentences).

    Args:
        path: the file.
        split_clitics: whether its clitics are split off, to be written onto their words again.
    """
    out: list[Sentence] = []
    row: list[Word] = []
    for line in [*path.read_text(encoding="utf-8").splitlines(), ""]:
        if line.strip():
            text, tag = line.rsplit("\t", 1)
            row.append(Word(text, tag))
        elif row:
            out.append(_retokenized(rejoin(row) if split_clitics else row))
            row = []
    return out


def read_raw(path: Path, words: int) -> list[list[Sentence]]:
    """Paragraphs of a text file, one a line, drawn evenly from the whole file.

    Args:
        path: UTF-8, compressed where its name ends in ``.xz``.
        words: about how many to read; 0 for all.
    """
    with lzma.open(path, "rt", encoding="utf-8") if path.suffix == ".xz" else path.open(encoding="utf-8") as file:
        lines = [line for line in file if not line.isspace()]
    total = sum(len(line.split()) for line in lines)
    step = min(max(1, total // words), max(1, len(lines))) if words else 1
    return [
        [tuple(Word(line[t.start : t.end], "") for t in tokens(line, *span)) for span in sentences(line)]
        for line in lines[step - 1 :: step]
    ]


def rejoin(words: Sequence[Word]) -> list[Word]:
    """Write split clitics onto their words again: ``و + قال`` → ``وقال``, ``في + ها`` → ``فيها``.

    >>> [w.text for w in rejoin([Word("و"), Word("روسيا", "B-GPE"), Word("ل"), Word("الصين"), Word("علي"), Word("ها")])]
    ['وروسيا', 'للصين', 'عليها']
    """
    out: list[Word] = []
    held = ""
    for word in words:
        if word.tag == "O" and word.text in _PREFIXES and len(held) < LONGEST_STRIP:
            held += word.text
            continue
        arabic = bool(word.text) and all(map(is_arabic, word.text))
        if not held and out and word.tag == "O" and word.text in _SUFFIXES and is_arabic(out[-1].text[-1]):
            out[-1] = replace(out[-1], text=out[-1].text + word.text)
            continue
        if held and not arabic:
            out.append(Word(held))
            held = ""
        text, strip = word.text, word.strip
        if text.startswith("لال") and len(text) > 4:
            text = "لل" + text[3:]
        if held:
            merged = held.endswith("ل") and text.startswith("ال")
            strip = len(held) + merged if word.tag.startswith("B-") else strip
            text = held + (("ل" + text[2:]) if merged else text)
            held = ""
        out.append(replace(word, text=text, strip=strip))
    if held:
        out.append(Word(held))
    return out


def _retokenized(words: Sequence[Word]) -> Sentence:
    """The words cut as `rawabit.ner.tokens` cuts them."""
    out: list[Word] = []
    for word in words:
        first = True
        for token in tokens(word.text):
            part = word.text[token.start : token.end]
            if first:
                out.append(replace(word, text=part))
            else:
                out.append(Word(part, word.tag.replace("B-", "I-")))
            first = False
    return tuple(out)


def augment(rows: Sequence[Sentence], random: Random) -> list[Sentence]:
    """The same text as another might have typed it: alefs without hamza, names in Latin letters, a ``و`` before a
    name, quotation marks around one. One draw for each entity, so that a text stays consistent."""
    plain = random.random() < 0.2
    latin: dict[str, bool] = {}
    out: list[Sentence] = []
    for row in rows:
        words: list[Word] = []
        skip = False
        for i, word in enumerate(row):
            if word.tag.startswith("I-") and skip:
                continue
            skip = False
            if word.tag.startswith("B-") and word.latin and latin.setdefault(word.id, random.random() < 0.08):
                skip = True
                clitic = word.text[: word.strip] if word.strip > 0 else ""
                if clitic:
                    words.append(Word(clitic))
                tag = word.tag
                for token in tokens(word.latin):
                    words.append(Word(word.latin[token.start : token.end], tag, 0))
                    tag = word.tag.replace("B-", "I-")
                continue
            text, strip = word.text, word.strip
            if strip == 0 and is_arabic(text[0]) and i and not text.startswith("و") and random.random() < 0.02:
                text, strip = "و" + text, 1
            if plain or random.random() < 0.01:
                text = text.translate(_PLAIN_ALEF)
            words.append(replace(word, text=text, strip=strip))
        out.append(tuple(_quoted(words, random)))
    return out


def _quoted(words: Sequence[Word], random: Random) -> Iterator[Word]:
    open_ = False
    for word in words:
        if open_ and not word.tag.startswith("I-"):
            yield Word("”")
            open_ = False
        if word.tag.startswith("B-") and word.strip == 0 and random.random() < 0.015:
            yield Word("“")
            open_ = True
        yield word
    if open_:
        yield Word("”")
