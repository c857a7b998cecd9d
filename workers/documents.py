"""What the rows look like as JSON, one shape for the command line and for the API.

Times are ISO 8601 in UTC; passwords in addresses are masked. Status documents of jobs are made in
`workers.status`.
"""

from __future__ import annotations

from typing import Any

import msgspec

from pipeline.errors import CODES
from pipeline.model import Feed
from pipeline.store.contract import ArticleRow, FailureGroup, ItemRow
from pipeline.urls import without_password
from workers.wording import iso

#: plain JSON values
Document = dict[str, Any]


def article_line(row: ArticleRow) -> Document:
    """One article, as lists show it."""
    return _with_times(row, "stored_at", "fetched_at")


def feed_document(feed: Feed) -> Document:
    return _with_times(feed, "due_at", "last_polled_at", "last_success_at")


def failure_document(group: FailureGroup) -> Document:
    """Dead letters of one cause, with what can be done about it."""
    return _with_times(group) | {"advice": CODES.get(group.code)}


def item_document(item: ItemRow) -> Document:
    """One item's passport."""
    told = _with_times(item, "created_at", "due_at", "finished_at")
    told["trace"] = [_with_times(step, "at") for step in item.trace]
    return told | {"advice": CODES.get(item.code) if item.code else None}


def _with_times(value: msgspec.Struct, *times: str) -> Document:
    plain: Document = msgspec.to_builtins(value)
    masked = {name: without_password(plain[name]) for name in ("url", "source") if plain.get(name)}
    return plain | masked | {name: iso(getattr(value, name)) for name in times}


__all__ = ["Document", "article_line", "failure_document", "feed_document", "item_document"]
