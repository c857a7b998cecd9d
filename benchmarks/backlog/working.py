"""Working on a backlog: throughput, memory and answers while it is there."""

from __future__ import annotations

import os
import statistics
import time
from dataclasses import dataclass

from benchmarks.processes import cpu, tree
from benchmarks.soak.samples import memory
from pipeline.settings import Settings
from workers.embedded import Deployment
from workers.status import job_document, overview_document


@dataclass(frozen=True)
class Worked:
    """Items that ended, in seconds of the clock and of CPU over all processes; peaks in MB; answers in ms."""

    items: int
    wall: float
    cpu: float
    redis: float
    worker: float
    command: float
    tick: float
    tick_p95: float
    status: float
    status_p95: float

    @property
    def cost(self) -> float:
        """CPU milliseconds an item."""
        return 1000 * self.cpu / max(1, self.items)


def work(settings: Settings, seconds: float, warm: float = 10.0) -> Worked:
    """An embedded deployment on what is there, for so long, or until it is done."""
    with Deployment(settings, poll_feeds=False) as mill:
        ticks = _watch(mill)
        ends = time.monotonic() + warm
        while time.monotonic() < ends and mill.store.totals().state == "running":
            time.sleep(0.1)
        assert mill._worker is not None
        assert mill._server is not None
        groups = {"redis": [mill._server.pid], "worker": tree(mill._worker.pid), "command": [os.getpid()]}
        spent, began, before = _cpu(groups), time.monotonic(), _ended(mill)
        ticks.clear()
        answers: list[float] = []
        peaks = dict.fromkeys(groups, 0.0)
        while time.monotonic() < began + seconds and mill.store.totals().state == "running":
            mill.check()
            answers.append(_ask(mill))
            for name, pids in groups.items():
                peaks[name] = max(peaks[name], *(memory(pid, "Pss") / 1e6 for pid in pids))
            time.sleep(1.0)
        return Worked(
            items=_ended(mill) - before,
            wall=time.monotonic() - began,
            cpu=_cpu(groups) - spent,
            **peaks,
            tick=statistics.median(ticks),
            tick_p95=sorted(ticks)[int(len(ticks) * 0.95)],
            status=statistics.median(answers),
            status_p95=sorted(answers)[int(len(answers) * 0.95)],
        )


def _cpu(groups: dict[str, list[int]]) -> float:
    return sum(cpu(pids) for pids in groups.values())


def _watch(mill: Deployment) -> list[float]:
    """Milliseconds of each filling of the window: the part of a tick that depends on the rows."""
    taken: list[float] = []
    admit = mill.store.admit

    def timed(limit: int, now: float) -> list[int]:
        began = time.perf_counter()
        found = admit(limit, now)
        taken.append((time.perf_counter() - began) * 1000)
        return found

    mill.store.admit = timed  # type: ignore[method-assign]
    return taken


def _ask(mill: Deployment) -> float:
    """Milliseconds of what `status` and `status JOB` read."""
    began = time.perf_counter()
    document = overview_document(mill.store, mill.stages)
    job_document(mill.store, mill.stages, document["jobs"][0]["job"])
    return (time.perf_counter() - began) * 1000


def _ended(mill: Deployment) -> int:
    return mill.store.totals().outcomes.total
