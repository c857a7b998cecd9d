"""Further requests of one poll, and their bodies as feeds: each read once."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime

from pipeline import urls
from pipeline.fetch.client import Client, Response, Turn
from pipeline.model import NewItem, Value
from pipeline.settings import Settings
from pipeline.sources import read_feed
from pipeline.sources.entries import ParsedFeed

#: bounds the time of work; raises SourceError
Limit = Callable[[], AbstractContextManager[None]]


class Read(Value, frozen=True, kw_only=True):
    """A feed's body understood."""

    parsed: ParsedFeed
    items: list[NewItem]


class Asking:
    """How one poll asks for more than the feed's own address, and how it reads what comes."""

    def __init__(
        self,
        client: Client,
        settings: Settings,
        turn: Turn | None,
        *,
        source: str,
        limit: Limit = nullcontext,
    ) -> None:
        """``source``: what the items name as theirs. ``limit``: entered while a body is parsed."""
        self._limit = limit
        self._client, self._settings, self._turn, self._source = client, settings, turn, source
        #: network time of all requests made here (s)
        self.seconds = 0.0
        #: bytes of all bodies that came
        self.bytes = 0
        self.most_bytes = settings.max_feed_bytes

    async def get(self, url: str) -> Response:
        """Unconditional, with the feed's limits. Raises FetchError."""
        response = await self._client.get(url, max_bytes=self.most_bytes, turn=self._turn)
        self.seconds += response.seconds
        self.bytes += len(response.body)
        return response

    def read(self, response: Response) -> Read:
        """A body as a feed. Raises SourceError (`bad_feed`)."""
        content_type = response.headers.get("content-type")
        with self._limit():
            parsed, items = read_feed(
                response.body, response.final_url, content_type, self._settings, self._source
            )
        return Read(parsed=parsed, items=items)

    @staticmethod
    def name(url: str) -> str:
        """An address for people: printable, without its password."""
        return urls.printable(urls.without_password(url))


def unix_seconds(iso: str | None) -> float | None:
    """An ISO 8601 date as a feed gave it; without an offset, UTC is meant. None when it is no date."""
    try:
        found = datetime.fromisoformat(iso or "")
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None
