"""Headlines without the site's name."""

from __future__ import annotations

import pytest

from pipeline.extract.titles import alike, host_names, without_site

SITES = ["The Harbour Post", *host_names("www.harbourpost.example")]


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Bridge stays | The Harbour Post", "Bridge stays"),
        ("Bridge stays - Harbour Post", "Bridge stays"),
        ("Bridge stays – harbourpost.example", "Bridge stays"),
        (
            "The Harbour Post: Bridge stays",
            "The Harbour Post: Bridge stays",
        ),  # a colon may belong to the headline
        ("The Harbour Post | Bridge stays", "Bridge stays"),
        ("Bridge - a love story", "Bridge - a love story"),
        ("Bridge stays: council votes 7-6", "Bridge stays: council votes 7-6"),
        ("The Harbour Post", "The Harbour Post"),
        ("", ""),
    ],
)
def test_the_sites_name_goes_and_the_headline_stays_whole(title: str, expected: str) -> None:
    assert without_site(title, SITES, []) == expected


def test_a_headline_on_show_proves_what_the_rest_is() -> None:
    assert without_site("Bridge stays - Region - Morgen", [], ["Bridge stays"]) == "Bridge stays"


def test_versions_of_one_headline_are_alike() -> None:
    assert alike("Bridge stays open", "Council: bridge stays open for a year") == 1
    assert alike("Bridge stays open", "Ferry sails again") == 0
