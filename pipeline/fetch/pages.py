"""One item's page, had over HTTP."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.errors import FetchError
from pipeline.fetch.amp import canonical_of_amp
from pipeline.fetch.client import Client, Response, Turn
from pipeline.fetch.walls import not_the_page, wall
from pipeline.model import Fetched, Item
from pipeline.sniff import sniff

#: the headers that later stages read
KEPT_HEADERS = ("content-type", "content-language", "last-modified", "etag", "link", "date")
_FEEDS = ("feed", "json_feed", "opml")


async def fetch_page(
    client: Client, item: Item, *, turn: Turn | None = None, passed: list[str] | None = None
) -> tuple[bytes, Fetched, str | None]:
    """The bytes of an item's page, how they were had, and their content type.

    Redirects are followed, and one more step: from an AMP page to the page on the same site for
    which it stands; a canonical link is no reason to go anywhere else. Each is recorded among the
    redirects. Should the page behind the AMP page not be had, the AMP page is the item's page.

    ``turn`` and ``passed`` are as in `Client.get`: ``item.url`` may be a further step of a way that
    began at the first of ``passed``. A page may have ``max_page_bytes``; what may be expanded and
    proves to be a feed or a list, ``max_feed_bytes``. Raises FetchError; for answers that claim
    success also with `empty` (no bytes), `blocked`, `soft_404` and `consent`.
    """
    if not item.url:
        raise FetchError(f"{item.name} has no address to fetch.", code="bad_url", retry_helps=False)
    passed = [] if passed is None else passed
    request = _Request(client, item, passed[0] if passed else item.url, turn, passed)
    response = await request.page(item.url)
    target = canonical_of_amp(response.body, response.final_url)
    if target is not None and target not in passed:
        response = await request.behind(response, target)
    fetched = Fetched(
        final_url=response.final_url,
        status=response.status,
        headers={name: response.headers[name] for name in KEPT_HEADERS if name in response.headers},
        at=response.at,
        redirects=response.redirects,
    )
    return response.body, fetched, response.headers.get("content-type")


@dataclass(frozen=True)
class _Request:
    """What all requests for one item have in common."""

    client: Client
    item: Item
    #: the address at which the item's way began
    asked: str
    turn: Turn | None
    passed: list[str]

    async def page(self, url: str) -> Response:
        settings, item = self.client.settings, self.item
        most = settings.max_page_bytes
        if item.expand:
            most = max(settings.max_feed_bytes, most)
        response = await self.client.get(url, max_bytes=most, turn=self.turn, passed=self.passed)
        self._judge(response)
        return response

    async def behind(self, amp: Response, url: str) -> Response:
        """The page for which an AMP page stands, or the AMP page."""
        way = list(self.passed)
        self.passed.append(amp.final_url)
        try:
            return await self.page(url)
        except FetchError as error:
            if error.code == "throttled":
                raise
            # A shortened article is better than none.
            self.passed[:] = way
            return amp

    def _judge(self, response: Response) -> None:
        """Raises FetchError when what came is not the item's page."""
        item, body, url = self.item, response.body, response.final_url
        error = wall(url, response.status, response.headers, body)
        if error is not None:
            raise error
        if not body.strip():
            raise FetchError(f"{item.name} answered with nothing.", code="empty", retry_helps=False)
        kind = sniff(body, response.headers.get("content-type"))
        settings = self.client.settings
        limit = settings.max_feed_bytes if kind in _FEEDS else settings.max_page_bytes
        if item.expand and len(body) > limit:
            told = f"{item.name} is larger than {limit} bytes."
            raise FetchError(told, code="too_large", retry_helps=False)
        # The front page may be what a user meant: it names the site's feeds.
        alone = item.expand and item.entry is None
        error = not_the_page(self.asked, url, body, front_page_will_do=alone) if kind == "html" else None
        if error is not None:
            error.status = response.status
            raise error
