"""Whether this process lives, and whether what it needs can be reached."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse

from pipeline.errors import PipelineError
from workers.web import admission
from workers.web.backend import Here
from workers.web.problems import MEDIA_TYPE, document
from workers.web.rendering import VISITOR

router = APIRouter(tags=["health"])

#: whoever may see this may know where the database is
_DETAILS = "/"


@router.get("/healthz")
def get_health() -> dict[str, str]:
    """This process answers, from the thread pool that every other answer comes from."""
    return {"status": "ok"}


@router.get("/readyz", responses={503: {"description": "Redis or the database cannot be reached"}})
def get_readiness(request: Request, backend: Here) -> JSONResponse:
    """Redis and the database answer; the database has its tables. Who may not read is told no more
    than whether they do."""
    found = {}
    for name, ask in (("database", backend.store.totals), ("redis", lambda: backend.stages().ping())):
        try:
            ask()
            found[name] = "ok"
        except PipelineError as error:
            found[name] = error.message
    wrong = [message for message in found.values() if message != "ok"]
    if not admission.may_read(_DETAILS, backend.settings, request.scope[VISITOR]):
        found, wrong = {}, ["It is not ready; the log says why."] if wrong else []
    if not wrong:
        return JSONResponse({"status": "ok", **found})
    told = document(503, " ".join(wrong), "not_ready")
    return JSONResponse(told | found, 503, media_type=MEDIA_TYPE)
