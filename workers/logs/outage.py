"""Something that all need is away: said once when it begins, and once when it is over."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from multiprocessing.sharedctypes import RawArray

from pipeline.errors import PipelineError

#: trouble that has not been met for this long (s) is over, also when nobody says so
FORGOTTEN_SECONDS = 600.0


class Outage:
    """One for all processes that are forked after it was made: a worker says it once, not once a process.

    Without a lock, which a killed process would keep for ever: in a race a line is said twice.
    """

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        #: when it began (0: all is well), when it was met last
        self._shared = RawArray("d", 2)

    def met(self, logger: logging.Logger, message: str, *args: object) -> None:
        """It is away. Said as a warning the first time, and at DEBUG after it."""
        now = self._clock()
        known = self._shared[0] and now - self._shared[1] < FORGOTTEN_SECONDS
        if not known:
            self._shared[0] = now
        self._shared[1] = now
        logger.log(logging.DEBUG if known else logging.WARNING, message, *args, stacklevel=2)

    def over(self, logger: logging.Logger, message: str) -> None:
        """It is back. ``message`` has one %s for how long it was away. Costs nothing when all was well."""
        since = self._shared[0]
        if since:
            self._shared[0] = 0.0
            length = max(0.0, self._clock() - since)
            logger.warning(message, f"{length:.1f} s", extra={"seconds": round(length, 3)}, stacklevel=2)


#: Redis, and the database (the codes of their errors), for this process and those that it forks
AWAY = {"redis": Outage(), "database": Outage()}


def away(error: PipelineError, logger: logging.Logger, message: str, *args: object) -> None:
    """Something failed for want of Redis or the database: said once, until they are `back`. Any other
    error is said as it is."""
    outage = AWAY.get(error.code)
    if outage is None:
        logger.warning(message, *args, extra={"code": error.code}, stacklevel=2)
    else:
        outage.met(logger, message, *args)


def back(logger: logging.Logger, *codes: str) -> None:
    """Redis or the database was used, and answered."""
    for code in codes:
        name = "Redis" if code == "redis" else "the database"
        AWAY[code].over(logger, f"{name} answers again; it was away for %s")


__all__ = ["AWAY", "FORGOTTEN_SECONDS", "Outage", "away", "back"]
