"""What the dashboard says: everything of a deployment in one look."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

from pipeline.model import STAGES, Feed, JobStatus
from pipeline.store.contract import Store, Waiting
from pipeline.urls import without_password
from workers import pulse as pulses
from workers.feed_health import TROUBLE, WORDS, Health, health
from workers.history import Chart, last_day, last_hour
from workers.presence import unserved
from workers.pulse import Pulse
from workers.stages import Stages
from workers.stalls import Stall, known
from workers.status import held_back
from workers.web.backend import Backend
from workers.web.charts import Drawn, Share, drawn, shares
from workers.web.standing import Standing, standing

T = TypeVar("T")

#: newest jobs that are shown
JOBS = 10
#: feeds that are named because they ask for attention
WORST = 3
#: what changes slowly, or costs much to ask, is asked this often by one process (s)
SLOW_SECONDS = 15.0


class JobLine(NamedTuple):
    """One job as lists show it."""

    status: JobStatus
    #: items with an outcome
    ended: int
    #: of all there are, 0 to 100; None: it has none yet
    percent: float | None
    #: the same by outcome, to be drawn
    shares: list[Share]
    #: the first sources, passwords masked, and how many more there are
    sources: list[str]
    more: int


class Idle(NamedTuple):
    """A stage that has work and that no worker serves."""

    stage: str
    items: int

    @property
    def command(self) -> str:
        return f"feedmill worker --queues {self.stage}"


class WorkerLine(NamedTuple):
    """One worker, from its heartbeats. What an older version does not tell is None."""

    name: str
    queues: list[str]
    #: of its pool: all, and those that have something in hand
    processes: int | None
    busy: int | None
    #: resident bytes, with its pool
    memory: int | None
    #: of one core, lately; None: not known yet
    cpu_percent: float | None
    #: Unix seconds of its start, and of its last heartbeat by its own clock
    since: float | None
    at: float | None

    @property
    def serves_all(self) -> bool:
        return set(self.queues) >= {"poll", *STAGES}


class FeedLine(NamedTuple):
    """A feed that asks for attention."""

    feed: Feed
    health: Health


class Parts(NamedTuple):
    """What Redis tells."""

    pulse: Pulse
    workers: list[WorkerLine]
    #: who ticks; None: nobody
    scheduler: str | None
    redis_bytes: int
    held_back: str | None
    #: stages that the database keeps from working
    stalls: list[Stall]
    #: by how much at least the clock of Redis differs from ours (s); negative: it is behind
    clock_ahead: float


class Overview(NamedTuple):
    now: float
    totals: JobStatus
    adds_up: bool
    #: None: Redis cannot be asked, for this reason
    parts: Parts | None
    without_redis: str | None
    #: stages with work that nobody does
    idle: list[Idle]
    retries: list[Waiting]
    #: items that wait until their hosts may be asked, and when the last thing that waits is due
    for_hosts: int
    last_due: float | None
    hour: Drawn
    day: Drawn
    #: word of health -> how many feeds, the most pressing first; and the first of those in trouble
    feeds: dict[str, int]
    worst_feeds: list[FeedLine]
    jobs: list[JobLine]

    @property
    def is_new(self) -> bool:
        """Whether nothing was ever handed in."""
        return not self.totals.items and not self.feeds and not self.jobs

    @property
    def troubled_feeds(self) -> int:
        return sum(number for word, number in self.feeds.items() if word in TROUBLE)

    @property
    def standing(self) -> Standing:
        """Whether all is well, and what asks for somebody."""
        return standing(self)


class Overviews:
    """Looks at one deployment; what is slow to ask is remembered for a moment."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._kept: dict[str, tuple[float, Any]] = {}
        #: worker -> the times of two heartbeats and the CPU seconds that it had used by then
        self._used: dict[str, tuple[tuple[float, float], tuple[float, float]]] = {}

    def look(self) -> Overview:
        """Everything, now. Raises StoreError."""
        store, now = self._backend.store, time.time()
        totals = store.totals()
        parts, without_redis = self._backend.seen(lambda stages: self._parts(stages, totals))
        retries = store.waiting(now) if totals.pending else []
        last = store.last_due() if totals.pending else None
        later = self._seldom("later", lambda: store.due_later(now)) if last and last > now else 0
        return Overview(
            now=now,
            totals=totals,
            adds_up=totals.pending >= 0,
            parts=parts,
            without_redis=without_redis,
            idle=_idle(parts, totals) if parts else [],
            retries=retries,
            for_hosts=max(0, min(later, totals.pending) - sum(one.count for one in retries)),
            last_due=last,
            hour=self._chart("hour", last_hour),
            day=self._chart("day", last_day),
            feeds=self._seldom("feeds", lambda: _pressing_first(store.feed_words(now))),
            worst_feeds=self._seldom("worst", lambda: _worst(store, now)),
            jobs=[line(one) for one in store.jobs(JOBS)],
        )

    def _parts(self, stages: Stages | None, totals: JobStatus) -> Parts | None:
        if stages is None:
            return None
        coordinator, beats = stages.coordinator(), stages.workers()
        alive = {beat["name"] for beat in beats}
        self._used = {name: used for name, used in self._used.items() if name in alive}
        before = time.time()
        pulse = pulses.pulse(self._backend.store, stages)
        return Parts(
            pulse=pulse,
            workers=[self._worker(beat) for beat in beats],
            scheduler=str(coordinator["name"]) if coordinator else None,
            redis_bytes=stages.memory(),
            held_back=held_back(stages) if totals.pending else None,
            stalls=known(stages),
            clock_ahead=min(0.0, pulse.at - before) + max(0.0, pulse.at - time.time()),
        )

    def _worker(self, beat: dict[str, Any]) -> WorkerLine:
        return WorkerLine(
            name=str(beat["name"]),
            queues=list(beat.get("queues") or []),
            processes=beat.get("processes"),
            busy=beat.get("busy"),
            memory=beat.get("memory"),
            cpu_percent=self._cpu_percent(beat),
            since=beat.get("since"),
            at=beat.get("at"),
        )

    def _cpu_percent(self, beat: dict[str, Any]) -> float | None:
        """Between the last two heartbeats that were seen here; before there are two, since its start."""
        at, cpu, since = beat.get("at"), beat.get("cpu"), beat.get("since")
        if at is None or cpu is None:
            return None
        first = (since, 0.0) if since is not None else (at, cpu)
        earlier, last = self._used.get(beat["name"], (first, first))
        if at > last[0]:
            earlier, last = last, (at, cpu)
            self._used[beat["name"]] = (earlier, last)
        seconds = last[0] - earlier[0]
        return 100 * max(0.0, last[1] - earlier[1]) / seconds if seconds > 0 else None

    def _chart(self, name: str, of: Callable[..., Chart]) -> Drawn:
        return self._seldom(name, lambda: drawn(of(self._backend.store, time.time())))

    def _seldom(self, name: str, ask: Callable[[], T]) -> T:
        at, value = self._kept.get(name, (0.0, None))
        if time.monotonic() - at >= SLOW_SECONDS or not at:
            value = ask()
            self._kept[name] = (time.monotonic(), value)
        known: T = value
        return known


def line(status: JobStatus) -> JobLine:
    """A job for a list."""
    ended = status.outcomes.total
    return JobLine(
        status=status,
        ended=ended,
        percent=100 * ended / status.items if status.items else None,
        shares=shares(status),
        sources=[without_password(ref) for ref in status.sources[:2]],
        more=max(0, len(status.sources) - 2),
    )


def _idle(parts: Parts, totals: JobStatus) -> list[Idle]:
    """Stages with work and no worker. What is pending waits for the first of them."""
    found = unserved([one._asdict() for one in parts.workers], ("poll", *STAGES))
    work = {stage: one.waiting + one.running for stage, one in parts.pulse.stages.items()}
    work[STAGES[0]] += max(0, totals.pending)
    return [Idle(stage, work[stage]) for stage in found if work[stage]]


def _worst(store: Store, now: float) -> list[FeedLine]:
    first = [FeedLine(feed, health(feed, now)) for feed in store.urgent_feeds(now, limit=WORST)]
    return [one for one in first if one.health.word in TROUBLE]


def _pressing_first(counted: dict[str, int]) -> dict[str, int]:
    return {word: counted[word] for word in WORDS if counted.get(word)}


__all__ = ["JOBS", "Idle", "JobLine", "Overview", "Overviews", "Parts", "line"]
