"""Dates in the spellings of the wild: right, or not at all."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.sources.feed_dates import iso


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Thu,28 Jul 2022 4:35:5 GMT+9", "2022-07-28T04:35:05+09:00"),
        ("2022년 07월 28일 01:31:15", "2022-07-28T01:31:15+09:00"),
        ("2022-07-28 오후 11:23:17", "2022-07-28T23:23:17+09:00"),
        ("2022-07-28 오전 12:05", "2022-07-28T00:05:00+09:00"),
        ("Tue, July 5, 2022 - 3:07pm", "2022-07-05T15:07:00"),
        ("July 5, 2022, 12:37 a.m.", "2022-07-05T00:37:00"),
        ("07/05/2022 4:20 pm PST", "2022-07-05T16:20:00-08:00"),
        ("Tue, 05/07/2022 10:00", "2022-07-05T10:00:00"),
        ("25/12/2022 10:00", "2022-12-25T10:00:00"),
        ("05.07.2022 10:00 MESZ", "2022-07-05T10:00:00+02:00"),
        ("5.7.22", "2022-07-05"),
        ("mar, 5 lug 2022 10:00:00 +0200", "2022-07-05T10:00:00+02:00"),
        ("Di, 5. Juli 2022 10:00:00 +0200", "2022-07-05T10:00:00+02:00"),
        ("mardi 5 août 2022 10:00", "2022-08-05T10:00:00"),
        ("5 de julio de 2022", "2022-07-05"),
        ("Вт, 5 июля 2022 10:00:00 +0300", "2022-07-05T10:00:00+03:00"),
        ("Mon, 4 Jul 2022 10:00:00 ET", "2022-07-04T10:00:00-04:00"),
        ("Tue, 5 Jul 2022 10:00 Europe/Berlin", "2022-07-05T10:00:00+02:00"),
        ("Tue Jul  5 10:00:06 2022", "2022-07-05T10:00:06"),
        ("Tue Jul 05 2022 10:00:00 GMT+0200 (Central European Summer Time)", "2022-07-05T10:00:00+02:00"),
        ("Tue, 5th Jul 2022 10:00 UTC", "2022-07-05T10:00:00+00:00"),
        ("2022-07-05T10:00:00-05:00Z", "2022-07-05T10:00:00-05:00"),
        ("2022-07-05 10:00:00 +0530", "2022-07-05T10:00:00+05:30"),
        ("1657015200", "2022-07-05T10:00:00+00:00"),
        ("1657015200000", "2022-07-05T10:00:00+00:00"),
        ("Sun, 05 Jul 2099 10:00:00 GMT", "2099-07-05T10:00:00+00:00"),
    ],
)  # fmt: skip
def test_spellings_of_people_and_systems_are_read(text: str, expected: str) -> None:
    assert iso(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "05/07/2022 10:00", "05/07/2022", "22-07-05", "2022", "2022-07", "20220", "120220705", "-0312",
        "2022-07-05-01",
        "2022-xx-05", "Tue, 32 Jul 2022 10:00:00 GMT", "Tue, 5 Jul 2022 25:00:00 GMT",
        "Tue, 5 zzz 2022 10:00",
        "Tue, 5 Jul 2022 10:00:00 +00:zz", "2022-07-05T10:00:00+99:00", "3 days ago",
        "5 Jul 2022 and 6 Jul 2022",
        "version 1.2.2022 of 10:00", "12" * 60,
    ],
)  # fmt: skip
def test_what_could_mean_two_days_or_none_is_dropped(text: str) -> None:
    assert iso(text) is None


@given(st.one_of(st.text(max_size=40), st.text("0123456789-:/. TZ+JulMonGMT", max_size=40)))
def test_no_text_makes_it_fail(text: str) -> None:
    iso(text)


@given(st.datetimes(), st.integers(-14 * 60, 14 * 60))
def test_what_the_standards_write_is_read_back(moment: datetime, minutes: int) -> None:
    there = moment.replace(microsecond=0, tzinfo=timezone(timedelta(minutes=minutes)))
    for text in (format_datetime(there), there.isoformat()):
        assert datetime.fromisoformat(iso(text) or "") == there
