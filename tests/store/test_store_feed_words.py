"""The one word on a feed is the same, judged by the database and judged in Python."""

from __future__ import annotations

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert
from store_line import NOW

from pipeline.model import Feed, Poll, Problem
from pipeline.schedule.health import LATE_LEAST, OVERFLOW_SECONDS, SILENT_LEAST
from pipeline.store import Store
from pipeline.store.rows import feed_row
from pipeline.store.schema import feeds
from workers.feed_health import WORDS, health

_AGO = st.sampled_from([0.0, 1.0, LATE_LEAST + 1, OVERFLOW_SECONDS, SILENT_LEAST - 1, SILENT_LEAST * 20])
_PAST = st.one_of(st.none(), _AGO.map(lambda ago: NOW - ago))
_POLLS = st.lists(
    st.builds(
        lambda result, entries: Poll(at=NOW, result=result, entries=entries),
        st.sampled_from(["new", "unchanged", "not_modified", "timeout", "pushed"]),
        st.sampled_from([0, 3]),
    ),
    max_size=3,
)
_FEEDS = st.builds(
    lambda **told: Feed(id=0, url="https://example.org/feed", **told),
    state=st.sampled_from(["active", "active", "active", "paused", "gone"]),
    interval=st.sampled_from([600.0, 86_400.0]),
    due_at=_AGO.map(lambda ago: NOW - ago),
    errors=st.sampled_from([0, 0, 2]),
    problem=st.one_of(st.none(), st.none(), st.just(Problem(code="timeout", message="It was silent."))),
    last_success_at=_PAST,
    last_new_at=_PAST,
    last_overflow_at=_PAST,
    entries_seen=st.sampled_from([0, 4]),
    rhythm=st.one_of(st.none(), st.sampled_from([60.0, 86_400.0])),
    history=_POLLS,
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(some=st.lists(_FEEDS, min_size=1, max_size=40))
def test_the_database_says_the_word_that_is_explained_elsewhere(store: Store, some: list[Feed]) -> None:
    some = [msgspec.structs.replace(feed, id=number) for number, feed in enumerate(some, 1)]
    subscribe(store, some)
    words = [health(feed, NOW).word for feed in some]
    assert store.feed_words(NOW) == {word: words.count(word) for word in WORDS if word in words}
    pressing = sorted(some, key=lambda feed: (list(WORDS).index(words[feed.id - 1]), feed.id))
    assert [feed.id for feed in all_pages(store, None)] == [feed.id for feed in pressing]
    for word in {*words, "silent"}:
        found = [feed.id for feed in all_pages(store, word)]
        assert found == [feed.id for feed in some if words[feed.id - 1] == word]


def all_pages(store: Store, word: str | None) -> list[Feed]:
    found, cursor = [], None
    while True:
        page = store.urgent_feeds(NOW, word, limit=7, cursor=cursor)
        found += page
        if page.next is None:
            return found
        cursor = page.next


def subscribe(store: Store, some: list[Feed]) -> None:
    with store._database.writing() as connection:  # type: ignore[attr-defined]
        connection.execute(delete(feeds))
        rows = [
            feed_row(feed) | {"id": feed.id, "key": f"{feed.url}/{feed.id}", "created_at": NOW}
            for feed in some
        ]
        connection.execute(insert(feeds), rows)


def test_a_word_that_nobody_says_has_no_feeds(store: Store) -> None:
    store.add_feed("https://example.org/feed", NOW)
    assert store.feed_words(NOW) == {"new": 1}
    assert store.urgent_feeds(NOW, "splendid") == []
