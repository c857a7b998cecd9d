"""What the latest polls of a feed tell together: how long it has been silent, and how crowded polls were.

The history is all the memory that the interval has. So it forgets by itself what is twenty polls old,
and whatever stretched or shortened it once (a failure, a hub, a user's wish) leaves no trace.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from pipeline.model import Poll

#: lines that are kept
KEPT = 20
#: results of polls that were answered with the feed, or with word that it has not changed
SUCCESSES = frozenset({"new", "unchanged", "not_modified"})
#: A poll is crowded when this share of what the feed lists was new to us: rss-fetcher asks more often
#: from here on (``dup% < 33``, tasks.py). Fewer entries than three prove nothing.
CROWDED_SHARE, CROWDED_LEAST = 2 / 3, 3
#: entries that a feed lists when no poll has told us yet: what blogs list by default
_USUAL_ENTRIES = 10


def with_line(history: Sequence[Poll], line: Poll) -> list[Poll]:
    """The history with one more line, without those that are too old."""
    return [*history, line][-KEPT:]


def silent_polls(history: Sequence[Poll]) -> int:
    """How many of the last successful polls in a row brought nothing new. Failures do not count."""
    silent = 0
    for line in reversed(history):
        if line.result in SUCCESSES:
            if line.new:
                break
            silent += 1
    return silent


def crowded_polls(history: Sequence[Poll], longest_gap: float) -> int:
    """How many of the kept polls were crowded although the poll before was not long ago (seconds).

    The first poll of a feed brings only new entries, and so does one after a pause or an outage:
    neither says that the feed should be asked more often.
    """
    return sum(
        _is_crowded(line) and line.at - before.at <= longest_gap
        for before, line in pairwise(line for line in history if line.result in SUCCESSES)
    )


def answered_polls(history: Sequence[Poll], most: int) -> list[Poll]:
    """The latest successful polls, the last one first, at most so many."""
    return [line for line in reversed(history) if line.result in SUCCESSES][:most]


def listed_entries(history: Sequence[Poll]) -> int:
    """How many entries the feed lists at once, as far as its history tells."""
    return next((line.entries for line in reversed(history) if _tells_size(line)), _USUAL_ENTRIES)


def listed_last(history: Sequence[Poll]) -> int:
    """How many entries the feed listed when it was last asked with success; 0 if never."""
    return next((line.entries for line in reversed(history) if line.result in SUCCESSES), 0)


def last_status(history: Sequence[Poll]) -> int | None:
    """The status of the last answer to a poll."""
    return next((line.status for line in reversed(history) if line.status is not None), None)


def last_own_find(history: Sequence[Poll]) -> float | None:
    """When a poll of ours last brought something new, which no hub had pushed before."""
    return next((line.at for line in reversed(history) if line.result == "new"), None)


def _tells_size(line: Poll) -> bool:
    return line.result in SUCCESSES and line.entries > 0


def _is_crowded(line: Poll) -> bool:
    return line.entries >= CROWDED_LEAST and line.new >= line.entries * CROWDED_SHARE
