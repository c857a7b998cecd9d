"""What a server or a feed asks of those who poll it: each a floor, none of them a reason to ask sooner."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.model import Feed, Hints, Polled
from pipeline.schedule.history import last_status
from pipeline.schedule.interval import DAY, Interval, words

#: Freshness and Retry-After are honoured up to this many seconds (the cap of reader, `_update`; an
#: instance was blocked for ignoring a max-age of two days on a 429: lemon24/reader#376).
LONGEST_FLOOR = 31 * DAY
#: ``ttl`` and the ``sy:`` module are honoured up to a day: rss-fetcher caps at 1440 minutes, for they
#: are typed once into a template and forgotten, and a feed with ``ttl`` of a year is still read daily.
LONGEST_HINT = DAY
#: after a 429 that names no time, and from the second 403 in a row on (s): some,
#: as Reddit, mean "slow down" by 403; Unread Cloud waits four hours after either
THROTTLED_WAIT = 4 * 3600.0


def of_feed(hints: Hints | None) -> Iterator[Interval]:
    """What the feed itself asks: a floor between any two polls. Section 3, "RSS hints"."""
    if hints is None:
        return
    if (ttl := _bounded(hints.ttl, LONGEST_HINT)) > 0:
        yield Interval(seconds=ttl, reason=f"the feed's ttl asks for {words(ttl)}")
    if (period := _bounded(hints.update_period, LONGEST_HINT)) > 0:
        yield Interval(seconds=period, reason=f"the feed says that it is updated every {words(period)} (sy)")


def of_answer(polled: Polled) -> Iterator[Interval]:
    """What this answer asks, whatever its status: Retry-After, and how long it stays fresh."""
    named = (polled.problem and polled.problem.retry_after) or polled.retry_after
    if (wait := _bounded(named, LONGEST_FLOOR)) > 0:
        yield Interval(seconds=wait, reason=f"the server said Retry-After: {words(wait)}")
    if (fresh := _bounded(polled.fresh, LONGEST_FLOOR)) > 0:
        yield Interval(seconds=fresh, reason=f"the server calls its answer fresh for {words(fresh)}")


def of_throttle(feed: Feed, polled: Polled) -> Iterator[Interval]:
    """The wait after a refusal that means "slow down" without naming a time."""
    if polled.problem is None or polled.problem.retry_after:
        return
    asked = words(THROTTLED_WAIT)
    if polled.status == 429:
        yield Interval(
            seconds=THROTTLED_WAIT, reason=f"the server asked to slow down (429): at least {asked}"
        )
    elif polled.status == 403 and feed.errors and last_status(feed.history) == 403:
        told = f"refused (403) again and again, which means to slow down: at least {asked}"
        yield Interval(seconds=THROTTLED_WAIT, reason=told)


def highest(first: Interval, *others: Interval) -> Interval:
    """The longest of them; the first where they are equal."""
    return max(first, *others, key=lambda one: one.seconds) if others else first


def _bounded(seconds: float | None, most: float) -> float:
    # A feed may say anything, also NaN: that is not more than 0, and nothing is asked then.
    return min(seconds, most) if seconds is not None and seconds > 0 else 0.0
