"""What a campaign leaves behind, as plain values that the laws judge."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.model import JobStatus
from pipeline.store.contract import ItemRow, Store


@dataclass(frozen=True)
class Found:
    """One article: its key, and what of its content must be the same in every run."""

    key: str
    title: str | None
    content: str


@dataclass(frozen=True)
class Evidence:
    """What was found once everything was quiet."""

    #: accepted jobs -> items that they were told to have
    accepted: Mapping[str, int]
    jobs: Sequence[JobStatus]
    in_flight: Sequence[int]
    problems: Sequence[str]
    articles: Sequence[Found]
    failed: Sequence[ItemRow]
    #: keys that should be gone from Redis -> how much they hold
    left_in_redis: Mapping[str, int]
    #: seconds from the end of each round's last fault until all that was accepted was done; None: never
    recoveries: Sequence[float | None]
    #: what a run without faults made of the same input; None: not known yet
    calm: Sequence[Found] | None = None
    #: words in the names of items that were made to fail -> codes with which they may
    poison: Mapping[str, Sequence[str]] = field(default_factory=dict)
    #: service -> processes that outlived it
    outlived: Mapping[str, Sequence[int]] = field(default_factory=dict)
    #: service -> exit codes with which it ended though nobody had asked it to
    ended: Mapping[str, Sequence[int]] = field(default_factory=dict)
    #: service -> times that it had to be killed when it was asked to stop
    overdue: Mapping[str, int] = field(default_factory=dict)


def articles(store: Store) -> list[Found]:
    """All articles, as they are compared."""
    keys = {row.id: row.key for row in store.articles(limit=10**9)}
    found = []
    for one in store.export():
        told = repr([one.get(name) for name in ("title", "text", "authors", "published_at", "language")])
        found.append(Found(keys[one["id"]], one.get("title"), hashlib.sha256(told.encode()).hexdigest()))
    return found
