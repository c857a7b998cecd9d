"""Whether a feed works, and whether it is complete: one word and the reason for it. Pure.

Alive is not complete: a feed may answer every poll and yet have stopped bringing entries, or bring
so many that some come and go between two polls.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pipeline.model import Feed
from pipeline.schedule.health import (
    LATE_LEAST,
    LATE_SHARE,
    OVERFLOW_SECONDS,
    SILENT_LEAST,
    SILENT_RHYTHMS,
)
from pipeline.schedule.health import FeedWord as Word
from pipeline.schedule.history import SUCCESSES
from workers.wording import count, span

#: every word that `health` says, the most pressing first -> what it means
WORDS: dict[Word, str] = {
    "gone": "the server says that the feed is gone for good; it is not polled any more",
    "failing": "the last poll did not work",
    "late": "it is due, and nobody polls it",
    "overflow": "a poll brought only new entries: some may have come and gone unseen",
    "silent": "it answers, but has brought nothing new for much longer than it used to",
    "paused": "you paused it",
    "new": "it has not been polled yet",
    "fine": "it works, and nothing is known to be missing",
}
#: words that ask for somebody's attention
TROUBLE: frozenset[Word] = frozenset({"gone", "failing", "late", "overflow", "silent"})
#: words of feeds that bring nothing because they cannot
NOT_WORKING: frozenset[Word] = frozenset({"gone", "failing"})

_GONE = "The server says that this feed is gone for good (410). Resume it to have it asked again."


class Health(NamedTuple):
    """One word and the sentences behind it."""

    word: Word
    #: at least one sentence; the first belongs to the word, others say what else was noticed
    says: str


def health(feed: Feed, now: float) -> Health:
    """The most pressing thing to know of a feed, and in words everything that was noticed."""
    noticed = dict(_noticed(feed, now))
    found = [word for word in WORDS if word in noticed]
    return Health(found[0], " ".join(noticed[word] for word in found)) if found else _calm(feed, now)


def selected(
    feeds: Sequence[Feed],
    now: float,
    *,
    state: str | None = None,
    word: str | None = None,
    failing: bool = False,
) -> list[Feed]:
    """Those feeds that are in a state, have a health, or do not work (failing, gone), as asked."""
    return [
        feed
        for feed in feeds
        if (state is None or feed.state == state)
        and (word is None or health(feed, now).word == word)
        and (not failing or health(feed, now).word in NOT_WORKING)
    ]


def missed(feed: Feed) -> str | None:
    """What is known of entries that were never seen; None when nothing is."""
    if not feed.overflows:
        return None
    return (
        f"{count(feed.overflows, 'poll')} brought only new entries: others may have come and gone unseen "
        "just before. A shorter interval helps."
    )


def _noticed(feed: Feed, now: float) -> Iterator[tuple[Word, str]]:
    if feed.state == "gone":
        yield "gone", feed.problem.message if feed.problem else _GONE
        return
    if feed.state == "paused":
        yield "paused", "Paused: it is not polled until it is resumed."
        return
    if feed.errors or feed.problem is not None:
        yield "failing", _failing(feed, now)
    if (overdue := now - feed.due_at) > max(LATE_LEAST, LATE_SHARE * feed.interval):
        yield "late", f"It was due {span(overdue)} ago and nobody has polled it: is a scheduler running?"
    if feed.last_overflow_at is not None and now - feed.last_overflow_at < OVERFLOW_SECONDS:
        ago = span(max(0.0, now - feed.last_overflow_at))
        yield (
            "overflow",
            f"A poll {ago} ago brought only new entries: some may have come and gone unseen before it.",
        )
    if (silence := _silence(feed)) is not None:
        yield "silent", silence


def _lists_nothing(feed: Feed) -> bool:
    """Whether the feed was empty when it was last asked with success."""
    worked = [poll for poll in feed.history if poll.result in SUCCESSES]
    return bool(worked) and not worked[-1].entries


def _calm(feed: Feed, now: float) -> Health:
    """For a feed of which nothing was noticed."""
    if feed.last_success_at is None:
        return Health("new", "It has not been polled yet.")
    worked = f"It last worked {span(max(0.0, now - feed.last_success_at))} ago"
    if feed.last_new_at is None:
        return Health("fine", f"{worked}.")
    return Health("fine", f"{worked}; its last new entry came {span(max(0.0, now - feed.last_new_at))} ago.")


def _failing(feed: Feed, now: float) -> str:
    reason = feed.problem.message if feed.problem else "The last poll did not work."
    if feed.problem is not None and feed.problem.ours:
        return f"Our own network failed, not the feed: {reason}"
    times = f" {count(feed.errors, 'failure')} in a row." if feed.errors > 1 else ""
    if feed.last_success_at is None:
        return f"{reason}{times} It has never worked."
    return f"{reason}{times} It last worked {span(max(0.0, now - feed.last_success_at))} ago."


def _silence(feed: Feed) -> str | None:
    """Measured up to the last poll that worked: nobody can hear what was not asked."""
    if feed.last_success_at is None:
        return None
    if not feed.entries_seen:
        return "It answers, but has never had an entry."
    if _lists_nothing(feed):
        return "It answers, but lists no entries any more."
    if feed.last_new_at is None or feed.rhythm is None:
        return None
    quiet = feed.last_success_at - feed.last_new_at
    if quiet <= max(SILENT_LEAST, SILENT_RHYTHMS * feed.rhythm):
        return None
    usual = span(max(60.0, feed.rhythm))
    return f"Nothing new for {span(quiet)}, where an entry every {usual} was usual."


__all__ = [
    "LATE_LEAST", "LATE_SHARE", "NOT_WORKING", "OVERFLOW_SECONDS", "SILENT_LEAST", "SILENT_RHYTHMS",
    "TROUBLE", "WORDS", "Health", "Word", "health", "missed", "selected",
]  # fmt: skip
