"""``/feeds``: the subscriptions."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from workers.web import subscribing
from workers.web.backend import Here
from workers.web.numbers import Id
from workers.web.rendering import page

router = APIRouter()

_BACK = "/feeds"


@router.get("/feeds")
def feeds(request: Request, backend: Here) -> Response:
    """All feeds, with their health."""
    return page(request, "feeds.html", feeds=backend.store.feeds())


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


@router.post("/feeds/{feed}/poll")
def poll(backend: Here, feed: Id) -> Response:
    """Poll one feed."""
    subscribing.poll(backend, feed)
    return RedirectResponse(_BACK, 303)


@router.post("/feeds/{feed}/remove")
def remove(backend: Here, feed: Id) -> Response:
    """Unsubscribe."""
    subscribing.remove(backend, feed)
    return RedirectResponse(_BACK, 303)
