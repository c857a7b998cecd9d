"""The machine's own Chromium, driven by Playwright. Nothing is downloaded."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

#: what the program is called by those who package it
_NAMES = ("chromium", "chromium-browser", "google-chrome")


def executable() -> str | None:
    """The path of FEEDMILL_TEST_CHROMIUM, or of a Chromium that is installed; None where there is none."""
    return os.environ.get("FEEDMILL_TEST_CHROMIUM") or next(filter(None, map(shutil.which, _NAMES)), None)


@contextmanager
def running(path: str) -> Iterator[Browser]:
    """A browser without a window. While it runs, this thread cannot use `asyncio.run`: Playwright's own
    loop counts as running in it."""
    with sync_playwright() as playwright:
        # The sandbox needs an ordinary user.
        browser = playwright.chromium.launch(executable_path=path, chromium_sandbox=os.geteuid() != 0)
        yield browser
        browser.close()


__all__ = ["executable", "running"]
