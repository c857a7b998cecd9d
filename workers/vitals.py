"""What a worker uses, with the processes of its pool: for its heartbeat."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from typing import Any

from workers.processes import look_at, share_of_memory

#: how often memory is looked at (s): the kernel adds up every page for it
WEIGH_SECONDS = 30.0


class Vitals:
    """Of the process that made it, since then."""

    def __init__(self) -> None:
        self.since = time.time()
        self._told = 0.0
        self._memory, self._weighed = 0, float("-inf")

    def facts(self, pool: Iterable[int]) -> dict[str, Any]:
        """``processes``: of the pool, given by their ids; ``memory``: bytes of all of them and of the
        worker itself, shared pages counted once, as of half a minute ago at most; ``cpu``: seconds of all
        that ever were; ``since``: when the worker began (Unix seconds)."""
        pids = [os.getpid(), *pool]
        seen = {pid: sight for pid in pids if (sight := look_at(pid)) is not None}
        if time.monotonic() - self._weighed > WEIGH_SECONDS:
            self._weighed = time.monotonic()
            self._memory = sum(share_of_memory(pid) or sight.memory for pid, sight in seen.items())
        # Of processes that ended the kernel adds up what they used when their parent took note of it.
        ended = os.times()
        cpu = sum(sight.cpu for sight in seen.values()) + ended.children_user + ended.children_system
        return {
            "processes": max(0, len(seen) - 1),
            "memory": self._memory,
            "cpu": round(cpu, 3),
            "since": self.since,
        }

    def spent(self, cpu: float) -> int:
        """Microseconds of CPU since this was asked last, for a sum of ``cpu`` (s) by now."""
        spent, self._told = max(0.0, cpu - self._told), max(cpu, self._told)
        return int(spent * 1e6)


__all__ = ["Vitals"]
