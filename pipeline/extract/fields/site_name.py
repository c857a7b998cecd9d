"""The name of the site."""

from __future__ import annotations

from pipeline.extract.merge import Merge


def decide(merge: Merge) -> None:
    """What the site calls itself to social networks, else to search engines."""
    found = sorted(merge.of("site_name"), key=lambda one: one.source not in ("og:site_name", "json-ld"))
    names = [one for one in found if one.source == "og:site_name"] or found
    for candidate in names[:1]:
        value = candidate.value.lstrip("@")
        if 1 < len(value) <= 60:
            merge.set("site_name", value, candidate.source)
