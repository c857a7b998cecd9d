"""Jobs: hand in sources, and see how they fare."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request

from workers.status import job_document, overview_document
from workers.web.backend import Here
from workers.web.problems import missing
from workers.web.submission import BODY, submitted

router = APIRouter(tags=["jobs"])


@router.post("/jobs", status_code=201, openapi_extra={"requestBody": BODY})
async def enqueue(request: Request, backend: Here) -> dict[str, Any]:
    """Accept addresses and files as one job. Every item has its row when this answers."""
    intake = await submitted(request, backend)
    return {"job": intake.job, "items": intake.items}


@router.get("/jobs")
def overview(backend: Here, limit: Annotated[int, Query(ge=1, le=1000)] = 100) -> dict[str, Any]:
    """The newest jobs, and the same counts over all jobs there are."""
    document, _ = backend.seen(lambda stages: overview_document(backend.store, stages, limit))
    return document


@router.get("/jobs/{job}")
def one(job: str, backend: Here) -> dict[str, Any]:
    """One job: items = pending + in_flight + the sum of the outcomes."""
    document, _ = backend.seen(lambda stages: job_document(backend.store, stages, job))
    if document is None:
        raise missing("job", job)
    return document
