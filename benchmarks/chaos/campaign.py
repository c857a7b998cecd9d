"""One campaign on one database: rounds of faults under load, each with its recovery, then the laws."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from benchmarks.chaos import evidence as evidences
from benchmarks.chaos import poison, web
from benchmarks.chaos.deployment import Deployment
from benchmarks.chaos.evidence import Evidence, Found
from benchmarks.chaos.faults import End, possible
from benchmarks.chaos.plan import Planned
from pipeline.errors import PipelineError
from pipeline.settings import load
from workers import children
from workers.embedded import Deployment as Calm
from workers.intake import enqueue

#: how long a round may take to become quiet (s); beyond it the campaign ends
PATIENCE = 150.0
#: poison takes its worker a few times before it is given up, and a page that hangs on a busy machine is
#: tried again, for it may only have waited: so long that may take beyond the rest (s). By the defaults four
#: tries of 30 s, and 30, 60 and 120 s between them with a quarter more at most, are 383; a busy machine adds
POISON_PATIENCE = 600.0
#: an intake that was broken off half-way keeps its job open so long (s)
INTAKE_SECONDS = 75.0
#: what somebody died with is in Redis for a lease (10 s); a wake-up until the broker gives it up for lost:
#: its visibility timeout (60 s, `workers.app`) and the time between two looks (5 s)
LEFT_SECONDS = 75.0
#: time between two looks (s)
LOOK = 0.05


class Campaign:
    """A deployment under load. Everything runs in the main thread but the proxies and the web."""

    def __init__(self, folder: Path, database: str, plant: str = "") -> None:
        self.folder = folder
        self.mill = Deployment(folder, database, plant)
        self.web = web.Web()
        self.accepted: dict[str, int] = {}
        self.refs: list[str] = []
        self.poisoned: list[str] = []
        self.recoveries: list[float | None] = []
        self._stopped, self._ready = threading.Event(), threading.Event()
        self._began = time.monotonic()
        self._releases = 0.0
        self._load: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Campaign:
        with ExitStack() as unless_started:
            unless_started.callback(self.close)
            self._start()
            unless_started.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop all that runs still."""
        if self._load is not None:
            children.end(self._load, 0)
        self.mill.stop(patience=0.0)
        self.web.stop()

    def _start(self) -> None:
        self.mill.start()
        for feed in range(web.FEEDS):
            self.mill.store.add_feed(self.web.feed(feed), time.time())
        command = [sys.executable, "-m", "benchmarks.chaos.load", str(self.folder / "in"), str(self.web.port)]
        with (self.mill.logs / "load.log").open("ab") as log:
            self._load = subprocess.Popen(
                command,
                env=self.mill.env,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                start_new_session=True,
            )
        threading.Thread(target=self._listen, daemon=True, name="load").start()
        self._until(self._ready.is_set, PATIENCE)

    # -- a round --------------------------------------------------------------------------------
    def round(self, faults: Sequence[Planned], *, poisoned: bool = False) -> float | None:
        """Load and faults, then recovery; returns the seconds that this took (None: too long).

        Poison is a fault that lasts until it is given up: it may hold every process of a stage.
        """
        self._tell("go")
        if poisoned:
            self._hand_in_poison(len(self.recoveries))
        began = time.monotonic()
        open_ends: list[tuple[float, Planned, End]] = []
        waiting = list(faults)
        last = max((one.ends for one in faults), default=0.0) + 1.0
        while (now := time.monotonic() - began) < last or open_ends:
            self._go_on()
            for over in [one for one in open_ends if one[0] <= now]:
                self._say(f"  over  {over[1].kind}")
                over[2]()
                open_ends.remove(over)
            while waiting and waiting[0].at <= now:
                planned = waiting.pop(0)
                self._say(f"  {planned.kind}" + (f" for {planned.seconds:.0f} s" if planned.seconds else ""))
                end = possible(self.mill)[planned.kind].begin(self.mill, random.Random(planned.seed))
                if end is not None:
                    open_ends.append((planned.ends, planned, end))
        self._stopped.clear()
        self._tell("stop")
        if poisoned:
            self._until(lambda: self._all_done(self.poisoned), POISON_PATIENCE)
            self._say("  poison was given up")
        taken = self._recover()
        self.recoveries.append(taken)
        return taken

    def _recover(self) -> float | None:
        began = time.monotonic()
        ends = began + PATIENCE
        while time.monotonic() < ends:
            self._go_on()
            if self._stopped.is_set() and self._is_quiet():
                return time.monotonic() - began
        return None

    def _go_on(self) -> None:
        self.mill.look()
        if time.monotonic() - self._releases > 1.0 and not self._stopped.is_set():
            self._releases = time.monotonic()
            feed = int(self._releases) % web.FEEDS
            self.web.released[feed] += 1
        time.sleep(LOOK)

    def _is_quiet(self) -> bool:
        """All that was accepted is done, and all that the feeds list has been stored."""
        store = self.mill.store
        try:
            if self.mill.stages.live("poll"):
                return False
            lacking = self.web.entries() - self._stored_entries()
            if lacking:
                store.touch_feeds(None, time.time())
                time.sleep(0.5)
                return False
            total = store.totals()
            spared = [status for job in self.poisoned if (status := store.job_status(job))]
            open_items = total.pending + total.in_flight - sum(one.pending + one.in_flight for one in spared)
            jobs = {one.job: one for one in store.jobs(100_000)}
            return open_items == 0 and all(
                jobs[job].state == "done" for job in list(self.accepted) if job not in self.poisoned
            )
        except (PipelineError, KeyError):
            return False

    def _stored_entries(self) -> set[str]:
        rows = self.mill.store.articles(limit=10**9)
        return {row.key for row in rows if "/entry/" in row.key}

    # -- the end --------------------------------------------------------------------------------
    def finish(self, calm: Callable[[Campaign], Sequence[Found]]) -> Evidence:
        """Wait for what may take longer, look at everything, stop everything, and look again."""
        store = self.mill.store
        if None not in self.recoveries:  # else nothing that is waited for would come
            self._until(lambda: self._all_done([one.job for one in store.jobs(100_000)]), INTAKE_SECONDS)
        self._until(lambda: not self.mill.intruder.left(), LEFT_SECONDS)
        found = Evidence(
            accepted=dict(self.accepted),
            jobs=store.jobs(100_000),
            in_flight=store.in_flight(),
            problems=[one.message for one in store.check()],
            articles=evidences.articles(store),
            failed=store.items(outcome="failed", limit=100_000),
            left_in_redis=self.mill.intruder.left(),
            recoveries=list(self.recoveries),
            poison=poison.WORDS,
            ended={one.name: list(one.ends) for one in self.mill.services.values()},
        )
        assert self._load is not None
        assert self._load.stdin
        self._load.stdin.close()
        self._load.wait(60)
        outlived = self.mill.stop()
        found = replace(found, outlived=outlived, overdue={one.name: one.overdue for one in self.mill.all})
        return replace(found, calm=calm(self))

    def _until(self, condition: Callable[[], bool], patience: float) -> None:
        ends = time.monotonic() + patience
        while time.monotonic() < ends and not condition():
            self._go_on()

    def _all_done(self, jobs: Sequence[str]) -> bool:
        try:
            found = [self.mill.store.job_status(job) for job in jobs]
        except PipelineError:
            return False
        return all(one is not None and one.state == "done" for one in found)

    # -- load -----------------------------------------------------------------------------------
    def _hand_in_poison(self, number: int) -> None:
        folder = self.folder / "in" / "poison" / f"{number:03}"
        folder.mkdir(parents=True)
        for place, word in enumerate(poison.WORDS):
            text = web.file(10**6 + 10 * number + place)
            (folder / f"{word}-{number}.txt").write_text(f"{word}\n\n{text}")
        intake = enqueue(self.mill.store, [str(folder)], self.mill.settings)
        self.accepted[intake.job] = intake.items
        self.poisoned.append(intake.job)

    def _tell(self, word: str) -> None:
        assert self._load is not None
        assert self._load.stdin
        self._load.stdin.write(word.encode() + b"\n")
        self._load.stdin.flush()

    def _listen(self) -> None:
        assert self._load is not None
        assert self._load.stdout
        for line in self._load.stdout:
            told = json.loads(line)
            if "job" in told:
                self.accepted[told["job"]] = told["items"]
                self.refs += told["refs"]
            elif "stopped" in told:
                self._stopped.set()
            else:
                self._ready.set()

    def _say(self, line: str) -> None:
        print(f"{time.monotonic() - self._began:7.1f} {line}", flush=True)


def calm_run(campaign: Campaign) -> list[Found]:
    """What the same input becomes where nothing goes wrong: in an embedded deployment of its own."""
    settings = load(
        data_dir=campaign.folder / "calm", allow_addresses="127.0.0.0/8", host_delay=0.01, redis_url=""
    )
    with Calm(settings, poll_feeds=True) as mill:
        for feed in range(web.FEEDS):
            mill.store.add_feed(campaign.web.feed(feed), time.time())
        jobs = [enqueue(mill.store, campaign.refs, mill.settings).job]
        entries = campaign.web.entries()
        ends = time.monotonic() + 600
        while time.monotonic() < ends:
            mill.check()
            status = [mill.store.job_status(job) for job in jobs]
            stored = {row.key for row in mill.store.articles(limit=10**9) if "/entry/" in row.key}
            if stored == entries and all(one is not None and one.state == "done" for one in status):
                break
            time.sleep(0.2)
        return evidences.articles(mill.store)


__all__ = ["Campaign", "calm_run"]
