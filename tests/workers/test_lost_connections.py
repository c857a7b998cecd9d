"""Connections whose other side is gone, and nobody said so: they are given up, and new ones made."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.chaos.proxy import Proxy, free_port
from benchmarks.chaos.servers import redis
from pipeline.errors import PipelineError
from pipeline.settings import Settings
from workers import app as celery_app
from workers import stages as stages_module
from workers.app import create_app, publish
from workers.stages import Stages


@pytest.fixture
def lossy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Settings, Proxy]]:
    """A Redis behind a proxy, and clients that wait for a fifth of a second only."""
    for module in (stages_module, celery_app):
        monkeypatch.setattr(module, "REPLY_SECONDS", 0.2)
    port = free_port()
    service = redis(tmp_path / "redis", port, {}, tmp_path / "redis.log")
    server = subprocess.Popen(service.command, stdout=subprocess.DEVNULL)
    proxy = Proxy(port)
    settings = Settings(data_dir=tmp_path / "data", redis_url=f"redis://127.0.0.1:{proxy.port}/0")
    _await(Stages(replace(settings, redis_url=f"redis://127.0.0.1:{port}/0")))
    yield settings, proxy
    proxy.stop()
    server.kill()
    server.wait()


def _await(stages: Stages) -> None:
    for _ in range(10_000):
        try:
            stages.ping()
        except PipelineError:
            continue
        return


def test_stages_work_again_after_one_error(lossy: tuple[Settings, Proxy]) -> None:
    settings, proxy = lossy
    stages = Stages(settings)
    stages.admit("fetch", [1])
    proxy.lose()
    with pytest.raises(PipelineError) as caught:
        stages.admit("fetch", [2])
    assert (caught.value.code, caught.value.retry_helps) == ("redis", True)
    assert stages.admit("fetch", [2]) == 1


def test_a_publisher_raises_our_error_and_publishes_again(lossy: tuple[Settings, Proxy]) -> None:
    settings, proxy = lossy
    app, stages = create_app(settings), Stages(settings)
    publish(app, "clean", "first", 1.0)
    for _ in range(3):
        proxy.lose()
        with suppress(PipelineError):  # nothing else may come of it
            publish(app, "clean", "lost", 1.0)
    proxy.lose()
    before = Stages(settings).unheard("clean")
    stages.close()
    for _ in range(5):
        try:
            publish(app, "clean", "last", 1.0)
            break
        except PipelineError:
            continue
    assert Stages(settings).unheard("clean") > before
