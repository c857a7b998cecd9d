"""The numbers that the trained scorer reads of a page."""

from __future__ import annotations

import io
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.clean.scoring import second_pass
from pipeline.clean.scoring.features import features
from pipeline.clean.scoring.name_words import BITS, NameWords, slots
from pipeline.clean.scoring.page_numbers import number
from pipeline.clean.scoring.sheet import Floats
from pipeline.clean.walk.boxes import Boxes, Piece, Tree
from pipeline.clean.walk.signals import Signals
from pipeline.clean.walk.tree import read_tree

_ARTICLE = b"""
<title>Storm over the harbour</title><meta name="description" content="A storm hit the harbour.">
<body><nav><ul><li><a href="/">Home</a><li><a href="/news">News</a></ul></nav>
<article class="story"><h1>Storm over the harbour</h1>
<p>A storm hit the harbour on Friday night, and three boats broke loose from their moorings.
<p>Nobody was hurt, the harbour master said, although two jetties will have to be built again.
<p><b>All of it strong</b></article>
<footer class="site-footer"><p>Home</p><p>All rights reserved</p></footer>
"""
_TAGS = (
    "p",
    "div",
    "ul",
    "li",
    "h1",
    "h2",
    "b",
    "a",
    "article",
    "table",
    "td",
    "nav",
    "section",
    "br",
    "pre",
)
_TEXTS = ("", " ", "x", "...", "|", "One two, three.", "\u706f\u53f0", "\u0e1b\u0e23\u0e30",
          "a b c d e f g h, i.", "\u03a3\u039f\u03a3", "\U0001f600", "1,234")  # fmt: skip
_pages = st.recursive(
    st.sampled_from(_TEXTS),
    lambda inner: st.builds(
        lambda tag, name, parts: f'<{tag} class="{name}">{"".join(parts)}</{tag}>',
        st.sampled_from(_TAGS), st.sampled_from(("", "nav", "post-body", "ad x1")),
        st.lists(inner, max_size=5),
    ),
    max_leaves=30,
)  # fmt: skip


def _rows(tree: Tree, first: float = 0.5) -> dict[str, Floats]:
    """Every feature of a page, of both passes, by name; that names are unique and values finite is a law."""
    page = number(tree)
    words_say = np.tile(np.linspace(-2, 2, len(tree.pieces), dtype=np.float32), (3, 1))
    sheet = features(tree, words_say, np.linspace(-1, 1, len(tree.boxes), dtype=np.float32), page)
    second_pass.add(sheet, page, np.full(len(tree.pieces), first, np.float32))
    assert len(set(sheet.names)) == len(sheet.names) == len(sheet.matrix)
    assert np.isfinite(sheet.matrix).all()
    return dict(zip(sheet.names, sheet.matrix, strict=True))


def _flat(pieces: int) -> Tree:
    """A page of as many paragraphs, ten to a box."""
    boxes, found = Boxes(), []
    for at in range(pieces):
        if at % 10 == 0:
            boxes.parent.append(0)
            boxes.tag.append("div")
            boxes.names.append("part")
            boxes.families.append(0)
            boxes.start.append(at)
            boxes.end.append(min(at + 10, pieces))
        found.append(Piece(len(boxes) - 1, f"Paragraph {at} of the page.", 5, 0, 0, [], []))
    boxes.end[0] = pieces
    return Tree(found, boxes, [], Signals())


def test_the_story_and_what_is_around_it_look_different() -> None:
    rows = _rows(read_tree(_ARTICLE))
    home, news, headline, storm, nobody, strong, again, rights = range(8)
    assert rows["link density"][[home, storm]].tolist() == [1, 0]
    assert rows["in article"].tolist() == [0, 0, 1, 1, 1, 1, 0, 0]
    assert rows["in nav"].nonzero()[0].tolist() == [home, news]
    assert rows["family footer"].nonzero()[0].tolist() == [again, rights]
    assert rows["outside"][[storm, rights]].tolist() == [0, 1]
    assert rows["emphasised"].nonzero()[0].tolist() == [strong]
    assert rows["heading level"].nonzero()[0].tolist() == [headline]
    assert rows["since h1"][headline:].tolist() == [0, 1, 2, 3, 4, 5]
    assert rows["of its words in title"][headline] == 1
    assert rows["seen before"].nonzero()[0].tolist() == [again]
    assert rows["times on page"][[home, news, again]].tolist() == [2, 1, 2]
    assert rows["in box of 60 %"][[home, storm, nobody]].tolist() == [0, 1, 1]
    assert rows["good words before"][nobody] == 16
    assert (rows["page: JSON-LD article"] == 0).all()


def test_names_of_boxes_add_up_towards_the_outside() -> None:
    tree = read_tree(b"<div class=a><div class=b><p>One two.</p></div></div>")
    page = number(tree)
    say = np.arange(1, len(tree.boxes) + 1, dtype=np.float32)
    sheet = features(tree, np.zeros((3, 1), np.float32), say, page)
    rows = dict(zip(sheet.names, sheet.matrix[:, 0].tolist(), strict=True))
    assert rows["depth"] == len(tree.boxes) - 1
    assert rows["names say, own"] == len(say)
    assert rows["names say, around"] == len(say) - 1
    assert rows["names say, all"] == say.sum()
    assert (rows["names say, lowest"], rows["names say, highest"]) == (1, len(say))


@pytest.mark.parametrize(
    "html",
    [
        pytest.param("<p>x", id="one piece"),
        pytest.param("<p>...<p>|<p>-", id="no words"),
        pytest.param("<p>\u706f\u53f0<p>\u6628\u65e5\u306e\u5915\u65b9\u3001\u6e2f", id="ideographs"),
        pytest.param("<div>" * 150 + "deep", id="deep"),
        pytest.param("<title> </title><meta name=description content='...'><p>Some.", id="empty title"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("first", [-20.0, 20.0])
def test_odd_pages_have_every_feature(html: str, first: float) -> None:
    assert _rows(read_tree(html.encode()), first).keys() == _rows(read_tree(_ARTICLE)).keys()


@settings(max_examples=150, deadline=None)
@given(st.lists(_pages, min_size=1, max_size=8), st.floats(-30, 30))
def test_any_page_has_every_feature_once_and_finite(parts: list[str], first: float) -> None:
    tree = read_tree("".join(parts).encode())
    if tree.pieces:
        _rows(tree, first)


def test_a_page_of_many_pieces_is_numbered_like_a_small_one() -> None:
    small, large = _rows(_flat(200)), _rows(_flat(100_000))
    for name in ("words", "depth", "kind: pieces", "own box: words a piece", "links"):
        assert np.array_equal(small[name][:50], large[name][:50]), name


def _slots(tag: str, names: str) -> list[int]:
    owner, entries = slots([(tag, names)])
    assert not owner.any()
    return [int(entry) for entry in entries]


def _slot(token: str) -> int:
    return zlib.crc32(token.encode()) >> (32 - BITS)


@pytest.mark.parametrize(
    ("names", "tokens"),
    [
        ("", []),
        ("post", ["post", ".post"]),
        ("postBody", ["postbody", ".post", ".body"]),
        ("innerHTMLText2", ["innerhtmltext0", ".inner", ".html", ".text"]),
        ("ABc aB", ["abc", ".a", ".bc", "ab", ".b"]),
        ("col-12 col-7", ["col-0", ".col"]),
        ("  a\tb\n", ["a", ".a", "b", ".b"]),
        ("12 _ 3-4", ["0", "_", "0-0"]),
        ("a-b-c-d-e-f-g-h-i", ["a-b-c-d-e-f-g-h-i", *(f".{letter}" for letter in "abcdefgh")]),
        ("x" * 70, ["x" * 60, f".{'x' * 60}"]),
        (" ".join("abcdefghijklmnop"), [f"{dot}{letter}" for letter in "abcdefghijkl" for dot in ("", ".")]),
        ("größe", ["größe", ".gr", ".e"]),
    ],
)  # fmt: skip
def test_a_box_asks_for_its_tag_its_names_and_their_parts(names: str, tokens: list[str]) -> None:
    assert _slots("div", names) == sorted({_slot(token) for token in ["<div", *tokens]})


@given(
    st.lists(st.tuples(st.sampled_from(_TAGS), st.text("aB1-_ \xe9", max_size=90)), min_size=1, max_size=6)
)
def test_boxes_are_read_together_as_one_by_one(looks: list[tuple[str, str]]) -> None:
    owner, entries = slots(looks)
    for at, (tag, names) in enumerate(looks):
        assert entries[owner == at].tolist() == _slots(tag, names)


def test_a_box_is_scored_by_the_sum_of_its_slots() -> None:
    weights = np.arange(1 << BITS, dtype=np.int64).astype(np.int8)
    file = io.BytesIO()
    np.savez(file, weights=weights, scale=np.float32(0.5))
    file.seek(0)
    table = NameWords(file)
    looks = [("html", ""), ("div", "post main"), ("p", "lead"), ("div", "post main")]
    expected = [sum(float(weights[slot]) for slot in _slots(tag, names)) / 2 for tag, names in looks]
    assert table.score(looks).tolist() == expected
    assert table.score(looks[::-1]).tolist() == expected[::-1]
