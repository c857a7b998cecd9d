"""Who is there to work, and who hears: what health checks and `feedmill doctor` judge alike."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from workers.stages import Stages


def deaf(stages: Stages, queues: Iterable[str]) -> list[str]:
    """Stages with a wake-up that waits while no pump works. For a moment that is usual; what stays so
    has no worker, or one that lives and hears nothing. Raises PipelineError (`redis`)."""
    return [stage for stage in queues if stages.unheard(stage) and not stages.pumps(stage)]


def unserved(beats: Sequence[dict[str, Any]], queues: Iterable[str]) -> list[str]:
    """The queues that none of these workers consumes, by their beats."""
    served = {stage for beat in beats for stage in beat.get("queues") or []}
    return [stage for stage in queues if stage not in served]


__all__ = ["deaf", "unserved"]
