"""Pages of items, and polls of feeds, over a real connection."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from fetch_web import Answer, Web, page, redirect, silence, status

from pipeline.errors import FetchError
from pipeline.fetch import Client, fetch_page, poll_feed
from pipeline.model import Feed, Fetched, Item, Polled
from pipeline.settings import Settings

QUICK = Settings(host_delay=0.0, fetch_seconds=5.0, max_page_bytes=2_000, max_feed_bytes=5_000)
HTML = b"<html><body><p>The harbour was closed at noon.</p></body></html>"
RSS = (
    b"<rss version='2.0'><channel><title>News</title><link>/</link>"
    b"<item><link>/1</link><guid>a</guid></item><item><link>/2</link></item></channel></rss>"
)


async def fetched(answer: Answer, expand: bool = False) -> tuple[bytes, Fetched, str | None]:
    async with Web({"/": answer, "/moved": redirect("/")}) as web, Client(QUICK) as client:
        url = web.url("/moved")
        return await fetch_page(
            client, Item(id=1, job="j", key=url, name=url, source=url, url=url, expand=expand)
        )


def refused(answer: Answer, expand: bool = False) -> str:
    with pytest.raises(FetchError) as caught:
        asyncio.run(fetched(answer, expand))
    return caught.value.code


async def polled(answer: Answer, **known: Any) -> tuple[Polled, Web]:
    async with Web({"/f": answer, "/old": redirect("/f", 301)}) as web, Client(QUICK) as client:
        return await poll_feed(client, Feed(id=7, url=web.url("/old"), **known), QUICK), web


def test_a_page_comes_with_how_it_was_had() -> None:
    body, how, content_type = asyncio.run(fetched(page(HTML, etag='"1"', x_other="no")))
    assert (body, content_type, how.status) == (HTML, "text/html; charset=utf-8", 200)
    assert how.headers == {"content-type": content_type, "etag": '"1"'}
    assert [address.rpartition("/")[2] for address in [*how.redirects, how.final_url]] == ["moved", ""]


def test_a_page_has_the_limit_of_its_kind() -> None:
    assert refused(page(HTML + b" " * 3_000)) == "too_large"
    assert refused(page(HTML + b" " * 3_000), expand=True) == "too_large"
    assert refused(page(RSS + b" " * 6_000), expand=True) == "too_large"
    assert len(asyncio.run(fetched(page(RSS + b" " * 3_000), expand=True))[0]) > 3_000


def test_a_page_of_nothing_is_empty() -> None:
    assert refused(page(b" \n")) == "empty"
    assert refused(status(204)) == "empty"


def test_an_item_without_an_address_cannot_be_fetched() -> None:
    async def work() -> None:
        async with Client(QUICK) as client:
            await fetch_page(client, Item(id=1, job="j", key="k", name="n", source="s"))

    with pytest.raises(FetchError) as caught:
        asyncio.run(work())
    assert caught.value.code == "bad_url"


def test_a_poll_brings_the_entries_and_the_validators_for_the_next() -> None:
    poll, web = asyncio.run(polled(page(RSS, "text/xml", etag='W/"2"', last_modified="yesterday")))
    assert (poll.feed, poll.title, poll.problem, poll.not_modified) == (7, "News", None, False)
    assert (poll.etag, poll.last_modified) == ('W/"2"', "yesterday")
    assert [item.url for item in poll.items] == [web.url("/1"), web.url("/2")]
    assert {item.source for item in poll.items} == {web.url("/old")}
    assert not any(item.expand for item in poll.items)


def test_nothing_new_costs_a_304_and_keeps_the_validators() -> None:
    poll, web = asyncio.run(polled(status(304), etag='"1"', last_modified="then", title="News"))
    assert poll == Polled(feed=7, not_modified=True, title="News", etag='"1"', last_modified="then")
    assert web.asked[-1].headers["if-none-match"] == '"1"'
    assert web.asked[-1].headers["if-modified-since"] == "then"


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (status(410), "gone"),
        (status(404), "http_client"),
        (status(503, retry_after="60"), "http_server"),
        (page(HTML, etag='"new"'), "bad_feed"),
        (page(b"", etag='"new"'), "bad_feed"),
        (page(b"<rss version='2.0'><channel><ti", etag='"new"'), "bad_feed"),
        (page(RSS + b" " * 9_000), "too_large"),
    ],
)
def test_what_goes_wrong_is_a_value_and_keeps_the_old_validators(answer: Answer, code: str) -> None:
    poll, _ = asyncio.run(polled(answer, etag='"old"'))
    assert poll.problem is not None
    assert (poll.problem.code, poll.etag, poll.items) == (code, '"old"', [])
    assert poll.problem.retry_after == (60.0 if code == "http_server" else None)


def test_a_silent_feed_is_a_timeout() -> None:
    async def work() -> Polled:
        settings = Settings(host_delay=0.0, fetch_seconds=0.2)
        async with Web({"/f": silence()}) as web, Client(settings) as client:
            return await poll_feed(client, Feed(id=1, url=web.url("/f")), settings)

    problem = asyncio.run(work()).problem
    assert problem is not None
    assert (problem.code, problem.retry_helps) == ("timeout", True)


def test_an_empty_feed_is_a_good_poll() -> None:
    poll, _ = asyncio.run(polled(page(b"<rss version='2.0'><channel><title>N</title></channel></rss>")))
    assert (poll.problem, poll.items, poll.title) == (None, [], "N")
