"""Authors of pages: which evidence wins, and who is none."""

from __future__ import annotations

import json

import pytest

from pipeline import Article, process
from pipeline.extract.people.byline import authors_in, worded
from pipeline.extract.people.given_names import is_given

URL = "https://post.example/region/bridge-stays"
STORY = (
    "<p>The council voted on Monday to keep the old bridge open for another year, although engineers had "
    "warned it.</p>"
    "<p>“We know what we are asking of it,” said the mayor, who walks across the bridge every single "
    "morning.</p>"
    "<p>Traders on both banks had collected four thousand signatures against closing the bridge at once.</p>"
)
SITE = '<meta property="og:site_name" content="Harbour Post">'
HEADLINE = "<h1>The bridge stays</h1>"


def read(head: str = "", above: str = "", below: str = "", url: str = URL) -> Article:
    html = (
        f'<html lang="en"><head>{head}</head><body><header><a href="/">Harbour Post</a></header>'
        f"<main><article>{HEADLINE}{above}{STORY}{below}</article></main></body></html>"
    )
    return process(html, url=url)


def ld(author: object, **fields: object) -> str:
    item = {"@type": "NewsArticle", "headline": "The bridge stays", "author": author, **fields}
    return f'<script type="application/ld+json">{json.dumps(item)}</script>'


def person(name: str) -> dict[str, str]:
    return {"@type": "Person", "name": name}


@pytest.mark.parametrize(
    ("above", "names"),
    [
        ('<p class="byline">By <a href="/s/ada">Ada Thorn</a> and <a href="/s/bo">Bo Marsh</a></p>', 2),
        ('<div class="author"><span>Ada Thorn</span>,<br><span>Bo Marsh</span></div>', 2),
        ('<div class="byline"><a class="author">Ada<br>Thorn</a></div>', 1),
        ('<span class="author-name">Ada Thorn</span><span class="author-role">Founder, Reviewer</span>', 1),
        ('<div class="byline-author">Ada Thorn<div>Founder &amp; Lead Reviewer</div></div>', 1),
        ('<div class="author">Written by<div>Ada Thorn</div></div>'
         '<div class="author">Reviewed by<div>Cy Wren</div></div>', 1),
        ('<p class="author">Photos by <b>Cy Wren</b></p><p class="author">By <b>Ada Thorn</b></p>', 1),
        ('<div class="hero-banner"><p class="post-author">by Ada Thorn</p></div>', 1),
        ('<div class="author-box"><h3 class="author-name">Ada Thorn</h3></div>', 1),
        ("<p>Written by:</p><p>Ada Thorn</p><p>8 min read</p>", 1),
        ("<p>ByAda Thorn</p>", 1),
        ("<p>by Ada Thorn on Jan 22, 2025</p>", 1),
        ("<p>May 3, 2017 By Ada Thorn 4 Comments</p>", 1),
        ("<p>11.12.2019 - Ada Thorn</p>", 1),
        ("<p>Ada Thorn / 22.04.2020 / 06:15 / Photo: Harbour Post</p>", 1),
        ('<p><a href="/authors/ada-thorn">Ada Thorn</a></p><p>Features</p>', 1),
        ("<p>By Ada Thorn, PhD. Reviewed by Cy Wren, MD</p>", 1),
    ],
)  # fmt: skip
def test_bylines_on_show_name_those_who_wrote(above: str, names: int) -> None:
    assert read(SITE, above).authors == ["Ada Thorn", "Bo Marsh"][:names]


@pytest.mark.parametrize(
    "below",
    [
        '<div class="author-box"><h4>About the author</h4><p class="author-name">Ada Thorn</p></div>',
        "<p>By Ada Thorn</p>",
        "<p>Ada Thorn</p>",
    ],
)
def test_an_author_may_sign_below(below: str) -> None:
    assert read(SITE, below=below).authors == ["Ada Thorn"]


@pytest.mark.parametrize(
    "other",
    [
        '<div class="testimonial-author">Cy Wren</div>',
        '<ul class="related"><li>Ferry sails <span class="author">Cy Wren</span></li></ul>',
        '<div class="comments"><div class="comment"><span class="comment-author">Cy Wren</span></div></div>',
        '<div class="comment-form"><label class="comment-form-author">Name *</label></div>',
        '<p class="photo-credit author-photo">Photo: Cy Wren</p>',
        '<span class="author">Share</span>',
        '<span class="byline">12:20 pm, Jan 7, 2024</span>',
    ],
)
def test_others_on_the_page_are_no_authors(other: str) -> None:
    assert read(SITE, below=other).authors == []


@pytest.mark.parametrize(
    "name",
    ["Harbour Post", "The Harbour Post", "post.example", "admin", "News Desk", "Harbour Post Staff",
     "Editorial Team", "Redaktion", "Reuters", "Guest Author", "info@post.example", "Sea Traffic Ltd"],
)  # fmt: skip
@pytest.mark.parametrize("how", ["json-ld", "meta", "byline"])
def test_sites_offices_and_agencies_are_nobody(name: str, how: str) -> None:
    head = {"json-ld": ld(person(name)), "meta": f'<meta name="author" content="{name}">'}.get(how, "")
    above = f'<p class="byline">By <a rel="author" href="/a">{name}</a></p>' if how == "byline" else ""
    assert read(SITE + head, above).authors == []


def test_where_the_head_names_the_site_the_byline_decides() -> None:
    head = SITE + ld(person("Harbour Post")) + '<meta name="author" content="Harbour Post">'
    article = read(head, '<p class="byline">By Ada Thorn</p>')
    assert (article.authors, article.provenance["authors"]) == (["Ada Thorn"], "byline")


def test_an_account_that_is_nowhere_in_sight_gives_way_to_the_byline() -> None:
    above = '<p class="byline">By Ada Thorn</p>'
    assert read(ld(person("Cy Wren")), above).authors == ["Ada Thorn"]
    assert read('<meta name="author" content="Cy Wren">', above).authors == ["Ada Thorn"]


def test_without_a_byline_the_head_is_believed() -> None:
    assert read(ld(person("Cy Wren"))).authors == ["Cy Wren"]


def test_a_longer_list_on_show_completes_that_of_the_head() -> None:
    above = '<div class="byline">By Ada Thorn, Bo Marsh and Cy Wren</div>'
    assert read(ld(person("Ada Thorn")), above).authors == ["Ada Thorn", "Bo Marsh", "Cy Wren"]


@pytest.mark.parametrize("short", ["ada.thorn", "adathorn", "Ada"])
def test_a_name_gives_way_to_the_same_written_out(short: str) -> None:
    assert read(ld(person(short)), '<p class="byline">By Ada Thorn</p>').authors == ["Ada Thorn"]


@pytest.mark.parametrize(
    "author",
    [
        [person("Ada Thorn"), person("Bo Marsh")],
        person("Ada Thorn, Bo Marsh"),
        "By Ada Thorn and Bo Marsh",
        ["Ada Thorn", {"name": ["Bo Marsh"]}],
        [{"@id": "#ada"}, "#bo"],
        [person("ADA THORN"), person("Ada Thorn"), "Bo Marsh", {"@type": "Organization", "name": "Cy Wren"}],
        [person("Thorn, Ada"), person("Bo Marsh"), person("https://post.example/bo"), None, 7, {}],
    ],
)  # fmt: skip
def test_json_ld_names_authors_in_many_ways(author: object) -> None:
    known = [{"@id": "#ada", **person("Ada Thorn")}, {"@id": "#bo", **person("Bo Marsh")}]
    graph = {"@graph": [{"@type": "NewsArticle", "headline": "The bridge stays", "author": author}, *known]}
    head = f'<script type="application/ld+json">{json.dumps(graph)}</script>'
    assert read(head).authors == ["Ada Thorn", "Bo Marsh"]


@pytest.mark.parametrize(
    ("head", "names"),
    [
        ('<meta name="author" content="Maddy">', ["Maddy"]),
        ('<meta name="author" content="seabird7">', ["seabird7"]),
        ('<meta name="author" content="Thorn, Ada M.">', ["Ada M. Thorn"]),
        ('<meta name="citation_author" content="Okwudishu, Zinachi">', ["Zinachi Okwudishu"]),
        ('<meta name="citation_author" content="Ada Thorn"><meta name="citation_author" content="Bo Marsh">',
         ["Ada Thorn", "Bo Marsh"]),
        ('<meta name="twitter:label1" content="Written by"><meta name="twitter:data1" content="Ada Thorn">',
         ["Ada Thorn"]),
        ('<meta name="twitter:label1" content="Price"><meta name="twitter:data1" content="Ada Thorn">', []),
        ('<meta property="article:author" content="https://social.example/ada">', []),
        ('<meta name="author" content="post.example, Norland">', []),
    ],
)  # fmt: skip
def test_meta_tags_name_authors(head: str, names: list[str]) -> None:
    assert read(SITE + head).authors == names


def test_a_site_called_like_a_person_is_that_persons() -> None:
    site = '<meta property="og:site_name" content="Emily Thorn">'
    assert read(site).authors == ["Emily Thorn"]
    assert read(site + '<meta name="author" content="Emily Thorn">').authors == ["Emily Thorn"]
    assert read(site + '<meta name="author" content="Bo Marsh">').authors == ["Bo Marsh"]


@pytest.mark.parametrize(
    ("lines", "names"),
    [
        (["By Ada Thorn"], [["Ada Thorn"]]),
        (["Von", "Ada Thorn"], [["Ada Thorn"]]),
        (["Posted by seabird at March 3, 2024"], [["seabird"]]),
        (["13. Januar 2014 von seabird"], []),
        (["Publiziert am 13. Januar 2014 von seabird"], [["seabird"]]),
        (["Edited by Ada Thorn"], []),
        (["By the end of the week the bridge was open"], []),
        (["By popular demand"], []),
        (["Von Berlin nach Paris"], []),
    ],
)  # fmt: skip
def test_lines_that_only_their_words_make_bylines(lines: list[str], names: list[list[str]]) -> None:
    assert list(worded(lines)) == names


def test_those_who_reviewed_are_told_from_those_who_wrote() -> None:
    text = "Author\nAda Thorn\nTranslated by\nBo Marsh"
    assert authors_in(text, alone=False) == (["Ada Thorn"], ["Bo Marsh"])


@pytest.mark.parametrize("name", ["Jörg", "jorg", "Łukasz", "Ana-Lena", "Алексей", "ANNA"])
def test_given_names_are_known_with_and_without_accents(name: str) -> None:
    assert is_given(name)
    assert not is_given("Harbour")


def test_a_list_that_a_program_printed_into_a_meta_tag_is_read() -> None:
    head = """<meta name="author" content="['Ada Thorn', 'Bo O'Marsh']">"""
    assert read(head).authors == ["Ada Thorn", "Bo O'Marsh"]


def test_addresses_numbers_and_organisations_as_authors_name_nobody() -> None:
    author = [
        "https://post.example/staff/7",
        7,
        None,
        {"name": {"a": 1}},
        {"@type": "Organization", "name": "AFP"},
    ]
    assert read(ld([*author, {"name": ["Ada Thorn", "Bo Marsh"]}])).authors == ["Ada Thorn", "Bo Marsh"]
