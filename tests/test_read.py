"""Reading: formats, identities, dates, metadata, and what is said of what cannot be read."""

from __future__ import annotations

import io
import json
import os
import socket
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rawabit.graph.model import content_id
from rawabit.loaders.problems import Problem, one_line
from rawabit.loaders.read import plan, read
from rawabit.ner.model import Document

TEXT = "قالت الشركة إن المبيعات ارتفعت في الربع الثالث من العام."
OTHER = "وصل الوفد إلى العاصمة أمس للقاء رئيس الحكومة."


def load(
    inputs: Sequence[str | Path] | Path, *, meta: Path | None = None, stdin: bytes = b"", max_chars: int = 500_000
) -> tuple[list[Document], list[Problem]]:
    problems: list[Problem] = []
    given = [inputs] if isinstance(inputs, Path) else inputs
    found = read(given, meta=meta, report=problems.append, stdin=io.BytesIO(stdin), max_chars=max_chars)
    return list(found), problems


def write(path: Path, data: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def lines(*values: object) -> str:
    return "".join(json.dumps(value, ensure_ascii=False) + "\n" for value in values)


def test_text_is_what_it_is(tmp_path: Path) -> None:
    text = f"  {TEXT}\r\n\r\n{OTHER}\r\n"
    documents, problems = load(write(tmp_path / "a.txt", "\ufeff" + text))
    assert [d.text for d in documents] == [text]
    assert documents[0].id == content_id(text)
    assert documents[0].extra == {"path": "a.txt"}
    assert problems == []


def test_a_moved_file_is_the_same_document(tmp_path: Path) -> None:
    here = load([write(tmp_path / "a" / "x.txt", TEXT)])[0]
    there = load([write(tmp_path / "b" / "c" / "y.md", TEXT)])[0]
    assert here[0].id == there[0].id


def test_two_files_of_one_name(tmp_path: Path) -> None:
    write(tmp_path / "a" / "x.txt", TEXT)
    write(tmp_path / "b" / "x.txt", OTHER)
    documents, problems = load(tmp_path)
    assert [d.extra["path"] for d in documents] == ["a/x.txt", "b/x.txt"]
    assert len({d.id for d in documents}) == 2
    assert problems == []


def test_json_lines(tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.jsonl",
        lines(
            {"id": 7, "text": TEXT, "title": " عنوان ", "source": "صحيفة", "url": "u", "date": "2016-05-03", "k": [1]},
            {"text": OTHER, "entities": [1], "relations": [], "ignore": [[0, 3]], "published": "2016-05-03T10:00:00Z"},
        ),
    )
    documents, problems = load(path)
    assert documents == [
        Document("7", TEXT, "عنوان", "صحيفة", "u", "2016-05-03", {"k": [1]}),
        Document(content_id(OTHER), OTHER, published="2016-05-03T10:00:00Z"),
    ]
    assert problems == []


@pytest.mark.parametrize(
    ("line", "cause"),
    [
        ("{", "invalid JSON"),
        ("[1]", "not a JSON object but a list"),
        ('"x"', "not a JSON object but a string"),
        ("{}", "no text"),
        ('{"text": null}', "no text"),
        ('{"text": 5}', "text is not a string but int"),
        ('{"text": ""}', "empty text"),
        ('{"text": " \\n\\u200f"}', "nothing but blanks"),
        ('{"text": "English only"}', "not Arabic"),
        ('{"text": "نص \\ud800 نص"}', "half a surrogate pair"),
        ('{"text": "نص", "title": "\\udc00"}', "half a surrogate pair"),
        ('{"text": "نص", "x": ' + "[" * 60 + "]" * 60 + "}", "nested more than"),
        ('{"text": "نص", "x": ' + "[" * 100_000 + "]" * 100_000 + "}", "nested too deeply"),
        ('{"text": "نص", "x": ' + "9" * 5000 + "}", "too many digits"),
    ],
)
def test_a_bad_line_is_named_and_the_others_are_read(tmp_path: Path, line: str, cause: str) -> None:
    path = write(tmp_path / "a.jsonl", lines({"text": TEXT}) + "\n" + line + "\n" + lines({"text": OTHER}))
    documents, problems = load(path)
    assert [d.text for d in documents] == [TEXT, OTHER]
    assert [p.where for p in problems] == [f"{path}:3"]
    assert cause in problems[0].cause
    assert problems[0].fatal


def test_json_in_its_three_shapes(tmp_path: Path) -> None:
    one = {"id": "a", "text": TEXT}
    two = {"id": "b", "text": OTHER}
    for name, data in {
        "object": json.dumps(one, indent=2),
        "list": json.dumps([one, two], indent=2),
        "lines": lines(one, two),
    }.items():
        documents, problems = load(write(tmp_path / f"{name}.json", data))
        assert [d.id for d in documents] == (["a"] if name == "object" else ["a", "b"]), name
        assert problems == []
    documents, problems = load(write(tmp_path / "bad.json", json.dumps([one, 3, two])))
    assert len(documents) == 2
    assert problems == [Problem(f"{tmp_path / 'bad.json'}#2", "not a JSON object but a number")]


def test_json_lines_in_other_encodings(tmp_path: Path) -> None:
    data = lines({"id": "a", "text": TEXT}, {"id": "b", "text": OTHER})
    for encoding in ("utf-8-sig", "utf-16", "utf-16-le", "utf-32", "cp1256"):
        documents, problems = load(write(tmp_path / f"{encoding}.jsonl", data.encode(encoding)))
        assert [d.text for d in documents] == [TEXT, OTHER], encoding
        assert problems == []


@pytest.mark.parametrize(
    "value", ["\x00", "a\nb", " ", "\u200f", "x" * 300, ["a"], {"a": 1}, True, None, ""], ids=lambda v: repr(v)[:12]
)
def test_what_is_no_id(tmp_path: Path, value: object) -> None:
    documents, _ = load(write(tmp_path / "a.jsonl", lines({"id": value, "text": TEXT})))
    assert documents[0].id == content_id(TEXT)


def test_two_texts_under_one_id(tmp_path: Path) -> None:
    first = write(tmp_path / "a.jsonl", lines({"id": 1, "text": TEXT}, {"id": "1", "text": TEXT}))
    second = write(tmp_path / "b.jsonl", lines({"id": 1, "text": OTHER}))
    documents, problems = load([first, second])
    assert [d.text for d in documents] == [TEXT, OTHER], "the later one goes on, to replace the first"
    assert [(p.where, p.fatal) for p in problems] == [(f"{first}:2", False), (f"{second}:1", False)]
    assert all(f"{first}:1" in p.cause for p in problems)


def test_one_text_in_two_files(tmp_path: Path) -> None:
    write(tmp_path / "a.txt", TEXT)
    write(tmp_path / "b.txt", TEXT)
    documents, problems = load(tmp_path)
    assert len(documents) == 1
    assert problems[0].where == str(tmp_path / "b.txt")
    assert not problems[0].fatal


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1256"])
def test_table(tmp_path: Path, mark: str, encoding: str) -> None:
    rows = [
        ["ID", "Text", "TITLE", "Date", "Source", "url", "قسم"],
        ["1", f'"{TEXT}\r\nو""نعم""{mark}"', "عنوان", "2016-05-03", "صحيفة", "u", "رياضة"],
        ["2", OTHER, "", "", "", "", ""],
    ]
    data = "\r\n".join(mark.join(row) for row in rows).encode(encoding)
    documents, problems = load(write(tmp_path / "a.csv", data))
    assert documents == [
        Document("1", f'{TEXT}\r\nو"نعم"{mark}', "عنوان", "صحيفة", "u", "2016-05-03", {"قسم": "رياضة"}),
        Document("2", OTHER, extra={"قسم": ""}),
    ]
    assert problems == []


def test_bad_rows(tmp_path: Path) -> None:
    data = f'id,text,k\n1,{TEXT},\n2,,\n3,"a"b,\n4,{TEXT},,,5\n5,{OTHER}\n6,"{OTHER}\n7,{OTHER} نعم,\n'.encode()
    data += b"8,\xff\xfe\x81,\n" + f"9,{TEXT} لا,".encode()
    path = write(tmp_path / "a.csv", data)
    documents, problems = load(path)
    assert [d.id for d in documents] == ["1", "5", "7", "9"]
    assert [(p.where.rpartition(":")[2], p.fatal) for p in problems] == [
        ("3", True), ("4", True), ("5", True), ("6", False), ("7", True), ("9", True),
    ]  # fmt: skip
    assert "5 cells" in problems[2].cause
    assert "never closed" in problems[4].cause
    assert "not UTF-8" in problems[5].cause


@pytest.mark.parametrize(
    ("data", "cause"),
    [
        ("", "empty"),
        ("id,body\n1,x", "no column named text (the columns are: id, body)"),
        ("text,Text\n1,x", "more than one column named text"),
        ("id,text", "a heading and no rows"),
        (b"%PDF-1.4", "binary file (looks like PDF)"),
        (b"id,text\n1,\x00", "NUL"),
    ],
)
def test_bad_tables(tmp_path: Path, data: str | bytes, cause: str) -> None:
    documents, problems = load(write(tmp_path / "a.csv", data))
    assert documents == []
    assert len(problems) == 1
    assert cause in problems[0].cause


def test_a_cell_longer_than_pythons_limit(tmp_path: Path) -> None:
    text = (TEXT + " ") * 4000
    documents, problems = load(write(tmp_path / "a.csv", f"text\n{text}\n"))
    assert documents[0].text == text
    assert problems == []


PAGE = """<!DOCTYPE html><html><head><meta charset="{charset}"><title>عنوان الخبر - صحيفة</title>
<meta property="og:site_name" content="صحيفة الضحى"><link rel="canonical" href="https://news.example/1">
<meta property="article:published_time" content="2016-05-03T10:00:00Z"><script>var x = "سر";</script></head>
<body><nav><a href="/">الرئيسية</a> <a href="/s">رياضة</a></nav>
<article><h1>عنوان الخبر</h1><p>{text}</p><p>{text}</p></article><footer>جميع الحقوق محفوظة</footer></body></html>"""


@pytest.mark.parametrize(
    ("charset", "encoding"),
    [
        ("utf-8", "utf-8"),
        ("windows-1256", "cp1256"),
        ("iso-8859-6", "iso8859_6"),
        ("iso-8859-1", "cp1256"),
        ("x", "cp1256"),
    ],
)
def test_page(tmp_path: Path, charset: str, encoding: str) -> None:
    text = (TEXT + " " + OTHER + " ") * 3
    path = write(tmp_path / "a.html", PAGE.format(charset=charset, text=text).encode(encoding))
    (document,), problems = load(path)
    assert TEXT in document.text
    assert "سر" not in document.text
    assert "الرئيسية" not in document.text
    assert document.title == "عنوان الخبر"
    assert document.source == "صحيفة الضحى"
    assert document.url == "https://news.example/1"
    assert document.published == "2016-05-03"
    assert problems == []


def test_no_date_is_guessed_from_a_pages_text(tmp_path: Path) -> None:
    body = f"<article><p>{TEXT * 5}</p><p>2014-01-02</p></article>"
    page = f"<html><head><title>2013-01-02</title></head><body>{body}</body></html>"
    (document,), _ = load(write(tmp_path / "a.html", page))
    assert document.published is None


def test_a_page_without_text(tmp_path: Path) -> None:
    for page in ("<html></html>", "<script>x</script>", "<html><head><title>عنوان</title></head><body></body></html>"):
        documents, problems = load(write(tmp_path / "a.html", page))
        assert documents == []
        assert "no article text" in problems[0].cause


@pytest.mark.parametrize(
    ("written", "published"),
    [
        ("2016-05-03", "2016-05-03"),
        ("٢٠١٦-٠٥-٠٣", "2016-05-03"),
        ("20160503", "2016-05-03"),
        ("2016-05-03 10:00", "2016-05-03T10:00"),
        ("2016-05-03T10:00:00.123456+0400", "2016-05-03T10:00:00.123456+04:00"),
        ("2016-05-03T10:00:00Z", "2016-05-03T10:00:00Z"),
        ("03/05/2016", None),
        ("2016-02-30", None),
        ("2016", None),
        ("أمس", None),
        (1462233600, None),
    ],
)
def test_dates(tmp_path: Path, written: object, published: str | None) -> None:
    (document,), problems = load(write(tmp_path / "a.jsonl", lines({"text": TEXT, "date": written})))
    assert document.published == published
    if published is None:
        assert document.extra == {"date": written}
        assert [p.fatal for p in problems] == [False]
    else:
        assert document.extra == {}
        assert problems == []


def test_one_note_a_file_for_its_dates(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", lines(*({"text": f"{TEXT} {i}", "date": "3/5"} for i in range(50))))
    documents, problems = load(path)
    assert len(documents) == 50
    assert len(problems) == 1


def test_metadata(tmp_path: Path) -> None:
    write(tmp_path / "in" / "a.txt", TEXT)
    write(tmp_path / "in" / "b" / "x.txt", OTHER)
    write(tmp_path / "in" / "c" / "x.txt", OTHER + " نعم")
    rows = (
        "FILE;Title;date;source;url\na.txt;عنوان;2020-01-02;صحيفة;u\nb\\x.txt;باء;;;\nx.txt;س;;;\nno.txt;س;;;\n;س;;;\n"
    )
    meta = write(tmp_path / "in" / "meta.csv", rows)
    documents, problems = load([tmp_path / "in"], meta=meta)
    assert [(d.title, d.published, d.source, d.url) for d in documents] == [
        ("عنوان", "2020-01-02", "صحيفة", "u"),
        ("باء", None, None, None),
        (None, None, None, None),
    ]
    assert [str(p) for p in problems] == [
        f"{meta}:4: x.txt: fits 2 files",
        f"{meta}:5: no.txt: fits no file that is read",
        f"{meta}:6: (no name): fits no file that is read",
    ]
    assert not any(p.fatal for p in problems)


def test_metadata_fills_what_lines_lack(tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.jsonl", lines({"text": TEXT, "title": "أصل", "published": "2019-01-01"}, {"text": OTHER})
    )
    meta = write(tmp_path / "m.csv", "file,title,date\na.jsonl,جدول,2020-01-02\n")
    documents, problems = load([path], meta=meta)
    assert [(d.title, d.published) for d in documents] == [("أصل", "2019-01-01"), ("جدول", "2020-01-02")]
    assert problems == []


def test_metadata_that_is_missing(tmp_path: Path) -> None:
    documents, problems = load([write(tmp_path / "a.txt", TEXT)], meta=tmp_path / "none.csv")
    assert len(documents) == 1
    assert [p.fatal for p in problems] == [True]


@pytest.mark.parametrize(
    ("data", "count"),
    [
        (TEXT.encode(), 1),
        (lines({"text": TEXT}, {"text": OTHER}).encode(), 2),
        (b"\xef\xbb\xbf\n " + lines({"text": TEXT}).encode(), 1),
    ],
    ids=["text", "lines", "lines after a mark and blanks"],
)
def test_standard_input(data: bytes, count: int) -> None:
    documents, problems = load(["-"], stdin=data)
    assert len(documents) == count
    assert problems == []


def test_bad_standard_input() -> None:
    for data in (b"", b" \n", b"%PDF-1.5", b"\xff", b"{", b"hello"):
        documents, problems = load(["-", "-"], stdin=data)
        assert documents == []
        assert len(problems) == 1
        assert problems[0].where.startswith("<stdin>")


def test_folders_patterns_and_plan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("b.txt", "a/z.txt", "a/y.MD", "c/d/e.txt", ".hidden.txt", ".git/x.txt", "a/Thumbs.db", "a/[1].txt"):
        write(tmp_path / name, TEXT + name)
    s = os.sep
    assert plan(["."]) == [f".{s}a{s}[1].txt", f".{s}a{s}y.MD", f".{s}a{s}z.txt", f".{s}b.txt", f".{s}c{s}d{s}e.txt"]
    assert plan(["*.txt"]) == ["b.txt"]
    assert len(plan(["**/*.txt"])) == 4
    assert plan([f"a{s}[1].txt"]) == [f"a{s}[1].txt"]
    assert plan(["b.txt", ".", "b.txt", "*.txt"])[0] == "b.txt"
    assert len(plan(["b.txt", ".", "b.txt", "*.txt"])) == 5
    documents, problems = load(["."])
    assert len(documents) == 5
    assert problems == []


def test_inputs_that_are_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "a.txt", TEXT)
    documents, problems = load(["none.txt", "*.html", "", "a\x00b", "a.txt"])
    assert len(documents) == 1
    assert [p.where for p in problems] == ["none.txt", "*.html", "(empty name)", "a b"]
    assert all(p.fatal for p in problems)


def test_files_that_are_none_of_ours(tmp_path: Path) -> None:
    write(tmp_path / "a.odt", b"PK\x03\x04opendocument")
    write(tmp_path / "b.png", b"\x89PNG")
    write(tmp_path / "c", TEXT)
    documents, problems = load(tmp_path)
    assert documents == []
    assert [(Path(p.where).name, p.fatal) for p in problems] == [("a.odt", True), ("b.png", False), ("c", True)]
    # Named by itself, a file of any name is looked into.
    documents, problems = load([tmp_path / "c", tmp_path / "a.odt"])
    assert len(documents) == 1
    assert [p.cause for p in problems] == ["binary file (looks like OpenDocument file)"]


@pytest.mark.parametrize(
    ("text", "read_"),
    [
        ("فوز iPhone", True),
        ("iPhone 15 Pro Max: كل ما تريد معرفته", True),
        ("The minister met the ambassador in Cairo. السلام", False),
        ("A long English text about nothing. " * 80 + "وقال الوزير إن المشروع انتهى أمس", False),
        ("An English text. " * 8 + "وقال الوزير إن المشروع انتهى أمس", True),
        ("2016", False),
        ("ـــــ", False),
    ],
)
def test_what_is_arabic(tmp_path: Path, text: str, read_: bool) -> None:
    documents, problems = load(write(tmp_path / "a.txt", text))
    assert (len(documents), len(problems)) == ((1, 0) if read_ else (0, 1))


def test_length(tmp_path: Path) -> None:
    fits = write(tmp_path / "a.txt", "ا" * 100)
    over = write(tmp_path / "b.txt", "ا" * 101)
    far = write(tmp_path / "c.txt", "ا" * 1000)
    line = write(tmp_path / "d.jsonl", lines({"text": "ا" * 101}, {"text": "ب" * 70_000}, {"text": TEXT}))
    documents, problems = load([fits, over, far, line], max_chars=100)
    assert len(documents) == 2
    assert [p.cause.split(":")[0] for p in problems] == ["too large to be an article"] * 4
    assert "101 characters, limit 100" in problems[0].cause


def _loop(folder: Path) -> None:
    (folder / "loop").symlink_to(folder, target_is_directory=True)


def _dangling(folder: Path) -> None:
    (folder / "gone.txt").symlink_to(folder / "nothing")


def _self(folder: Path) -> None:
    (folder / "self.txt").symlink_to(folder / "self.txt")


def _pipe(folder: Path) -> None:
    os.mkfifo(folder / "pipe.txt")


def _socket(folder: Path) -> None:
    with socket.socket(socket.AF_UNIX) as s:
        s.bind(str(folder / "s.txt"))


TRAPS: dict[str, Callable[[Path], None]] = {"loop": _loop, "dangling": _dangling, "self": _self}
if hasattr(os, "mkfifo"):
    TRAPS |= {"pipe": _pipe, "socket": _socket}


@pytest.mark.timeout(20)
@pytest.mark.parametrize("trap", TRAPS)
def test_traps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trap: str) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "d" / "a.txt", TEXT)
    TRAPS[trap](Path("d").resolve() if trap != "socket" else Path("d"))
    documents, problems = load(["d"])
    assert len(documents) == 1
    assert len(problems) == 1
    assert problems[0].fatal == (trap != "loop")
    # And named by itself, or by a pattern.
    name = next(path for path in Path("d").iterdir() if path.name != "a.txt")
    documents, problems = load([str(name), "d/*"])
    assert len(documents) == 1


def test_a_file_that_may_not_be_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a.txt", "b.csv", "c.jsonl", "d.html", "e.json"):
        write(tmp_path / name, TEXT)
    write(tmp_path / "f.txt", OTHER)
    real = Path.open

    def closed(self: Path, *args: object, **kwargs: object) -> object:
        if self.name != "f.txt":
            raise PermissionError(13, "Permission denied", str(self))
        return real(self, *args, **kwargs)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", closed)
    documents, problems = load(tmp_path)
    assert [d.text for d in documents] == [OTHER]
    assert [(Path(p.where).name, p.cause) for p in problems] == [
        (name, "cannot be read: Permission denied") for name in ("a.txt", "b.csv", "c.jsonl", "d.html", "e.json")
    ]


def test_folders_deeper_than_calls(tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*["d"] * 400)
    os.makedirs(deep)  # noqa: PTH103 - Path.mkdir calls itself for each folder
    (deep / "a.txt").write_text(TEXT, encoding="utf-8")
    documents, problems = load(tmp_path)
    assert documents[0].extra["path"] == "d/" * 400 + "a.txt"
    assert problems == []


def test_a_problem_is_one_line() -> None:
    problem = Problem("a\nb\u202e.txt", "x\r\n\x1b[31m" + "y" * 1000)
    assert str(problem).isprintable()
    assert len(problem.cause) == 300
    assert problem.where == "a b .txt"


@given(st.text(), st.integers(2, 50))
def test_one_line(text: str, limit: int) -> None:
    line = one_line(text, limit)
    assert len(line) <= limit
    assert not set("\n\r\x00\x1b\u2028\u202e") & set(line)
    line.encode("utf-8")


@given(st.lists(st.one_of(st.text(max_size=30), st.just(lines({"text": TEXT})), st.just('{"text": "نص'))))
def test_any_lines(pieces: list[str]) -> None:
    data = "\n".join(pieces).encode("utf-8", "surrogatepass")
    documents, problems = load(["-"], stdin=data)
    assert documents or problems
    for document in documents:
        document.text.encode("utf-8")
