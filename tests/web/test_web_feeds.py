"""Feeds as programs and as people see and change them."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from httpx import Response
from web_site import SCRIPT, Site, article, new_item, words

from pipeline.errors import CODES
from pipeline.model import Ending, Entry, NewItem, Polled, Problem, WebSub
from workers.feed_health import TROUBLE, WORDS

URL = "https://news.example/feed.xml"
TIMEOUT = Problem(code="timeout", message="news.example did not answer in 30 s.", retry_helps=True)
LIST = b"""<opml version="2.0"><body><outline text="News" xmlUrl="https://news.example/feed.xml"/>
<outline text="Other" xmlUrl="https://other.example/feed.xml"/>
<outline text="A path" xmlUrl="../local.xml"/></body></opml>"""


def refused(answer: Response, status: int) -> str:
    """The detail of an answer that is a problem of this status."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    detail: str = answer.json()["detail"]
    return detail


def polled(site: Site, feed: int, now: float | None = None, **fields: Any) -> None:
    """What one poll brought, written as a worker writes it."""
    now = time.time() if now is None else now
    site.store.feeds_polled([Polled(**({"feed": feed, "at": now, "status": 200} | fields))], now)


def entries(*names: str) -> list[NewItem]:
    links = [f"https://news.example/{name}" for name in names]
    return [NewItem(key=link, name=link, url=link, source=URL) for link in links]


@pytest.fixture
def newsroom(site: Site) -> Site:
    """A feed that works (1), one that fails (2) and one that is paused (3)."""
    for name in ("feed", "broken", "paused"):
        site.store.add_feed(f"https://news.example/{name}.xml", time.time())
    polled(site, 1, title="Harbour news", etag='"1"', seconds=0.25, items=entries("a", "b"))
    polled(site, 2, status=503, problem=TIMEOUT)
    site.store.change_feed(3, time.time(), state="paused")
    return site


# -- the API ------------------------------------------------------------------------------------


def test_feeds_are_added_listed_polled_and_removed(site: Site) -> None:
    order = {"url": URL, "interval": 900, "title": "News"}
    added = site.api.post("/api/feeds", json=order)
    assert added.status_code == 201
    assert site.api.post("/api/feeds", json={"url": order["url"]}).json()["id"] == added.json()["id"]
    (feed,) = site.api.get("/api/feeds").json()["feeds"]
    assert (feed["url"], feed["interval_wanted"], feed["title"]) == tuple(order.values())
    assert (feed["state"], feed["health"]) == ("active", "new")
    assert site.api.post(f"/api/feeds/{feed['id']}/poll").status_code == 202
    assert site.api.delete(f"/api/feeds/{feed['id']}").status_code == 204
    for method, path in (("GET", ""), ("DELETE", ""), ("POST", "/poll"), ("PATCH", "")):
        answer = site.api.request(method, f"/api/feeds/{feed['id']}{path}", json={})
        assert f"There is no feed {feed['id']}" in refused(answer, 404)


@pytest.mark.parametrize(
    "order",
    [
        {"url": "feed.xml"},
        {"url": "https://a.example", "interval": 1},
        {"url": "https://a.example", "interval": 1e12},
        {"url": "https://a.example", "interval": "often"},
        {},
        {"url": "https://a.example", "x": 1},
    ],
)
def test_a_feed_that_cannot_be_polled_is_refused(site: Site, order: dict[str, Any]) -> None:
    refused(site.api.post("/api/feeds", json=order), 422)
    assert not site.store.feeds()


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("", [1, 2, 3]),
        ("?failing=true", [2]),
        ("?state=paused", [3]),
        ("?state=active", [1, 2]),
        ("?health=fine", [1]),
        ("?health=fine&state=paused", []),
    ],
)
def test_feeds_are_chosen_by_what_is_asked(newsroom: Site, query: str, ids: list[int]) -> None:
    assert [one["id"] for one in newsroom.api.get(f"/api/feeds{query}").json()["feeds"]] == ids


@pytest.mark.parametrize("query", ["?state=asleep", "?health=splendid", "?failing=perhaps"])
def test_a_choice_that_does_not_exist_is_a_problem(site: Site, query: str) -> None:
    refused(site.api.get(f"/api/feeds{query}"), 422)


def test_a_feed_is_told_whole_and_keeps_its_secrets(newsroom: Site) -> None:
    websub = WebSub(
        hub="https://hub.example/", topic=URL, token="unguessable", secret="the-key", asked_at=time.time()
    )
    newsroom.store.set_websub(1, websub)
    whole = newsroom.api.get("/api/feeds/1")
    told = whole.json()
    assert (told["title"], told["health"], told["entries_seen"]) == ("Harbour news", "fine", 2)
    assert [(one["result"], one["entries"], one["new"]) for one in told["history"]] == [("new", 2, 2)]
    assert told["websub"]["hub"] == "https://hub.example/"
    failing = newsroom.api.get("/api/feeds/2").json()
    assert failing["problem"]["code"] == "timeout"
    assert failing["advice"] == CODES["timeout"]
    assert TIMEOUT.message in failing["health_reason"]
    for address in ("/api/feeds", "/api/feeds/1", "/feeds", "/feeds/1"):
        shown = newsroom.browser.get(address).text
        assert "unguessable" not in shown
        assert "the-key" not in shown


@pytest.mark.parametrize(
    ("change", "field", "value"),
    [
        ({"state": "paused"}, "state", "paused"),
        ({"state": "active"}, "state", "active"),
        ({"interval": 7_200}, "interval_wanted", 7_200.0),
        ({"interval": "auto"}, "interval_wanted", None),
        ({"title": "Mine"}, "title", "Mine"),
    ],
)
def test_a_feed_is_changed(newsroom: Site, change: dict[str, Any], field: str, value: Any) -> None:
    newsroom.store.change_feed(1, time.time(), interval=900.0)
    answer = newsroom.api.patch("/api/feeds/1", json=change)
    assert answer.status_code == 200
    assert answer.json()[field] == value
    assert newsroom.api.get("/api/feeds/1").json()[field] == value


@pytest.mark.parametrize(
    "change", [{"state": "gone"}, {"interval": 5}, {"url": URL}, {"interval": None, "x": 1}]
)
def test_a_change_that_cannot_be_is_refused(newsroom: Site, change: dict[str, Any]) -> None:
    before = newsroom.store.feeds()
    refused(newsroom.api.patch("/api/feeds/1", json=change), 422)
    assert newsroom.store.feeds() == before


def test_writing_needs_the_token(open_site: Callable[..., Site]) -> None:
    site = open_site(api_token="t0ken")
    site.store.add_feed(URL, 1.0)
    for method, path in (
        ("PATCH", "/api/feeds/1"),
        ("DELETE", "/api/feeds/1"),
        ("POST", "/api/feeds.opml"),
        ("DELETE", "/api/articles/1"),
    ):
        assert "FEEDMILL_API_TOKEN" in refused(site.api.request(method, path, json={"state": "paused"}), 401)
    for path in ("/feeds/1/pause", "/feeds/1/settings", "/feeds/import", "/articles/1/delete"):
        assert site.browser.post(path).status_code == 401
    (feed,) = site.store.feeds()
    assert feed.state == "active"
    assert "Pause" not in site.read("/feeds")
    assert "Settings" not in site.read("/feeds/1")
    allowed = {"authorization": "Bearer t0ken"}
    assert site.api.patch("/api/feeds/1", json={"state": "paused"}, headers=allowed).status_code == 200


# -- lists --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "send",
    [
        {"content": LIST, "headers": {"content-type": "text/x-opml"}},
        {"content": LIST},
        {"files": {"file": ("list.opml", LIST)}},
    ],
    ids=["as it is", "of no type", "as a form"],
)
def test_a_list_is_imported_line_by_line(site: Site, send: dict[str, Any]) -> None:
    site.store.add_feed(URL, 1.0, title="Ours")
    told = site.api.post("/api/feeds.opml", **send).json()
    assert [one["title"] for one in told["added"]] == ["Other"]
    assert told["already_there"] == [1]
    assert told["refused"][0]["address"] == "../local.xml"
    assert "path" in told["refused"][0]["reason"]


@pytest.mark.parametrize("body", [b"", b"no list", b"<opml><body/></opml>", b"\x00\xff"])
def test_what_is_no_list_is_a_problem(site: Site, body: bytes) -> None:
    refused(site.api.post("/api/feeds.opml", content=body), 422)


def test_a_list_is_bounded(open_site: Callable[..., Site]) -> None:
    site = open_site(max_feed_bytes=1_000)
    big = LIST + b" " * 1_000
    assert "FEEDMILL_MAX_FEED_BYTES" in refused(site.api.post("/api/feeds.opml", content=big), 413)
    assert not site.store.feeds()


def test_the_list_that_is_exported_names_every_feed_and_no_password(newsroom: Site) -> None:
    newsroom.store.add_feed("https://user:secret@news.example/private.xml", 1.0)
    answer = newsroom.api.get("/api/feeds.opml")
    assert answer.status_code == 200
    assert answer.headers["content-disposition"] == 'attachment; filename="feedmill.opml"'
    assert answer.headers["content-type"].startswith("text/x-opml")
    assert answer.text.count("xmlUrl") == 4
    assert "Harbour news" in answer.text
    assert "secret" not in answer.text


# -- pages --------------------------------------------------------------------------------------


def test_feeds_are_subscribed_polled_and_removed_by_buttons(site: Site) -> None:
    assert "No feeds yet" in site.read("/feeds")
    answer = site.browser.post("/feeds", data={"url": "https://user:secret@news.example/feed.xml"})
    assert "https://user:***@news.example/feed.xml" in answer.text
    assert "secret" not in answer.text
    for address in ("/feeds/1/poll", "/feeds/poll", "/feeds/1/remove"):
        assert site.browser.post(address).status_code == 200
    assert not site.store.feeds()


def test_the_page_tells_health_first_and_why(newsroom: Site) -> None:
    shown = newsroom.read("/feeds")
    assert "all 3 failing 1 paused 1 fine 1" in shown
    assert shown.index("failing https") < shown.index("fine Harbour news")
    assert "timeout news.example did not answer in 30 s." in shown
    only = newsroom.read("/feeds?health=fine")
    assert "Harbour news" in only
    assert "broken.xml" not in only
    assert "Harbour news" in newsroom.read("/feeds?health=nonsense")


def test_a_feeds_page_tells_everything(newsroom: Site) -> None:
    shown = newsroom.read("/feeds/1")
    for one in (
        "Harbour news fine",
        "interval",
        "next poll",
        "2 seen, 2 new",
        "with ETag",
        "2 entries, 2 new",
    ):
        assert one in shown, one
    assert CODES["timeout"] in newsroom.read("/feeds/2")
    assert "timeout (status 503)" in newsroom.read("/feeds/2")


def test_buttons_lead_back_to_where_they_were(newsroom: Site) -> None:
    answer = newsroom.browser.post("/feeds/1/pause?list=fine")
    assert answer.url.path == "/feeds"
    assert newsroom.store.feeds([1])[0].state == "paused"
    answer = newsroom.browser.post("/feeds/1/resume?list=//evil.example")
    assert (answer.url.host, answer.url.path, answer.url.query) == ("127.0.0.1", "/feeds", b"done=resumed")
    assert "Resumed. It is polled in a moment." in words(answer)
    assert newsroom.browser.post("/feeds/1/poll").url.path == "/feeds/1"
    answer = newsroom.browser.post("/feeds/1/poll?list=any&part=harbour")
    assert (answer.url.path, answer.url.params["part"]) == ("/feeds", "harbour")


def test_feeds_are_found_by_a_part_of_their_name_or_address(newsroom: Site) -> None:
    newsroom.store.add_feed("https://reader:hidden@wire.example/feed", time.time(), None, "100%_wire")
    shown = newsroom.read("/feeds?part=HARBOUR")
    assert "all 1 fine 1" in shown
    assert "broken.xml" not in shown
    assert "broken.xml" in newsroom.read("/feeds?part=broken")
    assert "No feed is fine and has “broken” in its name or address." in newsroom.read(
        "/feeds?part=broken&health=fine"
    )
    for part in ("%25_w", "WIRE.example"):
        assert "all 1" in newsroom.read(f"/feeds?part={part}"), part
    assert "No feed has “hidd” in its name or address." in newsroom.read("/feeds?part=hidd")


def test_names_and_addresses_of_any_length_take_a_line_or_two_of_the_list(site: Site) -> None:
    site.store.add_feed("https://news.example/" + "p" * 1_500, time.time(), None, "N" * 2_000)
    shown = site.browser.get("/feeds").text
    assert "N" * 121 not in shown
    assert "p" * 121 not in shown
    assert "p" * 1_500 in site.browser.get("/feeds/1").text


def test_removing_a_feed_is_asked_about_with_what_it_does(newsroom: Site) -> None:
    shown = newsroom.browser.get("/feeds/1").text
    assert '<a href="/feeds/1/remove">' in shown
    assert 'action="/feeds/1/remove"' not in shown
    asked = newsroom.browser.get("/feeds/1/remove")
    assert 'action="/feeds/1/remove"' in asked.text
    assert "Its articles stay" in words(asked)
    assert "Removed. Its articles stay." in words(newsroom.browser.post("/feeds/1/remove"))
    assert not newsroom.store.feeds([1])
    assert newsroom.browser.get("/feeds/1/remove").status_code == 404


def test_a_feeds_page_tells_what_became_of_its_newest_entries(site: Site) -> None:
    feed, now = site.store.add_feed(URL, time.time()).id, time.time()
    for at, names in ((now - 900, ("old",)), (now - 60, ("gone", "late", "kept"))):
        items = [
            new_item(name, source=URL, entry=Entry(key=name, title=f"<{name}> says the feed"))
            for name in names
        ]
        site.store.feeds_polled([Polled(feed=feed, at=at, status=200, items=items)], at)
    # Somebody else's, accepted at the same moment.
    site.store.accept(site.store.open_job(["in"], now - 60, now), [new_item("other")], now - 60)
    gone = Problem(code="gone", message="It is gone.")
    found = {item.name: item.id for item in site.store.load(site.store.admit(9, now))}
    site.store.finish(
        [
            Ending(item=found["old"], article=article("Kept before", text="One.")),
            Ending(item=found["kept"], article=article("Another title", text="Two.")),
            Ending(item=found["gone"], problem=gone),
        ],
        now,
    )
    shown = site.read(f"/feeds/{feed}")
    entries = shown[shown.index("Newest entries") : shown.index("Last polls")]
    order = [entries.index(f"&lt;{name}&gt; says the feed") for name in ("kept", "late", "gone", "old")]
    assert order == sorted(order)
    for told in ("stored &lt;kept&gt;", "in flight &lt;late&gt;", "failed &lt;gone&gt;", "gone It is gone."):
        assert told in entries, told
    assert "other" not in entries
    assert f'href="/items/{found["gone"]}"' in site.browser.get(f"/feeds/{feed}").text
    assert "Of 2 polls, 2 brought 4 new." in shown


def test_an_interval_is_set_in_minutes_and_left_to_the_feed_again(newsroom: Site) -> None:
    shown = newsroom.browser.post("/feeds/1/settings", data={"minutes": "90", "title": "Mine"})
    assert 'value="90"' in shown.text
    assert "Mine" in words(shown)
    assert newsroom.store.feeds([1])[0].interval_wanted == 5_400.0
    newsroom.browser.post("/feeds/1/settings", data={"minutes": "", "title": "Mine"})
    assert newsroom.store.feeds([1])[0].interval_wanted is None
    for wrong in ("0.1", "-5", "nan", "1e300", "soon"):
        answer = newsroom.browser.post("/feeds/1/settings", data={"minutes": wrong})
        assert answer.status_code == 422, wrong
        assert "interval" in answer.text


def test_a_list_is_imported_by_a_form_and_each_line_accounted_for(site: Site) -> None:
    answer = site.browser.post("/feeds/import", files={"file": ("list.opml", LIST)})
    assert "2 feeds added, 0 already there, 1 refused." in words(answer)
    assert "../local.xml" in answer.text
    empty = site.browser.post("/feeds/import", files={"file": ("", b"")})
    assert empty.status_code == 422
    assert "choose an OPML file" in empty.text


def test_every_word_of_health_has_a_colour_and_an_explanation(newsroom: Site) -> None:
    style = newsroom.browser.get("/static/style.css").text
    for word in WORDS:
        assert word == "paused" or re.search(rf"\.{word}\b[^{{}}]*{{", style), word
    assert set(WORDS) >= TROUBLE
    for word in ("failing", "fine"):
        assert f'title="{WORDS[word]}"' in newsroom.browser.get("/feeds").text  # type: ignore[index]


def test_tables_have_headers_and_buttons_have_names(newsroom: Site) -> None:
    for address in ("/feeds", "/feeds/1"):
        shown = newsroom.browser.get(address).text
        rows = len(re.findall(r"<tr\b", shown)) - len(re.findall(r"<thead\b", shown))
        assert shown.count('<th scope="row"') == rows
        assert "<script" not in shown.replace(SCRIPT, "")
        assert " style=" not in shown
    names = re.findall(r'aria-label="(?:Poll|Pause|Resume) ([^"]*)"', newsroom.browser.get("/feeds").text)
    assert len(names) == 6
    assert "Harbour news" in names


# -- articles that are deleted ------------------------------------------------------------------


def test_an_article_is_deleted_and_every_page_says_so(site: Site) -> None:
    site.job([new_item("a"), new_item("b")])
    site.finish({"a": article(), "b": article("Other", "Another text.")})
    assert site.api.delete("/api/articles/1").status_code == 204
    refused(site.api.delete("/api/articles/1"), 404)
    refused(site.api.get("/api/articles/1"), 404)
    assert site.browser.get("/articles/1").status_code == 404
    assert site.browser.post("/articles/2/delete").url.path == "/articles"
    assert "No articles yet" in site.read("/articles")
    gone = {item.article for item in site.store.items()}
    assert gone == {None}
    for item in site.store.items():
        assert "deleted" in site.read(f"/items/{item.id}")
    assert site.browser.get(f"/jobs/{site.store.jobs()[0].job}").status_code == 200
