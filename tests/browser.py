"""Headless Chromium for tests: finds an installed one and drives it through Playwright. Downloads nothing."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

__all__ = ["chromium", "executable"]

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
