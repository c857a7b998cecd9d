"""What a job waits for, as its page says it in a sentence."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline.model import OUTCOMES, STAGES, Counts, JobStatus
from workers.web.charts import shares
from workers.web.waiting import Deployment, Left, waits_for

NOW = 1_000.0


def said(*, waiting: dict[str, int] | None = None, running: int = 0, **facts: Any) -> str:
    """Of a deployment in which all is well, but for what is named."""
    stages = {stage: {"waiting": (waiting or {}).get(stage, 0), "running": 0} for stage in STAGES}
    stages["clean"]["running"] = running
    left = {"pending": 0, "later": 0, "retried": 0, "last_due": None, "stages": stages}
    deployment = {"ticks": True, "unserved": [], "held_back": None, "live": 0, "window": 100}
    left |= {name: value for name, value in facts.items() if name in left}
    deployment |= {name: value for name, value in facts.items() if name in deployment}
    return waits_for(Left(**left), Deployment(**deployment), NOW)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({}, ""),
        ({"ticks": False}, ""),
        ({"running": 3}, ""),
        ({"pending": 5}, ""),
        ({"pending": 5, "ticks": False}, "It stands still: no scheduler ticks"),
        ({"pending": 5, "unserved": ["fetch"]}, "It waits for a worker: none serves fetch."),
        ({"waiting": {"store": 1}, "unserved": ["store"]}, "feedmill worker --queues store."),
        ({"waiting": {"store": 1}, "unserved": ["extract"]}, "Most of it waits at store: 1 item"),
        ({"pending": 5, "held_back": "Redis is full."}, "It waits for room: Redis is full."),
        (
            {"pending": 5, "later": 4, "last_due": NOW + 120},
            "4 items wait until their hosts may be asked again: one page at a time, with a pause after each "
            "(the last in 2 min).",
        ),
        (
            {"pending": 3, "later": 3, "retried": 2, "last_due": NOW + 7_200},
            "1 item waits until its host may be asked again: one page at a time, with a pause after each; "
            "2 items failed and are tried again (the last in 2 h).",
        ),
        ({"pending": 9, "later": 4, "live": 95}, "It waits for its turn: 95 items of all jobs"),
        ({"pending": 9, "later": 9, "live": 95}, "9 items wait until their hosts"),
        ({"waiting": {"fetch": 7, "clean": 2}}, "Most of it waits at fetch, 7 items: a host is asked"),
        ({"waiting": {"clean": 7}, "running": 2}, "waits at clean: 7 items, while 2 are worked at."),
    ],
)
def test_the_most_pressing_reason_is_named(facts: dict[str, Any], told: str) -> None:
    assert told in said(**facts)
    assert bool(told) == bool(said(**facts))


@pytest.mark.parametrize("outcomes", [{}, {"stored": 100}, {"stored": 99_999, "failed": 1}, {"failed": 3}])
def test_each_outcome_of_a_job_is_seen_in_its_bar_and_none_hides_another(outcomes: dict[str, int]) -> None:
    status = JobStatus(
        job="j", state="running", items=100_000, pending=0, in_flight=0, outcomes=Counts(**outcomes),
        sources=[], created_at=0.0, finished_at=None,
    )  # fmt: skip
    found = shares(status)
    assert [one.outcome for one in found] == [name for name in OUTCOMES if outcomes.get(name)]
    assert all(one.width > 1 for one in found)
    ends = [round(one.x + one.width, 1) for one in found]
    assert ends == sorted(ends)
    assert not ends or ends[-1] <= 100
