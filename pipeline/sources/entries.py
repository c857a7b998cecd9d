"""From a feed's entries to items, whatever the feed's format.

An entry that carries its full text is handed over with it; of any other the page is fetched.
"""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Iterator

import msgspec

from pipeline import urls
from pipeline.errors import SourceError
from pipeline.model import Entry, Hints, NewItem, Problem, Value
from pipeline.sources.content import Content
from pipeline.sources.reading import Reading

#: Explicit content (content:encoded, Atom content, JSON Feed's content) is taken for the article
#: from this many words. Shorter ones are teasers more often than flashes, and the page of a flash
#: costs one request.
FULL_CONTENT_WORDS = 60
#: A description alone is meant as a summary: it must be this long, and in paragraphs.
FULL_SUMMARY_WORDS = 150
_FULL_SUMMARY_PARAGRAPHS = 2

_TAG = re.compile(r"<[^<>]*>")
_WORD = re.compile(r"[^\W_]+")
#: Scripts that put no spaces between words: two signs count as one.
_UNSPACED = re.compile(r"[぀-ヿ㐀-鿿฀-๿]")
_PARAGRAPH = re.compile(r"<p[\s>]|<br\s*/?>\s*<br|\n\s*\n", re.I)
#: how texts end that go on elsewhere
_CUT_OFF = re.compile(
    r"(?:…|\.\.\.|\[(?:…|\.\.\.)\]|(?:read|continue)\s+(?:more|reading|the full \w+)\W{0,10}"
    r"|weiterlesen\W{0,5}|lire la suite\W{0,5}|leer más\W{0,5})$",
    re.I,
)


class ParsedFeed(Value, frozen=True, kw_only=True):
    """A feed's bytes understood, in any format."""

    title: str | None = None
    #: the page that the feed accompanies; the base of its relative links
    link: str | None = None
    language: str | None = None
    #: links are absolute where that could be found out
    entries: list[Entry] = []
    #: what was wrong with a feed that could be used nevertheless, for people
    warnings: list[str] = []
    hints: Hints = Hints()


class EntryKeys:
    """Identities within one document: guid, else link, else a hash of title and content.

    A guid that comes again is told apart by the link, else by a running number, so that the first
    entry with it keeps its identity (the rule of miniflux, where it has held for years).
    """

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def key(self, guid: str | None, link: str | None, title: str | None, content: str | None) -> str:
        wanted = (guid or "").strip() or link
        if not wanted:
            text = f"{title or ''}\n{content or ''}"
            wanted = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
        candidate, number = wanted, 1
        if candidate in self._taken and link and link != wanted:
            candidate = f"{wanted}|{link}"
        while candidate in self._taken:
            number += 1
            candidate = f"{wanted}|{number}"
        self._taken.add(candidate)
        return candidate


def items_of(parsed: ParsedFeed, content: Content, reading: Reading) -> Iterator[NewItem]:
    """An item per entry, each key once. An entry that leads nowhere gives `bad_feed`.

    Raises SourceError (`empty_feed`) for a feed without entries.
    """
    if not parsed.entries:
        raise SourceError(f"{content.name} has no entries at the moment.", code="empty_feed")
    own: set[str] = set()
    for number, entry in enumerate(parsed.entries, 1):
        item = _item(entry, number, content, reading)
        if item.key in own and item.content is not None:
            # Several entries of one feed may point at one page; with texts of their own they differ.
            item = msgspec.structs.replace(item, key=_key_inside(item.key, entry))
        own.add(item.key)
        if reading.first_time(item.key):
            yield item


def full_text(entry: Entry) -> str | None:
    """The entry's article as HTML, when the entry carries it whole; None when it must be fetched.

    Without a link there is nothing to fetch: then whatever text there is counts.
    """
    content, summary = (entry.content or "").strip(), (entry.summary or "").strip()
    if not entry.link:
        return content or summary or None
    if content:
        text = plain(content)
        if _CUT_OFF.search(text[-600:]) or _words(text) < FULL_CONTENT_WORDS:
            return None
        return content
    text = plain(summary)
    paragraphs = len(_PARAGRAPH.findall(summary))
    if paragraphs < _FULL_SUMMARY_PARAGRAPHS or _words(text) < FULL_SUMMARY_WORDS:
        return None
    return None if _CUT_OFF.search(text[-600:]) else summary


def as_document(entry: Entry, body: str) -> bytes:
    """An entry's text as a small HTML document, UTF-8, with its title, language and link."""
    language = f' lang="{html.escape(entry.language)}"' if entry.language else ""
    title = html.escape(entry.title or "", quote=False)
    base = f'<base href="{html.escape(entry.link)}">' if entry.link else ""
    heading = f"<h1>{title}</h1>\n" if title else ""
    document = (
        f'<!DOCTYPE html>\n<html{language}><head><meta charset="utf-8">{base}<title>{title}</title></head>\n'
        f"<body><article>\n{heading}{body}\n</article></body></html>\n"
    )
    return document.encode("utf-8", "replace")


def as_html(text: str) -> str:
    """Plain text as HTML paragraphs."""
    pieces = (piece.strip() for piece in re.split(r"\n\s*\n", text))
    return "\n".join(f"<p>{html.escape(piece, quote=False)}</p>" for piece in pieces if piece)


def plain(markup: str) -> str:
    """HTML as one line of text: no tags, no escapes."""
    return " ".join(html.unescape(_TAG.sub(" ", markup)).split())


def _item(entry: Entry, number: int, content: Content, reading: Reading) -> NewItem:
    body = full_text(entry)
    inside = _key_inside(content.key, entry)
    label = urls.printable(entry.title or entry.key)[:200]
    if body is None and not entry.link:
        message = f"Entry {number} of {content.name} ({label!r}) has neither a link nor a text."
        return NewItem(
            key=inside,
            name=f"{content.name}, entry {number}",
            source=reading.source,
            problem=Problem(code="bad_feed", message=message),
        )
    key = urls.canonical(entry.link) if entry.link else inside
    name = urls.printable(urls.without_password(entry.link)) if entry.link else f"{content.name}, {label!r}"
    if body is None:
        return NewItem(key=key, name=name, source=reading.source, url=entry.link, entry=entry)
    return NewItem(
        key=key,
        name=name,
        source=reading.source,
        url=entry.link,
        content=as_document(entry, body),
        content_type="text/html; charset=utf-8",
        # The page now holds it.
        entry=msgspec.structs.replace(entry, content=None),
    )


def _key_inside(whole: str, entry: Entry) -> str:
    return f"{whole}#entry-{hashlib.sha256(entry.key.encode('utf-8', 'replace')).hexdigest()[:32]}"


def _words(text: str) -> int:
    return len(_WORD.findall(text)) + len(_UNSPACED.findall(text)) // 2
