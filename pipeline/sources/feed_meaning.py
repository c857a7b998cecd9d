"""What a feed's XML means: from what it says (`RawFeed`) to entries. The one place for both parsers."""

from __future__ import annotations

import html
import re
from urllib.parse import urlsplit

import msgspec

from pipeline import urls
from pipeline.errors import SourceError
from pipeline.model import Entry
from pipeline.sources.entries import Identity, ParsedFeed, as_html, entry_keys, plain
from pipeline.sources.feed_dates import iso
from pipeline.sources.feed_hints import hints_of
from pipeline.sources.raw_feed import RawEntry, RawFeed

_MARKUP = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)(?:\s[^<>]*)?/?>")
_ENTITY = re.compile(r"&(?:#\d+|#x[0-9a-fA-F]+|[A-Za-z]\w{1,30});")
_PARAGRAPHS = re.compile(r"\n\s*\n")
#: an address, with a name behind it at best: what RSS 2.0 asks for
_ADDRESS = re.compile(r"[^\s@()<>]+@[^\s@()<>]+(?:\s*\(([^()]*)\))?")
_NAMED = re.compile(r"([^()<>@]+?)\s*[(<][^\s@()<>]+@[^\s@()<>]+[)>]")
#: what systems write where no author is known
_NOBODY = {"", "(hidden)", "hidden", "unknown", "none", "null", "n/a", "noreply", "no-reply", "-"}
#: elements that titles hold; any other name in angle brackets is meant as it stands: vector<int>
_TITLE_TAGS = {
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "blockquote", "br", "center", "cite", "code", "del",
    "div",
    "em", "figure", "font", "h1", "h2", "h3", "h4", "h5", "h6", "i", "img", "ins", "kbd", "li", "mark",
    "nobr",
    "ol", "p", "pre", "q", "s", "samp", "script", "small", "span", "strike", "strong", "style", "sub", "sup",
    "time", "tt", "u", "ul", "var", "wbr",
}  # fmt: skip


def parsed_feed(raw: RawFeed, url: str | None, warnings: list[str]) -> ParsedFeed:
    """The feed and its entries. Relative links are resolved against the feed's own link, else url."""
    link = urls.absolute(raw.link or "", url)
    title = _title(raw.title, raw.title_type)
    meaning = _Meaning(raw, title, link or url, url)
    found = [meaning.entry(one) for one in raw.entries]
    keys = entry_keys([identity for _, identity in found])
    entries = [msgspec.structs.replace(entry, key=key) for (entry, _), key in zip(found, keys, strict=True)]
    return ParsedFeed(
        title=title,
        link=link,
        language=raw.language or None,
        entries=entries,
        warnings=warnings,
        hints=hints_of(raw, url),
    )


class _Meaning:
    """What the entries of one feed have in common, and how each is read."""

    def __init__(self, raw: RawFeed, title: str | None, base: str | None, url: str | None) -> None:
        self._atom = raw.atom
        self._language = raw.language or None
        self._title = title
        self._base = base
        self._url = url
        self._authors = _names(raw.author, raw.people) if raw.atom else []
        self._host = urlsplit(base or "").hostname if base and urls.is_url(base) else None

    def entry(self, raw: RawEntry) -> tuple[Entry, Identity]:
        """The entry, still without its key, and what the key is made of."""
        link = self._link(raw)
        content = _content(raw, self._atom)
        summary = raw.summary or None
        if summary and (summary == content or any(summary == value for _, value, _ in raw.contents)):
            summary = None
        published, updated = iso(raw.published), iso(raw.updated)
        if published is None and not self._atom:
            # The one date of an RSS or RDF entry, dc:date as a rule, is that of publication.
            published, updated = updated, None
        title = _title(raw.title, raw.title_type)
        entry = Entry(
            key="",
            link=link,
            title=title,
            # RFC 4287, 4.2.1: an entry without authors has those of its feed.
            authors=_names(raw.author, raw.people) or self._authors,
            published=published,
            updated=updated,
            summary=summary,
            content=content,
            tags=list(dict.fromkeys(term for tag in raw.tags if (term := _tag(tag)))),
            language=_language(raw) or self._language,
            feed_title=self._title,
            feed_url=self._url,
        )
        return entry, Identity(raw.id, link, raw.title, published or updated, content or summary)

    def _link(self, raw: RawEntry) -> str | None:
        # FeedBurner puts its own address into the link and the article's beside it.
        for candidate in (raw.origin_link, raw.link, *raw.alternates):
            if candidate and (address := self._usable(candidate)):
                return address
        return self._usable(raw.id) if raw.id and urls.is_url(raw.id) else None

    def _usable(self, link: str) -> str | None:
        host = self._host
        if host and link.startswith(host) and link[len(host) : len(host) + 1] in ("", "/"):
            # The feed's own host without a scheme: no path, whatever the rules for relative links say.
            link = f"//{link}"
        address = urls.absolute(link, self._base)
        try:
            return address if address and urls.canonical(address) else None
        except SourceError:
            # The entry's other candidates come next; without any, the entry says so as an item.
            return None


def _content(raw: RawEntry, atom: bool) -> str | None:
    best = ""
    for kind, value, _ in raw.contents:
        # feedparser leaves base64 without a type as a stream of bytes, which it has decoded.
        if not kind.startswith("text/") and "xml" not in kind and kind != "application/octet-stream":
            continue
        if value and _is_text(value, kind, atom):
            value = as_html(value)
        elif value and not _MARKUP.search(value) and _PARAGRAPHS.search(value):
            value = "\n".join(
                f"<p>{piece.strip()}</p>" for piece in _PARAGRAPHS.split(value) if piece.strip()
            )
        if len(value) > len(best):
            best = value
    return best or None


def _is_text(value: str, kind: str, atom: bool) -> bool:
    # Only Atom's types can be relied on; elsewhere the text itself tells.
    return kind == "text/plain" if atom else not _MARKUP.search(value) and not _ENTITY.search(value)


def _title(text: str | None, kind: str | None) -> str | None:
    if not text:
        return None
    if (kind is None and _looks_like_markup(text)) or kind in ("text/html", "application/xhtml+xml"):
        return plain(text) or None
    # Half of all feeds escape twice: entities are resolved even where plain text is announced.
    return " ".join(html.unescape(text).split()) or None


def _looks_like_markup(text: str) -> bool:
    tags = _MARKUP.findall(text) if "<" in text else []
    return bool(tags) and all(name.lower() in _TITLE_TAGS for _, name in tags)


def _names(author: str | None, people: list[tuple[str | None, str | None]]) -> list[str]:
    author = (author or "").strip()
    # feedparser cuts an address up wrongly where its domain is a newer one.
    if address := _ADDRESS.fullmatch(author):
        found = [address[1] or ""]
    elif named := _NAMED.fullmatch(author):
        found = [name or "" for name, _ in people[:-1]] + [named[1]]
    else:
        found = [name for name, _ in people if name] or [author]
    names = (_name(one) for one in found)
    return list(dict.fromkeys(name for name in names if name))


def _name(text: str) -> str | None:
    name = " ".join(html.unescape(text).split())
    return None if name.lower() in _NOBODY or _ADDRESS.fullmatch(name) else name


def _tag(tag: tuple[str | None, str | None]) -> str | None:
    term, label = tag
    return (label or "").strip() or (term or "").strip() or None


def _language(raw: RawEntry) -> str | None:
    for _, _, language in raw.contents:
        if language and language.strip():
            return language.strip()
    return raw.language or None
