"""Which feeds list an article, or could have: when they were last polled, and whether they miss entries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from pipeline.model import Feed
from pipeline.store.trail import Listed
from workers.feed_health import TROUBLE, health, missed
from workers.whereabouts.clue import Clue, Tone
from workers.wording import count, from_now, line

#: feeds that are told of one by one
MOST_FEEDS = 5


def entry_clues(
    entries: Sequence[Listed], feeds: Sequence[Feed], has_item: bool, now: float
) -> Iterator[Clue]:
    """Entries that bear the address, as their feeds listed them."""
    by_id = {feed.id: feed for feed in feeds}
    for entry in entries:
        if (feed := by_id.get(entry.feed)) is None:
            continue
        seen = f"Feed {feed.id} ({name_of(feed)}) listed it {from_now(entry.first_seen_at, now)}"
        says = f"{seen}." if has_item else f"{seen}, but no item of it is left under this address."
        yield Clue("note", says, f"/feeds/{feed.id}", f"Feed {feed.id}")


def feed_clues(
    feeds: Sequence[Feed], address: str, listed: frozenset[int], is_known: bool, now: float
) -> Iterator[Clue]:
    """The feeds near the host of an address that did not list it."""
    scheme, host = urlsplit(address)[:2]
    if not feeds:
        yield Clue(
            "note" if is_known else "bad",
            f"No feed of {host} is subscribed: its articles come only when they are handed in.",
            "/feeds",
            "Feeds",
            f"Subscribe to its feed, or to the home page that names it: {scheme}://{host}/",
            f"feedmill feeds add {scheme}://{host}/",
        )
        return
    for feed in [one for one in feeds if one.id not in listed][:MOST_FEEDS]:
        yield _feed(feed, is_known, now)
    if len(feeds) > MOST_FEEDS:
        yield Clue("note", f"{count(len(feeds), 'feed')} or more are near {host}.", "/feeds", "Feeds")


def _feed(feed: Feed, is_known: bool, now: float) -> Clue:
    found = health(feed, now)
    polled = f"last polled {from_now(feed.last_polled_at, now)}" if feed.last_polled_at else "not polled yet"
    lists = "" if is_known else " It has not listed this address so far."
    says = f"Feed {feed.id} ({name_of(feed)}) is {found.word}, {polled}.{lists} {found.says}"
    if (lost := missed(feed)) is not None and found.word != "overflow":
        says += f" {lost}"
    if feed.state != "active":
        step, command = "Resume it.", f"feedmill feeds resume {feed.id}"
    else:
        due = from_now(max(feed.due_at, now), now)
        step = f"It is polled again {due}; it can be polled at once."
        command = f"feedmill feeds poll {feed.id}"
    tone: Tone = "bad" if found.word in TROUBLE or feed.state != "active" else "note"
    return Clue(tone, says, f"/feeds/{feed.id}", f"Feed {feed.id}", step, command)


def name_of(feed: Feed) -> str:
    """How people know a feed: its title and address."""
    return f"{line(feed.title)}, {line(feed.url)}" if line(feed.title) else line(feed.url)


__all__ = ["MOST_FEEDS", "entry_clues", "feed_clues", "name_of"]
