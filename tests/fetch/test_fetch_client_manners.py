"""How the client behaves towards servers, and what it tells its callers about an exchange."""

from __future__ import annotations

import asyncio
import pickle
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import pytest
from fetch_web import Answer, Request, Web, head, page, redirect, status

from pipeline.errors import FetchError, SettingsError
from pipeline.fetch import Client, Response
from pipeline.fetch.client import user_agent
from pipeline.settings import Settings

QUICK = Settings(host_delay=0.0, fetch_seconds=5.0, allow_addresses="127.0.0.0/8")
TEXT = b"<html><body><p>The harbour was closed at noon.</p></body></html>"


def run(work: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run(work)


async def got(pages: dict[str, Answer], path: str = "/", **asked: Any) -> Response:
    async with Web(pages) as web, Client(QUICK) as client:
        return await client.get(web.url(path), max_bytes=100_000, **asked)


def refused(answer: Answer, **asked: Any) -> FetchError:
    with pytest.raises(FetchError) as caught:
        run(got({"/": answer}, **asked))
    return caught.value


# Who asks.


def test_the_sender_can_be_reached() -> None:
    assert user_agent(Settings()) == "Feedmill/0.1"
    assert (
        user_agent(Settings(contact="https://desk.example/bot")) == "Feedmill/0.1 (+https://desk.example/bot)"
    )


@pytest.mark.parametrize(
    "settings",
    [Settings(user_agent="a\r\nX-Evil: 1"), Settings(contact="büro@desk.example")],
    ids=["lines", "ü"],
)
def test_a_sender_that_cannot_be_sent_is_a_settings_error(settings: Settings) -> None:
    with pytest.raises(SettingsError, match="FEEDMILL_"):
        Client(settings)


# Turns.


def test_each_hop_has_its_turn_which_lasts_until_its_body_was_read() -> None:
    events: list[str] = []

    async def work() -> None:
        async def slow_page(request: Request, writer: asyncio.StreamWriter) -> None:
            writer.write(head(200, content_length="4") + b"pa")
            await writer.drain()
            await asyncio.sleep(0.05)
            events.append("body")
            writer.write(b"ge")

        @asynccontextmanager
        async def turn(url: str) -> AsyncIterator[None]:
            events.append(f"in {url.rpartition('/')[2]}")
            yield
            events.append(f"out {url.rpartition('/')[2]}")

        pages = {"/a": redirect("/b"), "/b": redirect("/c"), "/c": slow_page}
        async with Web(pages) as web, Client(QUICK) as client:
            await client.get(web.url("/a"), max_bytes=100, turn=turn)

    run(work())
    assert events == ["in a", "out a", "in b", "out b", "in c", "body", "out c"]


def test_what_a_turn_raises_goes_through_and_the_way_so_far_is_known() -> None:
    class Elsewhere(Exception):
        pass

    async def work() -> tuple[list[str], list[str], Response, Web]:
        @asynccontextmanager
        async def turn(url: str) -> AsyncIterator[None]:
            if url.endswith("/c"):
                raise Elsewhere(url)
            yield

        pages = {"/a": redirect("/b", 301), "/b": redirect("/c", 301), "/c": page(TEXT)}
        async with Web(pages) as web, Client(QUICK) as client:
            passed: list[str] = []
            with pytest.raises(Elsewhere) as caught:
                await client.get(web.url("/a"), max_bytes=1000, turn=turn, passed=passed)
            before = list(passed)
            response = await client.get(str(caught.value), max_bytes=1000, passed=passed)
            return before, passed, response, web

    before, passed, response, web = run(work())
    assert before == passed == response.redirects == [web.url("/a"), web.url("/b")]
    assert response.final_url == web.url("/c")
    # Their statuses are not known any more.
    assert not response.permanent
    assert web.paths() == ["/a", "/b", "/c"]


def test_addresses_passed_before_count_for_circles_and_for_the_limit() -> None:
    async def work(before: int) -> None:
        async with Web({"/x": redirect("/0"), "/0": page(TEXT)}) as web, Client(QUICK) as client:
            passed = [web.url(f"/{number}") for number in range(before)]
            await client.get(web.url("/x"), max_bytes=1000, passed=passed)

    run(work(0))
    with pytest.raises(FetchError, match="circle"):
        run(work(1))

    async def far(before: int) -> Response:
        passed = [f"http://127.0.0.1/{number}" for number in range(before)]
        return await got({"/": redirect("/y"), "/y": page(TEXT)}, passed=passed)

    assert len(run(far(9)).redirects) == 10
    with pytest.raises(FetchError, match="more than 10"):
        run(far(10))


def test_the_waiting_for_a_turn_does_not_count_as_time() -> None:
    async def work() -> Response:
        settings = Settings(host_delay=0.0, fetch_seconds=0.3, allow_addresses="127.0.0.0/8")

        @asynccontextmanager
        async def turn(url: str) -> AsyncIterator[None]:
            await asyncio.sleep(0.4)
            yield

        async with Web({"/": page(TEXT)}) as web, Client(settings) as client:
            return await client.get(web.url("/"), max_bytes=1000, turn=turn)

    assert run(work()).seconds < 0.3


# What the answer says.


@pytest.mark.parametrize(
    ("codes", "permanent"),
    [
        ([], False),
        ([301], True),
        ([308, 301], True),
        ([301, 302], False),
        ([307], False),
        ([303, 308], False),
    ],
)
def test_a_move_is_permanent_when_every_hop_is(codes: list[int], permanent: bool) -> None:
    pages = {f"/{number}": redirect(f"/{number + 1}", code) for number, code in enumerate(codes)}
    response = run(got(pages | {f"/{len(codes)}": page(TEXT)}, "/0"))
    assert response.permanent == permanent


def test_an_answer_says_how_long_it_is_fresh() -> None:
    assert run(got({"/": page(TEXT, cache_control="public, max-age=600", age="100")})).fresh == 500
    assert run(got({"/": page(TEXT)})).fresh is None
    assert run(got({"/": status(304, cache_control="max-age=60")}, etag='"1"')).fresh == 60


def test_a_refusal_tells_its_status_freshness_and_when_to_come_back() -> None:
    error = refused(status(429, retry_after="120", cache_control="max-age=172800"))
    assert (error.code, error.status, error.retry_after, error.fresh) == ("throttled", 429, 120.0, 172_800.0)
    for code in (403, 404, 410, 500, 503):
        error = refused(status(code, retry_after="30"))
        assert (error.status, error.retry_after, error.fresh) == (code, 30.0, None)
    again = pickle.loads(pickle.dumps(error))
    assert (again.code, again.status, again.retry_after) == (error.code, error.status, error.retry_after)


def test_an_answer_that_proves_useless_tells_its_status_too() -> None:
    assert refused(page(b"x" * 200_000)).status == 200
    assert refused(page(TEXT, content_encoding="compress")).status == 200
    assert refused(redirect("ftp://host.example/")).status == 302


def test_a_bot_wall_is_told_as_such_with_its_status_and_packed_or_not() -> None:
    body = b"<html><head><title>Just a moment...</title></head><body></body></html>"
    error = refused(page(body, code=403, cf_mitigated="challenge", server="cloudflare", retry_after="9"))
    assert (error.code, error.status, error.retry_after) == ("blocked", 403, 9.0)


def test_the_connection_survives_redirects_and_refusals() -> None:
    async def work() -> int:
        pages = {"/": redirect("/gone"), "/gone": page(b"not here", code=404), "/page": page(TEXT)}
        async with Web(pages) as web, Client(QUICK) as client:
            for _ in range(3):
                with pytest.raises(FetchError):
                    await client.get(web.url("/"), max_bytes=1000)
                await client.get(web.url("/page"), max_bytes=1000)
            return web.connections

    assert run(work()) == 1


# Validators.


@pytest.mark.parametrize(
    "etag", ['"1"', 'W/"1"', "unquoted", '"', '"a b"', '"\xc3\xa9"', '"\xe9\xff"', '"a\tb"', "x" * 8000]
)
def test_validators_go_back_byte_by_byte_as_they_came(etag: str) -> None:
    async def work() -> list[str]:
        answer = page(TEXT, etag=etag, last_modified="yesterday, about noon")
        async with Web({"/": answer}) as web, Client(QUICK) as client:
            first = (await client.get(web.url("/"), max_bytes=1000)).headers
            await client.get(
                web.url("/"), etag=first["etag"], last_modified=first["last-modified"], max_bytes=1000
            )
            sent = web.asked[1].headers
            return [sent["if-none-match"], sent["if-modified-since"]]

    assert run(work()) == [etag, "yesterday, about noon"]


def test_a_validator_that_would_forge_a_header_is_not_sent() -> None:
    async def work() -> Web:
        async with Web({"/": page(TEXT)}) as web, Client(QUICK) as client:
            await client.get(web.url("/"), etag='"1"\r\nX-Evil: 1', max_bytes=1000)
            return web

    assert not {"if-none-match", "x-evil"} & set(run(work()).asked[0].headers)


# Forms.


def test_a_form_is_posted_once_and_any_success_is_an_answer() -> None:
    async def work() -> tuple[Response, Web]:
        async with Web({"/hub": page(b"queued", code=202)}) as web, Client(QUICK) as client:
            form = {"hub.mode": "subscribe", "hub.topic": "https://a.example/f?x=1&y=ü"}
            return await client.post(web.url("/hub"), form), web

    response, web = run(work())
    assert (response.status, response.body) == (202, b"queued")
    request = web.asked[0]
    assert (request.method, len(web.asked)) == ("POST", 1)
    assert request.headers["content-type"] == "application/x-www-form-urlencoded"
    assert request.body == b"hub.mode=subscribe&hub.topic=https%3A%2F%2Fa.example%2Ff%3Fx%3D1%26y%3D%C3%BC"


def test_a_form_follows_no_redirect_itself_and_tells_refusals() -> None:
    async def posted(answer: Answer) -> Response:
        async with Web({"/hub": answer, "/other": page(TEXT)}) as web, Client(QUICK) as client:
            return await client.post(web.url("/hub"), {"a": "b"})

    for answer, code in ((redirect("/other", 302), "redirects"), (status(404), "http_client")):
        with pytest.raises(FetchError) as caught:
            run(posted(answer))
        assert caught.value.code == code
    # By these the form is to be sent again elsewhere (RFC 9110, 15.4.8): its sender decides.
    assert run(posted(redirect("/other", 307))).headers["location"] == "/other"
    assert len(run(posted(page(b"x" * 200_000))).body) == 65_536


def test_a_form_has_its_turn() -> None:
    turns: list[str] = []

    @asynccontextmanager
    async def turn(url: str) -> AsyncIterator[None]:
        turns.append(url)
        yield

    async def work() -> str:
        async with Web({"/hub": status(204)}) as web, Client(QUICK) as client:
            await client.post(web.url("/hub"), {}, turn=turn)
            return web.url("/hub")

    assert [run(work())] == turns
