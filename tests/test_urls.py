"""Addresses: one spelling for one page, and keys that keep every byte of a file's name."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import SourceError
from pipeline.urls import (
    absolute,
    canonical,
    escape_path,
    file_key,
    file_path,
    host_of,
    is_url,
    printable,
    without_password,
)

PATHS = st.text(st.characters(exclude_characters="\0/", exclude_categories=["Cs"]), min_size=1, max_size=20)
URLS = st.builds(
    "{}://{}{}/{}{}{}".format,
    st.sampled_from(["http", "HTTPS", "https"]),
    st.sampled_from(["a.example", "A.Example.", "bücher.example", "192.0.2.1", "[2001:db8::1]"]),
    st.sampled_from(["", ":80", ":443", ":8080"]),
    st.text(st.characters(exclude_characters="?#", exclude_categories=["Cs", "Cc"]), max_size=20),
    st.sampled_from(["", "?", "?a=1", "?utm_source=x&b=%C3%A4", "?q=a+b&q=%zz&fbclid=1", "?a;b"]),
    st.sampled_from(["", "#part"]),
)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("HTTP://Example.COM:80", "http://example.com/"),
        ("https://example.com:443/a/../b/./c", "https://example.com/b/c"),
        ("https://example.com:8443/x#y", "https://example.com:8443/x"),
        ("https://example.com./", "https://example.com/"),
        ("https://bücher.example/ä", "https://xn--bcher-kva.example/%C3%A4"),
        ("https://a.example/%7euser/%2f%c3%a4", "https://a.example/~user/%2F%C3%A4"),
        ("https://a.example/?b=2&utm_source=x&a=1&fbclid=y", "https://a.example/?b=2&a=1"),
        ("https://a.example/?utm_source=x", "https://a.example/"),
        ("https://a.example/?id=1&utmost=2", "https://a.example/?id=1&utmost=2"),
        ("  https://a.example/a\nb  ", "https://a.example/ab"),
        ("https://ann:pw@a.example/x", "https://a.example/x"),
        ("http://[2001:DB8::1]:80/", "http://[2001:db8::1]/"),
        ("https://a.example//b/./c//", "https://a.example//b/c//"),
        ("https://a.example/a/b/..", "https://a.example/a/"),
        ("https://a.example/../%2e%2E/a", "https://a.example/a"),
        ("https://a.example/100%", "https://a.example/100%25"),
    ],
)
def test_the_canonical_form(url: str, expected: str) -> None:
    assert canonical(url) == expected


@given(URLS)
def test_the_canonical_form_is_stable_and_keeps_the_host(url: str) -> None:
    once = canonical(url)
    assert canonical(once) == once
    assert host_of(once) == host_of(url) != ""
    assert once.isascii()


@pytest.mark.parametrize(
    "url",
    [
        "",
        "ftp://a.example/",
        "https://",
        "http:///x",
        "https://[::1",
        "https://a.example:99999/",
        "javascript:1",
        "//a.example/",
        "http://a b/",
        "http://a.example*",
        "http://é%20.example/",
    ],
)
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(SourceError) as caught:
        canonical(url)
    assert caught.value.code == "bad_url"
    assert host_of(url) == ""


@given(st.text(), st.sampled_from(["{}", "https://{}", "https://a.example/{}", "https://a.example/?{}"]))
def test_any_text_is_canonical_or_refused(text: str, pattern: str) -> None:
    candidate = pattern.format(text)
    absolute(text, candidate)
    with suppress(SourceError):
        assert canonical(canonical(candidate)) == canonical(candidate)


@pytest.mark.parametrize(
    ("link", "base", "expected"),
    [
        ("/b", "https://a.example/x/y", "https://a.example/b"),
        ("c", "https://a.example/x/y", "https://a.example/x/c"),
        (" https://b.example/ ", None, "https://b.example/"),
        ("//b.example/", "https://a.example/", "https://b.example/"),
        ("mailto:ann@a.example", "https://a.example/", None),
        ("c", None, None),
        ("http://[", "https://a.example/", None),
    ],
)
def test_links_are_made_absolute_or_nothing(link: str, base: str | None, expected: str | None) -> None:
    assert absolute(link, base) == expected


def test_only_http_addresses_are_urls() -> None:
    assert is_url(" HTTPS://a.example")
    assert not is_url("ftp://a.example")
    assert not is_url("https.txt")


@given(st.lists(PATHS, min_size=1, max_size=4))
def test_a_file_key_leads_back_to_its_file(names: list[str]) -> None:
    path = Path("/", *(name for name in names if name not in (".", "..")))
    key = file_key(path)
    assert file_path(key) == path
    assert key.isascii()
    assert not any(character.isspace() for character in key)


@given(
    st.binary(min_size=1, max_size=20).filter(lambda raw: not set(raw) & {0, 47} and raw not in (b".", b".."))
)
def test_a_name_of_any_bytes_keeps_them(raw: bytes) -> None:
    path = Path("/folder", os.fsdecode(raw))
    assert os.fsencode(file_path(file_key(path))) == b"/folder/" + raw
    assert file_key(path) == f"file:///folder/{escape_path(os.fsdecode(raw))}"
    printable(str(path)).encode("utf-8")


def test_a_detour_through_a_link_leads_where_the_file_system_says(tmp_path: Path) -> None:
    (tmp_path / "real/deep").mkdir(parents=True)
    (tmp_path / "link").symlink_to(tmp_path / "real/deep")
    (tmp_path / "real/a.txt").touch()
    assert file_key(tmp_path / "link/../a.txt") == file_key(tmp_path / "real/a.txt")


@given(st.text())
def test_what_is_printed_has_no_control_characters(name: str) -> None:
    assert printable(name).isprintable()
    assert printable(printable(name)) == printable(name)


def test_passwords_are_masked() -> None:
    assert without_password("https://ann:secret@a.example/x") == "https://ann:***@a.example/x"
    assert without_password("https://a.example:8080/@x") == "https://a.example:8080/@x"


def test_long_addresses_are_handled_in_linear_time() -> None:
    began = time.process_time()
    canonical("https://a.example/" + "%41/../" * 20_000 + "?" + "a=1&" * 20_000)
    assert time.process_time() - began < 3
