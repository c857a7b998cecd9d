"""Candidates from lines of text that hold a date and little else.

The note of a candidate holds its place (``before``, ``between``, ``inside``, ``after`` or ``outside`` the
article), ``said`` when words beside it say which date it is, ``linked`` when it is a link's, and ``bare``
when the line says nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pipeline.extract.candidate import Candidate
from pipeline.extract.dates.labels import dated
from pipeline.extract.dates.order import DateOrder, date_order
from pipeline.model import Document

TRUST = 55

_SOURCE = "text:date"
#: words beside the date in a line that still is a date line: names, a place, a section, minutes to read
_MOST_WORDS = 14


def read(document: Document) -> Iterator[Candidate]:
    """Dates of publication and of change, in page order."""
    order = date_order(document)
    signals = document.signals
    for line in signals.get("dates", ()):
        yield from _of_line({"text": line, "before": "", "place": "before", "at": -1}, order)
    for line in signals.get("date_lines", ()):
        yield from _of_line(line, order)


def _of_line(line: dict[str, Any], order: DateOrder) -> Iterator[Candidate]:
    text = line["text"]
    for found, said in dated(text, order, line["before"]):
        rest = (text[: found.start] + " " + text[found.end :]).split()
        if said == "other" or len(rest) > _MOST_WORDS:
            continue
        if not said and len(rest) > 4 and text.endswith((".", "?", "!", "…", "。")):
            continue
        notes = [line["place"]]
        if line.get("after", 0) > 0 and "after" not in notes:
            notes.append("after")
        if said or line.get("opens"):
            notes.append("said")
        if line.get("linked"):
            notes.append("linked")
        if len(rest) <= 2:
            notes.append("bare")
        field = "modified_at" if said == "modified" else "published_at"
        for value in (found.value, found.other):
            if value is not None:
                note = " ".join(notes if found.other is None else [*notes, "unsure"])
                yield Candidate(field, value, _SOURCE, line["at"], note)
