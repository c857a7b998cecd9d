"""What can be told of a database by looking: may it be written to, who holds it up, what waits in it.

For `feedmill doctor`; nothing here writes.
"""

from __future__ import annotations

import time

import msgspec
from sqlalchemy import Connection, func, select, text

from pipeline.model import Value
from pipeline.store.database import Database
from pipeline.store.schema import articles, feeds, is_active, is_failed, is_pending, is_running, items, jobs

#: how long the write lock of a SQLite file is waited for (s)
LOCK_SECONDS = 3.0
#: codes of dead letters that ought not to be, and for how long (s) they are told
BLAMED, BLAMED_SECONDS = ("crashed", "internal", "memory"), 86_400.0
#: times that it is asked for how quick it is
_ASKED = 3


class Session(Value, frozen=True, kw_only=True):
    """A session of PostgreSQL that others may have to wait for."""

    pid: int
    #: what the program calls itself
    program: str
    #: as PostgreSQL has it: `active`, `idle in transaction`, ...
    state: str
    #: seconds in that state
    seconds: float
    #: sessions that it waits for; empty: it waits for none
    blocked_by: list[int] = []


class Condition(Value, frozen=True, kw_only=True):
    """What was found, at one moment. Of SQLite only what lies in its tables, and its lock."""

    #: the server's time, in Unix seconds; None: it is ours
    clock: float | None = None
    #: why nothing can be written; empty: it can
    read_only: str = ""
    #: connections in use, and how many there may be; 0: no such bound
    connections: int = 0
    most_connections: int = 0
    sessions: list[Session] = []
    #: a writer had the lock all the time that was waited for it
    locked: bool = False
    #: the quickest of several answers, in seconds
    quick: float = 0.0
    #: the latest time that was written to any row
    newest: float = 0.0
    #: items that are due, and since when the first of them is
    due: int = 0
    due_since: float | None = None
    running_jobs: int = 0
    feeds: int = 0
    #: dead letters for which Feedmill itself is to blame, or a page that is hostile: by code
    blamed: dict[str, int] = {}
    #: active feeds that are due for longer than the caller asked for
    feeds_late: int = 0


_SERVER = text(
    "SELECT extract(epoch FROM clock_timestamp()) AS clock,"
    " current_setting('transaction_read_only') = 'on' AS is_read_only,"
    " pg_is_in_recovery() AS is_standby,"
    " (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend') AS connections,"
    " current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int"
    " AS most_connections,"
    " coalesce(has_table_privilege(to_regclass('items'), 'INSERT, UPDATE'), true) AS may_write"
)
_SESSIONS = text(
    "SELECT pid, coalesce(application_name, '') AS program, state,"
    " extract(epoch FROM clock_timestamp() - state_change) AS seconds,"
    " pg_blocking_pids(pid) AS blocked_by"
    " FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    " AND (state LIKE 'idle in transaction%' OR wait_event_type = 'Lock') ORDER BY state_change LIMIT 20"
)


def condition(database: Database, now: float, late: float) -> Condition:
    """How the database is. ``late``: overdue feeds count from so many seconds on."""
    with database.reading() as connection:
        found = _rows(connection, now, late) | {"quick": _quickness(connection)}
        if not database.is_sqlite:
            found |= _server(connection)
    locked = database.is_sqlite and database.is_locked(LOCK_SECONDS)
    return msgspec.convert(found | {"locked": locked}, Condition)


def _quickness(connection: Connection) -> float:
    took = []
    for _ in range(_ASKED):
        began = time.perf_counter()
        connection.scalar(select(1))
        took.append(time.perf_counter() - began)
    return min(took)


def _rows(connection: Connection, now: float, late: float) -> dict[str, object]:
    newest = [
        connection.scalar(select(func.max(column)))
        for column in (jobs.c.created_at, articles.c.stored_at, feeds.c.last_polled_at)
    ]
    due = is_pending & (items.c.due_at <= now)
    waiting = connection.execute(
        select(func.count(), func.min(items.c.due_at)).where(due, items.c.job == jobs.c.id, is_running)
    ).one()
    is_late = is_active & (feeds.c.due_at < now - late)
    return {
        "newest": max(float(one or 0.0) for one in newest),
        "due": int(waiting[0]),
        "due_since": waiting[1],
        "running_jobs": connection.scalar(select(func.count()).where(is_running)) or 0,
        "feeds": connection.scalar(select(func.count()).where(is_active)) or 0,
        "blamed": {
            row.code: row.number
            for row in connection.execute(
                select(items.c.code, func.count().label("number"))
                .where(is_failed, items.c.code.in_(BLAMED), items.c.finished_at > now - BLAMED_SECONDS)
                .group_by(items.c.code)
            )
        },
        "feeds_late": connection.scalar(select(func.count()).where(is_late)) or 0,
    }


def _server(connection: Connection) -> dict[str, object]:
    row = connection.execute(_SERVER).one()
    read_only = ""
    if row.is_standby:
        read_only = "it is a standby, which only reads"
    elif row.is_read_only:
        read_only = "its transactions are read-only (default_transaction_read_only)"
    elif not row.may_write:
        read_only = "its user may not write to the tables"
    sessions = [
        Session(
            pid=one.pid,
            program=one.program,
            state=one.state or "",
            seconds=float(one.seconds or 0.0),
            blocked_by=list(one.blocked_by or []),
        )
        for one in connection.execute(_SESSIONS)
    ]
    return {
        "clock": float(row.clock),
        "read_only": read_only,
        "connections": row.connections,
        "most_connections": row.most_connections,
        "sessions": sessions,
    }
