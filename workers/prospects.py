"""What becomes of an item, with no more done: for pages, the API and whoever asks why."""

from __future__ import annotations

from pipeline.policy import policy_of
from pipeline.settings import Settings
from pipeline.store.contract import ItemRow
from workers.wording import span


def what_next(item: ItemRow, now: float, settings: Settings | None = None) -> str:
    """One sentence. ``settings``: how often is tried in all, where that is to be told."""
    if item.state == "in_flight":
        return "A worker has it, or will in a moment."
    if item.state == "pending":
        if item.due_at is None or item.due_at <= now:
            return "It is taken up as soon as a worker is free."
        wait = span(item.due_at - now)
        if not item.code:
            return f"It is taken up in {wait}: its host is asked for one page after another."
        if settings is None:
            return f"It is tried again in {wait}."
        most = policy_of(item.code, settings).attempts
        return f"It is tried again in {wait}: try {item.attempts + 1} of {most}."
    if item.can_retry:
        return "It is not tried again by itself."
    if item.outcome == "failed":
        return "Nothing: hand it in again once it can be read."
    return "Nothing: it has ended."


__all__ = ["what_next"]
