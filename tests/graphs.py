"""Small graphs for tests of writers: one with all that a graph may hold, texts that mean harm included."""

from __future__ import annotations

from collections.abc import Sequence

from rawabit.graph.model import Edge, Node, content_id

__all__ = ["EVIL", "GRAPH", "claim", "entity", "mention"]

EVIL = ("=1+1", "+1", "-قال", "@SUM(A1)", "\tنص", '=HYPERLINK("http://x")', "＝1", " =2", "-5.2")
"""Names that a spreadsheet may take for formulas; the last one is a number."""


def entity(key: str, label: str, name: str, **properties: object) -> Node:
    base = {"name": name, "mentionCount": 1, "documentCount": 1, "corpus": "rawabit"}
    return Node(key, ("Entity", label), {**base, **properties})


def mention(source: str, document: str, *offsets: int) -> Edge:
    properties = {"count": len(offsets) // 2, "offsets": offsets, "corpus": "rawabit"}
    return Edge(content_id("mentioned", source, document), source, document, "MENTIONED_IN", properties)


def claim(key: str, source: str, type_: str, target: str, **properties: object) -> Edge:
    base = {
        "document": "d1", "story": "d1", "sentence": "قال إن «سهيل» وقعت العقد.", "start": 0, "end": 25,
        "subjectStart": 8, "subjectEnd": 12, "objectStart": 15, "objectEnd": 20, "confidence": 0.8125,
        "negated": False, "corpus": "rawabit",
    }  # fmt: skip
    return Edge(key, source, target, type_, {**base, **properties})


def _sorted(elements: Sequence[Node | Edge]) -> list[Node | Edge]:
    return sorted(elements, key=lambda element: (isinstance(element, Edge), element.id))


GRAPH: list[Node | Edge] = _sorted(
    [
        Node("d1", ("Document",), {
            "title": "=خبر", "source": "وكالة مدار", "url": "https://madar.example.org/1",
            "published": "2025-06-11T10:00:00+04:00", "sha256": "ab" * 32, "corpus": "rawabit",
        }),
        Node("وثيقة 2#/", ("Document",), {"published": "2025-06", "duplicateOf": "d1", "corpus": "rawabit"}),
        entity("p1", "Person", "سلمى الراوي", nameAr="سلمى الراوي", nameEn="Salma", aliases=("الراوي", "سلمى"),
               wikidata="Q42", formerIds=("p9",)),
        entity("p2", "Person", "نزار الراوي"),
        entity("o1", "Organization", "سهيل للفضاء"),
        entity("o2", "Organization", "بنك المرفأ"),
        entity("c1", "Place", "مسقط"),
        entity("g1", "Product", "سهيل لينك"),
        entity("m1", "Money", "3.6 مليار", amount=3600000000.0, amountText="3600000000", bound="about",
               candidates=("USD", "CAD")),
        entity("m2", "Money", "نصف", amount=0.1 + 0.2, amountText="0.3", currency="USD", bound="exact"),
        *(entity(f"x{i}", "Person", name) for i, name in enumerate(EVIL)),
        mention("p1", "d1", 0, 4, 8, 12),
        mention("c1", "d1", 20, 24),
        mention("c1", "وثيقة 2#/", 3, 7),
        claim("k01", "p1", "HEAD_OF", "o1", title="الرئيسة التنفيذية", former=True),
        claim("k02", "p2", "WORKS_FOR", "o1"),
        claim("k03", "o1", "MEMBER_OF", "o2"),
        claim("k04", "p1", "OWNS", "o1"),
        claim("k05", "p1", "FAMILY_OF", "p2", kinship="أخت"),
        claim("k06", "o2", "FUNDED", "o1", amount=5e8, currency="AED", attributedTo="p1", attributedToName="سلمى"),
        claim("k07", "p1", "HEAD_OF", "c1"),
        claim("k08", "p1", "OWNS", "o2", negated=True),
        claim("k09", "o1", "HAS_AMOUNT", "m1", role="contract"),
        claim("k10", "o2", "ACQUIRED", "g1", amount=12.5, currency="USD", date="2025-06-01"),
        claim("k11", "o1", "AGREED_WITH", "o2", amount=3.0, currency="OMR", story="وثيقة 2#/", document="وثيقة 2#/"),
        claim("k12", "x0", "RELATED", "x4", predicate="=ضرب", sentence="=سطر\nآخر\tثم"),
    ]
)  # fmt: skip
