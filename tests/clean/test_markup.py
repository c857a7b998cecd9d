"""HTML pages: which part is the article, how it looks as blocks, what is noted for metadata."""

from __future__ import annotations

import pytest

from pipeline.clean import clean
from pipeline.model import Document, Entry, Fetched, Page

PARAGRAPHS = [
    "The council voted on Monday to keep the old bridge open for another year, although engineers had "
    "warned it.",
    "“We know what we are asking of it,” said the mayor, who walks across the bridge every single morning.",
    "The vote was close. Two members who had wanted to close the bridge left the hall before it was held.",
]
BODY = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
URL = "https://post.example/news/bridge"


def read(html: str | bytes, **page: object) -> Document:
    body = html.encode() if isinstance(html, str) else html
    return clean(Page(body=body, digest="", key=URL, url=URL, content_type="text/html", **page))  # type: ignore[arg-type]


def texts(html: str) -> list[str]:
    return [block.text for block in read(html).blocks]


def markup(inner: str) -> list[str]:
    return [
        block.markup
        for block in read(f"<html><body><article>{BODY}{inner}</article></body></html>").blocks[3:]
    ]


SURROUNDINGS = [
    "<nav><a href=/>Home</a> <a href=/n>News, sport, weather and everything else that we have to offer "
    "you.</a></nav>",
    "<footer><p>The Harbour Post is printed every day but Sunday, at 4 Quay Lane, by people who like "
    "paper.</p></footer>",
    "<aside><p>Our cookbook is out now, and it has one hundred recipes for herring. Order it at the "
    "desk.</p></aside>",
    '<div class="cookie-banner"><p>We would like to remember that you were here, if you allow us to do '
    "so.</p></div>",
    '<div id="comments"><p>I have always said that this bridge would fall, and nobody ever listened to '
    "me.</p></div>",
    '<div class="related-posts"><p>The ferry sails again after the storm, and its captain has a new '
    "hat.</p></div>",
    '<div class="newsletter-signup"><p>Get the news of the harbour every morning, before the gulls are '
    "awake.</p></div>",
    '<div style="display: none"><p>This text is here for machines only, and no reader will ever see any '
    "of it.</p></div>",
    "<form><p>Tell us what you think of the bridge, the mayor and the weather, in that order, "
    "please.</p></form>",
    '<div role="navigation"><p>You are here, and you could be there, or somewhere else, if only you '
    "clicked.</p></div>",
    "<script>var text = 'This is a sentence in a script, and it has a comma.';</script>",
    "<noscript><p>Please switch on scripts, or else the pictures of the bridge will not be shown to "
    "you.</p></noscript>",
]


@pytest.mark.parametrize("surrounding", SURROUNDINGS)
@pytest.mark.parametrize("inside", [True, False])
def test_what_surrounds_the_article_is_left_out(surrounding: str, inside: bool) -> None:
    page = (
        f"<article>{BODY}{surrounding}</article>"
        if inside
        else f"{surrounding}<article>{BODY}</article>{surrounding}"
    )
    assert texts(f"<html><body>{page}</body></html>") == PARAGRAPHS


def test_an_article_is_found_without_any_hint() -> None:
    menu = "".join(f"<div><a href=/{n}>Section number {n}</a></div>" for n in range(30))
    page = f"<div><div>{menu}</div><div><div>{'<br><br>'.join(PARAGRAPHS)}</div></div></div>"
    assert texts(f"<html><body>{page}</body></html>") == PARAGRAPHS


def test_an_article_in_a_form_or_a_box_called_sidebar_is_still_found() -> None:
    assert texts(f'<html><body><form id="aspnetForm">{BODY}</form></body></html>') == PARAGRAPHS
    assert texts(f'<html><body><div class="sidebar-layout widget">{BODY}</div></body></html>') == PARAGRAPHS


def test_long_comments_do_not_become_the_article() -> None:
    comments = (
        "<p>I have read this twice, and I still do not see why the bridge should stay where it is.</p>" * 12
    )
    assert (
        texts(f'<html><body><div>{BODY}</div><div id="comments">{comments}</div></body></html>') == PARAGRAPHS
    )


def test_emphasis_links_and_code_become_markdown() -> None:
    assert markup(
        '<p>See <a href="/plan">the <b>plan </b></a>or <i>ask</i>, <code>x = 1</code> <a '
        'href="#top">up</a>.</p>'
    ) == ["See [the **plan**](https://post.example/plan) or *ask*, `x = 1` up."]


def test_emphasis_in_emphasis_of_its_kind_is_one() -> None:
    assert markup("<p>It is <b>very <strong>old</strong> stone</b> and <i>so <em>grey</em></i>.</p>") == [
        "It is **very old stone** and *so grey*."
    ]


def test_headings_lists_and_quotes_become_markdown() -> None:
    lists = "<ul><li>One<ul><li>Deep</li></ul></li><li>Two</li></ul><ol><li>First</li><li>Second</li></ol>"
    assert markup("<h2>Next</h2>" + lists + "<blockquote><p>Said he.</p></blockquote>") == [
        "## Next", "- One", "  - Deep", "- Two", "1. First", "2. Second", "> Said he.",
    ]  # fmt: skip


def test_code_keeps_its_lines() -> None:
    assert markup("<pre>if a:\n    b()\n</pre>") == ["```\nif a:\n    b()\n```"]


def test_a_table_of_data_becomes_a_table_and_a_layout_does_not() -> None:
    table = "<table><tr><th>Pier</th><th>Depth</th></tr><tr><td>East</td><td>4 m</td></tr></table>"
    assert markup(table) == ["| Pier | Depth |\n| --- | --- |\n| East | 4 m |"]
    assert texts(f"<html><body><table><tr><td>{BODY}</td></tr></table></body></html>") == PARAGRAPHS


def test_a_figure_keeps_its_picture_and_caption() -> None:
    figure = '<figure><img src="/b.jpg" alt="A bridge"><figcaption>The bridge at dusk</figcaption></figure>'
    picture, *caption = markup(figure)[0].split("\n")
    assert picture.endswith("](https://post.example/b.jpg)")
    # A caption is no part of every story's text, but what the picture shows is always said.
    assert "The bridge at dusk" in (caption[0] if caption else picture)


def test_line_breaks_stay_in_a_paragraph_and_two_of_them_end_it() -> None:
    document = read(
        f"<html><body><div>{BODY}<p>One line,<br>another one.<br><br>And the next "
        f"paragraph.</p></div></body></html>"
    )
    assert [block.text for block in document.blocks[3:]] == [
        "One line,\nanother one.",
        "And the next paragraph.",
    ]


def test_signals_hold_what_the_head_says() -> None:
    head = (
        '<title>Bridge  stays | Post</title><meta property="og:title" content="Bridge stays"><meta '
        'name="Author" content="Ada Thorn">'
        '<link rel="canonical" href="/news/bridge"><script type="application/ld+json">{"@type": '
        '"NewsArticle"}</script>'
    )
    signals = read(f'<html lang="en-GB"><head>{head}</head><body>{BODY}</body></html>').signals
    assert signals["title"] == "Bridge stays | Post"
    assert signals["meta"] == [["og:title", "Bridge stays"], ["author", "Ada Thorn"]]
    assert signals["links"] == [["canonical", "/news/bridge"]]
    assert signals["json_ld"] == ['{"@type": "NewsArticle"}']
    assert signals["html_lang"] == "en-GB"


def test_signals_tell_where_a_byline_stands() -> None:
    byline, other = (
        '<span class="byline">By Ada Thorn</span>',
        '<aside><span class="author">Bo Marsh</span></aside>',
    )
    signals = read(f"<html><body><h1>Bridge stays</h1>{byline}<div>{BODY}</div>{other}</body></html>").signals
    places = {one["text"]: one["place"] for one in signals["shown"]}
    # Lines above the story may be cut with it; what matters is that they are its own.
    assert places["Bridge stays"] in ("before", "inside")
    assert places["By Ada Thorn"] in ("before", "inside")
    assert places["Bo Marsh"] == "outside"


def test_a_byline_in_a_hundred_others_is_read_once_for_each() -> None:
    html = f"<article>{BODY}</article>{'<span class=author>' * 100}Ada Quill<i>, {'x ' * 90_000}</i>"
    shown = read(f"<html><body>{html}").signals["shown"]
    bylines = [signal["text"] for signal in shown if signal["what"] == "author"]
    assert len(bylines) == 100
    assert all(text.startswith("Ada Quill") and len(text) <= 300 for text in bylines)


def test_signals_stay_small_on_a_page_of_megabytes() -> None:
    meta = f'<meta name="author" content="{"x" * 3_000_000}">' + '<meta name="a" content="b">' * 5_000
    signals = read(f"<html><head>{meta}</head><body>{BODY}</body></html>").signals
    assert sum(len(name) + len(content) for name, content in signals["meta"]) < 10_000


@pytest.mark.parametrize(
    "page",
    [
        "<html><head><title>News</title></head><body></body></html>",
        "<html><head><title>404 Not Found</title></head><body><p>Sorry, the page that you asked for is "
        "not here, we looked.</p></body></html>",
        "<html><head><title>Log in</title></head><body><p>Please enter your name and your password, and "
        "then press the button.</p><form><input></form></body></html>",
        "<html><body><ul>"
        + "".join(f"<li><a href=/{n}>The {n}. headline of the day, with a comma</a></li>" for n in range(60))
        + "</ul></body></html>",
        "<html><body><script>document.write('Hello, this page is one script, and nothing else at "
        "all.')</script></body></html>",
    ],
)
def test_a_page_without_article_says_so(page: str) -> None:
    document = read(page)
    assert document.problem is not None
    assert document.problem.code == "no_article"


def test_posts_marked_as_comments_are_the_article_of_a_page_that_has_no_other() -> None:
    post = (
        "<p>I have mended the bridge of my ship twice, and I would not do it a third time for money.</p>" * 6
    )
    assert len(texts(f'<html><body><div class="comment">{post}</div></body></html>')) == 6


def test_text_for_browsers_without_scripts_counts_when_there_is_no_other() -> None:
    page = f'<html><body><div id="app"></div><noscript>{BODY * 2}</noscript></body></html>'
    assert texts(page) == PARAGRAPHS * 2


def test_a_short_article_is_an_article() -> None:
    text = "The ferry to Gull Island does not sail today, because its captain is ill."
    assert (
        texts(
            f"<html><head><title>No ferry today</title></head><body><h1>No ferry "
            f"today</h1><p>{text}</p></body></html>"
        )[-1]
        == text
    )


def test_a_feed_is_no_article() -> None:
    feed = '<?xml version="1.0"?><rss version="2.0"><channel><title>Post</title></channel></rss>'
    document = clean(Page(body=feed.encode(), digest="", key="feed.xml"))
    assert document.problem is not None
    assert "feed" in document.problem.message


def test_the_text_of_a_feed_entry_is_the_article_however_short() -> None:
    entry = Entry(key="1", link="https://post.example/2024/ferry", title="No ferry")
    document = clean(
        Page(
            body=b'No <a href="/f">ferry</a> today.',
            digest="",
            key="e",
            content_type="text/html",
            entry=entry,
        )
    )
    assert [block.markup for block in document.blocks] == ["No [ferry](https://post.example/f) today."]
    assert document.problem is None


def test_the_charset_of_the_answer_counts() -> None:
    fetched = Fetched(final_url=URL, status=200, headers={"content-type": "text/html; charset=windows-1251"})
    russian = "Вчера вечером в порту снова загорелся старый маяк, и жители вышли на площадь."
    body = f"<html><body><p>{russian}</p></body></html>".encode("cp1251")
    document = clean(Page(body=body, digest="", key=URL, url=URL, fetched=fetched))
    assert [block.text for block in document.blocks] == [russian]
