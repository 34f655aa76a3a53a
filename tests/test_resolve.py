"""Entities across documents: table, stability of ids, properties, the file."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rawabit.graph.model import Entity, Extraction, Resolution, Resolved, content_id
from rawabit.graph.resolve import read_resolution, resolve, write_resolution
from rawabit.ner.model import Document, Label, Mention

from test_link import KNOWN, NOTHING, _LABELS  # noqa: PLC2701
