"""The coordinator's tick: it feeds the window from the rows, wakes stages, ends jobs, and finds
what a fault left behind. One ticks at a time, by a lock; others stand by.

It is what makes lost messages, killed processes and an emptied Redis harmless: every tick compares
the rows with what is in flight and mends the difference.
"""

from __future__ import annotations

import logging
import os
import random
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path

from pipeline.errors import PipelineError
from pipeline.model import Ending, Polled
from pipeline.settings import Settings
from pipeline.store.contract import Store
from pipeline.store.readings import MINUTE
from pipeline.tally import TALLY
from workers import beats, pulse, strays, ticks
from workers.cancelling import carry_out
from workers.clocks import Clocks
from workers.crashes import problem_of, steps_of, unpack_crashes
from workers.logs.outage import away, back
from workers.measures import durations, endings_of, tell
from workers.payloads import trace_of
from workers.stages import ALL_STAGES, Stages

logger = logging.getLogger(__name__)

TICK_SECONDS = 1.0
#: wake-ups closer together than this share one tick
LEAST_SECONDS = 0.1
#: Redis is searched for ids that are nowhere this often (s)
SWEEP_SECONDS = 5.0
#: a feed whose poll got lost is due again after this long (s): the shorter, the fewer feeds wait for
#: their polls, since each of those is claimed again when it ends; so many rows a second that may cost
FEED_LEASE_SECONDS, FEEDS_A_SECOND = (20.0, 300.0), 100
#: due feeds claimed in one transaction, and most in one tick; what is left waits for the next
FEEDS_AT_ONCE, FEEDS_A_TICK = 2_000, 20_000


class Coordinator:
    """Ticks over one deployment.

    kick(stage) wakes a stage if it has work that no pump sees to (`workers.app.kick`).
    """

    def __init__(
        self,
        store: Store,
        stages: Stages,
        settings: Settings,
        kick: Callable[[str], object],
        *,
        poll_feeds: bool,
    ) -> None:
        self.store, self.stages, self.settings = store, stages, settings
        self.kick, self.poll_feeds = kick, poll_feeds
        self._clocks = Clocks(store, stages)
        self._searched = self._swept = self._noted = self._sampled = 0.0
        self._minute = -1
        self.name = f"{socket.gethostname()}:{os.getpid()}:{random.randrange(16**6):06x}"

    def tick(self, now: float) -> bool:
        """Look once. False: another one holds the lock. Raises PipelineError when Redis or the
        database is away; the next tick mends what this one left."""
        if not self.stages.hold(self.name):
            return False
        # Whichever way it is away: a clock that was set back shall not keep it from looking.
        if abs(now - self._searched) >= TICK_SECONDS:
            self._searched = now
            self._clocks.look(now)
            self._bury_dead(now)
            self._find_lost(now)
            if self.poll_feeds:
                self._poll_due_feeds(now)
        room = self.settings.window - self.stages.load()
        if room > 0:
            self.stages.admit("fetch", self.store.admit(room, now))
        if carry_out(self.store, self.stages, now):
            self.stages.wake()  # there is more: the next look comes at once
        for job in self.store.end_jobs(now):
            logger.info("job %s is done", job, extra={"job": job})
        for stage in ALL_STAGES:
            self.kick(stage)
        self._measure(now)
        return True

    def _measure(self, now: float) -> None:
        """What rates and charts are made of; last, since work goes before figures."""
        if abs(now - self._sampled) >= pulse.SAMPLE_SECONDS:
            self._sampled = now
            pulse.take_sample(self.store, self.stages)
        if (minute := int(now // MINUTE)) != self._minute:
            pulse.forget_empty(self.stages)
            self.store.note_totals(now)
            self._minute = minute

    def _find_lost(self, now: float) -> None:
        """Items whose rows are in flight and that Redis does not know, or has nowhere, start again."""
        if abs(now - self._swept) >= SWEEP_SECONDS:
            self._swept = now
            strays.take_up(self.stages)
        # The set is read before the rows: who ends in between is in neither, and only this
        # coordinator adds to both. So a row in flight that the set lacks was truly lost.
        live = self.stages.live()
        lost = [item for item in self.store.in_flight() if item not in live]
        if lost:
            logger.warning("%d items in flight were lost from Redis; they start again", len(lost))
            self.stages.admit("fetch", lost)

    def _poll_due_feeds(self, now: float) -> None:
        shortest, longest = FEED_LEASE_SECONDS
        lease = min(longest, max(shortest, self.stages.load("poll") / FEEDS_A_SECOND))
        for _ in range(0, FEEDS_A_TICK, FEEDS_AT_ONCE):
            due = self.store.claim_feeds(FEEDS_AT_ONCE, now, lease)
            self.stages.admit("poll", due)
            if len(due) < FEEDS_AT_ONCE:
                return

    def _bury_dead(self, now: float) -> None:
        """Items that killed their process again and again end as dead letters; a feed that did has
        its poll fail."""
        for stage, item in self.stages.dead():
            crashes = unpack_crashes(self.stages.seen(stage, item))
            problem = problem_of(stage, crashes)
            if stage == "poll":
                self.store.feeds_polled([Polled(feed=item, at=now, problem=problem)], now)
            else:
                steps = steps_of(stage, crashes, now, self.name)
                trace = trace_of(stage, self.stages.payload(stage, item))
                ending = Ending(item=item, problem=problem, trace=[*trace, *steps])
                if finished := self.store.finish([ending], now):
                    TALLY.update(endings_of(finished))
                    TALLY.update(durations(ending.trace))
            what = "feed" if stage == "poll" else "item"
            extra = {what: item, "stage": stage, "code": problem.code}
            logger.warning("%s %d: %s", what, item, problem.message, extra=extra)
            self.stages.bury(stage, item)

    def run(self, stop: threading.Event, beat: Callable[[], None] = lambda: None) -> None:
        """Tick every second, or as soon as somebody calls `Stages.wake`, until stop is set."""
        while not stop.is_set():
            try:
                held = self.tick(time.time())
                beat()
                back(logger, "redis", *(["database"] if held else []))
                self._note(held)
                if held:
                    self.stages.wait(TICK_SECONDS)
                    stop.wait(LEAST_SECONDS)
                else:
                    stop.wait(TICK_SECONDS)
            except PipelineError as error:
                away(error, logger, "no tick, until this is mended: %s", error)
                self._note(True, error.message)
                stop.wait(TICK_SECONDS)
        try:
            self.stages.let_go(self.name)
        except PipelineError as error:
            logger.info("lock not given back, it ends by itself: %s", error)

    def _note(self, held: bool, problem: str = "") -> None:
        """When the last tick was completed, or why one was not: `feedmill doctor` asks."""
        now = time.monotonic()
        if not held or (not problem and now - self._noted < TICK_SECONDS):
            return
        self._noted = now
        try:
            ticks.note(self.stages, ticks.Tick(self.name, self.stages.clock(), problem))
            tell(self.stages)
        except PipelineError as error:
            logger.debug("tick not noted: %s", error)


def heartbeat_file(settings: Settings) -> Path:
    """Touched at every tick; the health check reads its age."""
    return beats.file_of(settings, "scheduler")


def run_scheduler(settings: Settings) -> int:
    """The scheduler service: tick until told to stop (SIGTERM, SIGINT). Returns the exit code."""
    import signal

    from pipeline.store import open_store
    from workers import app as celery_app

    stages = Stages(settings)
    # Neither Redis nor the database need be there yet: after a reboot nothing comes in order.
    store = open_store(settings, probe=False)
    app = celery_app.create_app(settings)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    coordinator = Coordinator(
        store, stages, settings, lambda stage: celery_app.kick(app, stages, stage), poll_feeds=True
    )
    beat = heartbeat_file(settings)
    logger.info("started; ticks as soon as no other scheduler does")
    coordinator.run(stop, beat.touch)
    store.close()
    logger.info("stopped; another one that stands by ticks from now on")
    return 0
