"""The law of rendering: the Markdown, read by a parser, says what the plain text says."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.clean.render.blocks import render
from pipeline.clean.walk.tree import read_tree
from pipeline.extract.story import markdown as _markdown

markdown_it = pytest.importorskip("markdown_it")

#: what Markdown could misread, alone and glued to words
ATOMS = [
    "word", "Wort", "two words", " ", "  ", " and ", "*", "**", "_", "__", "snake_case", "`", "``", "~",
    "~~", "[", "]", "](", "[x](y)", "[x]: y", "(", ")", "!", "![", "<", "<b>", "<!--", "&amp;", "&", "\\",
    "\\*", "#", "# ", "## x", "x #", "> ", ">", "- ", "-", "---", "+ ", "1. ", "1) ", "12", ".", ",", "=",
    "===", "|", ":--", "| --- |", "“", "”", "「", "」", "文字", "です", "ä", "é", "€", "$", "^", "😀",
    "[ ] ", "```", "~~~", "\xa0", "\xad", "\u200b", "http://a.example/x_y_z", "a@b.example",
    "{", "}", "'", '"', "\t", "\n",
]  # fmt: skip
INLINE = ["b", "strong", "i", "em", "code", "s", "sub", "sup", "span", "a", "br", "img", "u"]
WRAPPERS = ["div", "blockquote", "ul", "ol", "section", "dl", "table", "figure", "layout", "link", "bold"]

words = st.lists(st.sampled_from(ATOMS), min_size=1, max_size=4).map(
    lambda atoms: html.escape("".join(atoms))
)


def element(tag: str, inside: str) -> str:
    if tag == "br":
        return f"{inside}<br>{inside}"
    if tag == "img":
        return f'{inside}<img src="/picture.jpg" alt="a * [b">'
    if tag == "a":
        return f'<a href="/a_(b)*c?d=1&amp;copy=2">{inside}</a>'
    return f"<{tag}>{inside}</{tag}>"


inlines = st.recursive(
    words,
    lambda inner: st.one_of(
        st.builds(element, st.sampled_from(INLINE), inner),
        st.lists(inner, min_size=2, max_size=4).map("".join),
    ),
    max_leaves=6,
)


def leaf(tag: str, inside: str) -> str:
    return f"<{tag}>{inside}</{tag}>"


def wrapped(tag: str, parts: list[str]) -> str:
    if tag in ("ul", "ol"):
        return f"<{tag}>" + "".join(f"<li>{part}</li>" for part in parts) + f"</{tag}>"
    if tag == "dl":
        return (
            "<dl>" + "".join(f"<dt>term {at}</dt><dd>{part}</dd>" for at, part in enumerate(parts)) + "</dl>"
        )
    if tag == "table":
        row = "<tr>" + "".join(f"<td>{part}</td>" for part in parts) + "<td>last</td></tr>"
        return f"<table><tr><th>one</th><th colspan=2>two</th></tr>{row}{row}</table>"
    if tag == "layout":
        return "<table>" + "".join(f"<tr><td>{part}</td></tr>" for part in parts) + "</table>"
    whole = "".join(parts)
    if tag == "figure":
        return f'<figure><img src="/p.jpg" alt="*">{whole}<figcaption>A <b>caption</b>.</figcaption></figure>'
    if tag == "link":
        return f'<a href="/around">{whole}</a>'
    return f"<b>{whole}</b>" if tag == "bold" else f"<{tag}>{whole}</{tag}>"


blocks = st.recursive(
    st.builds(leaf, st.sampled_from(["p", "p", "p", "h2", "h3", "div", "pre"]), inlines) | inlines,
    lambda inner: st.builds(wrapped, st.sampled_from(WRAPPERS), st.lists(inner, min_size=1, max_size=4)),
    max_leaves=8,
)
pages = st.lists(blocks, min_size=1, max_size=3).map("".join)

PARSER = markdown_it.MarkdownIt("commonmark", {"maxNesting": 200}).enable(["table", "strikethrough"])


def said(markdown: str) -> str:
    """The text of Markdown, without pictures."""
    out: list[str] = []
    for token in PARSER.parse(markdown):
        for child in token.children or []:
            if child.type in ("text", "code_inline"):
                out.append(child.content)
            elif child.type in ("softbreak", "hardbreak") or child.content == "<br>":
                out.append(" ")
        if token.type in ("fence", "code_block", "html_block"):
            out.append(token.content)
        if token.block:
            out.append(" ")
    return one_line("".join(out))


def one_line(text: str) -> str:
    return " ".join(text.split())


@given(pages, st.data())
@settings(max_examples=250, deadline=None)
def test_markdown_says_what_the_text_says(page: str, data: st.DataObject) -> None:
    tree = read_tree(page.encode())
    everything = list(range(len(tree.pieces)))
    chosen = data.draw(st.just(everything) | st.sets(st.sampled_from(everything or [0])).map(sorted))
    if not tree.pieces:
        chosen = []
    written = render(tree, chosen, "https://post.example/a/b")
    for block in written:
        # A block inside of a list is indented, which means something else where the list is not around.
        if not re.match(r"[>\n ]*  ", block.markup):
            assert said(block.markup) == one_line(block.text), block
    assert said(_markdown(written)) == one_line(" ".join(block.text for block in written)), _markdown(written)


@given(pages)
@settings(max_examples=80, deadline=None)
def test_text_is_lines_without_doubled_white_space(page: str) -> None:
    tree = read_tree(page.encode())
    for block in render(tree, list(range(len(tree.pieces))), None):
        if block.kind != "code":
            assert not re.search(r"  |^\s|\s$|\n\n| \n|\n ", block.text)
            assert "\xad" not in block.text
