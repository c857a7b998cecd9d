"""Subscribed feeds: what is known of one, and what a poll of it brings."""

from __future__ import annotations

from typing import Literal

from pipeline.model.flow import NewItem
from pipeline.model.value import Problem, Value


class Hints(Value, frozen=True, kw_only=True):
    """What a feed asks of those who poll it, and where its changes are pushed from."""

    #: seconds that a copy may be kept: RSS ``ttl``
    ttl: float | None = None
    #: seconds between two updates: the ``sy:`` module of RDF and RSS
    update_period: float | None = None
    #: hours of the day (0 to 23, GMT) and days of the week (0: Monday) at which nobody need ask
    skip_hours: list[int] = []
    skip_days: list[int] = []
    #: WebSub: the hub that pushes this feed, and the address under which it knows the feed
    hub: str | None = None
    topic: str | None = None


class WebSub(Value, frozen=True, kw_only=True):
    """A subscription at a hub (W3C WebSub): the hub pushes what is new to our callback."""

    hub: str
    topic: str
    #: last part of the callback's address; cannot be guessed
    token: str
    #: key of the signatures; known to the hub and to us. Empty: the hub has no https, and signs nothing
    secret: str
    #: ``ended``: the feed names no hub any more; kept to confirm the end to a hub that asks
    state: Literal["asked", "active", "refused", "ended"] = "asked"
    asked_at: float
    #: how often the hub was asked since it last confirmed
    asks: int = 0
    #: end of the lease that the hub granted
    until: float | None = None
    last_push_at: float | None = None
    pushes: int = 0
    #: why the hub refused, or what went wrong when it was asked
    message: str | None = None


class Poll(Value, frozen=True, kw_only=True):
    """One line of a feed's history."""

    at: float
    seconds: float = 0.0
    #: ``new``, ``unchanged``, ``not_modified``, ``pushed``, or a code
    result: str
    status: int | None = None
    entries: int = 0
    new: int = 0


class Feed(Value, frozen=True, kw_only=True, omit_defaults=False):
    """A subscribed source that is polled again and again."""

    id: int
    url: str
    title: str | None = None
    state: Literal["active", "paused", "gone"] = "active"
    #: seconds between polls, as it is now
    interval: float = 3600.0
    #: why it is that, for people
    interval_reason: str = ""
    #: what the user asked for instead; None: adapted to the feed
    interval_wanted: float | None = None
    due_at: float = 0.0
    #: validators, verbatim as the server sent them
    etag: str | None = None
    last_modified: str | None = None
    #: SHA-256 (hex) of the last body, and of what its entries said
    body_digest: str | None = None
    entries_digest: str | None = None
    #: when the whole feed was last asked for without conditions
    full_at: float | None = None
    last_polled_at: float | None = None
    last_success_at: float | None = None
    #: when an entry last was new
    last_new_at: float | None = None
    #: failures in a row
    errors: int = 0
    problem: Problem | None = None
    #: what was wrong with a feed that could be used nevertheless
    warnings: list[str] = []
    entries_seen: int = 0
    #: polls that brought only new entries: some may have come and gone in between
    overflows: int = 0
    last_overflow_at: float | None = None
    #: median of the seconds between its newest entries
    rhythm: float | None = None
    hints: Hints | None = None
    #: where permanent redirects lead, how often and since when they were seen
    moved_to: str | None = None
    moved_seen: int = 0
    moved_since: float | None = None
    #: the page that the user named, when the feed was found there, and the other feeds it names
    found_at: str | None = None
    choices: list[str] = []
    websub: WebSub | None = None
    #: the latest polls, oldest first
    history: list[Poll] = []


class Polled(Value, frozen=True, kw_only=True):
    """What one poll of one feed brought."""

    feed: int
    at: float = 0.0
    #: how long the request took
    seconds: float = 0.0
    #: None on success
    problem: Problem | None = None
    #: of the answer, where there was one
    status: int | None = None
    #: 304
    not_modified: bool = False
    #: the answer was read, and says what it said last time: there are no items then
    unchanged: bool = False
    #: a hub sent it: only what is new, without validators
    pushed: bool = False
    #: validators were sent
    conditional: bool = False
    title: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    body_digest: str | None = None
    entries_digest: str | None = None
    #: None: the feed was not parsed this time
    hints: Hints | None = None
    #: Unix seconds at which its newest entries say that they were published, newest first
    published: list[float] = []
    #: seconds for which the server calls its answer fresh (Cache-Control, Expires, Age)
    fresh: float | None = None
    #: seconds to wait that an answer which was no refusal asked for (Retry-After)
    retry_after: float | None = None
    #: where the feed is now, when every redirect on the way was permanent
    moved_to: str | None = None
    #: the feed that was found on the page that was asked, and the others it names
    found: str | None = None
    choices: list[str] = []
    warnings: list[str] = []
    #: all entries of the feed as items; the store finds out which are new
    items: list[NewItem] = []
