"""Candidates from microdata: ``itemprop`` beside what readers see (schema.org in HTML attributes)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pipeline.extract.candidate import Candidate
from pipeline.extract.dates.order import DateOrder, date_order
from pipeline.extract.dates.reading import read_date
from pipeline.extract.on_show import Shown, on_show
from pipeline.model import Document

TRUST = 60

#: pieces above the story within which a box belongs to it
_NEAR = 8


def read(document: Document) -> Iterator[Candidate]:
    """Candidates from elements with an ``itemprop``; authors are read as bylines."""
    shown = on_show(document)
    yield from _dates(document.signals.get("shown", ()), date_order(document))
    for one in shown:
        what = one["what"]
        if not what.startswith("itemprop:"):
            continue
        name, value = what[9:], one["value"] or one["text"]
        if name == "headline" and one["text"]:
            yield Candidate("title", " ".join(one["text"].split()), "microdata")
        elif name == "articlesection" and one["text"]:
            yield Candidate("section", one["text"].split("\n")[0], "microdata")
        elif name == "image" and value.startswith("http"):
            yield Candidate("image_url", value, "microdata")


def _dates(shown: Iterable[Shown], order: DateOrder) -> Iterator[Candidate]:
    """Dates above and within the article; those below, of which there is one of a kind, with a note.

    What stands right above the story is its own even in a box beside it.
    """
    for prop, field in (("datepublished", "published_at"), ("datemodified", "modified_at")):
        ours: list[str] = []
        below: list[str] = []
        for one in shown:
            if one["what"] == f"itemprop:{prop}" and (one["place"] != "outside" or -_NEAR < one["at"] < 0):
                found = read_date(one["value"] or one["text"], month_first=order.month_first)
                if found:
                    (below if one["place"] == "after" else ours).append(found)
        for found in ours:
            yield Candidate(field, found, "microdata")
        if not ours and len(set(below)) == 1:
            yield Candidate(field, below[0], "microdata", None, "after")
