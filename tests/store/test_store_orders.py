"""A request under a key of its client opens one job, for as long as the key is remembered."""

from __future__ import annotations

import threading

from store_line import NOW

from pipeline.store import Store
from pipeline.store.contract import ORDER_SECONDS, Order


def test_a_key_opens_one_job_and_tells_what_became_of_it(store: Store) -> None:
    assert store.order("key", NOW) is None
    first = store.open_order("key", "digest", ["in"], NOW, NOW + 60)
    assert first.fresh
    assert store.open_order("key", "other", ["in"], NOW, NOW + 60) == Order(
        job=first.job, digest="digest", accepted=None
    )
    store.order_done("key", 7)
    assert store.order("key", NOW) == Order(job=first.job, digest="digest", accepted=7)
    assert [job.sources for job in store.jobs()] == [["in"]]


def test_a_key_whose_reader_was_killed_is_free_again(store: Store) -> None:
    first = store.open_order("key", "", ["in"], NOW, NOW + 60)
    assert store.order("key", NOW + 59) is not None
    assert store.order("key", NOW + 61) is None
    second = store.open_order("key", "", ["in"], NOW + 61, NOW + 120)
    assert second.fresh
    assert second.job != first.job


def test_keys_are_forgotten_after_a_day(store: Store) -> None:
    for key in ("old", "older"):
        store.open_order(key, "", ["in"], NOW, NOW + 60)
        store.order_done(key, 1)
    assert store.order("old", NOW + ORDER_SECONDS - 1) is not None
    assert store.order("old", NOW + ORDER_SECONDS) is None
    assert store.open_order("old", "", ["in"], NOW + ORDER_SECONDS, NOW + ORDER_SECONDS + 60).fresh
    assert store.order("older", NOW) is None


def test_of_two_at_once_one_is_first(store: Store) -> None:
    found: list[Order] = []
    ready = threading.Barrier(4)

    def ask() -> None:
        ready.wait(60)
        found.append(store.open_order("key", "", ["in"], NOW, NOW + 60))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(order.fresh for order in found) == [False, False, False, True]
    assert len({order.job for order in found}) == len(store.jobs()) == 1
