"""Subscribed feeds through a whole deployment: what they bring, and what their servers see."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from mill import Mill, story
from web import Web

from pipeline.model import Counts, Feed
from pipeline.store.contract import ArticleFilter

Start = Callable[..., Mill]


@pytest.fixture(scope="module")
def kept(keep: Start) -> Mill:
    return keep(host_delay=0.0, poll=True, retry_seconds=0.1)


@pytest.fixture
def mill(kept: Mill) -> Mill:
    """One for all tests. Each counts from where the others stopped, and leaves no feed."""
    store = kept.deployment.store
    for feed in store.feeds():
        store.remove_feed(feed.id)
    kept.begin()
    return kept


@pytest.fixture
def web(apart: Web) -> Web:
    return apart


def page(number: int, more: str = "") -> str:
    title, *paragraphs = story(number).strip().split("\n\n")
    body = "".join(f"<p>{one}</p>" for one in [*paragraphs, more])
    head = f"<html><head><title>{title}</title></head>"
    return f"{head}<body><article><h1>{title}</h1>{body}</article></body></html>"


def rss(*links: str, guids: str = "", title: str = "Story") -> str:
    listed = "".join(
        f"<item><link>{link}</link><guid isPermaLink='false'>{guids}{link}</guid>"
        f"<title>{title} {link}</title></item>"
        for link in links
    )
    return f"<rss version='2.0'><channel><title>F</title><link>http://x/</link>{listed}</channel></rss>"


def poll(mill: Mill, feed: int) -> Feed:
    """Poll a feed now, and wait for it and for all that it brought."""
    store = mill.deployment.store
    began = time.time()
    store.touch_feeds([feed], began)
    mill.deployment.stages.wake()
    mill.until(lambda: (store.feeds([feed])[0].last_polled_at or 0) >= began, "the feed was polled")
    mill.until(lambda: store.totals().state == "done", "all jobs are done")
    return store.feeds([feed])[0]


def subscribed(mill: Mill, url: str) -> Feed:
    store = mill.deployment.store
    feed = store.add_feed(url, time.time() + 3600)
    return poll(mill, feed.id)


def test_validators_go_back_as_they_came_and_304_costs_nothing_more(mill: Mill, web: Web, first: int) -> None:
    links = [web.serve(f"/{number}", page(first + number)) for number in range(3)]
    url = web.serve("/feed", rss(*links), ETag='W/"a b"', Last_Modified="Yesterday, as it were")
    feed = subscribed(mill, url)
    assert mill.brought() == Counts(stored=3)
    web.serve("/feed", "", status=304)
    feed = poll(mill, feed.id)
    sent = web.headers["/feed"][-1]
    assert (sent["if-none-match"], sent["if-modified-since"]) == ('W/"a b"', "Yesterday, as it were")
    assert feed.problem is None
    assert feed.history[-1].result == "not_modified"
    assert mill.brought() == Counts(stored=3)


def test_only_what_is_new_or_changed_is_fetched(mill: Mill, web: Web, first: int) -> None:
    links = [web.serve(f"/{number}", page(first + number)) for number in range(4)]
    feed = subscribed(mill, web.serve("/feed", rss(*links[:3])))
    web.serve("/feed", rss(*links))
    poll(mill, feed.id)
    assert [web.asked[f"/{number}"] for number in range(4)] == [1, 1, 1, 1]
    # The same articles under other guids.
    web.serve("/feed", rss(*links, guids="new-"))
    poll(mill, feed.id)
    assert [web.asked[f"/{number}"] for number in range(4)] == [1, 1, 1, 1]
    web.serve("/0", page(first, "And a paragraph that was added later on."))
    web.serve("/feed", rss(links[0], title="Corrected") + "<!-- -->")
    poll(mill, feed.id)
    assert web.asked["/0"] == 2
    assert mill.brought() == Counts(stored=4, updated=1)


def test_a_deleted_article_does_not_come_back_with_its_feed(mill: Mill, web: Web, first: int) -> None:
    link = web.serve("/0", page(first))
    feed = subscribed(mill, web.serve("/feed", rss(link)))
    store = mill.deployment.store
    here = ArticleFilter(source=web.url("/feed"))
    (row,) = store.articles(wanted=here)
    store.delete_article(row.id, time.time())
    web.serve("/feed", rss(link, title="Corrected"))
    poll(mill, feed.id)
    assert store.articles(wanted=here) == []
    assert web.asked["/0"] == 1


def test_gone_stops_a_feed_and_other_failures_only_slow_it_down(mill: Mill, web: Web) -> None:
    feed = subscribed(mill, web.serve("/feed", "no", status=503, Retry_After="7200"))
    assert (feed.state, feed.errors) == ("active", 1)
    assert feed.problem is not None
    assert feed.due_at > time.time() + 7100
    web.serve("/other", "no", status=410)
    assert subscribed(mill, web.url("/other", "127.0.7.2")).state == "gone"


def test_a_poll_by_hand_says_that_the_host_asked_to_be_left_alone(mill: Mill, web: Web) -> None:
    feed = subscribed(mill, web.serve("/feed", "no", status=429, Retry_After="7200"))
    again = poll(mill, feed.id)
    assert web.asked["/feed"] == 1
    assert again.problem is not None
    assert "left alone" in again.problem.message
    assert again.errors == 1


def test_two_schedulers_poll_a_feed_once(mill: Mill, web: Web, first: int) -> None:
    import threading

    from workers.coordinator import Coordinator

    store, stages = mill.deployment.store, mill.deployment.stages
    feeds = []
    for number in range(20):
        link = web.serve(f"/{number}", page(first + number))
        web.serve(f"/feed/{number}", rss(link))
        feeds.append(store.add_feed(web.url(f"/feed/{number}", f"127.0.6.{number + 1}"), time.time()).id)
    # A second one that ignores the lock: claims must be safe by themselves.
    other = Coordinator(store, stages, mill.deployment.settings, lambda stage: None, poll_feeds=True)
    twins = [threading.Thread(target=other._poll_due_feeds, args=(time.time(),)) for _ in range(3)]
    for twin in twins:
        twin.start()
    for twin in twins:
        twin.join()
    mill.deployment.stages.wake()
    mill.until(lambda: all(feed.last_polled_at for feed in store.feeds(feeds)), "all were polled")
    mill.until(lambda: store.totals().state == "done", "all jobs are done")
    assert {web.asked[f"/feed/{number}"] for number in range(20)} == {1}
    assert mill.brought() == Counts(stored=20)


def test_a_page_that_was_subscribed_becomes_the_feed_that_it_names(mill: Mill, web: Web, first: int) -> None:
    link = web.serve("/0", page(first))
    web.serve("/news.xml", rss(link))
    home = "<link rel=alternate type=application/rss+xml href=/news.xml><title>Site</title>"
    feed = subscribed(mill, web.serve("/", f"<html><head>{home}</head><body>Hello</body></html>"))
    assert feed.url == web.url("/news.xml")
    assert feed.found_at == web.url("/")
    assert mill.brought() == Counts(stored=1)


def test_two_feeds_that_list_one_article_cost_one_request(mill: Mill, web: Web, first: int) -> None:
    links = [web.serve(f"/{number}", page(first + number)) for number in range(3)]
    subscribed(mill, web.serve("/main", rss(*links)))
    other = subscribed(mill, web.serve("/section", rss(*links[:2], guids="other-")))
    assert [web.asked[f"/{number}"] for number in range(3)] == [1, 1, 1]
    assert other.entries_seen == 2
    assert mill.brought() == Counts(stored=3)


def atom(link: str, updated: str) -> str:
    return (
        "<feed xmlns='http://www.w3.org/2005/Atom'><title>F</title><id>f</id>"
        "<updated>2026-03-01T00:00:00Z</updated>"
        f"<entry><id>e</id><title>Story</title><link href='{link}'/>"
        f"<updated>{updated}</updated></entry></feed>"
    )


def test_an_entry_that_only_says_that_it_was_updated_is_fetched_again(
    mill: Mill, web: Web, first: int
) -> None:
    link = web.serve("/0", page(first))
    feed = subscribed(mill, web.serve("/feed", atom(link, "2026-03-01T00:00:00Z")))
    web.serve("/0", page(first, "And a paragraph that was added later on."))
    web.serve("/feed", atom(link, "2026-03-02T00:00:00Z"))
    poll(mill, feed.id)
    assert mill.brought() == Counts(stored=1, updated=1)
    poll(mill, feed.id)
    assert web.asked["/0"] == 2
