"""Feeds added, removed and polled, as the API and the pages order it."""

from __future__ import annotations

import time

from pipeline.model import Feed
from pipeline.urls import canonical
from workers.web.backend import Backend
from workers.web.problems import missing

#: seconds: no feed shall be asked more often than this, nor less often than this
LEAST_INTERVAL, MOST_INTERVAL = 60.0, 30 * 86_400.0


def add(backend: Backend, url: str, interval: float | None = None, title: str | None = None) -> Feed:
    """Subscribe. Raises SourceError (`bad_url`)."""
    canonical(url)
    feed = backend.store.add_feed(url.strip(), time.time(), interval, title)
    backend.wake()
    return feed


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


__all__ = ["LEAST_INTERVAL", "MOST_INTERVAL", "add", "poll", "remove"]
