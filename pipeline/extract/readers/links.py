"""Candidates from the head's ``title`` and ``link`` elements."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.extract.candidate import Candidate
from pipeline.model import Document

TRUST = 25


def read(document: Document) -> Iterator[Candidate]:
    """The page's title, and the address that it calls its own."""
    title = document.signals.get("title")
    if title:
        yield Candidate("title", title, "title")
    for rel, href in document.signals.get("links", ()):
        if rel == "canonical":
            yield Candidate("canonical_url", href, "link:canonical")
