"""Feeds: subscribe, see their health, change, poll, unsubscribe."""

from __future__ import annotations

import time
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from workers.documents import feed_document, feed_line
from workers.feed_health import Word, selected
from workers.web import subscribing
from workers.web.api.answers import page, told
from workers.web.api.parameters import ADDRESS, Cursor, Limit
from workers.web.api.shapes import feeds as shapes
from workers.web.backend import Here
from workers.web.numbers import Id

router = APIRouter(tags=["feeds"])

#: feeds of one answer where nothing is said of it: each is judged with its history
FEEDS = 500

Seconds = Annotated[float, Field(ge=subscribing.LEAST_INTERVAL, le=subscribing.MOST_INTERVAL)]
#: a number of seconds, or `auto`: adapted to the feed
Interval = Seconds | Literal["auto"]


class Subscription(BaseModel):
    """A feed to be polled."""

    model_config = ConfigDict(extra="forbid")
    url: str = Field(
        max_length=8000,
        description="http or https address, of the feed or of its home page",
        json_schema_extra={"pattern": ADDRESS},
        examples=["https://example.org/feed.xml"],
    )
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


@router.get("/feeds", response_model=shapes.Feeds)
def list_feeds(
    request: Request,
    backend: Here,
    state: Annotated[Literal["active", "paused", "gone"] | None, Query()] = None,
    health: Annotated[Word | None, Query(description="only feeds with this health")] = None,
    failing: Annotated[bool, Query(description="only feeds that do not work: failing or gone")] = False,
    limit: Limit = FEEDS,
    cursor: Cursor = None,
) -> Response:
    """The feeds with their health: do they work, and are they complete? In the order in which they were
    added. Where few of many are chosen, a page may have fewer rows than `limit` and still a `next`."""
    now = time.time()
    # Health is judged here, not in the database: so much is looked at for one page at most.
    looked = backend.store.list_feeds(limit, cursor)
    found = selected(looked, now, state=state, word=health, failing=failing)
    return page(request, {"feeds": [feed_line(feed, now) for feed in found]}, looked.next)


@router.post("/feeds", status_code=201, response_model=shapes.Feed)
def add_feed(subscription: Subscription, backend: Here) -> Response:
    """Subscribe. A feed that is there already stays as it is."""
    interval = subscription.interval if isinstance(subscription.interval, float) else None
    feed = subscribing.add(backend, subscription.url, interval, subscription.title)
    return told(feed_document(feed, time.time()), 201)


@router.get("/feeds/{feed}", response_model=shapes.Feed)
def get_feed(feed: Id, backend: Here) -> Response:
    """Everything of one feed, with its last polls."""
    return told(feed_document(subscribing.one(backend, feed), time.time()))


@router.patch("/feeds/{feed}", response_model=shapes.Feed)
def change_feed(feed: Id, change: Change, backend: Here) -> Response:
    """Pause or resume a feed, set its interval, rename it."""
    changed = subscribing.change(
        backend, feed, state=change.state, interval=change.interval, title=change.title
    )
    return told(feed_document(changed, time.time()))


@router.delete("/feeds/{feed}", status_code=204)
def remove_feed(feed: Id, backend: Here) -> None:
    """Unsubscribe. Its articles stay."""
    subscribing.remove(backend, feed)


@router.post("/feeds/{feed}/poll", status_code=202, response_model=shapes.Polled)
def poll_feed(feed: Id, backend: Here) -> Response:
    """Poll a feed now. One that was paused or gone is active again."""
    return told({"polled": subscribing.poll(backend, feed)}, 202)
