"""AMP pages: shortened copies that name the page they stand for. Pure.

The specification (amp.dev, "AMP HTML format") demands both signs that are looked for: the attribute on
the root element, and the link to the canonical page.
"""

from __future__ import annotations

import html
import re
from urllib.parse import urlsplit

from pipeline import urls
from pipeline.errors import SourceError
from pipeline.fetch.sites import same_site

#: where the root element must begin, and where the link must stand (bytes): AMP allows only one inline
#: style sheet, of 75 KB
_ROOT_WITHIN = 4_096
_LINK_WITHIN = 131_072

_ROOT = re.compile(rb"<html\b([^<>]{0,1000})>", re.I)
_VALUE = re.compile(rb"=\s*(?:\"[^\"]*\"|'[^']*'|[^\s\"']+)")
_MARK = re.compile(rb"(?:^|\s)(?:amp|\xe2\x9a\xa1(?:\xef\xb8\x8f)?)(?=[\s=/]|$)", re.I)
_LINK = re.compile(rb"<link\b([^<>]{0,4000})>", re.I)
_REL = re.compile(rb"\brel\s*=\s*(?:[\"']\s*canonical\s*[\"']|canonical\b)", re.I)
_HREF = re.compile(rb"\bhref\s*=\s*(?:\"([^\"<>]*)\"|'([^'<>]*)'|([^\s\"'<>]+))", re.I)


def is_amp(body: bytes) -> bool:
    """Whether a page says of itself, in its root element, that it is AMP."""
    root = _ROOT.search(body[:_ROOT_WITHIN])
    return root is not None and _MARK.search(_VALUE.sub(b"= ", root[1])) is not None


def canonical_of_amp(body: bytes, url: str) -> str | None:
    """The page that an AMP page of this address stands for, on the same site; None for all others.

    None also for an AMP page that is its own canonical page, as some sites are made.
    """
    if not is_amp(body):
        return None
    for link in _LINK.finditer(body[:_LINK_WITHIN]):
        found = _HREF.search(link[1]) if _REL.search(link[1]) else None
        if found is None:
            continue
        raw = next(group for group in found.groups() if group is not None)
        target = urls.absolute(html.unescape(raw.decode("utf-8", "replace")), url)
        return target if target is not None and _stands_for(url, target) else None
    return None


def _stands_for(url: str, target: str) -> bool:
    try:
        here, there = urls.canonical(url), urls.canonical(target)
    except SourceError:
        return False
    hosts = urlsplit(here).hostname or "", urlsplit(there).hostname or ""
    return here != there and same_site(*hosts)
