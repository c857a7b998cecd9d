"""Candidates from dates on show: elements, and lines of text that are one."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.extract.candidate import Candidate
from pipeline.extract.dates import read_date
from pipeline.extract.on_show import NEAR, UPDATED, Shown, month_first, on_show
from pipeline.model import Document

TRUST = 50


def read(document: Document) -> Iterator[Candidate]:
    """Dates of publication and of change."""
    is_month_first = month_first(document)
    yield from _text_dates(document)
    yield from _dates(on_show(document), is_month_first)
    yield from _date_lines(document, is_month_first)


def _text_dates(document: Document) -> Iterator[Candidate]:
    for line in document.signals.get("dates", ()):
        found = read_date(line)
        if found:
            yield Candidate("modified_at" if UPDATED.search(line) else "published_at", found, "text:date")


def _dates(shown: list[Shown], month_first: bool | None) -> Iterator[Candidate]:
    for one in shown:
        if one["what"] not in ("time", "date") or one["place"] == "after" or one["at"] < -NEAR:
            continue
        if one["place"] == "inside" and one["at"] > 4 and one["what"] == "time":
            continue
        found = read_date(one["value"]) if one["value"] else None
        found = found or (read_date(one["text"], month_first=month_first) if len(one["text"]) < 120 else None)
        if found:
            modified = UPDATED.search(one["text"]) or UPDATED.search(one["names"])
            yield Candidate("modified_at" if modified else "published_at", found, one["what"])


def _date_lines(document: Document, month_first: bool | None) -> Iterator[Candidate]:
    """Dates that stand alone, or behind a name, between the headline and the story."""
    lines = [*document.signals.get("lead", ())]
    lines += [block.text for block in document.blocks[:3]]
    for line in lines:
        if len(line) < 100 and len(line.split()) <= 12 and not line.endswith((".", "?", "!")):
            found = read_date(line, month_first=month_first)
            if found:
                yield Candidate("modified_at" if UPDATED.search(line) else "published_at", found, "text:date")
