"""A broken feed made well-formed, as far as its tags show what was meant.

One pass over the text, linear in its length. Texts become escaped texts whatever is in them, so
that markup that somebody forgot to escape stays what it is: the entry's own markup.
"""

from __future__ import annotations

import html
import itertools
import re
from html.entities import html5
from xml.sax.saxutils import escape, quoteattr

_ROOT = re.compile(r"<(?:[A-Za-z][\w.-]*:)?(?:rss|feed|rdf|channel)[\s>]", re.I)
_TOKEN = re.compile(
    r"<!\[CDATA\[(?P<cdata>.*?)(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)|<\?.*?(?:\?>|\Z)|<![^>]*>?"
    r"|<(?P<end>/)?(?P<name>[A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?)"
    r"""(?P<attributes>(?:[^<>"']|"[^"<]*"|'[^'<]*')*+)>"""
    r"|(?P<text>[^<]+|<)",
    re.S,
)
_ATTRIBUTE = re.compile(r"""([A-Za-z_][\w.:-]*)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
_REFERENCE = re.compile(r"&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([A-Za-z]\w{0,30}));|&")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")

_TEXTS = {
    "title", "description", "summary", "content", "content:encoded", "encoded", "subtitle", "tagline",
    "rights",
    "copyright", "itunes:summary", "itunes:subtitle", "media:title", "media:description", "dc:description",
    "dc:title", "info",
}  # fmt: skip
#: Inside of a text, the end of these (or the beginning of an entry) shows that its end was forgotten.
_FRAMES = {"item", "entry", "channel", "feed", "rss", "rdf:rdf"}
_ENTRIES = {"item", "entry"}
_SPACES = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "feedburner": "http://rssnamespace.org/feedburner/ext/1.0",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "media": "http://search.yahoo.com/mrss/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "sy": "http://purl.org/rss/1.0/modules/syndication/",
}
_MOST_DEPTH = 100
#: what is behind so many tags and texts is left out: 100,000 entries have about half of it
_MOST_TOKENS = 2_500_000


def mended(text: str) -> tuple[bytes, int] | None:
    """Well-formed UTF-8 and the number of entries begun in it; None when there is no feed's root."""
    root = _ROOT.search(text)
    if root is None:
        return None
    mending = _Mending()
    for token in itertools.islice(_TOKEN.finditer(text, root.start()), _MOST_TOKENS):
        mending.take(token)
        if mending.done:
            break
    return mending.result(), mending.entries


class _Mending:
    """The well-formed text so far. The stack holds the names of the open elements."""

    def __init__(self) -> None:
        self._out: list[str] = []
        self._stack: list[str] = []
        self._root = ""
        self._prefixes: set[str] = set()
        self._declared: dict[str, str] = {}
        #: the text element that is open: everything in it is text
        self._text = ""
        self.entries = 0
        self.done = False

    def take(self, token: re.Match[str]) -> None:
        if (cdata := token["cdata"]) is not None:
            self._write(escape(_CONTROL.sub("", cdata)))
        elif (text := token["text"]) is not None:
            self._write(_clean(text))
        elif name := token["name"]:
            name = _bare(name)
            if token["end"]:
                self._end(name, token[0])
            else:
                self._start(name, token["attributes"], token[0])

    def result(self) -> bytes:
        while self._stack:
            self._close()
        spaces = {prefix: self._declared.get(prefix) or _SPACES.get(prefix) for prefix in self._prefixes}
        declared = "".join(
            f" xmlns:{prefix}={quoteattr(uri or f'urn:undeclared:{prefix}')}"
            for prefix, uri in spaces.items()
        )
        if default := self._declared.get(""):
            declared += f" xmlns={quoteattr(default)}"
        return f"{self._root}{declared}>{''.join(self._out)}".encode("utf-8", "replace")

    def _write(self, text: str) -> None:
        if self._stack:
            self._out.append(text)

    def _start(self, name: str, attributes: str, whole: str) -> None:
        lower = name.lower()
        if self._text:
            if lower not in _ENTRIES:
                self._write(_clean_markup(whole))
                return
            self._end_text()
        if lower in _ENTRIES:
            # An entry inside of an entry: the end of the one before was forgotten.
            while any(one in _ENTRIES for one in self._stack):
                self._close()
            self.entries += 1
        if len(self._stack) >= _MOST_DEPTH:
            return
        empty = attributes.endswith("/")
        given = self._attributes(attributes, escaped=lower in _TEXTS)
        self._prefixes |= {prefix for prefix, _, local in [name.partition(":")] if local and prefix != "xml"}
        if not self._stack:
            self._root = f"<{name}{given}"
        else:
            self._out.append(f"<{name}{given}{'/' if empty else ''}>")
        if not empty or not self._stack:
            self._stack.append(name if lower not in _ENTRIES else lower)
            if lower in _ENTRIES and name != lower:
                self._out[-1] = self._out[-1].replace(name, lower, 1)
            self._text = name if lower in _TEXTS else ""

    def _end(self, name: str, whole: str) -> None:
        if self._text:
            if name.lower() == self._text.lower():
                self._end_text()
                return
            if name.lower() not in _FRAMES:
                self._write(_clean_markup(whole))
                return
            self._end_text()
        lower = name.lower()
        if lower not in (one.lower() for one in self._stack):
            return
        while self._stack and self._stack[-1].lower() != lower:
            self._close()
        self._close()
        self.done = not self._stack

    def _end_text(self) -> None:
        while self._stack and self._stack[-1] != self._text:
            self._close()
        self._close()
        self._text = ""

    def _close(self) -> None:
        self._out.append(f"</{self._stack.pop()}>")

    def _attributes(self, text: str, escaped: bool) -> str:
        found: dict[str, str] = {}
        for name, *values in _ATTRIBUTE.findall(text):
            value = _CONTROL.sub("", html.unescape(next((one for one in values if one), "")))
            if name.startswith("xmlns"):
                self._declared.setdefault(name.partition(":")[2], value)
            elif escaped and name == "type" and value.lower().endswith(("xhtml", "xml")):
                # Markup is escaped from here on.
                found["type"] = "html"
            else:
                found.setdefault(_bare(name), value)
        self._prefixes |= {name.partition(":")[0] for name in found if ":" in name} - {"xml"}
        return "".join(f" {name}={quoteattr(value)}" for name, value in found.items())


def _bare(name: str) -> str:
    # "rss:item" and the like: a prefix for the format itself, which has no namespace.
    return name[4:] if name.lower().startswith("rss:") else name


def _clean(text: str) -> str:
    """Text with its references resolved once, escaped again."""
    return escape(_CONTROL.sub("", _REFERENCE.sub(_resolved, text)))


def _clean_markup(text: str) -> str:
    return escape(_CONTROL.sub("", text))


def _resolved(found: re.Match[str]) -> str:
    decimal, hexadecimal, name = found.groups()
    if decimal or hexadecimal:
        code = int(decimal) if decimal else int(hexadecimal, 16)
        return html.unescape(f"&#{code};") if code else ""
    if name is None:
        return "&"
    return html5.get(f"{name};", found[0])
