"""Subscriptions in and out as OPML."""

from dataclasses import replace

import pytest

LIST = b"""<?xml version="1.0"?><opml version="2.0"><head><title>Mine</title></head><body>
<outline text="News"><outline type="rss" text="Harbour &amp; Sea" xmlUrl="https://news.example/feed.xml"/></outline>
<outline type="rss" text="Same again" xmlUrl="https://NEWS.example:443/feed.xml"/>
<outline type="rss" title="Second" xmlUrl="http://other.example/rss?a=1&amp;b=2"/>
<outline type="rss" text="A path" xmlUrl="feeds/local.xml"/>
<outline type="rss" text="A mail list" xmlUrl="mailto:list@news.example"/>
<outline type="rss" text="No host" xmlUrl="https://:8080/feed.xml"/>
<outline type="rss" text="Masked" xmlUrl="https://user:***@news.example/private.xml"/>
</body></opml>"""


@pytest.fixture
def opml(tmp_path):
    path = tmp_path / "list.opml"
    path.write_bytes(LIST)
    return str(path)


def test_a_list_is_imported_and_every_line_is_accounted_for(place, opml):
    result = place.feedmill("feeds", "import", opml)
    assert result.exit_code == 1
    assert "2 feeds added, 1 already there, 4 refused" in result.stdout
    for words in ("feeds/local.xml", "It is a path", "mailto:list@news.example", "Only http", "masked"):
        assert words in result.stdout
    feeds = place.json("feeds", "list")["feeds"]
    assert [(one["url"], one["title"]) for one in feeds] == [
        ("https://news.example/feed.xml", "Harbour & Sea"),
        ("http://other.example/rss?a=1&b=2", "Second"),
    ]


def test_what_is_there_stays_as_it_is(place, opml):
    place.feedmill("feeds", "add", "https://news.example/feed.xml", "--title", "Ours")
    result = place.feedmill("feeds", "import", opml)
    assert "1 feed added, 2 already there" in result.stdout
    assert place.json("feeds", "show", "1")["title"] == "Ours"


def test_a_list_comes_from_standard_input_and_json_counts_it(place):
    import json

    result = place.feedmill("feeds", "import", "-", "--json", stdin=LIST)
    told = json.loads(result.stdout)
    assert [one["url"] for one in told["added"]] == [
        "https://news.example/feed.xml",
        "http://other.example/rss?a=1&b=2",
    ]
    assert told["already_there"] == [told["added"][0]["id"]]
    assert {one["address"] for one in told["refused"]} >= {"feeds/local.xml", "mailto:list@news.example"}
    assert all(one["reason"].endswith(".") for one in told["refused"])


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "readable OPML"),
        (b"<opml><body/></opml>", "names no feeds"),
        (b"\x89PNG\r\n", "readable OPML"),
        (
            b'<!DOCTYPE opml [<!ENTITY a "b">]><opml><body><outline xmlUrl="https://&a;/"/></body></opml>',
            "entities",
        ),
    ],
    ids=["nothing", "no feeds", "a picture", "entities"],
)
def test_what_is_no_list_is_refused_in_words(place, body, words):
    result = place.feedmill("feeds", "import", "-", stdin=body)
    assert result.exit_code == 2
    assert words in result.stderr
    assert result.stdout == ""


def test_a_list_that_cannot_be_read_is_named(place, tmp_path):
    for name in (str(tmp_path / "none.opml"), str(tmp_path)):
        result = place.feedmill("feeds", "import", name)
        assert result.exit_code == 2
        assert name in result.stderr
    assert not place.folder.exists()


def test_a_list_is_bounded(place, opml, monkeypatch):
    monkeypatch.setenv("FEEDMILL_MAX_FEED_BYTES", "1000")
    big = LIST + b" " * 1_000
    result = place.feedmill("feeds", "import", "-", stdin=big)
    assert result.exit_code == 2
    assert "FEEDMILL_MAX_FEED_BYTES" in result.stderr


def test_what_is_exported_can_be_imported_elsewhere(place, tmp_path, opml):
    place.feedmill("feeds", "import", opml)
    path = tmp_path / "out.opml"
    result = place.feedmill("feeds", "export", "-o", str(path))
    assert (result.exit_code, result.stdout) == (0, "")
    assert "2 feeds written" in result.stderr
    before = [(one["url"], one["title"]) for one in place.json("feeds", "list")["feeds"]]
    other = replace(place, folder=tmp_path / "other")
    assert other.feedmill("feeds", "import", str(path)).exit_code == 0
    assert [(one["url"], one["title"]) for one in other.json("feeds", "list")["feeds"]] == before
    one = place.feedmill("feeds", "export", "2").stdout
    assert "other.example" in one
    assert "news.example" not in one


def test_passwords_leave_only_when_asked_for(place, tmp_path):
    place.feedmill("feeds", "add", "https://user:secret@news.example/feed.xml")
    masked = place.feedmill("feeds", "export").stdout
    assert "secret" not in masked
    whole = place.feedmill("feeds", "export", "--with-passwords").stdout
    assert "user:secret@news.example" in whole
    other = replace(place, folder=tmp_path / "other")
    assert other.feedmill("feeds", "import", "-", stdin=whole.encode()).exit_code == 0
    (feed,) = other.json("feeds", "list")["feeds"]
    assert feed["url"] == "https://user:***@news.example/feed.xml"
