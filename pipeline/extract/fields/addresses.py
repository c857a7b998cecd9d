"""The article's own address, and its picture's."""

from __future__ import annotations

from pipeline.extract.merge import Merge
from pipeline.urls import absolute


def decide(merge: Merge) -> None:
    """Absolute addresses; one without path is the site's, not the article's."""
    base = merge.document.url or (merge.document.entry.link if merge.document.entry else None)
    order = ("link:canonical", "og:url")
    canonical = sorted(
        merge.of("canonical_url"),
        key=lambda one: order.index(one.source) if one.source in order else len(order),
    )
    for candidate in canonical:
        address = absolute(str(candidate.value), base)
        # An address without path is the site's, not the article's.
        if address and address.split("?")[0].rstrip("/").count("/") > 2:
            merge.set("canonical_url", address, candidate.source)
            break
    for candidate in merge.of("image_url"):
        address = absolute(str(candidate.value), base)
        if address:
            merge.set("image_url", address, candidate.source)
            break
