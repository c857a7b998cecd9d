"""What a feed learns from a poll: validators, news, overflows, moves, and hubs that push."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from schedule_feeds import DAY, HOUR, NOW, URL, after, every, failed, feed, known, read, same

from pipeline.model import Feed, Hints, Polled, WebSub
from pipeline.schedule.hub import RENEWAL

NEW_URL = "https://new.example.com/feed"


def test_a_first_poll_tells_everything() -> None:
    polled = read(
        every(HOUR, newest=NOW - HOUR), etag='W/"1"', last_modified="then", title="News", warnings=["odd"],
        seconds=0.3, hints=Hints(ttl=60.0),
    )  # fmt: skip
    one = after(feed(), polled, 20, 20)
    assert (one.etag, one.last_modified, one.title, one.warnings) == ('W/"1"', "then", "News", ["odd"])
    assert (one.body_digest, one.entries_digest, one.hints) == ("b", "e", Hints(ttl=60.0))
    assert (one.entries_seen, one.overflows, one.errors) == (20, 0, 0)
    assert (one.last_polled_at, one.last_success_at, one.full_at) == (NOW, NOW, NOW)
    assert one.last_new_at == NOW - HOUR
    (line,) = one.history
    assert (line.at, line.result, line.status, line.entries, line.new) == (NOW, "new", 200, 20, 20)
    assert line.seconds == 0.3


def test_a_304_keeps_what_it_does_not_name() -> None:
    one = known(etag='"1"', last_modified="then")
    assert after(one, same()).etag == '"1"'
    again = after(one, same(last_modified="later"))
    assert (again.etag, again.last_modified) == ('"1"', "later")
    for kept in ("body_digest", "entries_digest", "hints", "rhythm", "warnings", "full_at", "last_new_at"):
        assert getattr(again, kept) == getattr(one, kept)


def test_a_200_replaces_the_validators_even_by_none() -> None:
    one = after(known(etag='"1"', last_modified="then"), read(etag=None, unchanged=True, hints=None))
    assert (one.etag, one.last_modified) == (None, None)


def test_only_an_unconditional_answer_counts_as_the_whole_feed() -> None:
    one = known(full_at=NOW - DAY)
    assert after(one, read(conditional=True)).full_at == NOW - DAY
    assert after(one, read()).full_at == NOW
    assert after(one, failed()).full_at == NOW - DAY


def test_a_name_that_was_given_stands() -> None:
    assert after(feed(title="My paper"), read(title="News"), 1, 1).title == "My paper"


def test_the_latest_twenty_polls_are_kept() -> None:
    one = feed()
    for number in range(30):
        one = after(one, same(), now=NOW + number)
    assert [line.at for line in one.history] == [NOW + number for number in range(10, 30)]


def test_polls_that_change_nothing_carry_the_size_of_the_feed_on() -> None:
    one = after(after(known(), same()), read(unchanged=True, hints=None))
    assert [(line.result, line.entries) for line in one.history] == [
        ("new", 20), ("not_modified", 20), ("unchanged", 20),
    ]  # fmt: skip


def test_a_feed_that_suddenly_lists_nothing_is_warned_of() -> None:
    one = after(known(), read(), 0, 0)
    assert one.warnings == ["The feed lists no entries now; it listed 20 before."]
    assert after(feed(), read(), 0, 0).warnings == []


# -- overflow -----------------------------------------------------------------------------------


def test_a_poll_of_new_entries_only_is_an_overflow() -> None:
    one = after(known(2 * HOUR), read(every(HOUR)), 20, 20)
    assert (one.overflows, one.last_overflow_at) == (1, NOW)
    assert one.interval < known(2 * HOUR).interval


@pytest.mark.parametrize(
    ("before", "polled", "new", "listed"),
    [
        (feed(), read(), 20, 20),
        (known(), read(), 19, 20),
        (known(), read(), 2, 2),
        (known(), read(), 0, 0),
        (known(), read(pushed=True), 20, 20),
        (after(feed(), read(), 0, 0), read(), 5, 5),
    ],
    ids=["first", "one is known", "too few", "none", "pushed", "was empty"],
)
def test_anything_else_is_none(before: Feed, polled: Polled, new: int, listed: int) -> None:
    assert after(before, polled, new, listed).overflows == 0


# -- moves --------------------------------------------------------------------------------------


def moved(one: Feed, *days: float, polled: Polled | None = None) -> Feed:
    """Polled on these days, each time led to the new address for good."""
    for day in days:
        one = after(one, polled or read(moved_to=NEW_URL), now=NOW + day * DAY)
    return one


def test_a_permanent_redirect_is_adopted_after_three_sightings_over_a_day() -> None:
    seen = moved(known(), 0, 0.6)
    assert (seen.url, seen.moved_to, seen.moved_seen, seen.moved_since) == (URL, NEW_URL, 2, NOW)
    there = moved(seen, 1.2)
    assert (there.url, there.moved_to, there.moved_seen, there.moved_since) == (NEW_URL, None, 0, None)
    assert any(URL in told for told in there.warnings)


def test_three_sightings_within_a_day_are_not_enough() -> None:
    assert moved(known(), 0, 0.1, 0.2, 0.3).url == URL
    assert moved(known(), 0, 1.5).url == URL


@pytest.mark.parametrize(
    "between", [read(), same(), read(moved_to="https://other.example/")], ids=["temporary", "304", "other"]
)
def test_another_way_in_between_begins_the_count_anew(between: Polled) -> None:
    one = after(moved(known(), 0, 1), between, now=NOW + 1.1 * DAY)
    assert one.url == URL
    assert moved(one, 2, 2.1).url == URL
    assert moved(one, 2, 2.1, 3.2).url == NEW_URL


def test_a_304_is_counted_but_is_no_proof_that_the_feed_is_there() -> None:
    one = moved(known(), 0, 1, 2, 3, polled=same(moved_to=NEW_URL))
    assert (one.url, one.moved_seen) == (URL, 4)
    assert moved(one, 4).url == NEW_URL


def test_a_failure_in_between_neither_counts_nor_clears() -> None:
    one = after(moved(known(), 0, 1), failed(), now=NOW + 1.5 * DAY)
    assert one.moved_seen == 2
    assert moved(one, 2).url == NEW_URL


def test_a_home_page_becomes_the_feed_that_was_found_there() -> None:
    found = read(every(HOUR), found=NEW_URL, choices=["https://new.example.com/comments"])
    one = after(feed(), found, 20, 20)
    assert (one.url, one.found_at) == (NEW_URL, URL)
    assert one.choices == ["https://new.example.com/comments"]
    assert after(one, same()).choices == one.choices


def test_feeds_that_a_dead_ones_site_names_are_kept_for_choosing() -> None:
    assert after(known(), failed("gone", 410, choices=[NEW_URL])).choices == [NEW_URL]
    assert after(known(choices=["a"]), failed()).choices == ["a"]


# -- hubs ---------------------------------------------------------------------------------------


def subscription(**other: object) -> WebSub:
    fields = {
        "hub": "https://hub.example/", "topic": URL, "token": "t", "secret": "s", "state": "active",
        "asked_at": NOW - DAY, "until": NOW + 9 * DAY, "last_push_at": NOW - 60, "pushes": 3,
    }  # fmt: skip
    return WebSub(**{**fields, **other})  # type: ignore[arg-type]


def test_a_feed_that_is_pushed_is_polled_daily() -> None:
    one = after(known(HOUR, websub=subscription()), same())
    assert one.interval == DAY
    assert one.due_at <= NOW + DAY
    assert "hub" in one.interval_reason


@pytest.mark.parametrize(
    "websub",
    [
        subscription(pushes=0, last_push_at=None),
        subscription(state="asked"),
        subscription(state="refused"),
        subscription(until=NOW - 1),
        subscription(until=None),
        None,
    ],
    ids=["nothing delivered", "asked", "refused", "lease ended", "no lease", "none"],
)
def test_a_feed_whose_hub_does_not_deliver_is_polled_as_usual(websub: WebSub | None) -> None:
    assert after(known(HOUR, websub=websub), same()).interval == known(HOUR).interval


def test_polling_slows_only_up_to_the_renewal_of_the_lease() -> None:
    ends = NOW + RENEWAL + 5 * HOUR
    one = after(known(HOUR, websub=subscription(until=ends)), same())
    assert one.interval == 5 * HOUR
    assert one.due_at <= NOW + 5 * HOUR
    last = after(known(HOUR, websub=subscription(until=NOW + RENEWAL)), same())
    assert last.interval == known(HOUR).interval


def test_a_poll_that_finds_what_was_not_pushed_ends_the_trust_until_the_next_push() -> None:
    one = after(known(HOUR, websub=subscription()), read(every(HOUR)), 1, 20)
    assert one.interval == known(HOUR).interval
    assert after(one, same(), now=NOW + HOUR).interval == known(HOUR).interval
    pushed = replace(one, websub=subscription(last_push_at=NOW + 2 * HOUR))
    assert after(pushed, same(), now=NOW + 3 * HOUR).interval == DAY


def test_a_push_changes_nothing_but_what_is_new() -> None:
    one = known(errors=2, overflows=1, moved_to=NEW_URL, moved_seen=2, moved_since=NOW)
    push = Polled(feed=1, pushed=True, etag='"of the push"', title="Other", hints=Hints(ttl=5.0))
    pushed = after(one, push, 3, 3)
    assert pushed.history[-1].result == "pushed"
    expected = replace(one, history=pushed.history, entries_seen=23, last_new_at=NOW)
    assert pushed == expected


def test_a_push_that_cannot_be_read_is_no_failure_of_the_feed() -> None:
    broken = after(known(), failed("bad_feed", None, pushed=True))
    assert (broken.errors, broken.problem, broken.due_at) == (0, None, known().due_at)
    assert broken.history[-1].result == "bad_feed"
