"""What a source names becomes rows."""

from __future__ import annotations

import pytest
from store_line import FINAL, NO_ARTICLE, NOW, address, handed, in_flight, job_of, linked

from pipeline import packing
from pipeline.errors import StoreError
from pipeline.model import Counts, Entry, Item, JobStatus, NewItem
from pipeline.store import Store


def test_accepted_items_are_counted_and_pending(store: Store) -> None:
    job = store.open_job(["folder", "https://example.com/"], NOW, NOW + 60)
    assert store.accept(job, [handed("a"), linked("b")], NOW) == 2
    assert store.job_status(job) == JobStatus(
        job=job,
        state="running",
        items=2,
        pending=2,
        in_flight=0,
        outcomes=Counts(),
        sources=["folder", "https://example.com/"],
        created_at=NOW,
    )


def test_an_item_comes_back_as_it_was_handed_in(store: Store) -> None:
    entry = Entry(key="guid-1", title="Tïtle", authors=["A. Writer"], content="<p>whole</p>", tags=["x", "y"])
    new = NewItem(
        key=address("a"),
        name="feed entry 1",
        source="https://example.com/feed",
        url=address("a?x=1"),
        content=b"<p>page</p>",
        content_type="text/html; charset=utf-8",
        entry=entry,
        expand=True,
    )
    (item,) = in_flight(store, new)
    assert item == Item(
        id=item.id,
        job=item.job,
        key=new.key,
        name=new.name,
        source=new.source,
        state="in_flight",
        url=new.url,
        content_type=new.content_type,
        entry=entry,
        expand=True,
        page_digest=packing.digest(b"<p>page</p>"),
    )


def test_content_is_kept_once_and_comes_back_byte_by_byte(store: Store) -> None:
    first, second = in_flight(store, handed("a", "same \x00 bytes"), handed("b", "same \x00 bytes"))
    assert first.page_digest == second.page_digest
    pages = store.load_pages([first.page_digest or "", second.page_digest or "", "unknown"])
    assert {key: packing.decompress(page) for key, page in pages.items()} == {
        first.page_digest: b"same \x00 bytes"
    }


def test_an_item_born_with_a_problem_is_done(store: Store) -> None:
    job = job_of(
        store,
        [
            NewItem(key="file:///a", name="a", source="a", problem=FINAL),
            NewItem(key="file:///b", name="b", source="b", problem=NO_ARTICLE),
        ],
    )
    assert store.admit(10, NOW) == []
    status = store.job_status(job)
    assert status
    assert (status.items, status.pending, status.outcomes) == (2, 0, Counts(failed=1, skipped=1))
    told = [(row.name, row.outcome, row.code, row.message) for row in store.items(job=job)]
    assert told == [
        ("b", "skipped", NO_ARTICLE.code, NO_ARTICLE.message),
        ("a", "failed", FINAL.code, FINAL.message),
    ]


def test_a_job_does_not_end_before_its_sources_are_read(store: Store) -> None:
    job = store.open_job(["-"], NOW, NOW + 60)
    assert store.end_jobs(NOW + 59) == []
    store.close_job(job, NOW + 59)
    assert store.end_jobs(NOW + 59) == [job]
    status = store.job_status(job)
    assert status
    assert (status.state, status.finished_at) == ("done", NOW + 59)


def test_a_job_whose_reader_vanished_ends_when_its_time_is_over(store: Store) -> None:
    job = store.open_job(["-"], NOW, NOW + 60)
    store.accept(job, [], NOW, accepting_until=NOW + 90)
    assert store.end_jobs(NOW + 89) == []
    assert store.end_jobs(NOW + 90) == [job]


def test_accepting_does_not_open_a_closed_job_again(store: Store) -> None:
    job = job_of(store, [])
    store.accept(job, [], NOW, accepting_until=NOW + 90)
    assert store.end_jobs(NOW) == [job]


@pytest.mark.parametrize("ended", [True, False], ids=["ended", "unknown"])
def test_only_running_jobs_accept(store: Store, ended: bool) -> None:
    job = job_of(store, []) if ended else "nosuchjob"
    store.end_jobs(NOW)
    with pytest.raises(StoreError, match=job):
        store.accept(job, [handed("a")], NOW)
    assert store.items() == []


def test_job_ids_sort_by_time(store: Store) -> None:
    jobs = [job_of(store, [], NOW + number) for number in range(20)]
    assert jobs == sorted(jobs)
    assert [one.job for one in store.jobs(5)] == jobs[:-6:-1]


def test_texts_that_a_database_refuses_are_mended(store: Store) -> None:
    bad = "a\0b\udcff"
    new = NewItem(
        key=f"file:///{bad}",
        name=bad,
        source=bad,
        content=b"x",
        content_type=bad,
        entry=Entry(key=bad, title=bad),
    )
    (item,) = in_flight(store, new)
    mended = "ab\\udcff"
    assert (item.key, item.name, item.source, item.content_type) == (
        f"file:///{mended}",
        mended,
        mended,
        mended,
    )
    assert item.entry == Entry(key=mended, title=mended)


def test_keys_beyond_any_index_stay_apart(store: Store) -> None:
    long = "x" * 5000
    first, second, third = in_flight(store, handed(long + "1"), handed(long + "2"), handed(long + "1"))
    assert first.key == third.key != second.key
