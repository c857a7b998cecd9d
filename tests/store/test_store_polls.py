"""What polls do to feeds: many in one transaction, moves, merges, subscriptions at hubs."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from store_line import NOW, PASSING, address, linked

from pipeline.errors import StoreError
from pipeline.model import Feed, Hints, NewItem, Polled, WebSub
from pipeline.store import Store

DAY = 86_400.0


def feed_at(store: Store, url: str) -> Feed:
    (feed,) = [one for one in store.feeds() if one.url == url]
    return feed


def poll(store: Store, feed: Feed, *names: str, now: float = NOW, **told: Any) -> int:
    """How many items a poll that lists these entries brings."""
    items: list[NewItem] = [linked(name) for name in names]
    ((_, number),) = store.feeds_polled([Polled(feed=feed.id, at=now, items=items, **told)], now)
    return number


def moves(store: Store, feed: Feed, to: str, *names: str) -> int:
    """How many items come with the poll that is the last of enough that found the feed elsewhere."""
    brought = 0
    for day in range(10):
        if store.feeds([feed.id])[0].url == feed.url and store.feeds([feed.id])[0].state == "active":
            brought = poll(store, feed, *names, now=NOW + day * DAY, moved_to=to)
    return brought


# -- a batch ------------------------------------------------------------------------------------


def test_many_polls_are_written_at_once_each_with_its_job(store: Store) -> None:
    feeds = [store.add_feed(address(name), NOW) for name in ("feed 1", "feed 2", "feed 3")]
    found = store.feeds_polled(
        [
            Polled(feed=feeds[2].id, items=[linked("a"), linked("b")]),
            Polled(feed=999, items=[linked("c")]),
            Polled(feed=feeds[0].id, problem=PASSING),
            Polled(feed=feeds[1].id, items=[linked("d")]),
        ],
        NOW,
    )
    assert [number for _, number in found] == [2, 0, 0, 1]
    jobs = {status.job: status for status in store.jobs()}
    assert [job and (jobs[job].sources, jobs[job].pending) for job, _ in found] == [
        ([feeds[2].url], 2),
        None,
        None,
        ([feeds[1].url], 1),
    ]
    assert [feed.errors for feed in store.feeds()] == [1, 0, 0]
    assert store.check() == []
    assert store.feeds_polled([], NOW) == []


def test_two_polls_of_one_feed_in_a_batch_see_each_other(store: Store) -> None:
    feed = store.add_feed(address("feed"), NOW)
    found = store.feeds_polled(
        [
            Polled(feed=feed.id, pushed=True, items=[linked("a")]),
            Polled(feed=feed.id, items=[linked("a"), linked("b")], etag='"1"'),
        ],
        NOW,
    )
    assert [number for _, number in found] == [1, 1]
    (after,) = store.feeds()
    assert (after.entries_seen, after.etag, len(after.history)) == (2, '"1"', 2)


def test_texts_that_a_database_refuses_are_mended(store: Store) -> None:
    feed = store.add_feed(address("feed"), NOW)
    poll(store, feed, title="T\0itle \udcff", warnings=["w\0arning \udcff"], hints=Hints(topic="\0\udcff"))
    (after,) = store.feeds()
    assert (after.title, after.warnings) == ("Title \\udcff", ["warning \\udcff"])


# -- moves --------------------------------------------------------------------------------------


def test_a_feed_that_moved_is_known_by_its_new_address(store: Store) -> None:
    feed = store.add_feed(address("old"), NOW)
    poll(store, feed, "a")
    assert moves(store, feed, address("new"), "a", "b") == 0
    (after,) = store.feeds()
    assert (after.id, after.url, after.entries_seen) == (feed.id, address("new"), 2)
    assert store.add_feed(address("new"), NOW).id == feed.id
    assert store.add_feed(address("old"), NOW).id != feed.id


def test_a_feed_that_was_found_on_a_page_takes_the_place_of_the_page(store: Store) -> None:
    page = store.add_feed(address(""), NOW)
    assert poll(store, page, "a", found=address("feed"), choices=[address("comments")]) == 1
    (after,) = store.feeds()
    assert (after.url, after.found_at, after.choices) == (address("feed"), address(""), [address("comments")])
    assert store.add_feed(address("feed"), NOW).id == page.id


def test_two_feeds_that_prove_to_be_one_are_merged_without_losing_or_doubling_an_entry(store: Store) -> None:
    there = store.add_feed(address("feed"), NOW)
    page = store.add_feed(address(""), NOW)
    poll(store, there, "a", "b")
    assert poll(store, page, "b", "c", "d", found=address("feed")) == 2
    kept, gone = store.feeds()
    assert (kept.id, kept.state, kept.entries_seen) == (there.id, "active", 4)
    assert (gone.id, gone.url, gone.state) == (page.id, address(""), "gone")
    assert gone.problem
    assert gone.problem.message == (
        f"It has moved to {there.url}, which is subscribed already (feed {there.id})."
    )
    assert poll(store, there, "a", "b", "c", "d") == 0
    assert poll(store, there, "e") == 1
    assert store.check() == []


def test_what_the_merged_feed_had_seen_is_known_to_the_other(store: Store) -> None:
    old = store.add_feed(address("old"), NOW)
    there = store.add_feed(address("new"), NOW)
    poll(store, old, "a", "b")
    moves(store, old, address("new"), "a", "b")
    assert poll(store, there, "a", "b") == 0
    assert feed_at(store, address("new")).entries_seen == 2


def test_a_feed_that_was_gone_lives_again_when_another_moves_there(store: Store) -> None:
    there = store.add_feed(address("new"), NOW)
    poll(store, there, problem=msgspec.structs.replace(PASSING, code="gone", retry_helps=False))
    assert feed_at(store, address("new")).state == "gone"
    page = store.add_feed(address(""), NOW)
    assert poll(store, page, "a", found=address("new")) == 1
    after = feed_at(store, address("new"))
    assert (after.state, after.due_at, after.problem) == ("active", NOW, None)
    assert feed_at(store, address("")).state == "gone"


def test_feeds_that_move_to_one_address_in_one_batch_become_one(store: Store) -> None:
    pages = [store.add_feed(address(name), NOW) for name in ("", "home")]
    found = store.feeds_polled(
        [Polled(feed=page.id, found=address("feed"), items=[linked("a")]) for page in pages], NOW
    )
    assert [number for _, number in found] == [1, 0]
    assert [feed.state for feed in store.feeds()] == ["active", "gone"]
    assert store.feeds()[0].entries_seen == 1


def test_the_address_of_a_feed_may_change_its_spelling(store: Store) -> None:
    feed = store.add_feed("HTTPS://EXAMPLE.com/feed", NOW)
    poll(store, feed, "a", found=address("feed"))
    (after,) = store.feeds()
    assert (after.url, after.state) == (address("feed"), "active")


# -- what people want ---------------------------------------------------------------------------


def test_a_feed_starts_at_an_hour_unless_somebody_says_otherwise(store: Store) -> None:
    plain = store.add_feed(address("a"), NOW)
    wanted = store.add_feed(address("b"), NOW, interval=600)
    assert (plain.interval, plain.interval_wanted) == (3600, None)
    assert (wanted.interval, wanted.interval_wanted) == (600, 600)


def test_a_paused_feed_is_not_polled_until_it_is_resumed(store: Store) -> None:
    feed = store.add_feed(address("feed"), NOW)
    paused = store.change_feed(feed.id, NOW, state="paused")
    assert paused
    assert paused.state == "paused"
    assert store.claim_feeds(10, NOW, 60) == []
    resumed = store.change_feed(feed.id, NOW + 5, state="active")
    assert resumed
    assert (resumed.state, resumed.due_at) == ("active", NOW + 5)
    assert [resumed] == store.feeds()


def test_a_feed_that_is_paused_during_a_poll_stays_paused(store: Store) -> None:
    feed = store.add_feed(address("feed"), NOW)
    store.change_feed(feed.id, NOW, state="paused")
    poll(store, feed, "a")
    assert store.feeds()[0].state == "paused"


def test_a_shorter_interval_brings_the_next_poll_forward(store: Store) -> None:
    feed = store.add_feed(address("feed"), NOW, interval=DAY)
    poll(store, feed, "a")
    shorter = store.change_feed(feed.id, NOW + 60, interval=1200)
    assert shorter
    assert (shorter.interval, shorter.interval_wanted, shorter.due_at) == (1200, 1200, NOW + 1200)
    assert shorter.interval_reason
    late = store.change_feed(feed.id, NOW + 1100, interval=700)
    assert late
    assert late.due_at == NOW + 1100
    longer = store.change_feed(feed.id, NOW + 1100, interval=DAY)
    assert longer
    assert (longer.interval, longer.due_at) == (DAY, NOW + 1100)
    auto = store.change_feed(feed.id, NOW, interval="auto")
    assert auto
    assert (auto.interval_wanted, auto.interval) == (None, 3600)


def test_no_interval_is_shorter_than_the_setting_allows(store: Store) -> None:
    feed = store.add_feed(address("feed"), NOW)
    changed = store.change_feed(feed.id, NOW, interval=1)
    assert changed
    assert (changed.interval, changed.interval_wanted) == (600, 1)


@pytest.mark.parametrize(
    "told", [{"problem": msgspec.structs.replace(PASSING, retry_after=30_000)}, {"fresh": 30_000.0}]
)
def test_what_a_server_asked_for_stands_until_the_next_poll(store: Store, told: dict[str, Any]) -> None:
    feed = store.add_feed(address("feed"), NOW)
    poll(store, feed, **told)
    (before,) = store.feeds()
    for wish in (700, 800):
        changed = store.change_feed(feed.id, NOW, interval=wish)
        assert changed
        assert (changed.interval, changed.interval_wanted) == (before.interval, wish)
        assert changed.due_at == before.due_at >= NOW + 30_000 * 0.95


def test_a_feed_can_be_renamed(store: Store) -> None:
    feed = store.add_feed(address("feed"), NOW)
    renamed = store.change_feed(feed.id, NOW, title="My ne\0ws")
    assert renamed == msgspec.structs.replace(feed, title="My news")


def test_a_feed_that_is_not_there_cannot_be_changed(store: Store) -> None:
    assert store.change_feed(7, NOW, state="paused") is None


def test_a_state_that_is_nobody_s_to_set_is_refused(store: Store) -> None:
    feed = store.add_feed(address("feed"), NOW)
    with pytest.raises(StoreError, match="not gone"):
        store.change_feed(feed.id, NOW, state="gone")
    assert store.feeds() == [feed]


# -- hubs ---------------------------------------------------------------------------------------

SUBSCRIPTION = WebSub(
    hub=address("hub"), topic=address("feed"), token="t1", secret="s", asked_at=NOW, until=NOW + DAY
)


def test_a_subscription_at_a_hub_is_found_by_its_token(store: Store) -> None:
    feed, other = store.add_feed(address("feed"), NOW), store.add_feed(address("other"), NOW)
    assert store.set_websub(feed.id, SUBSCRIPTION)
    assert store.set_websub(other.id, msgspec.structs.replace(SUBSCRIPTION, token="t2"))
    found = store.feed_of_websub("t1")
    assert found == msgspec.structs.replace(feed, websub=SUBSCRIPTION)
    assert store.feed_of_websub("t3\0") is None


def test_a_subscription_that_is_dropped_is_not_found(store: Store) -> None:
    feed = store.add_feed(address("feed"), NOW)
    store.set_websub(feed.id, SUBSCRIPTION)
    assert store.set_websub(feed.id, None)
    assert store.feed_of_websub("t1") is None
    assert store.feeds() == [feed]
    assert not store.set_websub(99, SUBSCRIPTION)


def test_a_poll_keeps_the_subscription(store: Store) -> None:
    feed = store.add_feed(address("feed"), NOW)
    store.set_websub(feed.id, SUBSCRIPTION)
    poll(store, feed, "a", pushed=True)
    found = store.feed_of_websub("t1")
    assert found
    assert found.entries_seen == 1
