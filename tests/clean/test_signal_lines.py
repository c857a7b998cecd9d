"""Short lines near an article that may hold a date or a byline."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.clean import clean
from pipeline.clean.dated import DATED, DATED_ASCII
from pipeline.model import Page

STORY = "".join(
    f"<p>The ferry to the island number {number} was late again on the day that the harbour froze, and "
    "those who waited for it on the pier drank all of the tea that the kiosk had, until it came.</p>"
    for number in ("one", "two", "three", "four", "five", "six")
)


def signals(above: str, below: str = "") -> dict[str, Any]:
    html = (
        f"<html><body><article><h1>Ferry waits for the thaw</h1>{above}{STORY}{below}</article></body></html>"
    )
    return clean(Page(body=html.encode(), digest="0", key="page")).signals


@given(st.text(alphabet="0129345.-/ abcxyz\n'", max_size=20))
def test_a_date_in_ascii_is_found_as_any_other(text: str) -> None:
    assert bool(DATED_ASCII.search(text)) == bool(DATED.search(text))


@pytest.mark.parametrize(
    "line",
    [
        "3 May 2024",
        "May 3, 2024",
        "03.05.2024",
        "2024-05-03",
        "3. März 2024",
        "2024年5月3日",
        "٣ مايو",
        "3-May-24",
    ],
)
def test_a_line_with_a_date_above_a_story_is_kept(line: str) -> None:
    assert line in [found["text"] for found in signals(f"<p>{line}</p>")["date_lines"]]


@pytest.mark.parametrize("line", ["Room 12", "5,000 readers", "Chapter 3", "No figures at all"])
def test_a_line_without_a_date_is_no_line_with_a_date(line: str) -> None:
    assert line not in [found["text"] for found in signals(f"<p>{line}</p>")["date_lines"]]


def test_of_a_note_below_a_story_what_says_when_it_was_posted_is_kept() -> None:
    note = f"</article><footer><p>{'Menus and maps. ' * 12}Posted on 3 May 2024 in Ferries.</p></footer>"
    assert "Posted on 3 May 2024 in Ferries." in [found["text"] for found in signals("", note)["date_lines"]]


@pytest.mark.parametrize(
    "line",
    [
        "By Ann Lee",
        "BY ann lee",
        "Von Anna Lehm",
        "ByAnn Lee",
        "Ann Lee",
        "3 May 2024 by ann lee",
        "作者:安娜",
    ],
)
def test_a_line_like_a_byline_is_kept(line: str) -> None:
    assert line in [found["text"] for found in signals(f"<p>{line}</p>")["signed_lines"]]


@pytest.mark.parametrize("line", ["share this", "read it aloud, if you like", "Listen"])
def test_a_line_unlike_a_byline_is_left(line: str) -> None:
    assert line not in [found["text"] for found in signals(f"<p>{line}</p>")["signed_lines"]]


def test_what_leads_to_an_authors_page_is_told() -> None:
    found = signals('<p>story: <a href="/authors/ann">Ann Lee</a></p><p>3 May 2024</p>')["signed_lines"]
    assert [(one["linked"], one["dated"]) for one in found if one["linked"]] == [("Ann Lee", True)]


def test_a_notice_of_rights_outside_the_story_is_kept() -> None:
    notices = signals("", "</article><footer><p>© 2024 The Pier</p><p>Call us</p></footer>")["notices"]
    assert notices == ["© 2024 The Pier"]
