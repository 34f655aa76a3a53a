"""Profiles and fixtures that all tests share."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings
from running import call

if TYPE_CHECKING:
    import neo4j_server

ROOT = Path(__file__).resolve().parent.parent

settings.register_profile("sample", max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("full", max_examples=2000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "sample"))


@pytest.fixture(scope="session")
def examples() -> Path:
    """The example articles."""
    return ROOT / "examples" / "articles"


@pytest.fixture(scope="session")
def extracted(examples: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """docs.jsonl of the example articles, by the default engine."""
    target = tmp_path_factory.mktemp("extracted") / "docs.jsonl"
    assert call("extract", examples, "-o", target).exit_code == 0
    return target


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> neo4j_server.Server:
    """The shared Neo4j server without what tests have left, its password in the environment."""
    from neo4j_graphs import empty  # not for the tests that need no server

    running = empty()
    monkeypatch.setenv("NEO4J_PASSWORD", running.password)
    return running
