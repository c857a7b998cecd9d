"""Subscriptions at hubs, kept beside the polls: the row is written before the hub is asked."""

from __future__ import annotations

import asyncio

from pipeline.fetch.client import Client, Turn
from pipeline.model import Feed, Hints, WebSub
from pipeline.settings import Settings
from pipeline.store.contract import Store
from pipeline.websub import intended, keep_subscribed


async def tend(
    client: Client,
    store: Store,
    feed: Feed,
    hints: Hints | None,
    settings: Settings,
    now: float,
    *,
    turn: Turn | None = None,
) -> None:
    """Ask the feed's hub where that is called for, and write what comes of it.

    ``hints``: of the poll that was just made. Costs nothing where there is nothing to ask. What goes
    wrong at the hub is written; raises StoreError, and what ``turn`` raises.
    """
    if intended(feed, hints, settings, now) is None:
        return
    # The hub may have said something at the callback while the feed was polled.
    current = await asyncio.to_thread(store.feeds, [feed.id])
    kept: WebSub | None = None

    async def keep(websub: WebSub) -> None:
        nonlocal kept
        await asyncio.to_thread(store.set_websub, feed.id, websub)
        kept = websub

    for one in current:
        told = await keep_subscribed(client, one, hints, settings, now, keep=keep, turn=turn)
        if told is not None:
            await asyncio.to_thread(_replace, store, feed.id, kept, told)


def _replace(store: Store, feed: int, expected: WebSub | None, websub: WebSub) -> None:
    """Write only what nobody else has changed meanwhile: the hub's own word counts for more."""
    for one in store.feeds([feed]):
        if one.websub == expected:
            store.set_websub(feed, websub)


__all__ = ["tend"]
