"""What goes wrong, in words: problem+json (RFC 9457) from the API, a page for people."""

from __future__ import annotations

import logging
from http import HTTPStatus

from fastapi import FastAPI, HTTPException
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Match

from pipeline.errors import CODES, PipelineError
from workers.web.kinds import KINDS, code_of
from workers.web.rendering import page

logger = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"

#: what is wrong here and not with the request, though no request is answered with it by itself
_OURS = {"settings": 500}


def install(app: FastAPI) -> None:
    """Have every failure of the application answered here."""
    app.add_exception_handler(StarletteHTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(PipelineError, _pipeline)
    app.add_exception_handler(ClientDisconnect, _gone)
    app.add_exception_handler(Exception, _unexpected)


class Refused(HTTPException):
    """A failure of a kind that its status alone does not tell (`workers.web.kinds`)."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(KINDS[code].status, detail)
        self.code = code


def missing(what: str, name: object) -> HTTPException:
    """The failure for a thing that is not there."""
    return HTTPException(404, f"There is no {what} {name}.")


def answer(request: Request, status: int, detail: str, code: str | None = None) -> Response:
    """A failure as an answer, of the kind that the asker reads."""
    title = HTTPStatus(status).phrase
    headers = {"www-authenticate": "Bearer"} if status == 401 else {}
    path = request.url.path
    if not (path.startswith("/api/") or path in ("/healthz", "/readyz", "/openapi.json")):
        return page(
            request, "problem.html", status=status, headers=headers, title=title, detail=detail, code=code
        )
    return JSONResponse(document(status, detail, code), status, headers, MEDIA_TYPE)


def document(status: int, detail: str, code: str | None = None) -> dict[str, object]:
    """A problem (RFC 9457). Its type is where ``/docs`` says what is meant, and what to do."""
    code = code or code_of(status)
    kind = f"/docs#{code}" if code in KINDS else "about:blank"
    told = {"type": kind, "title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    return told | ({"code": code} if code else {})


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, StarletteHTTPException)
    detail = error.detail
    headers = {name.lower(): value for name, value in (error.headers or {}).items()}
    if error.status_code == 404 and detail == HTTPStatus.NOT_FOUND.phrase:
        detail = f"There is nothing at {request.url.path}."
    if error.status_code == 405:
        # The router names the methods of the first route that has the path, not of all.
        allowed = ", ".join(methods_of(request))
        headers["allow"] = allowed
        if request.method == "OPTIONS":
            return Response(status_code=204, headers=headers)
        detail = f"{request.method} is not for {request.url.path}: it takes {allowed}."
    answered = answer(request, error.status_code, detail, getattr(error, "code", None))
    answered.headers.update(headers)
    return answered


def methods_of(request: Request) -> list[str]:
    """The methods that what is asked for takes (RFC 9110, section 10.2.1)."""
    found = {"OPTIONS"}
    for method in ("DELETE", "GET", "PATCH", "POST", "PUT"):
        scope = {**request.scope, "method": method}
        if any(route.matches(scope)[0] is Match.FULL for route in request.app.routes):
            found |= {method, "HEAD"} if method == "GET" else {method}
    return sorted(found)


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    wrong = (
        f"{'.'.join(str(part) for part in one['loc'][1:]) or 'body'}: {one['msg']}" for one in error.errors()
    )
    return answer(request, 422, "; ".join(wrong) + ".")


async def _pipeline(request: Request, error: Exception) -> Response:
    assert isinstance(error, PipelineError)
    status = _OURS.get(error.code) or (KINDS[error.code].status if error.code in KINDS else 422)
    if status >= 500:
        logger.warning("%s", error.message, extra={"code": error.code, "status": status})
    return answer(request, status, error.message, error.code)


async def _gone(request: Request, error: Exception) -> Response:
    # Nobody reads this; it is no defect of ours either, as the status 500 would tell the log.
    return answer(request, 400, "The connection ended before the request did.")


async def _unexpected(request: Request, error: Exception) -> Response:
    # The server logs the traceback: this handler only words the answer.
    return answer(request, 500, CODES["internal"], "internal")


__all__ = ["MEDIA_TYPE", "Refused", "answer", "document", "install", "missing"]
