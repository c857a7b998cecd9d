"""What this process has met and not told anybody yet: counts by name, for `/metrics`.

Whoever meets something counts it here, whether or not it can be told at the moment: what counts an
outage cannot be told during it. The services take the counts and add them to those of all processes
(`workers.measures.tell`). The names are in `workers.measures`.
"""

from __future__ import annotations

import os
import threading
from collections import Counter
from collections.abc import Mapping


class Tally:
    """Counts of one process. Safe between threads; a forked process begins with none."""

    def __init__(self) -> None:
        self.forget()
        os.register_at_fork(after_in_child=self.forget)

    def forget(self) -> None:
        """Begin anew, with a lock that nobody holds."""
        self._lock = threading.Lock()
        self._counts: Counter[str] = Counter()

    def add(self, name: str, amount: int = 1) -> None:
        with self._lock:
            self._counts[name] += amount

    def update(self, counts: Mapping[str, int]) -> None:
        """Add several, for example those that were taken and could not be told."""
        with self._lock:
            self._counts.update(counts)

    def take(self) -> Counter[str]:
        """All counts, which are none from now on."""
        with self._lock:
            taken, self._counts = self._counts, Counter()
        return taken

    def seen(self) -> Counter[str]:
        """All counts, which stay."""
        with self._lock:
            return self._counts.copy()


#: the one of this process
TALLY = Tally()

__all__ = ["TALLY", "Tally"]
