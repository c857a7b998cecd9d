"""What accepting costs, in a process of its own: `feedmill enqueue`, as anyone calls it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.settings import Settings
from pipeline.store import open_store


@dataclass(frozen=True)
class Accepted:
    """Seconds of the clock and of CPU, and the peak memory (MB) of the process that accepted."""

    items: int
    wall: float
    cpu: float
    peak: float

    @property
    def rate(self) -> float:
        return self.items / self.wall


def by_command(source: Path, environment: Mapping[str, str]) -> Accepted:
    """Hand a source in. Raises RuntimeError when it was not accepted."""
    began = time.perf_counter()
    command = [sys.executable, "-m", "workers.cli", "enqueue", str(source), "--json"]
    child = subprocess.Popen(
        command, env=dict(environment), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    assert child.stdout
    told = child.stdout.read().decode()
    _, status, used = os.wait4(child.pid, 0)
    if status:
        raise RuntimeError(f"{' '.join(command)} ended with {os.waitstatus_to_exitcode(status)}")
    items = int(told.partition('"items":')[2].strip(" }\n"))
    return Accepted(
        items=items,
        wall=time.perf_counter() - began,
        cpu=used.ru_utime + used.ru_stime,
        peak=used.ru_maxrss / 1024,
    )


def database_bytes(settings: Settings) -> int:
    """How large the database is: files, or what PostgreSQL says."""
    if not settings.database_url:
        return sum(path.stat().st_size for path in settings.data_dir.glob("feedmill.db*"))
    import psycopg

    with psycopg.connect(settings.database_url) as connection:
        row = connection.execute("SELECT pg_database_size(current_database())").fetchone()
    return int(row[0]) if row else 0


def prepare(settings: Settings) -> None:
    """An empty schema."""
    store = open_store(settings)
    store.migrate()
    store.close()
