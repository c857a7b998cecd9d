"""Subtitles of pages: what stands between the headline and the story."""

from __future__ import annotations

from pipeline import process
from pipeline.extract import extract
from pipeline.model import Block, Document

BODY = (
    "<p>The council voted on Monday to keep the old bridge open for another year, although engineers had "
    "warned it.</p><p>“We know what we are asking of it,” said the mayor, who walks across it every day.</p>"
    "<p>The bridge was built in the year of the great flood, and it has been mended eleven times since.</p>"
)
STANDFIRST = "Engineers warned the council, and the council thanked them for it"


def subtitles(head: str, above: str) -> list[str]:
    page = (
        f"<html><head>{head}</head><body><main><h1>Bridge stays open</h1>{above}{BODY}</main></body></html>"
    )
    return process(page, url="https://post.example/a/bridge-stays-open").subtitles


def test_an_alternative_headline_is_a_subtitle() -> None:
    script = '{"@type": "NewsArticle", "headline": "Bridge stays open", "alternativeHeadline": "For a year"}'
    assert subtitles(f'<script type="application/ld+json">{script}</script>', "") == ["For a year"]


def test_all_alternative_headlines_are_subtitles() -> None:
    script = '{"@type": "NewsArticle", "headline": "Bridge stays", "alternativeHeadline": ["One", "Two"]}'
    assert subtitles(f'<script type="application/ld+json">{script}</script>', "") == ["One", "Two"]


def test_a_page_without_one_has_none() -> None:
    assert subtitles(f'<meta name="description" content="{STANDFIRST}">', "") == []


def test_a_line_above_the_story_is_a_standfirst_when_the_page_describes_itself_with_it() -> None:
    document = Document(
        kind="html",
        blocks=[Block(kind="paragraph", text="The council voted.", markup="The council voted.")],
        signals={
            "title": "Bridge stays open",
            "meta": [["description", STANDFIRST]],
            "lead": ["Share this page with your neighbours", STANDFIRST, "Photo of the bridge © A. Thorn"],
        },
    )
    assert extract(document).subtitles == [STANDFIRST]


def test_an_agencys_byline_between_headline_and_story_is_no_subtitle() -> None:
    story = BODY.replace("<p>", "").replace("</p>", "\n\n")
    text = f"Bridge stays open\n\nFor another year, says the council\n\nBy The Associated Press\n\n{story}"
    assert process(text).subtitles == ["For another year, says the council"]
