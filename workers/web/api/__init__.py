"""The API: JSON, one module a noun. Failures are problem+json (`workers.web.problems`)."""

from __future__ import annotations

from fastapi import APIRouter, Depends

from workers.web.api import articles, events, export, failures, feed_lists, feeds, health, items, jobs, status
from workers.web.api.parameters import only_known

router = APIRouter(prefix="/api", dependencies=[Depends(only_known)])
for part in (status, jobs, events, items, articles, export, failures, feed_lists, feeds):
    router.include_router(part.router)

__all__ = ["health", "router"]
