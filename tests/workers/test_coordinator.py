"""The tick, on a real Redis and a real database; what it would publish is only noted."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import pytest

from pipeline.model import NewItem, Step
from pipeline.settings import Settings
from pipeline.store import Store
from workers.coordinator import Coordinator
from workers.crashes import Crash, pack_crash
from workers.payloads import PageHead, pack_page
from workers.stages import SURE, Done, Stages

Make = Callable[..., Coordinator]


@pytest.fixture
def woken() -> list[str]:
    return []


@pytest.fixture
def make(store: Store, stages: Stages, settings: Settings, woken: list[str]) -> Make:
    def coordinator(window: int = 100, poll_feeds: bool = False) -> Coordinator:
        return Coordinator(
            store, stages, replace(settings, window=window), woken.append, poll_feeds=poll_feeds
        )

    return coordinator


def accept(store: Store, count: int, now: float) -> str:
    job = store.open_job(["here"], now, now + 60)
    store.accept(
        job,
        [
            NewItem(key=f"file:///{n}", name=f"{n}", source="here", content=f"text {n}".encode())
            for n in range(count)
        ],
        now,
    )
    store.close_job(job, now)
    return job


def test_no_more_than_a_window_is_in_flight(make: Make, store: Store, stages: Stages) -> None:
    job = accept(store, 12, now=100)
    coordinator = make(window=5)
    coordinator.tick(100)
    coordinator.tick(100)
    status = store.job_status(job)
    assert status is not None
    assert (status.in_flight, status.pending) == (5, 7)
    assert stages.depths()["fetch"]["waiting"] == 5


def test_what_redis_lost_starts_again(make: Make, store: Store, stages: Stages) -> None:
    accept(store, 4, now=100)
    coordinator = make()
    coordinator.tick(100)
    stages.redis.flushall()
    coordinator.tick(200)
    assert stages.live() == set(store.in_flight())
    assert stages.depths()["fetch"]["waiting"] == 4


def test_what_is_in_any_stage_is_left_alone(make: Make, store: Store, stages: Stages) -> None:
    accept(store, 3, now=100)
    coordinator = make()
    coordinator.tick(100)
    first, second, _ = stages.claim("fetch", 3, "t")
    stages.done("fetch", [Done(first.id, "clean"), Done(second.id, "store")])
    coordinator.tick(200)
    depths = stages.depths()
    assert (depths["fetch"]["running"], depths["clean"]["waiting"], depths["store"]["waiting"]) == (1, 1, 1)
    assert depths["fetch"]["waiting"] == 0


def test_an_item_that_killed_its_process_too_often_is_a_dead_letter(
    make: Make, store: Store, stages: Stages, hasty: Stages
) -> None:
    accept(store, 1, now=100)
    coordinator = make()
    coordinator.tick(100)
    (claimed,) = stages.claim("fetch", 1, "t")
    read = Step(stage="fetch", at=100.0, seconds=0.1, worker="w", result="ok")
    head = PageHead(digest="d", key="k", trace=[read])
    stages.done("fetch", [Done(claimed.id, "clean", pack_page(head, b""))])
    crash = Crash(at=150.0, seconds=0.5, worker="w", how="was killed by signal 11 (SIGSEGV)", memory=3 << 30)
    while stages.claim("clean", 1, "t"):
        stages.vanished("clean", "t", claimed.id, [], weight=SURE, seen=pack_crash(crash))
    coordinator.tick(200)
    (item,) = store.items(outcome="failed")
    assert item.code == "crashed"
    deaths = 1 + stages.settings.max_crashes
    assert f"cost {deaths} processes in clean" in (item.message or "")
    assert [(step.stage, step.result) for step in item.trace[1:]] == [("clean", "crashed")] * deaths
    for told in ("SIGSEGV", "500 ms", "3,221 MB"):
        assert told in (item.trace[-1].message or "")
    assert stages.live() == set()
    assert stages.dead() == []


def test_an_item_whose_workers_always_vanished_is_a_dead_letter(
    make: Make, store: Store, hasty: Stages
) -> None:
    accept(store, 1, now=100)
    coordinator = make()
    coordinator.tick(100)
    while hasty.claim("fetch", 1, "t"):
        pass
    coordinator.tick(200)
    (item,) = store.items(outcome="failed")
    assert item.code == "crashed"
    assert "whole worker" in (item.message or "")


def test_a_feed_that_killed_its_process_too_often_has_a_failed_poll(
    make: Make, store: Store, stages: Stages
) -> None:
    feed = store.add_feed("https://example.org/feed", 100)
    coordinator = make(poll_feeds=True)
    coordinator.tick(100)
    crash = Crash(at=150.0, seconds=0.5, worker="w", how="was killed by signal 11 (SIGSEGV)")
    while stages.claim("poll", 1, "t"):
        stages.vanished("poll", "t", feed.id, [], weight=SURE, seen=pack_crash(crash))
    coordinator.tick(200)
    (failing,) = store.feeds([feed.id])
    assert failing.problem is not None
    assert (failing.problem.code, failing.errors, failing.state) == ("crashed", 1, "active")
    assert "SIGSEGV" in failing.problem.message
    assert failing.due_at > 200
    assert stages.live("poll") == set()


def test_one_of_two_ticks_and_the_other_takes_over(make: Make, store: Store) -> None:
    accept(store, 3, now=100)
    one, two = make(), make()
    assert one.tick(100)
    assert not two.tick(100)
    one.stages.let_go(one.name)
    assert two.tick(100)


def test_two_that_tick_at_once_do_nothing_twice(make: Make, store: Store, stages: Stages) -> None:
    accept(store, 6, now=100)
    for coordinator in (make(), make()):
        stages.redis.delete(stages.key("coordinator"))
        coordinator.tick(100)
    assert stages.depths()["fetch"]["waiting"] == 6
    assert stages.load() == 6


def test_a_job_ends_when_its_items_have(make: Make, store: Store) -> None:
    job = store.open_job(["nothing"], 100, 160)
    store.close_job(job, 100)
    make().tick(101)
    status = store.job_status(job)
    assert status is not None
    assert (status.state, status.finished_at) == ("done", 101)


def test_every_stage_is_offered_a_pump(make: Make, woken: list[str]) -> None:
    make().tick(100)
    assert woken == ["poll", "fetch", "clean", "extract", "store"]


def test_due_feeds_are_handed_out_once(make: Make, store: Store, stages: Stages) -> None:
    feed = store.add_feed("https://news.example/feed", now=100)
    make(poll_feeds=True).tick(100)
    stages.redis.delete(stages.key("coordinator"))
    make(poll_feeds=True).tick(101)
    assert [one.id for one in stages.claim("poll", 9, "t")] == [feed.id]


def test_feeds_rest_where_only_a_job_is_run(make: Make, store: Store, stages: Stages) -> None:
    store.add_feed("https://news.example/feed", now=100)
    make(poll_feeds=False).tick(100)
    assert stages.claim("poll", 9, "t") == []


def test_an_intake_that_was_killed_does_not_hold_its_job_open(make: Make, store: Store) -> None:
    now = time.time()
    job = store.open_job(["here"], now, accepting_until=now + 60)
    coordinator = make()
    coordinator.tick(now + 59)
    assert store.job_status(job).state == "running"  # type: ignore[union-attr]
    coordinator.tick(now + 61)
    assert store.job_status(job).state == "done"  # type: ignore[union-attr]
