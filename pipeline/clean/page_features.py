"""Features of the whole page, the same for each of its pieces: what kind of page it is."""

from __future__ import annotations

import re

import numpy as np

from pipeline.clean import hints
from pipeline.clean.boxes import INSIDE, Tree
from pipeline.clean.line_characters import IDEOGRAPH, SOUTH_EAST
from pipeline.clean.page_numbers import PageNumbers, is_outside
from pipeline.clean.sheet import Floats, Sheet, share

_TYPE = re.compile(r'"@type"\s*:\s*\[?\s*"([A-Za-z]+)"')
#: schema.org types by what the page is
_TYPES = {
    "article": "NewsArticle Article BlogPosting Report ReportageNewsArticle OpinionNewsArticle TechArticle"
    " ScholarlyArticle LiveBlogPosting AnalysisNewsArticle",
    "product": "Product ProductGroup Offer AggregateOffer IndividualProduct",
    "forum": "DiscussionForumPosting QAPage Question Answer Comment",
    "list": "ItemList CollectionPage SearchResultsPage OfferCatalog",
    "faq": "FAQPage HowTo Recipe",
    "service": "Service LocalBusiness ProfessionalService SoftwareApplication Organization Corporation",
    "video": "VideoObject MusicVideoObject Movie",
}
_KNOWN = {name: kind for kind, names in _TYPES.items() for name in names.split()}


def add(sheet: Sheet, tree: Tree, page: PageNumbers, words_say: Floats) -> None:
    """Append the features of the page."""
    _sizes(sheet, tree, page, words_say)
    _parts(sheet, page)
    _says(sheet, tree)


def _sizes(sheet: Sheet, tree: Tree, page: PageNumbers, words_say: Floats) -> None:
    words, good = float(page.words.sum()), float(page.good_words.sum())
    sheet.add("page: pieces", len(page.words))
    sheet.add("page: words", words)
    sheet.add("page: good words", good)
    sheet.add("page: share of good words", good / max(1.0, words))
    sheet.add("page: link density", float(page.linked.sum()) / float(page.letters.sum()))
    sheet.add("page: good pieces", float(page.good.mean()))
    lengths = page.words[page.good]
    sheet.add("page: words a good piece", float(np.median(lengths)) if len(lengths) else 0.0)
    sheet.add("page: words say", float(np.average(words_say, weights=page.words + 1)))
    sheet.add("page: pictures", min(100, len(tree.pictures)))
    sheet.add(
        "page: unspaced",
        float(share(page.lines.kinds[IDEOGRAPH] + page.lines.kinds[SOUTH_EAST], page.letters).mean()),
    )


def _parts(sheet: Sheet, page: PageNumbers) -> None:
    families, inside = page.families[page.box], page.inside[page.box]
    good, words = max(1.0, float(page.good_words.sum())), max(1.0, float(page.words.sum()))
    outside = is_outside(families)
    sheet.add("page: prose outside", float(page.good_words[outside].sum()) / good)
    for name, bit in (("comment", hints.COMMENT), ("related", hints.RELATED)):
        sheet.add(f"page: prose in {name}", float(page.good_words[(families & bit) != 0].sum()) / good)
    for name in ("article", "li", "td", "p", "main", "blockquote", "dl", "pre"):
        flags = (inside & INSIDE[name]) != 0
        sheet.add(f"page: words in {name}", float(page.words[flags].sum()) / words)
    for name in ("article", "li", "h1", "h2", "h3", "form", "table"):
        bit = INSIDE[name]
        # Boxes of the element itself: the one around them is not inside it.
        own = ((page.inside & bit) != 0) & ((page.inside[page.parent] & bit) == 0)
        sheet.add(f"page: {name}", min(100, int(own.sum())))


def _says(sheet: Sheet, tree: Tree) -> None:
    """What the page's metadata calls it."""
    plain = tree.signals.plain
    found = {_KNOWN.get(name) for text in plain.get("json_ld", ()) for name in _TYPE.findall(text)}
    for kind in _TYPES:
        sheet.add(f"page: JSON-LD {kind}", kind in found)
    metas = dict(plain.get("meta", ()))
    kind = metas.get("og:type", "").lower()
    sheet.add("page: og article", "article" in kind)
    sheet.add("page: og product", "product" in kind)
    sheet.add("page: og website", kind == "website")
    sheet.add("page: published", "article:published_time" in metas or "datepublished" in metas)
    shown = tree.signals.shown
    for what in ("time", "author", "date"):
        sheet.add(f"page: {what} shown", min(30, sum(1 for one in shown if one.what == what)))
