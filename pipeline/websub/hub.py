"""Asking a hub: one form, sent where nobody listens as far as that can be had."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from msgspec.structs import replace

from pipeline import urls
from pipeline.errors import FetchError
from pipeline.model import Feed, Hints, WebSub
from pipeline.settings import Settings
from pipeline.websub.subscription import (
    LEASE,
    LONGEST_PAUSE,
    callback,
    intended,
    is_live,
    is_private,
    pause,
    with_https,
)

if TYPE_CHECKING:
    # At run time the client's package imports this one, for `announced`.
    from pipeline.fetch.client import Client, Turn


async def keep_subscribed(
    client: Client,
    feed: Feed,
    hints: Hints | None,
    settings: Settings,
    now: float,
    *,
    keep: Callable[[WebSub], Awaitable[None]] | None = None,
    turn: Turn | None = None,
) -> WebSub | None:
    """Ask the feed's hub for a subscription, or for its end, where that is called for.

    Returns what is to be written (`Store.set_websub`) after that; None: nothing. ``keep`` writes
    what must be there before the hub is asked: many hubs ask back before they answer, and an
    unknown token makes them give up. What goes wrong at the hub becomes the value's message;
    raises only what ``keep`` and ``turn`` raise.
    """
    websub = intended(feed, hints, settings, now)
    if websub is None:
        return None
    if keep:
        await keep(websub)
    of_lease = feed.websub if websub.state == "ended" else websub
    live = of_lease is not None and is_live(of_lease, now)
    if websub.state == "ended" and not live:
        return None if keep else websub
    ways = _ways(websub, live)
    for number, (address, signed) in enumerate(ways, 1):
        if signed != bool(websub.secret):
            websub = replace(websub, secret="")
            if keep:
                await keep(websub)
        try:
            await _ask(client, address, _form(websub, settings), turn)
        except FetchError as error:
            if number < len(ways) and _may_be_the_scheme(error):
                continue
            return _failed(websub, error)
        break
    return None if keep else websub


def _ways(websub: WebSub, live: bool) -> list[tuple[str, bool]]:
    """Addresses at which to ask, and whether what comes of it is signed. Https is preferred even
    to a hub announced without (section 8.2); a lease that runs keeps the way it was had."""
    secure = with_https(websub.hub)
    if secure is None:
        return [(websub.hub, bool(websub.secret))]
    if live:
        return [(secure, True) if websub.secret else (websub.hub, False)]
    return [(secure, True), (websub.hub, False)]


def _may_be_the_scheme(error: FetchError) -> bool:
    return error.status is None or (error.status < 500 and error.status != 429)


def _form(websub: WebSub, settings: Settings) -> dict[str, str]:
    ends = websub.state == "ended"
    form = {
        "hub.mode": "unsubscribe" if ends else "subscribe",
        "hub.topic": websub.topic,
        "hub.callback": callback(settings, websub.token) or "",
        # Hubs of PubSubHubbub 0.3 refuse what does not say it; the others pass it over.
        "hub.verify": "async",
    }
    if not ends:
        form["hub.lease_seconds"] = str(int(LEASE))
        if websub.secret:
            form["hub.secret"] = websub.secret
    return form


async def _ask(client: Client, hub: str, form: dict[str, str], turn: Turn | None) -> None:
    """Post to a hub, and once more to where it sends us (section 5.1.2). Raises FetchError."""
    response = await client.post(hub, form, turn=turn)
    if response.status in (307, 308):
        target = urls.absolute(response.headers.get("location", ""), hub)
        if target is None or ("hub.secret" in form and not is_private(target)):
            raise FetchError(
                f"{_shown(hub)} redirects to no usable hub.", code="redirects", retry_helps=False
            )
        response = await client.post(target, form, turn=turn)
    if not 200 <= response.status < 300:
        told = f"{_shown(hub)} answered with status {response.status}."
        raise FetchError(
            told, code="redirects" if response.status < 400 else "http_client", retry_helps=False
        )


def _failed(websub: WebSub, error: FetchError) -> WebSub:
    """A hub that was asked in vain: a refusal stands for days, anything else for its pause."""
    if websub.state == "asked" and not error.retry_helps:
        return replace(websub, state="refused", message=error.message)
    asks = websub.asks
    if error.code == "throttled" and error.status is None:
        # Nobody was asked: too many of ours wait for this hub. That shall lengthen no pause.
        asks = max(asks - 1, 1)
    while pause(asks) < min(error.retry_after or 0.0, LONGEST_PAUSE):
        asks += 1
    return replace(websub, asks=asks, message=error.message)


def _shown(url: str) -> str:
    return urls.printable(urls.without_password(url))
