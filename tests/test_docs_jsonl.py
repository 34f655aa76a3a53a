"""Lines of docs.jsonl: round trip, schema, bad lines."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rawabit.graph.model import Claim, Entity, Extraction, Relation
from rawabit.loaders.docs import dumps, from_json, latest_lines, loads, read_extractions, to_json
from rawabit.loaders.problems import Problem
from rawabit.ner.model import Bound, Date, Document, Label, Mention, Money

SCHEMA = json.loads(files("rawabit.graph.data").joinpath("docs.schema.json").read_text(encoding="utf-8"))
TEXT = "قال ماسك إن SpaceX أنفقت حوالي 80 مليون دولار في 2022."

_amounts = st.decimals(allow_nan=False, allow_infinity=False, min_value=0, max_value=Decimal("1e24"), places=3)
_days = st.dates(min_value=dt.date(1, 1, 1))


@st.composite
def extractions(draw: st.DrawFn) -> Extraction:
    text = draw(st.text(st.characters(codec="utf-8"), min_size=20, max_size=60))
    cuts = draw(st.lists(st.integers(0, len(text)), min_size=4, max_size=12, unique=True).map(sorted))
    spans = [(a, b) for a, b in zip(cuts[::2], cuts[1::2], strict=False) if a < b]
    entities = []
    for number, (a, b) in enumerate(spans):
        label = draw(st.sampled_from([x for x in Label if x is not Label.NORP]))
        value: Money | Date | None = None
        if label is Label.MONEY:
            value = Money(
                draw(_amounts).normalize(),
                draw(st.sampled_from(["USD", None])),
                ("JOD", "KWD"),
                draw(st.sampled_from(Bound)),
            )
        elif label is Label.DATE:
            value = Date(draw(_days), draw(_days), text[a:b], draw(st.sampled_from(["gregorian", "hijri"])))
        mention = Mention(a, b, text[a:b], label, value, round(draw(st.floats(0, 1)), 4))
        entities.append(
            Entity(f"e{number}", label, "اسم", (mention,), draw(st.none() | st.just("ع")), None, None, value)
        )
    claims = []
    if len(entities) > 1 and Label.DATE not in {entities[0].label, entities[1].label}:
        claims.append(
            Claim("c1", "e0", draw(st.sampled_from(Relation)), "e1", 0, len(text), spans[0], spans[1],
                  round(draw(st.floats(0, 1)), 4), draw(st.booleans()), draw(st.sampled_from([None, "e0"])),
                  {"amount": draw(_amounts).normalize(), "former": True, "title": "رئيس"})
        )  # fmt: skip
    document = Document(
        "د1", text, draw(st.none() | st.just("عنوان")), None, None, draw(st.none() | st.just("2024-05-06")), {"k": "v"}
    )
    return Extraction(document, tuple(entities), tuple(claims), ((0, len(text)),), (), "1")


@given(extractions())
def test_round_trip_loses_nothing(extraction: Extraction) -> None:
    line = dumps(extraction)
    assert "\n" not in line
    assert loads(line) == extraction


@given(extractions())
def test_lines_fit_the_schema(extraction: Extraction) -> None:
    jsonschema.validate(json.loads(dumps(extraction)), SCHEMA)


def test_a_date_is_no_end_of_a_relation() -> None:
    """Bug: the graph had no node for it, and one such line ended the whole build with a traceback."""
    row = {
        "id": "1", "text": TEXT,
        "entities": [
            {"id": "e1", "type": "PERSON", "name": "ماسك", "mentions": [[4, 8]]},
            {"id": "e2", "type": "DATE", "name": "2022", "mentions": [[49, 53]]},
        ],
        "relations": [{"subject": "e1", "type": "BORN_IN", "object": "e2", "evidence": [0, 53]}],
    }  # fmt: skip
    with pytest.raises(ValueError, match="a date is no end"):
        from_json(row)


def test_schema_refuses_other_things() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    row = to_json(Extraction(Document("1", TEXT), (), ()))
    jsonschema.validate(row, SCHEMA)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(
            row | {"entities": [{"id": "e1", "type": "NORP", "name": "x", "mentions": [[0, 1]], "confidences": [1]}]},
            SCHEMA,
        )


GOOD = {"id": "e1", "type": "PERSON", "name": "ماسك", "mentions": [[4, 8]]}
LINK = {"subject": "e1", "type": "OWNS", "object": "e1", "evidence": [0, 1]}


def with_link(**changes: object) -> dict[str, object]:
    return {"id": "1", "text": TEXT, "entities": [GOOD], "relations": [{**LINK, **changes}]}


BAD_ROWS = [
    ({"text": TEXT}, "no 'id'"),
    ({"id": "1"}, "no 'text'"),
    ({"id": "1", "text": 5, "entities": [], "relations": []}, "not a string"),
    ({"id": "1", "text": TEXT, "entities": [{**GOOD, "mentions": [[4, 999]]}], "relations": []}, "no such span"),
    ({"id": "1", "text": TEXT, "entities": [{**GOOD, "mentions": []}], "relations": []}, "no mentions"),
    ({"id": "1", "text": TEXT, "entities": [{**GOOD, "type": "ALIEN"}], "relations": []}, "ALIEN"),
    ({"id": "1", "text": TEXT, "entities": [GOOD, GOOD], "relations": []}, "two entities of one id"),
    ({"id": "1", "text": TEXT, "entities": [], "relations": [{**LINK, "subject": "x"}]}, "no entity 'x'"),
    ({"id": "1", "text": TEXT, "entities": [GOOD], "relations": [{**LINK, "type": "LIKES"}]}, "LIKES"),
    (with_link(evidence=["1", "9"]), "evidence: no such span"),
    (with_link(evidence=[0, 999]), "evidence: no such span"),
    ({"id": "1", "text": TEXT, "entities": [GOOD], "relations": [{**LINK, "subject": None}]}, "no entity None"),
    (with_link(qualifiers={"title": {}}), "a qualifier"),
    ({"id": "1", "text": TEXT, "entities": [GOOD], "relations": [LINK, LINK]}, "two relations of one id"),
    ({"id": "1", "text": TEXT, "entities": [{**GOOD, "name_en": ["x"]}], "relations": []}, "name_en is not a string"),
    ({"id": "1", "text": TEXT, "entities": [{**GOOD, "wikidata": {}}], "relations": []}, "wikidata is not a string"),
    ({"id": "1", "text": TEXT, "entities": None, "relations": []}, "not a line"),
    ({"id": "1", "text": TEXT, "entities": [], "relations": [], "schema": 99}, "schema 99"),
]  # fmt: skip


@pytest.mark.parametrize(("row", "cause"), BAD_ROWS, ids=[cause for _, cause in BAD_ROWS])
def test_bad_rows_say_what_is_wrong(row: dict[str, object], cause: str) -> None:
    with pytest.raises(ValueError, match=cause):
        from_json(row)


def test_a_bad_line_is_reported_and_the_others_are_read(tmp_path: Path) -> None:
    good = dumps(Extraction(Document("1", TEXT), (), ()))
    path = tmp_path / "docs.jsonl"
    other = good.replace('"1"', '"2"', 1)
    path.write_text(f"{good}\n{{torn\n\n{other}\n", encoding="utf-8")
    problems: list[Problem] = []
    assert [e.document.id for e in read_extractions([path], problems.append)] == ["1", "2"]
    assert [p.where for p in problems] == [f"{path}:2"]
    with pytest.raises(ValueError, match=r"docs\.jsonl:2"):
        list(read_extractions([path]))


def test_of_one_id_the_last_line_counts(tmp_path: Path) -> None:
    lines = [
        dumps(Extraction(Document(i, TEXT, title=t), (), ())) for i, t in (("1", "قديم"), ("2", "آخر"), ("1", "جديد"))
    ]
    (tmp_path / "a.jsonl").write_text("\n".join(lines[:2]), encoding="utf-8")
    (tmp_path / "b.jsonl").write_text(lines[2], encoding="utf-8")
    paths = [tmp_path / "a.jsonl", tmp_path / "b.jsonl"]
    kept, superseded = latest_lines(paths)
    assert superseded == 1
    assert [(e.document.id, e.document.title) for e in read_extractions(paths, only=kept)] == [
        ("2", "آخر"),
        ("1", "جديد"),
    ]


def test_big_numbers_keep_their_digits() -> None:
    amount = Decimal("12345678901234567890.125")
    mention = Mention(31, 45, TEXT[31:45], Label.MONEY, Money(amount, "USD"))
    extraction = Extraction(
        Document("1", TEXT), (Entity("e1", Label.MONEY, mention.text, (mention,), value=mention.value),), ()
    )
    assert isinstance(to_json(extraction)["entities"][0]["amount"], str)
    assert loads(dumps(extraction)) == extraction


def test_no_line_holds_another_line_end() -> None:
    text = "سطر\u2028وآخر\u2029وثالث\x85ورابع"
    line = dumps(Extraction(Document("1", text), (), ()))
    assert line.splitlines() == [line]
    assert loads(line).document.text == text


def test_a_byte_order_mark_is_no_part_of_the_first_line(tmp_path: Path) -> None:
    line = dumps(Extraction(Document("1", TEXT), (), ()))
    (tmp_path / "d.jsonl").write_text(f"\ufeff{line}\n{line}\n", encoding="utf-8")
    kept, superseded = latest_lines([tmp_path / "d.jsonl"])
    assert (kept, superseded) == (frozenset({1}), 1)
