"""Candidates from the page's address."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.extract.candidate import Candidate
from pipeline.extract.dates.reading import read_date
from pipeline.model import Document

TRUST = 95

#: a day as parts of a path, or in one part: /2024/04/19/, /2024-04-19-story, /20240419story, /19-04-2024
_DAY = re.compile(
    r"(?<!\d)(?:(?P<y>(?:19|20)\d\d)(?P<mark>[/_.-]?)(?P<m>0?[1-9]|1[0-2])(?P=mark)(?P<d>0?[1-9]|[12]\d|3[01])"
    r"|(?P<day>0?[1-9]|[12]\d|3[01])[_.-](?P<month>0?[1-9]|1[0-2])[_.-](?P<year>20\d\d))(?![\d%])"
)
_MONTH = re.compile(r"/((?:19|20)\d\d)(/|-?)(0[1-9]|1[0-2])(?=/)")


def read(document: Document) -> Iterator[Candidate]:
    """The day that the address names."""
    found = day_in_address(document.url)
    if found:
        yield Candidate("published_at", found, "url")


def day_in_address(url: str | None) -> str | None:
    """The day in an address such as ``/2024/04/19/story``; a year and month alone are no date."""
    for match in _DAY.finditer(_path(url)):
        year, month, day = (
            match["y"] or match["year"],
            match["m"] or match["month"],
            match["d"] or match["day"],
        )
        if match["y"] and not match["mark"] and len(match["m"] + match["d"]) < 4:
            continue
        found = read_date(f"{year}-{month}-{day}")
        if found:
            return found
    return None


def month_in_address(url: str | None) -> str | None:
    """The month in an address such as ``/2024/04/story``, as ``2024-04``."""
    match = _MONTH.search(_path(url))
    return f"{match[1]}-{match[3]}" if match else None


def _path(url: str | None) -> str:
    """An address behind its host; of a copy in an archive, that of the original."""
    if not url:
        return ""
    path = url.split("?")[0].split("#")[0]
    at = path.rfind("://")
    return path[path.find("/", at + 3) :] if at >= 0 and "/" in path[at + 3 :] else ""
