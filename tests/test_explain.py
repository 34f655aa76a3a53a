"""What `rawabit explain` says: true of the claims, in words, at 80 columns, and bad input as everywhere."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from running import call
from test_claims import parse

from rawabit.graph.claims import find_claims, read_sentences
from rawabit.graph.explain import Explained, explain
from rawabit.graph.pairs import find_pairs
from rawabit.graph.scorer import load_scorer
from rawabit.graph.signs import Noted
from rawabit.ner.tokens import sentences

_MARKED = (
    "قالت [PERSON:هدى الصباغ]، الرئيسة التنفيذية لشركة [ORGANIZATION:أفق]، إن [PERSON:أندريه روسو] لم يزر [PLACE:بيروت]"
    " يوم [DATE:الأحد]. وحضر [PERSON:سعد مقداد] الحفل."
)
_TEXT = "وقعت شركة سامسونغ عقدا مع شركة هواوي. وقال إيلون ماسك إن الوقت مناسب للجميع في السوق.\n"


def explained(marked: str, **more: float) -> tuple[Explained, ...]:
    document, entities = parse(marked)
    return explain(document, sentences(document.text), entities, load_scorer(), **more)  # type: ignore[arg-type]


def test_what_is_kept_is_what_is_found() -> None:
    document, entities = parse(_MARKED)
    claims = find_claims(document, sentences(document.text), entities)
    found = [c.claim for s in explained(_MARKED) for p in s.pairs for c in p.candidates if c.claim]
    assert sorted(c.id for c in found) == sorted(c.id for c in claims) != []
    assert all(claim in claims for claim in found)


def test_a_kept_claim_says_why() -> None:
    first, second = explained(_MARKED)
    assert [m.text for m, _ in first.mentions] == ["هدى الصباغ", "أفق", "أندريه روسو", "بيروت", "الأحد"]
    (pair,) = [p for p in first.pairs if p.ends == ("هدى الصباغ", "أفق")]
    best = pair.candidates[0]
    assert (best.relation, best.why, best.subject, best.object) == ("HEAD_OF", "kept", "هدى الصباغ", "أفق")
    assert [(f.pattern, f.trigger, f.own, f.negated) for f in pair.patterns] == [
        ("post.chief.body.behind", "الرئيسة", False, False)
    ]
    assert pair.patterns[0].precision is not None
    assert pair.patterns[0].precision > 0.9
    texts = [sign.text for sign in best.signs if sign.weight > 0]
    assert texts[0] == "the grammar reads HEAD_OF"
    assert "between them: a post of HEAD_OF" in texts
    assert second.number == 2
    assert all(pair.apart for pair in second.pairs)


def test_denial_is_seen() -> None:
    first, _ = explained(_MARKED)
    (pair,) = [p for p in first.pairs if p.ends == ("أندريه روسو", "بيروت")]
    assert pair.patterns[0].negated
    claim = pair.candidates[0].claim
    assert claim is not None
    assert claim.negated
    assert claim.attributed_to == "هدى الصباغ"


def test_reasons_for_what_was_not_kept() -> None:
    rows = explained(_MARKED, min_confidence=0.999)
    whys = [c.why for s in rows for p in s.pairs for c in p.candidates]
    assert any(why.startswith("below 0.25") for why in whys)
    assert any("below --min-confidence 0.999" in why for why in whys)
    heads = "رئيس [ORGANIZATION:نادي الفجر] ومدير [ORGANIZATION:نادي الفجر] [PERSON:سالم العبدلي] والموظف فيه."
    candidates = [c for s in explained(heads) for p in s.pairs for c in p.candidates]
    assert {c.relation for c in candidates if c.claim} == {"HEAD_OF"}


def test_the_weaker_reading_of_a_post_is_named() -> None:
    found = []
    for title in ("نائب رئيس", "القائد المساعد في", "رئيس قسم في", "الرئيس المناوب ل", "المدير المساعد ل"):
        rows = explained(f"قال [PERSON:سالم العبدلي]، {title} [ORGANIZATION:نادي الفجر]، إن العام صعب.")
        found += [c for s in rows for p in s.pairs for c in p.candidates if c.probability >= 0.25 and not c.claim]
    assert found
    assert all(c.why.startswith(("weaker reading of the same two names", "labels do not fit")) for c in found)
    assert any(c.why.startswith("weaker") for c in found)


def test_signs_and_rest_add_up_to_the_probability() -> None:
    import math

    for sentence in explained(_MARKED):
        for pair in sentence.pairs:
            for c in pair.candidates:
                odds = sum(sign.weight for sign in c.signs) + c.rest
                assert c.probability == pytest.approx(1 / (1 + math.exp(-odds)), abs=0.02)


def test_noting_changes_no_feature() -> None:
    document, entities = parse(_MARKED)
    read = read_sentences(document.text, sentences(document.text), entities)
    plain = list(find_pairs(read.rows, entities, read.hits))
    assert [pair for pair, _ in Noted().pairs(read.rows, entities, read.hits)] == plain != []


def test_every_sign_is_in_words() -> None:
    for sentence in explained(_MARKED):
        for pair in sentence.pairs:
            for sign in (s for c in pair.candidates for s in c.signs):
                assert "something else" not in sign.text
                assert not re.search(r"\d{4,}", sign.text), sign.text


def test_one_sentence_alone_is_the_same() -> None:
    rows = explained(_MARKED)
    assert explained(_MARKED, only=1) == rows[:1]
    assert explained(_MARKED, only=2) == rows[1:]
    assert explained(_MARKED, only=3) == ()


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "a.txt"
    path.write_text(_TEXT, encoding="utf-8")
    return path


def test_lines_fit_and_arabic_is_whole(article: Path) -> None:
    for more in ((), ("--all",)):
        out = call("explain", article, "--ner", "rules", *more).stdout
        text = _TEXT.split(".", maxsplit=1)[0] + "."
        assert f"  \u2068{text}\u2069\n" in out
        assert out.count("\u2068") == out.count("\u2069") > 0
        for line in out.splitlines():
            plain = re.sub("[\u2068\u2069]", "", line)
            assert len(plain) <= 80 or text in plain or "إيلون" in plain, plain
    assert "AGREED_WITH" in out
    assert "right 95% of the time" in out


def test_json_is_one_object_a_sentence(article: Path) -> None:
    result = call("explain", article, "--ner", "rules", "--json")
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert [row["sentence"] for row in rows] == [1, 2]
    assert set(rows[0]) == {
        "document", "sentence", "start", "end", "text", "published", "least", "mentions", "pairs",
    }  # fmt: skip
    assert _TEXT[rows[0]["start"] : rows[0]["end"]] == rows[0]["text"]
    kept = [c for row in rows for p in row["pairs"] for c in p["candidates"] if c["kept"]]
    assert [c["type"] for c in kept] == ["AGREED_WITH"]
    assert kept[0]["signs"]
    one = call("explain", article, "--ner", "rules", "--json", "--sentence", "1").stdout.splitlines()
    assert [json.loads(line) for line in one] == rows[:1]


def test_stdin_lines_and_web_pages(tmp_path: Path) -> None:
    piped = call("explain", "-", "--ner", "rules", stdin=_TEXT.encode())
    assert piped.exit_code == 0
    assert "AGREED_WITH" in piped.stdout
    rows = [{"id": name, "text": _TEXT, "title": name, "published": "2024-05-06"} for name in ("x", "y")]
    many = tmp_path / "m.jsonl"
    many.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    result = call("explain", many, "--ner", "rules")
    assert result.stdout.count("published 2024-05-06") == 2
    page = tmp_path / "p.html"
    page.write_text(f"<html><body><article><p>{_TEXT}</p></article></body></html>", encoding="utf-8")
    assert "AGREED_WITH" in call("explain", page, "--ner", "rules").stdout


@pytest.mark.parametrize(
    ("arguments", "code", "cause"),
    [
        (["no.txt"], 1, "no.txt"),
        (["empty.txt"], 1, "empty.txt"),
        (["a.txt", "--sentence", "9"], 1, "has no sentence 9"),
        (["a.txt", "--sentence", "0"], 2, "range"),
        (["a.txt", "--ner", "magic"], 2, "no such engine"),
        (["a.txt", "--frames", "a.txt"], 2, "not TOML"),
        (["a.txt", "--scorer", "a.txt"], 2, "no scorer"),
        ([], 2, "Missing argument"),
    ],
)
def test_bad_input(
    arguments: list[str], code: int, cause: str, article: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "empty.txt").write_text("", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    more = [] if "--ner" in arguments else ["--ner", "rules"]
    result = call("explain", *arguments, *more)
    assert result.exit_code == code
    assert cause in result.stderr
    if code == 1:
        assert len(result.stderr.strip().splitlines()) == 1
        assert not result.stdout
