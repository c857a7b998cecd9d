"""Pages kept: their bytes once for each digest, and noted with the items that they were fetched for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, func, update

from pipeline.store.contract import Kept, NewPage
from pipeline.store.database import Database
from pipeline.store.rows import insert_new, page_row
from pipeline.store.schema import is_in_flight, items, pages
from pipeline.store.wording import storable, storable_json

_NOTE = (
    update(items)
    .where(items.c.id == bindparam("of_item"), is_in_flight)
    .values(
        page_digest=bindparam("page_digest"),
        fetched=bindparam("fetched"),
        content_type=func.coalesce(bindparam("content_type"), items.c.content_type),
    )
)


def keep(database: Database, new: Sequence[NewPage], now: float) -> list[Kept]:
    """Keep the pages, in one transaction; digests and compression happen before its lock."""
    if not new:
        return []
    rows = [page_row(page.body, page.fetched.at if page.fetched else now) for page in new]
    with database.writing() as connection:
        return _keep(connection, new, rows)


def _keep(connection: Connection, new: Sequence[NewPage], rows: Sequence[dict[str, Any]]) -> list[Kept]:
    """Keep the pages, and note each with its item, if that is in flight."""
    # One order for all writers: two that keep the same pages cannot lock each other out.
    distinct = {row["digest"]: row for row in rows}
    insert_new(connection, pages, [distinct[digest] for digest in sorted(distinct)])
    notes = [
        {
            "of_item": page.item,
            "page_digest": row["digest"],
            "fetched": storable_json(page.fetched) if page.fetched else None,
            "content_type": storable(page.content_type),
        }
        for page, row in zip(new, rows, strict=True)
    ]
    connection.execute(_NOTE, sorted(notes, key=lambda note: int(note["of_item"])))
    return [Kept(digest=row["digest"], frame=row["body"]) for row in rows]
