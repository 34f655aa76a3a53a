"""What the rules look at: the tokens of a sentence with the gazetteer's reading of each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from rawabit.ner.clitics import readings
from rawabit.ner.gazetteer import Form, Gazetteer, bare
from rawabit.ner.lexicon import Lexicon
from rawabit.ner.matcher import Match, letter_offset, matches
from rawabit.ner.model import Label, Span
from rawabit.ner.text import fold
from rawabit.ner.tokens import Kind, Token, tokens

__all__ = ["QUOTES", "Candidate", "Demonym", "Scene", "scene", "starts_of"]

QUOTES = frozenset("\"'")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A run of text that a rule takes for a name.

    Attributes:
        start, end: code points, half open.
        label: what kind of thing.
        rule: name of the rule; its precision is in `rawabit.ner.rules`.
        words: folded words of the name as they would stand elsewhere, with a merged article given back.
        entry: index of the gazetteer's entry, where it is one.
    """

    start: int
    end: int
    label: Label
    rule: str
    words: tuple[str, ...]
    entry: int | None = None

    @property
    def span(self) -> Span:
        return self.start, self.end


@dataclass(frozen=True, slots=True)
class Demonym:
    """An adjective of nationality or people.

    Attributes:
        cut: folded letters that are clitics.
        country: whether it denotes a country, region or continent.
        last: index behind its last token.
        words: folded.
    """

    cut: int
    country: bool
    last: int
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scene:
    """One sentence.

    Attributes:
        text: the document's.
        tokens: of the sentence, without tatweel or marks standing alone.
        names: token index to the longest known name that begins there.
        demonyms: token index to the nationality adjective that begins there; the second word of one of two
            words has an entry of its own, which denotes nothing.
    """

    text: str
    tokens: tuple[Token, ...]
    lexicon: Lexicon
    gazetteer: Gazetteer
    names: Mapping[int, Match] = field(default_factory=dict)
    demonyms: Mapping[int, Demonym] = field(default_factory=dict)

    def word(self, i: int) -> str:
        """Folded token, or "" outside the sentence."""
        return self.tokens[i].fold if 0 <= i < len(self.tokens) else ""

    def arabic(self, i: int) -> bool:
        return 0 <= i < len(self.tokens) and self.tokens[i].kind is Kind.ARABIC

    def start(self, i: int, cut: int = 0) -> int:
        return letter_offset(self.text, self.tokens[i], cut)

    def labels(self, match: Match) -> set[Label]:
        return {self.gazetteer.entries[form.entry].label for form in match.forms}

    def place(self, i: int) -> Match | None:
        """A known place that begins at a token."""
        match = self.names.get(i)
        return match if match and Label.PLACE in self.labels(match) else None

    def words(self, first: int, last: int, cut: int = 0) -> tuple[str, ...]:
        """Folded words of tokens ``first:last``, the first one without its clitics."""
        out = [token.fold for token in self.tokens[first:last]]
        if cut:
            out[0] = next((rest for size, rest in readings(out[0]) if size == cut), out[0])
        return tuple(out)


def scene(text: str, span: Span, lexicon: Lexicon, gazetteer: Gazetteer) -> Scene:
    """Read a sentence: tokens, known names, demonyms."""
    found = tuple(token for token in tokens(text, *span) if token.fold)
    names: dict[int, Match] = {}
    for headed in matches(text, found, gazetteer.starts):
        match = _headless(found, headed, lexicon, gazetteer)
        names.setdefault(match.first, match)
    return Scene(text, found, lexicon, gazetteer, names, _demonyms(text, found, gazetteer))


def _headless(found: Sequence[Token], match: Match, lexicon: Lexicon, gazetteer: Gazetteer) -> Match:
    """``حركة طالبان`` is found as one name, but its generic head stays outside."""
    form = match.forms[0]
    named = gazetteer.entries[form.entry].name_ar
    if len(form.words) == 1 or form.words[0] not in lexicon.outside or fold(named).startswith(form.words[0] + " "):
        return match
    rest = form.words[1:]
    if not any(other.words == rest and other.entry == form.entry for other in gazetteer.starts.get(rest[0], ())):
        return match
    first = match.first + 1
    return Match(
        found[first].start, match.end, first, match.last, (Form(rest, " ".join(rest), form.entry, False, False),)
    )


def starts_of(names: Iterable[tuple[str, ...]]) -> dict[str, list[Form]]:
    """Names of a document as `matches` wants them; the form's entry is the index of its name."""
    out: dict[str, list[Form]] = {}
    for i, words in enumerate(names):
        out.setdefault(words[0], []).append(Form(words, " ".join(words), i, False, False))
    for rows in out.values():
        rows.sort(key=lambda form: (-len(form.words), form.entry))
    return out


def _demonyms(text: str, found: Sequence[Token], gazetteer: Gazetteer) -> dict[int, Demonym]:
    out: dict[int, Demonym] = {}
    for i, token in enumerate(found):
        if token.kind is not Kind.ARABIC or len(token.fold) < 3 or i in out:
            continue
        follower = found[i + 1].fold if i + 1 < len(found) else ""
        for cut, word in readings(token.fold):
            if text[token.end - 1] == "ى" and bare(word) in gazetteer.homographs:
                break
            if follower and word in gazetteer.demonym_starts and gazetteer.demonym(f"{word} {follower}"):
                out[i] = Demonym(cut, True, i + 2, (word, follower))
                out[i + 1] = Demonym(0, False, i + 2, (follower,))
                break
            if gazetteer.demonym(word):
                out[i] = Demonym(cut, True, i + 1, (word,))
                break
            sure = gazetteer.group(word)
            if sure is not None:
                if sure:
                    out[i] = Demonym(cut, False, i + 1, (word,))
                break
    return out
