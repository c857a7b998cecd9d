from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.cli.since import parse_since

NOW = 1_750_000_000.0


@pytest.mark.parametrize(
    ("text", "seconds_back"),
    [
        ("90s", 90),
        ("30m", 30 * 60),
        ("30min", 30 * 60),
        ("24h", 24 * 3600),
        ("1.5h", 5400),
        ("7d", 7 * 86_400),
        ("2w", 14 * 86_400),
        (" 24 H ", 24 * 3600),
    ],
)
def test_a_span_counts_back_from_now(text, seconds_back):
    assert parse_since(text, NOW) == NOW - seconds_back


def test_a_time_with_an_offset_means_that_moment():
    expected = datetime(2026, 3, 1, 7, 0, tzinfo=UTC).timestamp()
    assert parse_since("2026-03-01T08:00+01:00", NOW) == expected
    assert parse_since("2026-03-01T07:00Z", NOW) == expected


def test_a_date_means_its_midnight_in_local_time():
    assert parse_since("2026-03-01", NOW) == datetime(2026, 3, 1).astimezone().timestamp()


@pytest.mark.parametrize("text", ["", "yesterday", "24", "h", "-3d", "2026-13-01", "7d ago"])
def test_anything_else_is_refused_with_examples(text):
    with pytest.raises(ValueError, match="24h"):
        parse_since(text, NOW)


@given(st.text(max_size=12))
def test_no_text_breaks_it(text):
    try:
        assert isinstance(parse_since(text, NOW), float)
    except ValueError as error:
        assert "neither a span" in str(error)  # noqa: PT017
