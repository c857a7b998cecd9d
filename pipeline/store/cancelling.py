"""Cancelled jobs: what of them waits ends `skipped` (`cancelled`), a bounded part in each transaction.

`cancel` only marks the job, which runs until all of its items have ended, and ends `cancelled`. Nothing of
it is handed out from then on. Items that a worker has in its hands end as they would, or are ended here once
the worker has handed them on (`workers.cancelling` knows when). What they leave pending ends like the rest.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, select, update

from pipeline import decide
from pipeline.store.acceptance import chunks
from pipeline.store.counting import count
from pipeline.store.schema import goes_on, is_being_cancelled, is_in_flight, is_pending, items, jobs
from pipeline.store.wording import storable

#: items that end in one transaction: others wait no longer for it than for a batch
ROWS = 2_000


def cancel(connection: Connection, job: str, now: float) -> bool:
    marked = update(jobs).where(jobs.c.id == storable(job), goes_on).values(cancelled_at=now)
    return connection.execute(marked).rowcount == 1


def being_cancelled(connection: Connection) -> list[str]:
    return sorted(connection.scalars(select(jobs.c.id).where(is_being_cancelled)))


def resume(connection: Connection, job: str) -> None:
    """What of a job has not ended yet goes on."""
    mine = jobs.c.id == storable(job)
    connection.execute(update(jobs).where(mine, is_being_cancelled).values(cancelled_at=None))


def end_pending(connection: Connection, job: str, now: float) -> int:
    """Some of a job's items that are not in flight; how many."""
    return len(_end(connection, job, (is_pending,), now))


def end_in_flight(connection: Connection, job: str, ids: Sequence[int], now: float) -> list[int]:
    """Those of the items that are in flight; returns them."""
    ended: list[int] = []
    for some in chunks(ids):
        ended += _end(connection, job, (is_in_flight, items.c.id.in_(some)), now)
    return ended


def _end(connection: Connection, job: str, which: tuple[ColumnElement[bool], ...], now: float) -> list[int]:
    # Locked before its items, where others lock it after them: nobody is waited for with it in hand, since
    # what others have locked is passed over.
    asked = select(jobs.c.cancelled_at).where(jobs.c.id == job, is_being_cancelled).with_for_update()
    cancelled_at = connection.execute(asked).scalar()
    if cancelled_at is None:
        return []  # it was taken up again
    query = select(items.c.id, items.c.state).where(items.c.job == job, *which).limit(ROWS)
    rows = connection.execute(query.with_for_update(skip_locked=True)).all()
    told = {
        "state": "done",
        "outcome": "skipped",
        "code": "cancelled",
        "message": f"Cancelled by a person on {decide.day_and_time(cancelled_at)}.",
        "stage": None,
        "due_at": None,
        "finished_at": now,
    }
    for some in chunks(row.id for row in rows):
        connection.execute(update(items).where(items.c.id.in_(some)).values(told))
    flying = sum(row.state == "in_flight" for row in rows)
    count(connection, {job: Counter(skipped=len(rows), in_flight=-flying)})
    return [row.id for row in rows]


__all__ = ["ROWS", "being_cancelled", "cancel", "end_in_flight", "end_pending", "resume"]
