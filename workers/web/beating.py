"""The web server's sign of life, so that `feedmill doctor` can tell whether hubs find anybody."""

from __future__ import annotations

import asyncio
import logging
import os
import socket

from pipeline.errors import PipelineError
from workers.measures import tell
from workers.stages import HEARTBEAT_SECONDS
from workers.web.backend import Backend

logger = logging.getLogger(__name__)

#: seconds between two
EVERY_SECONDS = HEARTBEAT_SECONDS / 3


def beat(backend: Backend) -> None:
    """Say that this process serves, and tell what it has counted. Where Redis is away, pages and
    `/readyz` say so, and nothing is said here."""
    try:
        stages = backend.stages()
        tell(stages)
        stages.keep(stages.key("web", f"{socket.gethostname()}:{os.getpid()}"), b"serves", HEARTBEAT_SECONDS)
    except PipelineError as error:
        logger.debug("no sign of life: %s", error)


async def beat_for_ever(backend: Backend) -> None:
    while True:
        await asyncio.to_thread(beat, backend)
        await asyncio.sleep(EVERY_SECONDS)


__all__ = ["beat", "beat_for_ever"]
