"""What the rows look like as JSON, one shape for the command line and for the API.

Times are ISO 8601 in UTC; passwords in addresses are masked. Status documents of jobs are made in
`workers.status`.
"""

from __future__ import annotations

from typing import Any

import msgspec

from pipeline.errors import CODES
from pipeline.model import Feed, Fetched
from pipeline.store.contract import ArticleRow, ItemRow
from pipeline.urls import without_password
from workers.feed_health import health, missed
from workers.wording import iso

#: plain JSON values
Document = dict[str, Any]


def article_line(row: ArticleRow) -> Document:
    """One article, as lists show it."""
    return _with_times(row, "stored_at", "fetched_at") | {"passage": _whole(row.passage)}


def feed_line(feed: Feed, now: float) -> Document:
    """One feed, as lists show it: without its history and what only the next poll needs."""
    return {name: value for name, value in feed_document(feed, now).items() if name not in _ONLY_WHOLE}


def feed_document(feed: Feed, now: float) -> Document:
    """Everything of one feed, with its health. What only the hub may know is left out."""
    found = health(feed, now)
    told = _with_times(
        feed, "due_at", "full_at", "last_polled_at", "last_success_at", "last_new_at", "last_overflow_at",
        "moved_since",
    )  # fmt: skip
    told |= {
        "health": found.word,
        "health_reason": found.says,
        "advice": CODES.get(feed.problem.code) if feed.problem else None,
        "entries_new": sum(poll.new for poll in feed.history),
        "missed": missed(feed),
        "problem": _whole(feed.problem),
        "hints": _whole(feed.hints),
        "history": [_whole(poll, "at") for poll in feed.history],
        "choices": [without_password(choice) for choice in feed.choices],
    }
    if feed.websub is not None:
        websub = _whole(feed.websub, "asked_at", "until", "last_push_at")
        told["websub"] = {name: value for name, value in websub.items() if name not in _SECRET}
    return told


#: of a feed: only in the document of one
_ONLY_WHOLE = frozenset({"history", "choices", "body_digest", "entries_digest", "etag", "last_modified"})
#: of a subscription at a hub: who knows them can push what the feed never said
_SECRET = frozenset({"token", "secret"})
#: fields that hold an address
_ADDRESSES = ("key", "url", "source", "moved_to", "found_at", "hub", "topic")


def item_line(item: ItemRow) -> Document:
    """One item, as lists show it: without its trace."""
    told = _with_times(item, "created_at", "due_at", "finished_at")
    del told["trace"]
    told["confidence"] = item.confidence
    return told | {"advice": CODES.get(item.code) if item.code else None}


def item_document(item: ItemRow) -> Document:
    """One item's passport."""
    return item_line(item) | {"trace": [_whole(step, "at") for step in item.trace]}


def fetched_document(fetched: Fetched | None) -> Document | None:
    """How an item's page was had over HTTP; None: it was not."""
    if fetched is None:
        return None
    return {
        "final_url": without_password(fetched.final_url),
        "status": fetched.status,
        "redirects": [without_password(one) for one in fetched.redirects],
        "at": iso(fetched.at),
    }


def _with_times(value: msgspec.Struct, *times: str) -> Document:
    plain: Document = msgspec.to_builtins(value)
    masked = {name: without_password(plain[name]) for name in _ADDRESSES if plain.get(name)}
    return plain | masked | {name: iso(getattr(value, name)) for name in times}


def _whole(value: msgspec.Struct | None, *times: str) -> Any:
    """A value inside another, with the fields that packing leaves out."""
    if value is None:
        return None
    defaults = {name: getattr(value, name) for name in value.__struct_fields__}
    return defaults | _with_times(value, *times)


__all__ = [
    "Document", "article_line", "feed_document", "feed_line", "fetched_document",
    "item_document", "item_line",
]  # fmt: skip
