"""A worker's lines, its libraries' included, as a collector reads them: through an outage of Redis."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from waiting import PATIENCE, until

from pipeline.settings import Settings
from workers import children, server
from workers.embedded import environment


def test_every_line_is_an_object_and_an_outage_is_said_once_and_its_end(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data", log_format="json")
    redis = server.start(settings)
    settings = Settings(
        data_dir=settings.data_dir, redis_url=server.socket_url(settings), log_format="json", concurrency=1
    )
    path = tmp_path / "log"
    with path.open("ab") as log:
        worker = children.spawn(
            [sys.executable, "-m", "workers.cli", "worker", "--queues", "clean", "--name", "probe"],
            env=environment(settings),
            log=log.fileno(),
        )

    def said(what: str) -> int:
        return path.read_text().count(what)

    try:
        until(lambda: said("ready") > 0)
        pool = Path(f"/proc/{worker.pid}/task/{worker.pid}/children")
        if pool.exists():
            os.kill(int(pool.read_text().split()[0]), signal.SIGKILL)
            until(lambda: said("exited with 'signal 9") > 0)
        children.end(redis, 0)
        until(lambda: said("the connection to Redis is lost") > 0)
        until(lambda: said("Cannot connect to") > 1)
        redis = server.start(settings)
        until(lambda: said("Redis answers again; it was away for") > 0)
        os.kill(worker.pid, signal.SIGTERM)
        worker.wait(PATIENCE)
    except subprocess.TimeoutExpired as error:
        raise AssertionError("the worker did not stop") from error
    finally:
        children.end(worker, 0)
        children.end(redis, 0)
        server.clear(settings)
    lines: list[dict[str, Any]] = [json.loads(line) for line in path.read_text().splitlines()]
    assert {line["service"] for line in lines} == {"worker"}
    assert all(line["worker"].startswith("probe-") and line["time"].endswith("Z") for line in lines)
    assert any(line["logger"].startswith("celery") for line in lines)
    assert said("the connection to Redis is lost") == 1
    (back,) = [line for line in lines if "answers again" in line["message"]]
    assert back["seconds"] > 0
