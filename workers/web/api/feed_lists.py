"""Subscriptions as OPML, the format in which feed readers hand their lists on."""

from __future__ import annotations

import time

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from workers.documents import feed_line
from workers.web import subscribing
from workers.web.api.answers import told
from workers.web.api.bodies import SUBSCRIBE
from workers.web.api.shapes import feeds as shapes
from workers.web.backend import Here
from workers.web.upload import sent_list

router = APIRouter(tags=["feeds"])

_OPML = "text/x-opml; charset=utf-8"


@router.get(
    "/feeds.opml",
    response_class=Response,
    responses={200: {"description": "The list", "content": {"text/x-opml": {"schema": {"type": "string"}}}}},
)
def export_feeds(backend: Here) -> Response:
    """All subscriptions as OPML. Names and passwords in addresses are left out."""
    attachment = f'attachment; filename="{subscribing.LIST_NAME}"'
    body = subscribing.export_list(backend)
    return Response(body, media_type=_OPML, headers={"content-disposition": attachment})


@router.post("/feeds.opml", response_model=shapes.Imported, openapi_extra=SUBSCRIBE)
async def import_feeds(request: Request, backend: Here) -> Response:
    """Subscribe to every feed of a list, sent as it is or as a form's `file`.
    A line that cannot be used costs no other."""
    body = await sent_list(request)
    now = time.time()
    imported = await run_in_threadpool(subscribing.import_list, backend, body)
    return told(
        {
            "added": [feed_line(feed, now) for feed in imported.added],
            "already_there": [feed.id for feed in imported.there],
            "refused": [{"address": one.address, "reason": one.reason} for one in imported.refused],
        }
    )
