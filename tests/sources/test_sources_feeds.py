"""RSS, Atom, RDF and JSON Feed: entries, their identity, their links, and what must not hurt."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from pipeline import sources
from pipeline.errors import SourceError
from pipeline.model import Entry, NewItem
from pipeline.settings import Settings
from pipeline.sources.entries import FULL_CONTENT_WORDS, Identity, entry_keys, full_text
from pipeline.sources.feed import parse_feed
from pipeline.sources.feed_dates import iso

URL = "https://news.example/feeds/all.xml"
LONG = "<p>" + "The river rose again in the night. " * 20 + "</p>"
SETTINGS = Settings()


def rss(*items: str, head: str = "<title>News</title><link>https://news.example/</link>") -> bytes:
    inner = "".join(f"<item>{item}</item>" for item in items)
    spaces = (
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    )
    return f'<?xml version="1.0"?><rss version="2.0" {spaces}><channel>{head}{inner}</channel></rss>'.encode()


def expanded(body: bytes, content_type: str | None = None) -> list[NewItem]:
    items = sources.expand(body, URL, content_type, SETTINGS)
    assert items is not None
    return items


def refusal(body: bytes) -> str:
    with pytest.raises(SourceError) as caught:
        sources.expand(body, URL, None, SETTINGS)
    return caught.value.code


def test_an_rss_item_becomes_an_entry_with_all_that_it_says() -> None:
    body = rss(
        "<title>A &amp;amp; B</title><link>https://news.example/1</link><guid isPermaLink='false'>g1</guid>"
        "<pubDate>Thu, 12 Mar 2026 18:40:00 +0100</pubDate><category>Town</category><category>Town</category>"
        f"<dc:creator>Ann Lee</dc:creator><description>Short</description>"
        f"<content:encoded><![CDATA[{LONG}]]></content:encoded>",
        head="<title>News</title><link>https://news.example/</link><language>en-GB</language>",
    )
    parsed = parse_feed(body, URL)
    assert (parsed.title, parsed.link, parsed.warnings) == ("News", "https://news.example/", [])
    assert parsed.entries == [
        Entry(
            key="g1",
            link="https://news.example/1",
            title="A & B",
            authors=["Ann Lee"],
            published="2026-03-12T18:40:00+01:00",
            summary="Short",
            content=LONG,
            tags=["Town"],
            language="en-GB",
            feed_title="News",
            feed_url=URL,
        )
    ]


def test_an_atom_entry_keeps_its_two_dates_and_its_base() -> None:
    body = b"""<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de" xml:base="https://other.example/x/">
      <title>T</title><link href="https://news.example/"/>
      <entry><id>urn:1</id><title type="html">&lt;b&gt;Eins&lt;/b&gt; &amp;amp; zwei</title><link href="one"/>
      <published>2026-03-01</published><updated>2026-03-02T10:00:00Z</updated>
      <author><name>A</name></author><author><name>B</name></author>
      <category term="t" label="Label"/>
      <content type="text">First.\n\nSecond &lt;i&gt;.</content></entry></feed>"""
    (entry,) = parse_feed(body, URL).entries
    assert (entry.link, entry.title) == ("https://other.example/x/one", "Eins & zwei")
    assert (entry.published, entry.updated) == ("2026-03-01", "2026-03-02T10:00:00+00:00")
    assert (entry.authors, entry.tags, entry.language) == (["A", "B"], ["Label"], "de")
    assert entry.content == "<p>First.</p>\n<p>Second &lt;i&gt;.</p>"


def test_relative_links_are_resolved_against_the_feeds_own_link() -> None:
    assert expanded(rss("<link>/a/1</link>"))[0].url == "https://news.example/a/1"
    assert expanded(rss("<link>2</link>", head="<link>/sub/</link>"))[0].url == "https://news.example/sub/2"
    assert expanded(rss("<link>3</link>", head=""))[0].url == "https://news.example/feeds/3"


FULL = (
    "<title>T &lt;1&gt;</title><link>https://news.example/1?utm_source=rss</link>"
    f"<description>Short</description><content:encoded><![CDATA[{LONG}]]></content:encoded>"
)
TEASER = "<link>https://news.example/2</link><description>Short &amp; sweet</description>"


def test_an_entry_with_its_full_text_is_handed_over_and_others_are_fetched() -> None:
    found = sources.expand(rss(FULL, TEASER), URL, None, Settings(entry_text="entry"))
    assert found is not None
    first, second = found
    assert first.key == "https://news.example/1"
    assert first.url == "https://news.example/1?utm_source=rss"
    assert first.content is not None
    assert LONG.encode() in first.content
    assert b"<title>T &lt;1&gt;</title>" in first.content
    assert first.content_type == "text/html; charset=utf-8"
    assert first.entry is not None
    assert first.entry.content is None
    assert (second.content, second.url, second.problem, second.expand) == (
        None,
        "https://news.example/2",
        None,
        False,
    )
    assert second.entry is not None
    assert second.entry.summary == "Short & sweet"


def test_the_better_of_text_and_page_needs_both() -> None:
    (first, second) = sources.read_feed(rss(FULL, TEASER), URL, None, Settings(entry_text="better"))[1]
    assert (first.content, first.url) == (None, "https://news.example/1?utm_source=rss")
    assert first.entry is not None
    assert (first.entry.content, first.entry.summary) == (LONG, "Short")
    assert second.entry is not None
    assert second.entry.content is None


def test_a_full_text_in_the_description_is_kept_for_the_comparison_too() -> None:
    text = ("<p>" + "word " * 100 + "</p>") * 2
    body = rss(f"<link>https://news.example/1</link><description><![CDATA[{text}]]></description>")
    (item,) = sources.read_feed(body, URL, None, Settings())[1]
    assert item.entry is not None
    assert (item.entry.content, item.entry.summary) == (text, None)


def test_the_page_is_all_that_counts_when_that_is_asked() -> None:
    no_link = f"<guid isPermaLink='false'>g</guid><content:encoded><![CDATA[{LONG}]]></content:encoded>"
    first, alone = sources.read_feed(rss(FULL, no_link), URL, None, Settings(entry_text="page"))[1]
    assert (first.content, first.url) == (None, "https://news.example/1?utm_source=rss")
    assert first.entry is not None
    assert (first.entry.content, first.entry.summary) == (None, "Short")
    assert alone.content is not None


def test_a_feed_at_hand_needs_no_network_for_its_texts(tmp_path: Path) -> None:
    path = tmp_path / "saved.xml"
    path.write_bytes(rss(FULL, TEASER))
    first, second = sources.read(str(path), Settings(entry_text="better"))
    assert first.content is not None
    assert second.content is None


@pytest.mark.parametrize(
    ("content", "summary", "whole"),
    [
        ("word " * FULL_CONTENT_WORDS, None, True),
        ("word " * (FULL_CONTENT_WORDS - 1), None, False),
        ("word " * 200 + "…", None, False),
        ("word " * 200 + "[&#8230;]", None, False),
        ("word " * 200 + "<a href='x'>Continue reading &rarr;</a>", None, False),
        ("警" * FULL_CONTENT_WORDS * 2, None, True),
        (None, "<p>" + "word " * 100 + "</p><p>" + "word " * 100 + "</p>", True),
        (None, "word " * 300, False),
        (None, "<p>word</p><p>word</p>", False),
        (None, None, False),
    ],
)
def test_what_counts_as_a_full_text(content: str | None, summary: str | None, whole: bool) -> None:
    entry = Entry(key="k", link="https://news.example/1", content=content, summary=summary)
    assert (full_text(entry) is not None) == whole


def test_without_a_link_whatever_text_there_is_counts() -> None:
    (item,) = expanded(
        rss("<title>T</title><guid isPermaLink='false'>g</guid><description>Short.</description>")
    )
    assert item.content is not None
    assert b"Short." in item.content
    assert (item.url, item.problem) == (None, None)
    assert item.key.startswith("https://news.example/feeds/all.xml#entry-")


def test_an_entry_that_leads_nowhere_is_named_and_comes_last() -> None:
    good, bad = expanded(rss("<title>Only a title</title>", "<link>https://news.example/2</link>"))
    assert good.problem is None
    assert bad.problem is not None
    assert bad.problem.code == "bad_feed"
    assert "Only a title" in bad.problem.message


@pytest.mark.parametrize("link", ["mailto:a@news.example", "javascript:void(0)", "http://[broken", "http://"])
def test_a_link_that_leads_to_no_page_is_no_link(link: str) -> None:
    (item,) = expanded(rss(f"<link>{link}</link><guid isPermaLink='false'>g</guid><title>T</title>"))
    assert item.problem is not None
    (item,) = expanded(rss(f"<link>{link}</link><guid>https://news.example/by-guid</guid>"))
    assert item.url == "https://news.example/by-guid"


def test_keys_are_guid_then_link_then_title_with_date_or_content() -> None:
    (by_guid, by_link, by_text) = entry_keys(
        [Identity("g", "l1", "T"), Identity(" ", "l2", "T"), Identity(None, None, "T", None, "C")]
    )
    assert (by_guid, by_link) == ("g", "l2")
    assert entry_keys([Identity(None, None, "T", None, "C")]) == [by_text]
    assert entry_keys([Identity(None, None, "T", None, "D")]) != [by_text]


def test_a_new_entry_at_the_top_changes_no_other_entrys_key() -> None:
    old = [
        Identity("same", "l1", "A"),
        Identity("same", "l2", "B"),
        Identity(None, "l3", "C"),
        Identity(None, "l3", "D"),
        Identity(None, None, "Release", "2026-03-01", "One"),
        Identity(None, None, "Release", "2026-03-01", "Two"),
    ]
    keys = entry_keys(old)
    assert len(set(keys)) == len(keys)
    for new in (
        Identity("same", "l9", "N"),
        Identity(None, "l3", "N"),
        Identity(None, None, "Release", "2026-03-01", "N"),
    ):
        assert entry_keys([new, *old])[1:] == keys


def test_an_entry_known_by_title_and_time_outlives_corrections_of_its_text() -> None:
    before, after = (Identity(None, None, "T", "2026-03-01T10:00:00Z", text) for text in ("Teh", "The"))
    assert entry_keys([before]) == entry_keys([after])


def test_what_is_the_same_in_everything_still_has_keys_of_its_own() -> None:
    keys = entry_keys([Identity("g", "l", "T", None, "C")] * 3)
    assert len(set(keys)) == 3


def test_entries_with_one_link_are_one_item_unless_their_texts_differ() -> None:
    link = "<link>https://news.example/ticker</link>"
    same = expanded(rss(f"{link}<guid>a</guid>", f"{link}<guid>b</guid>"))
    assert [item.key for item in same] == ["https://news.example/ticker"]
    content = f"<content:encoded><![CDATA[{LONG}]]></content:encoded>"
    texts = [f"{link}<guid isPermaLink='false'>{guid}</guid>{content}" for guid in "ab"]
    assert len({item.key for item in expanded(rss(*texts))}) == 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Thu, 12 Mar 2026 18:40:00 +0100", "2026-03-12T18:40:00+01:00"),
        ("Thu, 12 Mar 2026 18:40:00 GMT", "2026-03-12T18:40:00+00:00"),
        ("12 Mar 2026 18:40:00 EST", "2026-03-12T18:40:00-05:00"),
        ("2026-03-12T18:40:00.5+02:00", "2026-03-12T18:40:00.500000+02:00"),
        ("2026-03-12T18:40:00Z", "2026-03-12T18:40:00+00:00"),
        ("2026-03-12", "2026-03-12"),
        ("2026", None),
        ("soon, perhaps", None),
        ("Thu, 99 Mar 99999 18:40:00 +9999", None),
        ("", None),
        (None, None),
    ],
)
def test_dates_keep_the_offset_that_they_came_with(text: str | None, expected: str | None) -> None:
    assert iso(text) == expected


def test_a_date_in_another_spelling_keeps_its_zone() -> None:
    (entry,) = parse_feed(
        rss("<link>https://news.example/1</link><pubDate>12 Mar 2026 18:40 EST</pubDate>"), URL
    ).entries
    assert entry.published == "2026-03-12T18:40:00-05:00"


def test_an_author_behind_an_address_is_found_and_an_address_is_no_author() -> None:
    body = rss(
        "<link>https://news.example/1</link><author>desk@news.example (The desk)</author>",
        "<link>https://news.example/2</link><author>ann@news.example</author>",
        "<link>https://news.example/3</link><author>Ann Lee</author>",
    )
    assert [entry.authors for entry in parse_feed(body, URL).entries] == [["The desk"], [], ["Ann Lee"]]


def test_a_feed_that_breaks_the_rules_is_taken_with_warnings() -> None:
    body = rss("<title>A & B &nbsp; <br></title><link>https://news.example/1</link>").removesuffix(
        b"</channel></rss>"
    )
    parsed = parse_feed(body, URL)
    assert [entry.link for entry in parsed.entries] == ["https://news.example/1"]
    assert parsed.warnings


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1", "windows-1252"])
def test_feeds_in_other_encodings_are_read(encoding: str) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?>' + rss(
        "<title>Grüße</title><link>https://news.example/1</link>"
    ).decode().removeprefix('<?xml version="1.0"?>')
    assert parse_feed(text.encode(encoding), URL, "text/xml").entries[0].title == "Grüße"


def test_what_is_no_feed_is_refused() -> None:
    assert refusal(b"<rss version='2.0'><channel><title>cut o") == "bad_feed"
    assert refusal(b"<rdf:RDF xmlns:rdf='x'><person/></rdf:RDF>") == "bad_feed"
    assert refusal(rss()) == "empty_feed"
    assert (
        refusal(b'{"version": "https://jsonfeed.org/version/1", "title": "x", "items": []}') == "empty_feed"
    )
    with pytest.raises(SourceError):
        parse_feed(b"plain words", URL)


def test_ordinary_pages_are_not_expanded() -> None:
    for body in (
        b"<html><body><p>text</p></body></html>",
        b"plain text",
        b"",
        b"\x89PNG\r\n\x1a\n" + bytes(99),
    ):
        assert sources.expand(body, URL, "text/html", SETTINGS) is None


def test_a_feed_sent_as_html_or_text_is_still_a_feed() -> None:
    for content_type in ("text/html", "text/plain; charset=utf-8", "application/octet-stream", None):
        assert len(expanded(rss("<link>https://news.example/1</link>"), content_type)) == 1


def bomb(entities: str) -> bytes:
    return (
        f'<?xml version="1.0"?><!DOCTYPE rss [{entities}]><rss version="2.0"><channel><title>T</title>'
        "<item><title>X&last;</title><link>https://news.example/1</link></item></channel></rss>"
    ).encode()


def test_entities_that_multiply_do_not_blow_up() -> None:
    layers = '<!ENTITY a0 "ha">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    quadratic = f'<!ENTITY last "{"x" * 200_000}">'
    used_often = bomb(quadratic).replace(b"&last;", b"&last;" * 20_000)
    began = time.process_time()
    for body in (bomb(layers + '<!ENTITY last "&a9;">'), used_often, used_often.decode().encode("utf-16")):
        parsed = parse_feed(body, URL)
        assert sum(len(entry.title or "") for entry in parsed.entries) < 1_000_000
    assert time.process_time() - began < 5


def test_entities_never_read_files(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("do not tell")
    body = bomb(f'<!ENTITY last SYSTEM "file://{secret}">')
    assert "do not tell" not in str(parse_feed(body, URL))


def test_a_feed_is_bounded_by_its_own_limit() -> None:
    body = rss(*("<link>https://news.example/1</link>" for _ in range(100)))
    with pytest.raises(SourceError) as caught:
        sources.expand(body, URL, None, Settings(max_feed_bytes=1000))
    assert caught.value.code == "too_large"


def test_a_local_feed_gives_its_entries(tmp_path: Path) -> None:
    path = tmp_path / "saved.xml"
    path.write_bytes(rss("<link>https://news.example/1</link>", "<title>no link, no text</title>"))
    link, bad = sources.read(str(path), SETTINGS)
    assert (link.url, link.content, link.source) == ("https://news.example/1", None, str(path))
    assert bad.problem is not None
    assert str(path) in bad.problem.message


def test_a_polled_feed_may_be_empty_but_no_page() -> None:
    parsed, items = sources.read_feed(rss(), URL, None, SETTINGS)
    assert (parsed.title, items) == ("News", [])
    with pytest.raises(SourceError):
        sources.read_feed(b"<html><body><p>Gone</p></body></html>", URL, "text/html", SETTINGS)
