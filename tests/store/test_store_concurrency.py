"""Several workers at one database: each item ends once, each content is stored once."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from threading import Barrier
from typing import TypeVar

import pytest
from store_line import NOW, address, article, ending, handed, in_flight, job_of, linked, run

from pipeline.model import Polled
from pipeline.settings import Settings
from pipeline.store import Chosen, Store, open_store

T = TypeVar("T")
WORKERS = 4


@pytest.fixture
def workers(store_settings: Settings) -> Iterator[list[Store]]:
    """Stores with connections of their own to one database."""
    with ExitStack() as stack:
        yield [stack.enter_context(closing(open_store(store_settings))) for _ in range(WORKERS)]


def at_once(workers: list[Store], work: Callable[[int, Store], T]) -> list[T]:
    """What the work gave each worker, all of them having begun at the same moment."""
    barrier = Barrier(len(workers))

    def one(number: int) -> T:
        barrier.wait()
        return work(number, workers[number])

    with ThreadPoolExecutor(len(workers)) as pool:
        return list(pool.map(one, range(len(workers))))


def test_each_item_ends_once(workers: list[Store]) -> None:
    items = in_flight(workers[0], *(handed(str(number)) for number in range(60)))
    # Every text three times: two of them are duplicates, whoever comes first.
    endings = [ending(item, article(f"text {number % 20}")) for number, item in enumerate(items)]

    def work(number: int, store: Store) -> list[int]:
        mine = endings[number * 15 :] + endings[: number * 15]
        return [done.item for start in range(0, 60, 6) for done in store.finish(mine[start : start + 6], NOW)]

    ended = Counter(item for found in at_once(workers, work) for item in found)
    assert ended == Counter(item.id for item in items)
    outcomes = workers[0].totals().outcomes
    assert (outcomes.stored, outcomes.duplicate) == (20, 40)
    assert len(workers[0].articles(limit=100)) == 20
    assert workers[0].check() == []


def test_each_item_is_admitted_once(workers: list[Store]) -> None:
    for job in range(3):
        job_of(workers[0], [handed(f"{job} {number}") for number in range(40)])

    def work(_: int, store: Store) -> list[int]:
        return [item for _ in range(5) for item in store.admit(7, NOW)]

    admitted = Counter(item for found in at_once(workers, work) for item in found)
    assert set(admitted.values()) == {1}
    assert sorted(admitted) == workers[0].in_flight()
    assert workers[0].check() == []


def test_all_that_is_accepted_at_once_is_counted(workers: list[Store]) -> None:
    job = workers[0].open_job(["samples"], NOW, NOW + 60)

    def work(number: int, store: Store) -> int:
        # The same pages in another order: nobody may lock the others out.
        items = [handed(f"{number} {part}", f"page {part}") for part in range(20)]
        return sum(store.accept(job, items[:: (-1) ** number], NOW) for _ in range(5))

    assert at_once(workers, work) == [100] * WORKERS
    status = workers[0].job_status(job)
    assert status
    assert status.items == 100 * WORKERS
    assert workers[0].check() == []


def test_an_item_is_expanded_by_one_worker(workers: list[Store]) -> None:
    (item,) = in_flight(workers[0], linked("feed", expand=True))
    done = at_once(workers, lambda _, store: store.expand(item.id, [linked("a"), linked("b")], NOW))
    assert sorted(done) == [False] * (WORKERS - 1) + [True]
    assert len(workers[0].items()) == 2


def test_each_feed_is_claimed_and_read_by_one_worker(workers: list[Store]) -> None:
    feeds = [workers[0].add_feed(address(str(number)), NOW).id for number in range(20)]
    claimed = at_once(workers, lambda _, store: store.claim_feeds(8, NOW, lease=60))
    rest = workers[0].claim_feeds(20, NOW, lease=60)
    assert sorted(feed for found in [*claimed, rest] for feed in found) == feeds
    polled = Polled(feed=feeds[0], items=[linked("a"), linked("b")])
    brought = at_once(workers, lambda _, store: store.feeds_polled([polled], NOW)[0][1])
    assert sorted(brought) == [0] * (WORKERS - 1) + [2]


def test_feeds_that_prove_to_be_one_at_once_are_merged(workers: list[Store]) -> None:
    pages = [workers[0].add_feed(address(f"home {number}"), NOW) for number in range(WORKERS)]

    def work(number: int, store: Store) -> int:
        found = Polled(feed=pages[number].id, found=address("feed"), items=[linked("a"), linked("b")])
        return store.feeds_polled([found], NOW)[0][1]

    assert sorted(at_once(workers, work)) == [0] * (WORKERS - 1) + [2]
    assert sorted(feed.state for feed in workers[0].feeds()) == ["active", *["gone"] * (WORKERS - 1)]
    assert workers[0].check() == []


def test_batches_of_polls_in_any_order_do_not_lock_each_other_out(workers: list[Store]) -> None:
    feeds = [workers[0].add_feed(address(f"feed {number}"), NOW).id for number in range(20)]

    def work(number: int, store: Store) -> int:
        polled = [Polled(feed=feed, items=[linked(f"{feed} {n}") for n in range(3)]) for feed in feeds]
        return sum(brought for _, brought in store.feeds_polled(polled[:: (-1) ** number], NOW))

    assert sum(at_once(workers, work)) == 60
    assert {feed.entries_seen for feed in workers[0].feeds()} == {3}
    assert workers[0].check() == []


def test_items_are_put_off_or_end_but_not_both(workers: list[Store]) -> None:
    items = in_flight(workers[0], *(linked(str(number)) for number in range(40)))

    def work(number: int, store: Store) -> int:
        if number % 2:
            return len(store.finish([ending(item, article(item.name)) for item in items], NOW))
        return store.defer({item.id: NOW + 9 for item in reversed(items)})

    assert sum(at_once(workers, work)) == 40
    assert workers[0].check() == []


def test_an_article_is_deleted_once_while_it_comes_back(workers: list[Store]) -> None:
    run(workers[0], [(handed("a"), article("text"))])
    (row,) = workers[0].articles()
    items = in_flight(workers[0], *(handed(name) for name in "abcd"))

    def work(number: int, store: Store) -> int:
        if number % 2:
            return len(store.finish([ending(item, article("text")) for item in items[number - 1 :]], NOW)) * 0
        return store.delete_article(row.id, NOW)

    assert sum(at_once(workers, work)) == 1
    assert workers[0].articles() == []
    assert workers[0].check() == []


def test_the_same_feed_added_at_once_is_one_feed(workers: list[Store]) -> None:
    assert (
        len({feed.id for feed in at_once(workers, lambda _, store: store.add_feed(address("f"), NOW))}) == 1
    )


def test_jobs_that_are_retried_and_ended_at_once_stay_consistent(workers: list[Store]) -> None:
    items = in_flight(workers[0], *(linked(str(number)) for number in range(30)))
    endings = [ending(item, article(item.name)) for item in items]

    def work(number: int, store: Store) -> int:
        if number % 2:
            return len(store.finish(endings[number * 5 :], NOW))
        return len(store.end_jobs(NOW)) + store.retry(NOW, Chosen())

    at_once(workers, work)
    assert workers[0].check() == []


def test_migrations_run_once_when_several_begin(empty_settings: Settings) -> None:
    def migrate(_: int, _store: object) -> list[object]:
        with closing(open_store(empty_settings)) as store:
            store.migrate()
            return list(store.check())

    assert at_once([None] * WORKERS, migrate) == [[]] * WORKERS  # type: ignore[list-item]


def test_migrations_run_once_in_several_processes(empty_settings: Settings) -> None:
    code = (
        "import sys; from pathlib import Path; from pipeline.settings import Settings;"
        "from pipeline.store import open_store;"
        "store = open_store(Settings(data_dir=Path(sys.argv[1]), database_url=sys.argv[2]));"
        "store.migrate(); print(store.check())"
    )
    command = [sys.executable, "-c", code, str(empty_settings.data_dir), empty_settings.database_url]
    children = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(2)]
    assert [child.communicate(timeout=60) for child in children] == [(b"[]\n", b"")] * 2
