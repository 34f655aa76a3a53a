"""Headless Chromium for tests: finds an installed one and drives it through Playwright. Downloads nothing.

The environment variable ``RAWABIT_CHROMIUM`` names another browser than the one found.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Dialog, sync_playwright

__all__ = ["Opened", "chromium", "executable"]

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
PLACES = (
    "/usr/bin/chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)
FLAGS = (
    "--no-sandbox",  # Chromium refuses to run as root with it; the pages are our own
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def executable() -> str:
    """The browser that ``RAWABIT_CHROMIUM`` names, else the first that is installed.

    Raises:
        FileNotFoundError: there is none.
    """
    if given := os.environ.get("RAWABIT_CHROMIUM"):
        return given
    found = [path for name in NAMES if (path := shutil.which(name))] + [p for p in PLACES if Path(p).is_file()]
    if not found:
        raise FileNotFoundError("no Chromium or Chrome found; install one, or set RAWABIT_CHROMIUM to its path")
    return found[0]


@contextmanager
def chromium() -> Iterator[Browser]:
    """A running headless browser, closed at the end."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), headless=True, args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()


class Opened:
    """A page that `rawabit.loaders.html_page` wrote, with all that it did and should not have done."""

    def __init__(self, browser: Browser, path: Path, width: int) -> None:
        self.page = browser.new_page(viewport={"width": width, "height": 900})
        self.trouble: list[str] = []
        self.requests: list[str] = []
        self.page.on("console", lambda message: self.trouble.append(message.text))
        self.page.on("pageerror", lambda error: self.trouble.append(str(error)))
        self.page.on("dialog", self._refuse)
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.goto(path.as_uri())
        self.settle()

    def _refuse(self, dialog: Dialog) -> None:
        self.trouble.append(dialog.message)
        dialog.dismiss()

    def settle(self) -> None:
        self.page.evaluate("() => rawabit.settled")

    def counts(self) -> dict[str, int]:
        counts: dict[str, int] = self.page.evaluate("() => rawabit.counts()")
        drawn = self.page.evaluate("() => [rawabit.cy.nodes().length, rawabit.cy.edges().length]")
        assert drawn == [counts["nodes"], counts["edges"]]
        return counts

    def marks(self) -> list[str]:
        texts: list[str] = self.page.locator("#panel mark").all_inner_texts()
        return texts
