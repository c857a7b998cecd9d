"""Candidates from the head's ``title`` and ``link`` elements."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.extract.candidate import Candidate
from pipeline.extract.titles import host_names, site_in_title
from pipeline.model import Document
from pipeline.urls import host_of

TRUST = 25


def read(document: Document) -> Iterator[Candidate]:
    """The page's title, the site's name in it, and the address that the page calls its own."""
    title = document.signals.get("title")
    if title:
        yield Candidate("title", title, "title")
        site = site_in_title(title, host_names(host_of(document.url or "")))
        if site:
            yield Candidate("site_name", site, "title")
    for rel, href in document.signals.get("links", ()):
        if rel == "canonical":
            yield Candidate("canonical_url", href, "link:canonical")
