"""The counters of jobs, changed in the transaction that changes their items."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from sqlalchemy import Connection, bindparam, update

from pipeline.store.schema import COUNTERS, jobs

_COUNT = (
    update(jobs)
    .where(jobs.c.id == bindparam("of_job"))
    .values({name: jobs.c[name] + bindparam(f"by_{name}") for name in COUNTERS})
)


def count(connection: Connection, deltas: Mapping[str, Counter[str]]) -> None:
    """Add to each job's counters.

    Jobs are taken in the order of their ids, so that two transactions that count for the same
    jobs wait for each other instead of locking each other out. Call it last in a transaction:
    the row stays locked on PostgreSQL until the end of it.
    """
    rows = [
        {"of_job": job, **{f"by_{name}": delta[name] for name in COUNTERS}}
        for job, delta in sorted(deltas.items())
        if any(delta.values())
    ]
    if rows:
        connection.execute(_COUNT, rows)
