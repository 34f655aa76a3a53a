"""Which documents repeat a story: verdicts on pairs, groups, order, and what the graph makes of it."""

from __future__ import annotations

import tomllib
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rawabit.graph.assemble import assemble
from rawabit.graph.duplicates import find_duplicates
from rawabit.graph.model import Claim, Edge, Entity, Extraction, Node, Relation, Resolution, Resolved
from rawabit.ner.furniture import find_furniture
from rawabit.ner.model import Document, Label, Mention

TABLE = tomllib.loads((Path(__file__).parent / "cases" / "duplicates.toml").read_text(encoding="utf-8"))
TEXTS: dict[str, str] = TABLE["text"]
PORT = TEXTS["port"]
WORDS = PORT.split()


def second(case: dict[str, Any]) -> str:
    text = TEXTS[case["second"]]
    words = text.split(" ")
    text = " ".join(words[: round(len(words) * case.get("cut", 1))])
    for old, new in case.get("edits", []):
        assert old in text, old
        text = text.replace(old, new, 1)
    return str(case.get("before", "")) + text + str(case.get("after", ""))


def plain(key: str, text: str, published: str | None = None) -> Extraction:
    return Extraction(Document(key, text, published=published), (), (), (), find_furniture(text))


@pytest.mark.parametrize("case", TABLE["case"], ids=lambda case: case["note"])
def test_pairs(case: dict[str, Any]) -> None:
    days = case.get("published", [None, None])
    one, other = plain("1", TEXTS[case["first"]], days[0]), plain("2", second(case), days[1])
    expected = {"2": "1"} if case["same"] else {}
    assert find_duplicates([one, other]) == expected
    assert find_duplicates([other, one]) == expected, "order"


def changed(every: int, offset: int = 0, word: str = "غير") -> str:
    """The port's story with one word in so many changed."""
    return " ".join(f"{word}{i}ا" if i % every == offset else w for i, w in enumerate(WORDS))


VERSIONS = [
    plain("d", PORT, "2024-05-08"),
    plain("b", PORT + "\nشارك هذا المقال", "2024-05-07T09:00:00+03:00"),
    plain("c", changed(25), "2024-05-07T05:59:00Z"),
    plain("a", " ".join(WORDS[: len(WORDS) // 2])),
    plain("e", TEXTS["port_otherwise"], "2024-05-01"),
    plain("f", TEXTS["fire"], "2024-05-01"),
]


def test_the_earliest_is_the_original_whatever_the_order() -> None:
    for order in permutations(VERSIONS):
        assert find_duplicates(order) == {"a": "c", "b": "c", "d": "c"}, "05:59 in UTC is before 09:00 in UTC+3"


def test_ties_go_by_id() -> None:
    assert find_duplicates([plain("y", PORT, "2024-05-08"), plain("x", PORT, "2024-05-08")]) == {"y": "x"}
    assert find_duplicates([plain("x", PORT, "gestern"), plain("y", PORT, "2024-05-08")]) == {"x": "y"}


@settings(deadline=None, max_examples=40)
@given(st.lists(st.sampled_from(range(8)), min_size=2, max_size=8, unique=True), st.randoms(use_true_random=False))
def test_adding_documents_never_turns_a_pair(chosen: list[int], rng: Any) -> None:
    pool = [plain(str(n), changed(n + 9, n), None if n == 3 else f"2024-05-{8 - n:02}") for n in range(8)]
    rank = {str(n): (n == 3, -n) for n in range(8)}
    whole = find_duplicates(pool[n] for n in chosen)
    some = find_duplicates(pool[n] for n in rng.sample(chosen, len(chosen) - 1))
    for found in (whole, some):
        assert all(rank[later] > rank[first] for later, first in found.items())
        assert not set(found) & set(found.values()), "an original is no duplicate"
    assert not any(some.get(first) == later for later, first in whole.items())


def test_chains_do_not_drift() -> None:
    words = [f"كلمة{number}ا" for number in range(400)]
    chain = [plain(f"{n:02}", " ".join(words[n * 30 : n * 30 + 200])) for n in range(7)]
    found = find_duplicates(chain)
    assert found["01"] == "00"
    assert "00" not in found
    assert found.get("06") != "00", "each is like the one before it, but the last shares a tenth with the first"
    assert set(found.values()) - set(found) == set(found.values())


def test_a_family_of_reports_stays_apart_and_a_family_of_copies_together() -> None:
    reports = [plain(f"r{n:03}", TEXTS["weather"].replace("4", f"{n}4").replace("2", f"{n}2")) for n in range(60)]
    assert find_duplicates(reports) == {}
    copies = [plain(f"c{n:03}", f"{PORT} نسخة{n}ا") for n in range(60)]
    assert set(find_duplicates(copies).values()) == {"c000"}
    assert len(find_duplicates(copies)) == 59


def test_texts_without_words() -> None:
    assert find_duplicates([plain("1", "؟؟"), plain("2", "؟؟"), plain("3", "شارك هذا المقال")]) == {}
    assert find_duplicates([]) == {}


def told(key: str, text: str, published: str, *, entities: str = "po") -> Extraction:
    spans = {"p": ("رياض العوضي", Label.PERSON), "o": ("هيئة موانئ الساحل الشرقي", Label.ORGANIZATION)}
    found = []
    for letter in entities:
        surface, label = spans[letter]
        at = text.index(surface)
        found.append(Entity(letter, label, surface, (Mention(at, at + len(surface), surface, label),)))
    claims = ()
    if entities == "po":
        ends = [e.mentions[0].span for e in found]
        claims = (Claim(f"{key}-1", "p", Relation.HEAD_OF, "o", 0, len(text), *ends),)  # type: ignore[assignment]
    return Extraction(Document(key, text, published=published), tuple(found), claims)


def test_the_graph_keeps_copies_and_counts_stories() -> None:
    rows = [
        told("a", PORT, "2024-05-06"),
        told("b", PORT + " نسخة", "2024-05-07"),
        told("c", PORT, "2024-05-08", entities="o"),
        told("z", "رياض العوضي يدير هيئة موانئ الساحل الشرقي منذ سنتين.", "2024-05-09"),
    ]
    keys = [f"{row.document.id}#{entity.id}" for row in rows for entity in row.entities]
    resolution = Resolution({key: Resolved(key, f"w-{key[-1]}", "test", 1.0) for key in keys})
    found = find_duplicates(rows)
    assert found == {"b": "a", "c": "a"}
    results = []
    for order in permutations(rows):
        with assemble(order, resolution, duplicates=found) as graph:
            results.append(list(graph))
    assert all(result == results[0] for result in results)
    nodes = {e.id: e.properties for e in results[0] if isinstance(e, Node)}
    assert {key: nodes[key].get("duplicateOf") for key in "abcz"} == {"a": None, "b": "a", "c": "a", "z": None}
    assert (nodes["w-p"]["documentCount"], nodes["w-o"]["documentCount"]) == (2, 2)
    assert (nodes["w-p"]["mentionCount"], nodes["w-o"]["mentionCount"]) == (3, 4), "mentions are all counted"
    edges = [e for e in results[0] if isinstance(e, Edge)]
    assert {e.id: e.properties["story"] for e in edges if e.type == "HEAD_OF"} == {"a-1": "a", "b-1": "a", "z-1": "z"}
    assert sum(e.type == "MENTIONED_IN" for e in edges) == len(keys), "no occurrence is dropped"


def test_a_story_that_only_its_copy_names_counts_once() -> None:
    rows = [told("a", PORT, "2024-05-06", entities="o"), told("b", PORT, "2024-05-07"), told("c", PORT, "2024-05-08")]
    keys = [f"{row.document.id}#{entity.id}" for row in rows for entity in row.entities]
    resolution = Resolution({key: Resolved(key, f"w-{key[-1]}", "test", 1.0) for key in keys})
    with assemble(rows, resolution, duplicates=find_duplicates(rows)) as graph:
        counts = {n.id: n.properties.get("documentCount") for n in graph.nodes()}
    assert (counts["w-p"], counts["w-o"]) == (1, 1)
    with assemble(rows, resolution) as graph:
        counts = {n.id: n.properties.get("documentCount") for n in graph.nodes()}
    assert (counts["w-p"], counts["w-o"]) == (2, 3), "without the table each document is a story"
