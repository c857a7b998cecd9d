"""Candidates from the lines above a plain text's story."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.extract.candidate import Candidate
from pipeline.model import Document

TRUST = 80


def read(document: Document) -> Iterator[Candidate]:
    """Title and subtitles from headlines."""
    headlines = document.signals.get("headlines", ())
    if headlines:
        yield Candidate("title", headlines[0], "text:title")
        yield Candidate("subtitles", list(headlines[1:]), "text:title")
