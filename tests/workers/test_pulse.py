"""The pulse, on a real Redis and a real database: depths as they are, rates from samples."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import pytest

from pipeline.model import Ending, NewItem, Problem
from pipeline.settings import Settings
from pipeline.store import Chosen, Store
from workers.coordinator import Coordinator
from workers.pulse import (
    GAP_SECONDS,
    RATE_SECONDS,
    SAMPLES,
    Sample,
    forget_empty,
    pulse,
    samples,
    take_sample,
)
from workers.stages import Done, Stages

NOW = 1_700_000_000.0


def accept(store: Store, count: int) -> None:
    job = store.open_job(["here"], NOW, NOW + 60)
    content = b"text"
    new = [
        NewItem(key=f"file:///{n}", name=f"{n}", source="here", content=content, url=None)
        for n in range(count)
    ]
    store.accept(job, new, NOW)
    store.close_job(job, NOW)


def sampled(stages: Stages, ago: float, **handed: int) -> None:
    """As if a coordinator had looked so many seconds before NOW; the newest last."""
    sample = Sample(at=NOW - ago, handed=handed, ended=0)
    stages.ask(lambda r: r.lpush(stages.key("samples"), msgspec.json.encode(sample)))


def test_what_waits_and_runs_is_counted_with_the_age_of_the_oldest(store: Store, stages: Stages) -> None:
    stages.admit("fetch", [1, 2, 3])
    stages.claim("fetch", 1, "t")
    stages.done("fetch", [Done(1, "clean", b"page")])
    began = stages.clock()
    found = pulse(store, stages, began + 100).stages
    assert (found["fetch"].waiting, found["fetch"].running) == (2, 0)
    assert (found["clean"].waiting, found["clean"].running) == (1, 0)
    assert found["clean"].oldest_seconds == pytest.approx(100, abs=30)
    assert found["extract"].oldest_seconds is None


def test_an_item_that_was_handed_back_is_as_old_as_before(store: Store, stages: Stages) -> None:
    began = stages.clock()
    stages.admit("fetch", [1])
    stages.claim("fetch", 1, "t")
    stages.release("fetch", [1])
    ages = [pulse(store, stages, began + later).stages["fetch"].oldest_seconds for later in (50, 80)]
    assert ages == [pytest.approx(50, abs=30), pytest.approx(80, abs=30)]
    stages.claim("fetch", 1, "t")
    stages.done("fetch", [Done(1)])
    assert pulse(store, stages).stages["fetch"].oldest_seconds is None
    assert stages.ask(lambda r: r.exists(stages.key("since", "fetch"))) == 0


def test_a_rate_is_what_was_handed_on_between_samples(store: Store, stages: Stages) -> None:
    stages.count({"clean:handed": 500, "fetch:handed": 40, "fetch:done": 900})
    for ago in range(60, 0, -5):
        sampled(stages, ago, clean=500 - ago * 5, fetch=40)
    found = pulse(store, stages, NOW).stages
    assert found["clean"].rate == pytest.approx(5)
    assert found["fetch"].rate == 0
    assert found["clean"].seconds_left == 0


def test_the_time_left_counts_what_is_still_to_come(store: Store, stages: Stages) -> None:
    accept(store, 30)
    stages.admit("fetch", store.admit(20, NOW))
    stages.count({"fetch:handed": 50, "store:done": 10})
    for ago in (10, 5):
        sampled(stages, ago, fetch=50 - 2 * ago, store=10 - ago)
    found = pulse(store, stages, NOW).stages
    assert found["fetch"].seconds_left == pytest.approx(30 / 2)
    assert found["store"].seconds_left == pytest.approx(30 / 1)


def test_nothing_is_said_to_be_done_before_the_last_of_what_waits_is_due(
    store: Store, stages: Stages
) -> None:
    accept(store, 3)
    store.defer(dict.fromkeys(store.admit(2, NOW), NOW + 3_600))
    stages.count({"store:done": 100})
    sampled(stages, 10, store=0)
    found = pulse(store, stages, NOW).stages["store"]
    assert found.rate == pytest.approx(10)
    assert found.seconds_left == pytest.approx(3_600)
    assert (store.due_later(NOW), store.last_due()) == (2, NOW + 3_600)


def test_without_samples_nothing_is_guessed(store: Store, stages: Stages) -> None:
    stages.count({"clean:handed": 500})
    stages.admit("fetch", [1])
    found = pulse(store, stages, NOW)
    assert found.rate is None
    assert found.stages["clean"].rate is None
    assert found.stages["fetch"].seconds_left is None


def test_a_pause_of_the_coordinator_is_no_part_of_a_rate(store: Store, stages: Stages) -> None:
    stages.count({"clean:handed": 1_000})
    sampled(stages, 15 + GAP_SECONDS, clean=0)
    sampled(stages, 10, clean=980)
    assert pulse(store, stages, NOW).stages["clean"].rate == pytest.approx(2)
    assert pulse(store, stages, NOW + GAP_SECONDS).stages["clean"].rate is None


def test_an_emptied_redis_makes_no_rate_below_zero(store: Store, stages: Stages) -> None:
    sampled(stages, 20, clean=1_000_000)
    sampled(stages, 10, clean=0)
    stages.count({"clean:handed": 40})
    assert pulse(store, stages, NOW).stages["clean"].rate == pytest.approx(2)


def test_what_is_older_than_a_rate_looks_back_counts_no_more(store: Store, stages: Stages) -> None:
    stages.count({"clean:handed": 1_000})
    for ago in range(300, 0, -5):
        sampled(stages, ago, clean=1_000 if ago <= RATE_SECONDS else 0)
    assert pulse(store, stages, NOW).stages["clean"].rate == 0


def test_samples_are_bounded(store: Store, stages: Stages) -> None:
    for n in range(SAMPLES):
        sampled(stages, 5_000 - n)
    take_sample(store, stages)
    kept = samples(stages)
    assert len(kept) == SAMPLES
    assert kept[0].at == pytest.approx(stages.clock(), abs=60)
    assert kept[-1].at == NOW - 5_000 + 1


def test_the_coordinator_takes_samples_and_readings_as_it_ticks(
    store: Store, stages: Stages, settings: Settings
) -> None:
    coordinator = Coordinator(
        store, stages, replace(settings, window=10), lambda stage: None, poll_feeds=False
    )
    for second in range(130):
        coordinator.tick(NOW + second)
    assert len(samples(stages)) == 26
    assert len(store.readings(NOW - 60)) == 3


def test_what_fails_and_is_tried_again_is_no_rate_below_zero(store: Store, stages: Stages) -> None:
    accept(store, 3)
    ids = store.admit(3, NOW)
    gone = Problem(code="gone", message="It is gone.")
    store.finish([Ending(item=one, problem=gone) for one in ids], NOW)
    sample = Sample(at=NOW - 10, handed={}, ended=3)
    stages.ask(lambda r: r.lpush(stages.key("samples"), msgspec.json.encode(sample)))
    assert store.retry(NOW, Chosen()) == 3
    assert pulse(store, stages, NOW).rate == 0


def test_what_was_left_behind_in_an_empty_stage_is_forgotten(store: Store, stages: Stages) -> None:
    stages.ask(lambda r: r.zadd(stages.key("since", "clean"), {"7": 1.0}))
    stages.admit("fetch", [1])
    forget_empty(stages)
    assert stages.ask(lambda r: r.exists(stages.key("since", "clean"))) == 0
    assert stages.ask(lambda r: r.exists(stages.key("since", "fetch"))) == 1
