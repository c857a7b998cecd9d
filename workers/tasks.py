"""The one Celery task: a pump. Thin: everything it does is in `workers.pump`."""

from __future__ import annotations

from celery import shared_task

from workers import pump


@shared_task(name="feedmill.pump", ignore_result=True)
def run(stage: str, token: str) -> None:
    """Work at a stage for a slice of time, or until nothing is left."""
    pump.process().run(stage, token)
