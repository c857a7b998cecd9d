"""Why is this article missing? Asked in the box that every page has."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

import pytest
from paper import Newsroom
from playwright.sync_api import Locator, Page, expect
from running import Running
from visit import PATIENCE
from waiting import until

expect.set_options(timeout=PATIENCE)

Ask = Callable[[str], Locator]


@pytest.fixture(scope="module")
def paper(mill: Running, newsroom: Newsroom) -> Newsroom:
    """A subscribed feed whose entries ended in all the ways there are, and one that is paused."""
    newsroom.put("/robots.txt", "User-agent: *\nDisallow: /private")
    links = "".join(f'<li><a href="/match/{n}">Match report {n}</a></li>' for n in range(30))
    entries = {
        newsroom.story("/stored", "The lantern market opens", 51): "The lantern market opens",
        newsroom.story("/thrown-away", "A story thrown away", 52): "A story thrown away",
        newsroom.story("/private/memo", "Not for robots", 53): "Not for robots",
        newsroom.put("/sport", f"<html><body><h1>Sport</h1><ul>{links}</ul></body></html>"): "All of sport",
        newsroom.url("/vanished"): "The article that vanished",
        newsroom.put("/moved", "", status=301, Location="/landed"): "The story that moved",
    }
    newsroom.story("/landed", "The story that moved", 54)
    mill.run(newsroom.feed("/feed.xml", "The Lantern", entries))
    mill.run(newsroom.story("/copy", "The lantern market opens", 51, host="127.0.0.6"))
    (gone,) = [one.id for one in mill.store.articles() if one.title == "A story thrown away"]
    mill.store.delete_article(gone, time.time())
    paused = mill.store.add_feed(newsroom.feed("/rss", "The Paused Post", {}, host="127.0.0.7"), time.time())
    until(lambda: mill.store.feeds([paused.id])[0].last_success_at is not None, "the feed was polled")
    mill.store.change_feed(paused.id, time.time(), state="paused")
    return newsroom


@pytest.fixture
def ask(paper: Newsroom, page: Page) -> Ask:
    """Type something into the box on the dashboard, and press Enter; the answer."""

    def asked(what: str) -> Locator:
        page.goto("/")
        page.get_by_role("searchbox", name="Find an article").fill(what)
        with page.expect_navigation():
            page.keyboard.press("Enter")
        return page.get_by_role("main")

    return asked


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("/stored", "The lantern market opens"),
        ("/never-listed", "never handed in, and no feed that is subscribed has listed it"),
        ("/sport", "is a list of links"),
        ("/vanished", "answered 404"),
        ("/private/memo", "robots.txt"),
        ("/thrown-away", "deleted"),
        ("/moved", "The story that moved"),
        ("/landed", "redirected"),
    ],
)
def test_an_address_leads_to_what_happened_to_it(ask: Ask, paper: Newsroom, path: str, answer: str) -> None:
    expect(ask(paper.url(path))).to_contain_text(answer)


def test_a_duplicate_names_the_article_that_it_is_the_same_as(ask: Ask, paper: Newsroom) -> None:
    said = ask(paper.url("/copy", "127.0.0.6"))
    expect(said).to_contain_text("duplicate")
    said.get_by_role("link", name="The lantern market opens").first.click()
    expect(said.get_by_role("heading", name="The lantern market opens")).to_be_visible()


def test_what_a_paused_feed_would_have_brought_names_the_feed(ask: Ask, paper: Newsroom) -> None:
    said = ask(paper.url("/after-the-pause", "127.0.0.7"))
    expect(said).to_contain_text(re.compile("The Paused Post.*is paused"))
    said.get_by_role("link", name=re.compile("Feed")).first.click()
    expect(said.get_by_role("button", name="Resume")).to_be_visible()


def test_what_a_worker_has_just_now_is_told(ask: Ask, mill: Running, paper: Newsroom) -> None:
    held = paper.story("/held", "Held for a while", 55, host="127.0.0.8")
    paper.hold(held)
    job = mill.hand_in(held)
    until(lambda: mill.store.totals().in_flight == 1, "the item is in flight")
    expect(ask(held)).to_contain_text("A worker has it")
    paper.release(held)
    mill.finish(job)


def test_what_was_never_seen_is_handed_in_from_the_answer(ask: Ask, page: Page, paper: Newsroom) -> None:
    unknown = paper.story("/unknown", "Nobody had asked for it", 56, host="127.0.0.9")
    ask(unknown).get_by_role("button", name=re.compile("Hand in")).click()
    page.wait_for_url("**/jobs/*")
    expect(page.get_by_role("link", name="Nobody had asked for it")).to_be_visible()


@pytest.mark.parametrize("spelt", ["127.0.0.1:{port}/stored", "https://127.0.0.1:{port}/stored/#top"])
def test_an_address_is_found_however_it_is_spelt(ask: Ask, paper: Newsroom, spelt: str) -> None:
    port = paper.url("").rpartition(":")[2]
    expect(ask(spelt.format(port=port))).to_contain_text("The lantern market opens")


def test_a_headline_leads_to_its_article(ask: Ask) -> None:
    ask("lantern market").get_by_role("link", name=re.compile("Article")).first.click()


def test_a_search_shows_where_the_words_are(paper: Newsroom, page: Page) -> None:
    page.goto("/articles")
    page.get_by_label("Words, or fields").fill("title:lantern mark*")
    page.get_by_role("button", name="Search").click()
    first = page.get_by_role("link", name="The lantern market opens")
    expect(first.locator("mark")).to_have_text(["lantern", "market"])
    first.click()
    expect(page.get_by_role("heading", name="The lantern market opens")).to_be_visible()


def test_a_search_that_cannot_be_understood_says_what_is_wrong_and_keeps_it(
    paper: Newsroom, page: Page
) -> None:
    page.goto("/articles?q=after:yesterday-ish")
    expect(page.get_by_role("alert")).to_contain_text("after")
    expect(page.get_by_label("Words, or fields")).to_have_value("after:yesterday-ish")
