"""The guard before the parser: hostile markup is tamed, and ordinary markup is left alone."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from pipeline.clean.walk.nesting import MAX_ATTRIBUTES, MAX_NAMES, MAX_TAGS, tame
from pipeline.clean.walk.open_elements import MAX_DEPTH, MAX_FORMATTING, OpenElements

_NAMES = """
    html body p div span b a i font nobr li ul dl dt dd table tbody tr td th caption colgroup col select
    option optgroup form button h1 section address pre center ruby rt rtc rb svg math foreignobject mi
    annotation-xml desc title template noscript object iframe style script br img summary x-y
"""
NAMES = _NAMES.split()
TAGS = [f"<{name}>" for name in NAMES] + [f"</{name}>" for name in NAMES]
OTHERS = ["x", "<a href=x>", "<b id=1>", "<svg/>", "<g/>", "<path d='m' />", "<g a=b/>", "<!---->"]
PARTS = st.sampled_from(TAGS + OTHERS)


def depth_of(page: bytes, scripting: bool) -> int:
    """How deep a page's tree is."""
    node, deepest = LexborHTMLParser(page, scripting=scripting).root, 0
    above = []
    while node is not None or above:
        if node is None:
            node = above.pop().next
        elif node.first_child is not None:
            above.append(node)
            deepest = max(deepest, len(above))
            node = node.first_child
        else:
            node = node.next
    return deepest


def deepest_open(page: str) -> int:
    """How many elements were open at once, as the guard counts."""
    elements, deepest = OpenElements(), 0
    for slash, name, attributes in re.findall(r"<(/?)([a-z][^ />]*)([^>]*)>", page):
        assert not elements.reopen()
        if slash:
            elements.end(name.encode())
        else:
            elements.start(name.encode(), ends_itself=attributes.endswith("/") and "=b" not in attributes)
        deepest = max(deepest, elements.depth)
    return deepest


@settings(max_examples=200, deadline=None)
@given(st.lists(PARTS, max_size=2), st.lists(PARTS, min_size=1, max_size=4), st.booleans())
def test_the_parser_nests_no_deeper_than_the_guard_counts(
    before: list[str], repeated: list[str], scripting: bool
) -> None:
    page = "".join(before) + "".join(repeated) * 30
    page = re.sub(r"<(script|style|iframe|noscript|title)>", r"<\1-x>", page)
    # Each open element may bring two that are implied (a table's body and row), and as many formatting ones.
    assert depth_of(page.encode(), scripting) <= 3 * deepest_open(page) + 40


@pytest.mark.parametrize(
    "unit", ["<div>", "<ul><li>", "<span><div></span></div>", "<table><tr><td>", "<b><p>", "<i>"]
)
def test_depth_is_bounded(unit: str) -> None:
    page = tame((unit * 8_000).encode())
    assert depth_of(page, True) <= 3 * MAX_DEPTH + MAX_FORMATTING


@pytest.mark.parametrize(
    "page",
    [
        "<div class='a'><p>One <b>two</b><br><img src=x></div>" * 400,
        "<li>one<p>two" * 2_400,
        "<table>" + "<tr><td>1<td>2" * 2_400 + "</table>",
        "<div>" * 300 + "text" + "</div>" * 300,
        f"<div data-page='{'{}, ' * 10_000}'>text</div>",
        f"<img src='data:image/png;base64,{'A' * 400_000}'>",
        f"<script>{'a=1;if(a<b){c=2}' * 20_000}</script>",
        "",
        "<",
    ],
    ids=[
        "pairs",
        "implied ends",
        "table",
        "deep",
        "long value",
        "inline image",
        "script",
        "empty",
        "bracket",
    ],
)
def test_an_ordinary_page_is_not_touched(page: str) -> None:
    body = page.encode()
    assert tame(body) is body


def test_drawings_that_end_themselves_do_not_nest() -> None:
    page = b"<svg>" + b"<path d='m1 1'/><g/>" * 20_000 + b"</svg><p>text</p>"
    assert tame(page) == page


def test_text_survives_where_tags_are_dropped() -> None:
    page = ("<div>x" * 30_000).encode()
    assert tame(page).count(b"x") == 30_000


def test_dropped_tags_keep_words_apart() -> None:
    page = ("<div>" * 3_000 + "<span>" * 2_100 + "one" + "</span>" * 2_100 + "<p>two").encode()
    assert re.sub(rb"<[^>]*>", b"", tame(page)).split() == [b"one", b"two"]


def test_scripts_and_comments_are_not_taken_for_tags() -> None:
    page = b"<script>" + b"'<div>'+" * 40_000 + b"</script><!--" + b"<div>" * 40_000 + b"--><p>text"
    assert tame(page) == page


def test_raw_text_inside_drawings_is_markup() -> None:
    assert depth_of(tame(b"<svg><style>" + b"<g>" * 40_000), True) <= MAX_DEPTH + 10


def test_a_tag_with_very_many_attributes_loses_them() -> None:
    few = " ".join(f"a{number}='>'" for number in range(MAX_ATTRIBUTES))
    many = " ".join(f"a{number}='>'" for number in range(20_000))
    assert tame(f"<p {many}>text<p {few}>".encode()) == f"<p>text<p {few}>".encode()


def test_names_beyond_a_number_are_dropped() -> None:
    elements = tame("".join(f"<x{number}>y</x{number}>" for number in range(16_000)).encode())
    attributes = tame("".join(f"<p a{number}=1>y</p>" for number in range(16_000)).encode())
    assert len(set(re.findall(rb"x\d+", elements))) == MAX_NAMES
    assert len(set(re.findall(rb"a\d+", attributes))) == MAX_NAMES


def test_a_page_of_very_many_tags_is_cut() -> None:
    page = tame(b"<p>x" * MAX_TAGS + b"<p>end")
    assert page.count(b"<p>") == MAX_TAGS
    assert b"end" not in page
