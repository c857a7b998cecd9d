"""What servers and feeds ask for, when failing feeds are asked again, and when a poll is due."""

from __future__ import annotations

from datetime import UTC, datetime
from random import Random

import pytest
from schedule_feeds import DAY, HOUR, MINUTE, NOW, SETTINGS, after, every, failed, feed, known, read, same

from pipeline.model import Feed, Hints, Polled
from pipeline.schedule.floors import LONGEST_FLOOR, THROTTLED_WAIT
from pipeline.schedule.interval import words

QUICK = every(20 * MINUTE)


@pytest.mark.parametrize(
    ("hints", "interval", "reason"),
    [
        (Hints(ttl=HOUR), HOUR, "the feed's ttl asks for 1 h"),
        (Hints(ttl=60.0), 10 * MINUTE, "about one entry every 20 min"),
        (Hints(ttl=365 * DAY), DAY, "the feed's ttl asks for 1 day"),
        (Hints(ttl=-5.0), 10 * MINUTE, "about one entry every 20 min"),
        (Hints(ttl=float("nan")), 10 * MINUTE, "about one entry every 20 min"),
        (Hints(ttl=float("inf")), DAY, "the feed's ttl asks for 1 day"),
        (Hints(update_period=2 * HOUR), 2 * HOUR, "the feed says that it is updated every 2 h (sy)"),
        (Hints(update_period=30 * DAY), DAY, "the feed says that it is updated every 1 day (sy)"),
        (
            Hints(ttl=HOUR, update_period=3 * HOUR),
            3 * HOUR,
            "the feed says that it is updated every 3 h (sy)",
        ),
    ],
)
def test_what_the_feed_asks_for_is_a_floor_up_to_a_day(hints: Hints, interval: float, reason: str) -> None:
    one = after(feed(), read(QUICK, hints=hints), 20, 20)
    assert (one.interval, one.interval_reason) == (interval, reason)


def test_what_the_feed_asked_for_is_remembered_while_it_is_not_read() -> None:
    one = after(feed(), read(QUICK, hints=Hints(ttl=2 * HOUR)), 20, 20)
    for polled in (same(), read(hints=None, unchanged=True)):
        assert after(one, polled).interval == 2 * HOUR
    assert after(one, failed()).interval > 2 * HOUR


def test_a_slow_feed_is_not_asked_sooner_because_of_a_floor() -> None:
    one = after(feed(), read(every(20 * HOUR), hints=Hints(ttl=HOUR), fresh=600.0), 20, 20)
    assert (one.interval, one.interval_reason) == (10 * HOUR, "about one entry every 20 h")


@pytest.mark.parametrize(
    ("fresh", "interval"),
    [(3 * HOUR, 3 * HOUR), (2 * DAY, 2 * DAY), (365 * DAY, LONGEST_FLOOR), (0.0, 10 * MINUTE)],
)
@pytest.mark.parametrize("polled", [read(QUICK), same()], ids=["read", "not modified"])
def test_a_fresh_answer_is_not_asked_for_again(polled: Polled, fresh: float, interval: float) -> None:
    one = known(20 * MINUTE)
    told = type(polled)(
        **{**{name: getattr(polled, name) for name in polled.__struct_fields__}, "fresh": fresh}
    )
    one = after(one, told, 0 if told.not_modified else 1, 20)
    assert one.interval == interval
    assert one.due_at >= NOW + interval


def test_retry_after_counts_with_a_success_too() -> None:
    one = after(feed(), read(QUICK, retry_after=5 * HOUR), 20, 20)
    assert (one.interval, one.interval_reason) == (5 * HOUR, "the server said Retry-After: 5 h")


@pytest.mark.parametrize("status", [429, 403, 404, 500, 503])
def test_retry_after_and_freshness_are_floors_on_every_status(status: int) -> None:
    one = known(20 * MINUTE)
    assert after(one, failed(status=status, retry_after=2 * DAY)).interval == 2 * DAY
    assert after(one, failed(status=status, retry_after=90 * DAY)).interval == LONGEST_FLOOR
    refused = after(one, failed(status=status, fresh=3 * DAY))
    assert (refused.interval, refused.interval_reason) == (
        3 * DAY,
        "the server calls its answer fresh for 3 days",
    )


def test_a_users_wish_does_not_lower_a_servers_floor() -> None:
    one = after(feed(interval_wanted=15 * MINUTE), read(QUICK, hints=Hints(ttl=HOUR)), 20, 20)
    assert one.interval == HOUR
    assert one.interval_reason == "the feed's ttl asks for 1 h (longer than what you asked for)"


# -- failures -----------------------------------------------------------------------------------


def failing(one: Feed, polled: Polled, times: int) -> list[float]:
    """The waits after so many failures in a row."""
    waits = []
    for _ in range(times):
        one = after(one, polled)
        waits.append(one.interval)
    return waits


def test_each_failure_doubles_the_wait_up_to_a_day() -> None:
    hard = failed("bad_feed", 200)
    assert failing(known(2 * HOUR), hard, 7) == [hours * HOUR for hours in (2, 4, 8, 16, 24, 24, 24)]


@pytest.mark.parametrize(
    "polled", [failed("http_client", 404), failed("http_server", 502), failed("timeout", None)]
)
def test_what_often_passes_lets_the_wait_grow_half_as_fast(polled: Polled) -> None:
    assert failing(known(2 * HOUR), polled, 4)[1::2] == [2 * HOUR, 4 * HOUR]
    assert failing(known(2 * HOUR), polled, 12)[-1] == DAY


def test_a_resolver_without_an_answer_counts_a_quarter() -> None:
    assert failing(known(2 * HOUR), failed("dns", None, retry_helps=True), 4)[-1] == 2 * HOUR
    assert failing(known(2 * HOUR), failed("dns", None), 4)[-1] == 16 * HOUR


def test_a_feed_fails_for_a_year_and_is_still_asked_daily() -> None:
    one = known()
    for _ in range(400):
        one = after(one, failed("connect", None), now=one.due_at)
        assert one.state == "active"
    assert one.errors == 400
    assert one.interval == DAY
    assert one.interval_reason == "the last 400 polls failed: asked every 1 day until it works"


def test_a_failure_keeps_what_was_known() -> None:
    one = known(etag='"7"', last_modified="then", title="News", overflows=2, moved_to="x", moved_seen=2)
    broken = after(one, failed(etag='"of an error page"', title="Error"))
    kept = (
        *("url", "title", "etag", "last_modified", "body_digest", "entries_digest", "full_at", "hints"),
        *("rhythm", "warnings", "overflows", "last_success_at", "last_new_at", "moved_to", "moved_seen"),
    )
    assert [getattr(broken, name) for name in kept] == [getattr(one, name) for name in kept]
    assert (broken.errors, broken.last_polled_at) == (1, NOW)
    assert broken.problem is not None
    assert broken.history[-1].result == "http_server"


def test_a_success_ends_the_failures() -> None:
    broken = after(after(known(), failed()), failed())
    mended = after(broken, same())
    assert (mended.errors, mended.problem, mended.last_success_at) == (0, None, NOW)


def test_gone_stops_the_feed_and_says_so() -> None:
    one = after(known(), failed("gone", 410))
    assert one.state == "gone"
    assert one.problem is not None
    assert "not polled any more" in one.problem.message
    assert after(one, same()).state == "active"


def test_a_paused_feed_that_was_polled_by_hand_stays_paused() -> None:
    assert after(known(state="paused"), same()).state == "paused"
    assert after(known(state="paused"), failed()).state == "paused"


def test_a_429_without_a_time_means_hours() -> None:
    one = after(known(20 * MINUTE), failed("throttled", 429))
    assert one.interval == THROTTLED_WAIT
    assert "429" in one.interval_reason
    assert after(known(20 * MINUTE), failed("throttled", 429, retry_after=HOUR)).interval == HOUR


def test_a_403_is_a_throttle_from_the_second_on() -> None:
    refusal = failed("http_client", 403)
    once = after(known(20 * MINUTE), refusal)
    assert once.interval == 20 * MINUTE
    twice = after(once, refusal)
    assert twice.interval == THROTTLED_WAIT
    assert "403" in twice.interval_reason
    other = after(after(known(20 * MINUTE), failed("http_server", 500)), refusal)
    assert other.interval < THROTTLED_WAIT


def test_our_own_outage_is_not_counted_and_soon_over() -> None:
    one = known(errors=2)
    away = after(one, failed("connect", None, ours=True))
    assert (away.errors, away.interval, away.interval_reason) == (2, one.interval, one.interval_reason)
    assert NOW + 3 * MINUTE <= away.due_at <= NOW + 6 * MINUTE
    assert away.problem is not None
    assert away.history[-1].result == "connect"


# -- the hours at which nobody need ask -------------------------------------------------------------


def due(hints: Hints, interval: float = HOUR, now: float = NOW) -> datetime:
    """When a feed with these hints is due, in GMT; polled at midnight of a Thursday."""
    one = after(feed(interval_wanted=interval), read(hints=hints), 20, 20, now)
    return datetime.fromtimestamp(one.due_at, UTC)


def test_a_poll_moves_out_of_skipped_hours() -> None:
    assert due(Hints(skip_hours=[1, 2, 3])).hour == 4
    assert due(Hints(skip_hours=[2, 3])).hour == 1
    assert due(Hints(skip_hours=[23, *range(8)]), 24.5 * HOUR) >= datetime(2026, 1, 2, 8, tzinfo=UTC)


def test_a_poll_moves_out_of_skipped_days() -> None:
    weekend = due(Hints(skip_days=[5, 6]), 2.5 * DAY)
    assert (weekend.isoweekday(), weekend.hour) == (1, 0)
    assert due(Hints(skip_days=[3])).date() == datetime(2026, 1, 2, tzinfo=UTC).date()
    both = due(Hints(skip_days=[3, 4], skip_hours=[0, 1]))
    assert (both.day, both.hour) == (3, 2)


def test_feeds_that_skip_the_same_hours_do_not_all_come_at_once() -> None:
    times = {
        after(feed(), read(QUICK, hints=Hints(skip_hours=[0, 1])), 20, 20, random=Random(seed)).due_at
        for seed in range(20)
    }
    assert len(times) == 20
    assert min(times) >= NOW + 2 * HOUR


@pytest.mark.parametrize(
    "hints",
    [
        Hints(skip_hours=list(range(24))),
        Hints(skip_days=list(range(7))),
        Hints(skip_hours=list(range(24)), skip_days=list(range(7))),
    ],
    ids=["hours", "days", "both"],
)
def test_who_forbids_every_hour_or_day_forbids_none(hints: Hints) -> None:
    assert due(hints) == datetime(2026, 1, 1, 1, tzinfo=UTC)


def test_a_failing_feed_keeps_its_quiet_hours() -> None:
    one = known(2 * HOUR, hints=Hints(skip_hours=list(range(23))))
    assert datetime.fromtimestamp(after(one, failed()).due_at, UTC).hour == 23


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (0.5, "0.5 s"), (45, "45 s"), (60, "1 min"), (2400, "40 min"), (3600, "1 h"), (5400, "1.5 h"),
        (86_400, "1 day"), (90_000, "25 h"), (216_000, "2.5 days"), (31 * DAY, "31 days"),
    ],
)  # fmt: skip
def test_lengths_of_time_in_words(seconds: float, told: str) -> None:
    assert words(seconds) == told


def test_the_default_floors_are_those_of_the_settings() -> None:
    assert after(feed(), read(every(MINUTE)), 20, 20).interval == SETTINGS.poll_least
