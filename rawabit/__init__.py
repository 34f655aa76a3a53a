"""Rawabit (روابط): Arabic news in, a knowledge graph out.

Five calls in a row are the pipeline:

    documents = read(["articles"], report=print)
    tagged = tag(documents, RuleTagger())
    extractions = list(link(tagged, load()))
    resolution = resolve(extractions, load())
    graph = assemble(extractions, resolution)

and one call does them all, as the command ``rawabit run`` does: ``graph = make_graph("articles")``.

The names are imported when they are first used, so that ``import rawabit`` is quick.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from rawabit._version import __version__

if TYPE_CHECKING:
    from rawabit.graph.assemble import Graph, assemble, to_networkx
    from rawabit.graph.duplicates import find_duplicates
    from rawabit.graph.evaluate import evaluate
    from rawabit.graph.extract import link
    from rawabit.graph.judge import judge
    from rawabit.graph.judgements import Judgements, read_judgements
    from rawabit.graph.knowledge import enrich, open_knowledge
    from rawabit.graph.model import Claim, Edge, Entity, Extraction, Node, Relation, Resolution
    from rawabit.graph.resolve import read_resolution, resolve, write_resolution
    from rawabit.loaders.calls import make_graph, save
    from rawabit.loaders.docs import read_extractions
    from rawabit.loaders.extraction import extract
    from rawabit.loaders.frames import Frames, from_frames, to_frames
    from rawabit.loaders.ftm import write_ftm
    from rawabit.loaders.graphml import read_graphml, write_graphml
    from rawabit.loaders.html_page import write_html
    from rawabit.loaders.jsonld import write_jsonld
    from rawabit.loaders.knowledge import import_knowledge
    from rawabit.loaders.neo4j import load_graph
    from rawabit.loaders.parquet import read_parquet, write_parquet
    from rawabit.loaders.problems import Problem
    from rawabit.loaders.read import read
    from rawabit.loaders.show import look_up
    from rawabit.loaders.tables_out import write_tables
    from rawabit.loaders.xlsx import write_xlsx
    from rawabit.ner.camel import CamelTagger
    from rawabit.ner.gazetteer import load
    from rawabit.ner.model import Bound, Date, Document, Label, Mention, Money, Tagged
    from rawabit.ner.neural import NeuralTagger
    from rawabit.ner.rules import RuleTagger
    from rawabit.ner.tag import tag

_HOME = {
    "Graph": "graph.assemble",
    "assemble": "graph.assemble",
    "to_networkx": "graph.assemble",
    "find_duplicates": "graph.duplicates",
    "evaluate": "graph.evaluate",
    "link": "graph.extract",
    "judge": "graph.judge",
    "Judgements": "graph.judgements",
    "read_judgements": "graph.judgements",
    "enrich": "graph.knowledge",
    "open_knowledge": "graph.knowledge",
    "Claim": "graph.model",
    "Edge": "graph.model",
    "Entity": "graph.model",
    "Extraction": "graph.model",
    "Node": "graph.model",
    "Relation": "graph.model",
    "Resolution": "graph.model",
    "read_resolution": "graph.resolve",
    "resolve": "graph.resolve",
    "write_resolution": "graph.resolve",
    "make_graph": "loaders.calls",
    "save": "loaders.calls",
    "read_extractions": "loaders.docs",
    "extract": "loaders.extraction",
    "Frames": "loaders.frames",
    "from_frames": "loaders.frames",
    "to_frames": "loaders.frames",
    "write_ftm": "loaders.ftm",
    "read_graphml": "loaders.graphml",
    "write_graphml": "loaders.graphml",
    "write_html": "loaders.html_page",
    "write_jsonld": "loaders.jsonld",
    "import_knowledge": "loaders.knowledge",
    "load_graph": "loaders.neo4j",
    "read_parquet": "loaders.parquet",
    "write_parquet": "loaders.parquet",
    "Problem": "loaders.problems",
    "read": "loaders.read",
    "look_up": "loaders.show",
    "write_tables": "loaders.tables_out",
    "write_xlsx": "loaders.xlsx",
    "CamelTagger": "ner.camel",
    "load": "ner.gazetteer",
    "Bound": "ner.model",
    "Date": "ner.model",
    "Document": "ner.model",
    "Label": "ner.model",
    "Mention": "ner.model",
    "Money": "ner.model",
    "Tagged": "ner.model",
    "NeuralTagger": "ner.neural",
    "RuleTagger": "ner.rules",
    "tag": "ner.tag",
}

__all__ = [
    "Bound",
    "CamelTagger",
    "Claim",
    "Date",
    "Document",
    "Edge",
    "Entity",
    "Extraction",
    "Frames",
    "Graph",
    "Judgements",
    "Label",
    "Mention",
    "Money",
    "NeuralTagger",
    "Node",
    "Problem",
    "Relation",
    "Resolution",
    "RuleTagger",
    "Tagged",
    "__version__",
    "assemble",
    "enrich",
    "evaluate",
    "extract",
    "find_duplicates",
    "from_frames",
    "import_knowledge",
    "judge",
    "link",
    "load",
    "load_graph",
    "look_up",
    "make_graph",
    "open_knowledge",
    "read",
    "read_extractions",
    "read_graphml",
    "read_judgements",
    "read_parquet",
    "read_resolution",
    "resolve",
    "save",
    "tag",
    "to_frames",
    "to_networkx",
    "write_ftm",
    "write_graphml",
    "write_html",
    "write_jsonld",
    "write_parquet",
    "write_resolution",
    "write_tables",
    "write_xlsx",
]


def __getattr__(name: str) -> object:
    if name in _HOME:
        return getattr(import_module(f"rawabit.{_HOME[name]}"), name)
    raise AttributeError(f"module 'rawabit' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
