"""Wake-ups of the broker: doubled, invented, and in another order."""

from __future__ import annotations

import contextlib
import random

from benchmarks.chaos.deployment import Deployment
from pipeline.errors import PipelineError
from workers import app as celery_app
from workers.stages import ALL_STAGES

#: invented wake-ups for each stage
INVENTED = 5


def disturb(mill: Deployment, rng: random.Random) -> None:
    """Send wake-ups that nobody asked for; double what waits in the broker's lists, and shuffle it."""
    app = celery_app.create_app(mill.settings)
    with contextlib.suppress(PipelineError):
        for stage in ALL_STAGES:
            for number in range(INVENTED):
                celery_app.publish(app, stage, f"invented-{rng.randrange(10**6)}-{number}", 0.5)
    mill.intruder.double_and_shuffle(rng)
    app.close()
