"""Hostile markup costs little, and ordinary markup is left alone."""

from __future__ import annotations

import time

import pytest

from pipeline import process
from pipeline.clean.nesting import tame

TEXT = "The ferry sails at noon, and it comes back at dusk with the post and the papers. " * 5

HOSTILE = {
    "nested": "<div>" * 100_000 + TEXT + "</div>" * 100_000,
    "nested and unclosed": "<ul><li>" * 50_000 + TEXT,
    "unclosed bold": "".join(f"<b id={n}><p>" for n in range(20_000)) + TEXT,
    "attributes": "<div " + " ".join(f"a{n}" for n in range(100_000)) + ">" + TEXT,
    "attributes with quotes": "<div " + " ".join(f"a{n}='>'" for n in range(100_000)) + ">" + TEXT,
    "quotes that never close": TEXT + "<a href='" * 100_000,
    "comments that never close": f"<p>{TEXT}</p>" + "<!--" * 100_000,
    "tables": "<table><tr><td>" * 20_000 + TEXT,
    "brackets": f"<p>{TEXT}</p>" + "<" * 500_000,
    "deep JSON": '<script type="application/ld+json">' + "[" * 100_000 + f"</script><p>{TEXT}</p>",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_markup_is_read_in_seconds(name: str) -> None:
    started = time.process_time()
    assert "comes back at dusk" in process("<html><body>" + HOSTILE[name]).text
    assert time.process_time() - started < 5


def test_an_ordinary_page_is_not_touched() -> None:
    page = ("<div class='a'><p>One <b>two</b><br><img src=x></div>" * 400).encode()
    assert tame(page) is page


def test_text_survives_where_tags_are_dropped() -> None:
    page = ("<div>x" * 30_000).encode()
    assert tame(page).count(b"x") == 30_000


def test_scripts_and_comments_are_not_taken_for_tags() -> None:
    page = b"<script>" + b"'<div>'+" * 30_000 + b"</script><!--" + b"<div>" * 30_000 + b"-->"
    assert tame(page) == page
