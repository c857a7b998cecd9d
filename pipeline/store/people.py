"""What people ask: jobs, items, articles."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Connection, or_, select

from pipeline import urls
from pipeline.errors import SourceError
from pipeline.model import JobStatus
from pipeline.search import parse, snippet
from pipeline.store import search as finding
from pipeline.store import tallying
from pipeline.store.contract import ArticleRow, ItemRow
from pipeline.store.rows import read_article, read_article_row, read_item_row, read_job
from pipeline.store.schema import articles, is_not_stored, items, jobs
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
