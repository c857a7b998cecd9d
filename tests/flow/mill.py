"""A running deployment, and texts to put through it."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.model import OUTCOMES, Counts, JobStatus
from workers.embedded import Deployment
from workers.intake import enqueue

#: no wait for a single thing is longer; a deployment that hangs fails its test (s)
PATIENCE = 60.0

WORDS = [
    "harbour",
    "council",
    "engineer",
    "bridge",
    "morning",
    "report",
    "budget",
    "river",
    "station",
    "minister",
    "school",
    "festival",
    "market",
    "village",
    "doctor",
    "train",
    "winter",
    "garden",
    "library",
    "captain",
    "orchard",
    "factory",
    "lantern",
    "valley",
    "railway",
    "museum",
]


def story(number: int) -> str:
    """A text of its own: a headline and three paragraphs that no other number has."""
    rng = random.Random(number)
    paragraphs = [
        " ".join(
            f"The {rng.choice(WORDS)} near the {rng.choice(WORDS)} met the {rng.choice(WORDS)} of "
            f"the {rng.choice(WORDS)} on day {rng.randrange(10**6)}."
            for _ in range(6)
        )
        for _ in range(3)
    ]
    return (
        f"{rng.choice(WORDS).title()} number {number} opens in the {rng.choice(WORDS)}\n\n"
        + "\n\n".join(paragraphs)
        + "\n"
    )


def write_stories(folder: Path, count: int, first: int = 0) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(first, first + count):
        (folder / f"story-{number:05}.txt").write_text(story(number), encoding="utf-8")
    return folder


@dataclass
class Mill:
    """A running deployment and what tests do with it."""

    deployment: Deployment
    #: the outcomes before a test that shares it began
    _before: Counts = field(default_factory=Counts)

    def begin(self) -> None:
        """From here on `brought` counts."""
        self._before = self.deployment.store.totals().outcomes

    def brought(self) -> Counts:
        """How many items ended how since `begin`."""
        now = self.deployment.store.totals().outcomes
        return Counts(**{name: getattr(now, name) - getattr(self._before, name) for name in OUTCOMES})

    def enqueue(self, *sources: Path | str) -> str:
        job = enqueue(self.deployment.store, [str(one) for one in sources], self.deployment.settings).job
        self.deployment.stages.wake()
        return job

    def status(self, job: str) -> JobStatus:
        status = self.deployment.store.job_status(job)
        assert status is not None
        assert status.items == status.pending + status.in_flight + status.outcomes.total, "conservation"
        return status

    def until(self, condition: Callable[[], bool], what: str, patience: float = PATIENCE) -> None:
        ends = time.monotonic() + patience
        while not condition():
            assert time.monotonic() < ends, f"gave up waiting until {what}"
            self.deployment.check()
            # A look costs a tenth of this.
            time.sleep(0.05)

    def finish(self, job: str, patience: float = PATIENCE) -> JobStatus:
        self.until(lambda: self.status(job).state == "done", "the job is done", patience)
        return self.status(job)

    def run(self, *sources: Path | str) -> JobStatus:
        return self.finish(self.enqueue(*sources))

    def titles(self) -> list[str]:
        return sorted(row.title or "" for row in self.deployment.store.articles(limit=100_000))

    def worker(self) -> int:
        assert self.deployment._worker is not None
        return self.deployment._worker.pid

    def kill_worker(self) -> None:
        """kill -9 of the worker's main process; the pool goes with it."""
        self.deployment.check()  # the one that was killed before has been replaced
        os.kill(self.worker(), signal.SIGKILL)
        assert self.deployment._worker is not None
        self.deployment._worker.wait()

    def kill_redis(self) -> None:
        """kill -9 of the embedded Redis."""
        assert self.deployment._server is not None
        self.deployment._server.kill()
        self.deployment._server.wait()

    def kill_pool_processes(self) -> int:
        """kill -9 of every pool process under the worker; returns how many."""
        self.deployment.check()
        children = Path(f"/proc/{self.worker()}/task/{self.worker()}/children").read_text().split()
        for child in children:
            os.kill(int(child), signal.SIGKILL)
        return len(children)
