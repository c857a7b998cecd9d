"""Feeds: subscribe, see their health, change, poll, unsubscribe."""

from __future__ import annotations

import time
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from workers.documents import feed_document, feed_line
from workers.feed_health import Word, selected
from workers.web import subscribing
from workers.web.backend import Here
from workers.web.numbers import Id

router = APIRouter(tags=["feeds"])

Seconds = Annotated[float, Field(ge=subscribing.LEAST_INTERVAL, le=subscribing.MOST_INTERVAL)]
#: a number of seconds, or `auto`: adapted to the feed
Interval = Seconds | Literal["auto"]


class Subscription(BaseModel):
    """A feed to be polled."""

    model_config = ConfigDict(extra="forbid")
    url: str = Field(max_length=8000, description="http or https address, of the feed or of its home page")
    interval: Interval | None = Field(
        None, description="seconds between two polls; adapted to the feed where nothing is said"
    )
    title: str | None = Field(None, max_length=1000, description="otherwise the feed says its own")


class Change(BaseModel):
    """What shall be otherwise; what is not named stays as it is."""

    model_config = ConfigDict(extra="forbid")
    state: Literal["active", "paused"] | None = Field(None, description="active: due at once")
    interval: Interval | None = Field(None, description="seconds between two polls, or `auto`")
    title: str | None = Field(None, max_length=1000)


@router.get("/feeds")
def feeds(
    backend: Here,
    state: Annotated[Literal["active", "paused", "gone"] | None, Query()] = None,
    health: Annotated[Word | None, Query(description="only feeds with this health")] = None,
    failing: Annotated[bool, Query(description="only feeds that do not work: failing or gone")] = False,
) -> dict[str, Any]:
    """The feeds with their health: do they work, and are they complete?"""
    now = time.time()
    found = selected(backend.store.feeds(), now, state=state, word=health, failing=failing)
    return {"feeds": [feed_line(feed, now) for feed in found]}


@router.post("/feeds", status_code=201)
def add(subscription: Subscription, backend: Here) -> dict[str, Any]:
    """Subscribe. A feed that is there already stays as it is."""
    interval = subscription.interval if isinstance(subscription.interval, float) else None
    feed = subscribing.add(backend, subscription.url, interval, subscription.title)
    return feed_document(feed, time.time())


@router.get("/feeds/{feed}")
def one(feed: Id, backend: Here) -> dict[str, Any]:
    """Everything of one feed, with its last polls."""
    return feed_document(subscribing.one(backend, feed), time.time())


@router.patch("/feeds/{feed}")
def change(feed: Id, change: Change, backend: Here) -> dict[str, Any]:
    """Pause or resume a feed, set its interval, rename it."""
    changed = subscribing.change(
        backend, feed, state=change.state, interval=change.interval, title=change.title
    )
    return feed_document(changed, time.time())


@router.delete("/feeds/{feed}", status_code=204)
def remove(feed: Id, backend: Here) -> None:
    """Unsubscribe. Its articles stay."""
    subscribing.remove(backend, feed)


@router.post("/feeds/{feed}/poll", status_code=202)
def poll(feed: Id, backend: Here) -> dict[str, int]:
    """Poll a feed now. One that was paused or gone is active again."""
    return {"polled": subscribing.poll(backend, feed)}
