"""What a clock that was set back leaves in the future, and how it is brought back.

Times in Redis are by its clock, times in rows by that of whoever wrote them. Once a clock goes back, a
host rests for as long as it jumped, and what was accepted just before is due only then. So the time of
each look is kept, where a restart does not lose it; a look that comes before the last one tells how far
the clock went back. Leases, tokens and the coordinator's lock need none of this: their scripts know how
long they may last at most.
"""

from __future__ import annotations

import json
import logging

from pipeline.store.contract import Store
from workers.stages import Stages

logger = logging.getLogger(__name__)

#: clocks are set by less than this all the time (s): two machines differ, NTP steps
LEAST_SECONDS = 5.0
#: how long after a clock went back rows may still come in that were written by the old time (s): of
#: transactions under way, and of processes that had asked for the time before
LATE_SECONDS = 60.0
#: how long the time of the last look is kept (s)
KEPT_SECONDS = 30 * 86_400.0
#: hosts that one script call looks at
HOSTS_AT_ONCE = 500


class Clocks:
    """The clock of Redis and that of the coordinator. Raises PipelineError (`redis`, `database`)."""

    def __init__(self, store: Store, stages: Stages) -> None:
        self._store, self._stages = store, stages
        self._key = stages.key("clocks")

    def look(self, now: float) -> None:
        """Bring back what lies too far ahead, if a clock went back since the last look."""
        theirs = self._stages.clock()
        noted = self._stages.note(self._key)
        last: dict[str, float] = json.loads(noted) if noted else {"redis": theirs, "rows": now}
        redis_back, rows_back = last["redis"] - theirs, last["rows"] - now
        if redis_back >= LEAST_SECONDS:
            logger.warning("the clock of Redis went back by %.0f s; hosts rest that much less", redis_back)
            self._turn_hosts_back(redis_back)
        if rows_back >= LEAST_SECONDS:
            count = self._store.turn_back(now, rows_back)
            told = "the clock went back by %.0f s; %d rows are due that much earlier"
            logger.warning(told, rows_back, count)
        turned = now if rows_back >= LEAST_SECONDS else last.get("turned", 0.0)
        if 0 <= now - turned < LATE_SECONDS and (late := self._store.accepted_ahead(now, LEAST_SECONDS)):
            logger.warning("%d items were accepted by a clock that is ahead; they are due now", late)
        # Only now: what fails half-way is done at the next look.
        told_next = {"redis": theirs, "rows": now, "turned": turned}
        self._stages.keep(self._key, json.dumps(told_next).encode(), KEPT_SECONDS)

    def _turn_hosts_back(self, seconds: float) -> None:
        hosts = self._stages.names("host")
        for start in range(0, len(hosts), HOSTS_AT_ONCE):
            some = hosts[start : start + HOSTS_AT_ONCE]
            self._stages.run("rewind", [*self._queues(), *some], [int(seconds * 1000)])

    def _queues(self) -> list[str]:
        return [self._stages.key("hosts", stage) for stage in ("fetch", "poll")]
