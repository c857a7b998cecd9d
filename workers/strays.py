"""Ids that Redis says are in flight and that are nowhere in it, and feeds whose poll it forgot."""

from __future__ import annotations

import logging

from pipeline.model import STAGES
from workers.stages import Stages

logger = logging.getLogger(__name__)


def take_up(stages: Stages) -> int:
    """Let ids in flight that are in no queue and under no lease begin again; returns how many.

    One script looks at all queues, so that an id on its way from one to the next is never missed. It
    costs about as much as a status does. Raises PipelineError (`redis`).
    """
    count = 0
    for live, of in (("items", STAGES), ("feeds", ("poll",))):
        lists = [stages.key(name, stage) for name in ("q", "solo") for stage in of]
        sets = [stages.key("routed", stage) for stage in of]
        leases = [stages.key("in", stage) for stage in of]
        keys = [stages.key("live", live), stages.key("dead"), *lists, *sets, *leases]
        count += int(stages.run("adrift", keys, [len(lists), len(sets)]))
    if count:
        logger.warning("%d ids in flight were in no queue of Redis; they start again", count)
    return count
