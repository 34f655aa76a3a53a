"""FollowTheMoney entities, JSON lines, for OpenAleph and its kin: ``-o ftm:FILE``.

https://followthemoney.tech/explorer/ has the schemata. Documents are Article, persons Person, organisations
Organization (Company where a claim says that somebody owns or buys it, for only that can be an Asset), places
Address, products and amounts Asset. A claim becomes Directorship, Employment, Membership, Ownership, Family or
Payment where both its ends are what that schema takes, else an UnknownLink whose role is the relation; what a text
denies, and what no schema fits, is an UnknownLink always, so that no denied claim reads as a fact. Each has its
``proof`` (the article), its sentence (``summary``), and in ``description`` how sure it is and who says so. Mentions of
persons and organisations are Mention; of other things the documents are their ``proof``.

The file is written without the ``followthemoney`` library, which installs with a C++ compiler and ICU only and brings
an LGPL package along; the tests read every line back with it and hold each value against its schema.

    rawabit run articles -o ftm:out/graph.ftm.json
    ftm validate -i out/graph.ftm.json
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rawabit.graph.model import Edge, Node, Relation, content_id
from rawabit.loaders.atomic import replacing

__all__ = ["write_ftm"]

_NODES = {"Person": "Person", "Organization": "Organization", "Place": "Address", "Product": "Asset", "Money": "Asset"}
_LEGAL = frozenset({"Person", "Organization", "Company"})
_BODY = frozenset({"Organization", "Company"})
_PERSON = frozenset({"Person"})
_ASSET = frozenset({"Company", "Asset"})
_BOUGHT = frozenset({Relation.OWNS, Relation.ACQUIRED})
_LONGEST = {"name": 384, "alias": 384, "summary": 65_000, "description": 65_000, "notes": 65_000, "purpose": 65_000}
"""The longest texts that properties take; others take 1,024 characters."""
_ID = re.compile(r"[0-9A-Za-z](?:[0-9A-Za-z.-]{0,150}[0-9A-Za-z])?")
_WIKIDATA = re.compile(r"Q[1-9]\d*")
_WEB = re.compile(r"https?://[^\s/]+\.[^\s]+", re.IGNORECASE)
_DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")


@dataclass(frozen=True, slots=True)
class _Link:
    """A schema of links: the properties of its two ends, and the schemata that may stand there."""

    schema: str
    source: str
    target: str
    sources: frozenset[str]
    targets: frozenset[str]


_LINKS = {
    Relation.HEAD_OF: _Link("Directorship", "director", "organization", _LEGAL, _BODY),
    Relation.WORKS_FOR: _Link("Employment", "employee", "employer", _PERSON, _BODY),
    Relation.MEMBER_OF: _Link("Membership", "member", "organization", _LEGAL, _BODY),
    Relation.OWNS: _Link("Ownership", "owner", "asset", _LEGAL, _ASSET),
    Relation.ACQUIRED: _Link("Ownership", "owner", "asset", _LEGAL, _ASSET),
    Relation.FAMILY_OF: _Link("Family", "person", "relative", _PERSON, _PERSON),
    Relation.FUNDED: _Link("Payment", "payer", "beneficiary", _LEGAL, _LEGAL),
}
_UNKNOWN = _Link("UnknownLink", "subject", "object", frozenset(), frozenset())


@dataclass(slots=True)
class _Seen:
    """What the claims and mentions of a graph say of its nodes."""

    bought: set[str] = field(default_factory=set)
    schemata: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    documents: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    proof: dict[str, set[str]] = field(default_factory=dict)


def write_ftm(elements: Iterable[Node | Edge], path: Path) -> None:
    """Write a line for each entity, whole or not at all; equal elements give equal bytes, and ids never change.

    Args:
        elements: the graph; it is read more than once, so a list or a `rawabit.Graph`.
        path: of the file.

    Raises:
        OSError: it cannot be written.
        TypeError: an iterator, which can be read once.
    """
    if iter(elements) is elements:
        raise TypeError("the elements are read more than once: give a list or a Graph, not an iterator")
    seen = _look(elements)
    with replacing(path) as out:
        for element in elements:
            if isinstance(element, Node):
                row = _node(element, seen)
            elif element.type != "MENTIONED_IN":
                row = _claim(element, seen)
            elif seen.schemata[element.source] in _LEGAL:
                row = _mention(element, seen)
            else:
                continue  # its node names the document
            out.write((json.dumps(row, ensure_ascii=False) + "\n").encode())


def _look(elements: Iterable[Node | Edge]) -> _Seen:
    seen = _Seen()
    for element in elements:
        if isinstance(element, Edge) and element.type in _BOUGHT and not element.properties.get("negated"):
            seen.bought.add(element.target)
    for element in elements:
        if isinstance(element, Node):
            schema = "Article" if "Document" in element.labels else _NODES.get(element.labels[-1], "Asset")
            if schema == "Organization" and element.id in seen.bought:
                schema = "Company"
            seen.schemata[element.id] = schema
            seen.names[element.id] = str(element.properties.get("name") or element.id)
            if schema == "Article":
                seen.documents[element.id] = element.properties
        elif element.type == "MENTIONED_IN" and seen.schemata[element.source] not in _LEGAL:
            seen.proof.setdefault(element.source, set()).add(element.target)
    return seen


def _id(kind: str, key: str) -> str:
    """The id in this format, which takes Latin letters, digits, points and hyphens only."""
    return f"{kind}-{key if _ID.fullmatch(key) else content_id('ftm', key)}"


def _entity(key: str, schema: str, **properties: object) -> dict[str, Any]:
    """A line: every value a text in a list, what is missing left out."""
    out: dict[str, list[str]] = {}
    for name, given in properties.items():
        values = given if isinstance(given, list | tuple) else [given]
        texts = [_clean(value, _LONGEST.get(name, 1024)) for value in values if value is not None]
        if kept := list(dict.fromkeys(text for text in texts if text)):
            out[name] = kept
    return {"id": key, "schema": schema, "properties": out}


def _clean(value: object, longest: int = 1024) -> str:
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    text = "".join(c for c in str(value) if c.isprintable() or c == "\n").strip()  # no halves of surrogate pairs either
    return text if len(text) <= longest else text[: longest - 1] + "…"


def _date(text: object) -> str | None:
    """A date as the format takes it: times in UTC, without a zone."""
    if not isinstance(text, str):
        return None
    if _DATE.fullmatch(text):
        return text
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    if moment.tzinfo is not None:
        moment = moment.astimezone(dt.UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%S")


def _web(url: object) -> str | None:
    return url if isinstance(url, str) and len(url) <= 1024 and _WEB.fullmatch(url) else None


def _node(node: Node, seen: _Seen) -> dict[str, Any]:
    p, schema = node.properties, seen.schemata[node.id]
    if schema == "Article":
        return _entity(
            _id("document", node.id),
            schema,
            title=p.get("title") or node.id,
            publisher=p.get("source"),
            sourceUrl=_web(p.get("url")),
            publishedAt=_date(p.get("published")),
            language="ara",
            notes=[f"{key} {p[key]}" for key in ("sha256", "duplicateOf") if p.get(key)],  # contentHash is SHA-1 only
        )
    wikidata = p.get("wikidata")
    return _entity(
        _id("entity", node.id),
        schema,
        name=[seen.names[node.id], p.get("nameAr"), p.get("nameEn")],
        alias=p.get("aliases"),
        wikidataId=wikidata if isinstance(wikidata, str) and _WIKIDATA.fullmatch(wikidata) else None,
        amount=p.get("amountText"),
        currency=p.get("currency"),
        proof=[_id("document", key) for key in sorted(seen.proof.get(node.id, ()))],
        **({"full": seen.names[node.id]} if schema == "Address" else {}),
    )


def _mention(edge: Edge, seen: _Seen) -> dict[str, Any]:
    return _entity(
        _id("mention", edge.id),
        "Mention",
        document=_id("document", edge.target),
        name=seen.names[edge.source],
        resolved=_id("entity", edge.source),
        detectedSchema=seen.schemata[edge.source],
    )


def _claim(edge: Edge, seen: _Seen) -> dict[str, Any]:
    p = edge.properties
    document = p.get("document")
    article = seen.documents.get(document, {}) if isinstance(document, str) else {}
    denied = p.get("negated") is True
    link = _UNKNOWN
    if not denied and edge.type in _LINKS:
        fits = _LINKS[Relation(edge.type)]
        if seen.schemata[edge.source] in fits.sources and seen.schemata[edge.target] in fits.targets:
            link = fits
    amount, currency = p.get("amount"), p.get("currency")
    properties: dict[str, object] = {
        link.source: _id("entity", edge.source),
        link.target: _id("entity", edge.target),
        "summary": p.get("sentence"),
        "description": _description(p, link),
        "recordId": edge.id,
        "proof": _id("document", document) if isinstance(document, str) else None,
        "publisher": article.get("source"),
        "sourceUrl": _web(article.get("url")),
        "date": _date(p.get("date")),
    }
    if link.schema == "Family":
        properties["relationship"] = p.get("kinship") or edge.type
    elif link.schema == "Payment":
        properties |= {"amount": amount, "currency": currency, "purpose": p.get("role")}
    else:
        properties["role"] = [f"not {edge.type}"] if denied else [p.get("title"), edge.type]
        properties["status"] = "denied" if denied else "former" if p.get("former") is True else None
        if link.schema == "Ownership":
            properties |= {"sharesValue": amount, "sharesCurrency": currency}
    return _entity(_id("claim", edge.id), link.schema, **properties)


def _description(p: Mapping[str, Any], link: _Link) -> str | None:
    """What the schemata have no property for."""
    parts = []
    if p.get("confidence") is not None:
        parts.append(f"confidence {p['confidence']}")
    if by := p.get("attributedToName") or p.get("attributedTo"):
        parts.append(f"said by {by}")
    if link.schema not in ("Payment", "Ownership") and p.get("amount") is not None:
        parts.append(f"amount {_clean(p['amount'])} {p.get('currency') or ''}".strip())
    shown = {"Family": (), "Payment": ("title",)}.get(link.schema, ("kinship",))
    for key in (*shown, "role" if link.schema != "Payment" else "", "product", "predicate"):
        if key and p.get(key) is not None:
            parts.append(f"{key} {p[key]}")
    if p.get("date") is not None and _date(p["date"]) is None:
        parts.append(f"date {p['date']}")
    if p.get("former") is True and link.schema in ("Family", "Payment"):
        parts.append("former")
    return "; ".join(parts) or None
