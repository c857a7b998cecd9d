"""Items in flight: admission, pages, expansion, and what is known of a key."""

from __future__ import annotations

import msgspec
from store_line import NOW, PASSING, address, article, ending, handed, in_flight, job_of, linked, run

from pipeline import packing
from pipeline.model import Counts, Ending, Fetched
from pipeline.store import Seen, Store
from pipeline.store.contract import NewPage


def test_admitted_items_are_in_flight_until_they_end(store: Store) -> None:
    job = job_of(store, [handed("a"), handed("b"), handed("c")])
    ids = store.admit(2, NOW)
    assert len(ids) == 2
    assert store.in_flight() == sorted(ids) == store.job_items_in_flight(job)
    status = store.job_status(job)
    assert status
    assert (status.pending, status.in_flight) == (1, 2)


def test_an_item_can_be_read_whatever_its_state(store: Store) -> None:
    job_of(store, [handed("a")])
    (item,) = store.load(store.admit(1, NOW))
    assert store.item(item.id) == item
    store.finish([ending(item, article("Text."))], NOW)
    ended = store.item(item.id)
    assert ended
    assert (ended.state, ended.page_digest) == ("done", item.page_digest)
    assert store.item(item.id + 1) is None


def test_nothing_is_admitted_twice(store: Store) -> None:
    job_of(store, [handed(str(number)) for number in range(10)])
    first, second, third = store.admit(6, NOW), store.admit(6, NOW), store.admit(6, NOW)
    assert (len(first), len(second), len(third)) == (6, 4, 0)
    assert len({*first, *second}) == 10


def test_a_window_without_room_admits_nothing(store: Store) -> None:
    job_of(store, [handed("a")])
    assert store.admit(0, NOW) == store.admit(-5, NOW) == []


def test_a_small_job_does_not_wait_behind_a_large_one(store: Store) -> None:
    large = job_of(store, [handed(f"large {number}") for number in range(500)])
    small = job_of(store, [handed(f"small {number}") for number in range(3)], NOW + 1)
    store.admit(100, NOW + 1)
    assert len(store.job_items_in_flight(small)) == 3
    assert len(store.job_items_in_flight(large)) == 97


def test_what_a_job_waits_for_is_left_to_the_others(store: Store) -> None:
    waiting = job_of(store, [linked(f"slow {number}") for number in range(50)])
    store.finish([ending(item, PASSING) for item in store.load(store.admit(50, NOW))], NOW)
    store.accept(job := store.open_job(["more"], NOW, NOW + 60), [handed(f"{n}") for n in range(80)], NOW)
    store.accept(waiting, [handed("ready")], NOW)
    assert len(store.admit(60, NOW)) == 60
    assert (len(store.job_items_in_flight(waiting)), len(store.job_items_in_flight(job))) == (1, 59)


def test_many_small_jobs_fill_the_window_at_once(store: Store) -> None:
    small = [job_of(store, [linked(f"{number} {n}") for n in range(2)], NOW + number) for number in range(60)]
    large = job_of(store, [linked(f"large {number}") for number in range(200)], NOW)
    assert len(store.admit(100, NOW + 60)) == 100
    assert sum(len(store.job_items_in_flight(job)) for job in [large, *small]) == 100
    assert len(store.admit(1000, NOW + 60)) == 220
    assert store.check() == []


def test_jobs_of_which_little_is_due_leave_their_share_to_others(store: Store) -> None:
    waiting = [job_of(store, [linked(f"{number} {n}") for n in range(9)], NOW) for number in range(25)]
    flying = store.admit(1000, NOW)
    store.defer(dict.fromkeys(flying, NOW + 99))
    for job in waiting:
        again = store.open_job(["more"], NOW, NOW + 60)
        store.accept(again, [linked(job)], NOW)
    assert len(store.admit(30, NOW)) == 25
    assert len(store.admit(1000, NOW + 99)) == 225


def test_only_items_in_flight_are_loaded(store: Store) -> None:
    flying, done = in_flight(store, handed("a"), handed("b"))
    store.finish([ending(done, article("b"))], NOW)
    job = job_of(store, [handed("c")])
    pending = store.items(job=job)[0].id
    assert store.load([pending, done.id, flying.id, 999_999]) == [flying]


def test_a_fetched_page_is_kept_with_its_item(store: Store) -> None:
    (item,) = in_flight(store, linked("a"))
    fetched = Fetched(
        final_url=address("b"), status=200, headers={"etag": '"1"'}, at=NOW + 5, redirects=[item.url or ""]
    )
    page = NewPage(item=item.id, body=b"<p>page</p>", fetched=fetched, content_type="text/html")
    (kept,) = store.keep_pages([page], NOW)
    digest = kept.digest
    assert packing.decompress(kept.frame) == page.body
    assert store.keep_pages([msgspec.structs.replace(page, content_type=None)], NOW) == [kept]
    (again,) = store.load([item.id])
    assert (again.page_digest, again.fetched, again.content_type) == (digest, fetched, "text/html")
    assert packing.decompress(store.load_pages([digest])[digest]) == b"<p>page</p>"


def test_the_time_of_fetching_is_the_article_s(store: Store) -> None:
    (item,) = in_flight(store, linked("a"))
    fetched = Fetched(final_url=address("a"), status=200, at=NOW + 5)
    store.keep_pages([NewPage(item=item.id, body=b"page", fetched=fetched, content_type=None)], NOW)
    store.finish([ending(item, article("a"))], NOW + 9)
    (row,) = store.articles()
    assert (row.fetched_at, row.stored_at) == (NOW + 5, NOW + 9)


def test_a_page_for_an_item_that_is_done_is_kept_without_it(store: Store) -> None:
    (item,) = in_flight(store, linked("a"))
    store.finish([ending(item, article("a"))], NOW)
    page = NewPage(item=item.id, body=b"late", fetched=None, content_type=None)
    (kept,) = store.keep_pages([page], NOW)
    assert store.load_pages([kept.digest]) == {kept.digest: kept.frame}
    assert store.items()[0].page_digest is None
    assert store.keep_pages([], NOW) == []


def test_a_feed_becomes_its_entries(store: Store) -> None:
    (item,) = in_flight(store, linked("feed", expand=True))
    entries = [linked("one"), handed("two"), linked("three")]
    assert store.expand(item.id, entries, NOW + 1)
    rows = store.items(job=item.job)
    assert [(row.key, row.state) for row in rows[::-1]] == [
        (address(name), "pending") for name in ("one", "two", "three")
    ]
    assert rows[-1].id == item.id
    status = store.job_status(item.job)
    assert status
    assert (status.items, status.pending, status.in_flight) == (3, 3, 0)
    one, two, _ = store.load(store.admit(10, NOW + 1))
    assert (one.url, one.expand, one.page_digest) == (address("one"), False, None)
    assert two.page_digest == packing.digest(b"two")
    assert store.check() == []


def test_an_item_is_expanded_once(store: Store) -> None:
    (item,) = in_flight(store, linked("feed", expand=True))
    assert store.expand(item.id, [linked("one"), linked("two")], NOW)
    assert not store.expand(item.id, [linked("one"), linked("two")], NOW)
    store.admit(10, NOW)
    assert not store.expand(item.id, [linked("one"), linked("two")], NOW)
    assert len(store.items(job=item.job)) == 2


# -- put off ------------------------------------------------------------------------------------


def test_items_put_off_are_pending_again_as_if_they_had_never_been_taken_up(store: Store) -> None:
    one, two, three = in_flight(store, linked("a"), linked("b"), linked("c"))
    assert store.defer({one.id: NOW + 30, three.id: NOW + 10}) == 2
    assert store.in_flight() == [two.id]
    rows = {row.id: (row.state, row.due_at, row.attempts) for row in store.items(job=one.job)}
    assert rows == {
        one.id: ("pending", NOW + 30, 0),
        two.id: ("in_flight", None, 0),
        three.id: ("pending", NOW + 10, 0),
    }
    status = store.job_status(one.job)
    assert status
    assert (status.pending, status.in_flight) == (2, 1)
    assert store.check() == []
    assert store.admit(10, NOW + 9) == []
    assert store.admit(10, NOW + 10) == [three.id]


def test_what_is_put_off_twice_or_done_or_unknown_stays_as_it_is(store: Store) -> None:
    one, two = in_flight(store, linked("a"), linked("b"))
    store.finish([ending(two, article("b"))], NOW)
    assert store.defer({one.id: NOW + 30, two.id: NOW + 30, 999: NOW}) == 1
    assert store.defer({one.id: NOW + 60, two.id: NOW + 60}) == 0
    assert store.defer({}) == 0
    assert store.next_due(NOW) == NOW + 30
    assert store.check() == []


def test_a_page_that_was_kept_stays_with_an_item_that_is_put_off(store: Store) -> None:
    (item,) = in_flight(store, handed("a"))
    store.defer({item.id: NOW})
    store.admit(1, NOW)
    assert store.load([item.id]) == [item]


def test_many_items_of_many_jobs_are_put_off_at_once(store: Store) -> None:
    flying = [
        item
        for number in range(3)
        for item in in_flight(store, *(linked(f"{number} {n}") for n in range(900)))
    ]
    assert store.defer({item.id: NOW + item.id for item in flying}) == 2700
    assert store.in_flight() == []
    assert store.check() == []


def test_next_due_is_the_first_of_what_waits(store: Store) -> None:
    assert store.next_due(NOW) is None
    job_of(store, [linked("a")], NOW + 50)
    job_of(store, [linked("b")], NOW + 20)
    assert store.next_due(NOW) == NOW + 20
    store.admit(10, NOW + 60)
    assert store.next_due(NOW) is None


def test_seen_tells_what_a_key_gave_the_last_time(store: Store) -> None:
    run(store, [(handed("a", "page"), article("text"))])
    (row,) = store.articles()
    known = Seen(article=row.id, page_digest=packing.digest(b"page"), extractor_version="1")
    assert store.seen([address("a"), address("b")]) == {address("a"): known}


def test_seen_knows_long_keys_by_the_name_they_are_asked_by(store: Store) -> None:
    long = "x" * 5000
    run(store, [(handed(long), article("text"))])
    assert list(store.seen([address(long)])) == [address(long)]


def test_seen_forgets_a_duplicate_whose_original_changed(store: Store) -> None:
    run(store, [(handed("a"), article("text")), (handed("b"), article("text"))])
    assert set(store.seen([address("a"), address("b")])) == {address("a"), address("b")}
    run(store, [(handed("a", "new page"), article("new text"))])
    assert set(store.seen([address("a"), address("b")])) == {address("a")}


def test_an_item_that_stays_unchanged_needs_no_article(store: Store) -> None:
    (first,) = run(store, [(handed("a"), article("text"))])
    (item,) = in_flight(store, handed("a"))
    (again,) = store.finish([Ending(item=item.id, unchanged=True)], NOW)
    assert (again.outcome, again.article) == ("unchanged", first.article)
    assert store.totals().outcomes == Counts(stored=1, unchanged=1)
