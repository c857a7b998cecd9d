"""Ends a worker that went deaf, so that whoever started it starts it again.

It looks in the consumer's own loop, and, should that stand still, from the handler of a timer signal.
Not in a thread: the main process forks its pool again and again, and a process that is forked while
another thread holds a lock finds it locked for ever.

A container runtime marks such a worker unhealthy and leaves it at that. Its items come back by
themselves: their leases end.
"""

from __future__ import annotations

import logging
import os
import signal
import time
from collections.abc import Callable, Sequence
from types import FrameType

from pipeline.errors import PipelineError
from workers.stages import Stages

logger = logging.getLogger(__name__)

#: how often it looks (s)
LOOK_SECONDS = 5.0
#: how long the consumer may be silent, and wake-ups may wait for an idle worker, while Redis works (s)
SILENT_SECONDS, DEAF_SECONDS = 60.0, 45.0
#: exit code of a worker that ends itself (sysexits.h, EX_SOFTWARE)
DEAF = 70


class Watchdog:
    """One for a worker. Its stages are a connection of its own.

    busy tells whether this worker has anything in hand. An outage of Redis is held against nobody.
    """

    def __init__(
        self,
        stages: Stages,
        queues: Sequence[str],
        busy: Callable[[], bool],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._stages, self._queues, self._busy, self._clock = stages, queues, busy, clock
        self._looked = self._beat = self._heard = clock()

    def beaten(self) -> None:
        """The consumer's loop goes round, and has just told Redis so."""
        self._beat = self._clock()

    def trouble(self) -> str | None:
        """Why this worker is of no use any more; None while it is, or nobody could be."""
        now = self._clock()
        frozen = now - self._looked > 3 * LOOK_SECONDS  # we were, all of us: a paused container
        self._looked = now
        try:
            # Reading alone proves nothing: a Redis that is full or read-only lets nobody beat.
            self._stages.keep(self._stages.key("watchdog", str(os.getpid())), b"", 2 * LOOK_SECONDS)
            waiting = [one for one in self._queues if self._unheard(one)]
        except PipelineError:
            frozen, waiting = True, []
        if frozen:
            self._beat = self._heard = now
        if not waiting or self._busy():
            self._heard = now
        if now - self._beat > SILENT_SECONDS:
            return f"its consumer has been silent for {SILENT_SECONDS:.0f} s although Redis works"
        if now - self._heard > DEAF_SECONDS:
            names = ", ".join(waiting)
            return (
                f"wake-ups for {names} have waited {DEAF_SECONDS:.0f} s and it takes none although it is idle"
            )
        return None

    def look(self, stopping: bool, end: Callable[[int], object] = os._exit) -> None:
        """End this process when there is trouble, and nobody is stopping it anyway."""
        trouble = None if stopping else self.trouble()
        if trouble:
            logger.critical(
                "this worker ends itself, to be started again: %s. What it had in hand is taken up by "
                "others when its leases end",
                trouble,
            )
            logging.shutdown()
            end(DEAF)

    def start(self, stopping: Callable[[], bool]) -> None:
        """Look from now on when the consumer's loop stands still. From the main thread."""

        def ring(_signal: int, _frame: FrameType | None) -> None:
            if self._clock() - self._beat > SILENT_SECONDS:
                self.look(stopping())
            else:
                self._looked = self._clock()

        signal.signal(signal.SIGALRM, ring)
        signal.setitimer(signal.ITIMER_REAL, LOOK_SECONDS, LOOK_SECONDS)

    def stop(self) -> None:
        """Look no more. To be called before the process ends: at its very end nobody handles the signal."""
        signal.setitimer(signal.ITIMER_REAL, 0)

    def _unheard(self, stage: str) -> bool:
        return bool(self._stages.unheard(stage)) and not self._stages.pumps(stage)


__all__ = ["DEAF", "DEAF_SECONDS", "LOOK_SECONDS", "SILENT_SECONDS", "Watchdog"]
