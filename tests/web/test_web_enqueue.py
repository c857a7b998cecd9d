"""Handing in from a browser, with and without the script."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from web_site import Site, words

OPML = b"""<opml version="2.0"><body>
<outline text="Harbour" xmlUrl="https://harbour.example/feed.xml"/>
<outline text="Paths" xmlUrl="feeds/local.xml"/>
</body></opml>"""
STORY = b"Harbour reopens\n\nThe harbour is open again after the storm of last week, the council said.\n"


def test_what_is_handed_in_leads_to_its_job(site: Site) -> None:
    answer = site.browser.post(
        "/jobs", data={"sources": "https://news.example/a"}, files=[("files", ("story.txt", STORY))]
    )
    (job,) = site.store.jobs()
    assert answer.url.path == f"/jobs/{job.job}"
    assert job.items == 2


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("https://news.example/a\nnot an address", "Not an http or https address: 'not an address'."),
        ("<b>&amp;", "Not an http or https address"),
        ("", "Nothing was handed in"),
    ],
)
def test_what_was_typed_is_kept_beside_the_reason(site: Site, typed: str, says: str) -> None:
    answer = site.browser.post("/jobs", data={"sources": typed}, files=[("files", ("", b""))])
    assert answer.status_code == 422
    assert says.replace("'", "&#39;") in answer.text
    field = answer.text[answer.text.index("<textarea") : answer.text.index("</textarea>")]
    escaped = typed.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert field.partition(">")[2] == escaped
    assert "<title>Not handed in" in answer.text
    assert not site.store.jobs()


def test_a_list_is_taken_in_once_or_subscribed_to(site: Site) -> None:
    files = [("files", ("feeds.opml", OPML))]
    site.browser.post("/jobs", files=files)
    assert site.store.jobs()[0].items >= 1
    assert not site.store.feeds()
    answer = site.browser.post(
        "/enqueue/subscribe", data={"sources": "https://news.example/feed"}, files=files
    )
    assert "2 feeds added, 0 already there, 1 refused." in words(answer)
    assert "feeds/local.xml It is a path, not an address" in words(answer)
    assert {feed.url for feed in site.store.feeds()} == {
        "https://harbour.example/feed.xml",
        "https://news.example/feed",
    }
    assert len(site.store.jobs()) == 1


@pytest.mark.parametrize(
    ("sources", "file", "says"),
    [
        ("", None, "Nothing was named"),
        ("nonsense", None, "nonsense: It is a path, not an address"),
        ("https://news.example/feed", ("story.txt", STORY), "story.txt is no list of feeds to subscribe to"),
    ],
)
def test_what_cannot_be_subscribed_to_is_said_and_kept(
    site: Site, sources: str, file: tuple[str, bytes] | None, says: str
) -> None:
    files = [("files", file or ("", b""))]
    answer = site.browser.post("/enqueue/subscribe", data={"sources": sources}, files=files)
    assert answer.status_code == 422
    assert says in answer.text
    assert f">{sources}</textarea>" in answer.text
    assert not site.store.feeds()


def test_the_form_tells_the_script_where_to_say_what_went_wrong(site: Site) -> None:
    shown = site.browser.get("/enqueue").text
    for mark in (
        "data-upload",
        "data-problem",
        "data-chosen",
        "<progress",
        'formaction="/enqueue/subscribe"',
    ):
        assert mark in shown


def test_without_the_token_there_is_no_form(open_site: Callable[..., Site]) -> None:
    site = open_site(api_token="t" * 20)
    assert "<textarea" not in site.browser.get("/enqueue").text
    assert "Sign in" in site.read("/enqueue")
    assert site.browser.post("/enqueue/subscribe", data={"sources": "https://a.example/"}).status_code == 401
