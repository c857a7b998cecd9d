"""Feeds: subscribe, unsubscribe, poll."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from workers.documents import feed_document
from workers.web import subscribing
from workers.web.backend import Here
from workers.web.numbers import Id

router = APIRouter(tags=["feeds"])


class Subscription(BaseModel):
    """A feed to be polled."""

    model_config = ConfigDict(extra="forbid")
    url: str = Field(max_length=8000, description="http or https address")
    interval: float | None = Field(
        None,
        ge=subscribing.LEAST_INTERVAL,
        le=subscribing.MOST_INTERVAL,
        description="seconds between two polls; 3600 where nothing is said",
    )
    title: str | None = Field(None, max_length=1000, description="otherwise the feed says its own")


@router.get("/feeds")
def feeds(backend: Here) -> dict[str, Any]:
    """All feeds, with when they were polled and what went wrong."""
    return {"feeds": [feed_document(feed) for feed in backend.store.feeds()]}


@router.post("/feeds", status_code=201)
def add(subscription: Subscription, backend: Here) -> dict[str, Any]:
    """Subscribe. A feed that is there already stays as it is."""
    feed = subscribing.add(backend, subscription.url, subscription.interval, subscription.title)
    return feed_document(feed)


@router.delete("/feeds/{feed}", status_code=204)
def remove(feed: Id, backend: Here) -> None:
    """Unsubscribe. Its articles stay."""
    subscribing.remove(backend, feed)


@router.post("/feeds/{feed}/poll", status_code=202)
def poll(feed: Id, backend: Here) -> dict[str, int]:
    """Poll a feed now."""
    return {"polled": subscribing.poll(backend, feed)}
