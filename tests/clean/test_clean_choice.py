"""The better of two texts of one article: the page's, and the one that the feed's entry carries."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.clean import clean
from pipeline.clean.choice import better
from pipeline.extract import extract
from pipeline.model import Block, Document, Entry, Fetched, Page, Problem

URL = "https://post.example/news/ferry"
PLACES = ("quay", "harbour", "pier", "lock", "island", "strait", "bay", "cape", "canal", "delta", "lagoon")
STORY = [
    f"The ferry that left the {place} at {hour} on Monday carried {hour * 7} people and {hour * 3} cars, "
    f"said the officer of the {place}, who counts them by hand and has done so for {hour + 9} years."
    for hour, place in enumerate(PLACES, 5)
]
PROMPT = "Subscribe now for one crown a week, and read this and every other story of ours without any limit."
ENTRY = Entry(key="1", link=URL, title="Ferry carries more people than ever", authors=["Ann Bell"])


def html(paragraphs: list[str]) -> str:
    return "".join(f"<p>{text}</p>" for text in paragraphs)


def page_of(paragraphs: list[str], title: str = "Ferry carries more people than ever | The Post") -> str:
    return (
        f'<!DOCTYPE html><html lang="en"><head><title>{title}</title>'
        '<meta name="author" content="Carl Dorn"><meta property="og:site_name" content="The Post"></head>'
        f"<body><nav><a href=/>Home</a></nav><article><h1>{title.partition(' |')[0]}</h1>{html(paragraphs)}"
        "</article></body></html>"
    )


def cleaned(shown: str, carried: list[str] | None, **known: Any) -> Document:
    entry = {**{name: getattr(ENTRY, name) for name in ENTRY.__struct_fields__}, **known}
    entry["content"] = html(carried) if carried is not None else None
    return clean(
        Page(
            body=shown.encode(), digest="", key=URL, url=URL, content_type="text/html",
            fetched=Fetched(final_url=URL + "?seen=1", status=200), entry=Entry(**entry),
        )
    )  # fmt: skip


def texts(document: Document) -> list[str]:
    return [block.text for block in document.blocks if block.kind == "paragraph"]


def source(document: Document) -> str:
    return str(document.signals.get("text_from", "page"))


def test_of_equal_texts_the_page_is_taken() -> None:
    document = cleaned(page_of(STORY), STORY)
    assert (source(document), texts(document)) == ("page", STORY)


@pytest.mark.parametrize(
    "carried",
    [
        STORY[:4],
        [*STORY, "The post Ferry carries more people appeared first on The Post."],
        ["Something else. " * 30],
    ],
    ids=["a part", "the feed's additions", "another text"],
)
def test_the_page_is_taken_where_the_entry_says_no_more(carried: list[str]) -> None:
    document = cleaned(page_of(STORY), carried)
    assert (source(document), texts(document)) == ("page", STORY)


@pytest.mark.parametrize(
    "shown",
    [STORY[:2], [*STORY[:2], PROMPT], [*STORY[:3], PROMPT, PROMPT], STORY[:6], [PROMPT, PROMPT]],
    ids=["teaser", "teaser and prompt", "as many prompts", "half of it", "prompts only"],
)
def test_the_entry_is_taken_where_the_page_shows_less(shown: list[str]) -> None:
    document = cleaned(page_of(shown), STORY)
    assert (source(document), texts(document)) == ("entry", STORY)


def test_a_shorter_page_that_says_something_else_is_taken() -> None:
    linked = [text.replace("ferry", "train").replace("people", "sheep")[::-1] for text in STORY[:7]]
    assert source(cleaned(page_of(linked), STORY)) == "page"


def test_a_page_without_an_article_leaves_the_entry() -> None:
    head = "<head><title>Ferry carries more people than ever</title></head>"
    empty = f'<html>{head}<body><div id="app"></div></body></html>'
    document = cleaned(empty, STORY)
    assert document.problem is None
    assert (source(document), texts(document)) == ("entry", STORY)
    assert document.signals["title"] == "Ferry carries more people than ever"


def test_an_error_page_says_nothing_of_the_article() -> None:
    error = page_of(["Sorry."], "Access denied | The Post")
    document = cleaned(error, STORY)
    assert (source(document), texts(document)) == ("entry", STORY)
    article = extract(document)
    assert (article.title, article.authors) == ("Ferry carries more people than ever", ["Ann Bell"])


def test_bytes_that_are_no_page_leave_the_entry() -> None:
    for shown in ("", "\x00\x01\x02" * 50, '<rss version="2.0"><channel></channel></rss>'):
        assert texts(cleaned(shown, STORY)) == STORY


def test_without_a_text_on_either_side_the_page_says_why() -> None:
    document = cleaned("<html><body></body></html>", ["  "])
    assert document.problem is not None
    assert document.problem.code == "no_article"


def test_the_pages_signals_and_address_stay_with_the_entrys_text() -> None:
    document = cleaned(page_of(STORY[:2]), STORY)
    assert document.url == URL
    article = extract(document)
    assert (article.authors, article.site_name, article.language) == (["Carl Dorn"], "The Post", "en")
    assert article.text == "\n\n".join(STORY)


def test_the_entrys_text_does_not_travel_on() -> None:
    for shown in (page_of(STORY), page_of(STORY[:2]), ""):
        document = cleaned(shown, STORY)
        assert document.entry == ENTRY


def test_an_entry_without_text_and_an_entry_that_is_the_page_change_nothing() -> None:
    assert source(cleaned(page_of(STORY[:2]), None)) == "page"
    entry = Entry(key="1", title="Ferry", content=html(STORY))
    handed_over = Page(body=html(STORY[:2]).encode(), digest="", key=URL, entry=entry)
    assert texts(clean(handed_over)) == STORY[:2]


def test_scripts_without_spaces_are_compared_by_letters() -> None:
    story = [
        f"渡船在第{n}天载了很多人，港口的官员每天都亲手数他们，而且已经数了很多年了，他说还要数下去。"
        for n in range(2, 12)
    ]
    assert source(cleaned(page_of(story[:4]), story)) == "entry"
    assert source(cleaned(page_of(story), story)) == "page"


def document(words: list[str], **known: Any) -> Document:
    text = " ".join(words)
    return Document(
        kind="html", blocks=[Block(kind="paragraph", text=text, markup=text)] if text else [], **known
    )


WORDS = st.lists(st.sampled_from(["ab", "cd", "ef", "gh", "ij", "kl", "mn"]), max_size=400)


@given(WORDS, WORDS)
def test_the_choice_is_one_of_the_two_and_never_the_shorter_entry(
    shown: list[str], carried: list[str]
) -> None:
    page, entry = document(shown, url=URL), document(carried)
    chosen = better(page, entry)
    assert chosen.blocks in (page.blocks, entry.blocks)
    if len(carried) <= len(shown):
        assert chosen is page


LONG = [f"word{at}" for at in range(200)]
OTHER = [f"other{at}" for at in range(300)]


@pytest.mark.parametrize(
    ("shown", "carried", "taken"),
    [
        ((0.39, OTHER), (0.95, LONG), "entry"),
        ((0.4, OTHER), (0.95, LONG), "page"),
        ((0.39, OTHER), (0.68, LONG), "page"),
        ((0.1, OTHER), (0.95, LONG[:149]), "page"),
        ((0.1, OTHER * 2), (0.95, LONG), "page"),
        ((0.1, LONG[:30]), (0.2, LONG), "entry"),
    ],
    ids=["unsure page", "sure enough", "unsure both", "a teaser", "less than half", "longer anyway"],
)
def test_a_page_that_is_hardly_sure_gives_way_to_a_surer_entry(
    shown: tuple[float, list[str]], carried: tuple[float, list[str]], taken: str
) -> None:
    page = document(shown[1], url=URL, confidence=shown[0])
    entry = document(carried[1], confidence=carried[0])
    chosen = better(page, entry)
    assert source(chosen) == taken
    assert chosen.confidence == (entry if taken == "entry" else page).confidence
    assert chosen.url == URL


@given(WORDS)
def test_a_problem_never_wins_over_a_text(words: list[str]) -> None:
    bad = document([], problem=Problem(code="no_article", message="Nothing."))
    good = document(words)
    assert better(bad, good).blocks == good.blocks
    assert better(good, bad) is good
    assert better(bad, bad) is bad
