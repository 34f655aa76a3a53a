"""One key for the many ways to write an article's address."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

__all__ = ["address_key"]

_TRACKING = re.compile(r"utm_.*|fbclid|gclid", re.IGNORECASE)
_HTTP = re.compile(r"(?:https?:)?//", re.IGNORECASE)


def address_key(url: str | None) -> str | None:
    """The same for a page with ``http`` or ``https``, ``www.`` or not, a trailing slash, ``utm_*`` parameters
    (``fbclid`` and ``gclid`` too), another order of parameters, escaped letters, or a fragment.

    None for what is no address of one article: a site's front page, another scheme, words.

    >>> address_key("https://www.Example.com/خبر/?utm_source=x&id=7#comments")
    'example.com/خبر?id=7'
    >>> address_key("http://example.com/") is None
    True
    """
    bare = (url or "").strip()
    match = _HTTP.match(bare)
    if not match and re.match(r"[a-z][a-z0-9+.-]*://", bare, re.IGNORECASE):
        return None
    try:
        parts = urlsplit("//" + (bare[match.end() :] if match else bare))
        port = f":{parts.port}" if parts.port not in {None, 80, 443} else ""
        query = urlencode(sorted(pair for pair in parse_qsl(parts.query, True) if not _TRACKING.fullmatch(pair[0])))
    except ValueError:
        return None
    host = (parts.hostname or "").removeprefix("www.").rstrip(".")
    path = unquote(parts.path).rstrip("/")
    page = parts.fragment if parts.fragment.startswith("!") else ""  # "#!" is a page, not a place on it
    if "." not in host or any(c.isspace() for c in host) or not (path or query or page):
        return None
    return host + port + path + (f"?{query}" if query else "") + (f"#{page}" if page else "")
