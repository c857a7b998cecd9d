"""Entries of a feed: which are new, which have changed, and which only look it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from store_line import FINAL, NOW, address

from pipeline.model import Entry, Feed, NewItem, Polled
from pipeline.store import Store


def listed(name: str, guid: str | None = None, **other: Any) -> NewItem:
    """An entry of the feed whose page is fetched."""
    told = {"title": f"On {name}", "summary": f"About {name}", "link": address(name), **other}
    entry = Entry(key=guid or name, **told)
    return NewItem(key=address(name), name=name, source=address("feed"), url=entry.link, entry=entry)


@pytest.fixture
def feed(store: Store) -> Feed:
    return store.add_feed(address("feed"), NOW)


def brought(store: Store, feed: Feed, items: Sequence[NewItem], **told: Any) -> list[str]:
    """Names of the items that a poll brings."""
    ((job, number),) = store.feeds_polled([Polled(feed=feed.id, items=list(items), **told)], NOW)
    rows = store.items(job=job, limit=5000) if job else []
    assert len(rows) == number
    return sorted(row.name for row in rows)


def seen(store: Store, feed: Feed) -> int:
    return store.feeds([feed.id])[0].entries_seen


def test_an_entry_under_a_new_guid_is_no_news(store: Store, feed: Feed) -> None:
    assert brought(store, feed, [listed("a", "guid 1"), listed("b")]) == ["a", "b"]
    assert brought(store, feed, [listed("a", "guid 2"), listed("b")]) == []
    assert seen(store, feed) == 2
    assert brought(store, feed, [listed("a", "guid 2"), listed("b")]) == []


@pytest.mark.parametrize("field", ["title", "summary", "link"])
def test_an_entry_under_a_new_guid_that_says_something_else_is_news(
    store: Store, feed: Feed, field: str
) -> None:
    brought(store, feed, [listed("a", "guid 1")])
    assert brought(store, feed, [listed("a", "guid 2", **{field: address("changed")})]) == ["a"]
    assert seen(store, feed) == 2


def test_an_entry_that_changes_under_its_new_guid_is_an_update(store: Store, feed: Feed) -> None:
    brought(store, feed, [listed("a", "guid 1")])
    brought(store, feed, [listed("a", "guid 2")])
    assert brought(store, feed, [listed("a", "guid 2", title="Corrected")]) == ["a"]
    assert seen(store, feed) == 1


def test_a_feed_that_invents_guids_at_each_poll_brings_nothing_and_fills_nothing(
    store: Store, feed: Feed
) -> None:
    brought(store, feed, [listed("a", "guid 0"), listed("b", "guid b")])
    for number in range(1, 6):
        assert brought(store, feed, [listed("a", f"guid {number}"), listed("b", "guid b")]) == []
    # Of the given-up guids none is known still: this one comes with another text.
    assert brought(store, feed, [listed("x", "guid 3")]) == ["x"]
    assert seen(store, feed) == 3


def test_a_pushed_entry_is_known_at_the_next_poll_and_the_other_way_round(store: Store, feed: Feed) -> None:
    assert brought(store, feed, [listed("a")], pushed=True) == ["a"]
    assert brought(store, feed, [listed("a"), listed("b")]) == ["b"]
    assert brought(store, feed, [listed("b")], pushed=True) == []
    assert brought(store, feed, [listed("b", title="Corrected")], pushed=True) == ["b"]
    assert brought(store, feed, [listed("b", "new guid", title="Corrected")], pushed=True) == []


def test_tracking_parameters_that_change_with_each_poll_are_no_news(store: Store, feed: Feed) -> None:
    for number in range(3):
        link = f"{address('a')}?utm_source=rss&utm_id={number}"
        page = NewItem(
            key=address("b"), name="b", source="feed", url=link, content_type="text/html",
            content=f'<base href="{link.replace("&", "&amp;")}"><p>Text</p>'.encode(),
            entry=Entry(key="b", link=link),
        )  # fmt: skip
        found = brought(store, feed, [listed("a", link=link), page])
        assert found == ([] if number else ["a", "b"])


def test_a_parameter_that_selects_content_is_news(store: Store, feed: Feed) -> None:
    brought(store, feed, [listed("a", link=address("?page=1"))])
    assert brought(store, feed, [listed("a", link=address("?page=2"))]) == ["a"]


def test_an_entry_that_leads_nowhere_is_told_once_wherever_it_stands(store: Store, feed: Feed) -> None:
    for place in range(3):
        lost = NewItem(key=address("feed#entry-1"), name=f"entry {place}", source="feed", problem=FINAL)
        assert len(brought(store, feed, [lost])) == (not place)


def test_texts_that_are_handed_over_are_compared(store: Store, feed: Feed) -> None:
    def whole(text: str, guid: str = "a") -> NewItem:
        entry = Entry(key=guid, link=address("a"))
        return NewItem(key=address("a"), name="a", source="feed", content=text.encode(), entry=entry)

    assert brought(store, feed, [whole("text")]) == ["a"]
    assert brought(store, feed, [whole("text", "other guid")]) == []
    assert brought(store, feed, [whole("new text", "other guid")]) == ["a"]


def test_of_entries_with_one_guid_the_first_counts(store: Store, feed: Feed) -> None:
    assert brought(store, feed, [listed("a", "guid"), listed("b", "guid")]) == ["a"]
    assert seen(store, feed) == 1


def test_a_failed_poll_brings_no_entries(store: Store, feed: Feed) -> None:
    assert brought(store, feed, [listed("a")], problem=FINAL) == []
    assert seen(store, feed) == 0


def test_entries_with_texts_that_a_database_refuses_are_known_again(store: Store, feed: Feed) -> None:
    odd = listed("a", "gu\0id \udcff", title="T\0itle \udcff", link=address("\udcff"))
    assert brought(store, feed, [odd]) == ["a"]
    assert brought(store, feed, [odd]) == []


def test_thousands_of_entries_are_sifted_in_parts(store: Store, feed: Feed) -> None:
    many = [listed(str(number)) for number in range(2500)]
    assert len(brought(store, feed, many)) == 2500
    renamed = [listed(str(number), f"new {number}") for number in range(1200)]
    changed = listed("2400", title="Corrected")
    assert brought(store, feed, [*renamed, *many[1200:2400], changed, listed("new")]) == ["2400", "new"]
    assert seen(store, feed) == 2501
    assert store.check() == []
