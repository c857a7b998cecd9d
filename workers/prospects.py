"""What becomes of an item, with no more done: for pages, the API and whoever asks why."""

from __future__ import annotations

from pipeline.store.contract import ItemRow
from workers.wording import span


def what_next(item: ItemRow, now: float) -> str:
    """One sentence."""
    if item.state == "in_flight":
        return "A worker has it, or will in a moment."
    if item.state == "pending":
        if item.due_at is not None and item.due_at > now:
            return f"It is tried again in {span(item.due_at - now)}."
        return "It is taken up as soon as a worker is free."
    if item.outcome == "failed" and not (item.url or item.page_digest):
        return "Nothing: hand it in again once it can be read."
    if item.outcome == "failed":
        return "Nothing, unless it is retried."
    return "Nothing: it has ended."


__all__ = ["what_next"]
