"""Answers of the API: JSON made once, with the headers that let clients page and ask again for less."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

import msgspec
from starlette.requests import Request
from starlette.responses import Response

#: what may be kept by its asker, who asks each time whether it is still so
_KEPT = "private, no-cache"


def told(document: Any, status: int = 200) -> Response:
    """A document as JSON."""
    return Response(msgspec.json.encode(document), status, media_type="application/json")


def page(request: Request, document: dict[str, Any], next: str | None) -> Response:
    """One page of a listing: ``next`` beside the rows, and where that page is in a Link header."""
    answer = told(document | {"next": next})
    if next is not None:
        asked = [(name, value) for name, value in request.query_params.multi_items() if name != "cursor"]
        # Relative to what was asked for: a proxy may have served it under another path.
        answer.headers["link"] = f'<?{urlencode([*asked, ("cursor", next)])}>; rel="next"'
    return answer


def tagged(request: Request, body: bytes, media_type: str, vary: Sequence[str] = ()) -> Response:
    """A body with its entity tag, or 304 for who has it already (RFC 9110, sections 8.8.3 and 13.1.2)."""
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"etag": tag, "cache-control": _KEPT} | ({"vary": ", ".join(vary)} if vary else {})
    if _has(request.headers.get("if-none-match", ""), tag):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=media_type, headers=headers)


def _has(named: str, tag: str) -> bool:
    """Whether If-None-Match names a tag; compared weakly, as it has to be."""
    return any(one.strip().removeprefix("W/") in (tag, "*") for one in named.split(","))


def preferred(accept: str, offered: Sequence[str]) -> str:
    """Which of the media types a client would rather have (RFC 9110, section 12.5.1); the first where it
    does not say, or wants none of them."""
    ranges = [_range(one) for one in accept.lower().split(",") if one.strip()]

    def quality(media: str) -> float:
        fitting = [(name, q) for name, q in ranges if name in (media, f"{media.partition('/')[0]}/*", "*/*")]
        # The most specific range counts: the one with the fewest asterisks.
        return min(fitting, key=lambda one: one[0].count("*"))[1] if fitting else 0.0

    return max(offered, key=quality) if ranges else offered[0]


def _range(text: str) -> tuple[str, float]:
    name, _, parameters = text.partition(";")
    for one in parameters.split(";"):
        key, _, value = one.strip().partition("=")
        if key == "q":
            try:
                return name.strip(), min(1.0, max(0.0, float(value)))
            except ValueError:
                return name.strip(), 0.0
    return name.strip(), 1.0


__all__ = ["page", "preferred", "tagged", "told"]
