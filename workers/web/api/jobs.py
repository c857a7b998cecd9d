"""Jobs: hand in sources, and see how they fare."""

from __future__ import annotations

import time
from typing import Annotated, Any, Literal

import msgspec
from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from workers.documents import item_line
from workers.stages import Stages
from workers.status import job_document, overview_document
from workers.web.api.answers import page, tagged, told
from workers.web.api.bodies import ENQUEUE
from workers.web.api.parameters import NOT_MODIFIED, Cursor, IfNoneMatch, Limit
from workers.web.api.shapes import items as item_shapes
from workers.web.api.shapes import jobs as shapes
from workers.web.backend import Here
from workers.web.problems import Refused, missing
from workers.web.submission import submitted

router = APIRouter(tags=["jobs"])

Job = Annotated[str, Path(max_length=100, description="Its id, as `POST /api/jobs` gave it.")]


@router.post(
    "/jobs",
    status_code=201,
    response_model=shapes.Accepted,
    openapi_extra=ENQUEUE,
    responses={409: {}, 415: {}},
)
async def enqueue(
    request: Request,
    backend: Here,
    name: Annotated[
        str,
        Query(description="What a file that is the body is called; `.jsonl` and `.jsonl.gz` are JSON lines."),
    ] = "",
) -> Response:
    """Accept addresses and files as one job. Every item has its row when this answers."""
    intake = await submitted(request, backend, name)
    return told({"job": intake.job, "items": intake.items}, 201)


@router.get("/jobs", response_model=shapes.Jobs)
def list_jobs(
    request: Request,
    backend: Here,
    state: Annotated[
        Literal["running", "done", "cancelled"] | None, Query(description="Only jobs in this state.")
    ] = None,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Response:
    """The jobs, newest first, and the same counts over all jobs there are."""
    jobs = backend.store.jobs(limit, state=state, cursor=cursor)

    def ask(stages: Stages | None) -> dict[str, Any]:
        return overview_document(backend.store, stages, jobs=jobs)

    return page(request, backend.seen(ask)[0], jobs.next)


@router.get("/jobs/{job}", response_model=shapes.Job, responses=NOT_MODIFIED)
def get_job(request: Request, job: Job, backend: Here, if_none_match: IfNoneMatch = None) -> Response:
    """One job: items = pending + in_flight + the sum of the outcomes."""
    document, _ = backend.seen(lambda stages: job_document(backend.store, stages, job))
    if document is None:
        raise missing("job", job)
    return tagged(request, msgspec.json.encode(document), "application/json")


@router.post("/jobs/{job}/cancel", status_code=202, response_model=shapes.Job, responses={409: {}})
def cancel_job(job: Job, backend: Here) -> Response:
    """End what is left of a job: items that wait end `skipped` (cancelled), what a worker has in its hands
    may still be stored, what has ended stays. It is over when its state is `cancelled`. Again changes
    nothing; `POST /api/retry` with the job takes its items up again."""
    if backend.store.cancel(job, time.time()):
        backend.wake()
    else:
        status = backend.store.job_status(job)
        if status is not None and status.cancelled_at is None:
            raise Refused("ended", f"Job {job} has ended already: nothing of it is left to cancel.")
    document, _ = backend.seen(lambda stages: job_document(backend.store, stages, job))
    if document is None:
        raise missing("job", job)
    return told(document, 202)


@router.get("/jobs/{job}/items", response_model=item_shapes.Items)
def list_job_items(
    request: Request,
    job: Job,
    backend: Here,
    state: Annotated[item_shapes.State | None, Query(description="Only items in this state.")] = None,
    outcome: Annotated[item_shapes.Outcome | None, Query(description="Only items that ended so.")] = None,
    code: Annotated[str | None, Query(max_length=100, description="Only items with this code.")] = None,
    host: Annotated[
        str | None, Query(max_length=300, description="Only items of this host; empty: of none.")
    ] = None,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> Response:
    """The items of a job, newest first: all, or those that meet all that is named."""
    if backend.store.job_status(job) is None:
        raise missing("job", job)
    found = backend.store.items(
        job=job, state=state, outcome=outcome, code=code, host=host, limit=limit, cursor=cursor
    )
    return page(request, {"items": [item_line(row) for row in found]}, found.next)
