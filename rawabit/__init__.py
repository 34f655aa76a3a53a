"""Rawabit (روابط): Arabic news in, a knowledge graph out.

Five calls in a row are the pipeline:

    documents = read(["articles"], report=print)
    tagged = tag(documents, RuleTagger())
    extractions = list(link(tagged, load()))
    resolution = resolve(extractions, load())
    graph = assemble(extractions, resolution)

The names are imported when they are first used, so that ``import rawabit`` is quick.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from rawabit._version import __version__

if TYPE_CHECKING:
    from rawabit.graph.assemble import Graph, assemble, to_networkx
    from rawabit.graph.evaluate import evaluate
    from rawabit.graph.extract import link
    from rawabit.graph.model import Claim, Edge, Entity, Extraction, Node, Relation, Resolution
    from rawabit.graph.resolve import resolve
    from rawabit.loaders.docs import read_extractions
    from rawabit.loaders.extraction import extract
    from rawabit.loaders.frames import Frames, to_frames
    from rawabit.loaders.graphml import read_graphml, write_graphml
    from rawabit.loaders.html_page import write_html
    from rawabit.loaders.problems import Problem
    from rawabit.loaders.read import read
    from rawabit.ner.camel import CamelTagger
    from rawabit.ner.gazetteer import load
    from rawabit.ner.model import Bound, Date, Document, Label, Mention, Money, Tagged
    from rawabit.ner.rules import RuleTagger
    from rawabit.ner.tag import tag

_HOME = {
    "Graph": "graph.assemble",
    "assemble": "graph.assemble",
    "to_networkx": "graph.assemble",
    "evaluate": "graph.evaluate",
    "link": "graph.extract",
    "Claim": "graph.model",
    "Edge": "graph.model",
    "Entity": "graph.model",
    "Extraction": "graph.model",
    "Node": "graph.model",
    "Relation": "graph.model",
    "Resolution": "graph.model",
    "resolve": "graph.resolve",
    "read_extractions": "loaders.docs",
    "extract": "loaders.extraction",
    "Frames": "loaders.frames",
    "to_frames": "loaders.frames",
    "read_graphml": "loaders.graphml",
    "write_graphml": "loaders.graphml",
    "write_html": "loaders.html_page",
    "Problem": "loaders.problems",
    "read": "loaders.read",
    "CamelTagger": "ner.camel",
    "load": "ner.gazetteer",
    "Bound": "ner.model",
    "Date": "ner.model",
    "Document": "ner.model",
    "Label": "ner.model",
    "Mention": "ner.model",
    "Money": "ner.model",
    "Tagged": "ner.model",
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
    "Label",
    "Mention",
    "Money",
    "Node",
    "Problem",
    "Relation",
    "Resolution",
    "RuleTagger",
    "Tagged",
    "__version__",
    "assemble",
    "evaluate",
    "extract",
    "link",
    "load",
    "read",
    "read_extractions",
    "read_graphml",
    "resolve",
    "tag",
    "to_frames",
    "to_networkx",
    "write_graphml",
    "write_html",
]


def __getattr__(name: str) -> object:
    if name in _HOME:
        return getattr(import_module(f"rawabit.{_HOME[name]}"), name)
    raise AttributeError(f"module 'rawabit' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
