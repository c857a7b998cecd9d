"""What feeds ask of those who poll them: read alike by both parsers, and from JSON."""

from __future__ import annotations

import json

import pytest

from pipeline.model import Hints
from pipeline.sources.feed import parse_by_reference, parse_feed
from pipeline.sources.feed_hints import skip_days, skip_hours, ttl, update_period
from pipeline.sources.json_feed import parse_json_feed

URL = "https://news.example/feed"
HINTS = (
    "<ttl>90</ttl><sy:updatePeriod> hourly </sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>"
    "<skipHours><hour>24</hour><hour>3</hour><hour>03</hour></skipHours>"
    "<skipDays><day>Sunday</day><day>monday</day><day>Someday</day></skipDays>"
    '<a:link rel="hub" href="https://hub.example/"/><a:link rel="self" href="/feed.xml"/>'
)
EXPECTED = Hints(
    ttl=5400.0,
    update_period=1800.0,
    skip_hours=[0, 3],
    skip_days=[0, 6],
    hub="https://hub.example/",
    topic="https://news.example/feed.xml",
)


def rss(inside: str) -> bytes:
    spaces = 'xmlns:a="http://www.w3.org/2005/Atom" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"'
    return f'<rss version="2.0" {spaces}><channel><title>T</title>{inside}</channel></rss>'.encode()


def test_a_feeds_wishes_are_read_by_both_parsers() -> None:
    assert parse_feed(rss(HINTS), URL).hints == EXPECTED
    by_reference = parse_by_reference(rss(HINTS), URL)
    assert by_reference is not None
    assert by_reference.hints == EXPECTED


def test_a_broken_feeds_wishes_are_read_too() -> None:
    broken = rss(HINTS + "<item><title>A & B</title><link>https://news.example/1</link></item>")
    assert parse_feed(broken, URL).hints == EXPECTED


def test_an_atom_feed_names_its_hub() -> None:
    links = '<link rel="hub" href="https://hub.example/"/><link rel="self" href="x"/>'
    body = f'<feed xmlns="http://www.w3.org/2005/Atom">{links}</feed>'.encode()
    assert parse_feed(body, URL).hints == Hints(hub="https://hub.example/", topic="https://news.example/x")


def test_a_json_feed_names_its_hub() -> None:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "items": [],
        "feed_url": "https://news.example/feed.json",
        "hubs": [
            "no",
            {"type": "other", "url": "https://x.example"},
            {"type": "WebSub", "url": "https://hub.example/"},
        ],
    }
    expected = Hints(hub="https://hub.example/", topic="https://news.example/feed.json")
    assert parse_json_feed(json.dumps(feed).encode(), URL).hints == expected


@pytest.mark.parametrize(
    ("period", "frequency", "seconds"),
    [
        (None, None, None),
        ("daily", None, 86_400.0),
        (None, "4", 21_600.0),
        ("Weekly", "7", 86_400.0),
        ("dayly", "0.5", 172_800.0),
        ("always", "1", 3600.0),
        ("minutely", "1", None),
        ("hourly", "0", 3600.0),
        ("hourly", "often", 3600.0),
    ],
)
def test_the_update_period_is_divided_by_its_frequency(
    period: str | None, frequency: str | None, seconds: float | None
) -> None:
    assert update_period(period, frequency) == seconds


@pytest.mark.parametrize(
    ("minutes", "seconds"),
    [("60", 3600.0), ("0", None), ("-5", None), ("soon", None), ("1e99", None), ("nan", None)],
)
def test_a_ttl_is_a_sensible_number_of_minutes(minutes: str, seconds: float | None) -> None:
    assert ttl(minutes) == seconds


def test_a_feed_that_may_never_be_asked_is_asked_nevertheless() -> None:
    assert skip_hours([str(hour) for hour in range(24)]) == []
    assert skip_days(["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]) == []
    assert skip_hours(["25", "-1", "x"]) == []
