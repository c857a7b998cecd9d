"""The totals are those of all jobs, however they ended and ran again."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from store_line import FINAL, NOW, article, handed, in_flight, job_of, linked, run

from pipeline.model import OUTCOMES
from pipeline.store import Chosen, Store
from pipeline.store.tallying import MOST


def assert_adds_up(store: Store) -> None:
    totals, jobs = store.totals(), store.jobs(100_000)
    for name in ("items", "pending", "in_flight"):
        assert getattr(totals, name) == sum(getattr(job, name) for job in jobs), name
    for name in OUTCOMES:
        told = sum(getattr(job.outcomes, name) for job in jobs)
        assert getattr(totals.outcomes, name) == told, name
    assert store.check() == []


def change(store: Store, statement: str) -> None:
    with store._database.writing() as connection:  # type: ignore[attr-defined]
        connection.execute(text(statement))


@pytest.fixture
def ended(store: Store) -> Store:
    """A job that ended with a failure, one that ended well, and one that runs."""
    run(store, [(handed("a"), article("a")), (linked("b"), FINAL)])
    run(store, [(handed("c"), article("c"))])
    store.end_jobs(NOW + 1)
    job_of(store, [handed("d")], NOW + 2)
    return store


def test_ended_and_running_jobs_are_counted_once(ended: Store) -> None:
    assert (ended.totals().items, ended.totals().pending, ended.totals().state) == (4, 1, "running")
    assert_adds_up(ended)


def test_a_job_that_runs_again_counts_as_it_is_now(ended: Store) -> None:
    assert ended.retry(NOW + 3, Chosen()) == 1
    assert_adds_up(ended)
    assert ended.totals().outcomes.failed == 0
    ended.end_jobs(NOW + 4)
    assert_adds_up(ended)


def test_when_the_last_job_ended_is_known_after_later_ones_run_again(store: Store) -> None:
    run(store, [(linked("b"), FINAL)])
    store.end_jobs(NOW + 5)
    assert store.totals().finished_at == NOW + 5
    store.retry(NOW + 6, Chosen())
    assert (store.totals().state, store.totals().finished_at) == ("running", None)


def test_jobs_that_an_older_version_ended_are_counted_before_and_after_they_are_tallied(ended: Store) -> None:
    change(ended, "UPDATE jobs SET tallied = false WHERE state = 'done'")
    change(ended, "DELETE FROM tally")
    assert_adds_up(ended)
    ended.end_jobs(NOW + 3)
    assert_adds_up(ended)


def test_very_many_ended_jobs_are_tallied_a_part_at_a_time(store: Store) -> None:
    store.open_job(["x"], NOW, accepting_until=NOW - 1)
    columns = "sources, state, items, in_flight, stored, updated, unchanged, duplicate, skipped, failed"
    columns += ", created_at, finished_at"
    number = "(SELECT count(*) FROM jobs)"
    change(
        store,
        f"INSERT INTO jobs (id, {columns}) WITH RECURSIVE n(i) AS "
        f"(SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {MOST + 10})"
        f" SELECT 'x' || i, '[]', 'done', 0, 0, 0, 0, 0, 0, 0, 0, 1, 1 FROM n WHERE {number} < 10",
    )
    for expected in (11, 0):
        store.end_jobs(NOW)
        with store._database.reading() as connection:  # type: ignore[attr-defined]
            left = connection.execute(text("SELECT count(*) FROM jobs WHERE tallied = false")).scalar()
        assert left == expected
    assert_adds_up(store)


def test_sums_that_are_wrong_are_found(ended: Store) -> None:
    change(ended, "UPDATE tally SET stored = stored + 1")
    (problem,) = ended.check()
    assert "sums over all ended jobs" in problem.message


def test_no_item_is_tallied_while_it_is_in_flight(store: Store) -> None:
    in_flight(store, handed("a"))
    store.end_jobs(NOW)
    assert store.totals().in_flight == 1
    assert_adds_up(store)
