"""The HTTP client against a real server on loopback that misbehaves."""

from __future__ import annotations

import asyncio
import gzip
import ssl
import zlib
from collections.abc import Coroutine
from typing import Any

import httpx
import pytest
from fetch_web import Answer, Web, head, page, raw, redirect, silence, status, trickle

from pipeline.errors import CODES, FetchError
from pipeline.fetch import Client, Response
from pipeline.fetch.failures import translated
from pipeline.settings import Settings

LOOPBACK = "127.0.0.0/8"
QUICK = Settings(host_delay=0.0, fetch_seconds=5.0, allow_addresses=LOOPBACK)
TEXT = b"<html><body><p>The harbour was closed at noon.</p></body></html>"


def run(work: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run(work)


async def got(answer: Answer, settings: Settings = QUICK, max_bytes: int = 100_000, **asked: Any) -> Response:
    async with Web({"/": answer}) as web, Client(settings) as client:
        return await client.get(web.url("/"), max_bytes=max_bytes, **asked)


def refused(answer: Answer, settings: Settings = QUICK, max_bytes: int = 100_000) -> FetchError:
    with pytest.raises(FetchError) as caught:
        run(got(answer, settings, max_bytes))
    assert caught.value.code in CODES
    return caught.value


def test_a_page_comes_with_its_status_headers_and_address() -> None:
    response = run(got(page(TEXT, x_odd="one")))
    assert (response.status, response.body, response.redirects) == (200, TEXT, [])
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert response.headers["x-odd"] == "one"
    assert not response.not_modified


def test_the_request_says_who_asks_and_carries_no_cookie() -> None:
    async def work() -> Web:
        pages = {"/": page(TEXT, set_cookie="a=b; Path=/")}
        async with Web(pages) as web, Client(QUICK) as client:
            for _ in range(2):
                await client.get(web.url("/"), max_bytes=1000)
            return web

    for request in run(work()).asked:
        assert request.headers["user-agent"] == QUICK.user_agent
        assert "cookie" not in request.headers


def test_a_name_and_password_in_the_address_are_sent_as_such() -> None:
    async def work() -> Web:
        async with Web({"/": page(TEXT)}) as web, Client(QUICK) as client:
            await client.get(f"http://ann:s%40crt@127.0.0.1:{web.port}/", max_bytes=1000)
            return web

    assert run(work()).asked[0].headers["authorization"] == "Basic YW5uOnNAY3J0"


def test_validators_are_sent_verbatim_and_a_304_is_an_answer() -> None:
    async def work() -> tuple[Response, Web]:
        async with Web({"/": status(304, etag='W/"x\xe9"')}) as web, Client(QUICK) as client:
            response = await client.get(
                web.url("/"), etag='W/"x\xe9"', last_modified="Tue, 01 Apr 2025 00:00:00 GMT", max_bytes=10
            )
            return response, web

    response, web = run(work())
    assert response.not_modified
    assert response.body == b""
    assert response.headers["etag"] == 'W/"x\xe9"'
    assert web.asked[0].headers["if-none-match"] == 'W/"x\xe9"'
    assert web.asked[0].headers["if-modified-since"] == "Tue, 01 Apr 2025 00:00:00 GMT"


def test_a_304_that_nobody_asked_for_is_refused() -> None:
    assert refused(status(304)).code == "protocol"


def test_redirects_are_followed_and_recorded() -> None:
    async def work() -> tuple[Response, Web]:
        pages = {"/": redirect("/b", 301), "/b": redirect("c?x=1#part"), "/c": page(TEXT)}
        async with Web(pages) as web, Client(QUICK) as client:
            return await client.get(web.url("/"), max_bytes=1000), web

    response, web = run(work())
    assert response.final_url == web.url("/c?x=1")
    assert response.redirects == [web.url("/"), web.url("/b")]
    assert response.body == TEXT


def test_a_redirect_in_a_circle_ends_at_once() -> None:
    async def work() -> Web:
        async with Web({"/a": redirect("/b"), "/b": redirect("/a")}) as web, Client(QUICK) as client:
            with pytest.raises(FetchError) as caught:
                await client.get(web.url("/a"), max_bytes=1000)
            assert (caught.value.code, caught.value.retry_helps) == ("redirects", False)
            return web

    assert run(work()).paths() == ["/a", "/b"]


def test_ten_redirects_are_followed_and_no_more() -> None:
    async def work() -> Web:
        pages = {f"/{number}": redirect(f"/{number + 1}") for number in range(1, 30)}
        async with Web(pages | {"/30": page(TEXT)}) as web, Client(QUICK) as client:
            await client.get(web.url("/20"), max_bytes=1000)
            web.asked.clear()
            with pytest.raises(FetchError) as caught:
                await client.get(web.url("/1"), max_bytes=1000)
            assert caught.value.code == "redirects"
            return web

    assert len(run(work()).asked) == 11


@pytest.mark.parametrize(
    "location", ["file:///etc/hosts", "ftp://host.example/", "javascript:1", "http://", "//"]
)
def test_a_redirect_leads_to_http_only(location: str) -> None:
    assert refused(redirect(location)).code == "redirects"


def test_a_redirect_without_an_address_is_refused() -> None:
    assert refused(status(302)).code == "redirects"


@pytest.mark.parametrize(
    ("code", "expected", "retry_helps"),
    [
        (400, "http_client", False),
        (401, "http_client", False),
        (403, "http_client", False),
        (404, "http_client", False),
        (408, "http_client", True),
        (410, "gone", False),
        (429, "throttled", True),
        (451, "http_client", False),
        (500, "http_server", True),
        (503, "http_server", True),
        (599, "http_server", True),
        (999, "protocol", True),
    ],
)
def test_a_refusing_status_has_its_code(code: int, expected: str, retry_helps: bool) -> None:
    error = refused(status(code))
    assert (error.code, error.retry_helps) == (expected, retry_helps)


def test_retry_after_is_read_as_seconds_and_as_a_date() -> None:
    assert refused(status(429, retry_after="120")).retry_after == 120.0
    assert refused(status(503, retry_after="Mon, 01 Jan 2001 00:00:00 GMT")).retry_after == 0.0
    assert refused(status(503, retry_after="soon")).retry_after is None


def test_a_body_beyond_the_limit_is_not_read_on() -> None:
    endless = trickle(head(200), b"x" * 5000, pause=0)
    assert refused(endless, max_bytes=20_000).code == "too_large"
    announced = raw(head(200, content_length="999999999"))
    assert refused(announced, max_bytes=20_000).code == "too_large"


@pytest.mark.parametrize("layers", [1, 2])
def test_a_gzip_bomb_is_stopped_at_the_limit(layers: int) -> None:
    bomb = gzip.compress(bytes(60_000_000))
    if layers == 2:
        bomb = bomb * 3
    error = refused(page(bomb, content_encoding="gzip"), max_bytes=1_000_000)
    assert (error.code, error.retry_helps) == ("too_large", False)


@pytest.mark.parametrize(
    ("packed", "encoding"),
    [
        (gzip.compress(TEXT), "gzip"),
        (gzip.compress(TEXT[:20]) + gzip.compress(TEXT[20:]), "gzip"),
        (gzip.compress(TEXT) + b"trailing rubbish", "x-gzip"),
        (zlib.compress(TEXT), "deflate"),
        (zlib.compress(TEXT)[2:-4], "deflate"),
        (TEXT, "gzip"),
        (TEXT, "identity"),
        (TEXT, ""),
    ],
    ids=["gzip", "two members", "rubbish behind", "zlib", "bare deflate", "not packed", "identity", "none"],
)
def test_bodies_are_unpacked_as_servers_really_pack_them(packed: bytes, encoding: str) -> None:
    assert run(got(page(packed, content_encoding=encoding))).body == TEXT


def test_damaged_or_unknown_packing_is_a_broken_protocol() -> None:
    packed = gzip.compress(TEXT)
    assert refused(page(packed[:-9], content_encoding="gzip")).code == "protocol"
    assert refused(page(packed[:12] + b"\xff" * 40, content_encoding="gzip")).code == "protocol"
    assert refused(page(b"anything", content_encoding="compress")).code == "protocol"
    assert refused(page(b"anything", content_encoding="gzip, gzip, gzip, gzip")).code == "protocol"


@pytest.mark.parametrize(
    "answer",
    [
        raw(head(200, content_length="5000") + b"only this"),
        raw(head(200, transfer_encoding="chunked") + b"ffff\r\nonly this"),
        raw(head(200, transfer_encoding="chunked") + b"no size\r\n"),
        raw(b"SSH-2.0-OpenSSH_9.2\r\n"),
        raw(b"HTTP/1.1 200 OK\r\nbroken header line\r\n\r\n"),
        raw(b"HTTP/1.1 200 OK\r\ncontent-length: -5\r\n\r\n"),
        raw(b""),
    ],
    ids=["short", "short chunk", "bad chunk", "other protocol", "bad header", "bad length", "nothing"],
)
def test_a_server_that_breaks_the_protocol_is_told_as_such(answer: Answer) -> None:
    error = refused(answer)
    assert (error.code, error.retry_helps) == ("protocol", True)


def test_more_bytes_than_announced_are_left_alone() -> None:
    assert run(got(raw(head(200, content_length="4") + b"page and rubbish"))).body == b"page"


@pytest.mark.parametrize(
    "answer",
    [silence(), trickle(b"HTTP/1.1 200 OK\r\nx-slow: ", b"H"), trickle(head(200), b"x")],
    ids=["silent", "slow head", "slow body"],
)
def test_a_slow_server_is_given_up_after_the_whole_time(answer: Answer) -> None:
    error = refused(answer, Settings(host_delay=0.0, fetch_seconds=0.3, allow_addresses=LOOPBACK))
    assert (error.code, error.retry_helps) == ("timeout", True)


def test_time_counts_over_all_redirects_together() -> None:
    async def slow_step(request: Any, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.12)
        number = int(request.path.partition("=")[2] or 0) + 1
        writer.write(head(302, location=f"/?n={number}", content_length="0"))

    assert (
        refused(slow_step, Settings(host_delay=0.0, fetch_seconds=0.4, allow_addresses=LOOPBACK)).code
        == "timeout"
    )


def test_nobody_at_home_is_a_connect_error() -> None:
    async def work() -> None:
        async with Web({}) as web:
            address = web.url("/")
        async with Client(QUICK) as client:
            await client.get(address, max_bytes=1000)

    with pytest.raises(FetchError) as caught:
        run(work())
    assert (caught.value.code, caught.value.retry_helps) == ("connect", True)


def test_a_server_without_tls_is_a_tls_error() -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        await reader.read(1)
        writer.close()

    async def work() -> None:
        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        async with server, Client(QUICK) as client:
            await client.get(f"https://127.0.0.1:{port}/", max_bytes=1000)

    with pytest.raises(FetchError) as caught:
        run(work())
    assert caught.value.code == "tls"


@pytest.mark.parametrize(
    "url",
    [
        "ftp://host.example/",
        "http://",
        "http://[::1",
        "no address",
        "http://" + "a" * 70 + ".example/",
        "http://a..b/",
    ],
)
def test_what_is_no_address_is_refused_without_asking(url: str) -> None:
    async def work() -> None:
        async with Client(QUICK) as client:
            await client.get(url, max_bytes=1000)

    with pytest.raises(FetchError) as caught:
        run(work())
    assert caught.value.code in ("bad_url", "dns")
    assert not caught.value.retry_helps or caught.value.code == "dns"


def _classes_of(module: Any) -> list[type[Exception]]:
    found = [value for value in vars(module).values() if isinstance(value, type)]
    return [value for value in found if issubclass(value, Exception)]


@pytest.mark.parametrize("kind", _classes_of(httpx), ids=lambda kind: kind.__name__)
def test_every_exception_of_the_library_has_a_meaning(kind: type[Exception]) -> None:
    error = kind.__new__(kind)
    Exception.__init__(error, "because")
    told = translated(error, "http://ann:secret@host.example/")
    assert told.code in CODES
    assert "secret" not in told.message
    programming = issubclass(kind, httpx.StreamError | httpx.CookieConflict)
    assert (told.code == "internal") == programming


def test_a_certificate_that_does_not_verify_is_final() -> None:
    error = httpx.ConnectError("handshake")
    error.__cause__ = ssl.SSLCertVerificationError("self-signed certificate")
    told = translated(error, "https://host.example/")
    assert (told.code, told.retry_helps) == ("tls", False)


def test_another_event_loop_is_refused() -> None:
    client = Client(QUICK)
    run(client.__aenter__())
    with pytest.raises(RuntimeError, match="event loop"):
        run(client.get("http://127.0.0.1:9/", max_bytes=1))


def test_connections_are_kept_for_the_next_request_and_closed_at_the_end() -> None:
    async def work() -> tuple[int, int]:
        async def count(request: Any, writer: asyncio.StreamWriter) -> None:
            ports.add(writer.get_extra_info("peername")[1])
            writer.write(head(200, content_length="2") + b"ok")

        ports: set[int] = set()
        async with Web({"/": count}) as web:
            async with Client(QUICK) as client:
                for _ in range(5):
                    await client.get(web.url("/"), max_bytes=10)
            return len(ports), len(web.asked)

    assert run(work()) == (1, 5)
