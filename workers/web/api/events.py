"""A job as it goes on: server-sent events (WHATWG HTML, section 9.2)."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Header, HTTPException, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse

from pipeline.errors import PipelineError
from workers.status import job_document
from workers.web.backend import Backend, Here
from workers.web.live import Live
from workers.web.problems import missing

router = APIRouter(tags=["jobs"])

#: between two looks at a job (s)
LOOK_SECONDS = 1.0
#: looks without a change until a comment tells the other side, and what stands between, that we are there
SILENT_LOOKS = 15
#: after which time a client that lost the connection asks again (ms)
RETRY_MS = 2_000
#: streams at once, each of which asks the database once a second
MOST_STREAMS = 100
_open: set[object] = set()

#: one event
_EVENT: dict[str, Any] = {
    "type": "object",
    "required": ["data"],
    "properties": {
        "event": {"type": "string", "enum": ["status", "done"]},
        "id": {"type": "string", "description": "To be sent as `Last-Event-ID`."},
        "data": {
            "type": "string",
            "description": "The job, as `GET /api/jobs/{job}` tells it, in JSON.",
            "contentMediaType": "application/json",
            "contentSchema": {"$ref": "#/components/schemas/Job"},
        },
    },
}
_CONTENT = {"text/event-stream": {"schema": _EVENT}}


@router.get(
    "/jobs/{job}/events",
    response_class=StreamingResponse,
    responses={
        200: {"description": "Events until the job has ended", "content": _CONTENT},
        204: {"description": "The job has ended, and you were told: do not connect again"},
    },
)
async def follow_job(
    request: Request,
    job: str,
    backend: Here,
    last_event_id: Annotated[
        str | None, Header(max_length=100, description="`id` of the last event you got.")
    ] = None,
) -> Response:
    """`status` events with the job's document whenever it changes, then one `done`, and the stream
    ends. A client that lost the connection asks again, with Last-Event-ID, and gets what changed since."""
    if len(_open) >= MOST_STREAMS:
        told = f"{MOST_STREAMS} streams of events are open. Ask for the job itself, or try again later."
        raise HTTPException(429, told, {"retry-after": "5"})
    first = await run_in_threadpool(_document, backend, job)
    if first is None:
        raise missing("job", job)
    if first["state"] != "running" and _id(first) == last_event_id:
        # Who reads events connects again when a stream ends, until it is told this.
        return Response(status_code=204)
    return StreamingResponse(
        _stream(backend, request.app.state.live, job, first, last_event_id),
        media_type="text/event-stream",
        headers={"cache-control": "no-store", "x-accel-buffering": "no"},
    )


async def _stream(
    backend: Backend, live: Live, job: str, first: dict[str, Any], last_event_id: str | None
) -> AsyncIterator[str]:
    mine = object()
    _open.add(mine)
    try:
        told, document, silent = last_event_id, first, 0
        yield f"retry: {RETRY_MS}\n\n"
        while document["state"] == "running":
            if _id(document) != told:
                told, silent = _id(document), 0
                yield _event("status", document)
            elif (silent := silent + 1) >= SILENT_LOOKS:
                silent = 0
                yield ": still there\n\n"
            await asyncio.sleep(LOOK_SECONDS)
            if live.closing:
                # Without `done`: the other side comes again.
                return
            try:
                document = await run_in_threadpool(_document, backend, job) or document
            except PipelineError as error:
                # The database is away for a while; the stream is not.
                yield f": {error.code} is away\n\n"
        yield _event("done", document)
    finally:
        _open.discard(mine)


def _id(document: dict[str, Any]) -> str:
    """What tells the state of a job from others, on every process alike."""
    return hashlib.sha256(msgspec.json.encode(document)).hexdigest()[:16]


def _document(backend: Backend, job: str) -> dict[str, Any] | None:
    document, _ = backend.seen(lambda stages: job_document(backend.store, stages, job))
    return document


def _event(name: str, document: dict[str, Any]) -> str:
    return f"id: {_id(document)}\nevent: {name}\ndata: {msgspec.json.encode(document).decode()}\n\n"


__all__ = ["router"]
