"""The gate before every endpoint: no new one can forget to ask who may write, and no answer goes
out without its security headers."""

from __future__ import annotations

import time
from collections.abc import MutableMapping
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from workers.web import admission, problems
from workers.web.backend import Backend
from workers.web.bodies import Bodies
from workers.web.keeper import Keeper
from workers.web.quota import Quota
from workers.web.rates import rate_of
from workers.web.rendering import VISITOR

#: Pages have one script, of ours, and none in them; they load and ask only from here, and are shown in
#: no frame. A form's Origin header is lost under a referrer policy stricter than same-origin.
HEADERS = {
    "content-security-policy": "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; "
    "img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
}


class Gate:
    """An ASGI application around another: lets in what `workers.web.admission` does not refuse."""

    def __init__(self, app: ASGIApp, backend: Backend, keeper: Keeper) -> None:
        self.app, self.settings, self.keeper = app, backend.settings, keeper
        self.bodies = Bodies(self.settings)
        rate = rate_of(self.settings.api_rate)
        self.quota = Quota(rate, backend) if rate else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        host, port = scope.get("client") or ("", 0)
        client = self.keeper.client(host, headers)
        visitor = self.keeper.visitor(client, headers, time.time())
        scope["client"], scope[VISITOR] = (client, port), visitor
        refusal = admission.refusal(scope["method"], scope["path"], headers, self.settings, visitor)
        told: dict[str, str] = {}
        if self.quota and scope["path"].startswith(admission.API):
            allowance = await self.quota.take(client, visitor.has_token, time.monotonic())
            told = allowance.headers
            refusal = refusal if allowance.passes else admission.too_often(allowance)
        send = _with_headers(scope, send, told)
        if refusal is None or (refusal.status == 401 and self._takes_no_such(scope)):
            streams = admission.is_streamed(scope["method"], scope["path"], headers)
            with self.bodies.limited(headers, receive, streams=streams) as limited:
                await self.app(scope, limited, send)
        else:
            scope["app"] = self.app  # the application sets it itself only once it is asked
            await _refused(scope, refusal)(scope, receive, send)

    def _takes_no_such(self, scope: Scope) -> bool:
        """Whether there is something here that has other methods: that is said (405) before a token is asked
        for, which would not help. Nothing is done by a method that no route has."""
        methods = problems.methods_of(Request({**scope, "app": self.app}))
        return methods != ["OPTIONS"] and scope["method"] not in methods


def _refused(scope: Scope, refusal: admission.Refusal) -> Response:
    by_person = scope["method"] in admission.SAFE and not scope["path"].startswith(admission.FOR_PROGRAMS)
    if refusal.status == 401 and by_person:
        return RedirectResponse(admission.SIGN_IN, 303)
    answer = problems.answer(Request(scope), refusal.status, refusal.detail)
    if refusal.retry_after is not None:
        answer.headers["retry-after"] = str(refusal.retry_after)
    return answer


def _with_headers(scope: Scope, send: Send, more: dict[str, str]) -> Send:
    fresh = not scope["path"].startswith("/static/")

    async def sent(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers.update(HEADERS | more)
            headers.setdefault("cache-control", "no-store" if fresh else "max-age=3600")
        await send(message)

    return sent


__all__ = ["HEADERS", "Gate"]
