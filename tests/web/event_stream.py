"""A browser that watches a page: server-sent events straight from the application."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

#: longest wait for what a test looks for (s)
PATIENCE = 60.0

Event = tuple[str, dict[str, Any]]


class Watcher:
    """Watches addresses of one application, all on one event loop."""

    def __init__(self, app: Any) -> None:
        self._app = app
        self.events: list[Event] = []
        self.status = 0
        self.headers: dict[str, str] = {}
        self._text = ""
        self._ended = asyncio.Event()
        self._news = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def open(self, address: str) -> Watcher:
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET",
            "scheme": "http", "path": address, "raw_path": address.encode(), "query_string": b"",
            "root_path": "", "headers": [(b"host", b"127.0.0.1:8000")], "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", 8000),
        }  # fmt: skip
        if "?" in address:
            scope["path"], _, query = address.partition("?")
            scope["query_string"] = query.encode()
        self._task = asyncio.create_task(self._run(scope))
        return self

    async def _run(self, scope: dict[str, Any]) -> None:
        asked = False

        async def receive() -> dict[str, Any]:
            nonlocal asked
            if not asked:
                asked = True
                return {"type": "http.request", "body": b"", "more_body": False}
            await self._ended.wait()
            return {"type": "http.disconnect"}

        async def send(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                self.status = message["status"]
                self.headers = {name.decode(): value.decode() for name, value in message["headers"]}
            else:
                self._take(message.get("body", b"").decode())
            self._news.set()

        await self._app(scope, receive, send)
        self._news.set()

    def _take(self, text: str) -> None:
        *whole, self._text = (self._text + text).split("\n\n")
        for one in whole:
            lines = dict(line.partition(": ")[::2] for line in one.split("\n"))
            if "event" in lines:
                self.events.append((lines["event"], json.loads(lines["data"])))

    async def until(self, found: Callable[[list[Event]], bool]) -> list[Event]:
        """Wait for events of which this is true."""
        async with asyncio.timeout(PATIENCE):
            while not found(self.events):
                assert self._task is not None
                assert not self._task.done(), (self.status, self.events)
                self._news.clear()
                await self._news.wait()
        return self.events

    async def ended(self) -> list[Event]:
        """Wait until the other side ends the stream."""
        assert self._task is not None
        await asyncio.wait_for(asyncio.shield(self._task), PATIENCE)
        return self.events

    async def leave(self) -> None:
        """Go away, as a closed tab does."""
        self._ended.set()
        assert self._task is not None
        await asyncio.wait_for(self._task, PATIENCE)


__all__ = ["PATIENCE", "Event", "Watcher"]
