"""``/``: what goes on, in one look."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from pipeline.urls import without_password
from workers.stages import Stages
from workers.status import StatusDocument, adds_up, overview_document
from workers.web.backend import Backend, Here
from workers.web.rendering import page, refresh_seconds

router = APIRouter()

#: newest jobs that are shown
JOBS = 50


@router.get("/")
def dashboard(request: Request, backend: Here) -> Response:
    """Stages, workers, the conservation line, and the newest jobs."""

    def ask(stages: Stages | None) -> tuple[StatusDocument, list[dict[str, Any]], dict[str, Any] | None]:
        document = overview_document(backend.store, stages, JOBS)
        if stages is None:
            return document, [], None
        return document, stages.workers(), stages.coordinator()

    (document, workers, coordinator), without_redis = backend.seen(ask)
    return page(
        request,
        "dashboard.html",
        totals=document["totals"],
        adds_up=adds_up(document["totals"]),
        jobs=document["jobs"],
        sources=_sources(backend),
        workers=workers,
        coordinator=coordinator,
        without_redis=without_redis,
        refresh=refresh_seconds(request),
        most_bytes=backend.settings.max_upload_bytes,
    )


def _sources(backend: Backend) -> dict[str, list[str]]:
    return {one.job: [without_password(ref) for ref in one.sources] for one in backend.store.jobs(JOBS)}
