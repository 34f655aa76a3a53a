"""A small graph with everything that the HTML page must show, and everything that must not hurt it."""

from __future__ import annotations

from typing import Any

from rawabit.graph.model import Edge, Node

IMAGE = "<img src=x onerror=alert(1)>"
SCRIPT = "</script><script>alert(2)</script><!--"
QUOTES = "\"'&amp;& {{js}} \u2028 ` ${x} \\u003c"


def entity(key: str, label: str, name: str, mentions: int = 1, **more: Any) -> Node:
    shown = {"name": name, "mentionCount": mentions, "documentCount": 1, "corpus": "c"}
    return Node(key, ("Entity", label), {**shown, **more})


def claim(key: str, ends: tuple[str, str, str], sentence: str, marks: tuple[str, str], **more: Any) -> Edge:
    """A claim whose sentence starts at 100 in its document, with the two marked runs as mentions."""
    subject, relation, target = ends
    properties: dict[str, Any] = {"document": "d1", "sentence": sentence, "start": 100, "end": 100 + len(sentence)}
    for side, text in zip(("subject", "object"), marks, strict=True):
        properties[f"{side}Start"] = 100 + sentence.index(text)
        properties[f"{side}End"] = properties[f"{side}Start"] + len(text)
    return Edge(key, subject, target, relation, {**properties, "confidence": 0.75, "negated": False, **more})


AMOUNT = "3.6 مليار دولار"
OLD = {"former": True, "confidence": 0.4, "document": "d2"}
ODD = {"attributedToName": "مصدر <b>مجهول</b>", "odd": "غير متوقع"}
TITLE = {"title": "صفقة في صور", "source": "صحيفة الميناء", "url": "https://example.org/a?b=1&c=2"}
SENTENCES = {
    "c1": "تتولى سلمى الحلبي رئاسة SpaceX سبيس إكس منذ عام.",
    "c2": "😀 عادت سلمى 𐤀 إلى رئاسة سبيس إكس.",
    "c3": "نفت الوكالة أن تكون سبيس إكس قد اشترت شركة إيلون.",
    "c4": "وقعت سبيس إكس عقدا مع شركة إيلون بقيمة مليوني يورو.",
    "c5": "بلغت نفقات سبيس إكس 3.6 مليار دولار.",
    "c6": f"ظهر {IMAGE} إلى جانب {SCRIPT} أمس.",
}
GRAPH: tuple[Node | Edge, ...] = (
    Node("d1", ("Document",), {**TITLE, "published": "2023-05-01", "sha256": "00", "corpus": "c"}),
    Node("d2", ("Document",), {"title": "رابط سيئ", "url": "javascript:alert(3)", "corpus": "c"}),
    entity("e1", "Person", "سلمى الحلبي", 14, nameEn="Salma Al-Halabi", aliases=("الحلبي", QUOTES), wikidata="Q42"),
    entity("e2", "Organization", "SpaceX سبيس إكس", 9),
    entity("e3", "Organization", "إيلون", 5),
    entity("e4", "Person", IMAGE, 2),
    entity("e5", "Product", SCRIPT, 2),
    entity("e6", "Place", "صور", 1),
    entity("e7", "Organization", "وكالة الأرز", 1),
    Node(
        "m1",
        ("Entity", "Money"),
        {
            "name": "3.6 مليار دولار",
            "amountText": "3.6 مليار دولار",
            "amount": 3.6e9,
            "currency": "USD",
            "bound": "about",
        },
    ),
    claim("c1", ("e1", "HEAD_OF", "e2"), SENTENCES["c1"], ("سلمى الحلبي", "SpaceX سبيس إكس"), title="رئيسة"),
    claim(
        "c2", ("e1", "HEAD_OF", "e2"), SENTENCES["c2"], ("سلمى", "سبيس إكس"), former=True, confidence=0.4, document="d2"
    ),
    claim("c3", ("e2", "ACQUIRED", "e3"), SENTENCES["c3"], ("سبيس إكس", "إيلون"), negated=True, attributedTo="e7"),
    claim("c4", ("e2", "AGREED_WITH", "e3"), SENTENCES["c4"], ("سبيس إكس", "إيلون"), amount=2e6, currency="EUR"),
    claim("c5", ("e2", "HAS_AMOUNT", "m1"), SENTENCES["c5"], ("سبيس إكس", AMOUNT), role="إنفاق"),
    claim(
        "c6",
        ("e4", "SUPPORTS", "e5"),
        SENTENCES["c6"],
        (IMAGE, SCRIPT),
        attributedToName="مصدر <b>مجهول</b>",
        odd="غير متوقع",
    ),
    Edge("x1", "e1", "d1", "MENTIONED_IN", {"count": 3, "offsets": (0, 4), "corpus": "c"}),
    Edge("x2", "e1", "d2", "MENTIONED_IN", {"count": 1, "offsets": (0, 4), "corpus": "c"}),
)
