"""HTTP: a GET with its redirects, or a form posted; bounded in time and size, polite, and guarded.

No cookies, no environment, no authentication on its own, and every redirect is ours to judge. How
connections are made, and why not with httpx's own transport: `pipeline.fetch.transport`.
"""

from __future__ import annotations

import asyncio
import base64
import re
import ssl
import time
from collections.abc import Callable, Coroutine, Mapping
from contextlib import AbstractAsyncContextManager
from functools import partial
from typing import Any, Self, TypeVar
from urllib.parse import unquote, urldefrag, urlencode

import httpx

from pipeline import urls
from pipeline.errors import FetchError, SettingsError, SourceError
from pipeline.fetch.answers import fresh_seconds
from pipeline.fetch.body import ACCEPTED, Memory
from pipeline.fetch.failures import RAISED, shown, translated
from pipeline.fetch.guard import Guard
from pipeline.fetch.hosts import HostRule, HostRules
from pipeline.fetch.replies import Moved, Reply, page, receipt, reply
from pipeline.fetch.transport import GuardedTransport
from pipeline.fetch.turns import Turns
from pipeline.model import Value
from pipeline.settings import Settings
from pipeline.tally import TALLY

MAX_REDIRECTS = 10
_ACCEPT = (
    "text/html,application/xhtml+xml,application/rss+xml,application/atom+xml,application/xml;q=0.9,*/*;q=0.8"
)
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")

#: entered before each request, with its address, and left when its body was read
Turn = Callable[[str], AbstractAsyncContextManager[None]]


class Response(Value, frozen=True, kw_only=True):
    """A page, or word that it has not changed. Any other answer is a FetchError."""

    status: int
    #: after redirects, without fragment
    final_url: str
    #: names in lower case; values as they came, one character a byte (latin-1)
    headers: dict[str, str]
    #: decompressed; empty when not modified
    body: bytes
    #: addresses passed through, in order
    redirects: list[str] = []
    #: Unix seconds of the answer
    at: float
    #: 304: what the validators stand for is still right
    not_modified: bool = False
    #: there was a redirect, and every one was permanent (301, 308)
    permanent: bool = False
    #: on the network, waiting for turns not counted
    seconds: float = 0.0
    #: seconds for which the server calls it fresh from now on; None: it does not say
    fresh: float | None = None


Answer = TypeVar("Answer")


class Client:
    """Fetches on the event loop on which it was entered, and only there.

    Raises SettingsError for settings, or a hosts file, that cannot be used.
    """

    def __init__(
        self, settings: Settings, rules: HostRules | None = None, certificates: ssl.SSLContext | None = None
    ) -> None:
        """``rules``: None reads the hosts file. ``certificates``: None trusts the usual authorities."""
        self.settings = settings
        self.rules = HostRules(settings) if rules is None else rules
        self._agent = user_agent(settings)
        self._guard = Guard(settings)
        self._certificates = certificates
        self._memory = Memory()
        self._loop: asyncio.AbstractEventLoop | None = None

    async def __aenter__(self) -> Self:
        self._loop = asyncio.get_running_loop()
        self._turns = Turns(self.rules, parallel=self.settings.fetch_parallel)
        self._transport: httpx.AsyncBaseTransport = GuardedTransport(self._guard, self._certificates)
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        self._loop = None
        await self._transport.aclose()

    async def get(
        self,
        url: str,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        max_bytes: int,
        turn: Turn | None = None,
        passed: list[str] | None = None,
    ) -> Response:
        """A page with its redirects followed; with validators, a 304 is an answer too.

        ``turn`` is entered before each request, each redirect's included, and left when its body
        was read; what it raises goes through untouched. None: spaced within this client.
        ``passed``: addresses that led here, to which further ones are appended; they count for the
        limit and for loops, and since their statuses are not known, never for ``permanent``.

        ``fetch_seconds`` bounds the time of all requests together, waiting for turns not counted.
        Raises FetchError with a code that tells what went wrong, whether a retry helps, and, where
        there was an answer, its status, Retry-After and freshness.
        """
        loop, turn = self._running(), turn or self._turns.turn
        conditions = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        # What cannot be sent is left out: an answer too many is better than a wrong validator.
        sent = [(name, value) for name, value in conditions.items() if value and not _CONTROL.search(value)]
        passed = [] if passed is None else passed
        permanent, seconds = not passed, 0.0
        address = _usable(url)
        while True:
            async with turn(address):
                began = loop.time()
                request = self._request("GET", address, sent, passed)
                left = self.settings.fetch_seconds - seconds
                read = partial(page, most=max_bytes, conditional=bool(sent), memory=self._memory)
                answer = await self._ask(request, address, left, read)
                seconds += loop.time() - began
            if isinstance(answer, Moved):
                permanent = permanent and answer.permanent
                passed.append(address)
                address = _next_hop(answer.to, passed)
                continue
            return Response(
                status=answer.status,
                final_url=address,
                headers=answer.headers,
                body=answer.body,
                redirects=list(passed),
                at=time.time(),
                not_modified=answer.status == 304,
                permanent=permanent and bool(passed),
                seconds=seconds,
                fresh=fresh_seconds(answer.headers, time.time()),
            )

    async def post(self, url: str, form: Mapping[str, str], *, turn: Turn | None = None) -> Response:
        """Send a form once; any 2xx is an answer, and so is a 307 or 308: it is not followed.

        Of the answer's body only the first 64 KB are kept. Raises FetchError as `get`.
        """
        loop, turn = self._running(), turn or self._turns.turn
        address = _usable(url)
        content = urlencode(form).encode("ascii")
        kind = [("Content-Type", "application/x-www-form-urlencoded"), ("Content-Length", str(len(content)))]
        async with turn(address):
            began = loop.time()
            request = self._request("POST", address, kind, [], content)
            answer = await self._ask(request, address, self.settings.fetch_seconds, receipt)
            seconds = loop.time() - began
        return Response(
            status=answer.status,
            final_url=address,
            headers=answer.headers,
            body=answer.body,
            at=time.time(),
            seconds=seconds,
        )

    def _running(self) -> asyncio.AbstractEventLoop:
        if self._loop is None or self._loop is not asyncio.get_running_loop():
            raise RuntimeError("The client is used outside the event loop on which it was entered.")
        return self._loop

    def _request(
        self, method: str, url: str, more: list[tuple[str, str]], passed: list[str], content: bytes = b""
    ) -> httpx.Request:
        rule = self.rules.of(url)
        # What was to go encrypted does not follow a redirect into the open.
        secret = url.lower().startswith("https:") or not any(
            one.lower().startswith("https:") for one in passed
        )
        own = rule.headers if secret else {}
        usual = [
            ("User-Agent", rule.user_agent or self._agent),
            ("Accept", _ACCEPT),
            ("Accept-Encoding", ACCEPTED),
            *more,
        ]
        named = {name.lower() for name in own}
        headers = [pair for pair in usual if pair[0].lower() not in named] + list(own.items())
        raw = [(name.encode("ascii"), _bytes(value)) for name, value in headers]
        try:
            target = httpx.URL(url)
        except RAISED as error:
            raise translated(error, url) from error
        pair = _credentials(target, rule, secret)
        if pair is not None and "authorization" not in named:
            raw.append((b"Authorization", b"Basic " + base64.b64encode(pair.encode())))
        return httpx.Request(method, target, headers=raw, content=content or None)

    async def _ask(
        self,
        request: httpx.Request,
        url: str,
        seconds: float,
        read: Callable[[Reply], Coroutine[Any, Any, Answer]],
    ) -> Answer:
        """One request, and what ``read`` makes of its answer."""
        answered = "none"
        try:
            async with asyncio.timeout(seconds):
                response = await self._begun(request, url)
                answered = f"{response.status_code // 100}xx"
                try:
                    return await read(reply(url, response))
                except RAISED as error:
                    raise _with_status(translated(error, url), response) from error
                except FetchError as error:
                    raise _with_status(error, response)  # noqa: B904 (it is the same error)
                finally:
                    await response.stream.aclose()  # type: ignore[union-attr]
        except TimeoutError as error:
            told = f"{shown(url)} took longer than {self.settings.fetch_seconds:g} s."
            raise FetchError(told, code="timeout") from error
        except asyncio.CancelledError:
            answered = ""  # broken off by us
            raise
        finally:
            if answered:
                TALLY.add(f"http:{answered}")

    async def _begun(self, request: httpx.Request, url: str) -> httpx.Response:
        """The answer when its head is there."""
        try:
            async with asyncio.timeout(self.settings.first_byte_seconds):
                return await self._transport.handle_async_request(request)
        except TimeoutError as error:
            told = f"{shown(url)} did not begin to answer within {self.settings.first_byte_seconds:g} s."
            raise FetchError(told, code="timeout") from error
        except RAISED as error:
            raise translated(error, url) from error


def user_agent(settings: Settings) -> str:
    """What every request says of its sender. Raises SettingsError when it cannot be sent."""
    agent = settings.user_agent + (f" (+{settings.contact})" if settings.contact else "")
    for name in ("user_agent", "contact"):
        value = getattr(settings, name)
        if not (value.isascii() and value.isprintable()):
            raise SettingsError(f"FEEDMILL_{name.upper()}={value!r} cannot be sent: plain ASCII only.")
    return agent


def _credentials(target: httpx.URL, rule: HostRule, secret: bool) -> str | None:
    if target.username or target.password:
        return f"{unquote(target.username)}:{unquote(target.password)}"
    return f"{rule.user}:{rule.password}" if rule.user and secret else None


def _bytes(value: str) -> bytes:
    # Validators are one character a byte; what people write in a file may be anything.
    try:
        return value.encode("latin-1")
    except UnicodeEncodeError:
        return value.encode("utf-8")


def _usable(url: str) -> str:
    address = urldefrag(url.strip()).url
    try:
        urls.canonical(address)
    except SourceError as error:
        raise FetchError(error.message, code="bad_url", retry_helps=False) from error
    return address


def _next_hop(address: str, passed: list[str]) -> str:
    if address in passed:
        told = f"{shown(passed[0])} redirects in a circle."
        raise FetchError(told, code="redirects", retry_helps=False)
    if len(passed) > MAX_REDIRECTS:
        told = f"{shown(passed[0])} redirects more than {MAX_REDIRECTS} times."
        raise FetchError(told, code="redirects", retry_helps=False)
    return address


def _with_status(error: FetchError, response: httpx.Response) -> FetchError:
    error.status = response.status_code
    return error
