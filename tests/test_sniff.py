"""What some bytes are, told by looking."""

from __future__ import annotations

import gzip
import random
import time
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.sniff import HEAD, LISTS, Kind, bom_encoding, is_binary, root_tag, sniff, wide_encoding

HTML = "<!DOCTYPE html><html><head><title>T</title></head><body><p>Grüße</p></body></html>"
STORY = "Bridge closed\n\nThe bridge was closed on Monday. Nobody was hurt.\n"


def folded(whole: bytes) -> bytes:
    # Without the time: parallel runs need the same names of tests.
    return gzip.compress(whole, mtime=0)


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"", "empty"),
        (b" \r\n\t ", "empty"),
        (STORY.encode(), "text"),
        (HTML.encode(), "html"),
        (b"\xef\xbb\xbf" + HTML.encode(), "html"),
        (b"\n\n<!-- saved -->\n<!doctype HTML>\n<HTML lang=en>", "html"),
        (b'<?xml version="1.0"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0" "x"><html>', "html"),
        (b"<p>One</p><p>Two</p>", "html"),
        (b"Use the <b> tag, he said.", "text"),
        (b"if a < b and c > d", "text"),
        (b'<?xml version="1.0"?>\n<!-- x --><?style y?><rss version="2.0">', "feed"),
        (b"<!DOCTYPE rss [<!ENTITY a '<b>'>\n]><rss>", "feed"),
        (b"<feed xmlns='http://www.w3.org/2005/Atom'>", "feed"),
        (b"<atom:feed xmlns:atom='http://www.w3.org/2005/Atom'>", "feed"),
        (b"<rdf:RDF xmlns:rdf='x'>", "feed"),
        (b"<opml version='2.0'>", "opml"),
        (b"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>", "sitemap"),
        (b"<?xml version='1.0'?><?xml-stylesheet href='x'?>\n<!-- <rss> --><s:sitemapindex>", "sitemap"),
        (b"<sitemap>", "text"),
        (folded(b"<urlset>"), "sitemap"),
        (folded(b"<rss version='2.0'>"), "feed"),
        (folded(b"<opml>"), "opml"),
        (folded(b'{"version": "https://jsonfeed.org/version/1.1", "items": []}'), "json_feed"),
        (folded(HTML.encode()), "binary"),
        (folded(STORY.encode()), "binary"),
        (folded(folded(b"<urlset>")), "binary"),
        (folded(b"<urlset>")[:14], "binary"),
        (b"\x1f\x8b" + b"<urlset>" * 9, "binary"),
        (b'{"version": "https://jsonfeed.org/version/1.1", "items": []}', "json_feed"),
        (b'{"title": "t", "version": "1", "items": []}', "json_feed"),
        (b'{"url": "https://a.example/", "html": "<p>x</p>"}', "text"),
        (b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'><title>x</title></svg>", "binary"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "binary"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "binary"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "binary"),
        (b"RIFF is a word in music, and ID3 is none. Rar! OggS! fLaC!", "text"),
        (b"ID3\x03\x00\x00\x00", "binary"),
        (b"\x00\x00\x00\x18ftypmp42", "binary"),
        (b"PK\x03\x04\x14\x00", "binary"),
        (b"%PDF-1.7\n", "binary"),
        (b"\x1f\x8b\x08\x00", "binary"),
        (b"\x7fELF\x02\x01", "binary"),
        (bytes(range(256)) * 8, "binary"),
        (STORY.encode() + b"\x00" + STORY.encode(), "text"),
        ("Straße und Brücke. ".encode("latin-1") * 9, "text"),
        ("警察は月曜日に橋を閉鎖した。".encode("shift_jis") * 9, "text"),
    ],
)
def test_content_is_told_by_its_beginning(head: bytes, kind: Kind) -> None:
    assert sniff(head) == kind


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_wide_encodings_are_text_and_html_like_any_other(encoding: str) -> None:
    assert sniff(STORY.encode(encoding)) == "text"
    assert sniff(HTML.encode(encoding)) == "html"
    assert sniff(f"<rss version='2.0'>{STORY}".encode(encoding)) == "feed"
    assert sniff("<urlset>".encode(encoding)) == "sitemap"
    assert sniff(gzip.compress("<urlset>".encode(encoding))) == "sitemap"
    # Cut anywhere, as a head is.
    assert sniff(HTML.encode(encoding)[:101]) == "html"


def test_a_mark_names_the_encoding() -> None:
    assert bom_encoding("x".encode("utf-8-sig")) == "utf-8"
    assert bom_encoding(b"\xff\xfex\x00") == "utf-16-le"
    assert bom_encoding(b"\xff\xfe\x00\x00") == "utf-32-le"
    assert bom_encoding(b"plain") is None
    assert wide_encoding("plain text".encode("utf-16-be")) == "utf-16-be"
    assert wide_encoding(b"plain text") is None


@pytest.mark.parametrize(
    ("head", "content_type", "name", "kind"),
    [
        (b"Just words", "text/html; charset=utf-8", "", "html"),
        (b"Just words", None, "page.html", "text"),
        (b"One <p> only", None, "page.HTM", "html"),
        (b"<p>One</p><p>Two</p>", "text/plain", "", "text"),
        (b"<p>One</p><p>Two</p>", None, "notes.txt", "text"),
        (HTML.encode(), "text/plain", "page.txt", "html"),
        (b"<rss version='2.0'>", "text/html", "feed.html", "feed"),
        (b"\x89PNG\r\n\x1a\n", "text/html", "story.txt", "binary"),
    ],
)
def test_names_and_types_decide_only_where_the_bytes_do_not(
    head: bytes, content_type: str | None, name: str, kind: Kind
) -> None:
    assert sniff(head, content_type, name) == kind


@pytest.mark.parametrize(
    "hostile",
    [
        b"<?xml?>" * 3_000,
        b"<!---->" * 3_000,
        b"<!--" * 4_000,
        b"<!-- --><!-- -->" * 1_000 + b"x",
        b"<!DOCTYPE [" * 1_500,
        b"<!DOCTYPE x [ ] ] ] " * 800,
        b"<" * HEAD,
        b"<a:" * 5_000,
        b" " * (HEAD - 1) + b"<",
    ],
)
def test_hostile_beginnings_take_no_time(hostile: bytes) -> None:
    began = time.process_time()
    assert sniff(hostile) in ("html", "text", "empty")
    assert time.process_time() - began < 1


def test_the_first_element_is_found_behind_everything_that_may_precede_it() -> None:
    assert root_tag(b"<?a?><!-- <b> --><!DOCTYPE c [<!ELEMENT d ANY>]> <e:F g='1'>") == b"f"
    assert root_tag(b"<!-- never closed <rss>") == b""
    assert root_tag(b"words <rss>") == b""


@given(st.binary(max_size=300))
def test_any_bytes_have_a_kind(head: bytes) -> None:
    assert sniff(head) in get_args(Kind)


@given(st.binary(max_size=300))
def test_any_damage_to_gzip_leaves_it_binary_or_a_list(damage: bytes) -> None:
    assert sniff(gzip.compress(b"<urlset>")[:10] + damage) in {"binary", *LISTS}


def test_the_head_of_a_long_gzip_is_enough() -> None:
    noise = random.Random(7).randbytes(HEAD).hex().encode()
    assert sniff(gzip.compress(b"<urlset>" + noise * 9)[:HEAD]) == "sitemap"
    assert sniff(gzip.compress(b"<urlset>" + b" " * 50_000_000, 1)) == "sitemap"


@given(
    st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1), st.sampled_from(["utf-8", "utf-16"])
)
def test_text_in_unicode_is_never_taken_for_binary(text: str, encoding: str) -> None:
    assert not is_binary(text.encode(encoding)) or text.encode(encoding).startswith((b"%PDF-", b"GIF8"))


def test_noise_is_binary() -> None:
    noise = random.Random(7)
    assert all(is_binary(noise.randbytes(2_000)) for _ in range(50))
