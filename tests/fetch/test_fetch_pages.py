"""An item's page: what comes instead of it, and the page behind an AMP page."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import pytest
from fetch_web import Answer, Web, page, redirect, status

from pipeline.errors import FetchError
from pipeline.fetch import Client, fetch_page
from pipeline.fetch.amp import canonical_of_amp, is_amp
from pipeline.model import Entry, Fetched, Item
from pipeline.settings import Settings

QUICK = Settings(
    host_delay=0.0, fetch_seconds=3.0, first_byte_seconds=2.0, allow_addresses="127.0.0.0/8",
    max_page_bytes=20_000, max_feed_bytes=50_000,
)  # fmt: skip
STORY = b"<p>The storm reached the coast on Monday and thousands of homes lost their power.</p>" * 20
ARTICLE = (
    b"<!DOCTYPE html><html><head><title>A storm</title></head><body><article>%s</article></body></html>"
    % STORY
)
Got = tuple[bytes, Fetched, str | None]


def amp_page(canonical: str, root: str = "⚡") -> bytes:
    return (
        f'<!doctype html>\n<html {root} lang="en"><head><meta charset="utf-8">'
        f'<link rel="canonical" href="{canonical}"></head><body>{STORY.decode()}</body></html>'
    ).encode()


def item(url: str, **known: Any) -> Item:
    return Item(id=1, job="j", key=url, name=url, source=url, url=url, **known)


def fetched(pages: dict[str, Answer], path: str, known: dict[str, Any] | None = None, **asked: Any) -> Got:
    """What fetch_page brings from a server with these pages."""

    async def fetch() -> Got:
        async with Web(pages) as web, Client(QUICK) as client:
            return await fetch_page(client, item(web.url(path), **(known or {})), **asked)

    return run(fetch())


def run(work: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run(work)


def refused(pages: dict[str, Answer], path: str, **known: Any) -> FetchError:
    with pytest.raises(FetchError) as caught:
        fetched(pages, path, known)
    return caught.value


def paths(fetched: Fetched) -> list[str]:
    """The way that was taken, the last step included."""
    return ["/" + url.split("/", 3)[3] for url in [*fetched.redirects, fetched.final_url]]


def test_a_page_comes_with_how_it_was_had() -> None:
    body, how, kind = fetched({"/2026/a-story": page(ARTICLE, etag='"1"', x_other="no")}, "/2026/a-story")
    assert (body, how.status, kind) == (ARTICLE, 200, "text/html; charset=utf-8")
    assert how.headers == {"content-type": "text/html; charset=utf-8", "etag": '"1"'}
    assert how.redirects == []


def test_a_page_without_bytes_is_empty() -> None:
    error = refused({"/x": page(b" \n")}, "/x")
    assert (error.code, error.retry_helps) == ("empty", False)


def test_a_wall_that_claims_success_is_blocked() -> None:
    assert refused({"/x": page(b"", code=202, x_amzn_waf_action="challenge")}, "/x").code == "blocked"
    challenge = b'<html><script id="anubis_challenge" type="application/json">{}</script>Loading</html>'
    error = refused({"/x": page(challenge)}, "/x")
    assert (error.code, error.status) == ("blocked", 200)


def test_an_error_page_that_claims_success_is_a_soft_404() -> None:
    missing = b"<html><head><title>Page not found | News</title></head><body>Sorry.</body></html>"
    error = refused({"/2026/a-story": page(missing)}, "/2026/a-story")
    assert (error.code, error.status) == ("soft_404", 200)


def test_the_way_is_judged_from_where_it_began() -> None:
    pages = {"/2026/a-story": redirect("/moved"), "/moved": redirect("/"), "/": page(ARTICLE)}
    assert refused(pages, "/2026/a-story", entry=Entry(key="1")).code == "soft_404"


def test_a_way_that_goes_on_is_judged_from_where_it_began() -> None:
    async def fetch() -> None:
        async with Web({"/": page(ARTICLE)}) as web, Client(QUICK) as client:
            passed = [web.url("/2026/a-story")]
            await fetch_page(client, item(web.url("/")), passed=passed)

    with pytest.raises(FetchError) as caught:
        run(fetch())
    assert caught.value.code == "soft_404"


def test_the_front_page_will_do_for_an_address_that_may_be_a_sites() -> None:
    pages = {"/old/blog": redirect("/"), "/": page(ARTICLE)}
    _, how, _ = fetched(pages, "/old/blog", {"expand": True})
    assert paths(how) == ["/old/blog", "/"]
    assert refused(pages, "/old/blog").code == "soft_404"


def test_a_question_for_consent_is_told() -> None:
    pages = {"/2026/a-story": redirect("/consent?back=/2026/a-story"), "/consent": page(ARTICLE)}
    assert refused(pages, "/2026/a-story").code == "consent"


def test_a_feed_is_never_taken_for_an_error_page() -> None:
    feed = b'<rss version="2.0"><channel><title>Page not found</title></channel></rss>'
    assert fetched({"/feed": page(feed, "application/rss+xml")}, "/feed", {"expand": True})[0] == feed


def test_what_may_be_expanded_is_bounded_by_what_it_proves_to_be() -> None:
    feed = b'<rss version="2.0"><channel>' + b" " * 30_000 + b"</channel></rss>"
    assert fetched({"/x": page(feed)}, "/x", {"expand": True})[0] == feed
    assert refused({"/x": page(ARTICLE + b" " * 30_000)}, "/x", expand=True).code == "too_large"
    assert refused({"/x": page(feed)}, "/x").code == "too_large"


def test_the_page_behind_an_amp_page_is_fetched_instead() -> None:
    pages = {"/amp/a-story": page(amp_page("/2026/a-story?x=1&amp;y=2")), "/2026/a-story": page(ARTICLE)}
    body, how, _ = fetched(pages, "/amp/a-story")
    assert body == ARTICLE
    assert paths(how) == ["/amp/a-story", "/2026/a-story?x=1&y=2"]


def test_its_redirects_are_followed_and_recorded_too() -> None:
    pages = {
        "/a": redirect("/amp/a-story"), "/amp/a-story": page(amp_page("/b")),
        "/b": redirect("/2026/a-story"), "/2026/a-story": page(ARTICLE),
    }  # fmt: skip
    _, how, _ = fetched(pages, "/a")
    assert paths(how) == ["/a", "/amp/a-story", "/b", "/2026/a-story"]


@pytest.mark.parametrize("behind", [status(404), status(500), redirect("/amp/a-story"), page(b"")])
def test_without_the_page_behind_it_the_amp_page_is_the_page(behind: Answer) -> None:
    amp = amp_page("/2026/a-story")
    body, how, _ = fetched({"/amp/a-story": page(amp), "/2026/a-story": behind}, "/amp/a-story")
    assert body == amp
    assert paths(how) == ["/amp/a-story"]


def test_a_request_to_slow_down_is_heeded_even_with_an_amp_page_at_hand() -> None:
    pages = {"/amp/a-story": page(amp_page("/2026/a-story")), "/2026/a-story": status(429, retry_after="60")}
    error = refused(pages, "/amp/a-story")
    assert (error.code, error.retry_after) == ("throttled", 60.0)


def test_one_step_from_amp_is_followed_and_no_more() -> None:
    second = amp_page("/third")
    pages = {"/amp/a-story": page(amp_page("/second")), "/second": page(second), "/third": page(ARTICLE)}
    assert fetched(pages, "/amp/a-story")[0] == second


def test_canonical_links_of_other_pages_are_not_followed() -> None:
    plain = ARTICLE.replace(b"<title>", b'<link rel="canonical" href="/other"><title>')
    body, how, _ = fetched({"/a-story": page(plain), "/other": page(ARTICLE)}, "/a-story")
    assert (body, paths(how)) == (plain, ["/a-story"])


def test_the_step_from_amp_waits_its_turn_and_what_the_turn_raises_goes_through() -> None:
    class Moved(Exception):
        pass

    taken: list[str] = []

    @asynccontextmanager
    async def turn(url: str) -> AsyncIterator[None]:
        taken.append(url.rpartition("/")[2])
        if len(taken) == 2:
            raise Moved
        yield

    passed: list[str] = []
    with pytest.raises(Moved):
        fetched({"/amp/a-story": page(amp_page("/b"))}, "/amp/a-story", turn=turn, passed=passed)
    assert taken == ["a-story", "b"]
    assert [url.rpartition("/")[2] for url in passed] == ["a-story"]


AMP_URL = "https://amp.example.com/2026/a-story"


@pytest.mark.parametrize("root", ["amp", "⚡", 'lang="de" AMP', 'amp=""', "⚡4ads amp", "⚡️"])
def test_a_root_element_that_says_amp(root: str) -> None:
    assert is_amp(amp_page("/x", root))


@pytest.mark.parametrize(
    "root", ["", 'class="amp"', 'class="no amp here"', "data-amp", "amp4email", "⚡4ads"]
)
def test_a_root_element_that_does_not(root: str) -> None:
    assert not is_amp(amp_page("/x", root))


@pytest.mark.parametrize(
    ("href", "target"),
    [
        ("https://www.example.com/2026/a-story", "https://www.example.com/2026/a-story"),
        ("/a?x=1&amp;y=2", "https://amp.example.com/a?x=1&y=2"),
        ("https://example.com/é", "https://example.com/é"),
        (AMP_URL, None),
        (AMP_URL + "#top", None),
        ("https://elsewhere.example.org/a-story", None),
        ("javascript:void(0)", None),
        ("", None),
        ("http://[broken", None),
    ],
)
def test_the_page_for_which_an_amp_page_stands(href: str, target: str | None) -> None:
    assert canonical_of_amp(amp_page(href), AMP_URL) == target


@pytest.mark.parametrize(
    "link",
    [
        '<link href="/a" rel="canonical">', "<LINK REL='Canonical' HREF='/a'/>",
        "<link rel=canonical href=/a>",
        '<link rel="amphtml" href="/b"><link rel="icon" href="/c"><link data-x="" rel="canonical" href="/a">',
    ],
)  # fmt: skip
def test_the_link_however_it_is_written(link: str) -> None:
    body = f"<html amp><head>{link}</head></html>".encode()
    assert canonical_of_amp(body, AMP_URL) == "https://amp.example.com/a"
