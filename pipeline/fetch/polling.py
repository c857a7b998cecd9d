"""One poll of one feed: asked only for what changed since the last."""

from __future__ import annotations

from pipeline.errors import FetchError, SourceError
from pipeline.fetch.client import Client
from pipeline.model import Feed, Polled, Problem
from pipeline.settings import Settings
from pipeline.sources import read_feed


async def poll_feed(client: Client, feed: Feed, settings: Settings) -> Polled:
    """What the feed brought: its entries as items, nothing new (304), or a problem as a value.

    The validators in the result are those to send next time: verbatim as the server gave them,
    and only after a feed was understood. `gone` (410) means that it should not be asked again.
    """
    try:
        response = await client.get(
            feed.url, etag=feed.etag, last_modified=feed.last_modified, max_bytes=settings.max_feed_bytes
        )
        etag, last_modified = response.headers.get("etag"), response.headers.get("last-modified")
        if response.not_modified:
            return Polled(
                feed=feed.id,
                not_modified=True,
                title=feed.title,
                etag=etag or feed.etag,
                last_modified=last_modified or feed.last_modified,
            )
        content_type = response.headers.get("content-type")
        parsed, items = read_feed(response.body, response.final_url, content_type, settings, feed.url)
    except (FetchError, SourceError) as error:
        problem = Problem(
            code=error.code,
            message=error.message,
            retry_helps=error.retry_helps,
            retry_after=error.retry_after,
        )
        return Polled(
            feed=feed.id, problem=problem, etag=feed.etag, last_modified=feed.last_modified, title=feed.title
        )
    return Polled(
        feed=feed.id,
        title=parsed.title or feed.title,
        etag=etag,
        last_modified=last_modified,
        items=items,
    )
