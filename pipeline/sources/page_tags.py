"""The few tags of a page that tell of feeds, read without parsing the page, in one pass."""

from __future__ import annotations

import html
import re

from pipeline.model import Value
from pipeline.sniff import bom_encoding, wide_encoding

#: this much of a page is looked at, in bytes: announcements stand in its head
LOOKED_AT = 400_000
#: links to feeds stand at the top or in the foot: of a longer page, this much of its end as well
FOOT = 200_000
#: characters of a link's text
_TEXT = 200

#: comments and scripts hide tags; the rest of the list is what is looked for. No "<" inside a tag:
#: a search ends at the next one, so that the whole stays linear.
_MARKUP = re.compile(r"<!--|<(script|style|template|html|link|meta|base|a)\b([^<>]*)>", re.I)
_ATTRIBUTE = re.compile(r"([a-z:-]{1,40})\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.I)
_HIDING = {"": "-->", "script": "</script", "style": "</style", "template": "</template"}
_ANY_TAG = re.compile(r"<[^<>]*>")


class Tag(Value, frozen=True, kw_only=True):
    """A tag as written, names in lower case, values unescaped and stripped."""

    name: str
    attributes: dict[str, str]
    #: of a link (``a``): the beginning of what follows it
    text: str = ""


def head_of(body: bytes) -> str:
    """The beginning of a page as text."""
    first = body[:LOOKED_AT]
    return first.decode(_encoding(first), "replace")


def foot_of(body: bytes) -> str:
    """The end of a page whose beginning is not all of it; empty for a short one."""
    if len(body) <= LOOKED_AT:
        return ""
    return body[max(LOOKED_AT, len(body) - FOOT) :].decode(_encoding(body[:LOOKED_AT]), "replace")


def tags(text: str, *, links: bool = False) -> list[Tag]:
    """Tags that matter with their attributes, outside comments and scripts; links only if wanted."""
    found, at = [], 0
    while (match := _MARKUP.search(text, at)) is not None:
        at = match.end()
        name = (match[1] or "").lower()
        if name in _HIDING:
            end = text.find(_HIDING[name], at)
            at = len(text) if end < 0 else end
            continue
        if name == "a" and not links:
            continue
        attributes: dict[str, str] = {}
        for key, double, single, bare in _ATTRIBUTE.findall(match[2]):
            attributes.setdefault(key.lower(), html.unescape(double or single or bare).strip())
        shown = _text(text, at) if name == "a" and "href" in attributes else ""
        found.append(Tag(name=name, attributes=attributes, text=shown))
    return found


def _text(text: str, at: int) -> str:
    shown = text[at : at + _TEXT]
    end = shown.lower().find("</a")
    return " ".join(_ANY_TAG.sub(" ", shown[:end] if end >= 0 else shown).split())


def _encoding(head: bytes) -> str:
    return bom_encoding(head) or wide_encoding(head) or "utf-8"


__all__ = ["Tag", "foot_of", "head_of", "tags"]
