"""``/feeds``: the subscriptions and their health; ``/feeds/{id}``: everything of one of them."""

from __future__ import annotations

import time
from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Form, HTTPException, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from pipeline.store.paging import LONGEST
from workers.feed_facts import facts, has_entries, poll_in_words
from workers.feed_health import TROUBLE, WORDS, health
from workers.web import subscribing
from workers.web.backend import Here
from workers.web.numbers import Id
from workers.web.rendering import page
from workers.web.upload import sent_list

router = APIRouter()

#: feeds that one page shows, the most pressing first
FEEDS = 200
#: lines of a list that were refused, shown with their reasons
REFUSED = 50
_BACK = "/feeds"


@router.get("/feeds")
def feeds(
    request: Request,
    backend: Here,
    wanted: Annotated[str | None, Query(alias="health")] = None,
    cursor: Annotated[str | None, Query(max_length=LONGEST)] = None,
) -> Response:
    """The feeds, the most pressing first; all, or those with one health."""
    now = time.time()
    counted = backend.store.feed_words(now)
    if wanted not in counted:
        wanted = None
    shown = backend.store.urgent_feeds(now, wanted, limit=FEEDS, cursor=cursor)
    following = {"health": wanted, "cursor": shown.next}
    return page(
        request,
        "feeds.html",
        judged=[(feed, health(feed, now)) for feed in shown],
        following=urlencode({name: value for name, value in following.items() if value}),
        more=shown.next is not None,
        counted=[(word, counted[word]) for word in WORDS if word in counted],
        total=sum(counted.values()),
        wanted=wanted,
        trouble=TROUBLE,
        now=now,
    )


@router.post("/feeds")
def add(backend: Here, url: Annotated[str, Form(max_length=8000)]) -> Response:
    """Subscribe."""
    subscribing.add(backend, url)
    return RedirectResponse(_BACK, 303)


@router.post("/feeds/poll")
def poll_all(backend: Here) -> Response:
    """Poll every feed that is active."""
    subscribing.poll(backend, None)
    return RedirectResponse(_BACK, 303)


@router.post("/feeds/import")
async def import_list(request: Request, backend: Here) -> Response:
    """Subscribe to the feeds of an OPML list, and say what became of each line."""
    body = await sent_list(request)
    imported = await run_in_threadpool(subscribing.import_list, backend, body)
    return page(request, "feeds_imported.html", imported=imported, most=REFUSED)


@router.get("/feeds/{feed}")
def one(request: Request, backend: Here, feed: Id) -> Response:
    """Everything that is known of a feed, and its last polls."""
    found, now = subscribing.one(backend, feed), time.time()
    return page(
        request,
        "feed.html",
        feed=found,
        health=health(found, now),
        facts=facts(found, now),
        polls=[(poll, poll_in_words(poll), has_entries(poll)) for poll in reversed(found.history)],
        minutes="" if found.interval_wanted is None else f"{found.interval_wanted / 60:g}",
        least=f"{subscribing.LEAST_INTERVAL / 60:g}",
        most=f"{subscribing.MOST_INTERVAL / 60:g}",
    )


@router.post("/feeds/{feed}/poll")
def poll(request: Request, backend: Here, feed: Id) -> Response:
    """Poll one feed."""
    subscribing.poll(backend, feed)
    return _back(request, feed)


@router.post("/feeds/{feed}/pause")
def pause(request: Request, backend: Here, feed: Id) -> Response:
    """Poll it no more."""
    subscribing.change(backend, feed, state="paused")
    return _back(request, feed)


@router.post("/feeds/{feed}/resume")
def resume(request: Request, backend: Here, feed: Id) -> Response:
    """Poll it again, now."""
    subscribing.change(backend, feed, state="active")
    return _back(request, feed)


@router.post("/feeds/{feed}/settings")
def change(
    backend: Here,
    feed: Id,
    minutes: Annotated[str, Form(max_length=20)] = "",
    title: Annotated[str, Form(max_length=1000)] = "",
) -> Response:
    """How often it is polled (an empty field: adapted to it), and what it is called."""
    subscribing.change(backend, feed, interval=seconds_of(minutes), title=title.strip() or None)
    return RedirectResponse(f"/feeds/{feed}", 303)


@router.post("/feeds/{feed}/remove")
def remove(backend: Here, feed: Id) -> Response:
    """Unsubscribe."""
    subscribing.remove(backend, feed)
    return RedirectResponse(_BACK, 303)


def seconds_of(minutes: str) -> float | Literal["auto"]:
    """An interval as the form gives it. Raises HTTPException (422)."""
    if not minutes.strip():
        return "auto"
    try:
        seconds = float(minutes) * 60
    except ValueError as error:
        raise HTTPException(422, f"The interval {minutes!r} is no number of minutes.") from error
    if not subscribing.LEAST_INTERVAL <= seconds <= subscribing.MOST_INTERVAL:
        least, most = subscribing.LEAST_INTERVAL / 60, subscribing.MOST_INTERVAL / 60
        raise HTTPException(422, f"The interval must be between {least:g} and {most:,.0f} minutes.")
    return seconds


def _back(request: Request, feed: int) -> Response:
    """To the page that the button was on: the list, filtered as it was, or the feed's own."""
    shown = request.query_params.get("list")
    if shown is None:
        return RedirectResponse(f"/feeds/{feed}", 303)
    query = f"?{urlencode({'health': shown})}" if shown in WORDS else ""
    return RedirectResponse(f"{_BACK}{query}", 303)
