"""JSON Feed 1.0 and 1.1, with what real ones get wrong."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pipeline.errors import SourceError
from pipeline.model import Entry
from pipeline.sources.json_feed import parse_json_feed

URL = "https://news.example/feeds/all.json"


def entry(item: dict[str, Any], **feed: Any) -> Entry:
    whole = {"version": "https://jsonfeed.org/version/1.1", "items": [item], **feed}
    (found,) = parse_json_feed(json.dumps(whole).encode(), URL).entries
    return found


@pytest.mark.parametrize(
    ("holder", "expected"),
    [
        ({"authors": []}, ["Feed"]),
        ({"authors": {}}, ["Feed"]),
        ({"authors": {"name": "One"}}, ["One"]),
        ({"authors": [{}, {"name": "A"}, None, {"name": "A"}, {"name": "B"}]}, ["A", "B"]),
        ({"authors": [], "author": {"name": "Old"}}, ["Old"]),
        ({"author": "text"}, ["Feed"]),
    ],
)
def test_authors_come_in_all_shapes(holder: dict[str, Any], expected: list[str]) -> None:
    assert entry({"id": "1", **holder}, authors=[{"name": "Feed"}]).authors == expected


def test_numbers_are_identities_too() -> None:
    assert (entry({"id": 7}).key, entry({"id": 7.5}).key, entry({"id": " "}).link) == ("7", "7.5", None)


def test_a_json_feed_in_two_byte_signs_is_read() -> None:
    body = json.dumps({"items": [{"id": "ü"}]}, ensure_ascii=False).encode("utf-16")
    assert [one.key for one in parse_json_feed(body, URL).entries] == ["ü"]


def test_a_json_feed_gives_the_same_kind_of_entries() -> None:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "J",
        "home_page_url": "https://news.example/",
        "language": "en",
        "author": {"name": "Old style"},
        "items": [
            {
                "id": 7,
                "url": "/seven",
                "content_text": "One.\n\nTwo.",
                "tags": ["a", 3, "a"],
                "title": ["no"],
            },
            {"id": "https://news.example/8", "authors": [{"name": "New"}, {"url": "x"}], "summary": "S"},
            "no object",
        ],
    }
    parsed = parse_json_feed(json.dumps(feed).encode(), URL)
    seven, eight = parsed.entries
    assert (seven.key, seven.link, seven.tags) == ("7", "https://news.example/seven", ["a"])
    assert (seven.authors, seven.content, seven.title) == (["Old style"], "<p>One.</p>\n<p>Two.</p>", None)
    assert (eight.link, eight.authors, eight.content) == ("https://news.example/8", ["New"], None)
    assert parsed.warnings == ["1 items are no objects."]


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[]",
        b'{"items": 5}',
        b"[" * 200_000,
        b'{"version": "https://jsonfeed.org/version/1"}',
        b"\xff\xfe{",
    ],
)
def test_json_that_is_no_feed_is_refused(body: bytes) -> None:
    with pytest.raises(SourceError) as caught:
        parse_json_feed(body, URL)
    assert caught.value.code == "bad_feed"
