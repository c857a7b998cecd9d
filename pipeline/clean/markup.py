"""HTML pages and fragments to documents."""

from __future__ import annotations

import re
from typing import Any

from pipeline.clean import hints, phrases
from pipeline.clean.boxes import Piece, Tree
from pipeline.clean.nesting import tame
from pipeline.clean.region import Region, choose
from pipeline.clean.render import render
from pipeline.clean.shape import why_no_article
from pipeline.clean.tree import read_tree
from pipeline.model import Block, Document, Page, Problem

#: pieces between headline and article that may hold a standfirst or a byline
_LEAD = 14
_LEAD_LETTERS = 500
_NOTICE = re.compile(r"^\W{0,3}(?:©|\(c\)\s|copyright\b|\((?:reporting|writing|editing)\b)", re.I)
#: good words that a second look at a page without article must find
_MANY_WORDS = 60
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_HEADERS = ("content-language", "last-modified")


def read_markup(html: bytes, page: Page, is_fragment: bool) -> Document:
    """The document of a page in UTF-8. Of a fragment that a feed calls an article, all prose counts."""
    tree, region, reason = _find(tame(html))
    chosen = region.chosen
    chosen = [at for at in chosen if not _is_leftover(tree, tree.pieces[at])]
    if is_fragment and not chosen:
        chosen = [at for at, piece in enumerate(tree.pieces) if piece.words]
    if is_fragment and chosen:
        reason = None
    signals = _signals(tree, region, chosen, page)
    name = page.url or page.key
    if reason:
        problem = Problem(code="no_article", message=f"{name} {reason}.")
        return Document(
            kind="html",
            blocks=[],
            signals=signals,
            url=page.url,
            entry=page.entry,
            problem=problem,
            confidence=0.0,
        )
    base = page.fetched.final_url if page.fetched is not None else page.url
    if base is None and page.entry is not None:
        base = page.entry.link
    blocks: list[Block] = render(tree, chosen, base)
    return Document(
        kind="html",
        blocks=blocks,
        signals=signals,
        url=page.url,
        entry=page.entry,
        confidence=_confidence(region),
    )


def _find(html: bytes) -> tuple[Tree, Region, str | None]:
    """A page's tree and article region, and why it is none. Before giving up, posts marked as comments
    and text for browsers without scripts are looked at, too: whole forums are made of them."""
    tree = read_tree(html)
    region = choose(tree)
    reason = why_no_article(tree, region)
    if reason is None:
        return tree, region, None
    second = choose(tree, with_comments=True)
    if second.good_words >= _MANY_WORDS and why_no_article(tree, second) is None:
        return tree, second, None
    if b"<noscript" in html:
        unscripted = read_tree(html, noscript=True)
        third = choose(unscripted, with_comments=True)
        if third.good_words >= _MANY_WORDS and why_no_article(unscripted, third) is None:
            return unscripted, third, None
    return tree, region, reason


def _is_leftover(tree: Tree, piece: Piece) -> bool:
    """Whether a short piece inside the article was written around it: share bars, prompts, dividers."""
    if piece.words > phrases.PROMPT_WORDS or tree.boxes[piece.box].tag in _HEADINGS:
        return False
    return phrases.is_leftover(piece.text, piece.words) or (
        len(piece.text) < 60 and not any(map(str.isalnum, piece.text))
    )


def _confidence(region: Region) -> float:
    """Share of the page's good words that the article holds: low where much was left out."""
    return round(min(1.0, region.good_words / max(1, region.page_good_words)), 3)


def _signals(tree: Tree, region: Region, chosen: list[int], page: Page) -> dict[str, Any]:
    signals = tree.signals.plain
    first, last = (chosen[0], chosen[-1]) if chosen else (len(tree.pieces), len(tree.pieces))
    shown = []
    for element in tree.signals.shown:
        if not element.text and not element.value:
            continue
        outside = region.families[element.box] & hints.OUTSIDE & ~hints.META
        if element.what not in ("section", "tag") and outside:
            place = "outside"
        else:
            place = "before" if element.at < first else "after" if element.at > last else "inside"
        shown.append(
            {"what": element.what, "tag": element.tag, "text": element.text, "value": element.value,
             "names": element.names, "place": place, "at": element.at - first}
        )  # fmt: skip
    signals["shown"] = shown
    signals["lead"] = _lead(tree, region, chosen, first)
    kept = set(chosen)
    signals["notices"] = [
        piece.text for at, piece in enumerate(tree.pieces)
        if at not in kept and len(piece.text) < _LEAD_LETTERS and _NOTICE.match(piece.text)
    ][:10]  # fmt: skip
    if page.fetched is not None:
        signals["headers"] = {
            name: page.fetched.headers[name] for name in _HEADERS if name in page.fetched.headers
        }
    return signals


def _lead(tree: Tree, region: Region, chosen: list[int], first: int) -> list[str]:
    """Texts between the main headline and the story that are not in it, nor in menus and lists."""
    start = max(0, first - _LEAD)
    for element in tree.signals.shown:
        if element.tag == "h1" and element.at < first:
            start = max(start, element.at)
    kept = set(chosen[:_LEAD])
    unwanted = hints.OUTSIDE & ~hints.META
    return [
        piece.text
        for at, piece in enumerate(tree.pieces[start : first + _LEAD], start)
        if at not in kept and len(piece.text) < _LEAD_LETTERS and not region.families[piece.box] & unwanted
    ]
