"""What people ask: jobs, items, and one article (`library` lists them)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, or_, select

from pipeline import urls
from pipeline.errors import SourceError
from pipeline.model import OUTCOMES, JobStatus
from pipeline.spellings import keys_meant
from pipeline.store import tallying
from pipeline.store.contract import ItemRow
from pipeline.store.database import Database
from pipeline.store.leading import is_one
from pipeline.store.paging import Listing, Number, Order
from pipeline.store.rows import read_article, read_item_row, read_job
from pipeline.store.schema import (
    articles,
    has_name,
    is_cancelled,
    is_failed,
    is_in_flight,
    is_pending,
    is_running,
    items,
    jobs,
    was_moved,
)
from pipeline.store.wording import storable, storable_key

#: articles read at once by an export
EXPORT_PAGE = 50
#: numbers of articles read at once by an export
EXPORT_IDS = 20_000
#: the last numbers of items, those whose names are looked through for a part of one
LOOKED_AT = 2_500
#: what a column must hold for a partial index to answer -> its condition
_PARTIAL = {
    ("state", "pending"): (is_pending,),
    ("state", "in_flight"): (is_in_flight,),
    ("outcome", "failed"): (is_failed,),
}
#: states of jobs that have an index of their own
_OF_JOBS = {"running": is_running, "cancelled": is_cancelled}
_JOBS = Order("jobs", tuple[str])
_ITEMS = Order("items", tuple[Number])
#: the order of a job's items
_OF_JOB = (items.c.job.desc(), items.c.id.desc())


# -- jobs ---------------------------------------------------------------------------------------


def job_status(connection: Connection, job: str) -> JobStatus | None:
    row = connection.execute(select(jobs).where(jobs.c.id == storable(job))).mappings().first()
    return read_job(row) if row else None


def list_jobs(
    connection: Connection, limit: int, state: str | None = None, cursor: str | None = None
) -> Listing[JobStatus]:
    """The newest, by their ids: these begin with the time."""
    query = select(jobs).order_by(jobs.c.id.desc()).limit(limit + 1)
    if state is not None:
        query = query.where(_OF_JOBS.get(state, jobs.c.state == storable(state)))
    if cursor is not None:
        query = query.where(jobs.c.id < storable(_JOBS.place(cursor)[0]))
    rows = [read_job(row) for row in connection.execute(query).mappings()]
    return _JOBS.page(rows, limit, lambda row: (row.job,))


def totals(connection: Connection) -> JobStatus:
    row = tallying.sums(connection)
    state = "running" if row["running"] else "done"
    told: dict[str, Any] = {"id": "", "state": state, "sources": [], "created_at": row["first"] or 0.0}
    told["cancelled_at"] = None
    return read_job(dict(row) | told | {"finished_at": None if row["running"] else row["last"]})


# -- articles -----------------------------------------------------------------------------------


def article(connection: Connection, article: int) -> dict[str, Any] | None:
    row = connection.execute(select(articles).where(articles.c.id == article)).mappings().first()
    return read_article(row) if row else None


def article_item(connection: Connection, article: int) -> int | None:
    return connection.execute(select(articles.c.item).where(articles.c.id == article)).scalar()


def export(database: Database, since: float | None) -> Iterator[dict[str, Any]]:
    """Articles by id, in short transactions, however long the reader takes between them."""
    last = 0
    while True:
        with database.reading() as connection:
            ids = _export_ids(connection, last, since)
        if not ids:
            return
        for first in range(0, len(ids), EXPORT_PAGE):
            with database.reading() as connection:
                page = _export_page(connection, ids[first : first + EXPORT_PAGE])
            yield from page
        last = ids[-1]


def _export_ids(connection: Connection, after: int, since: float | None) -> list[int]:
    """The next articles by id. So many at once, because of few the database would rather walk through all
    that were written earlier than sort those that were not."""
    query = select(articles.c.id).where(articles.c.id > after).order_by(articles.c.id).limit(EXPORT_IDS)
    if since is not None:
        query = query.where(articles.c.stored_at >= since)
    return list(connection.scalars(query))


def _export_page(connection: Connection, ids: Sequence[int]) -> list[dict[str, Any]]:
    query = select(articles).where(articles.c.id.in_(ids)).order_by(articles.c.id)
    return [read_article(row) for row in connection.execute(query).mappings()]


# -- items --------------------------------------------------------------------------------------


def list_items(
    connection: Connection,
    named: Mapping[str, str | None],
    limit: int,
    cursor: str | None = None,
    part: str | None = None,
) -> Listing[ItemRow]:
    """The newest first, by their ids. ``named``: columns and what they shall hold, where that is not
    None; ``part``: of their names. Raises CursorError."""
    conditions = list(_conditions(connection, named))
    if cursor is not None:
        conditions.append(items.c.id < _ITEMS.place(cursor)[0])
    # Ordered by the job first: see `leading`.
    order = (items.c.id.desc(),) if named.get("job") is None else _OF_JOB
    last: int | None = None
    if part is not None:
        # No index finds a part of a name: so many are looked at, and the next page looks on behind them.
        # Between two numbers: with the lower one only, PostgreSQL walks through all jobs that are newer.
        ids = select(items.c.id).where(*conditions).order_by(*order).limit(LOOKED_AT).subquery()
        looked = connection.execute(select(func.count(), func.min(ids.c.id), func.max(ids.c.id))).one()
        last = looked[1] if looked[0] == LOOKED_AT else None
        conditions.append(items.c.name.icontains(storable(part), autoescape=True))
        conditions += [items.c.id >= looked[1], items.c.id <= looked[2]] if looked[0] else []
    if named.get("state") == "done" and part is None and named.get("outcome") is None:
        conditions = [items.c.id.in_(_done(connection, conditions, order, limit + 1))]
    query = select(items).where(*conditions).order_by(*order).limit(limit + 1)
    rows = [read_item_row(row) for row in connection.execute(query).mappings()]
    page = _ITEMS.page(rows, limit, lambda row: (row.id,))
    if page.next is None and last is not None:
        page.next = _ITEMS.cursor((last,))
    return page


def _done(
    connection: Connection,
    conditions: Sequence[ColumnElement[bool]],
    order: Sequence[ColumnElement[Any]],
    limit: int,
) -> list[int]:
    """The newest items that have ended: of each outcome by its index, for a job may have a million that
    have not, and these are newer."""
    found: list[int] = []
    for outcome in OUTCOMES:
        ended = select(items.c.id).where(*conditions, items.c.outcome == outcome)
        found += connection.scalars(ended.order_by(*order).limit(limit))
    return sorted(found, reverse=True)[:limit]


def titles(connection: Connection, ids: Sequence[int]) -> dict[int, str]:
    query = select(articles.c.id, articles.c.title).where(articles.c.id.in_(ids))
    return {row.id: row.title for row in connection.execute(query) if row.title} if ids else {}


def _conditions(connection: Connection, named: Mapping[str, str | None]) -> Iterator[ColumnElement[bool]]:
    for name, value in named.items():
        if value is not None:
            column = items.c[name]
            yield is_one(connection, column, value) if name == "job" else column == storable(value)
            # Said once more in the words of the partial indexes.
            yield from _PARTIAL.get((name, value), ())


def find_items(connection: Connection, name: str, limit: int) -> list[ItemRow]:
    """By id, key or whole name through an index; only where that finds nothing, by a part of the name,
    among the newest."""
    name = storable(name.strip())
    query = select(items).order_by(items.c.id.desc()).limit(limit)
    for condition in _meanings(name):
        rows = connection.execute(query.where(condition)).mappings().all()
        if rows:
            return [read_item_row(row) for row in rows]
    return _partly_named(connection, name, limit)


def _meanings(name: str) -> Iterator[ColumnElement[bool]]:
    if not name:
        return
    if name.isascii() and name.isdigit() and int(name) < 1 << 63:
        yield items.c.id == int(name)
    yield items.c.key.in_(keys_of(name))
    yield (items.c.name == name) & has_name
    meant = [storable_key(key) for key in keys_meant(name)]
    yield items.c.key.in_(meant)
    yield items.c.landed.in_(meant) & was_moved


def _partly_named(connection: Connection, name: str, limit: int) -> list[ItemRow]:
    if not name:
        return []
    newest = select(func.max(items.c.id) - LOOKED_AT).scalar_subquery()
    found = or_(items.c.name.icontains(name, autoescape=True), items.c.url.icontains(name, autoescape=True))
    query = select(items).where(items.c.id > newest, found).order_by(items.c.id.desc()).limit(limit)
    return [read_item_row(row) for row in connection.execute(query).mappings()]


def keys_of(name: str) -> list[str]:
    """The keys that a person may mean by a name: itself, and that of the address or path it is."""
    keys = [storable_key(name)]
    try:
        keys.append(storable_key(urls.canonical(name)))
    except SourceError:
        keys.append(storable_key(urls.file_key(urls.file_path(name))))
    return keys
