"""HEAD, wherever there is GET: the same answer without its body (RFC 9110, section 9.3.2)."""

from __future__ import annotations

import asyncio
from collections.abc import MutableMapping
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Heads:
    """An ASGI application around another, which is asked as by GET. An answer that is a stream is ended
    when it begins: nobody reads it, and a stream of events could last for days."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self.app(scope, receive, send)
            return
        begun = asyncio.Event()

        async def sent(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                await send(message)
            elif not begun.is_set():
                begun.set()
                await send({"type": "http.response.body"})

        async def gone() -> Message:
            # Who streams listens for this.
            await begun.wait()
            return {"type": "http.disconnect"}

        async def received() -> Message:
            message = {"type": "http.request"} if not asked.is_set() else await gone()
            asked.set()
            return message

        asked = asyncio.Event()
        await self.app({**scope, "method": "GET"}, received, sent)


__all__ = ["Heads"]
