"""What a page shows, told from its bytes: enough to tell a page of its own from a stand-in. Pure.

No parser: looked at on every page, this must cost next to nothing and end in linear time whatever
the bytes are. Markup that is not ASCII-compatible (UTF-16) gives nothing.
"""

from __future__ import annotations

import html
import re

#: elements whose content is never shown
_UNSEEN = b"script|style|svg|template|textarea|title"
_HIDING = re.compile(rb"<(!--|(?:" + _UNSEEN + rb")(?=[\s/>]))")
_HIDING_LINKS = re.compile(rb"<(!--|(?:a|nav|header|footer|" + _UNSEEN + rb")(?=[\s/>]))")
_TAG = re.compile(rb"<[^<>]*>")
#: where a title in capitals is looked for (bytes)
_HEAD = 16_384
#: longer titles and headlines are cut (bytes)
_LONGEST = 2_000


def shown(markup: bytes, *, links: bool = True) -> bytes:
    """The text of some HTML, white space collapsed; element names must be in lower case.

    Without tags, title, scripts, styles and comments; with ``links`` False also without what stands
    in links, menus, and the page's header and footer. References (``&amp;``) stay as they are. What
    was opened and never closed hides the rest.
    """
    hiding = _HIDING if links else _HIDING_LINKS
    kept: list[bytes] = []
    at = 0
    while (opening := hiding.search(markup, at)) is not None:
        kept.append(markup[at : opening.start()])
        closing = b"--" if opening[1] == b"!--" else b"</" + opening[1]
        end = markup.find(closing, opening.end())
        end = markup.find(b">", end) if end >= 0 else end
        if end < 0:
            at = len(markup)
            break
        at = end + 1
    kept.append(markup[at:])
    return b" ".join(_TAG.sub(b" ", b" ".join(kept)).split())


def title_of(markup: bytes) -> str:
    """The text of the first ``title`` element, in lower case, white space collapsed; or nothing."""
    start = markup.find(b"<title")
    if start < 0:
        start = markup[:_HEAD].lower().find(b"<title")
    return _text_at(markup, start, b"</title")


def headline_of(markup: bytes) -> str:
    """The text of the only ``h1``, in lower case, white space collapsed; nothing if there are more."""
    start = _first(markup, 0, b"<h1", b"<H1")
    if start < 0 or _first(markup, start + 3, b"<h1", b"<H1") >= 0:
        return ""
    return _text_at(markup, start, b"</h1")


def _first(markup: bytes, start: int, *spellings: bytes) -> int:
    # Plain searches cost a tenth of one that ignores case.
    return min((at for one in spellings if (at := markup.find(one, start)) >= 0), default=-1)


def _text_at(markup: bytes, start: int, closing: bytes) -> str:
    if start < 0:
        return ""
    piece = markup[start : start + _LONGEST].lower().partition(closing)[0].partition(b">")[2]
    raw = _TAG.sub(b" ", piece)
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        text = raw.decode("latin-1")
    return " ".join(html.unescape(text).lower().split())
