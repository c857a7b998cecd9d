"""One page under several addresses: where redirects end is part of an article's identity."""

from __future__ import annotations

from store_line import NOW, address, article, ending, in_flight, linked, outcomes

from pipeline.model import Fetched, Finished
from pipeline.store import Store
from pipeline.store.contract import NewPage


def fetch(store: Store, name: str, final: str, page: str, **other: object) -> Finished:
    """The whole line for one link that leads to a final address, whose page says something."""
    (item,) = in_flight(store, linked(name))
    passed = [] if final == name else [address(name)]
    fetched = Fetched(final_url=address(final), status=200, at=NOW, redirects=passed)
    store.keep_pages([NewPage(item=item.id, body=page.encode(), fetched=fetched, content_type=None)], NOW)
    (done,) = store.finish([ending(item, article(page, url=address(final), **other))], NOW)
    assert store.check() == []
    return done


def test_two_links_to_one_page_are_one_article(store: Store) -> None:
    first = fetch(store, "short", "page", "text")
    again = fetch(store, "other", "page", "text")
    itself = fetch(store, "page", "page", "text")
    assert outcomes([first, again, itself]) == ["stored", "unchanged", "unchanged"]
    assert {first.article, again.article, itself.article} == {first.article}
    told = store.find_items(address("other"))[0].message
    assert told == f"Leads to the page of article {first.article}: On text"


def test_a_page_that_changed_is_updated_by_whatever_link_leads_there(store: Store) -> None:
    first = fetch(store, "short", "page", "text")
    changed = fetch(store, "other", "page", "new text")
    once_more = fetch(store, "page", "page", "newest text")
    assert outcomes([changed, once_more]) == ["updated", "updated"]
    (row,) = store.articles()
    assert (row.id, row.key, row.title) == (first.article, address("short"), "On newest text")
    assert fetch(store, "short", "page", "newest text").outcome == "unchanged"


def test_a_link_to_a_known_article_is_that_article(store: Store) -> None:
    first = fetch(store, "page", "page", "text")
    assert fetch(store, "short", "page", "new text").article == first.article
    assert len(store.articles()) == 1


def test_an_address_that_leads_to_another_article_now_changes_that_one(store: Store) -> None:
    old = fetch(store, "a", "a", "text a")
    other = fetch(store, "b", "b", "text b")
    moved = fetch(store, "a", "b", "new text b")
    assert (moved.outcome, moved.article) == ("updated", other.article)
    assert {row.id: row.title for row in store.articles()} == {
        old.article: "On text a",
        other.article: "On new text b",
    }
    back = fetch(store, "a", "a", "text a")
    assert (back.outcome, back.article) == ("unchanged", old.article)


def test_a_link_that_leads_to_another_page_each_day_keeps_its_hands_off_articles_known_by_theirs(
    store: Store,
) -> None:
    monday = fetch(store, "monday", "monday", "text of monday")
    latest = fetch(store, "latest", "monday", "text of monday")
    assert latest.article == monday.article
    tuesday = fetch(store, "latest", "tuesday", "text of tuesday")
    assert tuesday.outcome == "stored"
    assert fetch(store, "tuesday", "tuesday", "text of tuesday").article == tuesday.article
    assert {row.title for row in store.articles()} == {"On text of monday", "On text of tuesday"}


def test_links_to_a_home_page_stay_apart(store: Store) -> None:
    first = fetch(store, "a", "", "welcome")
    second = fetch(store, "b", "", "welcome back")
    assert outcomes([first, second]) == ["stored", "stored"]
    assert store.seen([address("")]) == {}


def test_pages_behind_one_log_in_page_never_overwrite_each_other(store: Store) -> None:
    wall = fetch(store, "a", "login", "log in")
    assert fetch(store, "b", "login", "log in").article == wall.article
    opened = fetch(store, "a", "a", "text a")
    assert (opened.outcome, opened.article) == ("updated", wall.article)
    assert fetch(store, "c", "login", "log in, please").outcome == "stored"
    assert fetch(store, "b", "b", "text b").outcome == "stored"
    assert {row.title for row in store.articles()} == {"On text a", "On log in, please", "On text b"}


def test_a_page_that_moves_on_takes_its_article_along(store: Store) -> None:
    first = fetch(store, "short", "page", "text")
    fetch(store, "short", "page/renamed", "text, corrected")
    assert fetch(store, "page/renamed", "page/renamed", "text, corrected").article == first.article
    assert fetch(store, "page", "page/renamed", "text, corrected").article == first.article
    assert len(store.articles()) == 1


def test_the_scheme_is_part_of_an_address(store: Store) -> None:
    first = fetch(store, "page", "page", "text")
    (item,) = in_flight(store, linked("x"))
    fetched = Fetched(final_url=address("page").replace("https:", "http:"), status=200, at=NOW)
    store.keep_pages([NewPage(item=item.id, body=b"other", fetched=fetched, content_type=None)], NOW)
    (done,) = store.finish([ending(item, article("other"))], NOW)
    assert (done.outcome, done.article) != ("updated", first.article)


def test_a_long_address_is_an_alias_like_any_other(store: Store) -> None:
    long = "page" * 1000
    first = fetch(store, "a", long, "text")
    assert fetch(store, "b", long, "new text").article == first.article


def test_a_link_to_a_deleted_page_stays_deleted(store: Store) -> None:
    first = fetch(store, "short", "page", "text")
    store.delete_article(first.article or 0, NOW)
    assert store.deleted([address("short"), address("page")]) == {address("short"), address("page")}
    assert fetch(store, "other", "page", "new text").outcome == "skipped"
