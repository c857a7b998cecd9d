"""Candidates from the headers of the HTTP answer: weak, since servers speak of files, not of articles."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from pipeline.extract.candidate import Candidate
from pipeline.model import Document

TRUST = 98

#: seconds before the fetch within which a page was rather made for it than changed
_JUST_NOW = 3600


def read(document: Document) -> Iterator[Candidate]:
    """The one language that the answer says it is in, and when its file was changed."""
    headers: dict[str, str] = document.signals.get("headers", {})
    language = headers.get("content-language", "").strip()
    if language and "," not in language:
        yield Candidate("language", language, "http:content-language")
    changed = _moment(headers.get("last-modified", ""))
    fetched_at = document.signals.get("fetched_at") or 0.0
    if changed is not None and not (fetched_at and fetched_at - changed.timestamp() < _JUST_NOW):
        yield Candidate("modified_at", changed.isoformat(), "http:last-modified")


def _moment(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
