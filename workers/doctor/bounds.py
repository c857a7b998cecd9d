"""From where on a value is worth a word: what `feedmill doctor` judges by."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """Seconds, bytes and shares; a test sets those that it cannot wait for."""

    #: longest time for one examination, also against a server that never answers
    patience: float = 8.0
    #: the same for comparing all counters with all rows
    counting: float = 30.0
    #: leases and due times are compared across machines: a larger difference makes them wrong
    clock: float = 2.0
    #: rows from further in the future than this were written by a clock that was set back since
    future: float = 120.0
    #: below this much free space the next large job may fill the disk
    least_disk: int = 500_000_000
    #: Redis and the database are asked several times for each batch: from here on that holds all up
    slow: float = 0.05
    very_slow: float = 0.5
    #: share of a server's memory or connections that is nearly all of it
    nearly: float = 0.9
    #: sessions of others that stand still in a transaction, or wait for a lock, for longer than this
    idle: float = 60.0
    blocked: float = 10.0
    #: a tick takes a second; one that is older than this was not completed for a reason
    tick: float = 15.0
    #: items that are due for longer while there is room for them
    due: float = 60.0
    #: items that are in one stage for longer
    stay: float = 900.0
    #: between two looks, where only what is wrong in both is wrong
    again: float = 1.5
    #: feeds count as late when overdue by this, and are a problem when more than half of all are
    late: float = 900.0
    late_share: float = 0.5
    #: a stage's wake-ups in the broker: there is one, or a few
    wake_ups: int = 20


__all__ = ["Bounds"]
