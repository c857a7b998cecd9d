"""Fields of HTML pages: which evidence wins, and what it is called."""

from __future__ import annotations

import json

import pytest

from pipeline import Article, process
from pipeline.clean import clean
from pipeline.extract import EXTRACTOR_VERSION, extract
from pipeline.model import Entry, Fetched, Page

BODY = (
    "<p>The council voted on Monday to keep the old bridge open for another year, although engineers had "
    "warned it.</p>"
    "<p>“We know what we are asking of it,” said the mayor, who walks across the bridge every single "
    "morning.</p>"
)
URL = "https://post.example/region/bridge-stays"


def page(head: str = "", above: str = "", below: str = "", lang: str = "en") -> str:
    return f'<html lang="{lang}"><head>{head}</head><body><main>{above}{BODY}{below}</main></body></html>'


def read(head: str = "", above: str = "", below: str = "", **more: str) -> Article:
    return process(page(head, above, below, **more), url=URL)


def ld(**fields: object) -> str:
    return f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle", **fields})}</script>'


def test_json_ld_fills_the_fields() -> None:
    article = read(
        ld(
            headline="Bridge stays &amp; stands",
            author=[
                {"@type": "Person", "name": "Ada Thorn"},
                {"@type": "Organization", "name": "Harbour Post"},
            ],
            datePublished="2024-04-19T10:30:00+02:00",
            dateModified="2024-04-20T08:00:00+02:00",
            articleSection=["Region", "Roads"],
            keywords="bridge, council",
            publisher={"name": "The Harbour Post"},
            image={"url": "/b.jpg"},
            isAccessibleForFree="False",
        )
    )
    assert (article.title, article.authors, article.section) == (
        "Bridge stays & stands",
        ["Ada Thorn"],
        "Region",
    )
    assert (article.published_at, article.modified_at) == (
        "2024-04-19T10:30:00+02:00",
        "2024-04-20T08:00:00+02:00",
    )
    assert (article.tags, article.site_name) == (["bridge", "council"], "The Harbour Post")
    assert (article.image_url, article.is_paywalled) == ("https://post.example/b.jpg", True)
    assert set(article.provenance.values()) <= {"json-ld", "html lang"}
    assert article.extractor_version == EXTRACTOR_VERSION


@pytest.mark.parametrize(
    "script",
    [
        '{"@graph": [{"@type": "WebPage", "name": "Other"}, {"@type": "NewsArticle", "headline": "Bridge '
        'stays"}]}',
        '[{"@type": "BreadcrumbList"}, {"@type": ["Article", "NewsArticle"], "headline": "Bridge stays"}]',
        '{"@type": "WebPage", "mainEntity": {"@type": "NewsArticle", "headline": "Bridge stays"}}',
        '/* by hand */ {"@type": "http://schema.org/NewsArticle", "headline": "Bridge\nstays",}',
        '{"@type": "NewsArticle", "headline": ["Bridge stays"], "author": 7, "datePublished": {"a": []}, '
        '"keywords": null}',
        '{"@type": "NewsArticle", "headline": "Ferry sails", "url": "https://post.example/ferry"}'
        '{"@type": "NewsArticle", "headline": "Bridge stays", "url": '
        '"https://post.example/region/bridge-stays"}',
    ],
)
def test_json_ld_of_any_shape_is_read(script: str) -> None:
    assert read(f'<script type="application/ld+json">{script}</script>').title == "Bridge stays"


def test_meta_tags_are_read_and_named() -> None:
    article = read(
        '<meta property="og:title" content="Bridge stays | The Harbour Post"><meta '
        'property="og:site_name" content="The Harbour Post">'
        '<meta name="author" content="Ada Thorn"><meta property="article:published_time" '
        'content="2024-04-19T10:30:00Z">'
        '<meta property="article:section" content="Region"><meta name="description" content="It stays.">'
        '<meta property="article:tag" content="bridge"><meta property="article:tag" content="council">'
        '<link rel="canonical" href="/region/bridge">'
    )
    assert (article.title, article.authors, article.section) == ("Bridge stays", ["Ada Thorn"], "Region")
    assert (article.tags, article.description) == (["bridge", "council"], "It stays.")
    assert article.canonical_url == "https://post.example/region/bridge"
    assert article.provenance["title"] == "og:title"
    assert article.provenance["authors"] == "meta:author"
    assert article.provenance["published_at"] == "meta:article:published_time"
    assert article.provenance["canonical_url"] == "link:canonical"


def test_the_headline_on_show_wins_over_the_one_for_social_networks() -> None:
    article = read(
        '<meta property="og:title" content="You will not believe that this bridge stays">',
        "<h1>The bridge stays</h1>",
    )
    assert (article.title, article.provenance["title"]) == ("The bridge stays", "h1")


def test_a_heading_that_is_the_sites_name_is_no_headline() -> None:
    head = '<title>Bridge stays - Harbour Post</title><meta property="og:site_name" content="Harbour Post">'
    assert read(head, "<h1>Harbour Post</h1>").title == "Bridge stays"


def test_the_headline_and_byline_are_not_repeated_in_the_text() -> None:
    article = read("", '<h1>The bridge stays</h1><p class="byline">By Ada Thorn</p><p>April 19, 2024</p>')
    assert article.authors == ["Ada Thorn"]
    assert article.published_at == "2024-04-19"
    assert article.text.startswith("The council voted")
    assert article.markup.startswith("The council voted")


@pytest.mark.parametrize(
    "byline",
    [
        '<a rel="author" href="/ada">Ada Thorn</a>',
        '<span itemprop="author">Ada Thorn</span>',
        '<div class="article-byline">By <b>Ada Thorn</b></div>',
        '<div class="postMeta"><span class="author-name">Ada Thorn</span><span>5 min read</span></div>',
        "<p>By Ada Thorn</p>",
        "<address>By Ada Thorn, Staff Writer</address>",
    ],
)
def test_a_byline_on_show_is_read(byline: str) -> None:
    assert read("", f"<h1>The bridge stays</h1>{byline}").authors == ["Ada Thorn"]


@pytest.mark.parametrize(
    "date",
    [
        '<time datetime="2024-04-19">Friday</time>',
        "<time>April 19, 2024</time>",
        '<span class="post-date">19.04.2024</span>',
        '<span itemprop="datePublished" content="2024-04-19">last week</span>',
        "<p>Friday, 19 April 2024</p>",
    ],
)
def test_a_date_on_show_is_read(date: str) -> None:
    assert read("", f"<h1>The bridge stays</h1>{date}").published_at == "2024-04-19"


@pytest.mark.parametrize(
    "other",
    [
        '<aside><time datetime="2020-01-01">then</time><span class="author">Bo Marsh</span></aside>',
        '<div class="related"><time datetime="2020-01-01">then</time><a rel="author">Bo Marsh</a></div>',
        '<div id="comments"><time datetime="2020-01-01">then</time><span class="comment-author">Bo '
        "Marsh</span></div>",
        "<footer><p>Copyright 2020 Harbour Post</p></footer>",
    ],
)
def test_dates_and_names_of_others_are_not_taken(other: str) -> None:
    article = read("", "<h1>The bridge stays</h1>", other)
    assert (article.authors, article.published_at) == ([], None)


def test_an_agency_in_the_byline_is_the_agency_and_no_author() -> None:
    article = read('<meta name="author" content="Reuters">')
    assert (article.agency, article.authors) == ("Reuters", [])


def test_wire_conventions_are_read_in_html_too() -> None:
    story = BODY.replace("<p>The", "<p><b>PORT ELLERY, April 18 (Reuters)</b> - The", 1)
    head = ld(headline="Bridge stays", datePublished="2024-04-19")
    end = "<p>(Reporting by Ada Thorn; editing by Bo Marsh)</p>"
    article = process(f"<html lang=en><head>{head}</head><body><article>{story}{end}</article></body></html>")
    assert article.dateline is not None
    assert (article.dateline.place, article.dateline.date, article.agency) == (
        "PORT ELLERY",
        "2024-04-18",
        "Reuters",
    )
    assert article.authors == ["Ada Thorn"]
    assert article.text.startswith("The council")
    assert article.text.endswith("morning.")


def test_a_page_without_metadata_has_none() -> None:
    fields = read(lang="").to_dict()
    empty = {name for name, value in fields.items() if value is None or value == []}
    assert empty >= {
        "title",
        "authors",
        "published_at",
        "section",
        "agency",
        "dateline",
        "copyright",
        "is_paywalled",
    }


def entry_page(body: str, fetched: bool) -> Article:
    entry = Entry(
        key="1", link=URL, title="Bridge stays, says feed", authors=["Ada Thorn"],
        published="2024-04-19T10:30:00+02:00",
        tags=["bridge"], feed_title="The Harbour Post", language="en",
    )  # fmt: skip
    how = Fetched(final_url=URL, status=200) if fetched else None
    return extract(
        clean(
            Page(
                body=body.encode(),
                digest="",
                key=URL,
                url=URL,
                content_type="text/html",
                entry=entry,
                fetched=how,
            )
        )
    )


def test_a_bare_fragment_takes_its_fields_from_the_feed() -> None:
    article = entry_page(BODY, fetched=False)
    assert (article.title, article.authors, article.tags) == (
        "Bridge stays, says feed",
        ["Ada Thorn"],
        ["bridge"],
    )
    assert (article.published_at, article.site_name) == ("2024-04-19T10:30:00+02:00", "The Harbour Post")
    assert article.provenance["title"] == "entry"


def test_a_fetched_page_with_evidence_of_its_own_beats_the_feed() -> None:
    article = entry_page(
        page(ld(headline="Bridge stays", author="Bo Marsh", datePublished="2024-04-18")), fetched=True
    )
    assert (article.title, article.authors, article.published_at) == (
        "Bridge stays",
        ["Bo Marsh"],
        "2024-04-18",
    )
    assert article.tags == ["bridge"]


def test_markup_inside_json_ld_is_no_part_of_its_texts() -> None:
    article = read(ld(headline="<b>Bridge</b> &amp; stays", description="<p>It <i>stays</i></p>"))
    assert (article.title, article.description) == ("Bridge & stays", "It stays")
    assert (
        read(ld(headline="How a <div> nearly closed the bridge")).title
        == "How a <div> nearly closed the bridge"
    )


def test_meta_tags_of_megabytes_cost_nothing_but_themselves() -> None:
    head = (
        f'<meta name="author" content="{"Ada Thorn, " * 100_000}">'
        f'<meta name="keywords" content="{"a," * 400_000}">'
        f'<meta property="og:title" content="{"x " * 400_000}"><title>Bridge stays</title>'
    )
    article = read(head)
    assert (article.title, article.authors, article.tags) == ("Bridge stays", ["Ada Thorn"], ["a"])


def test_of_ten_dates_the_articles_own_is_taken() -> None:
    dates = {
        "date": "2020-01-01", "pubdate": "1970-01-01", "created": "2099-01-01", "timestamp": "0",
        "article:published_time": "2024-04-19T10:30:00Z", "parsely-pub-date": "2024-04-19",
        "publish_date": "19.04.2024", "lastmod": "2024-05-01", "dc.date": "2021-02-02", "copyright": "2025",
    }  # fmt: skip
    head = "".join(f'<meta name="{name}" content="{value}">' for name, value in dates.items())
    assert read(head).published_at == "2024-04-19T10:30:00+00:00"
