"""The Celery app: wake-ups on the right queue, and a broker that is away."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from pipeline.errors import PipelineError
from pipeline.settings import Settings
from workers.alarm import STRETCH
from workers.app import create_app, kick, publish, width
from workers.stages import Stages


def test_a_wake_up_lies_in_the_queue_of_its_stage(settings: Settings, stages: Stages) -> None:
    app = create_app(settings)
    stages.admit("clean", [1])
    assert kick(app, stages, "clean")
    assert not kick(app, stages, "clean"), "one waits already"
    assert stages.unheard("clean") == 1
    message = json.loads(stages.redis.lindex(stages.key("mq", "clean"), 0) or b"")
    assert message["headers"]["task"] == "feedmill.pump"


def test_a_wake_up_survives_that_redis_was_emptied(settings: Settings, stages: Stages) -> None:
    app = create_app(settings)
    publish(app, "clean", "one", 1.0)
    stages.redis.flushall()
    publish(app, "clean", "two", 1.0)
    assert stages.unheard("clean") == 1


def test_every_key_carries_the_prefix_of_its_deployment(settings: Settings, stages: Stages) -> None:
    mine = replace(settings, redis_prefix="mine")
    other = Stages(mine)
    other.admit("clean", [1])
    assert kick(create_app(mine), other, "clean")
    assert all(key.startswith(b"mine:") for key in stages.redis.scan_iter("*"))


def test_a_broker_that_is_away_is_an_error_of_ours(settings: Settings) -> None:
    app = create_app(replace(settings, redis_url="redis://127.0.0.1:1/0"))
    with pytest.raises(PipelineError) as caught:
        publish(app, "clean", "token", 1.0)
    assert (caught.value.code, caught.value.retry_helps) == ("redis", True)


def test_sqlite_has_one_writer(settings: Settings) -> None:
    assert width("store", replace(settings, width=64)) == 1
    assert width("store", replace(settings, width=64, database_url="postgresql://db/x")) == 64


def test_a_pump_is_asked_to_stop_only_after_its_last_item_had_all_its_time(
    settings: Settings, stages: Stages
) -> None:
    stages.admit("clean", [1])
    assert kick(create_app(settings), stages, "clean")
    message = json.loads(stages.redis.lindex(stages.key("mq", "clean"), 0) or b"")
    hard, soft = message["headers"]["timelimit"]
    assert hard > soft > settings.slice_seconds + STRETCH * settings.item_seconds
