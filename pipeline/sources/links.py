"""Addresses: of an article, a feed, a list or a home page. Which one, shows when it is fetched."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline import urls
from pipeline.errors import SourceError
from pipeline.model import NewItem
from pipeline.sources.reading import Reading

#: the pseudo-scheme of subscription buttons: ``feed://host/…`` and ``feed:https://host/…``
_FEED_SCHEME = re.compile(r"^feed:(?://(?!/)|(?=https?:))", re.I)


def claims(ref: str) -> bool:
    return urls.is_url(_without_feed_scheme(ref))


def read(ref: str, reading: Reading) -> Iterator[NewItem]:
    """One item that is to be fetched, and then expanded if it proves to be more than a page."""
    yield link(ref, reading)


def key_of(ref: str) -> str:
    """The key of an address as a user types it. Raises SourceError (`bad_url`)."""
    return urls.canonical(_without_feed_scheme(ref))


def link(ref: str, reading: Reading) -> NewItem:
    """The item for an address; one with a problem (`bad_url`) if it is none."""
    url = _without_feed_scheme(ref)
    name = urls.printable(urls.without_password(url))
    try:
        key = key_of(url)
    except SourceError as error:
        return reading.refuse(name, name, error)
    return NewItem(key=key, name=name, source=reading.source, url=url, expand=True)


def _without_feed_scheme(ref: str) -> str:
    text = ref.strip()
    rest = _FEED_SCHEME.sub("", text)
    return rest if rest == text or urls.is_url(rest) else f"http://{rest}"
