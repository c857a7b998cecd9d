"""The pages: HTML that needs no script, one module a noun. What a form changes ends in a redirect."""

from __future__ import annotations

from fastapi import APIRouter

from workers.web.pages import (
    articles,
    dashboard,
    enqueue,
    failures,
    feeds,
    find,
    items,
    jobs,
    login,
    reference,
)

router = APIRouter(include_in_schema=False)
for part in (dashboard, enqueue, jobs, items, articles, feeds, failures, find, login, reference):
    router.include_router(part.router)

__all__ = ["router"]
