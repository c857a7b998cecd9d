"""Pages to documents: bytes to text blocks without boilerplate, and the metadata signals found on the way."""

from __future__ import annotations

import msgspec

from pipeline.clean.choice import better
from pipeline.clean.encoding.decode import decode, to_utf8
from pipeline.clean.lines.reading import read_lines
from pipeline.clean.markup import read_markup
from pipeline.clean.memory import SiteMemory
from pipeline.model import Document, Page, Problem
from pipeline.sniff import HEAD, sniff

_MESSAGES = {
    "empty": "{} has no content.",
    "not_text": "{} is not text.",
    "feed": "{} is a feed or list of feeds, not an article.",
}
#: white space and NULs: a file of nothing else is empty
_BLANK = b" \t\r\n\f\v\x00"


def clean(page: Page, memory: SiteMemory | None = None) -> Document:
    """What a page says, without what surrounds it. Never raises for bad content. Pure without a memory.

    When there is no article the document's ``problem`` says why (codes `no_article`, `empty`,
    `not_text`); its blocks are then the best there was: of a page of links the links. HTML and plain text
    are told apart by their bytes, with the content type as a hint. The text of a feed entry
    (``page.entry`` set, nothing fetched) is taken as the article that the feed says it is, however
    short. Of a fetched page whose entry carries the article, too (``page.entry.content``), the better text
    is taken: see `choice`.

    ``memory``, of the pages of the same site, sharpens the cut of whole HTML pages: what the site repeats
    is left out. It learns from the page, once by its key, and nothing from fragments and plain text.
    """
    if page.fetched is None or page.entry is None or not page.entry.content:
        return _document(page, memory)
    # Compared here, and needed no more: the document travels on without it.
    content = page.entry.content
    page = msgspec.structs.replace(page, entry=msgspec.structs.replace(page.entry, content=None))
    return better(_document(page, memory), _document(_carried(page, content)))


def _carried(page: Page, content: str) -> Page:
    """The text of a page's entry as a page of its own."""
    html = f"<!DOCTYPE html><html><body><article>{content}</article></body></html>"
    return msgspec.structs.replace(
        page, body=html.encode("utf-8", "replace"), fetched=None, content_type="text/html; charset=utf-8"
    )


def _document(page: Page, memory: SiteMemory | None = None) -> Document:
    kind = sniff(page.body[:HEAD], page.content_type, page.url or page.key)
    if not page.body.strip(_BLANK):
        return _nothing(page, "empty", _MESSAGES["empty"])
    if kind == "binary":
        return _nothing(page, "not_text", _MESSAGES["not_text"])
    if kind in ("feed", "json_feed", "opml"):
        return _nothing(page, "no_article", _MESSAGES["feed"])
    declared = _content_type(page)
    if _is_fragment(page):
        return read_markup(to_utf8(page.body, declared), page, True)
    if kind == "html":
        return read_markup(to_utf8(page.body, declared), page, False, memory=memory)
    return read_lines(decode(page.body, declared), page)


def _is_fragment(page: Page) -> bool:
    return page.entry is not None and page.fetched is None


def _content_type(page: Page) -> str | None:
    if page.content_type or page.fetched is None:
        return page.content_type
    return page.fetched.headers.get("content-type")


def _nothing(page: Page, code: str, message: str) -> Document:
    problem = Problem(code=code, message=message.format(page.url or page.key))
    return Document(kind="text", blocks=[], url=page.url, entry=page.entry, problem=problem, confidence=0.0)


__all__ = ["clean"]
