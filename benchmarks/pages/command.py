"""`feedmill status` as people call it: its queries, and the whole command with its start."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass

from pipeline.settings import PREFIX, Settings
from pipeline.store.contract import Store
from workers.stages import Stages
from workers.status import overview_document


@dataclass(frozen=True)
class Status:
    """Milliseconds, medians: what it reads; the command, of the clock and of CPU; its start alone."""

    queries: float
    whole: float
    cpu: float
    imports: float


def status(store: Store, settings: Settings, times: int) -> Status:
    stages = Stages(settings)
    queries = [_timed(lambda: overview_document(store, stages)) for _ in range(times)]
    stages.close()
    env = os.environ | {
        f"{PREFIX}DATABASE_URL": settings.database_url,
        f"{PREFIX}DATA_DIR": str(settings.data_dir),
        f"{PREFIX}REDIS_URL": settings.redis_url,
    }
    command = [sys.executable, "-m", "workers.cli", "status"]
    runs = [_run(command, env) for _ in range(min(times, 7))]
    # The same command, refused before it reads anything.
    starts = [_run([*command, "--help"], env) for _ in range(min(times, 7))]
    return Status(
        queries=statistics.median(queries),
        whole=statistics.median(wall for wall, _ in runs),
        cpu=statistics.median(cpu for _, cpu in runs),
        imports=statistics.median(wall for wall, _ in starts),
    )


def _timed(ask: object) -> float:
    began = time.perf_counter()
    assert callable(ask)
    ask()
    return (time.perf_counter() - began) * 1000


def _run(command: list[str], env: dict[str, str]) -> tuple[float, float]:
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, env=env, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return (time.perf_counter() - began) * 1000, cpu * 1000
