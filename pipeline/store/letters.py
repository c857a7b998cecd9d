"""Dead letters as they are chosen and told: which, in groups of one cause, and what waits for a retry."""

from __future__ import annotations

from pipeline.model import Value


class Chosen(Value, frozen=True, kw_only=True):
    """Which dead letters: those that meet all that is named; nothing named: all."""

    job: str | None = None
    item: int | None = None
    code: str | None = None
    #: empty: those that were at no host
    host: str | None = None
    stage: str | None = None
    #: failed at or after, and before, these times
    since: float | None = None
    before: float | None = None


class FailureGroup(Value, frozen=True, kw_only=True, omit_defaults=False):
    """Dead letters of one cause, in one stage, at one host."""

    code: str
    #: empty: not known
    stage: str
    host: str
    count: int
    #: when the first and the last of them failed
    first_at: float
    last_at: float
    #: the newest
    example_item: int
    example_name: str
    message: str

    @property
    def can_retry(self) -> bool:
        """What could not be read when it was handed in has nothing that could be tried again."""
        return self.stage != "read"


class Failures(Value, frozen=True, kw_only=True, omit_defaults=False):
    """Dead letters in groups, the largest first, and what all there are come to."""

    groups: list[FailureGroup]
    #: of all groups, also of those that the list has no room for
    count: int
    group_count: int
    #: code -> how many, the most first
    codes: dict[str, int]
    #: cursor of the next groups; None: these are the last
    next: str | None = None


class Waiting(Value, frozen=True, kw_only=True, omit_defaults=False):
    """Items whose failure may pass, and that wait to be tried again."""

    code: str
    count: int
    #: when the first of them is due
    next_at: float
    example_item: int
    message: str


__all__ = ["Chosen", "FailureGroup", "Failures", "Waiting"]
