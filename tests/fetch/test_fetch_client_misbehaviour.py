"""Servers that err, dawdle, lie and break off: each ends in a page or in a coded outcome."""

from __future__ import annotations

import asyncio
import ssl
import tracemalloc
from collections.abc import Coroutine
from typing import Any

import pytest
from fetch_web import CERTIFICATES, Answer, Request, Web, head, page, raw, redirect, silence, status, trickle

from pipeline.errors import FetchError
from pipeline.fetch import Client, Response
from pipeline.fetch.connection import MAX_HEAD, MAX_HEADERS
from pipeline.settings import Settings

LOOPBACK = "127.0.0.0/8"
QUICK = Settings(host_delay=0.0, fetch_seconds=5.0, allow_addresses=LOOPBACK)
TEXT = b"<html><body><p>The harbour was closed at noon.</p></body></html>"


def run(work: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run(work)


async def got(answer: Answer, settings: Settings = QUICK, **asked: Any) -> Response:
    async with Web({"/": answer}) as web, Client(settings) as client:
        return await client.get(web.url("/"), max_bytes=100_000, **asked)


def refused(answer: Answer, settings: Settings = QUICK, **asked: Any) -> FetchError:
    with pytest.raises(FetchError) as caught:
        run(got(answer, settings, **asked))
    return caught.value


# Answers that are wrong and can be used all the same.


def test_a_304_with_a_body_is_a_304_and_its_connection_is_not_used_again() -> None:
    async def work() -> tuple[Response, bytes, int]:
        wrong = raw_and_stay(head(304, content_length="9", etag='"1"') + b"a body!!!")
        async with Web({"/": wrong, "/page": page(TEXT)}) as web, Client(QUICK) as client:
            response = await client.get(web.url("/"), etag='"1"', max_bytes=100)
            after = await client.get(web.url("/page"), max_bytes=1000)
            return response, after.body, web.connections

    response, after, connections = run(work())
    assert (response.not_modified, response.body, response.headers["etag"]) == (True, b"", '"1"')
    assert (after, connections) == (TEXT, 2)


def test_a_length_that_is_too_short_cuts_the_page_and_nothing_else() -> None:
    async def work() -> tuple[bytes, bytes]:
        wrong = raw_and_stay(head(200, content_length="4") + b"page HTTP/1.1 200 OK\r\n\r\n")
        async with Web({"/": wrong, "/page": page(TEXT)}) as web, Client(QUICK) as client:
            first = await client.get(web.url("/"), max_bytes=100)
            return first.body, (await client.get(web.url("/page"), max_bytes=1000)).body

    assert run(work()) == (b"page", TEXT)


def test_a_second_answer_smuggled_in_is_never_taken_for_the_next() -> None:
    async def work() -> tuple[bytes, bytes]:
        two = head(200, content_length="3") + b"one" + head(200, content_length="4") + b"evil"
        async with Web({"/": raw_and_stay(two), "/page": page(TEXT)}) as web, Client(QUICK) as client:
            first = await client.get(web.url("/"), max_bytes=100)
            return first.body, (await client.get(web.url("/page"), max_bytes=1000)).body

    assert run(work()) == (b"one", TEXT)


@pytest.mark.parametrize(
    "sent",
    [
        b"HTTP/1.1 200 OK\nContent-Length: 4\n\npage",
        b"HTTP/1.0 200 OK\r\n\r\npage",
        b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\npage",
        b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\npage",
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\npage",
        b"HTTP/1.1 200\r\nContent-Length: 4\r\n\r\npage",
        b"HTTP/1.1 200 OK\r\nX-Odd: \x80\xff\x01\r\nContent-Length: 4\r\n\r\npage",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4;x=y\r\npage\r\n0\r\nX-Trailer: 1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nX-Folded: a\r\n b\r\n\r\npage",
    ],
    ids=["line feeds", "1.0", "to the end", "early hints", "continue", "no phrase", "odd bytes", "trailers",
         "folded"],
)  # fmt: skip
def test_what_real_servers_send_is_read(sent: bytes) -> None:
    assert run(got(raw(sent))).body == b"page"


# Answers that cannot be used.


@pytest.mark.parametrize(
    "answer",
    [
        raw(head(200, content_length="100") + b"half of"),
        raw(b"HTTP/1.1 200 OK\r\nContent-Le"),
        raw(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\npage!"),
        raw(head(200, content_length="4", transfer_encoding="chunked") + b"4\r\npage\r\n0\r\n\r\n"),
        raw(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\nhello"),
        raw(b"HTTP/9.9 200 OK\r\n\r\npage"),
        raw(b"page without any head"),
        raw(b"\x16\x03\x01\x02\x00\x01"),
    ],
    ids=["body", "head", "two lengths", "two framings", "switched", "version", "0.9", "TLS"],
)
def test_an_answer_that_breaks_off_or_contradicts_itself_is_a_broken_protocol(answer: Answer) -> None:
    error = refused(answer)
    assert (error.code, error.retry_helps) == ("protocol", True)


@pytest.mark.parametrize(
    "sent",
    [
        head(200, **{f"x{number}": "y" for number in range(MAX_HEADERS + 1)}),
        head(200, x="y" * (MAX_HEAD + 1)),
        b"HTTP/1.1 200 " + b"OK" * MAX_HEAD,
    ],
    ids=["many", "long", "long phrase"],
)
def test_heads_have_a_limit(sent: bytes) -> None:
    error = refused(raw(sent + b"page"))
    assert error.code == "protocol"


@pytest.mark.parametrize(
    "start",
    [
        b"HTTP/1.1 200 OK\r\nX-Endless: ",
        b"HTTP/1.1 200 OK\r\n",
        head(200, transfer_encoding="chunked") + b"4\r\npage\r\n0\r\nX-Endless: ",
        head(200, transfer_encoding="chunked") + b"4;x=",
    ],
    ids=["header", "headers", "trailer", "chunk extension"],
)
def test_endless_heads_and_trailers_cost_no_memory(start: bytes) -> None:
    piece = b"X-More: of it\r\n" * 4000 if start.endswith(b"OK\r\n") else b"y" * 65_536
    tracemalloc.start()
    try:
        error = refused(trickle(start, piece, pause=0))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert error.code == "protocol"
    assert peak < 8_000_000


# Time.


def test_an_answer_must_begin_in_time() -> None:
    settings = Settings(host_delay=0.0, fetch_seconds=30.0, first_byte_seconds=0.2, allow_addresses=LOOPBACK)
    for answer in (silence(), trickle(b"HTTP/1.1 200 OK\r\nX-Slow: ", b"z")):
        error = refused(answer, settings)
        assert (error.code, error.retry_helps) == ("timeout", True)
        assert "0.2 s" in error.message


def test_a_body_that_began_in_time_may_take_longer() -> None:
    async def slow(request: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(head(200, content_length="4") + b"pa")
        await writer.drain()
        await asyncio.sleep(0.4)
        writer.write(b"ge")

    settings = Settings(host_delay=0.0, fetch_seconds=9.0, first_byte_seconds=0.3, allow_addresses=LOOPBACK)
    response = run(got(slow, settings))
    assert response.body == b"page"
    assert 0.3 < response.seconds < 9


def test_a_redirect_whose_body_never_ends_is_followed_soon() -> None:
    async def work() -> Response:
        endless = trickle(head(302, location="/page", transfer_encoding="chunked"), b"1\r\nx\r\n")
        async with Web({"/": endless, "/page": page(TEXT)}) as web, Client(QUICK) as client:
            return await client.get(web.url("/"), max_bytes=1000)

    assert run(work()).body == TEXT


def test_a_refusal_whose_body_breaks_off_is_that_refusal() -> None:
    error = refused(raw(head(503, content_length="5000", retry_after="60") + b"only this"))
    assert (error.code, error.status, error.retry_after) == ("http_server", 503, 60.0)


# Connections that end.


async def work_with_keepalive(answer: Answer, times: int) -> Web:
    async with Web({"/": answer}) as web, Client(QUICK) as client:
        for _ in range(times):
            assert (await client.get(web.url("/"), max_bytes=1000)).body == TEXT
            for _ in range(20):
                await asyncio.sleep(0)
        return web


def test_a_connection_that_was_closed_while_idle_is_replaced() -> None:
    async def answer(request: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(head(200, content_length=str(len(TEXT))) + TEXT)
        await writer.drain()
        writer.close()

    web = run(work_with_keepalive(answer, 5))
    assert (len(web.asked), web.connections) == (5, 5)


def test_a_connection_that_dies_under_the_next_request_is_replaced_once() -> None:
    counts: dict[int, int] = {}

    async def answer(request: Request, writer: asyncio.StreamWriter) -> None:
        counts[request.connection] = counts.get(request.connection, 0) + 1
        if counts[request.connection] == 2:
            writer.close()
            return
        writer.write(head(200, content_length=str(len(TEXT))) + TEXT)

    web = run(work_with_keepalive(answer, 4))
    # Each request but the first found a connection that died under it.
    assert (len(web.asked), web.connections) == (7, 4)


def test_a_fresh_connection_that_dies_is_not_tried_again() -> None:
    async def work() -> tuple[FetchError, int]:
        async with Web({"/": raw(b"")}) as web, Client(QUICK) as client:
            with pytest.raises(FetchError) as caught:
                await client.get(web.url("/"), max_bytes=1000)
            return caught.value, len(web.asked)

    error, asked = run(work())
    assert (error.code, error.retry_helps, asked) == ("protocol", True, 1)


def test_an_answer_that_had_begun_is_not_asked_for_again() -> None:
    async def answer(request: Request, writer: asyncio.StreamWriter) -> None:
        if request.path == "/first":
            writer.write(head(200, content_length="2") + b"ok")
            return
        writer.write(b"HTTP/1.1 200 O")
        await writer.drain()
        writer.close()

    async def work() -> list[str]:
        async with Web({"/first": answer, "/": answer}) as web, Client(QUICK) as client:
            await client.get(web.url("/first"), max_bytes=10)
            with pytest.raises(FetchError):
                await client.get(web.url("/"), max_bytes=10)
            return web.paths()

    assert run(work()) == ["/first", "/"]


def test_idle_connections_are_few_however_many_hosts_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.fetch.transport._KEPT_IDLE", 5)

    async def work() -> tuple[int, int]:
        async with Web({"/": page(TEXT)}) as web:
            server = await asyncio.start_server(web._serve, "0.0.0.0", 0)
            port = server.sockets[0].getsockname()[1]
            async with server, Client(QUICK) as client:
                for number in range(1, 21):
                    await client.get(f"http://127.0.2.{number}:{port}/", max_bytes=1000)
                while len(web._connections) > 5:
                    await asyncio.sleep(0.01)
                return len(web._connections), web.connections

    assert run(asyncio.wait_for(work(), 20)) == (5, 20)


def test_a_cancelled_request_leaves_no_connection_behind() -> None:
    async def work() -> None:
        async with Web({"/": silence()}) as web, Client(QUICK) as client:
            task = asyncio.create_task(client.get(web.url("/"), max_bytes=10))
            while not web.asked:
                await asyncio.sleep(0)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            while web._connections:
                await asyncio.sleep(0.01)
                for connection in list(web._connections):
                    connection.cancel()

    run(asyncio.wait_for(work(), 10))


# TLS.


def trusting() -> ssl.SSLContext:
    return ssl.create_default_context(cafile=CERTIFICATES / "authority.pem")


async def over_tls(certificate: str, host: str = "127.0.0.1") -> Response:
    settings = Settings(host_delay=0.0, fetch_seconds=5.0, allow_addresses="127.0.0.0/8, ::1/128")
    async with (
        Web({"/": page(TEXT)}, certificate=certificate) as web,
        Client(settings, certificates=trusting()) as client,
    ):
        await client.get(web.url("/", host), max_bytes=1000)
        response = await client.get(web.url("/", host), max_bytes=1000)
        assert web.connections == 1
        return response


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_good_certificate_is_accepted(host: str) -> None:
    assert run(over_tls("good", host)).body == TEXT


@pytest.mark.parametrize("certificate", ["expired", "self", "other"])
def test_a_wrong_certificate_is_refused_for_good(certificate: str) -> None:
    with pytest.raises(FetchError) as caught:
        run(over_tls(certificate))
    assert (caught.value.code, caught.value.retry_helps) == ("tls", False)


def test_an_authority_that_nobody_knows_is_refused() -> None:
    async def work() -> None:
        async with Web({"/": page(TEXT)}, certificate="good") as web, Client(QUICK) as client:
            await client.get(web.url("/"), max_bytes=1000)

    with pytest.raises(FetchError) as caught:
        run(work())
    assert (caught.value.code, caught.value.retry_helps) == ("tls", False)


def test_a_redirect_to_a_wrong_certificate_is_refused_too() -> None:
    async def work() -> None:
        async with Web({"/": page(TEXT)}, certificate="self") as bad:
            pages = {"/": redirect(bad.url("/")), "/fine": status(200)}
            async with Web(pages) as web, Client(QUICK) as client:
                await client.get(web.url("/"), max_bytes=1000)

    with pytest.raises(FetchError) as caught:
        run(work())
    assert caught.value.code == "tls"


def raw_and_stay(sent: bytes) -> Answer:
    """Exactly these bytes; the connection stays open."""

    async def answer(request: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(sent)

    return answer
