"""Candidates from elements that say "date": ``time``, and those so named.

The note of a candidate holds its place (``before``, ``inside``, ``after`` or ``outside`` the article) and
``said`` when words beside it say which date it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from pipeline.extract.candidate import Candidate
from pipeline.extract.dates.labels import Dated, dated, label, label_ahead
from pipeline.extract.dates.order import DateOrder, date_order
from pipeline.extract.dates.reading import Found, read_date
from pipeline.extract.on_show import Shown
from pipeline.model import Document

TRUST = 50

_LONGEST = 120
_YEAR = re.compile(r"\d{4}")
#: dates read below the article: more of them are those of others in any case
_MOST_BELOW = 8


def read(document: Document) -> Iterator[Candidate]:
    """Dates of publication and of change, in page order."""
    order = date_order(document)
    end, below = len(document.blocks), 0
    lines = {line["at"]: line for line in document.signals.get("date_lines", ())}
    for one in document.signals.get("shown", ()):
        if one["what"] in ("time", "date"):
            below += one["at"] >= end
            if below > _MOST_BELOW:
                break
            for found, said in _of_element(one, order, lines.get(one["at"])):
                if said == "other":
                    continue
                field = "modified_at" if said == "modified" else "published_at"
                place = "outside after" if one["place"] == "outside" and one["at"] >= end else one["place"]
                note = f"{place} said" if said else place
                if found.other is not None:
                    note = f"{note} unsure"
                yield Candidate(field, found.value, one["what"], one["at"], note)
                if found.other is not None:
                    yield Candidate(field, found.other, one["what"], one["at"], note)


def _of_element(one: Shown, order: DateOrder, line: dict[str, Any] | None) -> Iterator[Dated]:
    """The machine's date, labelled by what readers see of it and beside it; else the dates that they see."""
    text, value = one["text"], one["value"]
    if len(text) > _LONGEST:
        return
    shown = list(dated(text, order))
    exact = read_date(value, month_first=order.month_first) if value and value[:4] != "http" else None
    if exact is None or len(shown) > 1:
        for found, said in shown:
            yield Dated(found, said or _said_ahead(text, line))
    else:
        said = (shown[0].label if shown else label(text)) or label(one["names"]) or _said_ahead(text, line)
        yield Dated(Found(exact, 0, 0), said)


def _said_ahead(text: str, line: dict[str, Any] | None) -> str:
    """What the line that an element stands in says ahead of it: "Updated <time>"."""
    if line is None:
        return ""
    at = line["text"].find(text.partition("\n")[0])
    if at < 0:
        return ""
    ahead = line["text"][:at]
    return label_ahead(_YEAR.split(ahead)[-1], "" if _YEAR.search(ahead) else line["before"])
