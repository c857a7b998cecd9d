"""Dates as pages write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.extract.dates import day_and_month, nearest, read_date


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-04-19", "2024-04-19"),
        ("2024-04-19T10:30:00Z", "2024-04-19T10:30:00+00:00"),
        ("2024-04-19T10:30:00.123+02:00", "2024-04-19T10:30:00+02:00"),
        ("2024-04-19 10:30", "2024-04-19T10:30:00"),
        ("2024-04-19T10:30:00-0500", "2024-04-19T10:30:00-05:00"),
        ("20240419", "2024-04-19"),
        ("Fri, 19 Apr 2024 10:30:00 +0200", "2024-04-19T10:30:00+02:00"),
        ("April 19, 2024", "2024-04-19"),
        ("Published: Apr. 19th, 2024 at 3:05 PM", "2024-04-19T15:05:00"),
        ("19 April 2024 14:30 UTC", "2024-04-19T14:30:00+00:00"),
        ("19. April 2024, 17.45 Uhr", "2024-04-19T17:45:00"),
        ("le 3 mars 2024", "2024-03-03"),
        ("1er août 2024", "2024-08-01"),
        ("3 de marzo de 2024", "2024-03-03"),
        ("3 marzo 2024", "2024-03-03"),
        ("3. März 2024", "2024-03-03"),
        ("19.04.2024", "2024-04-19"),
        ("19/04/2024", "2024-04-19"),
        ("04/19/2024", "2024-04-19"),
        ("05/05/2024", "2024-05-05"),
        ("2024年4月19日", "2024-04-19"),
        ("1713522600", "2024-04-19T10:30:00+00:00"),
    ],
)
def test_a_date_is_read(text: str, expected: str) -> None:
    assert read_date(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "03/04/2024",
        "31.02.2024",
        "2024",
        "13 of them",
        "9999-99-99",
        "1.2.24",
        "April",
        "0001-01-01",
    ],
)
def test_what_is_no_certain_date_is_none(text: str) -> None:
    assert read_date(text) is None


def test_an_ambiguous_date_is_read_when_the_order_is_known() -> None:
    assert read_date("03/04/2024", month_first=True) == "2024-03-04"
    assert read_date("03/04/2024", month_first=False) == "2024-04-03"


def test_day_and_month_are_read_without_a_year() -> None:
    assert day_and_month("April 19") == day_and_month("19. April") == day_and_month("19 avril") == (19, 4)
    assert day_and_month("the 19") is None


def test_the_nearest_year_is_taken() -> None:
    assert nearest(30, 12, "2025-01-02") == "2024-12-30"
    assert nearest(2, 1, "2024-12-30") == "2025-01-02"
    assert nearest(29, 2, "2023-03-01T00:00:00Z") == "2024-02-29"
    assert nearest(31, 2, "2023-03-01") is None


@given(st.text(alphabet="0123456789-/.: TZ+apmAprilMä年月日,", max_size=40))
def test_reading_never_fails(text: str) -> None:
    read_date(text)


@given(st.datetimes(timezones=st.timezones()).filter(lambda moment: 1900 < moment.year < 2100))
def test_iso_dates_come_back(moment: object) -> None:
    text = moment.replace(microsecond=0).isoformat()  # type: ignore[attr-defined]
    if text[-3:-2] == ":" and text.count(":") == 3:
        assert read_date(text) == text
