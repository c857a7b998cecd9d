"""JSONL and standard input."""

from __future__ import annotations

import gzip
import io
import json
from pathlib import Path

import pytest

from pipeline import sources
from pipeline.model import NewItem
from pipeline.packing import digest
from pipeline.settings import Settings
from pipeline.urls import file_key

SETTINGS = Settings(max_page_bytes=20_000)
GOOD = {"url": "https://a.example/1?utm_source=x", "html": "<p>One</p>"}


def lines(*objects: object) -> bytes:
    return b"".join((one if isinstance(one, bytes) else json.dumps(one).encode()) + b"\n" for one in objects)


def from_file(tmp_path: Path, content: bytes, name: str = "list.jsonl") -> list[NewItem]:
    path = tmp_path / name
    path.write_bytes(content)
    return list(sources.read(str(path), SETTINGS))


def from_stdin(content: bytes) -> list[NewItem]:
    return list(sources.read("-", SETTINGS, stdin=io.BytesIO(content)))


def codes(items: list[NewItem]) -> list[str | None]:
    return [item.problem.code if item.problem else None for item in items]


def test_a_line_with_html_or_text_is_an_item(tmp_path: Path) -> None:
    text = {"url": "https://a.example/2", "text": "Zwei Wörter", "title": "A title", "other": [1]}
    html, plain = from_file(tmp_path, lines(GOOD, text))
    assert (html.key, html.url) == ("https://a.example/1", GOOD["url"])
    assert (html.content, html.content_type) == (b"<p>One</p>", "text/html; charset=utf-8")
    assert (plain.content, plain.content_type) == ("Zwei Wörter".encode(), "text/plain; charset=utf-8")
    assert plain.entry is not None
    assert (plain.entry.title, html.entry) == ("A title", None)


def test_a_line_may_name_a_path_instead(tmp_path: Path) -> None:
    (item,) = from_file(tmp_path, lines({"path": "wire/1.txt", "text": "words"}))
    assert (item.key, item.name, item.url) == (file_key(tmp_path / "wire/1.txt"), "wire/1.txt", None)


@pytest.mark.parametrize("name", ["x.jsonl.gz", "x.ndjson.gz", "zipped.JSONL"])
def test_gzipped_files_are_read_whatever_their_name(tmp_path: Path, name: str) -> None:
    assert codes(from_file(tmp_path, gzip.compress(lines(GOOD, GOOD)), name)) == [None, None]


@pytest.mark.parametrize(
    "broken",
    [
        b"{not json",
        b"[1, 2]",
        b'"text"',
        b"17",
        b"null",
        b"{}",
        b'{"url": "https://a.example/3"}',
        b'{"html": "<p>x</p>"}',
        b'{"url": 5, "html": "<p>x</p>"}',
        b'{"url": "https://a.example/4", "html": 5}',
        b'{"url": "not an address", "html": "<p>x</p>"}',
        b'{"url": "https://a.example/\xff", "html": "\xff"}',
        b"\x00\x01\x02 rubbish",
        b"[" * 100_000,
        b'{"url":' * 5_000,
    ],
)
def test_a_broken_line_is_named_and_the_others_go_on(tmp_path: Path, broken: bytes) -> None:
    before, bad, after = from_file(tmp_path, lines(GOOD, broken[:60_000], GOOD))
    assert codes([before, bad, after]) == [None, "bad_line", None]
    assert bad.problem is not None
    assert "list.jsonl, line 2" in bad.problem.message
    assert bad.name.endswith("list.jsonl, line 2")
    assert bad.key.endswith("#line-2")


def test_blank_lines_and_a_missing_last_newline_do_not_matter(tmp_path: Path) -> None:
    content = b"\xef\xbb\xbf" + lines(GOOD) + b"\r\n  \n\n" + lines(GOOD)[:-1]
    assert codes(from_file(tmp_path, content)) == [None, None]


def test_lines_are_numbered_as_an_editor_shows_them(tmp_path: Path) -> None:
    items = from_file(tmp_path, b"\n\n" + lines(GOOD, b"broken"))
    assert items[1].name.endswith("line 4")


def test_a_line_that_is_too_long_is_passed_over_without_being_held(tmp_path: Path) -> None:
    long = {"url": "https://a.example/long", "html": "x" * 200_000}
    little_too_long = {"url": "https://a.example/long", "html": "x" * 30_000}
    empty = {"url": "https://a.example/empty", "text": "  "}
    items = from_file(tmp_path, lines(GOOD, long, little_too_long, empty, GOOD))
    assert codes(items) == [None, "too_large", "too_large", "empty", None]


def test_a_lone_surrogate_costs_no_line(tmp_path: Path) -> None:
    (item,) = from_file(tmp_path, b'{"url": "https://a.example/5", "text": "odd \\ud800 sign"}\n')
    assert item.content == b"odd ? sign"


def test_a_damaged_gzip_file_gives_what_came_before(tmp_path: Path) -> None:
    many = lines(
        *({"url": f"https://a.example/{n}", "text": f"number {n * 7919 % 10007}"} for n in range(5000))
    )
    packed = gzip.compress(many)
    items = from_file(tmp_path, packed[: len(packed) // 2], "cut.jsonl.gz")
    assert len(items) > 100
    assert codes(items[:-1]) == [None] * (len(items) - 1)
    assert codes(items[-1:]) == ["unreadable"]


def test_an_empty_list_is_empty(tmp_path: Path) -> None:
    assert codes(from_file(tmp_path, b"")) == ["empty"]
    assert codes(from_file(tmp_path, b"\n\n")) == ["empty"]
    assert codes(from_file(tmp_path, gzip.compress(b""), "none.jsonl.gz")) == ["empty"]


def test_a_long_list_is_read_as_it_goes(tmp_path: Path) -> None:
    (tmp_path / "long.jsonl").write_bytes(lines(GOOD) * 3 + b"\xff" * 1000)
    walk = sources.read(str(tmp_path / "long.jsonl"), SETTINGS)
    assert next(walk).problem is None


def test_standard_input_is_one_document() -> None:
    text = b"A headline\n\nAnd a text below it.\n"
    assert from_stdin(text) == [
        NewItem(
            key=f"stdin:{digest(text)}",
            name="standard input",
            source="-",
            content=text,
            content_type="text/plain",
        )
    ]
    long = text * 600
    assert from_stdin(long)[0].key == f"stdin:{digest(long)}"


def test_standard_input_may_be_jsonl_plain_or_zipped() -> None:
    content = lines(GOOD, b"broken", GOOD)
    assert codes(from_stdin(content)) == [None, "bad_line", None]
    assert codes(from_stdin(gzip.compress(content))) == [None, "bad_line", None]
    html_first = lines({"html": "<p>" + "long " * 3_000 + "</p>", "url": "https://a.example/6"})
    assert codes(from_stdin(html_first)) == [None]


def test_standard_input_may_be_a_feed_or_a_list() -> None:
    feed = b"<rss version='2.0'><channel><item><link>https://a.example/7</link></item></channel></rss>"
    opml = b"<opml><body><outline xmlUrl='https://a.example/f'/><outline xmlUrl='near.xml'/></body></opml>"
    assert [item.key for item in from_stdin(feed)] == ["https://a.example/7"]
    listed, near = from_stdin(opml)
    assert (listed.key, listed.expand) == ("https://a.example/f", True)
    assert codes([near]) == ["bad_url"]


def test_standard_input_without_use_says_why() -> None:
    assert codes(from_stdin(b"")) == ["empty"]
    assert codes(from_stdin(b"\x89PNG\r\n\x1a\n" + bytes(100))) == ["not_text"]
    assert codes(from_stdin(b"word " * 5_000)) == ["too_large"]
    assert codes(from_stdin(gzip.compress(lines(GOOD))[:15])) == ["unreadable"]
    assert from_stdin(b"")[0].key.startswith("stdin:")
