"""A worker that went deaf ends itself; one that works, waits or is frozen with all the rest does not."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

from pipeline.settings import Settings
from workers.embedded import environment
from workers.stages import Stages
from workers.watchdog import DEAF, DEAF_SECONDS, LOOK_SECONDS, SILENT_SECONDS, Watchdog


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def trouble_within(watch: Watchdog, clock: Clock, seconds: float, *, beating: bool = True) -> str | None:
    """What the watch finds in so many seconds of looking."""
    for _ in range(int(seconds / LOOK_SECONDS)):
        clock.now += LOOK_SECONDS
        if beating:
            watch.beaten()
        found = watch.trouble()
        if found:
            return found
    return None


def test_a_consumer_that_beats_is_fine(stages: Stages) -> None:
    clock = Clock()
    assert trouble_within(Watchdog(stages, ["clean"], lambda: False, clock), clock, 600) is None


def test_a_silent_consumer_is_not(stages: Stages) -> None:
    clock = Clock()
    watch = Watchdog(stages, ["clean"], lambda: False, clock)
    assert trouble_within(watch, clock, SILENT_SECONDS, beating=False) is None
    assert "silent" in (trouble_within(watch, clock, 10, beating=False) or "")


def test_an_idle_worker_that_takes_no_wake_ups_is_deaf(stages: Stages) -> None:
    clock = Clock()
    stages.redis.lpush(stages.key("mq", "clean"), "a wake-up")
    watch = Watchdog(stages, ["clean"], lambda: False, clock)
    assert trouble_within(watch, clock, DEAF_SECONDS - 2 * LOOK_SECONDS) is None
    assert "clean" in (trouble_within(watch, clock, 20) or "")


def test_a_busy_worker_is_not_deaf(stages: Stages) -> None:
    clock = Clock()
    stages.redis.lpush(stages.key("mq", "clean"), "a wake-up")
    assert trouble_within(Watchdog(stages, ["clean"], lambda: True, clock), clock, 600) is None


def test_wake_ups_that_a_pump_sees_to_are_no_trouble(stages: Stages) -> None:
    clock = Clock()
    stages.redis.lpush(stages.key("mq", "clean"), "a wake-up")
    stages.admit("clean", [1])
    stages.claim("clean", 1, "a pump that runs")
    assert trouble_within(Watchdog(stages, ["clean"], lambda: False, clock), clock, 600) is None


def test_an_outage_of_redis_is_held_against_nobody(settings: Settings) -> None:
    clock = Clock()
    away = Stages(replace(settings, redis_url="redis://127.0.0.1:1/0"))
    assert trouble_within(Watchdog(away, ["clean"], lambda: False, clock), clock, 600, beating=False) is None


def test_nor_is_a_redis_that_takes_no_writes(settings: Settings, stages: Stages) -> None:
    clock = Clock()
    watch = Watchdog(stages, ["clean"], lambda: False, clock)
    stages.redis.config_set("maxmemory", 1)
    try:
        assert trouble_within(watch, clock, 600, beating=False) is None
    finally:
        stages.redis.config_set("maxmemory", 0)


def test_a_machine_that_stood_still_gets_its_time_again(stages: Stages) -> None:
    clock = Clock()
    watch = Watchdog(stages, ["clean"], lambda: False, clock)
    clock.now += 3600
    assert watch.trouble() is None
    assert trouble_within(watch, clock, SILENT_SECONDS - LOOK_SECONDS, beating=False) is None


STANDS_STILL = """
import sys, threading, time
from pipeline.settings import load
from workers import watchdog
from workers.stages import Stages
watchdog.LOOK_SECONDS, watchdog.SILENT_SECONDS = 0.05, 0.2
watchdog.Watchdog(Stages(load()), ["clean"], lambda: False).start(lambda: False)
assert threading.active_count() == 1, "pools are forked from here: no thread may hold a lock then"
time.sleep(60)
"""


def test_a_consumer_that_stands_still_is_ended_without_a_thread(settings: Settings) -> None:
    command = [sys.executable, "-c", STANDS_STILL]
    ended = subprocess.run(
        command, env=environment(settings), check=False, timeout=60, capture_output=True, text=True
    )
    assert ended.returncode == DEAF, ended.stderr
    assert "silent" in ended.stderr


def test_a_worker_that_is_being_stopped_is_left_alone(stages: Stages) -> None:
    clock = Clock()
    ended: list[int] = []
    watch = Watchdog(stages, ["clean"], lambda: False, clock)
    for _ in range(int(2 * SILENT_SECONDS / LOOK_SECONDS)):
        clock.now += LOOK_SECONDS
        watch.look(stopping=True, end=ended.append)
    assert not ended
