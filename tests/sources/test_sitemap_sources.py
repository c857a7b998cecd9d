"""Sitemaps as what users hand in, as what addresses prove to be, and as what is polled."""

from __future__ import annotations

import gzip
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import sources
from pipeline.errors import SourceError
from pipeline.model import Item, NewItem
from pipeline.settings import Settings
from pipeline.urls import file_key

SETTINGS = Settings()
FEED = b"<rss version='2.0'><channel><title>F</title><item><link>https://a.example/1</link></item></channel></rss>"
A, B, C = "https://a.example/a.xml", "https://a.example/b.xml", "https://a.example/c.xml"


def urlset(*locs: str) -> bytes:
    return f"<urlset>{''.join(f'<url><loc>{loc}</loc></url>' for loc in locs)}</urlset>".encode()


def index(*locs: str) -> bytes:
    named = "".join(f"<sitemap><loc>{loc}</loc></sitemap>" for loc in locs)
    return f"<sitemapindex>{named}</sitemapindex>".encode()


def accepted(new: NewItem) -> Item:
    """The item that the store makes of a new one."""
    return Item(
        id=1,
        job="j",
        key=new.key,
        name=new.name,
        source=new.source,
        url=new.url,
        entry=new.entry,
        expand=new.expand,
    )


def handed_in(ref: str) -> Item:
    (new,) = sources.read(ref, SETTINGS)
    return accepted(new)


def expanded(item: Item, body: bytes, final_url: str | None = None) -> list[NewItem]:
    found = sources.expand(body, final_url or item.url or "", None, SETTINGS, item)
    assert found is not None
    return found


def keys(items: list[NewItem]) -> list[str]:
    return [one.key for one in items]


def codes(items: list[NewItem]) -> list[str | None]:
    return [one.problem.code if one.problem else None for one in items]


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
def test_a_file_with_a_sitemap_gives_an_item_per_page(tmp_path: Path, packed: bool) -> None:
    body = urlset("https://a.example/1", "https://A.example:443/1#x", "https://a.example/2", "/3")
    path = tmp_path / ("map.xml.gz" if packed else "map.xml")
    path.write_bytes(gzip.compress(body) if packed else body)
    items = list(sources.read(str(path), SETTINGS))
    assert keys(items)[:2] == ["https://a.example/1", "https://a.example/2"]
    assert codes(items) == [None, None, "bad_url"]
    assert {one.source for one in items} == {str(path)}
    assert not any(one.expand or one.content for one in items)


def test_an_upload_in_gzip_is_read_like_a_file() -> None:
    stream = io.BytesIO(gzip.compress(urlset("https://a.example/1")))
    items = list(sources.read_upload(stream, "map.xml.gz", "application/gzip", SETTINGS))
    assert keys(items) == ["https://a.example/1"]


def test_a_gzipped_feed_is_a_feed(tmp_path: Path) -> None:
    folded = gzip.compress(FEED)
    (tmp_path / "feed.xml.gz").write_bytes(folded)
    assert keys(list(sources.read(str(tmp_path), SETTINGS))) == ["https://a.example/1"]
    assert keys(expanded(handed_in(A), folded)) == ["https://a.example/1"]
    assert len(sources.read_feed(folded, A, "application/x-gzip", SETTINGS)[1]) == 1


def test_other_gzip_is_no_article_and_no_list(tmp_path: Path) -> None:
    folded = gzip.compress(b"<html><p>An article</p></html>")
    (tmp_path / "page.html.gz").write_bytes(folded)
    assert codes(list(sources.read(str(tmp_path), SETTINGS))) == ["not_text"]
    assert sources.expand(folded, A, "text/html", SETTINGS) is None
    with pytest.raises(SourceError):
        sources.read_feed(folded, A, None, SETTINGS)


def test_gzip_never_unfolds_beyond_the_limit(tmp_path: Path) -> None:
    bomb = gzip.compress(b"<urlset>" + b"<!-- nothing -->" * 100_000)
    settings = Settings(max_feed_bytes=100_000)
    assert len(bomb) < 100_000
    (tmp_path / "bomb.xml.gz").write_bytes(bomb)
    assert codes(list(sources.read(str(tmp_path), settings))) == ["too_large"]
    for read in (sources.expand, sources.read_feed):
        with pytest.raises(SourceError) as caught:
            read(bomb, A, None, settings)
        assert caught.value.code == "too_large"


def test_a_file_with_an_index_gives_its_children_to_be_expanded(tmp_path: Path) -> None:
    path = tmp_path / "index.xml"
    path.write_bytes(index(A, B, A, "c.xml", "ftp://a.example/d.xml"))
    items = list(sources.read(str(path), SETTINGS))
    assert keys(items)[:2] == [A, B]
    assert [one.expand for one in items] == [True, True, False, False]
    assert codes(items) == [None, None, "bad_url", "bad_url"]
    # Theirs may be an index again, once.
    (grandchild,) = expanded(accepted(items[0]), index(C))
    assert (grandchild.key, grandchild.source) == (C, str(path))
    with pytest.raises(SourceError):
        expanded(accepted(grandchild), index("https://a.example/d.xml"))


def test_an_address_with_an_index_leads_to_pages_through_one_index_more() -> None:
    source = "https://A.example/a.xml?utm_source=x"
    root = handed_in(source)
    child, other = expanded(root, index(B, "c.xml"))
    assert (child.key, other.key) == (B, C)
    assert keys(expanded(accepted(other), urlset("https://a.example/1"))) == ["https://a.example/1"]
    (grandchild,) = expanded(accepted(child), index(C))
    (page,) = expanded(accepted(grandchild), urlset("https://a.example/2"))
    assert (page.key, page.expand, page.source) == ("https://a.example/2", False, source)


def test_redirects_do_not_change_how_deep_an_index_is() -> None:
    (child,) = expanded(handed_in(A), index(B), "https://www.a.example/maps/a.xml")
    (grandchild,) = expanded(accepted(child), index(C), "https://www.a.example/maps/b.xml")
    with pytest.raises(SourceError) as caught:
        expanded(accepted(grandchild), index("https://a.example/d.xml"), "https://www.a.example/maps/c.xml")
    assert caught.value.code == "bad_feed"


def test_indexes_that_name_each_other_end_with_a_clear_message() -> None:
    (child,) = expanded(handed_in(A), index(A, B))
    assert child.key == B
    (again,) = expanded(accepted(child), index(A, B))
    assert again.key == A
    with pytest.raises(SourceError) as caught:
        expanded(accepted(again), index(A, B))
    assert caught.value.code == "bad_feed"
    assert "circle" in caught.value.message


def test_an_index_of_itself_alone_leads_nowhere() -> None:
    assert expanded(handed_in(A), index(A)) == []


@pytest.mark.parametrize("deep", [1, 2])
def test_an_index_leads_to_no_list_of_feeds(deep: int) -> None:
    opml = f"<opml><body><outline xmlUrl='{A}'/></body></opml>".encode()
    item = handed_in(A)
    for _ in range(deep):
        (child,) = expanded(item, index(B if item.key == A else C))
        item = accepted(child)
    with pytest.raises(SourceError) as caught:
        expanded(item, opml)
    assert caught.value.code == "bad_feed"


@given(st.lists(st.sampled_from(["index", "opml"]), min_size=1), st.booleans())
def test_whatever_a_server_answers_in_turn_the_chain_ends(answers: list[str], moved: bool) -> None:
    """Each answer names all addresses; only what leads on is followed."""
    waiting, seen = [handed_in(A)], 0
    while waiting:
        item = waiting.pop()
        seen += 1
        assert seen < 100
        if answers[seen % len(answers)] == "index":
            body = index(A, B)
        else:
            body = f"<opml><outline xmlUrl='{A}'/><outline xmlUrl='{B}'/></opml>".encode()
        try:
            found = expanded(item, body, "https://b.example/moved" if moved else None)
        except SourceError:
            continue
        waiting += [accepted(one) for one in found if one.expand]


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
def test_an_index_may_name_a_feed_or_a_plain_list_of_addresses(packed: bool) -> None:
    (child,) = expanded(handed_in(A), index(B))
    text = b"\xef\xbb\xbfhttps://a.example/1\r\nhttps://a.example/2\r\n\r\nftp://a.example/3\n"
    for body, wanted in (
        (FEED, ["https://a.example/1"]),
        (text, ["https://a.example/1", "https://a.example/2"]),
    ):
        found = expanded(accepted(child), gzip.compress(body) if packed else body)
        assert keys([one for one in found if one.problem is None]) == wanted


@pytest.mark.parametrize(
    "body", [b"<html><body><p>Not here</p><p>x</p></body></html>", b"words", b"\x89PNG\r\n"]
)
def test_what_an_index_names_is_never_taken_for_an_article(body: bytes) -> None:
    (child,) = expanded(handed_in(A), index(B))
    with pytest.raises(SourceError) as caught:
        expanded(accepted(child), body)
    assert caught.value.code == "bad_feed"
    # A user's own address may well be one.
    assert sources.expand(body, B, None, SETTINGS, handed_in(B)) is None


def test_a_sitemap_that_also_names_sitemaps_gives_both() -> None:
    body = b"<urlset><url><loc>/1</loc></url><sitemap><loc>/b.xml</loc></sitemap></urlset>"
    items = expanded(handed_in(A), body)
    assert [(one.key, one.expand) for one in items] == [("https://a.example/1", False), (B, True)]


def test_problems_come_behind_the_pages() -> None:
    items = expanded(handed_in(A), urlset("nonsense://x", "https://a.example/1"))
    assert codes(items) == [None, "bad_url"]
    assert "nonsense://x" in items[1].name


@pytest.mark.parametrize("body", [urlset(), index()])
def test_a_sitemap_of_nothing_is_empty(body: bytes, tmp_path: Path) -> None:
    with pytest.raises(SourceError) as caught:
        expanded(handed_in(A), body)
    assert caught.value.code == "empty_feed"
    (tmp_path / "map.xml").write_bytes(body)
    (one,) = sources.read(str(tmp_path / "map.xml"), SETTINGS)
    assert (one.key, codes([one])) == (file_key(tmp_path / "map.xml"), ["empty_feed"])


def test_a_polled_sitemap_is_a_feed_and_an_index_is_none() -> None:
    parsed, items = sources.read_feed(urlset("https://a.example/1", "x:y"), A, "text/html", SETTINGS, "mine")
    assert [entry.link for entry in parsed.entries] == ["https://a.example/1", None]
    assert [(one.key, one.source) for one in items[:1]] == [("https://a.example/1", "mine")]
    assert codes(items) == [None, "bad_url"]
    assert sources.read_feed(urlset(), A, None, SETTINGS)[1] == []
    with pytest.raises(SourceError) as caught:
        sources.read_feed(index(A), B, None, SETTINGS)
    assert caught.value.code == "bad_feed"
    assert "index" in caught.value.message


@given(st.lists(st.integers(0, 10**6), unique=True, min_size=1, max_size=200))
def test_a_sitemap_of_n_pages_gives_n_items_each_once(numbers: list[int]) -> None:
    wanted = [f"https://a.example/{n}" for n in numbers]
    assert keys(expanded(handed_in(A), urlset(*wanted, *wanted))) == wanted
