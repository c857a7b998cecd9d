"""From when on something about a feed is worth a word: late, silent, overflowing."""

from __future__ import annotations

from typing import Literal, get_args

FeedWord = Literal["gone", "failing", "late", "overflow", "silent", "paused", "new", "fine"]
#: every word that may be said of a feed, the most pressing first
FEED_WORDS: tuple[FeedWord, ...] = get_args(FeedWord)
#: A feed is silent after this many times its rhythm, and after this many seconds at least: a daily
#: paper skips a weekend, and a blog that posts hourly sleeps at night.
SILENT_RHYTHMS, SILENT_LEAST = 10, 3 * 86_400.0
#: A feed is late when it is overdue by this share of its interval, and by this many seconds: polls of
#: one host wait for each other, and jitter is no delay.
LATE_SHARE, LATE_LEAST = 0.25, 900.0
#: An overflow is told in the word for this long (s); the count stays for good.
OVERFLOW_SECONDS = 3 * 86_400.0

__all__ = [
    "FEED_WORDS", "LATE_LEAST", "LATE_SHARE", "OVERFLOW_SECONDS", "SILENT_LEAST", "SILENT_RHYTHMS",
    "FeedWord",
]  # fmt: skip
