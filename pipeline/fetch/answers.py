"""What a status means: judgement of values, without any I/O."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

from pipeline.errors import FetchError

REDIRECTS = frozenset({301, 302, 303, 307, 308})

#: servers were seen to name years; a month is long enough to come back (s)
LONGEST_RETRY_AFTER = 30 * 86_400.0

#: refusals that concern the moment, not the request: timeout, conflict of the time, too early
_PASSING = frozenset({408, 425})


def refusal(status: int, url: str, retry_after: float | None) -> FetchError | None:
    """The error that a status stands for; None for one that carries a page."""
    if 200 <= status < 300:
        return None
    told = f"{url} answered {status}{_phrase(status)}."
    if status == HTTPStatus.GONE:
        return FetchError(told, code="gone", retry_helps=False)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return FetchError(told, code="throttled", retry_after=retry_after)
    if 400 <= status < 500:
        passing = status in _PASSING
        return FetchError(told, code="http_client", retry_helps=passing, retry_after=retry_after)
    if 500 <= status < 600:
        return FetchError(told, code="http_server", retry_after=retry_after)
    if 300 <= status < 400 and status != HTTPStatus.NOT_MODIFIED:
        return FetchError(f"{told} It names no address to go to.", code="redirects", retry_helps=False)
    # A 304 that nobody asked for, or a number that means nothing.
    return FetchError(told, code="protocol")


def retry_after_seconds(header: str | None, now: float) -> float | None:
    """A Retry-After header as seconds from now, both forms (RFC 9110, 10.2.3); None if unusable."""
    text = (header or "").strip()
    if text.isascii() and text.isdigit():
        return min(float(text[:12]), LONGEST_RETRY_AFTER)
    try:
        then = parsedate_to_datetime(text)
        moment = then if then.tzinfo else then.replace(tzinfo=UTC)
        seconds = moment.timestamp() - datetime.fromtimestamp(now, UTC).timestamp()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return min(max(seconds, 0.0), LONGEST_RETRY_AFTER)


def _phrase(status: int) -> str:
    try:
        return f" ({HTTPStatus(status).phrase})"
    except ValueError:
        return ""
