"""When the coordinator's last tick was completed, and what was wrong with the last that was not."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from workers.stages import Stages

#: how long it is known (s)
NOTE_SECONDS = 86_400.0


class Tick(NamedTuple):
    #: of the coordinator
    name: str
    #: Unix seconds, by the clock of Redis
    at: float
    #: empty: it was completed
    problem: str = ""


def note(stages: Stages, tick: Tick) -> None:
    """Write it down. Raises PipelineError (`redis`)."""
    stages.keep(_key(stages, bool(tick.problem)), json.dumps(tick._asdict()).encode(), NOTE_SECONDS)


def last(stages: Stages, *, failed: bool) -> Tick | None:
    """The last that was completed, or the last that failed; None if none is known."""
    told = stages.note(_key(stages, failed))
    values: dict[str, Any] = json.loads(told) if told else {}
    return Tick(**values) if values else None


def _key(stages: Stages, failed: bool) -> str:
    return stages.key("tick", "failed" if failed else "completed")


__all__ = ["Tick", "last", "note"]
