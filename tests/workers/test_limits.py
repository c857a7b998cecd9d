"""What bounds a piece of work and keeps its leases alive."""

from __future__ import annotations

import time

import pytest
from waiting import until

from workers.alarm import OutOfTime, time_limit
from workers.renewal import Renewal
from workers.stages import CLAIM_BYTES, Done, Stages


def spin(seconds: float) -> None:
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        pass


def test_work_that_takes_too_long_is_broken_off() -> None:
    with pytest.raises(OutOfTime), time_limit(0.05):
        spin(10)


def test_no_handler_inside_the_work_swallows_the_end() -> None:
    def stubborn() -> None:
        while True:
            try:
                spin(0.01)
            except Exception:  # what a parser of odd pages may do; nothing but the limit is raised here
                continue

    with pytest.raises(OutOfTime), time_limit(0.05):
        stubborn()


def test_the_limit_ends_with_the_work() -> None:
    with time_limit(0.05):
        pass
    spin(0.1)


def lease(stages: Stages, stage: str, item: int) -> float:
    return float(stages.redis.zscore(stages.key("in", stage), item) or 0)


def test_leases_are_renewed_while_work_goes_on(stages: Stages) -> None:
    stages.lease_ms = 200
    stages.admit("clean", [1])
    stages.claim("clean", 1, "t")
    first = lease(stages, "clean", 1)
    renewal = Renewal(stages, patience=60)
    renewal.hold("clean", "t", [1])
    until(lambda: lease(stages, "clean", 1) > first + 200, "the lease was renewed past its end")
    renewal.drop("t")


def test_a_hung_pump_loses_its_leases(stages: Stages) -> None:
    stages.lease_ms = 200
    stages.admit("clean", [1])
    stages.claim("clean", 1, "t")
    Renewal(stages, patience=0).hold("clean", "t", [1])
    until(lambda: [one.id for one in stages.claim("clean", 1, "other")] == [1], "another took it up")


def test_a_claim_is_bounded_in_bytes_but_never_empty_for_it(stages: Stages) -> None:
    stages.admit("fetch", [1, 2, 3])
    stages.claim("fetch", 3, "t")
    large = b"x" * (CLAIM_BYTES // 2 + 1)
    stages.done("fetch", [Done(1, "clean", large * 2), Done(2, "clean", large), Done(3, "clean", large)])
    assert [[one.id for one in stages.claim("clean", 9, "t")] for _ in range(4)] == [[1], [2], [3], []]
