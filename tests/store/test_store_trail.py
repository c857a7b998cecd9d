"""An address is looked for under all its spellings, on both databases."""

from __future__ import annotations

import msgspec
import pytest
from store_line import FINAL, NOW, address, article, handed, in_flight, linked, run

from pipeline.model import Ending, Entry, Fetched, NewItem, Polled
from pipeline.spellings import keys_meant
from pipeline.store import Store
from pipeline.store.contract import NewPage

PAGE = "https://example.com/news/1"


def item(url: str, **other: object) -> NewItem:
    return msgspec.structs.replace(linked("x"), key=url, name=url, url=url, **other)


@pytest.mark.parametrize(
    "typed",
    [
        PAGE,
        "http://www.example.com/news/1/",
        "example.com/news/1",
        " https://EXAMPLE.com/news/1?utm_source=x#top ",
        "https://example.com/news/1?ref=front",
    ],
)
def test_an_item_is_found_under_any_spelling_of_its_address(store: Store, typed: str) -> None:
    run(store, [(item(PAGE), FINAL), (item("https://example.com/news/2"), FINAL)])
    assert [one.key for one in store.find_items(typed)] == [PAGE]


def test_the_address_itself_wins_over_its_other_spellings(store: Store) -> None:
    run(store, [(item(PAGE), FINAL), (item(PAGE + "/"), FINAL)])
    assert [one.key for one in store.find_items(PAGE)] == [PAGE]
    assert [one.key for one in store.find_items(PAGE + "/")] == [PAGE + "/"]


def test_a_failed_item_is_found_by_where_its_address_led(store: Store) -> None:
    (one,) = in_flight(store, linked("short"))
    fetched = Fetched(final_url="https://example.com/long/story", status=200, at=NOW)
    store.keep_pages([NewPage(item=one.id, body=b"x", fetched=fetched, content_type=None)], NOW)
    store.finish([Ending(item=one.id, problem=FINAL)], NOW)
    assert [found.id for found in store.find_items("http://example.com/long/story/")] == [one.id]


def test_an_item_is_found_by_its_whole_name_and_else_by_a_part_of_a_name(store: Store) -> None:
    run(store, [(handed("wire/storm.txt"), FINAL), (handed("storm.txt"), FINAL)])
    assert [one.name for one in store.find_items("storm.txt")] == ["storm.txt"]
    assert [one.name for one in store.find_items("STORM.t")] == ["storm.txt", "wire/storm.txt"]
    assert store.find_items("calm") == store.find_items(" ") == store.find_items("\0") == []


def test_an_article_is_found_by_its_names_and_by_the_address_its_page_gives(store: Store) -> None:
    told = article("a", canonical_url="https://example.com/own", title="A")
    run(store, [(linked("a"), told), (linked("again"), told)])
    for typed, is_canonical in ((address("again"), False), ("https://www.example.com/own/", True)):
        (found,) = store.trail(keys_meant(typed)).articles
        assert (found.article, found.title, found.is_canonical) == (1, "A", is_canonical)


def test_a_deleted_article_leaves_a_trail(store: Store) -> None:
    run(store, [(linked("a"), article("a"))])
    store.delete_article(1, NOW + 5)
    (grave,) = store.trail(keys_meant(address("a"))).graves
    assert (grave.article, grave.deleted_at) == (1, NOW + 5)
    store.forget_deleted(address("a"))
    assert store.trail(keys_meant(address("a"))).graves == ()


def test_the_feeds_near_an_address_are_known_and_what_they_listed(store: Store) -> None:
    far = store.add_feed("https://elsewhere.example/feed", NOW)
    domain = store.add_feed("https://feeds.example.com/all", NOW)
    host = store.add_feed("https://www.example.com/feed", NOW)
    source = store.add_feed("https://aggregator.example/feed", NOW)
    entry = msgspec.structs.replace(item(PAGE), entry=Entry(key=PAGE, link=PAGE))
    store.feeds_polled([Polled(feed=host.id, items=[entry])], NOW)
    told = article("b", url="https://example.com/b")
    run(store, [(item("https://example.com/b", source="https://aggregator.example/feed"), told)])
    found = store.trail(keys_meant("example.com/news/1"), "example.com", "example.com")
    assert found.feeds == (host.id, source.id, domain.id)
    assert [(one.feed, one.key) for one in found.entries] == [(host.id, PAGE)]
    assert far.id not in found.feeds
