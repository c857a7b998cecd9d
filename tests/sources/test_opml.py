"""Lists of feeds, written and read back."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.model import Feed
from pipeline.sources.opml import MOST_FOLDERS, parse_opml, write_opml

NOON = 1_772_539_200.0  # 2026-03-03 12:00 UTC


def feed(url: str, title: str | None = None, found_at: str | None = None) -> Feed:
    return Feed(id=1, url=url, title=title, found_at=found_at)


def test_an_export_is_opml_2_with_title_date_and_feeds() -> None:
    feeds = [feed("https://a.example/f", "A & B", "https://a.example/"), feed("https://b.example/f")]
    root = ElementTree.fromstring(write_opml(feeds, "Mine <all>", NOON))
    assert (root.tag, root.get("version")) == ("opml", "2.0")
    assert root.findtext("head/title") == "Mine <all>"
    assert root.findtext("head/dateCreated") == "Tue, 03 Mar 2026 12:00:00 GMT"
    assert [outline.attrib for outline in root.iterfind("body/outline")] == [
        {
            "type": "rss",
            "text": "A & B",
            "title": "A & B",
            "xmlUrl": "https://a.example/f",
            "htmlUrl": "https://a.example/",
        },
        # The text is mandatory.
        {"type": "rss", "text": "https://b.example/f", "xmlUrl": "https://b.example/f"},
    ]


def test_an_export_of_nothing_is_a_list_without_feeds() -> None:
    assert parse_opml(write_opml([], "", NOON)) == []


SHOWN = st.text(st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"))
TITLES = (
    st.none() | SHOWN | st.sampled_from(["a\nb\tc\rd", '"quoted" & <b>', "]]>", "&amp;", "&#10;", "  x  "])
)
ADDRESSES = st.builds(lambda path: f"https://a.example/{path}".strip(), SHOWN)


@given(st.lists(st.tuples(ADDRESSES, TITLES), unique_by=lambda one: one[0]), SHOWN)
def test_what_is_exported_is_imported_as_it_was(listed: list[tuple[str, str | None]], title: str) -> None:
    body = write_opml([feed(url, name, url) for url, name in listed], title, NOON)
    wanted = [
        (url, name.strip() or None if name and name.strip() != url else None, url) for url, name in listed
    ]
    assert [(one.url, one.title, one.site) for one in parse_opml(body)] == wanted


def test_characters_that_xml_cannot_hold_spoil_no_export() -> None:
    body = write_opml([feed("https://a.example/\x00\ud800", "T\x08\udfff\ufffe")], "\x0b", NOON)
    (found,) = parse_opml(body)
    assert (found.url, found.title) == ("https://a.example/%00%3F", "T")


@pytest.mark.parametrize(
    ("passwords", "url"),
    [(False, "https://a.example:8443/f?x=ann:s@b"), (True, "https://ann:secret@a.example:8443/f?x=ann:s@b")],
)
def test_passwords_are_exported_only_if_asked_for(passwords: bool, url: str) -> None:
    address = "https://ann:secret@a.example:8443/f?x=ann:s@b"
    body = write_opml([feed(address, None, address)], "", NOON, passwords=passwords)
    (found,) = parse_opml(body)
    assert (found.url, found.site) == (url, url)
    assert (b"secret" in body) == passwords


NESTED = """<opml version="2.0"><body>
  <outline text="News">
    <outline title="Harbour" text="ignored"><outline text="One" type="rss" xmlUrl="https://a.example/1"/></outline>
    <outline text="Two" xmlUrl="https://a.example/2" htmlUrl="https://a.example/"></outline>
  </outline>
  <outline><outline text="Three" xmlUrl="https://a.example/3"/></outline>
  <outline text="Four" xmlUrl="https://a.example/4"/>
</body></opml>"""


@pytest.mark.parametrize("body", [NESTED, NESTED.replace('"One"', '"One & only"')], ids=["whole", "broken"])
def test_the_titles_around_a_feed_are_kept(body: str) -> None:
    found = {one.url[-1]: one for one in parse_opml(body.encode())}
    assert {name: one.folders for name, one in found.items()} == {
        "1": ["News", "Harbour"],
        "2": ["News"],
        "3": [],
        "4": [],
    }
    assert found["2"].site == "https://a.example/"


def test_lists_may_be_nested_but_not_without_end() -> None:
    around = "<outline text='y'>"
    inside = "<outline text='x' xmlUrl='https://a.example/1'/>"
    nested = f"<opml><body>{around * 150}{inside}{'</outline>' * 150}</body></opml>"
    (found,) = parse_opml(nested.encode())
    assert found.folders == ["y"] * MOST_FOLDERS
    # Beyond reason it is no XML any more, but what it lists is still found.
    endless = f"<opml><body>{around * 50_000}{inside}"
    assert [one.url for one in parse_opml(endless.encode())] == ["https://a.example/1"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "latin-1", "windows-1252"])
def test_lists_in_other_encodings_are_read(encoding: str) -> None:
    declared = "utf-8" if encoding == "utf-8-sig" else encoding
    body = f"<?xml version='1.0' encoding='{declared}'?><opml><outline text='Süd' xmlUrl='https://a.example/'/></opml>"
    (found,) = parse_opml(body.encode(encoding))
    assert found.title == "Süd"
