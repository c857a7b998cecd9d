"""What people ask: jobs, items, articles."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, or_, select, tuple_

from pipeline import urls
from pipeline.errors import SourceError
from pipeline.model import JobStatus
from pipeline.search import Query, parse, snippet
from pipeline.store import search as finding
from pipeline.store import tallying
from pipeline.store.acceptance import chunks
from pipeline.store.contract import ArticleRow, ItemRow
from pipeline.store.paging import Amount, Listing, Number, Order
from pipeline.store.rows import read_article, read_article_row, read_item_row, read_job
from pipeline.store.schema import (
    articles,
    is_failed,
    is_in_flight,
    is_not_stored,
    is_pending,
    is_running,
    items,
    jobs,
)
from pipeline.store.wording import storable, storable_key

#: articles read at once by an export
EXPORT_PAGE = 200
#: what a column must hold for a partial index to answer -> its condition
_PARTIAL = {
    ("state", "pending"): (is_pending,),
    ("state", "in_flight"): (is_in_flight,),
    ("outcome", "failed"): (is_failed,),
}
_JOBS = Order("jobs", tuple[str])
_ITEMS = Order("items", tuple[Number])
_NEWEST = Order("articles", tuple[Amount, Number])
#: the newest article that there was at the first page; then score and article of the last that was shown
_BEST = Order("found", tuple[Number, Amount, Number])
_ARTICLE_ROW = [articles.c[name] for name in ArticleRow.__struct_fields__ if name != "passage"]


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
        query = query.where(is_running if state == "running" else jobs.c.state == storable(state))
    if cursor is not None:
        query = query.where(jobs.c.id < storable(_JOBS.place(cursor)[0]))
    rows = [read_job(row) for row in connection.execute(query).mappings()]
    return _JOBS.page(rows, limit, lambda row: (row.job,))


def totals(connection: Connection) -> JobStatus:
    row = tallying.sums(connection)
    state = "running" if row["running"] else "done"
    told: dict[str, Any] = {"id": "", "state": state, "sources": [], "created_at": row["first"] or 0.0}
    return read_job(dict(row) | told | {"finished_at": None if row["running"] else row["last"]})


# -- articles -----------------------------------------------------------------------------------


def list_articles(
    connection: Connection,
    search: str | None,
    since: float | None,
    job: str | None,
    sure: tuple[float | None, float | None],
    limit: int,
    cursor: str | None = None,
) -> Listing[ArticleRow]:
    """The newest articles, or those that answer a search, best first. ``sure``: the least confidence,
    and the one that is too much. Raises QueryError, CursorError."""
    least, below = sure
    wanted: list[ColumnElement[bool]] = []
    if since is not None:
        wanted.append(articles.c.stored_at >= since)
    if job is not None:
        wanted.append(articles.c.job == storable(job))
    if least is not None:
        wanted.append(articles.c.confidence >= least)
    if below is not None:
        wanted.append(articles.c.confidence < below)
    asked = parse(search or "")
    wanted += finding.published(asked)
    if asked.groups:
        return _best(connection, asked, wanted, limit, cursor)
    if asked.excluded:
        wanted.append(finding.unwanted(connection, asked))
    if cursor is not None:
        wanted.append(tuple_(articles.c.stored_at, articles.c.id) < _NEWEST.place(cursor))
    query = select(*_ARTICLE_ROW).where(*wanted)
    query = query.order_by(articles.c.stored_at.desc(), articles.c.id.desc()).limit(limit + 1)
    rows = [read_article_row(row) for row in connection.execute(query).mappings()]
    return _NEWEST.page(rows, limit, lambda row: (row.stored_at, row.id))


def _best(
    connection: Connection, asked: Query, wanted: list[ColumnElement[bool]], limit: int, cursor: str | None
) -> Listing[ArticleRow]:
    """One page of what a search finds, among the articles that there were when its first page was read:
    those that came since would move the window of the newest that are ranked."""
    last: tuple[float, int] | None = None
    if cursor is None:
        newest = connection.execute(select(func.max(articles.c.id))).scalar() or 0
    else:
        newest, score, article = _BEST.place(cursor)
        last = (score, article)
    best = finding.ranked(connection, asked, [*wanted, articles.c.id <= newest])
    order = select(best.c.score, best.c.id).order_by(best.c.score.desc(), best.c.id.desc())
    places = [(float(row.score), row.id) for row in connection.execute(order)]
    places = places[_behind(places, last) :]
    shown = _BEST.page(places, limit, lambda place: (newest, *place))
    query = select(*_ARTICLE_ROW, articles.c.text)
    rows = {
        row["id"]: read_article_row(row, snippet(row["text"], asked))
        for some in chunks([number for _, number in shown])
        for row in connection.execute(query.where(articles.c.id.in_(some))).mappings()
    }
    return Listing([rows[number] for _, number in shown if number in rows], shown.next)


def _behind(places: list[tuple[float, int]], last: tuple[float, int] | None) -> int:
    """How many places are up to and with the last one that was shown. It is found by its article:
    SQLite's ranks shift a little, all together, with every article that is added."""
    if last is None:
        return 0
    for number, (_, article) in enumerate(places, 1):
        if article == last[1]:
            return number
    return sum(place >= last for place in places)


def article(connection: Connection, article: int) -> dict[str, Any] | None:
    row = connection.execute(select(articles).where(articles.c.id == article)).mappings().first()
    return read_article(row) if row else None


def article_item(connection: Connection, article: int) -> int | None:
    return connection.execute(select(articles.c.item).where(articles.c.id == article)).scalar()


def export_page(connection: Connection, after: int, since: float | None) -> list[dict[str, Any]]:
    """The next articles by id: short transactions, however long the reader takes between them."""
    query = select(articles).where(articles.c.id > after).order_by(articles.c.id).limit(EXPORT_PAGE)
    if since is not None:
        query = query.where(articles.c.stored_at >= since)
    return [read_article(row) for row in connection.execute(query).mappings()]


# -- items --------------------------------------------------------------------------------------


def list_items(
    connection: Connection, named: Mapping[str, str | None], limit: int, cursor: str | None = None
) -> Listing[ItemRow]:
    """The newest first, by their ids. ``named``: columns and what they shall hold, where that is not
    None. Raises CursorError."""
    query = select(items).where(*_conditions(named)).order_by(items.c.id.desc()).limit(limit + 1)
    if cursor is not None:
        query = query.where(items.c.id < _ITEMS.place(cursor)[0])
    rows = [read_item_row(row) for row in connection.execute(query).mappings()]
    return _ITEMS.page(rows, limit, lambda row: (row.id,))


def _conditions(named: Mapping[str, str | None]) -> Iterator[ColumnElement[bool]]:
    for name, value in named.items():
        if value is not None:
            yield items.c[name] == storable(value)
            # Said once more in the words of the partial indexes.
            if name == "outcome" and value != "stored":
                yield is_not_stored
            yield from _PARTIAL.get((name, value), ())


def find_items(connection: Connection, name: str, limit: int) -> list[ItemRow]:
    """By id or key through an index; only where that finds nothing, by a part of the name."""
    name = storable(name.strip())
    query = select(items).order_by(items.c.id.desc()).limit(limit)
    for condition in _meanings(name):
        rows = connection.execute(query.where(condition)).mappings().all()
        if rows:
            return [read_item_row(row) for row in rows]
    return []


def _meanings(name: str) -> Iterator[ColumnElement[bool]]:
    if not name:
        return
    if name.isascii() and name.isdigit() and int(name) < 1 << 63:
        yield items.c.id == int(name)
    yield items.c.key.in_(keys_of(name))
    yield or_(items.c.name == name, items.c.url == name)
    yield or_(items.c.name.icontains(name, autoescape=True), items.c.url.icontains(name, autoescape=True))


def keys_of(name: str) -> list[str]:
    """The keys that a person may mean by a name: itself, and that of the address or path it is."""
    keys = [storable_key(name)]
    try:
        keys.append(storable_key(urls.canonical(name)))
    except SourceError:
        keys.append(storable_key(urls.file_key(urls.file_path(name))))
    return keys
