"""Chosen pieces to blocks: what each element of a page becomes."""

from __future__ import annotations

import pytest

from pipeline.clean.render.blocks import render
from pipeline.clean.walk.tree import read_tree
from pipeline.extract.story import markdown as _markdown
from pipeline.model import Block

BASE = "https://post.example/news/bridge"


def blocks(html: str, without: tuple[int, ...] = ()) -> list[Block]:
    tree = read_tree(html.encode())
    return render(tree, [at for at in range(len(tree.pieces)) if at not in without], BASE)


def markdown(html: str, without: tuple[int, ...] = ()) -> str:
    return _markdown(blocks(html, without))


def texts(html: str) -> list[str]:
    return [block.text for block in blocks(html)]


def lines(*lines: str) -> str:
    return "\n".join(lines)


LISTS = {
    "of both kinds, nested": (
        "<ol><li>First<ul><li>Deep</li><li>Deeper<ol><li>One</li></ol></li></ul></li><li>Second</li></ol>",
        lines("1. First", "   - Deep", "   - Deeper", "     1. One", "2. Second"),
    ),
    "that starts at five": ('<ol start="5"><li>A</li><li>B</li></ol>', "5. A\n6. B"),
    "that counts down": ("<ol reversed><li>A</li><li>B</li></ol>", "2. A\n1. B"),
    "with a value of its own": ('<ol><li>A</li><li value="7">B</li><li>C</li></ol>', "1. A\n7. B\n8. C"),
    "of several paragraphs an item": (
        "<ul><li><p>A</p><p>More of A</p></li><li>B</li></ul>",
        lines("- A", "", "  More of A", "- B"),
    ),
    "with code": (
        "<ol><li>Run<pre>a\n\nb</pre></li></ol>",
        lines("1. Run", "", "   ```", "   a", "", "   b", "   ```"),
    ),
    "with a quote": ("<ul><li><blockquote>Said</blockquote></li></ul>", "- > Said"),
    "two at once": ("<ul><li>A</li></ul><ul><li>B</li></ul>", "- A\n* B"),
    "that is broken in two but counts on": (
        '<ol><li>A</li></ol><ol start="2"><li>B</li></ol>',
        "1. A\n2. B",
    ),
    "inside an item that starts later": (
        '<ul><li>A<ol start="3"><li>B</li></ol></li></ul>',
        lines("- A", "", "  3. B"),
    ),
    "of definitions": (
        "<dl><dt>Pier</dt><dd>Where ships lie</dd><dd>A jetty</dd><dt>Quay</dt><dd>A pier</dd></dl>",
        lines("- **Pier**", "", "  Where ships lie", "", "  A jetty", "- **Quay**", "", "  A pier"),
    ),
    "of ten things with headings": (
        "<ol><li><h2>One</h2><p>Text</p></li><li><h2>Two</h2></li></ol>",
        lines("## One", "", "Text", "", "## Two"),
    ),
}


@pytest.mark.parametrize("name", LISTS)
def test_a_list(name: str) -> None:
    html, expected = LISTS[name]
    assert markdown(html) == expected


def test_pieces_missing_from_lists_leave_no_empty_bullets() -> None:
    html = "<ol><li><p>A</p><ul><li>B</li><li>C</li></ul><p>D</p></li><li>E</li><li>F</li></ol>"
    assert markdown(html, without=(0, 4)) == lines("- B", "- C", "1. D", "3. F")
    deep = "<ul><li><p>A</p><ul><li><p>B</p><ul><li>C</li></ul></li></ul></li></ul>"
    assert markdown(deep, without=(0, 1)) == "- C"


def test_an_item_knows_how_deep_it_is() -> None:
    html = "<ul><li>A<ul><li>B</li></ul></li><li>C</li></ul>"
    assert [block.level for block in blocks(html)] == [1, 2, 1]


def test_quotes_hold_paragraphs_lists_and_quotes() -> None:
    html = (
        "<p>He said:</p><blockquote><p>One</p><p>Two</p><ul><li>A</li><li>B</li></ul><blockquote><p>Inner</p>"
        "</blockquote><p>Last</p></blockquote><p>And left.</p>"
    )
    assert markdown(html) == lines(
        "He said:", "", "> One", ">", "> Two", ">", "> - A", "> - B", ">", "> > Inner", ">", "> Last", "",
        "And left.",
    )  # fmt: skip
    assert markdown(html, without=(1, 3)) == lines(
        "He said:", "", "> Two", ">", "> - B", ">", "> > Inner", ">", "> Last", "", "And left."
    )


@pytest.mark.parametrize("names", ["pullquote", "story__pull-quote pull-quote"])
def test_a_pull_quote_is_a_quote(names: str) -> None:
    assert markdown(f'<aside class="{names}"><p>Keep it.</p></aside>') == "> Keep it."
    assert markdown(f'<div class="{names}"><blockquote>Keep it.</blockquote></div>') == "> Keep it."


TABLES = {
    "with a head": (
        "<table><thead><tr><th>Pier</th><th>Depth</th></tr></thead><tr><td>East</td><td>4</td></tr></table>",
        ["| Pier | Depth |", "| --- | --- |", "| East | 4 |"],
    ),
    "without a head": (
        "<table><tr><td>East</td><td>4</td></tr><tr><td>West</td><td>5</td></tr></table>",
        ["|  |  |", "| --- | --- |", "| East | 4 |", "| West | 5 |"],
    ),
    "with cells that span": (
        '<table><tr><th>A</th><th>B</th><th>C</th></tr><tr><td rowspan="2">x</td><td colspan="2">y</td></tr>'
        "<tr><td>z</td><td>w</td></tr></table>",
        ["| A | B | C |", "| --- | --- | --- |", "| x | y |  |", "|  | z | w |"],
    ),
    "with lines, pieces, pipes and links": (
        "<table><tr><th>A|B</th><th>C</th></tr><tr><td>one<br>two</td><td><p>p</p><p><a href='/q'>q</a></p>"
        "</td></tr></table>",
        ["| A\\|B | C |", "| --- | --- |", "| one<br>two | p<br>[q](https://post.example/q) |"],
    ),
    "with an empty cell": (
        "<table><tr><th>A</th><th>B</th></tr><tr><td></td><td>1</td></tr></table>",
        ["| A | B |", "| --- | --- |", "|  | 1 |"],
    ),
}


@pytest.mark.parametrize("name", TABLES)
def test_a_table(name: str) -> None:
    html, expected = TABLES[name]
    assert markdown(html) == lines(*expected)


def test_rows_of_which_nothing_is_chosen_are_left_out_of_a_table() -> None:
    html = "<table><tr><th>A</th><th>B</th></tr>" + "".join(
        f"<tr><td>{n}</td><td>b{n}</td></tr>" for n in range(3)
    )
    assert markdown(html, without=(2, 3, 4)) == lines("| A | B |", "| --- | --- |", "|  | b1 |", "| 2 | b2 |")


def test_the_cells_of_a_table_are_parted_in_the_text() -> None:
    html = "<table><caption>Piers</caption><tr><th>A</th><th>B</th></tr><tr><td>1</td><td>2</td></tr></table>"
    assert texts(html) == ["Piers", "A\tB\n1\t2"]


LAYOUTS = [
    "<table><tr><td><p>One</p></td><td><p>Two</p></td></tr></table>",
    "<table><tr><td>One</td></tr><tr><td>Two</td></tr></table>",
    '<table role="presentation"><tr><td>One</td><td>Two</td></tr><tr><td>Three</td><td>4</td></tr></table>',
    "<table><tr><td>One</td><td><table><tr><td>Two</td></tr></table></td></tr><tr><td>Three</td><td>4</td>"
    "</tr></table>",
    "<table><tr><td><h2>One</h2></td><td>Two</td></tr><tr><td>Three</td><td>Four</td></tr></table>",
]


@pytest.mark.parametrize("html", LAYOUTS)
def test_a_table_that_lays_out_a_page_is_text(html: str) -> None:
    assert "|" not in markdown(html)
    assert texts(html)[:2] == ["One", "Two"]


INLINE = {
    "emphasis in words": ("un<b>believ</b>able", "un**believ**able"),
    "emphasis with white space": ("a<b> b </b>c", "a **b** c"),
    "emphasis in parts": ("<b>a</b><b>b</b> <strong>c</strong>", "**ab c**"),
    "emphasis twice": ("<b><strong>a</strong></b>", "**a**"),
    "emphasis inside emphasis": ("<b>a <i>b</i></b>", "**a *b***"),
    "emphasis around punctuation": ("a<b>(b)</b>c", "a(**b**)c"),
    "emphasis in Japanese": ("これは<b>「強調」</b>です", "これは「**強調**」です"),
    "emphasis of nothing": ("a<b> </b>b<i></i>", "a b"),
    "emphasis across lines": ("<i>a<br>b</i>", "*a\\\nb*"),
    "a link with emphasis": ("<a href='/x'><b>a</b> b</a>", "[**a** b](https://post.example/x)"),
    "emphasis with a link": ("<b>a <a href='/x'>b</a></b>", "**a [b](https://post.example/x)**"),
    "a link in emphasis alone": ("<b><a href='/x'>b</a></b>", "**[b](https://post.example/x)**"),
    "a link with brackets": ("<a href='/x_(y)'>[1]</a>", "[\\[1\\]](https://post.example/x_%28y%29)"),
    "a link after a shout": ("Look!<a href='/x'>here</a>", "Look\\![here](https://post.example/x)"),
    "a link to nowhere": ("<a href='#top'>up</a> <a href='javascript:x()'>x</a>", "up x"),
    "a link with white space": ("see<a href='/x'> it </a>now", "see [it](https://post.example/x) now"),
    "code": ("<code>a*b</code> and <code>`c`</code>", "`a*b` and `` `c` ``"),
    "code in parts": ("<code>a</code><code>b</code>", "`ab`"),
    "code beside code in a dead link": ("<code>a</code><a href='#'><code>b</code></a>", "`ab`"),
    "code in a link": ("See <a href='/x'><code>a</code></a>.", "See [`a`](https://post.example/x)."),
    "code inside a word": ("pre<code>a</code>fix", "pre`a`fix"),
    "code with space inside": ("so<code> a </code>is", "so `a` is"),
    "strong code": ("so <b><code>a</code></b>!", "so **`a`**!"),
    "code with emphasis": ("<code>a <b>b</b></code>", "`a b`"),
    "small letters": ("H<sub>2</sub>O at 10<sup>6</sup>", "H<sub>2</sub>O at 10<sup>6</sup>"),
    "struck": ("<del>no</del> <s>nor</s>", "~~no nor~~"),
    "struck beside strong": ("<i><b>a</b><s>b</s></i>", "**a***b*"),
    "ruby": ("<ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp>字<rt>ji</rt></ruby>", "漢字"),
    "a quotation": ("<q>Yes</q>", "“Yes”"),
    "invisible characters": ("co\u00adop&nbsp;&nbsp;a\u200bb\ufeff \u200ec\u200f", "coop ab c"),
    "joiners where they matter": ("می\u200cخواهم 👩\u200d🚒", "می\u200cخواهم 👩\u200d🚒"),
    "a joiner that hides": ("Hello\u200c\u00a0\u200c", "Hello"),
}


@pytest.mark.parametrize("name", INLINE)
def test_inline(name: str) -> None:
    html, expected = INLINE[name]
    assert markdown(f"<p>{html}</p>") == expected


ESCAPED = {
    "1. not an item": "1\\. not an item",
    "1.5 m": "1.5 m",
    "# one": "\\# one",
    "#one": "#one",
    "- no": "\\- no",
    "> no": "\\> no",
    "---": "\\---",
    "a * b": "a * b",
    "from $5*": "from $5*",
    "2*3*4": "2\\*3\\*4",
    "snake_case_name": "snake_case_name",
    "_not_ so": "\\_not\\_ so",
    "[1] and [2]": "[1] and [2]",
    "[a](b)": "\\[a\\](b)",
    "&lt;b> 1 &lt; 2": "\\<b> 1 < 2",
    "AT&amp;T &amp;amp;": "AT&T \\&amp;",
    "C:\\dir\\*": "C:\\dir\\\\*",
    "~5 of ~~9": "\\~5 of \\~\\~9",
    "`": "\\`",
}


@pytest.mark.parametrize("html", ESCAPED)
def test_characters_that_markdown_would_misread_are_escaped_and_no_others(html: str) -> None:
    assert markdown(f"<p>{html}</p>") == ESCAPED[html]


def test_headings_keep_their_links_but_not_the_signs_that_link_to_them() -> None:
    html = '<h2><a href="/x">A</a> b<br>c</h2><h3>D<a href="#d">¶</a></h3><h4></h4><h5>C #</h5><h6>1. F</h6>'
    assert markdown(html) == lines(
        "## [A](https://post.example/x) b c", "", "### D", "", "##### C \\#", "", "###### 1. F"
    )
    assert texts(html) == ["A b c", "D", "C #", "1. F"]


def test_a_link_around_blocks_is_in_each() -> None:
    html = '<a href="/x"><h2>Title</h2><p>Text</p></a>'
    assert markdown(html) == "## [Title](https://post.example/x)\n\n[Text](https://post.example/x)"


def test_verse_keeps_its_lines() -> None:
    assert markdown("<p>The sea,<br>- the sea<br>1. the sea</p>") == "The sea,\\\n\\- the sea\\\n1\\. the sea"
    assert texts("<p>The sea,<br>the sea</p>") == ["The sea,\nthe sea"]


def test_a_rule_parts_what_is_kept_on_both_sides() -> None:
    html = "<p>A</p><hr><p>B</p><hr><p>C</p>"
    assert markdown(html) == lines("A", "", "---", "", "B", "", "---", "", "C")
    assert markdown(html, without=(1,)) == "A\n\nC"


CODE = {
    '<pre class="language-python">x</pre>': "python",
    '<pre><code class="hljs lang-ts">x</code></pre>': "ts",
    '<div class="highlight highlight-source-js"><pre>x</pre></div>': "js",
    '<div class="highlight-python3 notranslate"><div class="highlight"><pre>x</pre></div></div>': "python3",
    '<pre class="brush: php; toolbar: false">x</pre>': "php",
    '<div class="sourceCode"><pre class="sourceCode haskell">x</pre></div>': "haskell",
    '<figure class="highlight rust"><table><tr><td class="gutter"><pre>1<br>2</pre></td><td class="code">'
    "<pre>x</pre></td></tr></table></figure>": "rust",
    '<pre><code data-lang="go">x</code></pre>': "go",
    '<pre class="language-none">x</pre>': "",
    "<pre>x</pre>": "",
}


@pytest.mark.parametrize("html", CODE)
def test_code_names_its_language(html: str) -> None:
    assert markdown(html) == f"```{CODE[html]}\nx\n```"


def test_code_keeps_its_lines_however_they_are_made() -> None:
    assert texts("<pre>a<br>  b</pre>") == ["a\n  b"]
    assert texts("<pre><div>a</div><div><span class=lineno>2</span>  b</div></pre>") == ["a\n  b"]
    assert texts("<pre>1\n2\n3</pre>") == []


def test_a_fence_is_longer_than_any_inside() -> None:
    assert markdown("<pre>```\na\n````</pre>") == "`````\n```\na\n````\n`````"
