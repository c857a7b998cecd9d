"""One poll of one feed: asked only for what changed since the last.

GET, conditional --304--> not modified
                 --same bytes, or same entries--> unchanged
                 --feed--> its entries as items
                 --index of sitemaps--> the entries of those that changed (`sitemap_index`)
                 --page--> the feed that it names (`rediscovery`), or `bad_feed`
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from contextlib import nullcontext
from heapq import nlargest

import msgspec
from msgspec.structs import replace

from pipeline import sniff
from pipeline.errors import FetchError, PipelineError, SourceError
from pipeline.fetch import rediscovery, sitemap_index
from pipeline.fetch.answers import retry_after_seconds
from pipeline.fetch.client import Client, Response, Turn
from pipeline.fetch.reading import Asking, Limit, Read, unix_seconds
from pipeline.fetch.walls import LOOKED_AT, wall
from pipeline.model import Entry, Feed, Polled, Problem
from pipeline.packing import digest
from pipeline.settings import Settings
from pipeline.sources import sitemap
from pipeline.websub import announced

#: The whole feed is asked for without conditions so often (s): some servers answer 304 wrongly (Media
#: Cloud met feeds whose ETag stays while they change). Three days: no news is lost for longer than a
#: feed of a few entries a day holds it.
FULL_SECONDS = 3 * 86_400.0
#: publication times that are told, the newest ones: what the rhythm is made of
_PUBLISHED = 20


async def poll_feed(
    client: Client,
    feed: Feed,
    settings: Settings,
    *,
    turn: Turn | None = None,
    now: float | None = None,
    limit: Limit = nullcontext,
) -> Polled:
    """What the feed brought: its entries as items, word that nothing changed, or a problem.

    Validators are sent verbatim as the server gave them, except every few days (`FULL_SECONDS`);
    those in the result are this answer's, and mean nothing beside a problem. Every request passes
    through ``turn``. ``now``: Unix seconds; None: the clock's. Whatever the other side does becomes
    a problem; what ``turn`` raises goes through. ``limit`` is entered while a body is parsed, which is
    work of this process alone: a SourceError that it raises is a problem, too.
    """
    at = time.time() if now is None else now
    conditional = bool(feed.etag or feed.last_modified) and not _is_full_due(feed, at)
    asking = Asking(client, settings, turn, source=feed.url, limit=limit)
    try:
        response = await client.get(
            feed.url,
            etag=feed.etag if conditional else None,
            last_modified=feed.last_modified if conditional else None,
            max_bytes=settings.max_feed_bytes,
            turn=turn,
        )
    except FetchError as error:
        return await _refused(feed, error, asking, at)
    told = _told(feed, response, at, conditional)
    if response.not_modified:
        return told if conditional else replace(told, not_modified=False, problem=_unasked(feed))
    try:
        return await _read(feed, response, told, asking)
    except (FetchError, SourceError) as error:
        return replace(told, problem=_problem(error), etag=None, last_modified=None)


async def _read(feed: Feed, response: Response, told: Polled, asking: Asking) -> Polled:
    """What a 200 says. Raises FetchError, SourceError."""
    body, content_type = response.body, response.headers.get("content-type")
    body_digest = digest(body)
    if feed.body_digest == body_digest:
        return replace(told, unchanged=True, body_digest=body_digest)
    kind = sniff.sniff(body[: sniff.HEAD], content_type)
    if kind == "html":
        return await _page(feed, response, told, asking)
    if kind == "sitemap" and (named := sitemap.children(body, response.final_url)):
        return await _index(feed, response, told, named, asking)
    return _brought(feed, response, told, asking.read(response), body_digest)


async def _index(
    feed: Feed, response: Response, told: Polled, named: list[sitemap.Child], asking: Asking
) -> Polled:
    """An index of sitemaps. Raises FetchError, SourceError, when none of those it names can be read."""
    body_digest = digest(response.body)
    asked = sitemap_index.chosen(named, feed.last_success_at, told.at)
    if not asked:
        return replace(told, unchanged=True, body_digest=body_digest)
    followed = await sitemap_index.follow(asked, asking)
    told = replace(told, seconds=told.seconds + asking.seconds)
    if followed.is_whole and sitemap_index.tells_changes(named):
        return _brought(feed, response, told, followed.read, body_digest)
    # What is behind this answer may differ while the answer stays the same.
    told = replace(told, etag=None, last_modified=None)
    return _brought(feed, response, told, followed.read, None)


async def _page(feed: Feed, response: Response, told: Polled, asking: Asking) -> Polled:
    """A page where a feed was expected. Raises FetchError (`blocked`), SourceError (`bad_feed`)."""
    blocked = wall(response.final_url, response.status, response.headers, response.body[:LOOKED_AT])
    if blocked is not None:
        raise blocked
    if feed.last_success_at is not None:
        message = f"{asking.name(feed.url)} answered with a page (HTML), where it used to be a feed."
        raise SourceError(message, code="bad_feed", retry_helps=True)
    found = await rediscovery.feed_of_page(response, asking, guess=feed.errors == 0)
    there = _told(feed, found.response, told.at, conditional=False)
    there = replace(
        there,
        seconds=told.seconds + asking.seconds,
        moved_to=None,
        found=found.url,
        choices=found.choices,
    )
    return _brought(feed, found.response, there, found.read, digest(found.response.body))


def _brought(feed: Feed, response: Response, told: Polled, read: Read, body_digest: str | None) -> Polled:
    """What was read, with what the feed says of itself; without items where it says the same."""
    parsed = read.parsed
    entries_digest = _entries_digest(parsed.entries)
    hub = announced(response.headers, parsed.hints, response.final_url)
    unchanged = entries_digest == feed.entries_digest and feed.last_success_at is not None
    return replace(
        told,
        unchanged=unchanged,
        title=parsed.title,
        body_digest=body_digest,
        entries_digest=entries_digest,
        hints=replace(parsed.hints, hub=hub[0] if hub else None, topic=hub[1] if hub else None),
        published=_published(parsed.entries),
        warnings=parsed.warnings,
        items=[] if unchanged else read.items,
    )


def _told(feed: Feed, response: Response, at: float, conditional: bool) -> Polled:
    """What an answer says before it is read."""
    moved_to = response.final_url if response.permanent and response.redirects else None
    return Polled(
        feed=feed.id,
        at=at,
        seconds=response.seconds,
        status=response.status,
        not_modified=response.not_modified,
        conditional=conditional,
        etag=response.headers.get("etag"),
        last_modified=response.headers.get("last-modified"),
        fresh=response.fresh,
        retry_after=retry_after_seconds(response.headers.get("retry-after"), response.at),
        moved_to=moved_to,
    )


async def _refused(feed: Feed, error: FetchError, asking: Asking, at: float) -> Polled:
    failed = Polled(feed=feed.id, at=at, status=error.status, fresh=error.fresh, problem=_problem(error))
    if not rediscovery.is_called_for(feed, error.status):
        return failed
    choices = await rediscovery.other_feeds(feed, asking)
    if not choices:
        return failed
    message = f"{error.message} Its site names another feed: {asking.name(choices[0])}"
    return replace(failed, choices=choices, problem=replace(_problem(error), message=message))


def _problem(error: PipelineError) -> Problem:
    return Problem(
        code=error.code,
        message=error.message,
        retry_helps=error.retry_helps,
        retry_after=error.retry_after,
    )


def _unasked(feed: Feed) -> Problem:
    message = f"{feed.url} answered 304 (not modified), which nobody asked for."
    return Problem(code="protocol", message=message, retry_helps=True)


def _is_full_due(feed: Feed, now: float) -> bool:
    return feed.full_at is None or now - feed.full_at >= FULL_SECONDS


def _entries_digest(entries: list[Entry]) -> str:
    """Of all that the entries say, in their order: bytes around them change with every second."""
    try:
        return digest(msgspec.msgpack.encode(entries))
    except UnicodeEncodeError:
        # Half a surrogate pair, as broken JSON escapes give.
        return digest(repr(entries).encode())


def _published(entries: Iterable[Entry]) -> list[float]:
    moments = (unix_seconds(entry.published or entry.updated) for entry in entries)
    return nlargest(_PUBLISHED, (at for at in moments if at is not None))
