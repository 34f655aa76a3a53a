"""The HTML page as a file: what it embeds, allows and refuses. What a browser shows of it: test_html_browser.py."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import tomllib
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path
from typing import Any

import html_graph as sample
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rawabit.graph.model import Edge, Node, Relation
from rawabit.loaders.html_page import write_html

claim, entity, GRAPH = sample.claim, sample.entity, sample.GRAPH


def page_text(graph: tuple[Node | Edge, ...], folder: Path, title: str = "تجربة") -> str:
    write_html(graph, folder / "page.html", title=title)
    return (folder / "page.html").read_bytes().decode("utf-8")


class _Blocks(HTMLParser):
    """Collects the text of script and style blocks, and every attribute that could fetch something."""

    def __init__(self) -> None:
        super().__init__()
        self.blocks: list[tuple[str, dict[str, str | None], str]] = []
        self.fetching: list[str] = []
        self._open: tuple[str, dict[str, str | None]] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.fetching += [f"{tag} {name}" for name, _ in attrs if name in {"src", "href", "srcset", "action", "style"}]
        self.fetching += [f"{tag} {name}" for name, _ in attrs if name.startswith("on")]
        self._open = (tag, dict(attrs)) if tag in {"script", "style"} else None

    def handle_data(self, data: str) -> None:
        if self._open is not None:
            self.blocks.append((*self._open, data))

    def handle_endtag(self, tag: str) -> None:
        self._open = None


def blocks(text: str) -> _Blocks:
    parser = _Blocks()
    parser.feed(text)
    parser.close()
    return parser


def test_policy_allows_the_blocks_by_hash_and_nothing_else(tmp_path: Path) -> None:
    text = page_text(GRAPH, tmp_path)
    parsed = blocks(text)
    assert parsed.fetching == []
    policy = dict(part.strip().split(" ", 1) for part in re.findall(r'Policy" content="([^"]*)"', text)[0].split(";"))
    assert policy.keys() == {"default-src", "script-src", "style-src", "base-uri", "form-action"}
    assert {policy["default-src"], policy["base-uri"], policy["form-action"]} == {"'none'"}
    for tag in ("script", "style"):
        bodies = [body for name, attributes, body in parsed.blocks if name == tag and "type" not in attributes]
        digests = [base64.b64encode(hashlib.sha256(body.encode()).digest()).decode() for body in bodies]
        assert policy[f"{tag}-src"] == " ".join(f"'sha256-{digest}'" for digest in digests)
        assert len(bodies) == 2


def test_same_elements_same_bytes(tmp_path: Path) -> None:
    first = page_text(GRAPH, tmp_path)
    turned = tuple(
        Node(e.id, e.labels, dict(reversed(list(e.properties.items()))))
        if isinstance(e, Node)
        else Edge(e.id, e.source, e.target, e.type, dict(reversed(list(e.properties.items()))))
        for e in GRAPH
    )
    assert page_text(turned, tmp_path) == first
    assert [p.name for p in tmp_path.iterdir()] == ["page.html"]


def embedded(graph: tuple[Node | Edge, ...], folder: Path) -> dict[str, Any]:
    for tag, attributes, body in blocks(page_text(graph, folder)).blocks:
        if tag == "script" and attributes.get("id") == "data":
            data: dict[str, Any] = json.loads(body)
            return data
    raise AssertionError("no data block")


@pytest.mark.parametrize(
    ("change", "marks"),
    [
        ({}, [[6, 10], [17, 25]]),
        ({"objectStart": 90, "objectEnd": 95}, [[6, 10], None]),  # said in an earlier sentence
        ({"objectStart": 110, "objectEnd": 900}, [[6, 10], None]),
        ({"subjectStart": None}, [None, [17, 25]]),
        ({"end": 999}, [None, None]),  # the sentence is not the text of its span: no mark is better than a wrong one
    ],
)
def test_marks_lie_inside_the_sentence(change: dict[str, Any], marks: list[Any], tmp_path: Path) -> None:
    c = claim("c", ("e1", "HEAD_OF", "e2"), "عادت  سلمى رئيسة سبيس إكس.", ("سلمى", "سبيس إكس"))
    nodes = [e for e in GRAPH if isinstance(e, Node)]
    data = embedded((*nodes, Edge(c.id, c.source, c.target, c.type, {**c.properties, **change})), tmp_path)
    assert [data["claims"][0]["subject"], data["claims"][0]["object"]] == marks


@given(before=st.text(max_size=12), name=st.text(min_size=1, max_size=6), after=st.text(max_size=4))
def test_marks_count_as_javascript_does(
    before: str, name: str, after: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    sentence = before + name + after
    marks = {
        "start": 7,
        "end": 7 + len(sentence),
        "subjectStart": 7 + len(before),
        "subjectEnd": 7 + len(before + name),
    }
    graph = (
        entity("a", "Person", "أ"),
        entity("b", "Person", "ب"),
        Edge("c", "a", "b", "OWNS", {"sentence": sentence, **marks}),
    )
    data = embedded(graph, tmp_path_factory.getbasetemp())
    start, end = data["claims"][0]["subject"]
    assert data["texts"][0].encode("utf-16-le")[2 * start : 2 * end].decode("utf-16-le") == re.sub(
        "[\ud800-\udfff]", "\ufffd", name
    )


def test_what_json_cannot_hold(tmp_path: Path) -> None:
    odd = {"amount": float("nan"), "confidence": float("inf"), "rank": 2**60, "title": "\ud800x"}
    graph = (entity("a", "Person", "أ"), entity("b", "Person", "ب\udfff"), Edge("c", "a", "b", "OWNS", odd))
    data = embedded(graph, tmp_path)
    assert data["claims"][0]["q"] == {"amount": "nan", "rank": str(2**60), "title": "\ufffdx"}
    assert "confidence" not in data["claims"][0]
    assert data["entities"][1]["name"] == "ب\ufffd"


@pytest.mark.parametrize("edge", [Edge("c", "e1", "gone", "OWNS", {}), Edge("c", "e1", "gone", "MENTIONED_IN", {})])
def test_edge_without_its_nodes_is_refused(edge: Edge, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("before", encoding="utf-8")
    with pytest.raises(ValueError, match="'gone'"):
        write_html((*(e for e in GRAPH if isinstance(e, Node)), edge), tmp_path / "page.html")
    assert (tmp_path / "page.html").read_text(encoding="utf-8") == "before"


def test_words_in_both_languages() -> None:
    folder = files("rawabit.loaders.data")
    table = tomllib.loads(folder.joinpath("page.toml").read_text(encoding="utf-8"))
    for kind, entries in table.items():
        for key, words in entries.items():
            assert words.keys() == {"ar", "en"}, (kind, key)
            assert all(words.values()), (kind, key)
    assert table["relation"].keys() == set(Relation)
    assert table["label"].keys() == {"Person", "Organization", "Place", "Product", "Money"}
    # No key is missing from the table, and none is left that nothing asks for.
    sources = {
        name: folder.joinpath(name).read_text(encoding="utf-8") for name in ("page.js", "page_parts.js", "page.html")
    }
    code = sources["page.js"] + sources["page_parts.js"]
    asked = set(re.findall(r"\bw\('(\w+)'\)|word\('word', '(\w+)'\)|data-word=\"(\w+)\"", code + sources["page.html"]))
    keys = {key for groups in asked for key in groups if key}
    assert keys <= table["word"].keys()
    loose = table["word"].keys() - keys - {"noScript"}
    assert {key for key in loose if f"'{key}'" not in code and f" {key}:" not in code} == set()
    assert set(re.findall(r"word\('field', '(\w+)'\)", code)) <= table["field"].keys()


def test_vendored_library_has_its_licence() -> None:
    vendor = files("rawabit.loaders.data").joinpath("vendor")
    script = vendor.joinpath("cytoscape-3.34.4.min.js").read_text(encoding="utf-8")
    assert "Permission is hereby granted, free of charge" in vendor.joinpath("cytoscape-LICENSE.txt").read_text("utf-8")
    assert "The Cytoscape Consortium" in script[:200]
    # Either would end or hide the block that it stands in.
    assert "</script" not in script.lower()
    assert "<!--" not in script
