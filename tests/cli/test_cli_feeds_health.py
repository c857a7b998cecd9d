"""Is this source working, and is it complete: one word and its reason, from a feed's values alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import CODES
from pipeline.model import Feed, Hints, Poll, Problem, WebSub
from workers.documents import feed_document, feed_line
from workers.feed_facts import facts, next_poll, poll_in_words
from workers.feed_health import LATE_LEAST, SILENT_LEAST, TROUBLE, WORDS, health, missed, selected
from workers.wording import from_now

NOW = 1_700_000_000.0
HOUR, DAY = 3_600.0, 86_400.0
TIMEOUT = Problem(code="timeout", message="news.example did not answer in 30 s.", retry_helps=True)


def working(**fields):
    """A feed that was polled ten minutes ago, and had a new entry an hour before."""
    given = {
        "id": 1,
        "url": "https://news.example/feed.xml",
        "due_at": NOW + 1_200,
        "interval": 1_800.0,
        "interval_reason": "an entry comes every 1 h",
        "last_polled_at": NOW - 600,
        "last_success_at": NOW - 600,
        "last_new_at": NOW - 4_200,
        "entries_seen": 40,
        "rhythm": HOUR,
    }
    return Feed(**(given | fields))


def new(**fields):
    return Feed(id=2, url="https://news.example/other.xml", due_at=NOW, **fields)


@pytest.mark.parametrize(
    ("feed", "word", "says"),
    [
        (working(), "fine", "It last worked 10 min ago; its last new entry came 1 h 10 min ago."),
        (new(), "new", "It has not been polled yet."),
        (working(state="paused", errors=3, problem=TIMEOUT), "paused", "Paused"),
        (working(state="gone", errors=1), "gone", "gone for good"),
        (
            working(state="gone", errors=1, problem=Problem(code="gone", message="410, resume it.")),
            "gone",
            "410, resume it.",
        ),
        (
            working(errors=1, problem=TIMEOUT, last_success_at=NOW - DAY),
            "failing",
            "news.example did not answer in 30 s. It last worked 1 d ago.",
        ),
        (working(errors=4, problem=TIMEOUT), "failing", "4 failures in a row"),
        (new(errors=1, problem=TIMEOUT), "failing", "It has never worked."),
        (
            working(problem=Problem(code="connect", message="No route.", ours=True)),
            "failing",
            "Our own network failed, not the feed: No route.",
        ),
        (working(due_at=NOW - 2 * HOUR), "late", "due 2 h ago"),
        (new(interval=60.0), "new", "not been polled"),
        (working(overflows=1, last_overflow_at=NOW - HOUR), "overflow", "A poll 1 h ago"),
        (working(overflows=1, last_overflow_at=NOW - 4 * DAY), "fine", "It last worked"),
        (working(last_new_at=NOW - 4 * DAY), "silent", "Nothing new for 3 d 23 h, where an entry every 1 h"),
        # 10 rhythms of 6 h are less than 3 days; of 12 h they are 5 days.
        (working(rhythm=6 * HOUR, last_new_at=NOW - 2.9 * DAY), "fine", "It last worked"),
        (working(rhythm=12 * HOUR, last_new_at=NOW - 4.9 * DAY), "fine", "It last worked"),
        (working(rhythm=12 * HOUR, last_new_at=NOW - 5.1 * DAY), "silent", "Nothing new for 5 d 2 h"),
        (working(rhythm=0.0, last_new_at=NOW - 4 * DAY), "silent", "every 1 min"),
        (working(rhythm=None, last_new_at=NOW - 400 * DAY), "fine", "It last worked"),
        (working(entries_seen=0, last_new_at=None), "silent", "never had an entry"),
        (
            working(history=[Poll(at=NOW - 600, result="unchanged", status=200, entries=0)]),
            "silent",
            "lists no entries any more",
        ),
    ],
    ids=lambda one: one if isinstance(one, str) and one in WORDS else "",
)
def test_a_feed_has_one_word_and_its_reason(feed, word, says):
    found = health(feed, NOW)
    assert found.word == word
    assert says in found.says


def test_what_was_not_asked_is_not_silent():
    # Paused over the holidays: the last poll that worked is as old as the last entry.
    away = working(last_new_at=NOW - 30 * DAY, last_success_at=NOW - 30 * DAY + HOUR, due_at=NOW)
    assert health(away, NOW).word == "fine"


def test_the_most_pressing_comes_first_and_the_rest_is_said_too():
    feed = working(errors=2, problem=TIMEOUT, due_at=NOW - DAY, last_overflow_at=NOW - HOUR, overflows=1)
    found = health(feed, NOW)
    assert found.word == "failing"
    order = [found.says.index(words) for words in ("did not answer", "was due", "only new entries")]
    assert order == sorted(order)


@given(
    st.sampled_from(["active", "paused", "gone"]),
    st.integers(0, 5),
    st.floats(0, 2e9),
    st.none() | st.floats(0, 2e9),
    st.none() | st.floats(0, 2e9),
    st.none() | st.floats(0, 1e7),
    st.integers(0, 100),
)
def test_every_feed_has_a_word_and_a_sentence(state, errors, due_at, success, last_new, rhythm, seen):
    feed = working(
        state=state,
        errors=errors,
        due_at=due_at,
        last_success_at=success,
        last_new_at=last_new,
        rhythm=rhythm,
        entries_seen=seen,
    )
    found = health(feed, NOW)
    assert found.word in WORDS
    assert found.says[-1] in ".?"
    assert facts(feed, NOW)
    assert feed_document(feed, NOW)["health"] == found.word


def test_the_limits_are_met_before_the_word_changes():
    assert health(working(due_at=NOW - LATE_LEAST), NOW).word == "fine"
    assert health(working(due_at=NOW - LATE_LEAST - 1), NOW).word == "late"
    quiet = working(rhythm=60.0, last_success_at=NOW, last_new_at=NOW - SILENT_LEAST)
    assert health(quiet, NOW).word == "fine"


def test_feeds_are_chosen_by_state_health_and_whether_they_work():
    feeds = [
        working(),
        working(state="paused"),
        working(state="gone"),
        working(errors=1, problem=TIMEOUT),
        working(last_new_at=NOW - 9 * DAY),
    ]
    assert selected(feeds, NOW) == feeds
    assert selected(feeds, NOW, state="paused") == [feeds[1]]
    assert selected(feeds, NOW, failing=True) == feeds[2:4]
    assert selected(feeds, NOW, word="silent") == [feeds[4]]
    assert selected(feeds, NOW, word="silent", failing=True) == []
    assert {"fine", "new", "paused"}.isdisjoint(TROUBLE)


def test_what_may_be_missing_is_explained():
    assert missed(working()) is None
    assert missed(working(overflows=3)).startswith("3 polls brought only new entries")


@pytest.mark.parametrize(
    ("poll", "words"),
    [
        (Poll(at=NOW, result="new", status=200, entries=12, new=3), "12 entries, 3 new"),
        (Poll(at=NOW, result="new", status=200, entries=1, new=1), "1 entry, 1 new"),
        (Poll(at=NOW, result="unchanged", status=200), "nothing new"),
        (Poll(at=NOW, result="unchanged", status=200, entries=12), "12 entries, none new"),
        (Poll(at=NOW, result="not_modified", status=304), "not modified"),
        (Poll(at=NOW, result="pushed", entries=2, new=2), "pushed by the hub: 2 entries, 2 new"),
        (Poll(at=NOW, result="http_server", status=503), "http_server (status 503)"),
        (Poll(at=NOW, result="timeout"), "timeout"),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_a_poll_is_told_in_words(poll, words):
    assert poll_in_words(poll) == words


def test_the_next_poll_is_told_with_its_reason():
    assert next_poll(working(), NOW) == "next poll in 20 min: an entry comes every 1 h"
    assert next_poll(working(due_at=NOW - 5), NOW).startswith("next poll now")
    assert next_poll(working(state="paused"), NOW) == "no further poll: it is paused"


FULL = working(
    url="https://user:secret@news.example/feed.xml",
    title="News",
    interval_wanted=900.0,
    errors=2,
    problem=TIMEOUT,
    warnings=["Not well-formed in line 3."],
    overflows=2,
    last_overflow_at=NOW - HOUR,
    hints=Hints(ttl=3_600.0, update_period=7_200.0, skip_hours=[0, 1], skip_days=[5, 6]),
    moved_to="https://user:secret@other.example/feed.xml",
    moved_seen=2,
    moved_since=NOW - DAY,
    found_at="https://user:secret@news.example/",
    choices=["https://user:secret@news.example/comments.xml"],
    etag='W/"1"',
    full_at=NOW - DAY,
    websub=WebSub(
        hub="https://hub.example/",
        topic="https://news.example/feed.xml",
        token="unguessable-token",
        secret="key-of-signatures",
        state="active",
        asked_at=NOW - DAY,
        until=NOW + 9 * DAY,
        pushes=4,
        last_push_at=NOW - 60,
    ),
    history=[Poll(at=NOW - 600, seconds=0.25, result="new", status=200, entries=12, new=3)],
)


def test_everything_of_a_feed_is_told():
    told = dict(facts(FULL, NOW))
    for name, words in {
        "health": "failing: news.example did not answer",
        "interval": "30 min (you asked for 15 min): an entry comes every 1 h",
        "next poll": "in 20 min",
        "error": "timeout: news.example did not answer",
        "advice": CODES["timeout"],
        "failures": "2 in a row",
        "warnings": "Not well-formed in line 3.",
        "entries": "40 seen, 3 new in the last poll",
        "missed": "2 polls brought only new entries",
        "rhythm": "every 1 h",
        "found at": "https://user:***@news.example/",
        "other choices": "comments.xml",
        "moves to": "seen 2 times",
        "asked": "with ETag; last asked for whole 1 d ago",
        "feed's wishes": "not at 0:00, 1:00 GMT (skipHours); not on Saturday, Sunday (skipDays)",
        "WebSub": "active at https://hub.example/; lease until",
    }.items():
        assert words in told[name], name
    assert not [name for name, words in told.items() if "secret" in words]


def test_a_feeds_document_keeps_secrets_and_says_the_rest():
    told = feed_document(FULL, NOW)
    assert "secret" not in str(told)
    assert "unguessable-token" not in str(told)
    assert told["problem"] == {
        "code": "timeout",
        "message": TIMEOUT.message,
        "retry_helps": True,
        "retry_after": None,
        "ours": False,
    }
    assert told["advice"] == CODES["timeout"]
    assert told["websub"]["state"] == "active"
    assert told["websub"]["until"].startswith("2023-11-")
    assert told["hints"]["skip_days"] == [5, 6]
    (poll,) = told["history"]
    assert (poll["result"], poll["entries"], poll["new"], poll["at"][:4]) == ("new", 12, 3, "2023")
    assert told["entries_new"] == 3
    assert told["missed"].startswith("2 polls")
    shorter = feed_line(FULL, NOW)
    assert shorter.items() <= told.items()
    assert "history" not in shorter


@pytest.mark.parametrize(
    ("seconds", "whole", "roughly"),
    [
        (0.5, "now", "now"),
        (1_500, "in 25 min", "in 25 min"),
        (-11_100, "3 h 5 min ago", "3 h ago"),
        (-90_061, "1 d 1 h ago", "1 d ago"),
    ],
)
def test_moments_are_told_from_now(seconds, whole, roughly):
    assert from_now(NOW + seconds, NOW) == whole
    assert from_now(NOW + seconds, NOW, roughly=True) == roughly
