"""Candidates from microdata: ``itemprop`` beside what readers see (schema.org in HTML attributes)."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.extract.candidate import Candidate
from pipeline.extract.dates import read_date
from pipeline.extract.on_show import month_first, on_show
from pipeline.model import Document

TRUST = 60


def read(document: Document) -> Iterator[Candidate]:
    """Candidates from elements with an ``itemprop``; authors are read as bylines."""
    shown, is_month_first = on_show(document), month_first(document)
    for one in shown:
        what = one["what"]
        if not what.startswith("itemprop:"):
            continue
        name, value = what[9:], one["value"] or one["text"]
        if name in ("datepublished", "datemodified") and one["place"] != "after":
            found = read_date(value, month_first=is_month_first)
            if found:
                yield Candidate(
                    "published_at" if name == "datepublished" else "modified_at", found, "microdata"
                )
        elif name == "headline" and one["text"]:
            yield Candidate("title", " ".join(one["text"].split()), "microdata")
        elif name == "articlesection" and one["text"]:
            yield Candidate("section", one["text"].split("\n")[0], "microdata")
        elif name == "image" and value.startswith("http"):
            yield Candidate("image_url", value, "microdata")
