"""Pictures among the blocks: which are kept, where their files and captions are."""

from __future__ import annotations

import pytest

from pipeline.clean.render.addresses import Addresses
from pipeline.clean.render.blocks import render
from pipeline.clean.walk.tree import read_tree

BASE = "https://post.example/news/bridge"


def markdown(inner: str, without: tuple[int, ...] = ()) -> list[str]:
    """What stands between two paragraphs, as Markdown."""
    tree = read_tree(f"<article><p>Before.</p>{inner}<p>After.</p></article>".encode())
    chosen = [at for at in range(len(tree.pieces)) if at not in without]
    return [block.markup for block in render(tree, chosen, BASE)][1:-1]


FILES = {
    '<img src="/b.jpg">': "https://post.example/b.jpg",
    '<img src="data:image/gif;base64,R0" data-src="/b.jpg">': "https://post.example/b.jpg",
    '<img src="/blank.gif" data-lazy-src="/b.jpg">': "https://post.example/b.jpg",
    '<img srcset="/s.jpg 400w, /b.jpg 1200w, /huge.jpg 4000w">': "https://post.example/b.jpg",
    '<img src="data:," data-srcset="/s.jpg 1x, /b.jpg 2x">': "https://post.example/b.jpg",
    '<picture><source srcset="/b.jpg 1x"><img></picture>': "https://post.example/b.jpg",
    '<img src="https://cdn.example/w_300,h_200/b (1).jpg">': "https://cdn.example/w_300,h_200/b%20%281%29.jpg",
}


@pytest.mark.parametrize("html", FILES)
def test_a_picture_has_its_file_in_one_of_many_attributes(html: str) -> None:
    assert markdown(f"<figure>{html}</figure>") == [f"![]({FILES[html]})"]


@pytest.mark.parametrize(
    "html",
    [
        '<img src="https://count.example/p" width="1" height="1">',
        '<img src="data:image/png;base64,iVBOR">',
        '<img src="/img/spacer.gif">',
        '<img src="/b.png" width=16>',
        '<img class="wp-smiley" src="/b.png" alt=":)">',
        '<img src="https://feeds.feedburner.com/~r/post/~4/abc">',
        "<img>",
    ],
)
def test_pictures_that_show_nothing_are_left_out(html: str) -> None:
    assert markdown(f"<p>{html}</p>") == []


CAPTIONED = [
    '<figure><img src="/b.jpg" alt="A bridge"><figcaption>At <a href="/d">dusk</a></figcaption></figure>',
    '<figure><figcaption>At <a href="/d">dusk</a></figcaption><img src="/b.jpg" alt="A bridge"></figure>',
    '<div class="wp-caption"><img src="/b.jpg" alt="A bridge"><p class="wp-caption-text">At '
    '<a href="/d">dusk</a></p></div>',
]


@pytest.mark.parametrize("html", CAPTIONED)
def test_a_caption_stands_below_its_picture(html: str) -> None:
    assert markdown(html) == ["![A bridge](https://post.example/b.jpg)\n*At [dusk](https://post.example/d)*"]


def test_a_caption_that_is_cut_still_says_what_the_picture_shows() -> None:
    assert markdown('<figure><img src="/b.jpg"><figcaption>Photo</figcaption></figure>', without=(1,)) == [
        "![Photo](https://post.example/b.jpg)"
    ]


def test_a_linked_picture_keeps_a_link_that_leads_elsewhere() -> None:
    picture = '<img src="/b.jpg" alt="[B]">'
    assert markdown(f'<p><a href="/story">{picture}</a></p>') == [
        "[![\\[B\\]](https://post.example/b.jpg)](https://post.example/story)"
    ]
    assert markdown(f'<p><a href="/b-full.jpg">{picture}</a></p>') == [
        "![\\[B\\]](https://post.example/b.jpg)"
    ]


def test_pictures_of_what_was_cut_go_with_it() -> None:
    teaser = '<div><img src="/teaser.jpg"><p>Another story</p></div>'
    assert markdown(teaser, without=(1,)) == []
    assert markdown('<div class="related-posts"><img src="/teaser.jpg"></div>') == []


def test_at_the_rim_of_the_story_only_figures_count() -> None:
    page = "<div><img src=/logo.jpg></div><article>{}<p>Story.</p></article><div><img src=/next.jpg></div>"
    tree = read_tree(page.format("<figure><img src=/b.jpg></figure>").encode())
    assert [block.markup for block in render(tree, [0], BASE)] == [
        "![](https://post.example/b.jpg)",
        "Story.",
    ]


def test_a_text_that_is_all_story_keeps_its_last_picture() -> None:
    tree = read_tree(b"<article><p>Story.</p><img src=/b.jpg></article>")
    assert [block.markup for block in render(tree, [0], BASE)] == [
        "Story.",
        "![](https://post.example/b.jpg)",
    ]


@pytest.mark.parametrize(
    ("link", "address"),
    [
        ("/a", "https://post.example/a"),
        ("b?c=1&copy;=2", "https://post.example/news/b?c=1&amp;copy;=2"),
        ("//cdn.example/x y", "https://cdn.example/x%20y"),
        ("http://a.example/<>`|\\", "http://a.example/%3C%3E%60%7C%5C"),
        ("#top", None),
        ("mailto:a@b.example", None),
        ("JavaScript:void(0)", None),
        ("//[bad", None),
        ("", None),
    ],
)
def test_links_are_made_absolute_and_safe_for_markdown(link: str, address: str | None) -> None:
    assert Addresses(BASE).of(link) == address
