"""Subscribed feeds: what people want of them, and who is due."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import msgspec
from sqlalchemy import Connection, delete, select, update

from pipeline.errors import SourceError, StoreError
from pipeline.model import Feed, WebSub
from pipeline.schedule import usual_interval
from pipeline.settings import Settings
from pipeline.store.acceptance import chunks
from pipeline.store.contract import FeedName
from pipeline.store.paging import Listing, Number, Order
from pipeline.store.rows import insert_new, read_feed
from pipeline.store.schema import feeds, is_active
from pipeline.store.wording import storable, storable_json, storable_key
from pipeline.urls import canonical

_ORDER = Order("feeds", tuple[Number])
#: seconds between polls of a feed of which nothing is known yet
INTERVAL = 3600.0


def add(connection: Connection, url: str, now: float, interval: float | None, title: str | None) -> Feed:
    """A feed due at once; the one that is there already stays as it is."""
    key = feed_key(url)
    there = select(feeds).where(feeds.c.key == key)
    row = {
        "key": key,
        "url": storable(url),
        "title": storable(title),
        "state": "active",
        "interval": INTERVAL if interval is None else interval,
        "interval_wanted": interval,
        "due_at": now,
        "errors": 0,
        "entries_seen": 0,
        "created_at": now,
    }
    insert_new(connection, feeds, [row])
    return read_feed(connection.execute(there).mappings().one())


def listed(connection: Connection, limit: int, cursor: str | None) -> Listing[Feed]:
    """In the order in which they were added. Raises CursorError."""
    query = select(feeds).order_by(feeds.c.id).limit(limit + 1)
    if cursor is not None:
        query = query.where(feeds.c.id > _ORDER.place(cursor)[0])
    rows = [read_feed(row) for row in connection.execute(query).mappings()]
    return _ORDER.page(rows, limit, lambda row: (row.id,))


def read(connection: Connection, ids: Sequence[int] | None) -> list[Feed]:
    query = select(feeds).order_by(feeds.c.id)
    if ids is None:
        return [read_feed(row) for row in connection.execute(query).mappings()]
    return [
        read_feed(row)
        for some in chunks(sorted(set(ids)))
        for row in connection.execute(query.where(feeds.c.id.in_(some))).mappings()
    ]


def names(connection: Connection) -> list[FeedName]:
    query = select(feeds.c.url, feeds.c.title, feeds.c.found_at).order_by(feeds.c.id)
    return [FeedName(*row) for row in connection.execute(query)]


def remove(connection: Connection, feed: int) -> bool:
    return connection.execute(delete(feeds).where(feeds.c.id == feed)).rowcount > 0


def touch(connection: Connection, ids: Sequence[int] | None, now: float) -> int:
    """Due at once. A feed that is named becomes active again, even when it was gone."""
    if ids is None:
        statement = update(feeds).where(is_active).values(due_at=now)
        return connection.execute(statement).rowcount
    return sum(
        connection.execute(
            update(feeds).where(feeds.c.id.in_(some)).values(due_at=now, state="active")
        ).rowcount
        for some in chunks(sorted(set(ids)))
    )


def claim(connection: Connection, limit: int, now: float, lease: float) -> list[int]:
    ids = list(
        connection.scalars(
            select(feeds.c.id)
            .where(is_active, feeds.c.due_at <= now)
            .order_by(feeds.c.due_at, feeds.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
    )
    for some in chunks(ids):
        connection.execute(update(feeds).where(feeds.c.id.in_(some)).values(due_at=now + lease))
    return ids


def change(
    connection: Connection,
    number: int,
    now: float,
    settings: Settings,
    *,
    state: str | None,
    interval: float | Literal["auto"] | None,
    title: str | None,
) -> Feed | None:
    """What the user wants of a feed. Raises StoreError for a state that is not the user's to set."""
    if state not in (None, "active", "paused"):
        raise StoreError(f"A feed can be made active or paused, not {state}.", retry_helps=False)
    found = select(feeds).where(feeds.c.id == number)
    row = connection.execute(found.with_for_update()).mappings().first()
    if row is None:
        return None
    feed = read_feed(row)
    told: dict[str, Any] = {}
    if interval is not None:
        told |= _interval(feed, None if interval == "auto" else interval, now, settings)
    if state:
        told["state"] = state
    if state == "active":
        told["due_at"] = now
    if title is not None:
        told["title"] = storable(title)
    if told:
        connection.execute(update(feeds).where(feeds.c.id == number).values(told))
    return read_feed(connection.execute(found).mappings().one())


def _interval(feed: Feed, wanted: float | None, now: float, settings: Settings) -> dict[str, Any]:
    told: dict[str, Any] = {"interval_wanted": wanted}
    if feed.errors or feed.interval > usual_interval(feed, now, settings).seconds:
        # A server asked for more, or the last poll failed: that stands until the next one.
        return told
    chosen = usual_interval(msgspec.structs.replace(feed, interval_wanted=wanted), now, settings)
    # Whoever asks for a shorter interval does not mean: from some time tomorrow.
    soonest = max(now, (feed.last_polled_at or now) + chosen.seconds)
    return told | {
        "interval": chosen.seconds,
        "interval_reason": chosen.reason,
        "due_at": min(feed.due_at, soonest),
    }


def set_websub(connection: Connection, feed: int, websub: WebSub | None) -> bool:
    told = {
        "websub": storable_json(websub) if websub else None,
        "websub_token": storable(websub.token) if websub else None,
    }
    return connection.execute(update(feeds).where(feeds.c.id == feed).values(told)).rowcount > 0


def feed_of_websub(connection: Connection, token: str) -> Feed | None:
    row = connection.execute(select(feeds).where(feeds.c.websub_token == storable(token))).mappings().first()
    return read_feed(row) if row else None


def feed_key(url: str) -> str:
    """A feed's identity: its address in canonical form."""
    try:
        return storable_key(canonical(url))
    except SourceError:
        return storable_key(url)
