"""The Celery app as Flower wants it: ``celery --app workers.flower flower``.

It sees this deployment's queues and, with FEEDMILL_CELERY_EVENTS=on, its workers and wake-ups. It can do
nothing to them: workers listen to no remote control.
"""

from __future__ import annotations

from celery import Celery
from kombu import Exchange, Queue

from pipeline.settings import Settings, load
from workers.app import broker_url, transport_options
from workers.stages import ALL_STAGES


def flower_app(settings: Settings) -> Celery:
    """The app of the deployment at settings.redis_url. Not that of `workers.app`, whose transport takes
    wake-ups alone: events are none."""
    app = Celery("feedmill", broker=broker_url(settings.redis_url))
    app.conf.update(
        task_queues=[Queue(stage, Exchange("", type="direct"), routing_key=stage) for stage in ALL_STAGES],
        broker_transport_options=transport_options(settings),
        accept_content=["json"],
    )
    return app


app = flower_app(load())

__all__ = ["app", "flower_app"]
