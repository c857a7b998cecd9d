"""Services through the trouble of a deployment: nothing is up yet, or they shall stop in the middle."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from waiting import PATIENCE, until

from pipeline.model import NewItem
from pipeline.settings import Settings
from pipeline.store import open_store
from workers import children, server
from workers.embedded import environment
from workers.stages import Stages

#: a page of this kind takes a while to clean, and says when it begins
SLOW = """
import time
import pipeline.clean as cleaning
_clean = cleaning.clean
def clean(page, memory=None):
    time.sleep(0.2)
    return _clean(page, memory)
cleaning.clean = clean
"""


@contextmanager
def service(
    settings: Settings, command: Sequence[str], log: Path, path: str = ""
) -> Iterator[subprocess.Popen[bytes]]:
    """`feedmill` with a command, and what it says in a file."""
    env = environment(settings)
    env["PYTHONPATH"] = os.pathsep.join(part for part in (path, env.get("PYTHONPATH", "")) if part)
    with log.open("ab") as handle:
        child = children.spawn([sys.executable, "-m", "workers.cli", *command], env=env, log=handle.fileno())
    try:
        yield child
    finally:
        children.end(child, 0)


def stopped(child: subprocess.Popen[bytes]) -> int:
    child.terminate()
    return child.wait(PATIENCE)


@pytest.fixture
def at_rest(data_folder: Path) -> Iterator[Settings]:
    """A deployment with a database, whose Redis is not up yet."""
    settings = Settings(data_dir=data_folder, concurrency=1, batch=64, slice_seconds=30)
    yield replace(settings, redis_url=server.socket_url(settings))
    server.clear(settings)


def handed_in(settings: Settings, count: int) -> None:
    store = open_store(settings)
    now = time.time()
    job = store.open_job(["test"], now, now + 60)
    text = b"<p>" + b"One sentence of a story that is long enough to be one. " * 9
    new = [
        NewItem(key=f"file:///{n}.html", name=f"{n}.html", source="test", content=text + b"%d" % n)
        for n in range(count)
    ]
    store.accept(job, new, now)
    store.close_job(job, now)
    store.close()


def test_services_that_start_before_redis_wait_for_it(at_rest: Settings, tmp_path: Path) -> None:
    handed_in(at_rest, 3)
    with ExitStack() as stack:
        up = stack.enter_context
        ticking = up(service(at_rest, ["scheduler"], tmp_path / "scheduler.log"))
        working = up(service(at_rest, ["worker"], tmp_path / "worker.log"))
        until(lambda: "Redis" in (tmp_path / "scheduler.log").read_text(), "the scheduler missed Redis")
        until(lambda: "Cannot connect" in (tmp_path / "worker.log").read_text(), "the worker missed Redis")
        redis = server.start(at_rest)
        stack.callback(children.end, redis, 0)
        store = open_store(at_rest)
        until(lambda: store.totals().outcomes.total == 3, "all is done")
        store.close()
        assert stopped(ticking) == stopped(working) == 0
    for name in ("scheduler", "worker"):
        said = (tmp_path / f"{name}.log").read_text()
        assert "Traceback" not in said
        assert "started" in said
        assert "stopped" in said


def test_a_worker_that_stops_says_what_it_handed_back(at_rest: Settings, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(SLOW)
    handed_in(at_rest, 60)
    log = tmp_path / "worker.log"
    with ExitStack() as stack:
        redis = server.start(at_rest)
        stack.callback(children.end, redis, 0)
        stages = Stages(at_rest)
        ticking = stack.enter_context(service(at_rest, ["scheduler"], tmp_path / "scheduler.log"))
        command = ["worker", "--queues", "fetch,clean"]
        working = stack.enter_context(service(at_rest, command, log, str(tmp_path)))
        until(lambda: stages.depths()["clean"]["running"] > 5, "a batch is in hand")
        assert stopped(working) == 0
        assert stages.depths()["clean"]["running"] == 0, "nothing stays under lease"
        assert stopped(ticking) == 0
        stages.close()
    (line,) = re.findall(r"stopped: (\d+) items in hand were finished, (\d+) handed back", log.read_text())
    finished, handed_back = map(int, line)
    assert finished > 0
    assert handed_back > 5
