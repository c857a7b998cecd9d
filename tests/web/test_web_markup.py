"""Markdown as safe HTML: the subset that the cleaner writes, and nothing that a page could smuggle in."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.web.markup import markup


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("One *two* **three** `four`", "<p>One <em>two</em> <strong>three</strong> <code>four</code></p>"),
        ("# A\n\n### B", "<h2>A</h2>\n<h4>B</h4>"),
        ("- a\n- b\n\n- c", "<ul>\n<li>a</li>\n<li>b</li>\n<li>c</li>\n</ul>"),
        ("3. a\n4. b", '<ol start="3">\n<li>a</li>\n<li>b</li>\n</ol>'),
        ("> quoted\n> twice", "<blockquote><p>quoted\ntwice</p></blockquote>"),
        ("```\na < b\n\nc\n```", "<pre><code>a &lt; b\n\nc</code></pre>"),
        ("* * *", "<hr>"),
        (r"\*no\* \<b> a\_b", "<p>*no* &lt;b&gt; a_b</p>"),
        ("one\\\ntwo", "<p>one<br>\ntwo</p>"),
        ("~~gone~~ H<sub>2</sub>O", "<p><del>gone</del> H<sub>2</sub>O</p>"),
        ("**bold *and* more**", "<p><strong>bold <em>and</em> more</strong></p>"),
        ("2 * 3 * 4", "<p>2 * 3 * 4</p>"),
    ],
)
def test_markup_becomes_html(written: str, shown: str) -> None:
    assert markup(written) == shown


def test_links_lead_to_pages_only() -> None:
    assert markup("[a](https://news.example/x_(y)?a=1&b=2)") == (
        '<p><a href="https://news.example/x_(y)?a=1&amp;b=2"'
        ' rel="noopener noreferrer nofollow external">a</a></p>'
    )
    assert markup("[a](javascript:alert(1)) [b](/local) [](data:x)") == "<p>a b data:x</p>"
    assert "secret" not in markup("[a](https://me:secret@news.example/)")


def test_tables_have_heads() -> None:
    shown = markup("| a | b |\n|---|---|\n| 1 | **2** |")
    assert '<th scope="col">a</th>' in shown
    assert "<tr><td>1</td><td><strong>2</strong></td></tr>" in shown


_SIGNS = st.text(st.sampled_from(list("ab <>\"'&*_`~[]()!#>-1.|\\\n:/")), max_size=80)


@given(
    st.one_of(st.text(max_size=200), _SIGNS, _SIGNS.map(lambda text: f"[{text}](https://x.example/{text})"))
)
def test_no_text_makes_a_tag_of_its_own(text: str) -> None:
    shown = re.sub(
        r'<a href="https?://[^"<>]*" rel="noopener noreferrer nofollow external">'
        r'|<div class="scroll" role="region" aria-label="Table" tabindex="0">|<th scope="col">'
        r'|<ol start="\d+">'
        r"|</?(?:a|p|h[2-6]|ul|ol|li|pre|code|blockquote|hr|br|em|strong|del|su[bp]|div)>"
        r"|</?t(?:able|head|body|r|h|d)>",
        "",
        markup(text),
        flags=re.I,
    )
    assert "<" not in shown
    assert ">" not in shown


def test_a_text_of_nothing_but_signs_takes_no_time() -> None:
    for sign in ("*", "**", "[", "`", "~~a", "*a", "[a](", "<", "\\"):
        assert markup(sign * 20_000)


@pytest.mark.parametrize(
    "text",
    [
        "|a|\n" + "-" * 100_000 + "x",
        "```a\n" * 20_000,
        "~~~a\n```b\n" * 10_000,
        "`" * 100_000,
        "```\n" * 20_000,
    ],
    ids=["rule of a table", "code without end", "two kinds", "one long fence", "code of nothing"],
)
def test_what_is_begun_again_and_again_is_looked_at_once(text: str) -> None:
    """With a regular expression each of these took minutes, in which the server answered nobody."""
    assert markup(text)


def test_code_ends_where_its_own_signs_stand_alone() -> None:
    shown = markup("before\n```py\na\n\n~~~\n<b>\n```  \nafter\n\n````\n```\n````\n\n```\nnever closed")
    assert "<pre><code>a\n\n~~~\n&lt;b&gt;</code></pre>" in shown
    assert "<pre><code>```</code></pre>" in shown
    assert "<p>before</p>" in shown
    assert "<p>after</p>" in shown
    assert "never closed</p>" in shown
