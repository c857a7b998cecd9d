"""Without a mouse, without a script, with a token, in the dark."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from paper import Newsroom
from playwright.sync_api import Page, expect
from running import Running
from visit import PATIENCE, Visit

SEEDS = Path(__file__).parents[2] / "seeds"
TOKEN = "a-token-that-is-long-enough"
#: what has the focus, as people would call it, and whether it can be seen that it has
_FOCUSED = """() => {
  const one = document.activeElement, style = getComputedStyle(one), box = one.getBoundingClientRect()
  return {
    name: (one.getAttribute("aria-label") || one.innerText || one.name || one.tagName).trim(),
    tag: one.tagName,
    seen: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2
      && box.width > 0 && box.height > 0 && box.right > 0 && box.bottom > 0,
  }
}"""
#: how many elements are shown that can have it
_FOCUSABLE = """() => {
  const kinds = "a[href], button, input:not([type=hidden]), textarea, select, summary"
  return [...document.querySelectorAll(kinds)].filter(one => one.checkVisibility()).length
}"""

expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="module")
def filled(mill: Running) -> Running:
    mill.run(SEEDS / "stories", SEEDS / "pages")
    return mill


@pytest.mark.parametrize("address", ["/", "/articles?q=harbour", "/feeds", "/failures"])
def test_tab_leads_through_a_page_and_out_of_it_and_shows_where_it_is(
    filled: Running, page: Page, address: str
) -> None:
    page.goto(address)
    reached = []
    for _ in range(200):
        page.keyboard.press("Tab")
        focused = page.evaluate(_FOCUSED)
        if focused["tag"] == "BODY":
            break
        assert focused["seen"], focused
        reached.append(focused["name"])
    else:
        pytest.fail(f"Tab does not leave the page; it last went to {reached[-5:]}")
    assert reached[:3] == ["Skip to content", "Feedmill", "Dashboard"]
    assert len(reached) >= page.evaluate(_FOCUSABLE)


def test_the_skip_link_leads_past_the_menu(filled: Running, page: Page) -> None:
    page.goto("/articles?q=harbour")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_addresses_are_handed_in_by_keyboard_alone(filled: Running, page: Page, newsroom: Newsroom) -> None:
    address = newsroom.story("/typed", "Typed in by hand", 31)

    def tab_to(name: str) -> None:
        for _ in range(60):
            page.keyboard.press("Tab")
            if name in page.evaluate(_FOCUSED)["name"]:
                return
        pytest.fail(f"Tab does not lead to {name}")

    page.goto("/")
    tab_to("Hand in")
    page.keyboard.press("Enter")
    page.wait_for_url("**/enqueue")
    tab_to("sources")
    page.keyboard.type(address)
    tab_to("Take in once")
    page.keyboard.press("Space")
    page.wait_for_url("**/jobs/*")
    assert filled.finish(page.url.rpartition("/")[2]).outcomes.stored == 1


def test_light_and_dark_are_as_the_system_is(filled: Running, visit: Callable[..., Visit]) -> None:
    grounds = {}
    for scheme in ("light", "dark"):
        page = visit(color_scheme=scheme).page
        page.goto("/")
        ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
        grounds[scheme] = sum(map(int, ground.removeprefix("rgb(").removesuffix(")").split(",")))
    assert grounds["dark"] < 3 * 64 < 3 * 192 < grounds["light"]


def test_nothing_moves_for_who_asked_for_that(filled: Running, visit: Callable[..., Visit]) -> None:
    moving = {}
    for motion in ("reduce", "no-preference"):
        page = visit(reduced_motion=motion).page
        page.goto("/")
        expect(page.get_by_text("Live", exact=True)).to_be_visible()
        moving[motion] = page.evaluate("document.getAnimations().length")
    assert moving["reduce"] == 0 < moving["no-preference"]


def test_without_a_script_all_works_but_what_is_live(
    filled: Running, visit: Callable[..., Visit], newsroom: Newsroom
) -> None:
    page = visit(java_script_enabled=False).page
    page.goto("/enqueue")
    page.get_by_label("Addresses").fill(newsroom.story("/plain", "Read without a script", 32))
    page.get_by_role("button", name="Take in once").click()
    page.wait_for_url("**/jobs/*")
    job = page.url.rpartition("/")[2]
    filled.finish(job)
    page.reload()
    page.get_by_role("link", name="Read without a script").click()
    expect(page.get_by_role("heading", name="Read without a script")).to_be_visible()
    page.get_by_role("link", name="How it came here").click()
    expect(page.get_by_role("rowheader", name="extract")).to_be_visible()
    page.goto("/articles")
    page.get_by_label("Words, or fields").fill('"without a script"')
    page.get_by_role("button", name="Search").click()
    expect(page.locator("mark").first).to_be_visible()


def test_changing_things_needs_the_token(
    filled: Running, visit: Callable[..., Visit], newsroom: Newsroom
) -> None:
    with filled.asking_for(TOKEN) as origin:
        page = visit(origin).page
        page.goto("/enqueue")
        expect(page.get_by_role("button", name="Take in once")).to_have_count(0)
        page.get_by_role("link", name="Sign in").first.click()
        page.get_by_label("token").fill(TOKEN)
        page.get_by_role("button", name="Sign in").click()
        page.get_by_role("link", name="Hand in").first.click()
        page.get_by_label("Addresses").fill(newsroom.story("/signed", "Handed in by one we know", 33))
        page.get_by_role("button", name="Take in once").click()
        page.wait_for_url("**/jobs/*")
        page.get_by_role("button", name="Sign out").click()
        expect(page.get_by_role("link", name="Sign in").first).to_be_visible()
        page.close()
