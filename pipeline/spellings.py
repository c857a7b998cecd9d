"""What a person may mean by an address that was copied from somewhere: the other spellings of it.

`pipeline.urls.canonical` brings together what surely is one page. Here is what only probably is: good
enough to look something up, not to call two things one.
"""

from __future__ import annotations

import os
import re
from urllib.parse import parse_qs, urlsplit, urlunsplit

from pipeline import urls
from pipeline.errors import SourceError

#: an address without its scheme: a host whose last label has letters only, alone or with a path
_BARE = re.compile(r"(?:[^\W_](?:[\w-]*[^\W_])?\.)+[^\W\d_]{2,}(?::\d+)?(?P<path>[/?#]\S*)?")
#: last labels of file names, not of hosts
_FILES = frozenset((
    "csv", "doc", "docx", "gz", "htm", "html", "json", "jsonl", "md", "opml", "pdf", "rss", "text", "txt",
    "warc", "xhtml", "xml", "zip", "zst",
))  # fmt: skip

#: what people copy along with an address
_AROUND = "<>\"',;\u201c\u201d\u2018\u2019\u00ab\u00bb \t\n"
#: before a host: for the web, for phones
_LABELS = ("www.", "m.", "mobile.", "amp.")
#: parts of a path, and of what stands behind the question mark, that ask for the copy for phones
#: (amp.dev, "How AMP pages are cached", and the themes of WordPress and Drupal)
_AMP_PATH = re.compile(r"(?:^/amp/(?=.)|/amp/?$|\.amp(?=\.html$|$))")
_AMP_QUERY = re.compile(r"(?:amp(?:=(?:1|true)?)?|outputType=amp|view=amp)", re.I)
#: a page of Google's cache of such copies: ``/amp/s/``, ``/c/s/``, ``/v/s/`` and the address; s: https
_COPY = re.compile(r"/(?:amp|c|v)/(?P<secure>s/)?(?P<rest>[^/]+\.[^/]+/.*)")
#: pages that count a click and lead on
_CLICKS = frozenset((
    ("google.com", "/url"), ("l.facebook.com", "/l.php"), ("lm.facebook.com", "/l.php"),
    ("out.reddit.com", "/"), ("news.google.com", "/url"),
))  # fmt: skip


def address_in(text: str) -> str | None:
    """The address that a text is, in canonical form; None if it is something else.

    ``example.org/news/1`` is one: people copy addresses as browsers show them. So is one between brackets
    or quotes, and one that another carries: of a click that was counted, or of a copy for phones.
    """
    text = text.strip().removeprefix("view-source:").strip(_AROUND)
    if not urls.is_url(text):
        found = _BARE.fullmatch(text)
        if found is None or (not found["path"] and text.rpartition(".")[2].lower() in _FILES):
            return None
        text = f"https://{text}"
    try:
        return _carried(urls.canonical(text))
    except SourceError:
        return None


def _carried(address: str) -> str:
    """The address inside of one that only leads there; any other as it is. Raises SourceError."""
    parts = urlsplit(address)
    host = bare_host(parts.netloc)
    copy = (
        _COPY.fullmatch(parts.path) if host == "google.com" or host.endswith(".cdn.ampproject.org") else None
    )
    if copy is not None:
        return urls.canonical(f"http{(copy['secure'] and 's') or ''}://{copy['rest']}")
    if (host, parts.path) in _CLICKS:
        values = parse_qs(parts.query)
        for value in (one for name in ("url", "q", "u") for one in values.get(name, ())):
            if urls.is_url(value):
                return urls.canonical(value)
    return address


def bare_host(host: str) -> str:
    """A host without what stands before it for some readers only: ``www.``, ``m.``, ``amp.``."""
    for label in _LABELS:
        rest = host.removeprefix(label)
        if rest != host and "." in rest:
            return rest
    return host


def spellings(address: str) -> list[str]:
    """Canonical addresses that may be the same page, the most probable first; the first is itself.

    With the other scheme, with and without ``www.`` and a slash at the end, those of its copies for phones,
    in small letters, and at last without what stands behind the question mark. Raises SourceError
    (`bad_url`).
    """
    parts = urlsplit(urls.canonical(address))
    schemes = (parts.scheme, "http" if parts.scheme == "https" else "https")
    bare = bare_host(parts.netloc)
    hosts = dict.fromkeys((parts.netloc, bare, f"www.{bare}", f"m.{bare}"))
    path = _without_amp(parts.path)
    kept = "&".join(one for one in parts.query.split("&") if not _AMP_QUERY.fullmatch(one))
    paths = dict.fromkeys(
        (
            parts.path,
            *(one for said in dict.fromkeys((parts.path, path, path.lower())) for one in _ends(said)),
        )
    )
    queries = dict.fromkeys((parts.query, kept, ""))
    found = (
        urlunsplit((scheme, host, path, query, ""))
        for query in queries
        for path in paths
        for host in hosts
        for scheme in schemes
    )
    return list(dict.fromkeys(found))


def _ends(path: str) -> tuple[str, str]:
    return path.rstrip("/") or "/", path.rstrip("/") + "/"


def _without_amp(path: str) -> str:
    """The path of the article of which a path may be the copy for phones."""
    return (
        _AMP_PATH.sub(lambda found: "/" if found[0].endswith("/") and found.end() < len(path) else "", path)
        or "/"
    )


def keys_meant(text: str) -> list[str]:
    """The keys that a person may mean by a text: itself, and those of the address or the file it is."""
    text = text.strip()
    address = address_in(text)
    if address is not None:
        return list(dict.fromkeys([*spellings(address), text]))
    if "\0" in text or not text:
        return [text] if text else []
    return list(dict.fromkeys([text, urls.file_key(urls.file_path(os.path.expanduser(text)))]))


__all__ = ["address_in", "bare_host", "keys_meant", "spellings"]
