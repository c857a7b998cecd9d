"""Cancelling on a real Redis and a real database: nothing of a cancelled job is left in either."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import pytest

from pipeline.model import Counts, Ending, NewItem, Problem
from pipeline.settings import Settings
from pipeline.store import Store, cancelling
from workers.coordinator import Coordinator
from workers.frontier import Frontier, Place
from workers.stages import Done, Stages

NOW = 1_700_000_000.0

Tick = Callable[..., None]


@pytest.fixture
def tick(store: Store, stages: Stages, settings: Settings) -> Tick:
    def look(now: float, window: int = 100) -> None:
        told = replace(settings, window=window)
        Coordinator(store, stages, told, lambda _: None, poll_feeds=False).tick(now)
        stages.redis.delete(stages.key("coordinator"))

    return look


def accept(store: Store, count: int, name: str = "a") -> str:
    job = store.open_job([name], NOW, NOW + 60)
    urls = [f"https://{name}.example/{number}" for number in range(count)]
    store.accept(job, [NewItem(key=url, name=url, source=name, url=url) for url in urls], NOW)
    store.close_job(job, NOW)
    return job


def outcomes(store: Store, job: str) -> tuple[str, Counts]:
    status = store.job_status(job)
    assert status
    assert status.items == status.pending + status.in_flight + status.outcomes.total
    assert store.check() == []
    return status.state, status.outcomes


def left_of_items(stages: Stages) -> set[str]:
    """Names of keys that tell of single items."""
    kinds = {"q", "solo", "in", "alone", "lost", "crash", "since", "seen", "routed", "pay", "live", "hostq"}
    names = {key.decode().removeprefix("feedmill:") for key in stages.redis.scan_iter("*")}
    return {name for name in names if name.split(":")[0] in kinds}


def test_wherever_items_wait_they_end_and_leave_nothing(store: Store, stages: Stages, tick: Tick) -> None:
    job = accept(store, 14)
    tick(NOW, window=12)
    ids = sorted(store.job_items_in_flight(job))
    frontier = Frontier(stages, "fetch")
    # Two lost their workers and travel alone, two wait for their host, three for clean and extract.
    hasty = Stages(replace(stages.settings, lease_seconds=0))
    for _ in range(2):
        assert len(hasty.claim("fetch", 2, "killed")) == 2
    claimed = [one.id for _ in range(2) for one in stages.claim("fetch", 1, "t")]
    more = [one.id for one in stages.claim("fetch", 5, "t")]
    assert not frontier.route([Place(one, "a.example", 1.0, 1, b"way") for one in more[:2]])
    stages.done("fetch", [Done(one, "clean", b"a page") for one in more[2:]])
    assert len(claimed) + len(more) + stages.depths()["fetch"]["waiting"] == len(ids) + 2
    store.cancel(job, NOW)
    tick(NOW + 1)
    # What the workers have is theirs.
    assert sorted(store.job_items_in_flight(job)) == sorted(claimed)
    stages.done("fetch", [Done(claimed[0], "clean", b"a page"), Done(claimed[1], "store", b"an ending")])
    tick(NOW + 2)
    assert outcomes(store, job) == ("cancelled", Counts(skipped=14))
    assert left_of_items(stages) == set()


def test_what_a_worker_stores_meanwhile_is_stored_once(store: Store, stages: Stages, tick: Tick) -> None:
    job = accept(store, 2)
    tick(NOW)
    one, two = (claimed.id for claimed in stages.claim("fetch", 2, "t"))
    store.cancel(job, NOW)
    tick(NOW + 1)
    problem = Problem(code="gone", message="Gone.")
    store.finish([Ending(item=one, problem=problem)], NOW)
    stages.done("fetch", [Done(one), Done(two, "clean", b"a page")])
    tick(NOW + 2)
    assert outcomes(store, job) == ("cancelled", Counts(failed=1, skipped=1))
    assert left_of_items(stages) == set()


def test_other_jobs_keep_their_order_and_go_on(store: Store, stages: Stages, tick: Tick) -> None:
    first, cancelled, last = accept(store, 3, "a"), accept(store, 1500, "b"), accept(store, 3, "c")
    tick(NOW, window=2000)
    theirs = set(store.job_items_in_flight(cancelled))
    others = [one for one in queued(stages) if one not in theirs]
    assert len(others) == 6
    store.cancel(cancelled, NOW)
    tick(NOW + 1, window=2000)
    assert queued(stages) == others
    assert outcomes(store, cancelled) == ("cancelled", Counts(skipped=1500))
    assert {outcomes(store, job)[0] for job in (first, last)} == {"running"}


def queued(stages: Stages) -> list[int]:
    return [int(one) for one in stages.redis.lrange(stages.key("q", "fetch"), 0, -1)]


def test_a_look_that_was_killed_half_way_is_healed_by_the_next(
    store: Store, stages: Stages, tick: Tick
) -> None:
    job = accept(store, 4)
    tick(NOW)
    ids = store.job_items_in_flight(job)
    store.cancel(job, NOW)
    # Killed after the rows were written: Redis has them still, as nobody's.
    store.end_in_flight(job, ids[:2], NOW)
    # Killed after two were seized: their leases end.
    keys = [stages.key(name, "fetch") for name in ("q", "solo", "in", "routed", "hosts")]
    assert len(stages.run("seize", keys, [0, stages.key("hostq", "fetch", ""), *ids[2:]])) == 2
    assert len(stages.claim("fetch", 9, "t")) == 4
    stages.release("fetch", ids)
    tick(NOW + 1)
    assert outcomes(store, job) == ("cancelled", Counts(skipped=4))
    # The pump that finds rows which are done lets go of them.
    stages.done("fetch", [Done(one.id) for one in stages.claim("fetch", 9, "t")])
    assert left_of_items(stages) == set()


def test_a_host_has_time_again_for_others_than_those_that_were_cancelled(
    store: Store, stages: Stages, tick: Tick
) -> None:
    frontier = Frontier(stages, "fetch")
    job = accept(store, 30)
    tick(NOW)
    claimed = stages.claim("fetch", 30, "t")
    surplus = frontier.route([Place(one.id, "a.example", 60.0, 1) for one in claimed])
    store.defer(surplus)
    stages.done("fetch", [Done(one) for one in surplus])
    assert max(surplus.values()) - time.time() > 10 * 60
    store.cancel(job, NOW)
    tick(NOW + 1)
    assert outcomes(store, job) == ("cancelled", Counts(skipped=30))
    stages.admit("fetch", range(1000, 1004))
    claimed = stages.claim("fetch", 4, "t")
    surplus = frontier.route([Place(one.id, "a.example", 60.0, 1) for one in claimed])
    assert max(surplus.values()) - time.time() < 5 * 60


def test_a_large_job_is_ended_by_several_looks_one_right_after_the_other(
    store: Store, stages: Stages, tick: Tick, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cancelling, "ROWS", 5)
    monkeypatch.setattr("workers.cancelling.SECONDS", 0.0)
    large, small = accept(store, 12, "a"), accept(store, 2, "b")
    store.cancel(large, NOW)
    store.cancel(small, NOW)
    looks = 0
    while store.being_cancelled():
        looks += 1
        tick(NOW + looks)
        if store.being_cancelled():
            assert stages.redis.rpop(stages.key("wake")) is not None
    assert looks > 2
    assert outcomes(store, large) == ("cancelled", Counts(skipped=12))
    assert outcomes(store, small) == ("cancelled", Counts(skipped=2))
