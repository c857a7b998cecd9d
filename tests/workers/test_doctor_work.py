"""Workers, scheduler and items in each broken state, made in a real Redis and a real database."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.errors import PipelineError
from pipeline.model import NewItem
from pipeline.settings import Settings
from pipeline.store import Store, open_store
from workers import children, server, ticks
from workers.doctor import Bounds, Finding, examine
from workers.embedded import environment
from workers.pump import Process
from workers.stages import ALL_STAGES, Done, Stages
from workers.web.backend import Backend
from workers.web.beating import beat

QUICK = Bounds(again=0.01)
BEAT = {"host": socket.gethostname(), "pid": 1, "queues": list(ALL_STAGES)}


@pytest.fixture
def mill(settings: Settings, stages: Stages, sqlite_template: Path) -> Settings:
    """A deployment at rest in which all is well: a worker beats, a scheduler ticks."""
    settings.data_dir.mkdir()
    shutil.copy(sqlite_template, settings.data_dir)
    stages.beat("w1", BEAT)
    assert stages.hold("s1")
    ticks.note(stages, ticks.Tick("s1", stages.clock()))
    return settings


@pytest.fixture
def store(mill: Settings) -> Iterator[Store]:
    store = open_store(mill)
    yield store
    store.close()


def in_flight(store: Store, stages: Stages, number: int = 1) -> list[int]:
    """Items in flight, at `fetch`."""
    now = time.time()
    job = store.open_job(["in"], now, now + 60)
    new = [NewItem(key=f"file:///{n}", name=str(n), source="in", content=b"%d" % n) for n in range(number)]
    store.accept(job, new, now)
    ids = store.admit(number, now)
    stages.admit("fetch", ids)
    return ids


def said_of(settings: Settings, name: str, bounds: Bounds = QUICK) -> list[Finding]:
    return [one for one in examine(settings, bounds=bounds) if one.name == name]


def only(settings: Settings, name: str, bounds: Bounds = QUICK) -> Finding:
    (found,) = said_of(settings, name, bounds)
    return found


def test_all_is_well(mill: Settings, stages: Stages, store: Store) -> None:
    in_flight(store, stages, 3)
    found = [one for one in examine(mill, bounds=QUICK) if one.name in ("workers", "scheduler", "items")]
    assert [(one.name, one.ok, one.warning) for one in found] == [
        ("workers", True, False), ("scheduler", True, False), ("items", True, False),
    ]  # fmt: skip


def test_no_worker_for_a_stage(mill: Settings, stages: Stages) -> None:
    stages.beat("w1", {**BEAT, "queues": ["fetch", "poll", "store"]})
    found = only(mill, "workers")
    assert not found.ok
    assert "nobody works on clean, extract" in found.says
    assert "feedmill worker --queues clean,extract" in found.cure


def test_a_worker_that_beats_and_hears_nothing(mill: Settings, stages: Stages) -> None:
    stages.redis.lpush(stages.key("mq", "clean"), "a wake-up")
    found = next(one for one in said_of(mill, "workers") if not one.ok)
    assert "a wake-up of clean waits" in found.says
    assert "restart" in found.cure
    stages.admit("clean", [1])
    stages.claim("clean", 1, "a pump that runs")
    assert only(mill, "workers").ok


def test_wake_ups_that_pile_up(mill: Settings, stages: Stages) -> None:
    stages.redis.lpush(stages.key("mq", "clean"), *["a wake-up"] * 50)
    found = [one for one in said_of(mill, "workers") if not one.ok]
    assert any("50 wake-ups of clean" in one.says for one in found)


def test_workers_of_other_versions(mill: Settings, stages: Stages) -> None:
    stages.beat("w2", {**BEAT, "version": "0.0.7"})
    found = next(one for one in said_of(mill, "workers") if one.warning)
    assert "w2: 0.0.7" in found.says


def test_a_worker_whose_clock_is_wrong(mill: Settings, stages: Stages) -> None:
    stages.beat("w2", {**BEAT, "at": time.time() + 3_600})
    found = only(mill, "clock")
    assert "w2 is 1 h" in found.says
    assert "NTP" in found.cure


def test_hubs_are_told_of_a_web_server_that_does_not_run(mill: Settings, store: Store) -> None:
    assert not said_of(mill, "web")
    public = replace(mill, public_url="https://mill.example")
    assert "feedmill serve" in only(public, "web").cure
    beat(Backend(store, mill))
    assert not said_of(public, "web")


def test_no_scheduler(mill: Settings, stages: Stages) -> None:
    stages.let_go("s1")
    found = only(mill, "scheduler")
    assert not found.ok
    assert "feedmill scheduler" in found.cure


def test_a_scheduler_that_has_the_lock_and_does_not_tick(mill: Settings, stages: Stages) -> None:
    ticks.note(stages, ticks.Tick("s1", stages.clock() - 9_000))
    found = only(mill, "scheduler")
    assert "no tick for 2 h 30 min" in found.says
    assert "restart" in found.cure
    ticks.note(stages, ticks.Tick("s1", stages.clock(), "The database is full."))
    assert "The database is full." in only(mill, "scheduler").says


def test_a_stage_that_the_database_keeps_from_working(mill: Settings, stages: Stages) -> None:
    """It may answer who reads, as doctor does, and refuse who writes: only the pump knows."""

    def refused(process: Process, stage: str, token: str) -> None:
        raise PipelineError(
            "No space left on device. Make room on the disk of the database.", code="database"
        )

    process = Process(mill)
    process.run("store", "a token", refused)
    process.stages.close()
    found = next(one for one in said_of(mill, "workers") if not one.ok)
    assert "store stood still" in found.says
    assert process.name in found.says
    assert "Make room on the disk" in found.says
    assert stages.redis.pttl(stages.key("stall", "store")) > 0, "it is told for ever"


def test_items_that_redis_does_not_know(mill: Settings, stages: Stages, store: Store) -> None:
    ids = in_flight(store, stages, 2)
    stages.redis.delete(stages.key("live", "items"), stages.key("q", "fetch"))
    found = next(one for one in said_of(mill, "items") if not one.ok)
    assert f"2 items in flight are unknown to Redis ({ids[0]}, {ids[1]})" in found.says
    assert "scheduler" in found.cure


def test_items_that_only_redis_takes_for_in_flight(mill: Settings, stages: Stages) -> None:
    stages.admit("fetch", [4711])
    found = only(mill, "items")
    assert not found.ok
    assert "4711" in found.says


def test_items_in_flight_that_are_in_no_queue(mill: Settings, stages: Stages, store: Store) -> None:
    (item,) = in_flight(store, stages)
    stages.redis.delete(stages.key("q", "fetch"))
    found = only(mill, "items")
    assert f"in no queue of Redis ({item})" in found.says
    assert "scheduler" in found.cure


def test_suspects_and_dead_ones(mill: Settings, stages: Stages, store: Store) -> None:
    suspect, dead = in_flight(store, stages, 2)
    stages.redis.delete(stages.key("q", "fetch"))
    stages.redis.lpush(stages.key("solo", "fetch"), suspect)
    stages.redis.lpush(stages.key("dead"), f"fetch {dead}")
    found = said_of(mill, "items")
    assert any(f"wait to be given up (fetch {dead})" in one.says and not one.ok for one in found)
    assert any("1 item lost a worker" in one.says and one.warning for one in found)
    assert len(found) == 2


def test_an_item_that_stays_too_long(mill: Settings, stages: Stages, store: Store) -> None:
    (item,) = in_flight(store, stages)
    stages.claim("fetch", 1, "a")
    stages.done("fetch", [Done(item, "clean", b"payload")])
    stages.claim("clean", 1, "b")
    assert only(mill, "items").ok
    stages.redis.pexpire(stages.key("pay", "clean", str(item)), 5 * 3_600_000)
    found = only(mill, "items")
    assert f"item {item} has been in clean for 1 h" in found.says
    assert f"feedmill why {item}" in found.cure


def test_payloads_without_items(mill: Settings, stages: Stages) -> None:
    stages.keep(stages.key("pay", "clean", "77"), b"left over", 3_600)
    found = only(mill, "items")
    assert found.warning
    assert "1 payload" in found.says


def test_items_that_are_due_and_nobody_takes_up(mill: Settings, store: Store) -> None:
    past = time.time() - 9_000
    job = store.open_job(["in"], past, past + 60)
    store.accept(job, [NewItem(key="file:///a", name="a", source="in", content=b"a")], past)
    found = only(mill, "items")
    assert "1 item due, the first for 2 h 30 min" in found.says
    assert "scheduler" in found.cure
    assert only(replace(mill, window=0), "items").ok


def test_an_embedded_redis_that_hangs_is_told_from_one_at_rest(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data")
    assert "not running" in only(settings, "redis").says
    child = server.start(settings)
    try:
        os.kill(child.pid, signal.SIGSTOP)
        found = only(settings, "redis", Bounds(again=0.01, patience=0.5))
    finally:
        os.kill(child.pid, signal.SIGCONT)
        children.end(child, 0)
        server.clear(settings)
    assert found.says == "no answer within 0.5 s"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lists who holds a lock")
def test_a_folder_that_is_held_while_nothing_answers(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    hold = (
        "import fcntl, sys; f = open(sys.argv[1], 'a+'); fcntl.flock(f, fcntl.LOCK_EX);"
        " print('held', flush=True); sys.stdin.read()"
    )
    import subprocess

    with subprocess.Popen(
        [sys.executable, "-c", hold, str(folder / "lock")], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout
        assert holder.stdout.readline()
        found = said_of(Settings(data_dir=folder), "data folder")
        holder.communicate(b"")
    assert f"process {holder.pid} holds" in found[0].says
    assert f"kill {holder.pid}" in found[0].cure


def test_nothing_is_changed_by_looking(mill: Settings, stages: Stages, store: Store) -> None:
    in_flight(store, stages, 3)
    before = {key: stages.redis.dump(key) for key in sorted(stages.redis.keys("*"))}
    rows = store.items()
    examine(mill, environment(mill), QUICK)
    assert {key: stages.redis.dump(key) for key in sorted(stages.redis.keys("*"))} == before
    assert store.items() == rows
