"""``/jobs``: hand in sources; ``/jobs/{id}``: one job with its items."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from pipeline.model import OUTCOMES
from pipeline.store.contract import ArticleFilter
from pipeline.urls import without_password
from workers.status import adds_up, job_document
from workers.web.backend import Here
from workers.web.problems import missing
from workers.web.rendering import page, refresh_seconds
from workers.web.submission import submitted

router = APIRouter()

#: newest items that are shown
ITEMS = 200


@router.post("/jobs")
async def enqueue(request: Request, backend: Here) -> Response:
    """The form on the dashboard; leads to the job."""
    intake = await submitted(request, backend)
    return RedirectResponse(f"/jobs/{intake.job}", 303)


@router.get("/jobs")
def jobs() -> Response:
    """The list of jobs is on the dashboard."""
    return RedirectResponse("/#jobs")


@router.get("/jobs/{job}")
def one(request: Request, backend: Here, job: str, outcome: str | None = None) -> Response:
    """A job's counts and its items, newest first, all or those of one outcome."""
    status = backend.store.job_status(job)
    document, without_redis = backend.seen(lambda stages: job_document(backend.store, stages, job))
    if document is None or status is None:
        raise missing("job", job)
    if outcome not in OUTCOMES:
        outcome = None
    return page(
        request,
        "job.html",
        job=document,
        adds_up=adds_up(document),
        sources=[without_password(ref) for ref in status.sources],
        items=backend.store.items(job=job, outcome=outcome, limit=ITEMS),
        titles={
            row.id: row.title for row in backend.store.articles(wanted=ArticleFilter(job=job), limit=ITEMS)
        },
        most=ITEMS,
        outcome=outcome,
        refresh=refresh_seconds(request) if document["state"] == "running" else 0,
        without_redis=without_redis,
        retried=request.query_params.get("retried"),
    )
