"""What a hub says at our callback, and what is made of it. Pure."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from msgspec.structs import replace

from pipeline import urls
from pipeline.model import Feed, NewItem, Polled, WebSub
from pipeline.sources.entries import ParsedFeed
from pipeline.websub.subscription import LEASE

#: no longer lease is believed: what was granted for ever would never be renewed
_LONGEST_LEASE = 400 * 86_400.0
#: longest challenge and reason that are taken, in characters
_LONGEST_CHALLENGE, _LONGEST_REASON = 1000, 300
#: the algorithms that the Recommendation names (section 7.1.1)
_DIGESTS = {
    "sha1": hashlib.sha1, "sha256": hashlib.sha256, "sha384": hashlib.sha384, "sha512": hashlib.sha512,
}  # fmt: skip


def answered(feed: Feed, question: Mapping[str, str], now: float) -> WebSub | None:
    """What is to be written after a hub's question (sections 5.2 and 5.3); None: we do not agree.

    It asks whether we want (`subscribe`) or no longer want (`unsubscribe`) its pushes, which is
    confirmed with `challenge`, or says that it will not push (`denied`).
    """
    websub, mode = feed.websub, question.get("hub.mode")
    if websub is None or question.get("hub.topic") != websub.topic:
        return None
    if mode == "denied":
        return websub if websub.state == "ended" else _denied(websub, question.get("hub.reason", ""))
    if challenge(question) is None:
        return None
    if mode == "unsubscribe" and (websub.state == "ended" or feed.state == "gone"):
        return replace(websub, state="ended", until=None)
    if mode == "subscribe" and websub.state in ("asked", "active") and feed.state != "gone":
        until = now + _lease(question.get("hub.lease_seconds", ""))
        return replace(websub, state="active", until=until, asks=0, message=None)
    return None


def _denied(websub: WebSub, reason: str) -> WebSub:
    shown = urls.printable(reason.strip()[:_LONGEST_REASON])
    message = f"The hub denied the subscription: {shown}" if shown else "The hub denied the subscription."
    return replace(websub, state="refused", until=None, message=message)


def challenge(question: Mapping[str, str]) -> str | None:
    """What confirms a hub's question; None when there is nothing that can be sent back.

    Short and printable only, as section 8.2 advises: nobody shall have us serve files.
    """
    given = question.get("hub.challenge", "")
    return given if 0 < len(given) <= _LONGEST_CHALLENGE and given.isprintable() else None


def _lease(seconds: str) -> float:
    # Hubs of PubSubHubbub 0.3 name no lease, or 0 for one without end.
    granted = float(seconds) if re.fullmatch(r"[0-9]{1,12}", seconds) else 0.0
    return min(granted, _LONGEST_LEASE) or LEASE


def is_authentic(websub: WebSub, signature: str, body: bytes) -> bool:
    """Whether a push is the hub's: signed with the secret (``X-Hub-Signature``, section 7.1).

    Where there is no secret, only the callback's address proves it, and only while the lease stands.
    """
    if not websub.secret:
        return websub.state == "active"
    method, _, given = signature.strip().partition("=")
    digest = _DIGESTS.get(method.lower())
    if digest is None:
        return False
    expected = hmac.new(websub.secret.encode(), body, digest).hexdigest()
    return hmac.compare_digest(expected.encode(), given.strip().lower().encode())


def after_push(websub: WebSub, now: float) -> WebSub:
    """The subscription after a push that was right."""
    return replace(websub, pushes=websub.pushes + 1, last_push_at=now)


def pushed(feed: Feed, parsed: ParsedFeed, items: list[NewItem], now: float, seconds: float) -> Polled:
    """A push as the store takes it: a poll that brought only what is new. ``seconds``: how long
    reading it took."""
    return Polled(
        feed=feed.id,
        at=now,
        seconds=seconds,
        pushed=True,
        title=parsed.title,
        published=_published(items),
        items=items,
    )


def _published(items: Sequence[NewItem]) -> list[float]:
    """When entries say that they were published, newest first; without an offset, UTC is meant."""
    found = []
    for item in items:
        if item.entry and item.entry.published:
            try:
                at = datetime.fromisoformat(item.entry.published)
            except ValueError:
                continue
            found.append((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp())
    return sorted(found, reverse=True)
