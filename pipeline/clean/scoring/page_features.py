"""Features of the whole page, the same for each of its pieces: what kind of page it is."""

from __future__ import annotations

import re

import numpy as np

from pipeline.clean.scoring.page_numbers import ELEMENTS, PageNumbers
from pipeline.clean.scoring.sheet import Floats, Sheet
from pipeline.clean.walk import hints
from pipeline.clean.walk.boxes import Tree

_TYPE = re.compile(r'"@type"\s*:\s*\[?\s*"([A-Za-z]+)"')
#: schema.org types by what the page is
_TYPES = {
    "article": "NewsArticle Article BlogPosting Report ReportageNewsArticle OpinionNewsArticle TechArticle"
    " ScholarlyArticle LiveBlogPosting AnalysisNewsArticle",
    "product": "Product ProductGroup Offer AggregateOffer IndividualProduct",
    "forum": "DiscussionForumPosting QAPage Question Answer Comment",
    "list": "ItemList CollectionPage SearchResultsPage OfferCatalog",
    "faq": "FAQPage HowTo Recipe",
    "video": "VideoObject MusicVideoObject Movie",
}
_KNOWN = {name: kind for kind, names in _TYPES.items() for name in names.split()}


_SIZES = ("pieces", "words", "good words", "share of good words", "link density", "good pieces",
          "words a good piece", "words say", "pictures")  # fmt: skip
_OUTSIDE = {
    "prose outside": hints.OUTSIDE,
    "prose in comment": hints.COMMENT,
    "prose in related": hints.RELATED,
}
_WORDS_IN = ("article", "li", "td", "p", "main", "blockquote", "dl", "pre")
_COUNTED = ("article", "li", "h1", "h2", "h3", "form", "table")
_SHOWN = ("time", "author", "date")
_NAMES = tuple(
    f"page: {name}"
    for name in (
        *_SIZES, *_OUTSIDE, *(f"words in {name}" for name in _WORDS_IN), *_COUNTED,
        *(f"JSON-LD {kind}" for kind in _TYPES), "og article", "og website", "published",
        *(f"{what} shown" for what in _SHOWN),
    )
)  # fmt: skip
_OUTSIDE_BITS = np.array(list(_OUTSIDE.values()))[:, None]
_WORDS_BITS = np.array([ELEMENTS[name] for name in _WORDS_IN])[:, None]
_COUNTED_BITS = np.array([ELEMENTS[name] for name in _COUNTED])[:, None]


def add(sheet: Sheet, tree: Tree, page: PageNumbers, words_say: Floats) -> None:
    """Append the features of the page."""
    values = [*_sizes(tree, page, words_say), *_parts(page), *_says(tree)]
    sheet.rows(_NAMES)[:] = np.array(values)[:, None]


def _sizes(tree: Tree, page: PageNumbers, words_say: Floats) -> list[float]:
    words, good = float(page.words.sum()), float(page.good_words.sum())
    count, lengths = len(page.words), np.sort(page.words[page.good])
    middle = len(lengths) // 2
    median = float(lengths[middle] + lengths[-1 - middle]) / 2 if len(lengths) else 0.0
    return [
        count,
        words,
        good,
        good / max(1.0, words),
        float(page.linked.sum()) / float(page.letters.sum()),
        len(lengths) / count,
        median,
        float(words_say @ (page.words + 1)) / (words + count),
        min(100, len(tree.pictures)),
    ]


def _parts(page: PageNumbers) -> list[float]:
    """How much of the page is in what, and how many elements of a kind it has."""
    good, words = max(1.0, float(page.good_words.sum())), max(1.0, float(page.words.sum()))
    outside = ((page.piece_families & _OUTSIDE_BITS) != 0) @ page.good_words / good
    inside = ((page.piece_inside & _WORDS_BITS) != 0) @ page.words / words
    # One within another of its kind does not count.
    outermost = page.element & ~page.inside.take(page.parent)
    times = np.minimum(((outermost & _COUNTED_BITS) != 0).sum(axis=1), 100)
    return [*outside.tolist(), *inside.tolist(), *times.tolist()]


def _says(tree: Tree) -> list[float]:
    """What the page's metadata calls it, and what it shows of its own."""
    plain = tree.signals.plain
    found = {_KNOWN.get(name) for text in plain.get("json_ld", ()) for name in _TYPE.findall(text)}
    metas = dict(plain.get("meta", ()))
    kind = metas.get("og:type", "").lower()
    shown = [one.what for one in tree.signals.shown]
    return [
        *(kind in found for kind in _TYPES),
        "article" in kind,
        kind == "website",
        "article:published_time" in metas or "datepublished" in metas,
        *(min(30, shown.count(what)) for what in _SHOWN),
    ]
