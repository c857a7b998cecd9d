"""The judge of a soak: what grows is found, what only swings is not."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.soak.judge import BOUNDS, judge, slope

HOUR = [10.0 * n for n in range(0, 361, 2)]


def growing(base: float, an_hour: float, noise: float = 0.0, seed: int = 1) -> list[tuple[float, float]]:
    rng = random.Random(seed)
    return [(at, base + an_hour * at / 3600 + rng.uniform(-noise, noise)) for at in HOUR]


def test_a_slow_leak_is_found_in_noise_ten_times_as_large_as_a_step_of_it() -> None:
    assert judge("fetch MB", growing(200.0, 15.0, noise=5.0)).grows


def test_a_level_with_noise_does_not_grow() -> None:
    assert not judge("fetch MB", growing(200.0, 0.0, noise=10.0)).grows


def test_what_only_fills_while_it_warms_up_does_not_grow() -> None:
    filling = [(at, min(300.0, 100.0 + at / 4)) for at in HOUR]
    assert not judge("fetch MB", filling).grows


def test_processes_that_are_replaced_when_they_are_large_do_not_grow() -> None:
    assert not judge("clean MB", [(at, 150.0 + at % 400 / 20) for at in HOUR]).grows


def test_one_file_a_few_minutes_that_stays_open_is_found() -> None:
    assert judge("web files", [(at, 20.0 + at // 300) for at in HOUR]).grows


def test_a_spike_is_no_growth() -> None:
    told = [(at, 5000.0 if 3000 < at < 3300 else 100.0) for at in HOUR]
    verdict = judge("redis MB", told)
    assert not verdict.grows
    assert verdict.highest == 5000.0


def test_too_few_samples_say_nothing() -> None:
    verdict = judge("web files", [(0.0, 1.0), (10.0, 100.0)])
    assert verdict.rise is None
    assert not verdict.grows


def test_a_figure_without_a_bound_is_not_passed_over_in_silence() -> None:
    with pytest.raises(KeyError):
        judge("number of moons", growing(1.0, 0.0))


@settings(max_examples=40, deadline=None)
@given(
    kind=st.sampled_from(sorted(BOUNDS)),
    base=st.floats(0, 1e4),
    times=st.floats(1.2, 50),
    seed=st.integers(0, 1000),
)
def test_twice_what_is_allowed_is_found_whatever_the_kind(
    kind: str, base: float, times: float, seed: int
) -> None:
    flat = judge(kind, growing(base, 0.0))
    # In two thirds of an hour it rises by two thirds of what it does in one; the level rises as well.
    allowed = flat.allowed * (1 + 2 * BOUNDS[kind].share * times)
    assert judge(kind, growing(base, times * allowed * 1.5, noise=allowed / 10, seed=seed)).grows
    assert not judge(kind, growing(base + 10 * flat.allowed, -times * flat.allowed, seed=seed)).grows
    assert not flat.grows


@given(st.floats(-100, 100), st.floats(-1000, 1000))
def test_the_slope_of_a_line_is_the_lines(steepness: float, base: float) -> None:
    line = [(float(n), base + steepness * n) for n in range(20)]
    assert slope(line) == pytest.approx(steepness, abs=1e-6)
