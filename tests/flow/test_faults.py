"""What killed processes, an emptied Redis and doubled messages cost: time, never an item."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from mill import Mill, write_stories

from pipeline.model import STAGES
from workers import app as celery_app
from workers.app import publish

#: several batches, so that every stage has some in hand at each fault; more items would only take longer
COUNT, BATCH = 240, 32

#: each wait has a patience of its own; together they may take longer than a test usually may (s)
pytestmark = pytest.mark.timeout(300)

Start = Callable[..., Mill]


@pytest.fixture(params=["sqlite", "postgres"])
def mill(request: pytest.FixtureRequest) -> Mill:
    # The database first: it is taken down after the deployment that uses it.
    settings = (
        {"database_url": request.getfixturevalue("postgres_database")} if request.param == "postgres" else {}
    )
    start: Start = request.getfixturevalue("start")
    return start(batch=BATCH, **settings)


def assert_complete(mill: Mill, job: str) -> None:
    """Every item was stored, each exactly once, and nothing is left in Redis."""
    status = mill.finish(job)
    assert (status.items, status.outcomes.stored) == (COUNT, COUNT)
    titles = mill.titles()
    assert len(titles) == len(set(titles)) == COUNT
    assert mill.deployment.store.check() == []
    mill.until(lambda: not mill.deployment.stages.live(), "nothing is in flight")
    left = list(mill.deployment.stages.redis.scan_iter(mill.deployment.stages.key("pay", "*")))
    assert left == []


def test_killed_workers_cost_no_item_and_double_none(mill: Mill, tmp_path: Path) -> None:
    job = mill.enqueue(write_stories(tmp_path / "in", COUNT))
    for share in (0.1, 0.3, 0.6):
        mill.until(lambda share=share: mill.status(job).outcomes.total >= share * COUNT, f"{share} are done")
        mill.kill_worker()
    assert_complete(mill, job)


def test_killed_pool_processes_cost_no_item_and_double_none(mill: Mill, tmp_path: Path) -> None:
    job = mill.enqueue(write_stories(tmp_path / "in", COUNT))
    for share in (0.05, 0.4):
        mill.until(lambda share=share: mill.status(job).outcomes.total >= share * COUNT, f"{share} are done")
        assert mill.kill_pool_processes() > 0
    assert_complete(mill, job)


def test_an_emptied_redis_costs_no_item_and_doubles_none(mill: Mill, tmp_path: Path) -> None:
    job = mill.enqueue(write_stories(tmp_path / "in", COUNT))
    for share in (0.1, 0.5):
        mill.until(lambda share=share: mill.status(job).outcomes.total >= share * COUNT, f"{share} are done")
        mill.deployment.stages.redis.flushall()
    assert_complete(mill, job)


def test_a_killed_redis_costs_no_item_and_doubles_none(mill: Mill, tmp_path: Path) -> None:
    job = mill.enqueue(write_stories(tmp_path / "in", COUNT))
    mill.until(lambda: mill.status(job).outcomes.total >= 0.3 * COUNT, "a third is done")
    mill.kill_redis()
    assert_complete(mill, job)


def test_doubled_and_invented_messages_change_nothing(start: Start, tmp_path: Path) -> None:
    mill = start(batch=BATCH)
    app = celery_app.create_app(mill.deployment.settings)
    job = mill.enqueue(write_stories(tmp_path / "in", COUNT))
    for number in range(20):
        for stage in ("fetch", "clean", "extract", "store"):
            publish(app, stage, f"invented-{number}", 0.5)
    assert_complete(mill, job)


def test_a_full_redis_ends_no_worker_and_costs_no_item(start: Start, tmp_path: Path) -> None:
    mill = start(batch=BATCH)
    stages = mill.deployment.stages
    app = celery_app.create_app(mill.deployment.settings)
    job = mill.enqueue(write_stories(tmp_path / "in", COUNT))
    mill.until(lambda: mill.status(job).outcomes.total >= 0.1 * COUNT, "a tenth is done")
    worker = mill.worker()
    os.kill(worker, signal.SIGSTOP)
    for stage in STAGES:
        publish(app, stage, f"invented-{stage}", 0.5)
    stages.redis.config_set("maxmemory", 1_000)
    os.kill(worker, signal.SIGCONT)
    log = mill.deployment.settings.data_dir / "worker.log"
    mill.until(lambda: "OutOfMemoryError" in log.read_text(), "the consumer met a full Redis")
    stages.redis.config_set("maxmemory", 0)
    assert_complete(mill, job)
    assert mill.worker() == worker
