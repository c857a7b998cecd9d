"""How rarely a feed is polled while a hub pushes it."""

from __future__ import annotations

from pipeline.model import Feed, WebSub
from pipeline.schedule.history import last_own_find
from pipeline.schedule.interval import DAY, Interval
from pipeline.settings import Settings

#: "Keep polling slowly (e.g. daily) as net" (section 3, WebSub)
NET = DAY
#: So long before the lease ends (s) the feed must have been polled again, for that is when subscriptions
#: are renewed: FreshRSS does it in the last 23 hours.
RENEWAL = 23 * 3600.0


def slowed(usual: Interval, feed: Feed, now: float, settings: Settings) -> Interval:
    """Daily while pushes come (rarer never than ``settings.poll_most``), and never past the time at
    which the lease is to be renewed."""
    websub = feed.websub
    if websub is None or websub.until is None or not _delivers(websub, feed, now):
        return usual
    seconds = min(NET, settings.poll_most, websub.until - RENEWAL - now)
    if seconds <= usual.seconds:
        return usual
    return Interval(seconds=seconds, reason="a hub pushes what is new; polled in case that it stops")


def _delivers(websub: WebSub, feed: Feed, now: float) -> bool:
    """Whether the hub has delivered, its lease runs, and no poll has overtaken it since.

    "Trusts push only after the first success" (FreshRSS). A poll that finds what no push had
    brought shows that pushes have stopped; the next push restores the trust.
    """
    if websub.state != "active" or not websub.pushes or websub.until is None or websub.until <= now:
        return False
    found = last_own_find(feed.history)
    return found is None or (websub.last_push_at is not None and websub.last_push_at > found)
