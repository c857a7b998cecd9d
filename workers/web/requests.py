"""The log of requests: who asked for what is told with a number, and never with a secret."""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import MutableMapping
from typing import Any

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pipeline import websub
from workers.logs import about
from workers.wording import line

logger = logging.getLogger(__name__)

#: asked for again and again by programs, or with every page
_DULL = ("/healthz", "/readyz", "/static/")
#: of a path, in a line (characters)
_LONGEST_PATH = 500
#: the number of a request, on all lines that it causes and in its answer
HEADER = "x-request-id"


class Requests:
    """An ASGI application around another: one line a request, with its path but not its query, which
    may hold what is searched for or a hub's challenge."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        number, started = secrets.token_hex(6), time.perf_counter()
        status = 0

        async def sent(message: MutableMapping[str, Any]) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[HEADER] = number
            await send(message)

        with about(request=number, method=scope["method"], path=shown(scope["path"])):
            try:
                await self.app(scope, receive, sent)
            finally:
                self._tell(scope, status, time.perf_counter() - started)

    def _tell(self, scope: Message, status: int, seconds: float) -> None:
        level = logging.DEBUG if scope["path"].startswith(_DULL) and status < 500 else logging.INFO
        level = logging.WARNING if status >= 500 else level
        # A request that was broken off has no status.
        extra = {"status": status or None, "ms": round(seconds * 1000, 1), "unlimited": True}
        logger.log(
            level, "%s %s: %s", scope["method"], shown(scope["path"]), status or "no answer", extra=extra
        )


def shown(path: str) -> str:
    """A path as a log may hold it: on one line, no longer than lines are, and without the secret
    that a hub's callback ends with."""
    if path.startswith(websub.PATH):
        return f"{websub.PATH}***"
    return line(path[:_LONGEST_PATH])


__all__ = ["HEADER", "Requests", "shown"]
