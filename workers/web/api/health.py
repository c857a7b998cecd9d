"""Whether this process lives, and whether what it needs can be reached."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import JSONResponse

from pipeline.errors import PipelineError
from workers.web.backend import Here
from workers.web.problems import MEDIA_TYPE

router = APIRouter(tags=["health"])


@router.get("/healthz")
def alive() -> dict[str, str]:
    """This process answers, from the thread pool that every other answer comes from."""
    return {"status": "ok"}


@router.get("/readyz", responses={503: {"description": "Redis or the database cannot be reached"}})
def ready(backend: Here) -> JSONResponse:
    """Redis and the database answer; the database has its tables."""
    found = {}
    for name, ask in (("database", backend.store.totals), ("redis", lambda: backend.stages().ping())):
        try:
            ask()
            found[name] = "ok"
        except PipelineError as error:
            found[name] = error.message
    wrong = [message for message in found.values() if message != "ok"]
    if not wrong:
        return JSONResponse({"status": "ok", **found})
    told = {"type": "about:blank", "title": "Service Unavailable", "status": 503, "detail": " ".join(wrong)}
    return JSONResponse(told | found, 503, media_type=MEDIA_TYPE)
