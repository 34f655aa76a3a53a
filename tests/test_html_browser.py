"""The HTML page in a browser: what it draws, shows and finds, and that it runs and fetches nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import browser as helper
import html_graph as sample
import pytest

from rawabit.graph.model import Node
from rawabit.loaders.html_page import write_html
from rawabit.ner.text import fold

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with helper.chromium() as running:
        yield running


@pytest.fixture
def opened(browser: Any, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Any]:
    path = tmp_path / "صفحة #1.html"
    write_html(sample.GRAPH, path, title=sample.SCRIPT)
    it = helper.Opened(browser, path, getattr(request, "param", 1280))
    yield it
    it.page.close()
    assert it.trouble == []
    assert it.requests == [path.as_uri()]


def test_drawing(opened: Any) -> None:
    page = opened.page
    assert page.evaluate("() => [document.documentElement.dir, document.documentElement.lang]") == ["rtl", "ar"]
    assert page.title() == sample.SCRIPT
    assert page.locator("h1").inner_text() == sample.SCRIPT
    # Not drawn at first: the amount with its claim, and two entities without claims; all that is said.
    assert opened.counts() == {"nodes": 5, "edges": 5, "claims": 6, "entities": 8}
    status = page.locator("#status").inner_text()
    assert "الكيانات 5 من 8" in status
    assert "العلاقات 5 من 6" in status
    assert "1 مبالغ" in status
    assert "2 كيانات بلا علاقة" in status
    assert "تعرض الكيانات والعلاقات كلها" in status
    page.check("#money")
    page.check("#loose")
    opened.settle()
    assert opened.counts() == {"nodes": 8, "edges": 6, "claims": 6, "entities": 8}
    labels = page.evaluate("() => rawabit.cy.nodes().map((node) => node.data('label').slice(1, -1))")
    assert set(labels) == {
        "سلمى الحلبي",
        "SpaceX سبيس إكس",
        "إيلون",
        sample.IMAGE,
        sample.SCRIPT,
        "صور",
        "وكالة الأرز",
        "≈ 3,600,000,000 USD",
    }
    # Two claims of one pair are two curves, one beside the other.
    middles = page.evaluate(
        "() => rawabit.cy.edges().filter((e) => e.data('source') === 'n0').map((e) => Object.values(e.midpoint()))"
    )
    assert len(middles) == 2
    assert abs(middles[0][0] - middles[1][0]) + abs(middles[0][1] - middles[1][1]) > 5


@pytest.mark.parametrize(
    ("key", "marks"),
    [
        ("c1", ["سلمى الحلبي", "SpaceX سبيس إكس"]),
        ("c2", ["سلمى", "سبيس إكس"]),  # an emoji and a Phoenician letter stand before them
        ("c3", ["سبيس إكس", "إيلون"]),
        ("c5", ["سبيس إكس", sample.AMOUNT]),
        ("c6", [sample.IMAGE, sample.SCRIPT]),
    ],
)
def test_claim_shows_its_sentence(opened: Any, key: str, marks: list[str]) -> None:
    page = opened.page
    page.locator(f"#table button[data-claim={key}]").click()
    assert page.locator("#panel blockquote").inner_text() == sample.SENTENCES[key]
    assert opened.marks() == marks
    assert page.locator("#panel mark.subject").inner_text() == marks[0]
    assert page.locator("#panel mark.object").inner_text() == marks[1]
    assert page.evaluate("() => document.activeElement.id") == "panel"
    page.evaluate("() => rawabit.select('e6')")
    assert opened.marks() == []
    assert page.evaluate("(key) => rawabit.select(key)", key)
    assert opened.marks() == marks


def test_claim_shows_all_that_is_known(opened: Any) -> None:
    page = opened.page
    page.evaluate("() => rawabit.select('c3')")
    assert "نفي: النص ينفي هذه العلاقة" in page.locator("#panel .badge").inner_text()
    panel = page.locator("#panel").inner_text()
    for text in ("استحوذ على", "75%", "وكالة الأرز", "صفقة في صور", "صحيفة الميناء", "2023-05-01"):
        assert text in panel
    link = page.locator("#panel a")
    assert link.get_attribute("href") == sample.TITLE["url"]
    assert "noopener" in link.get_attribute("rel")
    page.evaluate("() => rawabit.select('c2')")
    assert page.locator("#panel .badge").count() == 0
    assert page.locator("#panel a").count() == 0  # javascript: stays text
    assert "javascript:alert(3)" in page.locator("#panel").inner_text()
    assert "سابقًا" in page.locator("#panel").inner_text()
    page.evaluate("() => rawabit.select('c4')")
    assert "2,000,000 EUR" in page.locator("#panel").inner_text()
    page.evaluate("() => rawabit.select('c6')")
    assert "مصدر <b>مجهول</b>" in page.locator("#panel").inner_text()
    assert "غير متوقع" in page.locator("#panel").inner_text()  # a qualifier that the page has no word for
    assert page.locator("#panel b, #panel img, #table img").count() == 0


def test_entity_shows_names_documents_and_claims(opened: Any) -> None:
    page = opened.page
    page.locator("#list-entities").click()
    page.locator("#table button", has_text="سلمى الحلبي").click()
    panel = page.locator("#panel").inner_text()
    for text in ("Salma Al-Halabi", "Q42", "صفقة في صور", "رابط سيئ"):
        assert text in panel
    assert sample.QUOTES in page.locator("#panel").evaluate("(panel) => panel.textContent")
    assert page.locator("#panel [data-claim]").count() == 2
    page.locator("#panel [data-claim=c2]").click()
    assert opened.marks() == ["سلمى", "سبيس إكس"]


def test_click_in_the_drawing(opened: Any) -> None:
    box = opened.page.locator("#graph").bounding_box()
    for kind, expected in (
        ("nodes('#n0').renderedPosition()", "سلمى الحلبي"),
        ("edges('#e2').renderedMidpoint()", "استحوذ على"),
    ):
        at = opened.page.evaluate(f"() => rawabit.cy.{kind}")
        opened.page.mouse.click(box["x"] + at["x"], box["y"] + at["y"])
        assert expected in opened.page.locator("#panel h2").inner_text()


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("ايلون", ["إيلون"]),
        ("إِيلُون", ["إيلون"]),
        ("spacex", ["SpaceX سبيس إكس"]),
        ("HALABI", ["سلمى الحلبي"]),
        ("سلمي", ["سلمى الحلبي"]),
        ("وكاله الارز", ["وكالة الأرز"]),
        ("</SCRIPT", [sample.SCRIPT]),
        ("لا أحد بهذا الاسم", []),
    ],
)
def test_search(opened: Any, query: str, names: list[str]) -> None:
    opened.page.fill("#search", query)
    opened.page.wait_for_function("(query) => rawabit.counts().entities < 8", arg=query)
    opened.settle()
    assert opened.page.locator("#found button").all_inner_texts() == names
    if names:
        opened.page.press("#search", "Enter")
        assert names[0] in opened.page.locator("#panel h2").inner_text()
    else:
        assert opened.counts() == {"nodes": 0, "edges": 0, "claims": 0, "entities": 0}
    opened.page.evaluate("() => rawabit.search('')")
    opened.settle()
    assert opened.counts()["entities"] == 8


def test_search_looks_into_sentences(opened: Any) -> None:
    opened.page.evaluate("() => rawabit.search('عقدًا')")
    opened.settle()
    assert opened.counts() == {"nodes": 2, "edges": 1, "claims": 1, "entities": 2}


def test_fold_is_the_one_of_the_tables(opened: Any) -> None:
    samples = [
        "أُكْتوبــر ٢٠٢٢، Zürich",
        "إأآٱىةؤئ",
        "گچپڤ",
        "ﷲ ﻻ ﷺ",
        "Straße ÉCOLE Łódź",
        "«٪؟»",
        "a\u200fb\u00adc",
        "ΑΒΓ Кремль",
    ]
    assert opened.page.evaluate("(samples) => samples.map(rawabit.fold)", samples) == [
        fold(sample) for sample in samples
    ]


def test_filters(opened: Any) -> None:
    page = opened.page
    page.click("#filters summary")
    page.uncheck("#labels input[value=Product]")
    opened.settle()
    assert opened.counts() == {"nodes": 3, "edges": 4, "claims": 5, "entities": 7}
    page.click("#relations-none")
    page.check("#relations input[value=HEAD_OF]")
    opened.settle()
    assert opened.counts() == {"nodes": 2, "edges": 2, "claims": 2, "entities": 7}
    page.fill("#confidence", "0.5")
    opened.settle()
    assert opened.counts() == {"nodes": 2, "edges": 1, "claims": 1, "entities": 7}
    # What the filters hide is counted, and the page does not pretend that the tables still show it.
    status = page.locator("#status").inner_text()
    assert "1 كيانات أخفاها البحث أو التصفية" in status
    assert "5 علاقات أخفاها البحث أو التصفية" in status
    assert "والجداول أسفل الرسم تتبع البحث والتصفية" in status
    page.evaluate("() => rawabit.select('c2')")
    assert "ليس في الرسم الآن" in page.locator("#panel").inner_text()
    page.click("#reset")
    opened.settle()
    assert opened.counts() == {"nodes": 5, "edges": 5, "claims": 6, "entities": 8}


def test_what_is_not_drawn_can_be(opened: Any) -> None:
    opened.page.evaluate("() => rawabit.select('c5')")
    opened.page.click("#pin")
    opened.settle()
    assert opened.counts()["edges"] == 6
    assert opened.page.locator("#pin").count() == 0


def test_english(opened: Any) -> None:
    opened.page.evaluate("() => rawabit.select('c3')")
    opened.page.click("#language")
    assert opened.page.evaluate("() => [document.documentElement.dir, document.documentElement.lang]") == ["ltr", "en"]
    assert "Denied: the text denies this relation." in opened.page.locator("#panel").inner_text()
    assert opened.page.evaluate("() => rawabit.cy.edges('#e2').data('label')") == "\u2068Denied: acquired\u2069"
    # In English nothing of the interface stays Arabic: what is left are names, sentences and the button back.
    ours = "#tools, #status, summary, th, dt, label, legend, .tab"
    for text in opened.page.locator(ours).all_inner_texts():
        assert not re.search("[\u0600-\u06ff]", text), text


@pytest.mark.parametrize("opened", [400, 1280], indirect=True)
def test_no_sideways_scrolling(opened: Any) -> None:
    page = opened.page
    page.click("#filters summary")
    for step in ("() => 0", "() => rawabit.select('c6')", "() => rawabit.select('e1')", "() => rawabit.search('س')"):
        page.evaluate(step)
        assert page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth"), step
        assert page.locator("#panel").evaluate("(panel) => panel.scrollWidth <= panel.clientWidth"), step


def test_keyboard_alone(opened: Any) -> None:
    page = opened.page
    page.focus("#list-claims")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.locator("#panel h2").inner_text() == "سلمى الحلبي"
    # And what a screen reader calls each control is not empty.
    names = page.evaluate(
        """() => Array.from(document.querySelectorAll('button, input'), (control) =>
          (control.getAttribute('aria-label') || control.labels?.[0]?.textContent || control.textContent).trim())"""
    )
    assert len(names) > 20
    assert all(names)


def test_many_nodes(browser: Any, tmp_path: Path) -> None:
    count, sentence = 2000, "جملة تربط الأول بالثاني."
    nodes = [sample.entity(f"n{i:04}", "Person", f"شخص {i}", 1 + i % 7) for i in range(count)]
    edges = [
        sample.claim(f"c{i:04}", (f"n{i:04}", "SUPPORTS", f"n{i * i % 97:04}"), sentence, ("الأول", "الثاني"))
        for i in range(count)
    ]
    document = Node("d1", ("Document",), {"title": "وثيقة"})
    write_html((document, *nodes, *edges), tmp_path / "page.html")
    opened = helper.Opened(browser, tmp_path / "page.html", 1280)
    page = opened.page
    counts = opened.counts()
    assert counts["nodes"] == 120
    # What is drawn hangs together: each node has an arrow (to itself, at least).
    assert page.evaluate("() => rawabit.cy.nodes().filter((node) => node.degree() === 0).length") == 0
    status = page.locator("#status").inner_text()
    assert "الكيانات 120 من 2,000" in status
    assert "1,880 كيانات فوق الحد" in status
    assert page.locator("#table tbody tr").count() == 50
    assert "1–50 من 2,000" in page.locator("#pages").inner_text()
    page.click("#page-next")
    assert "51–100 من 2,000" in page.locator("#pages").inner_text()
    # While all are drawn, the page goes on answering.
    page.click("#draw-all")
    ticks = page.evaluate(
        """async () => {
          let ticks = 0, done = false;
          rawabit.settled.then(() => { done = true; });
          while (!done) { await new Promise((resolve) => { setTimeout(resolve, 0); }); ticks += 1; }
          return ticks;
        }"""
    )
    assert ticks > 20
    assert opened.counts() == {"nodes": count, "edges": count, "claims": count, "entities": count}
    assert page.locator("#draw-all").count() == 0
    # Nobody lies on anybody.
    spots = page.evaluate(
        "() => rawabit.cy.nodes().map((n) => `${Math.round(n.position('x'))},${Math.round(n.position('y'))}`)"
    )
    assert len(set(spots)) > 0.99 * count
    page.evaluate("() => rawabit.select('c1999')")
    assert opened.marks() == ["الأول", "الثاني"]
    page.close()
    assert opened.trouble == []


def test_empty_graph(browser: Any, tmp_path: Path) -> None:
    write_html((), tmp_path / "page.html")
    opened = helper.Opened(browser, tmp_path / "page.html", 1280)
    assert opened.counts() == {"nodes": 0, "edges": 0, "claims": 0, "entities": 0}
    assert "لا شيء" in opened.page.locator("#pages").inner_text()
    opened.page.close()
    assert opened.trouble == []
