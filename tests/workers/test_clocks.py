"""A clock that was set back holds nothing up: leases, hosts, rows, the coordinator's lock."""

from __future__ import annotations

import time

import pytest

from pipeline.model import NewItem
from pipeline.settings import Settings
from pipeline.store import Store
from workers import strays
from workers.clocks import Clocks
from workers.coordinator import Coordinator
from workers.frontier import Frontier, Place
from workers.stages import LOCK_SECONDS, Done, Stages

HOUR = 3600.0
FEED = "https://example.org/feed.xml"


@pytest.fixture
def coordinator(store: Store, stages: Stages, settings: Settings) -> Coordinator:
    return Coordinator(store, stages, settings, lambda _: None, poll_feeds=True)


def accept(store: Store, now: float, *, close: bool = True) -> str:
    job = store.open_job(["here"], now, now + 60)
    store.accept(job, [NewItem(key="file:///1", name="1", source="here", content=b"text")], now)
    if close:
        store.close_job(job, now)
    return job


def shift(stages: Stages, name: str, seconds: float) -> None:
    """Make every score of a zset look as if it had been given on a clock that is ahead."""
    for member, score in stages.redis.zrange(name, 0, -1, withscores=True):
        stages.redis.zadd(name, {member: score + seconds * 1000})


def test_what_was_accepted_on_a_clock_ahead_is_done_when_the_clock_is_set_back(
    store: Store, coordinator: Coordinator
) -> None:
    now = time.time()
    coordinator.tick(now + HOUR)
    accept(store, now + HOUR)
    coordinator.tick(now)
    assert len(store.in_flight()) == 1


def test_what_comes_in_late_from_a_clock_ahead_is_done_too(store: Store, coordinator: Coordinator) -> None:
    now = time.time()
    coordinator.tick(now + HOUR)
    coordinator.tick(now)
    accept(store, now + HOUR)
    coordinator.tick(now + 2)
    assert len(store.in_flight()) == 1


def test_a_retry_waits_as_long_as_it_would_have(store: Store, coordinator: Coordinator) -> None:
    now = time.time()
    coordinator.tick(now + HOUR)
    accept(store, now + HOUR)
    coordinator.tick(now + HOUR + 1)
    store.defer({store.in_flight()[0]: now + HOUR + 300})
    coordinator.tick(now)
    assert not store.in_flight()
    assert store.next_due(now) == pytest.approx(now + 300, abs=2)


def test_feeds_are_polled_and_broken_intakes_end_when_they_would_have(
    store: Store, coordinator: Coordinator
) -> None:
    now = time.time()
    feed = store.add_feed(FEED, now + HOUR)
    job = accept(store, now + HOUR, close=False)
    coordinator.tick(now + HOUR - 10)
    store.turn_back(now, HOUR)
    assert store.claim_feeds(10, now, 60) == [feed.id]
    store.defer(dict.fromkeys(store.in_flight(), now))
    status = store.job_status(job)
    assert status is not None
    assert status.state == "running"


def test_many_rows_are_all_brought_back(store: Store) -> None:
    now = time.time()
    job = store.open_job(["here"], now, now + 60)
    for start in range(0, 6_000, 2_000):
        some = [
            NewItem(key=f"file:///{n}", name=f"{n}", source="here", content=b"x")
            for n in range(start, start + 2_000)
        ]
        store.accept(job, some, now + HOUR)
    assert store.turn_back(now, HOUR) == 6_000
    assert store.turn_back(now, HOUR) == 0
    assert len(store.admit(10_000, now)) == 6_000


def test_small_steps_of_a_clock_change_nothing(store: Store, stages: Stages) -> None:
    now = time.time()
    clocks = Clocks(store, stages)
    clocks.look(now)
    accept(store, now + 2)
    clocks.look(now - 2)
    assert store.admit(10, now) == []


def test_leases_and_tokens_of_a_clock_ahead_last_no_longer_than_a_lease(stages: Stages) -> None:
    stages.admit("clean", [1])
    stages.claim("clean", 10, "token")
    for name in ("in", "pump"):
        shift(stages, stages.key(name, "clean"), HOUR)
    stages.kick("clean", 1, 8, "other")
    latest = time.time() * 1000 + stages.lease_ms
    for name in ("in", "pump"):
        ((_, end),) = stages.redis.zrange(stages.key(name, "clean"), 0, -1, withscores=True)
        assert end <= latest
    assert stages.done("clean", [Done(1)])[0] == 1, "its holder, who lives, still has it"


def test_the_lock_of_a_coordinator_that_vanished_on_a_clock_ahead_lasts_no_longer_than_ever(
    stages: Stages,
) -> None:
    stages.hold("gone")
    lock = stages.key("coordinator")
    stages.redis.pexpire(lock, int(HOUR * 1000))
    assert not stages.hold("standby")
    assert stages.redis.pttl(lock) <= LOCK_SECONDS * 1000


def test_hosts_rest_no_longer_than_they_would_have(
    store: Store, stages: Stages, monkeypatch: pytest.MonkeyPatch
) -> None:
    stages.admit("fetch", [1])
    stages.claim("fetch", 10, "token")
    frontier = Frontier(stages, "fetch")
    frontier.route([Place(1, "example.org", 1.0, 1)])
    shift(stages, stages.key("hosts", "fetch"), HOUR)
    now_ms = time.time() * 1000
    stages.redis.hset(stages.key("host", "example.org"), "next", int(now_ms + HOUR * 1000))
    assert frontier.step(5, "token", quiet=True, stay=True).visits == []
    clocks = Clocks(store, stages)
    true_clock = stages.clock
    with monkeypatch.context() as ahead:
        ahead.setattr(stages, "clock", lambda: true_clock() + HOUR)
        clocks.look(time.time())
    clocks.look(time.time())
    visits: list[int] = []
    ends = time.monotonic() + 60
    while not visits and time.monotonic() < ends:
        visits = [one.claimed.id for one in frontier.step(5, "token", quiet=True, stay=True).visits]
    assert visits == [1]


@pytest.fixture
def scattered(stages: Stages) -> Stages:
    """Ids in every place that an id can be in."""
    stages.admit("fetch", range(1, 7))
    stages.claim("fetch", 3, "token")
    stages.done("fetch", [Done(one.id, "clean", b"x") for one in stages.claim("fetch", 3, "token")])
    Frontier(stages, "fetch").route([Place(1, "example.org", 1.0, 1, where="first")])
    return stages


def test_ids_that_are_somewhere_are_no_strays(scattered: Stages) -> None:
    before = scattered.depths()
    assert strays.take_up(scattered) == 0
    assert scattered.depths() == before


def test_ids_that_redis_has_nowhere_begin_again(scattered: Stages) -> None:
    waiting = scattered.depths()["clean"]["waiting"]
    scattered.redis.delete(scattered.key("q", "clean"))
    assert strays.take_up(scattered) == waiting > 0
    assert strays.take_up(scattered) == 0
