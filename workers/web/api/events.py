"""A job as it goes on: server-sent events (WHATWG HTML, section 9.2)."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

from fastapi import APIRouter, HTTPException
from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse

from pipeline.errors import PipelineError
from workers.status import job_document
from workers.web.backend import Backend, Here
from workers.web.problems import missing

router = APIRouter(tags=["jobs"])

#: between two looks at a job (s)
LOOK_SECONDS = 1.0
#: looks without a change until a comment tells the other side, and what stands between, that we are there
SILENT_LOOKS = 15
#: streams at once, each of which asks the database once a second
MOST_STREAMS = 100
_open: set[object] = set()

_SCHEMA = {"text/event-stream": {"schema": {"type": "string"}}}


@router.get(
    "/jobs/{job}/events",
    response_class=StreamingResponse,
    responses={200: {"content": _SCHEMA}, 429: {"description": "Too many streams are open"}},
)
async def events(job: str, backend: Here) -> StreamingResponse:
    """`status` events with the job's document whenever it changes, then one `done`, and the stream
    ends. A client that lost the connection asks again and gets the present state first."""
    if len(_open) >= MOST_STREAMS:
        told = f"{MOST_STREAMS} streams of events are open. Ask for the job itself, or try again later."
        raise HTTPException(429, told, {"retry-after": "5"})
    first = await run_in_threadpool(_document, backend, job)
    if first is None:
        raise missing("job", job)
    return StreamingResponse(
        _stream(backend, job, first),
        media_type="text/event-stream",
        headers={"cache-control": "no-store", "x-accel-buffering": "no"},
    )


async def _stream(backend: Backend, job: str, first: dict[str, Any]) -> AsyncIterator[str]:
    mine = object()
    _open.add(mine)
    try:
        told, document, silent = None, first, 0
        while document["state"] == "running":
            if document != told:
                told, silent = document, 0
                yield _event("status", document)
            elif (silent := silent + 1) >= SILENT_LOOKS:
                silent = 0
                yield ": still there\n\n"
            await asyncio.sleep(LOOK_SECONDS)
            try:
                document = await run_in_threadpool(_document, backend, job) or document
            except PipelineError as error:
                # The database is away for a while; the stream is not.
                yield f": {error.code} is away\n\n"
        yield _event("done", document)
    finally:
        _open.discard(mine)


def _document(backend: Backend, job: str) -> dict[str, Any] | None:
    document, _ = backend.seen(lambda stages: job_document(backend.store, stages, job))
    return document


def _event(name: str, document: dict[str, Any]) -> str:
    return f"event: {name}\ndata: {json.dumps(document, separators=(',', ':'))}\n\n"


__all__ = ["router"]
