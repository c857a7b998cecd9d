"""When the article was published and changed."""

from __future__ import annotations

from pipeline.extract.merge import Merge


def decide(merge: Merge) -> None:
    """The most trusted date of each; of the same day, the one with a time of day."""
    for field in ("published_at", "modified_at"):
        found = merge.of(field)
        if not found:
            continue
        best = found[0]
        # The same day with a time of day, from a source of less standing, says more.
        fuller = next(
            (one for one in found if len(one.value) > 10 and one.value[:10] == best.value[:10]), best
        )
        merge.set(field, fuller.value, fuller.source)
