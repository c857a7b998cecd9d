"""Links of one page made absolute, for Markdown."""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

from pipeline.urls import absolute

_ELSEWHERE = re.compile(
    r"(?:#|javascript:|mailto:|data:|tel:|sms:|blob:|about:|file:|whatsapp:|viber:)", re.I
)
#: what would end a Markdown link's destination, or be taken for something else in it
_UNSAFE = re.compile(r"[\s()<>\\`|\x00-\x1f]")
#: Markdown reads character references in a destination, too (CommonMark 6.3)
_REFERENCE = re.compile(r"&(?=#?\w+;)")


class Addresses:
    """Resolves the links of a page. The usual forms take no parsing: a page may hold thousands."""

    def __init__(self, base: str | None) -> None:
        self._base = base
        self._origin = ""
        self._known: dict[str, str | None] = {}
        if base and base.startswith(("http://", "https://")):
            try:
                parts = urlsplit(base)
            except ValueError:
                self._base = None
            else:
                self._origin = f"{parts.scheme}://{parts.netloc}"

    def of(self, link: str) -> str | None:
        """The absolute address, escaped for Markdown; None for what leads to no other page."""
        if link not in self._known:
            self._known[link] = self._resolved(link.strip())
        return self._known[link]

    def _resolved(self, link: str) -> str | None:
        if link.startswith(("https://", "http://")):
            found: str | None = link if len(link) > len("https://") else None
        elif not link or _ELSEWHERE.match(link):
            return None
        elif link[0] == "/" and self._origin and not link.startswith("//") and "/." not in link:
            found = self._origin + link
        else:
            found = absolute(link, self._base)
        if found is None:
            return None
        if ";" in found:
            found = _REFERENCE.sub("&amp;", found)
        # White space inside an address is a line break of the page's source: browsers drop it or escape it.
        return _UNSAFE.sub(_escaped, found)


def _escaped(match: re.Match[str]) -> str:
    char = match[0]
    return "" if char in "\t\r\n" else quote(char)
