"""The callback for hubs: what it confirms, takes and passes over; and a journey with a real hub."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
import uvicorn
from web_site import Site
from websub_hub import CHALLENGE, Hub, signature

from pipeline.errors import StoreError
from pipeline.fetch.client import Client
from pipeline.model import Feed, Hints, WebSub
from pipeline.settings import Settings
from workers.web import server, websub
from workers.web.app import create_app
from workers.websub import tend

FEED = "https://news.example/feed.xml"
TOKEN, SECRET = "tok" + "-_Az9" * 8, "s3cret"
ATOM = "application/atom+xml"


def atom(*titles: str) -> bytes:
    entries = "".join(
        f"<entry><id>tag:news.example,2026:{title}</id><title>{title}</title>"
        f'<link href="https://news.example/{title}"/><updated>2026-01-02T00:00:00Z</updated></entry>'
        for title in titles
    )
    return (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>News</title><id>tag:news.example,2026:feed</id>'
        f"<updated>2026-01-02T00:00:00Z</updated>{entries}</feed>"
    ).encode()


def subscribed(site: Site, **changed: Any) -> Feed:
    """A feed whose subscription is active, or as changed."""
    fields: dict[str, Any] = {
        "hub": "https://hub.example/",
        "topic": FEED,
        "token": TOKEN,
        "secret": SECRET,
        "state": "active",
        "asked_at": time.time(),
        "until": time.time() + 86_400,
    }
    feed = site.store.add_feed(FEED, 1_000.0)
    site.store.set_websub(feed.id, WebSub(**(fields | changed)))
    return now_of(site)


def now_of(site: Site) -> Feed:
    (feed,) = site.store.feeds()
    return feed


def websub_of(site: Site) -> WebSub:
    websub = now_of(site).websub
    assert websub
    return websub


def question(**changed: str) -> dict[str, str]:
    asked = {
        "hub.mode": "subscribe",
        "hub.topic": FEED,
        "hub.challenge": CHALLENGE,
        "hub.lease_seconds": "5000",
    }
    return asked | changed


def push(site: Site, body: bytes, signed: str | None = None, token: str = TOKEN) -> Any:
    headers = {"content-type": ATOM, "x-hub-signature": signature(SECRET, body) if signed is None else signed}
    return site.api.post(f"/websub/{token}", content=body, headers=headers)


def names(site: Site) -> list[str]:
    return sorted(item.name for item in site.store.items())


# -- questions ----------------------------------------------------------------------------------


def test_what_we_asked_for_is_confirmed_with_the_challenge_alone(site: Site) -> None:
    subscribed(site, state="asked", until=None, asks=2)
    answer = site.api.get(f"/websub/{TOKEN}", params=question())
    assert (answer.status_code, answer.text) == (200, CHALLENGE)
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    websub = websub_of(site)
    assert (websub.state, websub.asks) == ("active", 0)
    assert websub.until == pytest.approx(time.time() + 5000, abs=60)


@pytest.mark.parametrize(
    "changed",
    [{"hub.topic": "https://other.example/"}, {"hub.mode": "unsubscribe"}, {"hub.challenge": ""}],
    ids=["topic", "mode", "challenge"],
)
def test_what_we_did_not_ask_for_is_not_confirmed(site: Site, changed: dict[str, str]) -> None:
    before = subscribed(site)
    answer = site.api.get(f"/websub/{TOKEN}", params=question(**changed))
    assert answer.status_code == 404
    assert CHALLENGE not in answer.text
    assert now_of(site) == before


def test_a_denial_is_kept(site: Site) -> None:
    subscribed(site, state="asked", until=None)
    denied = question(**{"hub.mode": "denied", "hub.reason": "not for you"})
    assert site.api.get(f"/websub/{TOKEN}", params=denied).status_code == 200
    assert websub_of(site).state == "refused"
    assert "not for you" in (websub_of(site).message or "")


def test_an_end_is_confirmed_and_then_nothing_is_taken(site: Site) -> None:
    subscribed(site, state="ended", until=None)
    answer = site.api.get(f"/websub/{TOKEN}", params=question(**{"hub.mode": "unsubscribe"}))
    assert (answer.status_code, answer.text) == (200, CHALLENGE)
    assert push(site, atom("one")).status_code == 410
    assert names(site) == []


@pytest.mark.parametrize(
    "token",
    ["", "x", "x" * 43, TOKEN[:-1], TOKEN + "x", TOKEN.upper(), "..%2Fhealthz", "%00" * 43, "x" * 5000],
    ids=["none", "short", "another", "cut", "longer", "other case", "path", "zeros", "long"],
)
def test_an_unknown_token_is_not_found(site: Site, token: str) -> None:
    subscribed(site)
    assert site.api.get(f"/websub/{token}", params=question()).status_code == 404
    assert push(site, atom("one"), token=token).status_code == 404
    assert names(site) == []


@pytest.mark.parametrize(
    "query",
    ["a=1&" * 100 + "hub.mode=subscribe", "hub.topic=" + "x" * 9_000, "%ff=%ff;&&&=", ""],
    ids=["many", "long", "odd", "none"],
)
def test_odd_questions_are_refused(site: Site, query: str) -> None:
    before = subscribed(site)
    assert site.api.get(f"/websub/{TOKEN}?{query}").status_code in (400, 404)
    assert now_of(site) == before


@pytest.mark.parametrize("method", ["HEAD", "PUT", "DELETE", "OPTIONS"])
def test_other_methods_are_refused(site: Site, method: str) -> None:
    subscribed(site)
    assert site.api.request(method, f"/websub/{TOKEN}").status_code == 405


# -- pushes -------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["sha1", "sha256", "sha384", "sha512"])
def test_a_signed_push_becomes_a_job_and_counts(site: Site, method: str) -> None:
    feed = subscribed(site, pushes=4)
    body = atom("one", "two")
    answer = push(site, body, signature(SECRET, body, method))
    assert (answer.status_code, answer.text) == (202, "")
    (job,) = site.store.jobs()
    assert (job.sources, job.items) == ([FEED], 2)
    assert names(site) == ["https://news.example/one", "https://news.example/two"]
    assert websub_of(site).pushes == 5
    assert websub_of(site).last_push_at == pytest.approx(time.time(), abs=60)
    assert now_of(site).history[-1].result == "pushed"
    assert now_of(site).due_at == feed.due_at


def test_what_was_pushed_before_is_not_taken_twice(site: Site) -> None:
    subscribed(site)
    assert push(site, atom("one")).status_code == 202
    assert push(site, atom("one", "two")).status_code == 202
    assert [job.items for job in site.store.jobs()] == [1, 1]
    assert websub_of(site).pushes == 2


@pytest.mark.parametrize("signed", ["", "sha256=00", signature("other", atom("one")), "sha9=" + "0" * 64])
def test_an_unsigned_push_is_passed_over_in_silence(
    site: Site, signed: str, caplog: pytest.LogCaptureFixture
) -> None:
    before = subscribed(site)
    assert push(site, atom("one"), signed).status_code == 202
    assert now_of(site) == before
    assert names(site) == []
    assert "signature is missing or wrong" in caplog.text
    assert TOKEN not in caplog.text


def test_without_a_secret_the_token_is_the_proof(site: Site) -> None:
    subscribed(site, secret="")
    assert push(site, atom("one"), "").status_code == 202
    assert names(site) == ["https://news.example/one"]


@pytest.mark.parametrize("body", [b"", b"<html><body>Sorry</body></html>", b"\x00\x01", b"hub.mode=publish"])
def test_a_push_that_is_no_feed_is_taken_and_passed_over(
    site: Site, body: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    before = subscribed(site)
    assert push(site, body).status_code == 202
    assert now_of(site) == before
    assert "was passed over" in caplog.text


def test_a_push_for_a_feed_that_rests_is_passed_over(site: Site) -> None:
    feed = subscribed(site)
    site.store.change_feed(feed.id, 2_000.0, state="paused")
    assert push(site, atom("one")).status_code == 202
    assert names(site) == []


def test_a_push_that_is_too_large_is_refused_whether_it_says_so_or_not(
    open_site: Callable[..., Site],
) -> None:
    site = open_site(max_feed_bytes=1_000)
    subscribed(site)
    body = atom("x" * 2_000)

    async def in_pieces() -> AsyncIterator[bytes]:
        for at in range(0, len(body), 100):
            yield body[at : at + 100]

    assert push(site, body).status_code == 413
    headers = {"x-hub-signature": signature(SECRET, body)}
    answer = site.api.post(f"/websub/{TOKEN}", content=in_pieces(), headers=headers)
    assert answer.status_code == 413
    assert names(site) == []
    assert push(site, atom("one")).status_code == 202


def test_a_push_that_comes_too_slowly_is_cut_off(open_site: Callable[..., Site]) -> None:
    site = open_site(fetch_seconds=0.1)
    subscribed(site)

    async def slowly() -> AsyncIterator[bytes]:
        yield b"<feed>"
        await asyncio.Event().wait()

    assert site.api.post(f"/websub/{TOKEN}", content=slowly()).status_code == 408


def test_pushes_together_hold_no_more_than_a_few_of_the_largest(open_site: Callable[..., Site]) -> None:
    site = open_site(max_feed_bytes=1_000, fetch_seconds=5.0)
    subscribed(site)
    app = create_app(site.store, site.settings)

    async def scenario() -> list[int]:
        full = asyncio.Event()

        async def one() -> int:
            """A request of 900 bytes that ends only when all have come or one was refused."""
            sent: list[int] = []
            pieces = iter([{"type": "http.request", "body": b"x" * 900, "more_body": True}])

            async def receive() -> Any:
                piece = next(pieces, None)
                if piece is None:
                    await full.wait()
                    return {"type": "http.request", "body": b"", "more_body": False}
                return piece

            async def send(message: Any) -> None:
                sent.append(message.get("status", 0))
                full.set()

            asked = {"type": "http", "method": "POST", "query_string": b"", "headers": []}
            scope = asked | {"path": f"/websub/{TOKEN}"}
            await app(scope, receive, send)
            return sent[0]

        return await asyncio.gather(*(one() for _ in range(4)))

    assert sorted(asyncio.run(scenario())) == [202, 202, 202, 503]


def test_a_database_that_is_away_makes_the_hub_try_again(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    subscribed(site)

    def away(*_: object) -> None:
        raise StoreError("The database is away.")

    monkeypatch.setattr(site.store, "feeds_polled", away)
    answer = push(site, atom("one"))
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "60"


class Slow:
    """The start of a writing that goes on until it is let go."""

    def __init__(self, write: Callable[..., Any], error: Exception | None = None) -> None:
        self.write, self.error, self.goes_on = write, error, threading.Event()

    def __call__(self, *given: Any) -> Any:
        assert self.goes_on.wait(30)
        if self.error:
            raise self.error
        return self.write(*given)


@pytest.mark.parametrize("error", [None, StoreError("The database is away.")], ids=["well", "badly"])
def test_a_hub_need_not_wait_for_slow_work(
    site: Site, error: Exception | None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    subscribed(site)
    slow = Slow(site.store.feeds_polled, error)
    monkeypatch.setattr(site.store, "feeds_polled", slow)
    monkeypatch.setattr(websub, "PATIENCE", 0.01)
    body = atom("one")

    async def scenario() -> int:
        transport = httpx.ASGITransport(create_app(site.store, site.settings))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            headers = {"content-type": ATOM, "x-hub-signature": signature(SECRET, body)}
            answer = await client.post(f"/websub/{TOKEN}", content=body, headers=headers)
            slow.goes_on.set()
            others = asyncio.all_tasks() - {asyncio.current_task()}
            await asyncio.gather(*others, return_exceptions=True)
            return answer.status_code

    assert asyncio.run(scenario()) == 202
    assert len(names(site)) == (0 if error else 1)
    assert ("A push was lost" in caplog.text) == bool(error)


# -- who gets in ----------------------------------------------------------------------------------


def test_hubs_need_neither_the_token_for_writing_nor_a_name_on_the_list(
    open_site: Callable[..., Site],
) -> None:
    site = open_site(api_token="secret", public_url="https://mill.example")
    subscribed(site)
    outside = {"host": "mill.example", "origin": "https://hub.example", "sec-fetch-site": "cross-site"}
    body = atom("one")
    headers = outside | {"content-type": ATOM, "x-hub-signature": signature(SECRET, body)}
    assert site.api.get(f"/websub/{TOKEN}", params=question(), headers=outside).status_code == 200
    assert site.api.post(f"/websub/{TOKEN}", content=body, headers=headers).status_code == 202
    assert names(site) == ["https://news.example/one"]


@pytest.mark.parametrize("path", ["/", "/api/feeds", "/websub", f"/websub{TOKEN}", f"//websub/{TOKEN}"])
def test_nothing_else_opens(open_site: Callable[..., Site], path: str) -> None:
    site = open_site(api_token="secret", public_url="https://mill.example")
    subscribed(site)
    assert site.api.get(f"http://mill.example{path}").status_code == 421
    assert site.api.post(path, json={}).status_code in (401, 403, 404)


# -- a journey ------------------------------------------------------------------------------------


@asynccontextmanager
async def served(site: Site) -> AsyncIterator[Settings]:
    """The site on a real port, and its settings with the address as the public one."""
    with server.bind("127.0.0.1", 0) as listening:
        settings = replace_settings(site.settings, server.url_of(listening))
        config = uvicorn.Config(create_app(site.store, settings), log_level="warning", lifespan="off")
        running = uvicorn.Server(config)
        task = asyncio.create_task(running.serve([listening]))
        try:
            yield settings
        finally:
            running.should_exit = True
            await task


def replace_settings(settings: Settings, public_url: str) -> Settings:
    return Settings(
        data_dir=settings.data_dir, public_url=public_url, allow_addresses="127.0.0.0/8", host_delay=0.0
    )


@pytest.mark.parametrize("eager", [False, True], ids=["asks later", "asks before it answers"])
def test_subscribed_verified_pushed_renewed_ended(
    site: Site, eager: bool, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    feed = site.store.add_feed(FEED, 1_000.0)
    now = time.time()

    async def journey() -> None:
        async with Hub(eager=eager) as hub, served(site) as settings, Client(settings) as client:
            hints = Hints(hub=hub.url(), topic=FEED)

            async def poll(hints: Hints | None, now: float) -> dict[str, str]:
                await tend(client, site.store, now_of(site), hints, settings, now)
                if not eager:
                    await hub.ask(hub.forms[-1])
                assert (hub.heard[-1].status_code, hub.heard[-1].text) == (200, CHALLENGE)
                return hub.forms[-1]

            form = await poll(hints, now)
            assert websub_of(site).state == "active"
            assert (await hub.push(form, atom("one", "two"), ATOM)).status_code == 202
            assert names(site) == ["https://news.example/one", "https://news.example/two"]

            forged = form | {"hub.secret": "guessed"}
            assert (await hub.push(forged, atom("three"), ATOM)).status_code == 202
            assert len(names(site)) == 2

            await tend(client, site.store, now_of(site), hints, settings, now + 86_400)
            assert len(hub.forms) == 1
            again = await poll(hints, now + 9.5 * 86_400)
            assert again == form
            assert (websub_of(site).state, websub_of(site).pushes) == ("active", 1)

            last = await poll(Hints(), now + 86_400)
            assert last["hub.mode"] == "unsubscribe"
            assert websub_of(site).state == "ended"
            assert (await hub.push(form, atom("four"), ATOM)).status_code == 410

    asyncio.run(journey())
    assert [job.items for job in site.store.jobs()] == [2]
    assert now_of(site).id == feed.id


def test_what_the_hub_said_meanwhile_is_not_overwritten(site: Site) -> None:
    site.store.add_feed(FEED, 1_000.0)

    async def journey() -> None:
        # It confirms, and then answers that something went wrong.
        async with Hub(status=500, eager=True) as hub, served(site) as settings, Client(settings) as client:
            hints = Hints(hub=hub.url(), topic=FEED)
            await tend(client, site.store, now_of(site), hints, settings, time.time())

    asyncio.run(journey())
    assert websub_of(site).state == "active"


def test_a_refusal_is_written_with_its_reason(site: Site) -> None:
    site.store.add_feed(FEED, 1_000.0)

    async def journey() -> None:
        async with Hub(status=403) as hub, served(site) as settings, Client(settings) as client:
            hints = Hints(hub=hub.url(), topic=FEED)
            await tend(client, site.store, now_of(site), hints, settings, time.time())

    asyncio.run(journey())
    assert websub_of(site).state == "refused"
    assert "403" in (websub_of(site).message or "")
