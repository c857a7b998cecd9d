"""Feeds added, changed, removed, polled, imported and exported, as the API and the pages order it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Literal

from pipeline.errors import SourceError
from pipeline.model import Feed
from pipeline.sources import opml
from pipeline.urls import canonical
from workers import feed_lists
from workers.feed_lists import Imported, export_opml, import_opml
from workers.web.backend import Backend
from workers.web.problems import missing

#: seconds: no feed shall be asked more often than this, nor less often than this
LEAST_INTERVAL, MOST_INTERVAL = 60.0, 30 * 86_400.0
#: how a list that is downloaded is called
LIST_NAME = "feedmill.opml"


def one(backend: Backend, feed: int) -> Feed:
    """A feed. Raises HTTPException (404)."""
    found = backend.store.feeds([feed])
    if not found:
        raise missing("feed", feed)
    return found[0]


def add(backend: Backend, url: str, interval: float | None = None, title: str | None = None) -> Feed:
    """Subscribe. Raises SourceError (`bad_url`)."""
    canonical(url)
    feed = backend.store.add_feed(url.strip(), time.time(), interval, title)
    backend.wake()
    return feed


def change(
    backend: Backend,
    feed: int,
    *,
    state: Literal["active", "paused"] | None = None,
    interval: float | Literal["auto"] | None = None,
    title: str | None = None,
) -> Feed:
    """Pause or resume, set the interval, rename. Raises HTTPException (404)."""
    changed = backend.store.change_feed(feed, time.time(), state=state, interval=interval, title=title)
    if changed is None:
        raise missing("feed", feed)
    if changed.state == "active":
        backend.wake()
    return changed


def remove(backend: Backend, feed: int) -> None:
    """Unsubscribe. Raises HTTPException (404)."""
    if not backend.store.remove_feed(feed):
        raise missing("feed", feed)


def poll(backend: Backend, feed: int | None) -> int:
    """Make a feed, or all that are active, due at once; how many. Raises HTTPException (404)."""
    touched = backend.store.touch_feeds(None if feed is None else [feed], time.time())
    if not touched and feed is not None:
        raise missing("feed", feed)
    backend.wake()
    return touched


def import_list(backend: Backend, body: bytes) -> Imported:
    """Subscribe to every feed of an OPML list. Raises SourceError (`bad_feed`, `empty_feed`,
    `too_large`)."""
    most = backend.settings.max_feed_bytes
    if len(body) > most:
        raise SourceError(
            f"The list is larger than {most:,} bytes (FEEDMILL_MAX_FEED_BYTES).", code="too_large"
        )
    imported = import_opml(backend.store, body, time.time())
    if imported.added:
        backend.wake()
    return imported


def subscribe(backend: Backend, addresses: Sequence[str], lists: Sequence[tuple[str, bytes]]) -> Imported:
    """Subscribe to addresses and to the feeds of OPML lists, each with its name; all or, where a list is
    none, nothing. Raises SourceError (`bad_feed`, `empty_feed`, `too_large`, `bad_url`)."""
    if not addresses and not lists:
        raise SourceError("Nothing was named: type an address, or choose an OPML list.", code="empty_feed")
    listed = [opml.Subscription(url=one) for one in addresses]
    for name, body in lists:
        most = backend.settings.max_feed_bytes
        if len(body) > most:
            raise SourceError(
                f"{name} is larger than {most:,} bytes (FEEDMILL_MAX_FEED_BYTES).", code="too_large"
            )
        try:
            listed += opml.parse_opml(body)
        except SourceError as error:
            told = f"{name} is no list of feeds to subscribe to: {error.message} Take it in once instead."
            raise SourceError(told, code=error.code) from error
    imported = feed_lists.subscribe(backend.store, listed, time.time())
    if imported.added:
        backend.wake()
    return imported


def export_list(backend: Backend) -> bytes:
    """All subscriptions as an OPML list, without passwords: whoever reaches the pages may read it."""
    return export_opml(backend.store.feed_names(), time.time())


__all__ = [
    "LEAST_INTERVAL", "LIST_NAME", "MOST_INTERVAL", "add", "change", "export_list", "import_list", "one",
    "poll", "remove", "subscribe",
]  # fmt: skip
