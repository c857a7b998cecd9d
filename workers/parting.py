"""What a stopping worker did with what it had in hand, counted over its pool processes."""

from __future__ import annotations

from multiprocessing.sharedctypes import RawArray

#: most pool processes that are counted each for itself
SLOTS = 1024


class Parting:
    """Two counters for each pool process, in memory that is shared from before the fork.

    Each process writes only its own, so that no lock is needed: a killed process would keep it.
    """

    def __init__(self) -> None:
        self._counts = RawArray("q", 2 * SLOTS)

    def count(self, slot: int, finished: int = 0, handed_back: int = 0) -> None:
        """Items that the pool process in a slot finished, and gave back unworked."""
        own = 2 * (slot % SLOTS)
        self._counts[own] += finished
        self._counts[own + 1] += handed_back

    def sums(self) -> tuple[int, int]:
        """Finished, and handed back."""
        return sum(self._counts[0::2]), sum(self._counts[1::2])


__all__ = ["SLOTS", "Parting"]
