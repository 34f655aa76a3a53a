"""JSON-LD with the terms of schema.org: ``-o jsonld:FILE``. For triple stores, ``rdflib`` and whoever reads JSON.

Entities are Person, Organization, Place, Product and MonetaryAmount; documents are NewsArticle with what they
``mentions``. No relation is asserted as a fact: each is a Claim (https://schema.org/Claim), which is an
``rdf:Statement`` too: ``rdf:subject``, ``rdf:predicate`` and ``rdf:object`` say what is claimed, ``text`` is the
sentence, ``appearance`` the article, ``author`` who is named as its source. A claim that the text denies has
``denied`` true. What schema.org has no word for (confidence, places in the text, the relation types) is under
``urn:rawabit:``. The context stands in the file: nothing is fetched. The places of mentions stay in ``docs.jsonl``.

    rawabit run articles -o jsonld:out/graph.jsonld
    python -c "import rdflib; print(len(rdflib.Graph().parse('out/graph.jsonld', format='json-ld')))"
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from rawabit.graph.model import Edge, Node
from rawabit.loaders.atomic import replacing
from rawabit.loaders.halves import without_halves

__all__ = ["write_jsonld"]

_CONTEXT: Mapping[str, Any] = {
    "@vocab": "https://schema.org/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "rawabit": "urn:rawabit:",
    "entity": "urn:rawabit:entity:",
    "document": "urn:rawabit:document:",
    "claim": "urn:rawabit:claim:",
    "relation": "urn:rawabit:relation:",
    "sameAs": {"@type": "@id"},
    "confidence": {"@id": "rawabit:confidence", "@type": "xsd:decimal"},
    "amountText": {"@id": "rawabit:amountText", "@type": "xsd:decimal"},
    **{
        name: f"rawabit:{name}"
        for name in (
            "denied", "start", "end", "subjectStart", "subjectEnd", "objectStart", "objectEnd", "bound", "candidates",
            "mentionCount", "documentCount", "formerIds", "corpus", "repeats", "story", "title", "former", "kinship",
            "role", "product", "date", "predicate", "judged", "sha256",
        )
    },
}  # fmt: skip
_TYPES = {
    "Person": "Person",
    "Organization": "Organization",
    "Place": "Place",
    "Product": "Product",
    "Money": "MonetaryAmount",
}
_RENAMED = {"aliases": "alternateName", "amount": "value", "published": "datePublished"}


def write_jsonld(elements: Iterable[Node | Edge], path: Path) -> None:
    """Write the file, a line for each thing; whole or not at all, and equal elements give equal bytes.

    Args:
        elements: the graph, nodes first; read once, not held in memory.
        path: of the file.

    Raises:
        OSError: it cannot be written.
    """
    with replacing(path) as out:
        out.write(f'{{"@context": {_json(_CONTEXT)},\n"@graph": ['.encode())
        between = "\n"
        for element in elements:
            thing = _edge(element) if isinstance(element, Edge) else _node(element)
            out.write(f"{between}{_json(thing)}".encode())
            between = ",\n"
        out.write(b"\n]}\n")


def _json(value: object) -> str:
    return without_halves(json.dumps(value, ensure_ascii=False, allow_nan=False))


def _iri(kind: str, key: str) -> str:
    return f"{kind}:{quote(without_halves(key), safe='')}"


def _node(node: Node) -> dict[str, Any]:
    p = dict(node.properties)
    if "Document" in node.labels:
        out: dict[str, Any] = {"@id": _iri("document", node.id), "@type": "NewsArticle", "identifier": node.id}
        if title := p.pop("title", None):
            out["headline"] = title
        if source := p.pop("source", None):
            out["publisher"] = {"@type": "Organization", "name": source}
        if published := p.pop("published", None):
            kind = "xsd:date" if len(published) == 10 else "xsd:dateTime" if _whole(published) else "xsd:string"
            out["datePublished"] = {"@value": published, "@type": kind}
        if original := p.pop("duplicateOf", None):
            out["repeats"] = {"@id": _iri("document", original)}
        return out | dict(_rest(p))
    out = {"@id": _iri("entity", node.id), "@type": _TYPES.get(node.labels[-1], "Thing"), "identifier": node.id}
    names = [
        {"@value": p[key], "@language": language}
        for key, language in (("nameAr", "ar"), ("nameEn", "en"))
        if isinstance(p.get(key), str)
    ]
    out["name"] = [p.pop("name", node.id), *names]
    for key in ("nameAr", "nameEn"):
        p.pop(key, None)
    if wikidata := p.pop("wikidata", None):
        out["sameAs"] = f"http://www.wikidata.org/entity/{wikidata}"
    return out | dict(_rest(p))


def _whole(moment: str) -> bool:
    """Whether a date with a time has seconds, without which XML Schema knows none."""
    return moment[10:].count(":") - (moment[-6:-5] in "+-") == 2


def _edge(edge: Edge) -> dict[str, Any]:
    if edge.type == "MENTIONED_IN":
        return {"@id": _iri("document", edge.target), "mentions": {"@id": _iri("entity", edge.source)}}
    p = dict(edge.properties)
    out: dict[str, Any] = {
        "@id": _iri("claim", edge.id),
        "@type": ["Claim", "rdf:Statement"],
        "identifier": edge.id,
        "name": edge.type,
        "rdf:subject": {"@id": _iri("entity", edge.source)},
        "rdf:predicate": {"@id": _iri("relation", edge.type)},
        "rdf:object": {"@id": _iri("entity", edge.target)},
        "about": [{"@id": _iri("entity", key)} for key in dict.fromkeys((edge.source, edge.target))],
        "denied": bool(p.pop("negated", False)),
    }
    if sentence := p.pop("sentence", None):
        out["text"] = {"@value": sentence, "@language": "ar"}
    if document := p.pop("document", None):
        out["appearance"] = {"@id": _iri("document", document)}
    if story := p.pop("story", None):
        out["story"] = {"@id": _iri("document", story)}
    by, name = p.pop("attributedTo", None), p.pop("attributedToName", None)
    if by:
        out["author"] = {"@id": _iri("entity", by)}
    elif name:
        out["author"] = {"@type": "Thing", "name": name}
    amount, currency = p.pop("amount", None), p.pop("currency", None)
    if amount is not None or currency is not None:
        out["amount"] = {"@type": "MonetaryAmount", **dict(_rest({"value": amount, "currency": currency}))}
    return out | dict(_rest(p))


def _rest(properties: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for key, value in properties.items():
        if value is None:
            continue
        name = _RENAMED.get(key, key)
        if name not in _CONTEXT and name not in ("alternateName", "value", "currency", "url"):
            name = _iri("rawabit", key)
        if name in ("confidence", "amountText") or (isinstance(value, float) and not math.isfinite(value)):
            yield name, str(value)  # a decimal, not to be rounded on the way; a number that JSON does not have
        else:
            yield name, list(value) if isinstance(value, tuple) else value
