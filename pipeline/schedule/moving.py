"""When a feed's address changes: for good by redirects, or because a page was subscribed."""

from __future__ import annotations

from msgspec.structs import replace

from pipeline.model import Feed, Polled

#: "k consecutive sightings over ≥ 1 day and a feed that parses at the target" (section 3, 301/308)
SIGHTINGS, SIGHTED_SECONDS = 3, 86_400.0


def moved(feed: Feed, polled: Polled, now: float) -> Feed:
    """The feed with the address that it has from now on, after a poll that succeeded.

    A permanent redirect is counted as long as each poll leads to the same target by permanent
    hops only, and adopted on a poll that read the feed there: a 304 is no proof of that. Any
    other way to the feed in between begins the count anew.
    """
    if polled.found:
        found_at = feed.found_at or feed.url
        found = replace(feed, url=polled.found, found_at=found_at, choices=polled.choices)
        return _forgotten(found)
    target = polled.moved_to
    if not target or target == feed.url:
        return _forgotten(feed)
    again = target == feed.moved_to and feed.moved_since is not None
    seen = feed.moved_seen + 1 if again else 1
    since = feed.moved_since if again and feed.moved_since is not None else now
    if seen >= SIGHTINGS and now - since >= SIGHTED_SECONDS and not polled.not_modified:
        told = f"The feed has moved for good, from {feed.url}, and is asked at its new address now."
        return _forgotten(replace(feed, url=target, warnings=[*feed.warnings, told]))
    return replace(feed, moved_to=target, moved_seen=seen, moved_since=since)


def _forgotten(feed: Feed) -> Feed:
    return replace(feed, moved_to=None, moved_seen=0, moved_since=None)
