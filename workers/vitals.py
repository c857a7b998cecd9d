"""What a worker uses, with the processes of its pool: for its heartbeat."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from typing import Any

from workers.processes import look_at


class Vitals:
    """Of the process that made it, since then."""

    def __init__(self) -> None:
        self.since = time.time()
        self._told = 0.0

    def facts(self, pool: Iterable[int]) -> dict[str, Any]:
        """``processes``: of the pool, given by their ids; ``memory``: resident bytes of all of them and
        of the worker itself, shared pages counted in each; ``cpu``: seconds of all that ever were;
        ``since``: when the worker began (Unix seconds)."""
        seen = [sight for sight in map(look_at, [os.getpid(), *pool]) if sight is not None]
        # Of processes that ended the kernel adds up what they used when their parent took note of it.
        ended = os.times()
        return {
            "processes": max(0, len(seen) - 1),
            "memory": sum(sight.memory for sight in seen),
            "cpu": round(sum(sight.cpu for sight in seen) + ended.children_user + ended.children_system, 3),
            "since": self.since,
        }

    def spent(self, cpu: float) -> int:
        """Microseconds of CPU since this was asked last, for a sum of ``cpu`` (s) by now."""
        spent, self._told = max(0.0, cpu - self._told), max(cpu, self._told)
        return int(spent * 1e6)


__all__ = ["Vitals"]
