"""Subscriptions out of an OPML list and into one. What `feedmill feeds` and the web share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from pipeline.errors import SourceError
from pipeline.model import Feed
from pipeline.sources import opml
from pipeline.store.contract import Store
from pipeline.urls import canonical, is_url, without_password

#: the title of a list that is written
TITLE = "Feedmill subscriptions"


@dataclass(frozen=True)
class Refused:
    """A line of a list that was not subscribed to."""

    #: as it stands in the list, its password masked
    address: str
    reason: str


@dataclass
class Imported:
    """What became of the lines of a list."""

    added: list[Feed] = field(default_factory=list)
    #: subscribed before, or named twice by the list; they stay as they are
    there: list[Feed] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)


def import_opml(
    store: Store, body: bytes, now: float, progress: Callable[[int], None] | None = None
) -> Imported:
    """Subscribe to every address of a list, each due at once; a line that cannot be used costs no other.

    progress gets the number of lines done so far. Raises SourceError (`bad_feed`, `empty_feed`),
    StoreError.
    """
    listed = opml.parse_opml(body)
    if not listed:
        raise SourceError("The list names no feeds.", code="empty_feed")
    return subscribe(store, listed, now, progress)


def subscribe(
    store: Store,
    listed: Sequence[opml.Subscription],
    now: float,
    progress: Callable[[int], None] | None = None,
) -> Imported:
    """The same for lines that were read already. Raises StoreError."""
    known = {_key(feed.url): feed for feed in store.feeds()}
    imported = Imported()
    for number, line in enumerate(listed, 1):
        _subscribe(store, line, known, imported, now)
        if progress:
            progress(number)
    return imported


def export_opml(feeds: Iterable[opml.Named], now: float, *, with_passwords: bool = False) -> bytes:
    """Feeds as an OPML list. Without passwords, addresses lose the user's name too."""
    return opml.write_opml(feeds, TITLE, now, passwords=with_passwords)


def _subscribe(
    store: Store, line: opml.Subscription, known: dict[str, Feed], imported: Imported, now: float
) -> None:
    reason = _refusal(line.url)
    if reason:
        imported.refused.append(Refused(without_password(line.url), reason))
        return
    key = canonical(line.url)
    if key in known:
        imported.there.append(known[key])
        return
    known[key] = store.add_feed(line.url.strip(), now, None, line.title)
    imported.added.append(known[key])


def _refusal(address: str) -> str | None:
    """Why an address of a list cannot be subscribed to."""
    if not is_url(address):
        if _scheme(address):
            return "Only http and https addresses can be polled."
        return "It is a path, not an address: feeds are polled over http or https."
    try:
        canonical(address)
    except SourceError as error:
        return without_password(error.message)
    if "***" in address and without_password(address) == address:
        return "Its password is masked: put the password in its place."
    return None


def _scheme(address: str) -> str:
    try:
        return urlsplit(address.strip()).scheme
    except ValueError:
        return ""


def _key(url: str) -> str:
    try:
        return canonical(url)
    except SourceError:
        return url


__all__ = ["TITLE", "Imported", "Refused", "export_opml", "import_opml", "subscribe"]
