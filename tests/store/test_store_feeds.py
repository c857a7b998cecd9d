"""Subscribed feeds: what is due, and what a poll brings."""

from __future__ import annotations

from random import Random
from typing import Any

import msgspec
import pytest
from store_line import FINAL, NOW, PASSING, address, handed

from pipeline.model import Entry, Feed, Hints, NewItem, Polled, Problem
from pipeline.schedule import after_poll
from pipeline.settings import Settings
from pipeline.store import Store
from pipeline.store.sql import SqlStore

FEED = address("feed")


def listed(name: str, **other: str) -> NewItem:
    """An entry of the feed, as the poll hands it over."""
    told = {"title": f"On {name}", "content": f"<p>{name}</p>", "link": address(name), **other}
    return NewItem(
        key=address(name), name=address(name), source=FEED, url=address(name), entry=Entry(key=name, **told)
    )


def poll(store: Store, polled: Polled, now: float) -> tuple[str | None, int]:
    (brought,) = store.feeds_polled([polled], now)
    return brought


def feed_in(store: Store) -> Feed:
    (feed,) = store.feeds()
    return feed


def test_a_new_feed_is_due_at_once(store: Store) -> None:
    feed = store.add_feed(FEED, NOW, interval=600, title="News")
    assert feed == Feed(id=feed.id, url=FEED, title="News", interval=600, interval_wanted=600, due_at=NOW)
    assert store.claim_feeds(10, NOW, lease=60) == [feed.id]


def test_the_same_feed_is_subscribed_once(store: Store) -> None:
    first = store.add_feed(FEED, NOW, interval=600)
    again = store.add_feed("HTTPS://EXAMPLE.com:443/feed#top", NOW + 9, interval=900, title="Other")
    assert again == first
    assert store.feeds() == [first]


def test_feeds_are_read_by_id(store: Store) -> None:
    feeds = [store.add_feed(address(name), NOW) for name in "abc"]
    assert store.feeds([feeds[2].id, feeds[0].id, 99]) == [feeds[0], feeds[2]]


def test_a_removed_feed_is_gone_with_what_was_seen_of_it(store: Store) -> None:
    feed = store.add_feed(FEED, NOW)
    poll(store, Polled(feed=feed.id, items=[listed("a")]), NOW)
    assert store.remove_feed(feed.id)
    assert not store.remove_feed(feed.id)
    assert store.feeds() == []
    again = store.add_feed(FEED, NOW)
    assert again.id != feed.id
    assert poll(store, Polled(feed=again.id, items=[listed("a")]), NOW)[1] == 1


def test_a_claimed_feed_is_nobody_else_s_until_its_lease_ends(store: Store) -> None:
    feed = store.add_feed(FEED, NOW)
    assert store.claim_feeds(10, NOW, lease=60) == [feed.id]
    assert store.claim_feeds(10, NOW + 59, lease=60) == []
    assert store.claim_feeds(10, NOW + 60, lease=60) == [feed.id]


def test_the_longest_due_feeds_are_claimed_first(store: Store) -> None:
    feeds = [store.add_feed(address(str(age)), NOW - age) for age in (1, 3, 2)]
    assert store.claim_feeds(2, NOW, lease=60) == [feeds[1].id, feeds[2].id]


def test_new_entries_become_the_items_of_a_job(store: Store) -> None:
    feed = store.add_feed(FEED, NOW)
    job, number = poll(store, Polled(feed=feed.id, items=[listed("a"), listed("b")]), NOW)
    assert number == 2
    assert job
    status = store.job_status(job)
    assert status
    assert (status.items, status.pending, status.sources) == (2, 2, [FEED])
    items = store.load(store.admit(10, NOW))
    assert [(item.key, item.entry) for item in items] == [
        (listed(name).key, listed(name).entry) for name in "ab"
    ]
    assert feed_in(store).entries_seen == 2


def test_entries_seen_before_bring_nothing(store: Store) -> None:
    feed = store.add_feed(FEED, NOW)
    polled = Polled(feed=feed.id, items=[listed("a"), listed("b")])
    poll(store, polled, NOW)
    assert poll(store, polled, NOW + 1) == (None, 0)
    assert len(store.jobs()) == 1
    assert feed_in(store).entries_seen == 2


@pytest.mark.parametrize("field", ["title", "content", "link"])
def test_an_entry_that_changed_is_an_item_again(store: Store, field: str) -> None:
    feed = store.add_feed(FEED, NOW)
    poll(store, Polled(feed=feed.id, items=[listed("a"), listed("b")]), NOW)
    changed = listed("a", **{field: "https://example.com/changed"})
    job, number = poll(store, Polled(feed=feed.id, items=[changed, listed("b")]), NOW + 1)
    assert number == 1
    assert [row.key for row in store.items(job=job)] == [address("a")]
    assert feed_in(store).entries_seen == 2


def test_entries_are_told_apart_inside_their_feed(store: Store) -> None:
    one, other = store.add_feed(FEED, NOW), store.add_feed(address("other"), NOW)
    poll(store, Polled(feed=one.id, items=[listed("a"), listed("a")]), NOW)
    # New to this feed as well, but its page is about to be had for the other one.
    assert poll(store, Polled(feed=other.id, items=[listed("a"), listed("b")]), NOW)[1] == 1
    assert [feed.entries_seen for feed in store.feeds()] == [1, 2]


def test_entries_with_content_keep_it(store: Store) -> None:
    feed = store.add_feed(FEED, NOW)
    poll(store, Polled(feed=feed.id, items=[handed("a", "whole")]), NOW)
    (item,) = store.load(store.admit(1, NOW))
    assert item.page_digest in store.load_pages([item.page_digest or ""])


SLOW = Problem(code="throttled", message="Slow down.", retry_helps=True, retry_after=5000)


@pytest.mark.parametrize(
    "told",
    [
        {"etag": 'W/"1"', "last_modified": "Thu, 01 Jan 2026 00:00:00 GMT", "title": "News\0"},
        {"problem": PASSING},
        {"problem": SLOW},
        {"problem": FINAL},
        {"not_modified": True, "status": 304, "conditional": True},
        {
            "unchanged": True,
            "warnings": ["odd"],
            "hints": Hints(ttl=60, skip_hours=[1, 2], hub=address("hub")),
        },
        {"moved_to": address("elsewhere")},
        {"found": address("found"), "choices": [address("other")]},
        {"items": [handed("a"), handed("b")], "published": [NOW - 5, NOW - 10]},
        {"pushed": True, "items": [handed("a")]},
    ],
    ids=" ".join,
)
def test_a_feed_is_written_as_the_schedule_says(store_settings: Settings, told: dict[str, Any]) -> None:
    store = SqlStore(store_settings, Random(1))
    feed = store.add_feed(FEED, NOW)
    polled = Polled(feed=feed.id, **told)
    new = len(polled.items)
    poll(store, polled, NOW + 9)
    expected = after_poll(feed, polled, new, new, NOW + 9, store_settings, Random(1))
    if expected.title:
        expected = msgspec.structs.replace(expected, title="News")
    assert feed_in(store) == expected != feed
    store.close()


def test_validators_survive_failures_and_polls_without_news(store: Store) -> None:
    feed = store.add_feed(FEED, NOW)
    poll(store, Polled(feed=feed.id, title="News", etag='"1"'), NOW)
    poll(store, Polled(feed=feed.id, not_modified=True), NOW + 1)
    poll(store, Polled(feed=feed.id, problem=PASSING, etag='"of an error page"'), NOW + 2)
    after = feed_in(store)
    assert (after.title, after.etag, after.last_success_at) == ("News", '"1"', NOW + 1)


def test_a_feed_that_is_gone_is_not_polled_again_until_someone_asks(store: Store) -> None:
    feed = store.add_feed(FEED, NOW)
    poll(store, Polled(feed=feed.id, problem=FINAL), NOW)
    assert feed_in(store).state == "gone"
    assert store.claim_feeds(10, NOW + 1e9, lease=60) == []
    assert store.touch_feeds(None, NOW) == 0
    assert store.touch_feeds([feed.id], NOW) == 1
    assert store.claim_feeds(10, NOW, lease=60) == [feed.id]


def test_touched_feeds_are_due_at_once(store: Store) -> None:
    feeds = [store.add_feed(address(name), NOW + 999) for name in "abc"]
    assert store.touch_feeds([feeds[1].id, 99], NOW) == 1
    assert store.claim_feeds(10, NOW, lease=2000) == [feeds[1].id]
    assert store.touch_feeds(None, NOW) == 3
    assert len(store.claim_feeds(10, NOW, lease=60)) == 3


def test_a_poll_of_a_feed_that_was_removed_meanwhile_brings_nothing(store: Store) -> None:
    assert poll(store, Polled(feed=7, items=[listed("a")]), NOW) == (None, 0)
    assert store.items() == []
