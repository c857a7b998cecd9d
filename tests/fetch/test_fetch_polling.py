"""Polls of feeds over a real connection: what is asked, and what is made of the answers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from fetch_web import Answer, Request, Web, head, page, raw, redirect, silence, status

from pipeline.errors import CODES
from pipeline.fetch import Client, poll_feed
from pipeline.fetch.polling import FULL_SECONDS
from pipeline.model import Feed, Polled
from pipeline.settings import Settings

NOW = 1_767_225_600.0
QUICK = Settings(host_delay=0.0, fetch_seconds=5.0, max_feed_bytes=5_000, allow_addresses="127.0.0.0/8")
HTML = b"<html><body><p>The harbour was closed at noon.</p></body></html>"
RSS = (
    b"<rss version='2.0'><channel><title>News</title><link>/</link><ttl>90</ttl>"
    b"<item><link>/1</link><guid>a</guid><pubDate>Wed, 31 Dec 2025 23:00:00 GMT</pubDate></item>"
    b"<item><link>/2</link><pubDate>Thu, 01 Jan 2026 00:00:00 +0100</pubDate></item></channel></rss>"
)
#: the same entries in other bytes
LATER = RSS.replace(b"<link>/</link>", b"<link>/</link><lastBuildDate>today</lastBuildDate>")
#: a feed that was polled before
KNOWN: dict[str, Any] = {"last_success_at": NOW - 600, "full_at": NOW - 600}


async def polled(
    answer: Answer, path: str = "/f", others: dict[str, Answer] | None = None, now: float = NOW, **known: Any
) -> tuple[Polled, Web]:
    """A poll of a feed that answers so; /old and /temporary redirect to it."""
    moved = {
        "/old": redirect("/f", 301),
        "/older": redirect("/old", 308),
        "/temporary": redirect("/old", 302),
    }
    async with Web({"/f": answer, **moved, **(others or {})}) as web, Client(QUICK) as client:
        return await poll_feed(client, Feed(id=7, url=web.url(path), **known), QUICK, now=now), web


def poll(answer: Answer, path: str = "/f", **told: Any) -> tuple[Polled, Web]:
    return asyncio.run(polled(answer, path, **told))


def feed(body: bytes, **headers: str) -> Answer:
    return page(body, "application/rss+xml", **headers)


def conditions(request: Request) -> tuple[str | None, str | None]:
    return request.headers.get("if-none-match"), request.headers.get("if-modified-since")


# -- what is asked ------------------------------------------------------------------------------


def test_validators_go_back_verbatim_and_both() -> None:
    known = {**KNOWN, "etag": 'W/"x"y', "last_modified": "not even a date"}
    got, web = poll(status(304), **known)
    assert conditions(web.asked[0]) == ('W/"x"y', "not even a date")
    assert (got.not_modified, got.conditional, got.status, got.items) == (True, True, 304, [])


@pytest.mark.parametrize("full_at", [None, NOW - FULL_SECONDS])
def test_every_few_days_the_whole_feed_is_asked_for(full_at: float | None) -> None:
    got, web = poll(feed(RSS), etag='"1"', last_success_at=NOW - 60, full_at=full_at)
    assert conditions(web.asked[0]) == (None, None)
    assert (got.conditional, len(got.items)) == (False, 2)


def test_in_between_only_changes_are_asked_for() -> None:
    got, web = poll(feed(RSS), etag='"1"', last_success_at=NOW - 60, full_at=NOW - FULL_SECONDS + 1)
    assert conditions(web.asked[0]) == ('"1"', None)
    assert got.conditional


def test_every_request_has_its_turn_and_what_a_turn_raises_goes_through() -> None:
    class Elsewhere(Exception):
        pass

    async def work() -> list[str]:
        turns: list[str] = []

        @asynccontextmanager
        async def turn(url: str) -> AsyncIterator[None]:
            turns.append(url.rpartition("/")[2])
            if len(turns) == 3:
                raise Elsewhere
            yield

        async with Web({"/old": redirect("/f"), "/f": feed(RSS)}) as web, Client(QUICK) as client:
            one = Feed(id=1, url=web.url("/old"))
            await poll_feed(client, one, QUICK, turn=turn)
            with pytest.raises(Elsewhere):
                await poll_feed(client, one, QUICK, turn=turn)
        return turns

    assert asyncio.run(work()) == ["old", "f", "old"]


# -- what a good answer says --------------------------------------------------------------------


def test_a_poll_brings_the_entries_and_what_the_feed_says_of_itself() -> None:
    headers = {
        "etag": 'W/"2"',
        "last_modified": "yesterday",
        "cache_control": "max-age=1800",
        "retry_after": "60",
    }
    got, web = poll(feed(RSS, **headers), "/old")
    assert (got.feed, got.title, got.problem, got.status, got.at) == (7, "News", None, 200, NOW)
    assert (got.etag, got.last_modified) == ('W/"2"', "yesterday")
    assert [item.url for item in got.items] == [web.url("/1"), web.url("/2")]
    assert {item.source for item in got.items} == {web.url("/old")}
    assert not any(item.expand for item in got.items)
    assert got.published == [NOW - 3600, NOW - 3600]
    assert got.hints is not None
    assert (got.hints.ttl, got.fresh, got.retry_after) == (5400.0, pytest.approx(1800, abs=5), 60.0)
    assert got.seconds > 0


def test_the_same_bytes_are_not_read_again() -> None:
    first, _ = poll(feed(RSS))
    again, _ = poll(feed(RSS, etag='"3"'), **KNOWN, body_digest=first.body_digest)
    assert (again.unchanged, again.items, again.hints, again.problem) == (True, [], None, None)
    assert (again.etag, again.body_digest) == ('"3"', first.body_digest)


def test_the_same_entries_in_other_bytes_are_unchanged_too() -> None:
    async def work() -> tuple[Polled, Polled]:
        # One server, for the entries' addresses have its port in them.
        pages = {"/f": feed(RSS)}
        async with Web(pages) as web, Client(QUICK) as client:
            one = Feed(id=1, url=web.url("/f"))
            first = await poll_feed(client, one, QUICK, now=NOW)
            web.pages["/f"] = feed(LATER)
            known = Feed(
                id=1, url=one.url, last_success_at=NOW, full_at=NOW,
                body_digest=first.body_digest, entries_digest=first.entries_digest,
            )  # fmt: skip
            return first, await poll_feed(client, known, QUICK, now=NOW + 9)

    first, again = asyncio.run(work())
    assert (again.unchanged, again.items, again.problem) == (True, [], None)
    assert again.entries_digest == first.entries_digest
    assert again.body_digest != first.body_digest
    assert again.hints is not None


def test_an_empty_feed_is_a_good_poll() -> None:
    got, _ = poll(feed(b"<rss version='2.0'><channel><title>N</title></channel></rss>"))
    assert (got.problem, got.items, got.title, got.unchanged) == (None, [], "N", False)


def test_a_304_may_have_a_body_and_new_validators() -> None:
    sent = raw(head(304, content_length="9", etag='"2"', cache_control="max-age=60") + b"not empty")
    got, _ = poll(sent, **KNOWN, etag='"1"')
    assert (got.not_modified, got.problem, got.etag, got.last_modified) == (True, None, '"2"', None)
    assert got.fresh == pytest.approx(60, abs=5)


def test_a_304_that_nobody_asked_for_is_a_problem() -> None:
    got, _ = poll(status(304))
    assert got.problem is not None
    assert (got.problem.code, got.not_modified) == ("protocol", False)


@pytest.mark.parametrize(
    ("path", "permanent"), [("/f", False), ("/old", True), ("/older", True), ("/temporary", False)]
)
def test_a_feed_has_moved_when_every_redirect_is_permanent(path: str, permanent: bool) -> None:
    for answer, known in ((feed(RSS), {}), (status(304), {**KNOWN, "etag": '"1"'})):
        got, web = poll(answer, path, **known)
        assert got.moved_to == (web.url("/f") if permanent else None)


def test_hubs_are_named_by_headers_first() -> None:
    body = RSS.replace(
        b"<ttl>", b"<link xmlns='http://www.w3.org/2005/Atom' rel='hub' href='https://in.example/'/><ttl>"
    )
    link = '<https://hub.example/>; rel="hub", <https://news.example/feed>; rel="self"'
    got, _ = poll(feed(body, link=link))
    assert got.hints is not None
    assert (got.hints.hub, got.hints.topic) == ("https://hub.example/", "https://news.example/feed")
    inside, web = poll(feed(body))
    assert inside.hints is not None
    assert (inside.hints.hub, inside.hints.topic) == ("https://in.example/", web.url("/f"))


# -- what goes wrong ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "code", "answered"),
    [
        (status(410), "gone", 410),
        (status(404), "http_client", 404),
        (status(503, retry_after="60", cache_control="max-age=90"), "http_server", 503),
        (page(HTML, etag='"new"'), "bad_feed", 200),
        (page(b"", etag='"new"'), "bad_feed", 200),
        (page(b"<rss version='2.0'><channel><ti", etag='"new"'), "bad_feed", 200),
        (feed(RSS + b" " * 9_000), "too_large", None),
        (raw(head(200, content_length="5000") + b"<rss"), "protocol", None),
        (redirect("/f"), "redirects", None),
    ],
    ids=["gone", "missing", "away", "page", "nothing", "damaged", "too large", "cut off", "circle"],
)
def test_what_goes_wrong_is_a_value_without_validators(
    answer: Answer, code: str, answered: int | None
) -> None:
    got, _ = poll(answer, **KNOWN, etag='"old"')
    assert got.problem is not None
    assert (got.problem.code, got.etag, got.items) == (code, None, [])
    assert got.problem.code in CODES
    if answered is not None:
        assert got.status == answered
    if answered == 503:
        assert (got.problem.retry_after, got.fresh) == (60.0, pytest.approx(90, abs=5))


def test_a_silent_feed_is_a_timeout() -> None:
    async def work() -> Polled:
        settings = Settings(host_delay=0.0, fetch_seconds=0.2, allow_addresses="127.0.0.0/8")
        async with Web({"/f": silence()}) as web, Client(settings) as client:
            return await poll_feed(client, Feed(id=1, url=web.url("/f")), settings)

    problem = asyncio.run(work()).problem
    assert problem is not None
    assert (problem.code, problem.retry_helps) == ("timeout", True)


def test_an_address_that_is_none_is_a_problem() -> None:
    async def work(url: str) -> Polled:
        async with Client(QUICK) as client:
            return await poll_feed(client, Feed(id=1, url=url), QUICK)

    for url in ("ftp://example.com/feed", "http://", "http://[::1/feed"):
        problem = asyncio.run(work(url)).problem
        assert problem is not None
        assert problem.code == "bad_url"


# -- pages where feeds are expected ---------------------------------------------------------------


def home(*hrefs: str) -> Answer:
    links = "".join(f'<link rel="alternate" type="application/rss+xml" href="{href}">' for href in hrefs)
    return page(f"<html><head><title>Home</title>{links}</head><body><p>Hello</p></body></html>".encode())


def test_a_subscribed_page_leads_to_the_first_feed_that_it_names_and_that_works() -> None:
    others = {"/rss": feed(RSS, etag='"rss"'), "/broken": status(500), "/comments": feed(RSS)}
    got, web = poll(home("/broken", "/rss", "/comments"), others=others)
    assert got.problem is None
    assert (got.found, got.choices) == (web.url("/rss"), [web.url("/broken"), web.url("/comments")])
    assert (got.etag, got.title, len(got.items), got.moved_to) == ('"rss"', "News", 2, None)
    assert web.paths() == ["/f", "/broken", "/rss"]


def test_a_page_that_names_no_feed_has_the_common_places_tried_once() -> None:
    got, web = poll(home(), others={"/feed": feed(RSS)})
    assert (got.found, got.choices) == (web.url("/feed"), [])
    failing, web = poll(home(), errors=1)
    assert web.paths() == ["/f"]
    assert failing.problem is not None
    assert failing.problem.code == "bad_feed"


def test_guessing_costs_few_requests() -> None:
    got, web = poll(home())
    assert got.problem is not None
    assert (got.problem.code, got.found) == ("bad_feed", None)
    assert len(web.asked) <= 9


def test_a_page_that_was_a_feed_before_is_a_failure() -> None:
    got, web = poll(home("/rss"), others={"/rss": feed(RSS)}, **KNOWN)
    assert got.problem is not None
    assert (got.problem.code, got.problem.retry_helps, got.found) == ("bad_feed", True, None)
    assert web.paths() == ["/f"]


def test_a_wall_is_called_by_its_name() -> None:
    wall = page(b"<html><title>Just a moment...</title></html>", cf_mitigated="challenge")
    got, web = poll(wall)
    assert got.problem is not None
    assert got.problem.code == "blocked"
    assert web.paths() == ["/f"]


@pytest.mark.parametrize(
    ("code", "errors", "asked"), [(410, 0, True), (404, 0, False), (404, 2, True), (500, 2, False)]
)
def test_a_dead_feeds_site_is_asked_for_another_one(code: int, errors: int, asked: bool) -> None:
    got, web = poll(status(code), others={"/": home("/new", "/f")}, errors=errors, **KNOWN)
    assert web.paths() == (["/f", "/"] if asked else ["/f"])
    assert got.choices == ([web.url("/new")] if asked else [])
    assert got.problem is not None
    assert ("names another feed" in got.problem.message) is asked


def test_a_dead_feed_that_was_found_on_a_page_has_that_page_asked() -> None:
    async def work() -> tuple[Polled, list[str]]:
        async with Web({"/blog": home("/blog/feed")}) as web, Client(QUICK) as client:
            one = Feed(id=1, url=web.url("/gone"), found_at=web.url("/blog"), errors=2, last_success_at=NOW)
            return await poll_feed(client, one, QUICK), [web.url("/blog/feed")]

    got, expected = asyncio.run(work())
    assert got.choices == expected


@pytest.mark.parametrize("sent", [b"", b"\x00" * 50, b"\xff\xfe<", b"{", b"<?xml", b"<rss", HTML[:20]])
@pytest.mark.parametrize("content_type", ["application/rss+xml", "text/html", "image/png", "odd"])
def test_whatever_comes_is_a_value(sent: bytes, content_type: str) -> None:
    for known in ({}, KNOWN):
        got, _ = poll(page(sent, content_type), **known)
        assert got.problem is not None
        assert got.problem.code in CODES
