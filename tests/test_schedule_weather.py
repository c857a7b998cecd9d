"""Telling our own outage from theirs."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from pipeline.errors import CODES
from pipeline.schedule import NETWORK_CODES, Weather

NOW = 1_000.0


def seen(outcomes: Iterable[tuple[str, bool]], at: float = NOW) -> Weather:
    weather = Weather()
    for host, ok in outcomes:
        weather.note(host, ok, at)
    return weather


def hosts(number: int, ok: bool, name: str = "host") -> list[tuple[str, bool]]:
    return [(f"{name}{position}.example", ok) for position in range(number)]


def test_many_hosts_that_fail_at_once_are_our_trouble() -> None:
    assert seen(hosts(5, False)).is_ours(NOW)


def test_nothing_tried_is_no_trouble() -> None:
    assert not Weather().is_ours(NOW)


def test_a_few_dead_hosts_are_their_own_trouble() -> None:
    assert not seen(hosts(4, False)).is_ours(NOW)


def test_one_dead_host_asked_a_hundred_times_is_one_host() -> None:
    assert not seen([("dead.example", False)] * 100).is_ours(NOW)


@pytest.mark.parametrize(("working", "ours"), [(0, True), (2, True), (3, False), (40, False)])
def test_at_most_one_host_in_five_may_work(working: int, ours: bool) -> None:
    assert seen([*hosts(working, True, "fine"), *hosts(8, False)]).is_ours(NOW) is ours


def test_it_is_over_with_the_first_successes() -> None:
    weather = seen(hosts(500, False))
    assert weather.is_ours(NOW)
    for position, (host, ok) in enumerate(hosts(11, True, "back")):
        weather.note(host, ok, NOW + position / 10)
    assert not weather.is_ours(NOW + 2)


def test_hosts_that_work_again_count_as_working() -> None:
    weather = seen(hosts(10, False))
    for host, ok in hosts(3, True):
        weather.note(host, ok, NOW + 1)
    assert not weather.is_ours(NOW + 1)


def test_what_was_a_minute_ago_is_forgotten() -> None:
    weather = seen(hosts(10, False))
    assert weather.is_ours(NOW + 60)
    assert not weather.is_ours(NOW + 61)


def test_a_storm_after_a_calm_is_noticed_though_all_hosts_worked_before() -> None:
    weather = seen(hosts(1000, True))
    for host, ok in hosts(40, False):
        weather.note(host, ok, NOW + 5)
    assert weather.is_ours(NOW + 5)


def test_the_codes_of_the_network_are_codes() -> None:
    assert CODES.keys() >= NETWORK_CODES
