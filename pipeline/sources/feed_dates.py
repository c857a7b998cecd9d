"""Dates as feeds write them."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from time import struct_time


def iso(text: str | None, parsed: struct_time | None = None) -> str | None:
    """A feed's date as ISO 8601: with the offset that the feed gave, else the bare local time.

    RFC 822 and ISO 8601 are read here. For any other spelling, ``parsed`` (UTC, as feedparser
    read it) is taken; without it the date is dropped, for a guess would be worse.
    """
    if text:
        for read in (_rfc_822, _iso_8601):
            if (found := read(text.strip())) is not None:
                return found
    if parsed is None:
        return None
    try:
        return datetime(*parsed[:6], tzinfo=UTC).isoformat()
    except (ValueError, OverflowError):
        return None


def _rfc_822(text: str) -> str | None:
    try:
        return parsedate_to_datetime(text).isoformat() if "," in text[:12] else None
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _iso_8601(text: str) -> str | None:
    # A year or a month alone is no date to work with.
    if len(text) < 10 or not text[:4].isdigit() or text[4] != "-":
        return None
    try:
        found = datetime.fromisoformat(text)
    except (ValueError, OverflowError):
        return None
    return found.isoformat() if len(text) > 10 else found.date().isoformat()
