"""The article of a web page: main text, headline, date, publisher and address. No network."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from itertools import islice

from rawabit.loaders.decode import decode

__all__ = ["Page", "page"]

_DECLARED = re.compile(
    rb"""<(?:meta|\?xml)[^>]{0,300}?(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,40})""", re.I
)
_REFERENCE = re.compile(r"&#(?:[xX]([0-9A-Fa-f]{1,12})|([0-9]{1,12}));?")
_ALIASES = {"windows-1256": "cp1256", "x-cp1256": "cp1256", "iso-8859-6-i": "iso8859_6", "iso-8859-6-e": "iso8859_6"}


@dataclass(frozen=True, slots=True)
class Page:
    """What a page says; None where it does not."""

    text: str
    title: str | None
    source: str | None
    url: str | None
    published: str | None


def page(data: bytes) -> Page:
    """The article in an HTML page, by trafilatura, without comments.

    The date is taken from the page's markup alone, never guessed from its text.

    Raises:
        ValueError: no text, not decodable (`Undecodable`), or HTML that the parser gives up on.
    """
    found = _DECLARED.search(data[:4096])
    declared = found.group(1).decode("ascii").lower() if found else None
    html = decode(data, _ALIASES.get(declared, declared) if declared else None)
    # References to what is no character (&#0; &#xD800;) make the parser drop the paragraph; HTML reads them as U+FFFD.
    html = _REFERENCE.sub(_reference, html).replace("\x00", "\ufffd")
    if not re.search(r"<html[\s>]", html[:20_000], re.I):
        html = f"<html><body>{html}</body></html>"
    # Imported here: it takes a quarter of a second, and most inputs are no web pages.
    from trafilatura import bare_extraction

    for name in ("trafilatura", "htmldate", "justext", "courlan"):
        logger = logging.getLogger(name)
        if not logger.handlers:
            logger.addHandler(logging.NullHandler())
    try:
        result = bare_extraction(
            html,
            with_metadata=True,
            include_comments=False,
        )
        date = _date(html)
    except (RecursionError, MemoryError):
        raise ValueError("HTML nested too deeply or too large for the parser") from None
    except Exception as error:  # a parser on hostile input raises what it likes; one page must not end the run
        raise ValueError(f"HTML that the parser gives up on: {type(error).__name__}") from None
    if result is None or not (result.text or "").strip():
        raise ValueError("no article text found in the page")
    return Page(
        result.text,
        result.title or None,
        result.sitename or None,
        result.url or None,
        date,
    )


def _date(html: str) -> str | None:
    """The day of publication that the page's markup names: its head, its JSON-LD, its ``<time datetime=…>``.

    htmldate alone would go on to any date in the article, which is as likely that of an event.
    """
    from htmldate import find_date

    start, end = re.search(r"<head[\s>]", html, re.I), re.search(r"</head", html, re.I)
    head = html[start.start() : end.start()] if start and end and start.end() <= end.start() else ""
    # A date in the headline is the story's too.
    head = re.sub(r"<title[^<>]{0,300}>[^<]*", "<title>", head, count=3, flags=re.I)
    parts = []
    for match in islice(re.finditer(r"<script[^<>]{0,200}ld\+json[^<>]{0,200}>", html, re.I), 20):
        stop = html.find("</script", match.end())
        parts.append(html[match.start() : stop if stop >= 0 else match.end()] + "</script>")
    times = [match.group() + "</time>" for match in islice(re.finditer(r"<time\s[^<>]{1,300}>", html, re.I), 20)]
    found = find_date(
        f"<html>{head or '<head>'}{''.join(parts)}</head><body>{''.join(times)}</body></html>",
        extensive_search=False,
        original_date=True,
        outputformat="%Y-%m-%d",
    )
    return found or None


def _reference(match: re.Match[str]) -> str:
    code = int(match.group(1), 16) if match.group(1) else int(match.group(2))
    bad = (code < 0x20 and code not in {9, 10, 13}) or 0xD800 <= code <= 0xDFFF or code > 0x10FFFF
    return "\ufffd" if bad else match.group()
