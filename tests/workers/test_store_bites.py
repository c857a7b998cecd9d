"""`store` writes as many items in one transaction as go in about a second, and stops between two of them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.model import Ending, Problem
from pipeline.settings import Settings
from workers import payloads
from workers.pump import Process
from workers.stages import Done, Stages
from workers.work import store as stage
from workers.work.store import LONG_SECONDS, SHORT_SECONDS, next_bite


@pytest.mark.parametrize(
    ("bite", "seconds", "following"),
    [
        (32, LONG_SECONDS + 0.1, 16),
        (32, SHORT_SECONDS - 0.1, 64),
        (32, 1.0, 32),
        (1, 60.0, 1),
        (200, 0.1, 256),
    ],
)
def test_the_next_bite(bite: int, seconds: float, following: int) -> None:
    assert next_bite(bite, seconds, 256) == following


@given(st.integers(1, 256), st.floats(0, 1e3), st.integers(1, 256))
def test_a_bite_is_never_empty_nor_larger_than_a_batch(bite: int, seconds: float, most: int) -> None:
    assert 1 <= next_bite(bite, seconds, most) <= most


@pytest.fixture
def process(settings: Settings, stages: Stages, postgres_database: str) -> Iterator[Process]:
    """A pool process in the middle of its slice, with a batch of 80 items that wait for `store`."""
    process = Process(replace(settings, database_url=postgres_database))
    process.ends = time.monotonic() + 60
    stages.admit("store", range(1, 81))
    yield process
    process.store.close()


def work(process: Process) -> Iterator[Done]:
    ending = payloads.pack_ending(Ending(item=1, problem=Problem(code="empty", message="")))
    claimed = process.stages.claim("store", 80, "a pump")
    return stage._work(process, [one._replace(payload=ending) for one in claimed])


def test_a_slow_database_gets_smaller_bites(process: Process, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(range(0, 10_000, 10))  # each look at it is ten seconds later
    monkeypatch.setattr(stage.time, "monotonic", lambda: next(clock))
    process.ends = 1e9
    assert len(list(work(process))) == 80
    assert process.bite < 8


def test_what_has_not_begun_when_the_slice_is_over_is_left(process: Process) -> None:
    reports = work(process)
    next(reports)
    process.ends = time.monotonic() - 60
    assert 1 + len(list(reports)) == 32, "the bite that was begun, and no other"
