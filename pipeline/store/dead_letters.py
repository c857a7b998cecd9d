"""The dead-letter desk: what failed, in groups; what waits to be tried again; and the retry."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Subquery, func, literal, or_, select, tuple_, update

from pipeline.store import cancelling, tallying
from pipeline.store.acceptance import chunks
from pipeline.store.contract import Chosen, FailureGroup, Failures, ItemRow, Listing, Waiting
from pipeline.store.counting import count
from pipeline.store.database import Database
from pipeline.store.paging import Amount, Number, Order
from pipeline.store.rows import read_item_row
from pipeline.store.schema import is_failed, is_waiting, items, jobs, was_cancelled
from pipeline.store.wording import storable

#: items retried in one transaction: others wait no longer for it than for a batch
ROWS = 2_000
_ORDER = Order("failures", tuple[Number, str, str, str])
_LETTERS = Order("dead letters", tuple[Amount, Number])
_STAGE = func.coalesce(items.c.stage, "")
#: what an item that is tried again becomes, beside when it is due
_AGAIN: dict[str, Any] = {
    "state": "pending",
    "outcome": None,
    "code": None,
    "message": None,
    "stage": None,
    "article_id": None,
    "attempts": 0,
    "finished_at": None,
}
#: what was born failed, with neither an address nor content, has nothing that could be tried again
_CAN_RETRY = or_(items.c.url.is_not(None), items.c.page_digest.is_not(None))


def failures(connection: Connection, chosen: Chosen, limit: int, cursor: str | None = None) -> Failures:
    """Groups by code, stage and host, out of the index alone; then one example of each that is shown.
    Raises CursorError."""
    grouped = (
        select(
            items.c.code,
            _STAGE.label("stage"),
            items.c.host,
            func.count().label("number"),
            func.min(items.c.finished_at).label("first_at"),
            func.max(items.c.finished_at).label("last_at"),
            func.max(items.c.id).label("example"),
        )
        .where(is_failed, *_conditions(chosen))
        .group_by(items.c.code, items.c.stage, items.c.host)
    ).subquery()
    sums = select(grouped.c.code, func.sum(grouped.c.number).label("number"), func.count().label("groups"))
    codes = connection.execute(sums.group_by(grouped.c.code)).all()
    shown = _shown(connection, grouped, limit, cursor)
    told = _told(connection, [row.example for row in shown])
    groups = [
        FailureGroup(
            code=row.code,
            stage=row.stage,
            host=row.host,
            count=row.number,
            first_at=row.first_at,
            last_at=row.last_at,
            example_item=row.example,
            example_name=told[row.example][0],
            message=told[row.example][1],
        )
        for row in shown
        if row.example in told
    ]
    return Failures(
        groups=groups,
        count=sum(int(row.number) for row in codes),
        group_count=sum(row.groups for row in codes),
        codes={row.code: int(row.number) for row in sorted(codes, key=lambda row: (-row.number, row.code))},
        next=shown.next,
    )


def _shown(connection: Connection, grouped: Subquery, limit: int, cursor: str | None) -> Listing[Row[Any]]:
    """One page of the groups, the largest first."""
    place = (-grouped.c.number, grouped.c.code, grouped.c.stage, grouped.c.host)
    query = select(grouped).order_by(*place).limit(limit + 1)
    if cursor is not None:
        query = query.where(tuple_(*place) > tuple_(*map(literal, _ORDER.place(cursor))))
    rows = connection.execute(query).all() if limit else []
    return _ORDER.page(rows, limit, lambda row: (-row.number, row.code, row.stage, row.host))


def dead_letters(
    connection: Connection, chosen: Chosen, limit: int, cursor: str | None = None
) -> Listing[ItemRow]:
    """Those that failed last first. Of one code, stage and host the index has them in this order. Raises
    CursorError."""
    place = tuple_(items.c.finished_at, items.c.id)
    conditions = [is_failed, *_conditions(chosen)]
    if cursor is not None:
        at, number = _LETTERS.place(cursor)
        conditions.append(place < tuple_(literal(at), literal(number)))
    order = (items.c.finished_at.desc(), items.c.id.desc())
    query = select(items).where(*conditions).order_by(*order).limit(limit + 1)
    rows = [read_item_row(row) for row in connection.execute(query).mappings()]
    return _LETTERS.page(rows, limit, lambda row: (row.finished_at or 0.0, row.id))


def waiting(connection: Connection, now: float, job: str | None) -> list[Waiting]:
    grouped = (
        select(
            items.c.code,
            func.count().label("number"),
            func.min(items.c.due_at).label("next_at"),
            func.max(items.c.id).label("example"),
        )
        .where(is_waiting, items.c.due_at > now)
        .group_by(items.c.code)
    )
    if job is not None:
        grouped = grouped.where(items.c.job == storable(job))
    rows = connection.execute(grouped).all()
    told = _told(connection, [row.example for row in rows])
    return [
        Waiting(
            code=row.code,
            count=row.number,
            next_at=row.next_at,
            example_item=row.example,
            message=told[row.example][1],
        )
        for row in sorted(rows, key=lambda row: (-row.number, row.code))
        if row.example in told
    ]


def retryable(connection: Connection, chosen: Chosen) -> int:
    query = select(func.count()).select_from(items).where(_is_retried(chosen), *_conditions(chosen))
    return connection.execute(query).scalar_one()


def retry(database: Database, now: float, chosen: Chosen) -> int:
    """The chosen items back to pending, and their jobs to running; how many. No more than there were when it
    began: what fails again at once is not taken up for ever."""
    if chosen.job is not None:
        with database.writing() as connection:
            cancelling.resume(connection, chosen.job)
    with database.reading() as connection:
        left = most = retryable(connection, chosen)
    while left:
        with database.writing(serial=True) as connection:
            moved = _retry_some(connection, now, chosen, min(ROWS, left))
        if not moved:
            break
        left -= moved
    return most - left


def _retry_some(connection: Connection, now: float, chosen: Chosen, most: int) -> int:
    which = select(items.c.id).where(_is_retried(chosen), *_conditions(chosen)).limit(most)
    # The outcome as it was: what UPDATE returns is the row as it has become.
    rows = connection.execute(
        select(items.c.id, items.c.job, items.c.outcome).where(items.c.id.in_(which)).with_for_update()
    ).all()
    for some in chunks(row.id for row in rows):
        connection.execute(update(items).where(items.c.id.in_(some)).values(_AGAIN | {"due_at": now}))
    deltas: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        deltas[row.job][row.outcome] -= 1
    tallying.untally(connection, deltas)
    going = {"state": "running", "finished_at": None, "cancelled_at": None}
    for job in sorted(deltas):
        connection.execute(update(jobs).where(jobs.c.id == job).values(going))
    count(connection, deltas)
    return len(rows)


def _is_retried(chosen: Chosen) -> ColumnElement[bool]:
    """What failed, and what was cancelled where its job or itself is named: a person who tries all that
    failed again does not mean what a person did not want."""
    if chosen.job is None and chosen.item is None:
        return is_failed & _CAN_RETRY
    return or_(is_failed, was_cancelled) & _CAN_RETRY


def _told(connection: Connection, ids: list[int]) -> dict[int, tuple[str, str]]:
    """Names and messages of items."""
    found: dict[int, tuple[str, str]] = {}
    for first in range(0, len(ids), 500):
        query = select(items.c.id, items.c.name, items.c.message).where(
            items.c.id.in_(ids[first : first + 500])
        )
        found.update((row.id, (row.name, row.message or "")) for row in connection.execute(query))
    return found


def _conditions(chosen: Chosen) -> list[ColumnElement[bool]]:
    named = {
        items.c.id: chosen.item,
        items.c.job: storable(chosen.job),
        items.c.code: storable(chosen.code),
        items.c.host: storable(chosen.host),
    }
    conditions = [column == value for column, value in named.items() if value is not None]
    if chosen.stage is not None:
        unknown = items.c.stage.is_(None)
        conditions.append(items.c.stage == storable(chosen.stage) if chosen.stage else unknown)
    if chosen.since is not None:
        conditions.append(items.c.finished_at >= chosen.since)
    if chosen.before is not None:
        conditions.append(items.c.finished_at < chosen.before)
    return conditions
