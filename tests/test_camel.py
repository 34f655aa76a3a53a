"""The camel-tools engine on a real, small BERT that `tinybert` makes: what it finds, and the faults it is kept from."""

from __future__ import annotations

import doctest
import json
import os
import random
import shutil
import subprocess
import sys
import tomllib
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import tinybert
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from rawabit.ner import camel, camel_data
from rawabit.ner.camel import CamelTagger, CamelUnavailable
from rawabit.ner.model import Document, Label, Mention
from rawabit.ner.tag import NameTagger
from rawabit.ner.tokens import sentences

pytestmark = pytest.mark.camel

# Starts every script that must not touch the network: a connection or a look-up of a name ends it.
NO_NETWORK = """
import socket, sys
def refuse(*args, **kwargs):
    sys.exit(f"network: {args[1:]}")
socket.socket.connect = socket.socket.connect_ex = socket.getaddrinfo = socket.create_connection = refuse
"""


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tinybert.make(tmp_path_factory.mktemp("camel") / "tiny")


@pytest.fixture(scope="session")
def tagger(model: Path) -> CamelTagger:
    return CamelTagger(model)


@pytest.fixture(scope="session")
def stock(model: Path, tagger: CamelTagger) -> Any:
    """camel-tools' own, on the same model; after `tagger`, so that its import has a catalogue."""
    from camel_tools.ner import NERecognizer

    return NERecognizer(str(model), use_gpu=False)


@pytest.fixture
def copy(model: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(model, tmp_path / "copy"))


def find(tagger: CamelTagger, text: str) -> list[Mention]:
    return tagger.find(Document("d", text), sentences(text))


def short(mentions: list[Mention]) -> list[tuple[str, str]]:
    return [(m.text, m.label.value) for m in mentions]


def labels(predicted: list[list[tuple[str, float] | None]]) -> list[list[str | None]]:
    return [[word and word[0] for word in sentence] for sentence in predicted]


def run(script: str, *, home: Path, data: Path | None = None) -> subprocess.CompletedProcess[str]:
    settings_of_ours = {"CAMELTOOLS_DATA", "HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"}
    env = {name: value for name, value in os.environ.items() if name not in settings_of_ours}
    env |= {"HOME": str(home), "USERPROFILE": str(home), "PYTHONIOENCODING": "utf-8"}
    if data is not None:
        env["CAMELTOOLS_DATA"] = str(data)
    return subprocess.run(
        [sys.executable, "-c", NO_NETWORK + script], env=env, capture_output=True, text=True, encoding="utf-8"
    )


# What it finds. No sentence here is among those that the model learnt.
FOUND = [
    (
        "names of one word and of two, in their labels",
        "قال سالم حمدان إن بنك النخيل ستفتح مكتبا في أبو ظبي الشهر المقبل.",
        [("سالم حمدان", "PERSON"), ("بنك النخيل", "ORGANIZATION"), ("أبو ظبي", "PLACE")],
    ),
    (
        "a particle that is one word with the name stays outside",
        "تقع دمشق شمال عمان وبغداد.",
        [("دمشق", "PLACE"), ("عمان", "PLACE"), ("بغداد", "PLACE")],
    ),
    (
        "و that belongs to the word stays inside",
        "انتقد وليد حداد سياسة وكالة سراج.",
        [("وليد حداد", "PERSON"), ("وكالة سراج", "ORGANIZATION")],
    ),
    (
        "a particle before a given name and before the head of an organisation",
        "افتتح هدى سليمان ويوسف نصار كأس الصحراء في تونس. انتقد رنا العلي سياسة مصنع نسيم ووزارة الزراعة.",
        [
            ("هدى سليمان", "PERSON"),
            ("يوسف نصار", "PERSON"),
            ("تونس", "PLACE"),
            ("رنا العلي", "PERSON"),
            ("مصنع نسيم", "ORGANIZATION"),
            ("وزارة الزراعة", "ORGANIZATION"),
        ],
    ),
    (
        "a particle before a name that nobody knows, but the document has without it",
        "تقع باريس شمال الدوحة وزرنوق. زار كمال درويش مقر جامعة المرجان في زرنوق.",
        [
            ("باريس", "PLACE"),
            ("الدوحة", "PLACE"),
            ("زرنوق", "PLACE"),
            ("كمال درويش", "PERSON"),
            ("جامعة المرجان", "ORGANIZATION"),
            ("زرنوق", "PLACE"),
        ],
    ),
    (
        "diacritics, tatweel and bidirectional marks, which the model never saw",
        "قالَ \u200fليلـــى كَرَم إنَّ وكالة سراج ستفتح مكتباً في مســقط الشهر المقبل.",
        [("ليلـــى كَرَم", "PERSON"), ("وكالة سراج", "ORGANIZATION"), ("مســقط", "PLACE")],
    ),
    (
        "letters as presentation forms, from PDF files",
        "ولد كمال درويش في ﺑﻐﺪﺍﺩ ودرس الهندسة.",
        [("كمال درويش", "PERSON"), ("ﺑﻐﺪﺍﺩ", "PLACE")],
    ),
    (
        "a decimal is one word, so that nothing after it shifts; MISC is left out",
        "أعلنت مؤسسة الأفق أرباحها في الرباط اليوم وبلغت 3.5 مليون، افتتح هدى سليمان ويوسف نصار كأس الصحراء في تونس.",
        [
            ("مؤسسة الأفق", "ORGANIZATION"),
            ("الرباط", "PLACE"),
            ("هدى سليمان", "PERSON"),
            ("يوسف نصار", "PERSON"),
            ("تونس", "PLACE"),
        ],
    ),
    ("nothing where nothing is", "كان الطقس جميلا والسماء صافية.", []),
]


@pytest.mark.parametrize(("bug", "text", "expected"), FOUND, ids=[row[0] for row in FOUND])
def test_finds(tagger: CamelTagger, bug: str, text: str, expected: list[tuple[str, str]]) -> None:
    found = find(tagger, text)
    assert short(found) == expected
    assert all(text[m.start : m.end] == m.text and 0.5 < m.confidence <= 1 and m.value is None for m in found)


def test_is_a_name_tagger(tagger: CamelTagger) -> None:
    assert isinstance(tagger, NameTagger)
    assert tagger.name == "camel"


def test_only_inside_the_sentences_given(tagger: CamelTagger) -> None:
    text = "زار سالم حمدان مقر بنك النخيل في تونس."
    end = text.index(" النخيل")
    assert short(tagger.find(Document("d", text), [(0, end)]))[0] == ("سالم حمدان", "PERSON")
    assert all(m.end <= end for m in tagger.find(Document("d", text), [(0, end)]))


# Equal to camel-tools where camel-tools works.
def test_labels_equal_stock(tagger: CamelTagger, stock: Any) -> None:
    many = [[word for word, _ in sentence] for sentence in tinybert.sentences(150, seed=7, clauses=4)]
    long = [[word for sentence in many[a : a + 40] for word in sentence] for a in (0, 40)]
    words = [*many, *long, [], ["غريب", "XYZ-9", "٣٫٥", "[SEP]", "ژ", "漢字"], ["ا" * 150, "بغداد"]]
    assert any(len(sentence) > 254 for sentence in words)
    expected = stock.predict(words)
    assert sum(label != "O" for sentence in expected for label in sentence) > 300
    assert labels(tagger.predict(words)) == expected


def test_labels_are_the_models_own(tmp_path: Path) -> None:
    """`NERecognizer.labels()` answers with a fixed list, whatever the model was trained on."""
    folder = tinybert.make(tmp_path / "m", train=False)
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    config["id2label"] = {str(i): f"{'BI'[i % 2]}-GPE" for i in range(9)}
    config["label2id"] = {f"{'BI'[i % 2]}-GPE": i for i in range(9)}
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    found = find(CamelTagger(folder), "زار تونس")
    assert found
    assert {m.label for m in found} == {Label.PLACE}


# The faults.
def test_word_of_300_pieces(tagger: CamelTagger) -> None:
    """camel-tools ends with an error: the tensors of a batch differ in length."""
    monster = "a" + "-b" * 299
    text = f"زار سالم حمدان مقر بنك النخيل في تونس {monster} وصل نادر الخطيب إلى مسقط أمس.\nولد كمال درويش في بغداد."
    found = find(tagger, text)
    for name in ("سالم حمدان", "تونس", "نادر الخطيب", "مسقط", "كمال درويش", "بغداد"):
        assert name in [m.text for m in found]
    assert len(tagger.predict([[monster], ["زار", monster, "تونس"]])[1]) == 3


def test_word_without_pieces(tagger: CamelTagger) -> None:
    """camel-tools gives fewer labels than words, so that all after it belong to their neighbours."""
    words = ["\u200b", "قال", "سالم", "\ufffd", "حمدان", "إن", "\x01", "السوق", "هادئة", "\ue000"]
    (predicted,) = labels(tagger.predict([words]))
    seen = [None, "O", "B-PERS", None, "I-PERS", "O", None, "O", "O", None]
    assert predicted == seen
    assert labels(tagger.predict([["\ufffd"], []])) == [[None], []]
    text = "قال سالم \ufffd حمدان إن السوق هادئة."
    assert short(find(tagger, text)) == [("سالم \ufffd حمدان", "PERSON")]


def test_lone_surrogates(tagger: CamelTagger) -> None:
    text = "زار سالم حمدان مقر \ud800 بنك النخيل في تونس"
    assert ("سالم حمدان", "PERSON") in short(find(tagger, text))


def test_stray_continuation_begins_a_mention() -> None:
    predicted = [("O", 1.0), ("I-PERS", 0.9), ("I-PERS", 0.6), ("I-LOC", 0.8), ("B-LOC", 0.7)]
    assert list(camel._runs(predicted)) == [(1, 2, "PERS", 0.6), (3, 3, "LOC", 0.8), (4, 4, "LOC", 0.7)]


def test_punctuation_is_no_name_and_no_edge_of_one() -> None:
    from rawabit.ner.tokens import tokens

    text = "«قطر» ! (Путин)"
    words = list(tokens(text))
    tags = ["B-LOC", "I-LOC", "I-LOC", "B-ORG", "B-PERS"] + ["I-PERS"] * (len(words) - 5)
    found = camel._mentions(text, list(camel._names(text, words, [(tag, 0.9) for tag in tags])))
    assert short(found) == [("قطر", "PLACE"), ("Путин", "PERSON")]


def test_nothing_to_do(tagger: CamelTagger) -> None:
    assert tagger.find(Document("d", ""), ()) == []
    assert tagger.find(Document("d", " \u200f\n"), [(0, 3)]) == []
    assert tagger.predict([]) == []


def test_very_long_document(tagger: CamelTagger) -> None:
    one = "زار سالم حمدان مقر بنك النخيل في تونس"
    text = (one + ".\n") * 300 + (one + "، ") * 300
    found = find(tagger, text)
    assert all(text[m.start : m.end] == m.text for m in found)
    assert short(found[:900]) == [("سالم حمدان", "PERSON"), ("بنك النخيل", "ORGANIZATION"), ("تونس", "PLACE")] * 300
    # The last sentence has 2,700 words and is cut every 254 pieces, also inside a name: most are still found.
    assert sum(m.text == "تونس" for m in found[900:]) > 250


def test_model_of_fewer_positions_than_256(tmp_path: Path) -> None:
    """camel-tools pads to 256 and ends with an index error."""
    tagger = CamelTagger(tinybert.make(tmp_path / "m", train=False, positions=32))
    words = [word for sentence in tinybert.sentences(20, seed=3) for word, _ in sentence]
    assert None not in labels(tagger.predict([words]))[0]


# One document at a time.
def test_independent_of_neighbours(tagger: CamelTagger) -> None:
    texts = [
        "\n".join(" ".join(word for word, _ in s) for s in tinybert.sentences(6, seed=n, clauses=3)) for n in range(8)
    ]
    alone = [find(tagger, text) for text in texts]
    assert sum(map(len, alone)) > 80
    assert [find(tagger, text) for text in reversed(texts)][::-1] == alone

    lines = [[word for word, _ in sentence] for sentence in tinybert.sentences(60, seed=5, clauses=4)]
    order = list(range(len(lines)))
    random.Random(4).shuffle(order)
    together = tagger.predict(lines)
    shuffled = tagger.predict([lines[i] for i in order])
    single = [tagger.predict([line])[0] for line in lines]
    for i, at in enumerate(order):
        for one, other in ((together[at], shuffled[i]), (together[at], single[at])):
            assert labels([one]) == labels([other])
            assert [p[1] for p in one if p] == pytest.approx([p[1] for p in other if p], abs=1e-4)


NAMES = [name for names in tinybert.NAMES.values() for name in names]


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example("و" * 300 + "-" * 300)
@example("\x00\ufffd\ue000﷽\ud83d")
@given(st.lists(st.text(max_size=20) | st.sampled_from([*NAMES, "قال", "في", " ", "\n", ". ", "\u200f"])).map(" ".join))
def test_any_text(tagger: CamelTagger, text: str) -> None:
    spans = sentences(text)
    found = tagger.find(Document("d", text), spans)
    assert all(text[m.start : m.end] == m.text and m.text.strip() == m.text != "" for m in found)
    assert all(a.end <= b.start for a, b in pairwise(found))
    assert all(any(a <= m.start and m.end <= b for a, b in spans) for m in found)
    assert {m.label for m in found} <= {Label.PERSON, Label.ORGANIZATION, Label.PLACE}
    assert tagger.find(Document("d", text), spans) == found


# What is missing is said in one line.
@pytest.mark.parametrize("name", ["config.json", "vocab.txt", "tokenizer_config.json", "model.safetensors"])
def test_folder_lacks_a_file(copy: Path, name: str) -> None:
    """Without vocab.txt, camel-tools would run with a tokenizer that knows no word, without a message."""
    (copy / name).unlink()
    with pytest.raises(CamelUnavailable) as caught:
        CamelTagger(copy)
    assert name in str(caught.value)
    assert str(copy) in str(caught.value)
    assert "\n" not in str(caught.value)


def _config(folder: Path, **changes: object) -> None:
    path = folder / "config.json"
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | changes), encoding="utf-8")


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (shutil.rmtree, "no such model folder"),
        (lambda f: (f / "config.json").write_text("{", encoding="utf-8"), "config.json cannot be read"),
        (lambda f: (f / "config.json").write_text("[]", encoding="utf-8"), "config.json cannot be read"),
        (
            lambda f: (f / "model.safetensors").write_text("git-lfs", encoding="utf-8"),
            "cannot be loaded",
        ),
        # A model of another kind gets random weights from camel-tools, and its warning is suppressed.
        (lambda f: _config(f, model_type="xlm-roberta"), "BERT models only"),
        # So does a BERT that was never taught to tag.
        (lambda f: _config(f, id2label={"0": "LABEL_0", "1": "LABEL_1"}, label2id={}), "LABEL_0, LABEL_1"),
    ],
    ids=["no folder", "broken config", "config of another form", "weights not fetched", "not BERT", "no tags"],
)
def test_unusable_folder(copy: Path, damage: Any, says: str) -> None:
    damage(copy)
    with pytest.raises(CamelUnavailable, match=says) as caught:
        CamelTagger(str(copy))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("absent", ["camel_tools", "camel_tools.ner"])
def test_camel_tools_not_installed(model: Path, monkeypatch: pytest.MonkeyPatch, absent: str) -> None:
    monkeypatch.setitem(sys.modules, absent, None)
    with pytest.raises(CamelUnavailable, match=r"pip install 'rawabit\[camel\]'"):
        CamelTagger(model)


def test_version_follows_the_model(copy: Path, tagger: CamelTagger) -> None:
    import camel_tools

    assert tagger.version.startswith(f"{camel_tools.__version__}-")
    assert CamelTagger(copy).version == tagger.version
    (copy / "tokenizer_config.json").write_text('{"do_lower_case": true}', encoding="utf-8")
    assert CamelTagger(copy).version != tagger.version


def test_import_is_light(tmp_path: Path) -> None:
    script = """
for name in ("camel_tools", "torch", "transformers"):
    sys.modules[name] = None
import rawabit.ner.camel
"""
    done = run(script, home=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")


def test_no_catalogue_no_network(model: Path, tmp_path: Path) -> None:
    """Importing camel_tools.ner downloads a catalogue when the user has none; here nothing is asked for."""
    script = f"""
import os
from rawabit.ner.camel import CamelTagger, CamelUnavailable
from rawabit.ner.model import Document
try:
    CamelTagger()
except CamelUnavailable as error:
    print(error)
before = dict(os.environ)
tagger = CamelTagger({str(model)!r})
assert dict(os.environ) == before
text = "ولد كمال درويش في بغداد"
print(*(m.text for m in tagger.find(Document("d", text), [(0, len(text))])), sep="|")
import huggingface_hub.constants
assert not huggingface_hub.constants.HF_HUB_OFFLINE
"""
    done = run(script, home=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "camel-tools' own model is not installed: camel_data -i ner-arabert",
        "كمال درويش|بغداد",
    ]
    assert not list(tmp_path.rglob("catalogue*"))


def test_official_model(model: Path, tmp_path: Path) -> None:
    """Without a folder, the one that `NERecognizer.pretrained()` loads from the user's data."""
    data = tmp_path / "data of camel"
    entry = {"default": "arabert", "datasets": {"arabert": {"path": "ner/arabert"}}}
    catalogue = {"version": "1.6.0", "packages": {}, "components": {"NamedEntityRecognition": entry}}
    data.mkdir()
    (data / "catalogue.json").write_text(json.dumps(catalogue), encoding="utf-8")
    script = """
from rawabit.ner.camel import CamelTagger, CamelUnavailable
try:
    tagger = CamelTagger()
except CamelUnavailable as error:
    sys.exit(str(error))
from camel_tools.ner import NERecognizer
words = [["ولد", "كمال", "درويش", "في", "بغداد"]]
assert [[w[0] for w in s] for s in tagger.predict(words)] == NERecognizer.pretrained(use_gpu=False).predict(words)
print(tagger.predict(words)[0][4][0])
"""
    done = run(script, home=tmp_path, data=data)  # a catalogue, but not the model
    assert done.stderr.strip() == "camel-tools' own model is not installed: camel_data -i ner-arabert"
    shutil.copytree(model, data / "data" / "ner" / "arabert")
    done = run(script, home=tmp_path, data=data)
    assert (done.returncode, done.stdout.strip()) == (0, "B-LOC"), done.stderr


def test_damaged_catalogue(model: Path, tmp_path: Path) -> None:
    (tmp_path / "catalogue.json").write_text("{", encoding="utf-8")
    script = f"""
from rawabit.ner.camel import CamelTagger, CamelUnavailable
for folder in (None, {str(model)!r}):
    try:
        CamelTagger(folder)
    except CamelUnavailable as error:
        print(error)
"""
    done = run(script, home=tmp_path, data=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    official, own = done.stdout.splitlines()
    assert "catalogue.json" in official
    assert "camel_data -i ner-arabert" in official
    assert own.startswith("camel-tools cannot start: JSONDecodeError")


# The table of labels.
def test_label_table() -> None:
    rows = tomllib.loads(files("rawabit.ner.data").joinpath("camel_labels.toml").read_text(encoding="utf-8"))["tag"]
    assert len({row["name"] for row in rows}) == len(rows)
    assert all(row["name"] == row["name"].upper() and row["reading"] for row in rows)
    assert {row["label"] for row in rows if "label" in row} == {"PERSON", "ORGANIZATION", "PLACE"}
    assert camel_data.label_of("pers") is Label.PERSON
    assert camel_data.label_of("MISC") is None
    assert camel_data.label_of("") is None


@pytest.mark.parametrize("module", [camel, camel_data])
def test_doctests(module: ModuleType) -> None:
    outcome = doctest.testmod(module)
    assert outcome.attempted
    assert not outcome.failed
