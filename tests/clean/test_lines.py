"""Plain text: what is story, what stands above and below it."""

from __future__ import annotations

import textwrap

import pytest

from pipeline.clean import clean
from pipeline.model import Document, Page

HEADLINES = ["Council keeps the old bridge open", "Engineers had asked for it to be closed at once"]
STORY = [
    "The council voted on Monday to keep the old bridge open for another year, although engineers had warned "
    "that its northern arch could no longer carry lorries and that the railings had rusted through.",
    "“We know what we are asking of it,” said the mayor, who walks across the bridge every morning.",
    "The vote was close. Two members who had wanted to close the bridge left the hall before it was held.",
]


def read(text: str) -> Document:
    return clean(Page(body=text.encode(), digest="", key="story.txt"))


def kept(text: str) -> list[str]:
    return [block.text for block in read(text).blocks]


def story(*, above: list[str] | None = None, below: list[str] | None = None, gap: str = "\n\n") -> str:
    return gap.join([*(HEADLINES if above is None else above), *STORY, *(below or [])])


LEFTOVERS = [
    "Back to top",
    "Related Articles",
    "Share on Facebook",
    "Facebook Twitter WhatsApp",
    "Leave a Reply",
    "Your email address will not be published. Required fields are marked *",
    "Sign up for our free newsletter and get the best stories in your inbox every morning.",
    "We use cookies to improve your experience. You can accept or manage them at any time.",
    "Advertisement",
    "Home | News | Sport | Weather",
    "Nach oben",
    "Artikel teilen",
    "Schreiben Sie einen Kommentar",
    "À lire aussi",
    "Partager cet article",
    "Deja un comentario",
    "Read more",
    "3 Comments",
    "— — —",
]


@pytest.mark.parametrize("line", LEFTOVERS)
@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_a_leftover_below_the_story_is_not_kept(line: str, gap: str) -> None:
    assert kept(story(below=[line], gap=gap)) == STORY


@pytest.mark.parametrize(
    "line", [line for line in LEFTOVERS if not line.startswith(("Leave", "Deja", "Schreiben", "3 "))]
)
def test_a_leftover_within_the_story_is_not_kept_and_the_story_goes_on(line: str) -> None:
    assert kept("\n\n".join([*HEADLINES, STORY[0], line, *STORY[1:]])) == STORY


def test_titles_of_other_stories_go_with_their_heading() -> None:
    assert kept(story(below=["Most Read", "Ten walks for a rainy day", "The baker of Lund Street"])) == STORY


def test_everything_after_a_comment_form_goes() -> None:
    below = [
        "Leave a Reply",
        "I think that the mayor is right about all of this, and I have said so for years. So there.",
    ]
    assert kept(story(below=below)) == STORY


def test_a_story_about_cookies_and_comments_keeps_its_sentences() -> None:
    about = "“We bake our cookies by an old recipe,” said the baker, who had asked everybody to comment."
    assert about in kept(story(below=[about]))


def test_headlines_and_label_become_signals() -> None:
    signals = read(story(above=["World News", *HEADLINES])).signals
    assert signals["labels"] == ["World News"]
    assert signals["headlines"] == HEADLINES


def test_a_breadcrumb_is_a_label() -> None:
    assert read(story(above=["Home > News > Region", *HEADLINES])).signals["labels"] == [
        "Home > News > Region"
    ]


def test_a_short_headline_is_not_a_label_when_nothing_follows_it() -> None:
    signals = read(story(above=["Bridge stays"])).signals
    assert "labels" not in signals
    assert signals["headlines"] == ["Bridge stays"]


@pytest.mark.parametrize(
    "byline", ["By Ada Thorn", "Von Ada Thorn", "Par Ada Thorn", "Por Ada Thorn", "Written by: Ada Thorn"]
)
@pytest.mark.parametrize(
    "date", ["April 3, 2025", "3. April 2025", "3 avril 2025", "2025-04-03", "Updated: 3 April 2025, 14:30"]
)
def test_byline_and_date_above_the_story_become_signals(byline: str, date: str) -> None:
    document = read(story(above=[*HEADLINES, byline, date]))
    assert (document.signals["bylines"], document.signals["dates"]) == ([byline], [date])
    assert [block.text for block in document.blocks] == STORY


def test_a_standfirst_above_the_dateline_is_a_headline() -> None:
    standfirst = (
        "The council has decided, by one vote, to keep the old bridge of the town open for one more year."
    )
    wire = ["PORT ELLERY (Reuters) - " + STORY[0], *STORY[1:]]
    document = read("\n\n".join([HEADLINES[0], standfirst, *wire]))
    assert document.signals["headlines"] == [HEADLINES[0], standfirst]
    assert [block.text for block in document.blocks] == wire


def test_a_copyright_line_becomes_a_notice() -> None:
    document = read(story(below=["Copyright 2024 Harbour Post.", "Back to top"]))
    assert document.signals["notices"] == ["Copyright 2024 Harbour Post."]
    assert [block.text for block in document.blocks] == STORY


def test_text_without_headline_is_all_story() -> None:
    assert kept(story(above=[])) == STORY


def test_headings_lists_and_quotes_are_told_apart() -> None:
    lines = [
        *STORY,
        "What happens next",
        "The harbour master said that the ferries would run on four days a week until the end of May.",
        "- four boats a day",
        "- bicycles travel free",
        "> a quoted line.",
        "Passengers from the islands asked the council on Monday to pay for a fifth boat in summer.",
    ]
    kinds = [block.kind for block in read("\n\n".join(lines)).blocks]
    assert kinds == ["paragraph"] * 3 + ["heading", "paragraph", "item", "item", "quote", "paragraph"]


def test_wrapped_text_reads_like_unwrapped_text() -> None:
    below = ["Related Articles", "Back to top"]
    wrapped = "\n\n".join(textwrap.fill(part, 74) for part in [*HEADLINES, *STORY, *below])
    assert kept(wrapped) == kept(story(below=below)) == STORY


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b" \n\t ", "empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(400), "not_text"),
        (b"ok\n", "no_article"),
    ],
)
def test_content_without_story_is_a_problem_with_a_code(content: bytes, code: str) -> None:
    document = clean(Page(body=content, digest="", key="x.txt"))
    assert document.problem is not None
    assert document.problem.code == code
    assert document.blocks == []
    assert "x.txt" in document.problem.message
