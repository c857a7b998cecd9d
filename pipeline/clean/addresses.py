"""Links of one page made absolute, for Markdown."""

from __future__ import annotations

from urllib.parse import urlsplit

from pipeline.urls import absolute


class Addresses:
    """Resolves the links of a page. The usual forms take no parsing: a page may hold thousands."""

    def __init__(self, base: str | None) -> None:
        self._base = base
        self._origin = ""
        if base and base.startswith(("http://", "https://")):
            parts = urlsplit(base)
            self._origin = f"{parts.scheme}://{parts.netloc}"

    def of(self, link: str) -> str | None:
        """The absolute address, escaped for Markdown; None for what leads to no other page."""
        link = link.strip()
        if not link or link.startswith(("#", "javascript:", "mailto:", "data:")):
            return None
        if link.startswith(("https://", "http://")):
            found: str | None = link
        elif link[0] == "/" and self._origin and not link.startswith("//") and "/." not in link:
            found = self._origin + link
        else:
            found = absolute(link, self._base)
        if found is None:
            return None
        return "".join(found.split()).replace("(", "%28").replace(")", "%29")
