"""Everything at once: the newest jobs, the totals, and the pulse of the stages."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.responses import Response

from workers import pulse
from workers.stages import Stages
from workers.status import overview_document
from workers.web.api.answers import told
from workers.web.api.shapes import jobs as shapes
from workers.web.backend import Here

router = APIRouter(tags=["jobs"])


@router.get("/status", response_model=shapes.Status)
def get_status(backend: Here, limit: Annotated[int, Query(ge=1, le=1000)] = 20) -> Response:
    """What `feedmill status --json` prints, and `pulse`: what waits before each stage, how fast it
    goes and when it will be done. `pulse` is null while Redis cannot be asked."""

    def ask(stages: Stages | None) -> dict[str, Any]:
        overview = overview_document(backend.store, stages, limit)
        found = pulse.pulse(backend.store, stages) if stages else None
        return overview | {"pulse": pulse.document(found) if found else None}

    return told(backend.seen(ask)[0])


__all__ = ["router"]
