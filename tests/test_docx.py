"""Word documents: made by python-docx, and by hand where that cannot; what is said of those that cannot be read."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Mapping
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml

from rawabit.loaders.docx_text import read_docx
from rawabit.loaders.problems import Problem
from rawabit.loaders.read import read

SPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
ONE = "قالت وزارة الطاقة إن محطة الشمس تبدأ عملها في الربيع."
TWO = "وبلغت كلفة المشروع 40 مليون دينار."


def made(*paragraphs: str, title: str = "") -> bytes:
    document = docx.Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    document.core_properties.title = title
    return saved(document)


def saved(document: docx.document.Document) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def with_body(xml: str) -> bytes:
    """A document whose body ends with this."""
    document = docx.Document()
    document.element.body.insert(0, parse_xml(f'<w:p xmlns:w="{SPACE}">{xml}</w:p>'))
    return saved(document)


def packed(parts: Mapping[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


def body(xml: str, *, space: str = SPACE) -> bytes:
    return packed({"word/document.xml": f'<w:document xmlns:w="{space}"><w:body>{xml}</w:body></w:document>'})


def text(data: bytes) -> str:
    return read_docx(io.BytesIO(data), 500_000)[0]


def run(words: str) -> str:
    return f"<w:r><w:t>{words}</w:t></w:r>"


def test_paragraphs_runs_and_title(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_heading("محطة الشمس", level=1)
    paragraph = document.add_paragraph()
    for part in (ONE[:10], ONE[10:23], ONE[23:]):
        paragraph.add_run(part).bold = True
    document.add_paragraph(TWO)
    document.core_properties.title = " خبر  اليوم "
    document.sections[0].header.paragraphs[0].text = "صحيفة الضحى"
    path = tmp_path / "a.docx"
    document.save(str(path))
    problems: list[Problem] = []
    (article,) = read([path], report=problems.append)
    assert article.text == f"محطة الشمس\n{ONE}\n{TWO}"
    assert article.title == "خبر اليوم"
    assert article.extra == {"path": "a.docx"}
    assert problems == []


def test_rows_of_a_table_are_lines() -> None:
    document = docx.Document()
    document.add_paragraph(ONE)
    table = document.add_table(2, 2)
    for cell, words in zip(table._cells, ("المشروع", "الكلفة", "محطة الشمس", "40 مليون دينار"), strict=True):
        cell.text = words
    document.add_paragraph(TWO)
    assert text(saved(document)) == f"{ONE}\nالمشروع\tالكلفة\nمحطة الشمس\t40 مليون دينار\n{TWO}"


@pytest.mark.parametrize(
    ("xml", "expected"),
    [
        (
            f"{run('وقع ')}<w:ins>{run('الوزير')}</w:ins><w:del><w:r><w:delText>أمس</w:delText></w:r></w:del>",
            "وقع الوزير",
        ),
        (f"<w:moveFrom>{run('قديم')}</w:moveFrom><w:moveTo>{run('جديد')}</w:moveTo>", "جديد"),
        (f"<w:sdt><w:sdtContent>{run('حقل')}</w:sdtContent></w:sdt>", "حقل"),
        (f"<w:hyperlink>{run('رابط')}</w:hyperlink>{run(' آخر')}", "رابط آخر"),
        ("<w:r><w:t>سطر</w:t><w:br/><w:t>آخر</w:t><w:tab/><w:t>ثم</w:t></w:r>", "سطر\nآخر\tثم"),
        ("<w:r><w:instrText>HYPERLINK x</w:instrText></w:r>" + run("نص"), "نص"),
        (
            f"{run('متن')}<w:r><w:pict><w:txbxContent><w:p>{run('إطار')}</w:p></w:txbxContent></w:pict></w:r>",
            "متن\nإطار",
        ),
    ],
    ids=["revision", "moved", "control", "link", "breaks", "field", "box"],
)
def test_what_word_writes(xml: str, expected: str) -> None:
    assert text(with_body(xml)) == expected


def test_both_kinds_of_names() -> None:
    strict = "http://purl.oclc.org/ooxml/wordprocessingml/main"
    assert text(body(f"<w:p>{run(ONE)}</w:p>", space=strict)) == ONE


def test_notes_follow_the_text() -> None:
    note = f'<w:footnotes xmlns:w="{SPACE}"><w:footnote><w:p>{run(TWO)}</w:p></w:footnote></w:footnotes>'
    main = f'<w:document xmlns:w="{SPACE}"><w:body><w:p>{run(ONE)}</w:p></w:body></w:document>'
    assert text(packed({"word/document.xml": main, "word/footnotes.xml": note})) == f"{ONE}\n{TWO}"


GOOD = made(ONE)
ENTITY = '<!DOCTYPE x [<!ENTITY a "&b;&b;">]>'


@pytest.mark.parametrize(
    ("data", "cause"),
    [
        (b"", "empty"),
        (b"nothing of the kind", "a broken Word document"),
        (GOOD[: len(GOOD) // 2], "a broken Word document"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "encrypted, or an old Word file"),
        (packed({"xl/workbook.xml": "<x/>"}), "not a Word document"),
        (packed({"word/document.xml": "<w:document"}), "a broken Word document (XML"),
        (packed({"word/document.xml": f"{ENTITY}<x>&a;</x>"}), "a broken Word document (XML with entities)"),
        (body("<w:p/><w:p/>"), "no text in it"),
        (body(f"<w:p>{run('Only English words')}</w:p>"), "not Arabic"),
        (body(f"<w:p>{run('ا' * 600_000)}</w:p>"), "too large to be an article"),
        (body(f"<w:p>{run(' ' * 21_000_000)}</w:p>"), "too large to be an article"),
        (body("<w:tbl>" * 100_000 + "</w:tbl>" * 100_000), "nested too deeply"),
    ],
    ids=["empty", "text", "cut", "ole", "excel", "xml", "entities", "blank", "english", "long", "bomb", "deep"],
)
def test_what_cannot_be_read_is_said_in_a_line(tmp_path: Path, data: bytes, cause: str) -> None:
    (tmp_path / "a.docx").write_bytes(data)
    (tmp_path / "b.docx").write_bytes(GOOD)
    problems: list[Problem] = []
    assert [d.text for d in read([tmp_path], report=problems.append)] == [ONE], "the others are still read"
    assert [Path(p.where).name for p in problems] == ["a.docx"]
    assert problems[0].fatal
    assert problems[0].cause.startswith(cause)


def test_damaged_files_never_break_a_run(tmp_path: Path) -> None:
    rng = random.Random(3)
    path = tmp_path / "a.docx"
    for _ in range(150):
        data = bytearray(GOOD)
        for _ in range(rng.randint(1, 8)):
            data[rng.randrange(len(data))] = rng.randrange(256)
        if rng.random() < 0.3:
            del data[rng.randrange(len(data)) :]
        path.write_bytes(data)
        problems: list[Problem] = []
        found = list(read([path], report=problems.append))
        assert bool(found) != any(problem.fatal for problem in problems)
