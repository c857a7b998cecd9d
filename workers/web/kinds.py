"""What can be wrong with a request, by its code: each has a place on the page ``/docs``, to which the
``type`` of a problem leads."""

from __future__ import annotations

from typing import NamedTuple


class Kind(NamedTuple):
    """One kind of problem, in words for whoever gets it."""

    status: int
    means: str
    do: str


#: code -> what it means; of those with one status the first is meant where nothing more is known
KINDS: dict[str, Kind] = {
    "malformed": Kind(400, "The request is not what HTTP or JSON allow", "Mend it where the detail says."),
    "token": Kind(401, "The token is missing or wrong", "Send it: Authorization: Bearer ..."),
    "cross_site": Kind(403, "A page of another site sent this", "Ask from a program, or from a page here."),
    "not_found": Kind(404, "There is no such thing", "Look into the listing for what there is."),
    "cursor": Kind(404, "The cursor is damaged, or of another listing", "Begin again without a cursor."),
    "method": Kind(405, "There is no such method here", "Take one of those that Allow names."),
    "slow": Kind(408, "The body came too slowly", "Send it again, in smaller parts."),
    "conflict": Kind(
        409,
        "The first request with this Idempotency-Key is under way, or was for other sources",
        "Wait for Retry-After; without one take a new key.",
    ),
    "ended": Kind(409, "The job has ended", "Nothing of it is left to cancel."),
    "cancelled": Kind(409, "The job was cancelled while this came in", "Hand the rest in as another job."),
    "too_large": Kind(413, "The body is too large", "Send less, or raise the limit that the detail names."),
    "media_type": Kind(415, "The body is of a kind that is not taken", "Say its kind with Content-Type."),
    "host": Kind(421, "The server does not answer to this host name", "Set FEEDMILL_WEB_HOSTS."),
    "invalid": Kind(422, "A parameter or the body cannot be used", "Mend what the detail names."),
    "bad_url": Kind(422, "Not a usable http or https address", "Mend how it is written."),
    "bad_feed": Kind(422, "What was sent is no list of feeds", "Send OPML."),
    "empty_feed": Kind(422, "The list names no feeds", "Give its outlines an xmlUrl."),
    "too_many": Kind(429, "Too many requests, streams or wrong tokens", "Wait for Retry-After."),
    "internal": Kind(500, "A defect of Feedmill", "Report it; the log has more, under the X-Request-Id."),
    "busy": Kind(503, "Too much is being handed in at once", "Wait for Retry-After."),
    "database": Kind(503, "The database cannot be used", "Try again; `feedmill doctor` says what is wrong."),
    "not_ready": Kind(503, "What is needed cannot be reached", "Wait; the detail or the log says for what."),
    "redis": Kind(503, "Redis cannot be used", "Try again; `feedmill doctor` says what is wrong."),
}  # fmt: skip


def code_of(status: int) -> str | None:
    """The code of a status of which nothing more is known."""
    return next((code for code, kind in KINDS.items() if kind.status == status), None)


def meaning(status: int) -> str:
    """What a status may mean, for the API document."""
    return "; or: ".join(kind.means for kind in KINDS.values() if kind.status == status)


def statuses() -> list[int]:
    """Every status of a problem."""
    return sorted({kind.status for kind in KINDS.values()})


__all__ = ["KINDS", "Kind", "code_of", "meaning", "statuses"]
