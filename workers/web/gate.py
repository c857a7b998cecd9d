"""The gate before every endpoint: no new one can forget to ask who may write, and no answer goes
out without its security headers."""

from __future__ import annotations

import time
from collections.abc import MutableMapping
from typing import Any

from fastapi import HTTPException
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pipeline.settings import Settings
from workers.web import admission, problems

#: Pages have no script, load only from here and are shown in no frame. A form's Origin header is
#: lost under a referrer policy stricter than same-origin.
HEADERS = {
    "content-security-policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
}


class Gate:
    """An ASGI application around another: lets in what `workers.web.admission` does not refuse."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app, self.settings = app, settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        send = _with_headers(scope, send)
        headers = Headers(scope=scope)
        refusal = admission.refusal(scope["method"], scope["path"], headers, self.settings, time.time())
        if refusal is None:
            await self.app(scope, self._limited(headers, receive), send)
        else:
            scope["app"] = self.app  # the application sets it itself only once it is asked
            answer = problems.answer(Request(scope), refusal.status, refusal.detail)
            await answer(scope, receive, send)

    def _limited(self, headers: Headers, receive: Receive) -> Receive:
        """The body as it comes in, cut off at the limit: its announced length may be missing."""
        left = admission.body_limit(headers, self.settings)

        async def counted() -> Message:
            nonlocal left
            message = await receive()
            left -= len(message.get("body", b""))
            if left < 0:
                status, detail = admission.too_large(headers, self.settings)
                raise HTTPException(status, detail)
            return message

        return counted


def _with_headers(scope: Scope, send: Send) -> Send:
    fresh = not scope["path"].startswith("/static/")

    async def sent(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers.update(HEADERS)
            headers.setdefault("cache-control", "no-store" if fresh else "max-age=3600")
        await send(message)

    return sent


__all__ = ["HEADERS", "Gate"]
