"""Values to rows and back: one place knows how each value lies in its table."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from importlib import import_module
from typing import Any

import msgspec
from sqlalchemy import Connection, Executable, RowMapping, Select, Table

from pipeline import packing
from pipeline.model import (
    OUTCOMES,
    Article,
    Counts,
    Entry,
    Feed,
    Fetched,
    Hints,
    Item,
    JobStatus,
    NewItem,
    Poll,
    Problem,
    Step,
    WebSub,
)
from pipeline.schedule.history import SUCCESSES
from pipeline.search import Snippet
from pipeline.store.contract import SKIP_CODES, ArticleRow, ItemRow
from pipeline.store.wording import storable, storable_json, storable_key, storable_message
from pipeline.urls import host_of

Row = RowMapping | dict[str, Any]


def insert_new(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    """Insert the rows whose primary key is not there yet; the others stay as they are."""
    if rows:
        connection.execute(_insert_new(connection.dialect.name, table), rows)


def insert_new_from(connection: Connection, table: Table, query: Select[Any]) -> int:
    """Insert what a query gives, all columns in order, where the primary key is not there yet."""
    statement = _insert(connection.dialect.name, table).from_select(table.c.keys(), query)
    # SQLAlchemy forgets how many rows an INSERT wrote unless it is told not to.
    counted = statement.on_conflict_do_nothing().execution_options(preserve_rowcount=True)
    number: int = connection.execute(counted).rowcount
    return number


def insert_or_replace(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    """Insert the rows; where the primary key is there already, take over all other columns."""
    if rows:
        connection.execute(_insert_or_replace(connection.dialect.name, table), rows)


def _insert(dialect: str, table: Table) -> Any:
    # Only the dialect in use is loaded: PostgreSQL's takes a fifth of a second.
    return import_module(f"sqlalchemy.dialects.{dialect}").insert(table)


# Both dialects spell an upsert alike, but each has its own class. Building one takes as long as
# executing it for ten rows.
@cache
def _insert_new(dialect: str, table: Table) -> Executable:
    statement: Executable = _insert(dialect, table).on_conflict_do_nothing()
    return statement


@cache
def _insert_or_replace(dialect: str, table: Table) -> Executable:
    insert = _insert(dialect, table)
    keys = [column.name for column in table.primary_key]
    others = {column.name: insert.excluded[column.name] for column in table.c if column.name not in keys}
    statement: Executable = insert.on_conflict_do_update(index_elements=keys, set_=others)
    return statement


# -- items --------------------------------------------------------------------------------------


def page_row(body: bytes, now: float) -> dict[str, Any]:
    """A page as it is kept: by its digest, compressed."""
    return {
        "digest": packing.digest(body),
        "body": packing.compress(body),
        "size": len(body),
        "first_seen_at": now,
    }


def new_item_row(job: str, item: NewItem, page_digest: str | None, now: float) -> dict[str, Any]:
    """A row for an item that starts: pending, or done when it was born with a problem."""
    row: dict[str, Any] = {
        "job": job,
        "key": storable_key(item.key),
        "name": storable(item.name),
        "source": storable(item.source),
        "url": storable(item.url),
        "host": _host(item),
        "content_type": storable(item.content_type),
        "entry": pack_entry(item.entry),
        "expand": item.expand,
        "state": "pending",
        "outcome": None,
        "code": None,
        "message": None,
        "stage": None,
        "attempts": 0,
        "due_at": now,
        "created_at": now,
        "finished_at": None,
        "page_digest": page_digest,
    }
    if item.problem:
        row |= {
            "state": "done",
            "outcome": "skipped" if item.problem.code in SKIP_CODES else "failed",
            "code": item.problem.code,
            "message": storable_message(item.problem.message),
            "stage": None if item.url or page_digest else "read",
            "due_at": None,
            "finished_at": now,
        }
    return row


def pack_entry(entry: Entry | None) -> bytes | None:
    if entry is None:
        return None
    try:
        return packing.pack(entry)
    except UnicodeEncodeError:
        return packing.pack(storable_json(entry))


def read_item(row: Row) -> Item:
    return Item(
        id=row["id"],
        job=row["job"],
        key=row["key"],
        name=row["name"],
        source=row["source"],
        state=row["state"],
        url=row["url"],
        content_type=row["content_type"],
        entry=packing.unpack(row["entry"], Entry) if row["entry"] is not None else None,
        expand=row["expand"],
        attempts=row["attempts"],
        page_digest=row["page_digest"],
        fetched=msgspec.convert(row["fetched"], Fetched) if row["fetched"] else None,
    )


def read_item_row(row: Row) -> ItemRow:
    return ItemRow(
        id=row["id"],
        job=row["job"],
        key=row["key"],
        name=row["name"],
        source=row["source"],
        url=row["url"],
        state=row["state"],
        outcome=row["outcome"],
        code=row["code"],
        message=row["message"],
        stage=row["stage"],
        article=row["article_id"],
        attempts=row["attempts"],
        created_at=row["created_at"],
        due_at=row["due_at"],
        finished_at=row["finished_at"],
        page_digest=row["page_digest"],
        trace=msgspec.convert(row["trace"] or [], list[Step]),
    )


def _host(item: NewItem) -> str:
    # Keys that are addresses are canonical already: cutting them is 50 times cheaper.
    if item.key.startswith(("http://", "https://")):
        return storable(item.key.split("/", 3)[2][:255])
    return storable(host_of(item.url)[:255]) if item.url else ""


# -- jobs ---------------------------------------------------------------------------------------


def read_job(row: Row) -> JobStatus:
    outcomes = Counts(**{name: int(row[name]) for name in OUTCOMES})
    return JobStatus(
        job=row["id"],
        state=row["state"],
        items=int(row["items"]),
        pending=int(row["items"] - row["in_flight"]) - outcomes.total,
        in_flight=int(row["in_flight"]),
        outcomes=outcomes,
        sources=row["sources"],
        created_at=row["created_at"],
        finished_at=row["finished_at"],
        cancelled_at=row["cancelled_at"],
    )


# -- articles -----------------------------------------------------------------------------------

#: fields of an Article that are columns of their own; they win over what `data` says of them
ARTICLE_COLUMNS = (
    "canonical_url", "title", "site_name", "language", "published_at", "word_count", "content_hash",
    "simhash", "near_duplicate_of", "extractor_version", "confidence", "text",
)  # fmt: skip


def article_row(article: Article) -> dict[str, Any]:
    """The columns that an article fills by itself."""
    row: dict[str, Any] = {name: getattr(article, name) for name in ARTICLE_COLUMNS}
    row["published_ts"] = timestamp(article.published_at)
    row |= filtered_by(article.site_name, article.language, article.agency)
    row["data"] = msgspec.structs.replace(article, text="")
    return row


def filtered_by(site: str | None, language: str | None, agency: str | None) -> dict[str, str | None]:
    """The columns of an article that it is filtered by, and that say it in a form to compare."""
    return {
        "site": folded(site) if site else None,
        "base_language": base_language(language) if language else None,
        "agency": folded(agency) if agency else None,
    }


def folded(name: str) -> str:
    """A name without regard to case and spaces."""
    return " ".join(name.casefold().split())


def base_language(tag: str) -> str:
    """The language of a tag without its region and the like (RFC 5646, section 2.2.1)."""
    return tag.partition("-")[0].lower()


def article_host(url: str | None, key: str) -> str:
    """The host by which an article is filtered: of its address after redirects; empty if it has none."""
    return host_without_www(host_of(url or key))


def host_without_www(host: str) -> str:
    return host.removeprefix("www.")[:255]


def read_article(row: Row) -> dict[str, Any]:
    """`Article.to_dict()` plus ``id``, ``job`` and ``fetched_at`` (ISO 8601)."""
    columns = {name: row[name] for name in ARTICLE_COLUMNS}
    told = msgspec.convert(row["data"] | columns, Article).to_dict()
    told |= {"id": row["id"], "job": row["job"]}
    told["fetched_at"] = datetime.fromtimestamp(row["fetched_at"], UTC).isoformat(timespec="seconds")
    return told


def read_article_row(row: Row, passage: Snippet | None = None) -> ArticleRow:
    columns = {name: row[name] for name in ArticleRow.__struct_fields__ if name != "passage"}
    return ArticleRow(**columns, passage=passage)


def timestamp(iso: str | None) -> float | None:
    """Unix seconds of an ISO 8601 date or time; without an offset it is UTC; None if it is neither."""
    if not iso:
        return None
    try:
        when = datetime.fromisoformat(iso)
    except ValueError:
        return None
    return (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp()


# -- feeds --------------------------------------------------------------------------------------


_LISTS = ("warnings", "choices", "history")
_STRUCTURES: dict[str, Any] = {
    "problem": Problem,
    "hints": Hints,
    "websub": WebSub,
    "history": list[Poll],
}


def read_feed(row: Row) -> Feed:
    values = {name: row[name] for name in Feed.__struct_fields__}
    for name, kind in _STRUCTURES.items():
        # Not by its truth: a value of nothing but defaults is kept as an empty object.
        if values[name] is not None:
            values[name] = msgspec.convert(values[name], kind)
    for name in _LISTS:
        values[name] = values[name] or []
    return Feed(**values)


def feed_row(feed: Feed) -> dict[str, Any]:
    """The columns that a feed fills; its key is another matter."""
    row: dict[str, Any] = {}
    for name in Feed.__struct_fields__:
        value = getattr(feed, name)
        if isinstance(value, str):
            value = storable(value)
        elif isinstance(value, (list, msgspec.Struct)):
            value = storable_json(value) if value else None
        row[name] = value
    row["listed"] = listed(feed.history)
    row["websub_token"] = storable(feed.websub.token) if feed.websub else None
    del row["id"]
    return row


def listed(history: Sequence[Poll]) -> int | None:
    """The entries that a feed listed when a poll last worked; None: none did."""
    return next((poll.entries for poll in reversed(history) if poll.result in SUCCESSES), None)
