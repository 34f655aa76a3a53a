"""`evaluate` against the figures that the project's reference scorer printed for the same two files.

golden/predicted.jsonl is examples/gold.jsonl with spans, labels, amounts, relations and sources disturbed;
golden/scores.json is what the reference scorer (score.py of the gold files) says of it, at two thresholds.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from rawabit.graph.evaluate import MEASURES, evaluate
from rawabit.loaders.cli import cli

HERE = Path(__file__).resolve().parent
GOLD = HERE.parent / "examples" / "gold.jsonl"
PREDICTED = HERE / "golden" / "predicted.jsonl"
REFERENCE: dict[str, Any] = json.loads((HERE / "golden" / "scores.json").read_text(encoding="utf-8"))


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]


@pytest.mark.parametrize("threshold", REFERENCE)
@pytest.mark.parametrize("measure", MEASURES)
def test_figures_are_the_reference_scorers(threshold: str, measure: str) -> None:
    scores = evaluate(rows(GOLD), rows(PREDICTED), min_confidence=float(threshold))
    reference = REFERENCE[threshold][measure]
    total = scores.total(measure)
    assert (total.right, total.guessed, total.owed) == pytest.approx(
        (reference["right"], reference["guessed"], reference["owed"])
    )
    assert (total.precision, total.recall, total.f1) == pytest.approx((reference["p"], reference["r"], reference["f1"]))
    assert 0 < total.f1 < 1, "a disturbed file that scores all or nothing shows nothing"
    for kind, cell in reference.get("by_type", {}).items():
        score = scores.parts[measure][kind]
        assert (score.right, score.guessed, score.owed) == (cell["right"], cell["guessed"], cell["owed"]), kind


def test_the_command_prints_them() -> None:
    result = CliRunner().invoke(cli, ["evaluate", str(GOLD), str(PREDICTED), "--json"])
    figures = json.loads(result.stdout)
    assert result.exit_code == 1, "one gold document has no prediction"
    assert "no prediction for: " in result.stderr
    assert figures["relations"]["f1"] == pytest.approx(REFERENCE["0.0"]["relations"]["f1"])
    assert set(figures["relations"]["by_type"]) == set(REFERENCE["0.0"]["relations"]["by_type"])


def test_errors_name_what_was_missed_and_what_is_extra() -> None:
    result = CliRunner().invoke(cli, ["evaluate", str(GOLD), str(PREDICTED), "--errors", "--by-type"])
    verdicts = {line.split("\t")[2] for line in result.stdout.splitlines() if "\t" in line}
    assert verdicts == {"missed", "extra"}


def test_gold_against_itself_is_perfect() -> None:
    scores = evaluate(rows(GOLD), rows(GOLD))
    assert {measure: scores.total(measure).f1 for measure in MEASURES} == dict.fromkeys(MEASURES, 1.0)
    assert not scores.errors


def test_another_text_is_refused() -> None:
    other = [{**row, "text": row["text"] + " "} for row in rows(GOLD)]
    with pytest.raises(ValueError, match="the text differs"):
        evaluate(rows(GOLD), other)


def test_norp_is_neither_owed_nor_held_against() -> None:
    gold = {"id": "1", "text": "الروسي هنا", "relations": [], "entities": [
        {"id": "r", "type": "PLACE", "name": "روسيا", "mentions": [[0, 6]], "mention_types": {"0": "NORP"}}
    ]}  # fmt: skip
    none = {**gold, "entities": []}
    other = {**gold, "entities": [{"id": "x", "type": "PERSON", "name": "الروسي", "mentions": [[0, 6]]}]}
    for guess in (gold, none, other):
        assert not evaluate([gold], [guess]).parts["mentions"]


@pytest.mark.parametrize("content", ["{", "[1]\n", '{"id": "example-01"}\n'])
def test_a_file_that_is_no_gold_file_is_one_line(tmp_path: Path, content: str) -> None:
    bad = tmp_path / "bad.jsonl"
    bad.write_text(content, encoding="utf-8")
    result = CliRunner().invoke(cli, ["evaluate", str(GOLD), str(bad)])
    assert result.exit_code == 1
    assert isinstance(result.exception, SystemExit)
    assert len(result.stderr.strip().splitlines()) == 1
