"""Claims of type RELATED, for --open: a table of sentences, and what the rest of the road makes of them."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from running import call, lines
from test_claims import parse

from rawabit.graph.evaluate import evaluate
from rawabit.graph.frames import load
from rawabit.graph.model import Claim, Relation
from rawabit.graph.open import CONFIDENCE, find_open
from rawabit.loaders.extraction import extractor_version
from rawabit.ner.text import fold
from rawabit.ner.tokens import sentences

_GROUPS = tomllib.loads((Path(__file__).parent / "cases" / "open.toml").read_text(encoding="utf-8"))["group"]
_ROWS = [(group["note"], row) for group in _GROUPS for row in group["rows"]]


def shown(claim: Claim) -> str:
    parts = [claim.subject, str(claim.qualifiers["predicate"]), claim.object]
    parts += ["neg"] if claim.negated else []
    return "|".join(parts + ([f"by={claim.attributed_to}"] if claim.attributed_to else []))


@pytest.mark.parametrize(("note", "row"), _ROWS, ids=[row["text"][:60] for _, row in _ROWS])
def test_table(note: str, row: dict[str, object]) -> None:
    document, entities = parse(str(row["text"]))
    found = find_open(document, sentences(document.text), entities, ())
    assert sorted(map(shown, found)) == sorted(row["claims"]), note  # type: ignore[call-overload]
    for claim in found:
        assert claim.relation is Relation.RELATED
        assert claim.confidence == CONFIDENCE
        assert document.text[slice(*claim.subject_span)] == claim.subject


def test_table_is_large_enough() -> None:
    assert len(_ROWS) >= 40
    assert sum(bool(row["claims"]) for _, row in _ROWS) >= 15


def test_what_a_typed_claim_says_is_left_to_it() -> None:
    document, entities = parse("رافق [PERSON:سامي درويش] [ORGANIZATION:وفد الأطباء] إلى القرية.")
    (claim,) = find_open(document, sentences(document.text), entities, ())
    typed = Claim("c", claim.object, Relation.WORKS_FOR, claim.subject, claim.start, claim.end, (0, 1), (1, 2))
    assert find_open(document, sentences(document.text), entities, (typed,)) == ()
    elsewhere = Claim("c", claim.object, Relation.WORKS_FOR, claim.subject, 0, 3, (0, 1), (1, 2))
    assert find_open(document, sentences(document.text), entities, (elsewhere,)) == (claim,)


_WORDS = ["رافق", "انسحب من", "لم", "قد", "،", "الذي", "[PERSON:سامي درويش]", "[PERSON:نهى]", "[PLACE:حلب]", "ب"]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(_WORDS), max_size=14))
def test_any_mixture_is_read_alike_and_within_bounds(words: list[str]) -> None:
    document, entities = parse(" ".join(words))
    spans = sentences(document.text)
    found = find_open(document, spans, entities, ())
    assert found == find_open(document, spans, list(reversed(entities)), ())
    assert len({claim.id for claim in found}) == len(found)
    for claim in found:
        assert claim.subject != claim.object
        assert claim.start <= min(claim.subject_span[0], claim.object_span[0])
        assert max(claim.subject_span[1], claim.object_span[1]) <= claim.end


@pytest.mark.parametrize("name", sorted(load("open.toml")))
def test_words_are_usable(name: str) -> None:
    entries = load("open.toml")[name]
    folded = [fold(entry) for entry in entries]
    assert all(folded)
    if name in {"verbs", "empty"}:
        for entry in entries:
            assert entry.split()[-1].startswith("ي"), entry
            assert len(entry.split()) in {2, 3}, entry


_TEXT = "أرسلت البرتغال فريقا إلى موزمبيق. وقال رئيس الوزراء الأردني في عمان إن الاجتماع تأجل إلى الغد.\n"


def test_off_by_default_and_kept_by_build(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(_TEXT, encoding="utf-8")
    common = (tmp_path / "a.txt", "--ner", "rules", "-q")
    assert call("extract", *common, "-o", tmp_path / "off.jsonl").exit_code == 0
    assert call("extract", *common, "-o", tmp_path / "on.jsonl", "--open").exit_code == 0
    off, on = lines(tmp_path / "off.jsonl")[0], lines(tmp_path / "on.jsonl")[0]
    more = [row for row in on["relations"] if row["type"] == "RELATED"]
    assert [row["qualifiers"]["predicate"] for row in more] == ["أرسلت فريقا إلى"]
    assert [row for row in on["relations"] if row["type"] != "RELATED"] == off["relations"]
    graph = tmp_path / "g.graphml"
    assert call("build", tmp_path / "on.jsonl", "-o", graph, "-q").exit_code == 0
    assert "RELATED" in graph.read_text(encoding="utf-8")
    assert call("run", *common, "-o", tmp_path / "h.graphml", "--open").exit_code == 0
    assert "RELATED" in (tmp_path / "h.graphml").read_text(encoding="utf-8")


def test_open_is_another_extractor_to_resume(tmp_path: Path) -> None:
    assert extractor_version("rules", open_claims=True) == extractor_version("rules") + ".open"
    (tmp_path / "a.txt").write_text(_TEXT, encoding="utf-8")
    docs = tmp_path / "d.jsonl"
    call("extract", tmp_path / "a.txt", "--ner", "rules", "-q", "-o", docs)
    again = call("extract", tmp_path / "a.txt", "--ner", "rules", "-o", docs, "--resume", "--open", "--json")
    assert json.loads(again.stdout)["resumed"] == 0
    once_more = call("extract", tmp_path / "a.txt", "--ner", "rules", "-o", docs, "--resume", "--open", "--json")
    assert json.loads(once_more.stdout)["resumed"] == 1


def test_open_claims_are_never_scored() -> None:
    text = "رافق سامي نهى."
    entity = {"type": "PERSON", "name": "x"}
    entities = [{**entity, "id": "a", "mentions": [[5, 9]]}, {**entity, "id": "b", "mentions": [[10, 13]]}]
    row = {"id": "d", "text": text, "entities": entities, "relations": []}
    related = {"subject": "a", "type": "RELATED", "object": "b", "evidence": [0, len(text)], "confidence": 0.9}
    scores = evaluate([row], [{**row, "relations": [related]}])
    assert scores.total("relations").guessed == scores.total("pairs").guessed == 0
