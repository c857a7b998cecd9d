"""Status documents: what `feedmill status --json` prints, one shape for jobs and for everything.

Rows say how many items are pending, in flight and ended; Redis says where those in flight are.
The two are read one after the other, so the stages' sum may differ from ``in_flight`` by what moved
in between; the rows alone obey ``items = pending + in_flight + the outcomes``.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from pipeline.model import OUTCOMES, STAGES, JobStatus
from workers.desk import waiting_document

if TYPE_CHECKING:
    from pipeline.store.contract import Store
    from workers.stages import Stages

#: a status document: plain JSON values
StatusDocument = dict[str, Any]


def job_document(store: Store, stages: Stages | None, job: str) -> StatusDocument | None:
    """One job's status; None when there is no such job. Without stages their counts are zero.

    Raises StoreError, and PipelineError (`redis`).
    """
    status = store.job_status(job)
    if status is None:
        return None
    return _document(store, stages, status) | {"retries": _retries(store, status.pending, job)}


def overview_document(
    store: Store, stages: Stages | None, limit: int = 100, jobs: Sequence[JobStatus] | None = None
) -> StatusDocument:
    """The newest jobs (at most limit; or those given), the same counts over all jobs there are, and, in
    `held_back`, why nothing is taken up although something is pending (None: it is)."""
    listed = store.jobs(limit) if jobs is None else jobs
    totals = store.totals()
    return {
        "held_back": held_back(stages) if stages and totals.pending else None,
        "jobs": [_document(store, stages, status) for status in listed],
        "totals": {
            "items": totals.items,
            "stages": stages.depths() if stages else no_depths(),
            **_counts(totals),
            "retries": _retries(store, totals.pending, None),
        },
    }


def held_back(stages: Stages) -> str | None:
    """Why no further page is taken up at the moment, if so."""
    if not stages.is_full():
        return None
    return (
        f"Redis uses {stages.memory() / 1e6:,.0f} MB: no further page is taken up until it is less than what "
        "FEEDMILL_REDIS_HIGH_WATER (and three quarters of its maxmemory) allow."
    )


def _retries(store: Store, pending: int, job: str | None) -> list[StatusDocument]:
    """What failed and waits to be tried again, by code."""
    return waiting_document(store.waiting(time.time(), job=job)) if pending else []


def no_depths() -> dict[str, dict[str, int]]:
    """Stage counts where nothing is in any stage."""
    return {stage: {"waiting": 0, "running": 0} for stage in STAGES}


def ended(document: StatusDocument) -> int:
    """Items of a status document that have an outcome."""
    return sum(document["outcomes"].values())


def adds_up(document: StatusDocument) -> bool:
    """Conservation: every item is pending, in flight, or has exactly one outcome.

    What is pending follows from the other counters, so a wrong one shows as fewer than none.
    """
    known = document["in_flight"] + ended(document)
    return bool(document["pending"] >= 0 and document["items"] == document["pending"] + known)


def past(document: StatusDocument) -> dict[str, int]:
    """How many items have each stage behind them: those with an outcome, and those further on."""
    behind: dict[str, int] = {}
    further = ended(document)
    for stage in reversed(STAGES):
        behind[stage] = min(further, document["items"])
        further += sum(document["stages"][stage].values())
    return {stage: behind[stage] for stage in STAGES}


def _document(store: Store, stages: Stages | None, status: JobStatus) -> StatusDocument:
    depths = no_depths()
    if stages is not None and status.in_flight:
        depths = stages.locate(store.job_items_in_flight(status.job))
    return {
        "job": status.job,
        "state": status.state,
        "items": status.items,
        "stages": depths,
        **_counts(status),
        "created_at": _iso(status.created_at),
        "finished_at": _iso(status.finished_at),
        "cancelled_at": _iso(status.cancelled_at),
    }


def _counts(status: JobStatus) -> StatusDocument:
    return {
        "outcomes": {name: getattr(status.outcomes, name) for name in OUTCOMES},
        "pending": status.pending,
        "in_flight": status.in_flight,
    }


def _iso(at: float | None) -> str | None:
    return None if at is None else datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds")


__all__ = [
    "StatusDocument", "adds_up", "ended", "job_document", "no_depths", "overview_document", "past",
]  # fmt: skip
