"""HTML pages and fragments to documents."""

from __future__ import annotations

import re
from string import digits
from typing import Any

from pipeline.clean.choosing import Choice, choose, choose_all
from pipeline.clean.closing import short
from pipeline.clean.dated import date_lines
from pipeline.clean.memory import SiteMemory
from pipeline.clean.render.blocks import render
from pipeline.clean.scoring.scorer import Scorer, scorer
from pipeline.clean.shape import why_no_article
from pipeline.clean.signed import STRANGERS, signed_lines
from pipeline.clean.walk import hints
from pipeline.clean.walk.nesting import tame
from pipeline.clean.walk.tree import read_tree
from pipeline.model import Document, Page, Problem

#: pieces below the article that may credit people and agencies
_BELOW = 12
#: pieces between headline and article that may hold a standfirst or a byline
_LEAD = 14
_LEAD_LETTERS = 500
_NOTICE = re.compile(r"^\W{0,3}(?:©|\(c\)\s|copyright\b|\((?:reporting|writing|editing)\b)", re.I)
#: what most pieces begin with, and no notice does
_NO_NOTICE = frozenset((*"abdefghijklmnopqrstuvwxyzABDEFGHIJKLMNOPQRSTUVWXYZ", *digits))
#: in boxes of these families, elements on show are of something else than the article, by what they are:
#: bylines share their boxes with buttons, banners and footers of the article
_STRANGE = hints.OUTSIDE & ~hints.META
_OUTSIDE = {"author": STRANGERS, "itemprop:author": STRANGERS, "section": 0, "tag": 0}
_HEADERS = ("content-language", "last-modified")


def read_markup(
    html: bytes,
    page: Page,
    is_fragment: bool,
    *,
    memory: SiteMemory | None = None,
    trained: Scorer | None = None,
) -> Document:
    """The document of a page in UTF-8. Of a fragment that a feed calls an article, all prose counts.

    ``memory`` of the page's site sharpens the cut, and learns from it. ``trained`` stands for the package's
    own scorer.
    """
    html = tame(html)
    if is_fragment:
        choice, reason = choose_all(read_tree(html)), None
        if not choice.chosen:
            reason = "shows no text"
    else:
        choice, reason = find_article(html, trained or scorer())
    if reason is None and memory is not None:
        choice = choice.without_repeated(memory, page.key)
    name, problem = page.url or page.key, None
    if reason:
        problem = Problem(code="no_article", message=f"{name} {reason}.")
    base = page.fetched.final_url if page.fetched is not None else page.url
    if base is None and page.entry is not None:
        base = page.entry.link
    return Document(
        kind="html",
        blocks=render(choice.tree, choice.chosen, base),
        signals=_signals(choice, page),
        url=page.url,
        entry=page.entry,
        problem=problem,
        confidence=choice.confidence,
    )


def find_article(html: bytes, trained: Scorer) -> tuple[Choice, str | None]:
    """A page's article, and why it has none. Before giving up, text for browsers without scripts is
    looked at, too: some pages have all of theirs there."""
    choice = choose(read_tree(html), trained)
    reason = why_no_article(choice)
    if reason is not None and b"<noscript" in html:
        unscripted = choose(read_tree(html, noscript=True), trained)
        if why_no_article(unscripted) is None:
            return unscripted, None
    return choice, reason


def _signals(choice: Choice, page: Page) -> dict[str, Any]:
    tree, chosen = choice.tree, choice.chosen
    signals = tree.signals.plain
    first, last = (chosen[0], chosen[-1]) if chosen else (len(tree.pieces), len(tree.pieces))
    families = choice.families
    shown = []
    for element in tree.signals.shown:
        what, text, value, at = element.what, element.text, element.value, element.at
        if not text and not value:
            continue
        if families[element.box] & _OUTSIDE.get(what, _STRANGE):
            place = "outside"
        else:
            place = "before" if at < first else "after" if at > last else "inside"
        shown.append(
            {"what": what, "tag": element.tag, "text": text, "value": value, "names": element.names,
             "place": place, "at": at - first}
        )  # fmt: skip
    signals["shown"] = shown
    signals["lead"] = _lead(choice, first)
    signals["signed_lines"] = signed_lines(choice, first, last)
    signals["date_lines"] = date_lines(choice, first, last)
    below = tree.pieces[last + 1 : last + 1 + _BELOW]
    signals["closing"] = short(piece.text for piece in below if piece.link_letters * 2 <= len(piece.text))
    kept = set(chosen)
    signals["notices"] = [
        piece.text for at, piece in enumerate(tree.pieces)
        if piece.text[0] not in _NO_NOTICE and at not in kept
        and len(piece.text) < _LEAD_LETTERS and _NOTICE.match(piece.text)
    ][:10]  # fmt: skip
    if page.fetched is not None:
        signals["headers"] = {
            name: page.fetched.headers[name] for name in _HEADERS if name in page.fetched.headers
        }
        signals["fetched_at"] = page.fetched.at
    return signals


def _lead(choice: Choice, first: int) -> list[str]:
    """Texts between the main headline and the story that are not in it, nor in menus and lists."""
    tree = choice.tree
    start = max(0, first - _LEAD)
    for element in tree.signals.shown:
        if element.tag == "h1" and element.at < first:
            start = max(start, element.at)
    kept = set(choice.chosen[:_LEAD])
    families, unwanted = choice.families, _STRANGE
    return [
        piece.text
        for at, piece in enumerate(tree.pieces[start : first + _LEAD], start)
        if at not in kept and len(piece.text) < _LEAD_LETTERS and not families[piece.box] & unwanted
    ]
