"""Candidates from the feed entry that led to the page: a prior, which good evidence on the page beats."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.extract.candidate import Candidate
from pipeline.extract.people.names import named
from pipeline.extract.wire.agencies import agency_named
from pipeline.model import Document

TRUST = 90

_SOURCE = "entry"


def read(document: Document) -> Iterator[Candidate]:
    """Everything that the feed says of the entry."""
    entry = document.entry
    if entry is None:
        return
    for field, value in (
        ("title", entry.title), ("published_at", entry.published), ("modified_at", entry.updated),
        ("language", entry.language), ("site_name", entry.feed_title), ("canonical_url", entry.link),
    ):  # fmt: skip
        if value:
            yield Candidate(field, value, _SOURCE)
    if entry.tags:
        yield Candidate("tags", list(entry.tags), _SOURCE)
    names: list[str] = []
    for author in entry.authors:
        agency = agency_named(author)
        if agency:
            yield Candidate("agency", agency, _SOURCE)
        names += [name for name in named(author, site=entry.feed_title) if name not in names]
    if names:
        yield Candidate("authors", names, _SOURCE)
