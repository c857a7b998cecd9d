"""Readings: the totals of each minute, kept for a week."""

from __future__ import annotations

from store_line import FINAL, NOW, article, handed, linked, run

from pipeline.store import Chosen, Store
from pipeline.store.readings import KEPT_SECONDS, MINUTE


def test_a_reading_is_the_totals_of_its_minute(store: Store) -> None:
    run(store, [(handed("a"), article("a")), (linked("b"), FINAL)])
    noted = store.note_totals(NOW)
    assert store.readings(NOW - 60) == [noted]
    assert (noted.items, noted.outcomes) == (2, store.totals().outcomes)
    assert NOW - MINUTE < noted.at <= NOW


def test_the_last_look_in_a_minute_counts(store: Store) -> None:
    start = NOW // MINUTE * MINUTE
    store.note_totals(start)
    run(store, [(handed("a"), article("a"))])
    store.note_totals(start + 59)
    (one,) = store.readings(start)
    assert one.items == 1


def test_readings_are_kept_for_a_week_and_no_longer(store: Store) -> None:
    for at in (NOW, NOW + 60, NOW + KEPT_SECONDS, NOW + KEPT_SECONDS + 60):
        store.note_totals(at)
    assert len(store.readings(0)) == 3


def test_readings_of_a_clock_that_was_ahead_go(store: Store) -> None:
    store.note_totals(NOW + 1e9)
    store.note_totals(NOW)
    assert len(store.readings(0)) == 1


def test_readings_may_fall_when_failures_are_tried_again(store: Store) -> None:
    run(store, [(linked("b"), FINAL)])
    before = store.note_totals(NOW)
    store.retry(NOW, Chosen())
    after = store.note_totals(NOW + 60)
    assert (before.outcomes.failed, after.outcomes.failed) == (1, 0)
