"""Sitemaps in XML: what is read from them, however they are written."""

from __future__ import annotations

import gzip
import time
from contextlib import suppress
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import SourceError
from pipeline.model import Entry
from pipeline.sources.sitemap import Child, children, parse_sitemap
from pipeline.sources.sitemap_xml import MOST_PLACES, read

URL = "https://paper.example/maps/news.xml"
NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
NEWS = "http://www.google.com/schemas/sitemap-news/0.9"


def urlset(*places: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="{NAMESPACE}">{"".join(places)}</urlset>'


def place(loc: str, inside: str = "") -> str:
    return f"<url><loc>{loc}</loc>{inside}</url>\n"


def index(*locs: str) -> str:
    named = "".join(f"<sitemap><loc>{loc}</loc><lastmod>2026-03-01</lastmod></sitemap>" for loc in locs)
    return f"<sitemapindex xmlns='{NAMESPACE}'>{named}</sitemapindex>"


def links(body: str | bytes) -> list[str | None]:
    body = body.encode() if isinstance(body, str) else body
    return [entry.link for entry in parse_sitemap(body, URL).entries]


NEWS_MAP = f"""<?xml version="1.0"?>
<?xml-stylesheet type="text/xsl" href="/style.xsl"?>
<!-- made at noon -->
<urlset xmlns="{NAMESPACE}" xmlns:news="{NEWS}" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"
    xmlns:video="http://www.google.com/schemas/sitemap-video/1.1">
  <url>
    <image:image><image:loc>https://paper.example/p.jpg</image:loc><image:title>Photo</image:title></image:image>
    <loc> https://paper.example/harbour </loc>
    <lastmod>2026-03-02T09:00:00+01:00</lastmod>
    <news:news>
      <news:publication><news:name>The Paper</news:name><news:language>en</news:language></news:publication>
      <news:genres>Blog</news:genres>
      <news:publication_date>2026-03-02T08:30:00+01:00</news:publication_date>
      <news:title>Harbour &amp; quay
        closed</news:title>
      <news:keywords>harbour, ships,, harbour</news:keywords>
    </news:news>
    <video:video><video:title>Clip</video:title><video:publication_date>1999-01-01</video:publication_date></video:video>
  </url>
  <url><loc>https://paper.example/plain</loc></url>
</urlset>"""


def test_a_news_sitemap_says_title_date_paper_language_and_tags() -> None:
    parsed = parse_sitemap(NEWS_MAP.encode(), URL)
    assert parsed.entries == [
        Entry(
            key="https://paper.example/harbour",
            link="https://paper.example/harbour",
            title="Harbour & quay closed",
            published="2026-03-02T08:30:00+01:00",
            updated="2026-03-02T09:00:00+01:00",
            tags=["harbour", "ships"],
            language="en",
            feed_title="The Paper",
            feed_url=URL,
        ),
        Entry(key="https://paper.example/plain", link="https://paper.example/plain", feed_url=URL),
    ]
    assert (parsed.title, parsed.language, parsed.warnings) == ("The Paper", "en", [])


@pytest.mark.parametrize(
    "body",
    [
        urlset(place("https://a.example/1")),
        "\ufeff" + urlset(place("https://a.example/1")),
        "\n\n  " + urlset(place("https://a.example/1")),
        f"<urlset>{place('https://a.example/1')}</urlset>",
        "<x:urlset><x:url><x:loc>https://a.example/1</x:loc></x:url></x:urlset>",
        "<URLSET><URL><LOC>https://a.example/1</LOC></URL></URLSET>",
        f"<s:urlset xmlns:s='urn:wrong'>{place('https://a.example/1')}</s:urlset>",
        urlset(place("<![CDATA[\n https://a.example/1 ]]>")),
        urlset(place("https://a.example/1"), place("https://a.example/1")),
        urlset("<url><image:loc>https://a.example/i.png</image:loc><loc>https://a.example/1</loc></url>"),
        urlset("<url><loc>https://a.example/1</loc><loc>https://a.example/2</loc></url>"),
        urlset(place("/1")).replace("https://a.example", ""),
        urlset("<url></url>", "<url><lastmod>2026-01-01</lastmod></url>", place("https://a.example/1")),
    ],
    ids=lambda body: " ".join(body.split())[:40] + str(len(body)),
)
def test_one_page_is_one_entry_however_the_sitemap_is_written(body: str) -> None:
    parsed = parse_sitemap(body.encode(), "https://a.example/maps/s.xml")
    assert [entry.link for entry in parsed.entries] == ["https://a.example/1"]


@pytest.mark.parametrize("encoding", ["latin-1", "windows-1252", "utf-16", "utf-16-le", "utf-32", "gb18030"])
def test_encodings_are_found(encoding: str) -> None:
    title = "Straße" if encoding in ("latin-1", "windows-1252") else "Straße 橋"
    news = f"<news:news><news:title>{title}</news:title></news:news>"
    body = urlset(place("https://a.example/1", news)).replace("UTF-8", encoding)
    (entry,) = parse_sitemap(body.encode(encoding), URL).entries
    assert (entry.link, entry.title) == ("https://a.example/1", title)


def test_latin_1_that_calls_itself_utf_8_is_read_all_the_same() -> None:
    news = "<news:news><news:title>Größe</news:title></news:news>"
    parsed = parse_sitemap(urlset(place("https://a.example/1", news)).encode("latin-1"), URL)
    assert [entry.title for entry in parsed.entries] == ["Größe"]


def test_addresses_are_resolved_and_escapes_undone_but_nothing_else_is_changed() -> None:
    body = urlset(
        place("../a"),
        place("//b.example/b"),
        place("https://c.example/?a=1&amp;b=2"),
        place("https://d.example/?a=1&amp;amp;b=2"),
        place("https://e.example/ü?utm_source=x#y"),
    )
    assert links(body) == [
        "https://paper.example/a",
        "https://b.example/b",
        "https://c.example/?a=1&b=2",
        "https://d.example/?a=1&b=2",
        "https://e.example/ü?utm_source=x#y",
    ]


def test_an_address_that_leads_nowhere_is_an_entry_without_a_link() -> None:
    body = urlset(place("mailto:a@b.example"), place("https://[::1"))
    found = [(entry.key, entry.link) for entry in parse_sitemap(body.encode(), URL).entries]
    assert found == [("mailto:a@b.example", None), ("https://[::1", None)]


def test_endless_values_are_not_kept() -> None:
    news = f"<news:news><news:title>{'word ' * 100_000}</news:title></news:news>"
    body = urlset(place("https://a.example/" + "a" * 100_000), place("https://a.example/1", news))
    (entry,) = parse_sitemap(body.encode(), URL).entries
    assert entry.title is not None
    assert len(entry.title) < 10_000


def test_a_cut_off_sitemap_gives_its_whole_entries_and_a_warning() -> None:
    body = urlset(*(place(f"https://a.example/{n}") for n in range(10)))
    cut = body[: body.index("https://a.example/7") + 5]
    parsed = parse_sitemap(cut.encode(), URL)
    assert [entry.link for entry in parsed.entries] == [f"https://a.example/{n}" for n in range(7)]
    (warning,) = parsed.warnings
    assert "broken" in warning
    assert "7 places" in warning


@pytest.mark.parametrize(
    "fault",
    [
        "<url><loc>https://a.example/?x=1&y=2</url>",
        "<url><loc>https://a.example/x</lastmod></url>",
        "<url><lastmod>2026 & 2027</lastmod></url>",
        "<url><lastmod>2026&nbsp;&eacute;\x01</lastmod></url>",
        "</url>",
        "<url <",
        "<url><loc>https://a.example/never-closed",
        "<?php echo 1 <url>",
        "&undeclared;",
    ],
)
def test_a_fault_costs_its_own_entry_at_most(fault: str) -> None:
    good = [f"https://a.example/{n}" for n in range(6)]
    body = urlset(*map(place, good[:3]), fault, *map(place, good[3:]))
    found = [link for link in links(body) if link in good]
    # What stands directly behind a fault may be lost with it.
    assert set(good) - set(found) <= {good[3]}
    assert found == sorted(found)


def test_what_follows_the_end_is_passed_over() -> None:
    parsed = parse_sitemap((urlset(place("https://a.example/1")) + "\n<b>Warning</b>: x").encode(), URL)
    assert len(parsed.entries) == 1
    assert len(parsed.warnings) == 1


def test_an_empty_sitemap_is_one() -> None:
    # Google asks papers to keep theirs even when there was nothing new for two days.
    assert parse_sitemap(urlset().encode(), URL).entries == []


@pytest.mark.parametrize(
    "body", ["<rss/>", "<html><url><loc>https://a.example/</loc></url></html>", "", "words"]
)
def test_what_is_no_sitemap_is_refused(body: str) -> None:
    with pytest.raises(SourceError) as caught:
        parse_sitemap(body.encode(), URL)
    assert caught.value.code == "bad_feed"


def test_declared_entities_are_refused_before_they_are_used() -> None:
    layers = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    bomb = f"<!DOCTYPE urlset [<!ENTITY a0 'ha'>{layers}]><urlset>{place('https://a.example/&a11;')}</urlset>"
    file = "<!DOCTYPE urlset [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><urlset><url><loc>&x;</loc></url></urlset>"
    began = time.process_time()
    for body in (bomb, file):
        with pytest.raises(SourceError) as caught:
            parse_sitemap(body.encode(), URL)
        assert caught.value.code == "bad_feed"
    assert time.process_time() - began < 1


def test_what_a_document_type_elsewhere_may_declare_is_not_left_out_of_an_address() -> None:
    body = '<!DOCTYPE urlset SYSTEM "sitemap.dtd"><urlset><url><loc>https://a.example/?a=1&copy;b</loc></url></urlset>'
    assert links(body) == ["https://a.example/?a=1©b"]
    assert links(body.replace("copy", "unknown")) == ["https://a.example/?a=1&unknown;b"]


@pytest.mark.parametrize(
    "hostile",
    [
        b"<a>" * 500_000,
        b"<url>" * 100_000,
        b"<url><loc>a</url>" * 20_000,
        b"&" + b"<![CDATA[" * 200_000,
        b"&<url>" + b"<!--" * 400_000,
        b"<url><?x " * 200_000,
        b"<url><?xml " * 100_000 + b"?>",
        b"<url " * 100_000,
        b"<url><loc>" + b"a" * 2_000_000,
        b"<" + b"a" * 2_000_000,
        b"".join(b"<e%d/>" % n for n in range(50_000)) + b"&",
    ],
    ids=lambda body: body[:12].decode() + str(len(body)),
)
def test_hostile_sitemaps_take_little_time(hostile: bytes) -> None:
    began = time.process_time()
    with pytest.raises(SourceError) as caught:
        parse_sitemap(b"<urlset>" + hostile, URL)
    assert caught.value.code == "bad_feed"
    assert time.process_time() - began < 5


def test_fifty_thousand_pages_are_read_in_seconds() -> None:
    body = urlset(*(place(f"https://a.example/2026/{n}.html?a=1&amp;b=2") for n in range(50_000))).encode()
    began = time.process_time()
    assert len(parse_sitemap(body, URL).entries) == 50_000
    assert time.process_time() - began < 10


def test_far_more_pages_than_the_protocol_allows_are_cut_off_with_a_warning() -> None:
    found = read(b"<urlset>" + b"<url><loc>a</loc></url>" * (MOST_PLACES + 10) + b"</urlset>")
    assert len(found.pages) == MOST_PLACES
    assert "left out" in found.warnings[0]


def test_gzip_is_unfolded_and_a_bomb_is_too_large() -> None:
    body = urlset(place("https://a.example/1")).encode()
    assert links(gzip.compress(body)) == ["https://a.example/1"]
    assert children(gzip.compress(index("a.xml").encode()), URL)[0].loc == "https://paper.example/maps/a.xml"
    with pytest.raises(SourceError) as caught:
        parse_sitemap(gzip.compress(b"<urlset>" + b" " * 60_000_000, 1), URL)
    assert caught.value.code == "too_large"
    with pytest.raises(SourceError) as caught:
        parse_sitemap(gzip.compress(body)[:20] + b"damaged" * 9, URL)
    assert caught.value.code == "bad_feed"


def test_a_cut_off_gzip_gives_what_is_there() -> None:
    body = urlset(*(place(f"https://a.example/{n * 7919 % 1000}") for n in range(1000))).encode()
    folded = gzip.compress(body)
    parsed = parse_sitemap(folded[: len(folded) // 2], URL)
    assert 0 < len(parsed.entries) < 1000
    assert parsed.warnings


def test_an_index_names_its_children_in_order_each_once() -> None:
    body = index("https://a.example/1.xml.gz", "two.xml", "https://a.example/1.xml.gz")
    assert children(body.encode(), "https://a.example/maps/index.xml") == [
        Child(loc="https://a.example/1.xml.gz", lastmod="2026-03-01"),
        Child(loc="https://a.example/maps/two.xml", lastmod="2026-03-01"),
    ]
    assert parse_sitemap(body.encode(), URL).entries == []


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_an_index_is_known_behind_what_precedes_it(encoding: str) -> None:
    body = "<?xml-stylesheet href='x'?><!-- <urlset> -->" + index("https://a.example/1.xml")
    assert len(children(body.encode(encoding), URL)) == 1


@pytest.mark.parametrize("body", [urlset(place("https://a.example/1")), "<rss/>", "", "words", "<html><p>x"])
def test_what_is_no_index_has_no_children(body: str) -> None:
    assert children(body.encode(), URL) == []


@given(
    st.lists(st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1), unique=True, max_size=20)
)
def test_each_page_of_a_sitemap_is_one_entry(names: list[str]) -> None:
    wanted = list(dict.fromkeys(f"https://a.example/{name}".strip().replace("&amp;", "&") for name in names))
    body = urlset(*(place(escape(f"https://a.example/{name}")) for name in names))
    assert [entry.key for entry in parse_sitemap(body.encode("utf-8", "replace"), URL).entries] == wanted


@given(st.binary(max_size=200), st.integers(0, 300))
def test_damage_raises_nothing_but_source_errors(damage: bytes, at: int) -> None:
    body = NEWS_MAP.encode()
    with suppress(SourceError):
        parse_sitemap(body[:at] + damage + body[at:], URL)
