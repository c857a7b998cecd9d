"""An address is looked for under all its spellings, on both databases."""

from __future__ import annotations

import msgspec
import pytest
from store_line import FINAL, NOW, address, article, handed, in_flight, linked, run

from pipeline.model import Ending, Entry, Fetched, NewItem, Polled
from pipeline.spellings import keys_meant
from pipeline.store import Store, guessing
from pipeline.store.around import Neighbour
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
        "m.example.com/News/1/amp/",
        "https://www.google.com/amp/s/example.com/news/1",
        "https://www.google.com/url?sa=t&url=https%3A%2F%2Fexample.com%2Fnews%2F1",
        "<https://example.com/news/1?outputType=amp>",
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


def test_what_stands_beside_an_address_and_what_is_called_nearly_so_is_guessed(store: Store) -> None:
    told = [
        article(f"text {n}", title=title)
        for n, title in enumerate(("Harbour budget approved", "A fair", "A"))
    ]
    run(store, [(linked("harbour-budget"), told[0]), (linked("fair"), told[1]), (linked("z"), FINAL)])
    found = store.guesses([address("harbour-budge")], "The harbor budget was approved")
    assert {address("harbour-budget"), address("fair"), address("z")} == set(found.keys)
    assert [(one.article, one.title) for one in found.articles] == [(1, "Harbour budget approved")]
    assert store.guesses([], "nothing of that sort").articles == store.guesses([], "fair").articles == ()


def test_a_headline_of_common_words_is_guessed_with_one_of_them_wrong(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(store, [(linked(f"n{n}"), article(f"text {n}", title=f"Night ferry strike {n}")) for n in range(4)])
    # Each word that is there is in more titles than that: none alone tells enough.
    monkeypatch.setattr(guessing, "COMMON", 3)
    assert len(store.guesses([], "night ferry strikes").articles) == 3
    assert store.guesses([], "day bus strikes").articles == ()


def test_an_article_is_told_with_what_stands_around_it(store: Store) -> None:
    feed = store.add_feed("https://example.com/feed", NOW)
    mine = msgspec.structs.replace(linked("a"), source="https://example.com/feed")
    run(store, [(mine, article("first", url=address("a")))], NOW)
    run(store, [(linked("b"), article("other", title="B", url=address("b")))], NOW + 1)
    run(store, [(handed("c"), article("far", url="https://far.example/c"))], NOW + 2)
    run(store, [(mine, article("second", url=address("a")))], NOW + 3)
    found = store.around(1)
    assert found is not None
    assert (found.feed, found.revision, found.names) == (feed.id, 2, (address("a"),))
    assert [(one.outcome, one.finished_at) for one in found.revisions] == [
        ("updated", NOW + 3),
        ("stored", NOW),
    ]
    assert (found.newer, found.older) == (None, Neighbour(article=2, title="B"))
    other = store.around(2)
    assert other is not None
    assert (other.newer, other.older) == (Neighbour(article=1, title="On second"), None)
    assert store.around(77) is None
