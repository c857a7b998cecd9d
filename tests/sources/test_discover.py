"""Which feeds a page has, and in which order they are proposed."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.sources.discover import MOST, common_paths, discover_feeds
from pipeline.urls import canonical

HOME = "https://a.example/"
RSS = "application/rss+xml"


def announced(href: str, **more: str) -> str:
    attributes = {"rel": "alternate", "type": RSS, "href": href} | more
    return f"<link {' '.join(f'{name}={value!r}' for name, value in attributes.items())}>"


def page(*head: str, body: str = "", lang: str = "en") -> bytes:
    return (
        f'<!doctype html><html lang="{lang}"><head>{"".join(head)}</head><body>{body}</body></html>'.encode()
    )


def paths(found: list[str]) -> list[str]:
    return [one.removeprefix("https://a.example") for one in found]


def test_comment_feeds_come_last_and_other_languages_later() -> None:
    body = page(
        announced("/comments/feed/", title="Paper » Comments Feed"),
        announced("/?feed=comments-rss2"),
        announced("/kommentare", title="Alle Kommentare"),
        announced("/fr/feed", hreflang="fr-CA"),
        announced("/feed", title="Paper » Feed"),
        announced("/us/feed", hreflang="en-US"),
        announced("/sport/feed", title="Paper » Sport"),
        announced("/x/feed", hreflang="x-default"),
    )
    assert paths(discover_feeds(body, HOME)) == [
        "/feed", "/us/feed", "/sport/feed", "/x/feed", "/fr/feed", "/comments/feed/", "/?feed=comments-rss2",
        "/kommentare",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("link", "is_feed"),
    [
        ('<link rel="feed" href="/x">', True),
        ('<link rel="feed home" type="application/atom+xml" href="/x">', True),
        ('<link rel="alternate feed" href="/x">', True),
        ('<link rel="alternate stylesheet" type="application/rss+xml" href="/x">', False),
        ('<link rel="alternate" type="application/x.atom+xml" href="/x">', True),
        ('<link rel="alternate" type="TEXT/XML; charset=utf-8" title="RSS 2.0" href="/x">', True),
        ('<link rel="alternate" type="text/xml" href="/index.rss">', True),
        ('<link rel="alternate" type="application/xml" href="/oembed.xml">', False),
        ('<link rel="alternate" type="application/json" href="/feed.json">', True),
        ('<link rel="alternate" type="application/json" href="/wp-json/v2/posts/1">', False),
        ('<link rel="alternate" type="application/json+oembed" href="/embed?url=feed">', False),
        ('<link rel="alternate" type="text/html" href="/feed">', False),
        ('<link rel="alternate" type="application/rss+xml">', False),
        ('<link rel="alternate" type="application/rss+xml" href="">', False),
        ('<link rel="alternate" type="application/rss+xml" href="#top">', False),
        ('<link rel="alternate" type="application/rss+xml" href="mailto:x@a.example">', False),
        ('<link rel="me" type="application/rss+xml" href="/x">', False),
    ],
)
def test_announcements_are_told_from_other_links(link: str, is_feed: bool) -> None:
    assert bool(discover_feeds(page(link), HOME)) == is_feed


@pytest.mark.parametrize(
    ("link", "is_feed"),
    [
        ('<a href="/news.rss">News</a>', True),
        ('<a href="/atom">all</a>', True),
        ('<a href="/blog/feed/">Follow</a>', True),
        ('<a href="https://feeds.b.example/paper">Follow</a>', True),
        ('<a href="/index.xml"><img src="rss.png"> RSS-Feed</a>', True),
        ('<a href="/index.xml" title="RSS">x</a>', True),
        ('<a href="/index.xml" type="application/rss+xml">x</a>', True),
        ('<a href="/rss/sport.xml">Sport</a>', True),
        ('<a href="/index.xml">Index</a> <p>RSS', False),
        ('<a href="/sitemap.xml">Sitemap</a>', False),
        ('<a href="/feedback">Feedback</a>', False),
        ('<a href="/about-rss">What is RSS?</a>', False),
        ('<a href="/harassment.php">Harassment</a>', False),
        ('<a href="https://reader.example/i/subscription/feed/https://a.example/rss">Read</a>', False),
        ('<a href="https://validator.example/check.rss?url=https%3A%2F%2Fa.example%2Frss">Valid</a>', False),
        ('<!-- <a href="/news.rss">News</a> -->', False),
        ('<a href="javascript:void(0)">RSS</a>', False),
        ("<a>RSS</a>", False),
    ],
)
def test_a_page_that_announces_nothing_may_link_to_a_feed(link: str, is_feed: bool) -> None:
    assert bool(discover_feeds(page(body=link), HOME)) == is_feed
    # Even in the foot of a very long page.
    long = page(body=f"{'<p>word</p>' * 60_000}{link}")
    assert bool(discover_feeds(long, HOME)) == is_feed


def test_links_are_left_out_where_feeds_are_announced() -> None:
    body = page(announced("/feed"), body='<a href="/other.rss">x</a>')
    assert paths(discover_feeds(body, HOME)) == ["/feed"]


def test_linked_feeds_keep_their_order_but_comments_come_last() -> None:
    body = page(
        '<base href="/b/">', body='<a href="comments.rss">x</a><a href="1.rss">x</a><a href="/2.rss">x</a>'
    )
    assert paths(discover_feeds(body, HOME)) == ["/b/1.rss", "/2.rss", "/b/comments.rss"]


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ('</f>; rel="alternate"; type="application/rss+xml"', ["/f"]),
        ("<f>;rel=alternate;type=application/atom+xml", ["/x/f"]),
        (
            '<//a.example/a,b;c>; title="a, b; \\"c\\""; REL="home Alternate"; Type="application/rss+xml"',
            ["/a,b;c"],
        ),
        ('</hub>; rel="hub", </f>; rel="alternate"; type="application/rss+xml"', ["/f"]),
        ('</c/comments/f>; rel=feed, </f>; rel="feed"', ["/f", "/c/comments/f"]),
        ('</f>; rel="hub"; rel="alternate"; type="application/rss+xml"', []),
        ('</f>; rel="alternate"; type="application/rss+xml"; anchor="/elsewhere"', []),
        ('</wp-json/>; rel="https://api.w.org/", </?p=1>; rel=shortlink', []),
        ("garbage, <", []),
        ("", []),
    ],
)
def test_the_header_link_announces_feeds_too(value: str, wanted: list[str]) -> None:
    for name in ("link", "Link"):
        found = discover_feeds(
            b"", "https://a.example/x/y", headers={name: value, "content-type": "text/html"}
        )
        assert paths(found) == wanted


def test_a_header_repeats_the_page_and_stands_behind_it() -> None:
    headers = {"link": f'</b>; rel=alternate; type="{RSS}", </a>; rel=alternate; type="{RSS}"'}
    assert paths(discover_feeds(page(announced("/a"), announced("/c")), HOME, headers=headers)) == [
        "/a",
        "/c",
        "/b",
    ]


def test_usual_places_are_few_and_begin_beside_the_page() -> None:
    at_root = common_paths("https://A.example/?x=1")
    assert at_root[0] == "https://a.example/feed"
    assert {"https://a.example/rss.xml", "https://a.example/sitemap-news.xml"} < set(at_root)
    assert common_paths("https://a.example/blog") == at_root
    below = common_paths("https://a.example/blog/index.html")
    assert below[0] == "https://a.example/blog/feed"
    assert below[-len(at_root) :] == at_root
    assert len(below) < 20
    assert common_paths("no address") == []


def test_there_are_never_too_many_to_choose_from() -> None:
    body = page(*(announced(f"/{n}") for n in range(1000)))
    assert paths(discover_feeds(body, HOME)) == [f"/{n}" for n in range(MOST)]


@pytest.mark.parametrize(
    "hostile",
    [
        b"<a " * 100_000,
        b"<a>" * 60_000,
        b"<a href=x>" * 30_000,
        b"<a href='" + b"x" * 500_000,
        b"<html lang=" * 50_000,
        b"<!--" * 150_000 + b"-->",
    ],
    ids=lambda body: body[:9].decode(),
)
def test_hostile_pages_take_little_time(hostile: bytes) -> None:
    began = time.process_time()
    assert discover_feeds(hostile, HOME) == []
    assert time.process_time() - began < 4


@pytest.mark.parametrize(
    "value",
    [
        "<a>;" * 20_000,
        "<a>" + ";" * 50_000,
        '<a>; x="' * 10_000,
        "<" * 50_000,
        "<a>" + " " * 50_000,
        ", " * 50_000,
    ],
    ids=lambda value: value[:8],
)
def test_hostile_headers_take_little_time(value: str) -> None:
    began = time.process_time()
    assert discover_feeds(b"", HOME, headers={"link": value}) == []
    assert time.process_time() - began < 1


@given(st.binary(max_size=200), st.text(max_size=100))
def test_whatever_a_page_says_only_addresses_come_of_it_each_once(noise: bytes, header: str) -> None:
    body = (
        b"<link rel=alternate type=application/rss+xml href=" + noise + b"><a href='" + noise + b"'>RSS</a>"
    )
    found = discover_feeds(body, HOME, headers={"link": f"<{header}>; rel=feed"})
    assert len({canonical(one) for one in found}) == len(found)
