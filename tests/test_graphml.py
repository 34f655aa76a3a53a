"""GraphML: what other programs read in it, and the way back."""

from __future__ import annotations

import io
import math
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from pathlib import Path

import igraph
import networkx as nx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rawabit.graph.model import Edge, Node
from rawabit.loaders.graphml import read_graphml, write_graphml

NS = "{http://graphml.graphdrawing.org/xmlns}"
FORBIDDEN = [*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), 0xFFFE, 0xFFFF, *range(0xD800, 0xE000)]

SAMPLE: tuple[Node | Edge, ...] = (
    Node("d1", ("Document",), {"title": "صفقة", "source": "وكالة", "sha256": "ab", "corpus": "c"}),
    Node(
        "p1",
        ("Entity", "Person"),
        {"name": "سلمى «الحلبي»", "nameEn": "Salma", "aliases": ("سلمى", 'S "L"'), "mentionCount": 3, "corpus": "c"},
    ),
    Node("m1", ("Entity", "Money"), {"amountText": "3 ملايين", "amount": 3e6, "currency": "USD", "candidates": ()}),
    Node("o1", ("Entity", "Organization"), {"name": "شركة & <أبناؤها>", "formerIds": ("o7",)}),
    Edge("e0", "p1", "d1", "MENTIONED_IN", {"count": 2, "offsets": (0, 4, 9, 13), "corpus": "c"}),
    Edge("e1", "p1", "o1", "HEAD_OF", {"sentence": "سطر\nثانٍ\tو]]>", "confidence": 0.5, "negated": True, "start": 7}),
    Edge("e2", "p1", "o1", "HEAD_OF", {"sentence": "مرة أخرى", "confidence": 1, "negated": False, "title": "مديرة"}),
)


def written(elements: Sequence[Node | Edge]) -> bytes:
    out = io.BytesIO()
    write_graphml(iter(elements), out)
    return out.getvalue()


def clean(text: str) -> str:
    return "".join("\ufffd" if ord(c) in FORBIDDEN else c for c in text)


def complaints(data: bytes) -> list[str]:
    """What Gephi, yEd, APOC or the schema would object to."""
    root = ET.fromstring(data)
    keys = {}
    out = []
    for key in root.iter(f"{NS}key"):
        a = key.attrib
        out += ["an empty key id or name"] * (not a["id"] or not a["attr.name"])
        out += [f"key id twice: {a['id']}"] * (a["id"] in keys)
        out += [f"no NMTOKEN: {a['id']}"] * any(c.isspace() or c in "\"'<>&/#" for c in a["id"])
        out += [f"type {a['attr.type']}"] * (a["attr.type"] not in {"boolean", "long", "double", "string"})
        out += [f"for {a['for']}"] * (a["for"] not in {"node", "edge"})
        keys[a["id"]] = a
    (graph,) = root.findall(f"{NS}graph")
    out += ["not directed"] * (graph.attrib["edgedefault"] != "directed")
    nodes: set[str] = set()
    edges: set[str] = set()
    for element in graph:
        tag = element.tag.removeprefix(NS)
        seen = nodes if tag == "node" else edges
        a = element.attrib
        out += ["an empty id"] * (not a["id"]) + [f"id twice: {a['id']}"] * (a["id"] in seen)
        seen.add(a["id"])
        names = set()
        used = [d.attrib["key"] for d in element]
        out += [f"a key twice in {a['id']}"] * (len(set(used)) < len(used))
        for d in element:
            if d.attrib["key"] not in keys:
                out.append(f"undeclared key {d.attrib['key']}")
                continue
            column = keys[d.attrib["key"]]
            out += [f"key {column['id']} is not for {tag}"] * (column["for"] != tag)
            names.add(column["attr.name"])
            text = d.text or ""
            if column["attr.type"] == "long":
                out += [f"no long: {text}"] * (not -(2**63) <= int(text) < 2**63)
            elif column["attr.type"] == "double":
                out += [f"Java cannot parse {text}"] * (text in {"inf", "-inf", "nan", "INF", "-INF"})
                float(text)
            elif column["attr.type"] == "boolean":
                out += [f"no boolean: {text}"] * (text not in {"true", "false"})
        out += [f"{a['id']} has no label"] * ("label" not in names)
        if tag == "node":
            out += ["labels differ"] * (a["labels"] != element.findtext(f"{NS}data[@key='labels']", ""))
        else:
            out += ["the type differs"] * (a["label"] != element.findtext(f"{NS}data[@key='label']", ""))
            out += [f"{a['id']} hangs in the air"] * (not {a["source"], a["target"]} <= nodes)
    return out


def test_sample_pleases_every_reader() -> None:
    assert complaints(written(SAMPLE)) == []


def test_complaints_can_complain() -> None:
    bad = written(SAMPLE).replace(b'attr.type="long"', b'attr.type="integer"').replace(b'id="e2"', b'id="e1"')
    assert {"type integer", "id twice: e1"} <= set(complaints(bad))


def test_round_trip(tmp_path: Path) -> None:
    path = tmp_path / "بيان.graphml"
    write_graphml(SAMPLE, path)
    back = list(read_graphml(path))
    assert back == list(SAMPLE)
    assert [type(v) for v in back[5].properties.values()] == [float, bool, str, int]
    assert isinstance(back[6].properties["confidence"], int)
    assert path.read_bytes() == written(SAMPLE)
    assert [p.name for p in tmp_path.iterdir()] == ["بيان.graphml"]


def test_same_elements_same_bytes_whatever_the_order_of_properties() -> None:
    turned = [
        Node(e.id, e.labels, dict(reversed(list(e.properties.items()))))
        if isinstance(e, Node)
        else Edge(e.id, e.source, e.target, e.type, dict(reversed(list(e.properties.items()))))
        for e in SAMPLE
    ]
    assert written(turned) == written(SAMPLE)


def test_networkx(tmp_path: Path) -> None:
    write_graphml(SAMPLE, tmp_path / "g.graphml")
    graph = nx.read_graphml(tmp_path / "g.graphml", force_multigraph=True)
    assert graph.is_directed()
    assert dict(graph.nodes["p1"]) == {
        "labels": ":Entity:Person",
        "label": "سلمى «الحلبي»",
        "name": "سلمى «الحلبي»",
        "nameEn": "Salma",
        "aliases": '["سلمى", "S \\"L\\""]',
        "mentionCount": 3,
        "corpus": "c",
    }
    assert graph.nodes["m1"]["label"] == "3 ملايين"
    assert graph.nodes["d1"]["label"] == "صفقة"
    assert graph.nodes["m1"]["candidates"] == "[]"
    assert set(graph["p1"]["o1"]) == {"e1", "e2"}
    assert graph["p1"]["o1"]["e1"]["label"] == "HEAD_OF"
    assert graph["p1"]["o1"]["e1"]["negated"] is True
    assert graph["p1"]["o1"]["e1"]["sentence"] == "سطر\nثانٍ\tو]]>"
    assert graph["p1"]["o1"]["e2"]["confidence"] == 1.0
    assert graph["p1"]["d1"]["e0"]["offsets"] == "[0, 4, 9, 13]"


@pytest.mark.filterwarnings("ignore:Could not add edge ids")
def test_igraph(tmp_path: Path) -> None:
    write_graphml(SAMPLE, tmp_path / "g.graphml")
    graph = igraph.Graph.Read_GraphML(str(tmp_path / "g.graphml"))
    assert graph.is_directed()
    assert graph.vs["id"] == ["d1", "p1", "m1", "o1"]
    assert graph.vs["label"][3] == "شركة & <أبناؤها>"
    assert graph.vs["labels"][1] == ":Entity:Person"
    assert graph.es["label"] == ["MENTIONED_IN", "HEAD_OF", "HEAD_OF"]
    assert graph.es["negated"][1] is True
    assert graph.es["id"] == ["e0", "e1", "e2"]


def test_apoc_finds_labels_types_and_lists() -> None:
    text = written(SAMPLE).decode()
    assert '<key id="labels" for="node" attr.name="labels" attr.type="string"/>' in text
    assert '<key id="label" for="edge" attr.name="label" attr.type="string"/>' in text
    assert '<key id="label-node" for="node" attr.name="label" attr.type="string"/>' in text
    assert '<key id="aliases" for="node" attr.name="aliases" attr.type="string" attr.list="string"/>' in text
    assert '<key id="offsets" for="edge" attr.name="offsets" attr.type="string" attr.list="long"/>' in text
    assert '<key id="candidates" for="node" attr.name="candidates" attr.type="string" attr.list="string"/>' in text
    assert '<node id="p1" labels=":Entity:Person"><data key="labels">:Entity:Person</data>' in text
    assert (
        '<edge id="e1" source="p1" target="o1" label="HEAD_OF"><data key="label">HEAD_OF</data><data key="id">e1<'
        in text
    )


def test_key_ids_never_clash() -> None:
    elements = (
        Node("a", (), {"x": 1, "x-edge": "s", "corpus": "c", "اسم آخر": 1}),
        Node("b", (), {"x": "s"}),
        Node("c", (), {"x": 0.5}),
        Node("d", (), {"x": ("s",)}),
        Node("e", (), {"x": True}),
        Edge("f", "a", "b", "T", {"x": 1, "x-edge": 2, "corpus": "c", "labels": "free on edges"}),
    )
    data = written(elements)
    assert complaints(data) == []
    names = {
        (k.attrib["for"], k.attrib["attr.name"], k.attrib["attr.type"]) for k in ET.fromstring(data).iter(f"{NS}key")
    }
    assert {("node", "x", "double"), ("node", "x", "string"), ("node", "x", "boolean"), ("edge", "x", "long")} <= names
    assert ("node", "اسم آخر", "long") in names


@pytest.mark.parametrize(
    ("values", "type_"),
    [
        ([1, 2], "long"),
        ([1, 2.5], "double"),
        ([2**63 - 1], "long"),
        ([2**63], "double"),  # Java's Long.parseLong fails on it
        ([math.inf, -math.inf], "double"),
    ],
)
def test_type_of_numbers(values: list[float], type_: str, tmp_path: Path) -> None:
    nodes = [Node(f"n{i}", (), {"v": v}) for i, v in enumerate(values)]
    write_graphml(nodes, tmp_path / "g")
    (key,) = [k for k in ET.parse(tmp_path / "g").iter(f"{NS}key") if k.attrib["attr.name"] == "v"]
    assert key.attrib["attr.type"] == type_
    back = [n.properties["v"] for n in read_graphml(tmp_path / "g")]
    assert back == values
    assert [type(v) for v in back] == [type(v) for v in values]


def test_not_a_number(tmp_path: Path) -> None:
    write_graphml([Node("n", (), {"v": math.nan})], tmp_path / "g")
    assert b">NaN<" in (tmp_path / "g").read_bytes()
    (node,) = read_graphml(tmp_path / "g")
    assert math.isnan(node.properties["v"])


def test_ids_stay_distinct() -> None:
    data = written([Node("a\x01", (), {}), Node("a\x02", (), {}), Edge("e", "a\x01", "a\x02", "T", {})])
    assert complaints(data) == []


@pytest.mark.parametrize(
    "element",
    [
        Node("", (), {}),
        Edge("", "a", "a", "T", {}),
        Edge("e", "", "a", "T", {}),
        Node("n", (), {"label": "x"}),
        Node("n", (), {"labels": "x"}),
        Node("n", (), {"": "x"}),
        Node("n", (), {"a\x01": 1, "a\x02": 2}),
        Edge("e", "a", "a", "T", {"label": "x"}),
        Edge("e", "a", "a", "T", {"id": "x"}),
    ],
)
def test_refused(element: Node | Edge, tmp_path: Path) -> None:
    (tmp_path / "g").write_text("before", encoding="utf-8")
    with pytest.raises(ValueError):  # noqa: PT011
        write_graphml([Node("a", (), {}), element], tmp_path / "g")
    # The old file stands, and nothing is left beside it.
    assert (tmp_path / "g").read_text(encoding="utf-8") == "before"
    assert [p.name for p in tmp_path.iterdir()] == ["g"]


@pytest.mark.parametrize("value", [{"a": 1}, b"x", (0.5,), object()])
def test_no_type_for_it(value: object) -> None:
    with pytest.raises(TypeError, match="'v'"):
        written([Node("a", (), {"v": value})])


def test_none_is_left_out() -> None:
    assert written([Node("a", (), {"v": None})]) == written([Node("a", (), {})])


@pytest.mark.parametrize("text", ["", "<graphml>", "<graphml><graph><node/></graph></graphml>", "نص"])
def test_what_is_not_ours_is_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "g").write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match="not a GraphML file"):
        list(read_graphml(tmp_path / "g"))


def test_elements_are_streamed(tmp_path: Path) -> None:
    count = 30_000
    write_graphml((Node(f"n{i:05}", ("Entity",), {"name": "م" * 50}) for i in range(count)), tmp_path / "g")
    first = next(reader := read_graphml(tmp_path / "g"))
    assert first.id == "n00000"
    assert sum(1 for _ in reader) == count - 1


# Characters that XML, JSON or right-to-left text make hard, among any others.
hard = st.sampled_from(
    ["\x00", "\x0b", "\x1f", "\x85", "\ud800", "\udfff", "\ufffe", "\u200f", "\u202b", "]]>", "\r\n"]
)
texts = st.lists(hard | st.sampled_from(list("<>&\"' \t\n\rab﷽ً𐤀😀")) | st.characters(), max_size=8).map("".join)
values = (
    texts
    | st.integers()
    | st.booleans()
    | st.floats(allow_nan=False)
    | st.lists(texts, max_size=3).map(tuple)
    | st.lists(st.integers(), max_size=3).map(tuple)
)
names = st.sampled_from(
    ["name", "amount", "x", "x-node", "x-edge", "x-node-string", "corpus", "ids", "اسم", "a b", "1"]
)
bags = st.dictionaries(names, values, max_size=4)
plain_ids = st.text(st.characters(exclude_characters=[chr(c) for c in FORBIDDEN]), min_size=1, max_size=5)


@st.composite
def graphs(draw: st.DrawFn) -> list[Node | Edge]:
    ids = draw(st.lists(plain_ids, min_size=1, max_size=4, unique=True))
    labels = st.sampled_from([(), ("Document",), ("Entity", "Person")])
    nodes = [Node(i, draw(labels), draw(bags)) for i in ids]
    ends = st.sampled_from(ids)
    edge_ids = draw(st.lists(plain_ids, max_size=4, unique=True))
    return [*nodes, *(Edge(i, draw(ends), draw(ends), "OWNS", draw(bags)) for i in edge_ids)]


def expected(value: object) -> object:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, tuple):
        return tuple(map(expected, value))
    return value


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(graphs())
def test_round_trip_loses_nothing(tmp_path: Path, graph: list[Node | Edge]) -> None:
    data = written(graph)
    assert complaints(data) == []
    (tmp_path / "g").write_bytes(data)
    back = list(read_graphml(tmp_path / "g"))
    for before, after in zip(graph, back, strict=True):
        wanted = {name: expected(value) for name, value in before.properties.items()}
        assert after.properties == wanted
        assert {n: type(v) for n, v in after.properties.items()} == {n: type(v) for n, v in wanted.items()}
        if isinstance(before, Edge):
            assert isinstance(after, Edge)
            assert (after.id, after.source, after.target) == (before.id, before.source, before.target)
        else:
            assert isinstance(after, Node)
            assert (after.id, after.labels) == (before.id, before.labels)
    assert written(back) == data
    # NetworkX takes every file too. It has no number beyond a double, and puts an edge's id among its data.
    read = nx.read_graphml(tmp_path / "g", force_multigraph=True)
    assert set(read) == {n.id for n in graph if isinstance(n, Node)}
    assert read.number_of_edges() == sum(isinstance(e, Edge) for e in graph)
