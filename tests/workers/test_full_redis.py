"""A Redis that is full: it is said so, no page enters, and what waits goes on once there is room."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from pipeline.errors import PipelineError
from pipeline.settings import Settings
from workers.app import create_app, kick, publish
from workers.stages import Done, Stages


@pytest.fixture
def full(stages: Stages) -> Iterator[Stages]:
    """Two items under lease and two that wait, then no memory for anything more."""
    stages.admit("clean", [1, 2, 3, 4])
    assert len(stages.claim("clean", 2, "token")) == 2
    stages.redis.config_set("maxmemory", 100_000)
    yield stages
    stages.redis.config_set("maxmemory", 0)


def test_the_error_says_what_to_do(full: Stages) -> None:
    with pytest.raises(PipelineError, match="It is full: make room in it, or raise its maxmemory"):
        full.admit("fetch", [9])


def test_what_is_in_hand_is_handed_on_whole(full: Stages) -> None:
    assert full.done("clean", [Done(1, "extract", b"x" * 10_000), Done(2)]) == (2, 3)
    assert full.payload("extract", 1) == b"x" * 10_000
    assert full.release("clean", [1]) == 0


def test_what_waits_is_claimed_and_given_back(full: Stages) -> None:
    ids = [one.id for one in full.claim("clean", 2, "another")]
    assert ids == [3, 4]
    assert full.release("clean", ids) == 2


def test_a_wake_up_that_finds_no_room_is_our_error_and_is_sent_when_there_is(
    full: Stages, settings: Settings
) -> None:
    app = create_app(settings)
    with pytest.raises(PipelineError):
        publish(app, "clean", "token", 1.0)
    full.redis.config_set("maxmemory", 0)
    full.redis.delete(full.key("pump", "clean"))
    assert kick(app, full, "clean")


def test_pages_leave_room_below_the_limit_of_the_server(stages: Stages, settings: Settings) -> None:
    used = stages.memory()
    roomy = Stages(replace(settings, redis_high_water=10 * used))
    try:
        assert not roomy.is_full()
        stages.redis.config_set("maxmemory", int(used * 1.1))
        assert roomy.is_full(), "before the server says no"
        stages.redis.config_set("maxmemory", 10 * used)
        assert not roomy.is_full()
        assert Stages(replace(settings, redis_high_water=used // 2)).is_full()
    finally:
        stages.redis.config_set("maxmemory", 0)
