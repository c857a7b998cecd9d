"""Who may do what: pure judgements on a request's headers, for `workers.web.gate`."""

from __future__ import annotations

import ipaddress
import re
from typing import NamedTuple
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.requests import cookie_parser

from pipeline.settings import Settings
from workers.web import session

#: methods that change nothing (RFC 9110 section 9.2.1)
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
#: largest body of a request that brings no files, in bytes
PLAIN_BYTES = 2_000_000
#: the page that takes the token: it must be reachable without
SIGN_IN = "/login"
#: a Host header's name or address, without its port
_HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[^@/?#\[\]:\s]*)(?::\d*)?")


class Refusal(NamedTuple):
    status: int
    detail: str


def refusal(method: str, path: str, headers: Headers, settings: Settings, now: float) -> Refusal | None:
    """Why a request does not get in; None if it does. Looks at nothing but its arguments."""
    if not is_known_host(headers.get("host", ""), settings.web_hosts):
        return Refusal(
            421,
            f"This server does not answer to the name {headers['host']!r}. "
            "Names that it shall answer to are set in FEEDMILL_WEB_HOSTS.",
        )
    if method in SAFE:
        return None
    is_api = path.startswith("/api/")
    if is_cross_site(headers, needs_proof=not is_api):
        return Refusal(403, "This request was sent by a page of another site, or by no page at all.")
    if settings.api_token and not may_write(path, headers, settings.api_token, now):
        how = "Send the header Authorization: Bearer with the token." if is_api else "Sign in first."
        return Refusal(401, f"Writing needs the token that is set in FEEDMILL_API_TOKEN. {how}")
    announced = headers.get("content-length", "0")
    if announced.isdecimal() and int(announced) > body_limit(headers, settings):
        return too_large(headers, settings)
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


def may_write(path: str, headers: Headers, token: str, now: float) -> bool:
    """Whether a request carries the token: the API in a header, a page in its session."""
    if path.startswith("/api/"):
        scheme, _, given = headers.get("authorization", "").partition(" ")
        return scheme.lower() == "bearer" and session.is_token(token, given.strip())
    return path == SIGN_IN or has_session(headers, token, now)


def has_session(headers: Headers, token: str, now: float) -> bool:
    cookie = cookie_parser(headers.get("cookie", "")).get(session.COOKIE, "")
    return session.is_valid(token, cookie, now)


def body_limit(headers: Headers, settings: Settings) -> int:
    """Most bytes that the body of a request may have."""
    is_upload = headers.get("content-type", "").lower().startswith("multipart/")
    return settings.max_upload_bytes if is_upload else min(PLAIN_BYTES, settings.max_upload_bytes)


def too_large(headers: Headers, settings: Settings) -> Refusal:
    limit = body_limit(headers, settings)
    return Refusal(413, f"The request is larger than {limit} bytes (FEEDMILL_MAX_UPLOAD_BYTES).")


__all__ = [
    "PLAIN_BYTES", "SAFE", "SIGN_IN", "Refusal", "body_limit", "has_session", "is_cross_site",
    "is_known_host", "may_write", "refusal", "too_large",
]  # fmt: skip
