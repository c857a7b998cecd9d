"""The embedded deployment against a bare loop of `process()` over the same pages."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.processes import cpu, peak_mb, tree
from pipeline.model import STAGES
from pipeline.settings import Settings, load
from workers.embedded import Deployment
from workers.intake import enqueue

Page = tuple[str, bytes]


@dataclass(frozen=True)
class Figures:
    """What one bulk run took. Times in seconds, CPU in ms an article, memory in MB.

    by_stage is the whole CPU of a stage's pumps: its work, and claiming, packing, reporting.
    by_process is everything, by process: Redis, the worker's processes, the command.
    """

    articles: int
    accepted: float
    wall: float
    outcomes: dict[str, int]
    by_stage: dict[str, float]
    by_process: dict[str, float]
    redis_peak: float
    worker_peaks: list[float]

    @property
    def rate(self) -> float:
        return self.articles / self.wall


def write(pages: Iterable[Page], folder: Path) -> int:
    folder.mkdir(parents=True)
    count = 0
    for name, content in pages:
        (folder / name).write_bytes(content)
        count += 1
    return count


def bulk(folder: Path, warm: Callable[[int], Page]) -> Figures:
    """Ingest a folder through an embedded deployment that is warm."""
    data = Path(tempfile.mkdtemp(prefix="feedmill-bench-"))
    try:
        with Deployment(load(data_dir=data), poll_feeds=False) as mill:
            write((warm(10**6 + n) for n in range(100)), data / "warm")
            _ingest(mill, data / "warm")
            return _measure(mill, folder)
    finally:
        shutil.rmtree(data, ignore_errors=True)


def _ingest(mill: Deployment, folder: Path, look: float = 0.2) -> tuple[str, float]:
    began = time.perf_counter()
    job = enqueue(mill.store, [str(folder)], mill.settings, progress=lambda _: mill.stages.wake()).job
    mill.stages.wake()
    accepted = time.perf_counter() - began
    while (status := mill.store.job_status(job)) and status.state != "done":
        mill.check()
        time.sleep(look)
    return job, accepted


def _measure(mill: Deployment, folder: Path) -> Figures:
    assert mill._server is not None
    assert mill._worker is not None
    groups = {"redis": [mill._server.pid], "worker": tree(mill._worker.pid), "command": [os.getpid()]}
    counters = mill.stages.counters()
    before = {name: cpu(pids) for name, pids in groups.items()}
    began = time.perf_counter()
    job, accepted = _ingest(mill, folder)
    wall = time.perf_counter() - began
    time.sleep(mill.settings.slice_seconds + 0.5)  # pumps tell their CPU when they end
    groups["worker"] = tree(mill._worker.pid)
    spent = {name: cpu(pids) - before[name] for name, pids in groups.items()}
    after = mill.stages.counters()
    status = mill.store.job_status(job)
    assert status is not None
    per = 1000 / status.items
    stage = {
        name: (after.get(f"{name}:cpu_us", 0) - counters.get(f"{name}:cpu_us", 0)) / 1e6 * per
        for name in STAGES
    }
    return Figures(
        articles=status.items,
        accepted=accepted,
        wall=wall,
        outcomes={name: getattr(status.outcomes, name) for name in status.outcomes.__struct_fields__},
        by_stage=stage,
        by_process={name: seconds * per for name, seconds in spent.items()},
        redis_peak=peak_mb(mill._server.pid),
        worker_peaks=[peak_mb(pid) for pid in groups["worker"]],
    )


@dataclass(frozen=True)
class Loop:
    """A bare loop of `process()`: articles a second, and CPU in ms an article."""

    rate: float
    cpu: float


def bare_loop(folder: Path, processes: int = 2) -> Loop:
    """`process()` alone, in so many processes, reading the files included."""
    paths = sorted(folder.iterdir())
    shares = [paths[n::processes] for n in range(processes)]
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        pool.map(_bare, [share[:20] for share in shares], chunksize=1)  # imports and caches
        began = time.perf_counter()
        spent = pool.map(_bare, shares, chunksize=1)
        wall = time.perf_counter() - began
    return Loop(rate=len(paths) / wall, cpu=1000 * sum(spent) / len(paths))


def _bare(paths: list[Path]) -> float:
    from pipeline import process
    from pipeline.errors import PipelineError

    began = time.process_time()
    for path in paths:
        with contextlib.suppress(PipelineError):  # a page without an article is work as well
            process(path.read_bytes())
    return time.process_time() - began


def single(runs: int, make: Callable[[int], Page]) -> list[float]:
    """Seconds from `enqueue` to the stored row for one article at a time, on a warm deployment."""
    data = Path(tempfile.mkdtemp(prefix="feedmill-bench-"))
    times = []
    try:
        with Deployment(load(data_dir=data), poll_feeds=False) as mill:
            for number in range(runs + 1):
                folder = data / f"one-{number}"
                write([make(2 * 10**6 + number)], folder)
                began = time.perf_counter()
                _ingest(mill, folder, look=0.01)
                times.append(time.perf_counter() - began)
                time.sleep(1.0)
    finally:
        shutil.rmtree(data, ignore_errors=True)
    return sorted(times[1:])


def acceptance(count: int, make: Callable[[int], Page]) -> float:
    """Seconds to accept so many files as rows, nothing else running."""
    from pipeline.store import open_store

    data = Path(tempfile.mkdtemp(prefix="feedmill-bench-"))
    try:
        write((make(n) for n in range(count)), data / "in")
        settings = Settings(data_dir=data)
        store = open_store(settings)
        store.migrate()
        began = time.perf_counter()
        assert enqueue(store, [str(data / "in")], settings).items == count
        took = time.perf_counter() - began
        store.close()
        return took
    finally:
        shutil.rmtree(data, ignore_errors=True)
