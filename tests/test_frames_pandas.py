"""The graph as pandas tables."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from graphs import GRAPH, claim, entity, mention

import rawabit
from rawabit.graph.model import Node
from rawabit.loaders.frames import COLUMNS
from rawabit.loaders.problems import Problem


def test_tables_hold_the_whole_graph(examples: Path) -> None:
    extractions = list(rawabit.extract(rawabit.read([examples], report=print), engine="rules", report=print))
    resolution = rawabit.resolve(extractions, rawabit.load())
    with rawabit.assemble(extractions, resolution) as graph:
        frames = rawabit.to_frames(graph)
        counts = graph.counts
        edges = {edge.id: edge for edge in graph.edges()}
    labels = frames.entities["label"].value_counts().to_dict()
    assert labels == {k: v for k, v in counts.items() if k[1].islower() and k != "Document"}
    assert len(frames.documents) == counts["Document"]
    assert len(frames.claims) == sum(v for k, v in counts.items() if k.isupper()) - counts["MENTIONED_IN"]
    texts = {extraction.document.id: extraction.document.text for extraction in extractions}
    assert frames.mentions.duplicated(["document", "start", "end"]).sum() == 0
    for row in frames.mentions.itertuples():
        assert row.entity in frames.entities.index
        assert texts[row.document][row.start : row.end].strip()
    for key, said in frames.claims.iterrows():
        assert (
            texts[said["document"]][said["start"] : said["end"]]
            == said["sentence"]
            == edges[key].properties["sentence"]
        )
        assert {said["subject"], said["object"]} <= set(frames.entities.index)
    money = frames.entities[frames.entities["label"] == "Money"]
    assert money["amount"].notna().all()
    assert money.groupby("currency")["amount"].sum().loc["USD"] > 1e9


def test_an_empty_graph_has_empty_tables() -> None:
    frames = rawabit.to_frames([])
    assert [len(frame) for frame in frames] == [0, 0, 0, 0]
    assert "name" in frames.entities.columns
    assert "negated" in frames.claims.columns


def test_columns_and_types_are_the_documented_ones() -> None:
    for elements in ([], GRAPH):
        frames = rawabit.to_frames(elements)._asdict()
        for name, columns in COLUMNS.items():
            assert {key: str(kind) for key, kind in frames[name].dtypes.items()} == dict(columns), name
        assert [frame.index.name for frame in frames.values()] == ["id", "id", None, "id"]
    assert rawabit.Frames.__doc__ is not None
    for columns in COLUMNS.values():
        for column in columns:
            assert column in rawabit.Frames.__doc__ or column.endswith(("Start", "End")), column


def test_what_is_missing_is_na() -> None:
    frames = rawabit.to_frames(GRAPH)
    assert frames.entities.loc["p2", "wikidata"] is pd.NA
    assert frames.entities.loc["p2", "aliases"] is None
    assert frames.entities.loc["p1", "aliases"] == ("الراوي", "سلمى")
    assert frames.claims["amount"].sum() == 5e8 + 12.5 + 3
    assert frames.claims.loc[frames.claims["former"].fillna(False)].index.tolist() == ["k01"]


def test_a_graph_comes_back_from_its_tables(examples: Path) -> None:
    assert list(rawabit.from_frames(rawabit.to_frames(GRAPH))) == GRAPH
    with rawabit.make_graph(examples, engine="rules") as graph:
        assert list(rawabit.from_frames(rawabit.to_frames(graph))) == list(graph)


def test_properties_of_ones_own_come_back() -> None:
    own = [
        entity("a", "Person", "س", weight=3, seen=True, share=0.5, tags=("x", "y"), note="ن"),
        claim("k", "a", "HEAD_OF", "a", former="سابقا", rank=2),
    ]
    assert list(rawabit.from_frames(rawabit.to_frames(own))) == own


def test_rows_may_be_left_out_with_what_speaks_of_them() -> None:
    frames = rawabit.to_frames(GRAPH)
    sure = frames._replace(claims=frames.claims[frames.claims["type"] == "FUNDED"])
    types = {edge.type for edge in rawabit.from_frames(sure) if not isinstance(edge, Node)}
    assert types == {"FUNDED", "MENTIONED_IN"}
    with pytest.raises(ValueError, match="speaks of o1, which has no row"):
        list(rawabit.from_frames(frames._replace(entities=frames.entities.drop("o1"))))
    with pytest.raises(ValueError, match="speaks of d1, which has no row"):
        list(rawabit.from_frames(frames._replace(documents=frames.documents.drop("d1"))))
    for twice in (
        frames._replace(entities=pd.concat([frames.entities, frames.entities.iloc[:1]])),
        frames._replace(claims=pd.concat([frames.claims, frames.claims.iloc[:1]])),
    ):
        with pytest.raises(ValueError, match="twice"):
            list(rawabit.from_frames(twice))


def test_halves_of_surrogate_pairs_do_no_harm() -> None:
    odd = [entity("a\ud800", "Person", "س\udfff", aliases=("\ud800",)), Node("d", ("Document",), {"title": "x"})]
    frames = rawabit.to_frames([*odd, mention("a\ud800", "d", 0, 1)])
    assert frames.entities.index.tolist() == ["a\ufffd"]
    assert frames.entities["name"].tolist() == ["س\ufffd"]
    assert len(list(rawabit.from_frames(frames))) == 3


def test_one_call_does_what_the_command_does(
    examples: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text((examples / "01-deal.txt").read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "in" / "b.txt").write_text("only English", encoding="utf-8")
    problems: list[Problem] = []
    docs, resolution = tmp_path / "new" / "docs.jsonl", tmp_path / "resolution.jsonl"
    with rawabit.make_graph(
        tmp_path / "in", engine="rules", docs=docs, resolution=resolution, report=problems.append
    ) as graph:
        assert graph.counts["Document"] == 1
        assert [Path(p.where).name for p in problems] == ["b.txt"]
        targets = [tmp_path / "out" / "g.html", tmp_path / "out" / "g.graphml", f"tables:{tmp_path / 'out' / 't'}"]
        assert sorted(rawabit.save(graph, *targets)) == sorted(map(str, targets))
        again = list(graph)
    assert list(rawabit.read_graphml(tmp_path / "out" / "g.graphml")) == again
    assert len(list(rawabit.read_extractions([docs], print))) == 1
    assert rawabit.read_resolution(resolution).members
    with rawabit.make_graph([str(tmp_path / "in" / "a.txt")], engine="rules", min_confidence=1.0) as graph:
        assert graph.withheld > 0
        with pytest.raises(ValueError, match="holds what documents say"):
            rawabit.save(graph, tmp_path / "x.jsonl")
    with rawabit.make_graph(tmp_path / "in" / "b.txt", engine="rules") as empty:
        assert list(empty) == []
    assert "b.txt: not Arabic" in capsys.readouterr().err


def test_names_are_imported_when_they_are_used() -> None:
    heavy = {"pandas", "onnxruntime", "neo4j", "pyarrow", "xlsxwriter", "pdfminer", "networkx", "trafilatura"}
    code = f"import sys, rawabit; rawabit.Judgements; print(sorted({heavy!r} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
    for name in ("open_knowledge", "read_judgements", "judge", "find_duplicates", "NeuralTagger", "from_frames"):
        assert name in rawabit.__all__
        assert name in dir(rawabit)
