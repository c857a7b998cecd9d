"""What there is in all: the counters of ended jobs, added up once, and those of the others.

A job is tallied when it has ended, and taken out again before it runs once more; its counters do not
change in between. What a process of an older version ended is tallied by the next look.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from sqlalchemy import Connection, func, insert, select, update

from pipeline.store.rows import Row
from pipeline.store.schema import COUNTERS, is_running, is_untallied, jobs, tally

#: jobs tallied in one transaction: after an upgrade there may be very many
MOST = 5_000

_COUNTERS = [jobs.c[name] for name in COUNTERS]
_UNTALLIED = (
    select(jobs.c.id).where(is_untallied, ~is_running).order_by(jobs.c.id).limit(MOST).with_for_update()
)


def tally_ended(connection: Connection) -> None:
    """Add up jobs that have ended. Call it last in a transaction: it locks the one row of all."""
    ended = _UNTALLIED.scalar_subquery()
    statement = update(jobs).where(jobs.c.id.in_(ended)).values(tallied=True)
    _add(connection, connection.execute(statement.returning(*_COUNTERS, jobs.c.finished_at)).mappings(), 1)


def untally(connection: Connection, ids: Iterable[str]) -> None:
    """Take jobs out again, before anything of them changes. They stay locked."""
    rows: list[Row] = []
    for job in sorted(ids):
        locked = select(*_COUNTERS, jobs.c.finished_at).where(jobs.c.id == job, jobs.c.tallied)
        rows += connection.execute(locked.with_for_update()).mappings().all()
        connection.execute(update(jobs).where(jobs.c.id == job).values(tallied=False))
    _add(connection, rows, -1)


def sums(connection: Connection) -> Row:
    """The counters over all jobs, how many run, and when the first began and the last ended.

    One statement: one snapshot.
    """
    open_sums = [func.coalesce(func.sum(jobs.c[name]), 0).label(name) for name in COUNTERS]
    running = func.count().filter(is_running).label("running")
    last = func.max(jobs.c.finished_at).label("last")
    others = select(*open_sums, running, last).where(is_untallied).subquery()
    first = select(jobs.c.created_at).order_by(jobs.c.id).limit(1).scalar_subquery()
    query = select(
        *((others.c[name] + func.coalesce(tally.c[name], 0)).label(name) for name in COUNTERS),
        others.c.running,
        first.label("first"),
        others.c.last,
        tally.c.finished_at.label("tallied_last"),
    ).select_from(others.outerjoin(tally, tally.c.id == 1))
    row = dict(connection.execute(query).mappings().one())
    row["last"] = max((at for at in (row["last"], row["tallied_last"]) if at is not None), default=None)
    return row


def _add(connection: Connection, rows: Iterable[Row], sign: int) -> None:
    added: Counter[str] = Counter()
    last: float | None = None
    for row in rows:
        added.update({name: sign * int(row[name]) for name in COUNTERS})
        last = max(last or 0.0, row["finished_at"] or 0.0)
    if last is None:
        return
    there = connection.execute(select(tally.c.finished_at).where(tally.c.id == 1).with_for_update()).first()
    if there is None:
        connection.execute(insert(tally), {"id": 1, "finished_at": last} | dict(added))
        return
    told = {name: tally.c[name] + number for name, number in added.items()}
    last = max(last, there.finished_at or 0.0)
    connection.execute(update(tally).where(tally.c.id == 1).values(told | {"finished_at": last}))
