"""Polls of an index of sitemaps: which of them are asked for, and what they bring together."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest
from fetch_web import Answer, Web, page, status

from pipeline.fetch import Client, poll_feed
from pipeline.fetch.sitemap_index import FIRST_WINDOW, MARGIN, MOST_FOLLOWED, chosen
from pipeline.model import Feed, Polled
from pipeline.settings import Settings
from pipeline.sources.sitemap import Child

#: Thu, 01 Jan 2026 00:00:00 GMT
NOW = 1_767_225_600.0
DAY = 86_400.0
QUICK = Settings(host_delay=0.0, fetch_seconds=5.0, max_feed_bytes=5_000, allow_addresses="127.0.0.0/8")
SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


def iso(age: float) -> str:
    return datetime.fromtimestamp(NOW - age, UTC).isoformat()


def child(age: float | None, name: str = "") -> Child:
    lastmod = None if age is None else iso(age)
    return Child(loc=f"https://example.com/{name or age}.xml", lastmod=lastmod)


def names(named: list[Child], last_success_at: float | None = None) -> list[str]:
    return [one.loc.removeprefix("https://example.com/")[:-4] for one in chosen(named, last_success_at, NOW)]


def test_only_what_changed_since_the_last_success_is_asked_for_the_newest_first() -> None:
    named = [child(60, "old"), child(5, "new"), child(30, "middle")]
    assert names(named, NOW - 10) == ["new", "middle", "old"]
    assert names([child(MARGIN + 20, "too old"), child(5, "new")], NOW - 10) == ["new"]
    assert names([child(MARGIN + 20, "too old")], NOW - 10) == []


def test_a_day_without_a_time_counts_as_changed_all_day() -> None:
    assert names([Child(loc="https://example.com/day.xml", lastmod="2025-12-31")], NOW - 60) == ["day"]


def test_at_first_only_the_last_week_is_asked_for_or_the_newest_one() -> None:
    week = [child(FIRST_WINDOW - 1, "in"), child(FIRST_WINDOW + 1, "out")]
    assert names(week) == ["in"]
    assert names([child(90 * DAY, "newest"), child(900 * DAY, "oldest")]) == ["newest"]


def test_those_without_a_date_come_last_and_no_more_than_ten_in_all() -> None:
    assert names([child(None, "undated"), child(5, "new")], NOW - 10) == ["new", "undated"]
    assert len(names([child(None, str(number)) for number in range(50)], NOW)) == MOST_FOLLOWED
    assert len(names([child(number, str(number)) for number in range(50)], NOW)) == MOST_FOLLOWED


# -- over a real connection -------------------------------------------------------------------------


def sitemap(*paths: str) -> bytes:
    pages = "".join(f"<url><loc>https://example.com{path}</loc></url>" for path in paths)
    return f'<urlset xmlns="{SPACE}">{pages}</urlset>'.encode()


def index(web: Web, **ages: float | None) -> Answer:
    """Names the sitemaps /name.xml, each with its age in seconds."""
    listed = "".join(
        f"<sitemap><loc>{web.url(f'/{name}.xml')}</loc>"
        + (f"<lastmod>{iso(age)}</lastmod>" if age is not None else "")
        + "</sitemap>"
        for name, age in ages.items()
    )
    body = f'<sitemapindex xmlns="{SPACE}">{listed}</sitemapindex>'.encode()
    return page(body, "application/xml", etag='"index"')


async def polled(ages: dict[str, float | None], pages: dict[str, Answer], **known: Any) -> tuple[Polled, Web]:
    async with Web(pages) as web, Client(QUICK) as client:
        web.pages["/index.xml"] = index(web, **ages)
        return await poll_feed(client, Feed(id=1, url=web.url("/index.xml"), **known), QUICK, now=NOW), web


def test_the_entries_of_all_that_changed_are_brought_once() -> None:
    pages = {
        "/a.xml": page(sitemap("/1", "/2")),
        "/b.xml": page(sitemap("/2", "/3")),
        "/c.xml": page(sitemap("/4")),
    }
    got, web = asyncio.run(polled({"a": 60, "b": 30, "c": 90 * DAY}, pages, last_success_at=NOW - 100))
    assert got.problem is None
    assert web.paths() == ["/index.xml", "/b.xml", "/a.xml"]
    assert sorted(item.key for item in got.items) == [f"https://example.com/{number}" for number in (1, 2, 3)]
    assert {item.source for item in got.items} == {web.url("/index.xml")}
    assert (got.etag, got.body_digest is not None) == ('"index"', True)


def test_an_index_that_tells_no_dates_is_asked_for_whole_each_time() -> None:
    got, _ = asyncio.run(polled({"a": None}, {"/a.xml": page(sitemap("/1"))}))
    assert len(got.items) == 1
    assert (got.etag, got.last_modified, got.body_digest) == (None, None, None)


def test_one_sitemap_that_fails_is_a_warning_and_is_asked_for_again() -> None:
    got, _ = asyncio.run(polled({"a": 60, "b": 30}, {"/a.xml": page(sitemap("/1")), "/b.xml": status(500)}))
    assert (got.problem, len(got.items)) == (None, 1)
    assert any("500" in told for told in got.warnings)
    assert (got.etag, got.body_digest) == (None, None)


def test_all_that_fail_are_a_problem() -> None:
    got, _ = asyncio.run(polled({"a": 60, "b": 30}, {"/a.xml": status(404), "/b.xml": status(500)}))
    assert got.problem is not None
    assert got.problem.code == "http_server"


def test_together_they_may_be_as_large_as_a_feed() -> None:
    large = page(sitemap("/1") + b" " * 4_000)
    pages = {f"/{name}.xml": large for name in "abc"}
    got, web = asyncio.run(polled({"a": 10, "b": 20, "c": 30}, pages))
    assert web.paths() == ["/index.xml", "/a.xml", "/b.xml"]
    assert any("bytes of sitemaps" in told for told in got.warnings)


@pytest.mark.parametrize("age", [90 * DAY, MARGIN + 200])
def test_an_index_without_changes_costs_one_request(age: float) -> None:
    got, web = asyncio.run(polled({"a": age}, {}, last_success_at=NOW - 100))
    assert web.paths() == ["/index.xml"]
    assert (got.problem, got.unchanged, got.items, got.etag) == (None, True, [], '"index"')
