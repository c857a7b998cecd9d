"""The one Celery task: a pump. Thin: everything it does is in `workers.pump` and `workers.work`.

Celery loads this before it forks the pool: all that the stages need is shared by its processes.
"""

from __future__ import annotations

from celery import shared_task

from workers import pump
from workers.broker import TASK
from workers.work import PUMPS


@shared_task(name=TASK, ignore_result=True)
def run(stage: str, token: str) -> None:
    """Work at a stage for a slice of time, or until nothing is left."""
    pump.process().run(stage, token, PUMPS[stage])
