"""What is made of one answer: a page, word that nothing changed, where to go on, or a refusal."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterable
from contextlib import suppress
from typing import NamedTuple
from urllib.parse import urldefrag

import httpx

from pipeline import urls
from pipeline.errors import FetchError
from pipeline.fetch.answers import PERMANENT, REDIRECTS, fresh_seconds, refusal, retry_after_seconds
from pipeline.fetch.body import Body, Memory
from pipeline.fetch.failures import RAISED, shown
from pipeline.fetch.walls import wall

#: redirects that keep method and body (RFC 9110 sections 15.4.8 and 15.4.9)
RESENT = frozenset({307, 308})
#: of a refusal, or of the answer to a form (bytes, decompressed), and how long it may take (s)
_HEAD = 65_536
_HEAD_SECONDS = 5.0
#: bodies of redirects up to this size (bytes) are read away if that is quick (s): cheaper than a
#: new connection
_DRAINED = 16_384
_DRAIN_SECONDS = 1.0


class Reply(NamedTuple):
    """An answer whose body is still on its way."""

    #: what was asked
    url: str
    status: int
    #: names in lower case; values as they came, one character a byte (latin-1)
    headers: dict[str, str]
    stream: AsyncIterable[bytes]


class Had(NamedTuple):
    """An answer that is one."""

    status: int
    headers: dict[str, str]
    body: bytes


class Moved(NamedTuple):
    """A redirect."""

    to: str
    permanent: bool


def reply(url: str, response: httpx.Response) -> Reply:
    """The transport's answer. A header that came several times is joined with commas."""
    headers: dict[str, str] = {}
    for raw_name, raw_value in response.headers.raw:
        # One character a byte, so that validators go back exactly as they came.
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    assert isinstance(response.stream, httpx.AsyncByteStream)
    return Reply(url, response.status_code, headers, response.stream)


async def page(reply: Reply, most: int, *, conditional: bool, memory: Memory | None = None) -> Had | Moved:
    """What a GET brought; ``most`` bytes of body at most, and all that come in at once within
    ``memory``. Raises FetchError for anything else."""
    status, headers = reply.status, reply.headers
    if status == 304 and conditional:
        return Had(status, headers, b"")
    if status in REDIRECTS and headers.get("location", "").strip():
        await _drain(reply)
        return Moved(_absolute(headers["location"], reply.url), status in PERMANENT)
    if not 200 <= status < 300:
        raise await _refused(reply)
    with Body(headers.get("content-encoding"), most, shown(reply.url), memory) as body:
        announced = headers.get("content-length", "")
        if announced.isascii() and announced.isdigit() and int(announced[:18]) > most:
            raise body.too_large()
        async for piece in reply.stream:
            body.add(piece)
        return Had(status, headers, body.whole())


async def receipt(reply: Reply) -> Had:
    """What a posted form was answered with. Raises FetchError unless the status is a 2xx, or one
    (307, 308) by which the form is to be sent again elsewhere: whether it is, the sender decides."""
    again = reply.status in RESENT and reply.headers.get("location", "").strip()
    if not 200 <= reply.status < 300 and not again:
        raise await _refused(reply)
    return Had(reply.status, reply.headers, await _head(reply))


async def _refused(reply: Reply) -> FetchError:
    now = time.time()
    wait = retry_after_seconds(reply.headers.get("retry-after"), now)
    error = wall(reply.url, reply.status, reply.headers, await _head(reply))
    if error is None:
        error = refusal(reply.status, shown(reply.url), wait)
    assert error is not None
    if error.retry_after is None:
        error.retry_after = wait
    error.fresh = fresh_seconds(reply.headers, now)
    return error


async def _head(reply: Reply) -> bytes:
    """The beginning of a body, as far as it can be had quickly."""
    try:
        body = Body(reply.headers.get("content-encoding"), _HEAD, shown(reply.url))
    except FetchError:
        # In an encoding that nobody asked for: there is nothing to look at.
        return b""
    with suppress(TimeoutError, FetchError, *RAISED):
        async with asyncio.timeout(_HEAD_SECONDS):
            async for piece in reply.stream:
                body.add(piece)
    return body.so_far()


async def _drain(reply: Reply) -> None:
    size = 0
    with suppress(TimeoutError, *RAISED):
        async with asyncio.timeout(_DRAIN_SECONDS):
            async for piece in reply.stream:
                size += len(piece)
                if size > _DRAINED:
                    break


def _absolute(location: str, url: str) -> str:
    # Addresses beyond ASCII come as bare UTF-8 more often than not.
    with suppress(UnicodeDecodeError):
        location = location.encode("latin-1").decode("utf-8")
    address = urls.absolute(location, url)
    if address is None or not urls.host_of(address):
        told = f"{shown(url)} redirects to {urls.printable(location)[:200]!r}, which is not allowed."
        raise FetchError(told, code="redirects", retry_helps=False)
    return urldefrag(address).url
