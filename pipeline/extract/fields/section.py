"""The part of the site that the article stands in."""

from __future__ import annotations

from pipeline.extract.merge import Merge
from pipeline.extract.titles import plain


def decide(merge: Merge) -> None:
    """The most trusted that is short and neither the title nor the site."""
    title, site = merge.fields.get("title", ""), merge.fields.get("site_name", "")
    for candidate in merge.of("section"):
        value = " ".join(str(candidate.value).split())
        if (
            value
            and len(value) <= 60
            and not value.startswith("http")
            and plain(value) not in (plain(title), plain(site))
        ):
            merge.set("section", value, candidate.source)
            return
