"""``/docs``: the API for people, made from its OpenAPI document and nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from workers.web.kinds import KINDS
from workers.web.rendering import page

router = APIRouter()


@router.get("/docs")
def reference(request: Request) -> Response:
    """Every endpoint with its parameters and an example."""
    document: dict[str, Any] = request.app.openapi()
    origin = str(request.base_url).rstrip("/")
    return page(
        request,
        "reference.html",
        info=document["info"],
        endpoints=list(endpoints(document)),
        origin=origin,
        kinds=KINDS,
    )


def endpoints(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The endpoints of an OpenAPI document in its order, references resolved."""
    for path, methods in document["paths"].items():
        for method, told in methods.items():
            yield {
                "method": method.upper(),
                "path": path,
                "name": told["operationId"],
                "says": told.get("description") or told.get("summary", ""),
                "parameters": [_parameter(one) for one in told.get("parameters", [])],
                "fields": list(_fields(told, document)),
                "answers": [_answer(*one) for one in told["responses"].items() if one[0] < "4"],
                "failures": [code for code in told["responses"] if code >= "4"],
            }


def _answer(code: str, told: dict[str, Any]) -> str:
    """``201 Accepted (application/json)``: the status, the schema where it has a name, the media types."""
    kinds = told.get("content", {})
    schemas = [one.get("schema", {}) for one in kinds.values()]
    named = [schema["$ref"].rpartition("/")[2] for schema in schemas if "$ref" in schema]
    return " ".join([code, *named, *([f"({', '.join(kinds)})"] if kinds else [])])


def _parameter(one: dict[str, Any]) -> tuple[str, str, str]:
    return one["name"], one["in"], one.get("description", "")


def _fields(told: dict[str, Any], document: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    for media, content in told.get("requestBody", {}).get("content", {}).items():
        schema = content["schema"]
        if "$ref" in schema:
            schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        for name, field in schema.get("properties", {"the body": schema}).items():
            yield name, media, field.get("description", "")
