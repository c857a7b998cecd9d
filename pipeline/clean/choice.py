"""The better of two texts of one article: what its page shows, and what its feed's entry carries. Pure.

The page is preferred: it is newer, its cut is careful, and its metadata is richer. The entry wins
where the page holds less of the article: teasers, paywalls, pages made by scripts; and where the
page's cut is hardly sure and the entry's is.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec

from pipeline.model import Document

#: An entry this much longer than the page wins when it holds what the page shows. Feeds add a line or
#: two ("appeared first on"), captions and lists of further reading; half as much again is a story cut
#: short.
_LONGER = 1.5
#: At least so many words, too: of a flash of 60 words the feed's own additions are half as much again.
_LONGER_BY = 80
#: This much longer it wins whatever the page shows: beside a whole article that is a notice, a summary
#: of its own or a prompt to subscribe.
_MUCH_LONGER = 3.0
#: Share of the page's phrases that stand in the entry when the page is its beginning. A teaser of two
#: paragraphs comes with prompts of about the same length, and words at the seams differ.
_CONTAINED = 0.5
#: The word-F1 to expect of a page below which it is hardly to be relied on: more is wrong or missing
#: than is right.
_HARDLY_SURE = 0.4
#: An entry in its place is surer by this much, no teaser (the longest are of about a hundred words),
#: and at least so long a share of what it stands in for: were the page right, at most that is lost.
_SURER_BY = 0.3
_NO_TEASER = 150
_HALF = 0.5
#: words in a row that make a phrase: four are hardly ever shared by chance
_PHRASE = 4
#: Share of the words of the entry's title that the page's title holds when both are of one article:
#: editors change a word or two, and the site adds its name.
_SAME_TITLE = 0.5

#: a word; in scripts without spaces each letter stands for one
_WORD = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|[^\W_]+"
)


def better(page: Document, entry: Document) -> Document:
    """The document of the article: the page's, or the entry's text with the page's signals.

    ``entry`` is the document of the entry's full text. Where its text is taken, the signal
    ``text_from`` says ``entry``; url and feed entry stay the page's. A page without an article keeps
    its signals only when its title is that of the entry: an error page says nothing of the article.
    """
    if entry.problem is not None:
        return page
    if page.problem is not None:
        return _text_of(entry, page, page.signals if _is_about(page) else entry.signals)
    shown, carried = _words(page), _words(entry)
    if _is_surer(page, entry) and len(carried) >= max(_NO_TEASER, _HALF * len(shown)):
        return _text_of(entry, page, page.signals)
    if len(carried) < _LONGER * len(shown) or len(carried) < len(shown) + _LONGER_BY:
        return page
    if len(carried) < _MUCH_LONGER * len(shown) and _contained(shown, carried) < _CONTAINED:
        return page
    return _text_of(entry, page, page.signals)


def _is_surer(page: Document, entry: Document) -> bool:
    return page.confidence < _HARDLY_SURE and entry.confidence >= page.confidence + _SURER_BY


def _text_of(entry: Document, page: Document, signals: dict[str, Any]) -> Document:
    return msgspec.structs.replace(
        entry, signals={**signals, "text_from": "entry"}, url=page.url, entry=page.entry
    )


def _words(document: Document) -> list[str]:
    return _WORD.findall("\n".join(block.text for block in document.blocks).casefold())


def _contained(part: list[str], whole: list[str]) -> float:
    """Share of a text's phrases that another text holds, 0 to 1."""
    phrases = _phrases(part)
    return len(phrases & _phrases(whole)) / len(phrases) if phrases else 0.0


def _phrases(words: list[str]) -> set[tuple[str, ...]]:
    return set(zip(*(words[at:] for at in range(_PHRASE)), strict=False))


def _is_about(page: Document) -> bool:
    """Whether a page's own titles name the article that the feed's entry is about."""
    wanted = set(_WORD.findall((page.entry.title or "").casefold())) if page.entry else set()
    if not wanted:
        return False
    titles = [page.signals.get("title", "")]
    titles += [content for name, content in page.signals.get("meta", ()) if name in ("og:title", "headline")]
    return any(
        len(wanted & set(_WORD.findall(title.casefold()))) >= _SAME_TITLE * len(wanted) for title in titles
    )
