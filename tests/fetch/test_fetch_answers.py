"""Statuses and Retry-After, as plain judgement."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import CODES
from pipeline.fetch.answers import (
    LONGEST_FRESH,
    LONGEST_RETRY_AFTER,
    fresh_seconds,
    refusal,
    retry_after_seconds,
)

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


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"cache-control": "max-age=600"}, 600.0),
        ({"cache-control": "public, MAX-AGE=600, must-revalidate"}, 600.0),
        ({"cache-control": 'max-age="600"'}, 600.0),
        ({"cache-control": "max-age=600", "age": "100"}, 500.0),
        ({"cache-control": "max-age=600", "age": "1000"}, 0.0),
        ({"cache-control": "max-age=600", "age": "soon"}, 600.0),
        ({"cache-control": "max-age=0"}, 0.0),
        ({"cache-control": "max-age=-1"}, 0.0),
        ({"cache-control": "max-age=99999999999999"}, LONGEST_FRESH),
        ({"cache-control": "max-age=600, no-cache"}, None),
        ({"cache-control": "no-store"}, None),
        ({"cache-control": 'no-cache="set-cookie", max-age=5'}, None),
        ({"cache-control": "s-maxage=600"}, None),
        ({"cache-control": "private"}, None),
        ({"cache-control": "max-age=60, max-age=600"}, 60.0),
        ({"cache-control": 'ext="a, max-age=9", max-age=60'}, 60.0),
        ({"expires": "Thu, 01 Jan 2026 00:10:00 GMT"}, 600.0),
        ({"expires": "Thu, 01 Jan 2026 01:10:00 GMT", "date": "Thu, 01 Jan 2026 01:00:00 GMT"}, 600.0),
        ({"expires": "Thu, 01 Jan 2026 00:10:00 GMT", "age": "60"}, 540.0),
        ({"expires": "Thu, 01 Jan 2026 00:10:00 GMT", "cache-control": "max-age=5"}, 5.0),
        ({"expires": "Thu, 01 Jan 2026 00:10:00 GMT", "cache-control": "no-cache"}, None),
        ({"expires": "Mon, 01 Jan 1990 00:00:00 GMT"}, 0.0),
        ({"expires": "0"}, 0.0),
        ({"expires": "-1"}, 0.0),
    ],
)
def test_freshness_as_the_standard_counts_it(headers: dict[str, str], seconds: float | None) -> None:
    assert fresh_seconds(headers, NOW) == seconds


@given(st.dictionaries(st.sampled_from(["cache-control", "expires", "date", "age"]), st.text()))
def test_freshness_is_never_negative_nor_beyond_the_longest(headers: dict[str, str]) -> None:
    seconds = fresh_seconds(headers, NOW)
    assert seconds is None or 0 <= seconds <= LONGEST_FRESH


def test_a_header_that_came_twice_counts_once() -> None:
    assert retry_after_seconds("120, 120", NOW) == 120.0
