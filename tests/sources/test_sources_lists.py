"""Addresses, OPML lists and home pages: what leads to feeds."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from pipeline import sources
from pipeline.errors import SourceError
from pipeline.model import Item, NewItem
from pipeline.settings import Settings
from pipeline.sources import discover_feeds, is_home_page
from pipeline.sources.opml import parse_opml
from pipeline.urls import file_key

SETTINGS = Settings()
FEED = (
    "<rss version='2.0'><channel><title>F</title>"
    "<item><link>https://a.example/1</link></item><item><link>https://a.example/2</link></item></channel></rss>"
)


def opml(*outlines: str) -> str:
    return f"<?xml version='1.0'?><opml version='2.0'><body>{''.join(outlines)}</body></opml>"


def item(url: str, source: str) -> Item:
    return Item(id=1, job="j", key=url, name=url, source=source, url=url, expand=True)


@pytest.mark.parametrize(
    ("ref", "key"),
    [
        ("https://A.example/x?utm_source=y#z", "https://a.example/x"),
        (" http://a.example ", "http://a.example/"),
        ("feed://a.example/f", "http://a.example/f"),
        ("feed:https://a.example/f", "https://a.example/f"),
    ],
)
def test_an_address_is_one_item_to_be_fetched_and_perhaps_expanded(ref: str, key: str) -> None:
    (item,) = sources.read(ref, SETTINGS)
    assert (item.key, item.expand, item.content, item.problem) == (key, True, None, None)


def test_a_password_in_an_address_is_not_shown() -> None:
    (item,) = sources.read("https://ann:secret@a.example/f", SETTINGS)
    assert "secret" not in item.name
    assert item.url == "https://ann:secret@a.example/f"


@pytest.mark.parametrize("ref", ["http://", "https://[::1", "http:///path", "https://a.example:99999/"])
def test_an_address_without_use_is_a_bad_url(ref: str) -> None:
    (item,) = sources.read(ref, SETTINGS)
    assert item.problem is not None
    assert item.problem.code == "bad_url"


def test_an_opml_list_is_read_with_its_nested_outlines_each_once() -> None:
    found = parse_opml(
        opml(
            "<outline text='Group'><outline type='rss' title='One' xmlUrl='https://a.example/f'/></outline>",
            "<outline text='Two' XMLURL='b.xml'/>",
            "<outline text='Again' xmlUrl='https://a.example/f'/>",
            "<outline text='No feed' htmlUrl='https://a.example/'/>",
            "<outline type='link' url='https://a.example/page'/>",
        ).encode()
    )
    assert [(one.url, one.title) for one in found] == [("https://a.example/f", "One"), ("b.xml", "Two")]


def test_an_opml_list_with_bare_ampersands_is_read_all_the_same() -> None:
    broken = opml(
        "<outline text='A & B' xmlUrl='https://a.example/f?a=1&b=2&amp;c=3'/>", "<outline text='x'>"
    )
    assert [one.url for one in parse_opml(broken.encode())] == ["https://a.example/f?a=1&b=2&c=3"]


def test_an_opml_bomb_or_rubbish_is_refused_fast() -> None:
    layers = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f"<!DOCTYPE opml [<!ENTITY a0 'ha'>{layers}]>" + opml(
        "<outline text='&a9;' xmlUrl='https://a.example/'/>"
    )
    began = time.process_time()
    for body in (
        bomb,
        "<opml>",
        "<opml><outline " * 20_000,
        '<opml><outline a="' * 20_000,
        "<opml><outline " + "a" * 500_000,
    ):
        with pytest.raises(SourceError) as caught:
            parse_opml(body.encode())
        assert caught.value.code == "bad_feed"
    assert time.process_time() - began < 5


def test_a_local_list_leads_to_addresses_and_to_the_feeds_beside_it(tmp_path: Path) -> None:
    (tmp_path / "feeds").mkdir()
    (tmp_path / "feeds/one.xml").write_text(FEED)
    (tmp_path / "private.txt").write_text("no feed at all")
    (tmp_path / "list.opml").write_text(
        opml(
            "<outline xmlUrl='https://b.example/feed'/>",
            "<outline xmlUrl='feeds/one.xml'/>",
            "<outline xmlUrl='feeds/missing.xml'/>",
            "<outline xmlUrl='private.txt'/>",
            "<outline xmlUrl='/etc/passwd'/>",
            "<outline xmlUrl='file:///etc/passwd'/>",
            "<outline xmlUrl='ftp://b.example/feed'/>",
        )
    )
    items = list(sources.read(str(tmp_path / "list.opml"), SETTINGS))
    assert [(one.key, one.expand) for one in items[:3]] == [
        ("https://b.example/feed", True),
        ("https://a.example/1", False),
        ("https://a.example/2", False),
    ]
    codes = [one.problem.code for one in items[3:] if one.problem]
    assert codes == ["not_found", "bad_feed", "bad_url", "bad_url", "bad_url"]
    assert items[3].key == file_key(tmp_path / "feeds/missing.xml")


def test_what_a_folder_holds_and_its_list_names_comes_once(tmp_path: Path) -> None:
    (tmp_path / "feeds").mkdir()
    (tmp_path / "feeds/one.xml").write_text(FEED)
    (tmp_path / "feeds/two.xml").write_text(FEED)
    (tmp_path / "list.opml").write_text(opml("<outline xmlUrl='feeds/one.xml'/>"))
    keys = [one.key for one in sources.read(str(tmp_path), SETTINGS)]
    assert keys == ["https://a.example/1", "https://a.example/2"]


def test_a_fetched_list_leads_to_addresses_only() -> None:
    body = opml(
        "<outline xmlUrl='feeds/one.xml'/>",
        "<outline xmlUrl='https://b.example/f'/>",
        "<outline xmlUrl='list.opml'/>",
    )
    items = sources.expand(body.encode(), "https://a.example/x/list.opml", None, SETTINGS)
    assert items is not None
    assert [(one.key, one.expand) for one in items] == [
        ("https://a.example/x/feeds/one.xml", True),
        ("https://b.example/f", True),
    ]


def test_lists_that_name_each_other_do_not_lead_round_in_circles() -> None:
    body = opml("<outline xmlUrl='https://a.example/other.opml'/>").encode()
    first = "https://a.example/list.opml"
    found = sources.expand(body, first, None, SETTINGS, item(first, source=f"{first}#x"))
    assert found is not None
    assert [one.source for one in found] == [f"{first}#x"]
    other = "https://a.example/other.opml"
    for source in (first, "subscriptions.opml"):
        with pytest.raises(SourceError) as caught:
            sources.expand(body, other, None, SETTINGS, item(other, source=source))
        assert caught.value.code == "bad_feed"


def test_a_list_without_feeds_is_empty() -> None:
    with pytest.raises(SourceError) as caught:
        sources.expand(opml().encode(), "https://a.example/l", None, SETTINGS)
    assert caught.value.code == "empty_feed"


def test_announced_feeds_are_found_in_order_and_made_absolute() -> None:
    page = b"""<!doctype html><html><head><base href="/sub/">
      <!-- <link rel="alternate" type="application/rss+xml" href="/commented"> -->
      <script>var x = '<link rel="alternate" type="application/rss+xml" href="/script">';</script>
      <LINK REL='home Alternate' TYPE='application/rss+xml; charset=utf-8' HREF='one.xml'>
      <link href=/two rel=alternate type=application/atom+xml>
      <link rel="alternate" type="application/feed+json" href="https://b.example/f.json?a=1&amp;b=2">
      <link rel="alternate" type="application/json" href="/wp-json/posts/1">
      <link rel="alternate" hreflang="de" href="/de/">
      <link rel="stylesheet" type="text/css" href="/x.css">
      <link rel="alternate" type="application/rss+xml" href="javascript:1">
      <link rel="alternate" type="application/rss+xml" href="one.xml"></head><body>"""
    assert discover_feeds(page, "https://a.example/start") == [
        "https://a.example/sub/one.xml",
        "https://a.example/two",
        "https://b.example/f.json?a=1&b=2",
    ]


@pytest.mark.parametrize(
    "hostile",
    [b"<!--" * 100_000, b"<link " * 60_000, b"<script>" * 50_000, b"<link " + b"a" * 400_000 + b">"],
)
def test_hostile_pages_are_searched_in_linear_time(hostile: bytes) -> None:
    began = time.process_time()
    assert discover_feeds(hostile, "https://a.example/") == []
    assert time.process_time() - began < 3


@pytest.mark.parametrize(
    ("url", "body", "home"),
    [
        ("https://a.example", b"<html>", True),
        ("https://a.example/index.html", b"<html>", True),
        ("https://a.example/de/", b"<html>", True),
        ("https://a.example/en-GB", b"<html>", True),
        ("https://a.example/?p=17", b"<html>", False),
        ("https://a.example/news/", b"<html>", False),
        ("https://a.example/2026/03/title", b"<html>", False),
        ("not an address", b"<html>", False),
        ("https://a.example/", b'<meta property="og:type" content="website">', True),
        ("https://a.example/", b'<meta content="Article" property="og:type">', False),
        (
            "https://a.example/",
            b'<script type="application/ld+json">{"@type": "NewsArticle"}</script>',
            False,
        ),
        ("https://a.example/", b'<script type="application/ld+json">{"@type": "WebSite"}</script>', True),
    ],
)
def test_a_home_page_is_known_by_its_address_and_is_no_article(url: str, body: bytes, home: bool) -> None:
    assert is_home_page(url, body) == home


def test_the_samples_give_each_item_once_and_need_no_network() -> None:
    folder = Path(__file__).parents[2] / "seeds"

    def samples(ref: str) -> list[NewItem]:
        return list(sources.read(str(folder / ref), SETTINGS))

    whole = samples("")
    keys = [one.key for one in whole]
    assert len(keys) == len(set(keys))
    for one in whole:
        assert one.problem is None, one.problem
        assert one.content is not None, f"{one.name} would be fetched"
    listed = {one.key for one in samples("subscriptions.opml")}
    assert listed
    assert listed <= {one.key for one in samples("feeds")} <= set(keys)
    assert len(samples("articles.jsonl")) == 3
