"""What statuses and headers mean: judgement of values, without any I/O."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

from pipeline.errors import FetchError

REDIRECTS = frozenset({301, 302, 303, 307, 308})
#: the page has moved for good (RFC 9110, 15.4)
PERMANENT = frozenset({301, 308})

#: servers were seen to name years; a month is long enough to come back (s)
LONGEST_RETRY_AFTER = 30 * 86_400.0
LONGEST_FRESH = 30 * 86_400.0

#: refusals that concern the moment, not the request: timeout, conflict of the time, too early
_PASSING = frozenset({408, 425})
_DIRECTIVE = re.compile(
    r'\s*([\w!#$%&\'*+.^`|~-]+)\s*(?:=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,;"]*)))?\s*(?:[,;]|$)'
)


def refusal(status: int, url: str, retry_after: float | None) -> FetchError | None:
    """The error that a status stands for; None for one that carries a page."""
    if 200 <= status < 300:
        return None
    told = f"{url} answered {status}{_phrase(status)}."
    if status == HTTPStatus.GONE:
        return FetchError(told, code="gone", retry_helps=False, retry_after=retry_after)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return FetchError(told, code="throttled", retry_after=retry_after)
    if 400 <= status < 500:
        passing = status in _PASSING
        return FetchError(told, code="http_client", retry_helps=passing, retry_after=retry_after)
    if 500 <= status < 600:
        return FetchError(told, code="http_server", retry_after=retry_after)
    if 300 <= status < 400 and status != HTTPStatus.NOT_MODIFIED:
        told = f"{told} It names no address to follow."
        return FetchError(told, code="redirects", retry_helps=False, retry_after=retry_after)
    # A 304 that nobody asked for, or a number that means nothing.
    return FetchError(told, code="protocol", retry_after=retry_after)


def retry_after_seconds(header: str | None, now: float) -> float | None:
    """A Retry-After header as seconds from now, both forms (RFC 9110, 10.2.3); None if unusable."""
    text = (header or "").strip()
    # A header that came twice stands here joined with a comma; dates have one of their own.
    first = text.partition(",")[0].strip()
    if first.isascii() and first.isdigit():
        return min(float(first[:12]), LONGEST_RETRY_AFTER)
    moment = _moment(text)
    if moment is None:
        return None
    seconds = moment - datetime.fromtimestamp(now, UTC).timestamp()
    return min(max(seconds, 0.0), LONGEST_RETRY_AFTER)


def fresh_seconds(headers: Mapping[str, str], now: float) -> float | None:
    """How long the server calls its answer fresh from now on; None where it does not say.

    RFC 9111: ``max-age`` less ``Age``, else ``Expires`` less ``Date`` and ``Age``; never negative.
    ``no-cache`` and ``no-store`` call it fresh for no time, and count as saying nothing, for they
    are about reuse, not about when to ask again. ``s-maxage`` is for shared caches. An unusable
    ``Expires``, most often "0", has passed already (5.3).
    """
    directives = _directives(headers.get("cache-control", ""))
    if "no-cache" in directives or "no-store" in directives:
        return None
    age = _seconds(headers.get("age", "").partition(",")[0]) or 0.0
    if "max-age" in directives:
        # Unusable: to be taken for stale (4.2.1).
        lifetime = _seconds(directives["max-age"]) or 0.0
    elif "expires" in headers:
        then, date = _moment(headers["expires"]), _moment(headers.get("date", ""))
        lifetime = then - (now if date is None else date) if then is not None else 0.0
    else:
        return None
    return min(max(lifetime - age, 0.0), LONGEST_FRESH)


def _directives(header: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for match in _DIRECTIVE.finditer(header[:4096]):
        found.setdefault(match[1].lower(), match[2] or match[3] or "")
    return found


def _seconds(text: str) -> float | None:
    text = text.strip()
    return float(text[:12]) if text.isascii() and text.isdigit() else None


def _moment(text: str) -> float | None:
    try:
        moment = parsedate_to_datetime(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _phrase(status: int) -> str:
    try:
        return f" ({HTTPStatus(status).phrase})"
    except ValueError:
        return ""
