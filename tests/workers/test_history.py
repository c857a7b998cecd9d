"""Charts from readings: differences, gaps, and nothing below zero."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipeline.model import OUTCOMES, Counts, JobStatus
from pipeline.store.readings import MINUTE, Reading
from workers.history import DAY, HOUR, MOST_APART, Chart, chart

#: in the middle of a minute
NOW = 1_700_000_010.0 // MINUTE * MINUTE + 30
THIS = NOW - 30


def totals(stored: int, **others: int) -> JobStatus:
    told = Counts(stored=stored, **others)
    return JobStatus(
        job="", state="running", items=told.total, pending=0, in_flight=0, outcomes=told, sources=[],
        created_at=0.0,
    )  # fmt: skip


def reading(ago: int, stored: int, **others: int) -> Reading:
    """The totals so many minutes before this one."""
    told = Counts(stored=stored, **others)
    return Reading(at=THIS - ago * MINUTE, items=told.total, in_flight=0, outcomes=told)


def hour(readings: list[Reading], now: JobStatus) -> Chart:
    return chart(readings, now, NOW, HOUR, MINUTE)


def bars(found: Chart) -> list[int | None]:
    return [bar.outcomes.total if bar.outcomes else None for bar in found.bars]


def test_each_minute_shows_what_ended_in_it_and_the_last_goes_on() -> None:
    found = hour([reading(2, 100), reading(1, 110), reading(0, 115)], totals(116))
    assert bars(found)[-4:] == [None, 10, 5, 1]
    assert found.outcomes == Counts(stored=16)
    assert found.bars[-1].start == THIS
    assert found.highest == 10


def test_a_pause_is_a_gap_and_not_a_spike() -> None:
    found = hour([reading(30, 0), reading(29, 10), reading(2, 5_000), reading(1, 5_001)], totals(5_001))
    assert bars(found)[-31:] == [10, *[None] * 27, 1, 0, 0]
    assert max(bar or 0 for bar in bars(found)) == 10
    assert found.outcomes.total == 11
    assert found.unknown_seconds == (60 - 1 - 3) * MINUTE


def test_a_tick_that_took_longer_than_a_minute_loses_nothing() -> None:
    found = hour([reading(3, 0), reading(0, 10)], totals(10))
    assert bars(found)[-4:] == [3, 3, 4, 0]


def test_when_nobody_ticks_any_more_the_last_minutes_are_not_known() -> None:
    found = hour([reading(11, 5), reading(10, 7)], totals(700))
    assert bars(found)[-13:] == [None, 2, *[None] * 11]


def test_what_is_tried_again_takes_nothing_back() -> None:
    found = hour([reading(1, 0, failed=50), reading(0, 10, failed=5)], totals(12, failed=6))
    assert [bar.outcomes for bar in found.bars[-2:]] == [Counts(stored=10), Counts(stored=2, failed=1)]


def test_a_day_has_bars_of_a_quarter_of_an_hour() -> None:
    found = chart([reading(n, 1_000 - n) for n in range(1_439, -1, -1)], totals(1_000), NOW, DAY, 15 * MINUTE)
    assert len(found.bars) == 96
    assert [bar.outcomes.total for bar in found.bars[1:-1] if bar.outcomes] == [15] * 94


def test_a_clock_that_went_back_shows_no_reading_from_ahead() -> None:
    assert bars(hour([reading(0, 10), reading(-500, 90)], totals(12)))[-1] == 2


@given(
    st.lists(st.tuples(st.integers(0, 70), st.lists(st.integers(0, 50), min_size=6, max_size=6)), max_size=30)
)
def test_bars_never_show_more_than_the_totals_rose_by(given: list[tuple[int, list[int]]]) -> None:
    looked = dict(given)
    readings = [
        Reading(
            at=THIS - ago * MINUTE, items=0, in_flight=0,
            outcomes=Counts(**dict(zip(OUTCOMES, looked[ago], strict=True))),
        )
        for ago in sorted(looked, reverse=True)
    ]  # fmt: skip
    present = totals(50, updated=50, unchanged=50, duplicate=50, skipped=50, failed=50)
    found = hour(readings, present)
    assert len(found.bars) == 60
    assert all(bar is None or bar >= 0 for bar in bars(found))
    known = sum(1 for bar in bars(found) if bar is not None)
    assert found.unknown_seconds == (60 - known) * MINUTE
    assert sum(bar or 0 for bar in bars(found)) == found.outcomes.total
    apart = [a - b for a, b in zip(sorted(looked)[1:], sorted(looked), strict=False)]
    if looked and not any(step <= MOST_APART for step in apart) and min(looked) > MOST_APART:
        assert known == 0
