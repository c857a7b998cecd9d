"""Whatever the bytes are, cleaning ends in an article or in a reason why there is none."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline import NoArticle, process
from pipeline.clean import clean
from pipeline.errors import CODES
from pipeline.model import Document, Entry, Page

SEEDS = Path(__file__).parent.parent.parent / "seeds"
BODIES = [path.read_bytes() for path in sorted(SEEDS.rglob("*")) if path.suffix in (".html", ".txt", ".md")]
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]
RUNS = settings(max_examples=40, deadline=None, suppress_health_check=SLOW)

_ELEMENTS = """
    div p span b i a em code ul ol li dl dt dd table caption tbody tr td th h1 h2 blockquote pre section
    article header footer nav aside form figure figcaption time q sub svg math title template noscript select
    option frameset noframes iframe textarea object details summary ruby rt center font x-y style script
"""
ELEMENTS = _ELEMENTS.split()
VOIDS = ["br", "hr", "img", "wbr", "input", "source", "meta", "link", "base", "frame", "col"]
ATTRIBUTES = {
    "class": ["author byline", "date", "comment", "share-bar", "tags", "sidebar", "post-body", "\x1f"],
    "id": ["main", "footer", "", "0"],
    "href": ["/a", "//b.example", "http://[bad", "javascript:x", "data:,x", "?q=1", "\udcff", " "],
    "src": ["/i.jpg", "data:image/png;base64,AAAA", "http://", ""],
    "srcset": ["a 1x, b 2x", ",,,", "a 9999999999999999999w"],
    "style": ["display:none", "visibility : hidden", ";"],
    "datetime": ["2024-02-30", "now", "99999-01-01T00:00:00Z", "2024-01-01T10:00+99:99"],
    "itemprop": ["author", "datePublished", "headline"],
    "rel": ["author", "canonical", "tag", ""],
    "property": ["og:title", "article:published_time", "og:url", "article:tag"],
    "name": ["description", "author", "date", "keywords", "robots"],
    "content": ["A title", "2024-01-01", "&#1;&#xd800;", "", "noindex"],
    "type": ["application/ld+json", "text/html", ""],
    "lang": ["en", "de-CH", "xx" * 30, ""],
    "colspan": ["99999999999", "-1", "x", "2"],
    "start": ["-5", "99999999999999999999", "x"],
    "value": ["3", "iv"],
    "hidden": [""],
    "role": ["navigation", "main", "presentation"],
}  # fmt: skip
TEXTS = [
    "The ferry sails at noon, and it comes back at dusk with the post and the papers. " * 3,
    "By A. Writer", "12 May 2024, 10:00", "Share", "© 2024", " ", "\n\n", "a\tb",
    "&amp;&lt;&#0;&#31;&#129;&nosuch;",
    "昨天晚上，港口的旧灯塔又亮了。", "مساء أمس", "เมื่อเย็นวานนี้", "e\u0301\u200d\u202e",
    "\x00\x0b\x1f\x7f\x85\x9f",
    "\ud800", "\ufffe\uffff", "*a* _b_ [c](d) `e` # f | g\n1. h\n> i",
    "]]>", "-->", "<", "</", "<!", "&", "'\"",
    '{"@type":"NewsArticle","headline":"\\u0000x","author":[{"name":null}],"datePublished":1e999}', "[[[[",
]  # fmt: skip

attributes = st.dictionaries(st.sampled_from(sorted(ATTRIBUTES)), st.integers(0, 9), max_size=3).map(
    lambda chosen: "".join(
        f' {name}="{ATTRIBUTES[name][at % len(ATTRIBUTES[name])]}"' for name, at in sorted(chosen.items())
    )
)
texts = st.sampled_from(TEXTS) | st.text(max_size=20)


def element(inside: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.builds(
        lambda name, said, parts, end: f"<{name}{said}>" + "".join(parts) + (f"</{name}>" if end else ""),
        st.sampled_from(ELEMENTS),
        attributes,
        st.lists(inside, max_size=5),
        st.integers(0, 9).map(bool),
    )


voids = st.builds("<{}{}>".format, st.sampled_from(VOIDS), attributes)
fragments = st.sampled_from(
    [f"</{name}>" for name in ELEMENTS] + ["<!-- x", "<![CDATA[", "<?xml", "<!DOCTYPE", "<a b='"]
)
trees = st.recursive(texts | voids | fragments, element, max_leaves=40)
pages = st.lists(trees, max_size=8).map(lambda parts: "<!DOCTYPE html><html><body>" + "".join(parts))
content_types = st.sampled_from(
    [None, "text/html", "text/plain", "text/html; charset=gbk", "image/png", "\x00;;charset"]
)


def page_of(body: bytes, content_type: str | None = None, entry: Entry | None = None) -> Page:
    return Page(
        body=body,
        digest="0",
        key="fuzz",
        url="https://news.example/2024/05/12/a",
        content_type=content_type,
        entry=entry,
    )


def strings(value: Any) -> list[str]:
    """All text in a value of plain data."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for item in value.items() for part in item for text in strings(part)]
    if isinstance(value, (list, tuple)):
        return [text for item in value for text in strings(item)]
    return []


def is_printable(text: str) -> bool:
    """Whether a text has no control characters but white space, and no surrogates."""
    return all(char in "\t\n" or unicodedata.category(char) not in ("Cc", "Cs") for char in text)


def check(page: Page) -> Document:
    """Clean a page, twice, and hold the document to its promises."""
    document = clean(page)
    assert document == clean(page)
    assert 0 <= document.confidence <= 1
    assert document.blocks or document.problem is not None
    assert document.problem is None or document.problem.code in CODES
    for block in document.blocks:
        assert block.text.strip() or block.markup
        assert is_printable(block.text)
        assert is_printable(block.markup)
    return document


def check_article(body: bytes, content_type: str | None = None) -> None:
    """Process content, and hold the article to its promises."""
    try:
        article = process(body, "https://news.example/2024/05/12/a", content_type)
    except NoArticle:
        return
    plain = article.to_dict()
    assert all(map(is_printable, strings(plain)))
    json.dumps(plain).encode()


@RUNS
@given(st.binary(max_size=2_000), content_types)
def test_any_bytes(body: bytes, content_type: str | None) -> None:
    check(page_of(body, content_type))
    check_article(body, content_type)


@RUNS
@given(pages, content_types)
def test_any_tree(markup: str, content_type: str | None) -> None:
    body = markup.encode("utf-8", "surrogatepass")
    check(page_of(body, content_type))
    check_article(body, content_type)


@RUNS
@given(trees)
def test_any_text_of_a_feed_entry(markup: str) -> None:
    check(page_of(markup.encode("utf-8", "surrogatepass"), entry=Entry(key="x", title="A title")))


@pytest.mark.parametrize("tag", ["p", "h1", "td", "li", "pre"])
def test_references_to_control_characters_are_no_text(tag: str) -> None:
    markup = f"<{tag}>{TEXTS[0]} one &#31;&#129;&#x7f;two</{tag}>"
    document = check(page_of(markup.encode(), entry=Entry(key="x", title="A title")))
    assert document.blocks


@RUNS
@given(st.lists(texts, max_size=30).map("\n".join))
def test_any_lines(lines: str) -> None:
    check(page_of(lines.encode("utf-8", "surrogatepass"), "text/plain"))


@RUNS
@given(st.data())
def test_real_content_cut_and_spliced(data: st.DataObject) -> None:
    body, other = data.draw(st.sampled_from(BODIES)), data.draw(st.sampled_from(BODIES))
    cut = data.draw(st.integers(0, len(body)))
    start, end = sorted((data.draw(st.integers(0, len(other))), data.draw(st.integers(0, len(other)))))
    between = data.draw(
        st.binary(max_size=8) | st.sampled_from([text.encode("utf-8", "replace") for text in TEXTS])
    )
    spliced = body[:cut] + between + other[start:end] + body[cut:]
    check(page_of(data.draw(st.sampled_from([body[:cut], body[cut:], spliced]))))
    check_article(spliced)
