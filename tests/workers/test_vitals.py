"""What a worker tells of itself: for its heartbeat, for `/metrics`, for Flower."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.settings import Settings
from pipeline.tally import TALLY
from workers import children, server
from workers.app import create_app, group_of, worker_name
from workers.flower import flower_app
from workers.processes import share_of_memory
from workers.stages import ALL_STAGES
from workers.vitals import Vitals

needs_proc = pytest.mark.skipif(sys.platform != "linux", reason="the kernel tells of processes only on Linux")


@needs_proc
def test_memory_and_cpu_are_those_of_the_worker_and_its_pool() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        alone, both = Vitals().facts([]), Vitals().facts([child.pid])
        child.kill()
    assert (alone["processes"], both["processes"]) == (0, 1)
    assert both["memory"] > alone["memory"] > 1_000_000
    assert both["cpu"] >= alone["cpu"] > 0


@needs_proc
def test_pages_that_processes_share_are_counted_once() -> None:
    before = share_of_memory(os.getpid())
    read, write = os.pipe()
    child = os.fork()
    if not child:
        os.read(read, 1)
        os._exit(0)
    ours, its = share_of_memory(os.getpid()), share_of_memory(child)
    os.write(write, b"x")
    os.waitpid(child, 0)
    assert before is not None
    assert ours is not None
    assert its is not None
    assert ours + its < 1.5 * before


def test_of_a_process_that_is_gone_nothing_is_known() -> None:
    assert share_of_memory(2**22 + 1) is None
    assert Vitals().facts([2**22 + 1])["processes"] == 0


def test_cpu_is_told_once_and_never_falls() -> None:
    vitals = Vitals()
    assert [vitals.spent(cpu) for cpu in (1.0, 1.5, 1.2, 1.5, 2.0)] == [1_000_000, 500_000, 0, 0, 500_000]


@pytest.mark.parametrize(("name", "group"), [("clean", "clean"), (None, "worker"), ("a-b", "a-b")])
def test_workers_are_told_by_the_name_that_they_were_given(name: str | None, group: str) -> None:
    assert group_of(worker_name(name)) == group


def test_a_forked_process_tells_nothing_that_its_parent_counted() -> None:
    TALLY.add("x")
    child = os.fork()
    if not child:
        os._exit(len(TALLY.seen()))
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    assert TALLY.take()["x"] == 1


def test_flower_sees_the_queues_where_the_workers_have_them() -> None:
    settings = Settings(redis_url="redis://here:6379/3", redis_prefix="mill")
    ours, flowers = create_app(settings).conf, flower_app(settings).conf
    assert flowers.broker_url == ours.broker_url
    assert flowers.broker_transport_options == ours.broker_transport_options
    assert {queue.name for queue in flowers.task_queues} == set(ALL_STAGES)


@pytest.mark.parametrize("chosen", ["off", "on"])
def test_workers_tell_of_tasks_only_when_they_are_told_to(chosen: str) -> None:
    conf = create_app(Settings(redis_url="redis://here", celery_events=chosen)).conf
    assert conf.worker_send_task_events is (chosen == "on")
    # Whoever can write to Redis could shut workers down by it.
    assert not conf.worker_enable_remote_control


def test_a_redis_that_only_begins_is_no_error(tmp_path: Path) -> None:
    TALLY.take()
    settings = Settings(data_dir=tmp_path)
    child = server.start(settings)
    children.end(child, 0)
    server.clear(settings)
    assert not TALLY.take()["error:redis"]
