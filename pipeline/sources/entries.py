"""From a feed's entries to items, whatever the feed's format.

An entry's text can be in the feed, on its page, or both: FEEDMILL_ENTRY_TEXT says which is wanted.
Where the feed itself is at hand (a file, standard input, an upload), so is the text in it, and
nothing is fetched for the better of the two.
"""

from __future__ import annotations

import hashlib
import html
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

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
#: elements whose text nobody reads
_SCRIPT = re.compile(r"<(script|style)\b[^<>]*>.*?</\1\s*>", re.I | re.S)
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


class Identity(NamedTuple):
    """What an entry can be known by, as far as its feed says it."""

    guid: str | None = None
    link: str | None = None
    title: str | None = None
    #: ISO 8601
    date: str | None = None
    content: str | None = None


def entry_keys(identities: Sequence[Identity]) -> list[str]:
    """Identities within one document: guid, else link, else a digest of title and date or content.

    All follow from the entry itself, so that a new entry at the top changes no other's. What
    several entries have in common says nothing: a repeated guid is told apart by the link (the
    rule of miniflux), and then by title, date and content. Only what is the same in everything gets
    a running number.
    """
    keys = [(one.guid or "").strip() or one.link or _digest(one) for one in identities]
    for refine in (_by_link, _by_text):
        common = {key for key, count in Counter(keys).items() if count > 1}
        if not common:
            return keys
        keys = [refine(key, one) if key in common else key for key, one in zip(keys, identities, strict=True)]
    return _numbered(keys)


def _by_link(key: str, one: Identity) -> str:
    return f"{key}|{one.link}" if one.link and one.link != key else key


def _by_text(key: str, one: Identity) -> str:
    text = "\n".join((one.title or "", one.date or "", one.content or ""))
    return f"{key}|{hashlib.sha256(text.encode('utf-8', 'replace')).hexdigest()[:16]}"


def _digest(one: Identity) -> str:
    # A time of day beside the title is enough, and outlives corrections of the text.
    text = f"{one.title or ''}\n{one.date if one.date and len(one.date) > 10 else one.content or ''}"
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def _numbered(keys: list[str]) -> list[str]:
    if len(set(keys)) == len(keys):
        return keys
    taken: set[str] = set()
    seen: Counter[str] = Counter()
    numbered = []
    for key in keys:
        candidate = key
        while candidate in taken:
            seen[key] += 1
            candidate = f"{key}|{seen[key] + 1}"
        taken.add(candidate)
        numbered.append(candidate)
    return numbered


def items_of(parsed: ParsedFeed, content: Content, reading: Reading) -> Iterator[NewItem]:
    """An item per entry, each key once. An entry that leads nowhere gives `bad_feed`.

    Raises SourceError (`empty_feed`) for a feed without entries.
    """
    if not parsed.entries:
        raise SourceError(f"{content.name} has no entries at the moment.", code="empty_feed")
    links = Counter(entry.link for entry in parsed.entries if entry.link)
    own: set[str] = set()
    for number, entry in enumerate(parsed.entries, 1):
        shared = entry.link is not None and links[entry.link] > 1
        item = _item(entry, number, content, reading, shared)
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
    if "</s" in markup or "</S" in markup:
        markup = _SCRIPT.sub(" ", markup)
    return " ".join(html.unescape(_TAG.sub(" ", markup)).split())


def _item(entry: Entry, number: int, content: Content, reading: Reading, shared: bool) -> NewItem:
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
    if body is None or _page_is_asked(entry, content, reading, shared):
        entry = _as_evidence(entry, body if reading.settings.entry_text == "better" else None)
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


def _as_evidence(entry: Entry, body: str | None) -> Entry:
    """What an entry takes along to its page: the full text if there is one to compare, else a summary."""
    if body is not None:
        summary = None if body == entry.summary else entry.summary
        return msgspec.structs.replace(entry, content=body, summary=summary)
    if entry.content is None:
        return entry
    return msgspec.structs.replace(entry, content=None, summary=entry.summary or entry.content)


def _page_is_asked(entry: Entry, content: Content, reading: Reading, shared: bool) -> bool:
    """Whether the page of an entry with its full text is fetched nevertheless."""
    wanted = reading.settings.entry_text
    if not entry.link or wanted == "entry":
        return False
    # A page that several entries name holds none of them alone; and what is at hand costs no network.
    return wanted == "page" or (content.url is not None and not shared)


def _key_inside(whole: str, entry: Entry) -> str:
    return f"{whole}#entry-{hashlib.sha256(entry.key.encode('utf-8', 'replace')).hexdigest()[:32]}"


def _words(text: str) -> int:
    return len(_WORD.findall(text)) + len(_UNSPACED.findall(text)) // 2
