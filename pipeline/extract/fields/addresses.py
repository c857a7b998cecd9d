"""The article's own address, and its picture's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from pipeline.extract.candidate import Candidate
from pipeline.extract.merge import Merge
from pipeline.urls import absolute

#: best first; whatever else names an address comes after them
_CANONICAL = ("link:canonical", "og:url")
#: an address that is absolute already, as nearly all are
_ABSOLUTE = re.compile(
    r"https?://[a-z\d.-]*[a-z\d]/[\w.~!$&'()*+,=:@%/-]*(?:\?[\w.~!$&'()*+,=:@%/-]+)?", re.A
)
_WORD = re.compile(r"[^\W_]+")
#: characters from which a word with digits is an article's id
_ID_LENGTH = 5
#: so few words say nothing: ``/node/88999``
_FEW = 2
#: words shorter than that are in every address
_SHORT = 3
#: share of an address's words that must be in the page's own, or in the headline
_SAME = 0.5
#: names of pictures that every page of a site has
_PLACEHOLDER = re.compile(
    r"(?:^|[/_-])(?:logo|favicon|placeholder|default|blank|spacer|avatar|pixel)[^/]*$", re.I
)


def decide(merge: Merge) -> None:
    """The first canonical address that is this article's, and the first picture, both absolute.

    An address is the article's when its path shares an id with the page's address, or half of its words
    with that or with the headline. Pages of one template often name their section's or another article's.
    """
    document = merge.document
    base = document.url or (document.entry.link if document.entry else None)
    known = _words(urlsplit(base).path if base else "") | _words(merge.fields.get("title") or "")
    for address, source in _absolute(_by_standing(merge.of("canonical_url")), base):
        if _is_same(address, base, known):
            merge.set("canonical_url", address, source)
            break
    for address, source in _absolute(merge.of("image_url"), base):
        if not _PLACEHOLDER.search(address):
            merge.set("image_url", address, source)
            break


def _by_standing(candidates: list[Candidate]) -> list[Candidate]:
    order = {source: at for at, source in enumerate(_CANONICAL)}
    return sorted(candidates, key=lambda one: order.get(one.source, len(order)))


def _absolute(candidates: list[Candidate], base: str | None) -> Iterator[tuple[str, str]]:
    for candidate in candidates:
        link = str(candidate.value)
        address = link if _ABSOLUTE.fullmatch(link) else absolute(link, base)
        if address:
            yield address, candidate.source


def _is_same(address: str, base: str | None, known: set[str]) -> bool:
    """Whether an address may be that of the page at ``base``, whose words are known."""
    parts = urlsplit(address)
    if base is not None and parts.path.rstrip("/") == urlsplit(base).path.rstrip("/"):
        return True
    # An address without path is the site's, not the article's.
    if not parts.path.strip("/") and not parts.query:
        return False
    if base is None:
        return True
    words = _words(f"{parts.path} {parts.query}")
    shared = words & (known | _words(urlsplit(base).query))
    if any(len(word) >= _ID_LENGTH and not word.isalpha() for word in shared):
        return True
    return len(words) <= _FEW or len(shared) >= _SAME * len(words)


def _words(text: str) -> set[str]:
    return {word for word in _WORD.findall(text.casefold()) if len(word) > _SHORT or word.isdigit()}
