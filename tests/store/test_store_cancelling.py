"""A cancelled job: nothing of it is handed out, what waits ends, and a retry takes it up again."""

from __future__ import annotations

import pytest
from store_line import FINAL, NOW, PASSING, article, ending, handed, in_flight, job_of, linked

from pipeline.errors import JobCancelled
from pipeline.model import Counts, Item, JobStatus
from pipeline.store import Chosen, Store, cancelling, dead_letters

#: 2023-11-14 22:14 UTC
LATER = NOW + 90


def status_of(store: Store, job: str) -> JobStatus:
    status = store.job_status(job)
    assert status
    assert status.items == status.pending + status.in_flight + status.outcomes.total
    assert store.check() == []
    return status


def test_what_is_pending_ends_skipped_and_says_who_and_when(store: Store) -> None:
    job = job_of(store, [handed("a"), linked("b")])
    other = job_of(store, [handed("c")])
    assert store.cancel(job, LATER)
    assert store.being_cancelled() == [job]
    assert store.end_jobs(LATER) == []
    assert store.admit(10, LATER) == store.in_flight()
    assert [item.job for item in store.load(store.in_flight())] == [other]
    assert store.end_pending(job, LATER + 1) == 2
    assert store.end_pending(job, LATER + 1) == 0
    assert store.end_jobs(LATER + 2) == [job]
    told = {(row.state, row.outcome, row.code, row.message) for row in store.items(job=job)}
    assert told == {("done", "skipped", "cancelled", "Cancelled by a person on 2023-11-14 22:14 UTC.")}
    status = status_of(store, job)
    assert (status.state, status.outcomes) == ("cancelled", Counts(skipped=2))
    assert (status.cancelled_at, status.finished_at) == (LATER, LATER + 2)
    assert store.being_cancelled() == []
    assert store.totals().outcomes == Counts(skipped=2)


def test_what_has_ended_stays_and_what_failed_for_now_is_not_tried_again(store: Store) -> None:
    stored, gone, failing = in_flight(store, handed("a"), linked("b"), linked("c"))
    store.finish([ending(stored, article("a")), ending(gone, FINAL), ending(failing, PASSING)], NOW)
    store.cancel(stored.job, LATER)
    assert store.end_pending(stored.job, LATER) == 1
    store.end_jobs(LATER)
    assert status_of(store, stored.job).outcomes == Counts(stored=1, skipped=1, failed=1)
    assert store.next_due(LATER) is None


def test_items_in_flight_end_once_whoever_is_faster(store: Store) -> None:
    one, two, three = in_flight(store, handed("a"), handed("b"), handed("c"))
    store.cancel(one.job, LATER)
    assert store.end_jobs(LATER) == []
    store.finish([ending(one, article("a"))], LATER)
    assert store.end_in_flight(one.job, [one.id, two.id], LATER) == [two.id]
    assert store.finish([ending(two, article("b"))], LATER) == []
    assert store.end_in_flight(one.job, [two.id], LATER) == []
    assert status_of(store, one.job).in_flight == 1
    # Its worker gives it back, as one whose host has no time: it is pending, and ends as such.
    store.defer({three.id: LATER + 30})
    assert store.end_pending(one.job, LATER) == 1
    assert store.end_jobs(LATER) == [one.job]
    assert status_of(store, one.job).outcomes == Counts(stored=1, skipped=2)


def test_entries_of_a_feed_that_was_being_read_end_with_it(store: Store) -> None:
    (item,) = in_flight(store, linked("feed", expand=True))
    store.cancel(item.job, LATER)
    store.expand(item.id, [linked("one"), linked("two")], LATER)
    assert store.end_pending(item.job, LATER) == 2
    store.end_jobs(LATER)
    assert status_of(store, item.job).outcomes == Counts(skipped=2)


def test_a_job_that_is_being_filled_takes_no_more(store: Store) -> None:
    job = store.open_job(["pipe"], NOW, NOW + 60)
    store.accept(job, [handed("a")], NOW)
    store.cancel(job, LATER)
    for more in ([handed("b")], []):
        with pytest.raises(JobCancelled, match="2023-11-14 22:14 UTC: it takes no more items"):
            store.accept(job, more, NOW, NOW + 120)
    store.end_pending(job, LATER)
    assert store.end_jobs(NOW + 59) == []
    store.close_job(job, NOW)
    assert store.end_jobs(NOW + 59) == [job]
    with pytest.raises(JobCancelled):
        store.accept(job, [handed("c")], NOW)
    assert status_of(store, job).items == 1


def test_only_a_job_that_goes_on_can_be_cancelled(store: Store) -> None:
    job = job_of(store, [handed("a")])
    assert not store.cancel("nothing", LATER)
    assert store.cancel(job, LATER)
    assert not store.cancel(job, LATER + 60)
    store.end_pending(job, LATER)
    store.end_jobs(LATER)
    assert not store.cancel(job, LATER + 60)
    assert status_of(store, job).cancelled_at == LATER
    done = job_of(store, [])
    store.end_jobs(LATER)
    assert not store.cancel(done, LATER)
    assert status_of(store, done).state == "done"


def test_a_job_of_any_size_ends_in_bounded_parts(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cancelling, "ROWS", 3)
    monkeypatch.setattr(dead_letters, "ROWS", 3)
    job = job_of(store, [linked(str(number)) for number in range(8)])
    store.cancel(job, LATER)
    assert [store.end_pending(job, LATER) for _ in range(4)] == [3, 3, 2, 0]
    store.end_jobs(LATER)
    assert store.retry(LATER, Chosen(job=job)) == 8
    assert status_of(store, job).pending == 8


def one_of_a_cancelled_job(store: Store) -> Item:
    """An item that ended as its job was cancelled, after the other one of it had failed."""
    cancelled, failed = in_flight(store, handed("a"), linked("b"))
    store.finish([ending(failed, FINAL)], NOW)
    store.cancel(cancelled.job, LATER)
    store.end_in_flight(cancelled.job, [cancelled.id], LATER)
    store.end_jobs(LATER)
    return cancelled


def test_a_retry_of_the_job_takes_up_what_was_cancelled(store: Store) -> None:
    cancelled = one_of_a_cancelled_job(store)
    assert store.retryable(Chosen(job=cancelled.job)) == 2
    assert store.retry(LATER, Chosen(job=cancelled.job)) == 2
    status = status_of(store, cancelled.job)
    assert (status.state, status.pending, status.cancelled_at) == ("running", 2, None)
    ids = store.admit(10, LATER)
    store.finish([ending(item, article(item.name)) for item in store.load(ids)], LATER)
    store.end_jobs(LATER)
    assert (status_of(store, cancelled.job).state, store.totals().outcomes) == ("done", Counts(stored=2))


def test_a_retry_of_all_that_failed_leaves_what_a_person_cancelled(store: Store) -> None:
    cancelled = one_of_a_cancelled_job(store)
    assert store.retry(LATER, Chosen()) == 1
    assert store.retry(LATER, Chosen(item=cancelled.id)) == 1
    assert status_of(store, cancelled.job).pending == 2


def test_a_retry_while_a_job_is_being_cancelled_lets_it_go_on(store: Store) -> None:
    one, two, three = in_flight(store, handed("a"), handed("b"), handed("c"))
    store.cancel(one.job, LATER)
    store.end_in_flight(one.job, [one.id], LATER)
    store.defer({two.id: LATER})
    assert store.retry(LATER, Chosen(job=one.job)) == 1
    assert store.being_cancelled() == []
    # A look that had begun before finds nothing any more.
    assert store.end_pending(one.job, LATER) == 0
    assert store.end_in_flight(one.job, [three.id], LATER) == []
    status = status_of(store, one.job)
    assert (status.pending, status.in_flight) == (2, 1)
