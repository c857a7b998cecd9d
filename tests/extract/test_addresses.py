"""Canonical addresses and pictures: only what is this article's."""

from __future__ import annotations

import pytest

from pipeline import process

BODY = (
    "<p>The council voted on Monday to keep the old bridge open for another year, although engineers had "
    "warned it.</p><p>“We know what we are asking of it,” said the mayor, who walks across it every day.</p>"
)
URL = "https://post.example/region/bridge-stays-open-184522"


def canonical(link: str, url: str | None = URL) -> str | None:
    head = f'<title>Bridge stays open</title><link rel="canonical" href="{link}">'
    return process(f"<html><head>{head}</head><body>{BODY}</body></html>", url=url).canonical_url


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("/region/bridge-stays-open-184522", URL),
        ("//post.example/region/bridge-stays-open-184522", URL),
        ("https://post.example/184522", "https://post.example/184522"),
        ("https://post.example/node/88999", "https://post.example/node/88999"),
        ("https://wire.example/2024/bridge-stays-open", "https://wire.example/2024/bridge-stays-open"),
        ("https://post.example/", None),
        ("https://post.example", None),
        ("https://post.example/region/latest/harbour-ferry-timetable-news", None),
        ("javascript:void(0)", None),
    ],
)
def test_a_canonical_address_is_taken_when_it_is_the_articles(link: str, expected: str | None) -> None:
    assert canonical(link) == expected


def test_without_the_pages_own_address_the_canonical_one_is_believed() -> None:
    assert canonical("https://post.example/a/b-c-d", url=None) == "https://post.example/a/b-c-d"


def test_the_address_of_the_home_page_is_canonical_for_the_home_page_itself() -> None:
    assert canonical("https://post.example/", url="https://post.example/") == "https://post.example/"


def test_a_sites_logo_is_no_picture_of_the_article() -> None:
    head = (
        '<meta property="og:image" content="/img/site-logo.png"><meta name="twitter:image" '
        'content="/img/bridge.jpg">'
    )
    article = process(f"<html><head>{head}</head><body>{BODY}</body></html>", url=URL)
    assert article.image_url == "https://post.example/img/bridge.jpg"
