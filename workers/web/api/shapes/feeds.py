"""Feeds with their health, and what became of a list."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from workers.feed_health import Word
from workers.web.api.shapes import Code, Moment, Next, Shape


class Trouble(Shape):
    """Why the last poll did not work."""

    code: Code
    message: str
    retry_helps: bool
    retry_after: float | None
    ours: bool = Field(description="Our own network failed, not the other side.")


class Hints(Shape):
    """What the feed asks of those who poll it."""

    ttl: float | None
    update_period: float | None
    skip_hours: list[int]
    skip_days: list[int]
    hub: str | None
    topic: str | None


class WebSub(Shape):
    """The subscription at a hub that pushes the feed."""

    hub: str
    topic: str
    state: Literal["asked", "active", "refused", "ended"]
    asked_at: Moment
    asks: int
    until: Moment | None
    last_push_at: Moment | None
    pushes: int
    message: str | None


class FeedLine(Shape):
    """A feed, as lists show it. Times in seconds."""

    id: int
    url: str
    title: str | None
    state: Literal["active", "paused", "gone"]
    health: Word
    health_reason: str
    advice: str | None
    interval: float
    interval_reason: str
    interval_wanted: float | None = Field(description="What was asked for; null: adapted to the feed.")
    due_at: Moment
    full_at: Moment | None
    last_polled_at: Moment | None
    last_success_at: Moment | None
    last_new_at: Moment | None
    errors: int = Field(description="Failures in a row.")
    problem: Trouble | None
    warnings: list[str]
    entries_seen: int
    entries_new: int = Field(description="In the polls that are remembered.")
    missed: str | None = Field(description="What is known of entries that were never seen.")
    overflows: int
    last_overflow_at: Moment | None
    rhythm: float | None
    hints: Hints | None
    moved_to: str | None
    moved_seen: int
    moved_since: Moment | None
    found_at: str | None
    websub: WebSub | None


class Poll(Shape):
    """One poll."""

    at: Moment
    seconds: float
    result: str = Field(description="`new`, `unchanged`, `not_modified`, `pushed`, or a code.")
    status: int | None
    entries: int
    new: int


class Feed(FeedLine):
    """Everything of a feed."""

    etag: str | None
    last_modified: str | None
    body_digest: str | None
    entries_digest: str | None
    choices: list[str] = Field(description="Other feeds that the page named.")
    history: list[Poll] = Field(description="The latest polls, oldest first.")


class Feeds(Shape):
    """One page of the feeds, in the order in which they were added."""

    feeds: list[FeedLine]
    next: Next


class Polled(Shape):
    """How many feeds are polled now."""

    polled: int


class Refused(Shape):
    """A line of a list that could not be used."""

    address: str
    reason: str


class Imported(Shape):
    """What became of each line of a list."""

    added: list[FeedLine]
    already_there: list[int] = Field(description="Their numbers.")
    refused: list[Refused]


__all__ = ["Feed", "FeedLine", "Feeds", "Imported", "Polled"]
