"""A real Redis for each test that asks for one: private, on a unix socket, empty."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.settings import Settings
from workers import children, logs, server
from workers.stages import Stages


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    settings = Settings(data_dir=tmp_path_factory.mktemp("redis"))
    child: subprocess.Popen[bytes] = server.start(settings)
    yield server.socket_url(settings)
    children.end(child, 0)
    server.clear(settings)


@pytest.fixture
def settings(redis_server: str, tmp_path: Path) -> Settings:
    return Settings(redis_url=redis_server, data_dir=tmp_path / "data", lease_seconds=10)


@pytest.fixture
def stages(settings: Settings) -> Iterator[Stages]:
    stages = Stages(settings)
    stages.redis.flushall()
    yield stages
    stages.close()


@pytest.fixture
def logs_as_they_were(capsys: pytest.CaptureFixture[str]) -> Iterator[None]:
    """What a test changes by setting up logging is changed back; the handler stays, and knows its owner."""
    root = logging.getLogger()
    level, hooks = root.level, (sys.excepthook, threading.excepthook)
    # A handler that is replaced says what it holds back: lines of earlier tests, and none of this one's.
    logs.set_up(Settings(), "feedmill")
    capsys.readouterr()
    yield
    logs.set_up(Settings(), "feedmill")
    root.setLevel(level)
    sys.excepthook, threading.excepthook = hooks
    logging.captureWarnings(False)


@pytest.fixture
def hasty(settings: Settings, stages: Stages) -> Stages:
    """The same stages for a worker whose leases end at once, as if it had been killed."""
    return Stages(replace(settings, lease_seconds=0))
