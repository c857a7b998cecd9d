"""Feeds that break the rules, and feeds that are meant to break their reader."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import SourceError
from pipeline.model import Entry
from pipeline.sources.feed import parse_feed

URL = "https://news.example/feed"
HEAD = '<?xml version="1.0"?><rss version="2.0"><channel><title>T</title><link>https://news.example/</link>'
TAIL = "</channel></rss>"
GOOD = "<item><title>Good</title><link>https://news.example/good</link></item>"


def entries(text: str | bytes) -> list[Entry]:
    return parse_feed(text.encode() if isinstance(text, str) else text, URL).entries


def titles(text: str | bytes) -> list[str | None]:
    return [entry.title for entry in entries(text)]


def titles_or_code(body: bytes) -> list[str | None] | str:
    try:
        return titles(body)
    except SourceError as error:
        return error.code


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{HEAD}<item><title>A&nbsp;&amp; B & C&hellip;</title></item>{GOOD}{TAIL}", ["A & B & C…", "Good"]),
        (f"{HEAD}<item><title>A\x02\x1f B</title></item>{GOOD}{TAIL}", ["A B", "Good"]),
        (f"{HEAD}<item><title>A</title>{GOOD}{TAIL}", ["A", "Good"]),
        (f"{HEAD}{GOOD}<item><title>Cut o", ["Good", "Cut o"]),
        (f"{HEAD}{GOOD}<item><title>A</title><description><![CDATA[Cut o", ["Good", "A"]),
        (f"{HEAD}{GOOD}{TAIL}<script>late()</script>", ["Good"]),
        (f"\n  {HEAD}{GOOD}{TAIL}", ["Good"]),
        (f"{HEAD}<item><title>x < y</title></item>{GOOD}{TAIL}", ["x < y", "Good"]),
        (f"{HEAD}<item><dc:title>Undeclared</dc:title></item>{GOOD}{TAIL}", ["Undeclared", "Good"]),
        (f"{HEAD}<item a=1 a=2><title>Twice</title></item>{GOOD}{TAIL}", ["Twice", "Good"]),
    ],
    ids=[
        "entities", "controls", "unclosed item", "cut off", "cut off in a section", "junk", "blank before",
        "stray bracket", "undeclared prefix", "attributes",
    ],
)  # fmt: skip
def test_the_entries_of_a_broken_feed_are_recovered(text: str, expected: list[str]) -> None:
    assert titles(text) == expected


def test_prefixed_rss_with_a_mangled_declaration_is_read() -> None:
    text = (
        '<!-- by hand -->\n<?xml?xml version="1.0" ??>\n<rss rss:version=2.0><rss:channel>'
        "<rss:item><rss:title>One</rss:title><rss:link>https://news.example/1</rss:link>"
        "<rss:pubDate>Thu, 12 Mar 2026 18:40:00 GMT</rss:pubDate></rss:item></rss:channel></rss>"
    )
    (entry,) = entries(text)
    assert (entry.title, entry.link) == ("One", "https://news.example/1")
    assert entry.published == "2026-03-12T18:40:00+00:00"


def test_markup_that_nobody_escaped_stays_the_entrys_text() -> None:
    (entry,) = entries(
        f"{HEAD}<item><description><p>One<br>two & <i>three</i></p></description></item>{TAIL}"
    )
    assert entry.summary == "<p>One<br>two & <i>three</i></p>"


def test_a_broken_feed_says_what_is_wrong_with_it() -> None:
    assert parse_feed(f"{HEAD}<item><title>A & B</title></item>{TAIL}".encode(), URL).warnings


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32", "utf-32-be", "koi8-r", "windows-1251"])
def test_feeds_in_wide_and_old_encodings_are_read(encoding: str) -> None:
    declaration = f"<?xml version='1.0' encoding='{encoding}'?>"
    text = f"{declaration}<rss version='2.0'><channel><item><title>Мир</title></item></channel></rss>"
    assert titles(text.encode(encoding)) == ["Мир"]


MANY = 60_000
ATOM = "<feed xmlns='http://www.w3.org/2005/Atom'>"


@pytest.mark.parametrize(
    "text",
    [
        "<a>" * MANY,
        f"{HEAD}{GOOD}<item>{'<a>' * MANY}{'</a>' * MANY}</item>{TAIL}",
        f"{HEAD}{GOOD}<item><description>{'<b>' * MANY}{'</b>' * MANY}</description></item>{TAIL}",
        f"{HEAD}{GOOD}<item><description>{'<b>' * MANY}",
        f"{ATOM}<entry><content type='xhtml'>{'<div>' * MANY}{'</div>' * MANY}</content></entry></feed>",
        f"{HEAD}{GOOD}{'<' * MANY * 5}",
        f"{HEAD}{GOOD}<title>{'&' * MANY * 5}",
        f"{HEAD}{GOOD}" + "<a '\"" * MANY,
        f"{HEAD}{GOOD}{'<![CDATA[' * MANY}",
        f"{HEAD}{GOOD}{'<!-- ' * MANY}",
        f'{HEAD}{GOOD}<item x="{"a" * 5_000_000}',
    ],
    ids=[
        "root", "item", "description", "unclosed", "xhtml", "brackets", "ampersands", "quotes",
        "sections", "comments", "attribute",
    ],
)  # fmt: skip
def test_depth_and_repetition_cost_no_more_than_their_length(text: str) -> None:
    began = time.process_time()
    found = titles_or_code(text.encode())
    assert found == "bad_feed" or found[0] in ("Good", None)
    assert time.process_time() - began < 15


def test_forty_thousand_entries_are_read() -> None:
    """Their 240,000 tags are beyond what the slow way would be given: there is no bound but the body's."""
    item = "<item><title>{0}</title><link>https://news.example/{0}</link></item>"
    found = entries(HEAD + "".join(item.format(number) for number in range(40_000)) + TAIL)
    assert len({entry.key for entry in found}) == 40_000


DEBRIS = [
    HEAD, TAIL, GOOD, "<item>", "</item>", "<title>", "</title>", "<![CDATA[", "]]>", "&", "<", "text",
    "<!--", "-->", "<b x='", "\x00", "<link/>", "<!DOCTYPE a [", "<?", "]>",
]  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(DEBRIS), max_size=12))
def test_no_debris_of_a_feed_makes_it_fail(pieces: list[str]) -> None:
    found = titles_or_code((HEAD + "".join(pieces)).encode())
    assert isinstance(found, list) or found == "bad_feed"
