"""What openapi.json says beyond what the framework reads off the endpoints: failures, security, the
schema of an article, and who may expect what."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from pipeline.model import article_schema
from pipeline.settings import Settings
from workers.web.admission import API, OPEN
from workers.web.api.links import links_of
from workers.web.kinds import meaning, statuses
from workers.web.problems import MEDIA_TYPE, document

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
        "type": {"type": "string", "description": "where the page /docs says what is meant and what to do"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "one sentence: what is wrong, and what to do"},
        "code": {"type": "string", "description": "stable, for programs"},
    },
    "example": document(404, "There is no article 7."),
}

_ALWAYS = (400, 401, 421, 422, 429, 500, 503)
_WITH_BODY = (403, 408, 413)
_METHODS = ("get", "post", "patch", "delete", "put")
#: what the parameters of paths look like
_EXAMPLES = {"job": "0tz7w8k3m9q2c", "article": 17, "item": 17, "feed": 3}
_COUNTED = {
    "RateLimit": "How many requests are left (draft-ietf-httpapi-ratelimit-headers)",
    "RateLimit-Policy": "Out of how many, in how many seconds",
}


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


def _completed(made: dict[str, Any], settings: Settings) -> dict[str, Any]:
    components = made.setdefault("components", {})
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
    components["responses"] = {str(status): _failure(status) for status in statuses()}
    components["headers"] = {
        name: {"description": says, "schema": {"type": "string"}} for name, says in _COUNTED.items()
    }
    for path, methods in made["paths"].items():
        for method, told in methods.items():
            if method in _METHODS:
                _complete(path, method, told, settings)
                if security := _security(path, method, settings):
                    told["security"] = security
    return made


def _complete(path: str, method: str, told: dict[str, Any], settings: Settings) -> None:
    told["summary"] = told["summary"].capitalize()
    for parameter in told.get("parameters", ()):
        _plain(parameter)
    answers = told["responses"]
    for status, answer in answers.items():
        if status.startswith("2") and (links := links_of(told["operationId"], path)):
            answer["links"] = links
        if path.startswith(API) and settings.api_rate != "off":
            headers = {name: {"$ref": f"#/components/headers/{name}"} for name in _COUNTED}
            answer["headers"] = answer.get("headers", {}) | headers
    problems = {*_ALWAYS, *(_WITH_BODY if method != "get" else ())}
    pages = any(one["name"] == "cursor" for one in told.get("parameters", ()))
    problems |= {404} if "{" in path or pages else set()
    problems |= {int(status) for status in answers if status.isdigit() and int(status) in statuses()}
    for status in sorted(problems):
        if status in (401, 403, 429) and path.startswith(OPEN):
            continue
        answers[str(status)] = {"$ref": f"#/components/responses/{status}"}


def _plain(parameter: dict[str, Any]) -> None:
    """Say of a parameter what can be sent: in an address there is no null, only leaving it out."""
    schema = parameter["schema"]
    kinds = [one for one in schema.get("anyOf", ()) if one != {"type": "null"}]
    if len(kinds) == 1:
        del schema["anyOf"]
        schema.update(kinds[0])
    elif kinds:
        schema["anyOf"] = kinds
    schema.pop("title", None)
    if parameter["in"] == "path" and parameter["name"] in _EXAMPLES:
        parameter["example"] = _EXAMPLES[parameter["name"]]


def _security(path: str, method: str, settings: Settings) -> list[dict[str, list[str]]]:
    if not settings.api_token or path.startswith(OPEN):
        return []
    return [{"token": []}] if method != "get" or settings.api_read == "token" else []


def _failure(status: int) -> dict[str, Any]:
    told: dict[str, Any] = {
        "description": f"{HTTPStatus(status).phrase}. {meaning(status)}.",
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    if status in (429, 503):
        says = "Seconds after which asking again may help"
        told["headers"] = {"Retry-After": {"description": says, "schema": {"type": "integer"}}}
    return told


def _article() -> dict[str, Any]:
    """The schema of an article as it is published, with what it has here beside its own fields."""
    published = article_schema()
    parts = published.pop("$defs")
    del published["$schema"]
    schema: dict[str, Any] = _whole(published, parts)
    schema["required"] = [*schema["required"], "id", "job", "fetched_at"]
    return schema


def _whole(node: Any, parts: dict[str, Any]) -> Any:
    """A schema with its parts in their places: generators of clients find none that stand inside of it."""
    if isinstance(node, list):
        return [_whole(one, parts) for one in node]
    if not isinstance(node, dict):
        return node
    told = {name: _whole(one, parts) for name, one in node.items() if name != "$ref"}
    return _whole(parts[node["$ref"].removeprefix("#/$defs/")], parts) | told if "$ref" in node else told


__all__ = ["INTRODUCTION", "TAGS", "install"]
