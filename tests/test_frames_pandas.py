"""The graph as pandas tables."""

from __future__ import annotations

from pathlib import Path

import rawabit


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
    for key, claim in frames.claims.iterrows():
        assert (
            texts[claim["document"]][claim["start"] : claim["end"]]
            == claim["sentence"]
            == edges[key].properties["sentence"]
        )
        assert {claim["subject"], claim["object"]} <= set(frames.entities.index)
    money = frames.entities[frames.entities["label"] == "Money"]
    assert money["amount"].notna().all()
    assert money.groupby("currency")["amount"].sum().loc["USD"] > 1e9


def test_an_empty_graph_has_empty_tables() -> None:
    frames = rawabit.to_frames([])
    assert [len(frame) for frame in frames] == [0, 0, 0, 0]
    assert "name" in frames.entities.columns
    assert "negated" in frames.claims.columns
