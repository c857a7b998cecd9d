"""The passport: the way of an item, its page taken apart, and what is safe to show of it."""

from __future__ import annotations

import pytest
from web_site import Site, linked, words

from pipeline.clean import clean
from pipeline.extract import extract
from pipeline.model import Ending, Fetched, Page, Problem, Step
from pipeline.packing import digest
from pipeline.store.contract import NewPage

STORY = (
    "The harbour of Port Anwick reopened on Monday after a storm had closed it for nine days, the harbour "
    "master said. Fishing boats left at dawn, and the first ferry followed at noon with two hundred people. "
)
HTML = f"""<!DOCTYPE html><html lang="en"><head><title>Harbour reopens - The Courier</title>
<meta property="og:title" content="Harbour reopens"><meta name="author" content="Ada Fisher">
<meta property="og:site_name" content="The Courier"></head><body>
<nav class="menu"><a href="/">Home</a> <a href="/sport">Sport</a></nav>
<article><h1>Harbour reopens</h1><p>{STORY * 2}</p><p>{STORY}</p><p>"It was time," <b>said</b> one.</p>
</article>
<footer class="footer"><p>Write to us &lt;script&gt;alert(1)&lt;/script&gt; at any time</p></footer>
<script>alert("evil")</script></body></html>"""


def kept(site: Site, body: str = HTML, problem: Problem | None = None) -> None:
    """One item whose page was fetched over a redirect, and ended with what the stages make of it."""
    site.job([linked("harbour")])
    (number,) = site.store.admit(10, 1_001.0)
    raw = body.encode()
    fetched = Fetched(
        final_url="https://news.example/2026/harbour",
        status=200,
        headers={"content-type": "text/html"},
        at=1_002.0,
        redirects=["https://news.example/harbour"],
    )
    site.store.keep_pages([NewPage(item=number, body=raw, fetched=fetched, content_type=None)], 1_002.0)
    page = Page(body=raw, digest=digest(raw), key="k", url=fetched.final_url, fetched=fetched)
    trace = [
        Step(stage="fetch", at=1_002.0, seconds=0.5, worker="w1", result="timeout", message="Too slow."),
        Step(stage="fetch", at=1_062.5, seconds=0.25, worker="w2", result="ok"),
    ]
    result = {"problem": problem} if problem else {"article": extract(clean(page))}
    ending = Ending(item=number, page_digest=digest(raw), trace=trace, **result)  # type: ignore[arg-type]
    site.store.finish([ending], 1_070.0)


def test_each_step_says_its_try_and_how_long_it_waited(site: Site) -> None:
    kept(site)
    shown = site.read("/items/1")
    assert "fetch 1 1970-01-01 00:16:42 2.0 s 500 ms w1 timeout: Too slow." in shown
    assert "fetch 2 1970-01-01 00:17:42 1 min 250 ms w2 ok" in shown


def test_the_page_stands_beside_the_cleaned_text(site: Site) -> None:
    kept(site)
    shown = site.browser.get("/items/1").text
    assert '<ins dir="auto">The harbour of Port Anwick reopened' in shown
    assert '<del dir="auto">Home Sport</del> <span class="why">navigation' in shown
    assert '<del dir="auto">Harbour reopens</del> <span class="why">told as title' in shown
    assert "<strong>said</strong> one" in shown.partition('id="cleaned"')[2]


def test_how_the_page_was_had_and_where_its_values_come_from(site: Site) -> None:
    kept(site)
    shown = site.read("/items/1")
    assert "Status 200" in shown
    assert "https://news.example/harbour https://news.example/2026/harbour content-type text/html" in shown
    assert "title Harbour reopens" in shown
    assert "Harbour reopens - The Courier (title)" in shown


def test_nothing_of_a_foreign_page_is_run(site: Site) -> None:
    kept(site)
    for address in ("/items/1", "/items/1?whole=1"):
        shown = site.browser.get(address).text
        assert "<script>alert" not in shown
        assert "&lt;script&gt;alert(1)&lt;/script&gt; at any time" in shown
        assert "<iframe" not in shown


def test_the_raw_page_is_saved_as_text(site: Site) -> None:
    kept(site)
    answer = site.browser.get("/items/1/raw")
    assert answer.content == HTML.encode()
    assert answer.headers["content-type"] == "text/plain"
    assert answer.headers["content-disposition"] == 'attachment; filename="item-1.txt"'
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_failed_item_says_why_what_to_do_and_what_else_is_known(site: Site) -> None:
    site.store.add_feed("https://news.example/feed", 1.0)
    kept(site, problem=Problem(code="no_article", message="It is a list of links."))
    shown = site.read("/items/1")
    assert "It is a list of links. no_article The page was read but holds no article" in shown
    assert "Feed 1 (https://news.example/feed) is" in shown
    assert "Hand in this address" in shown


def test_of_a_long_page_the_beginning_is_shown_until_all_is_asked_for(site: Site) -> None:
    lines = "".join(f"<p>Line {n} of many.</p>" for n in range(900))
    kept(site, HTML.replace("</article>", f"{lines}</article>"))
    first, whole = (site.browser.get(f"/items/1{query}") for query in ("", "?whole=1"))
    assert "Line 899" not in first.text.partition('id="pieces"')[2].partition('id="cleaned"')[0]
    assert "Show all of it" in words(first)
    assert "Line 899" in whole.text.partition('id="pieces"')[2].partition('id="cleaned"')[0]
    assert "Show all of it" not in words(whole)


def test_an_item_whose_page_is_not_kept_says_so(site: Site) -> None:
    site.job([linked("a")])
    site.finish({"a": Problem(code="timeout", message="Too slow.")})
    assert "Its page is not kept." in site.read("/items/1")
    assert site.browser.get("/items/1/raw").status_code == 404


@pytest.mark.parametrize("address", ["/items/77", "/items/77/raw"])
def test_an_unknown_item_leads_on(site: Site, address: str) -> None:
    answer = site.browser.get(address)
    assert answer.status_code == 404
    assert "There is no item 77." in answer.text
    assert "in the box above" in answer.text
