"""``/enqueue``: addresses and files handed in from a browser."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException, Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.responses import RedirectResponse, Response

from pipeline.errors import PipelineError
from workers.web import subscribing
from workers.web.backend import Backend, Here
from workers.web.rendering import page
from workers.web.submission import submitted
from workers.wording import line

router = APIRouter()

#: of a form that is refused, what was typed is shown again if the form was no larger than this (bytes); a
#: larger one brought files, which a browser does not choose again anyway
KEPT_BYTES = 1_000_000
#: lists that one form brings to be subscribed to
MOST_LISTS = 20
#: lines of lists that were refused, shown with their reasons
REFUSED = 50


@router.get("/enqueue")
def form(request: Request, backend: Here) -> Response:
    """Where to hand in."""
    return _form(request, backend)


@router.post("/enqueue")
@router.post("/jobs")
async def enqueue(request: Request, backend: Here) -> Response:
    """Take in once; leads to the job. What is refused is said on the form, with what was typed."""
    await _keep(request)
    try:
        intake = await submitted(request, backend)
    except (HTTPException, PipelineError) as error:
        return await _refused(request, backend, error)
    return RedirectResponse(f"/jobs/{intake.job}", 303)


@router.post("/enqueue/subscribe")
async def subscribe(request: Request, backend: Here) -> Response:
    """Poll addresses, and the feeds of lists, from now on; says what became of each."""
    await _keep(request)
    try:
        async with request.form(max_files=MOST_LISTS, max_fields=100) as sent:
            typed = str(sent.get("sources") or "")
            files = [one for one in sent.getlist("files") if isinstance(one, UploadFile) and one.filename]
            lists = [(one.filename or "", await one.read()) for one in files]
        imported = await run_in_threadpool(subscribing.subscribe, backend, typed.split(), lists)
        if imported.refused and not (imported.added or imported.there):
            first = imported.refused[0]
            raise HTTPException(422, f"{line(first.address)}: {line(first.reason)}")
    except (HTTPException, PipelineError) as error:
        return await _refused(request, backend, error)
    return page(request, "feeds_imported.html", imported=imported, most=REFUSED)


async def _keep(request: Request) -> None:
    """Read a small form at once: whoever parses it then leaves it to be parsed again."""
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length) <= KEPT_BYTES:
        await request.body()


async def _refused(request: Request, backend: Backend, error: HTTPException | PipelineError) -> Response:
    told = error.detail if isinstance(error, HTTPException) else error.message
    status = error.status_code if isinstance(error, HTTPException) else 422
    if status >= 500 or (
        isinstance(error, PipelineError) and error.code in ("database", "redis", "internal")
    ):
        raise error
    return _form(request, backend, status, typed=await _typed(request), wrong=told)


async def _typed(request: Request) -> str:
    """What stood in the field of addresses, if it is known still."""
    if not hasattr(request, "_body"):
        return ""
    body = await request.body()

    async def again() -> dict[str, object]:
        return {"type": "http.request", "body": body, "more_body": False}

    async with Request(request.scope, again).form(max_files=2_000, max_fields=100) as sent:
        value = sent.get("sources")
    return value if isinstance(value, str) else ""


def _form(
    request: Request, backend: Backend, status: int = 200, *, typed: str = "", wrong: str = ""
) -> Response:
    most = backend.settings.max_upload_bytes
    return page(request, "enqueue.html", status=status, most_bytes=most, typed=typed, wrong=wrong)
