"""The people who wrote the article."""

from __future__ import annotations

from pipeline.extract.merge import Merge
from pipeline.extract.titles import plain


def decide(merge: Merge) -> None:
    """The names of the most trusted source that has any, without the site's own."""
    site = merge.fields.get("site_name")
    for candidate in merge.of("authors"):
        names = [name for name in candidate.value if not site or plain(name) != plain(site)]
        if names:
            merge.set("authors", _without_parts(names), candidate.source)
            return


def _without_parts(names: list[str]) -> list[str]:
    """The names without those that are a part of another: a surname alone beside the whole name."""
    kept = [
        name
        for name in names
        if not any(name != other and f" {name.casefold()} " in f" {other.casefold()} " for other in names)
    ]
    return kept[:20]
