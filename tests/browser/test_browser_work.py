"""Handing work in from the browser, and watching it."""

from __future__ import annotations

import re
from collections.abc import Callable

from newsroom import Newsroom
from playwright.sync_api import Page, expect
from running import Running, until
from visit import PATIENCE, Visit

expect.set_options(timeout=PATIENCE)


def test_what_is_no_address_is_refused_with_its_reason(visit: Callable[..., Visit]) -> None:
    window = visit()
    window.refused.add(422)
    page = window.page
    page.goto("/")
    page.get_by_text("Hand in addresses or files").click()
    page.get_by_label("Addresses").fill("harbour strike")
    page.get_by_role("button", name="Hand in").click()
    expect(page.get_by_text("Not an http or https address")).to_be_visible()


def test_a_failed_item_tells_why_and_is_retried(page: Page, mill: Running, newsroom: Newsroom) -> None:
    address = newsroom.put("/broken", "broken", status=500)
    job = mill.run(address)
    page.goto(f"/jobs/{job}?outcome=failed")
    page.get_by_role("row", name="broken").get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("failed")
    expect(page.get_by_text("http_server").first).to_be_visible()
    expect(page.get_by_text(re.compile("Retry when the site works again"))).to_be_visible()
    newsroom.story("/broken", "Mended in the night", 16)
    page.get_by_role("button", name="Retry").click()
    mill.finish(job)
    page.goto(f"/jobs/{job}")
    page.get_by_role("link", name="Mended in the night").click()
    expect(page.get_by_role("heading", name="Mended in the night")).to_be_visible()


def test_failures_are_retried_by_their_cause(page: Page, mill: Running, newsroom: Newsroom) -> None:
    address = newsroom.put("/flaky", "broken", status=502, host="127.0.0.3")
    job = mill.run(address)
    newsroom.story("/flaky", "The second try", 17, host="127.0.0.3")
    page.goto("/failures")
    group = page.locator("section", has_text="127.0.0.3")
    group.get_by_role("button", name="Retry 1 item").click()
    expect(page.get_by_role("status").first).to_contain_text("1 item will be tried again")
    assert mill.finish(job).outcomes.stored == 1


def test_a_feed_is_subscribed_polled_paused_and_removed(page: Page, newsroom: Newsroom) -> None:
    story = newsroom.story("/polled", "What the feed brought", 18, host="127.0.0.4")
    feed = newsroom.feed("/rss", "The Evening Lantern", {story: "What the feed brought"}, host="127.0.0.4")
    page.goto("/feeds")
    page.get_by_label("Address of a feed").fill(feed)
    page.get_by_role("button", name="Subscribe").click()
    row = page.get_by_role("row", name=re.compile("127.0.0.4|Evening Lantern"))
    expect(row).to_be_visible()

    def brought() -> bool:
        page.goto("/articles?q=brought")
        return page.get_by_role("link", name="What the feed brought").count() == 1

    until(brought, "the feed was polled")
    page.goto("/feeds")
    row.get_by_role("button", name="Pause").click()
    expect(row).to_contain_text("paused")
    row.get_by_role("button", name="Resume").click()
    row.get_by_role("link", name="The Evening Lantern").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("The Evening Lantern")
    page.get_by_text("Settings", exact=True).click()
    page.get_by_label("Minutes between two polls").fill("45")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("45 min").first).to_be_visible()
    page.get_by_text("Settings", exact=True).click()
    page.get_by_role("button", name="Remove this feed").click()
    page.wait_for_url("**/feeds*")
    expect(page.get_by_role("row", name="The Evening Lantern")).to_have_count(0)
