"""``docs.jsonl``: what each document says by itself, one line each, in the schema of the gold files plus ours.

``rawabit/graph/data/docs.schema.json`` is the JSON Schema of a line.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from rawabit.graph.model import Claim, Entity, Extraction, Qualifier, Relation, content_id, text_hash
from rawabit.loaders.addresses import address_key
from rawabit.loaders.problems import Problem
from rawabit.ner.model import Bound, Date, Document, Label, Mention, Money, Span

_LINE_ENDS = {0x85: "\\u0085", 0x2028: "\\u2028", 0x2029: "\\u2029"}
"""Some readers (`str.splitlines`) end a line here; inside a JSON string the escape says the same."""

_HEAD_KEY = re.compile('"(id|text|title|source|url)":(?=")')
_NEXT_KEY = re.compile('"(?:published|extra|entities)":')
"""How `to_json` begins a line, and what follows that beginning."""

__all__ = ["SCHEMA", "dumps", "from_json", "latest_lines", "loads", "read_extractions", "to_json"]

SCHEMA = 1
"""Version of the schema; a line of another version is refused."""


def _number(value: Decimal) -> int | float | str:
    """The JSON number of a decimal; its digits as a string where a double would change them."""
    if value == value.to_integral_value() and abs(value) < Decimal(2) ** 63:
        return int(value)
    return float(value) if Decimal(repr(float(value))) == value else format(value, "f")


def _decimal(value: object) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError(f"not a number: {value!r}")
    number = Decimal(str(value))
    if not number.is_finite():
        raise ValueError(f"not a finite number: {value!r}")
    return number


def to_json(extraction: Extraction) -> dict[str, Any]:
    """The line of an extraction as a dict ready for `json.dumps`."""
    document = extraction.document
    out: dict[str, Any] = {"id": document.id, "text": document.text}
    for key in ("title", "source", "url", "published"):
        if getattr(document, key) is not None:
            out[key] = getattr(document, key)
    if document.extra:
        out["extra"] = dict(document.extra)
    out["entities"] = [_entity_json(e) for e in extraction.entities]
    out["relations"] = [_claim_json(c) for c in extraction.claims]
    out["ignore"] = [list(span) for span in extraction.ignored]
    out["sentences"] = [list(span) for span in extraction.sentences]
    out["sha256"] = text_hash(document.text)
    out["version"] = extraction.version
    out["schema"] = SCHEMA
    return out


def _entity_json(entity: Entity) -> dict[str, Any]:
    out: dict[str, Any] = {"id": entity.id, "type": str(entity.label), "name": entity.name}
    for key in ("name_ar", "name_en", "wikidata"):
        if getattr(entity, key) is not None:
            out[key] = getattr(entity, key)
    out["mentions"] = [list(m.span) for m in entity.mentions]
    kinds = {str(m.start): str(m.label) for m in entity.mentions if m.label is not entity.label}
    if kinds:
        out["mention_types"] = kinds
    out["confidences"] = [round(m.confidence, 4) for m in entity.mentions]
    if isinstance(entity.value, Money):
        out["amount"] = _number(entity.value.amount)
        out["currency"] = entity.value.currency
        if entity.value.candidates:
            out["candidates"] = list(entity.value.candidates)
        out["bound"] = str(entity.value.bound)
        bounds = {
            str(m.start): str(m.value.bound)
            for m in entity.mentions
            if isinstance(m.value, Money) and m.value.bound is not entity.value.bound
        }
        if bounds:
            out["mention_bounds"] = bounds
    elif isinstance(entity.value, Date):
        value = entity.value
        out["date"] = {
            "start": value.start.isoformat() if value.start else None,
            "end": value.end.isoformat() if value.end else None,
            "calendar": value.calendar,
        }
    return out


def _claim_json(claim: Claim) -> dict[str, Any]:
    out: dict[str, Any] = {
        "id": claim.id,
        "subject": claim.subject,
        "type": str(claim.relation),
        "object": claim.object,
        "evidence": [claim.start, claim.end],
        "subject_mention": list(claim.subject_span),
        "object_mention": list(claim.object_span),
        "confidence": round(claim.confidence, 4),
        "negated": claim.negated,
    }
    if claim.attributed_to is not None:
        out["attributed_to"] = claim.attributed_to
    if claim.qualifiers:
        out["qualifiers"] = {k: _number(v) if isinstance(v, Decimal) else v for k, v in claim.qualifiers.items()}
    return out


def from_json(row: Mapping[str, Any]) -> Extraction:
    """The inverse of `to_json`; also reads gold files, which lack what we add.

    Raises:
        ValueError: when the row is not such a line; says what is wrong.
    """
    try:
        if row.get("schema", SCHEMA) != SCHEMA:
            raise ValueError(f"schema {row['schema']}, this program reads {SCHEMA}")
        text = row["text"]
        if not isinstance(text, str):
            raise ValueError("text is not a string")
        document = Document(
            id=str(row["id"]),
            text=text,
            title=_optional(row, "title"),
            source=_optional(row, "source"),
            url=_optional(row, "url"),
            published=_optional(row, "published"),
            extra=dict(row.get("extra", {})),
        )
        entities = tuple(_entity(e, text) for e in row["entities"])
        first = {e.id: e.mentions[0].span for e in entities}
        if len(first) < len(entities):
            raise ValueError("two entities of one id")
        claims = tuple(_claim(c, document, first) for c in row["relations"])
        if len({c.id for c in claims}) < len(claims):
            raise ValueError("two relations of one id")
        dates = {e.id for e in entities if e.label is Label.DATE}
        if any(c.subject in dates or c.object in dates for c in claims):
            raise ValueError("relation: a date is no end of one")
        sentences, ignored = (
            tuple(_span(span, text, key) for span in row.get(key, [])) for key in ("sentences", "ignore")
        )
    except KeyError as error:
        raise ValueError(f"no {error.args[0]!r}") from None
    except (TypeError, AttributeError, ArithmeticError) as error:
        raise ValueError(f"not a line of docs.jsonl: {error}") from None
    return Extraction(document, entities, claims, sentences, ignored, str(row.get("version", "")))


def _optional(row: Mapping[str, Any], key: str) -> str | None:
    value = row.get(key)
    if value is not None and not isinstance(value, str):
        raise ValueError(f"{key} is not a string")
    return value


def _span(value: Any, text: str, what: str) -> Span:
    start, end = value
    whole = all(isinstance(n, int) and not isinstance(n, bool) for n in (start, end))
    if not whole or not 0 <= start < end <= len(text):
        raise ValueError(f"{what}: no such span: {start}, {end}")
    return start, end


def _entity(row: Mapping[str, Any], text: str) -> Entity:
    label = Label(row["type"])
    kinds = row.get("mention_types", {})
    bounds = row.get("mention_bounds", {})
    confidences = row.get("confidences") or [1.0] * len(row["mentions"])
    if not row["mentions"] or len(confidences) != len(row["mentions"]):
        raise ValueError(f"entity {row['id']!r}: no mentions, or not one confidence for each")
    mentions = []
    for given, confidence in zip(row["mentions"], confidences, strict=True):
        start, end = _span(given, text, f"entity {row['id']!r}")
        surface = text[start:end]
        bound = bounds.get(str(start))
        mentions.append(
            Mention(
                start,
                end,
                surface,
                Label(kinds.get(str(start), label)),
                _value(row, label, surface, Bound(bound) if bound else None),
                float(confidence),
            )
        )
    return Entity(
        id=str(row["id"]),
        label=label,
        name=str(row["name"]),
        mentions=tuple(mentions),
        name_ar=_optional(row, "name_ar"),
        name_en=_optional(row, "name_en"),
        wikidata=_optional(row, "wikidata"),
        value=_value(row, label, mentions[0].text, None),
    )


def _value(row: Mapping[str, Any], label: Label, surface: str, bound: Bound | None) -> Money | Date | None:
    if label is Label.MONEY and "amount" in row:
        candidates = tuple(row.get("candidates", ()))
        if not all(isinstance(code, str) for code in candidates):
            raise ValueError("candidates are not strings")
        return Money(
            _decimal(row["amount"]),
            _optional(row, "currency"),
            candidates,
            bound or Bound(row.get("bound", Bound.EXACT)),
        )
    if label is Label.DATE and "date" in row:
        start, end = (
            dt.date.fromisoformat(row["date"][key]) if row["date"].get(key) else None for key in ("start", "end")
        )
        return Date(start, end, surface, str(row["date"].get("calendar", "gregorian")))
    return None


def _claim(row: Mapping[str, Any], document: Document, first: Mapping[str, Span]) -> Claim:
    qualifiers: dict[str, Qualifier] = {
        key: _decimal(value) if key == "amount" else value for key, value in row.get("qualifiers", {}).items()
    }
    if not all(isinstance(value, str | int | bool | Decimal) for value in qualifiers.values()):
        raise ValueError("a qualifier is neither text nor number nor true or false")
    for key in ("subject", "object", "attributed_to"):
        if (key != "attributed_to" or row.get(key) is not None) and row[key] not in first:
            raise ValueError(f"relation: no entity {row[key]!r}")
    start, end = _span(row["evidence"], document.text, "evidence")
    ends = [
        _span(row.get(f"{key}_mention") or first[row[key]], document.text, f"{key}_mention")
        for key in ("subject", "object")
    ]
    relation = Relation(row["type"])
    # Gold files have no ids: two relations of one type, sentence and pair of mentions differ in negation alone.
    given = row.get("id")
    made = content_id("claim", document.id, start, end, relation, *ends[0], *ends[1], bool(row.get("negated")))
    return Claim(
        id=str(given) if given is not None else made,
        subject=row["subject"],
        relation=relation,
        object=row["object"],
        start=start,
        end=end,
        subject_span=ends[0],
        object_span=ends[1],
        confidence=float(row.get("confidence", 1.0)),
        negated=bool(row.get("negated", False)),
        attributed_to=row.get("attributed_to"),
        qualifiers=qualifiers,
    )


def dumps(extraction: Extraction) -> str:
    """One line, without the line end."""
    line = json.dumps(to_json(extraction), ensure_ascii=False, separators=(",", ":"))
    return line.translate(_LINE_ENDS)


def loads(line: str | bytes) -> Extraction:
    """The inverse of `dumps`.

    Raises:
        ValueError: when the line is not such a line.
    """
    row = json.loads(line)
    if not isinstance(row, dict):
        raise ValueError("not a JSON object")
    return from_json(row)


def read_extractions(
    paths: Iterable[Path],
    report: Callable[[Problem], None] | None = None,
    *,
    only: Container[int] | None = None,
    good: set[int] | None = None,
) -> Iterator[Extraction]:
    """Extractions of ``docs.jsonl`` files in order.

    Args:
        paths: files to read, one after the other.
        report: gets a Problem for each bad line and each file that can't be read; the others go on.
        only: numbers of the lines to yield, counted from 0 over all files (see `latest_lines`); None yields all.
        good: gets the numbers of the lines that were yielded.

    Raises:
        ValueError: at a bad line, when there is no `report`; says file, line and cause.
        OSError: when a file can't be read and there is no `report`.
    """
    for count, (where, line) in enumerate(_lines(paths, report)):
        if only is not None and count not in only:
            continue
        try:
            extraction = loads(line)
        except (ValueError, RecursionError) as error:
            problem = Problem(where, str(error) or "nested too deeply")
            if report is None:
                raise ValueError(str(problem)) from None
            report(problem)
            continue
        if good is not None:
            good.add(count)
        yield extraction


def latest_lines(paths: Iterable[Path], report: Callable[[Problem], None] | None = None) -> tuple[frozenset[int], int]:
    """Numbers of the lines to keep, counted as in `read_extractions`, when of one document the last line counts.

    One document is what has one id, or one address (`rawabit.loaders.addresses.address_key`), whatever its text: a
    corrected page replaces what it said before.

    Args:
        paths: files, one after the other; a later file goes before an earlier one.
        report: gets a note where lines were replaced for their address alone.

    Returns:
        The numbers, and how many earlier lines they supersede. Lines without an id are kept: the reader reports them.
    """
    last: dict[tuple[str, str], int] = {}
    kept: set[int] = set()
    moved: list[tuple[str, str]] = []
    count = -1
    for count, (where, line) in enumerate(_lines(paths, lambda problem: None)):
        kept.add(count)
        try:
            key, url = _line_head(line.decode("utf-8"))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            continue
        kept.discard(last.get(("id", key), -1))
        last["id", key] = count
        address = address_key(url)
        if address is not None:
            older = last.get(("url", address), -1)
            if older in kept:
                kept.discard(older)
                moved.append((where, address))
            last["url", address] = count
    if moved and report is not None:
        where, address = moved[0]
        first = f"takes the place of an earlier document of its address, {address}"
        report(Problem(where, first + (f"; so do {len(moved) - 1} more" if len(moved) > 1 else ""), fatal=False))
    return frozenset(kept), count + 1 - len(kept)


def _line_head(line: str) -> tuple[str, str | None]:
    """Id and url of a line; ours begins with them and the text, so that most lines need not be parsed whole."""
    scan = json.JSONDecoder().raw_decode
    found: dict[str, Any] = {}
    at = 1
    while line[at : at + 1] == '"' and (match := _HEAD_KEY.match(line, at)):
        found[match[1]], at = scan(line, match.end())
        at += line[at : at + 1] == ","
    if "id" not in found or _NEXT_KEY.match(line, at) is None:
        found = json.loads(line)
    url = found.get("url")
    return str(found["id"]), url if isinstance(url, str) else None


def _lines(paths: Iterable[Path], report: Callable[[Problem], None] | None) -> Iterator[tuple[str, bytes]]:
    for path in paths:
        try:
            with path.open("rb") as file:
                for number, line in enumerate(file, 1):
                    bare = line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
                    if bare.strip():
                        yield f"{path}:{number}", bare
        except OSError as error:
            if report is None:
                raise
            report(Problem(str(path), error.strerror or str(error)))
