"""HTTP: one GET with its redirects, bounded in time and size. The only importer of httpx.

httpx's transports are used without its client: no cookies, no environment, no authentication on
its own, and every redirect is ours to judge. A transport per host, the least used closed first:
one pool for many hosts costs 5 to 9 ms of CPU a request, a pool per host 2.
"""

from __future__ import annotations

import asyncio
import base64
import socket
import ssl
import time
from collections import OrderedDict
from contextlib import suppress
from functools import cache
from typing import Self
from urllib.parse import unquote, urldefrag

import httpx

from pipeline import urls
from pipeline.errors import FetchError, SourceError
from pipeline.fetch.answers import REDIRECTS, refusal, retry_after_seconds
from pipeline.fetch.body import ACCEPTED, Body
from pipeline.fetch.turns import Turns
from pipeline.model import Value
from pipeline.settings import Settings

MAX_REDIRECTS = 10
#: transports kept, with their idle connections
_KEPT_HOSTS = 256
_KEEPALIVE_SECONDS = 15.0
#: a host that does not take a connection by then is down, whatever the whole request may last (s)
_CONNECT_SECONDS = 10.0
#: bodies of redirects up to this size (bytes) are read away: cheaper than a new connection
_DRAINED = 16_384
_ACCEPT = (
    "text/html,application/xhtml+xml,application/rss+xml,application/atom+xml,application/xml;q=0.9,*/*;q=0.8"
)

#: each class of httpx -> code, whether a retry helps, and what to tell
_MEANINGS: dict[type[Exception], tuple[str, bool, str]] = {
    httpx.InvalidURL: ("bad_url", False, "is no usable address"),
    httpx.UnsupportedProtocol: ("bad_url", False, "is no http or https address"),
    httpx.ConnectTimeout: ("timeout", True, "did not take the connection in time"),
    httpx.ReadTimeout: ("timeout", True, "did not answer in time"),
    httpx.WriteTimeout: ("timeout", True, "did not take the request in time"),
    httpx.PoolTimeout: ("timeout", True, "had no free connection in time"),
    httpx.TimeoutException: ("timeout", True, "took too long"),
    httpx.ConnectError: ("connect", True, "could not be connected to"),
    httpx.ReadError: ("protocol", True, "broke the connection off"),
    httpx.WriteError: ("protocol", True, "broke the connection off"),
    httpx.CloseError: ("protocol", True, "broke the connection off"),
    httpx.NetworkError: ("connect", True, "could not be reached"),
    httpx.ProxyError: ("connect", True, "could not be reached through the proxy"),
    httpx.RemoteProtocolError: ("protocol", True, "broke the HTTP protocol"),
    httpx.LocalProtocolError: ("protocol", False, "cannot be asked in correct HTTP"),
    httpx.ProtocolError: ("protocol", True, "broke the HTTP protocol"),
    httpx.DecodingError: ("protocol", True, "sent a damaged answer"),
    httpx.TooManyRedirects: ("redirects", False, "redirects too often"),
    httpx.HTTPStatusError: ("protocol", True, "answered with an error"),
    httpx.CookieConflict: ("internal", False, "confused the cookies"),
    httpx.StreamError: ("internal", False, "was read in a wrong way"),
    httpx.HTTPError: ("protocol", True, "could not be had"),
}


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


class Client:
    """Fetches on the event loop on which it was entered, and only there.

    Spaces requests to one host and bounds those at once (`Turns`), as the settings say.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._turns: Turns | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._transports: OrderedDict[str, httpx.AsyncHTTPTransport] = OrderedDict()
        self._busy: dict[str, int] = {}

    async def __aenter__(self) -> Self:
        self._loop = asyncio.get_running_loop()
        self._turns = Turns(delay=self.settings.host_delay, parallel=self.settings.fetch_parallel)
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        transports, self._transports = self._transports, OrderedDict()
        self._turns = self._loop = None
        for transport in transports.values():
            await transport.aclose()

    async def get(
        self, url: str, *, etag: str | None = None, last_modified: str | None = None, max_bytes: int
    ) -> Response:
        """A page with its redirects followed; with validators, a 304 is an answer too.

        ``fetch_seconds`` bounds the time of all its requests together, waiting for the host's
        turn not counted. Raises FetchError with a code that tells what went wrong, whether a
        retry helps, and after how many seconds at the earliest, where the server said so.
        """
        if self._turns is None or self._loop is not asyncio.get_running_loop():
            raise RuntimeError("The client is used outside the event loop on which it was entered.")
        conditions = {"if-none-match": etag, "if-modified-since": last_modified}
        sent = [(name, value) for name, value in conditions.items() if value]
        left = self.settings.fetch_seconds
        address, passed = urldefrag(url.strip()).url, list[str]()
        while True:
            host = _host(address)
            async with self._turns.turn(host):
                began = self._loop.time()
                answer = await self._ask(address, sent, max_bytes, left)
                left -= self._loop.time() - began
            if isinstance(answer, str):
                passed.append(address)
                address = _next_hop(answer, passed)
                continue
            status, headers, body = answer
            return Response(
                status=status,
                final_url=address,
                headers=headers,
                body=body,
                redirects=passed,
                at=time.time(),
                not_modified=status == 304,
            )

    async def _ask(
        self, url: str, conditions: list[tuple[str, str]], most: int, seconds: float
    ) -> tuple[int, dict[str, str], bytes] | str:
        """One request. A redirect is answered with its Location."""
        try:
            async with asyncio.timeout(seconds):
                return await self._exchange(url, conditions, most)
        except TimeoutError as error:
            told = f"{_shown(url)} took longer than {self.settings.fetch_seconds:g} s."
            raise FetchError(told, code="timeout") from error
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
            raise translated(error, url) from error
        except UnicodeError as error:
            # The resolver's verdict on labels that are too long.
            told = f"{_shown(url)} has no usable host name ({error})."
            raise FetchError(told, code="bad_url", retry_helps=False) from error
        except OSError as error:
            raise FetchError(f"{_shown(url)} could not be reached: {error}.", code="connect") from error

    async def _exchange(
        self, url: str, conditions: list[tuple[str, str]], most: int
    ) -> tuple[int, dict[str, str], bytes] | str:
        request = self._request(url, conditions)
        origin = f"{request.url.scheme}://{request.url.netloc.decode('ascii')}"
        transport = await self._transport(origin)
        self._busy[origin] = self._busy.get(origin, 0) + 1
        try:
            response = await transport.handle_async_request(request)
            try:
                return await _answer(response, url, most, conditional=bool(conditions))
            finally:
                await response.aclose()
        finally:
            self._busy[origin] -= 1

    def _request(self, url: str, conditions: list[tuple[str, str]]) -> httpx.Request:
        target = httpx.URL(url)
        headers = {
            "User-Agent": self.settings.user_agent,
            "Accept": _ACCEPT,
            "Accept-Encoding": ACCEPTED,
            **dict(conditions),
        }
        if target.username or target.password:
            pair = f"{unquote(target.username)}:{unquote(target.password)}".encode()
            headers["Authorization"] = f"Basic {base64.b64encode(pair).decode()}"
        raw = [(name.encode("ascii"), value.encode("latin-1", "replace")) for name, value in headers.items()]
        whole = self.settings.fetch_seconds
        limits = {"connect": min(_CONNECT_SECONDS, whole), "read": whole, "write": whole, "pool": whole}
        return httpx.Request("GET", target, headers=raw, extensions={"timeout": limits})

    async def _transport(self, origin: str) -> httpx.AsyncHTTPTransport:
        transport = self._transports.get(origin)
        if transport is None:
            transport = self._transports[origin] = httpx.AsyncHTTPTransport(
                verify=_certificates(),
                trust_env=False,
                limits=httpx.Limits(max_connections=2, keepalive_expiry=_KEEPALIVE_SECONDS),
            )
        self._transports.move_to_end(origin)
        idle = [name for name in self._transports if name != origin and not self._busy.get(name)]
        for name in idle[: max(0, len(self._transports) - _KEPT_HOSTS)]:
            self._busy.pop(name, None)
            await self._transports.pop(name).aclose()
        return transport


async def _answer(
    response: httpx.Response, url: str, most: int, *, conditional: bool
) -> tuple[int, dict[str, str], bytes] | str:
    headers = _headers(response)
    status = response.status_code
    if status == 304 and conditional:
        return status, headers, b""
    if status in REDIRECTS and headers.get("location", "").strip():
        await _drain(response, headers)
        return _absolute(headers["location"], url)
    wait = retry_after_seconds(headers.get("retry-after"), time.time())
    if (refused := refusal(status, _shown(url), wait)) is not None:
        raise refused
    body = Body(headers.get("content-encoding"), most, _shown(url))
    announced = headers.get("content-length", "")
    if announced.isdigit() and int(announced[:18]) > most:
        raise FetchError(f"{_shown(url)} is larger than {most} bytes.", code="too_large", retry_helps=False)
    async for piece in response.aiter_raw():
        body.add(piece)
    return status, headers, body.whole()


def translated(error: Exception, url: str) -> FetchError:
    """Any exception of httpx as ours, by the closest class; resolver and TLS told apart."""
    for cause in _causes(error):
        if isinstance(cause, socket.gaierror):
            # "No such name" is final; the other verdicts say that the resolver had no answer.
            final = cause.errno in (socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME))
            told = f"The host of {_shown(url)} could not be resolved ({cause.strerror})."
            return FetchError(told, code="dns", retry_helps=not final)
        if isinstance(cause, ssl.SSLError):
            verdict = getattr(cause, "verify_message", "") or getattr(cause, "reason", "") or str(cause)
            told = f"No trusted connection to {_shown(url)} ({verdict})."
            return FetchError(told, code="tls", retry_helps=not isinstance(cause, ssl.CertificateError))
    kind = next((kind for kind in type(error).__mro__ if kind in _MEANINGS), None)
    code, retry_helps, meaning = _MEANINGS[kind] if kind else ("internal", False, "could not be had")
    detail = f" ({error})" if str(error) else ""
    return FetchError(f"{_shown(url)} {meaning}{detail}.", code=code, retry_helps=retry_helps)


def _causes(error: BaseException | None) -> list[BaseException]:
    found: list[BaseException] = []
    while error is not None and error not in found:
        found.append(error)
        error = error.__cause__ or error.__context__
    return found


def _headers(response: httpx.Response) -> dict[str, str]:
    # One character a byte, so that validators go back exactly as they came.
    found: dict[str, str] = {}
    for raw_name, raw_value in response.headers.raw:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        found[name] = f"{found[name]}, {value}" if name in found else value
    return found


async def _drain(response: httpx.Response, headers: dict[str, str]) -> None:
    size = headers.get("content-length", "")
    if size.isdigit() and int(size[:18]) <= _DRAINED:
        async for _ in response.aiter_raw():
            pass


def _host(url: str) -> str:
    try:
        return urls.host_of(urls.canonical(url))
    except SourceError as error:
        raise FetchError(error.message, code="bad_url", retry_helps=False) from error


def _absolute(location: str, url: str) -> str:
    # Addresses beyond ASCII come as bare UTF-8 more often than not.
    with suppress(UnicodeDecodeError):
        location = location.encode("latin-1").decode("utf-8")
    address = urls.absolute(location, url)
    if address is None or not urls.host_of(address):
        told = f"{_shown(url)} redirects to {urls.printable(location)[:200]!r}, which is not allowed."
        raise FetchError(told, code="redirects", retry_helps=False)
    return urldefrag(address).url


def _next_hop(address: str, passed: list[str]) -> str:
    if address in passed:
        told = f"{_shown(passed[0])} redirects in a circle."
        raise FetchError(told, code="redirects", retry_helps=False)
    if len(passed) > MAX_REDIRECTS:
        told = f"{_shown(passed[0])} redirects more than {MAX_REDIRECTS} times."
        raise FetchError(told, code="redirects", retry_helps=False)
    return address


def _shown(url: str) -> str:
    return urls.printable(urls.without_password(url))


@cache
def _certificates() -> ssl.SSLContext:
    # 20 ms to make: once per process, shared by all hosts.
    return httpx.create_ssl_context(trust_env=False)
