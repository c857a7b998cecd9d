"""The dead-letter desk: what failed, in groups; what waits to be tried again; and the retry."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Subquery, func, literal, or_, select, tuple_, update

from pipeline.store import tallying
from pipeline.store.contract import Chosen, FailureGroup, Failures, ItemRow, Listing, Waiting
from pipeline.store.counting import count
from pipeline.store.paging import Amount, Number, Order
from pipeline.store.rows import read_item_row
from pipeline.store.schema import is_failed, is_waiting, items, jobs
from pipeline.store.wording import storable

_ORDER = Order("failures", tuple[Number, str, str, str])
_LETTERS = Order("dead letters", tuple[Amount, Number])
_STAGE = func.coalesce(items.c.stage, "")
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
    query = select(func.count()).select_from(items).where(is_failed, _CAN_RETRY, *_conditions(chosen))
    return connection.execute(query).scalar_one()


def retry(connection: Connection, now: float, chosen: Chosen) -> int:
    """Dead letters that are chosen back to pending, and their jobs to running."""
    statement = (
        update(items)
        .where(is_failed, _CAN_RETRY, *_conditions(chosen))
        .values(
            state="pending",
            outcome=None,
            code=None,
            message=None,
            stage=None,
            article_id=None,
            attempts=0,
            due_at=now,
            finished_at=None,
        )
        .returning(items.c.job)
    )
    moved = Counter(connection.scalars(statement))
    deltas: dict[str, Counter[str]] = defaultdict(Counter)
    tallying.untally(connection, moved)
    for job, number in sorted(moved.items()):
        deltas[job]["failed"] -= number
        connection.execute(update(jobs).where(jobs.c.id == job).values(state="running", finished_at=None))
    count(connection, deltas)
    return moved.total()


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
