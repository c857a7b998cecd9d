"""What is deleted stays deleted, and everything else stays true."""

from __future__ import annotations

from store_line import NOW, PASSING, address, article, ending, handed, in_flight, linked, outcomes, run

from pipeline.model import Counts, Ending, Entry, NewItem, Polled
from pipeline.store import Chosen, Store

WHEN = "2023-11-14 22:13 UTC"


def only_article(store: Store) -> int:
    (row,) = store.articles()
    return row.id


def delete_only(store: Store) -> int:
    number = only_article(store)
    assert store.delete_article(number, NOW)
    return number


def test_a_deleted_article_is_gone_from_everywhere(store: Store) -> None:
    run(store, [(handed("a"), article("text")), (handed("b"), article("text"))])
    number = delete_only(store)
    assert store.articles() == []
    assert store.article(number) is None
    assert list(store.export()) == []
    assert store.seen([address("a"), address("b")]) == {}
    assert not store.delete_article(number, NOW)
    assert store.check() == []


def test_all_its_names_are_deleted(store: Store) -> None:
    run(store, [(handed("a"), article("text")), (handed("b"), article("text"))])
    delete_only(store)
    asked = [address("a"), address("b"), address("c")]
    assert store.deleted(asked) == {address("a"), address("b")}
    assert store.deleted([]) == set()


def test_long_names_are_told_by_the_name_they_are_asked_by(store: Store) -> None:
    long = "x" * 5000
    run(store, [(handed(long), article("text"))])
    delete_only(store)
    assert store.deleted([address(long)]) == {address(long)}


def test_its_items_tell_what_became_of_it(store: Store) -> None:
    run(store, [(handed("a"), article("text"))])
    (duplicate,) = run(store, [(handed("b"), article("text"))])
    number = delete_only(store)
    told = f"Article {number} was deleted here on {WHEN}."
    assert {(row.key, row.outcome, row.article, row.message) for row in store.items()} == {
        (address("a"), "stored", None, told),
        (address("b"), "duplicate", None, told),
    }
    assert store.totals().outcomes == Counts(stored=1, duplicate=1)
    assert store.find_items(address("b"))[0].id == duplicate.item


def test_what_comes_back_is_skipped_and_says_when_it_was_deleted(store: Store) -> None:
    run(store, [(handed("a"), article("text"))])
    delete_only(store)
    finished = run(
        store,
        [
            (handed("a"), article("text")),
            (handed("a", "new"), article("new text")),
            (handed("b"), article("text")),
            (handed("c"), article("other text")),
        ],
        NOW + 9,
    )
    assert outcomes(finished) == ["skipped", "skipped", "skipped", "stored"]
    row = store.find_items(address("b"))[0]
    assert (row.code, row.article) == ("deleted", None)
    assert row.message == f"The article was deleted here on {WHEN} and stays deleted."
    assert [row.key for row in store.articles()] == [address("c")]
    assert store.check() == []


def test_a_failure_at_a_deleted_address_is_what_it_is(store: Store) -> None:
    run(store, [(handed("a"), article("text"))])
    delete_only(store)
    assert outcomes(run(store, [(linked("a"), PASSING)])) == [None]


def test_an_item_that_found_no_change_while_its_article_was_deleted_is_skipped(store: Store) -> None:
    run(store, [(handed("a"), article("text"))])
    (item,) = in_flight(store, handed("a"))
    delete_only(store)
    (done,) = store.finish([Ending(item=item.id, unchanged=True)], NOW)
    assert (done.outcome, done.article) == ("skipped", None)
    assert store.items()[0].code == "deleted"


def test_articles_without_a_text_take_no_others_with_them(store: Store) -> None:
    run(store, [(handed("a"), article("", content_hash="", simhash=""))])
    delete_only(store)
    assert outcomes(run(store, [(handed("b"), article("", content_hash="", simhash=""))])) == ["stored"]


def test_a_number_is_never_given_twice(store: Store) -> None:
    run(store, [(handed("a"), article("text"))])
    first = delete_only(store)
    assert store.forget_deleted(address("a"))
    (again,) = run(store, [(handed("a"), article("text"))])
    assert again.outcome == "stored"
    assert (again.article or 0) > first


def test_a_deletion_that_is_forgotten_is_forgotten_with_all_names_and_the_text(store: Store) -> None:
    run(store, [(handed("a"), article("text")), (handed("b"), article("text"))])
    delete_only(store)
    assert store.forget_deleted("HTTPS://EXAMPLE.com/b#top")
    assert not store.forget_deleted(address("b"))
    assert not store.forget_deleted(address("never seen"))
    assert store.deleted([address("a"), address("b")]) == set()
    assert outcomes(run(store, [(handed("c"), article("text")), (handed("a"), article("text"))])) == [
        "stored",
        "duplicate",
    ]


def test_what_came_back_can_be_deleted_again(store: Store) -> None:
    run(store, [(handed("a"), article("text"))])
    delete_only(store)
    store.forget_deleted(address("a"))
    run(store, [(handed("a"), article("text"))])
    delete_only(store)
    assert outcomes(run(store, [(handed("a"), article("text"))])) == ["skipped"]


def test_near_duplicates_of_a_deleted_article_find_another_original(store: Store) -> None:
    names = ["one", "two", "three", "far"]
    hashes = ["00000000000000ff", "00000000000000fe", "00000000000000fc", "00ff00ff00ff00ff"]
    told = [
        (handed(name), article(name, simhash=simhash)) for name, simhash in zip(names, hashes, strict=True)
    ]
    one, two, three, far = (done.article or 0 for done in run(store, told))
    assert near(store, two) == one
    assert near(store, three) in (one, two)
    store.delete_article(one, NOW)
    assert [near(store, two), near(store, three), near(store, far)] == [None, two, None]
    (late,) = run(store, [(handed("late"), article("late", simhash="00000000000000ff"))])
    assert near(store, late.article or 0) == two


def near(store: Store, number: int) -> int | None:
    told = store.article(number)
    assert told
    (exported,) = [record for record in store.export() if record["id"] == number]
    assert exported["near_duplicate_of"] == told["near_duplicate_of"]
    return told["near_duplicate_of"]  # type: ignore[no-any-return]


def test_entries_of_a_feed_whose_article_was_deleted_make_no_items(store: Store) -> None:
    run(store, [(handed("a"), article("text"))])
    delete_only(store)
    feed = store.add_feed(address("feed"), NOW)
    items = [
        NewItem(
            key=address(name),
            name=name,
            source="feed",
            url=address(name),
            entry=Entry(key=name, link=address(name)),
        )
        for name in "ab"
    ]
    ((job, number),) = store.feeds_polled([Polled(feed=feed.id, items=items)], NOW)
    assert number == 1
    assert [row.key for row in store.items(job=job)] == [address("b")]
    assert store.feeds([feed.id])[0].entries_seen == 2
    assert store.feeds_polled([Polled(feed=feed.id, items=items[:1])], NOW) == [(None, 0)]


def test_a_dead_letter_of_a_deleted_address_can_be_retried_and_is_skipped(store: Store) -> None:
    run(store, [(handed("a"), article("text"))])
    (item,) = in_flight(store, handed("a"))
    delete_only(store)
    (done,) = store.finish([ending(item, article("text"))], NOW)
    assert done.outcome == "skipped"
    assert store.retry(NOW, Chosen()) == 0
