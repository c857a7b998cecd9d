"""The callback for hubs: the one address at which strangers may write, and only with a token that
cannot be guessed. It needs no other proof, and answers under any host name.

Nothing of a request is read before its token is known to be right.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
import re
import time
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from pipeline import websub
from pipeline.errors import SourceError, StoreError
from pipeline.model import Feed, WebSub
from pipeline.sources import read_feed
from workers.web.backend import Backend
from workers.web.gate import HEADERS

logger = logging.getLogger(__name__)

#: what `secrets.token_urlsafe(32)` gives
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
#: longest query, in bytes, and most parameters in it
_LONGEST_QUERY, _MOST_PARAMETERS = 8_000, 32
#: a hub gets its answer after this long at the latest, and the work goes on (s)
PATIENCE = 5.0
#: bodies held at once are together no larger than so many of the largest
_LARGEST_AT_ONCE = 3


class Refused(Exception):
    """A request that ends with a status and a sentence."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status, self.detail = status, detail


class Callback:
    """An ASGI application around another: answers hubs, and hands on everything else."""

    def __init__(self, app: ASGIApp, backend: Backend) -> None:
        self.app, self.backend = app, backend
        self._held = 0
        self._going_on: set[asyncio.Task[None]] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(websub.PATH):
            await self.app(scope, receive, send)
            return
        try:
            answer = await self._answer(Request(scope, receive))
        except Refused as refused:
            answer = PlainTextResponse(refused.detail, refused.status)
        except StoreError as error:
            logger.warning("A hub was sent away: %s", error.message)
            answer = PlainTextResponse("Not now.", 503, {"retry-after": "60"})
        answer.headers.update(HEADERS | {"cache-control": "no-store"})
        await answer(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        if request.method not in ("GET", "POST"):
            return PlainTextResponse("Hubs ask with GET and push with POST.", 405, {"allow": "GET, POST"})
        token = request.scope["path"].removeprefix(websub.PATH)
        feed = await run_in_threadpool(self._feed, token)
        if feed is None or feed.websub is None:
            raise Refused(404, "There is no such subscription.")
        if request.method == "GET":
            return await run_in_threadpool(self._confirm, feed, _question(request))
        return await self._push(request, feed, feed.websub)

    def _feed(self, token: str) -> Feed | None:
        feed = self.backend.store.feed_of_websub(token) if _TOKEN.fullmatch(token) else None
        if feed is None or feed.websub is None:
            return None
        return feed if hmac.compare_digest(feed.websub.token, token) else None

    def _confirm(self, feed: Feed, question: dict[str, str]) -> Response:
        """The hub's question (section 5.3), answered with its challenge when we agree."""
        after = websub.answered(feed, question, time.time())
        if after is None:
            raise Refused(404, "That is not wanted here.")
        self.backend.store.set_websub(feed.id, after)
        logger.info("WebSub of feed %d: %s by the hub, now %s.", feed.id, question["hub.mode"], after.state)
        denied = question["hub.mode"] == "denied"
        return PlainTextResponse("" if denied else websub.challenge(question))

    async def _push(self, request: Request, feed: Feed, subscription: WebSub) -> Response:
        """Content (section 7). What is wrong with it is nothing that sending it again would mend."""
        if subscription.state == "ended" or feed.state == "gone":
            raise Refused(410, "This subscription has ended.")
        if feed.state == "active":
            body = await self._read(request)
            work = asyncio.create_task(self._work(feed, subscription, body, request.headers))
            self._going_on.add(work)
            work.add_done_callback(self._going_on.discard)
            done, _ = await asyncio.wait({work}, timeout=PATIENCE)
            for one in done:
                one.result()
            if not done:
                work.add_done_callback(_report)
        return PlainTextResponse("", 202)

    async def _read(self, request: Request) -> bytes:
        """The body, bounded in size and time; it counts as held until `_work` is done with it."""
        settings, body = self.backend.settings, bytearray()
        announced = request.headers.get("content-length", "0")
        too_large = Refused(413, f"More than {settings.max_feed_bytes} bytes are not taken.")
        if announced.isdecimal() and int(announced[:18]) > settings.max_feed_bytes:
            raise too_large
        try:
            async with asyncio.timeout(settings.fetch_seconds):
                async for piece in request.stream():
                    body += piece
                    self._held += len(piece)
                    if len(body) > settings.max_feed_bytes:
                        raise too_large
                    if self._held > _LARGEST_AT_ONCE * settings.max_feed_bytes:
                        raise Refused(503, "Too much at once.")
            return bytes(body)
        except BaseException as error:
            # However it ended, cancellation included, nothing of it is held any more.
            self._held -= len(body)
            if isinstance(error, TimeoutError):
                raise Refused(408, "The content came too slowly.") from error
            if isinstance(error, ClientDisconnect):
                raise Refused(400, "The content broke off.") from error
            raise

    async def _work(self, feed: Feed, subscription: WebSub, body: bytes, headers: Headers) -> None:
        try:
            await run_in_threadpool(self._take, feed, subscription, body, headers)
        finally:
            self._held -= len(body)

    def _take(self, feed: Feed, subscription: WebSub, body: bytes, headers: Headers) -> None:
        """Pushed entries become a job, as polled ones do. Raises StoreError."""
        began = time.time()
        if not websub.is_authentic(subscription, headers.get("x-hub-signature", ""), body):
            logger.warning("A push for feed %d was passed over: its signature is missing or wrong.", feed.id)
            return
        try:
            content_type = headers.get("content-type")
            parsed, items = read_feed(body, feed.url, content_type, self.backend.settings, feed.url)
        except SourceError as error:
            logger.warning("A push for feed %d was passed over: %s", feed.id, error.message)
            return
        now = time.time()
        pushed = websub.pushed(feed, parsed, items, now, now - began)
        written = self.backend.store.feeds_polled([pushed], now)
        self._count(subscription.token, now)
        if any(job for job, _ in written):
            self.backend.wake()

    def _count(self, token: str, now: float) -> None:
        # Read again: renewals and other pushes went on while this one came in.
        feed = self.backend.store.feed_of_websub(token)
        if feed and feed.websub:
            self.backend.store.set_websub(feed.id, websub.after_push(feed.websub, now))


def _question(request: Request) -> dict[str, str]:
    """The parameters of a query; of one given twice, the first counts."""
    query = request.scope["query_string"]
    try:
        if len(query) > _LONGEST_QUERY:
            raise ValueError
        pairs = parse_qsl(query.decode("latin-1"), keep_blank_values=True, max_num_fields=_MOST_PARAMETERS)
    except ValueError as error:
        raise Refused(400, "That is no question of a hub.") from error
    return dict(reversed(pairs))


def _report(work: asyncio.Task[None]) -> None:
    if not work.cancelled() and (error := work.exception()):
        logger.error("A push was lost after its hub had been answered.", exc_info=error)


__all__ = ["PATIENCE", "Callback"]
