"""From extractions to nodes and edges."""

from __future__ import annotations

from decimal import Decimal
from itertools import permutations

import pytest

from rawabit.graph.assemble import assemble, to_networkx
from rawabit.graph.model import Claim, Edge, Entity, Extraction, Node, Relation, Resolution, Resolved
from rawabit.ner.model import Date, Document, Label, Mention, Money

TEXT = "قال ماسك إن SpaceX الأمريكية أنفقت 80.5 مليون دولار في 2022."


def mention(text: str, surface: str, label: Label, value: Money | Date | None = None) -> Mention:
    start = text.index(surface)
    return Mention(start, start + len(surface), surface, label, value)


def extraction(key: str, name: str = "ماسك", **more: str) -> Extraction:
    money = Money(Decimal("80500000"), "USD")
    date = Date(None, None, "2022")
    found = {
        "p": mention(TEXT, "ماسك", Label.PERSON),
        "o": mention(TEXT, "SpaceX", Label.ORGANIZATION),
        "u": mention(TEXT, "الأمريكية", Label.NORP),
        "m": mention(TEXT, "80.5 مليون دولار", Label.MONEY, money),
        "d": mention(TEXT, "2022", Label.DATE, date),
    }
    entities = (
        Entity("p", Label.PERSON, name, (found["p"],), name_ar=name, name_en="Musk"),
        Entity("o", Label.ORGANIZATION, "SpaceX", (found["o"],)),
        Entity("u", Label.PLACE, "الولايات المتحدة", (found["u"],), wikidata="Q30"),
        Entity("m", Label.MONEY, "80.5 مليون دولار", (found["m"],), value=money),
        Entity("d", Label.DATE, "2022", (found["d"],), value=date),
    )
    claims = tuple(
        Claim(
            f"{key}-{n}", a, relation, b, 0, len(TEXT), found[a].span, found[b].span, confidence, negated, source, extra
        )
        for n, (a, relation, b, confidence, negated, source, extra) in enumerate(
            [
                ("p", Relation.HEAD_OF, "o", 0.9, False, None, {"title": "رئيس", "former": True}),
                ("o", Relation.HAS_AMOUNT, "m", 0.8, True, "p", {}),
                ("o", Relation.AGREED_WITH, "u", 0.3, False, None, {"amount": Decimal("80500000"), "currency": "USD"}),
                ("o", Relation.AGREED_WITH, "u", 0.6, False, None, {"amount": Decimal("1.5"), "currency": "USD"}),
            ]
        )
    )
    return Extraction(Document(key, TEXT, **more), entities, claims, ((0, len(TEXT)),), (), "1")  # type: ignore[arg-type]


def resolution(*keys: str) -> Resolution:
    members = {}
    for key in keys:
        for entity in "poumd":
            world = f"w-{entity}" if entity != "m" else f"w-m-{key}"
            members[f"{key}#{entity}"] = Resolved(f"{key}#{entity}", world, "test", 1.0)
    return Resolution(members, {"w-p": ("old-p",)})


def elements(*extractions: Extraction, **options: float) -> list[Node | Edge]:
    with assemble(extractions, resolution(*(e.document.id for e in extractions)), **options) as graph:  # type: ignore[arg-type]
        return list(graph)


def test_nodes_carry_what_the_design_says() -> None:
    nodes = {e.id: e for e in elements(extraction("a"), extraction("b", "إيلون ماسك")) if isinstance(e, Node)}
    assert nodes["w-p"].labels == ("Entity", "Person")
    assert nodes["w-p"].properties == {
        "name": "إيلون ماسك", "nameAr": "إيلون ماسك", "nameEn": "Musk", "aliases": ("ماسك",), "mentionCount": 2,
        "documentCount": 2, "formerIds": ("old-p",), "corpus": "rawabit",
    }  # fmt: skip
    assert nodes["w-u"].properties["wikidata"] == "Q30"
    assert nodes["w-u"].properties["mentionCount"] == 2, "a demonym is a mention"
    assert "aliases" not in nodes["w-u"].properties, "but no name"
    assert nodes["w-m-a"].labels == ("Entity", "Money")
    assert (nodes["w-m-a"].properties["amount"], nodes["w-m-a"].properties["amountText"]) == (80500000.0, "80500000")
    assert nodes["a"].labels == ("Document",)
    assert len(nodes["a"].properties["sha256"]) == 64
    assert not any(key.startswith("w-d") for key in nodes), "dates are no nodes"


def test_every_claim_is_an_edge_of_its_own() -> None:
    edges = {e.id: e for e in elements(extraction("a")) if isinstance(e, Edge)}
    first, second = edges["a-2"], edges["a-3"]
    assert (first.source, first.target, first.type) == (second.source, second.target, second.type)
    assert (first.properties["amount"], second.properties["amount"]) == (80500000.0, 1.5)
    denied = edges["a-1"].properties
    assert (denied["negated"], denied["attributedTo"], denied["attributedToName"]) == (True, "w-p", "ماسك")
    assert denied["sentence"] == TEXT
    assert TEXT[denied["subjectStart"] : denied["subjectEnd"]] == "SpaceX"
    assert edges["a-0"].properties["former"] is True
    assert all(e.properties["corpus"] == "rawabit" for e in edges.values())


def test_occurrences_count_and_place_mentions() -> None:
    mentioned = [e for e in elements(extraction("a")) if isinstance(e, Edge) and e.type == "MENTIONED_IN"]
    spans = {e.source: e.properties["offsets"] for e in mentioned}
    assert TEXT[slice(*spans["w-p"])] == "ماسك"
    assert all(e.target == "a" and e.properties["count"] * 2 == len(e.properties["offsets"]) for e in mentioned)


def test_order_of_documents_does_not_matter() -> None:
    documents = [extraction("a"), extraction("b", "إيلون ماسك"), extraction("c", "المسك")]
    assert len({str(elements(*order)) for order in permutations(documents)}) == 1


def test_elements_are_sorted_nodes_first() -> None:
    found = elements(extraction("b"), extraction("a"))
    split = next(i for i, e in enumerate(found) if isinstance(e, Edge))
    for part in (found[:split], found[split:]):
        assert [e.id for e in part] == sorted(e.id for e in part)


def test_withheld_claims_are_counted() -> None:
    with assemble([extraction("a")], resolution("a"), min_confidence=0.5) as graph:
        assert graph.withheld == 1
        assert graph.counts["AGREED_WITH"] == 1


def test_the_same_document_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="have the id 'a'"):
        elements(extraction("a"), extraction("a"))


def test_a_label_does_not_depend_on_which_document_came_first() -> None:
    def one(key: str, label: Label) -> Extraction:
        site = mention(TEXT, "SpaceX", label)
        return Extraction(Document(key, TEXT), (Entity("o", label, "SpaceX", (site,)),), ())

    labels = [Label.PRODUCT, Label.ORGANIZATION, Label.PRODUCT, Label.ORGANIZATION]
    rows = [one(key, label) for key, label in zip("abcd", labels, strict=True)]
    for order in permutations(rows):
        nodes = {e.id: e for e in elements(*order) if isinstance(e, Node)}
        assert nodes["w-o"].labels == ("Entity", "Organization")


def test_a_document_without_a_title_is_called_by_its_first_sentence() -> None:
    nodes = {e.id: e for e in elements(extraction("a"), extraction("b", title="عنوان")) if isinstance(e, Node)}
    assert nodes["a"].properties["title"] == TEXT
    assert nodes["b"].properties["title"] == "عنوان"


def test_a_document_named_like_an_entity_is_refused() -> None:
    with pytest.raises(ValueError, match="give the document another"):
        assemble([extraction("w-p")], resolution("w-p"))


def test_a_missing_resolution_is_an_error() -> None:
    with pytest.raises(KeyError):
        assemble([extraction("a")], resolution("b"))


def test_networkx_keeps_parallel_claims() -> None:
    graph = to_networkx(elements(extraction("a")))
    assert set(graph["w-o"]["w-u"]) == {"a-2", "a-3"}
    assert graph.nodes["w-p"]["labels"] == ("Entity", "Person")
