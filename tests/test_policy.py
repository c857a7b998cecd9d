"""The retry policy: the table, what FEEDMILL_RETRY makes of it, and what is decided by it."""

from __future__ import annotations

import contextlib
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.decide import JITTER, GiveUp, RetryAt, after_failure
from pipeline.errors import CODES, RETRIES, SKIP_CODES, SettingsError
from pipeline.model import Problem
from pipeline.policy import FAILURE_CODES, LONGEST_WAIT, policies, policy_of
from pipeline.settings import Settings, load

NOW = 1_000_000.0


class Never(Random):
    """No jitter."""

    def random(self) -> float:
        return 0.0


def decide(code: str, retry: str, *, failures: int = 1, passing: bool = True) -> RetryAt | GiveUp:
    settings = Settings(retry=retry, max_attempts=4, retry_seconds=30)
    return after_failure(
        Problem(code=code, message="", retry_helps=passing), failures, NOW, settings, Never()
    )


@pytest.mark.parametrize(
    ("code", "retry", "expected"),
    [
        ("connect", "", [30, 60, 120]),
        ("dns", "", [60, 120, 240]),
        ("http_server", "", [60, 180, 540]),
        ("throttled", "", [30, 60, 120, 240, 480, 960, 1920]),
        ("gone", "", []),
        ("timeout", "timeout=6x60s", [60, 120, 240, 480, 960]),
        ("connect", "connect=3", [30, 60]),
        ("connect", " connect = 2x1.5h , dns=off", [5400]),
        ("dns", "connect=3,dns=off", []),
        ("dns", "dns=1", []),
        ("internal", "internal=2x5m", [300]),
        ("tls", "tls=3x12h", [43_200, LONGEST_WAIT]),
    ],
)
def test_the_waits_of_a_code(code: str, retry: str, expected: list[float]) -> None:
    assert policy_of(code, Settings(retry=retry)).waits() == expected
    for number, wait in enumerate(expected, 1):
        assert decide(code, retry, failures=number) == RetryAt(due_at=NOW + wait)
    assert decide(code, retry, failures=len(expected) + 1) == GiveUp()


@pytest.mark.parametrize(
    ("code", "retry", "is_tried_again"),
    [
        ("http_client", "", False),
        ("http_client", "http_client=3", False),
        ("http_client", "http_client=3!", True),
        ("http_client", "http_client=3x1h!", True),
        ("blocked", "blocked=2", True),
    ],
)
def test_what_will_not_pass_is_tried_again_only_by_order(code: str, retry: str, is_tried_again: bool) -> None:
    assert isinstance(decide(code, retry, passing=False), RetryAt) is is_tried_again


@pytest.mark.parametrize(
    ("retry", "why"),
    [
        ("timeout", "it is no CODE=RETRIES"),
        ("timeot=3", "there is no code timeot; the codes: "),
        ("no_article=3", "no_article is no failure"),
        ("redis=3", "there is no code redis"),
        ("timeout=3,timeout=4", "timeout is named twice"),
        ("timeout=often", "it takes `off`, a number of tries"),
        ("timeout=3x5y", "it takes `off`, a number of tries"),
        ("timeout=3x", "it takes `off`, a number of tries"),
        ("timeout=-1", "it takes `off`, a number of tries"),
        ("timeout=0", "tries are from 1"),
        ("timeout=1001", "tries are from 1"),
        ("timeout=3x2d", "no wait is longer than a day"),
    ],
)
def test_what_cannot_be_read_is_refused_at_the_start_with_the_part_and_the_reason(
    retry: str, why: str
) -> None:
    with pytest.raises(SettingsError) as caught:
        load({"FEEDMILL_RETRY": f"connect=3,{retry}"})
    assert "FEEDMILL_RETRY" in caught.value.message
    assert retry.rpartition(",")[2] in caught.value.message
    assert why in caught.value.message


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(SettingsError):
        assert load({"FEEDMILL_RETRY": text}).retry == text


@given(
    code=st.sampled_from(FAILURE_CODES),
    failures=st.integers(1, 2000),
    asked=st.none() | st.floats(0, 1e7),
    seed=st.integers(),
)
def test_a_wait_is_what_the_policy_and_the_other_side_ask_and_at_most_a_day(
    code: str, failures: int, asked: float | None, seed: int
) -> None:
    settings = Settings(retry=f"{code}=1000x10s!")
    problem = Problem(code=code, message="", retry_after=asked)
    decision = after_failure(problem, failures, NOW, settings, Random(seed))
    if failures >= 1000:
        assert decision == GiveUp()
        return
    least = min(max(policy_of(code, settings).wait(failures), asked or 0.0), LONGEST_WAIT)
    assert isinstance(decision, RetryAt)
    assert least <= decision.due_at - NOW <= min(least * (1 + JITTER) + 1e-3, LONGEST_WAIT)


def test_every_code_of_a_failure_has_a_policy_and_no_other() -> None:
    assert [one.code for one in policies(Settings())] == list(FAILURE_CODES)
    assert not SKIP_CODES & set(FAILURE_CODES)
    assert set(RETRIES) <= set(FAILURE_CODES) <= set(CODES)
