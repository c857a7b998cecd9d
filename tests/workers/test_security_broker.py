"""What lies in the broker's lists and is none of ours: it runs nothing, and stops nobody."""

from __future__ import annotations

import base64
import json
import os
import pickle
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from waiting import until

from pipeline.settings import Settings
from workers import children
from workers.app import create_app, publish
from workers.broker import is_wake_up
from workers.embedded import environment
from workers.stages import Stages


class Trap:
    """Unpickled, it makes a file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, (str(self.path),)


@pytest.fixture
def message(settings: Settings, stages: Stages) -> dict[str, Any]:
    """A wake-up as it lies in Redis."""
    publish(create_app(settings), "clean", "token", 1.0)
    taken = stages.redis.rpop(stages.key("mq", "clean"))
    assert isinstance(taken, bytes)
    sent: dict[str, Any] = json.loads(taken)
    return sent


def packed(body: Any) -> str:
    return base64.b64encode(body if isinstance(body, bytes) else json.dumps(body).encode()).decode()


def forged(message: dict[str, Any], trap: Path) -> Iterator[bytes]:
    """Messages that are no wake-up: damaged, of another kind, or made to harm."""
    pickled = {"content-type": "application/x-python-serialize", "content-encoding": "binary"}
    yield json.dumps(message | pickled | {"body": packed(pickle.dumps(Trap(trap)))}).encode()
    for task in ("celery.backend_cleanup", "celery.map", "os.system", None, 5):
        yield json.dumps(message | {"headers": message["headers"] | {"task": task}}).encode()
    for name, value in (("eta", "soon"), ("expires", 5), ("timelimit", "x"), ("timelimit", [1]), ("id", 7)):
        yield json.dumps(message | {"headers": message["headers"] | {name: value}}).encode()
    for name in message:
        yield json.dumps({other: value for other, value in message.items() if other != name}).encode()
        for value in (None, 1, [], "!"):
            yield json.dumps(message | {name: value}).encode()
    bodies = ({}, [[], {}, {}], [["clean"], {}, {}], [["clean", "x" * 5_000_000], {}, {}], b"[" * 100_000)
    for body in (*bodies, [["clean", "t"], {}, {"chain": [{"task": "feedmill.pump"}]}]):
        yield json.dumps(message | {"body": packed(body)}).encode()
    yield from (b"", b"1", b"null", b"[]", b"{}", b"hello", b"\xff\xfe\x00", b"[" * 100_000)
    yield json.dumps({"__type__": "datetime", "__value__": "x"}).encode()


def test_what_we_publish_is_a_wake_up(message: dict[str, Any]) -> None:
    assert is_wake_up(message)


@pytest.fixture
def worker(settings: Settings, stages: Stages, tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A real worker for one queue."""
    settings.data_dir.mkdir()
    with (tmp_path / "worker.log").open("wb") as log:
        command = [sys.executable, "-m", "workers.cli", "worker", "--queues", "clean", "--concurrency", "1"]
        child = children.spawn(command, env=environment(settings), log=log.fileno())
    until(lambda: bool(stages.workers()), "the worker is up")
    yield child
    children.end(child, 0)


def test_no_message_runs_anything_or_ends_a_worker(
    settings: Settings,
    stages: Stages,
    message: dict[str, Any],
    worker: subprocess.Popen[bytes],
    tmp_path: Path,
) -> None:
    queue, trap = stages.key("mq", "clean"), tmp_path / "trap"
    nonsense = json.dumps(message | {"body": packed([["nosuch", "t"], {}, {}])}).encode()
    for one in (*forged(message, trap), nonsense):
        stages.redis.lpush(queue, one)
    publish(create_app(settings), "clean", "token", 1.0)
    until(lambda: worker.poll() is not None or not stages.redis.exists(queue), "all messages are taken")
    until(
        lambda: worker.poll() is not None or not stages.redis.exists(stages.key("mq", "unacked")),
        "none is held",
    )
    assert worker.poll() is None, (tmp_path / "worker.log").read_text()[-3000:]
    assert not trap.exists()
    log = (tmp_path / "worker.log").read_text()
    assert "was no wake-up and was dropped" in log
    assert "FEEDMILL_REDIS_PREFIX" in log
