"""How often a feed that works is polled: its rhythm, its silence, its crowds, and what users wish."""

from __future__ import annotations

import pytest
from schedule_feeds import (
    DAY,
    HOUR,
    MINUTE,
    NOW,
    SETTINGS,
    Middle,
    World,
    after,
    every,
    failed,
    feed,
    known,
    read,
    same,
)  # fmt: skip

from pipeline.model import Feed
from pipeline.schedule import usual_interval
from pipeline.settings import Settings


def polled_again(one: Feed, times: int, now: float = NOW) -> Feed:
    """So many polls that bring nothing."""
    for _ in range(times):
        one = after(one, same(), now=now)
        now = one.due_at
    return one


@pytest.mark.parametrize(
    ("gap", "interval"),
    [
        (40 * MINUTE, 20 * MINUTE),
        (3 * HOUR, 90 * MINUTE),
        (10 * MINUTE, SETTINGS.poll_least),
        (30 * DAY, SETTINGS.poll_most),
    ],
)
def test_a_feed_is_polled_twice_in_its_rhythm_within_bounds(gap: float, interval: float) -> None:
    one = after(feed(), read(every(gap)), 20, 20)
    assert (one.rhythm, one.interval) == (gap, interval)
    assert abs(one.due_at - NOW - interval) <= 0.1 * interval


def test_the_rhythm_is_a_median_that_one_long_pause_does_not_move() -> None:
    published = [*every(HOUR, 6), *every(HOUR, 6, newest=NOW - 90 * DAY)]
    assert after(feed(), read(published), 12, 12).rhythm == HOUR


def test_entries_that_came_together_are_one_publication() -> None:
    published = [day - second for day in every(DAY, 2) for second in range(10)]
    assert after(feed(), read(published), 20, 20).rhythm == DAY


def test_dates_from_the_future_tell_no_rhythm() -> None:
    published = [NOW + 300 * DAY, NOW + 299 * DAY, *every(2 * HOUR, 5)]
    assert after(feed(), read(published), 7, 7).rhythm == 2 * HOUR


def test_days_without_a_time_tell_no_rhythm_of_a_busy_feed() -> None:
    midnights = [NOW, NOW, NOW - DAY, NOW - DAY, NOW - DAY]
    assert after(feed(), read(midnights), 5, 5).rhythm is None
    assert after(feed(), read(every(7 * DAY, 5)), 5, 5).rhythm == 7 * DAY


def test_without_dates_an_hour_is_tried_first() -> None:
    one = after(feed(), read(), 20, 20)
    assert (one.rhythm, one.interval, one.interval_reason) == (None, HOUR, "its rhythm is not known")


def test_without_dates_the_rhythm_is_what_polls_brought() -> None:
    one = after(feed(), read(), 20, 20)
    one = after(one, read(), 4, 20, NOW + HOUR)
    assert (one.rhythm, one.interval) == (15 * MINUTE, SETTINGS.poll_least)


def test_a_rhythm_outlives_the_polls_that_do_not_tell_it() -> None:
    one = known(3 * HOUR)
    assert after(one, same()).rhythm == 3 * HOUR
    assert after(one, read(unchanged=True, hints=None)).rhythm == 3 * HOUR
    assert after(one, failed()).rhythm == 3 * HOUR


def test_every_second_poll_may_be_idle_before_the_interval_grows() -> None:
    one = known(2 * HOUR)
    assert [polled_again(one, times).interval for times in (1, 2, 3, 4)] == [
        HOUR, HOUR, 1.5 * HOUR, 2.25 * HOUR,
    ]  # fmt: skip


def test_without_a_rhythm_each_idle_poll_lets_the_interval_grow() -> None:
    one = after(feed(), read(), 20, 20)
    assert [polled_again(one, times).interval for times in (1, 2, 3)] == [
        1.5 * HOUR, 2.25 * HOUR, 3.375 * HOUR,
    ]  # fmt: skip


def test_the_interval_of_a_silent_feed_grows_while_half_its_list_cannot_roll_over() -> None:
    # 20 entries, one every two hours: the list rolls over in 40 hours.
    assert polled_again(known(2 * HOUR), 15).interval == 20 * HOUR
    assert polled_again(known(HOUR), 15).interval == 10 * HOUR


def test_a_feed_without_anything_new_for_a_month_is_polled_daily() -> None:
    one = known(30 * MINUTE, last_new_at=NOW - 40 * DAY)
    assert polled_again(one, 15).interval == SETTINGS.poll_most


def test_something_new_ends_the_silence_at_once() -> None:
    silent = polled_again(known(2 * HOUR), 8)
    one = after(silent, read(every(2 * HOUR)), 1, 20)
    assert one.interval == HOUR
    assert one.interval_reason == "about one entry every 2 h"


def test_a_poll_of_mostly_new_entries_halves_the_interval_at_once_and_for_a_while() -> None:
    one = known(4 * HOUR)
    crowded = after(one, read(every(4 * HOUR)), 15, 20)
    assert crowded.interval == HOUR
    assert "mostly new" in crowded.interval_reason
    for position in range(1, 20):
        crowded = after(crowded, read(every(4 * HOUR)), 1, 20, NOW + position * HOUR)
    assert crowded.interval == 2 * HOUR


def test_a_crowd_after_a_pause_does_not_shorten_the_interval() -> None:
    assert after(known(4 * HOUR), read(every(4 * HOUR)), 15, 20, NOW + 30 * DAY).interval == 2 * HOUR


def test_a_users_wish_outweighs_the_rhythm() -> None:
    for wanted in (15 * MINUTE, 5 * DAY):
        one = after(feed(interval_wanted=wanted), read(every(3 * HOUR)), 20, 20)
        assert (one.interval, one.interval_reason, one.due_at) == (wanted, "you asked for it", NOW + wanted)


def test_a_users_wish_stays_above_the_operators_floor() -> None:
    one = after(feed(interval_wanted=60.0), read(every(HOUR)), 20, 20)
    assert one.interval == SETTINGS.poll_least
    assert one.interval_reason == "you asked for 1 min, FEEDMILL_POLL_LEAST allows 10 min"


def test_without_validators_a_feed_that_moves_is_polled_hourly_at_most() -> None:
    one = after(feed(), read(every(20 * MINUTE), etag=None), 20, 20)
    assert one.interval == HOUR
    assert "no validators" in one.interval_reason
    assert (
        after(feed(), read(every(20 * MINUTE), etag=None, last_modified="x"), 20, 20).interval == 10 * MINUTE
    )


def test_without_validators_a_feed_that_hardly_moves_is_polled_daily() -> None:
    one = after(feed(), read(every(13 * HOUR), etag=None), 20, 20)
    assert one.interval == 6.5 * HOUR
    for _ in range(3):
        one = after(one, read(unchanged=True, hints=None, etag=None))
    assert one.interval == DAY
    assert after(one, read(every(13 * HOUR), etag=None), 1, 20).interval == 6.5 * HOUR


def test_without_validators_no_floor_holds_while_the_list_rolls_over() -> None:
    one = after(feed(), read(every(20 * MINUTE), etag=None), 20, 20)
    assert after(one, read(every(20 * MINUTE), etag=None), 20, 20, NOW + HOUR).interval == SETTINGS.poll_least


def test_a_failure_leaves_no_trace_in_the_interval_once_the_feed_works_again() -> None:
    one = known(3 * HOUR)
    broken = one
    for _ in range(5):
        broken = after(broken, failed())
    assert broken.interval > one.interval
    assert after(broken, read(every(3 * HOUR)), 1, 20).interval == one.interval


def test_bounds_that_contradict_each_other_keep_the_servers_peace() -> None:
    settings = Settings(poll_least=2 * DAY, poll_most=DAY)
    assert usual_interval(known(), NOW, settings).seconds == 2 * DAY


REGULAR = [NOW - 30 * DAY + position * 40 * MINUTE for position in range(2500)]


def workdays(gap: float) -> list[float]:
    """From seven to ten in the evening, Monday to Friday."""
    times = [NOW - 20 * DAY + position * gap for position in range(int(45 * DAY / gap))]
    return [at for at in times if 7 <= at % DAY / HOUR < 22 and int(at // DAY) % 7 not in (2, 3)]


@pytest.mark.parametrize(
    ("world", "most_polls"),
    [
        (World(REGULAR), 1100),
        (World(REGULAR, validators=False), 400),
        (World(workdays(20 * MINUTE), window=10), 1100),
        (World(workdays(20 * MINUTE), window=20, validators=False), 340),
        (World([NOW - 400 * DAY + position * DAY for position in range(50)]), 25),
    ],
    ids=["regular", "without validators", "small list", "workdays", "dead"],
)
def test_in_a_fortnight_no_entry_is_missed_and_few_polls_are_made(world: World, most_polls: int) -> None:
    end = world.run(NOW, NOW + 14 * DAY)
    assert world.missed(NOW, world.polls[-1]) == []
    assert end.overflows == 0
    assert len(world.polls) <= most_polls


def test_a_list_that_rolls_over_quickly_is_caught_up_with() -> None:
    # No dates, ten entries, one every five minutes: an hour loses the first two.
    world = World([NOW - HOUR + position * 5 * MINUTE for position in range(400)], window=10, dated=False)
    end = world.run(NOW, NOW + DAY)
    assert end.overflows == 1
    assert world.missed(NOW + 2 * HOUR, world.polls[-1]) == []


def test_the_middle_of_the_jitter_is_the_interval_itself() -> None:
    one = known(3 * HOUR)
    assert after(one, same(), random=Middle()).due_at == NOW + one.interval
