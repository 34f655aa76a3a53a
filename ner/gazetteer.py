"""Names that everybody knows: places, organisations, people, products, and the adjectives made from places.

The tables (``ner/data/places.toml`` and its neighbours) were written for this project from common knowledge. They
hold one row a thing, columns between bars; two marks stand before a form: ``?`` (an everyday word or another
name too: a text must give a reason to read it so) and ``~`` (another entry of the same label shares it).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from rawabit.ner.model import Label
from rawabit.ner.tables import load_table
from rawabit.ner.text import fold
from rawabit.ner.tokens import Kind, tokens

__all__ = ["Entry", "Form", "Gazetteer", "bare", "load"]

TABLES = (
    ("places", Label.PLACE),
    ("organizations", Label.ORGANIZATION),
    ("people", Label.PERSON),
    ("products", Label.PRODUCT),
)
_ARTICLE = "ال"
_PLAIN = re.compile("[\u0621-\u063a\u0641-\u064a ]+")


@dataclass(frozen=True, slots=True)
class Entry:
    """A thing that many texts name.

    Attributes:
        key: stable slug, unique among all entries.
        label: PLACE, ORGANIZATION, PERSON or PRODUCT.
        name_ar, name_en: the usual Arabic and English name.
        aliases: other names and spellings, Arabic and Latin, machine-translated forms and acronyms among them.
        wikidata: Q-number, where it is certain.
        country: ISO 3166-1 alpha-2: a country's own, otherwise where the thing belongs.
        kind: the table it stands in: "country", "capital", "city", "company", "media", "leader", …
    """

    key: str
    label: Label
    name_ar: str
    name_en: str
    aliases: tuple[str, ...] = ()
    wikidata: str | None = None
    country: str | None = None
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """One way to write an entry.

    Attributes:
        words: folded tokens.
        written: as the table has it.
        entry: index into `Gazetteer.entries`.
        ambiguous: a text must give a reason to read it so.
        shared: another entry of the same label is written so too.
    """

    words: tuple[str, ...]
    written: str
    entry: int
    ambiguous: bool
    shared: bool


class Gazetteer:
    """All entries with their forms and demonyms.

    Attributes:
        entries: in the order of the tables.
        starts: folded first token to the forms that begin with it, longest first.
        demonym_starts: folded first words of the demonyms of two words.
        homographs: folded adjectives that are other words when they end in alef maqsura.
    """

    def __init__(
        self,
        entries: Iterable[Entry],
        forms: Iterable[Form],
        demonyms: Mapping[str, str],
        groups: Mapping[str, bool],
        homographs: Iterable[str] = (),
    ) -> None:
        self.entries = tuple(entries)
        self.starts: dict[str, list[Form]] = {}
        self._names: dict[str, list[int]] = {}
        self._bare: dict[str, list[int]] = {}
        for form in forms:
            self.starts.setdefault(form.words[0], []).append(form)
            self._names.setdefault(" ".join(form.words), []).append(form.entry)
            self._bare.setdefault(" ".join(map(bare, form.words)), []).append(form.entry)
        for rows in self.starts.values():
            rows.sort(key=lambda form: (-len(form.words), form.entry))
        by_key = {entry.key: entry for entry in self.entries}
        self._demonyms = {word: by_key[key] for word, key in demonyms.items()}
        self._groups = dict(groups)
        self.demonym_starts = frozenset(word.split(" ")[0] for word in self._demonyms if " " in word)
        self.homographs = frozenset(homographs)

    def candidates(self, name: str) -> tuple[Entry, ...]:
        """All entries that are written so, in the order of the tables; the article and spelling variants of
        `rawabit.ner.text.fold` aside. Exact forms win over forms without an article."""
        words = [token.fold for token in tokens(name)]
        found = self._names.get(" ".join(words)) or self._bare.get(" ".join(map(bare, words))) or []
        return tuple(self.entries[i] for i in dict.fromkeys(found))

    def lookup(self, name: str, label: Label | None = None) -> Entry | None:
        """The first entry that is written so.

        Args:
            name: in any spelling, Arabic or Latin, with or without its article.
            label: only entries of this label.

        >>> load().lookup("صين").key, load().lookup("Elon Musk", Label.PERSON).name_ar
        ('china', 'إيلون ماسك')
        """
        return next((entry for entry in self.candidates(name) if label in (None, entry.label)), None)

    def demonym(self, word: str) -> Entry | None:
        """The country, region or continent that a nationality adjective denotes, in any of its forms.

        >>> [load().demonym(word).key for word in ("الروسي", "روسية", "الروس", "روسيات")]
        ['russia', 'russia', 'russia', 'russia']
        """
        return self._demonyms.get(fold(word).strip())

    def group(self, word: str) -> bool | None:
        """Whether an adjective of religion, politics or people, which denotes no place, is one for certain (True)
        or an everyday word as often (False); None where it is none."""
        return self._groups.get(fold(word).strip())


def bare(word: str) -> str:
    """A folded word without its article."""
    return word[2:] if word.startswith(_ARTICLE) and len(word) > 4 else word


@lru_cache(maxsize=1)
def load() -> Gazetteer:
    """The gazetteer of the tables in ``ner/data``; read once."""
    entries: list[Entry] = []
    forms: list[Form] = []
    for name, label in TABLES:
        for kind, rows in load_table(name).items():
            for row in rows.strip().splitlines():
                entry, marked = _entry(row, label, kind)
                forms.extend(_forms(marked, len(entries)))
                entries.append(entry)
    places = {form.words[0] for form in forms if len(form.words) == 1 and entries[form.entry].label is Label.PLACE}
    data = load_table("demonyms")
    demonyms = {
        word: key
        for key, stems in data["nisba"].items()
        for stem in stems.split()
        for word in _inflected(stem)
        if word not in places
    }
    for key, words in data["plural"].items():
        for word in map(fold, words.split()):
            demonyms.update({word: key, _ARTICLE + word: key})
    weak = {form for word in data["group"]["weak"].split() for form in (*_inflected(word), fold(word))}
    groups = {form: form not in weak for word in data["group"]["nisba"].split() for form in _inflected(word)}
    for word in map(fold, data["group"]["plural"].split()):
        groups.update({word: word not in weak, _ARTICLE + word: word not in weak})
    return Gazetteer(entries, forms, demonyms, groups, map(fold, data["group"]["homograph"].split()))


def _entry(row: str, label: Label, kind: str) -> tuple[Entry, list[str]]:
    """The entry of a row, and its forms with their marks."""
    columns = [column.strip() for column in row.split("|")]
    columns += [""] * (5 - len(columns))
    name, english, others, country, wikidata = columns[:5]
    english, _, key = english.partition(" =")
    aliases = [alias.strip() for alias in others.split(";") if alias.strip()]
    return Entry(
        key=key or _slug(english),
        label=label,
        name_ar=name.lstrip("?~"),
        name_en=english,
        aliases=tuple(alias.lstrip("?~") for alias in aliases),
        wikidata=wikidata or None,
        country=country or None,
        kind=kind,
    ), [name, *aliases]


def _slug(name: str) -> str:
    plain = name.casefold()
    if not plain.isascii():
        plain = "".join(c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c))
    return re.sub(r"[^a-z0-9]+", "-", plain.replace("'", "").replace("+", "-plus")).strip("-")


def _forms(marked: Iterable[str], entry: int) -> Iterator[Form]:
    seen = set()
    for written in marked:
        name = written.lstrip("?~")
        if _PLAIN.fullmatch(name):  # most rows: no need of the tokenizer
            split, latin = tuple(fold(name).split()), False
        else:
            found = list(tokens(name))
            split, latin = tuple(token.fold for token in found), found[0].kind is Kind.LATIN
        for words in _spacings(split):
            # A single Latin letter or Arabic pair says nothing by itself.
            ambiguous = "?" in written[:2] or (len(words) == 1 and len(words[0]) < 2)
            key = (*words, name) if latin else words
            if words and key not in seen:
                seen.add(key)
                yield Form(words, name, entry, ambiguous, "~" in written[:2])


def _spacings(words: tuple[str, ...]) -> list[tuple[str, ...]]:
    """A name with ``عبد الله`` and with ``عبدالله``: writers do either."""
    for i, word in enumerate(words[:-1]):
        if word == "عبد" and words[i + 1].startswith(_ARTICLE):
            return [words, (*words[:i], word + words[i + 1], *words[i + 2 :])]
    for i, word in enumerate(words):
        if word.startswith("عبدال") and len(word) > 6:
            return [words, (*words[:i], "عبد", word[3:], *words[i + 1 :])]
    return [words]


_ENDINGS = ("ي", "يه", "يين", "يون", "يان", "يات", "يتين", "يتان", "يا")
_INDEFINITE_ENDING = "يا"


def _inflected(stem: str) -> Iterator[str]:
    """All forms of a nisba adjective, folded: genders, numbers, cases, with and without the article.

    A stem of two words (underscore between) agrees in both; a first part that is no adjective stays as it is.
    """
    parts = [fold(part) for part in stem.split("_")]
    for ending in _ENDINGS:
        inner = [part[:-1] + ending if part.endswith("ي") else part for part in parts]
        yield " ".join(inner)
        if ending == _INDEFINITE_ENDING:
            continue
        if all(part.endswith("ي") for part in parts):
            yield " ".join(_ARTICLE + part for part in inner)
        else:
            for first, last in product(("", _ARTICLE), repeat=2):
                yield " ".join([first + inner[0], *inner[1:-1], last + inner[-1]])
