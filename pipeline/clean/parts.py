"""What a page says, piece by piece, with what `clean` keeps of it and why it cuts the rest: for people."""

from __future__ import annotations

from typing import NamedTuple

from pipeline.clean.encoding.decode import decode, to_utf8
from pipeline.clean.lines.joined import parted
from pipeline.clean.lines.model import model
from pipeline.clean.lines.wrapping import paragraphs
from pipeline.clean.markup import find_article
from pipeline.clean.scoring.page_numbers import number
from pipeline.clean.scoring.scorer import scorer
from pipeline.clean.walk import hints
from pipeline.clean.walk.nesting import tame
from pipeline.clean.walk.tree import read_tree
from pipeline.model import Document, Page

#: what the names of boxes around a piece call it, the most telling first
_CALLED = {
    hints.HIDDEN: "hidden", hints.COOKIE: "cookie notice", hints.COMMENT: "comments", hints.NAV: "navigation",
    hints.FOOTER: "footer", hints.SHARE: "share buttons", hints.FORM: "form", hints.RELATED: "related",
    hints.PROMO: "promotion", hints.ASIDE: "aside", hints.META: "metadata", hints.AUTHOR: "byline",
    hints.DATE: "date", hints.SECTION: "section", hints.TAG: "tags",
}  # fmt: skip


class Part(NamedTuple):
    """One piece of a page."""

    text: str
    kept: bool
    #: 0 to 1, what the model thinks of it: how likely it is part of the article; None: it was not asked
    chance: float | None
    #: of a piece that was cut: what its box is called, in a word or two; empty: nothing telling
    called: str = ""


def parts(page: Page, document: Document) -> list[Part]:
    """The pieces of a page in reading order. ``document`` is what `clean` made of it. Pure.

    Whatever the model thinks of a piece, rules have the last word: of what is cut though it is likely, or
    kept though it is not.
    """
    if document.kind == "text":
        return _of_text(decode(page.body, _declared(page)), document)
    html = tame(to_utf8(page.body, _declared(page)))
    if page.entry is not None and page.fetched is None:
        kept = _said(document)
        return [Part(one.text, _is_in(one.text, kept), None) for one in read_tree(html).pieces]
    choice, _ = find_article(html, scorer())
    if not choice.tree.pieces:
        return []
    numbers = number(choice.tree)
    chances = scorer().score(choice.tree, numbers).tolist()
    families = numbers.piece_families.tolist()
    chosen = frozenset() if document.problem is not None else frozenset(choice.chosen)
    return [
        Part(piece.text, at in chosen, round(chances[at], 3), "" if at in chosen else _called(families[at]))
        for at, piece in enumerate(choice.tree.pieces)
    ]


def _of_text(text: str, document: Document) -> list[Part]:
    lines, _ = parted(paragraphs(text))
    if not lines:
        return []
    kept = _said(document)
    chances = model().judge(lines).probabilities.tolist()
    return [
        Part(line, _is_in(line, kept), round(chance, 3)) for line, chance in zip(lines, chances, strict=True)
    ]


def _said(document: Document) -> str:
    return _squeezed("\n".join(block.text for block in document.blocks))


def _is_in(text: str, kept: str) -> bool:
    return bool(text) and _squeezed(text) in kept


def _squeezed(text: str) -> str:
    """Letters and digits only: rendering changes blanks and signs."""
    return "".join(filter(str.isalnum, text))


def _called(families: int) -> str:
    return next((word for family, word in _CALLED.items() if families & family), "")


def _declared(page: Page) -> str | None:
    if page.content_type or page.fetched is None:
        return page.content_type
    return page.fetched.headers.get("content-type")


__all__ = ["Part", "parts"]
