"""PDF files: made by a browser and by hand, Arabic in reading order, and what is said of those that hold no text."""

from __future__ import annotations

import contextlib
import html
import io
import random
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path

import pypdf
import pytest
from browser import chromium
from hypothesis import given
from hypothesis import strategies as st
from pdfs import WIDTH, pdf, shaped, turned
from running import call

from rawabit.loaders.decode import decode
from rawabit.loaders.page_lines import Glyph
from rawabit.loaders.page_text import pages_text
from rawabit.loaders.pdf_text import read_pdf
from rawabit.loaders.problems import Problem
from rawabit.loaders.read import read
from rawabit.loaders.visual import letters, logical

HERE = Path(__file__).resolve().parent
LINES = tomllib.loads((HERE / "cases" / "visual.toml").read_text(encoding="utf-8"))["line"]
RIGHT = 545
UNSEEN = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u2066\u2067\u2068\u2069\ufeff"))
TITLE = "لقاء في القاهرة لبحث الأمن والاقتصاد"
PARAGRAPHS = (
    TITLE,
    "قال الوزير سليم العلي إن الشركة وقعت عقدا بقيمة 3.6 مليار دولار في 12 أكتوبر 2022 مع شركة Orange Labs الفرنسية، "
    "وأضاف أن المشروع سيبدأ في العام المقبل بعد موافقة البرلمان (مجلس النواب) على الميزانية بنسبة 15%.",
    "وأوضحت الوزارة: «لا لأي تأجيل». الاستثمارات بلغت ١٢٥٫٥ مليون ريال، والرقم 2019-2020 يشمل الأعمال الإضافية.",
)
LONG = tuple(
    f"الفقرة رقم {i}: وصل الوفد إلى الأردن أمس للقاء رئيس الحكومة، ثم زار المنطقة الصناعية قرب العاصمة حيث أعلن عن "
    f"منحة بقيمة {7 * i + 100} ألف دولار."
    for i in range(40)
)


def text(data: bytes) -> str:
    return read_pdf(io.BytesIO(data), 500_000)[0]


def load(*paths: Path) -> tuple[list[str], list[Problem]]:
    problems: list[Problem] = []
    return [d.text for d in read(paths, report=problems.append)], problems


def lines(
    *given: str, top: float = 760, size: float = 12, step: float = 18, forms: bool = True
) -> list[tuple[float, float, float, Sequence[str]]]:
    """Lines that end at the right margin, one below the other."""
    out = []
    for i, line in enumerate(given):
        glyphs = turned(line, forms=forms)
        out.append((RIGHT - len(glyphs) * WIDTH * size, top - i * step, size, glyphs))
    return out


@pytest.mark.parametrize("row", LINES, ids=lambda row: row["note"])
def test_lines(row: dict[str, object]) -> None:
    assert logical([letters(glyph) for glyph in row["visual"]], rtl=row["rtl"]) == row["logical"]  # type: ignore[attr-defined, arg-type]


WORDS = st.text(st.sampled_from("ابتثجحخدذرزسشصضطظعغفقكلمنهويىةءأإآؤئ"), min_size=1, max_size=8)
NUMBERS = st.from_regex(r"[0-9]{1,4}(?:[.,/][0-9]{1,3})?|[٠-٩]{1,4}(?:٫[٠-٩]{1,2})?", fullmatch=True)


@given(st.lists(st.one_of(WORDS, WORDS, NUMBERS), min_size=1, max_size=12))
def test_any_words_and_numbers_come_back(words: list[str]) -> None:
    line = " ".join(words)
    for forms in (True, False):
        assert logical([letters(glyph) for glyph in turned(line, forms=forms)], rtl=True) == line


@given(st.text(max_size=40))
def test_no_letter_is_lost_or_made_in_turning(line: str) -> None:
    """Whatever the line: the same characters come out, brackets in either of their two shapes."""
    same = str.maketrans(")]}>»›", "([{<«‹")
    for rtl in (True, False):
        assert sorted(logical(list(line), rtl=rtl).translate(same)) == sorted(line.translate(same))


def test_shaping_of_the_tests_own_pdfs() -> None:
    assert shaped("السلام") == ["ﺍ", "ﻟ", "ﺴ", "ﻼ", "ﻡ"]


@pytest.mark.browser
def test_what_a_browser_prints(tmp_path: Path) -> None:
    """Five fonts and styles, and the text of each file is the page's own, to the letter."""
    body = "".join(f"<p>{p}</p>" for p in PARAGRAPHS)
    article = "".join(f"<p>{p}</p>" for p in LONG)
    margin = {"top": "80px", "bottom": "80px"}
    head = "<div style='font-size:9px;width:100%;text-align:center'>صحيفة الضحى - العدد 77</div>"
    foot = "<div style='font-size:9px;width:100%;text-align:center'><span class=pageNumber></span></div>"
    with chromium() as browser:
        page = browser.new_page()

        def printed(style: str, markup: str, **options: object) -> list[str]:
            page.set_content(f"<!doctype html><html dir=rtl lang=ar><style>{style}</style><body>{markup}</body></html>")
            return text(page.pdf(**options)).split("\n")  # type: ignore[arg-type]

        for style in (
            "body{font-family:'Noto Naskh Arabic'}",
            "body{font-family:'Noto Sans Arabic'; text-align:justify}",
            "body{font-family:'Noto Kufi Arabic'; font-size:20pt}",
            "body{font-family:sans-serif; line-height:2}",
            "body{font-family:serif; width:300px}",
        ):
            assert printed(style, body) == list(PARAGRAPHS), style
        assert printed("body{column-count:2}", article) == list(LONG), "right column first, over several pages"
        whole = printed(
            "", f"<h1>{TITLE}</h1>{article}", display_header_footer=True, header_template=head, footer_template=foot,
            margin=margin,
        )  # fmt: skip
        assert whole == ["صحيفة الضحى - العدد 77", TITLE, *LONG], "the running head once, no page numbers"
        mixed = printed("#c{column-count:2}", f"<h1>{TITLE}</h1><div id=c>{article}</div>")
        assert mixed == [TITLE, *LONG], "a headline above the columns"


@pytest.mark.browser
def test_articles_as_a_browser_prints_them(examples: Path) -> None:
    """Vowel signs, tatweel, both kinds of digits, Latin names, amounts: to the letter, and paragraph by paragraph."""
    with chromium() as browser:
        page = browser.new_page()
        for path in sorted(examples.glob("*.txt")):
            article = decode(path.read_bytes()).translate(UNSEEN)
            body = "".join(f"<p>{html.escape(line)}</p>" for line in article.splitlines())
            for font in ("Noto Naskh Arabic", "sans-serif"):
                style = f"body{{font-family:'{font}';text-align:justify}}"
                page.set_content(
                    f"<!doctype html><html dir=rtl lang=ar><style>{style}</style><body>{body}</body></html>"
                )
                found = text(page.pdf()).translate(UNSEEN)
                expected = [" ".join(line.split()) for line in article.splitlines() if line.strip()]
                assert found.split("\n") == expected, (path.name, font)


def test_shapes_order_and_blanks_as_programs_write_them() -> None:
    said = "وقعت الشركة عقدا بقيمة 450 مليون دولار مع السلطات"
    for forms in (True, False):
        (placed,) = lines(said, forms=forms)
        assert text(pdf([[placed]])) == said
        x, y, size, glyphs = placed
        # In the order of reading, each glyph at its own place.
        apart = [(x + i * WIDTH * size, y, size, [glyph]) for i, glyph in enumerate(glyphs)]
        assert text(pdf([apart[::-1]])) == said
        # No blanks written, only gaps.
        assert text(pdf([[part for part in apart if part[3] != [" "]]])) == said
        # Bold by printing twice.
        assert text(pdf([[placed, (x + 0.3, y, size, glyphs)]])) == said


def test_marks_join_their_letters() -> None:
    glyphs = [Glyph("ﺐ", 10, 16, 100, 12), Glyph("ﺘ", 16, 22, 100, 12), Glyph("ﻛ", 22, 28, 100, 12)]
    marks = [Glyph("\u064e", 25, 25, 103, 12), Glyph("\ufc60", 19, 19, 104, 12)]
    assert pages_text([[*marks, *glyphs]]) == "كَت\u064e\u0651ب"


def test_lines_become_paragraphs() -> None:
    first = (
        "قالت وزارة النقل إن العمل في الجسر الجديد الذي يصل بين ضفتي",
        "النهر ينتهي في الصيف بعد عامين من التأخير.",
    )
    second = ("وأضافت أن كلفة المشروع بلغت 40 مليون دينار منها عشرة ملايين", "للطرق التي تؤدي إليه.")
    tight = lines(*first, *second)
    assert text(pdf([tight])).split("\n") == [" ".join(first), " ".join(second)], "a short last line with a full stop"
    apart = [*lines(*first), *lines(*second, top=700)]
    assert text(pdf([apart])).split("\n") == [" ".join(first), " ".join(second)], "white between them"
    head = lines("جسر جديد", top=800, size=20)
    assert text(pdf([[*head, *lines(first[0], first[1])]])).split("\n") == ["جسر جديد", " ".join(first)]
    two_pages = pdf([lines(first[0]), lines(first[1], *second)])
    assert text(two_pages).split("\n") == [" ".join(first), " ".join(second)], "a sentence over two pages"


def test_heads_and_page_numbers() -> None:
    body = [f"هذا نص الصفحة التي تحمل كلاما عن أمر {word}." for word in ("الماء", "النفط", "القمح", "القطن")]
    pages = [
        [*lines("مجلة الرافدين", top=820), *lines(said), *lines(f"{i} / 4", top=30)] for i, said in enumerate(body, 1)
    ]
    assert text(pdf(pages)).split("\n") == ["مجلة الرافدين", *body]
    # Numbers that do not count the pages are the text's own.
    found = (1990, 2003, 2011, 2014)
    years = [[*lines(said), *lines(str(year), top=30)] for said, year in zip(body, found, strict=True)]
    assert [line for line in text(pdf(years)).split("\n") if line.isdigit()] == list(map(str, found))


def test_columns_are_read_from_the_right() -> None:
    def column(right: float, *given: str) -> list[tuple[float, float, float, Sequence[str]]]:
        return [(x - RIGHT + right, y, size, glyphs) for x, y, size, glyphs in lines(*given)]

    one = ("وصل الوفد إلى عمان في", "ساعة متأخرة من الليل ثم", "توجه إلى مقر إقامته.")
    other = ("ويبحث الوفد في زيارته", "ملف المياه بين البلدين", "وقضايا الحدود المشتركة.")
    page = [*column(545, *one), *column(270, *other)]
    assert text(pdf([page])).split("\n") == [" ".join(one), " ".join(other)]


def test_turned_text_comes_after_the_page() -> None:
    data = pdf([[(100, 300, 12, turned("نص على هامش الصفحة"))]], turn=(0, 1, -1, 0))
    assert text(data) == "نص على هامش الصفحة"


def test_title(tmp_path: Path) -> None:
    for title, expected in (("خبر اليوم", "خبر اليوم"), ("Microsoft Word - doc1", None), ("", None)):
        path = tmp_path / "a.pdf"
        path.write_bytes(pdf([lines(PARAGRAPHS[0])], title=title))
        (document,) = read([path], report=print)
        assert document.title == expected
        assert document.extra == {"path": "a.pdf"}


def _encrypted(data: bytes) -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(data))
    writer.encrypt("secret", algorithm="AES-256")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


GOOD = pdf([lines(TITLE)])


@pytest.mark.parametrize(
    ("data", "cause"),
    [
        (b"", "empty"),
        (b"nothing of the kind", "a broken PDF"),
        (b"%PDF-1.7\n", "a broken PDF"),
        (GOOD[:300], "a broken PDF"),
        (pdf([[]]), "no text in it (a scan?)"),
        (pdf([[(50, 700, 12, [" ", " "])]]), "no text in it (a scan?)"),
        (pdf([[(50, 700, 12, ["", "ب", ""])]]), "its fonts do not say which letters they draw"),
        (pdf([[(50, 700, 12, list("Only English words here"))]]), "not Arabic"),
        (_encrypted(GOOD), "encrypted: it opens with a password only"),
    ],
    ids=["empty", "text", "head", "cut", "scan", "blanks", "unmapped", "english", "encrypted"],
)
def test_what_cannot_be_read_is_said_in_a_line(tmp_path: Path, data: bytes, cause: str) -> None:
    (tmp_path / "a.pdf").write_bytes(data)
    (tmp_path / "b.pdf").write_bytes(GOOD)
    texts, problems = load(tmp_path)
    assert texts == [TITLE], "the others are still read"
    assert [Path(p.where).name for p in problems] == ["a.pdf"]
    assert problems[0].fatal
    assert problems[0].cause.startswith(cause)


def test_a_long_one_is_not_read_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf([lines(TITLE)] * 30))
    problems: list[Problem] = []
    assert not list(read([path], report=problems.append, max_chars=500))
    assert [p.cause for p in problems] == ["too large to be an article: more than 500 characters"]


def test_the_command_goes_on_and_says_so(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.pdf").write_bytes(pdf([[]]))
    (tmp_path / "in" / "b.pdf").write_bytes(GOOD)
    result = call("extract", tmp_path / "in", "-o", tmp_path / "d.jsonl", "--ner", "rules", "-q")
    assert result.exit_code == 1
    assert [line for line in result.stderr.splitlines() if "a.pdf" in line] == [
        f"rawabit: {tmp_path / 'in' / 'a.pdf'}: no text in it (a scan?)"
    ]
    assert TITLE in (tmp_path / "d.jsonl").read_text(encoding="utf-8")


def test_without_the_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pdfminer.pdfdocument", None)
    (tmp_path / "a.pdf").write_bytes(GOOD)
    texts, problems = load(tmp_path / "a.pdf")
    assert texts == []
    assert problems[0].cause == "PDF needs one more package: pip install 'rawabit[documents]'"


def test_damaged_files_never_break_a_run() -> None:
    """Cut, with bytes changed, with parts of it twice: a text or one line, no exception of another kind."""
    rng = random.Random(5)
    whole = pdf([lines(*PARAGRAPHS[0].split("،"))] * 2, title=TITLE)
    for _ in range(150):
        data = bytearray(whole)
        for _ in range(rng.randint(0, 6)):
            data[rng.randrange(len(data))] = rng.randrange(256)
        if rng.random() < 0.4:
            del data[rng.randrange(len(data)) :]
        if rng.random() < 0.2:
            at = rng.randrange(len(data) or 1)
            data[at:at] = data[: rng.randrange(300)]
        with contextlib.suppress(ValueError):
            assert text(bytes(data))
