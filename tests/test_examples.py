"""The example articles are what examples/README.md says, and the gold file beside them is sound."""

from __future__ import annotations

import codecs
import copy
import csv
import datetime as dt
import itertools
import json
import re
from collections import defaultdict
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from rawabit.graph.model import SYMMETRIC, Relation
from rawabit.ner.model import Label
from rawabit.ner.text import fold

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
ARTICLES = EXAMPLES / "articles"
Gold = dict[str, Any]

ENCODINGS = {
    "01-deal.txt": "utf-8",
    "02-second-deal.txt": "utf-8",
    "03-stake.txt": "utf-8",
    "04-appointment.txt": "utf-8",
    "05-denial.txt": "utf-8",
    "06-rival-report.txt": "utf-8",
    "07-court.txt": "cp1256",
    "08-match.txt": "utf-8",
    "09-visit.txt": "utf-8",
    "10-prices.txt": "utf-8",
    "11-glued.txt": "utf-8",
    "12-translated.txt": "utf-8",
    "13-marked.txt": "utf-8",
    "14-furniture.txt": "utf-8",
    "15-profile.txt": "utf-8-sig",
    "16-syndicated.txt": "utf-8",
    "17-page.html": "utf-8",
    "18-wire.jsonl": "utf-8",
}
ARABIC_LETTERS = re.compile("[\u0621-\u064a]")
AGENTS = {"PERSON", "ORGANIZATION", "PLACE"}


def read(name: str) -> str:
    return (ARTICLES / name).read_bytes().decode(ENCODINGS[name])


def wire() -> list[dict[str, str]]:
    return [json.loads(line) for line in read("18-wire.jsonl").splitlines()]


def load_gold() -> list[Gold]:
    return [json.loads(line) for line in (EXAMPLES / "gold.jsonl").read_text(encoding="utf-8").splitlines()]


GOLD = load_gold()
TXT = sorted(name for name in ENCODINGS if name.endswith(".txt"))


def bodies() -> dict[str, str]:
    """Every document by name, the page with its tags taken away."""
    out = {name: read(name) for name in TXT}
    out |= {row["id"]: row["text"] for row in wire()}
    article = re.search("(?s)<article>(.*)</article>", read("17-page.html"))
    assert article
    out["17-page.html"] = re.sub("<[^>]+>", " ", article[1])
    return out


# the articles


def test_no_article_is_missing_or_unlisted() -> None:
    assert sorted(path.name for path in ARTICLES.iterdir()) == sorted(ENCODINGS)
    readme = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    assert [name for name in ENCODINGS if f"`{name}`" not in readme] == []
    assert "invented" in readme.split("\n\n")[1]


@pytest.mark.parametrize("name", ENCODINGS)
def test_encoding_is_the_stated_one(name: str) -> None:
    raw = (ARTICLES / name).read_bytes()
    assert name.isascii()
    assert raw.startswith(codecs.BOM_UTF8) == (ENCODINGS[name] == "utf-8-sig")
    text = read(name)
    assert len(ARABIC_LETTERS.findall(text)) > len(text) // 2 or name == "17-page.html"
    assert "\ufffd" not in text
    if ENCODINGS[name] == "cp1256":
        with pytest.raises(UnicodeDecodeError):
            raw.decode("utf-8")
        assert text.count("\r\n") == text.count("\n") == text.count("\r") > 1
    else:
        assert "\r" not in text
    assert text.endswith("\n")


@pytest.mark.parametrize(("name", "text"), sorted(bodies().items()))
def test_length_is_that_of_a_short_news_item(name: str, text: str) -> None:
    assert 150 <= len(text.split()) <= 350, name


@pytest.mark.parametrize(
    ("name", "run", "why"),
    [
        ("01-deal.txt", "سهيل للفضاء (Suhail Space)", "twins in two scripts"),
        ("01-deal.txt", "لـ Vantorra", "a clitic with tatweel before a Latin name"),
        ("12-translated.txt", "لـ Suhail Space", "a clitic with tatweel before a Latin name"),
        ("01-deal.txt", "3.6 مليار دولار", "decimal and scale word"),
        ("01-deal.txt", "لا يقل عن ٩٠٠ مليون ريال سعودي", "hedge, Arabic-Indic digits"),
        ("02-second-deal.txt", "مليون ونصف المليون دولار", "number words"),
        ("02-second-deal.txt", "ثلاثة ملايين جنيه إسترليني", "number words"),
        ("02-second-deal.txt", "15 ألفاً و500 درهم", "digits and words, no nationality on the currency"),
        ("02-second-deal.txt", "(AUSO)", "acronym after the name"),
        ("02-second-deal.txt", "لأوسو", "acronym in Arabic letters behind a clitic"),
        ("09-visit.txt", "AUSO، أن الاتحاد العربي لمشغلي الأقمار", "acronym before the name"),
        ("02-second-deal.txt", "يناير/كانون الثاني", "month pair"),
        ("03-stake.txt", "حوالي ٣٫٥ مليون ريال سعودي", "Arabic decimal sign"),
        ("03-stake.txt", "مليوني دينار كويتي", "dual"),
        ("03-stake.txt", "€95m", "Latin amount"),
        ("03-stake.txt", "“نثق", "curly quotes"),
        ("04-appointment.txt", "4,75 مليون", "decimal comma"),
        ("05-denial.txt", "€2bn", "Latin amount"),
        ("07-court.txt", "1,200,000 دينار", "grouping commas"),
        ("07-court.txt", "للمرفأ", "the article merged into a clitic"),
        ("09-visit.txt", "12 رمضان 1446هـ", "Hijri date"),
        ("09-visit.txt", "ين ياباني", "yen"),
        ("10-prices.txt", "500 ريال", "a rial that nothing settles"),
        ("11-glued.txt", "الأفقويتضمن", "glued words"),
        ("11-glued.txt", "2024.وقالت", "sentences glued by their full stop"),
        ("11-glued.txt", "10.21مليون", "number glued to its scale word"),
        ("12-translated.txt", "لكل صحيفة", "'per' translated as 'for each'"),
        ("12-translated.txt", "” أكثر واقعية “", "reversed quotes with inner blanks"),
        ("13-marked.txt", "\u200c", "zero-width non-joiner"),
        ("13-marked.txt", "\u200b", "zero-width space"),
        ("13-marked.txt", "\u202a", "bidirectional embedding"),
        ("13-marked.txt", "نـــزار", "tatweel inside a name"),
        ("13-marked.txt", "رِوايَةُ", "diacritics"),
        ("14-furniture.txt", "(ر)", "tag list"),
        ("14-furniture.txt", "اترك تعليقاً", "comment form"),
        ("14-furniture.txt", "LEAVE A REPLY", "comment form"),
        ("17-page.html", "<nav>", "menu"),
        ("17-page.html", "article:published_time", "date in the head"),
        ("17-page.html", "<footer>", "footer"),
    ],
)
def test_difficulties_are_there(name: str, run: str, why: str) -> None:
    assert run in read(name), why


def test_only_the_syndicated_copy_is_a_near_duplicate() -> None:
    shingles = {}
    for name, text in bodies().items():
        words = fold(text).split()
        shingles[name] = {tuple(words[i : i + 3]) for i in range(len(words) - 2)}
    close = {
        pair
        for pair in itertools.combinations(sorted(shingles), 2)
        if len(shingles[pair[0]] & shingles[pair[1]]) > 0.3 * len(shingles[pair[0]] | shingles[pair[1]])
    }
    assert close == {("01-deal.txt", "16-syndicated.txt")}
    assert read("01-deal.txt").splitlines()[0] != read("16-syndicated.txt").splitlines()[0]


def test_wire_documents() -> None:
    rows = wire()
    assert len(rows) == 2
    assert len({row["id"] for row in rows}) == 2
    for row in rows:
        assert set(row) == {"id", "title", "source", "url", "published", "text"}
        assert row["text"].startswith(row["title"] + "\n")
        dt.date.fromisoformat(row["published"])


def test_meta_describes_the_text_files() -> None:
    with (EXAMPLES / "meta.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["file", "title", "date", "source", "url"]
    assert [row["file"] for row in rows] == TXT
    assert len({row["url"] for row in rows}) == len(rows)
    for row in rows:
        assert fold(row["title"]) == fold(read(row["file"]).splitlines()[0])
        assert row["source"]
        assert dt.date(2024, 10, 1) <= dt.date.fromisoformat(row["date"]) <= dt.date(2025, 6, 30)
        assert (urlsplit(row["url"]).hostname or "").endswith((".example.org", ".example.com"))


# the gold file


def problems(document: Gold) -> list[str]:
    """What is wrong with a gold document, a line each."""
    text, out = document["text"], []
    entities = {entity["id"]: entity for entity in document["entities"]}
    if len(entities) != len(document["entities"]):
        out.append("two entities of one id")
    taken = [(*span, "ignore") for span in document["ignore"]]
    for entity in document["entities"]:
        if entity["type"] not in set(Label) - {Label.NORP}:
            out.append(f"{entity['id']}: label {entity['type']}")
        if not entity["mentions"]:
            out.append(f"{entity['id']}: no mention")
        starts = {str(start) for start, _ in entity["mentions"]}
        if set(entity.get("mention_types", {})) - starts or set(entity.get("mention_types", {}).values()) - {"NORP"}:
            out.append(f"{entity['id']}: mention_types")
        if (entity["type"] == "MONEY") != ("amount" in entity) or ("amount" in entity) != ("currency" in entity):
            out.append(f"{entity['id']}: amount and currency")
        if entity["type"] == "MONEY" and not (
            re.fullmatch("[A-Z]{3}", entity["currency"]) and isinstance(entity["amount"], int) and entity["amount"] > 0
        ):
            out.append(f"{entity['id']}: value")
        for start, end in entity["mentions"]:
            run = text[start:end]
            if not 0 <= start < end <= len(text) or run != run.strip() or re.search("[\n«»“”()،؛]", run):
                out.append(f"{entity['id']}: span {start}, {end} {run!r}")
            taken.append((start, end, entity["id"]))
    for (_, end, one), (start, _, other) in itertools.pairwise(sorted(taken)):
        if start < end:
            out.append(f"{one} and {other} overlap")
    seen = set()
    for relation in document["relations"]:
        subject, kind, target = relation["subject"], relation["type"], relation["object"]
        name = f"{subject} {kind} {target}"
        if kind not in set(Relation) - {Relation.RELATED}:
            out.append(f"{name}: type")
        if not {subject, target, relation.get("attributed_to", subject)} <= set(entities):
            out.append(f"{name}: unknown entity")
            continue
        ends = tuple(sorted((subject, target))) if kind in SYMMETRIC else (subject, target)
        key = (*ends, kind, relation.get("negated", False))
        if key in seen or subject == target:
            out.append(f"{name}: twice, or with itself")
        seen.add(key)
        types = entities[subject]["type"], entities[target]["type"]
        if "DATE" in types or types[0] == "MONEY" or (types[1] == "MONEY") != (kind == Relation.HAS_AMOUNT):
            out.append(f"{name}: arguments {types}")
        start, end = relation["evidence"]
        if text[start:end] != text[start:end].strip() or "\n" in text[start:end] or not 0 <= start < end <= len(text):
            out.append(f"{name}: evidence {start}, {end}")
        for role in ("subject", "object", "attributed_to"):
            if role in relation and not any(start <= a and b <= end for a, b in entities[relation[role]]["mentions"]):
                out.append(f"{name}: evidence has no mention of the {role}")
        if "attributed_to" in relation and entities[relation["attributed_to"]]["type"] not in AGENTS:
            out.append(f"{name}: source {relation['attributed_to']}")
        qualifiers = relation.get("qualifiers", {})
        if set(qualifiers) - {"title", "former", "amount", "currency", "product", "kinship", "role"}:
            out.append(f"{name}: qualifiers {sorted(qualifiers)}")
        money = qualifiers.get("amount"), qualifiers.get("currency")
        known = {(e["amount"], e["currency"]) for e in document["entities"] if e["type"] == "MONEY"}
        if money != (None, None) and money not in known:
            out.append(f"{name}: no such amount in the document")
    return out


@pytest.mark.parametrize("document", GOLD, ids=lambda document: str(document["id"]))
def test_gold_is_sound(document: Gold) -> None:
    assert set(document) == {"id", "file", "text", "entities", "relations", "ignore"}
    assert document["id"] == f"example-{document['file'][:2]}"
    assert document["text"] == read(document["file"])
    assert problems(document) == []


def test_gold_spans_hold_their_names() -> None:
    for document in GOLD:
        for entity in document["entities"]:
            norp = entity.get("mention_types", {})
            written = [document["text"][a:b] for a, b in entity["mentions"] if str(a) not in norp]
            assert not written or entity["name"] in written, (document["id"], entity["name"])


@pytest.mark.parametrize(
    ("path", "value", "complaint"),
    [
        (("entities", 0, "type"), "NORP", "label"),
        (("entities", 0, "mentions", 0), [0, 10**6], "span"),
        (("entities", 1, "mentions", 0), [1, 12], "overlap"),
        (("relations", 0, "type"), "RELATED", "type"),
        (("relations", 0, "object"), "nobody", "unknown entity"),
        (("relations", 0, "object"), "d2015", "arguments"),
        (("relations", 0, "evidence"), [0, 12], "no mention of the object"),
        (("relations", 1, "qualifiers", "amount"), 7, "no such amount"),
    ],
)
def test_the_checker_sees_a_broken_file(path: tuple[Any, ...], value: Any, complaint: str) -> None:
    document = copy.deepcopy(GOLD[0])
    place: Any = document
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    assert any(complaint in line for line in problems(document)), problems(document)


def test_gold_covers_what_it_should() -> None:
    assert len(GOLD) >= 8
    entities = [entity for document in GOLD for entity in document["entities"]]
    relations = [relation for document in GOLD for relation in document["relations"]]
    assert {entity["type"] for entity in entities} == set(Label) - {Label.NORP}
    assert len({entity["currency"] for entity in entities if entity["type"] == "MONEY"}) >= 8
    amounts = " ".join(entity["name"] for entity in entities if entity["type"] == "MONEY")
    assert re.search("[0-9]", amounts)
    assert re.search("[\u0660-\u0669]", amounts)
    absent = set(Relation) - {relation["type"] for relation in relations}
    assert absent == {Relation.RELATED, Relation.ATTACKED, Relation.TRADES_WITH}
    assert sum(relation.get("negated", False) for relation in relations) >= 8
    assert sum("attributed_to" in relation for relation in relations) >= 20
    assert sum(relation.get("qualifiers", {}).get("former", False) for relation in relations) >= 4
    assert sum("mention_types" in entity for entity in entities) >= 8
    assert sum(bool(document["ignore"]) for document in GOLD) == 1


def test_gold_names_one_thing_by_one_id() -> None:
    kinds: dict[str, set[tuple[str, str]]] = defaultdict(set)
    documents: dict[str, int] = defaultdict(int)
    for document in GOLD:
        for entity in document["entities"]:
            if entity["type"] not in {"MONEY", "DATE"}:
                kinds[entity["id"]].add((entity["type"], entity["name_en"]))
                documents[entity["id"]] += 1
    assert {key: value for key, value in kinds.items() if len(value) > 1} == {}
    names = [next(iter(value)) for value in kinds.values()]
    assert len(names) == len(set(names)), "two ids for one thing"
    assert sum(count > 1 for count in documents.values()) >= 15
    assert {"nizar", "nizarm"} <= {e["id"] for d in GOLD if d["id"] == "example-08" for e in d["entities"]}
