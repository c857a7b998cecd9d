"""One visitor's pages, and what the browser had to complain about on them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, ViewportSize

#: waits in these tests are for conditions; a deployment that hangs fails its test (ms)
PATIENCE = 45_000
WIDE: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 390, "height": 844}


class Visit:
    """A browser window with cookies of its own, that writes down what must not be."""

    def __init__(self, browser: Browser, origin: str, **options: Any) -> None:
        self.origin = origin
        #: statuses of answers that a test asks for on purpose: the browser writes them to the console
        self.refused: set[int] = set()
        #: whether a test takes the server away, which the browser writes there too
        self.interrupted = False
        self.complaints: list[str] = []
        self.requests: list[str] = []
        self.context: BrowserContext = browser.new_context(
            base_url=origin, **{"viewport": WIDE, "reduced_motion": "reduce"} | options
        )
        self.context.set_default_timeout(PATIENCE)
        self.context.on("request", self._asked)
        self.context.on("console", self._said)
        self.context.on("weberror", lambda error: self.complaints.append(f"script: {error.error}"))
        self.page: Page = self.context.new_page()

    def _asked(self, request: Request) -> None:
        self.requests.append(request.url)
        if not request.url.startswith((self.origin + "/", "data:", "blob:")):
            self.complaints.append(f"request to another host: {request.url}")

    def _said(self, message: ConsoleMessage) -> None:
        expected = any(f"responded with a status of {status} " in message.text for status in self.refused)
        expected |= self.interrupted and "net::ERR_" in message.text
        if message.type in ("error", "warning") and not expected:
            where = urlsplit(message.location.get("url", "")).path
            self.complaints.append(f"console: {message.text} ({where})")

    def close(self) -> None:
        self.context.close()
