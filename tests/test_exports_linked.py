"""FollowTheMoney and JSON-LD: read back by followthemoney and rdflib."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from followthemoney import model
from followthemoney.proxy import EntityProxy
from graphs import EVIL, GRAPH, claim, entity
from rdflib import RDF, Graph, Literal, Namespace, URIRef

import rawabit
from rawabit.graph.model import Edge, Node, Relation
from rawabit.loaders.ftm import write_ftm
from rawabit.loaders.jsonld import write_jsonld

SCHEMA = Namespace("https://schema.org/")
OURS = Namespace("urn:rawabit:")


@pytest.fixture(scope="module")
def assembled(examples: Path) -> list[Node | Edge]:
    """The examples' graph."""
    extractions = list(rawabit.extract(rawabit.read([examples], report=print), engine="rules", report=print))
    with rawabit.assemble(extractions, rawabit.resolve(extractions, rawabit.load())) as graph:
        return list(graph)


def proxies(path: Path) -> dict[str, EntityProxy]:
    """The file's entities, each valid by the library: schema, properties, every value, and what its links lead to."""
    found: dict[str, EntityProxy] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        schema = model.get(row["schema"])
        assert schema is not None
        assert not schema.abstract
        schema.validate(row)
        proxy = model.get_proxy(row)
        assert proxy.id not in found
        assert {name: set(values) for name, values in row["properties"].items()} == {
            name: set(values) for name, values in proxy.to_dict()["properties"].items()
        }
        for prop, value in proxy.itervalues():
            if prop.type.name not in ("text", "string", "name"):
                assert prop.type.clean(value) == value, (prop, value)
        assert all(proxy.get(name) for name in schema.required if name != "fileName"), row
        found[proxy.id] = proxy
    for proxy in found.values():
        for prop, value in proxy.itervalues():
            if prop.type.name == "entity":
                assert found[value].schema.is_a(prop.range.name), (proxy, prop)
    return found


def test_ftm_holds_every_kind(tmp_path: Path) -> None:
    write_ftm(GRAPH, tmp_path / "g.json")
    found = proxies(tmp_path / "g.json")
    schemata = {key: proxy.schema.name for key, proxy in found.items()}
    assert {key.removeprefix("claim-"): name for key, name in schemata.items() if key.startswith("claim-")} == {
        "k01": "Directorship", "k02": "Employment", "k03": "Membership", "k04": "Ownership", "k05": "Family",
        "k06": "Payment", "k07": "UnknownLink", "k08": "UnknownLink", "k09": "UnknownLink", "k10": "Ownership",
        "k11": "UnknownLink", "k12": "UnknownLink",
    }  # fmt: skip
    assert schemata["entity-o1"] == "Company", "somebody owns it"
    assert schemata["entity-o2"] == "Organization", "that somebody owns it is denied"
    assert schemata["entity-c1"] == "Address"
    assert schemata["document-d1"] == "Article"
    first = found["claim-k01"]
    assert set(first.get("role")) == {"الرئيسة التنفيذية", "HEAD_OF"}
    assert first.get("status") == ["former"]
    assert first.get("summary") == ["قال إن «سهيل» وقعت العقد."]
    assert first.get("proof") == ["document-d1"]
    assert first.get("recordId") == ["k01"]
    denied = found["claim-k08"]
    assert (denied.get("role"), denied.get("status")) == (["not OWNS"], ["denied"])
    paid = found["claim-k06"]
    assert (paid.get("amount"), paid.get("currency")) == (["500000000"], ["AED"])
    assert paid.get("description") == ["confidence 0.8125; said by سلمى"]
    assert found["claim-k11"].get("description") == ["confidence 0.8125; amount 3 OMR"]
    assert found["claim-k05"].get("relationship") == ["أخت"]
    article = found["document-d1"]
    assert article.get("publishedAt") == ["2025-06-11T06:00:00"]
    assert article.get("publisher") == ["وكالة مدار"]
    place = found["entity-c1"]
    assert len(place.get("proof")) == 2
    assert [proxy.get("resolved") for proxy in found.values() if proxy.schema.name == "Mention"] == [["entity-p1"]]
    assert found["entity-p1"].get("wikidataId") == ["Q42"]
    assert set(found["entity-p1"].get("alias")) == {"الراوي", "سلمى"}
    assert found["entity-x0"].get("name") == [EVIL[0]]


def test_ftm_of_real_articles_is_valid_and_the_same_again(assembled: list[Node | Edge], tmp_path: Path) -> None:
    write_ftm(assembled, tmp_path / "a.json")
    write_ftm(assembled, tmp_path / "b.json")
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()
    found = proxies(tmp_path / "a.json")
    claims = [element for element in assembled if isinstance(element, Edge) and element.type != "MENTIONED_IN"]
    assert {key for key in found if key.startswith("claim-")} == {f"claim-{edge.id}" for edge in claims}
    nodes = [element for element in assembled if isinstance(element, Node)]
    assert len(found) >= len(claims) + len(nodes)


def test_ftm_ids_do_not_depend_on_the_rest(tmp_path: Path) -> None:
    write_ftm(GRAPH, tmp_path / "a.json")
    write_ftm([element for element in GRAPH if element.id not in ("k12", "x8")], tmp_path / "b.json")
    assert set(proxies(tmp_path / "b.json")) < set(proxies(tmp_path / "a.json"))


def test_ftm_takes_every_relation_and_odd_values(tmp_path: Path) -> None:
    things = [entity("p", "Person", "أ" * 500), entity("o", "Organization", "ب\x00\ud800"), entity("c", "Place", "ج")]
    odd = {"date": "العام الماضي", "document": None, "attributedTo": "p", "product": "غاز", "former": True}
    edges = [
        claim(f"{relation}{one.id}{other.id}", one.id, relation, other.id, **odd)
        for relation in Relation for one in things for other in things
    ]  # fmt: skip
    write_ftm([*things, *edges], tmp_path / "a.json")
    found = proxies(tmp_path / "a.json")
    assert len(found) == len(things) + len(edges)
    said = {proxy.first("description") for proxy in found.values() if proxy.id.startswith("claim-")}
    assert all("product غاز; date العام الماضي" in text for text in said)


def test_ftm_wants_what_can_be_read_twice(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="give a list or a Graph"):
        write_ftm(iter(GRAPH), tmp_path / "a.json")
    assert not list(tmp_path.iterdir())


def parsed(path: Path) -> Graph:
    return Graph().parse(path, format="json-ld")


def test_jsonld_says_who_claims_what_where(tmp_path: Path) -> None:
    write_jsonld(GRAPH, tmp_path / "g.jsonld")
    graph = parsed(tmp_path / "g.jsonld")
    assert len(set(graph.subjects(RDF.type, SCHEMA.Claim))) == 12
    assert set(graph.subjects(RDF.type, SCHEMA.Claim)) == set(graph.subjects(RDF.type, RDF.Statement))
    one = URIRef("urn:rawabit:claim:k06")
    assert graph.value(one, RDF.subject) == URIRef("urn:rawabit:entity:o2")
    assert graph.value(one, RDF.predicate) == URIRef("urn:rawabit:relation:FUNDED")
    assert graph.value(one, RDF.object) == URIRef("urn:rawabit:entity:o1")
    assert graph.value(one, SCHEMA.text) == Literal("قال إن «سهيل» وقعت العقد.", lang="ar")
    assert graph.value(one, SCHEMA.author) == URIRef("urn:rawabit:entity:p1")
    article = graph.value(one, SCHEMA.appearance)
    assert graph.value(article, SCHEMA.headline) == Literal("=خبر")
    assert (article, SCHEMA.mentions, URIRef("urn:rawabit:entity:p1")) in graph
    assert str(graph.value(article, SCHEMA.datePublished)) == "2025-06-11T10:00:00+04:00"
    amount = graph.value(one, SCHEMA.amount)
    assert graph.value(amount, SCHEMA.value).toPython() == 5e8  # type: ignore[union-attr]
    assert graph.value(amount, SCHEMA.currency) == Literal("AED")
    assert str(graph.value(one, OURS.confidence)) == "0.8125"
    denied = {str(s).rpartition(":")[2] for s in graph.subjects(OURS.denied, Literal(True))}
    assert denied == {"k08"}
    person = URIRef("urn:rawabit:entity:p1")
    assert graph.value(person, SCHEMA.sameAs) == URIRef("http://www.wikidata.org/entity/Q42")
    assert Literal("Salma", lang="en") in set(graph.objects(person, SCHEMA.name))
    odd = URIRef("urn:rawabit:document:%D9%88%D8%AB%D9%8A%D9%82%D8%A9%202%23%2F")
    assert graph.value(odd, OURS.repeats) == article
    assert graph.value(odd, SCHEMA.identifier) == Literal("وثيقة 2#/")


def test_jsonld_asserts_no_relation_as_a_fact(assembled: list[Node | Edge], tmp_path: Path) -> None:
    """Between entities stand claims only, and every claim, name and mention of the graph is there."""
    write_jsonld(assembled, tmp_path / "g.jsonld")
    graph = parsed(tmp_path / "g.jsonld")
    entities = {s for s in graph.subjects() if str(s).startswith("urn:rawabit:entity:")}
    assert not [(s, p, o) for s, p, o in graph if s in entities and o in entities]
    claims = [edge for edge in assembled if isinstance(edge, Edge) and edge.type != "MENTIONED_IN"]
    query = """SELECT ?c ?s ?p ?o WHERE { ?c a <https://schema.org/Claim> ;
        rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o }"""
    found = {tuple(str(term).removeprefix("urn:rawabit:").partition(":")[2] or str(term) for term in row)
             for row in graph.query(query)}  # type: ignore[union-attr]  # fmt: skip
    assert {row[:4] for row in found} == {(e.id, e.source, e.type, e.target) for e in claims}
    texts = set(map(str, graph.objects(None, SCHEMA.text)))
    assert texts == {edge.properties["sentence"] for edge in claims}
    mentions = sum(isinstance(edge, Edge) and edge.type == "MENTIONED_IN" for edge in assembled)
    assert len(list(graph.subject_objects(SCHEMA.mentions))) == mentions


def test_jsonld_of_odd_values(tmp_path: Path) -> None:
    odd: list[Node | Edge] = [
        entity("a b", "Person", "أ\x00\x0b\ud800", own="x"),
        claim("k", "a b", "RELATED", "a b", amount=float("inf"), note="x"),
    ]
    write_jsonld(odd, tmp_path / "g.jsonld")
    graph = parsed(tmp_path / "g.jsonld")
    assert graph.value(URIRef("urn:rawabit:claim:k"), OURS.note) == Literal("x")
    write_jsonld([], tmp_path / "empty.jsonld")
    assert len(parsed(tmp_path / "empty.jsonld")) == 0
