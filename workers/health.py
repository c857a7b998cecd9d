"""Health checks for containers: they tell a working process from one that is stuck."""

from __future__ import annotations

import socket
import time
from collections.abc import Sequence

from pipeline.errors import PipelineError
from pipeline.settings import Settings
from workers.coordinator import heartbeat_file
from workers.presence import deaf, unserved
from workers.stages import HEARTBEAT_SECONDS, Stages


def check_worker(settings: Settings, queues: Sequence[str]) -> str | None:
    """None if a worker of this host consumes these queues; else what is wrong.

    The heartbeat comes from the consumer's own loop: a hung process, or one that lost the broker,
    falls silent. A worker that beats but takes no wake-ups shows as wake-ups that wait while no
    pump of the stage runs.
    """
    stages = Stages(settings)
    try:
        host = socket.gethostname()
        mine = [one for one in stages.workers() if one.get("host") == host]
        missing = unserved(mine, queues)
        if missing:
            what = ", ".join(sorted(missing))
            return f"no worker on {host} was heard of in the last {HEARTBEAT_SECONDS} s for: {what}"
        silent = deaf(stages, queues)
        return f"wake-ups wait but no pump runs for: {', '.join(silent)}" if silent else None
    except PipelineError as error:
        return error.message


def check_scheduler(settings: Settings) -> str | None:
    """None if the scheduler of this host ticks; else what is wrong."""
    try:
        age = time.time() - heartbeat_file(settings).stat().st_mtime
    except FileNotFoundError:
        return "the scheduler has not ticked yet"
    return f"the last tick was {age:.0f} s ago" if age > HEARTBEAT_SECONDS else None
