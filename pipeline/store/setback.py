"""What a clock that was set back leaves due in the future."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Connection, case, select, update

from pipeline.store.database import Database
from pipeline.store.schema import feeds, is_active, is_pending, is_running, items, jobs

#: rows of one transaction: others wait no longer for it than for a batch
ROWS = 5_000


def turn_back(database: Database, now: float, seconds: float) -> int:
    """All that is due later than now is due that much earlier; how many items. Not one transaction."""
    count, last = 0, 0
    while True:
        with database.writing() as connection:
            found = _items_earlier(connection, now, seconds, last)
            if not found:
                _others_earlier(connection, now, seconds)
                return count
        count, last = count + len(found), found[-1]


def _items_earlier(connection: Connection, now: float, seconds: float, after: int) -> list[int]:
    """Some of the pending items beyond an id that are due later than now: that much earlier. Returns
    their ids, in order."""
    ids = sorted(
        connection.scalars(
            select(items.c.id)
            .where(is_pending, items.c.due_at > now, items.c.id > after)
            .order_by(items.c.id)
            .limit(ROWS)
            .with_for_update()
        )
    )
    for start in range(0, len(ids), 500):
        some = items.c.id.in_(ids[start : start + 500])
        connection.execute(update(items).where(some).values(due_at=_earlier(items.c.due_at, now, seconds)))
    return ids


def accepted_ahead(connection: Connection, now: float, least: float) -> int:
    """Items that were accepted on a clock that is ahead of now by more than least, and wait for it: due
    now. Returns how many."""
    ahead = (is_pending, items.c.due_at > now + least, items.c.due_at == items.c.created_at)
    changed = update(items).where(*ahead).values(due_at=now).returning(items.c.id)
    return len(connection.scalars(changed).all())


def _others_earlier(connection: Connection, now: float, seconds: float) -> None:
    """The same for feeds, and for when the intakes of running jobs are given up."""
    for table, column, which in (
        (feeds, feeds.c.due_at, is_active),
        (jobs, jobs.c.accepting_until, is_running),
    ):
        statement = update(table).where(which, column > now)
        connection.execute(statement.values({column: _earlier(column, now, seconds)}))


def _earlier(column: ColumnElement[float], now: float, seconds: float) -> ColumnElement[float]:
    return case((column - seconds < now, now), else_=column - seconds)
