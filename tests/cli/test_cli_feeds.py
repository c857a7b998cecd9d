import pytest

URL = "https://Example.org:443/feed.xml"


def test_a_feed_is_added_once_however_it_is_spelt(place):
    first = place.json("feeds", "add", URL, "--interval", "900", "--title", "Example")["feeds"][0]
    again = place.json("feeds", "add", "https://example.org/feed.xml")["feeds"][0]
    assert (first["id"], first["interval"], first["title"]) == (again["id"], 900.0, "Example")
    assert len(place.json("feeds", "list")["feeds"]) == 1


def test_the_list_shows_state_and_next_poll(place):
    place.feedmill("feeds", "add", URL)
    stdout = place.feedmill("feeds", "list").stdout
    for words in (URL, "active", "never", "1 h"):
        assert words in stdout


def test_a_wrong_address_is_refused_and_nothing_added(place):
    result = place.feedmill("feeds", "add", URL, "ftp://example.org/feed")
    assert result.exit_code == 2
    assert "ftp://example.org/feed" in result.stderr
    assert not place.folder.exists()


@pytest.mark.parametrize("name", ["1", "https://example.org/feed.xml"])
def test_a_feed_is_removed_by_number_or_address(place, name):
    place.feedmill("feeds", "add", URL)
    assert place.feedmill("feeds", "remove", name).exit_code == 0
    assert place.json("feeds", "list") == {"feeds": []}


def test_an_unknown_feed_is_wrong_usage(place):
    place.feedmill("feeds", "add", URL)
    for command in ("remove", "poll"):
        result = place.feedmill("feeds", command, "7")
        assert result.exit_code == 2
        assert "There is no feed 7" in result.stderr


def test_polling_without_feeds_starts_nothing(place):
    place.store().close()
    result = place.feedmill("feeds", "poll")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "No feeds" in result.stderr
