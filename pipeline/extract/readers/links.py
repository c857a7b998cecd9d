"""Candidates from the head's ``title`` and ``link`` elements."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.extract.candidate import Candidate
from pipeline.extract.titles import site_in_title, site_keys
from pipeline.model import Document

TRUST = 25


def read(document: Document) -> Iterator[Candidate]:
    """The page's title, the site's name in it, and the address that the page calls its own."""
    title = document.signals.get("title")
    if title:
        yield Candidate("title", title, "title")
        site = site_in_title(title, site_keys(document.url))
        if site:
            yield Candidate("site_name", site, "title")
    for rel, href in document.signals.get("links", ()):
        if rel == "canonical":
            yield Candidate("canonical_url", href, "link:canonical")
