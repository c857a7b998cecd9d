"""No page costs out of all proportion: cost grows with size, whatever the markup is.

What counts is CPU time beside that of an ordinary page of the same size, cleaned in the same run, so
that the speed of the machine does not matter.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import cache

import pytest

from pipeline.clean import clean
from pipeline.model import Page

WORDS = "The ferry sails at noon, and it comes back at dusk with the post and the papers. "
#: bytes of the smaller and the larger page
SMALL, LARGE = 20_000, 160_000
#: eight times the page may cost eight times as much, and what a look at every tag and a larger working set
#: add; if cost grew with the square of the size it would be 64 times
MOST_GROWTH = 24
#: below so many times the cost of an ordinary page growth says nothing
MODEST_TIMES_ORDINARY = 12
#: the largest page that matters, in bytes, and what it may cost beside an ordinary one of that size, which
#: takes a third of a second. A machine that is busy with more may need several tries to show it.
LARGEST = 5_000_000
MOST_TIMES_ORDINARY = 3
_TRIES = 5


def repeated(*units: str) -> Callable[[int], str]:
    """A page of one unit after the other, each as often as brings them all to a size."""
    return lambda size: "".join(unit * (size // len(units) // len(unit)) for unit in units)


def numbered(unit: str) -> Callable[[int], str]:
    """A page of a unit with a running number for each ``#``."""
    return lambda size: "".join(unit.replace("#", str(number)) for number in range(size // (len(unit) + 5)))


def within(before: str, unit: str, after: str) -> Callable[[int], str]:
    return lambda size: before + unit * (size // len(unit)) + after


JSON_LD = "<script type=application/ld+json>"
SHAPES: dict[str, Callable[[int], str]] = {
    "one-letter paragraphs": repeated("<p>x</p>"),
    "one-letter paragraphs, unclosed": repeated("<p>x"),
    "empty elements": repeated("<i></i>"),
    "nested div": repeated("<div>", WORDS, "</div>"),
    "nested div, unclosed": repeated("<div>x"),
    "nested span": repeated("<span>x", "</span>"),
    "nested b": repeated("<b>x", "</b>"),
    "nested a": repeated("<a href=x>x"),
    "nested sub": repeated("<sub>x", "<p>y"),
    "nested cite and paragraphs": lambda size: "<cite>" * 350 + "<p>x" * (size // 4),
    "nested div and items": lambda size: "<div>" * 350 + "<li>x" * (size // 5),
    "nested div and tables": lambda size: "<div>" * 300 + "<table><tr><td>x</table>" * (size // 24),
    "nested table": repeated("<table><tr><td>x"),
    "nested list": repeated("<ul><li>x"),
    "nested blockquote": repeated("<blockquote>x", "<p>y"),
    "nested font": repeated("<font size=1>x", "</font>"),
    "nested svg": repeated("<svg><g>", "<path d='m'/>"),
    "nested template": repeated("<template>x"),
    "nested select": repeated("<select><option>x"),
    "nested q": repeated("<q>x", "</q>"),
    "nested authors": lambda size: "<span class=author>" * 350 + "x <i>y</i> " * (size // 11),
    "nested dates": lambda size: "<div class=date>" * 350 + "x <i>y</i> " * (size // 11),
    "misnested formatting": repeated("<b>x<i>y</b>z</i>"),
    "misnested blocks": repeated("<span><div>x</span></div>"),
    "unclosed formatting": numbered("<b id=#><p>x"),
    "formatting over blocks": repeated("<b><p>x</b>y</p>"),
    "fostered text": within("<table>", "x<br>", ""),
    "fostered blocks": within("<table>", "<div>x</div><tr>", ""),
    "rows": within("<table>", "<tr><td>x<td>y", "</table>"),
    "one row": within("<table><tr>", "<td>x</td>", "</tr></table>"),
    "options": within("<select>", "<option>x", "</select>"),
    "breaks": repeated("<br>"),
    "lines": repeated("x<br>"),
    "rules": repeated("x<hr>"),
    "links": numbered("<a href=/#>x</a> "),
    "links in paragraphs": numbered("<p><a href=/#>linked text here</a></p>"),
    "pictures": numbered("<img src=/#.jpg alt=x>"),
    "picture sets": numbered("<picture><source srcset=/#.webp><img src=/#.jpg></picture>"),
    "headings": numbered("<h2>Heading #</h2>"),
    "classes all different": numbered("<div class='post-#-item side#bar'>x</div>"),
    "ids all different": numbered("<p id=a#>x</p>"),
    "names all different": numbered("<x#>y</x#>"),
    "attribute names all different": numbered("<p a#=1>y</p>"),
    "root attributes": numbered("<html a#=1>"),
    "attributes": lambda size: "<p " + numbered("a#=1 ")(size) + f">{WORDS}",
    "attributes without values": lambda size: "<p " + numbered("a# ")(size) + f">{WORDS}",
    "many tags with many attributes": lambda size: (
        ("<p " + numbered("a#=1 ")(9_000) + ">x") * (size // 9_000)
    ),
    "a long class": within("<div class='", "post-body ", f"'>{WORDS * 9}"),
    "long classes": lambda size: (
        ("<div class='" + numbered("side#bar ")(9_000) + "'>x</div>") * (size // 9_000)
    ),
    "a long style": within("<p style='", "color:red;", f"'>{WORDS * 9}"),
    "a long title": within("<title>", WORDS, f"</title><p>{WORDS * 9}"),
    "a long description": within("<meta name=description content='", WORDS, f"'><p>{WORDS * 9}"),
    "a long address": within("<p>see <a href='/", "a/../", f"'>{WORDS * 9}</a>"),
    "JSON-LD": within(f"{JSON_LD}[", '{"@type":"Article"},', f"1]</script><p>{WORDS * 9}"),
    "nested JSON-LD": within(JSON_LD, '{"a":[', f"</script><p>{WORDS * 9}"),
    "JSON-LD scripts": repeated('<script type=application/ld+json>{"@type":"Article"}</script>'),
    "descriptions": numbered("<meta property=og:description content='#'>"),
    "bylines": numbered("<p class=byline>By A. Writer #</p>"),
    "dates": numbered("<time datetime=2024-01-01>#</time>"),
    "an inline image": within("<img src='data:image/png;base64,", "iVBORw0KGgo", f"'><p>{WORDS * 9}"),
    "one script": within("<script>", "if(a<b){c='</p>'};", f"</script><p>{WORDS * 9}"),
    "an unclosed script": within(f"<p>{WORDS * 9}<script>", "if(a<b){c='</p>'};", ""),
    "scripts": repeated("<script></script>"),
    "styles": repeated("<style>p{}</style>"),
    "one text": repeated(WORDS),
    "one word": repeated("x"),
    "white space": repeated("<p> \n\t"),
    "one Chinese text": repeated("昨天晚上，港口的旧灯塔又亮了，居民们来到广场上。"),
    "entities": repeated("&amp;&#39;&eacute;"),
    "unknown entities": repeated("&nosuchentity &#x; &#99999999999; &#0;"),
    "ampersands": repeated("&"),
    "brackets": repeated("<"),
    "quotes that never close": repeated("<a href='"),
    "comments": repeated("<!-- x -->"),
    "comments that never close": repeated("<!--"),
    "character data": repeated("<![CDATA[x]]>"),
    "instructions": repeated("<?xml x?>"),
    "declarations": repeated("<!DOCTYPE html>"),
    "end tags": repeated("</p>"),
    "unknown end tags": repeated("</x>"),
    "end tags under spans": lambda size: "<div><table><td>" + "<span>" * 350 + "</div>" * (size // 6),
    "frames": within("<frameset>", "<frame src=x>", "</frameset>"),
    "text beside frames": within("<noframes>", "<p>x</p>", "</noframes>"),
    "text without scripts": within("<noscript>", "<p>x</p>", "</noscript>"),
    "nested text without scripts": within("<noscript>", "<div>x", "</noscript>"),
    "hidden text": repeated("<div hidden>x</div><p style='display:none'>y</p>"),
    "XHTML": within("<?xml version='1.0'?><html xmlns='urn:x'>", "<p><br/><a/>x</p>", ""),
    "namespaces": repeated("<o:p>x</o:p><w:sdt/>"),
    "NUL bytes": repeated("<p>\0x"),
    "bytes": repeated("<p>\x01\x7f\x9b\udcff"),
    "plain lines": repeated("x\n"),
    "plain words": repeated("word "),
    "plain letters": repeated("x"),
}  # fmt: skip
PLAIN = ("plain lines", "plain words", "plain letters")
ORDINARY = (
    "<div class='story'><h2>Harbour</h2>" + f"<p>{WORDS * 4}<a href='/post'>Post</a></p>" * 8 + "</div>"
)


def page_of(shape: str, size: int) -> Page:
    markup = SHAPES[shape](size)
    start = "" if shape in PLAIN else "<!DOCTYPE html><html><head></head><body>"
    return Page(body=(start + markup).encode("utf-8", "surrogateescape"), digest="0", key="worst")


def cost(page: Page, times: int = 2) -> float:
    """Seconds of CPU that cleaning takes, at the best of a few times."""
    best = float("inf")
    for _ in range(times):
        started = time.process_time()
        clean(page)
        best = min(best, time.process_time() - started)
    return best


@cache
def ordinary_cost(size: int) -> float:
    """Seconds for an ordinary page of a size."""
    body = f"<html><body>{ORDINARY * (size // len(ORDINARY))}</body></html>".encode()
    return cost(Page(body=body, digest="0", key="ordinary"), times=3)


#: the shapes that cost most at the largest size
DENSEST = (
    "one-letter paragraphs, unclosed", "nested table", "nested list", "unclosed formatting",
    "classes all different", "ids all different", "many tags with many attributes", "one text",
)  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
def test_cost_grows_no_faster_than_size(shape: str) -> None:
    page = page_of(shape, LARGE)
    modest = MODEST_TIMES_ORDINARY * ordinary_cost(LARGE)
    if cost(page, times=1) < modest:
        return
    limit = max(modest, MOST_GROWTH * cost(page_of(shape, SMALL)))
    assert any(cost(page, times=1) <= limit for _ in range(_TRIES))


@pytest.mark.parametrize("shape", DENSEST)
def test_the_largest_page_costs_little_more_than_an_ordinary_one(shape: str) -> None:
    limit = MOST_TIMES_ORDINARY * ordinary_cost(LARGEST)
    page = page_of(shape, LARGEST)
    assert any(cost(page, times=1) <= limit for _ in range(_TRIES))
