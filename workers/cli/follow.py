"""Following a job until it ends, or until nothing more of it can happen soon."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.errors import PipelineError
from workers.status import StatusDocument, job_document

if TYPE_CHECKING:
    from pipeline.store.contract import Store
    from workers.cli.progress import Progress
    from workers.stages import Stages

#: seconds between two looks: at first, so that a short job is not waited for, and later
_FIRST_LOOK = 0.05
_LOOK = 0.25
#: a Redis that restarts is back within this many seconds, or it is gone
_REDIS_AWAY = 30.0


@dataclass(frozen=True)
class Followed:
    """How following ended."""

    document: StatusDocument
    #: when the first of the retries that remain is due (Unix seconds); None: the job has ended
    next_retry: float | None = None


def ended_well(document: StatusDocument) -> bool:
    """Whether what has ended of a job did so without a failure, and nobody cancelled it."""
    return not document["outcomes"]["failed"] and document["cancelled_at"] is None


class Follower:
    """Looks at one job again and again.

    ``alongside`` is called before each look and may raise to end it all.
    """

    def __init__(
        self,
        store: Store,
        stages: Stages | None,
        job: str,
        *,
        alongside: Callable[[], None] = lambda: None,
    ) -> None:
        self._store, self._stages, self._job = store, stages, job
        self._alongside = alongside
        self._away_since: float | None = None
        self._patient_until: float | None = None

    def until_ended(self, progress: Progress, *, patience: float | None = None) -> Followed:
        """Until the job has ended.

        With patience (seconds): once only retries are left, at most so long for them; retries that
        are due later than that are not waited for at all.
        Raises PipelineError (`redis`) when Redis stays away, StoreError, and what ``alongside`` raises.
        """
        pause = _FIRST_LOOK
        while True:
            self._alongside()
            document = self.look()
            progress.show(document)
            if document["state"] != "running":
                return Followed(document)
            if patience is not None:
                due = self._only_retries_left(document)
                if due is not None and due > self._patience_ends(patience):
                    return Followed(document, next_retry=due)
            time.sleep(pause)
            pause = min(pause * 1.5, _LOOK)

    def look(self) -> StatusDocument:
        """The job's status now; stage counts are zero while Redis is away for a moment."""
        try:
            document = job_document(self._store, self._stages, self._job)
            self._away_since = None
        except PipelineError as error:
            if error.code != "redis":
                raise
            now = time.monotonic()
            self._away_since = self._away_since or now
            if now - self._away_since > _REDIS_AWAY:
                raise
            document = job_document(self._store, None, self._job)
        if document is None:
            raise PipelineError(f"Job {self._job} is no longer in the database.", code="database")
        return document

    def _patience_ends(self, patience: float) -> float:
        if self._patient_until is None:
            self._patient_until = time.time() + patience
        return self._patient_until

    def _only_retries_left(self, document: StatusDocument) -> float | None:
        if document["in_flight"] or not document["pending"]:
            return None
        now = time.time()
        due = self._store.next_due(now)
        # An item that is due, of whatever job, is about to be taken up: then there is more to come.
        return due if due is not None and due > now else None


__all__ = ["Followed", "Follower", "ended_well"]
