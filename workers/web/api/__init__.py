"""The API: JSON, one module a noun. Failures are problem+json (`workers.web.problems`)."""

from __future__ import annotations

from fastapi import APIRouter

from workers.web.api import articles, events, failures, feed_lists, feeds, health, jobs, status
from workers.web.problems import RESPONSES

router = APIRouter(prefix="/api", responses=RESPONSES)
for part in (status, jobs, events, articles, failures, feed_lists, feeds):
    router.include_router(part.router)

__all__ = ["health", "router"]
