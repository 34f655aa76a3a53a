"""Bad inputs of many kinds, the same for the same seed. Importable by path; the CLI's tests use them too."""

from __future__ import annotations

import csv
import gzip
import io
import json
import random
import zipfile
from collections.abc import Callable, Iterator

import pdfs

__all__ = ["KINDS", "bad_inputs"]

_TEXT = """قال الوزير إن المشروع الجديد سيبدأ في العام المقبل بعد موافقة البرلمان على الميزانية وأضاف أن الشركة
وقعت عقدا مع الحكومة لبناء محطة كهرباء جنوب المدينة وكان رئيس الاتحاد زار المنطقة أمس"""
WORDS = _TEXT.split()

Made = tuple[str, bytes, bool | None]
"""Name of the file, its bytes, and whether it must be read (True), must be refused (False), or may be either."""


def arabic(rng: random.Random, words: int = 30) -> str:
    return " ".join(rng.choice(WORDS) for _ in range(words)) + "."


def _random(rng: random.Random) -> Made:
    suffix = rng.choice(["txt", "html", "jsonl", "json", "csv", "tsv", "md"])
    return f"random.{suffix}", rng.randbytes(rng.randint(1, 3000)), None


def _high(rng: random.Random) -> Made:
    return "high.txt", bytes(rng.randint(0x80, 0xFF) for _ in range(rng.randint(20, 600))), None


def _truncated(rng: random.Random) -> Made:
    encoding = rng.choice(["utf-8", "utf-16", "utf-32"])
    data = arabic(rng).encode(encoding)
    cut = data[: rng.randrange(5, len(data)) | 1]
    good = None
    if encoding == "utf-8":
        try:
            cut.decode()
        except UnicodeDecodeError:
            good = False
    return "truncated.txt", cut, good


def _flipped(rng: random.Random) -> Made:
    data = bytearray(arabic(rng, 60).encode())
    for _ in range(rng.randint(1, 5)):
        data[rng.randrange(len(data))] = rng.randrange(256)
    return rng.choice(["flipped.txt", "flipped.html"]), bytes(data), None


def _declared(rng: random.Random) -> Made:
    real = rng.choice(["utf-8", "cp1256", "iso8859_6", "utf-16"])
    said = rng.choice(["utf-8", "windows-1256", "iso-8859-1", "iso-8859-6", "utf-16", "x-unknown", "zlib", "", "'"])
    text = f"<p>{arabic(rng, 40)}</p><p>{arabic(rng, 40)}</p>"
    page = f"<html><head><meta charset={said}></head><body><article>{text}</article></body></html>"
    return "declared.html", page.encode(real), None


def _encoded(rng: random.Random) -> Made:
    encoding = rng.choice(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1256", "iso8859_6"])
    return "encoded.txt", arabic(rng, 40).encode(encoding), True


def _mojibake(rng: random.Random) -> Made:
    return "mojibake.txt", arabic(rng).encode().decode("latin-1").encode("utf-8"), False


def _marks(rng: random.Random) -> Made:
    return "marks.txt", "".join(rng.choice("\u064b\u064c\u064e\u0651\u0670\u0640 ") for _ in range(200)).encode(), False


def _invisible(rng: random.Random) -> Made:
    return "invisible.txt", "".join(rng.choice("\u200b\u200c\u200f\u2060\ufeff \n") for _ in range(200)).encode(), False


def _bidi(rng: random.Random) -> Made:
    text = "".join(
        rng.choice("\u202a\u202b\u202e\u2066\u2067") * rng.randint(1, 300) + rng.choice(WORDS) for _ in range(20)
    )
    return "bidi.txt", text.encode(), True


def _marked(rng: random.Random) -> Made:
    return "zalgo.txt", "".join(c + "\u0651\u0650" * rng.randint(0, 80) for c in arabic(rng)).encode(), True


def _nul(rng: random.Random) -> Made:
    data = bytearray(arabic(rng).encode())
    data[rng.randrange(len(data))] = 0
    return rng.choice(["nul.txt", "nul.html", "nul.jsonl", "nul.csv"]), bytes(data), False


def _huge_line(rng: random.Random) -> Made:
    size = rng.choice([300_000, 2_000_000])
    filler = rng.choice([b"a", "ا".encode(), b" ", b"{", b'"', b"<"])
    data = filler * (size // len(filler))
    name = rng.choice(["huge.txt", "huge.jsonl", "huge.csv"])
    return name, b'{"text": "' + data if name == "huge.jsonl" else data, None


def _deep(rng: random.Random) -> Made:
    depth = rng.choice([50, 900, 5_000, 100_000])
    inner = rng.choice(["[", '{"a":'])
    text = json.dumps(arabic(rng), ensure_ascii=False)
    body = inner * depth + "1" + ("]" if inner == "[" else "}") * depth
    return rng.choice(["deep.json", "deep.jsonl"]), f'{{"text": {text}, "x": {body}}}'.encode(), False


def _json(rng: random.Random) -> Made:
    text = arabic(rng)
    line = rng.choice(
        [
            '{"text": ',
            '{"text": "' + text,
            "{text: 'x'}",
            "nonsense",
            "null",
            "[]",
            "12",
            '{"text": null}',
            '{"text": 5}',
            '{"text": ["' + text + '"]}',
            '{"text": ""}',
            '{"text": "  \\n "}',
            '{"body": "' + text + '"}',
            '{"text": "\\ud800' + text + '"}',
            '{"text": "' + text + '", "title": "\\udfff"}',
            '{"text": "' + text + '", "k": {"\\ud801": 1}}',
            '{"text": "' + text + '", "n": ' + "9" * 6000 + "}",
            '{"text": "' + text + '"} {"text": "' + text + '"}',
            '{"text": "all in English, nothing else"}',
        ]
    )
    return rng.choice(["bad.jsonl", "bad.json", "bad.ndjson"]), line.encode(), False


def _json_odd(rng: random.Random) -> Made:
    odd: list[dict[str, object]] = [
        {"id": 3},
        {"id": "\x00"},
        {"id": "  "},
        {"id": ["a"]},
        {"id": "x" * 10_000},
        {"id": "a#b"},
        {"title": 5, "date": "soon"},
        {"published": "2016-13-45"},
        {"date": float("nan")},
        {"k": float("inf")},
        {"text": arabic(rng) + "\x00\x07\x1b[2J"},
        {"entities": "no list", "relations": 3, "ignore": None},
        {"": "", "كذا": [1, 2, {"x": None}]},
    ]
    value = {"text": arabic(rng), **rng.choice(odd)}
    text = json.dumps(value, ensure_ascii=rng.random() < 0.5)
    return rng.choice(["odd.jsonl", "odd.json"]), text.encode(), True


def _mixed(rng: random.Random) -> Made:
    lines = [json.dumps({"id": i, "text": arabic(rng)}, ensure_ascii=False).encode() for i in range(5)]
    for _ in range(3):
        lines.insert(
            rng.randrange(len(lines)), rng.choice([b"x", b"{}", b"\xff\xfe", b'{"text":1}', b"", b"[[", b"\x00"])
        )
    return "mixed.jsonl", rng.choice([b"\n", b"\r\n"]).join(lines), None


def _csv(rng: random.Random) -> Made:
    out = io.StringIO(newline="")
    rows = csv.writer(out, delimiter=rng.choice(",;\t|"))
    rows.writerow(["Id", "TEXT", "Title", "Date", "other"])
    for i in range(4):
        rows.writerow([i, arabic(rng) + "\n«سطر»;,|\t", 'ع "ن', "2016-05-03", ""])
    return "good.csv", out.getvalue().encode(rng.choice(["utf-8", "utf-8-sig", "utf-16"])), True


def _csv_bad(rng: random.Random) -> Made:
    text = arabic(rng)
    return (
        rng.choice(["bad.csv", "bad.tsv"]),
        rng.choice(
            [
                "",
                "\n\n",
                "id,text",
                "id,body\n1," + text,
                "text,text\na,b",
                'id,text\n1,"' + text,
                'id,text\n1,"' + text + '"x\n2,"y',
                "id,text\n1," + text + ",3,4,5,6",
                "id,text\n" + "," * 5000,
                'id,"text',
                "id,text\n1,\n2, \n3,\u200b",
                '"' * 5001,
            ]
        ).encode(),
        False,
    )


def _csv_bytes(rng: random.Random) -> Made:
    good = f"id,text\n1,{arabic(rng)}\n".encode()
    return "bytes.csv", good + b"2,\xff\xfe\x81" + rng.randbytes(40).replace(b"\x00", b"") + b"\n" + good[8:], None


def _html(rng: random.Random) -> Made:
    text = f"<p>{arabic(rng, 60)}</p>"
    depth = rng.choice([100, 2000, 60_000])
    return (
        "page.html",
        rng.choice(
            [
                "",
                "<",
                "<!--",
                "<html>",
                "<html><body></body></html>",
                "<script>" + arabic(rng) + "</script>",
                "<html><head><title>عنوان</title></head></html>",
                "<html><body>" + "<div>" * depth + text,
                "<html><body>" + "<table><tr><td>" * depth + text,
                "<b><i><a href=x>" * depth + text,
                "<p " + "a=b " * 5000 + ">" + text,
                "<html><body>" + text + "&#0;&#xD800;&#x110000;&#9999999999999;" + text,
                "<html><body><!DOCTYPE x [<!ENTITY a 'b'>]>" + text,
                "<?xml version='1.0' encoding='utf-16'?><html><body>" + text * 3,
                "<html><body><article>" + text * 3 + "<p>مقطوع",
                "<html><body><p>only English here, nothing else at all.</p></body></html>",
            ]
        ).encode(),
        None,
    )


def _binary(rng: random.Random) -> Made:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("word/document.xml", arabic(rng))
    heads = {
        "pdf": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
        "png": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
        "jpg": b"\xff\xd8\xff\xe0\x00\x10JFIF",
        "docx": packed.getvalue(),
        "gz": gzip.compress(arabic(rng).encode(), mtime=0),
        "sqlite": b"SQLite format 3\x00\x10\x00",
        "doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        "rtf": b"{\\rtf1\\ansi\\ansicpg1256 hello}",
        "exe": b"MZ\x90\x00\x03\x00",
    }
    kind = rng.choice(sorted(heads))
    suffix = rng.choice([kind, "txt", "html", "json", "jsonl", "csv"])
    return f"binary.{suffix}", heads[kind] + rng.randbytes(rng.randint(0, 400)), False


def _paged(rng: random.Random) -> Made:
    """A PDF or a Word document, mostly damaged."""
    out = io.BytesIO()
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    words = arabic(rng).replace("\n", " ")
    with zipfile.ZipFile(out, "w") as archive:
        body = f"<w:body><w:p><w:r><w:t>{words}</w:t></w:r></w:p></w:body>"
        made = zipfile.ZipInfo("word/document.xml")  # no clock
        archive.writestr(made, f'<w:document xmlns:w="{space}">{body}</w:document>')
    glyphs = pdfs.turned(words)
    page = [(20, 700 - 20 * i, 12, glyphs[i * 80 : (i + 1) * 80]) for i in range(len(glyphs) // 80 + 1)]
    name, data = rng.choice([("paged.pdf", pdfs.pdf([page])), ("paged.docx", out.getvalue())])
    if rng.random() < 0.2:
        return name, data, True
    damaged = bytearray(data)
    for _ in range(rng.randint(1, 9)):
        damaged[rng.randrange(len(damaged))] = rng.randrange(256)
    return name, bytes(damaged[: rng.randint(0, len(damaged))] if rng.random() < 0.4 else damaged), None


def _blank(rng: random.Random) -> Made:
    suffix = rng.choice(["txt", "md", "html", "json", "jsonl", "csv", "tsv"])
    return (
        f"blank.{suffix}",
        rng.choice([b"", b" ", b"\n\n\n", b"\t \r\n", b"\xef\xbb\xbf", b"\xff\xfe", b"\xe2\x80\x8f"]),
        False,
    )


def _foreign(rng: random.Random) -> Made:
    text = rng.choice(
        [
            "The minister said on Monday. ",
            "Министр заявил. ",
            "部長は月曜日に語った。",
            "😀🎉",
            "12345 67.8 ",
            "Il a été élu. ",
        ]
    )
    encoding = rng.choice(["utf-8", "utf-16"])
    return "foreign.txt", (text * rng.randint(1, 60)).encode(encoding), False


def _unknown(rng: random.Random) -> Made:
    return rng.choice(["notes.docx", "archive.tar.xz", "noext", "x.png", "a.xml"]), arabic(rng).encode(), False


def _good(rng: random.Random) -> Made:
    return rng.choice(["good.txt", "good.md", "خبر.txt", "with blank.txt"]), arabic(rng).encode(), True


KINDS: tuple[Callable[[random.Random], Made], ...] = (
    *(_random, _high, _truncated, _flipped, _declared, _encoded, _mojibake, _marks, _invisible, _bidi, _marked, _nul),
    *(_huge_line, _deep, _json, _json_odd, _mixed, _csv, _csv_bad, _csv_bytes, _html, _binary, _blank, _foreign),
    *(_unknown, _good, _paged),
)


def bad_inputs(count: int, seed: int = 0) -> Iterator[Made]:
    """`count` inputs, kinds in turn, with names that are all different (the number goes in front)."""
    for i in range(count):
        # One generator an input: the n-th is the same however many are made.
        rng = random.Random(f"{seed}:{i}")
        name, data, good = KINDS[i % len(KINDS)](rng)
        yield f"{i:05d}-{name}", data, good
