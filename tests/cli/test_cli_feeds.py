import time

import pytest

from pipeline.model import NewItem, Polled, Problem

URL = "https://Example.org:443/feed.xml"
TIMEOUT = Problem(code="timeout", message="example.org did not answer in 30 s.", retry_helps=True)


def polled(store, feed, now=None, **fields):
    """What one poll brought, written as a worker writes it."""
    now = time.time() if now is None else now
    store.feeds_polled([Polled(**({"feed": feed, "at": now, "status": 200} | fields))], now)


def entries(*names):
    links = [f"https://example.org/{name}" for name in names]
    return [NewItem(key=link, name=link, url=link, source=URL) for link in links]


def add(place, *urls):
    return [feed["id"] for feed in place.json("feeds", "add", *urls)["feeds"]]


# -- adding and removing --------------------------------------------------------------------------


def test_a_feed_is_added_once_however_it_is_spelt(place):
    first = place.json("feeds", "add", URL, "--interval", "900", "--title", "Example")["feeds"][0]
    again = place.json("feeds", "add", "https://example.org/feed.xml")["feeds"][0]
    assert (first["id"], first["interval_wanted"], first["title"]) == (again["id"], 900.0, "Example")
    assert len(place.json("feeds", "list")["feeds"]) == 1


def test_a_feed_is_added_with_an_interval_of_its_own(place):
    assert place.json("feeds", "add", URL, "--interval", "auto")["feeds"][0]["interval_wanted"] is None
    for wrong in ("5", "1e99", "often", "nan"):
        result = place.feedmill("feeds", "add", URL, "--interval", wrong)
        assert result.exit_code == 2, wrong
        assert "--interval" in result.stderr


def test_a_wrong_address_is_refused_and_nothing_added(place):
    result = place.feedmill("feeds", "add", URL, "ftp://example.org/feed")
    assert result.exit_code == 2
    assert "ftp://example.org/feed" in result.stderr
    assert not place.folder.exists()


@pytest.mark.parametrize("name", ["1", "https://example.org/feed.xml"])
def test_a_feed_is_removed_by_number_or_address(place, name):
    add(place, URL)
    assert place.feedmill("feeds", "remove", name).exit_code == 0
    assert place.json("feeds", "list") == {"feeds": []}


def test_an_unknown_feed_is_wrong_usage(place):
    add(place, URL)
    for words in (["remove"], ["poll"], ["pause"], ["resume"], ["show"], ["export"], ["set", "--title", "x"]):
        result = place.feedmill("feeds", *words, "7")
        assert result.exit_code == 2, words
        assert "There is no feed 7" in result.stderr
        assert "feedmill feeds list" in result.stderr


def test_polling_without_feeds_starts_nothing(place):
    place.store().close()
    result = place.feedmill("feeds", "poll")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "No feeds" in result.stderr


# -- seeing ---------------------------------------------------------------------------------------


def test_the_list_shows_state_health_and_next_poll(place):
    add(place, URL)
    stdout = place.feedmill("feeds", "list").stdout
    for words in (URL, "active", "new", "never", "now"):
        assert words in stdout


def test_the_list_says_in_words_what_is_wrong(place):
    good, bad = add(place, URL, "https://example.org/bad.xml")
    store = place.store()
    polled(store, good, title="Good news", items=entries("a", "b"))
    polled(store, bad, status=None, problem=TIMEOUT)
    stdout = place.feedmill("feeds", "list").stdout
    assert "Good news" in stdout
    assert "timeout: example.org did not answer in 30 s. It has never worked." in stdout
    assert [one["id"] for one in place.json("feeds", "list", "--failing")["feeds"]] == [bad]
    assert [one["health"] for one in place.json("feeds", "list")["feeds"]] == ["fine", "failing"]
    (line,) = place.json("feeds", "list", "--health", "fine")["feeds"]
    assert (line["entries_seen"], line["title"]) == (2, "Good news")


def test_the_list_is_narrowed_by_state(place):
    first, second = add(place, URL, "https://example.org/2.xml")
    assert place.feedmill("feeds", "pause", str(first)).exit_code == 0
    assert [one["id"] for one in place.json("feeds", "list", "--state", "active")["feeds"]] == [second]
    result = place.feedmill("feeds", "list", "--state", "gone")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "No feed is like that.\n")
    assert place.feedmill("feeds", "list", "--health", "splendid").exit_code == 2


def test_one_feed_is_shown_with_everything(place):
    (number,) = add(place, URL)
    store = place.store()
    now = time.time()
    polled(store, number, now - 7_200, title="Good news", etag='"1"', seconds=0.25, items=entries("a", "b"))
    polled(store, number, now - 60, status=503, problem=TIMEOUT)
    result = place.feedmill("feeds", "show", str(number))
    assert result.exit_code == 0
    for words in (
        "Good news",
        "failing: example.org did not answer in 30 s. It last worked 2 h ago.",
        "2 seen, 2 new in the last 2 polls",
        "none that is known of",
        "with ETag",
        "2 entries, 2 new",
        "timeout (status 503)",
        "250 ms",
    ):
        assert words in result.stdout, words
    told = place.json("feeds", "show", "https://example.org/feed.xml")
    assert [one["result"] for one in told["history"]] == ["new", "timeout"]
    assert told["interval_reason"] in result.stdout


def test_text_from_a_feed_reaches_no_terminal_as_it_is(place):
    (number,) = add(place, URL)
    evil = "\x1b[31m\u202eGood\nnews"
    problem = Problem(code="bad_feed", message=evil)
    polled(place.store(), number, title=evil, warnings=[evil], items=entries("a"))
    polled(place.store(), number, problem=problem)
    for words in (["list"], ["show", "1"], ["pause", "1"]):
        stdout = place.feedmill("feeds", *words).stdout
        assert "Good news" in stdout
        assert "\x1b[31m" not in stdout
        assert "\u202e" not in stdout


def test_a_password_is_shown_nowhere(place):
    add(place, "https://user:secret@example.org/feed.xml")
    named = "https://user:secret@example.org/feed.xml"
    for words in (["list"], ["show", "1"], ["pause", named], ["resume", "1"], ["export"], ["remove", "1"]):
        result = place.feedmill("feeds", *words)
        assert result.exit_code == 0, words
        assert "secret" not in result.output, words
        if words[0] in ("list", "show", "pause", "resume"):
            assert "secret" not in place.feedmill("feeds", *words, "--json").output, words


# -- changing -------------------------------------------------------------------------------------


def test_a_feed_is_paused_and_resumed(place):
    (number,) = add(place, URL)
    paused = place.feedmill("feeds", "pause", "1")
    assert paused.stdout == f"{number}\t{URL}\tno further poll: it is paused\n"
    assert place.json("feeds", "show", "1")["state"] == "paused"
    (resumed,) = place.json("feeds", "resume", "1")["feeds"]
    assert resumed["state"] == "active"
    assert "next poll now" in place.feedmill("feeds", "resume", "1").stdout


def test_interval_and_title_are_set(place):
    add(place, URL)
    (feed,) = place.json("feeds", "set", "1", "--interval", "7200", "--title", "Mine")["feeds"]
    assert (feed["interval_wanted"], feed["title"]) == (7_200.0, "Mine")
    (feed,) = place.json("feeds", "set", "1", "--interval", "auto")["feeds"]
    assert (feed["interval_wanted"], feed["title"]) == (None, "Mine")
    assert place.feedmill("feeds", "set", "1").exit_code == 2
    add(place, "https://example.org/2.xml")
    assert place.feedmill("feeds", "set", "1", "2", "--title", "Both").exit_code == 2
