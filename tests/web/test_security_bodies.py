"""What a request may cost: endless heads, endless and slow bodies, too many at once; and its log line."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import pytest
import uvicorn
from fastapi import HTTPException
from starlette.datastructures import Headers
from starlette.types import Message
from web_site import Site

from pipeline.settings import Settings
from pipeline.websub import PATH
from workers.web import server
from workers.web.app import create_app
from workers.web.bodies import LARGEST_AT_ONCE, Bodies
from workers.web.requests import shown

FORM = Headers({"content-type": "multipart/form-data; boundary=x"})


def sender(*pieces: bytes, more: bool = False) -> Callable[[], asyncio.Future[Message]]:
    """The pieces of a body, and then, if more is announced, silence for ever."""
    waiting = list(pieces)

    async def receive() -> Message:
        if not waiting:
            await asyncio.Event().wait()
        body = waiting.pop(0)
        return {"type": "http.request", "body": body, "more_body": bool(waiting) or more}

    return receive  # type: ignore[return-value]


def test_a_body_that_comes_too_slowly_is_broken_off_and_held_no_more() -> None:
    bodies = Bodies(Settings(), grace=0.05)

    async def take() -> None:
        with bodies.limited(FORM, sender(b"a" * 10, more=True)) as receive:
            await receive()
            assert bodies.held == 10
            await receive()

    with pytest.raises(HTTPException) as caught:
        asyncio.run(take())
    assert caught.value.status_code == 408
    assert bodies.held == 0


def test_bodies_are_bounded_alone_and_together() -> None:
    settings = Settings(max_feed_bytes=1_000)
    bodies = Bodies(settings)

    async def take(size: int) -> None:
        with bodies.limited(FORM, sender(b"a" * size)) as receive:
            await receive()

    async def take_many() -> int:
        with ExitStack() as stack:
            for _ in range(LARGEST_AT_ONCE):
                await stack.enter_context(bodies.limited(FORM, sender(b"a" * 1_000)))()
            with pytest.raises(HTTPException) as caught:
                await take(1)
            assert caught.value.headers == {"retry-after": "10"}
            return caught.value.status_code

    asyncio.run(take(1_000))
    with pytest.raises(HTTPException) as caught:
        asyncio.run(take(1_001))
    assert caught.value.status_code == 413
    assert asyncio.run(take_many()) == 503
    assert bodies.held == 0
    asyncio.run(take(1_000))


def test_who_waits_for_an_answer_is_not_hurried() -> None:
    async def take() -> Message | None:
        with Bodies(Settings(), grace=0.01).limited(FORM, sender(b"all of it")) as receive:
            await receive()
            try:
                async with asyncio.timeout(0.1):
                    return await receive()
            except TimeoutError:
                return None

    assert asyncio.run(take()) is None


@contextmanager
def serving(site: Site) -> Iterator[tuple[str, int]]:
    """A real server on a port of its own."""
    listening = server.bind("127.0.0.1", 0)
    app = create_app(site.store, site.settings)
    config = uvicorn.Config(app, http=server.Bounded, log_config=None, timeout_graceful_shutdown=1)
    running = uvicorn.Server(config)
    thread = threading.Thread(target=running.run, args=([listening],), daemon=True)
    thread.start()
    try:
        yield listening.getsockname()[:2]
    finally:
        running.should_exit = True
        thread.join(60)
        listening.close()


def until_refused(address: tuple[str, int], beginning: bytes, piece: bytes, most: int) -> int:
    """How many bytes a server takes before it ends the connection."""
    with socket.create_connection(address, timeout=60) as connection:
        connection.sendall(beginning)
        sent = 0
        try:
            while sent < most:
                connection.sendall(piece)
                sent += len(piece)
            connection.shutdown(socket.SHUT_WR)
            while connection.recv(65_536):
                pass
        except OSError:
            return sent
        return sent


@pytest.mark.parametrize(
    ("beginning", "piece"),
    [
        (b"GET / HTTP/1.1\r\nHost: localhost\r\n", b"X-A: " + b"a" * 1_000 + b"\r\n"),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nX-A: ", b"a" * 1_000),
        (b"GET /", b"a" * 1_000),
        (b"GET /?q=", b"a" * 1_000),
    ],
)
def test_no_endless_head_is_taken(site: Site, beginning: bytes, piece: bytes) -> None:
    most = 50_000_000
    with serving(site) as address:
        assert until_refused(address, beginning, piece, most) < most
        with socket.create_connection(address, timeout=60) as connection:
            connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            assert connection.recv(100).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize("beginning", [b"", b"GET", b"GET / HTTP/1.1\r\nHost: localhost\r\n", b"\r\n"])
def test_no_head_is_waited_for_for_ever(
    site: Site, beginning: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "HEAD_SECONDS", 0.1)
    with serving(site) as address, socket.create_connection(address, timeout=60) as connection:
        # A connection is not safe because something was answered on it before.
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert connection.recv(4_096)
        connection.sendall(beginning)
        ended = b"."
        while ended:
            try:
                ended = connection.recv(4_096)
            except ConnectionResetError:
                ended = b""


def test_a_log_line_holds_no_secret_and_no_line_of_its_own() -> None:
    assert shown(f"{PATH}{'t' * 43}") == f"{PATH}***"
    assert shown("/a\r\nFAKE \x1b[2J line").splitlines() == [shown("/a\r\nFAKE \x1b[2J line")]
    assert "\x1b" not in shown("/a\x1b[2J")
    assert len(shown("/" + "a" * 100_000)) <= 500
