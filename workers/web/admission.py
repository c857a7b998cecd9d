"""Who may do what: pure judgements on a request's headers, for `workers.web.gate`."""

from __future__ import annotations

import ipaddress
import math
import re
from typing import NamedTuple
from urllib.parse import urlsplit

from starlette.datastructures import Headers

from pipeline.settings import Settings
from workers.web.keeper import Visitor
from workers.web.rates import Allowance

#: methods that change nothing (RFC 9110 section 9.2.1)
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
#: the others that something here takes; what nothing takes is told so (405)
WRITING = frozenset({"POST", "PATCH", "DELETE"})
#: what nothing writes to
READ_ONLY = ("/healthz", "/readyz", "/metrics", "/openapi.json")
#: largest body of a request that brings no files, in bytes
PLAIN_BYTES = 2_000_000
#: the page that takes the token: it must be reachable without
SIGN_IN = "/login"
#: read without the token even where reading needs it: nothing of a deployment's rows is in them
OPEN = (SIGN_IN, "/static/", "/healthz", "/readyz")
#: where programs ask, and where requests are counted
API = "/api/"
#: what takes files of any size, and accepts them while they come in
UPLOADS = ("/api/jobs", "/jobs")
#: read by programs, which cannot sign in
FOR_PROGRAMS = (API, "/metrics", "/openapi.json")
_FORM = "application/x-www-form-urlencoded"
#: a Host header's name or address, without its port
_HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[^@/?#\[\]:\s]*)(?::\d*)?")


class Refusal(NamedTuple):
    status: int
    detail: str
    #: seconds after which asking again may help
    retry_after: int | None = None


def refusal(method: str, path: str, headers: Headers, settings: Settings, visitor: Visitor) -> Refusal | None:
    """Why a request does not get in; None if it does. Looks at nothing but its arguments."""
    if not is_known_host(headers.get("host", ""), settings.web_hosts):
        return Refusal(
            421,
            f"This server does not answer to the name {headers['host']!r}. "
            "Names that it shall answer to are set in FEEDMILL_WEB_HOSTS.",
        )
    is_api = path.startswith(API)
    if method in SAFE:
        return None if may_read(path, settings, visitor) else _without_token("Reading", path, visitor)
    if method not in WRITING or path in READ_ONLY:
        return None
    if is_cross_site(headers, needs_proof=not is_api):
        return Refusal(403, "This request was sent by a page of another site, or by no page at all.")
    if settings.api_token and not may_write(path, visitor):
        return _without_token("Writing", path, visitor)
    announced = headers.get("content-length", "0")
    streams = is_streamed(method, path, headers)
    if announced.isdecimal() and int(announced) > body_limit(headers, settings, streams=streams):
        return too_large(headers, settings, streams=streams)
    return None


def is_known_host(host: str, names: str) -> bool:
    """Whether a Host header can be meant for us.

    A page elsewhere may point a name of its own at 127.0.0.1 and then read what we answer (DNS
    rebinding). Addresses, localhost and names without a dot cannot be such names.
    """
    allowed = {one.strip().lower() for one in names.split(",")} - {""}
    name = _HOST.fullmatch(host)
    if "*" in allowed or not name:
        return "*" in allowed
    bare = name[1].lower().strip("[]").rstrip(".")
    if bare in allowed or "." not in bare or bare.endswith(".localhost"):
        return True
    try:
        ipaddress.ip_address(bare)
    except ValueError:
        return False
    return True


def is_cross_site(headers: Headers, *, needs_proof: bool) -> bool:
    """Whether a browser says that a page of another origin sent this.

    Every browser sends one of the two headers with a form; programs send neither. needs_proof:
    what sends neither is refused too.
    """
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site is not None:
        return site not in ("same-origin", "none")
    if origin is not None:
        return urlsplit(origin).netloc != headers.get("host")
    return needs_proof


def may_read(path: str, settings: Settings, visitor: Visitor) -> bool:
    """Whether a visitor may see a page or ask the API. A session is enough for both: what it answers
    is kept from other sites by the browser."""
    guarded = bool(settings.api_token) and settings.api_read == "token"
    return not guarded or path.startswith(OPEN) or visitor.has_token or visitor.signed_in


def may_write(path: str, visitor: Visitor) -> bool:
    """Whether a visitor may change things: at the API with the token in a header, on a page within a
    session. Signing in is for everybody who need not wait."""
    if path == SIGN_IN:
        return not visitor.wait
    return visitor.has_token if path.startswith(API) else visitor.signed_in


def _without_token(what: str, path: str, visitor: Visitor) -> Refusal:
    if visitor.wait:
        seconds = math.ceil(visitor.wait)
        return Refusal(429, f"Too many wrong tokens came from there. Try again in {seconds} s.", seconds)
    by_header = path.startswith(FOR_PROGRAMS)
    how = "Send the header Authorization: Bearer with the token." if by_header else "Sign in first."
    return Refusal(401, f"{what} needs the token that is set in FEEDMILL_API_TOKEN. {how}")


def is_streamed(method: str, path: str, headers: Headers) -> bool:
    """Whether a body is accepted while it comes in: then it is not held, however large it is."""
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    return method == "POST" and path in UPLOADS and kind not in ("", "application/json", _FORM)


def body_limit(headers: Headers, settings: Settings, *, streams: bool = False) -> int:
    """Most bytes that the body of a request may have."""
    if streams:
        return settings.max_upload_bytes
    is_upload = headers.get("content-type", "").lower().startswith("multipart/")
    return min(settings.max_feed_bytes if is_upload else PLAIN_BYTES, settings.max_upload_bytes)


def too_large(headers: Headers, settings: Settings, *, streams: bool = False) -> Refusal:
    limit = body_limit(headers, settings, streams=streams)
    names = {settings.max_upload_bytes: " (FEEDMILL_MAX_UPLOAD_BYTES)"}
    told = f"The request is larger than {limit} bytes{names.get(limit, '')}."
    way_out = " Send long lists of addresses in parts, or as OPML." if limit == PLAIN_BYTES else ""
    return Refusal(413, told + way_out)


def too_often(allowance: Allowance) -> Refusal:
    seconds, rate = math.ceil(allowance.wait), allowance.rate
    return Refusal(
        429,
        f"More than {rate.requests} requests in {rate.seconds} s came from there (FEEDMILL_API_RATE). "
        f"Try again in {seconds} s.",
        seconds,
    )


__all__ = [
    "API", "FOR_PROGRAMS", "OPEN", "PLAIN_BYTES", "SAFE", "SIGN_IN", "Refusal", "body_limit", "is_cross_site",
    "is_known_host", "is_streamed", "may_read", "may_write", "refusal", "too_large", "too_often",
]  # fmt: skip
