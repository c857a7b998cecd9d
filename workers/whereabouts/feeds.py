"""Which feeds list an article, or could have: when they were last polled, and whether they miss entries."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from pipeline.model import Feed
from pipeline.schedule.history import SUCCESSES
from pipeline.store.trail import Listed
from workers.feed_health import NOT_WORKING, TROUBLE, health, missed
from workers.whereabouts.clue import Clue, Deed, Tone
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
    feeds: Sequence[Feed], site: str, listed: frozenset[int], is_known: bool, now: float
) -> Iterator[Clue]:
    """The feeds near a site, ``https://example.org/``, that did not list it."""
    host = urlsplit(site).netloc
    if not feeds:
        yield Clue(
            "note" if is_known else "bad",
            f"No feed of {host} is subscribed: its articles come only when they are handed in.",
            "/feeds",
            "Feeds",
            "Subscribe to its feed, or to the home page that names it.",
            f"feedmill feeds add {shlex.quote(site)}",
            Deed("subscribe", site),
        )
        return
    for feed in [one for one in feeds if one.id not in listed][:MOST_FEEDS]:
        yield _feed(feed, is_known, now)
    if len(feeds) > MOST_FEEDS:
        yield Clue("note", f"{count(len(feeds), 'feed')} or more are near {host}.", "/feeds", "Feeds")


def _feed(feed: Feed, is_known: bool, now: float) -> Clue:
    found = health(feed, now)
    polled = f"last polled {from_now(feed.last_polled_at, now)}" if feed.last_polled_at else "not polled yet"
    says = f"Feed {feed.id} ({name_of(feed)}) is {found.word}, {polled}. {found.says}"
    if not is_known:
        says += " It has not listed this address so far."
        entries = next((poll.entries for poll in reversed(feed.history) if poll.result in SUCCESSES), None)
        if entries is not None:
            held = "1 entry" if entries == 1 else f"{entries:,} entries"
            says += f" Its last poll found {held}: what had left it before it was subscribed never came."
    if (lost := missed(feed)) is not None and found.word != "overflow":
        says += f" {lost}"
    if feed.state != "active":
        step, command, deed = "Resume it.", f"feedmill feeds resume {feed.id}", Deed("resume", str(feed.id))
    else:
        due = from_now(max(feed.due_at, now), now)
        brings = " What it lists since comes with that." if found.word not in NOT_WORKING else ""
        step = f"It is polled again {due}; it can be polled at once.{brings}"
        command, deed = f"feedmill feeds poll {feed.id}", Deed("poll", str(feed.id))
    if found.word in NOT_WORKING:
        step += " If it has moved, the home page of the site names the new address: subscribe to that."
    tone: Tone = "bad" if found.word in TROUBLE or feed.state != "active" else "note"
    return Clue(tone, says, f"/feeds/{feed.id}", f"Feed {feed.id}", step, command, deed)


def name_of(feed: Feed) -> str:
    """How people know a feed: its title and address."""
    return f"{line(feed.title)}, {line(feed.url)}" if line(feed.title) else line(feed.url)


__all__ = ["MOST_FEEDS", "entry_clues", "feed_clues", "name_of"]
