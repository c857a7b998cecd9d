"""One item's page, had over HTTP."""

from __future__ import annotations

from pipeline.errors import FetchError
from pipeline.fetch.client import Client
from pipeline.model import Fetched, Item
from pipeline.sniff import sniff

#: the headers that later stages read
KEPT_HEADERS = ("content-type", "content-language", "last-modified", "etag", "link", "date")
_FEEDS = ("feed", "json_feed", "opml")


async def fetch_page(client: Client, item: Item) -> tuple[bytes, Fetched, str | None]:
    """The bytes of an item's page, how they were had, and their content type.

    A page may have ``max_page_bytes``; what may be expanded and proves to be a feed or a list,
    ``max_feed_bytes``. Raises FetchError, also with `empty` for a page of no bytes.
    """
    settings = client.settings
    if not item.url:
        raise FetchError(f"{item.name} has no address to fetch.", code="bad_url", retry_helps=False)
    most = max(settings.max_feed_bytes, settings.max_page_bytes) if item.expand else settings.max_page_bytes
    response = await client.get(item.url, max_bytes=most)
    body, content_type = response.body, response.headers.get("content-type")
    if not body.strip():
        raise FetchError(f"{item.name} answered with nothing.", code="empty", retry_helps=False)
    limit = settings.max_feed_bytes if sniff(body, content_type) in _FEEDS else settings.max_page_bytes
    if item.expand and len(body) > limit:
        raise FetchError(f"{item.name} is larger than {limit} bytes.", code="too_large", retry_helps=False)
    fetched = Fetched(
        final_url=response.final_url,
        status=response.status,
        headers={name: response.headers[name] for name in KEPT_HEADERS if name in response.headers},
        at=response.at,
        redirects=response.redirects,
    )
    return body, fetched, content_type
