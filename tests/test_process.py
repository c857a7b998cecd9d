"""The library's face: content in, an article out, or an error that says why not."""

from __future__ import annotations

import json
import textwrap
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pipeline
from pipeline import Article, NoArticle, NotText, process
from pipeline.model import Contributor, Copyright, Dateline

SEEDS = Path(__file__).parent.parent / "seeds"
STORIES = sorted((SEEDS / "stories").glob("*.txt"))
PAGES = sorted((SEEDS / "pages").glob("*.html"))

PARAGRAPHS = [
    "Dock workers in Port Ellery said on Tuesday they would extend a strike over overtime pay until the "
    "end of the week, "
    "leaving 43 ships at anchor off the country's largest container harbour.",
    "“We came with three proposals and left with none,” said Marta Oduya, who led the union's delegation.",
    "The port authority said the union's demands would cost it 180 million crowns a year, the agency "
    "(Reuters) and others reported.",
]


def wire(
    opening: str = "PORT ELLERY (Reuters) – ",
    credits: str = "(Reporting by Ilse Hartnagel and Tomas Bright; Writing by Tomas Bright, Editing by "
    "Carla Munro)",
    notice: str = "Copyright 2024 Thomson Reuters.",
    gap: str = "\n\n",
    width: int = 0,
) -> str:
    head = [
        "World News",
        "Dock Workers Extend Strike as Talks Stall",
        "Union Says It Will Not Return to Work Before Friday",
    ]
    story = [opening + PARAGRAPHS[0], *PARAGRAPHS[1:]]
    tail = [
        credits,
        notice,
        "Related Articles",
        "Leave a Reply",
        "Your email address will not be published.",
        "Back to top",
    ]
    lines = [line for line in [*head, *story, *tail] if line]
    return gap.join(textwrap.fill(line, width) if width else line for line in lines)


@pytest.mark.parametrize(("gap", "width"), [("\n\n", 0), ("\n", 0), ("\r\n", 0), ("\n\n", 72), ("\n\n", 80)])
def test_a_wire_story_comes_out_right_in_every_field(gap: str, width: int) -> None:
    article = process(wire(gap=gap, width=width))
    assert article.title == "Dock Workers Extend Strike as Talks Stall"
    assert article.subtitles == ["Union Says It Will Not Return to Work Before Friday"]
    assert article.section == "World News"
    assert article.dateline == Dateline(place="PORT ELLERY", agency="Reuters")
    assert article.agency == "Reuters"
    assert article.authors == ["Ilse Hartnagel", "Tomas Bright"]
    assert article.contributors == [
        Contributor(role="reporting", name="Ilse Hartnagel"),
        Contributor(role="reporting", name="Tomas Bright"),
        Contributor(role="writing", name="Tomas Bright"),
        Contributor(role="editing", name="Carla Munro"),
    ]
    assert article.copyright == Copyright(holder="Thomson Reuters", year=2024)
    assert article.language == "en"
    assert article.published_at is None
    assert article.text.split("\n\n") == PARAGRAPHS


@pytest.mark.parametrize(
    ("opening", "credits", "notice", "agency", "authors"),
    [
        (
            "OSLO, March 12 (AP) — ",
            "Associated Press writer Jo Falk contributed to this report.",
            "© 2024 The Associated Press",
            "AP",
            [],
        ),
        ("PARIS, 3 mars (AFP) - ", "", "© 2024 AFP", "AFP", []),
        (
            "Berlin (dpa) - ",
            "(Berichterstattung: Jonas Wiegand; Redaktion: Mira Tolk)",
            "",
            "dpa",
            ["Jonas Wiegand"],
        ),
        ("Madrid, 3 mar (EFE).- ", "(Reporte de Ana Sol)", "", "EFE", ["Ana Sol"]),
        ("ROME — ", "(Written by Ada Riva)", "Copyright 2024 Harbour Post", None, ["Ada Riva"]),
        ("", "Reporting by Ada Riva in Oslo", "", None, ["Ada Riva"]),
    ],
)
def test_other_agencies_and_credits_come_out_right(
    opening: str, credits: str, notice: str, agency: str | None, authors: list[str]
) -> None:
    article = process(wire(opening, credits, notice))
    assert (article.agency, article.authors) == (agency, authors)
    assert article.text.split("\n\n") == PARAGRAPHS


def test_the_names_above_the_story_are_the_authors_when_there_are_any() -> None:
    story = wire().replace("PORT ELLERY (Reuters)", "By Ada Thorn\n\nMarch 12, 2024\n\nPORT ELLERY (Reuters)")
    article = process(story)
    assert (article.authors, article.published_at) == (["Ada Thorn"], "2024-03-12")
    assert (article.provenance["authors"], article.provenance["published_at"]) == ("byline", "text:date")


def test_every_value_says_where_it_came_from() -> None:
    article = process(wire())
    filled = {name for name, value in article.to_dict().items() if value not in (None, [], "", 0)}
    computed = {"text", "markup", "word_count", "content_hash", "simhash"}
    computed |= {"confidence", "provenance", "extractor_version"}
    assert set(article.provenance) == filled - computed


@pytest.mark.parametrize("seed", STORIES + PAGES, ids=lambda path: path.name)
def test_every_sample_is_an_article_with_a_title(seed: Path) -> None:
    article = process(seed.read_bytes())
    assert article.title
    assert article.authors
    assert article.word_count > 100
    assert "©" not in article.text
    json.dumps(article.to_dict())


def test_a_cut_has_a_confidence_and_so_has_its_absence() -> None:
    confidence = process(wire()).confidence
    assert confidence is not None
    assert 0 < confidence == round(confidence, 3) <= 1
    told = {}
    for content in ("<html><body></body></html>", "", b"GIF89a" + bytes(100)):
        with pytest.raises(NoArticle) as caught:
            process(content)
        told[caught.value.code] = caught.value.confidence
    assert told["no_article"] is not None
    assert 0 <= told["no_article"] < 0.7
    assert (told["empty"], told["not_text"]) == (None, None)


def test_no_sample_repeats_another() -> None:
    hashes = [process(seed.read_bytes()).content_hash for seed in STORIES + PAGES]
    assert len(set(hashes)) == len(hashes) >= 8


def test_text_and_bytes_give_the_same_article() -> None:
    content = (SEEDS / "pages" / "cloches.html").read_bytes()
    assert process(content) == process(content.decode("iso-8859-1"))


def test_html_and_text_are_told_apart_by_looking_and_by_content_type() -> None:
    words = "The ferry sails at noon, and it comes back at dusk with the post and the papers for the island."
    assert process(f"<html><body><p>{words}</p></body></html>").text == words
    assert process(f"<p>{words}", content_type="text/html").text == words
    assert "<p>" in process(f"<p>{words} <p>", content_type="text/plain").text


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        ("", "empty"),
        (b" \n\n\t", "empty"),
        (b"\x00\x00", "empty"),
        (b"GIF89a" + bytes(100), "not_text"),
        (b"ok", "no_article"),
        ("<html><body></body></html>", "no_article"),
    ],
)
def test_no_article_is_an_error_with_a_code(content: bytes | str, code: str) -> None:
    with pytest.raises(NoArticle) as caught:
        process(content, url="https://post.example/x")
    assert caught.value.code == code
    assert isinstance(caught.value, NotText) == (code == "not_text")
    assert "https://post.example/x" in str(caught.value)


def test_the_face_of_the_library_is_what_it_says() -> None:
    assert set(pipeline.__all__) >= {"process", "Article", "NoArticle"}
    assert all(hasattr(pipeline, name) for name in pipeline.__all__)


def outcome(content: bytes | str, content_type: str | None) -> Article | str:
    try:
        return process(content, "https://post.example/a/b", content_type)
    except NoArticle as error:
        return error.code


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=600), st.sampled_from([None, "text/html", "text/plain; charset=utf-16"]))
def test_any_bytes_are_an_article_or_none(content: bytes, content_type: str | None) -> None:
    assert outcome(content, content_type)


PIECES = st.sampled_from(
    ["<p>", "</p>", "<div class='related'>", "</div>", "<h1>", "<table>", "<tr>", "<td>", "<ul>", "<li>",
    "<a href='/x'>", "</a>", "<b>",
     "</b>", "<br>", "<br>", "<pre>", "<!--", "-->", "<script>", "</script>", "<svg>",
     "<time datetime='2024-13-45'>", "<img src=x>",
     "<figure>", "<meta name=author content='By '>", "<title>", "&#0;", "&bogus;", "\x1f", "\n",
     "<blockquote>", "<nav>", "By Ada Thorn",
     "The ferry sails at noon, and it comes back at dusk with the "
     "post. ", "BERLIN (dpa) - ", "(Reporting by ", "© 2024 ", "灯台。"]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=40))
def test_any_markup_is_an_article_or_none(pieces: list[str]) -> None:
    assert outcome("<html><body>" + "".join(pieces), None)
    assert outcome("\n".join(pieces), "text/plain")
