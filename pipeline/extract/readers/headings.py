"""Candidates from headings on show."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.extract.candidate import Candidate
from pipeline.extract.on_show import on_show
from pipeline.model import Document

TRUST = 30


def read(document: Document) -> Iterator[Candidate]:
    """The first headings of the page, unless they stand behind the article."""
    shown = on_show(document)
    h1 = [one for one in shown if one["tag"] == "h1" and one["text"] and one["place"] != "after"]
    unique = {" ".join(one["text"].split()) for one in h1}
    for one in h1:
        yield Candidate("title", " ".join(one["text"].split()), "h1" if len(unique) == 1 else "h1 of several")
