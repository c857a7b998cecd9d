"""Long listings, a page at a time: whatever comes in meanwhile, nothing is told twice or missed."""

from __future__ import annotations

import base64
import itertools
import zlib
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from store_line import FINAL, NOW, address, article, handed, job_of, linked, run

from pipeline.model import NewItem
from pipeline.store import Chosen, CursorError, Listing, Store
from pipeline.store.paging import LONGEST, Order

_names = itertools.count()


def add_job(store: Store) -> None:
    job_of(store, [])


def add_items(store: Store) -> None:
    job_of(store, [handed(f"item {next(_names)}") for _ in range(3)])


def add_article(store: Store) -> None:
    number = next(_names)
    # Times that lie before and after those of others, and some that are the same.
    run(store, [(handed(f"article {number}"), article(f"storm of {number}"))], NOW + number * 7 % 3)


def add_feed(store: Store) -> None:
    store.add_feed(address(f"feed {next(_names)}"), NOW)


def add_failure(store: Store) -> None:
    url = f"https://host{next(_names)}.example/"
    run(store, [(NewItem(key=url, name=url, source="in", url=url), FINAL)])


def failures(store: Store, limit: int, cursor: str | None) -> Listing[str]:
    found = store.failures(limit=limit, cursor=cursor)
    return Listing([group.host for group in found.groups], found.next)


#: a listing -> what adds a row to it, how it is read, how its rows are told apart
LISTINGS: dict[str, tuple[Callable[[Store], None], Callable[..., Listing[Any]], Callable[[Any], object]]] = {
    "jobs": (add_job, lambda store, n, at: store.jobs(n, cursor=at), lambda row: row.job),
    "running jobs": (
        add_job,
        lambda store, n, at: store.jobs(n, state="running", cursor=at),
        lambda row: row.job,
    ),
    "items": (add_items, lambda store, n, at: store.items(limit=n, cursor=at), lambda row: row.id),
    "pending items": (
        add_items,
        lambda store, n, at: store.items(state="pending", limit=n, cursor=at),
        lambda row: row.id,
    ),
    "articles": (add_article, lambda store, n, at: store.articles(limit=n, cursor=at), lambda row: row.id),
    "found": (
        add_article,
        lambda store, n, at: store.articles(search="storm", limit=n, cursor=at),
        lambda row: row.id,
    ),
    "feeds": (add_feed, lambda store, n, at: store.list_feeds(n, at), lambda row: row.id),
    "failures": (add_failure, failures, lambda host: host),
    "dead letters": (
        add_failure,
        lambda store, n, at: store.dead_letters(Chosen(code="gone"), limit=n, cursor=at),
        lambda row: row.id,
    ),
}


@pytest.mark.parametrize("name", LISTINGS)
@given(first=st.integers(0, 4), steps=st.lists(st.tuples(st.integers(1, 4), st.integers(0, 2)), max_size=6))
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_pages_tell_every_row_that_was_there_once(
    store: Store, name: str, first: int, steps: list[tuple[int, int]]
) -> None:
    add, ask, named = LISTINGS[name]
    for _ in range(first):
        add(store)
    there = [named(row) for row in ask(store, 1000, None)]
    told = [named(row) for row in rows_while_added(store, add, ask, steps)]
    assert len(told) == len(set(told))
    # Those that were there, in the order in which one page would have told them.
    assert [one for one in told if one in set(there)] == there


def rows_while_added(
    store: Store,
    add: Callable[[Store], None],
    ask: Callable[..., Listing[Any]],
    steps: Sequence[tuple[int, int]],
) -> Iterator[Any]:
    cursor = None
    for limit, added in itertools.chain(steps, itertools.repeat((3, 0))):
        page = ask(store, limit, cursor)
        assert len(page) <= limit
        yield from page
        cursor = page.next
        if cursor is None:
            return
        assert len(page) == limit
        for _ in range(added):
            add(store)


def test_a_page_that_is_full_but_the_last_has_no_next(store: Store) -> None:
    job_of(store, [handed("a"), handed("b")])
    assert (store.items(limit=2).next, store.items(limit=3).next) == (None, None)
    assert store.items(limit=1).next


def test_what_is_deleted_between_two_pages_hides_nothing_else(store: Store) -> None:
    run(store, [(handed(name), article(f"storm {name}")) for name in "abcd"])
    for asked in (None, "storm"):
        first = store.articles(search=asked, limit=2)
        store.delete_article(first[1].id, NOW)
        rest = store.articles(search=asked, limit=2, cursor=first.next)
        assert not {row.id for row in first} & {row.id for row in rest}
        assert len(rest) == (2 if asked is None else 1)


def test_items_of_a_job_are_told_by_what_became_of_them(store: Store) -> None:
    (done, _) = run(store, [(handed("fine"), article("fine")), (linked("lost"), FINAL)])
    job = done.job
    job_of(store, [linked("later")])

    def names(**named: str) -> list[str]:
        return [row.name for row in store.items(**named)]  # type: ignore[arg-type]

    assert names(job=job) == [address("lost"), "fine"]
    assert names(job=job, outcome="stored") == ["fine"]
    assert names(job=job, outcome="failed") == names(code="gone") == [address("lost")]
    assert names(state="pending") == [address("later")]
    assert names(host="example.com", state="done") == [address("lost"), "fine"]
    assert names(host="elsewhere.example") == names(code="\udcff\0") == []


def test_jobs_are_told_by_their_state(store: Store) -> None:
    add_job(store)
    store.end_jobs(NOW)
    add_job(store)
    assert [[row.state for row in store.jobs(state=one)] for one in ("running", "done", "no")] == [
        ["running"],
        ["done"],
        [],
    ]


# -- cursors ------------------------------------------------------------------------------------


def some_cursor(store: Store) -> str:
    job_of(store, [handed("a"), handed("b")])
    cursor = store.items(limit=1).next
    assert cursor
    return cursor


@given(text=st.text(max_size=60) | st.text("abcXYZ019-_=", max_size=60))
def test_what_is_no_cursor_is_refused_whatever_it_is(text: str) -> None:
    with pytest.raises(CursorError, match="cannot be used here"):
        Order("items", tuple[int]).place(text)


@given(place=st.tuples(st.integers(-(1 << 63), (1 << 63) - 1), st.floats(-1e300, 1e300), st.text()))
def test_a_cursor_gives_back_its_place(place: tuple[int, float, str]) -> None:
    order = Order("any", tuple[int, float, str])
    try:
        cursor = order.cursor(place)
    except UnicodeEncodeError:  # no row holds half of a character
        return
    if len(cursor) <= LONGEST:
        assert order.place(cursor) == place


def test_a_cursor_that_is_cut_or_mistyped_is_refused(store: Store) -> None:
    cursor = some_cursor(store)
    changed = [cursor[:-1], cursor[1:], cursor[:5] + "x" + cursor[6:], cursor + "A", "A" * (LONGEST + 1), ""]
    for one in changed:
        with pytest.raises(CursorError):
            store.items(limit=1, cursor=one)


def test_a_cursor_of_another_listing_or_version_is_refused(store: Store) -> None:
    cursor = some_cursor(store)
    for ask in (
        lambda: store.articles(cursor=cursor),
        lambda: store.articles(search="a", cursor=cursor),
        lambda: store.jobs(cursor=cursor),
        lambda: store.list_feeds(cursor=cursor),
        lambda: store.failures(Chosen(), cursor=cursor),
        lambda: store.items(cursor=forged(b'[2,"items",[5]]')),
    ):
        with pytest.raises(CursorError):
            ask()


@pytest.mark.parametrize(
    "place", ['["5"]', "[5, 5]", "[1e99]", "[null]", "[[5]]", "{}", f"[{1 << 64}]", "[5"]
)
def test_a_forged_cursor_reaches_no_database(store: Store, place: str) -> None:
    with pytest.raises(CursorError):
        store.items(cursor=forged(f'[1,"items",{place}]'.encode()))


def forged(raw: bytes) -> str:
    return base64.urlsafe_b64encode(zlib.crc32(raw).to_bytes(4) + raw).decode().rstrip("=")
