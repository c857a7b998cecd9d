"""Handing work in from the browser, and watching it."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Callable
from pathlib import Path

import paper
import pytest
from paper import Newsroom
from playwright.sync_api import Locator, Page, expect
from running import Running
from visit import PATIENCE, Visit
from waiting import until

expect.set_options(timeout=PATIENCE)


@pytest.fixture
def form(page: Page) -> Page:
    """The page on which work is handed in."""
    page.goto("/enqueue")
    return page


def hand_in(page: Page) -> None:
    page.get_by_role("button", name="Take in once").click()
    page.wait_for_url("**/jobs/*")


def state_of(page: Page) -> Locator:
    """Where a job's page says how far it is."""
    return page.locator("#job_state")


def test_addresses_are_pasted_and_the_page_of_their_job_follows_the_work(
    form: Page, newsroom: Newsroom
) -> None:
    slow = newsroom.story("/slow", "The slow lantern", 11)
    newsroom.hold(slow)
    form.get_by_label("Addresses").fill(slow + "\n" + newsroom.url("/nothing-there"))
    hand_in(form)
    expect(state_of(form)).to_contain_text("running")
    form.evaluate("window.same = true")
    newsroom.release(slow)
    expect(state_of(form)).to_contain_text("done")
    expect(form.get_by_role("link", name="The slow lantern")).to_be_visible()
    expect(form.get_by_role("row", name="nothing-there")).to_contain_text("http_client")
    assert form.evaluate("window.same"), "the page was loaded anew"


def test_files_and_a_list_of_feeds_are_chosen(form: Page, newsroom: Newsroom, tmp_path: Path) -> None:
    story = newsroom.story("/from-the-feed", "Told by a feed", 12)
    feed = newsroom.feed("/feed.xml", "The Lantern", {story: "Told by a feed"})
    text = tmp_path / "letter.txt"
    text.write_text(paper.text(13))
    opml = tmp_path / "mine.opml"
    opml.write_text(f'<opml version="2.0"><body><outline type="rss" text="L" xmlUrl="{feed}"/></body></opml>')
    form.get_by_label("Files").set_input_files([text, opml])
    hand_in(form)
    expect(state_of(form)).to_contain_text("done")
    expect(form.get_by_role("link", name="Told by a feed")).to_be_visible()
    expect(form.get_by_role("link", name="Story number 13 of the lantern")).to_be_visible()


def test_files_are_dropped(form: Page) -> None:
    dropped = form.evaluate_handle(
        """text => {
          const data = new DataTransfer()
          data.items.add(new File([text], "dropped.txt", {type: "text/plain"}))
          return data
        }""",
        paper.text(19),
    )
    for event in ("dragover", "drop"):
        form.get_by_label("Files").dispatch_event(event, {"dataTransfer": dropped})
    expect(form.get_by_text("1 chosen: dropped.txt")).to_be_visible()
    hand_in(form)
    expect(form.get_by_role("link", name="Story number 19 of the lantern")).to_be_visible()


def test_what_is_no_address_is_refused_with_its_reason(visit: Callable[..., Visit]) -> None:
    window = visit()
    window.refused.add(422)
    page = window.page
    page.goto("/enqueue")
    page.get_by_label("Addresses").fill("harbour strike")
    page.get_by_role("button", name="Take in once").click()
    expect(page.get_by_role("alert")).to_contain_text("Not an http or https address")
    expect(page.get_by_label("Addresses")).to_have_value("harbour strike")


def test_the_dashboard_shows_a_job_that_somebody_else_handed_in(
    page: Page, mill: Running, tmp_path: Path
) -> None:
    page.goto("/")
    page.evaluate("window.same = true")
    (tmp_path / "note.txt").write_text(paper.text(14))
    job = mill.hand_in(tmp_path / "note.txt")
    expect(page.get_by_role("row", name=job)).to_contain_text("done")
    assert page.evaluate("window.same"), "the page was loaded anew"


def test_a_page_whose_server_was_killed_goes_on_when_it_is_back(
    visit: Callable[..., Visit], mill: Running, newsroom: Newsroom
) -> None:
    window = visit()
    window.interrupted = True
    page = window.page
    held = newsroom.story("/held", "Back again", 15)
    newsroom.hold(held)
    page.goto(f"/jobs/{mill.hand_in(held)}")
    expect(state_of(page)).to_contain_text("running")
    page.evaluate("window.same = true")
    os.kill(mill.web.pid, signal.SIGKILL)
    os.waitid(os.P_PID, mill.web.pid, os.WEXITED | os.WNOWAIT)
    expect(page.get_by_text("Not live")).to_be_visible()
    mill.web.check(patience=0)
    newsroom.release(held)
    expect(state_of(page)).to_contain_text("done")
    assert page.evaluate("window.same"), "the page was loaded anew"


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
    expect(page.get_by_role("row", name="What the feed brought")).to_contain_text("stored")
    page.get_by_text("Settings", exact=True).click()
    page.get_by_label("Minutes between two polls").fill("45")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("45 min").first).to_be_visible()
    page.get_by_text("Settings", exact=True).click()
    page.get_by_role("link", name="Remove this feed").click()
    expect(page.get_by_text("Its articles stay")).to_be_visible()
    page.get_by_role("button", name="Remove this feed").click()
    page.wait_for_url("**/feeds?*")
    expect(page.get_by_role("row", name="The Evening Lantern")).to_have_count(0)
