"""Every page: what it loads, whether everybody can use it, on any screen."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from accessible import issues
from crawl import Found, crawl, shape
from paper import Newsroom
from playwright.sync_api import Browser, Page
from running import Running
from visit import PHONE, Visit

SEEDS = Path(__file__).parents[2] / "seeds"
#: the pages are looked through in so many tests: looking takes a second of CPU a page
PARTS = 4


@pytest.fixture(scope="module")
def filled(mill: Running, newsroom: Newsroom) -> Running:
    """A deployment in which everything happened once."""
    mill.run(SEEDS / "stories", SEEDS / "feeds" / "field-notes.atom.xml")
    mill.store.add_feed(newsroom.feed("/rss", "The Lantern", {}), time.time())
    newsroom.put("/robots.txt", "User-agent: *\nDisallow: /private", host="127.0.0.2")
    mill.run(
        newsroom.story("/story", "The lantern market opens", 1, author="Ada Moreno"),
        newsroom.story("/private/story", "Not for robots", 2, host="127.0.0.2"),
        newsroom.put("/error", "broken", status=500),
        newsroom.url("/missing"),
        newsroom.put("/empty", "<html><body></body></html>"),
    )
    return mill


@pytest.fixture(scope="module")
def found(filled: Running, browser: Browser) -> Found:
    visit = Visit(browser, filled.url)
    starts = ["/", "/login", "/articles?q=harbour"]
    found = crawl(visit.page, filled.url, starts)
    visit.close()
    assert visit.complaints == []
    return found


def test_the_crawl_sees_every_kind_of_page(found: Found) -> None:
    kinds = {address.partition("?")[0].split("/")[1] for address in found.pages}
    assert kinds >= {"", "jobs", "items", "articles", "feeds", "failures", "docs", "login"}


def test_links_to_other_hosts_tell_them_nothing(found: Found) -> None:
    assert found.outside
    assert [
        one for one, rel in found.outside.items() if not {"noreferrer", "noopener"} <= set(rel.split())
    ] == []


def test_what_pages_link_to_for_programs_is_there(found: Found, filled: Running, page: Page) -> None:
    assert found.data
    assert {one: status for one in found.data if (status := page.request.get(one).status) != 200} == {}


@pytest.mark.parametrize("part", range(PARTS))
def test_everybody_can_use_every_page(found: Found, page: Page, part: int) -> None:
    # What a filter narrows is the page that it narrows.
    kinds = {shape(one).partition("?")[0]: one for one in reversed(found.pages)}
    wrong = []
    for address in sorted(kinds.values())[part::PARTS]:
        page.goto(address)
        wrong += issues(page)
    assert wrong == []


def test_no_page_is_wider_than_a_phone(found: Found, visit: Callable[..., Visit]) -> None:
    page = visit(viewport=PHONE).page
    wide = {}
    for address in found.pages:
        page.goto(address)
        page.eval_on_selector_all("details", "all => all.forEach(one => { one.open = true })")
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > PHONE["width"]:
            wide[address] = width
    assert wide == {}
