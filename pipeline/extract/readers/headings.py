"""Candidates from headings on show."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.extract.candidate import Candidate
from pipeline.extract.on_show import Shown
from pipeline.model import Document

TRUST = 30

_SMALLER = ("h2", "h3")
#: pieces of text around the article's start in which a smaller heading may be the headline
_ABOVE, _BELOW = 4, 1
#: headings that are looked at, and lines of one
_MOST, _MOST_LINES = 40, 4


def read(document: Document) -> Iterator[Candidate]:
    """Main headings that do not stand behind the article, and smaller ones close to its start.

    Of a main heading in several lines its ends are candidates, too: many sites put a kicker into it.
    """
    shown = [
        one
        for one in document.signals.get("shown", ())
        if one["tag"] in ("h1", *_SMALLER) and one["text"] and one["place"] != "after"
    ][:_MOST]
    main = [one for one in shown if one["tag"] == "h1" and one["place"] != "outside"]
    is_only = len({" ".join(one["text"].split()) for one in main}) == 1
    for one in shown:
        if one["tag"] == "h1":
            outside = one["place"] == "outside"
            yield from _lines(one, "h1 elsewhere" if outside else "h1" if is_only else "h1 of several")
        elif one["place"] != "outside" and -_ABOVE <= one["at"] <= _BELOW:
            yield Candidate("title", " ".join(one["text"].split()), one["tag"], one["at"])


def _lines(one: Shown, source: str) -> Iterator[Candidate]:
    yield Candidate("title", " ".join(one["text"].split()), source, one["at"])
    lines = one["text"].split("\n")
    for at in range(1, min(len(lines), _MOST_LINES)):
        yield Candidate("title", " ".join(lines[at:]), "end of h1", one["at"])
        yield Candidate("title", " ".join(lines[:at]), "start of h1", one["at"])
