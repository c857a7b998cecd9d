"""What people ask: jobs, items, articles, failures; and the retry that they order."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, or_, select, update

from pipeline import urls
from pipeline.errors import SourceError
from pipeline.model import JobStatus
from pipeline.search import parse, snippet
from pipeline.store import search as finding
from pipeline.store import tallying
from pipeline.store.contract import ArticleRow, FailureGroup, ItemRow
from pipeline.store.counting import count
from pipeline.store.rows import read_article, read_article_row, read_item_row, read_job
from pipeline.store.schema import articles, is_failed, is_not_stored, items, jobs
from pipeline.store.wording import storable, storable_key

#: articles read at once by an export
EXPORT_PAGE = 200
_ARTICLE_ROW = [articles.c[name] for name in ArticleRow.__struct_fields__ if name != "passage"]


# -- jobs ---------------------------------------------------------------------------------------


def job_status(connection: Connection, job: str) -> JobStatus | None:
    row = connection.execute(select(jobs).where(jobs.c.id == storable(job))).mappings().first()
    return read_job(row) if row else None


def list_jobs(connection: Connection, limit: int) -> list[JobStatus]:
    """The newest, by their ids: these begin with the time."""
    query = select(jobs).order_by(jobs.c.id.desc()).limit(limit)
    return [read_job(row) for row in connection.execute(query).mappings()]


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
) -> list[ArticleRow]:
    """The newest articles, or those that answer a search, best first. ``sure``: the least confidence,
    and the one that is too much. Raises QueryError."""
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
        best = finding.ranked(connection, asked, wanted)
        query = (
            select(*_ARTICLE_ROW, articles.c.text)
            .join_from(best, articles, articles.c.id == best.c.id)
            .order_by(best.c.score.desc(), articles.c.id.desc())
        )
        rows = connection.execute(query.limit(limit)).mappings()
        return [read_article_row(row, snippet(row["text"], asked)) for row in rows]
    if asked.excluded:
        wanted.append(finding.unwanted(connection, asked))
    query = select(*_ARTICLE_ROW).where(*wanted)
    query = query.order_by(articles.c.stored_at.desc(), articles.c.id.desc()).limit(limit)
    return [read_article_row(row) for row in connection.execute(query).mappings()]


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


def list_items(connection: Connection, job: str | None, outcome: str | None, limit: int) -> list[ItemRow]:
    query = select(items).order_by(items.c.id.desc()).limit(limit)
    if job is not None:
        query = query.where(items.c.job == storable(job))
    if outcome is not None:
        query = query.where(items.c.outcome == storable(outcome))
        if outcome != "stored":
            query = query.where(is_not_stored)
    return [read_item_row(row) for row in connection.execute(query).mappings()]


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


# -- failures -----------------------------------------------------------------------------------


def failures(connection: Connection, code: str | None, host: str | None) -> list[FailureGroup]:
    grouped = (
        select(items.c.code, items.c.host, func.count().label("count"), func.max(items.c.id).label("example"))
        .where(is_failed, *_narrowed(code=code, host=host))
        .group_by(items.c.code, items.c.host)
        .subquery()
    )
    query = (
        select(grouped, items.c.name, items.c.message)
        .join_from(grouped, items, items.c.id == grouped.c.example)
        .order_by(grouped.c.count.desc(), grouped.c.code, grouped.c.host)
    )
    return [
        FailureGroup(
            code=row["code"],
            host=row["host"],
            count=row["count"],
            example_item=row["example"],
            example_name=row["name"],
            message=row["message"] or "",
        )
        for row in connection.execute(query).mappings()
    ]


def retry(connection: Connection, now: float, conditions: list[ColumnElement[bool]]) -> int:
    """Dead letters that meet the conditions back to pending, and their jobs to running.

    An item that was born failed, with neither an address nor content, has nothing to try again:
    it stays what it is.
    """
    statement = (
        update(items)
        .where(is_failed, *conditions)
        .where(or_(items.c.url.is_not(None), items.c.page_digest.is_not(None)))
        .values(
            state="pending",
            outcome=None,
            code=None,
            message=None,
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


def retry_conditions(
    job: str | None, item: int | None, code: str | None, host: str | None
) -> list[ColumnElement[bool]]:
    return _narrowed(job=job, id=item, code=code, host=host)


def _narrowed(**wanted: str | int | None) -> list[ColumnElement[bool]]:
    given = {
        # What people typed may hold what no text of PostgreSQL does.
        name: storable(value) if isinstance(value, str) else value
        for name, value in wanted.items()
        if value is not None
    }
    return [items.c[name] == value for name, value in given.items()]
