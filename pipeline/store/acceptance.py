"""Acceptance: what a source names becomes rows, before anyone is told that it was accepted."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NoReturn

from sqlalchemy import Connection, case, insert, literal, select, update

from pipeline import decide
from pipeline.errors import JobCancelled, StoreError
from pipeline.model import NewItem
from pipeline.store import tallying
from pipeline.store.rows import insert_new, new_item_row, page_row
from pipeline.store.schema import goes_on, is_running, items, jobs, pages
from pipeline.store.wording import storable

#: Crockford's base 32: no letter that is read as a digit, and it sorts as its numbers do
_DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"

#: parameters of one statement; SQLite takes 32,766 and PostgreSQL 65,535
CHUNK = 1000


def chunks(values: Iterable[Any]) -> Iterator[list[Any]]:
    """The values in lists that one statement can take."""
    listed = list(values)
    return (listed[start : start + CHUNK] for start in range(0, len(listed), CHUNK))


def new_job_id(now: float, random_bits: int) -> str:
    """A short id that sorts by time: nine digits of milliseconds, four of the random bits."""
    number = (int(now * 1000) << 20) | (random_bits & 0xFFFFF)
    return "".join(_DIGITS[number >> shift & 31] for shift in range(60, -1, -5))


def open_job(
    connection: Connection, sources: Sequence[str], now: float, accepting_until: float | None
) -> str:
    """A running job; closed from the start when accepting_until is None."""
    job = new_job_id(now, secrets.randbits(20))
    row = {
        "id": job,
        "sources": [storable(source) for source in sources],
        "state": "running",
        "accepting_until": accepting_until,
        "created_at": now,
    }
    connection.execute(insert(jobs), row)
    return job


class Batch:
    """Items made ready for their tables: digests and compression happen before the write lock."""

    def __init__(self, job: str, new: Sequence[NewItem], now: float) -> None:
        self.job = job
        kept: dict[str, dict[str, Any]] = {}
        self.items = []
        self.counts: Counter[str] = Counter(items=len(new))
        for item in new:
            page = page_row(item.content, now) if item.content is not None else None
            if page:
                kept.setdefault(page["digest"], page)
            row = new_item_row(job, item, page["digest"] if page else None, now)
            self.items.append(row)
            if row["outcome"]:
                self.counts[row["outcome"]] += 1
        # One order for all writers: two that keep the same pages cannot lock each other out.
        self.pages = [kept[digest] for digest in sorted(kept)]

    def write(self, connection: Connection) -> None:
        """Pages and items; the job's counters are the caller's."""
        insert_new(connection, pages, self.pages)
        if self.items:
            connection.execute(insert(items), self.items)


def accept(
    connection: Connection,
    job: str,
    batch: Batch,
    accepting_until: float | None,
    *,
    even_cancelled: bool = False,
) -> int:
    """Write a batch for a job that runs, or ended before it was closed. Raises StoreError if there is
    no such job, JobCancelled if it was cancelled; ``even_cancelled``: its items end with the others."""
    _run(connection, job)
    batch.write(connection)
    grow(connection, job, batch.counts, accepting_until, even_cancelled=even_cancelled)
    return len(batch.items)


def grow(
    connection: Connection,
    job: str,
    counts: Counter[str],
    accepting_until: float | None,
    *,
    even_cancelled: bool = False,
) -> None:
    """Add to the counters of a running job, which takes items until then. Raises StoreError if it does
    not run, JobCancelled if it was cancelled."""
    told: dict[str, Any] = {name: jobs.c[name] + number for name, number in counts.items()}
    if accepting_until is not None:
        told["accepting_until"] = case(
            (jobs.c.accepting_until.is_(None), None), else_=literal(accepting_until)
        )
    # The job may have ended since it was looked at: then nothing of this has happened.
    which = is_running if even_cancelled else goes_on
    done = connection.execute(update(jobs).where(jobs.c.id == job, which).values(told))
    if done.rowcount != 1:
        _refuse(connection, job)


def _run(connection: Connection, job: str) -> None:
    """See to it that a job runs. One that was thought to have been left by its reader is opened again:
    the clock jumped, or the database was away for longer than the reader may be silent."""
    row = connection.execute(select(jobs.c.state, jobs.c.accepting_until).where(jobs.c.id == job)).first()
    if row is None or (row.state != "running" and row.accepting_until is None):
        _refuse(connection, job)
    elif row.state != "running":
        tallying.untally(connection, [job])
        connection.execute(update(jobs).where(jobs.c.id == job).values(state="running", finished_at=None))


def _refuse(connection: Connection, job: str) -> NoReturn:
    at = connection.execute(select(jobs.c.cancelled_at).where(jobs.c.id == job)).scalar()
    if at is not None:
        told = f"Job {job} was cancelled by a person on {decide.day_and_time(at)}: it takes no more items."
        raise JobCancelled(told)
    raise StoreError(f"There is no running job {job} that could accept items.", retry_helps=False)


def close_job(connection: Connection, job: str, sources: Sequence[str] | None = None) -> None:
    told: dict[str, Any] = {"accepting_until": None}
    if sources is not None:
        told["sources"] = [storable(source) for source in sources]
    connection.execute(update(jobs).where(jobs.c.id == job).values(told))
