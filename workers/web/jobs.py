"""What a job's page says: how far it is, how fast it goes, what failed in it, and its items."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from typing import NamedTuple
from urllib.parse import urlencode

from pipeline.model import OUTCOMES, STAGES, JobStatus
from pipeline.policy import policy_of
from pipeline.store.contract import Chosen, FailureGroup, Failures, ItemRow, Listing
from pipeline.urls import without_password
from workers import desk
from workers.pace import Pace
from workers.presence import unserved
from workers.stages import Stages
from workers.status import StatusDocument, adds_up, held_back, job_document, past
from workers.web.backend import Backend
from workers.web.charts import Share, shares
from workers.web.waiting import Deployment, Left, waits_for

#: items and causes of failures on one page
ITEMS, GROUPS = 100, 12
#: jobs of which one process remembers something
_MOST_JOBS = 200
#: what failed in a job is grouped again after this time (s), even if as many failed as before
KEPT_SECONDS = 10.0
_STATES = ("pending", "in_flight", "done")


class Wanted(NamedTuple):
    """Which items of a job are to be seen; empty: whichever."""

    outcome: str = ""
    state: str = ""
    code: str = ""
    host: str = ""
    #: of the name
    part: str = ""
    cursor: str = ""

    def query(self, **changed: str) -> str:
        """As the page's address has it."""
        told = {name: value for name, value in self._replace(**changed)._asdict().items() if value}
        return f"?{urlencode(told)}" if told else "?"

    @property
    def is_narrow(self) -> bool:
        return any(self._replace(cursor=""))

    @property
    def by_hand(self) -> bool:
        """Whether the form narrows it, beside the links."""
        return bool(self.state or self.code or self.host or self.part)


class Cause(NamedTuple):
    """Dead letters of one cause."""

    group: FailureGroup
    where: str
    policy: str


class Look(NamedTuple):
    now: float
    status: JobStatus
    document: StatusDocument
    adds_up: bool
    #: stage -> items that have it behind them
    past: dict[str, int]
    #: items a second, and seconds until all have ended; None: not known
    rate: float | None
    seconds_left: float | None
    sources: list[str]
    #: what it waits for, in a sentence; empty: nothing is known to hold it up
    waits_for: str
    causes: list[Cause]
    #: of how many in all
    cause_count: int
    without_redis: str | None

    @property
    def ended(self) -> int:
        return self.status.outcomes.total

    @property
    def percent(self) -> float:
        """Of its items, those that have ended."""
        return 100 * self.ended / self.status.items if self.status.items else 0.0

    @property
    def shares(self) -> list[Share]:
        """What has ended, by outcome, to be drawn."""
        return shares(self.status)

    @property
    def took(self) -> float | None:
        """From its acceptance to its end (s)."""
        done = self.status.finished_at
        return None if done is None else max(0.0, done - self.status.created_at)


class Seen(NamedTuple):
    """A page of items."""

    wanted: Wanted
    items: Listing[ItemRow]
    titles: dict[int, str]


class JobLooks:
    """Looks at the jobs of one deployment, and remembers how fast they went."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._paces: OrderedDict[str, Pace] = OrderedDict()
        #: job -> when it was grouped, how many had failed, and the groups
        self._failed: OrderedDict[str, tuple[float, int, Failures | None]] = OrderedDict()
        #: job -> when it was counted, and how many of its items were not due yet
        self._due_later: OrderedDict[str, tuple[float, int]] = OrderedDict()
        self._lock = threading.Lock()

    def look(self, job: str) -> Look | None:
        """A job, now; None when there is none. Raises StoreError."""
        store, now = self._backend.store, time.time()
        status = store.job_status(job)
        document, without_redis = self._backend.seen(lambda stages: job_document(store, stages, job))
        if status is None or document is None:
            return None
        deployment, _ = self._backend.seen(lambda stages: self._deployment(stages, status))
        failed = self._failures(status) if status.outcomes.failed else None
        pace = self._pace(status, now)
        left = pace.seconds_left(status.items - status.outcomes.total)
        last_due = store.last_due(job) if status.pending else None
        if left is not None and last_due is not None:
            # What waits for its host, or to be tried again, is not done before it is due.
            left = max(left, last_due - now)
        return Look(
            now=now,
            status=status,
            document=document,
            adds_up=adds_up(document),
            past=past(document),
            rate=pace.per_second,
            seconds_left=left,
            sources=[without_password(ref) for ref in status.sources],
            waits_for=waits_for(self._left(status, document, last_due, now), deployment, now)
            if deployment
            else "",
            causes=[self._cause(group) for group in failed.groups] if failed else [],
            cause_count=failed.group_count if failed else 0,
            without_redis=without_redis,
        )

    def items(self, job: str, wanted: Wanted) -> Seen:
        """Items of a job, newest first. Raises CursorError, StoreError."""
        found = self._backend.store.items(
            job=job,
            state=wanted.state or None,
            outcome=wanted.outcome or None,
            code=wanted.code or None,
            host=wanted.host or None,
            part=wanted.part or None,
            limit=ITEMS,
            cursor=wanted.cursor or None,
        )
        known = {item.article for item in found if item.article is not None}
        return Seen(wanted, found, self._backend.store.titles(sorted(known)))

    def _deployment(self, stages: Stages | None, status: JobStatus) -> Deployment | None:
        if stages is None or status.state != "running":
            return None
        return Deployment(
            ticks=stages.coordinator() is not None,
            unserved=unserved(stages.workers(), STAGES),
            held_back=held_back(stages) if status.pending else None,
            live=stages.load(),
            window=self._backend.settings.window,
        )

    def _left(self, status: JobStatus, document: StatusDocument, last: float | None, now: float) -> Left:
        return Left(
            pending=status.pending,
            later=self._later(status, now) if last is not None and last > now else 0,
            retried=sum(one["count"] for one in document["retries"]),
            last_due=last,
            stages=document["stages"],
        )

    def _later(self, status: JobStatus, now: float) -> int:
        """Counted anew only now and then, as what failed is: it may be hundreds of thousands."""
        with self._lock:
            at, found = self._due_later.get(status.job, (0.0, -1))
        if found < 0 or time.monotonic() - at >= KEPT_SECONDS:
            found = self._backend.store.due_later(now, status.job)
            with self._lock:
                self._due_later[status.job] = (time.monotonic(), found)
                self._due_later.move_to_end(status.job)
                while len(self._due_later) > _MOST_JOBS:
                    self._due_later.popitem(last=False)
        return min(found, status.pending)

    def _failures(self, status: JobStatus) -> Failures:
        """By cause. Grouping thousands costs more than all the rest of a look, and who watches looks every
        two seconds: what was found is good while as many have failed, for a moment."""
        with self._lock:
            at, number, found = self._failed.get(status.job, (0.0, -1, None))
        if found is not None and number == status.outcomes.failed and time.monotonic() - at < KEPT_SECONDS:
            return found
        found = self._backend.store.failures(Chosen(job=status.job), limit=GROUPS)
        with self._lock:
            self._failed[status.job] = (time.monotonic(), status.outcomes.failed, found)
            self._failed.move_to_end(status.job)
            while len(self._failed) > _MOST_JOBS:
                self._failed.popitem(last=False)
        return found

    def _pace(self, status: JobStatus, now: float) -> Pace:
        if status.state != "running":
            return Pace()
        with self._lock:
            pace = self._paces.get(status.job)
            if pace is None:
                pace = self._paces[status.job] = Pace()
                # Until it was looked at for a while, its rate is that from its beginning on.
                pace.note(status.created_at, 0)
            self._paces.move_to_end(status.job)
            while len(self._paces) > _MOST_JOBS:
                self._paces.popitem(last=False)
            pace.note(now, status.outcomes.total)
            return pace

    def _cause(self, group: FailureGroup) -> Cause:
        policy = desk.policy_words(policy_of(group.code, self._backend.settings))
        return Cause(group, desk.where_words(group.stage, group.host), policy)


def wanted(outcome: str, state: str, code: str, host: str, part: str, cursor: str) -> Wanted:
    """As an address says; what is no outcome or state asks for nothing."""
    return Wanted(
        outcome if outcome in OUTCOMES else "",
        state if state in _STATES else "",
        code.strip(),
        host.strip().lower(),
        part.strip(),
        cursor,
    )


__all__ = ["GROUPS", "ITEMS", "Cause", "JobLooks", "Look", "Seen", "Wanted", "wanted"]
