"""Lines to paragraphs."""

from __future__ import annotations

import textwrap

import pytest

from pipeline.clean.wrapping import paragraphs

STORY = [
    "The council voted on Monday to keep the old bridge open for another year, although engineers had warned "
    "that its northern arch could no longer carry lorries and that the railings had rusted through in "
    "places.",
    "“We know what we are asking of it,” said the mayor, who walks across the bridge every morning. She "
    "added that "
    "a new one would cost more than the town spends in four years on all of its schools and roads together.",
    "The vote was close. Two members who had wanted to close the bridge at once left the hall before it "
    "was held.",
]


def test_each_line_is_a_paragraph_when_nothing_was_wrapped() -> None:
    assert paragraphs("\n".join(STORY)) == STORY
    assert paragraphs("\r\n\r\n".join(STORY)) == STORY


@pytest.mark.parametrize("width", [60, 72, 80, 100])
def test_wrapped_lines_are_joined(width: int) -> None:
    text = "\n\n".join(textwrap.fill(paragraph, width) for paragraph in STORY)
    assert paragraphs(text) == STORY


@pytest.mark.parametrize("width", [66, 80])
def test_wrapped_lines_are_joined_without_blank_lines_between_paragraphs(width: int) -> None:
    text = "\n".join(textwrap.fill(paragraph, width) for paragraph in STORY)
    assert paragraphs(text) == STORY


def test_headlines_stay_apart_in_wrapped_text() -> None:
    head = ["Local News", "Council keeps the old bridge open", "By Ada Thorn"]
    text = "\n".join(head) + "\n\n" + "\n\n".join(textwrap.fill(paragraph, 72) for paragraph in STORY)
    assert paragraphs(text) == head + STORY


def test_list_items_are_not_joined() -> None:
    items = ["- four boats a day", "- bicycles travel free", "- dogs pay half"]
    assert paragraphs("\n".join(items)) == items


def test_one_long_line_in_wrapped_text_is_a_paragraph_of_its_own() -> None:
    notice = (
        "Copyright 2024 by somebody. "
        + "All rights are reserved and this text may not be printed again. " * 3
    )
    text = "\n\n".join(textwrap.fill(paragraph, 76) for paragraph in STORY) + "\n\n" + notice
    assert paragraphs(text) == [*STORY, notice.strip()]
