"""A user's own frames: what they read, what is refused, and that they work everywhere alike."""

from __future__ import annotations

import json
import re
import shutil
import tomllib
from pathlib import Path

import pytest
from running import call, lines
from test_claims import parse

from rawabit.graph.claims import find_claims
from rawabit.graph.frames import confidence, our_tables, tables, using
from rawabit.graph.model import Claim
from rawabit.graph.own_frames import load_frames
from rawabit.graph.scorer import load_scorer
from rawabit.loaders.extraction import extractor_version
from rawabit.loaders.learning import load_learning
from rawabit.ner.tokens import sentences

_ROOT = Path(__file__).resolve().parent.parent
_CASES = tomllib.loads((Path(__file__).parent / "cases" / "user_frames.toml").read_text(encoding="utf-8"))


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    path = tmp_path / "mine.toml"
    path.write_text(_CASES["file"], encoding="utf-8")
    return path


def read(marked: str, frames: Path | None) -> list[Claim]:
    document, entities = parse(marked)
    with using(load_frames(frames)):
        return list(find_claims(document, sentences(document.text), entities))


@pytest.mark.parametrize("row", _CASES["reads"], ids=[row["text"][:60] for row in _CASES["reads"]])
def test_what_they_read(row: dict[str, str], mine: Path) -> None:
    subject, relation, object_, *rest = row["claim"].split("|")
    found = [c for c in read(row["text"], mine) if (c.subject, c.relation, c.object) == (subject, relation, object_)]
    assert len(found) == 1
    assert found[0].negated == ("neg" in rest)
    least = next((float(r[1:]) for r in rest if r[0] == ">"), 0.0)
    assert found[0].confidence >= least - 1e-6
    sources = [r[3:] for r in rest if r.startswith("by=")]
    assert sources in ([], [found[0].attributed_to])


@pytest.mark.parametrize("text", _CASES["silent"])
def test_what_they_do_not_read(text: str, mine: Path) -> None:
    assert not [c for c in read(text, mine) if c.confidence >= 0.8]


@pytest.mark.parametrize("row", _CASES["wrong"], ids=[row["cause"][:50] for row in _CASES["wrong"]])
def test_wrong_files_are_refused_in_one_line(row: dict[str, str], tmp_path: Path) -> None:
    path = tmp_path / "bad.toml"
    path.write_text(row["file"], encoding="utf-8")
    with pytest.raises(ValueError, match=re.escape(row["cause"])) as caught:
        load_frames(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert "\n" not in str(caught.value)
    result = call("extract", "-", "-o", tmp_path / "d.jsonl", "--frames", path, stdin="نص".encode())
    assert result.exit_code == 2
    assert row["cause"] in result.stderr
    assert not (tmp_path / "d.jsonl").exists()


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "bad.toml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ValueError, match="not UTF-8"):
        load_frames(path)


def test_a_windows_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_bytes(b"\xef\xbb\xbf" + _CASES["file"].replace("\n", "\r\n").encode())
    assert (load_frames(path) or our_tables()).own["sponsor"] == 0.95


def test_they_hold_only_while_they_are_used(mine: Path) -> None:
    before = our_tables()
    with using(load_frames(mine)):
        assert tables().own == {"sponsor": 0.95, "twin_with": 0.8, "adopt": 0.1, "post.mascot": 0.85}
        assert confidence("sponsor.vso") == 0.95
        assert confidence("post.mascot.body.before.far") == 0.85
        assert confidence("meet.vso") == 0.86
    assert tables() is before
    assert not tables().own
    assert read("رعت [ORGANIZATION:الواحة] [ORGANIZATION:نادي الفجر].", None) == []


def test_what_is_not_theirs_stays_as_it_is(mine: Path) -> None:
    marked = "زار [PERSON:أندريه روسو] [PLACE:بيروت] و[PLACE:صيدا]، ثم التقى [PERSON:سعد مقداد]."
    assert read(marked, mine) == read(marked, None) != []


def test_below_the_scorers_least_they_are_kept(mine: Path) -> None:
    (claim,) = [c for c in read("تبنت [ORGANIZATION:الواحة] [ORGANIZATION:نادي الفجر].", mine) if c.relation == "OWNS"]
    assert claim.confidence >= 0.1
    assert load_scorer().least > 0.1


_TEXT = "قال المنظمون إن شركة سامسونغ رعت نادي ريال مدريد في الموسم الماضي. وأضافوا أن البطولة انتهت أمس.\n"


def _funded(path: Path) -> list[tuple[str, float]]:
    rows = lines(path)
    return [(r["id"], c["confidence"]) for r in rows for c in r["relations"] if c["type"] == "FUNDED"]


def test_run_extract_and_jobs_agree(mine: Path, tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    for n in range(3):
        (folder / f"{n}.txt").write_text(_TEXT + f"وحضر {n + 2} من الضيوف.\n", encoding="utf-8")
    common = ("--ner", "rules", "--frames", mine, "-q")
    assert call("extract", folder, "-o", tmp_path / "none.jsonl", "--ner", "rules", "-q").exit_code == 0
    assert call("extract", folder, "-o", tmp_path / "one.jsonl", *common).exit_code == 0
    assert call("extract", folder, "-o", tmp_path / "two.jsonl", *common, "--jobs", "2").exit_code == 0
    run = call("run", folder, "-o", tmp_path / "run.jsonl", "-o", tmp_path / "g.graphml", *common)
    assert run.exit_code == 0
    assert not _funded(tmp_path / "none.jsonl")
    assert len(_funded(tmp_path / "one.jsonl")) == 3
    assert all(sure >= 0.95 for _, sure in _funded(tmp_path / "one.jsonl"))
    one = sorted((tmp_path / "one.jsonl").read_text(encoding="utf-8").splitlines())
    assert one == sorted((tmp_path / "two.jsonl").read_text(encoding="utf-8").splitlines())
    assert one == sorted((tmp_path / "run.jsonl").read_text(encoding="utf-8").splitlines())
    assert "FUNDED" in (tmp_path / "g.graphml").read_text(encoding="utf-8")


def test_a_changed_file_is_another_extractor(mine: Path, tmp_path: Path) -> None:
    first = extractor_version("rules", frames=mine)
    assert first.startswith(extractor_version("rules") + ".frames-")
    (tmp_path / "a.txt").write_text(_TEXT, encoding="utf-8")
    again = ("extract", tmp_path / "a.txt", "-o", tmp_path / "d.jsonl", "--ner", "rules", "--resume", "--json")
    assert json.loads(call(*again, "--frames", mine).stdout)["resumed"] == 0
    assert json.loads(call(*again, "--frames", mine).stdout)["resumed"] == 1
    mine.write_text(_CASES["file"].replace("0.95", "0.85"), encoding="utf-8")
    assert extractor_version("rules", frames=mine) != first
    assert json.loads(call(*again, "--frames", mine).stdout)["resumed"] == 0
    assert json.loads(call(*again).stdout)["resumed"] == 0


def test_given_entities_are_read_with_them(mine: Path, tmp_path: Path) -> None:
    text = "رعت الواحة نادي الفجر."
    entities = [
        {"id": "a", "type": "ORGANIZATION", "name": "الواحة", "mentions": [[4, 10]]},
        {"id": "b", "type": "ORGANIZATION", "name": "الفجر", "mentions": [[16, 21]]},
    ]
    row = {"id": "d", "text": text, "entities": entities, "relations": []}
    (tmp_path / "gold.jsonl").write_text(json.dumps(row, ensure_ascii=False), encoding="utf-8")
    call("extract", tmp_path / "gold.jsonl", "-o", tmp_path / "d.jsonl", "--given", "entities", "--frames", mine, "-q")
    assert len(_funded(tmp_path / "d.jsonl")) == 1


def test_a_configuration_names_them_beside_itself(mine: Path, tmp_path: Path) -> None:
    config = tmp_path / "claims.toml"
    config.write_text('kind = "claims"\nframes = "./mine.toml"\nfolds = 0\n[[gold]]\nfile = "g.jsonl"\n', "utf-8")
    learning = load_learning(config)
    assert learning is not None
    assert load_frames(Path(learning.frames)) == load_frames(mine)


def _blocks(kind: str) -> list[str]:
    page = (_ROOT / "docs" / "frames.md").read_text(encoding="utf-8")
    return re.findall(rf"```{kind}\n(.*?)```", page, re.DOTALL)


def test_the_page_is_true(tmp_path: Path) -> None:
    """The example of docs/frames.md does what the page says."""
    first, second = _blocks("toml")
    (tmp_path / "mine.toml").write_text(first, encoding="utf-8")
    article, wrong = _blocks("text")
    (tmp_path / "article.txt").write_text(article, encoding="utf-8")
    (command,) = [line for block in _blocks("console") for line in block.splitlines()]
    words = command.removeprefix("$ rawabit ").split()
    words = [str(tmp_path / word) if (tmp_path / word).exists() else word for word in words]
    plain = [w for w in words if w not in {"--frames", str(tmp_path / "mine.toml")}]
    assert "+ \u2068سامسونغ\u2069 FUNDED \u2068ريال مدريد\u2069 0.90" in call(*words, "--ner", "rules").stdout
    assert "+ \u2068سامسونغ\u2069 FUNDED" not in call(*plain, "--ner", "rules").stdout
    (tmp_path / "more.toml").write_text(second, encoding="utf-8")
    assert load_frames(tmp_path / "more.toml")
    bad = tmp_path / "mine.toml"
    bad.write_text(first.replace('"FUNDED"', '"FUNDS"'), encoding="utf-8")
    with pytest.raises(ValueError, match="do you mean") as caught:
        load_frames(bad)
    assert str(caught.value).removeprefix(f"{tmp_path}/") == wrong.strip()


def test_the_page_tells_every_key() -> None:
    from rawabit.graph import own_frames

    page = (_ROOT / "docs" / "frames.md").read_text(encoding="utf-8")
    keys = {*own_frames._FRAME, *own_frames._POST, *own_frames._KIN}
    assert {key for key in keys if f"`{key}" not in page and f"{key} = " not in page} == set()


def test_only_the_content_of_the_file_counts(mine: Path, tmp_path: Path) -> None:
    """The same file under another name gives the same results: only its content counts."""
    other = tmp_path / "other.toml"
    shutil.copy(mine, other)
    assert extractor_version("rules", frames=mine) == extractor_version("rules", frames=other)
