"""Feeds as people name them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from workers.cli.refusals import NotThere, nearest

if TYPE_CHECKING:
    from pipeline.model import Feed
    from pipeline.store.contract import Store


def named_feeds(store: Store, names: Sequence[str]) -> list[Feed]:
    """The feeds that are named by number or address, each once. The page on which a feed was found
    names it too. Raises NotThere for one unknown."""
    from pipeline.errors import SourceError
    from pipeline.urls import canonical, without_password
    from workers.wording import line

    def key(address: str) -> str:
        try:
            return canonical(address)
        except SourceError:
            return address

    everything = store.feeds()
    by_name: dict[str, Feed] = {}
    for address in ("found_at", "url"):
        by_name.update({key(named): feed for feed in everything if (named := getattr(feed, address))})
    by_name.update({str(feed.id): feed for feed in everything})
    found: dict[int, Feed] = {}
    for name in names:
        feed = by_name.get(name) or by_name.get(key(name))
        if feed is None:
            shown = line(without_password(name))
            meant = nearest(key(name), by_name)
            hint = f"Did you mean {line(meant)}?" if meant else "`feedmill feeds list` shows them."
            raise NotThere(f"There is no feed {shown}. {hint}")
        found[feed.id] = feed
    return list(found.values())


__all__ = ["named_feeds"]
