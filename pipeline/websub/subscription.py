"""When a hub is to be asked, and for what: pure judgement on a feed and its subscription."""

from __future__ import annotations

import ipaddress
import logging
import secrets
from functools import cache
from urllib.parse import urldefrag, urlsplit

from msgspec.structs import replace

from pipeline import urls
from pipeline.model import Feed, Hints, WebSub
from pipeline.settings import Settings

logger = logging.getLogger(__name__)

#: part of the callback's address before the token
PATH = "/websub/"
#: what is asked for, in seconds: ten days, which the Recommendation calls a good default (8.2)
LEASE = 864_000.0
#: the first pause after an ask that nobody confirmed, doubled each time, up to a day (s)
_PAUSE, LONGEST_PAUSE = 3600.0, 86_400.0
#: how long a refusal stands before the hub is asked again (s)
_REFUSED_PAUSE = 3 * 86_400.0
#: a lease is renewed when it ends within this time (s), or within two polls of the feed
_MARGIN = 86_400.0


def callback(settings: Settings, token: str) -> str | None:
    """The address at which hubs reach a subscription; None where FEEDMILL_PUBLIC_URL is of no use."""
    base = _public(settings.public_url)
    return base and f"{base}{PATH}{token}"


@cache
def _public(public_url: str) -> str | None:
    base = urls.absolute(public_url, None) if public_url else None
    if public_url and base is None:
        logger.warning("FEEDMILL_PUBLIC_URL=%r is no http or https address: no hub is asked.", public_url)
    return base and urldefrag(base).url.rstrip("/")


def is_live(websub: WebSub, now: float) -> bool:
    """Whether a confirmed lease runs."""
    return websub.state == "active" and websub.until is not None and websub.until > now


def intended(feed: Feed, hints: Hints | None, settings: Settings, now: float) -> WebSub | None:
    """The subscription as it is to be written before its hub is asked; None: there is nothing to ask.

    ``hints``: what the feed said last; None: it was not parsed this time, and what it said before
    holds. State `ended`: the feed names no hub any more.
    """
    before, told = feed.websub, hints or feed.hints
    if callback(settings, "") is None or feed.state == "paused":
        return None
    named = _named(feed, told)
    if feed.state == "gone" or (told is not None and named is None):
        return _ended(before)
    if named is None:
        if before is None or before.state == "ended":
            return None
        named = before.hub, before.topic
    if before is None or before.state == "ended" or (before.hub, before.topic) != named:
        if before is not None and now < before.asked_at + _PAUSE:
            # A feed that names another hub each time is not followed everywhere at once.
            return None
        return _fresh(*named, now)
    if now < _next_ask(before, feed.interval, now):
        return None
    live = is_live(before, now)
    return replace(
        before,
        state="active" if live else "asked",
        until=before.until if live else None,
        secret=before.secret if live else before.secret or _secret(before.hub),
        asked_at=now,
        asks=before.asks + 1,
        message=None,
    )


def _named(feed: Feed, told: Hints | None) -> tuple[str, str] | None:
    """Hub and topic as the feed names them; None when it names none that can be asked."""
    hub = urls.absolute(told.hub, feed.url) if told and told.hub else None
    return (hub, told.topic or feed.url) if told and hub else None


def _fresh(hub: str, topic: str, now: float) -> WebSub:
    return WebSub(
        hub=hub, topic=topic, token=secrets.token_urlsafe(32), secret=_secret(hub), asked_at=now, asks=1
    )


def _secret(hub: str) -> str:
    """Secrets are only told where nobody listens (section 5.1)."""
    return secrets.token_urlsafe(48) if is_private(hub) or with_https(hub) else ""


def _ended(before: WebSub | None) -> WebSub | None:
    if before is None or before.state == "ended":
        return None
    return replace(before, state="ended", until=None, message="The feed names no hub any more.")


def _next_ask(websub: WebSub, interval: float, now: float) -> float:
    """When a hub is to be asked again, if nothing is heard of it until then."""
    if websub.state == "refused":
        return websub.asked_at + _REFUSED_PAUSE
    if websub.asks:
        return websub.asked_at + pause(websub.asks)
    if websub.until is None:
        return now
    # A short lease is renewed in its second half: the margin alone would ask at every poll.
    return max(websub.until - max(_MARGIN, 2 * interval), (websub.asked_at + websub.until) / 2)


def pause(asks: int) -> float:
    """Seconds until a hub is asked again that was asked so often in vain."""
    return min(_PAUSE * 2.0 ** min(asks - 1, 10), LONGEST_PAUSE)


def with_https(hub: str) -> str | None:
    """The same hub over https, where it may be there."""
    parts = urlsplit(hub)
    if parts.scheme.lower() != "http" or is_private(hub) or ":" in parts.netloc.rpartition("@")[2]:
        return None
    return parts._replace(scheme="https").geturl()


def is_private(hub: str) -> bool:
    """Whether nobody on the way can read: https, or this machine (W3C Secure Contexts, 3.1)."""
    parts = urlsplit(hub)
    if parts.scheme.lower() == "https":
        return True
    try:
        return ipaddress.ip_address(parts.hostname or "").is_loopback
    except ValueError:
        return False
