"""Health checks tell a working process from a stuck one."""

from __future__ import annotations

import os
import socket
import time
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.settings import Settings
from workers.coordinator import heartbeat_file
from workers.health import check_scheduler, check_worker
from workers.stages import HEARTBEAT_SECONDS, Stages

HERE = {"host": socket.gethostname(), "pid": 1, "queues": ["clean", "extract"]}


def test_a_worker_that_beats_is_healthy(settings: Settings, stages: Stages) -> None:
    stages.beat("w", HERE)
    assert check_worker(settings, ["clean"]) is None


def test_a_silent_worker_is_not(settings: Settings, stages: Stages) -> None:
    assert "clean" in (check_worker(settings, ["clean"]) or "")


def test_another_queue_or_another_host_does_not_count(settings: Settings, stages: Stages) -> None:
    stages.beat("w", HERE)
    stages.beat("elsewhere", {**HERE, "host": "elsewhere", "queues": ["store"]})
    assert check_worker(settings, ["store"]) is not None


def test_a_worker_that_takes_no_wake_ups_is_stuck(settings: Settings, stages: Stages) -> None:
    stages.beat("w", HERE)
    stages.redis.lpush(stages.key("mq", "clean"), "a wake-up")
    assert "clean" in (check_worker(settings, ["clean"]) or "")
    stages.admit("clean", [1])
    stages.claim("clean", 1, "a pump that runs")
    assert check_worker(settings, ["clean"]) is None


def test_a_redis_that_is_away_is_told(settings: Settings) -> None:
    away = replace(settings, redis_url="redis://127.0.0.1:1/0")
    assert "127.0.0.1:1" in (check_worker(away, ["clean"]) or "")


def test_a_scheduler_is_healthy_while_it_ticks(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert check_scheduler(settings) == "the scheduler has not ticked yet"
    beat = heartbeat_file(settings)
    beat.touch()
    assert check_scheduler(settings) is None
    old = time.time() - HEARTBEAT_SECONDS - 5
    os.utime(beat, (old, old))
    assert "ago" in (check_scheduler(settings) or "")
