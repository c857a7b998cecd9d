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
from workers.web.poll_chart import drawn_polls
from workers.web.rendering import page
from workers.web.upload import sent_list

router = APIRouter()

#: feeds that one page shows, the most pressing first
FEEDS = 200
#: entries that the page of a feed lists
ENTRIES = 30
#: lines of a list that were refused, shown with their reasons
REFUSED = 50
_BACK = "/feeds"
#: longest text that names are narrowed by (characters)
LONGEST_PART = 300
#: what was done by a button -> in words, on the page that follows
DONE = {
    "added": "Subscribed. It is polled for the first time in a moment.",
    "polled": "It is polled in a moment. Reload the page to see what came of it.",
    "all": "All active feeds are polled in a moment, each host in its turn.",
    "paused": "Paused. It is not polled until it is resumed.",
    "resumed": "Resumed. It is polled in a moment.",
    "saved": "Saved.",
    "removed": "Removed. Its articles stay.",
}


@router.get("/feeds")
def feeds(
    request: Request,
    backend: Here,
    wanted: Annotated[str | None, Query(alias="health")] = None,
    part: Annotated[str, Query(max_length=LONGEST_PART)] = "",
    cursor: Annotated[str | None, Query(max_length=LONGEST)] = None,
) -> Response:
    """The feeds, the most pressing first; all, those with one health, or those that are called so."""
    now, part = time.time(), part.strip()
    counted = backend.store.feed_words(now, part or None)
    if wanted not in WORDS or not (part or wanted in counted):
        wanted = None
    shown = backend.store.urgent_feeds(now, wanted, limit=FEEDS, cursor=cursor, part=part or None)
    return page(
        request,
        "feeds.html",
        judged=[(feed, health(feed, now)) for feed in shown],
        query=lambda **changed: _query({"health": wanted, "part": part} | changed),
        next=shown.next,
        counted=[(word, counted[word]) for word in WORDS if word in counted],
        total=sum(counted.values()),
        any=bool(counted) or bool(part and backend.store.feed_words(now)),
        part=part,
        cursor=cursor,
        wanted=wanted,
        trouble=TROUBLE,
        done=DONE.get(request.query_params.get("done", "")),
        now=now,
    )


@router.post("/feeds")
def add(backend: Here, url: Annotated[str, Form(max_length=8000)]) -> Response:
    """Subscribe."""
    subscribing.add(backend, url)
    return RedirectResponse(f"{_BACK}?done=added", 303)


@router.post("/feeds/poll")
def poll_all(backend: Here) -> Response:
    """Poll every feed that is active."""
    subscribing.poll(backend, None)
    return RedirectResponse(f"{_BACK}?done=all", 303)


@router.post("/feeds/import")
async def import_list(request: Request, backend: Here) -> Response:
    """Subscribe to the feeds of an OPML list, and say what became of each line."""
    body = await sent_list(request)
    imported = await run_in_threadpool(subscribing.import_list, backend, body)
    return page(request, "feeds_imported.html", imported=imported, most=REFUSED)


@router.get("/feeds/{feed}")
def one(request: Request, backend: Here, feed: Id) -> Response:
    """What became of a feed's newest entries, its last polls, and everything that is known of it."""
    found, now = subscribing.one(backend, feed), time.time()
    brought = backend.store.brought(found, ENTRIES)
    known = {one.item.article for one in brought if one.item.article is not None}
    return page(
        request,
        "feed.html",
        feed=found,
        health=health(found, now),
        done=DONE.get(request.query_params.get("done", "")),
        now=now,
        brought=brought,
        titles=backend.store.titles(sorted(known)),
        most=ENTRIES,
        drawn=drawn_polls(found.history),
        facts=facts(found, now),
        polls=[(poll, poll_in_words(poll), has_entries(poll)) for poll in reversed(found.history)],
        minutes="" if found.interval_wanted is None else f"{found.interval_wanted / 60:g}",
        least=f"{subscribing.LEAST_INTERVAL / 60:g}",
        most_minutes=f"{subscribing.MOST_INTERVAL / 60:g}",
    )


@router.post("/feeds/{feed}/poll")
def poll(request: Request, backend: Here, feed: Id) -> Response:
    """Poll one feed."""
    subscribing.poll(backend, feed)
    return _back(request, feed, "polled")


@router.post("/feeds/{feed}/pause")
def pause(request: Request, backend: Here, feed: Id) -> Response:
    """Poll it no more."""
    subscribing.change(backend, feed, state="paused")
    return _back(request, feed, "paused")


@router.post("/feeds/{feed}/resume")
def resume(request: Request, backend: Here, feed: Id) -> Response:
    """Poll it again, now."""
    subscribing.change(backend, feed, state="active")
    return _back(request, feed, "resumed")


@router.post("/feeds/{feed}/settings")
def change(
    backend: Here,
    feed: Id,
    minutes: Annotated[str, Form(max_length=20)] = "",
    title: Annotated[str, Form(max_length=1000)] = "",
) -> Response:
    """How often it is polled (an empty field: adapted to it), and what it is called."""
    subscribing.change(backend, feed, interval=seconds_of(minutes), title=title.strip() or None)
    return RedirectResponse(f"/feeds/{feed}?done=saved", 303)


@router.get("/feeds/{feed}/remove")
def ask_before_removing(request: Request, backend: Here, feed: Id) -> Response:
    """What removing a feed does, and a button that does it."""
    return page(request, "feed_remove.html", feed=subscribing.one(backend, feed))


@router.post("/feeds/{feed}/remove")
def remove(backend: Here, feed: Id) -> Response:
    """Unsubscribe."""
    subscribing.remove(backend, feed)
    return RedirectResponse(f"{_BACK}?done=removed", 303)


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


def _back(request: Request, feed: int, done: str) -> Response:
    """To the page that the button was on: the list, narrowed as it was, or the feed's own."""
    shown = request.query_params
    if "list" not in shown:
        return RedirectResponse(f"/feeds/{feed}?done={done}", 303)
    told = {"health": shown["list"] if shown["list"] in WORDS else "", "part": shown.get("part", "")}
    return RedirectResponse(f"{_BACK}{_query(told | {'done': done})}", 303)


def _query(told: dict[str, str | None]) -> str:
    """As an address has it; begins with a question mark."""
    return f"?{urlencode({name: value for name, value in told.items() if value})}"
