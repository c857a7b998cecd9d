import pytest

from workers.pace import WINDOW, Pace


def paced(*seen):
    pace = Pace()
    for now, ended in seen:
        pace.note(now, ended)
    return pace


def test_nothing_is_known_before_something_ended():
    assert paced().per_second is None
    assert paced((0, 5)).per_second is None
    assert paced((0, 5), (1, 5)).per_second is None
    assert paced((0, 5), (1, 5)).seconds_left(10) is None


def test_the_rate_is_what_ended_over_the_time_it_took():
    pace = paced((10, 100), (14, 300))
    assert pace.per_second == pytest.approx(50)  # 200 items / 4 s
    assert pace.seconds_left(500) == pytest.approx(10)


def test_old_times_are_forgotten():
    slow_then_fast = [(0, 0), (100, 10), (100 + WINDOW, 10 + 150)]
    assert paced(*slow_then_fast).per_second == pytest.approx(150 / WINDOW)


def test_retries_that_take_items_back_give_no_negative_rate():
    assert paced((0, 10), (1, 4)).per_second is None
