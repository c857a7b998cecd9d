"""What a person may mean by an address that was copied from somewhere: the other spellings of it.

`pipeline.urls.canonical` brings together what surely is one page. Here is what only probably is: good
enough to look something up, not to call two things one.
"""

from __future__ import annotations

import os
import re
from urllib.parse import urlsplit, urlunsplit

from pipeline import urls
from pipeline.errors import SourceError

#: an address without its scheme: a host whose last label has letters only, alone or with a path
_BARE = re.compile(r"(?:[^\W_](?:[\w-]*[^\W_])?\.)+[^\W\d_]{2,}(?::\d+)?(?P<path>[/?#]\S*)?")
#: last labels of file names, not of hosts
_FILES = frozenset((
    "csv", "doc", "docx", "gz", "htm", "html", "json", "jsonl", "md", "opml", "pdf", "rss", "text", "txt",
    "warc", "xhtml", "xml", "zip", "zst",
))  # fmt: skip


def address_in(text: str) -> str | None:
    """The address that a text is, in canonical form; None if it is something else.

    ``example.org/news/1`` is one: people copy addresses as browsers show them.
    """
    text = text.strip()
    if not urls.is_url(text):
        found = _BARE.fullmatch(text)
        if found is None or (not found["path"] and text.rpartition(".")[2].lower() in _FILES):
            return None
        text = f"https://{text}"
    try:
        return urls.canonical(text)
    except SourceError:
        return None


def spellings(address: str) -> list[str]:
    """Canonical addresses that may be the same page, the most probable first; the first is itself.

    With the other scheme, with and without ``www.`` and a slash at the end, and at last without what
    stands behind the question mark. Raises SourceError (`bad_url`).
    """
    parts = urlsplit(urls.canonical(address))
    schemes = (parts.scheme, "http" if parts.scheme == "https" else "https")
    bare = parts.netloc.removeprefix("www.")
    hosts = dict.fromkeys((parts.netloc, bare, f"www.{bare}"))
    paths = dict.fromkeys((parts.path, parts.path.rstrip("/") or "/", parts.path.rstrip("/") + "/"))
    queries = dict.fromkeys((parts.query, ""))
    found = (
        urlunsplit((scheme, host, path, query, ""))
        for query in queries
        for path in paths
        for host in hosts
        for scheme in schemes
    )
    return list(dict.fromkeys(found))


def keys_meant(text: str) -> list[str]:
    """The keys that a person may mean by a text: itself, and those of the address or the file it is."""
    text = text.strip()
    address = address_in(text)
    if address is not None:
        return list(dict.fromkeys([*spellings(address), text]))
    if "\0" in text or not text:
        return [text] if text else []
    return list(dict.fromkeys([text, urls.file_key(urls.file_path(os.path.expanduser(text)))]))


__all__ = ["address_in", "keys_meant", "spellings"]
