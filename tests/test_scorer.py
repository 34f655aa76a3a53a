"""The learnt scorer of claims: its features, its arithmetic, its file, and how it is learnt."""

from __future__ import annotations

import json
import tomllib
import tracemalloc
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from test_claims import mixtures, parse

from rawabit.graph.claims import find_claims, read_sentences
from rawabit.graph.model import SYMMETRIC, Entity, Relation
from rawabit.graph.pairs import find_pairs
from rawabit.graph.scorer import CLASSES, Linear, Scorer, allowed, load_scorer
from rawabit.loaders.cli import cli
from rawabit.ner.model import Document, Label, Span
from rawabit.ner.tokens import sentences

ROWS = tomllib.loads(Path(__file__).with_name("cases").joinpath("scorer.toml").read_text(encoding="utf-8"))
OURS = files("rawabit.ner.data").joinpath("training")


@pytest.mark.parametrize("row", ROWS["said"], ids=lambda row: str(row["text"])[:60])
def test_what_is_said_is_found(row: dict[str, str]) -> None:
    document, entities = parse(row["text"])
    found = {
        (claim.subject, str(claim.relation), claim.object): claim
        for claim in find_claims(document, sentences(document.text), entities)
    }
    subject, relation, object_, *more = row["claim"].split("|")
    keys = [(subject, relation, object_)]
    if relation in {str(one) for one in SYMMETRIC}:
        keys.append((object_, relation, subject))
    hits = [found[key] for key in keys if key in found]
    assert hits, sorted(found)
    assert hits[0].confidence >= 0.4
    assert hits[0].negated == ("neg" in more)


@pytest.mark.parametrize("text", ROWS["nothing"]["texts"], ids=lambda text: str(text)[:60])
def test_what_is_not_said_is_not_found(text: str) -> None:
    document, entities = parse(text)
    found = find_claims(document, sentences(document.text), entities)
    assert [(c.subject, str(c.relation), c.object, c.confidence) for c in found if c.confidence >= 0.4] == []


@settings(max_examples=100, deadline=None)
@given(mixtures(), st.randoms(use_true_random=False))
def test_pairs_do_not_depend_on_the_order_of_entities(
    case: tuple[Document, tuple[Span, ...], list[Entity]], shuffler: object
) -> None:
    document, spans, entities = case
    read = read_sentences(document.text, spans, entities)
    pairs = list(find_pairs(read.rows, entities, read.hits))
    for pair in pairs:
        assert pair.left.start < pair.right.start
        assert pair.left.who.id != pair.right.who.id
        assert pair.sentences[1] - pair.sentences[0] in {0, 1}
        assert len(set(pair.features)) == len(pair.features)
        assert all(0 <= feature < 2**32 for feature in pair.features)
        assert Label.DATE not in {pair.left.who.label, pair.right.who.label}
    shuffler.shuffle(entities)  # type: ignore[attr-defined]
    again = read_sentences(document.text, spans, entities)
    assert [pair.features for pair in find_pairs(again.rows, entities, again.hits)] == [pair.features for pair in pairs]


@given(st.lists(st.lists(st.integers(0, 40), max_size=12, unique=True), max_size=8))
def test_logits_are_sums_of_known_features(rows: list[list[int]]) -> None:
    random = np.random.default_rng(3)
    keys = np.array(sorted(random.choice(40, 15, replace=False)), np.uint32)
    weights = random.integers(-127, 128, (15, 4)).astype(np.int8)
    model = Linear(keys, weights, np.full(4, 0.5, np.float32), np.array([1, 2, 3, 4], np.float32))
    found = model.logits(rows)
    index = {int(key): n for n, key in enumerate(keys)}
    for row, got in zip(rows, found, strict=True):
        wanted = sum((weights[index[f]] * 0.5 for f in row if f in index), np.array([1.0, 2, 3, 4]))
        assert got == pytest.approx(wanted)
    assert found.shape == (len(rows), 4)


def test_labels_that_do_not_fit_have_no_probability() -> None:
    amounts = [n for n, (relation, _) in enumerate(CLASSES) if relation is Relation.HAS_AMOUNT]
    assert allowed(Label.PERSON, Label.MONEY)[amounts].tolist() == [1, 0]
    assert allowed(Label.MONEY, Label.ORGANIZATION)[amounts].tolist() == [0, 1]
    assert not allowed(Label.PERSON, Label.PERSON)[amounts].any()


def test_a_source_must_be_likely() -> None:
    nothing = Linear(np.array([1], np.uint32), np.zeros((1, 1), np.int8), np.ones(1, np.float32), np.array([-4.0]))
    scorer = replace(load_scorer(), sources=nothing)
    assert scorer.source([("e1", (1,))]) is None
    assert scorer.source([]) is None
    sure = replace(nothing, weights=np.array([[5]], np.int8))
    assert replace(scorer, sources=sure).source([("e1", ()), ("e2", (1,))]) == "e2"


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"not a scorer", "نص".encode()])
def test_a_wrong_file_is_said(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "scorer.npz"
    path.write_bytes(data)
    with pytest.raises(ValueError, match=r"scorer\.npz: no scorer of claims"):
        load_scorer(path)
    (tmp_path / "a.txt").write_text("زار سمير بيروت.", encoding="utf-8")
    ran = CliRunner().invoke(
        cli, ["extract", str(tmp_path / "a.txt"), "-o", str(tmp_path / "o.jsonl"), "--scorer", str(path)]
    )
    assert ran.exit_code == 2
    assert "scorer.npz" in ran.output
    assert not (tmp_path / "o.jsonl").exists()


@pytest.mark.camel
def test_a_scorer_of_your_own(tmp_path: Path) -> None:
    """Learnt from gold files by ``rawabit train``: the same bytes twice, and it decides what ``--scorer`` finds."""
    lines = OURS.joinpath("news3.jsonl").read_text(encoding="utf-8").split("\n")[:24]
    own = []
    for number in range(20):
        text = f"جلس سمير حداد{'' if number % 2 else ' أمس'} فوق بيروت."
        ends = [[text.index(name), text.index(name) + len(name)] for name in ("سمير حداد", "بيروت")]
        own.append(
            {
                "id": f"own-{number}", "text": text,
                "entities": [
                    {"id": "p", "type": "PERSON", "name": "سمير حداد", "mentions": [ends[0]]},
                    {"id": "l", "type": "PLACE", "name": "بيروت", "mentions": [ends[1]]},
                ],
                "relations": [{"subject": "p", "type": "VISITED", "object": "l", "evidence": [0, len(text)]}],
            }
        )  # fmt: skip
    (tmp_path / "ours.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (tmp_path / "own.jsonl").write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in own), encoding="utf-8")
    (tmp_path / "claims.toml").write_text(
        "kind = 'claims'\nstart = 'package'\nepochs = 6\nsource_epochs = 2\nfolds = 2\n"
        "[[gold]]\nfile = './own.jsonl'\nfolds = true\n[[gold]]\nfile = './ours.jsonl'\n",
        encoding="utf-8",
    )
    for folder in ("one", "two"):
        ran = CliRunner().invoke(cli, ["train", str(tmp_path / "claims.toml"), "-o", str(tmp_path / folder)])
        assert ran.exit_code == 0, ran.output
        assert "--scorer" in ran.output
    made = tmp_path / "one" / "scorer.npz"
    assert made.read_bytes() == (tmp_path / "two" / "scorer.npz").read_bytes()
    document, entities = parse("جلس [PERSON:نادر كرم] فوق [PLACE:دمشق].")
    assert not any(c.confidence > 0.5 for c in find_claims(document, sentences(document.text), entities))
    found = find_claims(document, sentences(document.text), entities, load_scorer(made))
    assert [(c.subject, str(c.relation), c.object) for c in found if c.confidence > 0.5] == [
        ("نادر كرم", "VISITED", "دمشق")
    ]
    assert isinstance(load_scorer(made), Scorer)


def test_wrong_gold_is_said(tmp_path: Path) -> None:
    (tmp_path / "own.jsonl").write_text('{"id": "a"}\n', encoding="utf-8")
    (tmp_path / "claims.toml").write_text(
        "kind = 'claims'\nfolds = 0\n[[gold]]\nfile = './own.jsonl'\n", encoding="utf-8"
    )
    ran = CliRunner().invoke(cli, ["train", str(tmp_path / "claims.toml"), "-o", str(tmp_path / "out")])
    assert ran.exit_code == 1
    assert "own.jsonl:1" in ran.output


@pytest.mark.parametrize(
    ("text", "says"),
    [("kind = 'claims'\n", "[[gold]]"), ("kind = 'claims'\ncolour = 1\n[[gold]]\nfile = 'a'\n", "colour")],
)
def test_a_wrong_configuration_is_said(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "claims.toml").write_text(text, encoding="utf-8")
    ran = CliRunner().invoke(cli, ["train", str(tmp_path / "claims.toml"), "-o", str(tmp_path / "out")])
    assert ran.exit_code == 1
    assert says in ran.output


@pytest.mark.timeout(240)
def test_a_long_row_of_names_takes_bounded_memory() -> None:
    """Bug: all pairs of a document were scored at once, 40 kB each."""
    names = [f"سامي{n}" for n in range(400)]
    document, entities = parse("قال " + " قال ".join(f"[PERSON:{name}]" for name in names) + ".")
    tracemalloc.start()
    find_claims(document, [(0, len(document.text))], entities)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 150_000_000


@pytest.mark.parametrize(
    ("gold", "says"),
    [
        ("folds = true\n", "occurs twice"),
        ("", "folds = true"),
    ],
)
@pytest.mark.camel
def test_too_little_gold_is_said(tmp_path: Path, gold: str, says: str) -> None:
    """Bug: tracebacks of numpy, and one that spoke of arrays to concatenate."""
    text = "جلس سمير حداد فوق بيروت."
    row = {
        "id": "a", "text": text,
        "entities": [
            {"id": "p", "type": "PERSON", "name": "سمير حداد", "mentions": [[4, 13]]},
            {"id": "l", "type": "PLACE", "name": "بيروت", "mentions": [[18, 23]]},
        ],
        "relations": [{"subject": "p", "type": "RELATED", "object": "l", "evidence": [0, len(text)]}],
    }  # fmt: skip
    (tmp_path / "own.jsonl").write_text(json.dumps(row, ensure_ascii=False), encoding="utf-8")
    (tmp_path / "claims.toml").write_text(f"kind = 'claims'\n[[gold]]\nfile = './own.jsonl'\n{gold}", encoding="utf-8")
    ran = CliRunner().invoke(cli, ["train", str(tmp_path / "claims.toml"), "-o", str(tmp_path / "out")])
    assert ran.exit_code == 1
    assert says in ran.output


def test_a_scorer_that_changes_on_the_disk_is_read_anew(tmp_path: Path) -> None:
    """Bug: the file was remembered by its path alone."""
    path = tmp_path / "scorer.npz"
    path.write_bytes(files("rawabit.graph.data").joinpath("scorer.npz").read_bytes())
    assert load_scorer(path).version == load_scorer().version
    path.write_bytes(b"broken")
    with pytest.raises(ValueError, match="no scorer"):
        load_scorer(path)
