"""What holds for every feed, every poll and every roll of the dice."""

from __future__ import annotations

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from schedule_feeds import DAY, NOW, URL, Middle

from pipeline.model import Feed, Hints, Poll, Polled, Problem, WebSub
from pipeline.schedule import after_poll
from pipeline.schedule.after import JITTER, OUTAGE_WAIT
from pipeline.schedule.floors import LONGEST_FLOOR, LONGEST_HINT
from pipeline.settings import Settings

SETTINGS = Settings()
WEEK = 7 * DAY
#: a feed has so many parts that making one costs more than judging it
MANY, FEW = settings(max_examples=150, deadline=None), settings(max_examples=50, deadline=None)

seconds = st.one_of(st.none(), st.floats(-10, 1e9), st.sampled_from([0.0, float("inf"), float("nan")]))
times = st.one_of(st.none(), st.floats(NOW - 400 * DAY, NOW))
counts = st.integers(0, 30)


@st.composite
def histories(draw: st.DrawFn) -> list[Poll]:
    results = st.sampled_from(["new", "unchanged", "not_modified", "pushed", "timeout", "http_client"])
    ages = sorted(draw(st.lists(st.floats(0, 60 * DAY), max_size=20)), reverse=True)
    return [
        Poll(at=NOW - age, result=draw(results), entries=draw(counts), new=draw(counts),
             status=draw(st.sampled_from([None, 200, 304, 403])))
        for age in ages
    ]  # fmt: skip


hints = st.builds(
    Hints,
    ttl=seconds,
    update_period=seconds,
    skip_hours=st.lists(st.integers(0, 23), max_size=24),
    skip_days=st.lists(st.integers(0, 6), max_size=7),
)
hubs = st.builds(
    WebSub,
    hub=st.just("https://hub.example/"),
    topic=st.just(URL),
    token=st.just("t"),
    secret=st.just("s"),
    state=st.sampled_from(["asked", "active", "refused"]),
    asked_at=st.just(NOW - DAY),
    until=st.one_of(st.none(), st.floats(NOW - DAY, NOW + 12 * DAY)),
    last_push_at=times,
    pushes=st.integers(0, 3),
)
feeds = st.builds(
    Feed,
    id=st.just(1),
    url=st.just(URL),
    state=st.sampled_from(["active", "paused", "gone"]),
    interval_wanted=st.one_of(st.none(), st.floats(1, 90 * DAY)),
    etag=st.one_of(st.none(), st.just('"1"')),
    full_at=times,
    last_success_at=times,
    last_new_at=times,
    errors=st.integers(0, 5000),
    entries_seen=counts,
    overflows=counts,
    rhythm=st.one_of(st.none(), st.floats(1, 1e9)),
    hints=st.one_of(st.none(), hints),
    moved_to=st.one_of(st.none(), st.just("https://new.example/")),
    moved_seen=counts,
    moved_since=times,
    websub=st.one_of(st.none(), hubs),
    history=histories(),
)
problems = st.builds(
    Problem,
    code=st.sampled_from(["dns", "timeout", "http_client", "http_server", "throttled", "bad_feed", "gone"]),
    message=st.just("It failed."),
    retry_helps=st.booleans(),
    retry_after=seconds,
)
answers = st.builds(
    Polled,
    feed=st.just(1),
    status=st.sampled_from([None, 200, 304, 403, 404, 410, 429, 500]),
    problem=st.one_of(st.none(), problems),
    not_modified=st.booleans(),
    unchanged=st.booleans(),
    conditional=st.booleans(),
    etag=st.one_of(st.none(), st.just('"2"')),
    hints=st.one_of(st.none(), hints),
    published=st.lists(st.floats(0, NOW + 400 * DAY), max_size=25),
    fresh=seconds,
    retry_after=seconds,
    moved_to=st.one_of(st.none(), st.just("https://new.example/")),
)
seeds = st.integers(0, 1000)


def asked_for(after: Feed, polled: Polled) -> float:
    """The highest floor, worked out again: nothing may be due before it."""
    told = after.hints or Hints()
    named = (polled.problem and polled.problem.retry_after) or polled.retry_after
    floors = [SETTINGS.poll_least]
    floors += [
        min(one, LONGEST_HINT) for one in (told.ttl, told.update_period) if one is not None and one > 0
    ]
    floors += [min(one, LONGEST_FLOOR) for one in (named, polled.fresh) if one is not None and one > 0]
    return max(floors)


@given(feeds, answers, counts, counts, seeds)
@MANY
def test_a_feed_is_never_due_before_a_floor_nor_after_the_caps(
    feed: Feed, polled: Polled, new: int, listed: int, seed: int
) -> None:
    after = after_poll(feed, polled, new, listed, NOW, SETTINGS, Random(seed))
    wait = after.due_at - NOW
    assert wait >= asked_for(after, polled) * (1 - 1e-9)
    longest = max(SETTINGS.poll_most, LONGEST_FLOOR, feed.interval_wanted or 0.0)
    quiet = WEEK + 600 if after.hints and (after.hints.skip_days or after.hints.skip_hours) else 0.0
    assert wait <= longest * (1 + JITTER) + quiet
    if not (feed.interval_wanted or polled.fresh or polled.retry_after or after.websub or polled.problem):
        assert after.interval <= max(SETTINGS.poll_most, asked_for(after, polled))


@given(feeds, answers, counts, counts, seeds)
@FEW
def test_jitter_moves_the_poll_by_a_tenth_and_changes_nothing_else(
    feed: Feed, polled: Polled, new: int, listed: int, seed: int
) -> None:
    calm = replace(feed, hints=None)
    polled = replace(polled, hints=None)
    one = after_poll(calm, polled, new, listed, NOW, SETTINGS, Random(seed))
    other = after_poll(calm, polled, new, listed, NOW, SETTINGS, Middle())
    assert replace(one, due_at=0.0) == replace(other, due_at=0.0)
    for due in (one.due_at, other.due_at):
        assert (
            one.interval * (1 - JITTER) * (1 - 1e-9) <= due - NOW <= one.interval * (1 + JITTER) * (1 + 1e-9)
        )


@given(feeds, problems, seeds)
@FEW
def test_failures_never_stop_a_feed_and_lose_nothing(feed: Feed, problem: Problem, seed: int) -> None:
    polled = Polled(feed=1, problem=problem)
    after = after_poll(feed, polled, 0, 0, NOW, SETTINGS, Random(seed))
    assert after.errors == feed.errors + 1
    assert after.state == ("gone" if problem.code == "gone" else feed.state)
    assert after.interval_reason
    kept = ("url", "etag", "full_at", "hints", "rhythm", "overflows", "moved_to", "moved_seen", "last_new_at")
    assert [getattr(after, name) for name in kept] == [getattr(feed, name) for name in kept]


@given(feeds, problems, st.integers(1, 30))
@FEW
def test_the_wait_of_a_failing_feed_never_shrinks(feed: Feed, problem: Problem, times: int) -> None:
    problem = replace(problem, retry_after=None)
    waits = []
    one = replace(feed, errors=0, history=[], state="active")
    for _ in range(times):
        one = after_poll(one, Polled(feed=1, problem=problem), 0, 0, NOW, SETTINGS, Middle())
        waits.append(one.interval)
    assert waits == sorted(waits)


@given(feeds, answers, seeds)
@FEW
def test_our_own_outage_teaches_nothing(feed: Feed, polled: Polled, seed: int) -> None:
    problem = Problem(code="connect", message="Away.", ours=True)
    polled = replace(polled, problem=problem)
    after = after_poll(feed, polled, 0, 0, NOW, SETTINGS, Random(seed))
    assert OUTAGE_WAIT <= after.due_at - NOW <= 2 * OUTAGE_WAIT
    assert after == replace(
        feed, due_at=after.due_at, problem=problem, last_polled_at=NOW, history=after.history
    )


@given(feeds, answers, counts, counts, seeds)
@FEW
def test_a_push_leaves_the_polls_as_they_were_planned(
    feed: Feed, polled: Polled, new: int, listed: int, seed: int
) -> None:
    after = after_poll(feed, replace(polled, pushed=True), new, listed, NOW, SETTINGS, Random(seed))
    touched = {"entries_seen", "last_new_at", "history"}
    assert {n for n in feed.__struct_fields__ if getattr(after, n) != getattr(feed, n)} <= touched


@given(feeds, seeds)
@FEW
def test_the_same_304_twice_teaches_nothing_more(feed: Feed, seed: int) -> None:
    polled = Polled(feed=1, status=304, not_modified=True, etag='"2"')
    once = after_poll(replace(feed, moved_to=None), polled, 0, 0, NOW, SETTINGS, Random(seed))
    twice = after_poll(once, polled, 0, 0, NOW, SETTINGS, Random(seed))
    moving = {"interval", "interval_reason", "due_at", "history"}
    assert {n for n in once.__struct_fields__ if getattr(once, n) != getattr(twice, n)} <= moving
    assert twice.interval >= once.interval


@given(feeds, answers, counts, counts, seeds)
@FEW
def test_a_feed_stays_small_and_says_why_it_waits(
    feed: Feed, polled: Polled, new: int, listed: int, seed: int
) -> None:
    after = after_poll(feed, polled, new, listed, NOW, SETTINGS, Random(seed))
    assert len(after.history) <= 20
    assert after.interval_reason or (polled.problem and polled.problem.ours)
    assert after.due_at < float("inf")
