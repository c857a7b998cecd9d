"""Stages whose pumps stand still because the database does not do what they need: what it said to them.

A database may answer whoever reads and refuse who writes (a full disk), or answer here and not there (a wrong
password on one machine). Only the pumps know; each says so in Redis, where others see it for a moment.
"""

from __future__ import annotations

import json
from typing import NamedTuple

from workers.stages import ALL_STAGES, Stages

#: how long a stall is told of (s): a pump that stands still tries again, and says it again, sooner
NOTE_SECONDS = 30.0


class Stall(NamedTuple):
    """A pump that stood still."""

    stage: str
    #: of its worker
    worker: str
    #: Unix seconds, by the clock of Redis
    at: float
    #: what the database said, for people
    reason: str


def note(stages: Stages, stage: str, worker: str, reason: str) -> None:
    """Say that a pump stands still. Raises PipelineError (`redis`)."""
    stall = Stall(stage, worker, stages.clock(), reason)
    stages.keep(_key(stages, stage), json.dumps(stall).encode(), NOTE_SECONDS)


def known(stages: Stages) -> list[Stall]:
    """The last stall of each stage that had one lately, in the order of stages. Raises PipelineError
    (`redis`)."""
    keys = [_key(stages, stage) for stage in ALL_STAGES]
    told = stages.ask(lambda redis: redis.mget(keys))
    return [Stall(*json.loads(one)) for one in told if one]


def _key(stages: Stages, stage: str) -> str:
    return stages.key("stall", stage)


__all__ = ["NOTE_SECONDS", "Stall", "known", "note"]
