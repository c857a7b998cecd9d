"""Polls with very many entries are written in parts, and bring what a poll in one piece does."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, text, update
from store_line import NOW, address, article, handed, linked, run

from pipeline.errors import StoreError
from pipeline.model import Ending, Entry, NewItem, Polled, Problem
from pipeline.settings import Settings
from pipeline.store import Chosen, Store, acceptance, large_polls, open_store
from pipeline.store.schema import jobs


@pytest.fixture(autouse=True)
def everything_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(acceptance, "CHUNK", 5)
    monkeypatch.setattr(large_polls, "LARGE", 3)


def entry(number: int, title: str = "") -> NewItem:
    url = address(f"story-{number}")
    return linked(
        f"story-{number}", entry=Entry(key=f"guid-{number}", link=url, title=title or f"No. {number}")
    )


def poll(store: Store, feed: int, items: list[NewItem], now: float = NOW) -> int:
    ((_, number),) = store.feeds_polled([Polled(feed=feed, at=now, items=items)], now)
    return number


@pytest.fixture
def feed(store: Store) -> int:
    return store.add_feed(address("feed"), NOW).id


def items_of(store: Store) -> Counter[str]:
    return Counter(row.key for row in store.items())


ENTRIES = [entry(number) for number in range(23)]
EVERYTHING = Counter(item.key for item in ENTRIES)


def test_each_entry_becomes_one_item_of_one_job(store: Store, feed: int) -> None:
    assert poll(store, feed, [*ENTRIES, *ENTRIES]) == 23
    assert items_of(store) == EVERYTHING
    (job,) = store.jobs()
    assert (job.items, job.pending) == (23, 23)
    (after,) = store.feeds([feed])
    assert (after.entries_seen, after.last_polled_at) == (23, NOW)
    assert store.check() == []


def test_the_job_is_closed_and_ends_with_its_items(store: Store, feed: int) -> None:
    poll(store, feed, ENTRIES)
    store.admit(100, NOW)
    store.finish([_ended(item) for item in store.in_flight()], NOW)
    assert len(store.end_jobs(NOW)) == 1


def _ended(item: int) -> Ending:
    return Ending(item=item, problem=Problem(code="gone", message="gone"))


def test_what_is_known_brings_nothing_and_what_changed_comes_again(store: Store, feed: int) -> None:
    poll(store, feed, ENTRIES)
    assert poll(store, feed, ENTRIES) == 0
    assert len(store.jobs()) == 1
    assert poll(store, feed, [entry(0, "Another title"), *ENTRIES[1:], entry(99)]) == 2
    assert items_of(store)[address("story-0")] == 2


def test_what_another_source_had_or_was_deleted_makes_no_item(store: Store, feed: int) -> None:
    run(store, [(linked("story-1"), article("one"))])
    run(store, [(handed("story-2"), article("two"))])
    store.delete_article(2, NOW)
    assert poll(store, feed, ENTRIES) == 21


class Broken(Exception):
    """The process is gone."""


@pytest.mark.parametrize("after", range(1, 8))
def test_a_poll_that_broke_off_loses_and_doubles_nothing(
    store: Store, feed: int, after: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = 0
    writing = store._database.writing  # type: ignore[attr-defined]

    def breaking(*given: bool, **named: bool):  # type: ignore[no-untyped-def]
        nonlocal begun
        begun += 1
        if begun > after:
            raise Broken
        return writing(*given, **named)

    monkeypatch.setattr(store._database, "writing", breaking)  # type: ignore[attr-defined]
    broke_off = False
    try:
        poll(store, feed, ENTRIES)
    except Broken:
        broke_off = True
    monkeypatch.undo()
    assert broke_off == (after < 7)
    assert store.check() == []
    assert (store.feeds([feed])[0].last_polled_at is None) == broke_off
    # The feed's state is as it was, so that the next poll reads it all again.
    large = Polled(feed=feed, at=NOW + 1, items=ENTRIES)
    store.feeds_polled([large], NOW + 1)
    assert items_of(store) == EVERYTHING
    assert store.check() == []


def test_an_open_job_of_a_poll_that_broke_off_ends_with_what_it_has(
    store: Store, feed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(large_polls, "accept", _broken)
    with pytest.raises(StoreError):
        poll(store, feed, ENTRIES)
    assert store.end_jobs(NOW) == []
    assert len(store.end_jobs(NOW + large_polls.SILENCE + 1)) == 1


def _broken(connection: Connection, *_: object, **__: object) -> int:
    raise StoreError("The disk is full.")


def test_a_job_that_is_cancelled_while_a_poll_fills_it_has_all_entries_to_be_retried(
    store: Store, feed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = large_polls.open_job

    def cancelled(connection: Connection, *given: Any) -> str:
        job = opened(connection, *given)
        connection.execute(update(jobs).where(jobs.c.id == job).values(cancelled_at=NOW))
        return job

    monkeypatch.setattr(large_polls, "open_job", cancelled)
    poll(store, feed, ENTRIES)
    (job,) = store.being_cancelled()
    assert store.end_pending(job, NOW) == len(EVERYTHING)
    assert store.end_jobs(NOW) == [job]
    assert store.retry(NOW, Chosen(job=job)) == len(EVERYTHING)
    assert store.check() == []


def test_two_that_poll_at_once_make_each_item_once(store_settings: Settings, feed_of_two: int) -> None:
    stores = [open_store(store_settings) for _ in range(2)]
    begin = threading.Barrier(2)

    def work(store: Store) -> None:
        begin.wait()
        poll(store, feed_of_two, ENTRIES)

    threads = [threading.Thread(target=work, args=[store]) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert items_of(stores[0]) == EVERYTHING
    assert stores[0].check() == []
    for store in stores:
        store.close()


@pytest.fixture
def feed_of_two(store_settings: Settings) -> Iterator[int]:
    store = open_store(store_settings)
    yield store.add_feed(address("feed"), NOW).id
    store.close()


def test_a_feed_that_is_removed_in_between_brings_no_more(
    store: Store, feed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = 0
    writing = store._database.writing  # type: ignore[attr-defined]

    def removing(*given: bool, **named: bool):  # type: ignore[no-untyped-def]
        nonlocal begun
        begun += 1
        if begun == 4:
            with writing() as connection:
                connection.execute(text("DELETE FROM feeds"))
        return writing(*given, **named)

    monkeypatch.setattr(store._database, "writing", removing)  # type: ignore[attr-defined]
    poll(store, feed, ENTRIES)
    assert store.feeds() == []
    assert len(store.items()) == 10
    assert store.check() == []
