"""A small made-up graph for what reads graphs back: texts that break formats, and claims for every saved query."""

from __future__ import annotations

from typing import Any

from rawabit.graph.model import Edge, Node

__all__ = ["NASTY", "NEWS", "nasty"]

NASTY = (
    "`) DETACH DELETE n // ' \" {x} \\u0060 \u202e$rows\n",
    'قال: «نعم», "لا"; ثم\r\nسكت\rو\tصمت\\',
    '\\"',
    '"',
    "",
    " فراغ ",
    "a\x1fb",
    "\u2028\ufeff",
    "=1+1",
    "null",
    "\x01\x7f",
    "😀𐎠",
    "س" * 30000,
    "\n",
    ",",
    ";",
    "@import.args",
)


def nasty(corpus: str) -> list[Node | Edge]:
    """Each text as a name, an alias and a sentence."""
    out: list[Node | Edge] = [Node("d", ("Document",), {"title": NASTY[0], "sha256": "ab", "corpus": corpus})]
    edges: list[Node | Edge] = []
    for number, text in enumerate(NASTY):
        counts = {"mentionCount": number + 1, "documentCount": 1, "corpus": corpus}
        out.append(Node(f"n{number:02}", ("Entity", "Person"), {"name": text, "aliases": (text, "ب"), **counts}))
        offsets = tuple(range(2 * number + 2))
        found = {"count": number + 1, "offsets": offsets, "corpus": corpus}
        edges.append(Edge(f"m{number:02}", f"n{number:02}", "d", "MENTIONED_IN", found))
        claim = {"document": "d", "sentence": text, "start": number, "end": 2**53 + number, "corpus": corpus}
        claim |= {"confidence": number / 16, "negated": number % 2 == 0, "title": text}
        edges.append(Edge(f"e{number:02}", f"n{number:02}", "n00", "FAMILY_OF", claim))
    money: dict[str, Any] = {"name": "3 ملايين", "amount": 3e6, "amountText": "3000000", "bound": "exact"}
    money |= {"mentionCount": 1, "documentCount": 1, "candidates": ("OMR", "SAR"), "corpus": corpus}
    out.append(Node("z", ("Entity", "Money"), money))
    edges.append(Edge("mz", "z", "d", "MENTIONED_IN", {"count": 1, "offsets": (7, 9), "corpus": corpus}))
    return [*out, *sorted(edges, key=lambda edge: edge.id)]


def _person(key: str, name: str, count: int, **more: Any) -> Node:
    return Node(
        key, ("Entity", "Person"), {"name": name, "nameAr": name, "mentionCount": count, "corpus": "news"} | more
    )


def _claim(key: str, a: str, kind: str, b: str, document: str, sentence: str, **more: Any) -> Edge:
    properties = {"document": document, "story": document, "sentence": sentence, "start": int(key[1:]), "end": 99}
    return Edge(key, a, b, kind, {**properties, "confidence": 0.9, "negated": False, "corpus": "news", **more})


NEWS: tuple[Node | Edge, ...] = (
    Node("d1", ("Document",), {"title": "الوزيرة تلتقي الرئيس", "published": "2024-01-02", "corpus": "news"}),
    Node("d2", ("Document",), {"title": "الشركة تنفي", "published": "2024-03-04", "corpus": "news"}),
    Node("m1", ("Entity", "Money"), {"name": "٣ ملايين درهم", "amount": 3e6, "currency": "AED", "corpus": "news"}),
    Node("o1", ("Entity", "Organization"), {"name": "شركة الغدير", "mentionCount": 4, "corpus": "news"}),
    Node("o2", ("Entity", "Organization"), {"name": "مصرف الواحة", "mentionCount": 2, "corpus": "news"}),
    _person("p1", "سميرة الحاتمي", 9, aliases=("الحاتمي",)),
    _person("p2", "ناجي المرشدي", 5),
    _person("p3", "وليد السروري", 2, nameEn="Walid al-Sarouri"),
    _claim("c1", "p1", "COMMUNICATED_WITH", "p2", "d1", "التقت الحاتمي المرشدي"),
    _claim(
        "c2", "p2", "HEAD_OF", "o1", "d1", "المرشدي رئيس الشركة", attributedTo="p1", attributedToName="سميرة الحاتمي"
    ),
    _claim("c3", "p3", "WORKS_FOR", "o1", "d2", "السروري موظف في الشركة", date="2023-05"),
    _claim("c4", "o2", "FUNDED", "o1", "d1", "مول المصرف الشركة بخمسة ملايين", amount=5e6, currency="USD"),
    _claim("c5", "o1", "HAS_AMOUNT", "m1", "d2", "أرباح الشركة ثلاثة ملايين"),
    _claim("c6", "o2", "FUNDED", "o1", "d2", "نفت الشركة أن يكون المصرف مولها", negated=True),
    _claim("c7", "o1", "AGREED_WITH", "o2", "d2", "لم تتفق الشركة مع المصرف", negated=True),
    _claim("c8", "o2", "AGREED_WITH", "o1", "d1", "اتفق المصرف مع الشركة"),
    *(
        Edge(f"x{who}", who, "d1", "MENTIONED_IN", {"count": 1, "offsets": (0, 4), "corpus": "news"})
        for who in ("o1", "o2", "p1", "p2", "p3")
    ),
)
