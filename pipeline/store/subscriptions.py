"""Subscribed feeds: who is due, and what a poll brought."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from random import Random
from typing import Any

from sqlalchemy import Connection, delete, select, update

from pipeline import decide
from pipeline.errors import SourceError
from pipeline.model import Feed, NewItem, Polled
from pipeline.store.acceptance import Batch, open_job
from pipeline.store.counting import count
from pipeline.store.flight import chunks
from pipeline.store.rows import insert_new, insert_or_replace, read_feed
from pipeline.store.schema import feed_entries, feeds, is_active
from pipeline.store.wording import storable, storable_json, storable_key
from pipeline.urls import canonical

#: seconds between polls where nobody says otherwise
INTERVAL = 3600.0


def add(connection: Connection, url: str, now: float, interval: float | None, title: str | None) -> Feed:
    """A feed due at once; the one that is there already stays as it is."""
    key = _feed_key(url)
    there = select(feeds).where(feeds.c.key == key)
    row = {
        "key": key,
        "url": storable(url),
        "title": storable(title),
        "state": "active",
        "interval": INTERVAL if interval is None else interval,
        "due_at": now,
        "errors": 0,
        "entries_seen": 0,
        "created_at": now,
    }
    insert_new(connection, feeds, [row])
    return read_feed(connection.execute(there).mappings().one())


def read(connection: Connection, ids: Sequence[int] | None) -> list[Feed]:
    query = select(feeds).order_by(feeds.c.id)
    if ids is None:
        return [read_feed(row) for row in connection.execute(query).mappings()]
    return [
        read_feed(row)
        for some in chunks(sorted(set(ids)))
        for row in connection.execute(query.where(feeds.c.id.in_(some))).mappings()
    ]


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


def polled(connection: Connection, polled: Polled, now: float, random: Random) -> tuple[str | None, int]:
    """Write a poll's result; new and changed entries become the items of a job, closed at once."""
    row = (
        connection.execute(select(feeds).where(feeds.c.id == polled.feed).with_for_update())
        .mappings()
        .first()
    )
    if row is None:
        return None, 0
    feed = read_feed(row)
    change: dict[str, Any] = {
        "last_polled_at": now,
        "due_at": decide.next_poll(feed, polled.problem, now, random),
    }
    if polled.problem:
        change |= {"errors": feed.errors + 1, "problem": storable_json(polled.problem)}
        if polled.problem.code == "gone":
            change["state"] = "gone"
        connection.execute(update(feeds).where(feeds.c.id == feed.id).values(change))
        return None, 0
    change |= {"errors": 0, "problem": None, "last_success_at": now}
    fresh, first_seen = _fresh(connection, feed.id, polled.items, now)
    change["entries_seen"] = feeds.c.entries_seen + first_seen
    if not polled.not_modified:
        change |= {"etag": storable(polled.etag), "last_modified": storable(polled.last_modified)}
    if polled.title:
        change["title"] = storable(polled.title)
    connection.execute(update(feeds).where(feeds.c.id == feed.id).values(change))
    if not fresh:
        return None, 0
    job = open_job(connection, [feed.url], now, None)
    batch = Batch(job, fresh, now)
    batch.write(connection)
    count(connection, {job: batch.counts})
    return job, len(fresh)


def _fresh(
    connection: Connection, feed: int, listed: Sequence[NewItem], now: float
) -> tuple[list[NewItem], int]:
    """The items whose entries were never seen or have changed; and how many were never seen."""
    by_key: dict[str, NewItem] = {}
    for item in listed:
        by_key.setdefault(storable_key(item.entry.key if item.entry else item.key), item)
    known: dict[str, Any] = {}
    for some in chunks(by_key):
        query = select(feed_entries).where(feed_entries.c.feed_id == feed, feed_entries.c.entry_key.in_(some))
        known.update((row.entry_key, row) for row in connection.execute(query))
    rows, fresh = [], []
    for key, item in by_key.items():
        digest = _entry_digest(item)
        before = known.get(key)
        if before is None or before.digest != digest:
            seen_at = before.first_seen_at if before else now
            rows.append({"feed_id": feed, "entry_key": key, "digest": digest, "first_seen_at": seen_at})
            fresh.append(item)
    insert_or_replace(connection, feed_entries, rows)
    return fresh, len(by_key.keys() - known.keys())


def _entry_digest(item: NewItem) -> str:
    """Of what makes an entry another one: title, content or summary, and link."""
    entry = item.entry
    parts = (
        (entry.title, entry.content or entry.summary, entry.link) if entry else (item.name, None, item.url)
    )
    told = hashlib.sha256()
    for part in (*parts, None):
        raw = (part or "").encode("utf-8", "surrogatepass")
        told.update(len(raw).to_bytes(8, "big") + raw)
    told.update(item.content or b"")
    return told.hexdigest()


def _feed_key(url: str) -> str:
    try:
        return storable_key(canonical(url))
    except SourceError:
        return storable_key(url)
