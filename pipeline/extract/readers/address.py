"""Candidates from the page's address."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.extract.candidate import Candidate
from pipeline.extract.dates import read_date
from pipeline.model import Document

TRUST = 95


def read(document: Document) -> Iterator[Candidate]:
    """The day that the address names."""
    found = _date_in_address(document.url)
    if found:
        yield Candidate("published_at", found, "url")


def _date_in_address(url: str | None) -> str | None:
    """The day in an address such as ``/2024/04/19/story``; a year and month alone are no date."""
    if not url:
        return None
    parts = url.split("?")[0].split("/")
    for at in range(3, len(parts) - 2):
        year, month, day = parts[at : at + 3]
        if (
            len(year) == 4
            and year.isdigit()
            and month.isdigit()
            and day.isdigit()
            and len(month) <= 2
            and len(day) <= 2
        ):
            return read_date(f"{year}-{month}-{day}")
    return None
