"""Statuses and Retry-After, as plain judgement."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import CODES
from pipeline.fetch.answers import LONGEST_RETRY_AFTER, refusal, retry_after_seconds

#: Thu, 01 Jan 2026 00:00:00 GMT
NOW = 1_767_225_600.0


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120.0),
        (" 0 ", 0.0),
        ("Thu, 01 Jan 2026 00:02:00 GMT", 120.0),
        ("Thursday, 01-Jan-26 00:02:00 GMT", 120.0),
        ("Thu, 01 Jan 2026 00:02:00", 120.0),
        ("Wed, 31 Dec 2025 23:00:00 GMT", 0.0),
        ("99999999999999999999999", LONGEST_RETRY_AFTER),
        ("Thu, 01 Jan 2099 00:00:00 GMT", LONGEST_RETRY_AFTER),
        ("-5", None),
        ("1.5", None),
        ("², a digit of sorts", None),
        ("tomorrow", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after_in_both_its_forms(header: str | None, seconds: float | None) -> None:
    assert retry_after_seconds(header, NOW) == seconds


@given(st.text())
def test_retry_after_is_never_negative_nor_beyond_the_longest(header: str) -> None:
    seconds = retry_after_seconds(header, NOW)
    assert seconds is None or 0 <= seconds <= LONGEST_RETRY_AFTER


@given(st.integers(100, 999))
def test_every_status_is_a_page_or_a_refusal_with_a_known_code(status: int) -> None:
    error = refusal(status, "https://a.example/", 5.0)
    assert (error is None) == (200 <= status < 300)
    if error is not None:
        assert error.code in CODES
        assert str(status) in error.message
