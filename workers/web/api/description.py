"""What openapi.json says beyond what the framework reads off the endpoints: failures, security, the
schema of an article, and who may expect what."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from pipeline.model import article_schema
from pipeline.settings import Settings
from workers.web.admission import FOR_PROGRAMS, OPEN
from workers.web.problems import MEDIA_TYPE

INTRODUCTION = """Feeds and files in, clean articles out.

Within one major version nothing is taken away: members, parameters and endpoints may be added, and
clients pass over members that they do not know. Cursors are opaque. docs/api.md has an example for each
endpoint."""

TAGS: list[dict[str, Any]] = [
    {"name": "jobs", "description": "What was handed in, and how it fares."},
    {"name": "items", "description": "What became of a single page."},
    {"name": "articles", "description": "What is stored."},
    {"name": "failures", "description": "Dead letters, and their retry."},
    {"name": "feeds", "description": "What is polled again and again."},
    {"name": "health", "description": "Whether this process and what it needs are well."},
]

_PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "What is wrong (RFC 9457).",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "description": "about:blank: the status says what kind of problem it is"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "one sentence: what is wrong, and what to do"},
        "code": {"type": "string", "description": "stable, for programs"},
    },
    "example": {
        "type": "about:blank",
        "title": "Not Found",
        "status": 404,
        "detail": "There is no article 7.",
    },
}

#: status -> when it is answered
_FAILURES = {
    400: "The request is not what HTTP or JSON allow",
    401: "The token is missing or wrong",
    403: "A page of another site sent this",
    404: "There is no such thing, or no such page of it: the cursor is damaged or of another listing",
    408: "The body came too slowly",
    409: "The first request with this Idempotency-Key is under way, or was for other sources",
    413: "The body is too large",
    415: "The body is of a kind that is not taken",
    421: "The server does not answer to this host name",
    422: "A parameter or the body cannot be used",
    429: "Too many requests, streams or wrong tokens; Retry-After says when to come again",
    500: "A defect of Feedmill; the log has more, under the answer's X-Request-Id",
    503: "The database or Redis cannot be reached, or too much is being handed in; try again",
}
_ALWAYS = (400, 401, 421, 422, 429, 500, 503)
_WITH_BODY = (403, 408, 413)
_METHODS = ("get", "post", "patch", "delete", "put")


def install(app: FastAPI, settings: Settings) -> None:
    """Have the application tell this of itself. It is put together when it is first asked for, and says
    of the token what is so in this deployment."""

    def told() -> dict[str, Any]:
        if not app.openapi_schema:
            made = get_openapi(
                title=app.title,
                version=app.version,
                description=app.description,
                routes=app.routes,
                tags=app.openapi_tags,
            )
            app.openapi_schema = _completed(made, settings)
        return app.openapi_schema

    app.openapi = told  # type: ignore[method-assign]


def _completed(document: dict[str, Any], settings: Settings) -> dict[str, Any]:
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    for ours in ("HTTPValidationError", "ValidationError"):
        schemas.pop(ours, None)
    schemas["Problem"], schemas["Article"] = _PROBLEM, _article()
    components["securitySchemes"] = {
        "token": {
            "type": "http",
            "scheme": "bearer",
            "description": "FEEDMILL_API_TOKEN; for reading only where FEEDMILL_API_READ=token.",
        }
    }
    components["responses"] = {str(status): _failure(status) for status in _FAILURES}
    document["paths"] = {path: told for path, told in document["paths"].items() if _is_for_programs(path)}
    for path, methods in document["paths"].items():
        for method, told in methods.items():
            if method in _METHODS:
                _complete(path, method, told)
                if security := _security(path, method, settings):
                    told["security"] = security
    return document


def _is_for_programs(path: str) -> bool:
    return path.startswith((*FOR_PROGRAMS, *OPEN))


def _complete(path: str, method: str, told: dict[str, Any]) -> None:
    told["operationId"] = _name(path, method)
    answers = told["responses"]
    statuses = {*_ALWAYS, *(_WITH_BODY if method != "get" else ())}
    pages = any(one["name"] == "cursor" for one in told.get("parameters", ()))
    statuses |= {404} if "{" in path or pages else set()
    statuses |= {int(status) for status in answers if status.isdigit() and int(status) in _FAILURES}
    for status in sorted(statuses):
        if status in (401, 403, 429) and path.startswith(OPEN):
            continue
        answers[str(status)] = {"$ref": f"#/components/responses/{status}"}


def _security(path: str, method: str, settings: Settings) -> list[dict[str, list[str]]]:
    if not settings.api_token or path.startswith(OPEN):
        return []
    return [{"token": []}] if method != "get" or settings.api_read == "token" else []


def _name(path: str, method: str) -> str:
    """A name for generated clients: ``get_jobs_job_items``."""
    words = path.removeprefix("/api").replace("{", "").replace("}", "").replace(".", "_")
    return "_".join([method, *(word for word in words.split("/") if word)])


def _failure(status: int) -> dict[str, Any]:
    told: dict[str, Any] = {
        "description": f"{HTTPStatus(status).phrase}. {_FAILURES[status]}.",
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    if status in (429, 503):
        says = "Seconds after which asking again may help"
        told["headers"] = {"Retry-After": {"description": says, "schema": {"type": "integer"}}}
    return told


def _article() -> dict[str, Any]:
    """The schema of an article as it is published, with what it has here beside its own fields."""
    text = json.dumps(article_schema()).replace("#/$defs/", "#/components/schemas/Article/$defs/")
    schema: dict[str, Any] = json.loads(text)
    del schema["$schema"]
    schema["required"] += ["id", "job", "fetched_at"]
    return schema


__all__ = ["INTRODUCTION", "TAGS", "install"]
