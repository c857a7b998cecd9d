"""What storage knows of an address beside its items: articles, tombstones, entries of feeds. Each is found
by an index, however many there are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, select

from pipeline import urls
from pipeline.errors import SourceError
from pipeline.model import Value
from pipeline.store.rows import host_without_www
from pipeline.store.schema import (
    articles,
    feed_entries,
    feeds,
    goes_on,
    has_canonical_url,
    jobs,
    names,
    tombstones,
)
from pipeline.store.wording import storable_key

#: articles and tombstones that are told of one address, and feeds of one host
MOST = 20
#: newest articles of a host that are asked which feed they came from
ASKED = 100
_READING = (
    select(jobs.c.id).where(goes_on, jobs.c.accepting_until.is_not(None)).order_by(jobs.c.id.desc()).limit(3)
)


class Sighting(Value, frozen=True, kw_only=True):
    """An article that an address leads to."""

    article: int
    title: str | None
    key: str
    #: the page gives this address for itself; else it was seen under it
    is_canonical: bool
    near_duplicate_of: int | None


class Grave(Value, frozen=True, kw_only=True):
    """A key that stays deleted."""

    key: str
    article: int
    deleted_at: float


class Listed(Value, frozen=True, kw_only=True):
    """An entry of a feed that bears the address."""

    feed: int
    key: str
    first_seen_at: float


class Trail(Value, frozen=True, kw_only=True):
    """What an address left behind."""

    articles: tuple[Sighting, ...] = ()
    graves: tuple[Grave, ...] = ()
    entries: tuple[Listed, ...] = ()
    #: ids of feeds that have this address
    own: tuple[int, ...] = ()
    #: jobs whose sources are not read to their end yet
    reading: tuple[str, ...] = ()
    #: ids of feeds at its host or domain, or that brought articles from its host; the nearest first
    feeds: tuple[int, ...] = ()


def trail(connection: Connection, keys: Sequence[str], host: str, domain: str) -> Trail:
    """What is known of keys that may be one page, and of its host and registered domain (empty: it has
    none)."""
    asked = [storable_key(key) for key in keys]
    near = _feeds(connection, host, domain) if host else []
    return Trail(
        articles=tuple(_articles(connection, asked)),
        graves=tuple(_graves(connection, asked)),
        entries=tuple(_entries(connection, asked, near)),
        own=tuple(connection.scalars(select(feeds.c.id).where(feeds.c.key.in_(asked)))),
        reading=tuple(connection.scalars(_READING)),
        feeds=tuple(near),
    )


def _articles(connection: Connection, keys: list[str]) -> Iterator[Sighting]:
    columns = (articles.c.id, articles.c.title, articles.c.key, articles.c.near_duplicate_of)
    # One after the other: of both in one condition PostgreSQL makes a walk through all articles.
    seen = set(connection.scalars(select(names.c.article_id).where(names.c.key.in_(keys))))
    seen.update(connection.scalars(select(articles.c.id).where(articles.c.key.in_(keys))))
    by_name = select(*columns).where(articles.c.id.in_(sorted(seen)))
    told = select(*columns).where(articles.c.canonical_url.in_(keys), has_canonical_url)
    found: set[int] = set()
    for query, is_canonical in ((by_name, False), (told, True)):
        for row in connection.execute(query.order_by(articles.c.id.desc()).limit(MOST)):
            if row.id not in found:
                found.add(row.id)
                yield Sighting(
                    article=row.id,
                    title=row.title,
                    key=row.key,
                    is_canonical=is_canonical,
                    near_duplicate_of=row.near_duplicate_of,
                )


def _graves(connection: Connection, keys: list[str]) -> Iterator[Grave]:
    query = select(tombstones).where(tombstones.c.key.in_(keys), tombstones.c.forgotten.is_(False))
    for row in connection.execute(query.order_by(tombstones.c.deleted_at.desc()).limit(MOST)):
        yield Grave(key=row.key, article=row.article_id, deleted_at=row.deleted_at)


def _entries(connection: Connection, keys: list[str], near: list[int]) -> Iterator[Listed]:
    if not near:
        return
    query = select(feed_entries.c.feed_id, feed_entries.c.entry_key, feed_entries.c.first_seen_at).where(
        feed_entries.c.feed_id.in_(near), feed_entries.c.entry_key.in_(keys)
    )
    for row in connection.execute(query.order_by(feed_entries.c.first_seen_at.desc())):
        yield Listed(feed=row.feed_id, key=row.entry_key, first_seen_at=row.first_seen_at)


def _feeds(connection: Connection, host: str, domain: str) -> list[int]:
    """Only addresses of feeds are read, of which there are thousands: no more of them, and no article."""
    bare = host_without_www(host).partition(":")[0]
    sources = set(_sources(connection, host_without_www(host)))
    found: dict[int, int] = {}
    for row in connection.execute(select(feeds.c.id, feeds.c.key)):
        other = host_without_www(row.key.split("/", 3)[2]).partition(":")[0]
        if other == bare:
            found[row.id] = 0
        elif row.key in sources:
            found[row.id] = 1
        elif any(above and f".{other}".endswith(f".{above}") for above in (bare, domain)):
            found[row.id] = 2
    return sorted(found, key=lambda feed: (found[feed], feed))[:MOST]


def _sources(connection: Connection, host: str) -> Iterator[str]:
    """The feeds that the newest articles of a host came from, by their keys."""
    newest = select(articles.c.source).where(articles.c.host == host)
    newest = newest.order_by(articles.c.stored_at.desc(), articles.c.id.desc()).limit(ASKED)
    said: set[Any] = set(connection.scalars(newest))
    for source in said:
        try:
            yield storable_key(urls.canonical(source))
        except SourceError:
            continue


__all__ = ["Grave", "Listed", "Sighting", "Trail", "trail"]
