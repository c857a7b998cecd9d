"""The pump: claim a batch of a stage, work, report, wake the next stage, claim again.

One `Process` a pool process holds the connections; the work of each stage is in `workers.work`.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import cached_property

from pipeline.errors import PipelineError
from pipeline.model import Step
from pipeline.schedule import Weather
from pipeline.settings import Settings, load
from pipeline.store import open_store
from pipeline.store.contract import Store
from pipeline.tally import TALLY
from workers import app as celery_app
from workers import stalls
from workers.alarm import STRETCH
from workers.ledger import Line
from workers.logs import about
from workers.logs.outage import away, back
from workers.measures import tell
from workers.pool import own_line
from workers.processes import bound_memory
from workers.renewal import Renewal
from workers.stages import Claimed, Done, Stages

logger = logging.getLogger(__name__)

#: report at least this often (s), so that the next stage never waits for a slow batch
REPORT_SECONDS = 0.5
#: report when this much payload has gathered (bytes): bounds what one script call carries
REPORT_BYTES = 4_000_000
#: a pump that runs dry waits this long (s), so often, before it ends: a wake-up costs 3 ms of CPU,
#: and batches that gather meanwhile cost less an item than the trickle from the stage before
LINGER_SECONDS, LINGERS = 0.04, 3

#: how long a pump whose Redis or database is away keeps its place (s)
OUTAGE_SECONDS = 0.5

#: what was counted is told at least this often (s), also by pumps that stay for long
TELL_SECONDS = 5.0

#: items in the first transaction of `store`
FIRST_BITE = 32

#: how long the database may keep a pump waiting (s): `pipeline.store.patience` gives a silent server up
#: after 60, and a new connection is tried once
DATABASE_SECONDS = 90

#: an item that begins this long (s) after its pump's slice is handed back: on a machine that is too busy a
#: batch may take minutes, and what is in hand is out of everybody else's reach
OVERTIME_SECONDS = 5

#: works on claimed items one by one, yielding a report for each
Work = Callable[["Process", list[Claimed]], Iterator[Done]]

#: a stage's pump: claims and works until there is nothing left or its slice is over
Pump = Callable[["Process", str, str], None]

_process: Process | None = None
#: what has answered when a pump of a stage has ended well; others need only Redis
_USED = dict.fromkeys(("poll", "fetch", "store"), ("redis", "database"))


def process() -> Process:
    """This pool process's connections, made after the fork and kept for its life."""
    global _process  # noqa: PLW0603 - one per process is the point
    if _process is None or _process.pid != os.getpid():
        settings = load()
        line = own_line()
        if line is not None:
            bound_memory(settings.process_bytes)
        _process = Process(settings, line)
    return _process


class Process:
    """What a pool process keeps between pumps."""

    def __init__(self, settings: Settings, line: Line | None = None) -> None:
        self.pid = os.getpid()
        #: where the worker's main process reads what this one is at
        self.line = line or Line()
        self.settings = settings
        self.name = celery_app.worker_name()
        self.stages = Stages(settings)
        #: how many items one transaction of `store` takes; it learns
        self.bite = FIRST_BITE
        self._told = time.monotonic()
        #: when the slice of the pump that runs is over (`time.monotonic`)
        self.ends = 0.0
        # Patience: the longest that one item may take, and some air; what hangs longer is hung in C.
        self.renewal = Renewal(self.stages, patience=STRETCH * settings.item_seconds + 5, line=self.line)

    @cached_property
    def weather(self) -> Weather:
        """Whether other hosts answer, or none does."""
        return Weather()

    @cached_property
    def app(self) -> celery_app.Celery:
        return celery_app.create_app(self.settings)

    @property
    def store(self) -> Store:
        """The store, about to be asked. A pump that waits for its database is no hung one: its items
        stay its own, so that no outage of the database makes suspects of them."""
        self.renewal.progress(DATABASE_SECONDS)
        return self._store

    @cached_property
    def _store(self) -> Store:
        return open_store(self.settings)

    def run(self, stage: str, token: str, pump: Pump) -> None:
        """Pump a stage until it is empty, a slice is over, or the worker stops."""
        healthy = False
        cpu = time.process_time()
        try:
            with about(stage=stage):
                pump(self, stage, token)
            healthy = True
            back(logger, *_USED.get(stage, ("redis",)))
        except PipelineError as error:
            # Redis or the database is away. Nothing is lost: leases end, the coordinator wakes again.
            away(error, logger, "%s stands still, and goes on by itself: %s", stage, error)
            if error.code in ("redis", "database"):
                TALLY.add(f"away:{error.code}")
            if error.code == "database":
                self._note_stall(stage, error)
            # The place is held a little longer: the next pump would fail as fast.
            time.sleep(OUTAGE_SECONDS)
        finally:
            self.renewal.drop(token)
            cpu = time.process_time() - cpu
            self._hand_over(stage, token, cpu, go_on=healthy and not self.stopping())

    def _note_stall(self, stage: str, error: PipelineError) -> None:
        try:
            stalls.note(self.stages, stage, self.name, error.message)
        except PipelineError as another:
            away(another, logger, "nobody could be told that %s stands still: %s", stage, another)

    def _hand_over(self, stage: str, token: str, cpu: float, go_on: bool) -> None:
        try:
            TALLY.add(f"{stage}:cpu_us", int(cpu * 1e6))
            self.stages.free(stage, token)
            tell(self.stages)
            if go_on:
                self.kick(stage)
        except PipelineError as error:
            away(error, logger, "pump of %s not handed over: %s", stage, error)

    def stopping(self) -> bool:
        return bool(celery_app.stopping.value)

    def is_over(self) -> bool:
        """Whether a pump shall begin no further item: the worker stops, or its slice is long over."""
        return self.stopping() or time.monotonic() > self.ends + OVERTIME_SECONDS

    def kick(self, stage: str) -> None:
        """Wake a stage. A wake-up that cannot be sent is healed by the coordinator's next look."""
        try:
            celery_app.kick(self.app, self.stages, stage)
        except PipelineError as error:
            away(error, logger, "%s", error)

    def report(self, stage: str, token: str, reports: list[Done]) -> int:
        """Hand reported items on and wake the stages that they went to; returns the number in flight."""
        reported, live = self.stages.done(stage, reports)
        celery_app.part(finished=reported)
        self.renewal.drop(token, [one.id for one in reports])
        if time.monotonic() - self._told > TELL_SECONDS:
            self._told = time.monotonic()
            tell(self.stages)
        targets = {one.to for one in reports}
        for to in targets:
            if to:
                self.kick(to)
        if None in targets and live < self.settings.window // 2:
            self.stages.wake()  # rows may move up, or a job may be over
        return live

    def hand_back(self, stage: str, ids: Collection[int]) -> None:
        """Give claimed items back unworked: they are next in line, and nothing is held against them."""
        celery_app.part(handed_back=self.stages.release(stage, list(ids)))

    def step(
        self,
        stage: str,
        started: float,
        result: str,
        lost: int = 0,
        message: str | None = None,
        confidence: float | None = None,
    ) -> Step:
        """One line of a trace, for an attempt that began at `started` (Unix seconds)."""
        return Step(
            stage=stage,
            at=started,
            seconds=round(max(0.0, time.time() - started), 6),
            worker=self.name,
            result=result,
            lost=lost,
            message=message,
            confidence=confidence,
        )


def pump(work: Work, *, in_bites: bool = False) -> Pump:
    """A pump for work that goes item by item; ``in_bites``: by several at once, and the work itself
    asks `Process.is_over` before each bite."""

    def run(process: Process, stage: str, token: str) -> None:
        process.ends = ends = time.monotonic() + process.settings.slice_seconds
        lingers = 0
        while time.monotonic() < ends and not process.stopping():
            claimed = process.stages.claim(stage, process.settings.batch, token, stay=lingers < LINGERS)
            if not claimed:
                if lingers == LINGERS:
                    return
                lingers += 1
                time.sleep(LINGER_SECONDS)
                continue
            lingers = 0
            process.renewal.hold(stage, token, [one.id for one in claimed])
            _work_off(process, stage, token, claimed, work(process, claimed), in_bites)

    return run


def _work_off(
    process: Process,
    stage: str,
    token: str,
    claimed: list[Claimed],
    reports: Iterable[Done],
    in_bites: bool,
) -> None:
    open_ids = {one.id for one in claimed}
    gathered: list[Done] = []
    size, last = 0, time.monotonic()
    try:
        for report in reports:
            gathered.append(report)
            open_ids.discard(report.id)
            size += len(report.payload)
            if size > REPORT_BYTES or time.monotonic() - last > REPORT_SECONDS:
                process.report(stage, token, gathered)
                gathered, size, last = [], 0, time.monotonic()
            if not in_bites and process.is_over():
                break
    finally:
        # Also when the work was broken off: what is done is reported, the rest is handed back unharmed.
        if gathered:
            process.report(stage, token, gathered)
        if open_ids:
            process.hand_back(stage, open_ids)
