"""How each field is decided: one module a field (or a few that belong together), each with ``decide(merge)``.

The rules only choose among candidates and free values from what does not belong to them. A wrong value is
worse than none.
"""

from __future__ import annotations

from collections.abc import Callable

from pipeline.extract.fields import addresses, authors, dates, section, site_name, subtitles, tags, title
from pipeline.extract.merge import Merge

#: in the order in which they build on each other
RULES: tuple[Callable[[Merge], None], ...] = (
    site_name.decide,
    title.decide,
    subtitles.decide,
    authors.decide,
    dates.decide,
    section.decide,
    tags.decide,
    addresses.decide,
)

__all__ = ["RULES"]
