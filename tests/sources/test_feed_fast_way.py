"""The fast way through well-formed feeds says what feedparser says, or nothing."""

from __future__ import annotations

import json
import os
import tarfile
from collections import Counter
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.sources.entries import ParsedFeed
from pipeline.sources.feed import parse_by_reference
from pipeline.sources.feed_encoding import is_wide, narrow, utf_8
from pipeline.sources.feed_meaning import parsed_feed
from pipeline.sources.xml_feed import parse_xml

URL = "https://news.example/feeds/all.xml"
SPACES = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:media="http://search.yahoo.com/mrss/" xmlns:atom="http://www.w3.org/2005/Atom"'
    ' xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'
    ' xmlns:sy="http://purl.org/rss/1.0/modules/syndication/" xmlns:own="https://own.example/ns"'
    ' xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"'
)


def fast(body: bytes, url: str | None = URL, content_type: str | None = None) -> ParsedFeed | None:
    text = utf_8(narrow(body), None if is_wide(body) else content_type)
    raw = parse_xml(text) if text is not None else None
    return parsed_feed(raw, url, []) if raw else None


def rss(inside: str) -> bytes:
    start = f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0" {SPACES}>'
    return f"{start}<channel>{inside}</channel></rss>".encode()


def atom(inside: str, attributes: str = "") -> bytes:
    return f'<feed xmlns="http://www.w3.org/2005/Atom" {attributes}>{inside}</feed>'.encode()


def rdf(inside: str) -> bytes:
    return (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"'
        f' xmlns:dc="http://purl.org/dc/elements/1.1/">{inside}</rdf:RDF>'
    ).encode()


ALIKE = {
    "all that an item says": rss(
        "<title>N &amp;amp; M</title><link>https://news.example/</link><language>en-GB</language>"
        "<ttl>60</ttl>"
        "<item><title>A &lt;b&gt;bold&lt;/b&gt; one</title><link>/1?a=1&amp;b=2</link>"
        "<guid isPermaLink='false'>g</guid><pubDate>Thu, 12 Mar 2026 18:40:00 +0100</pubDate>"
        "<dc:creator>Ann Lee</dc:creator><author>ann@news.example (Ann)</author>"
        "<category domain='x'>Town</category><category>Town</category><category/>"
        "<own:thing a='1'>x</own:thing>"
        "<description>Short</description><content:encoded><![CDATA[<p>Long</p>]]></content:encoded></item>"
    ),
    "which of several titles": rss(
        "<item><media:content url='u'><media:title>inner</media:title></media:content><title>outer</title>"
        "<title>second</title></item><item><media:title>only</media:title></item>"
        "<item><title/><media:group><media:title>deep</media:title></media:group></item>"
    ),
    "which of several texts": rss(
        "<item><description>one</description><itunes:summary>two</itunes:summary></item>"
        "<item><description>one</description><media:description>two</media:description></item>"
        "<item><content:encoded>full</content:encoded><description>1</description>"
        "<description>2</description></item>"
        "<item><media:content url='u'><media:description>caption</media:description></media:content></item>"
    ),
    "links and permanent guids": rss(
        "<item><guid>https://news.example/g</guid></item>"
        "<item><guid>https://news.example/g</guid><link>https://news.example/l</link></item>"
        "<item><atom:link href='https://news.example/a'/>"
        "<atom:link rel='self' href='https://news.example/s'/></item>"
        "<item><link>https://news.example/l</link>"
        "<feedburner:origLink>https://news.example/o</feedburner:origLink></item>"
    ),
    "a channel's own things": rss(
        "<image><url>u</url><title>image</title><link>l</link></image><title>T</title>"
        "<atom:link rel='hub' href='https://hub.example/'/>"
        "<atom:link rel='self' href='https://news.example/f'/>"
        "<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>"
        "<itunes:owner><itunes:name>O</itunes:name></itunes:owner>"
        "<skipHours><hour>1</hour><hour>24</hour></skipHours>"
        "<skipDays><day>Sunday</day><day>Monday</day></skipDays><item><title>t</title></item>"
    ),
    "Atom with all its kinds of text": atom(
        "<title type='html'>&lt;i&gt;T&lt;/i&gt;</title><id>https://news.example/</id>"
        "<author><name>F</name></author>"
        "<link rel='self' href='/f'/><entry><id>urn:1</id><link href='one'/><title type='xhtml'>"
        "<div xmlns='http://www.w3.org/1999/xhtml'>a <b class='x' title='&quot;'>b</b> &amp; c</div></title>"
        "<author><name>A</name><email>a@news.example</email><uri>u</uri></author><author>"
        "<name>B</name></author>"
        "<category term='t' label='L'/><published>2026-03-01</published>"
        "<updated>2026-03-02T10:00:00Z</updated>"
        "<content type='xhtml' xml:lang='de_AT'>"
        "<div xmlns='http://www.w3.org/1999/xhtml'><p>x<br/>y</p></div></content>"
        "<summary>s</summary></entry><entry><content>First.\n\nSecond &lt;i&gt;.</content></entry>",
        'xml:lang="de" xml:base="https://other.example/x/"',
    ),
    "a base that outlives its element": atom(
        "<entry><content xml:base='https://base.example/a/'>c</content><link href='l'/><id>i</id></entry>"
        "<entry><link href='m'/></entry>"
    ),
    "RDF": rdf(
        "<channel rdf:about='a'><title>T</title><link>https://news.example/</link><items><rdf:Seq>"
        "<rdf:li rdf:resource='r'/></rdf:Seq></items></channel><item rdf:about='https://news.example/1'>"
        "<title>t</title><link>https://news.example/1</link><dc:date>2026-03-01T10:00:00Z</dc:date>"
        "<dc:subject>S</dc:subject><dc:language>fr</dc:language></item>"
    ),
    "UTF-8 taken for ISO-8859-1 and windows-1252 signs": rss(
        "<item><title>GrÃ¼Ã\x9fe</title></item><item><title>it\x92s</title></item>"
    ),
    "a misspelt namespace": atom("<entry><d:creator xmlns:d='u'>x</d:creator><id>i</id></entry>"),
    "comments and instructions": rss("<item><title>a<!-- c -->b<?p i?>c</title></item>"),
    "Atom without a namespace": (
        b"<feed version='0.3'><title>T</title><entry><id>i</id><issued>2026-03-01</issued></entry></feed>"
    ),
}


@pytest.mark.parametrize("name", ALIKE)
def test_the_fast_way_says_what_feedparser_says(name: str) -> None:
    found = fast(ALIKE[name])
    assert found is not None
    assert found == parse_by_reference(ALIKE[name], URL)


@pytest.mark.parametrize(
    "body",
    [
        b"<!DOCTYPE rss [<!ENTITY a 'b'>]>" + rss("<item><title>&a;</title></item>").split(b"?>", 1)[1],
        rss("<item><title>a &nbsp; b</title></item>"),
        rss("<item><title>a <b>b</b></title></item>"),
        rss("<item><item><title>b</title></item></item>"),
        rss("<item><own:thing><title>b</title></own:thing></item>"),
        atom("<entry><content type='application/octet-stream'>YQ==</content></entry>"),
        b"<html><body/></html>",
        b"<CHANNEL HREF='x'><ITEM HREF='y'/></CHANNEL>",
        rss("")[:-3],
        b"<?xml version='1.0' encoding='iso-2022-jp'?>" + rss("").split(b"?>", 1)[1],
        rss(f"<item>{'<own:a>' * 1000}{'</own:a>' * 1000}</item>"),
    ],
    ids=[
        "document type", "unknown entity", "markup in a text", "nested items", "nested meaning", "base64",
        "html", "cdf", "cut off", "encoding", "too deep",
    ],
)  # fmt: skip
def test_what_is_odd_is_left_to_feedparser(body: bytes) -> None:
    assert fast(body) is None


# XML can hold no other controls; the rest of Unicode is fair game.
SIGNS = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"), exclude_characters="\ufffe\uffff")
ODD = ["<b>x</b> &amp; y", "a & b", "https://news.example/p", "/p?a=1&b;", " ", "x\n\ny", "a@b.example (C)"]
WORDS = st.one_of(st.text(SIGNS, max_size=30), st.sampled_from(ODD))
FLAGS = st.sampled_from(["true", "false", "True"])
DATES = st.sampled_from(["Thu, 12 Mar 2026 18:40:00 GMT", "2026-03-12T18:40:00Z", "2026-03-12", "soon", ""])
SIMPLE = st.sampled_from(
    [
        "title", "link", "guid", "description", "author", "category", "content:encoded",
        "dc:creator", "dc:date",
        "dc:title", "pubDate", "itunes:summary", "itunes:author", "media:description", "media:title",
        "dc:subject", "own:thing", "comments", "dc:language", "feedburner:origLink", "summary", "updated",
        "rights",
    ]
)  # fmt: skip
WHOLE = [
    "<media:content url='u'><media:title>m</media:title></media:content>", "<link/>", "<title/>",
    "<atom:link rel='alternate' type='text/html' href='/alt'/>", "<enclosure url='/e' type='a/b'/>",
]  # fmt: skip


def element(name: str, text: str) -> str:
    return f"<{name}>{escape(text)}</{name}>"


ELEMENT = st.one_of(
    st.builds(element, SIMPLE, WORDS),
    st.builds(element, st.sampled_from(["pubDate", "updated"]), DATES),
    st.builds(lambda text, flag: f"<guid isPermaLink='{flag}'>{escape(text)}</guid>", WORDS, FLAGS),
    st.sampled_from(WHOLE),
)
ITEM = st.lists(ELEMENT, max_size=7).map(lambda parts: f"<item>{''.join(parts)}</item>")
OWN = st.sampled_from(
    ["title", "link", "description", "language", "ttl", "generator", "itunes:summary", "copyright"]
)
HEAD = st.lists(st.builds(element, OWN, WORDS), max_size=4)


@settings(max_examples=150, deadline=None)
@given(HEAD, st.lists(ITEM, max_size=4))
def test_whatever_the_fast_way_takes_feedparser_reads_alike(head: list[str], items: list[str]) -> None:
    body = rss("".join(head + items))
    found = fast(body)
    if found is not None:
        assert found == parse_by_reference(body, URL)


@pytest.mark.skipif("FEEDMILL_CORPORA" not in os.environ, reason="FEEDMILL_CORPORA names no corpora")
def test_over_a_whole_pack_the_two_agree() -> None:
    path = Path(os.environ["FEEDMILL_CORPORA"]) / "feeds" / "feeds-dev.tar.xz"
    with tarfile.open(path) as archive:
        bodies = {one.name: archive.extractfile(one).read() for one in archive if one.isfile()}  # type: ignore[union-attr]
    seen: Counter[str] = Counter()
    taken: Counter[str] = Counter()
    different = []
    for record in map(json.loads, bodies["feeds/index.jsonl"].splitlines()):
        body, url = bodies[record["file"]], record.get("url")
        content_type = (record.get("headers") or {}).get("content-type")
        seen[record["source"]] += 1
        found = fast(body, url, content_type)
        if found is not None:
            taken[record["source"]] += 1
            if found != parse_by_reference(body, url, content_type):
                different.append(record["file"])
    print({source: f"{taken[source]} of {number}" for source, number in seen.items()})
    assert different == []
    assert taken["real"] >= 0.9 * seen["real"]
